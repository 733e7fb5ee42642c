// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Objects of the file against those that are there; see object_plan.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "topo/object_plan.h"
#include "topo/refer.h"
#include "topo/tc_tree.h"

static int place(struct pn_plan *plan, const struct pn_object *o, const struct pn_value *v,
		 struct pn_err *err)
{
	pn_err_place(err, pn_topo_file(plan->topo), v ? v->line : o->line,
		     v ? v->column : o->column);
	return -EINVAL;
}

bool pn_objects_want_netns(const struct pn_topo *topo, const char *netns)
{
	const struct pn_object *o;

	for (o = topo->objects.by_key; o; o = o->hh.next) {
		if (o->netns && !strcmp(o->netns, netns))
			return true;
	}
	return false;
}

static int devs_check(struct pn_plan *plan, const struct pn_object *o,
		      const struct pn_sys_ns *ns, struct pn_err *err)
{
	struct pn_refer refer = { .id = o->id };
	const struct pn_value *v;
	unsigned int i;

	for (i = 0; i < o->cls->n; i++) {
		v = &o->v[i];
		if (o->cls->field[i].type || o->cls->field[i].row.type != PN_T_DEV || !v->set ||
		    !v->str[0] || !strcmp(v->str, "lo"))
			continue;
		refer.word = o->cls->field[i].row.name;
		refer.dev = v->str;
		if (pn_refer_dev(plan, ns, &refer, err))
			return place(plan, o, v, err);
	}
	return 0;
}

static struct pn_step *object_step(struct pn_plan *plan, enum pn_step_op op,
				   struct pn_sys_ns *ns, const struct pn_object *o,
				   struct pn_err *err)
{
	struct pn_step *step = pn_step_add(plan, op, err);

	if (!step)
		return NULL;
	step->ns = ns;
	step->id = o->id;
	step->name = "";
	return step;
}

static int object_plan(struct pn_plan *plan, const struct pn_object *o, struct pn_err *err)
{
	struct pn_sys_ns *ns = pn_sys_ns(&plan->sys, o->netns, err);
	const struct pn_objects *there;
	const struct pn_object *has;
	struct pn_step *step;
	int rc;

	rc = ns ? pn_refer_netns(plan, ns, o->id, err) : -EIO;
	if (rc)
		place(plan, o, NULL, err);
	else
		rc = devs_check(plan, o, ns, err);
	there = rc ? NULL : pn_objects_running(ns, o->cls, err);
	if (!there)
		return rc ? rc : -EIO;
	has = pn_objects_find(there, o->key);
	if (has && !pn_object_differs(o, has))
		return 0;
	step = object_step(plan, has ? PN_STEP_OBJECT_SET : PN_STEP_OBJECT_ADD, ns, o, err);
	if (!step)
		return -ENOMEM;
	step->object = o;
	step->object_old = has;
	step->reason = has ? "differs from the file" : "not there";
	return 0;
}

int pn_objects_plan(struct pn_plan *plan, struct pn_err *err)
{
	const struct pn_object *o;
	int rc = 0;

	for (o = plan->topo->objects.by_key; o && !rc; o = o->hh.next)
		rc = object_plan(plan, o, err);
	return rc;
}

static int object_remove(struct pn_plan *plan, const struct pn_ledger_entry *e,
			 struct pn_err *err)
{
	struct pn_object *o = pn_object_of_key(e->key, &plan->pool);
	const struct pn_objects *there;
	const struct pn_object *has;
	struct pn_sys_ns *ns;
	struct pn_step *step;

	if (!o)
		return 0;	/* a class or field of another version */
	ns = pn_sys_ns(&plan->sys, o->netns, err);
	there = ns ? pn_objects_running(ns, o->cls, err) : NULL;
	if (!there)
		return -EIO;
	has = pn_objects_find(there, e->key);
	if (!has)
		return 0;
	step = object_step(plan, PN_STEP_OBJECT_DEL, ns, has, err);
	if (!step)
		return -ENOMEM;
	step->object_old = has;
	step->reason = plan->topo ? "no longer in the file" : "made by the file";
	return 0;
}

/* Of the removals from step @from on: what is below others goes before them. */
static int removals_order(struct pn_plan *plan, unsigned int from, struct pn_err *err)
{
	struct pn_step one;
	unsigned int i, k;
	int rc = 0;

	for (i = from; i < plan->n && !rc; i++) {
		if (pn_tc_is(plan->step[i].object_old) && !plan->step[i].object_old->rank)
			rc = pn_tc_ranks(plan->step[i].ns, err);
	}
	for (i = from + 1; i < plan->n && !rc; i++) {
		one = plan->step[i];
		for (k = i; k > from && plan->step[k - 1].object_old->rank < one.object_old->rank;
		     k--)
			plan->step[k] = plan->step[k - 1];
		plan->step[k] = one;
	}
	return rc;
}

int pn_objects_removals(struct pn_plan *plan, struct pn_err *err)
{
	const struct pn_ledger_entry *e;
	unsigned int i, from = plan->n;
	int rc = 0;

	for (i = plan->record.n; i-- > 0 && !rc;) {
		e = &plan->record.entry[i];
		if (e->made == PN_MADE_OBJECT &&
		    !(plan->topo && pn_objects_find(&plan->topo->objects, e->key)))
			rc = object_remove(plan, e, err);
	}
	return rc ? rc : removals_order(plan, from, err);
}

bool pn_object_entry_holds(const struct pn_plan *plan, const struct pn_ledger_entry *e)
{
	const struct pn_object *o;
	unsigned int i;

	for (i = 0; i < plan->n; i++) {
		const struct pn_step *s = &plan->step[i];

		o = s->op == PN_STEP_OBJECT_DEL ? s->object_old : s->object;
		/* What is made anew is recorded anew. */
		if (o && s->op != PN_STEP_OBJECT_SET && !strcmp(o->key, e->key))
			return s->op == PN_STEP_OBJECT_DEL && !s->done;
	}
	return true;
}

int pn_object_step_record(struct pn_ledger *rec, const struct pn_step *s)
{
	struct pn_ledger_entry *e;

	if (s->op != PN_STEP_OBJECT_ADD || s->was_there)
		return 0;
	e = pn_ledger_add(rec);
	if (!e)
		return -ENOMEM;
	e->made = PN_MADE_OBJECT;
	snprintf(e->netns, sizeof(e->netns), "%s", s->object->netns ? s->object->netns : "");
	e->key = strdup(s->object->key);
	return e->key ? 0 : -ENOMEM;
}
