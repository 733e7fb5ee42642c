// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Steps carried out in order, undone in reverse; see apply.h. The record is
 * the last step: it is replaced by rename once everything else holds.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "topo/apply.h"
#include "topo/batch.h"
#include "topo/journal.h"
#include "topo/object_plan.h"

/* For the tests: the number of the step that is to fail, counted from 1. */
static unsigned long fault_step(void)
{
	const char *text = getenv("PN_FAULT_STEP");

	return text ? strtoul(text, NULL, 10) : 0;
}

static int fault_fail(struct pn_err *err, const char *object)
{
	return pn_err_set(err, PN_EXIT_KERNEL, EIO, object, "fault injected by PN_FAULT_STEP");
}

static int steps_undo(struct pn_plan *plan, struct pn_err *err)
{
	int rc = 0, one;
	unsigned int i, n;

	for (i = plan->n; i > 0;) {
		n = pn_batch_undo(plan, i);
		i -= n;
		if (n)
			continue;
		one = pn_step_undo(plan, &plan->step[--i], err);
		if (one && !rc)
			rc = one;
	}
	return rc;
}

/* The sentence about what failed, and what became of the rest. */
static int undone_say(struct pn_plan *plan, struct pn_err *err)
{
	struct pn_err undo = { 0 };
	int rc = steps_undo(plan, &undo);
	size_t len;

	if (!rc) {
		if (err->code != PN_EXIT_IMPOSSIBLE)
			err->code = PN_EXIT_UNDONE;
		len = strlen(err->text);
		snprintf(err->text + len, sizeof(err->text) - len, "; everything done was undone");
		return 0;
	}
	err->code = PN_EXIT_KERNEL;
	len = strlen(err->text);
	snprintf(err->text + len, sizeof(err->text) - len, "; undoing failed too: %.60s: %.160s",
		 undo.object, undo.text);
	return rc;
}

static int steps_do(struct pn_plan *plan, struct pn_err *err)
{
	unsigned long fault = fault_step();
	unsigned int end = fault && fault <= plan->n ? fault - 1 : plan->n;
	unsigned int i, n;
	int rc = 0;

	for (i = 0; i < end && !rc; i += n) {
		n = pn_batch_delete(plan, i, end);
		if (n)
			continue;
		n = 1;
		rc = pn_journal_begin(plan, &plan->step[i], err);
		if (!rc)
			rc = pn_step_do(plan, &plan->step[i], err);
		if (!rc)
			rc = pn_journal_done(plan, &plan->step[i], err);
	}
	if (!rc && end < plan->n)
		rc = fault_fail(err, plan->step[end].id);
	return rc;
}

/* What the kernel took without a word, but did not do. */
static int result_check(const struct pn_topo *topo, const char *state_dir,
			struct pn_err *err)
{
	struct pn_step_text t;
	struct pn_plan *left;
	int rc;

	rc = pn_plan_make(topo, state_dir, &left, err);
	if (rc)
		return rc;
	for (unsigned int i = 0; i < left->n && !rc; i++) {
		/* Removals follow the record, which is not written yet. */
		if (left->step[i].op >= PN_STEP_ADDR_DEL)
			continue;
		pn_plan_step(left, i, &t);
		rc = pn_err_set(err, PN_EXIT_KERNEL, EREMOTEIO, t.object,
				"the kernel took %s %s %s without a word, but has %s",
				t.what, t.attribute, t.new_value,
				t.old_value[0] ? t.old_value : "none");
	}
	pn_plan_free(left);
	return rc;
}

static int entry_keep(struct pn_ledger *rec, const struct pn_ledger_entry *e)
{
	struct pn_ledger_entry *copy = pn_ledger_add(rec);

	if (!copy)
		return -ENOMEM;
	*copy = *e;
	copy->key = e->key ? strdup(e->key) : NULL;
	return e->key && !copy->key ? -ENOMEM : 0;
}

/* Is the entry's object neither removed by the plan nor gone by itself? */
static bool entry_holds(const struct pn_plan *plan, const struct pn_ledger_entry *e)
{
	struct pn_sys_ns *ns = pn_sys_ns((struct pn_sys *)&plan->sys,
					 e->netns[0] ? e->netns : NULL, NULL);
	struct pn_sys_link *link;

	if (!ns || !ns->exists)
		return false;
	if (e->made == PN_MADE_NETNS)
		return pn_ledger_netns_id(e->netns) == e->id;
	if (e->made == PN_MADE_OBJECT)
		return pn_object_entry_holds(plan, e);
	link = pn_sys_link_ask(ns, e->name);
	if (!link)
		return false;
	if (e->made == PN_MADE_LINK)
		return link->ifindex == e->id;
	return !!pn_sys_addr(link, &e->addr);
}

static bool addr_is_removed(const struct pn_plan *plan, const struct pn_ledger_entry *e)
{
	unsigned int i;

	for (i = 0; i < plan->n; i++) {
		const struct pn_step *s = &plan->step[i];

		if (s->op == PN_STEP_ADDR_DEL && !strcmp(s->name, e->name) &&
		    !strcmp(s->ns->name ? s->ns->name : "", e->netns) &&
		    !memcmp(&s->addr, &e->addr, sizeof(e->addr)))
			return true;
	}
	return false;
}

static int link_record(struct pn_ledger *rec, struct pn_sys_ns *ns, const char *name,
		       const char *kind)
{
	struct pn_sys_link *link = pn_sys_link_ask(ns, name);
	struct pn_ledger_entry *e = link ? pn_ledger_add(rec) : NULL;

	if (!e)
		return link ? -ENOMEM : -ENODEV;
	e->made = PN_MADE_LINK;
	e->id = link->ifindex;
	snprintf(e->netns, sizeof(e->netns), "%s", ns->name ? ns->name : "");
	snprintf(e->name, sizeof(e->name), "%s", name);
	snprintf(e->kind, sizeof(e->kind), "%s", kind);
	return 0;
}

int pn_step_record(struct pn_ledger *rec, const struct pn_step *s)
{
	struct pn_ledger_entry *e;
	int rc;

	switch (s->op) {
	case PN_STEP_LINK_ADD:
		rc = link_record(rec, s->ns, s->name, s->kind->name);
		if (!rc && s->peer_ns)
			rc = link_record(rec, s->peer_ns, s->link->peer->name, s->kind->name);
		return rc;
	case PN_STEP_NETNS_ADD:
	case PN_STEP_ADDR_ADD:
		e = pn_ledger_add(rec);
		if (!e)
			return -ENOMEM;
		snprintf(e->netns, sizeof(e->netns), "%s", s->ns->name ? s->ns->name : "");
		e->made = s->op == PN_STEP_ADDR_ADD ? PN_MADE_ADDR : PN_MADE_NETNS;
		if (s->op == PN_STEP_NETNS_ADD)
			e->id = pn_ledger_netns_id(s->ns->name);
		else
			snprintf(e->name, sizeof(e->name), "%s", s->name);
		e->addr = s->addr;
		return 0;
	default:
		return pn_object_step_record(rec, s);
	}
}

/* What the file wants and is there, but was not made by it. */
static int links_adopt(struct pn_plan *plan, struct pn_ledger *rec)
{
	const struct pn_topo_link *link, *tmp;
	struct pn_sys_ns *ns;
	int rc = 0;

	HASH_ITER(hh, plan->topo->links, link, tmp) {
		if (!link->kind || pn_ledger_link(rec, link->netns, link->name))
			continue;
		ns = pn_sys_ns(&plan->sys, link->netns, NULL);
		if (ns && !rc)
			rc = link_record(rec, ns, link->name, link->kind->name);
	}
	return rc;
}

/* What was made before and is still there, then what the plan made. */
static int record_renew(struct pn_plan *plan, bool adopt, struct pn_err *err)
{
	struct pn_ledger rec = plan->record;
	unsigned int i;
	int rc = 0;

	rec.entry = NULL;
	rec.n = rec.cap = 0;
	for (i = 0; i < plan->record.n && !rc; i++) {
		const struct pn_ledger_entry *e = &plan->record.entry[i];

		if (entry_holds(plan, e) &&
		    (e->made != PN_MADE_ADDR || !addr_is_removed(plan, e)))
			rc = entry_keep(&rec, e);
	}
	for (i = 0; i < plan->n && !rc; i++)
		rc = pn_step_record(&rec, &plan->step[i]);
	if (!rc && adopt)
		rc = links_adopt(plan, &rec);
	if (rc)
		pn_err_set(err, PN_EXIT_KERNEL, -rc, rec.path, "cannot record what was made: %s",
			   strerror(-rc));
	else
		rc = pn_ledger_save(&rec, err);
	pn_ledger_fini(&rec);
	return rc;
}

static uint64_t plan_writes(const struct pn_plan *plan)
{
	return pn_sys_writes(&plan->sys) + plan->other_writes;
}

/* Nothing to do but to take over what is there. */
static int adopt_only(struct pn_plan *plan, const struct pn_apply_opts *opts,
		      struct pn_err *err)
{
	unsigned int n = plan->record.n;
	int rc;

	if (!opts->adopt)
		return 0;
	rc = links_adopt(plan, &plan->record);
	if (rc)
		return pn_err_set(err, PN_EXIT_KERNEL, -rc, plan->record.path,
				  "cannot record what is adopted: %s", strerror(-rc));
	return plan->record.n > n ? pn_ledger_save(&plan->record, err) : 0;
}

int pn_topo_apply(const struct pn_topo *topo, const char *state_dir,
		  struct pn_apply *a, struct pn_err *err)
{
	static const struct pn_apply_opts any = { .mass_delete = true };

	return pn_topo_apply_as(topo, state_dir, &any, a, err);
}

int pn_topo_apply_as(const struct pn_topo *topo, const char *state_dir,
		     const struct pn_apply_opts *opts, struct pn_apply *a,
		     struct pn_err *err)
{
	struct pn_plan *plan;
	int rc;

	memset(a, 0, sizeof(*a));
	a->lock = pn_ledger_lock(state_dir, err);
	if (a->lock < 0)
		return a->lock;
	rc = pn_plan_make(topo, state_dir, &a->plan, err);
	if (!rc && !opts->mass_delete)
		rc = pn_plan_mass(a->plan, err);
	if (rc)
		return rc;
	plan = a->plan;
	if (!plan->n)
		return adopt_only(plan, opts, err);
	rc = pn_journal_open(plan, err);
	if (rc)
		return rc;
	rc = steps_do(plan, err);
	if (!rc)
		rc = result_check(topo, state_dir, err);
	if (!rc && fault_step() == plan->n + 1ul)
		rc = fault_fail(err, plan->record.path);
	if (!rc)
		rc = record_renew(plan, opts->adopt, err);
	if (rc && undone_say(plan, err))
		pn_journal_keep(plan);
	else
		pn_journal_close(plan);
	a->writes = plan_writes(plan);
	return rc;
}

int pn_topo_undo(struct pn_apply *a, struct pn_err *err)
{
	int rc;

	if (!a->plan || !a->plan->n)
		return 0;
	rc = steps_undo(a->plan, err);
	return rc ? rc : pn_ledger_save(&a->plan->record, err);
}

/* Deleting goes on past what cannot be deleted: the record keeps it. */
static int plan_delete(struct pn_plan *plan, const struct pn_apply_opts *opts,
		       struct pn_err *err)
{
	unsigned int i, n;
	int rc, first;

	first = pn_plan_removals(plan, err);
	if (!first)
		first = pn_plan_netns_removals(plan, err);
	if (!first && !opts->mass_delete)
		first = pn_plan_mass(plan, err);
	if (first)
		return first;
	for (i = 0; i < plan->n; i += n) {
		n = pn_batch_delete(plan, i, plan->n);
		if (n)
			continue;
		n = 1;
		rc = pn_step_do(plan, &plan->step[i], err);
		first = first ? first : rc;
	}
	rc = record_renew(plan, false, err);
	return first ? first : rc;
}

int pn_topo_delete_check(const char *file, const char *state_dir, const char *path,
			 struct pn_err *err)
{
	struct pn_plan *plan = calloc(1, sizeof(*plan));
	int rc = 0;

	if (!plan)
		return pn_err_memory(err, file);
	if (path) {
		plan->record.home = pn_ledger_netns_id(NULL);
		snprintf(plan->record.path, sizeof(plan->record.path), "%s", path);
	} else {
		rc = pn_ledger_locate(&plan->record, state_dir, file, err);
	}
	if (!rc)
		rc = pn_plan_record(plan, err);
	if (!rc)
		rc = pn_plan_removals(plan, err);
	if (!rc)
		rc = pn_plan_mass(plan, err);
	pn_plan_free(plan);
	return rc;
}

static int record_delete(struct pn_ledger *rec, const struct pn_apply_opts *opts,
			 struct pn_apply *a, struct pn_err *err)
{
	int rc;

	a->plan = calloc(1, sizeof(*a->plan));
	if (!a->plan)
		return pn_err_memory(err, rec->path);
	a->plan->record = *rec;
	rc = pn_plan_record(a->plan, err);
	if (rc || !a->plan->record.n)
		return rc;
	rc = plan_delete(a->plan, opts, err);
	a->writes = plan_writes(a->plan);
	return rc;
}

int pn_topo_delete(const char *file, const char *state_dir, struct pn_apply *a,
		   struct pn_err *err)
{
	static const struct pn_apply_opts any = { .mass_delete = true };

	return pn_topo_delete_as(file, state_dir, &any, a, err);
}

int pn_topo_delete_as(const char *file, const char *state_dir,
		      const struct pn_apply_opts *opts, struct pn_apply *a,
		      struct pn_err *err)
{
	struct pn_ledger rec;
	int rc;

	memset(a, 0, sizeof(*a));
	a->lock = pn_ledger_lock(state_dir, err);
	if (a->lock < 0)
		return a->lock;
	rc = pn_ledger_locate(&rec, state_dir, file, err);
	return rc ? rc : record_delete(&rec, opts, a, err);
}

int pn_topo_delete_record(const char *path, const struct pn_apply_opts *opts,
			  struct pn_apply *a, struct pn_err *err)
{
	struct pn_ledger rec = { 0 };

	memset(a, 0, sizeof(*a));
	rec.home = pn_ledger_netns_id(NULL);
	snprintf(rec.path, sizeof(rec.path), "%s", path);
	return record_delete(&rec, opts, a, err);
}

void pn_apply_close(struct pn_apply *a)
{
	pn_plan_free(a->plan);
	if (a->lock > 0)
		close(a->lock);
	memset(a, 0, sizeof(*a));
}
