// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A deleted link made again; see restore.h. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "link/encode.h"
#include "nl/netns.h"
#include "topo/restore.h"

/* What a link was, by rows. */
struct was {
	struct pn_sys_ns *ns;
	struct pn_sys_link *sys;
	const struct pn_kind *kind;
	struct pn_link_view view;
	struct pn_value *common, *data;
};

static struct pn_value *rows_decode(const struct was *w, const struct pn_rows *rows)
{
	struct pn_value *v = calloc(rows->n + 1, sizeof(*v));
	unsigned int i;

	for (i = 0; v && i < rows->n; i++)
		pn_row_decode(rows, &rows->row[i], &w->view, &w->ns->devs, &v[i]);
	return v;
}

static int was_init(struct was *w, struct pn_sys_ns *ns, struct pn_sys_link *sys)
{
	struct pn_value *lower;

	memset(w, 0, sizeof(*w));
	w->ns = ns;
	w->sys = sys;
	w->kind = pn_kind_find(sys->kind);
	if (!w->kind || pn_link_view(sys->msg, &w->view))
		return -EOPNOTSUPP;
	w->common = rows_decode(w, &pn_common_rows);
	w->data = rows_decode(w, &w->kind->data);
	if (!w->common || !w->data)
		return -ENOMEM;
	/* Of a pair or a tunnel, IFLA_LINK is no lower device to be asked for. */
	lower = (struct pn_value *)pn_kind_value(&pn_common_rows, w->common, "link");
	if (!(w->kind->flags & PN_KIND_LOWER))
		lower->set = false;
	return 0;
}

static void was_fini(struct was *w)
{
	free(w->common);
	free(w->data);
}

static int change(struct pn_sys_ns *ns, uint32_t ifindex, const struct pn_kind *kind,
		  const struct pn_rows *rows, const struct pn_row *row,
		  const struct pn_value *v)
{
	struct pn_msg m;
	int rc;

	rc = pn_link_change(&m, ifindex, kind, rows, row, v, &ns->devs);
	if (!rc)
		rc = pn_nl_talk(&ns->nl, &m, NULL);
	pn_msg_fini(&m);
	return rc;
}

static int slave_restore(struct pn_sys_ns *ns, struct pn_sys_link *port, bool late)
{
	struct pn_link_view view;
	const struct pn_kind *kind;
	struct pn_value v;
	unsigned int i;
	int rc = 0;

	if (pn_link_view(port->msg, &view))
		return 0;
	kind = pn_kind_find(view.slave_kind);
	for (i = 0; kind && i < kind->slave.n && !rc; i++) {
		const struct pn_row *row = &kind->slave.row[i];

		if (!!(row->flags & PN_ROW_LATE) != late || row->type == PN_T_DEV)
			continue;
		if (pn_row_decode(&kind->slave, row, &view, &ns->devs, &v))
			rc = change(ns, port->ifindex, kind, &kind->slave, row, &v);
	}
	/* The state follows carrier and STP; the rest was accepted before. */
	return late ? 0 : rc;
}

/* After the creating message: master, port options, addresses, flags. */
static int rest_restore(struct was *w)
{
	const struct pn_rows *rows = &pn_common_rows;
	struct pn_sys_addr *sa;
	unsigned int i;
	int rc = 0;

	for (i = 0; i < rows->n && !rc; i++) {
		if (!w->common[i].set || pn_link_creates_with(&rows->row[i]))
			continue;
		rc = change(w->ns, w->sys->ifindex, w->kind, rows, &rows->row[i],
			    &w->common[i]);
	}
	if (!rc)
		rc = slave_restore(w->ns, w->sys, false);
	for (sa = w->sys->addr; sa && !rc; sa = sa->next) {
		rc = pn_addr_talk(&w->ns->nl, w->sys->ifindex, &sa->a, true);
		if (rc == -EEXIST)
			rc = 0;	/* link-local, made by the kernel when it came up */
	}
	return rc;
}

/* Links that had the deleted one as master. */
static int ports_restore(struct was *w)
{
	const struct pn_row *row = pn_row_find(&pn_common_rows, "master");
	struct pn_value master = { .set = true, .str = w->sys->name };
	struct pn_sys_link *port, *tmp;
	struct pn_link_view view;
	int rc = 0;

	HASH_ITER(by_index, w->ns->by_index, port, tmp) {
		if (pn_link_view(port->msg, &view) ||
		    pn_attr_u32(view.link[IFLA_MASTER], 0) != w->sys->ifindex)
			continue;
		rc = change(w->ns, port->ifindex, NULL, &pn_common_rows, row, &master);
		if (!rc)
			rc = slave_restore(w->ns, port, false);
		if (rc)
			return rc;
	}
	return 0;
}

static int create(struct was *w, struct was *peer, int netns_fd)
{
	struct pn_link_make make = {
		.name = w->sys->name, .kind = w->kind, .common = w->common,
		.data = w->data, .devs = &w->ns->devs, .netns_fd = netns_fd,
	};
	struct pn_link_make other = { 0 };
	struct ifinfomsg *ifm;
	struct pn_msg m;
	int rc;

	if (peer->sys) {
		other.name = peer->sys->name;
		other.kind = peer->kind;
		other.common = peer->common;
		other.devs = &peer->ns->devs;
		make.peer = &other;
	}
	rc = pn_link_create(&m, &make);
	if (!rc) {
		ifm = mnl_nlmsg_get_payload(pn_msg_hdr(&m));
		ifm->ifi_index = w->sys->ifindex;
		rc = pn_nl_talk(&w->ns->nl, &m, NULL);
	}
	pn_msg_fini(&m);
	return rc;
}

static int pair_restore(struct pn_step *s, struct was *w, struct was *peer)
{
	int fd = -1;
	int rc;

	if (peer->sys && s->peer_ns != s->ns)
		fd = s->peer_ns->name ? pn_netns_open(s->peer_ns->name, NULL) :
					pn_netns_self();
	rc = create(w, peer, fd);
	if (fd >= 0)
		close(fd);
	if (!rc && peer->sys) {
		/* The kernel chose the index of this end. */
		struct pn_sys_link *now = pn_sys_link_ask(s->peer_ns, peer->sys->name);

		if (!now)
			return -ENODEV;
		peer->sys->ifindex = now->ifindex;
		rc = rest_restore(peer);
	}
	if (!rc)
		rc = rest_restore(w);
	/* Known again, for what is restored next and names it. */
	if (!rc && !pn_sys_link_ask(s->ns, w->sys->name))
		return -ENODEV;
	return rc ? rc : ports_restore(w);
}

int pn_link_restore(struct pn_step *s, struct pn_err *err)
{
	struct was w, peer = { 0 };
	int rc;

	rc = was_init(&w, s->ns, s->old);
	if (!rc && s->old_peer)
		rc = was_init(&peer, s->peer_ns, s->old_peer);
	if (!rc)
		rc = pair_restore(s, &w, &peer);
	if (rc)
		pn_err_set(err, PN_EXIT_KERNEL, -rc, s->id,
			   "cannot make the deleted link again: %s%s%s", strerror(-rc),
			   s->ns->nl.ack.text[0] ? ": kernel: " : "", s->ns->nl.ack.text);
	was_fini(&w);
	was_fini(&peer);
	return rc;
}
