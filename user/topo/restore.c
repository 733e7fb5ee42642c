// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A deleted link made again; see restore.h. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nl/netns.h"
#include "topo/hook.h"
#include "topo/restore.h"

/* What a link was, by rows. */
struct was {
	struct pn_sys_ns *ns;
	struct pn_sys_link *sys;
	const struct pn_kind *kind;
	struct pn_link_view view;
	struct pn_value *common, *data;
};

static struct pn_value *rows_read(const struct was *w, const struct pn_rows *rows)
{
	struct pn_value *v = calloc(rows->n + 1, sizeof(*v));
	unsigned int i;

	for (i = 0; v && i < rows->n; i++)
		pn_value_read(w->ns, w->sys, &w->view, w->kind, rows, &rows->row[i], &v[i]);
	return v;
}

/*
 * The creating message gets what is not the kernel's default: some kernels
 * refuse even a zero for what they were built without, some kinds the default
 * for what their mode has not.
 */
static void defaults_drop(const struct pn_rows *rows, struct pn_value *v)
{
	const struct pn_row *row;
	unsigned int i;
	bool drop;

	for (i = 0; i < rows->n; i++) {
		row = &rows->row[i];
		drop = row->def ? pn_row_is_default(row, &v[i]) :
		       !(row->flags & PN_ROW_FIXED) && pn_row_is_none(row, &v[i]);
		if (drop)
			v[i].set = false;
	}
}

static int was_init(struct was *w, struct pn_sys_ns *ns, struct pn_sys_link *sys)
{
	memset(w, 0, sizeof(*w));
	w->ns = ns;
	w->sys = sys;
	w->kind = pn_kind_find(sys->kind);
	if (!w->kind || pn_link_view(sys->msg, &w->view))
		return -EOPNOTSUPP;
	w->common = rows_read(w, &pn_common_rows);
	w->data = rows_read(w, &w->kind->data);
	if (!w->common || !w->data)
		return -ENOMEM;
	defaults_drop(&pn_common_rows, w->common);
	if (!(w->kind->flags & PN_KIND_WHOLE))
		defaults_drop(&w->kind->data, w->data);
	/* Of a pair or a tunnel, IFLA_LINK is no lower device to be asked for. */
	if (!(w->kind->flags & PN_KIND_LOWER))
		w->common[pn_row_find(&pn_common_rows, "link") - pn_common_rows.row].set = false;
	return 0;
}

static void was_fini(struct was *w)
{
	free(w->common);
	free(w->data);
}

static int change(struct pn_sys_ns *ns, struct pn_sys_link *link, const struct pn_kind *kind,
		  const struct pn_rows *rows, const struct pn_row *row,
		  const struct pn_value *v)
{
	const struct pn_hook_set set = {
		.id = link->name, .link = link, .kind = kind, .rows = rows, .row = row,
		.value = v,
	};
	struct pn_msg m;
	int rc;

	if (row->flags & PN_ROW_HOOK)
		return pn_hook_set(ns, &set, NULL);
	if (rows->place == PN_AT_DATA && (kind->flags & PN_KIND_WHOLE))
		return 0;	/* the creating message has said it all */
	rc = pn_link_change(&m, link->ifindex, kind, rows, row, v, &ns->devs);
	if (!rc)
		rc = pn_nl_talk(&ns->nl, &m, NULL);
	pn_msg_fini(&m);
	return rc;
}

static uint32_t master_of(const struct pn_sys_link *link)
{
	struct pn_link_view view;

	return link && !pn_link_view(link->msg, &view) ?
		pn_attr_u32(view.link[IFLA_MASTER], 0) : 0;
}

/* The row names a port, which is not there yet. */
static bool waits_for_port(const struct pn_sys_ns *ns, const struct pn_sys_link *now,
			   const struct pn_row *row, const struct pn_value *v)
{
	return (row->flags & PN_ROW_LAST) && v->str[0] &&
	       master_of(pn_sys_link(ns, v->str)) != now->ifindex;
}

/* Set what @was has and the link now has not. */
static int rows_settle(struct pn_sys_ns *ns, struct pn_sys_link *now,
		       struct pn_sys_link *was, const struct pn_kind *kind,
		       const struct pn_rows *rows)
{
	struct pn_link_view view, old;
	struct pn_value had, has;
	unsigned int i;
	int rc = pn_link_view(now->msg, &view);

	if (!rc)
		rc = pn_link_view(was->msg, &old);

	for (i = 0; i < rows->n && !rc; i++) {
		const struct pn_row *row = &rows->row[i];

		/* The port state follows carrier and STP. */
		if ((row->flags & PN_ROW_FIXED) ||
		    (rows->place == PN_AT_SLAVE && (row->flags & PN_ROW_LATE)) ||
		    !pn_value_read(ns, was, &old, kind, rows, row, &had) ||
		    waits_for_port(ns, now, row, &had))
			continue;
		if (!pn_value_read(ns, now, &view, kind, rows, row, &has) ||
		    !pn_row_equal(row, &had, &has))
			rc = change(ns, now, kind, rows, row, &had);
		/* Its partner may be still to come, and names it in turn. */
		if (row->flags & PN_ROW_LAST)
			rc = 0;
	}
	return rc;
}

/* The link as the kernel tells it now. */
static struct pn_sys_link *link_now(struct pn_sys_ns *ns, const char *name)
{
	struct pn_sys_link *known = pn_sys_link(ns, name);

	if (known)
		pn_sys_link_forget(ns, known);
	return pn_sys_link_ask(ns, name);
}

static int slave_settle(struct pn_sys_ns *ns, struct pn_sys_link *now,
			struct pn_sys_link *was)
{
	const struct pn_kind *kind;
	struct pn_link_view view;

	if (pn_link_view(was->msg, &view))
		return -ENODEV;
	kind = pn_kind_find(view.slave_kind);
	return kind ? rows_settle(ns, now, was, kind, &kind->slave) : 0;
}

int pn_data_restore(struct pn_sys_ns *ns, struct pn_sys_link *was, const struct pn_kind *kind)
{
	struct pn_sys_link *now = link_now(ns, was->name);

	return now ? rows_settle(ns, now, was, kind, &kind->data) : -ENODEV;
}

int pn_port_restore(struct pn_sys_ns *ns, struct pn_sys_link *was)
{
	struct pn_sys_link *now = link_now(ns, was->name);

	return now ? slave_settle(ns, now, was) : -ENODEV;
}

/* After the creating message: flags, master, addresses, port options. */
static int rest_restore(struct was *w)
{
	struct pn_sys_link *now = link_now(w->ns, w->sys->name);
	struct pn_sys_addr *sa;
	int rc;

	if (!now)
		return -ENODEV;
	rc = rows_settle(w->ns, now, w->sys, w->kind, &w->kind->data);
	if (!rc)
		rc = rows_settle(w->ns, now, w->sys, w->kind, &pn_common_rows);
	for (sa = w->sys->addr; sa && !rc; sa = sa->next) {
		rc = pn_addr_talk(&w->ns->nl, now->ifindex, &sa->a, PN_ADDR_ADD);
		if (rc == -EEXIST)
			rc = 0;	/* link-local, made by the kernel when it came up */
	}
	now = rc ? NULL : link_now(w->ns, w->sys->name);
	return now ? slave_settle(w->ns, now, w->sys) : rc;
}

static int port_back(struct was *w, struct pn_sys_link *port)
{
	const struct pn_row *row = pn_row_find(&pn_common_rows, "master");
	struct pn_value master = { .set = true, .str = w->sys->name };

	return change(w->ns, port, NULL, &pn_common_rows, row, &master);
}

/* Links that had the deleted one as master. Asked for anew, they change places in the index. */
static int ports_restore(struct was *w)
{
	struct pn_sys_link *port, *tmp, **ports;
	unsigned int n = 0, i;
	int rc = 0;

	ports = calloc(HASH_CNT(by_index, w->ns->by_index) + 1, sizeof(*ports));
	if (!ports)
		return -ENOMEM;
	HASH_ITER(by_index, w->ns->by_index, port, tmp) {
		if (master_of(port) == w->sys->ifindex)
			ports[n++] = port;
	}
	for (i = 0; i < n && !rc; i++)
		rc = port_back(w, ports[i]);
	/* Ports may name each other. */
	for (i = 0; i < n && !rc; i++)
		rc = pn_port_restore(w->ns, ports[i]);
	free(ports);
	/* Now it can be told which of them it uses. */
	return rc || !n ? rc : pn_data_restore(w->ns, w->sys, w->kind);
}

static int create(struct was *w, struct was *peer, int netns_fd)
{
	struct pn_link_make make = {
		.name = w->sys->name, .ifindex = w->sys->ifindex, .kind = w->kind,
		.common = w->common, .data = w->data, .devs = &w->ns->devs,
		.netns_fd = netns_fd,
	};
	struct pn_link_make other = { 0 };
	struct pn_msg m;
	int rc;

	if (peer->sys) {
		other.name = peer->sys->name;
		other.ifindex = peer->sys->ifindex;
		other.kind = peer->kind;
		other.common = peer->common;
		other.devs = &peer->ns->devs;
		make.peer = &other;
	}
	if (pn_hook_creates(w->kind))
		return pn_hook_create(w->ns, &make, w->sys->name, NULL);
	rc = pn_link_create(&m, &make);
	if (!rc)
		rc = pn_nl_talk(&w->ns->nl, &m, NULL);
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
	if (!rc && peer->sys)
		rc = rest_restore(peer);
	if (!rc)
		rc = rest_restore(w);
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
