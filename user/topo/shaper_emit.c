// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Shapers as the section of a file that reads back to them; see shaper_emit.h. */
#include <string.h>

#include "topo/shaper.h"
#include "topo/shaper_emit.h"

/* A value that JSON has without quotes. */
static bool is_plain(const struct pn_shaper_row *row, const char *text)
{
	switch (row->type) {
	case PN_ST_NAMED:
		return !text[strspn(text, "0123456789")];
	case PN_ST_NUMBER:
	case PN_ST_COUNT:
	case PN_ST_OVERHEAD:
	case PN_ST_KEY:
	case PN_ST_CPUS:
		return true;
	default:
		return row->flags & PN_SR_BOOL;
	}
}

static void item_emit(const struct pn_emit *e, const struct pn_shaper_row *row, const char *key,
		      const char *text)
{
	if (is_plain(row, text))
		pn_emit_plain(e, key, text);
	else
		pn_emit_text(e, key, text);
}

static void word_emit(const struct pn_emit *e, const struct pn_shaper_conf *c,
		      enum pn_shaper_word word)
{
	const struct pn_shaper_row *row = &pn_shaper_rows[word];
	const struct pn_shaper_type *type = &pn_shaper_types[row->type];
	char text[80], more[80];
	unsigned int i;

	if (!row->type || !(c->said >> word & 1))
		return;
	if (!type->write(row, c, 0, text, sizeof(text)))
		return;
	if (!(row->flags & PN_SR_LIST) || !type->write(row, c, 1, more, sizeof(more))) {
		item_emit(e, row, row->key, text);
		return;
	}
	pn_emit_list(e, row->key);
	for (i = 0; type->write(row, c, i, text, sizeof(text)); i++)
		item_emit(e, row, NULL, text);
	pn_emit_end(e);
}

static void match_emit(const struct pn_emit *e, const struct pn_shaper_conf *c)
{
	unsigned int i;

	if (!(c->said & PN_SW(MATCH)))
		return;
	if (!(c->said >> (PN_SW_MATCH + 1))) {
		pn_emit_plain(e, "match", "{}");
		return;
	}
	pn_emit_map(e, "match");
	for (i = PN_SW_MATCH + 1; i < PN_SHAPER_WORDS; i++)
		word_emit(e, c, i);
	pn_emit_end(e);
}

void pn_shaper_emit(const struct pn_emit *e, const struct pn_shaper_conf *c)
{
	unsigned int i;

	pn_emit_map(e, NULL);
	for (i = 0; i < PN_SW_MATCH; i++)
		word_emit(e, c, i);
	match_emit(e, c);
	pn_emit_end(e);
}
