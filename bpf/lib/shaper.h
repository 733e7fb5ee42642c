/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From what a packet is to the shaper that it belongs to: one look-up for each
 * mask of the port (tuple space search). The first mask is looked up in line,
 * which is all that most ports have; readers take no lock, as in table.h.
 */
#ifndef PN_BPF_SHAPER_H
#define PN_BPF_SHAPER_H

#include "lib/flow.h"

#define ORDER_NONE	0xffffffffu

/* Is there room for this word in what the port's shapers look at? */
static __always_inline bool flow_has_word(int i)
{
	if (i < 2)
		return true;
	if (i == 2)
		return pn_conf.parts & (PN_PART_VLAN | PN_PART_TUNNEL | PN_PART_OUTER |
					PN_PART_PORTS);
	return pn_conf.parts & (i < 7 ? PN_PART_INNER : PN_PART_OUTER);
}

/* @flow as the mask sees it. */
static __always_inline void flow_mask(const struct flow *flow, const struct pn_match_mask *mask,
				      struct flow *masked)
{
	const volatile __u64 *bits = (const volatile __u64 *)&mask->bits;
	int i;

#pragma unroll
	for (i = 0; i < PN_FLOW_WORDS; i++)
		masked->word[i] = flow_has_word(i) ? flow->word[i] & bits[i] : 0;
}

/* Words without bits are not looked at: they may be another cache line. */
static __always_inline bool match_is(const struct pn_match *match, const struct flow *masked,
				     const struct pn_match_mask *mask, __u32 place)
{
	const volatile __u64 *want = (const volatile __u64 *)&match->want;
	const volatile __u64 *bits = (const volatile __u64 *)&mask->bits;
	__u64 differs = *(const volatile __u32 *)&match->mask ^ place;
	int i;

#pragma unroll
	for (i = 0; i < PN_FLOW_WORDS; i++)
		if (flow_has_word(i) && (i < 6 || bits[i]))
			differs |= want[i] ^ masked->word[i];
	return !differs;
}

/* What the table says of a key: an entry of pn_matches; 0: nothing. */
static __always_inline __u32 match_lookup(__u64 key)
{
	__u32 first = PN_MATCH_FIRST(key) & pn_conf.match_mask;
	__u32 second = PN_MATCH_SECOND(key) & pn_conf.match_mask;
	union slot_value value;

	if (bucket_find(bpf_map_lookup_elem(&pn_match_keys, &first), key, &value) ||
	    bucket_find(bpf_map_lookup_elem(&pn_match_keys, &second), key, &value))
		return value.tunnel;
	return 0;
}

/* The shaper that takes such packets by the mask at @place, if its order is below *@order. */
static __always_inline __u32 mask_lookup(const struct flow *flow, __u32 place, __u32 *order)
{
	struct pn_match_mask *mask = bpf_map_lookup_elem(&pn_masks, &place);
	struct pn_match *match;
	__u32 index, gen, shaper, rank;
	struct flow masked;

	if (!mask || *(volatile __u32 *)&mask->order >= *order)
		return 0;
	flow_mask(flow, mask, &masked);
	index = match_lookup(pn_hash_flow((const struct pn_flow *)&masked, pn_conf.parts, place,
					  pn_conf.seed));
	match = bpf_map_lookup_elem(&pn_matches, &index);
	if (!index || !match)
		return 0;
	gen = *(volatile __u32 *)&match->generation;
	shaper = *(volatile __u32 *)&match->shaper;
	rank = *(volatile __u32 *)&match->order;
	if (!gen || !match_is(match, &masked, mask, place) || rank >= *order ||
	    *(volatile __u32 *)&match->generation != gen)
		return 0;
	*order = rank;
	return shaper;
}

/* The lowest bit of what is not 0; the verifier decides it. */
static __always_inline __u32 mask_first(__u16 masks)
{
	__u32 place = 0;

	if (!(masks & 0xff)) {
		masks >>= 8;
		place += 8;
	}
	if (!(masks & 0xf)) {
		masks >>= 4;
		place += 4;
	}
	if (!(masks & 3)) {
		masks >>= 2;
		place += 2;
	}
	return place + !(masks & 1);
}

/* The masks behind the first. Not static: verified once by itself. */
__attribute__((noinline)) __u32 mask_lookup_rest(const struct packet *pkt, __u32 order,
						 __u32 shaper)
{
	__u32 found;
	int i;

	if (!pkt || !(pn_conf.masks & (pn_conf.masks - 1)))
		return shaper;
	for (i = mask_first(pn_conf.masks) + 1; i < PN_MAX_MASKS; i++) {
		if (!(pn_conf.masks & 1u << i))
			continue;
		found = mask_lookup((const struct flow *)&pkt->flow, i, &order);
		if (found)
			shaper = found;
	}
	return shaper;
}

/* The shaper of a packet; 0: none. */
static __always_inline __u32 shaper_find(ctx_t *ctx, struct packet *pkt)
{
	__u32 order = ORDER_NONE, shaper;
	struct flow flow = {};

	if (!(pn_conf.parts & FLOW_NET_PARTS) || flow_is_known(pkt)) {
		flow_read(ctx, pkt, &flow, &pkt->at);
		/* for the masks behind the first, for sources, and to spread it */
		if (pn_conf.spread || (pn_conf.masks & (pn_conf.masks - 1)) ||
		    (pn_conf.parts & PN_PART_INNER))
			__builtin_memcpy(&pkt->flow, &flow, sizeof(flow));
	} else {
		flow_walk(ctx, pkt);
		flow_look(ctx, pkt);
		__builtin_memcpy(&flow, &pkt->flow, sizeof(flow));
	}
	shaper = mask_lookup(&flow, mask_first(pn_conf.masks), &order);
	if (pn_conf.masks & (pn_conf.masks - 1))
		shaper = mask_lookup_rest(pkt, order, shaper);
	return shaper;
}

#endif
