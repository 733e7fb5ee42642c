// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The objects that are there, as sections of a topology file. */
#include <errno.h>
#include <string.h>

#include "topo/class.h"
#include "topo/object_emit.h"
#include "topo/qdisc.h"

/* A section, and what is left out of it. */
struct emitted {
	const struct pn_class *cls;
	const struct pn_derived *derived;
};

static bool is_plain(const struct pn_field *f, const struct pn_value *v, const char *text)
{
	return !f->type && text[strspn(text, "0123456789")] == 0;
}

/* "A, B" as a list. */
static void list_emit(const struct pn_emit *e, const char *key, char *text)
{
	char *one, *save;

	pn_emit_list(e, key);
	for (one = strtok_r(text, ",", &save); one; one = strtok_r(NULL, ",", &save))
		pn_emit_text(e, NULL, one + strspn(one, " "));
	pn_emit_end(e);
}

static void field_emit(const struct pn_emit *e, const struct pn_field *f,
		       const struct pn_value *v)
{
	char text[4096];

	pn_field_format(f, v, text, sizeof(text));
	if (f->flags & PN_FIELD_LIST)
		list_emit(e, f->row.name, text);
	else if (is_plain(f, v, text) || (!f->type && pn_row_is_bool(&f->row)))
		pn_emit_plain(e, f->row.name, text);
	else
		pn_emit_text(e, f->row.name, text);
}

static void object_emit(const struct pn_emit *e, const struct pn_object *o)
{
	unsigned int i;

	pn_emit_map(e, NULL);
	for (i = 0; i < o->cls->n; i++) {
		if (pn_object_says(o, i))
			field_emit(e, &o->cls->field[i], &o->v[i]);
	}
	if (o->netns)
		pn_emit_text(e, "netns", o->netns);
	pn_emit_end(e);
}

static bool is_among(const char *const *names, const char *name)
{
	while (*names && strcmp(*names, name))
		names++;
	return *names;
}

static bool is_derived(const struct pn_object *o, const struct pn_derived *derived)
{
	const char *dev;

	if (o->netns || (o->cls != &pn_class_qdiscs && o->cls != &pn_class_classes))
		return false;
	dev = pn_object_value(o, "dev")->str;
	if (is_among(derived->devs, dev))
		return true;
	return o->cls == &pn_class_qdiscs && is_among(derived->placed, dev) &&
	       pn_qdisc_kind(o)->ingress;
}

/* The section is opened with its first object. */
static int class_emit(const struct pn_emit *e, struct pn_sys_ns *ns, const struct emitted *what,
		      bool *open, struct pn_err *err)
{
	const struct pn_class *cls = what->cls;
	const struct pn_objects *list;
	const struct pn_object *o;

	if (cls->unsaid)
		return 0;
	list = pn_objects_running(ns, cls, err);
	if (!list)
		return -EIO;
	for (o = list->by_key; o; o = o->hh.next) {
		if (!pn_object_is_config(o) || is_derived(o, what->derived))
			continue;
		if (!*open)
			pn_emit_list(e, cls->section);
		*open = true;
		object_emit(e, o);
	}
	return 0;
}

int pn_objects_emit(const struct pn_emit *e, struct pn_sys *sys, char *const *names,
		    const struct pn_derived *derived, struct pn_err *err)
{
	struct emitted what = { .derived = derived };
	struct pn_sys_ns *ns;
	unsigned int i, k;
	bool open;
	int rc = 0;

	for (i = 0; pn_classes[i] && !rc; i++) {
		open = false;
		what.cls = pn_classes[i];
		for (k = 0; !rc && (!k || (names && names[k - 1])); k++) {
			ns = pn_sys_ns(sys, k ? names[k - 1] : NULL, err);
			rc = ns ? class_emit(e, ns, &what, &open, err) : -EIO;
		}
		if (open)
			pn_emit_end(e);
	}
	return rc;
}
