// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The schema, see schema.h. What rows cannot say (words that exclude each
 * other, names that must exist) is left to penstock itself.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/doc.h"
#include "link/kind.h"
#include "schema.h"
#include "topo/address.h"
#include "topo/object.h"
#include "topo/shaper.h"
#include "util/port_conf.h"

#define MAC "^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$"

static void number(struct pn_doc *d, const char *key, uint64_t value, bool sign)
{
	char text[32];

	if (sign)
		snprintf(text, sizeof(text), "%" PRId64, (int64_t)value);
	else
		snprintf(text, sizeof(text), "%" PRIu64, value);
	pn_doc_value(d, key, text, true);
}

static void word(struct pn_doc *d, const char *key, const char *text)
{
	pn_doc_value(d, key, text, false);
}

static void typed(struct pn_doc *d, const char *key, const char *type)
{
	pn_doc_map(d, key);
	word(d, "type", type);
	pn_doc_end(d);
}

static void string_or(struct pn_doc *d, const char *type)
{
	pn_doc_list(d, "type");
	word(d, NULL, "string");
	word(d, NULL, type);
	pn_doc_end(d);
}

/* A name that YAML may take for a number. */
static void name_make(struct pn_doc *d, const char *key, const char *pattern)
{
	pn_doc_map(d, key);
	string_or(d, "integer");
	word(d, "pattern", pattern);
	pn_doc_end(d);
}

static void words(struct pn_doc *d, const char *key, const char *const *list)
{
	pn_doc_map(d, key);
	pn_doc_list(d, "enum");
	for (; *list; list++)
		word(d, NULL, *list);
	pn_doc_end(d);
	pn_doc_end(d);
}

static bool is_number(const struct pn_row *row)
{
	return (row->type >= PN_T_U8 && row->type <= PN_T_FIELD_BE) ||
	       row->type == PN_T_ADDRGEN;
}

/* Either a name, or a number in its range, as such or in hexadecimal. */
static void number_value(struct pn_doc *d, const struct pn_row *row)
{
	const struct pn_named *n = row->named;
	bool sign = row->type == PN_T_S32;

	pn_doc_list(d, "anyOf");
	if (n && n->name) {
		pn_doc_map(d, NULL);
		pn_doc_list(d, "enum");
		for (; n->name; n++)
			word(d, NULL, n->name);
		pn_doc_end(d);
		pn_doc_end(d);
	}
	if (row->max) {
		pn_doc_map(d, NULL);
		word(d, "type", "integer");
		number(d, "minimum", row->min, sign);
		number(d, "maximum", row->max, sign);
		pn_doc_end(d);
		pn_doc_map(d, NULL);
		word(d, "type", "string");
		word(d, "pattern", "^(0x[0-9a-fA-F]+|-?[0-9]+)$");
		pn_doc_end(d);
	}
	pn_doc_end(d);
}

static void list_value(struct pn_doc *d)
{
	pn_doc_list(d, "anyOf");
	typed(d, NULL, "string");
	pn_doc_map(d, NULL);
	word(d, "type", "array");
	pn_doc_map(d, "items");
	string_or(d, "integer");
	pn_doc_end(d);
	pn_doc_end(d);
	pn_doc_end(d);
}

static void row_value(struct pn_doc *d, const struct pn_row *row)
{
	if (pn_row_is_bool(row)) {
		word(d, "type", "boolean");
	} else if (row->type == PN_T_RANGE || pn_row_is_list(row)) {
		list_value(d);
	} else if (is_number(row)) {
		number_value(d, row);
	} else if (row->type == PN_T_MAC) {
		word(d, "type", "string");
		word(d, "pattern", MAC);
	} else {
		string_or(d, "integer");
	}
}

static void row_make(struct pn_doc *d, const struct pn_row *row, const char *name)
{
	pn_doc_map(d, name);
	word(d, "description", row->help);
	if (row->def && *row->def)
		word(d, "default", row->def);
	row_value(d, row);
	pn_doc_end(d);
}

static void rows_make(struct pn_doc *d, const struct pn_rows *rows)
{
	unsigned int i;

	for (i = 0; i < rows->n; i++) {
		row_make(d, &rows->row[i], rows->row[i].name);
		if (rows->row[i].alias)
			row_make(d, &rows->row[i], rows->row[i].alias);
	}
}

static void object_open(struct pn_doc *d, const char *key, bool closed)
{
	pn_doc_map(d, key);
	word(d, "type", "object");
	if (closed)
		pn_doc_value(d, "additionalProperties", "false", true);
}

static void ref(struct pn_doc *d, const char *key, const char *to)
{
	char text[96];

	snprintf(text, sizeof(text), "#/$defs/%s", to);
	pn_doc_map(d, key);
	word(d, "$ref", text);
	pn_doc_end(d);
}

static void list_of(struct pn_doc *d, const char *key, const char *to, const char *help)
{
	pn_doc_map(d, key);
	if (help)
		word(d, "description", help);
	word(d, "type", "array");
	ref(d, "items", to);
	pn_doc_end(d);
}

/* What a link and the peer of one may both have. */
static void common_make(struct pn_doc *d)
{
	char key[64];
	unsigned int i;

	ref(d, "name", "device");
	ref(d, "netns", "netns");
	list_of(d, "addresses", "address", NULL);
	rows_make(d, &pn_common_rows);
	for (i = 0; pn_kinds[i]; i++) {
		snprintf(key, sizeof(key), "%s_slave", pn_kinds[i]->name);
		if (pn_kinds[i]->slave.n)
			ref(d, key, key);
	}
}

static void name_required(struct pn_doc *d, const char *name)
{
	pn_doc_list(d, "required");
	word(d, NULL, name);
	pn_doc_end(d);
}

/* Rows of a kind, for links of that kind only. */
static void kind_make(struct pn_doc *d, const struct pn_kind *kind)
{
	pn_doc_map(d, NULL);
	pn_doc_map(d, "if");
	pn_doc_map(d, "properties");
	pn_doc_map(d, "kind");
	word(d, "const", kind->name);
	pn_doc_end(d);
	pn_doc_end(d);
	name_required(d, "kind");
	pn_doc_end(d);
	pn_doc_map(d, "then");
	word(d, "description", kind->help);
	pn_doc_map(d, "properties");
	rows_make(d, &kind->data);
	if (kind->flags & PN_KIND_PEER)
		ref(d, "peer", "peer");
	pn_doc_end(d);
	pn_doc_end(d);
	pn_doc_end(d);
}

static void link_make(struct pn_doc *d)
{
	unsigned int i;

	object_open(d, "link", false);
	name_required(d, "name");
	pn_doc_map(d, "properties");
	pn_doc_map(d, "kind");
	pn_doc_list(d, "enum");
	for (i = 0; pn_kinds[i]; i++)
		word(d, NULL, pn_kinds[i]->name);
	pn_doc_end(d);
	pn_doc_end(d);
	common_make(d);
	pn_doc_end(d);
	pn_doc_list(d, "allOf");
	for (i = 0; pn_kinds[i]; i++)
		kind_make(d, pn_kinds[i]);
	pn_doc_end(d);
	pn_doc_value(d, "unevaluatedProperties", "false", true);
	pn_doc_end(d);
}

static void peer_make(struct pn_doc *d)
{
	object_open(d, "peer", true);
	name_required(d, "name");
	pn_doc_map(d, "properties");
	common_make(d);
	pn_doc_end(d);
	pn_doc_end(d);
}

static void slaves_make(struct pn_doc *d)
{
	char key[64];
	unsigned int i;

	for (i = 0; pn_kinds[i]; i++) {
		if (!pn_kinds[i]->slave.n)
			continue;
		snprintf(key, sizeof(key), "%s_slave", pn_kinds[i]->name);
		object_open(d, key, true);
		pn_doc_map(d, "properties");
		rows_make(d, &pn_kinds[i]->slave);
		pn_doc_end(d);
		pn_doc_end(d);
	}
}

/* Fields have types of their own, which only their class knows. */
static void class_make(struct pn_doc *d, const struct pn_class *c)
{
	unsigned int i;

	object_open(d, c->section, true);
	pn_doc_map(d, "properties");
	ref(d, "netns", "netns");
	for (i = 0; i < c->n; i++) {
		pn_doc_map(d, c->field[i].row.name);
		word(d, "description", c->field[i].row.help);
		if (!c->field[i].type && pn_row_is_bool(&c->field[i].row))
			word(d, "type", "boolean");
		pn_doc_end(d);
	}
	pn_doc_end(d);
	pn_doc_end(d);
}

static void port_make(struct pn_doc *d)
{
	object_open(d, "port", true);
	name_required(d, "dev");
	pn_doc_map(d, "properties");
	ref(d, "dev", "device");
	words(d, "hook", pn_hook_words);
	words(d, "mode", pn_mode_words);
	words(d, "checksum", pn_checksum_words);
	pn_doc_map(d, "ignore");
	word(d, "type", "array");
	words(d, "items", pn_gate_words);
	pn_doc_end(d);
	typed(d, "shared", "boolean");
	pn_doc_map(d, "peers");
	string_or(d, "array");
	pn_doc_end(d);
	typed(d, "strict", "boolean");
	pn_doc_map(d, "nesting");
	word(d, "type", "integer");
	number(d, "minimum", 1, false);
	number(d, "maximum", PN_MAX_NESTING, false);
	pn_doc_end(d);
	pn_doc_end(d);
	pn_doc_end(d);
}

/* A text, or a map of that and more words. */
static void address_make(struct pn_doc *d)
{
	pn_doc_map(d, "address");
	pn_doc_list(d, "anyOf");
	typed(d, NULL, "string");
	object_open(d, NULL, true);
	name_required(d, "address");
	pn_doc_map(d, "properties");
	typed(d, "address", "string");
	rows_make(d, &pn_addr_rows);
	pn_doc_end(d);
	pn_doc_end(d);
	pn_doc_end(d);
	pn_doc_end(d);
}

static void names_make(struct pn_doc *d)
{
	name_make(d, "device", "^[^/:%\\s]{1,15}$");
	name_make(d, "netns", "^[^/\\s]{1,255}$");
	object_open(d, "netns_entry", true);
	name_required(d, "name");
	pn_doc_map(d, "properties");
	ref(d, "name", "netns");
	pn_doc_end(d);
	pn_doc_end(d);
	pn_doc_map(d, "namespace");
	pn_doc_list(d, "anyOf");
	ref(d, NULL, "netns");
	ref(d, NULL, "netns_entry");
	pn_doc_end(d);
	pn_doc_end(d);
}

/* Numbers in their range, words, or a text with a form of its own. */
static void shaper_row_value(struct pn_doc *d, const struct pn_shaper_row *row)
{
	bool sign = row->flags & PN_SR_SIGNED;

	if (row->type == PN_ST_WORD && !(row->flags & PN_SR_BOOL)) {
		pn_doc_list(d, "enum");
		for (const char *const *w = row->words; *w; w++)
			word(d, NULL, *w);
		pn_doc_end(d);
	} else if (row->type == PN_ST_NUMBER || row->type == PN_ST_OVERHEAD) {
		word(d, "type", "integer");
		number(d, "minimum", row->min, sign);
		number(d, "maximum", row->max, sign);
	} else if (row->flags & PN_SR_BOOL) {
		word(d, "type", "boolean");
	} else {
		pn_doc_list(d, "type");
		word(d, NULL, "string");
		word(d, NULL, "integer");
		if (row->flags & PN_SR_LIST)
			word(d, NULL, "array");
		if (row->type == PN_ST_CPUS)
			word(d, NULL, "boolean");
		pn_doc_end(d);
	}
}

static void shaper_rows_make(struct pn_doc *d, unsigned int flags)
{
	unsigned int i;

	pn_doc_map(d, "properties");
	for (i = 0; i < PN_SHAPER_WORDS; i++) {
		const struct pn_shaper_row *row = &pn_shaper_rows[i];

		if (!row->type || (row->flags & PN_SR_MATCH) != flags)
			continue;
		pn_doc_map(d, row->key);
		word(d, "description", row->help);
		if (row->def)
			word(d, "default", row->def);
		shaper_row_value(d, row);
		pn_doc_end(d);
	}
	if (!flags)
		ref(d, "match", "shaper_match");
	pn_doc_end(d);
}

static void shapers_make(struct pn_doc *d)
{
	object_open(d, "shaper", true);
	pn_doc_list(d, "required");
	word(d, NULL, "name");
	word(d, NULL, "rate");
	pn_doc_end(d);
	shaper_rows_make(d, 0);
	pn_doc_end(d);
	object_open(d, "shaper_match", true);
	shaper_rows_make(d, PN_SR_MATCH);
	pn_doc_end(d);
}

void schema_make(FILE *f)
{
	struct pn_doc doc, *d = &doc;
	unsigned int i;

	pn_doc_start(d, f, true, true);
	word(d, "$schema", "https://json-schema.org/draft/2020-12/schema");
	word(d, "title", "penstock topology file");
	word(d, "type", "object");
	name_required(d, "penstock");
	pn_doc_value(d, "additionalProperties", "false", true);
	pn_doc_map(d, "properties");
	pn_doc_map(d, "penstock");
	number(d, "const", 1, false);
	pn_doc_end(d);
	list_of(d, "namespaces", "namespace", "network namespaces that shall exist");
	list_of(d, "links", "link", NULL);
	list_of(d, "ports", "port", "devices that penstock is attached to");
	list_of(d, "shapers", "shaper", "rates that packets are held to where they arrive");
	for (i = 0; pn_classes[i]; i++)
		list_of(d, pn_classes[i]->section, pn_classes[i]->section,
			pn_classes[i]->help);
	pn_doc_end(d);
	pn_doc_map(d, "$defs");
	names_make(d);
	address_make(d);
	link_make(d);
	peer_make(d);
	slaves_make(d);
	port_make(d);
	shapers_make(d);
	for (i = 0; pn_classes[i]; i++)
		class_make(d, pn_classes[i]);
	pn_doc_end(d);
	pn_doc_end(d);
}
