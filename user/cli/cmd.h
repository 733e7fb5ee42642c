/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a command is. Each lives in cmd/NAME.c as the constant pn_cmd_NAME;
 * main.c lists them. A command reads its options from ctx->opts (the struct
 * its rows describe, zeroed or copied from .defaults first), writes results
 * by ctx->out only, and fills ctx->err when it fails: it prints no error
 * itself.
 */
#ifndef PN_CLI_CMD_H
#define PN_CLI_CMD_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/opt.h"
#include "cli/out.h"
#include "util/err.h"

struct pn_cmd;

enum pn_color {
	PN_COLOR_AUTO,
	PN_COLOR_ALWAYS,
	PN_COLOR_NEVER,
};

/* Options every command takes, before or after its name. */
struct pn_global {
	bool json;
	bool pretty;
	bool details;
	bool help;
	bool version;
	unsigned int color;	/* enum pn_color */
	const char *netns;	/* already entered when a command runs; or NULL */
	const char *bpffs;	/* the pin directory, never NULL */
};

/* Move the process into a network namespace; 0 or -errno. Not cli's own trade. */
typedef int pn_netns_fn(const char *name, struct pn_err *err);

/* One run of one command. */
struct pn_run {
	const struct pn_cmd *cmd;
	pn_netns_fn *netns_enter;
	const struct pn_cmd *const *cmds;	/* all of them, ended by NULL */
	const void *opts;
	struct pn_global global;
	struct pn_out *out;
	struct pn_err err;
};

struct pn_cmd {
	const char *name;
	const char *args;	/* words after the name: "FILE", "[links|ports]" */
	const char *brief;	/* one line, no full stop */
	const char *help;	/* paragraphs; wrapped when printed */
	const struct pn_opt *rows;	/* ended by PN_OPT_END; NULL: none */
	size_t opts_size;	/* of the struct the rows write to */
	const void *defaults;	/* its first content; NULL: zeroes */
	int min_args, max_args;	/* words after the options; max -1: any */
	/*
	 * argv[0..argc) are the words after the options. Returns 0, or a
	 * positive exit status that is a result and no failure
	 * (PN_EXIT_DIFF), or -errno with ctx->err filled.
	 */
	int (*run)(struct pn_run *ctx, int argc, char **argv);
};

extern const struct pn_opt pn_global_rows[];

/* The command @word names or abbreviates, into ctx->cmd; 0 or -EINVAL with ctx->err. */
int pn_cmd_find(struct pn_run *ctx, const char *word);

/* Parse, switch the network namespace, run, report; the exit status. */
int pn_cmd_main(const struct pn_cmd *const *cmds, pn_netns_fn *netns_enter,
		int argc, char **argv);

#endif
