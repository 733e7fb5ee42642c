/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Departure times for the qdisc fq: when a packet may leave by the rates of its
 * shaper and of all above it. Between siblings nothing is borrowed: each has
 * its ceiling, and together they have the parent's.
 */
#ifndef PN_BPF_EDT_H
#define PN_BPF_EDT_H

#include <penstock/rate.h>

#include "lib/ctx_tc.h"
#include "lib/maps.h"

/* What would have to wait longer is dropped by fq, whose horizon is shorter than AWAY. */
#define EDT_LONGEST	(50000000ull << PN_CLOCK_SHIFT)	/* 50 ms, as tbf's queue */
#define EDT_AWAY	60000000000ull	/* ns */
#define EDT_TRIES	4

#define EDT_MONO	1	/* BPF_SKB_TSTAMP_DELIVERY_MONO, Linux 5.18 */

static __always_inline const struct pn_rate *edt_rate(const struct pn_shaper *shaper)
{
	return shaper->ceil.mult ? &shaper->ceil : &shaper->rate;
}

/* A time further ahead than any that was written is one of the last time round. */
static __always_inline __u64 edt_lacks(__u64 tat, __u64 now, __u64 burst)
{
	__u64 lacks = tat - now;

	return lacks > 8 * (burst + EDT_LONGEST) ? 0 : lacks;
}

/* What the bucket lacks after this packet, which is now in it. */
static __always_inline __u64 edt_charge(__u64 *tat, __u64 now, __u64 burst, __u64 cost)
{
	__u64 seen = *(volatile __u64 *)tat, lacks, was;
	int i;

#pragma unroll
	for (i = 0; i < EDT_TRIES; i++) {
		lacks = edt_lacks(seen, now, burst) + cost;
		was = __sync_val_compare_and_swap(tat, seen, now + lacks);
		if (was == seen)
			return lacks;
		seen = was;
	}
	__sync_fetch_and_add(tat, cost);
	return lacks;
}

/* Bytes on the wire: each segment of a super-packet has headers of its own. */
static __always_inline __u32 edt_len(ctx_t *ctx, __u32 headers)
{
	__u32 segments = ctx->gso_segs;

	return segments > 1 ? ctx->len + (segments - 1) * headers : ctx->len;
}

/* 0: at once; EDT_AWAY: never. */
static __always_inline __u64 edt_delay(__u32 index, __u64 now, __u32 len)
{
	struct pn_shaper *at[PN_SHAPER_DEPTH] = {};
	__u64 delay = 0, lacks;
	int i;

#pragma unroll
	for (i = 0; i < PN_SHAPER_DEPTH; i++) {
		at[i] = index ? bpf_map_lookup_elem(&pn_shapers, &index) : NULL;
		if (!at[i])
			break;
		if (edt_lacks(*(volatile __u64 *)&at[i]->tat, now, edt_rate(at[i])->burst) >
		    edt_rate(at[i])->burst + EDT_LONGEST)
			return EDT_AWAY;
		index = at[i]->parent;
	}
#pragma unroll
	for (i = 0; i < PN_SHAPER_DEPTH; i++) {
		const struct pn_rate *rate;

		if (!at[i])
			break;
		rate = edt_rate(at[i]);
		lacks = edt_charge(&at[i]->tat, now, rate->burst,
				   pn_rate_cost(rate, pn_rate_len(at[i], len)));
		if (lacks > rate->burst && lacks - rate->burst > delay)
			delay = lacks - rate->burst;
	}
	return delay >> PN_CLOCK_SHIFT;
}

static __always_inline void edt_stamp(ctx_t *ctx, __u32 index, __u32 headers)
{
	__u64 ns = bpf_ktime_get_ns();

	ns += edt_delay(index, ns << PN_CLOCK_SHIFT, edt_len(ctx, headers));
	bpf_skb_set_tstamp(ctx, ns, EDT_MONO);
}

#endif
