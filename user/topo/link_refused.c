// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the kernel says no to, with the way out; see link_refused.h. */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "link/encode.h"
#include "topo/link_refused.h"

void pn_step_place(const struct pn_plan *plan, struct pn_err *err, unsigned int line,
		   unsigned int column)
{
	if (line && plan->topo)
		pn_err_place(err, pn_topo_file(plan->topo), line, column);
}

/* A link of those kinds that take over what @lower receives, as VLANs do not; or NULL. */
static const struct pn_sys_link *carried(const struct pn_sys_ns *ns,
					 const struct pn_sys_link *lower)
{
	const struct pn_sys_link *link, *tmp;
	const struct pn_kind *kind;

	HASH_ITER(by_index, ns->by_index, link, tmp) {
		kind = pn_kind_find(link->kind);
		if (kind && (kind->flags & PN_KIND_LOWER) && strcmp(kind->name, "vlan") &&
		    link->lower == lower->ifindex && !link->elsewhere)
			return link;
	}
	return NULL;
}

/* Only one can have what a device receives, and the kernel does not say who has it. */
static void lower_hint(const struct pn_step *s, struct pn_err *err)
{
	const struct pn_value *v = pn_kind_value(&pn_common_rows, s->link->common, "link");
	const struct pn_sys_link *lower = v && v->set ? pn_sys_link(s->ns, v->str) : NULL;
	const struct pn_sys_link *other;
	struct pn_link_view view;

	if (!lower || pn_link_view(lower->msg, &view))
		return;
	other = pn_sys_link_by_index(s->ns, pn_attr_u32(view.link[IFLA_MASTER], 0));
	if (other) {
		pn_err_hint(err, "%s is a port of %s, and no port carries %s devices: give link: "
			    "%s", lower->name, other->name, s->kind->name, other->name);
		return;
	}
	other = carried(s->ns, lower);
	if (other)
		pn_err_hint(err, "%s carries devices of another kind already, such as %s, a %s "
			    "device", lower->name, other->name, other->kind);
}

static void port_hint(const struct pn_step *s, const struct pn_value *v, struct pn_err *err)
{
	const struct pn_sys_link *port = pn_sys_link(s->ns, s->name);
	const struct pn_sys_link *other = port ? carried(s->ns, port) : NULL;

	if (other)
		pn_err_hint(err, "%s carries %s, a %s device, and so can be no port: let that "
			    "stand on %s", s->name, other->name, other->kind, v->str);
}

/* FOU or GUE, which the kernel looks for among what is loaded, and refuses without a word. */
static bool has_encap(const struct pn_topo_link *link)
{
	const struct pn_value *v = pn_kind_value(&link->kind->data, link->data, "encap");

	return v && v->set && v->num;
}

/* The row that the kernel objects to has a place. */
int pn_link_add_refused(const struct pn_plan *plan, const struct pn_step *s,
			const struct pn_msg *m, struct pn_err *err)
{
	const struct pn_nl *nl = &s->ns->nl;
	const struct pn_row *row = pn_link_blame(m, s->kind, nl->ack.bad_attr);
	const struct pn_topo_link *link = s->link;
	const struct pn_value *v = NULL;
	int rc;

	if (nl->ack.err == -EOPNOTSUPP && !strcmp(nl->ack.text, "Unknown device type"))
		rc = pn_err_set(err, PN_EXIT_IMPOSSIBLE, EOPNOTSUPP, s->id,
				"this kernel has no %s devices: kernel: %s", s->kind->name,
				nl->ack.text);
	else
		rc = pn_nl_refused(nl, err, s->id, "cannot create the %s%s%s", s->kind->name,
				   row ? ", because of " : "", row ? row->name : "");
	if (rc == -EOPNOTSUPP && !row)
		pn_err_hint(err, "this kernel may have no %s devices: modprobe %s",
			    s->kind->name, s->kind->name);
	if (rc == -EINVAL && !row && has_encap(link))
		pn_err_hint(err, "encap wants its modules: modprobe -a fou fou6");
	if (rc == -EBUSY && (s->kind->flags & PN_KIND_LOWER))
		lower_hint(s, err);
	if (row && pn_row_find(&s->kind->data, row->name) == row)
		v = &link->data[row - s->kind->data.row];
	else if (row)
		v = &link->common[row - pn_common_rows.row];
	if (v && v->line)
		pn_step_place(plan, err, v->line, v->column);
	else
		pn_step_place(plan, err, link->line, link->column);
	return rc;
}

int pn_attr_set_refused(const struct pn_step *s, const struct pn_value *v, struct pn_err *err)
{
	char text[300];
	int rc = pn_nl_refused(&s->ns->nl, err, s->id, "cannot set %s to %s", s->row->name,
			       pn_row_format(s->row, v, text, sizeof(text)));

	if (rc == -EBUSY && s->rows->place == PN_AT_LINK && s->row->attr == IFLA_MASTER)
		port_hint(s, v, err);
	return rc;
}
