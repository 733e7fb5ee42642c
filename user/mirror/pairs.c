// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The endpoint table; see pairs.h. A slot is written with gen 0, then gets a
 * generation that no reader can have seen in it before.
 */
#include <errno.h>
#include <string.h>

#include "mirror/cuckoo.h"
#include "mirror/pairs.h"

static __u64 pair_hash(const struct pn_pairs *t, const struct in6_addr *src,
		       const struct in6_addr *dst, __u16 port)
{
	return pn_hash_endpoint(src->s6_addr32, dst->s6_addr32, port, t->seed);
}

static void slot_free(struct pn_endpoint *slot)
{
	__atomic_store_n(&slot->gen, 0, __ATOMIC_SEQ_CST);
}

static void slot_fill(struct pn_pairs *t, struct pn_endpoint *slot,
		      const struct pn_pair *pair, __u32 vtep)
{
	slot_free(slot);
	slot->port = pair->port;
	slot->family = IN6_IS_ADDR_V4MAPPED(&pair->dst) ? 4 : 6;
	memcpy(slot->src, &pair->src, sizeof(slot->src));
	memcpy(slot->dst, &pair->dst, sizeof(slot->dst));
	slot->vtep = vtep;
	slot->rpf = pair->rpf;
	if (!++t->gen)
		t->gen = 1;
	__atomic_store_n(&slot->gen, t->gen, __ATOMIC_RELEASE);
}

static void slot_read(const struct pn_endpoint *slot, struct pn_pair *pair)
{
	memcpy(&pair->src, slot->src, sizeof(slot->src));
	memcpy(&pair->dst, slot->dst, sizeof(slot->dst));
	pair->port = slot->port;
	pair->rpf = slot->rpf;
}

static bool slot_used(const void *table, __u32 n)
{
	return pn_pairs_slot(table, n)->gen != 0;
}

static __u32 slot_other(const void *table, __u32 n)
{
	const struct pn_pairs *t = table;
	struct pn_pair pair;
	__u64 hash;
	__u32 first;

	slot_read(pn_pairs_slot(t, n), &pair);
	hash = pair_hash(t, &pair.src, &pair.dst, pair.port);
	first = PN_HASH_FIRST(hash) & t->mask;
	return first == n / PN_BUCKET_SLOTS ? PN_HASH_SECOND(hash) & t->mask : first;
}

static void slot_move(void *table, __u32 from, __u32 to)
{
	struct pn_endpoint *old = pn_pairs_slot(table, from);
	struct pn_pair pair;

	slot_read(old, &pair);
	slot_fill(table, pn_pairs_slot(table, to), &pair, old->vtep);
	slot_free(old);
}

static const struct pn_cuckoo_ops slot_ops = {
	.used = slot_used,
	.other = slot_other,
	.move = slot_move,
};

static bool slot_is(const struct pn_endpoint *slot, const struct pn_pair *pair)
{
	return slot->gen && slot->port == pair->port &&
	       !memcmp(slot->src, &pair->src, sizeof(slot->src)) &&
	       !memcmp(slot->dst, &pair->dst, sizeof(slot->dst));
}

static struct pn_endpoint *bucket_find(struct pn_endpoint_bucket *bucket,
				       const struct pn_pair *pair)
{
	int i;

	for (i = 0; i < PN_BUCKET_SLOTS; i++)
		if (slot_is(&bucket->slot[i], pair))
			return &bucket->slot[i];
	return NULL;
}

static struct pn_endpoint *pairs_find(const struct pn_pairs *t,
				      const struct pn_pair *pair, __u64 hash)
{
	struct pn_endpoint *slot;

	slot = bucket_find(&t->buckets[PN_HASH_FIRST(hash) & t->mask], pair);
	return slot ? slot : bucket_find(&t->buckets[PN_HASH_SECOND(hash) & t->mask], pair);
}

void pn_pairs_init(struct pn_pairs *t, struct pn_endpoint_bucket *buckets, __u32 mask,
		   __u64 seed)
{
	__u64 n;
	__u32 gen;

	t->buckets = buckets;
	t->mask = mask;
	t->seed = seed;
	t->used = 0;
	t->gen = 0;
	for (n = 0; n < pn_pairs_slots(t); n++) {
		gen = pn_pairs_slot(t, n)->gen;
		t->used += gen != 0;
		if (gen > t->gen)
			t->gen = gen;
	}
}

int pn_pairs_set(struct pn_pairs *t, const struct pn_pair *pair, __u32 vtep)
{
	__u64 hash = pair_hash(t, &pair->src, &pair->dst, pair->port);
	struct pn_endpoint *slot = pairs_find(t, pair, hash);
	__s64 room;

	if (slot) {
		if (slot->vtep != vtep || slot->rpf != pair->rpf)
			slot_fill(t, slot, pair, vtep);
		return 0;
	}
	room = pn_cuckoo_room(&slot_ops, t, PN_HASH_FIRST(hash) & t->mask,
			      PN_HASH_SECOND(hash) & t->mask);
	if (room < 0)
		return room;
	slot_fill(t, pn_pairs_slot(t, room), pair, vtep);
	t->used++;
	return 0;
}

bool pn_pairs_del(struct pn_pairs *t, const struct pn_pair *pair)
{
	struct pn_endpoint *slot;

	slot = pairs_find(t, pair, pair_hash(t, &pair->src, &pair->dst, pair->port));
	if (!slot)
		return false;
	slot_free(slot);
	t->used--;
	return true;
}

__u32 pn_pairs_get(const struct pn_pairs *t, const struct pn_pair *pair)
{
	struct pn_endpoint *slot;

	slot = pairs_find(t, pair, pair_hash(t, &pair->src, &pair->dst, pair->port));
	return slot ? slot->vtep : 0;
}
