// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the file wants against what is there; see plan.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topo/hook.h"
#include "topo/object_plan.h"
#include "topo/refer.h"
#include "topo/step.h"

struct pn_step *pn_step_add(struct pn_plan *plan, enum pn_step_op op, struct pn_err *err)
{
	unsigned int cap = plan->cap ? plan->cap * 2 : 64;
	struct pn_step *more;

	if (plan->n == plan->cap) {
		more = realloc(plan->step, cap * sizeof(*more));
		if (!more) {
			pn_err_memory(err, "plan");
			return NULL;
		}
		plan->step = more;
		plan->cap = cap;
	}
	memset(&plan->step[plan->n], 0, sizeof(*plan->step));
	plan->step[plan->n].op = op;
	return &plan->step[plan->n++];
}

/* One link on its way into the plan. */
struct planner {
	struct pn_plan *plan;
	struct pn_err *err;
	const struct pn_topo_link *link;
	struct pn_sys_ns *ns;
	struct pn_sys_link *run;	/* NULL: it will be made */
	struct pn_link_view view;	/* of run */
	bool changed;			/* an attribute of its kind changes */
};

static int place(struct planner *p, unsigned int line, unsigned int column)
{
	pn_err_place(p->err, pn_topo_file(p->plan->topo), line, column);
	return -EINVAL;
}

static int place_link(struct planner *p)
{
	return place(p, p->link->line, p->link->column);
}

static int namespaces_plan(struct pn_plan *plan, struct pn_err *err)
{
	const struct pn_topo *topo = plan->topo;
	struct pn_sys_ns *ns;
	struct pn_step *step;
	unsigned int i;

	for (i = 0; i < topo->n_netns; i++) {
		ns = pn_sys_ns(&plan->sys, topo->netns[i].name, err);
		if (!ns)
			return -EIO;
		if (ns->exists)
			continue;
		step = pn_step_add(plan, PN_STEP_NETNS_ADD, err);
		if (!step)
			return -ENOMEM;
		step->ns = ns;
		step->id = ns->name;
		step->reason = "not there";
	}
	return 0;
}

static int ns_find(struct planner *p, const struct pn_topo_link *link,
		   struct pn_sys_ns **ns)
{
	*ns = pn_sys_ns(&p->plan->sys, link->netns, p->err);
	if (!*ns)
		return -EIO;
	if (!pn_refer_netns(p->plan, *ns, link->id, p->err))
		return 0;
	return place(p, link->line, link->column);
}

/* Loopback comes with the namespace. */
static bool link_will_be(const struct planner *p)
{
	return !p->ns->exists && !p->link->kind && !strcmp(p->link->name, "lo");
}

static const char *kind_text(const struct pn_sys_link *run)
{
	return run->kind[0] ? run->kind : "physical device";
}

static int kind_check(struct planner *p)
{
	const struct pn_kind *kind = p->link->kind;

	if (!p->run && !kind && !link_will_be(p)) {
		pn_err_set(p->err, PN_EXIT_USAGE, ENODEV, p->link->id,
			   "does not exist, and has no kind to be created of");
		pn_err_hint(p->err, "give it a `kind`, or correct the name");
		return place_link(p);
	}
	if (!p->run || !kind || !strcmp(p->run->kind, kind->name))
		return 0;
	pn_err_set(p->err, PN_EXIT_KERNEL, EEXIST, p->link->id,
		   "exists already as a %s, the file wants a %s", kind_text(p->run),
		   kind->name);
	pn_err_hint(p->err, "choose another name, or: ip link delete %s", p->link->name);
	return place_link(p);
}

/* A pair is there as a whole, or not at all. */
static int peer_check(struct planner *p)
{
	const struct pn_topo_link *peer = p->link->peer;
	struct pn_sys_ns *ns;
	struct pn_sys_link *run;
	int rc;

	if (!peer || p->link->is_peer)
		return 0;
	rc = ns_find(p, peer, &ns);
	if (rc)
		return rc;
	run = pn_sys_link(ns, peer->name);
	if (!p->run && !run)
		return 0;
	if (p->run && run && p->run->lower == run->ifindex && run->lower == p->run->ifindex)
		return 0;
	pn_err_set(p->err, PN_EXIT_KERNEL, EEXIST, p->run ? p->link->id : peer->id,
		   "exists already, but %s is not its peer", p->run ? peer->id : p->link->id);
	pn_err_hint(p->err, "choose other names, or: ip link delete %s",
		    p->run ? p->link->name : peer->name);
	return place_link(p);
}

static int dev_check(struct planner *p, const struct pn_row *row,
		     const struct pn_value *v)
{
	const struct pn_refer refer = { p->link->id, row->name, v->str };

	if (row->type != PN_T_DEV || !v->str[0] ||
	    !pn_refer_dev(p->plan, p->ns, &refer, p->err))
		return 0;
	return place(p, v->line, v->column);
}

static int fixed_fail(struct planner *p, const struct pn_row *row,
		      const struct pn_value *want, const struct pn_value *had)
{
	char from[300], to[300];

	snprintf(from, sizeof(from), "none");
	if (had->set)
		pn_row_format(row, had, from, sizeof(from));
	pn_row_format(row, want, to, sizeof(to));
	pn_err_set(p->err, PN_EXIT_KERNEL, EBUSY, p->link->id,
		   "%s cannot change from %s to %s while the link exists", row->name, from, to);
	pn_err_hint(p->err, "let it be made anew: ip link delete %s", p->link->name);
	return place(p, want->line ? want->line : p->link->line,
		     want->line ? want->column : p->link->column);
}

static int attr_step(struct planner *p, const struct pn_kind *kind,
		     const struct pn_rows *rows, const struct pn_row *row,
		     const struct pn_value *want)
{
	bool again = (row->flags & PN_ROW_AGAIN) && p->changed;
	struct pn_value had = { 0 };
	struct pn_step *step;

	if (p->run && pn_value_read(p->ns, p->run, &p->view, kind, rows, row, &had) &&
	    pn_row_equal(row, want, &had) && !again)
		return 0;
	if (p->run && (row->flags & PN_ROW_FIXED))
		return fixed_fail(p, row, want, &had);
	/* Leaving a master takes the port's options along. */
	if (p->run && rows->place == PN_AT_LINK && row->attr == IFLA_MASTER)
		pn_hook_snapshot(p->ns, p->run);
	step = pn_step_add(p->plan, PN_STEP_ATTR, p->err);
	if (!step)
		return -ENOMEM;
	step->ns = p->ns;
	step->id = p->link->id;
	step->name = p->link->name;
	step->link = p->link;
	step->fresh = !p->run;
	step->kind = kind;
	step->rows = rows;
	step->row = row;
	step->want = want;
	step->had = had;
	step->was = p->run;
	step->reason = p->run ? "differs from the file" : "of a new link";
	if (again)
		step->reason = "moved by another change";
	p->changed |= rows->place == PN_AT_DATA;
	return 0;
}

/* New links are down and have no master: what says just that needs no step. */
static bool is_new_default(const struct pn_row *row, const struct pn_value *v)
{
	if (row->type == PN_T_IFF && row->attr == IFF_UP)
		return !v->num;
	return row->type == PN_T_DEV && !v->str[0];
}

/* When a row is set: before or after addresses, or after all other links. */
enum stage { STAGE_FIRST, STAGE_LATE, STAGE_LAST };

/* Two ports may name each other, as the backup of the one and the other. */
static enum stage row_stage(const struct pn_rows *rows, const struct pn_row *row)
{
	if ((rows->place == PN_AT_SLAVE && row->type == PN_T_DEV) || (row->flags & PN_ROW_LAST))
		return STAGE_LAST;
	return row->flags & PN_ROW_LATE ? STAGE_LATE : STAGE_FIRST;
}

/* What the creation of a link of @kind sets already. */
static bool is_created_with(const struct pn_kind *kind, const struct pn_rows *rows,
			    const struct pn_row *row)
{
	if (!kind || rows->place == PN_AT_SLAVE ||
	    (row->flags & (PN_ROW_HOOK | PN_ROW_FIXED)) == PN_ROW_HOOK)
		return false;
	return rows->place == PN_AT_DATA ||
	       (pn_link_creates_with(row) && !pn_hook_creates(kind));
}

static int rows_plan(struct planner *p, const struct pn_kind *kind,
		     const struct pn_rows *rows, const struct pn_value *v, enum stage stage)
{
	const struct pn_row *row;
	unsigned int i;
	int rc = 0;

	for (i = 0; i < rows->n && !rc; i++) {
		row = &rows->row[i];
		if (!v[i].set || row_stage(rows, row) != stage)
			continue;
		rc = dev_check(p, row, &v[i]);
		if (rc)
			return rc;
		if (!p->run && stage != STAGE_LAST && is_created_with(p->link->kind, rows, row))
			continue;
		if (p->run || !is_new_default(row, &v[i]))
			rc = attr_step(p, kind, rows, row, &v[i]);
	}
	return rc;
}

static int addresses_plan(struct planner *p)
{
	const struct pn_topo_addr *a;
	const struct pn_sys_addr *has;
	struct pn_step *step;
	unsigned int i;

	for (i = 0; i < p->link->n_addr; i++) {
		a = &p->link->addr[i];
		has = p->run ? pn_sys_addr(p->run, a) : NULL;
		if (has && !pn_addr_differs(a, &has->a, p->link->name))
			continue;
		step = pn_step_add(p->plan, has ? PN_STEP_ADDR_SET : PN_STEP_ADDR_ADD, p->err);
		if (!step)
			return -ENOMEM;
		step->ns = p->ns;
		step->id = p->link->id;
		step->name = p->link->name;
		step->link = p->link;
		step->fresh = !p->run;
		step->addr = *a;
		step->addr_old = has;
		step->was = p->run;
		if (has)
			step->addr.words = pn_addr_merge(a, &has->a, &p->plan->pool);
		step->reason = has ? "differs from the file" : p->run ? "not there" :
			       "of a new link";
	}
	return 0;
}

static int slave_check(struct planner *p)
{
	const struct pn_value *master = pn_kind_value(&pn_common_rows, p->link->common,
						      "master");
	const struct pn_topo_link *in_file = NULL;
	struct pn_sys_link *run = NULL;
	const char *kind = NULL;

	if (!p->link->slave)
		return 0;
	if (master->set && master->str[0]) {
		in_file = pn_topo_link_find(p->plan->topo, p->link->netns, master->str);
		run = pn_sys_link(p->ns, master->str);
		kind = in_file && in_file->kind ? in_file->kind->name : NULL;
		kind = !kind && run ? run->kind : kind;
	} else if (!master->set && p->run) {
		kind = p->view.slave_kind;
	}
	if (kind && !strcmp(kind, p->link->slave_kind->name))
		return 0;
	pn_err_set(p->err, PN_EXIT_USAGE, EINVAL, p->link->id,
		   "%s_slave needs a master that is a %s", p->link->slave_kind->name,
		   p->link->slave_kind->name);
	return place_link(p);
}

static int link_make_plan(struct planner *p)
{
	struct pn_step *step;

	if (p->run || !p->link->kind || p->link->is_peer)
		return 0;
	step = pn_step_add(p->plan, PN_STEP_LINK_ADD, p->err);
	if (!step)
		return -ENOMEM;
	step->ns = p->ns;
	step->id = p->link->id;
	step->name = p->link->name;
	step->link = p->link;
	step->kind = p->link->kind;
	step->reason = "not there";
	if (p->link->peer)
		step->peer_ns = pn_sys_ns(&p->plan->sys, p->link->peer->netns, p->err);
	return p->link->peer && !step->peer_ns ? -EIO : 0;
}

static int planner_init(struct planner *p)
{
	int rc = ns_find(p, p->link, &p->ns);

	if (rc)
		return rc;
	p->run = pn_sys_link(p->ns, p->link->name);
	return p->run ? pn_link_view(p->run->msg, &p->view) : 0;
}

/* What names other links as equals: once all are there. */
static int link_last_plan(struct planner *p)
{
	const struct pn_topo_link *link = p->link;
	int rc = planner_init(p);

	if (!rc && link->kind && !link->is_peer)
		rc = rows_plan(p, link->kind, &link->kind->data, link->data, STAGE_LAST);
	if (rc || !link->slave)
		return rc;
	return rows_plan(p, link->slave_kind, &link->slave_kind->slave, link->slave, STAGE_LAST);
}

static int link_plan(struct planner *p)
{
	const struct pn_topo_link *link = p->link;
	int rc;

	rc = planner_init(p);
	if (rc)
		return rc;
	rc = kind_check(p);
	if (!rc)
		rc = peer_check(p);
	if (!rc)
		rc = slave_check(p);
	if (!rc)
		rc = link_make_plan(p);
	if (!rc && link->kind && !link->is_peer)
		rc = rows_plan(p, link->kind, &link->kind->data, link->data, STAGE_FIRST);
	if (!rc)
		rc = rows_plan(p, link->kind, &pn_common_rows, link->common, STAGE_FIRST);
	if (!rc && link->slave)
		rc = rows_plan(p, link->slave_kind, &link->slave_kind->slave, link->slave,
			       STAGE_FIRST);
	if (!rc)
		rc = addresses_plan(p);
	if (!rc)
		rc = rows_plan(p, link->kind, &pn_common_rows, link->common, STAGE_LATE);
	if (!rc && link->slave)
		rc = rows_plan(p, link->slave_kind, &link->slave_kind->slave, link->slave,
			       STAGE_LATE);
	return rc;
}

static int ports_check(struct pn_plan *plan, struct pn_err *err)
{
	const struct pn_topo *topo = plan->topo;
	struct pn_sys_ns *ns;
	unsigned int i;

	for (i = 0; i < topo->n_ports; i++) {
		ns = pn_sys_ns(&plan->sys, NULL, err);
		if (!ns)
			return -EIO;
		if (pn_sys_link(ns, topo->ports[i].dev) ||
		    pn_topo_link_find(topo, NULL, topo->ports[i].dev))
			continue;
		pn_err_set(err, PN_EXIT_USAGE, ENODEV, topo->ports[i].dev,
			   "the device neither exists nor is in the file");
		pn_err_hint(err, "list it under `links` with its kind, to have it created");
		pn_err_place(err, pn_topo_file(topo), topo->ports[i].line,
			     topo->ports[i].column);
		return -ENODEV;
	}
	return 0;
}

static int plan_fill(struct pn_plan *plan, struct pn_err *err)
{
	unsigned int i;
	int rc;

	/* A link may only be making room for another with its parameters. */
	rc = pn_plan_removals(plan, err);
	if (!rc)
		rc = namespaces_plan(plan, err);
	for (i = 0; i < plan->topo->n_links && !rc; i++) {
		struct planner p = { .plan = plan, .err = err };

		p.link = plan->topo->order[i];
		rc = link_plan(&p);
	}
	for (i = 0; i < plan->topo->n_links && !rc; i++) {
		struct planner p = { .plan = plan, .err = err };

		p.link = plan->topo->order[i];
		rc = link_last_plan(&p);
	}
	if (!rc)
		rc = pn_objects_plan(plan, err);
	if (!rc)
		rc = ports_check(plan, err);
	return rc ? rc : pn_plan_netns_removals(plan, err);
}

int pn_plan_make(const struct pn_topo *topo, const char *state_dir,
		 struct pn_plan **out, struct pn_err *err)
{
	struct pn_plan *plan = calloc(1, sizeof(*plan));
	int rc;

	*out = NULL;
	if (!plan)
		return pn_err_memory(err, "plan");
	plan->topo = topo;
	rc = pn_ledger_locate(&plan->record, state_dir, pn_topo_file(topo), err);
	if (!rc)
		rc = pn_plan_record(plan, err);
	if (!rc)
		rc = plan_fill(plan, err);
	if (rc)
		pn_plan_free(plan);
	else
		*out = plan;
	return rc;
}

void pn_plan_free(struct pn_plan *plan)
{
	unsigned int i;

	if (!plan)
		return;
	for (i = 0; i < plan->n; i++)
		free(plan->step[i].id_own);
	pn_sys_fini(&plan->sys);
	pn_ledger_fini(&plan->record);
	pn_pool_fini(&plan->pool);
	free(plan->step);
	free(plan);
}

unsigned int pn_plan_steps(const struct pn_plan *plan)
{
	return plan->n;
}
