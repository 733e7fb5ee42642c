// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The devices of this network namespace; see links.h. */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nl/link.h"
#include "stats/links.h"

struct collect {
	struct pn_links *links;
	unsigned int room;
};

static struct pn_link_info *link_add(struct collect *c)
{
	struct pn_links *links = c->links;

	if (links->n == c->room) {
		unsigned int room = c->room ? 2 * c->room : 64;
		void *grown = realloc(links->link, room * sizeof(*links->link));

		if (!grown)
			return NULL;
		links->link = grown;
		c->room = room;
	}
	memset(&links->link[links->n], 0, sizeof(*links->link));
	return &links->link[links->n++];
}

static int link_collect(const struct nlmsghdr *nlh, void *data)
{
	struct pn_link_info *info;
	struct pn_nl_link l;

	if (pn_nl_link_parse(nlh, &l))
		return 0;
	info = link_add(data);
	if (!info)
		return -ENOMEM;
	info->ifindex = l.ifindex;
	info->master = l.master;
	info->mtu = l.mtu;
	info->flags = l.flags;
	snprintf(info->name, sizeof(info->name), "%s", l.name);
	snprintf(info->kind, sizeof(info->kind), "%s", l.kind ? l.kind : "");
	snprintf(info->master_kind, sizeof(info->master_kind), "%s",
		 l.slave_kind ? l.slave_kind : "");
	pn_tunnel_attrs_read(&info->tunnel, info->kind, l.info_data);
	return 0;
}

static int link_compare(const void *a, const void *b)
{
	const struct pn_link_info *x = a, *y = b;

	return x->ifindex < y->ifindex ? -1 : x->ifindex > y->ifindex;
}

int pn_links_read(struct pn_links *links, struct pn_err *err)
{
	struct collect c = { .links = links };
	struct pn_nl nl = { 0 };
	int tries = PN_NL_DUMP_TRIES;
	int ret;

	memset(links, 0, sizeof(*links));
	ret = pn_nl_open(&nl, NETLINK_ROUTE, err);
	if (ret)
		return ret;
	do {
		links->n = 0;
		ret = pn_nl_link_dump(&nl, AF_UNSPEC, RTEXT_FILTER_SKIP_STATS, link_collect, &c,
				      err);
	} while (ret == -EINTR && tries--);
	pn_nl_close(&nl);
	if (ret) {
		pn_links_free(links);
		return pn_err_set(err, PN_EXIT_KERNEL, -ret, "links", "cannot be read: %s",
				  strerror(-ret));
	}
	if (links->n)
		qsort(links->link, links->n, sizeof(*links->link), link_compare);
	return 0;
}

void pn_links_free(struct pn_links *links)
{
	free(links->link);
	memset(links, 0, sizeof(*links));
}

const struct pn_link_info *pn_links_find(const struct pn_links *links, uint32_t ifindex)
{
	const struct pn_link_info key = { .ifindex = ifindex };

	if (!links->n)
		return NULL;
	return bsearch(&key, links->link, links->n, sizeof(key), link_compare);
}

const char *pn_links_name(const struct pn_links *links, uint32_t ifindex)
{
	const struct pn_link_info *link = pn_links_find(links, ifindex);

	return link ? link->name : NULL;
}

const char *pn_links_bridge(const struct pn_links *links, uint32_t ifindex)
{
	const struct pn_link_info *link = pn_links_find(links, ifindex);

	if (!link || strcmp(link->master_kind, "bridge"))
		return NULL;
	return pn_links_name(links, link->master);
}
