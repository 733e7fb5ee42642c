// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * From argv to a command and back to an exit status; see cmd.h. Knows no
 * command by name but "help", which every command understands as a word.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cli/report.h"
#include "cli/usage.h"
#include "util/log.h"
#include "util/words.h"

#define CMDS_MAX 32

static const char *const color_words[] = { "auto", "always", "never", NULL };

#define GLOBAL(field) .offset = offsetof(struct pn_global, field)

const struct pn_opt pn_global_rows[] = {
	{ "json", 'j', PN_OPT_FLAG, GLOBAL(json), .help = "print JSON" },
	{ "pretty", 'p', PN_OPT_FLAG, GLOBAL(pretty), .help = "print JSON, indented" },
	{ "details", 'd', PN_OPT_FLAG, GLOBAL(details),
	  .help = "say more: details in results, messages of libbpf and the verifier" },
	{ "netns", 'n', PN_OPT_STRING, "NETNS", GLOBAL(netns),
	  .help = "work in this network namespace" },
	{ "bpffs", 0, PN_OPT_STRING, "DIR", GLOBAL(bpffs),
	  .help = "directory of the pins; /sys/fs/bpf/penstock if not given" },
	{ "color", 'c', PN_OPT_ENUM, NULL, GLOBAL(color), .words = color_words,
	  .missing = "always",
	  .help = "colours in text; auto, the default, heeds NO_COLOR and the terminal" },
	{ "version", 'V', PN_OPT_FLAG, GLOBAL(version), .help = "as 'penstock version'" },
	{ "help", 'h', PN_OPT_FLAG, GLOBAL(help),
	  .help = "as 'penstock help', or help on the command given" },
	PN_OPT_END
};

static void names_collect(const struct pn_cmd *const *cmds, const char **names)
{
	unsigned int i;

	for (i = 0; i < CMDS_MAX && cmds[i]; i++)
		names[i] = cmds[i]->name;
	names[i] = NULL;
}

static int ambiguous_error(struct pn_run *ctx, const char *word, const char *const *names)
{
	const char *match[CMDS_MAX + 1];
	char all[256];
	unsigned int n = 0;

	for (; *names; names++)
		if (!strncmp(word, *names, strlen(word)))
			match[n++] = *names;
	match[n] = NULL;
	return pn_err_set(&ctx->err, PN_EXIT_USAGE, EINVAL, NULL,
			  "command '%s' is ambiguous: %s", word,
			  pn_word_join(match, all, sizeof(all)));
}

int pn_cmd_find(struct pn_run *ctx, const char *word)
{
	const char *names[CMDS_MAX + 1];
	const char *near;
	int i, ret;

	names_collect(ctx->cmds, names);
	i = pn_word_abbrev(word, names);
	if (i >= 0) {
		ctx->cmd = ctx->cmds[i];
		return 0;
	}
	if (i == -2)
		return ambiguous_error(ctx, word, names);
	near = pn_word_nearest(word, names);
	ret = pn_err_set(&ctx->err, PN_EXIT_USAGE, EINVAL, NULL, "unknown command '%s'%s%s%s",
			 word, near ? "; did you mean '" : "", near ? near : "",
			 near ? "'?" : "");
	pn_err_hint(&ctx->err, "'penstock help' lists the commands");
	return ret;
}

static int words_check(struct pn_run *ctx, int argc, char **argv)
{
	const struct pn_cmd *cmd = ctx->cmd;
	int ret;

	if (argc < cmd->min_args)
		ret = pn_err_set(&ctx->err, PN_EXIT_USAGE, EINVAL, cmd->name,
				 "something is missing: penstock %s %s", cmd->name, cmd->args);
	else if (cmd->max_args >= 0 && argc > cmd->max_args)
		ret = pn_err_set(&ctx->err, PN_EXIT_USAGE, EINVAL, cmd->name,
				 "one word too many: '%s'", argv[cmd->max_args]);
	else
		return 0;
	pn_err_hint(&ctx->err, "'penstock help %s' says what it takes", cmd->name);
	return ret;
}

static bool color_wanted(const struct pn_global *g)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (g->color != PN_COLOR_AUTO)
		return g->color == PN_COLOR_ALWAYS;
	return !(no && *no) && isatty(STDOUT_FILENO) && !(term && !strcmp(term, "dumb"));
}

static int out_finish(struct pn_run *ctx, int ret)
{
	int err;

	if (!ctx->out)
		return ret;
	err = pn_out_close(ctx->out);
	ctx->out = NULL;
	/* A reader that has seen enough (head, less) is no failure. */
	if (!err || err == -EPIPE || ret < 0)
		return ret;
	return pn_err_set(&ctx->err, PN_EXIT_KERNEL, -err, "standard output",
			  "cannot write: %s", strerror(-err));
}

static int cmd_execute(struct pn_run *ctx, int argc, char **argv, bool *printed)
{
	int ret = words_check(ctx, argc, argv);

	if (!ret && ctx->global.netns)
		ret = ctx->netns_enter(ctx->global.netns, &ctx->err);
	if (ret)
		return ret;
	ctx->out = pn_out_open(stdout, ctx->global.json, ctx->global.pretty,
			       color_wanted(&ctx->global));
	if (!ctx->out)
		return pn_err_memory(&ctx->err, NULL);
	ret = ctx->cmd->run(ctx, argc, argv);
	*printed = pn_out_started(ctx->out);
	return out_finish(ctx, ret);
}

/* Parse the words after the command's name and run it. */
static int cmd_start(struct pn_run *ctx, int argc, char **argv, bool *printed)
{
	static const struct pn_opt none[] = { PN_OPT_END };
	const struct pn_cmd *cmd = ctx->cmd;
	void *opts = calloc(1, cmd->opts_size ? cmd->opts_size : 1);
	struct pn_opt_set sets[] = {
		{ pn_global_rows, &ctx->global }, { cmd->rows ? cmd->rows : none, opts },
		{ NULL, NULL }
	};
	int ret;

	if (!opts)
		return pn_err_memory(&ctx->err, NULL);
	if (cmd->defaults)
		memcpy(opts, cmd->defaults, cmd->opts_size);
	ctx->opts = opts;
	ret = pn_opt_parse(sets, false, cmd->name, argc, argv, &ctx->err);
	ctx->global.json |= ctx->global.pretty;
	if (ret < 0)
		goto out;
	argc -= ret;
	argv += ret;
	pn_log_set_level(ctx->global.details ? PN_LOG_DEBUG : PN_LOG_WARN);
	if (ctx->global.help || (argc == 1 && !strcmp(argv[0], "help"))) {
		pn_usage_cmd(stdout, cmd);
		ret = 0;
	} else {
		ret = cmd_execute(ctx, argc, argv, printed);
	}
out:
	ctx->opts = NULL;
	free(opts);
	return ret;
}

/* Options before the command, then the command; 0 or -errno, or an exit status. */
static int program_start(struct pn_run *ctx, int argc, char **argv, bool *printed)
{
	struct pn_opt_set sets[] = { { pn_global_rows, &ctx->global }, { NULL, NULL } };
	char *word;
	int ret = pn_opt_parse(sets, true, NULL, argc, argv, &ctx->err);

	ctx->global.json |= ctx->global.pretty;
	if (ret < 0)
		return ret;
	argc -= ret;
	argv += ret;
	if (!argc && ctx->global.help) {
		pn_usage_program(stdout, ctx->cmds);
		return 0;
	}
	if (!argc && !ctx->global.version) {
		pn_usage_program(stderr, ctx->cmds);
		return PN_EXIT_USAGE;
	}
	word = ctx->global.version ? "version" : argv[0];
	ret = pn_cmd_find(ctx, word);
	if (ret)
		return ret;
	return cmd_start(ctx, ctx->global.version ? 1 : argc, argv, printed);
}

/* A wrong option may stand before the -j that asks for JSON. */
static bool json_wanted(const struct pn_global *g, char **argv)
{
	static const char *const words[] = { "-j", "--json", "-p", "--pretty", NULL };

	if (g->json)
		return true;
	while (*++argv && strcmp(*argv, "--"))
		if (pn_word_find(*argv, words) >= 0)
			return true;
	return false;
}

int pn_cmd_main(const struct pn_cmd *const *cmds, pn_netns_fn *netns_enter,
		int argc, char **argv)
{
	struct pn_run ctx = { .cmds = cmds, .netns_enter = netns_enter,
			      .global.bpffs = "/sys/fs/bpf/penstock" };
	bool printed = false;
	int ret = program_start(&ctx, argc, argv, &printed);
	bool json;

	if (ret >= 0)
		return ret;
	json = json_wanted(&ctx.global, argv);
	if (!ctx.err.sys)
		ctx.err.sys = -ret;
	return pn_report(json && !printed ? stdout : stderr, json, ctx.global.pretty,
			 &ctx.err);
}
