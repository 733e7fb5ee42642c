// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Removal steps: what the record says was made by this file, is still the
 * same object, and is wanted no longer.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topo/object_plan.h"

#define MASS_MIN	3	/* removing so few is no mass */

static const char *ns_name(const struct pn_ledger_entry *e)
{
	return e->netns[0] ? e->netns : NULL;
}

static bool netns_is_wanted(const struct pn_topo *topo, const char *name)
{
	const struct pn_topo_link *link, *tmp;
	unsigned int i;

	if (!topo)
		return false;
	for (i = 0; i < topo->n_netns; i++) {
		if (!strcmp(topo->netns[i].name, name))
			return true;
	}
	HASH_ITER(hh, topo->links, link, tmp) {
		if (link->netns && !strcmp(link->netns, name))
			return true;
	}
	return pn_objects_want_netns(topo, name);
}

static bool entry_is_wanted(const struct pn_topo *topo, const struct pn_ledger_entry *e)
{
	const struct pn_topo_link *link;
	unsigned int i;

	if (e->made == PN_MADE_NETNS)
		return netns_is_wanted(topo, e->netns);
	link = topo ? pn_topo_link_find(topo, ns_name(e), e->name) : NULL;
	if (!link)
		return false;
	if (e->made == PN_MADE_LINK)
		return !link->kind || !strcmp(link->kind->name, e->kind);
	for (i = 0; i < link->n_addr; i++) {
		if (link->addr[i].family == e->addr.family &&
		    link->addr[i].prefixlen == e->addr.prefixlen &&
		    !memcmp(link->addr[i].bin, e->addr.bin, e->addr.len))
			return true;
	}
	return false;
}

/* The link of an entry, if it is still the one that was made. */
static struct pn_sys_link *entry_link(struct pn_sys_ns *ns, const struct pn_ledger_entry *e)
{
	struct pn_sys_link *link = ns->exists ? pn_sys_link(ns, e->name) : NULL;

	if (!link || strcmp(link->kind, e->kind) || link->ifindex != e->id)
		return NULL;
	return link;
}

static bool is_peer(const struct pn_sys_link *a, const struct pn_sys_link *b)
{
	return a != b && a->lower == b->ifindex && b->lower == a->ifindex &&
	       !strcmp(a->kind, b->kind);
}

/* The other end of a pair, among the links that the record knows. */
static int peer_find(struct pn_plan *plan, struct pn_step *s, struct pn_err *err)
{
	const struct pn_ledger_entry *e;
	struct pn_sys_link *other = NULL;
	struct pn_sys_ns *ns;
	unsigned int i;

	s->peer_ns = s->ns;
	if (!s->old->elsewhere)
		other = pn_sys_link_by_index(s->ns, s->old->lower);
	for (i = 0; s->old->elsewhere && !other && i < plan->record.n; i++) {
		e = &plan->record.entry[i];
		if (e->made != PN_MADE_LINK || e->id != s->old->lower)
			continue;
		ns = pn_sys_ns(&plan->sys, ns_name(e), err);
		if (!ns)
			return -EIO;
		other = ns == s->ns ? NULL : entry_link(ns, e);
		s->peer_ns = ns;
		other = other && is_peer(other, s->old) ? other : NULL;
	}
	if (other && is_peer(other, s->old)) {
		s->old_peer = other;
		other->doomed = true;
	} else {
		s->peer_ns = NULL;
	}
	return 0;
}

/* As the file would call it: NETNS/NAME. */
static int step_name(struct pn_step *step, const struct pn_sys_link *link)
{
	const char *ns = step->ns->name;

	step->name = link->name;
	if (asprintf(&step->id_own, "%s%s%s", ns ? ns : "", ns ? "/" : "", link->name) < 0) {
		step->id_own = NULL;
		return -ENOMEM;
	}
	step->id = step->id_own;
	return 0;
}

static const char *reason(const struct pn_plan *plan)
{
	return plan->topo ? "no longer in the file" : "made by the file";
}

static int link_remove(struct pn_plan *plan, const struct pn_ledger_entry *e,
		       struct pn_err *err)
{
	struct pn_sys_ns *ns = pn_sys_ns(&plan->sys, ns_name(e), err);
	const struct pn_kind *kind = pn_kind_find(e->kind);
	struct pn_sys_link *link;
	struct pn_step *step;

	if (!ns)
		return -EIO;
	link = entry_link(ns, e);
	if (!link || link->doomed)
		return 0;
	step = pn_step_add(plan, PN_STEP_LINK_DEL, err);
	if (!step)
		return -ENOMEM;
	step->ns = ns;
	step->old = link;
	link->doomed = true;
	step->reason = reason(plan);
	if (step_name(step, link))
		return -ENOMEM;
	return kind && (kind->flags & PN_KIND_PEER) ? peer_find(plan, step, err) : 0;
}

static int addr_remove(struct pn_plan *plan, const struct pn_ledger_entry *e,
		       struct pn_err *err)
{
	struct pn_sys_ns *ns = pn_sys_ns(&plan->sys, ns_name(e), err);
	const struct pn_sys_addr *sa;
	struct pn_sys_link *link;
	struct pn_step *step;

	if (!ns)
		return -EIO;
	link = ns->exists ? pn_sys_link(ns, e->name) : NULL;
	sa = link && !link->doomed ? pn_sys_addr(link, &e->addr) : NULL;
	if (!sa)
		return 0;
	step = pn_step_add(plan, PN_STEP_ADDR_DEL, err);
	if (!step)
		return -ENOMEM;
	step->ns = ns;
	step->addr = e->addr;
	step->addr_old = sa;
	step->reason = reason(plan);
	return step_name(step, link);
}

static int netns_remove(struct pn_plan *plan, const struct pn_ledger_entry *e,
			struct pn_err *err)
{
	struct pn_sys_ns *ns = pn_sys_ns(&plan->sys, e->netns, err);
	struct pn_step *step;

	if (!ns)
		return -EIO;
	if (!ns->exists || pn_ledger_netns_id(e->netns) != e->id)
		return 0;
	step = pn_step_add(plan, PN_STEP_NETNS_DEL, err);
	if (!step)
		return -ENOMEM;
	step->ns = ns;
	step->id = ns->name;
	step->reason = reason(plan);
	return 0;
}

/* In the reverse order of making, one sort of object after the other. */
static int entries_remove(struct pn_plan *plan, enum pn_made made,
			  int (*remove)(struct pn_plan *plan,
					const struct pn_ledger_entry *e,
					struct pn_err *err),
			  struct pn_err *err)
{
	const struct pn_ledger_entry *e;
	unsigned int i;
	int rc = 0;

	for (i = plan->record.n; i-- > 0 && !rc;) {
		e = &plan->record.entry[i];
		if (e->made == made && !entry_is_wanted(plan->topo, e))
			rc = remove(plan, e, err);
	}
	return rc;
}

/* What a run that was killed was about to make: it got that far, or it did not. */
static bool entry_settle(struct pn_sys_ns *ns, struct pn_ledger_entry *e)
{
	struct pn_sys_link *link;

	if (e->id || (e->made != PN_MADE_LINK && e->made != PN_MADE_NETNS))
		return true;
	if (e->made == PN_MADE_NETNS) {
		e->id = pn_ledger_netns_id(e->netns);
		return e->id;
	}
	link = ns->exists ? pn_sys_link(ns, e->name) : NULL;
	if (link && !strcmp(link->kind, e->kind))
		e->id = link->ifindex;
	return e->id;
}

int pn_plan_record(struct pn_plan *plan, struct pn_err *err)
{
	struct pn_ledger *rec = &plan->record;
	struct pn_sys_ns *ns;
	unsigned int i, n = 0;
	int rc = pn_ledger_load(rec, err);

	for (i = 0; i < rec->n && !rc; i++) {
		ns = pn_sys_ns(&plan->sys, ns_name(&rec->entry[i]), err);
		if (!ns)
			return -EIO;
		if (entry_settle(ns, &rec->entry[i]))
			rec->entry[n++] = rec->entry[i];
	}
	if (!rc)
		rec->n = n;
	return rc;
}

int pn_plan_removals(struct pn_plan *plan, struct pn_err *err)
{
	/* What hangs on a link goes before it, to come back after it. */
	int rc = pn_objects_removals(plan, err);

	if (!rc)
		rc = entries_remove(plan, PN_MADE_LINK, link_remove, err);
	return rc ? rc : entries_remove(plan, PN_MADE_ADDR, addr_remove, err);
}

int pn_plan_netns_removals(struct pn_plan *plan, struct pn_err *err)
{
	return entries_remove(plan, PN_MADE_NETNS, netns_remove, err);
}

/* Of the namespaces that the plan knows; loopback comes and goes with them. */
static unsigned int links_there(const struct pn_plan *plan)
{
	const struct pn_sys_ns *ns;
	unsigned int n = 0;

	for (ns = plan->sys.ns; ns; ns = ns->next)
		n += HASH_CNT(by_index, ns->by_index) - !!pn_sys_link(ns, "lo");
	return n;
}

void pn_plan_mass_count(const struct pn_plan *plan, struct pn_plan_mass *mass)
{
	unsigned int made = 0, gone = 0, i;
	struct pn_sys_link *link;
	struct pn_sys_ns *ns;

	for (i = 0; i < plan->record.n; i++) {
		const struct pn_ledger_entry *e = &plan->record.entry[i];

		ns = e->made == PN_MADE_LINK ?
			pn_sys_ns((struct pn_sys *)&plan->sys, ns_name(e), NULL) : NULL;
		link = ns ? entry_link(ns, e) : NULL;
		made += !!link;
		gone += link && link->doomed;
	}
	mass->gone = gone;
	mass->of = plan->topo ? made : links_there(plan);
	mass->refused = gone > MASS_MIN && gone * 2 > mass->of;
}

int pn_plan_mass(const struct pn_plan *plan, struct pn_err *err)
{
	struct pn_plan_mass mass;

	pn_plan_mass_count(plan, &mass);
	if (!mass.refused)
		return 0;
	pn_err_set(err, PN_EXIT_USAGE, EPERM, plan->record.file,
		   "would remove %u of the %u links that %s, more than half", mass.gone, mass.of,
		   plan->topo ? "it made" : "exist there");
	pn_err_hint(err, "if that is meant: penstock %s --allow-mass-delete",
		    plan->topo ? "apply" : "delete");
	return -EPERM;
}
