// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Hooks of kinds, called where the link is; see hook.h. */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nl/link.h"
#include "link/hook_parent.h"
#include "nl/netns.h"
#include "topo/hook.h"

struct kept {
	struct kept *next;
	char data[];
};

/* What a hook told of one link, by row; and the memory that it refers to. */
struct pn_hook_values {
	struct kept *kept;
	struct pn_value v[];
};

/* One call of a hook. */
struct call {
	struct pn_kind_ctx h;
	struct pn_sys_ns *ns;
	struct pn_hook_values *values;	/* of read */
	int home;			/* -1: this is the namespace already */
};

void pn_hook_values_free(struct pn_hook_values *values)
{
	struct kept *k;

	while (values && (k = values->kept)) {
		values->kept = k->next;
		free(k);
	}
	free(values);
}

static char *call_keep(struct pn_kind_ctx *h, const void *data, size_t len)
{
	struct call *c = h->data;
	struct kept *k = c->values ? malloc(sizeof(*k) + len) : NULL;

	if (!k)
		return NULL;
	memcpy(k->data, data, len);
	k->next = c->values->kept;
	c->values->kept = k;
	return k->data;
}

static struct pn_nl *call_genl(struct pn_kind_ctx *h, struct pn_err *err)
{
	struct call *c = h->data;

	return pn_sys_genl(c->ns, err);
}

static int call_begin(struct call *c, struct pn_sys_ns *ns, const struct pn_kind *kind,
		      struct pn_err *err)
{
	int fd, rc;

	memset(c, 0, sizeof(*c));
	c->ns = ns;
	c->home = -1;
	c->h.kind = kind;
	c->h.devs = &ns->devs;
	c->h.nl = &ns->nl;
	c->h.genl = call_genl;
	c->h.keep = call_keep;
	c->h.data = c;
	if (!ns->name)
		return 0;
	fd = pn_netns_open(ns->name, err);
	if (fd < 0)
		return fd;
	rc = pn_netns_enter(fd, &c->home);
	close(fd);
	if (rc)
		pn_err_set(err, PN_EXIT_KERNEL, -rc, ns->name,
			   "cannot enter the network namespace: %s", strerror(-rc));
	return rc;
}

static void call_end(struct call *c)
{
	if (c->home >= 0)
		pn_netns_leave(c->home);
}

static void call_link(struct call *c, const struct pn_sys_link *link, const char *id)
{
	struct pn_link_view view;

	c->h.id = id ? id : link->name;
	c->h.name = link->name;
	c->h.ifindex = link->ifindex;
	if (!pn_link_view(link->msg, &view))
		c->h.master = pn_attr_u32(view.link[IFLA_MASTER], 0);
}

static int master_take(const struct nlmsghdr *nlh, void *data)
{
	struct pn_nl_link l;
	int rc = pn_nl_link_parse(nlh, &l);

	if (!rc)
		*(uint32_t *)data = l.master;
	return rc;
}

/* What is known of a port may be older than its master. */
static void master_ask(struct call *c)
{
	struct ifinfomsg ifm = { .ifi_index = c->h.ifindex };
	struct pn_msg m;

	pn_msg_init(&m, RTM_GETLINK, 0);
	pn_msg_extra(&m, &ifm, sizeof(ifm));
	pn_msg_put_u32(&m, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	pn_nl_get(c->h.nl, &m, master_take, &c->h.master, NULL);
	pn_msg_fini(&m);
}

bool pn_hook_creates(const struct pn_kind *kind)
{
	return kind && kind->ops && kind->ops->create;
}

bool pn_hook_removes(const struct pn_kind *kind)
{
	return kind && kind->ops && kind->ops->remove;
}

int pn_hook_create(struct pn_sys_ns *ns, const struct pn_link_make *make, const char *id,
		   struct pn_err *err)
{
	struct call c;
	int rc = call_begin(&c, ns, make->kind, err);

	if (rc)
		return rc;
	c.h.id = id;
	c.h.name = make->name;
	rc = make->kind->ops->create(&c.h, make, err);
	call_end(&c);
	if (rc)
		pn_err_set(err, PN_EXIT_KERNEL, -rc, id, "cannot create the %s: %s",
			   make->kind->name, strerror(-rc));
	return rc;
}

int pn_hook_remove(struct pn_sys_ns *ns, const struct pn_sys_link *link,
		   const struct pn_kind *kind, struct pn_err *err)
{
	struct call c;
	int rc = call_begin(&c, ns, kind, err);

	if (rc)
		return rc;
	call_link(&c, link, NULL);
	rc = kind->ops->remove(&c.h, err);
	call_end(&c);
	if (rc)
		pn_err_set(err, PN_EXIT_KERNEL, -rc, link->name, "cannot delete the link: %s",
			   strerror(-rc));
	return rc;
}

/* Rows of every link are no kind's. */
static const struct pn_kind_ops *ops_of(const struct pn_kind *kind, const struct pn_rows *rows)
{
	if (rows->place == PN_AT_LINK)
		return &pn_parent_ops;
	return kind ? kind->ops : NULL;
}

int pn_hook_set(struct pn_sys_ns *ns, const struct pn_hook_set *set, struct pn_err *err)
{
	struct call c;
	char text[300];
	int rc = call_begin(&c, ns, set->kind, err);

	if (rc)
		return rc;
	call_link(&c, set->link, set->id);
	if (set->rows->place == PN_AT_SLAVE)
		master_ask(&c);
	rc = ops_of(set->kind, set->rows)->set(&c.h, set->rows, set->row, set->value, err);
	call_end(&c);
	if (rc)
		pn_err_set(err, PN_EXIT_KERNEL, -rc, set->id, "cannot set %s to %s: %s",
			   set->row->name,
			   pn_row_format(set->row, set->value, text, sizeof(text)),
			   strerror(-rc));
	return rc;
}

/* All at once: a dump tells of many rows. What cannot be read is not told. */
static struct pn_hook_values *values_read(struct pn_sys_ns *ns, const struct pn_sys_link *link,
					  const struct pn_kind *kind,
					  const struct pn_rows *rows)
{
	struct pn_hook_values *values = calloc(1, sizeof(*values) +
					       rows->n * sizeof(values->v[0]));
	struct call c;

	if (!values || call_begin(&c, ns, kind, NULL))
		return values;
	c.values = values;
	call_link(&c, link, NULL);
	if (ops_of(kind, rows)->read(&c.h, rows, values->v))
		memset(values->v, 0, rows->n * sizeof(values->v[0]));
	call_end(&c);
	return values;
}

static bool is_hooked(const struct pn_kind *kind, const struct pn_rows *rows,
		      const struct pn_row *row)
{
	const struct pn_kind_ops *ops = ops_of(kind, rows);

	return (row->flags & PN_ROW_HOOK) && ops && ops->read;
}

static struct pn_hook_values **values_of(struct pn_sys_link *link, const struct pn_rows *rows)
{
	switch (rows->place) {
	case PN_AT_LINK:
		return &link->hook_link;
	case PN_AT_SLAVE:
		return &link->hook_slave;
	default:
		return &link->hook_data;
	}
}

bool pn_value_read(struct pn_sys_ns *ns, struct pn_sys_link *link,
		   const struct pn_link_view *view, const struct pn_kind *kind,
		   const struct pn_rows *rows, const struct pn_row *row, struct pn_value *v)
{
	struct pn_hook_values **values;

	if (!is_hooked(kind, rows, row))
		return pn_row_decode(rows, row, view, &ns->devs, v);
	memset(v, 0, sizeof(*v));
	/* Of most links it is known without asking. */
	if (rows->place == PN_AT_LINK && !pn_parent_there(view))
		return false;
	values = values_of(link, rows);
	if (!*values)
		*values = values_read(ns, link, kind, rows);
	if (*values)
		*v = (*values)->v[row - rows->row];
	return v->set;
}

static void rows_snapshot(struct pn_sys_ns *ns, struct pn_sys_link *link,
			  const struct pn_link_view *view, const struct pn_kind *kind,
			  const struct pn_rows *rows)
{
	struct pn_value v;
	unsigned int i;

	for (i = 0; i < rows->n; i++) {
		if (is_hooked(kind, rows, &rows->row[i])) {
			pn_value_read(ns, link, view, kind, rows, &rows->row[i], &v);
			return;
		}
	}
}

static void slave_snapshot(struct pn_sys_ns *ns, struct pn_sys_link *link)
{
	const struct pn_kind *kind;
	struct pn_link_view view;

	if (pn_link_view(link->msg, &view) || !view.slave_kind)
		return;
	kind = pn_kind_find(view.slave_kind);
	if (kind)
		rows_snapshot(ns, link, &view, kind, &kind->slave);
}

void pn_hook_snapshot(struct pn_sys_ns *ns, struct pn_sys_link *link)
{
	const struct pn_kind *kind = pn_kind_find(link->kind);
	struct pn_sys_link *port, *tmp;
	struct pn_link_view view;

	slave_snapshot(ns, link);
	if (pn_link_view(link->msg, &view))
		return;
	rows_snapshot(ns, link, &view, kind, &pn_common_rows);
	if (!kind || !kind->ops)
		return;
	rows_snapshot(ns, link, &view, kind, &kind->data);
	if (!kind->slave.n)
		return;
	HASH_ITER(by_index, ns->by_index, port, tmp) {
		if (!pn_link_view(port->msg, &view) &&
		    pn_attr_u32(view.link[IFLA_MASTER], 0) == link->ifindex)
			slave_snapshot(ns, port);
	}
}
