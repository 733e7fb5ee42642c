// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Breadth-first search for the shortest chain of moves; see cuckoo.h. A bucket
 * is visited once, so the entries of a chain are distinct and each still is
 * where it was seen when its turn comes.
 */
#include <errno.h>

#include <penstock/limits.h>

#include "mirror/cuckoo.h"

/* At 95 % load one bucket in six has room: this many all but never all have none. */
#define SEARCH_MAX	512

struct step {
	__u32 bucket;
	int parent;		/* step that led here, -1: one of the two wanted */
	__u32 from;		/* slot of the parent whose entry would move here */
};

struct search {
	struct step step[SEARCH_MAX];
	int n;
};

static void search_add(struct search *s, __u32 bucket, int parent, __u32 from)
{
	int i;

	if (s->n == SEARCH_MAX)
		return;
	for (i = 0; i < s->n; i++)
		if (s->step[i].bucket == bucket)
			return;
	s->step[s->n++] = (struct step){ bucket, parent, from };
}

static __s64 bucket_free_slot(const struct pn_cuckoo_ops *ops, const void *table,
			      __u32 bucket)
{
	__u32 slot;

	for (slot = bucket * PN_BUCKET_SLOTS; slot < (bucket + 1) * PN_BUCKET_SLOTS; slot++)
		if (!ops->used(table, slot))
			return slot;
	return -ENOSPC;
}

/* Move the chain that ends at the free slot @to, last entry first. */
static __s64 chain_move(const struct pn_cuckoo_ops *ops, void *table,
			const struct search *s, int at, __u32 to)
{
	for (; s->step[at].parent >= 0; at = s->step[at].parent) {
		ops->move(table, s->step[at].from, to);
		to = s->step[at].from;
	}
	return to;
}

__s64 pn_cuckoo_room(const struct pn_cuckoo_ops *ops, void *table, __u32 first,
		     __u32 second)
{
	struct search s;
	__s64 to;
	__u32 slot;
	int at;

	s.n = 0;
	search_add(&s, first, -1, 0);
	search_add(&s, second, -1, 0);
	for (at = 0; at < s.n; at++) {
		to = bucket_free_slot(ops, table, s.step[at].bucket);
		if (to >= 0)
			return chain_move(ops, table, &s, at, to);
		slot = s.step[at].bucket * PN_BUCKET_SLOTS;
		for (; slot < (s.step[at].bucket + 1) * PN_BUCKET_SLOTS; slot++)
			search_add(&s, ops->other(table, slot), at, slot);
	}
	return -ENOSPC;
}
