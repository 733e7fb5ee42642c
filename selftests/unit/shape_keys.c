// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The table of matches takes as many as it was made for, whatever words their
 * shapers differ in: addresses one after the other, VNIs, ports, MACs.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <penstock/limits.h>

#include "shape/keys.h"
#include "tap.h"

#define BUCKETS	(1u << 15)
#define ENTRIES	(BUCKETS * PN_BUCKET_SLOTS * 10 / 11) /* what it is made for */

static struct pn_match_bucket *buckets;

static void flow_src(struct pn_flow *f, unsigned int i)
{
	f->src[2] = htonl(0xffff);
	f->src[3] = htonl(0x0a000000 + i);
}

static void flow_dst(struct pn_flow *f, unsigned int i)
{
	f->dst[2] = htonl(0xffff);
	f->dst[3] = htonl(0xc0000200 + i);
}

static void flow_nets(struct pn_flow *f, unsigned int i)
{
	f->dst[2] = htonl(0xffff);
	f->dst[3] = htonl(i << 8);
}

static void flow_src6(struct pn_flow *f, unsigned int i)
{
	f->src[0] = htonl(0x20010db8);
	f->src[1] = htonl(i);
}

static void flow_peer(struct pn_flow *f, unsigned int i)
{
	f->peer[2] = htonl(0xffff);
	f->peer[3] = htonl(0x0a000000 + i);
}

static void flow_key(struct pn_flow *f, unsigned int i)
{
	f->has = PN_FLOW_HAS_TUNNEL | PN_FLOW_HAS_KEY;
	f->key = i;
}

static void flow_both(struct pn_flow *f, unsigned int i)
{
	flow_src(f, i & 0xff);
	flow_dst(f, i >> 8);
}

#define WHOLE { ~0u, ~0u, ~0u, ~0u }

static const struct {
	const char *name;
	void (*fill)(struct pn_flow *f, unsigned int i);
	struct pn_flow bits;
	bool wide; /* its matches differ in more than fits into a key */
} rows[] = {
	{ "inner source", flow_src, { .port = 0xffff, .src = WHOLE } },
	{ "inner destination", flow_dst, { .kind = 0xff, .dst = WHOLE } },
	{ "/24 of the destination", flow_nets, { .dst = { ~0u, ~0u, ~0u, 0xffffff } } },
	{ "/64 of an IPv6 source", flow_src6, { .src = { ~0u, ~0u } }, .wide = true },
	{ "peer", flow_peer, { .port = 0xffff, .vid = 0x7ff, .peer = WHOLE } },
	{ "VNI", flow_key, { .port = 0xffff, .kind = 0xff, .key = ~0u, .has = 3 } },
	{ "source and destination", flow_both, { .src = WHOLE, .dst = WHOLE }, .wide = true },
};

static void row_run(size_t row, uint64_t seed, bool exact)
{
	struct pn_match_mask mask = { .bits = rows[row].bits };
	struct pn_keys keys = { buckets, BUCKETS - 1 };
	unsigned int i;

	memset(buckets, 0, BUCKETS * sizeof(*buckets));
	for (i = 0; i < ENTRIES; i++) {
		struct pn_flow flow = { 0 };
		uint64_t key;

		rows[row].fill(&flow, i);
		pn_match_plan(&mask, &flow);
		tap_eq(mask.exact, !rows[row].wide, "what matches differ in fits");
		key = exact ? pn_match_key(&mask, &flow, ~0u, 5, seed) :
			      pn_hash_flow(&flow, ~0u, 0, seed);
		if (!tap_true(key, "a key") ||
		    !tap_eq(pn_keys_get(&keys, key), 0, "no other match has this key") ||
		    !tap_sys(pn_keys_add(&keys, key, i + 1), "room for one more")) {
			tap_diag("%u of %u", i, ENTRIES);
			return;
		}
	}
}

int main(void)
{
	static const uint64_t seeds[] = { 0, 1, 0x1234567890abcdefull };
	size_t row, i;

	buckets = aligned_alloc(sizeof(*buckets), BUCKETS * sizeof(*buckets));
	if (!buckets)
		tap_bail("no memory");
	for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		tap_case("as many shapers as there is room for, by %s", rows[row].name);
		for (i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++)
			row_run(row, seeds[i], false);
		for (i = 0; i < sizeof(seeds) / sizeof(seeds[0]) && !rows[row].wide; i++)
			row_run(row, seeds[i], true);
		tap_end();
	}
	free(buckets);
	return tap_done();
}
