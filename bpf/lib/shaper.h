/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From what a packet is to the shaper that it belongs to: one look-up for each
 * mask of the port (tuple space search). Where there is one, as at most ports, it
 * is looked up in line; readers take no lock, as in table.h.
 */
#ifndef PN_BPF_SHAPER_H
#define PN_BPF_SHAPER_H

#include "lib/flow.h"

/* @flow as the mask sees it. */
static __always_inline void flow_mask(const struct flow *flow, const struct pn_match_mask *mask,
				      struct flow *masked)
{
	const volatile __u64 *bits = (const volatile __u64 *)&mask->bits;
	int i;

#pragma unroll
	for (i = 0; i < PN_FLOW_WORDS; i++)
		masked->word[i] =
			pn_flow_has_word(i, pn_conf.parts) ? flow->word[i] & bits[i] : 0;
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
		if (pn_flow_has_word(i, pn_conf.parts) && (i < 6 || bits[i]))
			differs |= want[i] ^ masked->word[i];
	return !differs;
}

#define slot_value(slot)	(*(volatile __u64 *)&(slot)->value)

/* 0: not there. */
static __always_inline __u64 keys_find(struct pn_match_bucket *bucket, __u64 key)
{
	struct pn_match_slot *slot;
	__u64 value;
	int i;

	if (!bucket)
		return 0;
#pragma unroll
	for (i = 0; i < PN_BUCKET_SLOTS; i++) {
		slot = &bucket->slot[i];
		if (slot_key(slot) != key)
			continue;
		value = slot_value(slot);
		return slot_key(slot) == key ? value : 0;
	}
	return 0;
}

/* What the table says of a key (PN_MATCH_VALUE); 0: nothing. */
static __always_inline __u64 match_lookup(__u64 key)
{
	__u32 first = PN_MATCH_FIRST(key) & pn_conf.match_mask;
	__u32 second = PN_MATCH_SECOND(key) & pn_conf.match_mask;
	__u64 value = keys_find(bpf_map_lookup_elem(&pn_match_keys, &first), key);

	return value ? value : keys_find(bpf_map_lookup_elem(&pn_match_keys, &second), key);
}

/* What a mask finds: a shaper, and its order in the upper half; 0: nothing. */
static __always_inline __u64 found(__u32 shaper, __u32 order)
{
	return (__u64)order << 32 | shaper;
}

static __always_inline __u64 mask_exact(const struct flow *flow, const struct pn_match_mask *mask,
					__u32 place)
{
	struct flow masked;
	__u64 key, value;

	flow_mask(flow, mask, &masked);
	key = pn_match_key(mask, (const struct pn_flow *)&masked, pn_conf.parts, place,
			   pn_conf.seed);
	value = key ? match_lookup(key) : 0;
	return value & PN_MATCH_EXACT ? found(PN_MATCH_SHAPER(value), PN_MATCH_ORDER(value)) : 0;
}

static __always_inline __u64 mask_compare(const struct flow *flow,
					  const struct pn_match_mask *mask, __u32 place)
{
	struct pn_match *match;
	__u32 index, gen;
	struct flow masked;
	__u64 at;

	flow_mask(flow, mask, &masked);
	index = PN_MATCH_ENTRY(match_lookup(pn_hash_flow((const struct pn_flow *)&masked,
							 pn_conf.parts, place, pn_conf.seed)));
	match = bpf_map_lookup_elem(&pn_matches, &index);
	if (!index || !match)
		return 0;
	gen = *(volatile __u32 *)&match->generation;
	at = found(*(volatile __u32 *)&match->shaper, *(volatile __u32 *)&match->order);
	if (!gen || !match_is(match, &masked, mask, place) ||
	    *(volatile __u32 *)&match->generation != gen)
		return 0;
	return at;
}

/*
 * By one mask, of the flow that @pkt has, unless @best is before (0: nothing is): what is
 * first of the two. Not static: verified once by itself.
 */
__attribute__((noinline)) __u64 mask_lookup(const struct packet *pkt, __u32 place, __u64 best)
{
	struct pn_match_mask *mask = bpf_map_lookup_elem(&pn_masks, &place);
	__u64 next;

	if (!pn_conf.masks || !pkt || !mask ||
	    (best && *(volatile __u32 *)&mask->order >= best >> 32))
		return best;
	if (mask->exact)
		next = mask_exact((const struct flow *)&pkt->flow, mask, place);
	else
		next = mask_compare((const struct flow *)&pkt->flow, mask, place);
	return next && (!best || next >> 32 < best >> 32) ? next : best;
}

/* The only mask, in line if it is exact. */
static __always_inline __u64 mask_lookup_only(struct packet *pkt, const struct flow *flow,
					       __u32 place)
{
	struct pn_match_mask *mask = bpf_map_lookup_elem(&pn_masks, &place);

	if (!mask)
		return 0;
	if (mask->exact)
		return mask_exact(flow, mask, place);
	__builtin_memcpy(&pkt->flow, flow, sizeof(*flow));
	return mask_lookup(pkt, place, 0);
}

/* NULL: it is free. While the loader writes it, what stands in for it. */
static __always_inline struct pn_shaper *shaper_get(__u32 index)
{
	struct pn_shaper *shaper = bpf_map_lookup_elem(&pn_shapers, &index);
	__u32 generation;

	if (!index || !shaper)
		return NULL;
	generation = *(volatile __u32 *)&shaper->generation;
	if (generation > PN_SHAPER_AWAY)
		return shaper;
	index = 0;
	return generation ? bpf_map_lookup_elem(&pn_shapers, &index) : NULL;
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

/* By all masks of the port. */
static __always_inline __u32 masks_lookup(const struct packet *pkt)
{
	__u64 best = 0;
	__u32 i;

	for (i = 0; i < PN_MAX_MASKS; i++)
		if (pn_conf.masks & 1u << i)
			best = mask_lookup(pkt, i, best);
	return best;
}

/*
 * The shaper of a packet, 0: none; step by step, each of which is verified once. Not
 * static itself.
 */
__attribute__((noinline)) __u32 shaper_seek(ctx_t *ctx, struct packet *pkt)
{
	if (!pn_conf.masks || !pkt)
		return 0;
	if ((pn_conf.parts & FLOW_NET_PARTS) && !flow_is_known(pkt))
		flow_walk(ctx, pkt);
	flow_look(ctx, pkt);
	return masks_lookup(pkt);
}

/* What few ports ask for is not worth a second copy to the verifier. */
static __always_inline bool shaper_is_in_line(void)
{
	return !(pn_conf.masks & (pn_conf.masks - 1)) &&
	       !(pn_conf.parts & (PN_PART_OUTER | PN_PART_PORTS));
}

/* The same in line, where that is worth it: one mask, and all of the flow in registers. */
static __always_inline __u32 shaper_find(ctx_t *ctx, struct packet *pkt)
{
	struct flow flow = {};

	if (!shaper_is_in_line() ||
	    ((pn_conf.parts & FLOW_NET_PARTS) && !flow_is_known(pkt)))
		return shaper_seek(ctx, pkt);
	flow_read(ctx, pkt, &flow, &pkt->at);
	/* for sources, and to spread it */
	if (pn_conf.spread || (pn_conf.parts & PN_PART_INNER))
		__builtin_memcpy(&pkt->flow, &flow, sizeof(flow));
	return mask_lookup_only(pkt, &flow, mask_first(pn_conf.masks));
}

#endif
