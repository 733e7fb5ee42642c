// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Nearest words and abbreviations. */
#include <string.h>

#include "tap.h"
#include "util/words.h"

static const char *const list[] = {
	"apply", "attach", "delete", "detach", "show", "stats", "version", "mtu", NULL
};

static const struct {
	const char *word, *nearest;
} near_rows[] = {
	{ "shwo", "show" },	{ "SHOW", "show" },	{ "sow", "show" },
	{ "atach", "attach" },	{ "deatch", "detach" },	{ "versions", "version" },
	{ "stat", "stats" },	{ "ver", "version" },	{ "mut", "mtu" },
	{ "x", NULL },		{ "", NULL },		{ "zebra", NULL },
	{ "a-word-that-is-very-much-longer-than-any-that-is-known-here", NULL },
};

static const struct {
	const char *word;
	int want;
} abbrev_rows[] = {
	{ "show", 4 }, { "sh", 4 }, { "s", -2 }, { "at", 1 }, { "a", -2 }, { "v", 6 },
	{ "", -1 }, { "showx", -1 }, { "mtu", 7 },
};

int main(void)
{
	char buf[64];
	unsigned int i;

	for (i = 0; i < sizeof(near_rows) / sizeof(near_rows[0]); i++) {
		const char *got = pn_word_nearest(near_rows[i].word, list);
		const char *want = near_rows[i].nearest;

		tap_case("nearest to '%s'", near_rows[i].word);
		tap_str(got ? got : "(none)", want ? want : "(none)", "word");
		tap_end();
	}
	tap_case("abbreviations");
	for (i = 0; i < sizeof(abbrev_rows) / sizeof(abbrev_rows[0]); i++)
		tap_eq(pn_word_abbrev(abbrev_rows[i].word, list), abbrev_rows[i].want,
		       abbrev_rows[i].word);
	tap_end();
	tap_case("joined");
	tap_str(pn_word_join(list + 5, buf, sizeof(buf)), "stats, version or mtu", "three");
	tap_str(pn_word_join(list + 7, buf, sizeof(buf)), "mtu", "one");
	tap_str(pn_word_join(list + 8, buf, sizeof(buf)), "", "none");
	pn_word_join(list, buf, 8);
	tap_eq(strlen(buf), 7, "cut off");
	tap_end();
	return tap_done();
}
