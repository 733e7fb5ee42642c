// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * From a command line to an exit status, with commands made up for it: what
 * goes to stdout, what to stderr, in text and as JSON.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "tap.h"

#define WORDS_MAX 16

struct fake_opts {
	uint32_t number;
	bool quiet;
};

static const struct pn_opt fake_rows[] = {
	{ "number", 'N', PN_OPT_U32, "N", offsetof(struct fake_opts, number), .max = 9,
	  .help = "a number" },
	{ "quiet", 'q', PN_OPT_FLAG, NULL, offsetof(struct fake_opts, quiet),
	  .help = "say nothing" },
	PN_OPT_END
};

static const struct fake_opts fake_defaults = { .number = 5 };

static const struct pn_col fake_cols[] = { { "number", "number", PN_LEFT }, PN_COL_END };
static const struct pn_table fake_table = { .key = "fake", .record = true,
					    .cols = fake_cols };

static int good_run(struct pn_run *ctx, int argc, char **argv)
{
	const struct fake_opts *opts = ctx->opts;

	if (opts->quiet)
		return PN_EXIT_DIFF;
	pn_out_table(ctx->out, &fake_table);
	pn_out_row(ctx->out);
	pn_out_u64(ctx->out, "number", opts->number);
	pn_out_row_end(ctx->out);
	pn_out_table_end(ctx->out);
	return 0;
}

static int bad_run(struct pn_run *ctx, int argc, char **argv)
{
	return pn_err_set(&ctx->err, PN_EXIT_UNDONE, EBUSY, argv[0], "is busy");
}

/* Fails when something has been printed already. */
static int late_run(struct pn_run *ctx, int argc, char **argv)
{
	good_run(ctx, argc, argv);
	return pn_err_set(&ctx->err, PN_EXIT_KERNEL, EIO, "late", "failed at the end");
}

static const struct pn_cmd good = {
	.name = "good", .brief = "does well", .rows = fake_rows,
	.opts_size = sizeof(struct fake_opts), .defaults = &fake_defaults, .run = good_run,
};
static const struct pn_cmd goose = {
	.name = "goose", .brief = "flies", .opts_size = sizeof(struct fake_opts),
	.run = good_run,
};
static const struct pn_cmd bad = {
	.name = "bad", .brief = "fails", .args = "WHAT", .min_args = 1, .max_args = 1,
	.run = bad_run,
};
static const struct pn_cmd late = {
	.name = "late", .brief = "fails late", .rows = fake_rows,
	.opts_size = sizeof(struct fake_opts), .run = late_run,
};

static const struct pn_cmd *const cmds[] = { &good, &goose, &bad, &late, NULL };

static int netns_enter(const char *name, struct pn_err *err)
{
	if (!strcmp(name, "known"))
		return 0;
	return pn_err_set(err, PN_EXIT_KERNEL, ENOENT, name, "no such namespace");
}

/* What a run printed. */
struct result {
	int status;
	char out[4096], err[4096];
};

static void fd_take(int fd, char *buf, size_t size)
{
	ssize_t n = pread(fd, buf, size - 1, 0);

	buf[n > 0 ? n : 0] = '\0';
	close(fd);
}

static void line_run(struct result *r, const char *line)
{
	int out = memfd_create("out", 0), err = memfd_create("err", 0);
	int stdout_was = dup(STDOUT_FILENO), stderr_was = dup(STDERR_FILENO);
	char text[256], *argv[WORDS_MAX], *save = NULL, *word;
	int argc = 0;

	snprintf(text, sizeof(text), "penstock %s", line);
	for (word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	argv[argc] = NULL;
	fflush(NULL);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	r->status = pn_cmd_main(cmds, netns_enter, argc, argv);
	fflush(NULL);
	dup2(stdout_was, STDOUT_FILENO);
	dup2(stderr_was, STDERR_FILENO);
	close(stdout_was);
	close(stderr_was);
	fd_take(out, r->out, sizeof(r->out));
	fd_take(err, r->err, sizeof(r->err));
}

static const struct {
	const char *line;
	int status;
	const char *out, *err;	/* how they begin; NULL: nothing at all */
} rows[] = {
	{ "good", 0, "number  5\n", NULL },
	{ "good -N3", 0, "number  3\n", NULL },
	{ "-j good", 0, "{\"number\":5}\n", NULL },
	{ "good --json", 0, "{\"number\":5}\n", NULL },
	{ "good -p", 0, "{\n    \"number\": 5\n}\n", NULL },
	{ "goo", 1, NULL, "penstock: command 'goo' is ambiguous: good or goose\n" },
	{ "goos", 0, "", NULL },
	{ "good -q", 3, NULL, NULL },
	{ "b x", 4, NULL, "penstock: x: is busy\n" },
	{ "bad x -j", 4, "{\"error\":{\"code\":4,\"errno\":16,\"object\":\"x\"", NULL },
	{ "bad", 1, NULL, "penstock: bad: something is missing: penstock bad WHAT\n  hint: " },
	{ "bad x y", 1, NULL, "penstock: bad: one word too many: 'y'\n  hint: " },
	{ "good x", 1, NULL, "penstock: good: one word too many: 'x'\n" },
	{ "late -j", 2, "{\"number\":0}\n", "{\"error\":{\"code\":2,\"errno\":5" },
	{ "late", 2, "number  0\n", "penstock: late: failed at the end\n" },
	{ "godo", 1, NULL, "penstock: unknown command 'godo'; did you mean 'good'?\n" },
	{ "good --nmber 3", 1, NULL,
	  "penstock: good: unknown option '--nmber'; did you mean '--number'?\n"
	  "  hint: 'penstock help good' lists the options\n" },
	{ "good --number 10", 1, NULL,
	  "penstock: good: --number '10': must be a whole number from 0 to 9\n" },
	{ "good --bogus -j", 1, "{\"error\":{\"code\":1,\"errno\":22,", NULL },
	{ "-j -x good", 1, "{\"error\":{\"code\":1,\"errno\":22,\"object\":null", NULL },
	{ "", 1, NULL, "Usage: penstock " },
	{ "--help", 0, "Usage: penstock [OPTIONS] COMMAND", NULL },
	{ "-h good", 0, "Usage: penstock good [OPTIONS]\n\ndoes well\n", NULL },
	{ "good help", 0, "Usage: penstock good", NULL },
	{ "bad --help", 0, "Usage: penstock bad WHAT\n", NULL },
	{ "-n known good", 0, "number  5\n", NULL },
	{ "good -n unknown", 2, NULL, "penstock: unknown: no such namespace\n" },
	{ "-V", 1, NULL, "penstock: unknown command 'version'\n" },
};

static bool begins(const char *text, const char *with)
{
	return with ? !strncmp(text, with, strlen(with)) : !*text;
}

int main(void)
{
	struct result r;
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		line_run(&r, rows[i].line);
		tap_case("penstock %s", rows[i].line);
		tap_eq(r.status, rows[i].status, "exit status");
		if (!begins(r.out, rows[i].out))
			tap_fail("stdout: %s", r.out);
		if (!begins(r.err, rows[i].err))
			tap_fail("stderr: %s", r.err);
		if (r.out[0] == '{') {
			struct json_object *o = json_tokener_parse(r.out);

			tap_true(o != NULL, "JSON");
			json_object_put(o);
		}
		tap_end();
	}
	return tap_done();
}
