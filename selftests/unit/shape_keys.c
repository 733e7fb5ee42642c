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

static struct pn_bucket *buckets;

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

static const struct {
	const char *name;
	void (*fill)(struct pn_flow *f, unsigned int i);
} rows[] = {
	{ "inner source", flow_src }, { "inner destination", flow_dst },
	{ "/24 of the destination", flow_nets }, { "/64 of an IPv6 source", flow_src6 },
	{ "peer", flow_peer }, { "VNI", flow_key }, { "source and destination", flow_both },
};

static void row_run(size_t row, uint64_t seed)
{
	struct pn_keys keys = { buckets, BUCKETS - 1 };
	unsigned int i;

	memset(buckets, 0, BUCKETS * sizeof(*buckets));
	for (i = 0; i < ENTRIES; i++) {
		struct pn_flow flow = { 0 };
		uint64_t key;

		rows[row].fill(&flow, i);
		key = pn_hash_flow(&flow, ~0u, 0, seed);
		if (!tap_eq(pn_keys_get(&keys, key), 0, "no other match has this key") ||
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
			row_run(row, seeds[i]);
		tap_end();
	}
	free(buckets);
	return tap_done();
}
