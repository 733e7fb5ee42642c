// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The steps of a plan in words. */
#include <stdio.h>
#include <string.h>

#include "topo/object_plan.h"

void pn_plan_step(const struct pn_plan *plan, unsigned int i, struct pn_step_text *t)
{
	static const struct {
		const char *op, *what;
	} words[] = {
		[PN_STEP_NETNS_ADD] = { "create", "namespace" },
		[PN_STEP_LINK_ADD] = { "create", "link" },
		[PN_STEP_ATTR] = { "change", "attribute" },
		[PN_STEP_ADDR_ADD] = { "create", "address" },
		[PN_STEP_ADDR_SET] = { "change", "address" },
		[PN_STEP_OBJECT_ADD] = { "create", "object" },
		[PN_STEP_OBJECT_SET] = { "change", "object" },
		[PN_STEP_OBJECT_DEL] = { "remove", "object" },
		[PN_STEP_ADDR_DEL] = { "remove", "address" },
		[PN_STEP_LINK_DEL] = { "remove", "link" },
		[PN_STEP_NETNS_DEL] = { "remove", "namespace" },
	};
	const struct pn_step *s = &plan->step[i];

	memset(t, 0, sizeof(*t));
	t->op = s->op == PN_STEP_ATTR && s->fresh ? "create" : words[s->op].op;
	t->what = words[s->op].what;
	t->object = s->id;
	t->attribute = s->row ? s->row->name : "";
	t->reason = s->reason;
	if (s->op == PN_STEP_ATTR) {
		pn_row_format(s->row, s->want, t->new_value, sizeof(t->new_value));
		if (s->had.set)
			pn_row_format(s->row, &s->had, t->old_value, sizeof(t->old_value));
	} else if (s->op == PN_STEP_LINK_ADD) {
		snprintf(t->new_value, sizeof(t->new_value), "%s", s->kind->name);
	} else if (s->op == PN_STEP_LINK_DEL) {
		snprintf(t->old_value, sizeof(t->old_value), "%s", s->old->kind);
	} else if (s->op == PN_STEP_ADDR_ADD) {
		pn_addr_text(&s->addr, t->new_value, sizeof(t->new_value));
	} else if (s->op == PN_STEP_ADDR_SET) {
		pn_addr_text(&s->addr, t->new_value, sizeof(t->new_value));
		pn_addr_text(&s->addr_old->a, t->old_value, sizeof(t->old_value));
	} else if (s->op == PN_STEP_ADDR_DEL) {
		pn_addr_text(&s->addr, t->old_value, sizeof(t->old_value));
	} else if (s->object || s->object_old) {
		pn_object_step_text(s, t);
	}
}
