// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A cuckoo table whose keys are hashes already; see keys.h. Filled value first,
 * key last; freed key first. What a reader finds while an entry moves it compares.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "mirror/cuckoo.h"
#include "shape/keys.h"

static struct pn_match_slot *slot_at(const struct pn_keys *k, __u32 n)
{
	return &k->buckets[n / PN_BUCKET_SLOTS].slot[n % PN_BUCKET_SLOTS];
}

static void slot_fill(struct pn_match_slot *slot, __u64 key, __u64 value)
{
	__atomic_store_n(&slot->value, value, __ATOMIC_RELEASE);
	__atomic_store_n(&slot->key, key, __ATOMIC_RELEASE);
}

static void slot_free(struct pn_match_slot *slot)
{
	__atomic_store_n(&slot->key, 0, __ATOMIC_RELEASE);
}

static bool slot_used(const void *table, __u32 n)
{
	return slot_at(table, n)->key;
}

static __u32 slot_other(const void *table, __u32 n)
{
	const struct pn_keys *k = table;
	__u64 key = slot_at(k, n)->key;
	__u32 first = PN_MATCH_FIRST(key) & k->mask;

	return first == n / PN_BUCKET_SLOTS ? PN_MATCH_SECOND(key) & k->mask : first;
}

static void slot_move(void *table, __u32 from, __u32 to)
{
	struct pn_match_slot *old = slot_at(table, from);

	slot_fill(slot_at(table, to), old->key, old->value);
	slot_free(old);
}

static const struct pn_cuckoo_ops slot_ops = {
	.used = slot_used,
	.other = slot_other,
	.move = slot_move,
};

static struct pn_match_slot *bucket_find(const struct pn_keys *k, __u32 bucket, __u64 key)
{
	struct pn_match_slot *slot = k->buckets[bucket & k->mask].slot;
	int i;

	for (i = 0; i < PN_BUCKET_SLOTS; i++)
		if (slot[i].key == key)
			return &slot[i];
	return NULL;
}

static struct pn_match_slot *slot_find(const struct pn_keys *k, __u64 key)
{
	struct pn_match_slot *slot = bucket_find(k, PN_MATCH_FIRST(key), key);

	return slot ? slot : bucket_find(k, PN_MATCH_SECOND(key), key);
}

__u64 pn_keys_get(const struct pn_keys *k, __u64 key)
{
	const struct pn_match_slot *slot = slot_find(k, key);

	return slot ? slot->value : 0;
}

int pn_keys_add(struct pn_keys *k, __u64 key, __u64 value)
{
	__s64 room = pn_cuckoo_room(&slot_ops, k, PN_MATCH_FIRST(key) & k->mask,
				    PN_MATCH_SECOND(key) & k->mask);

	if (room < 0)
		return room;
	slot_fill(slot_at(k, room), key, value);
	return 0;
}

void pn_keys_set(struct pn_keys *k, __u64 key, __u64 value)
{
	struct pn_match_slot *slot = slot_find(k, key);

	if (slot && slot->value != value)
		__atomic_store_n(&slot->value, value, __ATOMIC_RELEASE);
}

void pn_keys_del(struct pn_keys *k, __u64 key)
{
	struct pn_match_slot *slot = slot_find(k, key);

	if (slot)
		slot_free(slot);
}
