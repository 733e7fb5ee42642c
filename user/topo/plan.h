/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From what a file wants to what has to be done: an ordered list of steps,
 * each with what it replaces, so that it can be undone. A plan reads; only
 * apply.h writes.
 */
#ifndef PN_TOPO_PLAN_H
#define PN_TOPO_PLAN_H

#include <stdbool.h>

#include "topo/file.h"
#include "util/err.h"

struct pn_plan;

/* One step, in words. */
struct pn_step_text {
	const char *op;		/* "create", "change" or "remove" */
	const char *what;	/* "namespace", "link", "attribute" or "address" */
	const char *object;	/* NETNS/NAME, NAME, or the namespace */
	const char *attribute;	/* of an attribute; else "" */
	char old_value[300];	/* what is there; "" where there is nothing */
	char new_value[300];
	const char *reason;
};

/*
 * Compare @topo with what is there. Removals come from the record below
 * @state_dir of what this file made earlier.
 */
int pn_plan_make(const struct pn_topo *topo, const char *state_dir,
		 struct pn_plan **plan, struct pn_err *err);
void pn_plan_free(struct pn_plan *plan);

unsigned int pn_plan_steps(const struct pn_plan *plan);
void pn_plan_step(const struct pn_plan *plan, unsigned int i, struct pn_step_text *text);

/* Links that the plan removes, of those that the file made (no file: of all there are). */
struct pn_plan_mass {
	unsigned int gone, of;
	bool refused;	/* more than half: not done without pn_apply_opts.mass_delete */
};

void pn_plan_mass_count(const struct pn_plan *plan, struct pn_plan_mass *mass);

#endif
