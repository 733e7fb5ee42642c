/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The only place that touches counters: one call per packet, at the only exit. */
#ifndef PN_BPF_COUNT_H
#define PN_BPF_COUNT_H

#include "lib/packet.h"

static __always_inline enum pn_verdict reason_verdict(enum pn_reason reason)
{
	switch (reason) {
#define PN_REASON(id, number, name, verdict, text) case PN_R_##id: return PN_##verdict;
#include <penstock/reasons.def>
#undef PN_REASON
	default:
		return PN_PASS;
	}
}

static __always_inline void count_add(struct pn_count *count, __u64 bytes)
{
	count->packets++;
	count->bytes += bytes;
}

static __always_inline void count_tunnel(__u32 tunnel, __u64 bytes, enum pn_verdict verdict)
{
	struct pn_tunnel_stats *stats = bpf_map_lookup_elem(&pn_tun_stats, &tunnel);

	if (stats)
		count_add(&stats->verdict[verdict], bytes);
}

/* PN_VTEP_ANY is beyond every map. */
static __always_inline void count_peer(__u32 vtep, __u64 bytes, enum pn_verdict verdict)
{
	struct pn_tunnel_stats *stats = bpf_map_lookup_elem(&pn_peer_stats, &vtep);

	if (stats)
		count_add(&stats->verdict[verdict], bytes);
}

/* Tunnels around the innermost. Not static: verified once. */
__attribute__((noinline)) int count_levels(const struct packet *pkt, __u32 verdict)
{
	struct pn_level *level;
	__u32 index;
	int i;

	if (!pkt || verdict >= PN_VERDICTS)
		return 0;
#pragma unroll
	for (i = 0; i < PN_MAX_NESTING; i++) {
		if (i >= pkt->level)
			break;
		index = i;
		level = bpf_map_lookup_elem(&pn_levels, &index);
		if (!level)
			break;
		count_tunnel(level->tunnel, level->end - level->inner - level->uncounted, verdict);
		if (level->vtep)
			count_peer(level->vtep, pkt->len, verdict);
	}
	return 0;
}

static __always_inline void count_explain(const struct packet *pkt, enum pn_reason reason)
{
	struct pn_explain *explain;
	__u32 zero = 0;

	explain = bpf_map_lookup_elem(&pn_explain, &zero);
	if (!explain)
		return;
	explain->reason = reason;
	explain->egress = pkt->egress;
	explain->tunnel = pkt->tunnel;
}

/* Told from the shaper itself up to its topmost parent: the first is the packet's. */
static __always_inline void count_explain_shaper(__u32 index, __u32 bytes,
						 enum pn_shaper_outcome outcome)
{
	struct pn_explain *explain;
	__u32 zero = 0;

	explain = bpf_map_lookup_elem(&pn_explain, &zero);
	if (!explain || explain->shaper)
		return;
	explain->shaper = index;
	explain->bytes = bytes;
	explain->outcome = outcome;
}

static __always_inline void count_explain_lender(int level)
{
	struct pn_explain *explain;
	__u32 zero = 0;

	explain = bpf_map_lookup_elem(&pn_explain, &zero);
	if (explain)
		explain->lender = level > 0 ? level : 0;
}

static __always_inline void count(const struct packet *pkt, enum pn_reason reason,
				  enum pn_verdict verdict)
{
	struct pn_port_stats *stats;
	__u32 zero = 0, index = reason, front;

	if (pn_conf.explain) {
		count_explain(pkt, reason);
		return;
	}
	stats = bpf_map_lookup_elem(&pn_port_stats, &zero);
	asm volatile("" : "+r"(index));	/* the check is of the register that is the index */
	if (stats && index < PN_MAX_REASONS)
		count_add(&stats->reason[index], pkt->len);
	if (!pkt->tunnel)
		return;
	front = pkt->inner + pkt->uncounted;
	count_tunnel(pkt->tunnel, pkt->inner && pkt->end > front ? pkt->end - front : 0, verdict);
	if (pkt->vtep)
		count_peer(pkt->vtep, pkt->len, verdict);
	if (pn_conf.nesting > 1 && pkt->level)
		count_levels(pkt, verdict);
}

#endif
