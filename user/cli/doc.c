// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Documents as YAML or JSON; see doc.h. */
#include <ctype.h>
#include <string.h>

#include "cli/doc.h"
#include "util/utf8.h"

void pn_doc_start(struct pn_doc *d, FILE *f, bool json, bool pretty)
{
	memset(d, 0, sizeof(*d));
	d->f = f;
	d->is_json = json;
	d->json.f = f;
	d->json.pretty = pretty;
	if (json)
		pn_json_object(&d->json, NULL);
}

/* Words that other readers of YAML take for something else than text. */
static bool is_word_of_yaml(const char *s)
{
	static const char *const words[] = {
		"true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf",
	};
	unsigned int i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strcasecmp(words[i], s))
			return true;
	}
	return false;
}

/* May @s stand without quotes, for every reader? Digits first: 1:2 is a number of old. */
static bool is_bare(const char *s)
{
	const char *p;

	if (!isalpha((unsigned char)s[0]) || is_word_of_yaml(s))
		return false;
	for (p = s; *p; p++) {
		if (!isalnum((unsigned char)*p) && !strchr("_-./+", *p) &&
		    !(*p == ':' && isalnum((unsigned char)p[1])))
			return false;
	}
	return true;
}

/* An address or a prefix: digits and dots cannot be one number where there are two dots. */
static bool is_address(const char *s)
{
	const char *dot = strchr(s, '.');

	return dot && strchr(dot + 1, '.') && !s[strspn(s, "0123456789./")];
}

static void quoted_write(FILE *f, const char *s)
{
	int len;

	fputc('"', f);
	for (; *s; s += len ? len : 1) {
		len = pn_utf8_length(s);
		if (!len)
			fputs("\\uFFFD", f);
		else if (*s == '"' || *s == '\\')
			fprintf(f, "\\%c", *s);
		else if ((unsigned char)*s < 0x20 || *s == 0x7f)
			fprintf(f, "\\x%02x", *s);
		else
			fwrite(s, 1, len, f);
	}
	fputc('"', f);
}

static void text_write(FILE *f, const char *s, bool plain)
{
	if (plain || is_bare(s) || is_address(s))
		fputs(s, f);
	else
		quoted_write(f, s);
}

/* The first line of an entry of a list has a dash in front. */
static void line_start(struct pn_doc *d, const char *key)
{
	bool in_list = d->depth && d->list[d->depth - 1];

	if (!d->dash)
		fprintf(d->f, "%*s", d->depth * 2, "");
	d->dash = false;
	if (in_list)
		fputs("- ", d->f);
	if (key)
		fprintf(d->f, "%s:", key);
}

static void level_open(struct pn_doc *d, const char *key, bool list)
{
	bool in_list = d->depth && d->list[d->depth - 1];

	line_start(d, key);
	d->dash = in_list;
	if (!in_list)
		fputc('\n', d->f);
	d->list[d->depth++] = list;
}

void pn_doc_map(struct pn_doc *d, const char *key)
{
	if (d->is_json)
		pn_json_object(&d->json, key);
	else
		level_open(d, key, false);
}

void pn_doc_list(struct pn_doc *d, const char *key)
{
	if (d->is_json)
		pn_json_array(&d->json, key);
	else
		level_open(d, key, true);
}

void pn_doc_end(struct pn_doc *d)
{
	if (d->is_json)
		pn_json_end(&d->json);
	else if (d->depth)
		d->depth--;
}

void pn_doc_value(struct pn_doc *d, const char *key, const char *text, bool plain)
{
	if (d->is_json && plain) {
		pn_json_raw(&d->json, key, text);
		return;
	}
	if (d->is_json) {
		pn_json_str(&d->json, key, text);
		return;
	}
	line_start(d, key);
	if (key)
		fputc(' ', d->f);
	text_write(d->f, text, plain);
	fputc('\n', d->f);
}

void pn_doc_remark(struct pn_doc *d, const char *text)
{
	if (!d->is_json)
		fprintf(d->f, "%*s# %s\n", d->depth * 2, "", text);
}
