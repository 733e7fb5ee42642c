// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The journal of a run; see journal.h. */
#include <errno.h>
#include <string.h>

#include "topo/journal.h"

static int journal_fail(struct pn_plan *plan, struct pn_err *err)
{
	return pn_err_set(err, PN_EXIT_KERNEL, errno ? errno : EIO, plan->record.path,
			  "cannot write the journal: %s", strerror(errno));
}

int pn_journal_open(struct pn_plan *plan, struct pn_err *err)
{
	plan->journal = pn_ledger_journal(&plan->record, err);
	return plan->journal ? 0 : -EIO;
}

static bool is_recorded(const struct pn_step *s)
{
	return s->op == PN_STEP_NETNS_ADD || s->op == PN_STEP_LINK_ADD ||
	       s->op == PN_STEP_OBJECT_ADD ||
	       (s->op == PN_STEP_ADDR_ADD && !s->fresh);
}

static void name_write(FILE *f, const struct pn_sys_ns *ns, const struct pn_step *s,
		       const char *name)
{
	struct pn_ledger_entry e = { .made = PN_MADE_NETNS };

	snprintf(e.netns, sizeof(e.netns), "%s", ns->name ? ns->name : "");
	if (s->op == PN_STEP_LINK_ADD) {
		e.made = PN_MADE_LINK;
		snprintf(e.name, sizeof(e.name), "%s", name);
		snprintf(e.kind, sizeof(e.kind), "%s", s->kind->name);
	}
	pn_ledger_entry_write(f, &e);
}

int pn_journal_begin(struct pn_plan *plan, const struct pn_step *s, struct pn_err *err)
{
	if (s->op != PN_STEP_NETNS_ADD && s->op != PN_STEP_LINK_ADD)
		return 0;
	name_write(plan->journal, s->ns, s, s->name);
	if (s->op == PN_STEP_LINK_ADD && s->peer_ns)
		name_write(plan->journal, s->peer_ns, s, s->link->peer->name);
	return fflush(plan->journal) ? journal_fail(plan, err) : 0;
}

int pn_journal_done(struct pn_plan *plan, const struct pn_step *s, struct pn_err *err)
{
	struct pn_ledger rec = { .n = 0 };
	unsigned int i;
	int rc;

	if (!is_recorded(s))
		return 0;
	rc = pn_step_record(&rec, s);
	for (i = 0; i < rec.n; i++)
		pn_ledger_entry_write(plan->journal, &rec.entry[i]);
	pn_ledger_fini(&rec);
	if (rc)
		return pn_err_set(err, PN_EXIT_KERNEL, -rc, s->id, "cannot be recorded: %s",
				  strerror(-rc));
	return fflush(plan->journal) ? journal_fail(plan, err) : 0;
}

void pn_journal_keep(struct pn_plan *plan)
{
	if (plan->journal)
		fclose(plan->journal);
	plan->journal = NULL;
}

void pn_journal_close(struct pn_plan *plan)
{
	pn_journal_keep(plan);
	pn_ledger_journal_end(&plan->record);
}
