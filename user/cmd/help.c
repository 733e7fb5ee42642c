// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* penstock help [COMMAND] */
#include "cli/cmd.h"
#include "cli/usage.h"

static int help_run(struct pn_run *ctx, int argc, char **argv)
{
	int ret;

	if (!argc) {
		pn_usage_program(stdout, ctx->cmds);
		return 0;
	}
	ret = pn_cmd_find(ctx, argv[0]);
	if (!ret)
		pn_usage_cmd(stdout, ctx->cmd);
	return ret;
}

const struct pn_cmd pn_cmd_help = {
	.name = "help",
	.args = "[COMMAND]",
	.brief = "explain the program or one command",
	.max_args = 1,
	.run = help_run,
};
