// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* penstock delete FILE | --all */
#include <errno.h>
#include <unistd.h>

#include "cmd/apply_ports.h"
#include "cmd/steps.h"

struct deletion {
	struct pn_run *ctx;
	bool printed;
};

static int record_delete(const char *path, void *data)
{
	struct deletion *d = data;
	const struct pn_topo_opts *o = d->ctx->opts;
	struct pn_apply a = { 0 };
	int rc;

	rc = pn_topo_delete_record(path, &o->apply, &a, &d->ctx->err);
	if (!rc && !pn_out_is_json(d->ctx->out))
		pn_cmd_steps(d->ctx->out, a.plan, NULL, a.writes);
	d->printed = true;
	pn_apply_close(&a);
	return rc;
}

/* Before anything is detached. */
static int record_check(const char *path, void *data)
{
	struct pn_run *ctx = data;

	return pn_topo_delete_check(NULL, NULL, path, &ctx->err);
}

static int all_delete(struct pn_run *ctx, const char *state)
{
	struct deletion d = { .ctx = ctx };
	int rc, lock;

	lock = pn_ledger_lock(state, &ctx->err);
	if (lock < 0)
		return lock;
	rc = pn_ledger_each(state, record_delete, &d, &ctx->err);
	if (!rc && (!d.printed || pn_out_is_json(ctx->out)))
		pn_cmd_steps(ctx->out, NULL, NULL, 0);
	close(lock);
	return rc;
}

static int delete_run(struct pn_run *ctx, int argc, char **argv)
{
	const struct pn_topo_opts *o = ctx->opts;
	struct pn_shaper_steps shapers = { 0 };
	struct pn_apply a = { 0 };
	int rc;

	if (o->all && argc)
		return pn_err_set(&ctx->err, PN_EXIT_USAGE, EINVAL, "delete",
				  "either FILE or --all, not both");
	if (o->all) {
		rc = o->apply.mass_delete ? 0 :
			pn_ledger_each(o->state, record_check, ctx, &ctx->err);
		if (rc)
			return rc;
		rc = pn_delete_ports(ctx->global.bpffs, NULL, &ctx->err);
		return rc ? rc : all_delete(ctx, o->state);
	}
	if (!argc || !argv[0][0]) {
		pn_err_set(&ctx->err, PN_EXIT_USAGE, EINVAL, "delete", "what to delete is missing");
		pn_err_hint(&ctx->err, "name the FILE that was applied, or give --all");
		return -EINVAL;
	}
	rc = o->apply.mass_delete ? 0 :
		pn_topo_delete_check(argv[0], o->state, NULL, &ctx->err);
	if (!rc)
		rc = pn_shaper_steps_make(&shapers, ctx->global.bpffs, NULL, argv[0], &ctx->err);
	if (!rc)
		rc = pn_delete_ports(ctx->global.bpffs, argv[0], &ctx->err);
	if (!rc)
		rc = pn_topo_delete_as(argv[0], o->state, &o->apply, &a, &ctx->err);
	if (!rc)
		pn_cmd_steps(ctx->out, a.plan, &shapers, a.writes + shapers.n);
	pn_shaper_steps_free(&shapers);
	pn_apply_close(&a);
	return rc;
}

static const struct pn_opt delete_rows[] = {
	{ .name = "all", .type = PN_OPT_FLAG, .offset = offsetof(struct pn_topo_opts, all),
	  .help = "everything that any file made" },
	PN_OPT_MASS,
	PN_OPT_STATE,
	PN_OPT_END,
};

const struct pn_cmd pn_cmd_delete = {
	.name = "delete",
	.args = "FILE | --all",
	.brief = "remove what apply made from a file, and nothing else",
	.help = "Detaches the ports that FILE listed and removes the links, addresses and "
		"namespaces that were made from it, by the "
		"record that apply kept; FILE itself is not read. What existed before, or was "
		"made anew by others since, stays. Removing more than half of the links that the "
		"network namespaces concerned hold needs --allow-mass-delete.",
	.rows = delete_rows,
	.opts_size = sizeof(struct pn_topo_opts),
	.defaults = &pn_topo_defaults,
	.max_args = 1,
	.run = delete_run,
};
