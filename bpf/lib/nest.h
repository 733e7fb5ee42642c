/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A tunnel inside a tunnel: what comes out of one for this host may be for
 * another. Each level is proven before the next is looked at, and nothing is
 * written before the innermost is done. What was known of a level is kept for
 * counting, and for handing the packet to its device after all.
 */
#ifndef PN_BPF_NEST_H
#define PN_BPF_NEST_H

#include "lib/route.h"

static __always_inline bool level_save(struct packet *pkt)
{
	__u32 index = pkt->level;
	struct pn_level *level = bpf_map_lookup_elem(&pn_levels, &index);

	if (!level)
		return false;
	level->tunnel = pkt->tunnel;
	level->vtep = pkt->vtep;
	level->end = pkt->end;
	level->inner = pkt->inner;
	level->proto = pkt->proto;
	level->inner_tos = pkt->inner_tos;
	level->uncounted = pkt->uncounted;
	level->bare = pkt->bare;
	level->ecn_rewrite = pkt->ecn_rewrite;
	pkt->level++;
	return true;
}

/* Back to the tunnel around, which the packet has been proven to come out of. */
static __always_inline void level_restore(struct packet *pkt)
{
	__u32 index = pkt->level - 1;
	struct pn_level *level = bpf_map_lookup_elem(&pn_levels, &index);

	if (!level)
		return;
	pkt->tunnel = level->tunnel;
	pkt->vtep = level->vtep;
	pkt->end = level->end;
	pkt->inner = level->inner;
	pkt->proto = level->proto;
	pkt->inner_tos = level->inner_tos;
	pkt->uncounted = level->uncounted;
	pkt->bare = level->bare;
	pkt->ecn_rewrite = level->ecn_rewrite;
	pkt->behind = true;
	pkt->proven = true;
	pkt->level--;
}

/* The outer checksum, off the way of bridged frames. Not static: verified once. */
__attribute__((noinline)) int outer_prove(ctx_t *ctx, struct packet *pkt)
{
	enum pn_reason reason = PN_R_NONE;

	if (!pkt)
		return PN_R_UDP_CSUM;
	if (!pkt->proven)
		reason = outer_csum(ctx, pkt);
	pkt->proven = !reason;
	return reason;
}

/*
 * One level down. PN_R_NONE: the headers lead to another tunnel; with another
 * reason and @pkt as it was, the packet is for this host only.
 */
__attribute__((noinline)) int descend(ctx_t *ctx, struct packet *pkt)
{
	struct pn_tunnel *tunnel;
	enum pn_reason reason;
	__u8 tos;

	if (!pkt)
		return PN_R_SHORT;
	tunnel = tunnel_get(pkt->tunnel);
	if (!tunnel || !tunnel->port)
		return PN_R_ROUTE_LOCAL;
	reason = outer_prove(ctx, pkt);
	if (reason)
		return reason;
	if (!level_save(pkt))
		return PN_R_ROUTE_LOCAL;
	tos = pkt->inner_tos;
	pkt->l3 = inner_ip(pkt);
	pkt->port = tunnel->port;
	pkt->behind = false;
	pkt->proven = false;
	pkt->ecn_rewrite = false;
	pkt->uncounted = 0;
	reason = terminate_again(ctx, pkt);
	pkt->tos = tos;
	if (!pkt->tunnel) {
		level_restore(pkt);
		return reason == PN_R_PEER_REFUSED ? reason : PN_R_ROUTE_LOCAL;
	}
	return reason;
}

#endif
