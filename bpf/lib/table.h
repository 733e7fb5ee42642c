/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Look-ups in the hashed tables of abi.h. Readers take no lock: a value counts
 * only if the key beside it was the same before and after it was read.
 */
#ifndef PN_BPF_TABLE_H
#define PN_BPF_TABLE_H

#include "lib/config.h"
#include "lib/maps.h"

union slot_value {
	__u64 word;
	struct {
		__u16 index;
		__u8 flags;
		__u8 stamp;
		union {
			__u32 vtep;
			__u32 tunnel;
		};
	};
};

#define slot_word(slot)	(*(volatile __u64 *)&(slot)->index)
#define slot_key(slot)	(*(volatile __u64 *)&(slot)->key)

static __always_inline struct pn_slot *
bucket_find(struct pn_bucket *bucket, __u64 key, union slot_value *value)
{
	struct pn_slot *slot;
	int i;

	if (!bucket)
		return NULL;
#pragma unroll
	for (i = 0; i < PN_BUCKET_SLOTS; i++) {
		slot = &bucket->slot[i];
		if (slot_key(slot) != key)
			continue;
		value->word = slot_word(slot);
		return slot_key(slot) == key ? slot : NULL;
	}
	return NULL;
}

/* The slot, for stamping, and a consistent copy of its value; NULL: not there. */
static __always_inline struct pn_slot *
fdb_lookup(__u64 mac48, __u16 fid, union slot_value *value)
{
	__u64 key = PN_FDB_KEY(mac48, fid);
	__u64 hash = pn_hash64(key, pn_conf.seed);
	__u32 first = PN_HASH_FIRST(hash) & pn_conf.fdb_mask;
	__u32 second = PN_HASH_SECOND(hash) & pn_conf.fdb_mask;
	struct pn_slot *slot;

	slot = bucket_find(bpf_map_lookup_elem(&pn_fdb, &first), key, value);
	if (slot)
		return slot;
	return bucket_find(bpf_map_lookup_elem(&pn_fdb, &second), key, value);
}

/* What stands behind a demux key; all zero: nothing. */
static __always_inline union slot_value demux_lookup(__u64 key)
{
	__u64 hash = pn_hash64(key, pn_conf.seed);
	__u32 first = PN_HASH_FIRST(hash) & pn_conf.demux_mask;
	__u32 second = PN_HASH_SECOND(hash) & pn_conf.demux_mask;
	union slot_value value;

	if (bucket_find(bpf_map_lookup_elem(&pn_demux, &first), key, &value) ||
	    bucket_find(bpf_map_lookup_elem(&pn_demux, &second), key, &value))
		return value;
	value.word = 0;
	return value;
}

/*
 * Off the fast path. Functions that are not static are verified once, by
 * themselves, and not once for every way that leads to them.
 */
__attribute__((noinline)) int demux_index_rare(__u64 key)
{
	return demux_lookup(key).index;
}

__attribute__((noinline)) __u32 demux_tunnel_rare(__u64 key)
{
	return demux_lookup(key).tunnel;
}

/* Outer addresses of a packet; IPv4 is v4-mapped. */
struct outer_pair {
	__be32 src[4];
	__be32 dst[4];
};

#define word64(p)	(*(const volatile __u64 *)(p))

static __always_inline bool endpoint_is(struct pn_endpoint *ep, const struct outer_pair *pair,
					__u32 port_family)
{
	/* port and family are adjacent: one comparison */
	if (*(volatile __u32 *)&ep->port != port_family)
		return false;
	return ((word64(&ep->src[2]) ^ word64(&pair->src[2])) |
		(word64(&ep->dst[2]) ^ word64(&pair->dst[2])) |
		(word64(&ep->src[0]) ^ word64(&pair->src[0])) |
		(word64(&ep->dst[0]) ^ word64(&pair->dst[0]))) == 0;
}

/* The number of the source, and what else the entry says; 0: no such pair. */
static __always_inline __u32 endpoint_find(struct pn_endpoint_bucket *bucket,
					   const struct outer_pair *pair, __u32 port_family,
					   __u32 *rpf)
{
	struct pn_endpoint *ep;
	__u32 gen, vtep;
	int i;

	if (!bucket)
		return 0;
#pragma unroll
	for (i = 0; i < PN_BUCKET_SLOTS; i++) {
		ep = &bucket->slot[i];
		gen = *(volatile __u32 *)&ep->gen;
		if (!gen || !endpoint_is(ep, pair, port_family))
			continue;
		vtep = *(volatile __u32 *)&ep->vtep;
		if (rpf)
			*rpf = *(volatile __u32 *)&ep->rpf;
		return *(volatile __u32 *)&ep->gen == gen ? vtep : 0;
	}
	return 0;
}

static __always_inline __u32 endpoint_get(const struct outer_pair *pair, __u16 port,
					  __u16 family, __u32 *rpf)
{
	__u64 hash = pn_hash_endpoint(pair->src, pair->dst, port, pn_conf.seed);
	__u32 first = PN_HASH_FIRST(hash) & pn_conf.endpoint_mask;
	__u32 second = PN_HASH_SECOND(hash) & pn_conf.endpoint_mask;
	__u32 port_family = (__u32)family << 16 | port;
	__u32 vtep;

	vtep = endpoint_find(bpf_map_lookup_elem(&pn_endpoints, &first), pair, port_family, rpf);
	if (vtep)
		return vtep;
	return endpoint_find(bpf_map_lookup_elem(&pn_endpoints, &second), pair, port_family, rpf);
}

/* Number of the remote VTEP if the pair is proven for this port, else 0. */
static __always_inline __u32 endpoint_lookup(const struct outer_pair *pair, __u16 port,
					     __u16 family)
{
	return endpoint_get(pair, port, family, NULL);
}

/*
 * Is there an entry of the pair @any, in which one address stands for all? Not
 * static: verified once, off the fast path.
 */
__attribute__((noinline)) int endpoint_any(const struct outer_pair *any, __u16 port,
					   __u16 family, __u32 *rpf)
{
	if (!any || !rpf)
		return 0;
	return endpoint_get(any, port, family, rpf) != 0;
}

#endif
