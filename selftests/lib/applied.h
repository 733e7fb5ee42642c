/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Topology texts applied, planned and deleted in process, in the current
 * namespace, with a record directory of the test's own.
 */
#ifndef PN_TEST_APPLIED_H
#define PN_TEST_APPLIED_H

#include <stdbool.h>

#include "util/err.h"

/* Where records go, and the name that every text is a version of. */
void applied_init(const char *name);
/* Writes that applying took, or -errno; @steps (or NULL): steps of the plan. */
int applied_apply(const char *text, unsigned int *steps, struct pn_err *err);
/* Steps of a plan, or -errno. @say: where its words go, or NULL. */
int applied_plan(const char *text, char *say, unsigned int say_len, struct pn_err *err);
int applied_delete(struct pn_err *err);

/*
 * Cases: fail at step 1, 2, ... of @text, which shall change nothing in the
 * namespaces @spaces (as state_dump), until it succeeds.
 */
void applied_fail_each(const char *what, const char *text, const char *const *spaces,
		       unsigned int n);

#endif
