// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Devices that one key leads to: the data plane follows `next` until the local
 * address fits. One that takes any comes last. A device that wins in several
 * classes has the same successor in all of them, or leaves one; those of one
 * class alone stand before it.
 */
#include <stdlib.h>

#include "mirror/rivals.h"

#define GROUP_MAX	16

static int link_order(const void *a, const void *b)
{
	const struct rival_link *x = a, *y = b;
	int classes_x = __builtin_popcount(x->r->won), classes_y = __builtin_popcount(y->r->won);
	bool any_x = !rival_has(&x->r->t->local), any_y = !rival_has(&y->r->t->local);

	if (any_x != any_y)
		return any_x - any_y;
	if (classes_x != classes_y)
		return classes_x - classes_y;
	return x->r->tunnel < y->r->tunnel ? -1 : x->r->tunnel > y->r->tunnel;
}

static void link_lose(struct rival_link *v, size_t *n, size_t at)
{
	v[at].r->won &= ~(1u << v[at].class);
	v[at].r->heads &= ~(1u << v[at].class);
	for (--*n; at < *n; at++)
		v[at] = v[at + 1];
}

/* Whoever takes any local address would take the packets of one that lost. */
static void any_lose(struct rival_link *v, size_t *n)
{
	if (*n && !rival_has(&v[*n - 1].r->t->local))
		link_lose(v, n, *n - 1);
}

/* The first whose successor is another one in another class; @n: none. */
static size_t conflict_find(const struct rival_link *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (v[i].r->chained && v[i].r->next != (i + 1 < n ? v[i + 1].r : NULL))
			break;
	return i;
}

static void links_join(struct rival_link *v, size_t n)
{
	size_t i;

	if (n > 1)
		qsort(v, n, sizeof(*v), link_order);
	if (n > PN_TUNNEL_CHAIN)
		any_lose(v, &n);
	while (n > PN_TUNNEL_CHAIN)
		link_lose(v, &n, n - 1);
	for (i = conflict_find(v, n); i < n; i = conflict_find(v, n)) {
		if (rival_has(&v[i].r->t->local))
			any_lose(v, &n);
		if (i < n)
			link_lose(v, &n, i);
	}
	for (i = 0; i < n; i++) {
		v[i].r->next = i + 1 < n ? v[i + 1].r : NULL;
		v[i].r->chained = true;
	}
	if (n)
		v[0].r->heads |= 1u << v[0].class;
}

void rival_chain(struct rivals *s, struct rival *r, int class)
{
	const struct rival_class *c = &rival_classes[class];
	struct rival_link v[GROUP_MAX];
	struct rival like = *r, *other;
	int i, steps = 0;
	size_t n = 0;
	__u32 at;

	for (i = 0; i < 3 && c->tables[i]; i++) {
		like.table = c->tables[i];
		for (at = rivals_of_remote(s, like.table, &like); at; at = other->same_remote) {
			other = &s->v[at - 1];
			s->work++;
			if (++steps > RIVALS_WALK_MAX || n == GROUP_MAX) {
				r->won &= ~(1u << class);
				return;
			}
			if ((other->won & 1u << class) && rival_same_remote(&like, other))
				v[n++] = (struct rival_link){ other, class };
		}
	}
	links_join(v, n);
}

static bool same_group(const struct rival_link *a, const struct rival_link *b)
{
	return a->r->key == b->r->key;
}

void rival_chain_any(struct rival_link *v, size_t n)
{
	struct rival_link group[GROUP_MAX];
	size_t i, j, size;

	for (i = 0; i < n; i++) {
		if (v[i].r->chained && (v[i].r->heads & 1u << v[i].class))
			continue;
		size = 0;
		for (j = 0; j < n; j++) {
			if (!same_group(&v[i], &v[j]))
				continue;
			if (size < GROUP_MAX)
				group[size++] = v[j];
			else
				v[j].r->won &= ~(1u << v[j].class);
		}
		links_join(group, size);
	}
}
