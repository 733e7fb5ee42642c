// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A strict reader of Prometheus' text format; see prom.h. */
#include <ctype.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prom.h"

#define FAMILIES_MAX 128
#define NAME_MAX_LEN 128

struct reader {
	const char *line;	/* the one being read */
	char family[FAMILIES_MAX][NAME_MAX_LEN];
	unsigned int families;
	char type[16];		/* of the last family; empty: HELP seen, no TYPE yet */
	void *series;		/* those that were given, a tree */
};

struct series {
	const char *text;
	size_t len;
};

static size_t name_length(const char *s, bool colon)
{
	size_t n = 0;

	if (isdigit((unsigned char)*s))
		return 0;
	while (isalnum((unsigned char)s[n]) || s[n] == '_' || (colon && s[n] == ':'))
		n++;
	return n;
}

/* `name="value"`; the length, 0 when it is none. */
static size_t label_length(const char *s)
{
	size_t n = name_length(s, false);

	if (!n || s[n] != '=' || s[n + 1] != '"')
		return 0;
	for (n += 2; s[n] && s[n] != '"' && s[n] != '\n'; n++) {
		if (s[n] == '\\' && !strchr("\\\"n", s[++n]))
			return 0;
	}
	return s[n] == '"' ? n + 1 : 0;
}

/* `{a="b",c="d"}`; the length, 0 when it is malformed or empty. */
static size_t labels_length(const char *s)
{
	size_t n = 1, one;

	while ((one = label_length(s + n))) {
		n += one;
		if (s[n] == '}')
			return n + 1;
		if (s[n++] != ',')
			return 0;
	}
	return 0;
}

static bool family_is(const struct reader *r, const char *name, size_t len)
{
	const char *last = r->families ? r->family[r->families - 1] : "";

	return strlen(last) == len && !strncmp(last, name, len);
}

static const char *help_read(struct reader *r, const char *s)
{
	size_t len = name_length(s, true);
	unsigned int i;

	if (!len || len >= NAME_MAX_LEN || s[len] != ' ' || s[len + 1] == '\n')
		return "HELP without name or text";
	if (r->families && !r->type[0])
		return "the family before has no TYPE";
	for (i = 0; i < r->families; i++)
		if (strlen(r->family[i]) == len && !strncmp(r->family[i], s, len))
			return "family introduced twice";
	if (r->families == FAMILIES_MAX)
		return "too many families";
	memcpy(r->family[r->families], s, len);
	r->family[r->families++][len] = '\0';
	r->type[0] = '\0';
	return NULL;
}

static const char *type_read(struct reader *r, const char *s)
{
	size_t len = name_length(s, true);

	if (!family_is(r, s, len) || r->type[0])
		return "TYPE does not follow its HELP";
	if (sscanf(s + len, " %15[a-z]\n", r->type) != 1 ||
	    (strcmp(r->type, "counter") && strcmp(r->type, "gauge")))
		return "unknown TYPE";
	if (!strcmp(r->type, "counter") && strncmp(s + len - 6, "_total", 6))
		return "a counter's name must end in _total";
	return NULL;
}

static int series_order(const void *a, const void *b)
{
	const struct series *x = a, *y = b;
	int order = memcmp(x->text, y->text, x->len < y->len ? x->len : y->len);

	return order ? order : (x->len > y->len) - (x->len < y->len);
}

static const char *series_note(struct reader *r, size_t len)
{
	struct series *series = malloc(sizeof(*series));
	void *at;

	if (!series)
		return "out of memory";
	*series = (struct series){ r->line, len };
	at = tsearch(series, &r->series, series_order);
	if (at && *(struct series **)at == series)
		return NULL;
	free(series);
	return at ? "series given twice" : "out of memory";
}

static const char *sample_read(struct reader *r, const char *s)
{
	size_t len = name_length(s, true);
	const char *error;
	size_t digits;
	char *end;

	if (!len || !family_is(r, s, len) || !r->type[0])
		return "sample outside its family";
	if (s[len] == '{') {
		size_t labels = labels_length(s + len);

		if (!labels)
			return "malformed labels";
		len += labels;
	}
	if (s[len] != ' ')
		return "no value";
	error = series_note(r, len);
	if (error)
		return error;
	s += len + 1;
	digits = strspn(s, "0123456789");
	if (!strcmp(r->type, "counter"))
		return digits && s[digits] == '\n' ? NULL : "counter is no whole number";
	strtod(s, &end);
	return isdigit((unsigned char)*s) && *end == '\n' ? NULL : "malformed value";
}

static const char *line_read(struct reader *r)
{
	const char *s = r->line;

	if (!strncmp(s, "# HELP ", 7))
		return help_read(r, s + 7);
	if (!strncmp(s, "# TYPE ", 7))
		return type_read(r, s + 7);
	if (*s == '#' || *s == '\n')
		return "neither HELP, TYPE nor sample";
	return sample_read(r, s);
}

bool prom_check(const char *text, char *why, size_t size)
{
	struct reader *r = calloc(1, sizeof(*r));
	const char *error = r ? NULL : "out of memory";
	const char *next = text;

	for (; !error && *next; next = strchr(next, '\n') + 1) {
		r->line = next;
		error = strchr(next, '\n') ? line_read(r) : "no newline at the end";
		if (error)
			break;
	}
	if (!error && !*text)
		error = "empty";
	if (error)
		snprintf(why, size, "%s: %.*s", error, (int)strcspn(next, "\n"), next);
	if (r)
		tdestroy(r->series, free);
	free(r);
	return !error;
}

const char *prom_value(const char *text, const char *series)
{
	size_t len = strlen(series);

	while (text && *text) {
		if (!strncmp(text, series, len) && text[len] == ' ')
			return text + len + 1;
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return NULL;
}
