// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Steps of a plan, done and undone. Each is one message to the kernel (or one
 * namespace), so that what failed has a name and what was done has an inverse.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "nl/netns.h"
#include "topo/hook.h"
#include "topo/link_refused.h"
#include "topo/object_plan.h"
#include "topo/restore.h"
#include "topo/step.h"

static int index_of(struct pn_step *s, struct pn_err *err)
{
	struct pn_sys_link *link = pn_sys_link_ask(s->ns, s->name);

	if (link)
		return link->ifindex;
	return pn_err_set(err, PN_EXIT_KERNEL, ENODEV, s->id, "the device has vanished");
}

static int netns_add(struct pn_plan *plan, struct pn_step *s, struct pn_err *err)
{
	int rc;

	plan->other_writes++;
	rc = pn_netns_create(s->ns->name, err);
	if (!rc)
		rc = pn_sys_ns_open(s->ns, err);
	if (rc && s->ns->exists) {
		pn_sys_ns_close(s->ns);
		pn_netns_delete(s->ns->name, NULL);
	}
	return rc;
}

static int netns_del(struct pn_plan *plan, struct pn_step *s, struct pn_err *err)
{
	plan->other_writes++;
	pn_sys_ns_close(s->ns);
	return pn_netns_delete(s->ns->name, err);
}

/* A descriptor of the peer's namespace, where it is another one; -1: the same. */
static int peer_netns(struct pn_step *s, struct pn_err *err)
{
	if (!s->peer_ns || s->peer_ns == s->ns)
		return -1;
	if (s->peer_ns->name)
		return pn_netns_open(s->peer_ns->name, err);
	return pn_netns_self();
}

static int link_add_hooked(struct pn_plan *plan, struct pn_step *s,
			   const struct pn_link_make *make, struct pn_err *err)
{
	uint64_t writes = pn_sys_writes(&plan->sys);
	int rc = pn_hook_create(s->ns, make, s->id, err);

	plan->other_writes += pn_sys_writes(&plan->sys) == writes;
	if (rc)
		pn_step_place(plan, err, s->link->line, s->link->column);
	return rc;
}

static int link_add(struct pn_plan *plan, struct pn_step *s, struct pn_err *err)
{
	const struct pn_topo_link *peer = s->link->peer;
	struct pn_link_make make = {
		.name = s->name, .kind = s->kind, .common = s->link->common,
		.data = s->link->data, .devs = &s->ns->devs,
	};
	struct pn_link_make other = { 0 };
	struct pn_msg m;
	int rc;

	if (pn_hook_creates(s->kind))
		return link_add_hooked(plan, s, &make, err);
	make.netns_fd = peer_netns(s, err);
	if (make.netns_fd < -1)
		return make.netns_fd;
	if (peer) {
		other.name = peer->name;
		other.kind = peer->kind;
		other.common = peer->common;
		other.devs = &s->peer_ns->devs;
		make.peer = &other;
	}
	rc = pn_link_create(&m, &make);
	if (!rc && pn_nl_talk(&s->ns->nl, &m, NULL))
		rc = pn_link_add_refused(plan, s, &m, err);
	else if (rc)
		pn_err_set(err, PN_EXIT_KERNEL, -rc, s->id, "cannot create the %s: %s",
			   s->kind->name, strerror(-rc));
	pn_msg_fini(&m);
	if (make.netns_fd >= 0)
		close(make.netns_fd);
	return rc;
}

static int link_gone(struct pn_plan *plan, struct pn_sys_ns *ns, struct pn_sys_link *link,
		     struct pn_err *err)
{
	const struct pn_kind *kind = pn_kind_find(link->kind);
	struct pn_msg m;
	int rc;

	if (pn_hook_removes(kind)) {
		plan->other_writes++;
		rc = pn_hook_remove(ns, link, kind, err);
		if (!rc)
			pn_sys_link_forget(ns, link);
		return rc;
	}
	rc = pn_link_delete(&m, link->ifindex);
	if (!rc)
		rc = pn_nl_talk(&ns->nl, &m, NULL);
	if (rc)
		rc = pn_nl_refused(&ns->nl, err, link->name, "cannot delete the link");
	else
		pn_sys_link_forget(ns, link);
	pn_msg_fini(&m);
	return rc;
}

static int link_del(struct pn_plan *plan, struct pn_step *s, struct pn_err *err)
{
	int rc;

	pn_hook_snapshot(s->ns, s->old);
	if (s->old_peer)
		pn_hook_snapshot(s->peer_ns, s->old_peer);
	rc = link_gone(plan, s->ns, s->old, err);
	if (!rc && s->old_peer && s->peer_ns->exists)
		pn_sys_link_forget(s->peer_ns, s->old_peer);
	return rc;
}

static int link_add_undo(struct pn_plan *plan, struct pn_step *s, struct pn_err *err)
{
	struct pn_sys_link *link = pn_sys_link_ask(s->ns, s->name);
	struct pn_sys_link *peer = NULL;
	int rc;

	if (!link)
		return 0;
	if (s->peer_ns && s->peer_ns->exists)
		peer = pn_sys_link(s->peer_ns, s->link->peer->name);
	rc = link_gone(plan, s->ns, link, err);
	if (!rc && peer)
		pn_sys_link_forget(s->peer_ns, peer);
	return rc;
}

/* "any" in the family of the address that it replaces; lists know what they replace. */
static struct pn_value any_of(const struct pn_step *s, const struct pn_value *v)
{
	const struct pn_value *other = v == s->want ? &s->had : s->want;
	struct pn_value any = *v;

	if (s->row->type == PN_T_IP && !v->len && other->set) {
		memset(any.bin, 0, sizeof(any.bin));
		any.len = other->len;
	}
	any.was = other->set ? other : NULL;
	return any;
}

static int attr_set_hooked(struct pn_plan *plan, struct pn_step *s, const struct pn_value *v,
			   struct pn_err *err)
{
	const struct pn_hook_set set = {
		.id = s->id, .link = pn_sys_link_ask(s->ns, s->name), .kind = s->kind,
		.rows = s->rows, .row = s->row, .value = v,
	};
	uint64_t writes = pn_sys_writes(&plan->sys);
	int rc = set.link ? pn_hook_set(s->ns, &set, err) : index_of(s, err);

	plan->other_writes += pn_sys_writes(&plan->sys) == writes;
	if (rc)
		pn_step_place(plan, err, v->line, v->column);
	return rc;
}

static bool is_whole(const struct pn_step *s)
{
	return s->was && s->rows->place == PN_AT_DATA && (s->kind->flags & PN_KIND_WHOLE);
}

static int whole_talk(struct pn_step *s, int index, const struct pn_link_whole *whole)
{
	struct pn_msg m;
	int rc = pn_link_change_whole(&m, index, whole);

	if (!rc)
		rc = pn_nl_talk(&s->ns->nl, &m, NULL);
	pn_msg_fini(&m);
	return rc;
}

/*
 * Every step of such a link says the same, all that the file wants; undone,
 * all that there was. Undoing holds what doing held.
 */
static int whole_set(struct pn_step *s, bool want, int index)
{
	struct pn_link_view view;
	struct pn_link_whole whole = {
		.kind = s->kind, .view = &view, .devs = &s->ns->devs, .want = s->link->data,
	};
	int rc = pn_link_view(s->was->msg, &view);

	whole.hold = !rc && pn_link_whole_needs_hold(&whole);
	if (whole.hold)
		rc = whole_talk(s, index, &whole);
	whole.hold = false;
	whole.want = want ? s->link->data : NULL;
	return rc ? rc : whole_talk(s, index, &whole);
}

static int value_talk(struct pn_step *s, const struct pn_value *v, int index)
{
	struct pn_msg m;
	int rc;

	rc = pn_link_change(&m, index, s->kind, s->rows, s->row, v, &s->ns->devs);
	if (!rc)
		rc = pn_nl_talk(&s->ns->nl, &m, NULL);
	pn_msg_fini(&m);
	return rc;
}

static int attr_set(struct pn_plan *plan, struct pn_step *s, const struct pn_value *v,
		    struct pn_err *err)
{
	const struct pn_value sent = any_of(s, v);
	char text[300];
	int rc, index = index_of(s, err);

	if (index < 0)
		return index;
	if (s->row->flags & PN_ROW_HOOK)
		return attr_set_hooked(plan, s, &sent, err);
	rc = is_whole(s) ? whole_set(s, v == s->want, index) : value_talk(s, &sent, index);
	if (rc && rc == s->ns->nl.ack.err)
		pn_attr_set_refused(s, v, err);
	else if (rc)
		pn_err_set(err, PN_EXIT_KERNEL, -rc, s->id, "cannot set %s to %s: %s",
			   s->row->name, pn_row_format(s->row, v, text, sizeof(text)),
			   strerror(-rc));
	if (rc)
		pn_step_place(plan, err, v->line, v->column);
	return rc;
}

static int addr_do(struct pn_plan *plan, struct pn_step *s, struct pn_err *err)
{
	int index = index_of(s, err);

	return index < 0 ? index : pn_addr_step_do(plan, s, index, err);
}

static int addr_undo(struct pn_plan *plan, struct pn_step *s, struct pn_err *err)
{
	int index = s->fresh ? 0 : index_of(s, err);

	return index <= 0 ? index : pn_addr_step_undo(plan, s, index, err);
}

int pn_step_do(struct pn_plan *plan, struct pn_step *s, struct pn_err *err)
{
	int rc;

	switch (s->op) {
	case PN_STEP_NETNS_ADD:
		rc = netns_add(plan, s, err);
		break;
	case PN_STEP_LINK_ADD:
		rc = link_add(plan, s, err);
		break;
	case PN_STEP_ATTR:
		rc = attr_set(plan, s, s->want, err);
		break;
	case PN_STEP_ADDR_ADD:
	case PN_STEP_ADDR_SET:
	case PN_STEP_ADDR_DEL:
		rc = addr_do(plan, s, err);
		break;
	case PN_STEP_OBJECT_ADD:
	case PN_STEP_OBJECT_SET:
	case PN_STEP_OBJECT_DEL:
		rc = pn_object_step_do(plan, s, err);
		break;
	case PN_STEP_LINK_DEL:
		rc = link_del(plan, s, err);
		break;
	default:
		rc = netns_del(plan, s, err);
	}
	s->done = !rc;
	return rc;
}

/*
 * What hung on a device that the plan deletes cannot be put back before the
 * device is: the undoing of the deletion does it.
 */
static int attr_undo(struct pn_plan *plan, struct pn_step *s, struct pn_err *err)
{
	int rc;

	if (s->fresh || !s->had.set)
		return 0;
	if (s->row->type == PN_T_DEV && s->had.str[0] && !pn_sys_link_ask(s->ns, s->had.str))
		return 0;
	rc = attr_set(plan, s, &s->had, err);
	if (!rc && s->rows->place == PN_AT_LINK && s->row->attr == IFLA_MASTER)
		rc = pn_port_restore(s->ns, s->was);
	else if (!rc && s->rows->place == PN_AT_DATA)
		rc = pn_data_restore(s->ns, s->was, s->kind);
	else
		return rc;
	if (rc)
		pn_err_set(err, PN_EXIT_KERNEL, -rc, s->id, "cannot set the %s back: %s",
			   s->rows->place == PN_AT_LINK ? "port options" : "attributes",
			   strerror(-rc));
	return rc;
}

int pn_step_undo(struct pn_plan *plan, struct pn_step *s, struct pn_err *err)
{
	if (!s->done)
		return 0;
	s->done = false;
	switch (s->op) {
	case PN_STEP_NETNS_ADD:
		return netns_del(plan, s, err);
	case PN_STEP_LINK_ADD:
		return link_add_undo(plan, s, err);
	case PN_STEP_ATTR:
		return attr_undo(plan, s, err);
	case PN_STEP_ADDR_ADD:
	case PN_STEP_ADDR_SET:
	case PN_STEP_ADDR_DEL:
		return addr_undo(plan, s, err);
	case PN_STEP_OBJECT_ADD:
	case PN_STEP_OBJECT_SET:
	case PN_STEP_OBJECT_DEL:
		return pn_object_step_undo(plan, s, err);
	case PN_STEP_LINK_DEL:
		return pn_link_restore(s, err);
	default:
		return netns_add(plan, s, err);
	}
}
