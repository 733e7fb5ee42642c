// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A streaming JSON writer; see json.h. */
#include <inttypes.h>

#include "cli/json.h"
#include "util/utf8.h"

static void string_write(FILE *f, const char *value)
{
	const unsigned char *s = (const unsigned char *)value;

	fputc('"', f);
	while (*s) {
		int len = pn_utf8_length((const char *)s);

		if (!len)
			fputs("\\ufffd", f);
		else if (*s == '"' || *s == '\\')
			fprintf(f, "\\%c", *s);
		else if (*s < 0x20 || *s == 0x7f)
			fprintf(f, "\\u%04x", *s);
		else
			fwrite(s, 1, len, f);
		s += len ? len : 1;
	}
	fputc('"', f);
}

static void line_start(struct pn_json *j)
{
	if (j->pretty)
		fprintf(j->f, "\n%*s", 4 * j->depth, "");
}

/* Comma, indentation and key of the next value. */
static void value_start(struct pn_json *j, const char *key)
{
	if (j->depth) {
		if (j->some[j->depth])
			fputc(',', j->f);
		j->some[j->depth] = true;
		line_start(j);
	}
	if (key) {
		string_write(j->f, key);
		fputs(j->pretty ? ": " : ":", j->f);
	}
}

static void level_open(struct pn_json *j, const char *key, char open, char close)
{
	value_start(j, key);
	fputc(open, j->f);
	if (j->depth + 1 < PN_JSON_DEPTH)
		j->depth++;
	j->some[j->depth] = false;
	j->close[j->depth] = close;
}

void pn_json_object(struct pn_json *j, const char *key)
{
	level_open(j, key, '{', '}');
}

void pn_json_array(struct pn_json *j, const char *key)
{
	level_open(j, key, '[', ']');
}

void pn_json_end(struct pn_json *j)
{
	char close = j->close[j->depth];
	bool some = j->some[j->depth];

	j->depth--;
	if (some)
		line_start(j);
	fputc(close, j->f);
	if (!j->depth)
		fputc('\n', j->f);
}

void pn_json_str(struct pn_json *j, const char *key, const char *value)
{
	value_start(j, key);
	string_write(j->f, value);
}

void pn_json_u64(struct pn_json *j, const char *key, uint64_t value)
{
	value_start(j, key);
	fprintf(j->f, "%" PRIu64, value);
}

void pn_json_s64(struct pn_json *j, const char *key, int64_t value)
{
	value_start(j, key);
	fprintf(j->f, "%" PRId64, value);
}

void pn_json_bool(struct pn_json *j, const char *key, bool value)
{
	value_start(j, key);
	fputs(value ? "true" : "false", j->f);
}

void pn_json_raw(struct pn_json *j, const char *key, const char *value)
{
	value_start(j, key);
	fputs(value, j->f);
}

void pn_json_null(struct pn_json *j, const char *key)
{
	value_start(j, key);
	fputs("null", j->f);
}
