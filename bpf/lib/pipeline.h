/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The way of a packet: parse, terminate, bridge, police, count, redirect. All checks
 * come before the first write; what is not proven leaves as it came.
 */
#ifndef PN_BPF_PIPELINE_H
#define PN_BPF_PIPELINE_H

#include "lib/bridge.h"
#include "lib/count.h"
#include "lib/deliver.h"
#include "lib/police.h"

/* The driver hands it to its device, and there the kernel routes. */
static __always_inline enum pn_reason decide_routed(ctx_t *ctx, struct packet *pkt)
{
	enum pn_reason reason;

	pkt->behind = true;
	packet_settle();
	reason = route(ctx, pkt);
	if (!reason && pkt->csum != OUTER_CSUM_NONE)
		reason = outer_prove(ctx, pkt);
	return reason ? reason : neigh_refresh(pkt);
}

/* A frame out of a tunnel device that is no bridge port: is it to be routed? */
static __always_inline enum pn_reason frame_check(struct packet *pkt,
						  const struct pn_tunnel *tunnel)
{
	if (pkt->tunnel_learns)
		return PN_R_TUNNEL_LEARN;
	if (pkt->dst48 == load_be64(tunnel->mac) >> 16 &&
	    (pkt->proto == PN_ETHERTYPE_IPV4 || pkt->proto == PN_ETHERTYPE_IPV6))
		return PN_R_NONE;
	pkt->behind = true;
	return PN_R_NOT_BRIDGED;
}

/* An inner frame. PN_R_NONE: bridged to pkt->egress, or routed if that is nowhere yet. */
static __always_inline enum pn_reason decide_frame(ctx_t *ctx, struct packet *pkt,
						   const struct pn_tunnel *tunnel)
{
	struct pn_port *port, *egress;
	__u32 inner_len;
	enum pn_reason reason;

	pkt->tunnel_learns = tunnel->flags & PN_TUNNEL_F_LEARNING;
	pkt->port = tunnel->port;
	port = port_lookup(tunnel->port);
	if (!port || port->gate[PN_PLACE_PORT])
		return PN_R_GATE_TUNNEL;
	reason = inner_parse(ctx, pkt, tunnel);
	if (reason)
		return reason;
	if (!port->fid)
		return frame_check(pkt, tunnel);
	inner_len = pkt->end - pkt->inner;
	reason = bridge(ctx, pkt, port, inner_len, is_vlan(pkt->proto));
	if (reason)
		return reason;
	egress = port_lookup(pkt->egress);
	if (!egress)
		return PN_R_EGRESS_STATE;
	reason = ctx_may_strip(ctx, pkt->proto, inner_len, egress);
	return reason ? reason : outer_csum(ctx, pkt);
}

/* What is inside a packet whose outer headers hold. */
static __always_inline enum pn_reason decide_inner(ctx_t *ctx, struct packet *pkt)
{
	struct pn_tunnel *tunnel = tunnel_get(pkt->tunnel);
	enum pn_reason reason;

	if (!tunnel)
		return PN_R_TUNNEL_UNKNOWN;
	if (!pkt->bare && !(tunnel->flags & PN_TUNNEL_F_COUNT_ETH))
		pkt->uncounted = sizeof(struct pn_ethhdr);
	reason = csum_rule(pkt, tunnel);
	if (reason)
		return reason;
	reason = pkt->bare ? inner_packet(ctx, pkt, tunnel) : decide_frame(ctx, pkt, tunnel);
	return reason || pkt->egress ? reason : decide_routed(ctx, pkt);
}

/* The same for what was inside another tunnel. Not static: verified once by itself. */
__attribute__((noinline)) int decide_below(ctx_t *ctx, struct packet *pkt)
{
	return pkt ? decide_inner(ctx, pkt) : PN_R_SHORT;
}

/* Could the packet inside be for another tunnel of this host? */
static __always_inline bool may_descend(const struct packet *pkt, enum pn_reason reason)
{
	/* over IPv6 the FIB does not tell an address of ours where it does not forward */
	return reason == PN_R_ROUTE_LOCAL ||
	       (reason == PN_R_ROUTE_OFF && pkt->proto == PN_ETHERTYPE_IPV6);
}

/*
 * Further down, as far as `nesting` allows and one level more, to see that it
 * is not enough.
 */
static __always_inline enum pn_reason decide_nested(ctx_t *ctx, struct packet *pkt,
						    enum pn_reason reason)
{
	enum pn_reason met;
	int i;

#pragma unroll
	for (i = 1; i <= PN_MAX_NESTING; i++) {
		if (i > pn_conf.nesting || !may_descend(pkt, reason))
			return reason;
		met = descend(ctx, pkt);
		if (met == PN_R_ROUTE_LOCAL)
			return reason;
		if (i == pn_conf.nesting && pkt->level == i) {
			level_restore(pkt);
			return PN_R_NESTED;
		}
		reason = met ? met : decide_below(ctx, pkt);
	}
	return reason;
}

static __always_inline enum pn_reason decide_tunnel(ctx_t *ctx, struct packet *pkt)
{
	enum pn_reason reason = terminate(ctx, pkt);

	if (!reason)
		reason = decide_inner(ctx, pkt);
	if (pn_conf.nesting > 1)
		reason = decide_nested(ctx, pkt, reason);
	/* refused, however deep: the device around must not have it either */
	if (reason == PN_R_PEER_REFUSED)
		return reason;
	if (CTX_DELIVERS && reason && !pkt->behind && pkt->level)
		level_restore(pkt);
	return CTX_DELIVERS && reason && pkt->behind ? deliver(ctx, pkt, reason) : reason;
}

/* What the decision comes to. */
static __always_inline enum pn_reason rewrite(ctx_t *ctx, const struct packet *pkt)
{
	if (!pkt->inner)
		return PN_R_BRIDGED;
	return pkt->exit == EXIT_ROUTE ? route_rewrite(ctx, pkt) : decapsulate(ctx, pkt);
}

static __always_inline enum pn_reason decide_bridged(ctx_t *ctx, struct packet *pkt,
						     const struct pn_port *port)
{
	struct cursor cur = ctx_cursor(ctx);
	struct pn_ethhdr *eth = cursor_take(&cur, sizeof(*eth));
	bool is_ad, tagged;
	__u64 tail;
	__u16 tci;

	if (!eth)
		return PN_R_SHORT;
	tail = load_be64(eth->src);
	pkt->dst48 = load_be64(eth->dst) >> 16;
	pkt->src48 = tail >> 16;
	pkt->proto = tail;
	tagged = is_vlan(pkt->proto) || ctx_tag(ctx, &tci, &is_ad);
	return bridge(ctx, pkt, port, pkt->len, tagged);
}

/* The whole decision and, for a forwarded packet, the rewriting. */
static __always_inline enum pn_reason pipeline(ctx_t *ctx, struct packet *pkt, int *action)
{
	struct pn_port *port, *egress;
	enum pn_reason reason;

	pkt->len = ctx_len(ctx);
	pkt->port = pn_conf.port;
	port = port_lookup(pn_conf.port);
	if (!port || port->gate[PN_PLACE_PORT])
		return PN_R_GATE_PORT;
	if (!ctx_is_whole(ctx, pkt->len))
		return PN_R_NONLINEAR;
	ctx_pull(ctx, PIPELINE_PULL);
	reason = port->fid ? decide_bridged(ctx, pkt, port) : decide_tunnel(ctx, pkt);
	if (reason)
		return reason;
	if (pn_conf.masks)
		reason = shape(ctx, pkt);
	if (CTX_SPREADS && pn_conf.spread && !reason && pkt->cpu) {
		reason = spread(pkt, action);
		if (*action == XDP_REDIRECT)
			return PN_R_NONE;
	}
	if (reason)
		return reason;
	if (CTX_DELIVERS && pkt->exit == EXIT_DELIVER)
		return deliver_rewrite(ctx, pkt, action);
	egress = port_lookup(pkt->egress);
	if (!egress)
		return PN_R_EGRESS_STATE;
	reason = rewrite(ctx, pkt);
	if (reason_verdict(reason) != PN_FORWARD)
		return reason;
	if (pkt->retag && !vlan_retag(ctx, pkt))
		return PN_R_HELPER;
	return ctx_redirect(ctx, pkt->egress, egress, action) ? reason : PN_R_EGRESS_GONE;
}

#endif
