// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* penstock plan FILE */
#include "cmd/steps.h"
#include "topo/file.h"

static int plan_run(struct pn_run *ctx, int argc, char **argv)
{
	const struct pn_topo_opts *o = ctx->opts;
	struct pn_shaper_steps shapers = { 0 };
	struct pn_plan *plan = NULL;
	struct pn_topo *topo;
	int rc;

	rc = pn_topo_read(argv[0], &topo, &ctx->err);
	if (!rc)
		rc = pn_plan_make(topo, o->state, &plan, &ctx->err);
	if (!rc)
		rc = pn_shaper_steps_make(&shapers, ctx->global.bpffs, topo, argv[0], &ctx->err);
	if (!rc) {
		pn_cmd_plan_steps(ctx->out, plan, &shapers);
		rc = pn_plan_steps(plan) || shapers.n ? PN_EXIT_DIFF : 0;
	}
	pn_shaper_steps_free(&shapers);
	pn_plan_free(plan);
	pn_topo_free(topo);
	return rc;
}

static const struct pn_opt plan_rows[] = { PN_OPT_STATE, PN_OPT_END };

const struct pn_cmd pn_cmd_plan = {
	.name = "plan",
	.args = "FILE",
	.brief = "what apply would change; nothing is done",
	.help = "Compares the links, addresses and namespaces of FILE with what is there and "
		"lists the steps from one to the other: + create, ~ change, - remove, each "
		"with its reason; the same of shapers, with warnings about those that will not do "
		"what was meant; and says when apply will need --allow-mass-delete. "
		"Exit status 0: no difference, 3: there are some.",
	.rows = plan_rows,
	.opts_size = sizeof(struct pn_topo_opts),
	.defaults = &pn_topo_defaults,
	.min_args = 1,
	.max_args = 1,
	.run = plan_run,
};
