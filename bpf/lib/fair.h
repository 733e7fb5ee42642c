/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fair between the sources of a shaper (`per`). A source has a bucket of its own,
 * which fills at the rate divided by how many were heard lately. Within its
 * share it may use all of the shaper's bucket, above it only the upper half:
 * what nobody uses is anybody's. Sources that the LRU has forgotten begin anew;
 * the shaper's own rate holds whatever they do.
 */
#ifndef PN_BPF_FAIR_H
#define PN_BPF_FAIR_H

#include "lib/bucket.h"
#include "lib/flow.h"

#define SPELL_SHIFT	27	/* sources are counted for 134 ms */

/* A packet's source, if it is charged for it, and what the packet costs it. */
struct share {
	struct pn_source *source;
	__u64 cost;
};

/* The source MAC: of the frame inside, where there is one. */
static __always_inline void source_mac(ctx_t *ctx, const struct packet *pkt,
				       struct pn_source_key *key)
{
	struct cursor cur = ctx_cursor(ctx);
	struct pn_ethhdr *eth;

	if (pkt->tunnel && pkt->inner && !pkt->bare && !pkt->level)
		cursor_seek(&cur, pkt->inner);
	eth = cursor_take(&cur, sizeof(*eth));
	if (eth)
		__builtin_memcpy(key->addr, eth->src, sizeof(eth->src));
}

static __always_inline struct pn_source *source_find(const struct pn_source_key *key, __u64 now)
{
	struct pn_source *source = bpf_map_lookup_elem(&pn_sources, key);
	struct pn_source fresh = { .tat = now };

	if (source || pn_conf.explain)
		return source;
	bpf_map_update_elem(&pn_sources, key, &fresh, BPF_NOEXIST);
	return bpf_map_lookup_elem(&pn_sources, key);
}

/* Another spell has begun: what was heard in this one is what was heard in the last. */
static __always_inline void spell_turn(struct pn_shaper *shaper, __u64 spell)
{
	__u64 was = bucket_read(&shaper->spell);

	if (was == spell || pn_conf.explain ||
	    __sync_val_compare_and_swap(&shaper->spell, was, spell) != was)
		return;
	bucket_read(&shaper->sources) =
		was + 1 == spell ? bucket_read(&shaper->sources) << 32 : 0;
}

static __always_inline void source_hear(struct pn_shaper *shaper, struct pn_source *source,
					__u64 spell)
{
	__u64 was = bucket_read(&source->spell);

	if (was == spell || pn_conf.explain ||
	    __sync_val_compare_and_swap(&source->spell, was, spell) != was)
		return;
	__sync_fetch_and_add(&shaper->sources, 1);
}

/* How much the shaper may lack for a packet of @cost to pass. */
static __always_inline __u64 share_most(ctx_t *ctx, struct packet *pkt, __u32 index,
					struct pn_shaper *shaper, __u64 cost,
					struct share *share)
{
	struct pn_source_key key = { .shaper = index };
	__u64 burst = shaper->rate.burst, now = pkt->now << PN_CLOCK_SHIFT, sources, lacks;
	__u64 spell = pkt->now >> SPELL_SHIFT;
	struct pn_source *source;
	__u32 heard, before;

	if (shaper->flags & PN_SHAPER_F_PER_MAC)
		source_mac(ctx, pkt, &key);
	else
		__builtin_memcpy(key.addr, pkt->flow.src, sizeof(key.addr));
	spell_turn(shaper, spell);
	source = source_find(&key, now);
	if (!source)
		return burst;
	source_hear(shaper, source, spell);
	sources = bucket_read(&shaper->sources);
	heard = sources;
	before = sources >> 32;
	cost = pn_share_cost(cost, heard > before ? heard : before);
	lacks = pn_share_lacks(bucket_read(&source->tat), now, burst);
	if (!pn_share_holds(lacks, cost, burst))
		return burst / 2;
	share->source = source;
	share->cost = cost;
	return burst;
}

#endif
