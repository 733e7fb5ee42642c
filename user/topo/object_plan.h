/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Objects in plans: for this layer only. */
#ifndef PN_TOPO_OBJECT_PLAN_H
#define PN_TOPO_OBJECT_PLAN_H

#include "topo/step.h"

/* Steps that make and change the objects of the file, after all links. */
int pn_objects_plan(struct pn_plan *plan, struct pn_err *err);
/* Steps that remove what the record has and the file wants no longer, before all links. */
int pn_objects_removals(struct pn_plan *plan, struct pn_err *err);
/* Does the file want anything in this namespace? */
bool pn_objects_want_netns(const struct pn_topo *topo, const char *netns);

int pn_object_step_do(struct pn_plan *plan, struct pn_step *s, struct pn_err *err);
int pn_object_step_undo(struct pn_plan *plan, struct pn_step *s, struct pn_err *err);
void pn_object_step_text(const struct pn_step *s, struct pn_step_text *t);

/* Is what the entry speaks of there, once all steps of @plan are done? */
bool pn_object_entry_holds(const struct pn_plan *plan, const struct pn_ledger_entry *e);
/* What @s made, into @rec: 0 or -errno. */
int pn_object_step_record(struct pn_ledger *rec, const struct pn_step *s);

#endif
