// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Qdiscs and classes as a tree; see tc_tree.h. */
#include <errno.h>
#include <linux/pkt_sched.h>
#include <stdlib.h>
#include <string.h>

#include "topo/class.h"
#include "topo/qdisc.h"
#include "topo/tc_tree.h"

#define DEPTH_MAX	64	/* the kernel has 8 levels of classes; a file may err */

/* Where a number of a device leads: the handle of a qdisc, or a class. */
struct node {
	const char *netns, *dev;
	uint32_t id;
	struct pn_object *o;
};

struct tree {
	struct node *node;
	unsigned int n;
};

static bool is_class(const struct pn_object *o)
{
	return o->cls == &pn_class_classes;
}

bool pn_tc_is(const struct pn_object *o)
{
	return is_class(o) || o->cls == &pn_class_qdiscs;
}

static const char *dev_of(const struct pn_object *o)
{
	return o->v[is_class(o) ? C_DEV : Q_DEV].str;
}

static uint32_t id_of(const struct pn_object *o)
{
	return o->v[is_class(o) ? C_CLASSID : Q_HANDLE].num;
}

static uint32_t parent_of(const struct pn_object *o)
{
	const struct pn_value *v = &o->v[is_class(o) ? C_PARENT : Q_PARENT];

	if (v->set && v->num != TC_H_ROOT)
		return v->num;
	return is_class(o) ? TC_H_MAJ(id_of(o)) : 0;
}

static int node_order(const void *a, const void *b)
{
	const struct node *x = a, *y = b;
	int rc = strcmp(x->netns, y->netns);

	if (!rc)
		rc = strcmp(x->dev, y->dev);
	return rc ? rc : x->id < y->id ? -1 : x->id > y->id;
}

static struct node node_of(struct pn_object *o, uint32_t id)
{
	return (struct node){ .netns = o->netns ? o->netns : "", .dev = dev_of(o), .id = id,
			      .o = o };
}

/* Of one or two lists. */
static int tree_build(struct tree *t, const struct pn_objects *list,
		      const struct pn_objects *other)
{
	const struct pn_objects *const both[] = { list, other };
	struct pn_object *o;
	unsigned int i;

	t->n = 0;
	t->node = calloc(HASH_COUNT(list->by_key) + (other ? HASH_COUNT(other->by_key) : 0) + 1,
			 sizeof(*t->node));
	if (!t->node)
		return -ENOMEM;
	for (i = 0; i < 2 && both[i]; i++) {
		for (o = both[i]->by_key; o; o = o->hh.next) {
			if (pn_tc_is(o) && id_of(o))
				t->node[t->n++] = node_of(o, id_of(o));
		}
	}
	qsort(t->node, t->n, sizeof(*t->node), node_order);
	return 0;
}

/* A band of prio has a number, but is no object. */
static struct pn_object *parent_find(const struct tree *t, struct pn_object *o)
{
	uint32_t id = parent_of(o);
	struct node want = node_of(o, id), *has;

	if (!id || id == TC_H_INGRESS)
		return NULL;
	has = bsearch(&want, t->node, t->n, sizeof(want), node_order);
	want.id = TC_H_MAJ(id);
	if (!has)
		has = bsearch(&want, t->node, t->n, sizeof(want), node_order);
	return has && has->o != o ? has->o : NULL;
}

static bool is_below(const struct tree *t, struct pn_object *o, const char *key)
{
	unsigned int i;

	for (i = 0; o && i < DEPTH_MAX; i++) {
		o = parent_find(t, o);
		if (o && !strcmp(o->key, key))
			return true;
	}
	return false;
}

static int rank_order(const struct pn_object *a, const struct pn_object *b)
{
	return a->rank < b->rank ? -1 : a->rank > b->rank;
}

static void ranks_set(const struct tree *t, const struct pn_objects *list)
{
	struct pn_object *o, *up;

	for (o = list->by_key; o; o = o->hh.next) {
		for (up = pn_tc_is(o) ? o : NULL, o->rank = 0; up && o->rank < DEPTH_MAX; o->rank++)
			up = parent_find(t, up);
	}
}

int pn_tc_order(struct pn_objects *list)
{
	struct tree t;

	if (tree_build(&t, list, NULL))
		return -ENOMEM;
	ranks_set(&t, list);
	HASH_SRT(hh, list->by_key, rank_order);
	free(t.node);
	return 0;
}

int pn_tc_ranks(struct pn_sys_ns *ns, struct pn_err *err)
{
	const struct pn_objects *qdiscs = pn_objects_running(ns, &pn_class_qdiscs, err);
	const struct pn_objects *classes = pn_objects_running(ns, &pn_class_classes, err);
	struct tree t;

	if (!qdiscs || !classes)
		return -EIO;
	if (tree_build(&t, qdiscs, classes))
		return pn_err_memory(err, "qdiscs");
	ranks_set(&t, qdiscs);
	ranks_set(&t, classes);
	free(t.node);
	return 0;
}

/* --- what is below one of them -------------------------------------------- */

static int copies_add(struct pn_objects *to, const struct pn_objects *from,
		      const struct pn_object *of)
{
	const struct pn_object *o;
	struct pn_object *copy;

	for (o = from->by_key; o; o = o->hh.next) {
		if (strcmp(dev_of(o), dev_of(of)) || pn_objects_find(to, o->key))
			continue;
		copy = pn_pool_alloc(&to->pool, sizeof(*copy));
		if (!copy)
			return -ENOMEM;
		*copy = *o;
		pn_objects_add(to, copy);
	}
	return 0;
}

/* Only what is below @of is left. */
static int below_keep(struct pn_objects *list, const struct pn_object *of)
{
	struct pn_object *o, *next;
	struct tree t;
	int rc = pn_tc_order(list);

	if (rc || tree_build(&t, list, NULL))
		return -ENOMEM;
	for (o = list->by_key; o; o = o->hh.next)
		o->by_kernel = !is_below(&t, o, of->key);
	free(t.node);
	for (o = list->by_key; o; o = next) {
		next = o->hh.next;
		if (o->by_kernel)
			HASH_DEL(list->by_key, o);
	}
	return 0;
}

static const struct pn_class *const tc_classes[] = { &pn_class_qdiscs, &pn_class_classes };

/* Those below @of, parents first: as they were in the beginning, or are now. */
struct below {
	struct pn_objects list;
	struct pn_objects read[2];
};

static void below_free(struct below *b)
{
	pn_objects_fini(&b->list);
	pn_objects_fini(&b->read[0]);
	pn_objects_fini(&b->read[1]);
}

static int below_find(struct below *b, struct pn_sys_ns *ns, const struct pn_object *of,
		      bool now)
{
	const struct pn_objects *from;
	unsigned int i;
	int rc = 0;

	memset(b, 0, sizeof(*b));
	for (i = 0; i < 2 && !rc; i++) {
		from = pn_objects_running(ns, tc_classes[i], NULL);
		rc = from ? 0 : -EIO;
		if (!rc && now) {
			from = &b->read[i];
			rc = pn_objects_read(ns, tc_classes[i], &b->read[i], NULL);
		}
		if (!rc)
			rc = copies_add(&b->list, from, of);
	}
	return rc ? rc : below_keep(&b->list, of);
}

static int below_make(struct pn_sys_ns *ns, const struct below *b)
{
	const struct pn_object *o;
	int rc = 0;

	for (o = b->list.by_key; o && !rc; o = o->hh.next) {
		rc = pn_object_send(ns, o, PN_OBJECT_ADD);
		rc = rc == -EEXIST ? 0 : rc;
	}
	return rc;
}

/* A class goes when it has no children; a qdisc goes with its class. */
static int below_remove(struct pn_sys_ns *ns, const struct below *b)
{
	struct pn_object *o = b->list.by_key ? ELMT_FROM_HH(b->list.by_key->hh.tbl,
							    b->list.by_key->hh.tbl->tail) : NULL;
	int rc = 0;

	for (; o && !rc; o = o->hh.prev) {
		rc = is_class(o) ? pn_object_send(ns, o, PN_OBJECT_DEL) : 0;
		rc = rc == -ENOENT ? 0 : rc;
	}
	return rc;
}

/* Will the one have what is below the other? */
static bool takes_below(const struct pn_object *o, const struct pn_object *has)
{
	return id_of(o) == id_of(has) && o->v[Q_KIND].num == has->v[Q_KIND].num;
}

static int tc_exchange(struct pn_sys_ns *ns, const struct pn_object *o,
		       const struct pn_object *has, const struct below *b)
{
	struct pn_nl_ack ack;
	int rc = is_class(has) ? below_remove(ns, b) : 0;

	if (!rc)
		rc = pn_object_send(ns, has, PN_OBJECT_DEL);
	if (!rc)
		rc = pn_object_send(ns, o, PN_OBJECT_ADD);
	if (!rc && (is_class(o) || takes_below(o, has)))
		rc = below_make(ns, b);
	if (!rc)
		return 0;
	ack = ns->nl.ack;
	pn_object_send(ns, o, PN_OBJECT_DEL);
	pn_object_send(ns, has, PN_OBJECT_ADD);
	below_make(ns, b);
	ns->nl.ack = ack;
	return rc;
}

int pn_tc_make(struct pn_sys_ns *ns, const struct pn_object *o, const struct pn_object *has)
{
	struct below b = { 0 };
	int rc;

	if (has) {
		rc = below_find(&b, ns, has, true);
		if (!rc)
			rc = tc_exchange(ns, o, has, &b);
		below_free(&b);
	} else {
		rc = pn_object_send(ns, o, PN_OBJECT_ADD);
	}
	if (rc || o->line)
		return rc;
	rc = below_find(&b, ns, o, false);
	if (!rc)
		rc = below_make(ns, &b);
	below_free(&b);
	return rc;
}

int pn_tc_remove(struct pn_sys_ns *ns, const struct pn_object *o)
{
	pn_objects_running(ns, &pn_class_qdiscs, NULL);
	pn_objects_running(ns, &pn_class_classes, NULL);
	return pn_object_send(ns, o, PN_OBJECT_DEL);
}
