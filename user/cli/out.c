// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Results as JSON or text; see out.h. Text rows are kept until enough of them
 * are known to set the widths of the columns; later rows are printed at once,
 * so a table of a million rows needs no memory. JSON is never kept.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/out.h"
#include "cli/screen.h"
#include "cli/wrap.h"

#define ROWS_KEPT 256

struct cell {
	char *text;
	enum pn_tone tone;
};

struct row {
	bool note;		/* cell[0] is a line of its own */
	struct cell cell[PN_OUT_COLUMNS];
};

struct pn_out {
	FILE *f;
	bool is_json, color;
	int term;		/* columns of the terminal, 0: not one */
	struct pn_screen screen; /* of pages */
	bool started;		/* something was printed */
	bool nomem;		/* a cell could not be kept */
	bool in_row;
	char **note;		/* of the row being written; printed below it */
	unsigned int notes;
	struct pn_json json;
	unsigned int nested;	/* open JSON-only levels inside a row */
	enum pn_tone tone;	/* of the next value */
	const struct pn_table *table;
	unsigned int tables;	/* printed before this one */
	unsigned int cols, rows, kept;
	int width[PN_OUT_COLUMNS];
	struct row *row;	/* kept rows; the last may be incomplete */
};

struct pn_out *pn_out_open(FILE *f, bool json, bool pretty, bool color)
{
	struct pn_out *o = calloc(1, sizeof(*o));

	if (!o)
		return NULL;
	o->row = calloc(ROWS_KEPT, sizeof(*o->row));
	if (!o->row) {
		free(o);
		return NULL;
	}
	o->f = f;
	o->is_json = json;
	o->color = color && !json;
	o->term = pn_wrap_width(f);
	o->json.f = f;
	o->json.pretty = pretty;
	return o;
}

bool pn_out_is_json(const struct pn_out *o)
{
	return o->is_json;
}

bool pn_out_started(const struct pn_out *o)
{
	return o->started;
}

FILE *pn_out_file(struct pn_out *o)
{
	o->started = true;
	return o->f;
}

int pn_out_flush(struct pn_out *o)
{
	if (o->nomem)
		return -ENOMEM;
	if (fflush(o->f) || ferror(o->f))
		return errno ? -errno : -EIO;
	return 0;
}

/* Columns a terminal needs for @s: bytes, less the continuations of UTF-8. */
static int text_width(const char *s)
{
	int n = 0;

	for (; *s; s++)
		n += (*s & 0xc0) != 0x80;
	return n;
}

static void cell_print(struct pn_out *o, const struct cell *cell, unsigned int col)
{
	static const char *const sgr[] = {
		[PN_TONE_PLAIN] = NULL, [PN_TONE_GOOD] = "32", [PN_TONE_WARN] = "33",
		[PN_TONE_BAD] = "31", [PN_TONE_DIM] = "2",
	};
	const char *tone = o->color ? sgr[cell->tone] : NULL;
	const char *text = cell->text ? cell->text : "";
	int pad = o->width[col] - text_width(text);

	if (pad < 0)
		pad = 0;
	if (o->table->cols[col].align == PN_RIGHT)
		fprintf(o->f, "%*s", pad, "");
	if (tone)
		fprintf(o->f, "\033[%sm%s\033[0m", tone, text);
	else
		fputs(text, o->f);
	if (o->table->cols[col].align == PN_LEFT && col + 1 < o->cols)
		fprintf(o->f, "%*s", pad, "");
}

/* Blanks in front of a note are its depth. */
static void note_print(struct pn_out *o, const char *text)
{
	int depth = strspn(text, " ");
	int column = fprintf(o->f, "    %*s", depth, "");
	struct pn_wrap at = { .width = o->term, .column = column, .indent = column };

	pn_wrap_print(o->f, text + depth, strlen(text + depth), at);
}

static void row_print(struct pn_out *o, const struct row *row)
{
	unsigned int i, end = o->cols;

	if (!pn_screen_takes(&o->screen, o->f))
		return;
	if (row->note) {
		note_print(o, row->cell[0].text);
		return;
	}
	while (end && (!row->cell[end - 1].text || !*row->cell[end - 1].text))
		end--;
	for (i = 0; i < end; i++) {
		if (i)
			fputs("  ", o->f);
		cell_print(o, &row->cell[i], i);
	}
	fputc('\n', o->f);
}

/* A record: one line per field that has a value. */
static void record_print(struct pn_out *o, const struct row *row)
{
	int width = 0;
	unsigned int i;

	if (row->note) {
		row_print(o, row);
		return;
	}
	for (i = 0; i < o->cols; i++)
		if (text_width(o->table->cols[i].head) > width)
			width = text_width(o->table->cols[i].head);
	memset(o->width, 0, sizeof(o->width));
	for (i = 0; i < o->cols; i++) {
		if (!row->cell[i].text)
			continue;
		fprintf(o->f, "%-*s  ", width, o->table->cols[i].head);
		cell_print(o, &row->cell[i], i);
		fputc('\n', o->f);
	}
}

static void heading_print(struct pn_out *o)
{
	struct row head = { .note = false };
	unsigned int i;

	for (i = 0; i < o->cols; i++) {
		head.cell[i].text = (char *)o->table->cols[i].head;
		head.cell[i].tone = PN_TONE_DIM;
	}
	row_print(o, &head);
}

static void row_free(struct row *row)
{
	unsigned int i;

	for (i = 0; i < PN_OUT_COLUMNS; i++)
		free(row->cell[i].text);
	memset(row, 0, sizeof(*row));
}

static void widths_grow(struct pn_out *o)
{
	unsigned int i, r;

	for (r = 0; r < o->kept; r++) {
		if (o->row[r].note)
			continue;
		for (i = 0; i < o->cols; i++) {
			const char *text = o->row[r].cell[i].text;

			if (text && text_width(text) > o->width[i])
				o->width[i] = text_width(text);
		}
	}
}

static void rows_flush(struct pn_out *o)
{
	unsigned int r;

	if (!o->kept)
		return;
	if (o->rows == o->kept && !o->table->record) {
		widths_grow(o);
		heading_print(o);
	}
	for (r = 0; r < o->kept; r++) {
		if (o->table->record)
			record_print(o, &o->row[r]);
		else
			row_print(o, &o->row[r]);
		row_free(&o->row[r]);
	}
	o->kept = 0;
}

/* A new row at the end of those kept. */
static struct row *row_add(struct pn_out *o)
{
	if (o->kept == ROWS_KEPT || o->rows > ROWS_KEPT)
		rows_flush(o);
	o->rows++;
	return &o->row[o->kept++];
}

void pn_out_page(struct pn_out *o, const char *title)
{
	if (o->is_json)
		return;
	if (!pn_screen_start(&o->screen, o->f) && o->tables)
		fputc('\n', o->f);
	fprintf(o->f, "%s\n", title);
	o->tables = 0;
}

void pn_out_group(struct pn_out *o)
{
	o->started = true;
	if (o->is_json)
		pn_json_object(&o->json, NULL);
}

void pn_out_group_end(struct pn_out *o)
{
	if (o->is_json)
		pn_json_end(&o->json);
}

void pn_out_table(struct pn_out *o, const struct pn_table *table)
{
	const char *key = o->json.depth ? table->key : NULL;

	o->started = true;
	o->table = table;
	o->rows = 0;
	for (o->cols = 0; o->cols < PN_OUT_COLUMNS && table->cols[o->cols].key; o->cols++)
		o->width[o->cols] = text_width(table->cols[o->cols].head);
	if (o->is_json && !table->record)
		pn_json_array(&o->json, key);
	else if (!o->is_json && o->tables++ && pn_screen_takes(&o->screen, o->f))
		fputc('\n', o->f);
}

void pn_out_table_end(struct pn_out *o)
{
	if (o->is_json && !o->table->record) {
		pn_json_end(&o->json);
	} else if (!o->is_json) {
		rows_flush(o);
		if (!o->rows && o->table->none)
			fprintf(o->f, "%s\n", o->table->none);
	}
	o->table = NULL;
}

void pn_out_row(struct pn_out *o)
{
	const char *key = o->table->record && o->json.depth ? o->table->key : NULL;

	o->in_row = true;
	if (o->is_json)
		pn_json_object(&o->json, key);
	else
		row_add(o);
}

void pn_out_row_end(struct pn_out *o)
{
	unsigned int i;

	o->in_row = false;
	if (o->is_json)
		pn_json_end(&o->json);
	for (i = 0; i < o->notes; i++) {
		struct row *row = row_add(o);

		row->note = true;
		row->cell[0].text = o->note[i];
	}
	o->notes = 0;
}

/* Keep @text (owned from here on) as the cell of @key, if there is one. */
static void cell_keep(struct pn_out *o, const char *key, char *text)
{
	struct row *row = &o->row[o->kept - 1];
	unsigned int i;

	if (!text)
		o->nomem = true;
	for (i = 0; key && !o->nested && i < o->cols; i++) {
		if (strcmp(o->table->cols[i].key, key))
			continue;
		free(row->cell[i].text);
		row->cell[i].text = text;
		row->cell[i].tone = o->tone;
		text = NULL;
		break;
	}
	o->tone = PN_TONE_PLAIN;
	free(text);
}

static void text_keep(struct pn_out *o, const char *key, const char *fmt, va_list ap)
{
	char *text;

	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	cell_keep(o, key, text);
}

void pn_out_tone(struct pn_out *o, enum pn_tone tone)
{
	o->tone = tone;
}

void pn_out_text(struct pn_out *o, const char *key, const char *fmt, ...)
{
	va_list ap;

	if (o->is_json)
		return;
	va_start(ap, fmt);
	text_keep(o, key, fmt, ap);
	va_end(ap);
}

void pn_out_str(struct pn_out *o, const char *key, const char *value)
{
	if (o->is_json)
		pn_json_str(&o->json, key, value);
	else
		pn_out_text(o, key, "%s", value);
}

void pn_out_fmt(struct pn_out *o, const char *key, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	pn_out_str(o, key, text);
}

void pn_out_u64(struct pn_out *o, const char *key, uint64_t value)
{
	if (o->is_json)
		pn_json_u64(&o->json, key, value);
	else
		pn_out_text(o, key, "%llu", (unsigned long long)value);
}

void pn_out_s64(struct pn_out *o, const char *key, int64_t value)
{
	if (o->is_json)
		pn_json_s64(&o->json, key, value);
	else
		pn_out_text(o, key, "%lld", (long long)value);
}

void pn_out_bool(struct pn_out *o, const char *key, bool value)
{
	if (o->is_json)
		pn_json_bool(&o->json, key, value);
	else
		pn_out_text(o, key, "%s", value ? "yes" : "no");
}

void pn_out_null(struct pn_out *o, const char *key)
{
	if (o->is_json)
		pn_json_null(&o->json, key);
	else
		pn_out_text(o, key, "-");
}

void pn_out_object(struct pn_out *o, const char *key)
{
	o->nested++;
	if (o->is_json)
		pn_json_object(&o->json, key);
}

void pn_out_array(struct pn_out *o, const char *key)
{
	o->nested++;
	if (o->is_json)
		pn_json_array(&o->json, key);
}

void pn_out_end(struct pn_out *o)
{
	o->nested--;
	if (o->is_json)
		pn_json_end(&o->json);
}

void pn_out_note(struct pn_out *o, const char *fmt, ...)
{
	char **grown;
	va_list ap;
	int n;

	if (o->is_json)
		return;
	grown = realloc(o->note, (o->notes + 1) * sizeof(*grown));
	if (!grown) {
		o->nomem = true;
		return;
	}
	o->note = grown;
	va_start(ap, fmt);
	n = vasprintf(&o->note[o->notes], fmt, ap);
	va_end(ap);
	if (n < 0)
		o->nomem = true;
	else
		o->notes++;
}

void pn_out_remark(struct pn_out *o, const char *text)
{
	struct pn_wrap at = { .width = o->term };

	if (!o->is_json)
		pn_wrap_print(o->f, text, strlen(text), at);
}

int pn_out_close(struct pn_out *o)
{
	unsigned int r;
	int err;

	if (o->in_row && !o->is_json)
		pn_out_row_end(o);
	if (!o->is_json && o->table)
		pn_out_table_end(o);
	while (o->json.depth)
		pn_json_end(&o->json);
	err = pn_out_flush(o);
	for (r = 0; r < o->kept; r++)
		row_free(&o->row[r]);
	free(o->row);
	free(o->note);
	free(o);
	return err;
}
