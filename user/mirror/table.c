// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Cuckoo tables of 16-byte slots; see table.h. Filled value first, key last;
 * freed key first. The data plane stamps values beside us, so an existing
 * value is exchanged as one word and only if nobody changed it meanwhile.
 */
#include <errno.h>

#include "mirror/cuckoo.h"
#include "mirror/table.h"

/* The value of a slot as the one word that readers and writers exchange. */
typedef __u64 __attribute__((may_alias)) slot_word;

static slot_word *slot_value(struct pn_slot *slot)
{
	return (slot_word *)&slot->index;
}

static __u64 slot_key(const struct pn_slot *slot)
{
	return __atomic_load_n(&slot->key, __ATOMIC_ACQUIRE);
}

static void slot_fill(struct pn_slot *slot, __u64 key, __u64 word)
{
	__atomic_store_n(slot_value(slot), word, __ATOMIC_RELEASE);
	__atomic_store_n(&slot->key, key, __ATOMIC_RELEASE);
}

static void slot_free(struct pn_slot *slot)
{
	__atomic_store_n(&slot->key, 0, __ATOMIC_RELEASE);
}

static struct pn_slot *slot_at(const void *table, __u32 n)
{
	return pn_table_slot(table, n);
}

static bool slot_used(const void *table, __u32 n)
{
	return slot_at(table, n)->key != 0;
}

static __u32 slot_other(const void *table, __u32 n)
{
	const struct pn_table *t = table;
	__u64 hash = pn_hash64(slot_at(t, n)->key, t->seed);
	__u32 first = PN_HASH_FIRST(hash) & t->mask;

	return first == n / PN_BUCKET_SLOTS ? PN_HASH_SECOND(hash) & t->mask : first;
}

static void slot_move(void *table, __u32 from, __u32 to)
{
	struct pn_slot *old = slot_at(table, from);
	struct pn_slot *new = slot_at(table, to);
	__u64 word = __atomic_load_n(slot_value(old), __ATOMIC_ACQUIRE);
	__u64 now;

	slot_fill(new, old->key, word);
	slot_free(old);
	/* A stamp that came in between must not be lost. */
	now = __atomic_load_n(slot_value(old), __ATOMIC_ACQUIRE);
	if (now != word)
		__atomic_compare_exchange_n(slot_value(new), &word, now, false,
					    __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

static const struct pn_cuckoo_ops slot_ops = {
	.used = slot_used,
	.other = slot_other,
	.move = slot_move,
};

static struct pn_slot *bucket_find(struct pn_bucket *bucket, __u64 key)
{
	int i;

	for (i = 0; i < PN_BUCKET_SLOTS; i++)
		if (slot_key(&bucket->slot[i]) == key)
			return &bucket->slot[i];
	return NULL;
}

static struct pn_slot *table_find(const struct pn_table *t, __u64 key, __u64 hash)
{
	struct pn_slot *slot = bucket_find(&t->buckets[PN_HASH_FIRST(hash) & t->mask], key);

	return slot ? slot : bucket_find(&t->buckets[PN_HASH_SECOND(hash) & t->mask], key);
}

void pn_table_prefetch(const struct pn_table *t, __u64 key)
{
	__u64 hash = pn_hash64(key, t->seed);

	__builtin_prefetch(&t->buckets[PN_HASH_FIRST(hash) & t->mask], 1);
	__builtin_prefetch(&t->buckets[PN_HASH_SECOND(hash) & t->mask], 1);
}

void pn_table_init(struct pn_table *t, struct pn_bucket *buckets, __u32 mask,
		   __u64 seed)
{
	__u64 n;

	t->buckets = buckets;
	t->mask = mask;
	t->seed = seed;
	t->used = 0;
	for (n = 0; n < pn_table_slots(t); n++)
		t->used += pn_table_slot(t, n)->key != 0;
}

static void slot_update(struct pn_slot *slot, union pn_value value)
{
	union pn_value old;

	old.word = __atomic_load_n(slot_value(slot), __ATOMIC_ACQUIRE);
	do {
		value.stamp = old.stamp;
		if (value.word == old.word)
			return;
	} while (!__atomic_compare_exchange_n(slot_value(slot), &old.word, value.word,
					      false, __ATOMIC_ACQ_REL,
					      __ATOMIC_ACQUIRE));
}

int pn_table_set(struct pn_table *t, __u64 key, union pn_value value)
{
	__u64 hash = pn_hash64(key, t->seed);
	struct pn_slot *slot = table_find(t, key, hash);
	__s64 room;

	if (slot) {
		slot_update(slot, value);
		return 0;
	}
	room = pn_cuckoo_room(&slot_ops, t, PN_HASH_FIRST(hash) & t->mask,
			      PN_HASH_SECOND(hash) & t->mask);
	if (room < 0)
		return room;
	slot_fill(slot_at(t, room), key, value.word);
	t->used++;
	return 0;
}

bool pn_table_del(struct pn_table *t, __u64 key)
{
	struct pn_slot *slot = table_find(t, key, pn_hash64(key, t->seed));

	if (!slot)
		return false;
	slot_free(slot);
	t->used--;
	return true;
}

bool pn_table_get(const struct pn_table *t, __u64 key, union pn_value *value)
{
	struct pn_slot *slot = table_find(t, key, pn_hash64(key, t->seed));

	if (!slot)
		return false;
	value->word = __atomic_load_n(slot_value(slot), __ATOMIC_ACQUIRE);
	return slot_key(slot) == key;
}
