// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The sections of a topology file that list objects of a class. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "topo/read.h"

#define KNOWN_MAX	64
#define TEXT_MAX	4096

static int key_unknown(struct pn_reader *r, const struct pn_yaml *node,
		       const struct pn_class *cls)
{
	const char *known[KNOWN_MAX + 2];
	unsigned int i;

	if (pn_read_left(r, node, cls->section, cls->section))
		return -EINVAL;
	for (i = 0; i < cls->n && i < KNOWN_MAX; i++)
		known[i] = cls->field[i].row.name;
	known[i++] = "netns";
	known[i] = NULL;
	return pn_read_unknown(r, node, cls->section, known);
}

/* One of a list: text, or a map of words, of which `true` is the word alone. */
static size_t item_text(const struct pn_yaml *node, char *buf, size_t len)
{
	const struct pn_yaml *key;
	size_t at = 0;

	if (node->type == PN_YAML_SCALAR)
		return snprintf(buf, len, "%s", node->text);
	for (key = node->child; key && at < len; key = key->next) {
		if (key->type != PN_YAML_SCALAR)
			return len;
		if (!strcmp(key->text, "true"))
			at += snprintf(buf + at, len - at, "%s ", key->key);
		else if (strcmp(key->text, "false"))
			at += snprintf(buf + at, len - at, "%s %s ", key->key, key->text);
	}
	return at;
}

/* A list as one text; NULL: it is too long, or a list of lists. */
static const char *list_text(struct pn_reader *r, const struct pn_yaml *list)
{
	const struct pn_yaml *node;
	char text[TEXT_MAX];
	size_t at = 0;

	text[0] = 0;
	for (node = list->child; node && at < sizeof(text); node = node->next) {
		if (node != list->child)
			at += snprintf(text + at, sizeof(text) - at, ", ");
		if (at < sizeof(text))
			at += item_text(node, text + at, sizeof(text) - at);
	}
	return at < sizeof(text) ? pn_pool_text(&r->topo->objects.pool, text) : NULL;
}

/* "10-20": the first, and how many follow it. */
static int span_parse(struct pn_reader *r, const struct pn_field *f, const char *text,
		      struct pn_object *o, char *why, size_t len)
{
	struct pn_value *v = &o->v[f - o->cls->field], last = { 0 };
	const char *dash = strchr(text, '-');
	char first[16];
	int rc;

	if (!dash || dash == text || dash - text >= (ptrdiff_t)sizeof(first))
		return pn_field_parse(f, text, v, NULL, why, len);
	snprintf(first, sizeof(first), "%.*s", (int)(dash - text), text);
	rc = pn_field_parse(f, first, v, NULL, why, len);
	if (!rc)
		rc = pn_field_parse(f, dash + 1, &last, NULL, why, len);
	if (!rc && (last.num <= v->num || (o->span && o->span != last.num - v->num))) {
		snprintf(why, len, "must be a range from low to high, of as many numbers as "
			 "any other range here");
		rc = -EINVAL;
	}
	o->span = rc ? 0 : last.num - v->num;
	v->set = !rc;
	return rc;
}

static int field_read(struct pn_reader *r, const struct pn_yaml *node,
		      const struct pn_field *f, struct pn_object *o)
{
	struct pn_value *v = &o->v[f - o->cls->field];
	const char *text = node->text;
	char why[300];
	int rc;

	if (v->set)
		return pn_read_fail_key(r, node, o->cls->section,
					"%s: is the same as %s, given in line %u", node->key,
					f->row.name, v->line);
	if (node->type == PN_YAML_LIST && (f->flags & PN_FIELD_LIST))
		text = list_text(r, node);
	else if (node->type != PN_YAML_SCALAR)
		text = NULL;
	if (!text)
		return pn_read_fail(r, node, o->cls->section, "%s must be %s, not %s", node->key,
				    pn_field_accepts(f, why, sizeof(why)),
				    pn_yaml_type_text(node));
	if (f->flags & PN_FIELD_SPAN)
		rc = span_parse(r, f, text, o, why, sizeof(why));
	else
		rc = pn_field_parse(f, text, v, &r->topo->objects.pool, why, sizeof(why));
	v->line = node->line;
	v->column = node->column;
	if (rc && (f->row.flags & PN_ROW_SECRET))
		return pn_read_fail(r, node, o->cls->section, "%s: %s", node->key, why);
	if (rc)
		return pn_read_fail(r, node, o->cls->section, "%s: \"%s\" %s%s", node->key, text,
				    rc == -ERANGE ? "is out of range: " : "", why);
	return 0;
}

static int required_check(struct pn_reader *r, const struct pn_yaml *map,
			  const struct pn_object *o)
{
	const struct pn_field *f;
	char why[300];
	unsigned int i;

	for (i = 0; i < o->cls->n; i++) {
		f = &o->cls->field[i];
		if (!o->v[i].set && (f->row.flags & PN_ROW_REQUIRED))
			return pn_read_fail(r, map, o->cls->section, "%s is required: %s",
					    f->row.name, pn_field_accepts(f, why, sizeof(why)));
	}
	return 0;
}

static int object_check(struct pn_reader *r, const struct pn_yaml *map, struct pn_object *o)
{
	struct pn_yaml at = { 0 };
	char why[300];
	int field = -1;

	if (!o->cls->check || !o->cls->check(o, &field, why, sizeof(why)))
		return 0;
	if (field < 0)
		return pn_read_fail(r, map, o->cls->section, "%s", why);
	at.line = o->v[field].line ? o->v[field].line : map->line;
	at.column = o->v[field].line ? o->v[field].column : map->column;
	return pn_read_fail(r, &at, o->cls->section, "%s: %s", o->cls->field[field].row.name,
			    why);
}

static int object_add(struct pn_reader *r, const struct pn_yaml *map, struct pn_object *o)
{
	struct pn_objects *list = &r->topo->objects;

	if (pn_object_finish(o, &list->pool))
		return pn_read_fail(r, map, o->cls->section, "out of memory");
	if (pn_objects_add(list, o))
		return 0;
	return pn_read_fail(r, map, o->cls->section, "%s %s is given twice, first in line %u",
			    o->cls->noun, o->id, pn_objects_find(list, o->key)->line);
}

/* One for each number of a range; without one, the object itself. */
static int span_add(struct pn_reader *r, const struct pn_yaml *map, struct pn_object *o)
{
	struct pn_objects *list = &r->topo->objects;
	struct pn_object *one;
	unsigned int i, k;
	int rc = 0;

	list->spanned += o->span;
	if (list->spanned > PN_SPANNED_MAX)
		return pn_read_fail(r, map, o->cls->section,
				    "with it the ranges stand for more than %u: divide the file",
				    PN_SPANNED_MAX);
	for (i = 0; i <= o->span && !rc; i++) {
		one = pn_object_new(&list->pool, o->cls, o->netns);
		if (!one)
			return pn_read_fail(r, map, o->cls->section, "out of memory");
		one->line = o->line;
		one->column = o->column;
		memcpy(one->v, o->v, o->cls->n * sizeof(*o->v));
		for (k = 0; k < o->cls->n; k++) {
			if (one->v[k].set && (o->cls->field[k].flags & PN_FIELD_SPAN))
				one->v[k].num += i;
		}
		rc = object_add(r, map, one);
	}
	return rc;
}

static int object_read(struct pn_reader *r, const struct pn_yaml *map,
		       const struct pn_class *cls)
{
	struct pn_object *o = pn_object_new(&r->topo->objects.pool, cls, NULL);
	const struct pn_yaml *node;
	const struct pn_field *f;
	int rc;

	if (!o)
		return pn_read_fail(r, map, cls->section, "out of memory");
	rc = pn_read_type(r, map, PN_YAML_MAP, cls->section);
	if (rc)
		return rc;
	o->line = map->line;
	o->column = map->column;
	for (node = map->child; node && !rc; node = node->next) {
		f = pn_field_find(cls, node->key);
		if (f)
			rc = field_read(r, node, f, o);
		else if (!strcmp(node->key, "netns"))
			rc = pn_read_netns(r, node, &o->netns);
		else
			rc = key_unknown(r, node, cls);
	}
	if (!rc)
		rc = required_check(r, map, o);
	if (!rc)
		rc = object_check(r, map, o);
	return rc ? rc : span_add(r, map, o);
}

int pn_read_objects(struct pn_reader *r, const struct pn_yaml *list,
		    const struct pn_class *cls)
{
	const struct pn_yaml *node;
	int rc;

	rc = pn_read_type(r, list, PN_YAML_LIST, "");
	for (node = list->child; node && !rc; node = node->next)
		rc = object_read(r, node, cls);
	return rc;
}
