/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Many links deleted by one message: the kernel waits for all CPUs once, not
 * once for each. They are put into a group of their own for it, so no other
 * link is among them. All of them go, or none: then the caller goes one by one.
 */
#ifndef PN_TOPO_BATCH_H
#define PN_TOPO_BATCH_H

#include "topo/step.h"

/* Steps from @first that delete links and were done together; 0: none were. */
unsigned int pn_batch_delete(struct pn_plan *plan, unsigned int first, unsigned int end);
/* Steps before @end that were undone together; 0: none were. */
unsigned int pn_batch_undo(struct pn_plan *plan, unsigned int end);

#endif
