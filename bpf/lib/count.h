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

static __always_inline void count_tunnel(const struct packet *pkt, enum pn_verdict verdict)
{
	__u32 index = pkt->tunnel, front = pkt->inner + pkt->uncounted;
	struct pn_tunnel_stats *stats = bpf_map_lookup_elem(&pn_tun_stats, &index);

	if (stats)
		count_add(&stats->verdict[verdict],
			  pkt->inner && pkt->end > front ? pkt->end - front : 0);
}

static __always_inline void count_peer(const struct packet *pkt, enum pn_verdict verdict)
{
	__u32 index = pkt->vtep;	/* PN_VTEP_ANY is beyond every map */
	struct pn_tunnel_stats *stats = bpf_map_lookup_elem(&pn_peer_stats, &index);

	if (stats)
		count_add(&stats->verdict[verdict], pkt->len);
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

static __always_inline void count(const struct packet *pkt, enum pn_reason reason,
				  enum pn_verdict verdict)
{
	struct pn_port_stats *stats;
	__u32 zero = 0, index = reason;

	if (pn_conf.explain) {
		count_explain(pkt, reason);
		return;
	}
	stats = bpf_map_lookup_elem(&pn_port_stats, &zero);
	if (stats && index < PN_MAX_REASONS)
		count_add(&stats->reason[index], pkt->len);
	if (!pkt->tunnel)
		return;
	count_tunnel(pkt, verdict);
	if (pkt->vtep)
		count_peer(pkt, verdict);
}

#endif
