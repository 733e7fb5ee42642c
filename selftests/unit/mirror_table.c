// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The hashed tables: against a plain array, at full load, with a reader beside the writer. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/pairs.h"
#include "mirror/table.h"
#include "tap.h"

#define BUCKETS	4096
#define SLOTS	(BUCKETS * PN_BUCKET_SLOTS)
#define SEED	0x1234567890abcdefull

static __u64 rng_state = 88172645463325252ull;

static __u64 rng(void)
{
	rng_state ^= rng_state << 13;
	rng_state ^= rng_state >> 7;
	return rng_state ^= rng_state << 17;
}

/* Keys as the FDB has them: one vendor's MACs in a row, one bridge. */
static __u64 key_of(__u32 n)
{
	return PN_FDB_KEY(0x020000000000ull + n, 1);
}

static void table_make(struct pn_table *t, __u32 buckets)
{
	struct pn_bucket *mem = aligned_alloc(64, buckets * sizeof(*mem));

	if (!mem)
		tap_bail("no memory");
	memset(mem, 0, buckets * sizeof(*mem));
	pn_table_init(t, mem, buckets - 1, SEED);
}

static void full_load_test(void)
{
	__u32 want = SLOTS * 95 / 100, n, missing = 0;
	union pn_value value = { .index = 7 };
	struct pn_table t;

	tap_case("95 %% of the slots can be filled, in a row or at random");
	table_make(&t, BUCKETS);
	for (n = 0; n < want; n++)
		if (!tap_eq(pn_table_set(&t, key_of(n), value), 0, "set"))
			break;
	tap_eq(t.used, want, "slots in use");
	for (n = 0; n < want; n++)
		missing += !pn_table_get(&t, key_of(n), &value);
	tap_eq(missing, 0, "missing");
	for (n = 0; n < want; n++)
		missing += !pn_table_del(&t, key_of(n));
	tap_eq(t.used + missing, 0, "left after deletion");
	for (n = 0; n < want; n++)
		missing += pn_table_set(&t, rng() | 1, value) != 0;
	tap_eq(missing, 0, "random keys without room");
	free(t.buckets);
	tap_end();
}

static void full_test(void)
{
	union pn_value value = { .index = 1 };
	struct pn_table t;
	__u32 n, put = 0;
	int rc = 0;

	tap_case("a full table says so, keeps what it has and works on");
	table_make(&t, 16);
	for (n = 0; n < 80; n++) {
		rc = pn_table_set(&t, key_of(n), value);
		if (rc)
			break;
		put++;
	}
	tap_eq(rc, -ENOSPC, "the one too many");
	tap_true(put > 58 && put <= 64, "fill");
	for (n = 0; n < put; n++)
		if (!tap_true(pn_table_get(&t, key_of(n), &value), "still there"))
			break;
	tap_true(!pn_table_get(&t, key_of(put), &value), "the refused one is not");
	for (n = 0; n < put; n++)
		pn_table_del(&t, key_of(n));
	tap_eq(pn_table_set(&t, key_of(put), value), 0, "room again");
	free(t.buckets);
	tap_end();
}

static void value_test(void)
{
	union pn_value value = { .index = 3, .flags = PN_FDB_REFRESH, .stamp = 9, .vtep = 5 };
	struct pn_table t;
	struct pn_slot *slot = NULL;
	__u64 n;

	tap_case("an update keeps the stamp and forgets that the MAC was seen elsewhere");
	table_make(&t, 16);
	pn_table_set(&t, key_of(1), value);
	for (n = 0; n < pn_table_slots(&t); n++)
		if (pn_table_slot(&t, n)->key)
			slot = pn_table_slot(&t, n);
	if (!tap_true(slot != NULL, "slot"))
		goto out;
	tap_eq(slot->stamp, 9, "stamp of a new key");
	slot->stamp = 77;
	slot->flags |= PN_FDB_MOVED;
	value.stamp = 10;
	pn_table_set(&t, key_of(1), value);
	tap_eq(slot->stamp, 77, "stamp");
	tap_eq(slot->flags, PN_FDB_REFRESH, "flags");
	value.index = 4;
	pn_table_set(&t, key_of(1), value);
	tap_eq(slot->index, 4, "index");
	tap_eq(slot->stamp, 77, "stamp");
	tap_eq(slot->vtep, 5, "vtep");
	pn_table_init(&t, t.buckets, t.mask, SEED);
	tap_eq(t.used, 1, "entries taken over");
out:
	free(t.buckets);
	tap_end();
}

/* Random operations against an array indexed by key number. */
static void random_test(void)
{
	enum { KEYS = SLOTS * 98 / 100, OPS = 400000 };
	__u32 *ref = calloc(KEYS, sizeof(*ref)), i, n, bad = 0, used = 0, refused = 0;
	union pn_value value;
	struct pn_table t;

	tap_case("400,000 random operations, compared with an array");
	table_make(&t, BUCKETS);
	for (i = 0; i < OPS; i++) {
		n = rng() % KEYS;
		value = (union pn_value){ .index = n, .vtep = i + 1 };
		if (rng() % 8) {
			if (pn_table_set(&t, key_of(n), value)) {
				bad += ref[n] != 0;
				refused++;
				continue;
			}
			used += !ref[n];
			ref[n] = i + 1;
		} else {
			bad += pn_table_del(&t, key_of(n)) != (ref[n] != 0);
			used -= ref[n] != 0;
			ref[n] = 0;
		}
	}
	for (n = 0; n < KEYS; n++) {
		value.vtep = 0;
		bad += pn_table_get(&t, key_of(n), &value) != (ref[n] != 0);
		bad += ref[n] && (value.vtep != ref[n] || value.index != (__u16)n);
	}
	tap_eq(bad, 0, "disagreements");
	tap_eq(t.used, used, "slots in use");
	tap_diag("%u of %u slots used, %u refused", used, (unsigned int)SLOTS, refused);
	free(ref);
	free(t.buckets);
	tap_end();
}

struct race {
	struct pn_table table;
	struct pn_pairs pairs;
	bool stop;
	__u64 reads, found, wrong;
};

static void pair_of(__u32 n, struct pn_pair *pair)
{
	memset(pair, 0, sizeof(*pair));
	pair->src.s6_addr32[2] = htonl(0xffff);
	pair->dst = pair->src;
	pair->src.s6_addr32[3] = htonl(0x0a000000 + n);
	pair->dst.s6_addr32[3] = htonl(0x0a010000 + n % 7);
	pair->port = 1 + n % 3;
}

/* As the data plane does it: generation, fields, generation. */
static __u32 endpoint_read(const struct pn_pairs *t, const struct pn_pair *pair)
{
	__u64 hash = pn_hash_endpoint(pair->src.s6_addr32, pair->dst.s6_addr32, pair->port,
				      t->seed);
	__u32 bucket[2] = { PN_HASH_FIRST(hash) & t->mask, PN_HASH_SECOND(hash) & t->mask };
	const volatile struct pn_endpoint *ep;
	__u32 gen, vtep;
	int i;

	for (i = 0; i < 2 * PN_BUCKET_SLOTS; i++) {
		ep = &t->buckets[bucket[i / 4]].slot[i % 4];
		gen = ep->gen;
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		if (!gen || ep->port != pair->port || ep->src[3] != pair->src.s6_addr32[3] ||
		    ep->dst[3] != pair->dst.s6_addr32[3])
			continue;
		vtep = ep->vtep;
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		if (ep->gen == gen)
			return vtep;
	}
	return 0;
}

#define RACE_KEYS (256 * PN_BUCKET_SLOTS)

__attribute__((no_sanitize("thread"))) static void *race_reader(void *arg)
{
	struct race *r = arg;
	union pn_value value;
	struct pn_pair pair;
	__u32 n = 0, vtep;

	while (!__atomic_load_n(&r->stop, __ATOMIC_RELAXED)) {
		n = (n + 17) % RACE_KEYS;
		r->reads++;
		if (pn_table_get(&r->table, key_of(n), &value)) {
			r->found++;
			r->wrong += value.index != (__u16)n || value.vtep % RACE_KEYS != n;
		}
		pair_of(n, &pair);
		vtep = endpoint_read(&r->pairs, &pair);
		r->wrong += vtep && vtep % RACE_KEYS != n;
	}
	return NULL;
}

static void race_writer(struct race *r)
{
	union pn_value value;
	struct pn_pair pair;
	__u32 i, n;

	for (i = 0; i < 600000; i++) {
		n = rng() % RACE_KEYS;
		pair_of(n, &pair);
		if (rng() % 12 == 0) {
			pn_table_del(&r->table, key_of(n));
			pn_pairs_del(&r->pairs, &pair);
			continue;
		}
		value = (union pn_value){ .index = n, .vtep = n + RACE_KEYS * (1 + i % 9) };
		pn_table_set(&r->table, key_of(n), value);
		pn_pairs_set(&r->pairs, &pair, value.vtep);
	}
}

static void race_test(void)
{
	struct race r = { 0 };
	pthread_t thread;

	tap_case("a reader beside the writer never gets another key's value");
	table_make(&r.table, 256);
	pn_pairs_init(&r.pairs, aligned_alloc(64, 256 * sizeof(*r.pairs.buckets)), 0, SEED);
	memset(r.pairs.buckets, 0, 256 * sizeof(*r.pairs.buckets));
	pn_pairs_init(&r.pairs, r.pairs.buckets, 255, SEED);
	if (pthread_create(&thread, NULL, race_reader, &r))
		tap_bail("no thread");
	race_writer(&r);
	__atomic_store_n(&r.stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	tap_true(r.reads > 0 && r.found > 0, "reads");
	tap_eq(r.wrong, 0, "wrong values");
	tap_diag("%llu reads, %llu hits", r.reads, r.found);
	free(r.table.buckets);
	free(r.pairs.buckets);
	tap_end();
}

static void pairs_test(void)
{
	__u32 want = SLOTS * 95 / 100, n, bad = 0;
	struct pn_pairs t = { 0 };
	struct pn_pair pair;
	struct pn_endpoint_bucket *mem = aligned_alloc(64, BUCKETS * sizeof(*mem));

	tap_case("endpoints: full load, look-up, deletion");
	memset(mem, 0, BUCKETS * sizeof(*mem));
	pn_pairs_init(&t, mem, BUCKETS - 1, SEED);
	for (n = 0; n < want; n++) {
		pair_of(n, &pair);
		bad += pn_pairs_set(&t, &pair, n + 1) != 0;
	}
	for (n = 0; n < want; n++) {
		pair_of(n, &pair);
		bad += pn_pairs_get(&t, &pair) != n + 1;
		pair.port += 9;
		bad += pn_pairs_get(&t, &pair) != 0;
	}
	tap_eq(bad, 0, "disagreements");
	pn_pairs_init(&t, mem, BUCKETS - 1, SEED);
	tap_eq(t.used, want, "entries taken over");
	for (n = 0; n < want; n++) {
		pair_of(n, &pair);
		bad += !pn_pairs_del(&t, &pair);
	}
	tap_eq(t.used + bad, 0, "left");
	free(mem);
	tap_end();
}

int main(void)
{
	full_load_test();
	full_test();
	value_test();
	random_test();
	pairs_test();
	race_test();
	return tap_done();
}
