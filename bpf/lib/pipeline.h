/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The way of a packet: parse, terminate, bridge, count, redirect. All checks
 * come before the first write; what is not proven leaves as it came.
 */
#ifndef PN_BPF_PIPELINE_H
#define PN_BPF_PIPELINE_H

#include "lib/bridge.h"
#include "lib/count.h"
#include "lib/terminate.h"

/* Bytes that the stations may read in place: two tags, IPv6, VXLAN, inner IPv6 and TCP. */
#define PIPELINE_PULL	160

/* An IP packet that was inside a tunnel without Ethernet. */
static __always_inline enum pn_reason decide_packet(ctx_t *ctx, struct packet *pkt,
						    const struct pn_tunnel *tunnel)
{
	enum pn_reason reason = csum_rule(pkt, tunnel);

	if (!reason)
		reason = inner_packet(ctx, pkt, tunnel);
	return reason ? reason : PN_R_NOT_BRIDGED;
}

/*
 * The inner frame of a packet whose outer headers hold. Not static: verified
 * once by itself, whatever stood in front of the inner frame.
 */
__attribute__((noinline)) int decide_inner(ctx_t *ctx, struct packet *pkt)
{
	struct pn_tunnel *tunnel;
	struct pn_port *port, *egress;
	__u32 inner_len;
	enum pn_reason reason;

	if (!pkt)
		return PN_R_SHORT;
	tunnel = tunnel_get(pkt->tunnel);
	if (!tunnel)
		return PN_R_TUNNEL_UNKNOWN;
	if (pkt->bare)
		return decide_packet(ctx, pkt, tunnel);
	pkt->uncounted = tunnel->flags & PN_TUNNEL_F_COUNT_ETH ? 0 : sizeof(struct pn_ethhdr);
	reason = csum_rule(pkt, tunnel);
	if (reason)
		return reason;
	pkt->tunnel_learns = tunnel->flags & PN_TUNNEL_F_LEARNING;
	pkt->port = tunnel->port;
	port = port_lookup(tunnel->port);
	if (!port || port->gate[PN_PLACE_PORT])
		return PN_R_GATE_TUNNEL;
	reason = inner_parse(ctx, pkt, tunnel);
	if (reason)
		return reason;
	if (!port->fid)
		return PN_R_NOT_BRIDGED;
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

static __always_inline enum pn_reason decide_tunnel(ctx_t *ctx, struct packet *pkt)
{
	enum pn_reason reason = terminate(ctx, pkt);

	return reason ? reason : decide_inner(ctx, pkt);
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
	egress = port_lookup(pkt->egress);
	if (!egress)
		return PN_R_EGRESS_STATE;
	reason = pkt->inner ? decapsulate(ctx, pkt) : PN_R_BRIDGED;
	if (reason_verdict(reason) != PN_FORWARD)
		return reason;
	if (pkt->retag && !vlan_retag(ctx, pkt))
		return PN_R_HELPER;
	return ctx_redirect(ctx, pkt->egress, egress, action) ? reason : PN_R_EGRESS_GONE;
}

#endif
