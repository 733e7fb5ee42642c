// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Parsing of option rows; see opt.h. The help text is in usage.c. */
#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "cli/opt.h"
#include "util/num.h"
#include "util/words.h"

#define ROWS_MAX 48
#define LONG_BASE 256	/* val of a long option: this plus its row's number */

/* The rows of all sets side by side, in getopt's shape as well. */
struct opt_table {
	const char *object;
	struct pn_err *err;
	unsigned int n;
	const struct pn_opt *row[ROWS_MAX];
	char *dest[ROWS_MAX];
	struct option longs[ROWS_MAX + 1];
	char shorts[3 * ROWS_MAX + 3];
};

static void table_add(struct opt_table *t, const struct pn_opt *row, void *dest)
{
	int arg = row->type == PN_OPT_FLAG ? no_argument :
		  row->missing ? optional_argument : required_argument;
	size_t used = strlen(t->shorts);

	if (t->n == ROWS_MAX)
		return;
	t->row[t->n] = row;
	t->dest[t->n] = (char *)dest + row->offset;
	t->longs[t->n].name = row->name;
	t->longs[t->n].has_arg = arg;
	t->longs[t->n].val = LONG_BASE + t->n;
	t->n++;
	if (!row->letter)
		return;
	t->shorts[used++] = row->letter;
	if (arg != no_argument)
		t->shorts[used++] = ':';
	if (arg == optional_argument)
		t->shorts[used++] = ':';
}

static void table_init(struct opt_table *t, const struct pn_opt_set *sets, bool stop)
{
	const struct pn_opt *row;

	memset(t, 0, sizeof(*t));
	strcpy(t->shorts, stop ? "+:" : ":");
	for (; sets->rows; sets++)
		for (row = sets->rows; row->name; row++)
			table_add(t, row, sets->dest);
}

/* Row number for what getopt_long() returned or left in optopt, or -1. */
static int table_find(const struct opt_table *t, int val)
{
	unsigned int i;

	if (val >= LONG_BASE)
		return val - LONG_BASE;
	for (i = 0; i < t->n; i++)
		if (val && t->row[i]->letter == val)
			return i;
	return -1;
}

static int value_error(const struct opt_table *t, const struct pn_opt *row,
		       const char *text, const char *must)
{
	return pn_err_set(t->err, PN_EXIT_USAGE, EINVAL, t->object, "--%s '%s': must be %s",
			  row->name, text, must);
}

static int word_error(const struct opt_table *t, const struct pn_opt *row, const char *text)
{
	const char *near = pn_word_nearest(text, row->words);
	char all[256], must[320];

	pn_word_join(row->words, all, sizeof(all));
	snprintf(must, sizeof(must), "%s%s%s%s", all, near ? "; did you mean '" : "",
		 near ? near : "", near ? "'?" : "");
	return value_error(t, row, text, must);
}

static int number_store(const struct opt_table *t, const struct pn_opt *row,
			const char *text, void *dest)
{
	static const struct {
		int (*parse)(const char *text, uint64_t min, uint64_t max, uint64_t *out);
		const char *kind;
	} kinds[] = {
		[PN_OPT_U32] = { pn_num_u64, "a whole number" },
		[PN_OPT_SIZE] = { pn_num_size, "a size such as 1500, 64k or 2m" },
		[PN_OPT_DURATION] = { pn_num_duration, "a time such as 500ms, 10s or 5m" },
	};
	const char *unit = row->type == PN_OPT_DURATION ? "ms" : "";
	uint64_t max = row->type == PN_OPT_SIZE ? UINT64_MAX : UINT32_MAX;
	uint64_t value = 0;
	char must[128];
	int err;

	max = row->max ? row->max : max;
	err = kinds[row->type].parse(text, row->min, max, &value);
	if (err == -ERANGE) {
		snprintf(must, sizeof(must), "%s from %llu%s to %llu%s", kinds[row->type].kind,
			 (unsigned long long)row->min, unit, (unsigned long long)max, unit);
		return value_error(t, row, text, must);
	}
	if (err)
		return value_error(t, row, text, kinds[row->type].kind);
	if (row->type == PN_OPT_SIZE)
		*(uint64_t *)dest = value;
	else
		*(uint32_t *)dest = value;
	return 0;
}

static int list_store(const struct opt_table *t, const struct pn_opt *row, char *text,
		      struct pn_list *list)
{
	char *word, *rest = text, must[48];

	snprintf(must, sizeof(must), "one of at most %d words", PN_LIST_MAX);
	while ((word = strsep(&rest, ","))) {
		if (!*word)
			return value_error(t, row, "", "words separated by single commas");
		if (row->words && pn_word_find(word, row->words) < 0)
			return word_error(t, row, word);
		if (list->n == PN_LIST_MAX)
			return value_error(t, row, word, must);
		list->word[list->n++] = word;
	}
	return 0;
}

static int enum_store(const struct opt_table *t, const struct pn_opt *row,
		      const char *text, unsigned int *dest)
{
	int word = pn_word_find(text, row->words);

	if (word < 0)
		return word_error(t, row, text);
	*dest = word;
	return 0;
}

static int value_store(const struct opt_table *t, int i, char *text)
{
	const struct pn_opt *row = t->row[i];
	void *dest = t->dest[i];

	/* "-c=auto": getopt leaves the sign on a short option's value. */
	if (text && row->missing && *text == '=')
		text++;
	switch (row->type) {
	case PN_OPT_FLAG:
		*(bool *)dest = true;
		return 0;
	case PN_OPT_STRING:
		*(const char **)dest = text ? text : row->missing;
		return 0;
	case PN_OPT_ENUM:
		return enum_store(t, row, text ? text : row->missing, dest);
	case PN_OPT_LIST:
		return list_store(t, row, text, dest);
	default:
		return number_store(t, row, text ? text : row->missing, dest);
	}
}

static int unknown_error(const struct opt_table *t, const char *arg)
{
	const char *names[ROWS_MAX + 1] = { NULL };
	char word[64];
	const char *near;
	unsigned int i;

	for (i = 0; i < t->n; i++)
		names[i] = t->row[i]->name;
	snprintf(word, sizeof(word), "%.*s", (int)strcspn(arg + 2, "="), arg + 2);
	if (pn_word_abbrev(word, names) == -2)
		return pn_err_set(t->err, PN_EXIT_USAGE, EINVAL, t->object,
				  "option '--%s' is the beginning of several", word);
	near = pn_word_nearest(word, names);
	return pn_err_set(t->err, PN_EXIT_USAGE, EINVAL, t->object,
			  "unknown option '--%s'%s%s%s", word,
			  near ? "; did you mean '--" : "", near ? near : "", near ? "'?" : "");
}

/* getopt_long() returned '?' or ':'; say what it saw. */
static int getopt_error(const struct opt_table *t, int opt, const char *arg)
{
	int i = table_find(t, optopt);
	const char *const *words = i >= 0 ? t->row[i]->words : NULL;
	char all[256];
	int ret;

	if (i >= 0 && opt == ':')
		ret = pn_err_set(t->err, PN_EXIT_USAGE, EINVAL, t->object,
				 "option '--%s' needs a value: %s", t->row[i]->name,
				 words ? pn_word_join(words, all, sizeof(all)) :
				 t->row[i]->metavar);
	else if (i >= 0)
		ret = pn_err_set(t->err, PN_EXIT_USAGE, EINVAL, t->object,
				 "option '--%s' takes no value", t->row[i]->name);
	else if (optopt)
		ret = pn_err_set(t->err, PN_EXIT_USAGE, EINVAL, t->object,
				 "unknown option '-%c'", optopt);
	else
		ret = unknown_error(t, arg);
	if (t->object && *t->object)
		pn_err_hint(t->err, "'penstock help %s' lists the options", t->object);
	else
		pn_err_hint(t->err, "'penstock help' lists the options");
	return ret;
}

int pn_opt_parse(const struct pn_opt_set *sets, bool stop, const char *object,
		 int argc, char **argv, struct pn_err *err)
{
	struct opt_table t;
	int opt, ret;

	table_init(&t, sets, stop);
	t.object = object;
	t.err = err;
	opterr = 0;
	optind = 0;
	while ((opt = getopt_long(argc, argv, t.shorts, t.longs, NULL)) != -1) {
		if (opt == '?' || opt == ':')
			return getopt_error(&t, opt, argv[optind - 1]);
		ret = value_store(&t, table_find(&t, opt), optarg);
		if (ret)
			return ret;
	}
	return optind;
}
