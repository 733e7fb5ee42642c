// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Steps about objects: done, undone, put into words; see object_plan.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "topo/object_plan.h"

static int refused(struct pn_plan *plan, const struct pn_step *s,
		   const struct pn_object *o, const char *verb, struct pn_err *err)
{
	const struct pn_nl_ack *ack = &s->ns->nl.ack;
	int rc = o->cls->missing ? o->cls->missing(o, ack, s->id, err) : 0;

	if (!rc)
		rc = pn_nl_refused(&s->ns->nl, err, s->id, "cannot %s the %s", verb, o->cls->noun);
	if (o->line && plan->topo)
		pn_err_place(err, pn_topo_file(plan->topo), o->line, o->column);
	return rc;
}

/* What one object takes from others of its class is given back. */
static int others_settle(struct pn_plan *plan, struct pn_step *s, const struct pn_class *cls,
			 struct pn_err *err)
{
	const struct pn_objects *before = pn_objects_running(s->ns, cls, err);
	struct pn_objects now = { 0 };
	const struct pn_object *o, *has;
	int rc = before ? pn_objects_read(s->ns, cls, &now, err) : -EIO;

	for (o = rc ? NULL : before->by_key; o && !rc; o = o->hh.next) {
		has = pn_objects_find(&now, o->key);
		if (has && pn_object_differs(o, has) && pn_object_talk(s->ns, o, PN_OBJECT_SET))
			rc = refused(plan, s, o, "restore", err);
	}
	pn_objects_fini(&now);
	return rc;
}

/* Refused half-way: what it did, and took from others, is given back. */
static void refused_settle(struct pn_plan *plan, struct pn_step *s)
{
	struct pn_nl_ack ack = s->ns->nl.ack;
	struct pn_err none = { 0 };

	if (!s->object->cls->takes)
		return;
	if (s->op == PN_STEP_OBJECT_ADD)
		pn_object_talk(s->ns, s->object, PN_OBJECT_DEL);
	else
		pn_object_talk(s->ns, s->object_old, PN_OBJECT_SET);
	others_settle(plan, s, s->object->cls, &none);
	s->ns->nl.ack = ack;
}

/* The kernel made it meanwhile, for a link: it is not ours, but may be as wanted. */
static int object_take_over(struct pn_plan *plan, struct pn_step *s)
{
	struct pn_objects now = { 0 };
	const struct pn_object *has;
	int rc;

	rc = pn_objects_read(s->ns, s->object->cls, &now, NULL);
	has = rc ? NULL : pn_objects_find(&now, s->object->key);
	if (!rc)
		rc = has && !pn_object_differs(s->object, has) ? 0 : -EEXIST;
	s->was_there = !rc;
	s->ns->nl.ack.err = rc;
	pn_objects_fini(&now);
	return rc;
}

static int object_add(struct pn_plan *plan, struct pn_step *s, struct pn_err *err)
{
	int rc = pn_object_talk(s->ns, s->object, PN_OBJECT_ADD);

	if (rc == -EEXIST)
		rc = object_take_over(plan, s);
	else if (rc)
		refused_settle(plan, s);
	return rc ? refused(plan, s, s->object, "add", err) : 0;
}

/* Some can only be made anew; when that fails the old one comes back. */
static int object_replace(struct pn_step *s, const struct pn_object *old,
			  const struct pn_object *new)
{
	struct pn_nl_ack ack;
	int rc;

	if (new->cls->set_flags || new->cls->talk)
		return pn_object_talk(s->ns, new, PN_OBJECT_SET);
	rc = pn_object_talk(s->ns, old, PN_OBJECT_DEL);
	if (rc)
		return rc;
	rc = pn_object_talk(s->ns, new, PN_OBJECT_ADD);
	ack = s->ns->nl.ack;
	if (rc)
		pn_object_talk(s->ns, old, PN_OBJECT_ADD);
	s->ns->nl.ack = ack;
	return rc;
}

/* What was made for @was goes, but not what was there @before; NULL: what the file wants. */
static void left_remove(struct pn_plan *plan, struct pn_step *s, const struct pn_object *was,
			const struct pn_objects *before)
{
	const struct pn_class *cls = was->cls;
	struct pn_objects now = { 0 };
	const struct pn_objects *keep = before;
	const struct pn_object *o;
	int rc;

	if (!keep && plan->topo)
		keep = &plan->topo->objects;
	rc = cls->leaves ? pn_objects_read(s->ns, cls->left_class, &now, NULL) : -ENOENT;
	for (o = rc ? NULL : now.by_key; o; o = o->hh.next) {
		if (cls->leaves(was, o) && !(keep && pn_objects_find(keep, o->key)))
			pn_object_talk(s->ns, o, PN_OBJECT_DEL);
	}
	pn_objects_fini(&now);
}

static int object_set(struct pn_plan *plan, struct pn_step *s, struct pn_err *err)
{
	const struct pn_class *left = s->object->cls->left_class;

	/* As it is before, for the undoing. */
	if (left && !pn_objects_running(s->ns, left, err))
		return -EIO;
	s->object_new = pn_object_merge(s->object, s->object_old, &plan->pool);
	if (!s->object_new)
		return pn_err_memory(err, s->id);
	if (!object_replace(s, s->object_old, s->object_new)) {
		left_remove(plan, s, s->object_old, NULL);
		return 0;
	}
	refused_settle(plan, s);
	return refused(plan, s, s->object_new, "change", err);
}

/* What is gone already, with a device or another object, need not be removed. */
static int object_del(struct pn_plan *plan, struct pn_step *s, const struct pn_object *o,
		      struct pn_err *err)
{
	int rc = s->ns->exists ? pn_object_talk(s->ns, o, PN_OBJECT_DEL) : 0;

	if (!rc || rc == -ENOENT || rc == -ESRCH || rc == -ENODEV || rc == -EADDRNOTAVAIL)
		return 0;
	return refused(plan, s, o, "remove", err);
}

int pn_object_step_do(struct pn_plan *plan, struct pn_step *s, struct pn_err *err)
{
	switch (s->op) {
	case PN_STEP_OBJECT_ADD:
		return object_add(plan, s, err);
	case PN_STEP_OBJECT_SET:
		return object_set(plan, s, err);
	default:
		return object_del(plan, s, s->object_old, err);
	}
}

static int one_undo(struct pn_plan *plan, struct pn_step *s, struct pn_err *err)
{
	const struct pn_class *cls = s->object_old ? s->object_old->cls : s->object->cls;
	int rc;

	if (s->op == PN_STEP_OBJECT_ADD)
		return s->was_there ? 0 : object_del(plan, s, s->object, err);
	if (s->op == PN_STEP_OBJECT_SET) {
		rc = object_replace(s, s->object_new, s->object_old);
		if (!rc && cls->left_class)
			left_remove(plan, s, s->object_new,
				    pn_objects_running(s->ns, cls->left_class, NULL));
	} else {
		rc = pn_object_talk(s->ns, s->object_old, PN_OBJECT_ADD);
	}
	return rc && rc != -EEXIST ? refused(plan, s, s->object_old, "restore", err) : 0;
}

int pn_object_step_undo(struct pn_plan *plan, struct pn_step *s, struct pn_err *err)
{
	const struct pn_class *cls = s->object ? s->object->cls : s->object_old->cls;
	int rc = one_undo(plan, s, err);

	return rc || !cls->takes || !s->ns->exists ? rc : others_settle(plan, s, cls, err);
}

/* "NAME VALUE" of every field but the key; of a change, of those that change. */
static void fields_text(const struct pn_object *o, const struct pn_step *s, bool names,
			char *buf, size_t len)
{
	char text[300];
	unsigned int i;
	size_t at = 0;

	for (i = 0; o && i < o->cls->n && at < len; i++) {
		const struct pn_field *f = &o->cls->field[i];

		if (pn_object_is_key(o, i))
			continue;
		if (s->op == PN_STEP_OBJECT_SET ?
		    !pn_object_field_differs(s->object, s->object_old, i) :
		    !pn_object_says(o, i))
			continue;
		at += snprintf(buf + at, len - at, "%s", at ? names ? " " : ", " : "");
		if (names && at < len)
			at += snprintf(buf + at, len - at, "%s ", f->row.name);
		if (at < len)
			at += snprintf(buf + at, len - at, "%s", !o->v[i].set ? "none" :
				       pn_field_format(f, &o->v[i], text, sizeof(text)));
	}
}

/* The names of what a change is about. */
static const char *changes_text(const struct pn_step *s, struct pn_step_text *t)
{
	const struct pn_class *cls = s->object->cls;
	unsigned int i, n = 0, last = 0;

	for (i = 0; i < cls->n; i++) {
		if (pn_object_field_differs(s->object, s->object_old, i)) {
			last = i;
			n++;
		}
	}
	return n == 1 ? cls->field[last].row.name : "";
}

void pn_object_step_text(const struct pn_step *s, struct pn_step_text *t)
{
	bool one;

	t->what = s->object ? s->object->cls->noun : s->object_old->cls->noun;
	if (s->op == PN_STEP_OBJECT_SET) {
		t->attribute = changes_text(s, t);
		one = t->attribute[0];
		fields_text(s->object, s, !one, t->new_value, sizeof(t->new_value));
		fields_text(s->object_old, s, !one, t->old_value, sizeof(t->old_value));
	} else if (s->object) {
		fields_text(s->object, s, true, t->new_value, sizeof(t->new_value));
	} else {
		fields_text(s->object_old, s, true, t->old_value, sizeof(t->old_value));
	}
}
