/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a packet's shaper makes of it. Runs after the decision and before the
 * first write, for every packet of the port. What exceeds takes nothing from any
 * bucket, as in act_police; who lends to whom is as in HTB, without its queues.
 */
#ifndef PN_BPF_POLICE_H
#define PN_BPF_POLICE_H

#include "lib/bucket.h"
#include "lib/count.h"
#include "lib/fair.h"
#include "lib/meter.h"
#include "lib/remark.h"
#include "lib/shaper.h"
#include "lib/spread.h"

/* More than a bucket and a drop. */
#define POLICE_EXTRAS	(PN_SHAPER_F_ECN | PN_SHAPER_F_PER_SRC | PN_SHAPER_F_PER_MAC)

/* What became of a packet on its way up from its shaper. */
struct climb {
	__u64 lacks;		/* what its own bucket lacked */
	int lender;		/* level that it was charged to first; -1: none, it exceeds */
	int ceils;		/* levels whose ceilings were asked and held */
};

static __always_inline void outcome_count(__u32 index, const struct meter *meter,
					  enum pn_shaper_outcome outcome)
{
	struct pn_shaper_stats *stats;

	if (pn_conf.explain) {
		count_explain_shaper(index, meter->bytes, outcome);
		return;
	}
	stats = bpf_map_lookup_elem(&pn_shaper_stats, &index);
	if (!stats)
		return;
	stats->outcome[outcome].packets += meter->packets;
	stats->outcome[outcome].bytes += meter->bytes;
}

/* Over the limit from the first packet that exceeds until the bucket is half full again. */
static __always_inline void over_begin(struct pn_shaper *shaper, __u64 now)
{
	if (!bucket_read(&shaper->over_since) && !pn_conf.explain)
		bucket_read(&shaper->over_since) = now;
}

static __always_inline void over_end(struct pn_shaper *shaper, __u32 index, __u64 now, __u64 lacks)
{
	__u64 since = bucket_read(&shaper->over_since);
	struct pn_shaper_stats *stats;

	if (!since || lacks > shaper->rate.burst / 2 || pn_conf.explain ||
	    __sync_val_compare_and_swap(&shaper->over_since, since, 0) != since)
		return;
	stats = bpf_map_lookup_elem(&pn_shaper_stats, &index);
	if (stats && now > since)
		stats->over_ns += now - since;
}

/*
 * From its shaper upwards: the first whose own rate has room lends, as long as
 * the ceilings on the way there hold. @most: as bucket_take(), at the first.
 */
static __always_inline void climb_take(__u32 index, const struct meter *meter, __u64 most,
				       struct climb *climb)
{
	struct pn_shaper *shaper;
	__u64 met;
	int i;

	*climb = (struct climb){ .lender = -1 };
#pragma clang loop unroll(disable)
	for (i = 0; i < PN_SHAPER_DEPTH; i++) {
		shaper = shaper_get(index);
		if (!shaper)
			return;
		if (shaper->ceil.mult &&
		    !(bucket_try(&shaper->ctat, meter->now, shaper->ceil.burst,
				 pn_rate_cost(&shaper->ceil, meter->bytes), ~0ull) &
		      BUCKET_TAKEN))
			return;
		climb->ceils = i + 1;
		met = bucket_try(&shaper->tat, meter->now, shaper->rate.burst,
				 pn_rate_cost(&shaper->rate, meter->bytes), i ? ~0ull : most);
		if (!i)
			climb->lacks = met & ~BUCKET_TAKEN;
		if (met & BUCKET_TAKEN) {
			climb->lender = i;
			return;
		}
		index = shaper->parent;
		/* the ceiling is the rate: nothing may be borrowed */
		if (!shaper->ceil.mult)
			return;
	}
}

/* It exceeds after all: ceilings that held were not used. Not static: verified once by itself. */
__attribute__((noinline)) int climb_undo(__u32 index, __u32 bytes, int ceils)
{
	struct pn_shaper *shaper;
	int i;

#pragma clang loop unroll(disable)
	for (i = 0; i < PN_SHAPER_DEPTH && i < ceils && pn_conf.masks; i++) {
		shaper = shaper_get(index);
		if (!shaper)
			break;
		if (shaper->ceil.mult)
			bucket_give_back(&shaper->ctat, pn_rate_cost(&shaper->ceil, bytes));
		index = shaper->parent;
	}
	return 0;
}

/* Whoever is above the lender is charged too, with room or without. Likewise. */
__attribute__((noinline)) int climb_charge(__u32 index, __u64 now, __u32 bytes, int lender)
{
	struct pn_shaper *shaper;
	int i;

#pragma clang loop unroll(disable)
	for (i = 0; i < PN_SHAPER_DEPTH && pn_conf.masks; i++) {
		shaper = shaper_get(index);
		if (!shaper)
			break;
		if (i > lender) {
			bucket_owe(&shaper->tat, now, shaper->rate.burst,
				   pn_rate_cost(&shaper->rate, bytes));
			if (shaper->ceil.mult)
				bucket_owe(&shaper->ctat, now, shaper->ceil.burst,
					   pn_rate_cost(&shaper->ceil, bytes));
		}
		index = shaper->parent;
	}
	return 0;
}

/* A parent counts what became of its children's packets. */
static __always_inline void climb_count(__u32 index, const struct meter *meter,
					enum pn_shaper_outcome outcome)
{
	struct pn_shaper *shaper;
	int i;

#pragma clang loop unroll(disable)
	for (i = 0; i < PN_SHAPER_DEPTH; i++) {
		shaper = shaper_get(index);
		if (!shaper)
			return;
		outcome_count(index, meter, outcome);
		index = shaper->parent;
	}
}

static __always_inline enum pn_shaper_outcome exceeded(ctx_t *ctx, struct packet *pkt,
						       struct pn_shaper *shaper)
{
	over_begin(shaper, pkt->now);
	if (shaper->action != PN_SHAPER_MARK)
		return PN_SHAPER_DROPPED;
	if (shaper->flags & PN_SHAPER_F_REMARK)
		mark_dscp(ctx, pkt, shaper->dscp);
	return PN_SHAPER_EXCEEDED;
}

static __always_inline __u64 mark_at(const struct pn_shaper *shaper)
{
	return shaper->rate.burst >> (shaper->mark_shift & 63);
}

static __always_inline enum pn_shaper_outcome conformed(ctx_t *ctx, struct packet *pkt,
							struct pn_shaper *shaper, __u8 tos,
							const struct climb *climb)
{
	if ((shaper->flags & PN_SHAPER_F_ECN) && climb->lacks > mark_at(shaper)) {
		mark_ce(ctx, pkt, tos);
		return PN_SHAPER_MARKED;
	}
	return climb->lender ? PN_SHAPER_BORROWED : PN_SHAPER_PASSED;
}

static __always_inline bool tree_looks_inside(const struct pn_shaper *shaper)
{
	return shaper->flags & (POLICE_EXTRAS | PN_SHAPER_F_REMARK);
}

/* What waits is the queue's to charge. */
static __always_inline enum pn_reason police_queue(ctx_t *ctx, struct packet *pkt, __u32 index,
						   struct pn_shaper *shaper)
{
	struct meter meter;

	ctx_note(ctx, index);
	meter_read(ctx, pkt, index, shaper, &meter);
	outcome_count(index, &meter, PN_SHAPER_QUEUED);
	return PN_R_SHAPER;
}

/*
 * A shaper with parents, sources or marks. What cannot be marked is dropped where
 * others are marked (RFC 3168, 5). Not static: verified once by itself.
 */
__attribute__((noinline)) int police_tree(ctx_t *ctx, struct packet *pkt, __u32 index)
{
	struct pn_shaper *shaper = shaper_get(index);
	enum pn_shaper_outcome outcome;
	struct share share = {};
	struct climb climb;
	struct meter meter;
	__u64 most;
	__u8 tos = 0;

	if (!pn_conf.masks || !pkt || !shaper)
		return PN_R_NONE;
	if (shaper->action == PN_SHAPER_SHAPE)
		return police_queue(ctx, pkt, index, shaper);
	if (!pkt->at.known && tree_looks_inside(shaper)) {
		if (!flow_is_known(pkt))
			flow_walk(ctx, pkt);
		flow_locate(ctx, pkt);
	}
	meter_read(ctx, pkt, index, shaper, &meter);
	pkt->now = bpf_ktime_get_ns();
	meter.now = pkt->now << PN_CLOCK_SHIFT;
	most = shaper->rate.burst;
	if (shaper->flags & (PN_SHAPER_F_PER_SRC | PN_SHAPER_F_PER_MAC))
		most = share_most(ctx, pkt, index, shaper,
				  pn_rate_cost(&shaper->rate, meter.bytes), &share);
	if (shaper->flags & PN_SHAPER_F_ECN) {
		tos = inner_tos(ctx, pkt);
		if (!(tos & PN_ECN_MASK) && most > mark_at(shaper))
			most = mark_at(shaper);
	}
	climb_take(index, &meter, most, &climb);
	if (pn_conf.explain)
		count_explain_lender(climb.lender);
	if (climb.lender < 0) {
		climb_undo(index, meter.bytes, climb.ceils);
		outcome = exceeded(ctx, pkt, shaper);
	} else {
		climb_charge(index, meter.now, meter.bytes, climb.lender);
		if (share.source)
			bucket_owe(&share.source->tat, meter.now,
				   pn_share_most(shaper->rate.burst), share.cost);
		over_end(shaper, index, pkt->now, climb.lacks);
		outcome = conformed(ctx, pkt, shaper, tos, &climb);
	}
	climb_count(index, &meter, outcome);
	if (outcome == PN_SHAPER_DROPPED)
		return PN_R_POLICED;
	if (CTX_SPREADS && pn_conf.spread)
		spread_choose(pkt, shaper);
	return PN_R_NONE;
}

/* Just a bucket, as most shapers are. PN_R_NONE: it goes where the decision says. */
static __always_inline enum pn_reason police_bucket(ctx_t *ctx, struct packet *pkt, __u32 index,
						    struct pn_shaper *shaper)
{
	struct meter meter;
	__u64 cost, lacks, now;

	meter_read(ctx, pkt, index, shaper, &meter);
	cost = pn_rate_cost(&shaper->rate, meter.bytes);
	if (!bucket_take_on_credit(shaper, cost)) {
		now = bpf_ktime_get_ns();
		if (!bucket_take_by_clock(shaper, now << PN_CLOCK_SHIFT, cost, &lacks)) {
			over_begin(shaper, now);
			outcome_count(index, &meter, PN_SHAPER_DROPPED);
			return PN_R_POLICED;
		}
		over_end(shaper, index, now, lacks);
	}
	outcome_count(index, &meter, PN_SHAPER_PASSED);
	if (CTX_SPREADS && pn_conf.spread)
		spread_choose(pkt, shaper);
	return PN_R_NONE;
}

static __always_inline enum pn_reason police(ctx_t *ctx, struct packet *pkt, __u32 index)
{
	struct pn_shaper *shaper = shaper_get(index);

	if (!shaper)
		return PN_R_NONE;
	if (shaper->parent || shaper->action != PN_SHAPER_POLICE ||
	    (shaper->flags & POLICE_EXTRAS))
		return police_tree(ctx, pkt, index);
	return police_bucket(ctx, pkt, index, shaper);
}

/*
 * The decision has been made and nothing is written: what the shaper of a packet
 * that would be forwarded makes of it, if it has one. The common shaper in line.
 */
static __always_inline enum pn_reason shape(ctx_t *ctx, struct packet *pkt)
{
	__u32 index;

	packet_settle();
	pkt->shaped = true;
	pkt->forwards = true;
	index = shaper_find(ctx, pkt);
	pkt->shaper = index;
	return police(ctx, pkt, index);
}

/* The same for what is left to the kernel. */
static __always_inline enum pn_reason shape_passed(ctx_t *ctx, struct packet *pkt,
						   enum pn_reason reason)
{
	enum pn_reason changed;
	__u32 index;

	if (pkt->shaped)
		return reason;
	index = shaper_seek(ctx, pkt);
	pkt->shaper = index;
	if (!index)
		return reason;
	pkt->forwards = false;
	changed = police_tree(ctx, pkt, index);
	return changed ? changed : reason;
}

#endif
