// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Running state of network namespaces; see sys.h. */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "link/kind.h"
#include "nl/addr.h"
#include "nl/link.h"
#include "nl/netns.h"
#include "topo/hook.h"

static void link_free(struct pn_sys_link *link)
{
	struct pn_sys_addr *a, *next;

	for (a = link->addr; a; a = next) {
		next = a->next;
		free(a);
	}
	pn_hook_values_free(link->hook_data);
	pn_hook_values_free(link->hook_slave);
	pn_hook_values_free(link->hook_link);
	free(link->msg);
	free(link);
}

void pn_sys_link_forget(struct pn_sys_ns *ns, struct pn_sys_link *link)
{
	HASH_DELETE(by_name, ns->by_name, link);
	HASH_DELETE(by_index, ns->by_index, link);
	link->next_gone = ns->gone;
	ns->gone = link;
}

static int link_add(const struct nlmsghdr *nlh, void *data)
{
	struct pn_sys_ns *ns = data;
	struct pn_sys_link *link, *old;
	const struct pn_kind *kind;
	struct pn_link_view view;
	struct pn_nl_link l;

	if (pn_nl_link_parse(nlh, &l) || pn_link_view(nlh, &view) || strlen(l.name) >= IFNAMSIZ)
		return 0;
	kind = pn_kind_of(&view);
	old = pn_sys_link(ns, l.name);
	if (old)
		pn_sys_link_forget(ns, old);
	link = calloc(1, sizeof(*link));
	if (link)
		link->msg = malloc(nlh->nlmsg_len);
	if (!link || !link->msg) {
		free(link);
		return -ENOMEM;
	}
	memcpy(link->msg, nlh, nlh->nlmsg_len);
	link->ifindex = l.ifindex;
	link->lower = l.link;
	link->elsewhere = l.netnsid >= 0;
	snprintf(link->name, sizeof(link->name), "%s", l.name);
	snprintf(link->kind, sizeof(link->kind), "%s", kind ? kind->name : l.kind ? l.kind : "");
	HASH_ADD(by_name, ns->by_name, name[0], strlen(link->name), link);
	HASH_ADD(by_index, ns->by_index, ifindex, sizeof(link->ifindex), link);
	return 0;
}

struct pn_sys_link *pn_sys_link_by_index(const struct pn_sys_ns *ns, uint32_t index)
{
	struct pn_sys_link *link;

	HASH_FIND(by_index, ns->by_index, &index, sizeof(index), link);
	return link;
}

struct pn_sys_addr *pn_sys_addr_new(const struct pn_nl_addr *told, const char *dev)
{
	struct pn_sys_addr *sa = calloc(1, sizeof(*sa));

	if (!sa)
		return NULL;
	sa->a.family = told->family;
	sa->a.prefixlen = told->prefixlen;
	sa->a.len = told->addr_len;
	memcpy(sa->a.bin, told->addr, told->addr_len);
	pn_addr_decode(told, dev, &sa->words);
	sa->a.words = sa->words.v;
	sa->flags = told->flags;
	sa->proto = told->proto;
	return sa;
}

static int addr_add(const struct nlmsghdr *nlh, void *data)
{
	struct pn_sys_addr *sa;
	struct pn_sys_link *link;
	struct pn_nl_addr a;

	if (pn_nl_addr_parse(nlh, &a))
		return 0;
	link = pn_sys_link_by_index(data, a.ifindex);
	if (!link)
		return 0;
	sa = pn_sys_addr_new(&a, link->name);
	if (!sa)
		return -ENOMEM;
	if (!link->addr_end)
		link->addr_end = &link->addr;
	*link->addr_end = sa;
	link->addr_end = &sa->next;
	return 0;
}

static void ns_clear(struct pn_sys_ns *ns)
{
	struct pn_sys_link *link, *tmp;

	HASH_ITER(by_index, ns->by_index, link, tmp)
		pn_sys_link_forget(ns, link);
}

/* A dump that the kernel interrupted is thrown away and done again. */
static int ns_read(struct pn_sys_ns *ns, struct pn_err *err)
{
	int tries = PN_NL_DUMP_TRIES;
	int rc;

	do {
		ns_clear(ns);
		rc = pn_nl_link_dump(&ns->nl, AF_UNSPEC, RTEXT_FILTER_SKIP_STATS,
				     link_add, ns, err);
		if (!rc)
			rc = pn_nl_addr_dump(&ns->nl, AF_UNSPEC, addr_add, ns, err);
	} while (rc == -EINTR && --tries);
	if (rc)
		pn_err_set(err, PN_EXIT_KERNEL, -rc, ns->name ? ns->name : "links",
			   "cannot read links and addresses: %s", strerror(-rc));
	return rc;
}

int pn_sys_ns_open(struct pn_sys_ns *ns, struct pn_err *err)
{
	int fd = -1;
	int rc;

	if (ns->name) {
		fd = pn_netns_open(ns->name, err);
		if (fd < 0)
			return fd;
	}
	rc = pn_nl_open_in(&ns->nl, fd, NETLINK_ROUTE, err);
	if (fd >= 0)
		close(fd);
	if (rc)
		return rc;
	ns->exists = true;
	return ns_read(ns, err);
}

struct pn_nl *pn_sys_genl(struct pn_sys_ns *ns, struct pn_err *err)
{
	int fd = -1;
	int rc;

	if (ns->genl.sock)
		return &ns->genl;
	if (ns->name) {
		fd = pn_netns_open(ns->name, err);
		if (fd < 0)
			return NULL;
	}
	rc = pn_nl_open_in(&ns->genl, fd, NETLINK_GENERIC, err);
	if (fd >= 0)
		close(fd);
	return rc ? NULL : &ns->genl;
}

void pn_sys_ns_close(struct pn_sys_ns *ns)
{
	ns_clear(ns);
	if (ns->exists)
		pn_nl_close(&ns->nl);
	pn_nl_close(&ns->genl);
	ns->exists = false;
}

static int devs_index(void *data, const char *name)
{
	struct pn_sys_link *link = pn_sys_link_ask(data, name);

	return link ? (int)link->ifindex : -ENODEV;
}

static const char *devs_name(void *data, uint32_t index)
{
	struct pn_sys_link *link = pn_sys_link_by_index(data, index);

	return link ? link->name : NULL;
}

static bool same_name(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

struct pn_sys_ns *pn_sys_ns(struct pn_sys *sys, const char *name, struct pn_err *err)
{
	struct pn_sys_ns *ns;

	for (ns = sys->ns; ns; ns = ns->next) {
		if (same_name(ns->name, name))
			return ns;
	}
	ns = calloc(1, sizeof(*ns));
	if (!ns) {
		pn_err_memory(err, name);
		return NULL;
	}
	if (name) {
		ns->name = strdup(name);
		if (!ns->name) {
			free(ns);
			pn_err_memory(err, name);
			return NULL;
		}
	}
	ns->devs.index = devs_index;
	ns->devs.name = devs_name;
	ns->devs.data = ns;
	ns->next = sys->ns;
	sys->ns = ns;
	if (name && !pn_netns_exists(name))
		return ns;
	return pn_sys_ns_open(ns, err) ? NULL : ns;
}

void pn_sys_fini(struct pn_sys *sys)
{
	struct pn_sys_link *link;
	struct pn_sys_ns *ns;

	while (sys->ns) {
		ns = sys->ns;
		sys->ns = ns->next;
		pn_sys_ns_close(ns);
		pn_objects_forget(ns);
		while ((link = ns->gone)) {
			ns->gone = link->next_gone;
			link_free(link);
		}
		free(ns->name);
		free(ns);
	}
}

struct pn_sys_link *pn_sys_link(const struct pn_sys_ns *ns, const char *name)
{
	struct pn_sys_link *link;

	HASH_FIND(by_name, ns->by_name, name, strlen(name), link);
	return link;
}

struct pn_sys_link *pn_sys_link_ask(struct pn_sys_ns *ns, const char *name)
{
	struct pn_sys_link *link = pn_sys_link(ns, name);
	struct ifinfomsg ifm = { 0 };
	struct pn_msg m;

	if (link || !ns->exists)
		return link;
	pn_msg_init(&m, RTM_GETLINK, 0);
	pn_msg_extra(&m, &ifm, sizeof(ifm));
	pn_msg_put_str(&m, IFLA_IFNAME, name);
	pn_msg_put_u32(&m, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	pn_nl_get(&ns->nl, &m, link_add, ns, NULL);
	pn_msg_fini(&m);
	return pn_sys_link(ns, name);
}

const struct pn_sys_addr *pn_sys_addr(const struct pn_sys_link *link,
				      const struct pn_topo_addr *a)
{
	const struct pn_sys_addr *sa, *best = NULL;

	for (sa = link->addr; sa; sa = sa->next) {
		if (sa->a.family != a->family || sa->a.prefixlen != a->prefixlen ||
		    memcmp(sa->a.bin, a->bin, a->len))
			continue;
		if (!best || !pn_addr_differs(a, &sa->a, link->name))
			best = sa;
	}
	return best;
}

uint64_t pn_sys_writes(const struct pn_sys *sys)
{
	const struct pn_sys_ns *ns;
	uint64_t n = 0;

	for (ns = sys->ns; ns; ns = ns->next)
		n += ns->nl.writes + ns->genl.writes;
	return n;
}
