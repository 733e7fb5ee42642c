/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Options as rows. One row drives parsing, the check of the value, the
 * sentence about a wrong one, and the help text. getopt_long() does the
 * splitting underneath. Values land in a struct at the row's offset; strings
 * and list words point into argv, which a list splits in place.
 */
#ifndef PN_CLI_OPT_H
#define PN_CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "util/err.h"

#define PN_LIST_MAX 128

/* A list option: --ignore a,b --ignore c. */
struct pn_list {
	unsigned int n;
	const char *word[PN_LIST_MAX];
};

enum pn_opt_type {
	PN_OPT_FLAG,		/* bool */
	PN_OPT_STRING,		/* const char * */
	PN_OPT_U32,		/* uint32_t, min..max (max 0: no limit) */
	PN_OPT_ENUM,		/* unsigned int, index into words */
	PN_OPT_LIST,		/* struct pn_list; words, where given, limits it */
	PN_OPT_SIZE,		/* uint64_t, bytes: 64k */
	PN_OPT_DURATION,	/* uint32_t, milliseconds: 500ms, 10, 5m */
};

struct pn_opt {
	const char *name;	/* without the dashes; NULL ends the table */
	char letter;		/* 0: none */
	enum pn_opt_type type;
	const char *metavar;	/* NULL for flags; NULL for enums: made of words */
	size_t offset;		/* of the destination */
	uint64_t min, max;	/* of U32, SIZE and DURATION; max 0: no limit */
	const char *const *words;
	const char *missing;	/* value taken when "=VALUE" is left out; NULL: needed */
	const char *help;
};

#define PN_OPT_END { .name = NULL }

/* Rows, and the struct their values go to. */
struct pn_opt_set {
	const struct pn_opt *rows;
	void *dest;
};

/*
 * Parse @argv (argv[0] is skipped) by @sets, an array ended by .rows NULL.
 * With @stop the first word that is no option ends it; otherwise words are
 * moved to the end, as GNU programs do. Returns the index of the first such
 * word, or -EINVAL with @err about @object.
 */
int pn_opt_parse(const struct pn_opt_set *sets, bool stop, const char *object,
		 int argc, char **argv, struct pn_err *err);

/* Help text of @rows: aligned, wrapped at 80 columns. */
void pn_opt_help(FILE *f, const struct pn_opt *rows);

#endif
