/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The one way to print results: the same calls make JSON or aligned text.
 *
 * A table is an array of objects under -j and a table of columns in text; a
 * record is one object, in text one line per field. Values are given by key;
 * a key without a column shows under -j only, so JSON can say more than the
 * screen holds. Nested objects and arrays are JSON only as well, notes (lines
 * below a row) text only.
 *
 *	pn_out_table(o, &ports_table);
 *	for each port {
 *		pn_out_row(o);
 *		pn_out_str(o, "device", name);
 *		pn_out_u64(o, "packets", n);
 *		pn_out_row_end(o);
 *	}
 *	pn_out_table_end(o);
 *
 * Several tables of one command go between pn_out_group() and
 * pn_out_group_end(): an object keyed by the tables' keys.
 */
#ifndef PN_CLI_OUT_H
#define PN_CLI_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/json.h"

#define PN_OUT_COLUMNS 24

enum pn_align {
	PN_LEFT,
	PN_RIGHT,
};

struct pn_col {
	const char *key;	/* NULL ends the columns: PN_COL_END */
	const char *head;	/* heading, or name of the field in a record */
	enum pn_align align;
};

#define PN_COL_END { .key = NULL }

struct pn_table {
	const char *key;	/* of the array in a group */
	const char *none;	/* text when there is no row; NULL: nothing */
	bool record;		/* one object instead of an array of rows */
	const struct pn_col *cols;
};

/* What a cell says about the state of things: its colour, in text. */
enum pn_tone {
	PN_TONE_PLAIN,
	PN_TONE_GOOD,
	PN_TONE_WARN,
	PN_TONE_BAD,
	PN_TONE_DIM,
};

struct pn_out;

struct pn_out *pn_out_open(FILE *f, bool json, bool pretty, bool color);

/* End everything that is open, flush; 0 or -errno of the writing. */
int pn_out_close(struct pn_out *o);

bool pn_out_is_json(const struct pn_out *o);
bool pn_out_started(const struct pn_out *o);	/* has anything been printed? */
int pn_out_flush(struct pn_out *o);		/* 0 or -errno */

/* The next of several showings: text starts on a cleared terminal. */
void pn_out_page(struct pn_out *o, const char *title);

void pn_out_group(struct pn_out *o);
void pn_out_group_end(struct pn_out *o);
void pn_out_table(struct pn_out *o, const struct pn_table *table);
void pn_out_table_end(struct pn_out *o);
void pn_out_row(struct pn_out *o);
void pn_out_row_end(struct pn_out *o);

void pn_out_str(struct pn_out *o, const char *key, const char *value);
void pn_out_fmt(struct pn_out *o, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void pn_out_u64(struct pn_out *o, const char *key, uint64_t value);
void pn_out_s64(struct pn_out *o, const char *key, int64_t value);
void pn_out_bool(struct pn_out *o, const char *key, bool value);	/* text: yes, no */
void pn_out_null(struct pn_out *o, const char *key);			/* text: - */
void pn_out_tone(struct pn_out *o, enum pn_tone tone);	/* of the next value */

/* JSON only. */
void pn_out_object(struct pn_out *o, const char *key);
void pn_out_array(struct pn_out *o, const char *key);
void pn_out_end(struct pn_out *o);

/*
 * Text only: a cell that JSON shows in another shape; a line below the row,
 * given before the row ends.
 */
void pn_out_text(struct pn_out *o, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void pn_out_note(struct pn_out *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Where results go that are no table: a file in a format of its own. */
FILE *pn_out_file(struct pn_out *o);
/* Text only: a sentence of its own, after a table. */
void pn_out_remark(struct pn_out *o, const char *text);

#endif
