// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The table of FDB entries; see fdbs.h. Linear probing at 85 % load at most,
 * gaps closed on removal, doubled when full.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <penstock/abi.h>

#include "mirror/fdbs.h"

#define SLOTS_MIN	256
#define SEED		0x8f14e45fceea167aull

/* pn_fdb_entry.mark */
#define MARK_GEN	0x3f	/* generation of the dump that saw it */
#define MARK_TOUCHED	0x40	/* by a notification, while a dump ran */
#define MARK_DEAD	0x80	/* deleted by one */

int pn_fdbs_init(struct pn_fdbs *f)
{
	memset(f, 0, sizeof(*f));
	f->v = calloc(SLOTS_MIN, sizeof(*f->v));
	f->mask = SLOTS_MIN - 1;
	return f->v ? 0 : -ENOMEM;
}

void pn_fdbs_fini(struct pn_fdbs *f)
{
	free(f->v);
	memset(f, 0, sizeof(*f));
}

__u64 pn_fdbs_memory(const struct pn_fdbs *f)
{
	return (f->mask + 1) * sizeof(*f->v);
}

static __u64 entry_home(const struct pn_fdbs *f, __u64 key, __u32 value)
{
	if (pn_fdbs_is_group(key))
		key ^= (__u64)value << 24;
	return pn_hash64(key, SEED) >> 24 & f->mask;
}

void pn_fdbs_prefetch(const struct pn_fdbs *f, __u64 key)
{
	__builtin_prefetch(&f->v[entry_home(f, key, 0)], 1);
}

static bool entry_is(const struct pn_fdb_entry *e, __u64 key, __u32 value)
{
	return e->key == key && (e->value == value || !pn_fdbs_is_group(key));
}

/* Its slot, or the free one where it would go. */
static struct pn_fdb_entry *slot_find(const struct pn_fdbs *f, __u64 key, __u32 value)
{
	__u64 at = entry_home(f, key, value);

	while (f->v[at].key && !entry_is(&f->v[at], key, value))
		at = (at + 1) & f->mask;
	return &f->v[at];
}

static int fdbs_grow(struct pn_fdbs *f)
{
	struct pn_fdbs new = *f;
	__u64 n;

	new.mask = 2 * f->mask + 1;
	new.v = calloc(new.mask + 1, sizeof(*new.v));
	if (!new.v)
		return -ENOMEM;
	for (n = 0; n <= f->mask; n++)
		if (f->v[n].key)
			*slot_find(&new, f->v[n].key, f->v[n].value) = f->v[n];
	free(f->v);
	*f = new;
	return 0;
}

static void slot_remove(struct pn_fdbs *f, struct pn_fdb_entry *e)
{
	__u64 hole = e - f->v, at, home;

	for (at = (hole + 1) & f->mask; f->v[at].key; at = (at + 1) & f->mask) {
		home = entry_home(f, f->v[at].key, f->v[at].value);
		if (((at - home) & f->mask) < ((at - hole) & f->mask))
			continue;
		f->v[hole] = f->v[at];
		hole = at;
	}
	f->v[hole].key = 0;
	f->used--;
}

struct pn_fdb_entry *pn_fdbs_find(const struct pn_fdbs *f, __u64 key, __u32 value)
{
	struct pn_fdb_entry *e = slot_find(f, key, value);

	return e->key && !(e->mark & MARK_DEAD) ? e : NULL;
}

static bool notification_knows(const struct pn_fdbs *f, const struct pn_fdb_entry *e)
{
	return f->dumping && (e->mark & MARK_TOUCHED) && (e->mark & MARK_GEN) == f->gen;
}

static struct pn_fdb_entry *slot_claim(struct pn_fdbs *f, __u64 key, __u32 value)
{
	struct pn_fdb_entry *e = slot_find(f, key, value);

	if (e->key)
		return e;
	if ((f->used + 1) * 20 > (f->mask + 1) * 17) {
		if (fdbs_grow(f)) {
			errno = ENOMEM;
			return NULL;
		}
		e = slot_find(f, key, value);
	}
	*e = (struct pn_fdb_entry){ .key = key, .value = value, .mark = MARK_DEAD };
	f->used++;
	return e;
}

struct pn_fdb_entry *pn_fdbs_put(struct pn_fdbs *f, __u64 key, __u32 value,
				 bool from_dump, bool *is_new)
{
	struct pn_fdb_entry *e = slot_claim(f, key, value);

	if (!e)
		return NULL;
	if (from_dump && notification_knows(f, e)) {
		errno = ESTALE;
		return NULL;
	}
	*is_new = e->mark & MARK_DEAD;
	if (*is_new) {
		f->count++;
		e->value = pn_fdbs_is_group(key) ? value : 0;
		e->flags = 0;
		e->aux = 0;
	}
	e->mark = f->gen | (f->dumping && !from_dump ? MARK_TOUCHED : 0);
	return e;
}

bool pn_fdbs_del(struct pn_fdbs *f, __u64 key, __u32 value, struct pn_fdb_entry *old)
{
	struct pn_fdb_entry *e = f->dumping ? slot_claim(f, key, value) :
					      slot_find(f, key, value);
	bool known;

	if (!e || !e->key)
		return false;
	known = !(e->mark & MARK_DEAD);
	*old = *e;
	f->count -= known;
	if (f->dumping)
		e->mark = f->gen | MARK_TOUCHED | MARK_DEAD;
	else
		slot_remove(f, e);
	return known;
}

void pn_fdbs_dump_begin(struct pn_fdbs *f)
{
	__u64 n;

	f->gen = (f->gen + 1) & MARK_GEN;
	f->dumping = true;
	/* Nothing may look as if this dump had seen it. */
	for (n = 0; n <= f->mask; n++)
		if (f->v[n].key && (f->v[n].mark & MARK_GEN) == f->gen)
			f->v[n].mark = (f->gen + 1) & MARK_GEN;
}

/* Remove what @is_stale says; @gone sees the entries that were no mere marks. */
static void fdbs_sweep(struct pn_fdbs *f,
		       bool (*is_stale)(const struct pn_fdb_entry *e, __u16 arg),
		       __u16 arg,
		       void (*gone)(void *ctx, const struct pn_fdb_entry *e), void *ctx)
{
	struct pn_fdb_entry old;
	__u64 n = 0;

	while (n <= f->mask) {
		old = f->v[n];
		if (!old.key || !is_stale(&old, arg)) {
			n++;
			continue;
		}
		slot_remove(f, &f->v[n]);
		if (old.mark & MARK_DEAD)
			continue;
		f->count--;
		gone(ctx, &old);
	}
}

static bool entry_unseen(const struct pn_fdb_entry *e, __u16 gen)
{
	return (e->mark & MARK_DEAD) || (e->mark & MARK_GEN) != gen;
}

static bool entry_dead(const struct pn_fdb_entry *e, __u16 unused)
{
	return e->mark & MARK_DEAD;
}

static bool entry_low(const struct pn_fdb_entry *e, __u16 low)
{
	return (__u16)e->key == low;
}

void pn_fdbs_dump_end(struct pn_fdbs *f,
		      void (*gone)(void *ctx, const struct pn_fdb_entry *e), void *ctx)
{
	f->dumping = false;
	fdbs_sweep(f, entry_unseen, f->gen, gone, ctx);
}

void pn_fdbs_dump_abort(struct pn_fdbs *f)
{
	f->dumping = false;
	fdbs_sweep(f, entry_dead, 0, NULL, NULL);
}

void pn_fdbs_drop(struct pn_fdbs *f, __u16 low,
		  void (*gone)(void *ctx, const struct pn_fdb_entry *e), void *ctx)
{
	fdbs_sweep(f, entry_low, low, gone, ctx);
}

void pn_fdbs_each(struct pn_fdbs *f, void (*cb)(void *ctx, struct pn_fdb_entry *e),
		  void *ctx)
{
	__u64 n;

	for (n = 0; n <= f->mask; n++)
		if (f->v[n].key && !(f->v[n].mark & MARK_DEAD))
			cb(ctx, &f->v[n]);
}
