/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Buckets of shapers under concurrent takers: one word each (rate.h), changed
 * by compare-and-swap. An explaining twin takes nothing.
 */
#ifndef PN_BPF_BUCKET_H
#define PN_BPF_BUCKET_H

#include <penstock/rate.h>

#include "lib/packet.h"

#define BUCKET_TRIES	4	/* of the compare-and-swap */

#define bucket_read(tat)	(*(volatile __u64 *)(tat))

/*
 * Without a look at the clock, as long as that cannot be too much (rate.h). Whoever
 * loses the race looks at it. While the shaper is over its limit, and where
 * children take from it too, the clock is asked for each packet.
 */
static __always_inline bool bucket_take_on_credit(struct pn_shaper *shaper, __u64 cost)
{
	__u64 base = bucket_read(&shaper->base), tat = bucket_read(&shaper->tat);

	if ((shaper->flags & PN_SHAPER_F_LENDS) || bucket_read(&shaper->over_since) ||
	    !pn_bucket_trusts(tat, base, cost, shaper->rate.burst))
		return false;
	return pn_conf.explain ||
	       __sync_val_compare_and_swap(&shaper->tat, tat, tat + cost) == tat;
}

/* The clock has been read: what was taken on credit counts as taken now. */
static __always_inline bool bucket_take_by_clock(struct pn_shaper *shaper, __u64 now, __u64 cost,
						 __u64 *lacks)
{
	__u64 burst = shaper->rate.burst, base, seen, credit, tat;
	int i;

#pragma unroll
	for (i = 0; i < BUCKET_TRIES; i++) {
		base = bucket_read(&shaper->base);
		seen = bucket_read(&shaper->tat);
		credit = pn_bucket_credit(seen, base, burst);
		*lacks = pn_bucket_lacks(seen, now, burst);
		if (*lacks < credit)
			*lacks = credit;
		if (!pn_bucket_holds(*lacks, cost, burst))
			return false;
		if (pn_conf.explain)
			return true;
		tat = now + *lacks + cost;
		if (__sync_val_compare_and_swap(&shaper->tat, seen, tat) == seen) {
			bucket_read(&shaper->base) = pn_bucket_base(tat, now, burst);
			return true;
		}
	}
	__sync_fetch_and_add(&shaper->tat, cost);
	return true;
}

/*
 * Take @cost if it is there and the bucket lacks no more than @most: what it lacked,
 * and BUCKET_TAKEN. Who loses the race too often takes it anyway: a packet's cost is
 * never lost, and the rate is over by that packet at most. Not static: verified once.
 */
#define BUCKET_TAKEN	(1ull << 63)

__attribute__((noinline)) __u64 bucket_try(__u64 *tat, __u64 now, __u64 burst, __u64 cost,
					   __u64 most)
{
	__u64 seen, was, lacks = 0;
	int i;

	if (!tat || !pn_conf.masks)
		return 0;
	seen = bucket_read(tat);
	for (i = 0; i < BUCKET_TRIES; i++) {
		lacks = pn_bucket_lacks(seen, now, burst);
		if (lacks > most || !pn_bucket_holds(lacks, cost, burst))
			return lacks;
		if (pn_conf.explain)
			return lacks | BUCKET_TAKEN;
		was = __sync_val_compare_and_swap(tat, seen, now + lacks + cost);
		if (was == seen)
			return lacks | BUCKET_TAKEN;
		seen = was;
	}
	__sync_fetch_and_add(tat, cost);
	return lacks | BUCKET_TAKEN;
}

/*
 * Take it, there or not: no bucket owes more than its burst. Not static: verified
 * once, and not for each level that it may be.
 */
__attribute__((noinline)) int bucket_owe(__u64 *tat, __u64 now, __u64 burst, __u64 cost)
{
	__u64 seen, lacks, was;
	int i;

	if (!tat || !pn_conf.masks || pn_conf.explain)
		return 0;
	seen = bucket_read(tat);
	for (i = 0; i < BUCKET_TRIES; i++) {
		lacks = pn_bucket_owes(pn_bucket_lacks(seen, now, burst), cost, burst);
		was = __sync_val_compare_and_swap(tat, seen, now + lacks);
		if (was == seen)
			break;
		seen = was;
	}
	return 0;
}

/* What was taken for a packet that does not go after all. */
static __always_inline void bucket_give_back(__u64 *tat, __u64 cost)
{
	if (!pn_conf.explain)
		__sync_fetch_and_add(tat, -cost);
}

#endif
