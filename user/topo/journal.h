/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a plan that is being carried out has made, on disk step by step: each
 * thing is named before it is made, and told from a namesake afterwards. A run
 * that is killed leaves its journal, which the next one reads with the record.
 */
#ifndef PN_TOPO_JOURNAL_H
#define PN_TOPO_JOURNAL_H

#include "topo/step.h"

int pn_journal_open(struct pn_plan *plan, struct pn_err *err);
int pn_journal_begin(struct pn_plan *plan, const struct pn_step *step, struct pn_err *err);
int pn_journal_done(struct pn_plan *plan, const struct pn_step *step, struct pn_err *err);
/* The record says it all again: the journal goes. */
void pn_journal_close(struct pn_plan *plan);
/* Undoing failed: it stays, for the next run. */
void pn_journal_keep(struct pn_plan *plan);

#endif
