// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The option table: what each type takes, and the exact sentence about each
 * way to get it wrong.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/opt.h"
#include "tap.h"

#define WORDS_MAX 32

static const char *const hook_words[] = { "auto", "xdp", "tc", NULL };
static const char *const gate_words[] = { "netfilter", "tap", "vrf", NULL };

struct values {
	bool quiet;
	const char *file;
	uint32_t port;
	uint32_t number;
	unsigned int hook;
	unsigned int color;
	struct pn_list ignore;
	struct pn_list names;
	uint64_t burst;
	uint32_t every;
};

#define AT(field) .offset = offsetof(struct values, field)

static const struct pn_opt rows[] = {
	{ "quiet", 'q', PN_OPT_FLAG, NULL, AT(quiet), .help = "say less" },
	{ "file", 'f', PN_OPT_STRING, "FILE", AT(file), .help = "a file" },
	{ "port", 0, PN_OPT_U32, "PORT", AT(port), .min = 1, .max = 65535, .help = "a port" },
	{ "number", 0, PN_OPT_U32, "N", AT(number), .help = "any number" },
	{ "hook", 'H', PN_OPT_ENUM, NULL, AT(hook), .words = hook_words, .help = "a hook" },
	{ "color", 'c', PN_OPT_ENUM, NULL, AT(color), .words = hook_words, .missing = "xdp",
	  .help = "a colour" },
	{ "ignore", 'i', PN_OPT_LIST, "GATES", AT(ignore), .words = gate_words,
	  .help = "gates" },
	{ "names", 0, PN_OPT_LIST, "NAMES", AT(names), .help = "names" },
	{ "burst", 0, PN_OPT_SIZE, "SIZE", AT(burst), .max = 1 << 20, .help = "a size" },
	{ "every", 0, PN_OPT_DURATION, "TIME", AT(every), .min = 100, .help = "a time" },
	PN_OPT_END
};

/* One command line in a parsed state. */
struct parsed {
	char text[256];
	char *argv[WORDS_MAX];
	int argc, ret;
	struct values v;
	struct pn_err err;
};

static void line_parse(struct parsed *p, const char *line, bool stop)
{
	struct pn_opt_set sets[] = { { rows, &p->v }, { NULL, NULL } };
	char *save = NULL;
	char *word;

	memset(p, 0, sizeof(*p));
	snprintf(p->text, sizeof(p->text), "cmd %s", line);
	for (word = strtok_r(p->text, " ", &save); word; word = strtok_r(NULL, " ", &save))
		p->argv[p->argc++] = strcmp(word, "''") ? word : word + 2;
	p->ret = pn_opt_parse(sets, stop, "cmd", p->argc, p->argv, &p->err);
}

static const struct {
	const char *line;
	const char *text;
} wrong[] = {
	{ "--quite", "unknown option '--quite'; did you mean '--quiet'?" },
	{ "--qiuet=3", "unknown option '--qiuet'; did you mean '--quiet'?" },
	{ "--zebra", "unknown option '--zebra'" },
	{ "-x", "unknown option '-x'" },
	{ "-qx", "unknown option '-x'" },
	{ "--n 1", "option '--n' is the beginning of several" },
	{ "--quiet=yes", "option '--quiet' takes no value" },
	{ "--file", "option '--file' needs a value: FILE" },
	{ "-f", "option '--file' needs a value: FILE" },
	{ "--hook", "option '--hook' needs a value: auto, xdp or tc" },
	{ "--port 0", "--port '0': must be a whole number from 1 to 65535" },
	{ "--port 65536", "--port '65536': must be a whole number from 1 to 65535" },
	{ "--port -1", "--port '-1': must be a whole number" },
	{ "--port 0x", "--port '0x': must be a whole number" },
	{ "--port 80a", "--port '80a': must be a whole number" },
	{ "--port ''", "--port '': must be a whole number" },
	{ "--number 4294967296",
	  "--number '4294967296': must be a whole number from 0 to 4294967295" },
	{ "--number 99999999999999999999",
	  "--number '99999999999999999999': must be a whole number from 0 to 4294967295" },
	{ "--hook xpd", "--hook 'xpd': must be auto, xdp or tc; did you mean 'xdp'?" },
	{ "--hook nothing", "--hook 'nothing': must be auto, xdp or tc" },
	{ "--color=re", "--color 're': must be auto, xdp or tc" },
	{ "--ignore tap,netfliter",
	  "--ignore 'netfliter': must be netfilter, tap or vrf; did you mean 'netfilter'?" },
	{ "--ignore tap,,vrf", "--ignore '': must be words separated by single commas" },
	{ "--burst 64kb", "--burst '64kb': must be a size such as 1500, 64k or 2m" },
	{ "--burst 2m",
	  "--burst '2m': must be a size such as 1500, 64k or 2m from 0 to 1048576" },
	{ "--burst 99999999999g",
	  "--burst '99999999999g': must be a size such as 1500, 64k or 2m from 0 to 1048576" },
	{ "--every 5x", "--every '5x': must be a time such as 500ms, 10s or 5m" },
	{ "--every 1..5", "--every '1..5': must be a time such as 500ms, 10s or 5m" },
	{ "--every 10ms",
	  "--every '10ms': must be a time such as 500ms, 10s or 5m from 100ms to 4294967295ms" },
};

static void wrong_test(void)
{
	struct parsed p;
	unsigned int i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		tap_case("refused: %s", wrong[i].line);
		line_parse(&p, wrong[i].line, false);
		tap_eq(p.ret, -EINVAL, "return");
		tap_eq(p.err.code, PN_EXIT_USAGE, "exit status");
		tap_str(p.err.object, "cmd", "object");
		tap_str(p.err.text, wrong[i].text, "sentence");
		tap_end();
	}
}

static void types_test(void)
{
	struct parsed p;

	tap_case("every type takes its values");
	line_parse(&p, "-qf x --port=0x1f --number 7 -Htc -c=auto one "
		       "-i tap,vrf --burst 64k --every 1.5s --ign netfilter two", false);
	tap_eq(p.ret, p.argc - 2, "words are moved to the end");
	tap_true(p.v.quiet, "flag");
	tap_str(p.v.file, "x", "string");
	tap_eq(p.v.port, 31, "u32 in hexadecimal");
	tap_eq(p.v.hook, 2, "enum");
	tap_eq(p.v.color, 0, "optional enum behind a short option");
	tap_eq(p.v.ignore.n, 3, "list, option given twice, name abbreviated");
	tap_str(p.v.ignore.word[2], "netfilter", "last word of the list");
	tap_eq(p.v.burst, 65536, "size");
	tap_eq(p.v.every, 1500, "duration");
	tap_end();

	tap_case("values left out, bare seconds, units");
	line_parse(&p, "--color --every 3 --names a,b", false);
	tap_eq(p.v.color, 1, "optional enum");
	tap_eq(p.v.every, 3000, "seconds");
	tap_eq(p.v.names.n, 2, "free list");
	line_parse(&p, "--every 0.25m -- --quiet", false);
	tap_eq(p.v.every, 15000, "fraction of a minute");
	tap_true(!p.v.quiet, "-- ends the options");
	tap_end();

	tap_case("with stop the first word ends the options");
	line_parse(&p, "-q show --bogus", true);
	tap_eq(p.ret, 2, "index of the word");
	tap_true(p.v.quiet, "flag before it");
	tap_end();
}

static void help_test(void)
{
	char *text = NULL, *line, *save = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	pn_opt_help(f, rows);
	fclose(f);
	tap_case("help text holds every row and fits 80 columns");
	tap_true(strstr(text, "-H, --hook auto|xdp|tc") != NULL, "enum shows its words");
	tap_true(strstr(text, "--color[=auto|xdp|tc]") != NULL, "optional value");
	tap_true(strstr(text, "      --port PORT") != NULL, "no letter");
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		tap_true(strlen(line) < 80, line);
	tap_end();
	free(text);
}

int main(void)
{
	types_test();
	wrong_test();
	help_test();
	return tap_done();
}
