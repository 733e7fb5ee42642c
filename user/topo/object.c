// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Objects and lists of them: values, keys, differences; see object.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "topo/object.h"

#define KEY_MAX	1024

const struct pn_class *pn_class_find(const char *section)
{
	unsigned int i;

	for (i = 0; pn_classes[i]; i++) {
		if (!strcmp(pn_classes[i]->section, section))
			return pn_classes[i];
	}
	return NULL;
}

const struct pn_field *pn_field_find(const struct pn_class *cls, const char *name)
{
	unsigned int i;

	for (i = 0; i < cls->n; i++) {
		const struct pn_row *row = &cls->field[i].row;

		if (!strcmp(row->name, name) || (row->alias && !strcmp(row->alias, name)))
			return &cls->field[i];
	}
	return NULL;
}

struct pn_value *pn_object_value(const struct pn_object *o, const char *name)
{
	const struct pn_field *f = pn_field_find(o->cls, name);

	if (!f)
		abort();	/* a word of ours that the table has not */
	return &o->v[f - o->cls->field];
}

struct pn_object *pn_object_new(struct pn_pool *pool, const struct pn_class *cls,
				const char *netns)
{
	struct pn_object *o = pn_pool_alloc(pool, sizeof(*o));

	if (!o)
		return NULL;
	o->cls = cls;
	o->netns = netns;
	o->v = pn_pool_alloc(pool, cls->n * sizeof(*o->v));
	return o->v ? o : NULL;
}

static bool value_is_default(const struct pn_field *f, const struct pn_value *v)
{
	char text[300];

	return f->row.def && !strcmp(pn_field_format(f, v, text, sizeof(text)), f->row.def);
}

bool pn_object_is_key(const struct pn_object *o, unsigned int field)
{
	return (o->cls->field[field].flags & PN_FIELD_KEY) &&
	       !(o->cls->is_loose && o->cls->is_loose(o, field));
}

static int defaults_fill(struct pn_object *o, struct pn_pool *pool)
{
	const struct pn_field *f;
	char why[200];
	unsigned int i;
	int rc = 0;

	for (i = 0; i < o->cls->n && !rc; i++) {
		f = &o->cls->field[i];
		if ((f->flags & PN_FIELD_KEY) && f->row.def && !o->v[i].set)
			rc = pn_field_parse(f, f->row.def, &o->v[i], pool, why, sizeof(why));
	}
	return rc;
}

/* The first key value names it; the others follow where they say something. */
static void id_text(const struct pn_object *o, char *buf, size_t len)
{
	char text[300];
	unsigned int i;
	bool first = true;
	size_t at = 0;

	if (o->netns)
		at = snprintf(buf, len, "%s/", o->netns);
	for (i = 0; i < o->cls->n && at < len; i++) {
		const struct pn_field *f = &o->cls->field[i];

		if (!pn_object_is_key(o, i) || !o->v[i].set ||
		    (!first && !pn_object_says(o, i)))
			continue;
		pn_field_format(f, &o->v[i], text, sizeof(text));
		at += first ? snprintf(buf + at, len - at, "%s", text) :
			      snprintf(buf + at, len - at, " %s %s", f->row.name, text);
		first = false;
	}
}

static void key_text(const struct pn_object *o, char *buf, size_t len)
{
	char text[300];
	unsigned int i;
	size_t at;

	at = snprintf(buf, len, "%s %s", o->cls->section, o->netns ? o->netns : ".");
	for (i = 0; i < o->cls->n && at < len; i++) {
		const struct pn_field *f = &o->cls->field[i];

		if (pn_object_is_key(o, i) && o->v[i].set)
			at += snprintf(buf + at, len - at, " %s=%s", f->row.name,
				       pn_field_format(f, &o->v[i], text, sizeof(text)));
	}
}

int pn_object_finish(struct pn_object *o, struct pn_pool *pool)
{
	char text[KEY_MAX];
	int rc = defaults_fill(o, pool);

	if (rc)
		return rc;
	key_text(o, text, sizeof(text));
	o->key = pn_pool_text(pool, text);
	id_text(o, text, sizeof(text));
	o->id = pn_pool_text(pool, text);
	return o->key && o->id ? 0 : -ENOMEM;
}

static int key_word_parse(struct pn_object *o, char *word, struct pn_pool *pool)
{
	char *eq = strchr(word, '=');
	const struct pn_field *f;
	char why[200];
	char *own;

	if (!eq)
		return -EINVAL;
	*eq = 0;
	f = pn_field_find(o->cls, word);
	own = f ? pn_pool_text(pool, eq + 1) : NULL;
	if (!own)
		return -EINVAL;
	return pn_field_parse(f, own, &o->v[f - o->cls->field], pool, why, sizeof(why));
}

struct pn_object *pn_object_of_key(const char *key, struct pn_pool *pool)
{
	char text[KEY_MAX];
	const struct pn_class *cls;
	struct pn_object *o = NULL;
	char *word, *save, *netns;

	if (strlen(key) >= sizeof(text))
		return NULL;
	strcpy(text, key);
	word = strtok_r(text, " ", &save);
	cls = word ? pn_class_find(word) : NULL;
	netns = cls ? strtok_r(NULL, " ", &save) : NULL;
	if (netns)
		o = pn_object_new(pool, cls, strcmp(netns, ".") ? pn_pool_text(pool, netns) : NULL);
	while (o && (word = strtok_r(NULL, " ", &save))) {
		if (key_word_parse(o, word, pool))
			return NULL;
	}
	return o && !pn_object_finish(o, pool) ? o : NULL;
}

struct pn_object *pn_objects_find(const struct pn_objects *list, const char *key)
{
	struct pn_object *o;

	HASH_FIND_STR(list->by_key, key, o);
	return o;
}

bool pn_objects_add(struct pn_objects *list, struct pn_object *o)
{
	if (pn_objects_find(list, o->key))
		return false;
	HASH_ADD_KEYPTR(hh, list->by_key, o->key, strlen(o->key), o);
	return true;
}

void pn_objects_fini(struct pn_objects *list)
{
	HASH_CLEAR(hh, list->by_key);
	pn_pool_fini(&list->pool);
	list->by_key = NULL;
}

bool pn_object_field_differs(const struct pn_object *want, const struct pn_object *has,
			     unsigned int field)
{
	const struct pn_field *f = &want->cls->field[field];
	const struct pn_value *v = &want->v[field], *h = &has->v[field];

	if (!v->set || pn_object_is_key(want, field))
		return false;
	if (h->set && want->cls->same && want->cls->same(want, has, field))
		return false;
	return !h->set || !pn_field_equal(f, v, h);
}

bool pn_object_differs(const struct pn_object *want, const struct pn_object *has)
{
	unsigned int i;

	for (i = 0; i < want->cls->n; i++) {
		if (pn_object_field_differs(want, has, i))
			return true;
	}
	return false;
}

struct pn_object *pn_object_merge(const struct pn_object *want,
				  const struct pn_object *has, struct pn_pool *pool)
{
	struct pn_object *o = pn_object_new(pool, want->cls, want->netns);
	unsigned int i;

	for (i = 0; o && i < o->cls->n; i++) {
		o->v[i] = want->v[i];
		if (!o->v[i].set && !(o->cls->field[i].flags & PN_FIELD_WHOLE))
			o->v[i] = has->v[i];
	}
	if (!o || pn_object_finish(o, pool))
		return NULL;
	o->line = want->line;
	o->column = want->column;
	return o;
}

bool pn_object_is_config(const struct pn_object *o)
{
	return !o->by_kernel && (!o->cls->is_config || o->cls->is_config(o));
}

bool pn_object_says(const struct pn_object *o, unsigned int field)
{
	const struct pn_value *v = &o->v[field];

	return v->set && !value_is_default(&o->cls->field[field], v) &&
	       !(o->cls->implied && o->cls->implied(o, field));
}
