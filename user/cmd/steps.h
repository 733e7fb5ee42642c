/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What plan, apply and delete print: steps, and the option they share. */
#ifndef PN_CMD_STEPS_H
#define PN_CMD_STEPS_H

#include "cli/cmd.h"
#include "cmd/shaper_steps.h"
#include "topo/apply.h"

struct pn_topo_opts {
	const char *state;
	uint32_t confirm_ms;
	bool all;
	struct pn_apply_opts apply;
};

extern const struct pn_topo_opts pn_topo_defaults;

#define PN_OPT_STATE \
	{ .name = "state", .type = PN_OPT_STRING, .metavar = "DIR", \
	  .offset = offsetof(struct pn_topo_opts, state), \
	  .help = "where it is recorded what files made (" PN_LEDGER_DIR ")" }

#define PN_OPT_MASS \
	{ .name = "allow-mass-delete", .type = PN_OPT_FLAG, \
	  .offset = offsetof(struct pn_topo_opts, apply.mass_delete), \
	  .help = "remove more than half of the links, if it comes to that" }

/*
 * One object: "steps", an array, and "writes"; "warnings" where there may be some.
 * In text one line per step: + create, ~ change, - remove.
 */
void pn_cmd_steps(struct pn_out *out, const struct pn_plan *plan,
		  const struct pn_shaper_steps *shapers, uint64_t writes);
/* The same of what is not done yet, with what apply will want to be allowed: "mass_delete". */
void pn_cmd_plan_steps(struct pn_out *out, const struct pn_plan *plan,
		       const struct pn_shaper_steps *shapers);

#endif
