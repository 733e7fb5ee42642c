/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The rate of a shaper: GCRA on one word, shared by all CPUs and both hooks.
 * Runs after the decision and before the first write, for every packet of the
 * port. What exceeds takes nothing from the bucket, as in act_police.
 */
#ifndef PN_BPF_POLICE_H
#define PN_BPF_POLICE_H

#include <penstock/rate.h>

#include "lib/count.h"
#include "lib/shaper.h"
#include "lib/spread.h"

#define POLICE_TRIES	4	/* of the compare-and-swap */

/* A packet at its shaper. */
struct meter {
	__u64 now;	/* 2^-PN_CLOCK_SHIFT ns */
	__u32 bytes;	/* as the shaper counts it */
	__u32 packets;
};

#define tat_read(tat)	(*(volatile __u64 *)(tat))

/*
 * Take @cost if it is there. Who loses the race too often takes it anyway: a
 * packet's cost is never lost, and the rate is over by that packet at most.
 */
static __always_inline bool bucket_take(__u64 *tat, __u64 now, __u64 burst, __u64 cost,
					__u64 *lacks)
{
	__u64 seen = tat_read(tat), was;
	int i;

#pragma unroll
	for (i = 0; i < POLICE_TRIES; i++) {
		*lacks = pn_bucket_lacks(seen, now, burst);
		if (!pn_bucket_holds(*lacks, cost, burst))
			return false;
		if (pn_conf.explain)
			return true;
		was = __sync_val_compare_and_swap(tat, seen, now + *lacks + cost);
		if (was == seen)
			return true;
		seen = was;
	}
	__sync_fetch_and_add(tat, cost);
	return true;
}

static __always_inline void shaper_count(__u32 index, const struct meter *meter,
					 enum pn_shaper_outcome outcome)
{
	struct pn_shaper_stats *stats;

	if (pn_conf.explain)
		return;
	stats = bpf_map_lookup_elem(&pn_shaper_stats, &index);
	if (!stats)
		return;
	stats->outcome[outcome].packets += meter->packets;
	stats->outcome[outcome].bytes += meter->bytes;
}

static __always_inline void meter_read(ctx_t *ctx, const struct packet *pkt,
				       const struct pn_shaper *shaper, struct meter *meter)
{
	meter->bytes = pn_rate_len(shaper, pkt->len);
	meter->packets = 1;
	meter->now = bpf_ktime_get_ns() << PN_CLOCK_SHIFT;
}

/* PN_R_NONE: it goes where the decision says. */
static __always_inline enum pn_reason police(ctx_t *ctx, struct packet *pkt, __u32 index)
{
	struct pn_shaper *shaper = bpf_map_lookup_elem(&pn_shapers, &index);
	struct meter meter;
	__u64 lacks;

	if (!shaper || !*(volatile __u32 *)&shaper->generation)
		return PN_R_NONE;
	meter_read(ctx, pkt, shaper, &meter);
	if (shaper->action == PN_SHAPER_SHAPE) {
		shaper_count(index, &meter, PN_SHAPER_QUEUED);
		return PN_R_SHAPER;
	}
	if (bucket_take(&shaper->tat, meter.now, shaper->rate.burst,
			pn_rate_cost(&shaper->rate, meter.bytes), &lacks)) {
		shaper_count(index, &meter, PN_SHAPER_PASSED);
		if (CTX_SPREADS && pn_conf.spread)
			spread_choose(pkt, shaper);
		return PN_R_NONE;
	}
	shaper_count(index, &meter, PN_SHAPER_DROPPED);
	return PN_R_POLICED;
}

/*
 * The decision has been made and nothing is written: what the packet's shaper
 * makes of it, if it has one. In line for what is forwarded.
 */
static __always_inline enum pn_reason shape(ctx_t *ctx, struct packet *pkt)
{
	__u32 index;

	packet_settle();
	pkt->shaped = true;
	index = shaper_find(ctx, pkt);
	return index ? police(ctx, pkt, index) : PN_R_NONE;
}

/* The same for what is left to the kernel. Not static: verified once by itself. */
__attribute__((noinline)) int shape_passed(ctx_t *ctx, struct packet *pkt, __u32 reason)
{
	enum pn_reason changed;

	if (!pn_conf.masks || !pkt || pkt->shaped)
		return reason;
	changed = shape(ctx, pkt);
	return changed ? changed : reason;
}

#endif
