// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * penstock help: the program, a command, or one of the tables that its output
 * is written in. Under -j the command and option rows themselves.
 */
#include <string.h>

#include "cli/cmd.h"
#include "cli/usage.h"
#include "util/names.h"

static const char *const type_words[] = {
	[PN_OPT_FLAG] = "flag",	[PN_OPT_STRING] = "string",	[PN_OPT_U32] = "number",
	[PN_OPT_ENUM] = "word",	[PN_OPT_LIST] = "list",		[PN_OPT_SIZE] = "size",
	[PN_OPT_DURATION] = "duration",
};

static const struct pn_col no_cols[] = { PN_COL_END };

static const struct pn_table commands_table = { .key = "commands", .cols = no_cols };
static const struct pn_table options_table = { .key = "options", .cols = no_cols };

static void option_row(struct pn_out *o, const struct pn_opt *row)
{
	const char letter[] = { row->letter, '\0' };
	unsigned int i;

	pn_out_str(o, "name", row->name);
	if (row->letter)
		pn_out_str(o, "letter", letter);
	else
		pn_out_null(o, "letter");
	pn_out_str(o, "type", type_words[row->type]);
	pn_out_array(o, "words");
	for (i = 0; row->words && row->words[i]; i++)
		pn_out_str(o, NULL, row->words[i]);
	pn_out_end(o);
	pn_out_str(o, "help", row->help);
}

static void command_row(struct pn_out *o, const struct pn_cmd *cmd)
{
	const struct pn_opt *row;

	pn_out_row(o);
	pn_out_str(o, "name", cmd->name);
	pn_out_str(o, "args", cmd->args ? cmd->args : "");
	pn_out_str(o, "brief", cmd->brief);
	pn_out_array(o, "options");
	for (row = cmd->rows; row && row->name; row++) {
		pn_out_object(o, NULL);
		option_row(o, row);
		pn_out_end(o);
	}
	pn_out_end(o);
	pn_out_row_end(o);
}

static void program_json(struct pn_run *ctx)
{
	const struct pn_cmd *const *cmd;
	const struct pn_opt *row;

	pn_out_group(ctx->out);
	pn_out_table(ctx->out, &commands_table);
	for (cmd = ctx->cmds; *cmd; cmd++)
		command_row(ctx->out, *cmd);
	pn_out_table_end(ctx->out);
	pn_out_table(ctx->out, &options_table);
	for (row = pn_global_rows; row->name; row++) {
		pn_out_row(ctx->out);
		option_row(ctx->out, row);
		pn_out_row_end(ctx->out);
	}
	pn_out_table_end(ctx->out);
	pn_out_group_end(ctx->out);
}

/* One command: as an array of one, so that a reader needs one shape only. */
static void command_json(struct pn_run *ctx)
{
	pn_out_table(ctx->out, &commands_table);
	command_row(ctx->out, ctx->cmd);
	pn_out_table_end(ctx->out);
}

static const struct pn_col reason_cols[] = {
	{ "reason", "REASON", PN_LEFT },
	{ "verdict", "VERDICT", PN_LEFT },
	{ "meaning", "MEANING", PN_LEFT },
	PN_COL_END
};

static const struct pn_table reason_table = { .key = "reasons", .cols = reason_cols };

static void reasons_show(struct pn_out *o)
{
	unsigned int r;

	pn_out_table(o, &reason_table);
	for (r = 0; r < PN_MAX_REASONS; r++) {
		if (!pn_reason_info[r].name)
			continue;
		pn_out_row(o);
		pn_out_u64(o, "number", r);
		pn_out_str(o, "reason", pn_reason_info[r].name);
		pn_out_str(o, "verdict", pn_verdict_names[pn_reason_info[r].verdict]);
		pn_out_str(o, "meaning", pn_reason_info[r].text);
		pn_out_row_end(o);
	}
	pn_out_table_end(o);
}

static const struct pn_col gate_cols[] = {
	{ "gate", "GATE", PN_LEFT },
	{ "what", "WHAT IT IS", PN_LEFT },
	PN_COL_END
};

static const struct pn_table gate_table = { .key = "gates", .cols = gate_cols };

static void gates_show(struct pn_out *o)
{
	unsigned int b;

	pn_out_table(o, &gate_table);
	for (b = 0; b < PN_GATES; b++) {
		if (!pn_gate_info[b].name)
			continue;
		pn_out_row(o);
		pn_out_str(o, "gate", pn_gate_info[b].name);
		pn_out_str(o, "what", pn_gate_info[b].text);
		pn_out_str(o, "cure", pn_gate_info[b].cure);
		pn_out_note(o, "cure: %s", pn_gate_info[b].cure);
		pn_out_row_end(o);
	}
	pn_out_table_end(o);
}

static const struct pn_col why_cols[] = {
	{ "why", "WHY", PN_LEFT },
	{ "what", "WHAT IT MEANS", PN_LEFT },
	PN_COL_END
};

static const struct pn_table why_table = { .key = "tunnels", .cols = why_cols };

static void whys_show(struct pn_out *o)
{
	unsigned int w;

	pn_out_table(o, &why_table);
	for (w = 0; w < PN_WHYS; w++) {
		if (!pn_why_info[w].name)
			continue;
		pn_out_row(o);
		pn_out_u64(o, "number", w);
		pn_out_str(o, "why", pn_why_info[w].name);
		pn_out_str(o, "what", pn_why_info[w].text);
		pn_out_row_end(o);
	}
	pn_out_table_end(o);
}

static const struct {
	const char *word;
	void (*show)(struct pn_out *o);
} lists[] = {
	{ "reasons", reasons_show }, { "gates", gates_show }, { "tunnels", whys_show },
};

static int help_run(struct pn_run *ctx, int argc, char **argv)
{
	unsigned int i;
	int ret;

	for (i = 0; argc && i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (strcmp(argv[0], lists[i].word))
			continue;
		lists[i].show(ctx->out);
		return 0;
	}
	ret = argc ? pn_cmd_find(ctx, argv[0]) : 0;
	if (ret)
		return ret;
	if (pn_out_is_json(ctx->out) && !argc)
		program_json(ctx);
	else if (pn_out_is_json(ctx->out))
		command_json(ctx);
	else if (argc)
		pn_usage_cmd(stdout, ctx->cmd);
	else
		pn_usage_program(stdout, ctx->cmds);
	return 0;
}

const struct pn_cmd pn_cmd_help = {
	.name = "help",
	.args = "[COMMAND|reasons|gates|tunnels]",
	.brief = "explain the program, a command, reasons, gates or tunnels",
	.help = "Explains the program or one command. 'help reasons' lists every way a packet "
		"can leave the data plane, 'help gates' everything that closes it and the "
		"cure, 'help tunnels' why a tunnel device is left to the kernel. "
		"Under -j the commands and options themselves, for completion and the "
		"like.",
	.max_args = 1,
	.run = help_run,
};
