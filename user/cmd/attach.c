// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* penstock attach: ports by name, and what `attach`, `detach` and `run` print of one. */
#include <errno.h>
#include <stdlib.h>

#include "cli/cmd.h"
#include "cmd/attach_show.h"
#include "cmd/port_opts.h"
#include "cmd/request.h"
#include "util/log.h"

static const struct pn_col cols[] = {
	{ "device", "DEVICE", PN_LEFT },
	{ "state", "STATE", PN_LEFT },
	{ "hook", "HOOK", PN_LEFT },
	{ "mode", "MODE", PN_LEFT },
	{ "checksum", "CHECKSUM", PN_LEFT },
	{ "why", "WHY THIS HOOK", PN_LEFT },
	PN_COL_END
};

const struct pn_table pn_attached_table = {
	.key = "ports", .none = "No port is attached.", .cols = cols,
};

void pn_attached_show(struct pn_out *o, const struct pn_record *r)
{
	bool xdp = r->hook == PN_HOOK_XDP;

	pn_out_row(o);
	pn_out_str(o, "device", r->dev);
	pn_out_u64(o, "ifindex", r->ifindex);
	pn_out_str(o, "state", pn_port_state_words[r->state]);
	if (r->state == PN_PORT_ATTACHED) {
		pn_out_str(o, "hook", pn_hook_words[r->hook]);
		pn_out_str(o, "mode", xdp ? pn_mode_words[r->mode] : r->tcx ? "tcx" : "clsact");
	} else {
		pn_out_null(o, "hook");
		pn_out_null(o, "mode");
	}
	pn_out_str(o, "checksum", pn_checksum_words[r->checksum]);
	pn_out_bool(o, "shared", r->shared);
	pn_out_u64(o, "program", r->prog_id);
	pn_out_str(o, "why", r->state == PN_PORT_ATTACHED ? r->why : r->text);
	pn_out_row_end(o);
}

static void result_show(struct pn_run *ctx, const struct pn_request *req, int n)
{
	int i;

	pn_out_table(ctx->out, &pn_attached_table);
	for (i = 0; i < n; i++)
		pn_attached_show(ctx->out, &req[i].record);
	pn_out_table_end(ctx->out);
}

static int attach_run(struct pn_run *ctx, int argc, char **argv)
{
	struct pn_request *req = calloc(argc, sizeof(*req));
	struct pn_sizes sizes;
	struct pn_requests all = { .sizes = &sizes, .req = req, .n = argc };
	int i, ret = 0;

	if (!req)
		return pn_err_memory(&ctx->err, NULL);
	pn_port_opts_sizes(ctx->opts, &sizes);
	for (i = 0; i < argc && !ret; i++)
		ret = pn_port_opts_conf(ctx->opts, argv[i], &req[i].conf, &ctx->err);
	if (!ret)
		ret = pn_caps_check("attach", &ctx->err);
	if (!ret)
		ret = pn_requests_attach(ctx->global.bpffs, &all, &ctx->err);
	if (!ret)
		result_show(ctx, req, argc);
	if (!ret && !all.followed)
		pn_log(PN_LOG_WARN, "the maps hold what the kernel knows now; "
		       "nothing follows it until `penstock run`");
	free(req);
	return ret;
}

const struct pn_cmd pn_cmd_attach = {
	.name = "attach",
	.args = "DEV...",
	.brief = "accelerate what arrives on these devices",
	.help = "Loads the data plane for each device and pins it, so that it works on when "
		"the command has ended. Beside a running `penstock run`, that one follows the "
		"kernel for the new ports as well; without it the maps hold what the kernel "
		"knew when they were attached. Attaching again changes the options.",
	.rows = pn_attach_rows,
	.opts_size = sizeof(struct pn_port_opts),
	.min_args = 1,
	.max_args = -1,
	.run = attach_run,
};
