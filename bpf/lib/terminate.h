/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From the outer headers to the inner frame: which tunnel, and whether the
 * kernel would hand this inner frame to the tunnel device as it is.
 */
#ifndef PN_BPF_TERMINATE_H
#define PN_BPF_TERMINATE_H

#include "lib/csum_inner.h"
#include "lib/geneve.h"
#include "lib/gre.h"
#include "lib/gue.h"
#include "lib/ipip.h"
#include "lib/parse.h"
#include "lib/peer.h"
#include "lib/vxlan.h"

/* What a driver wants to see behind the inner Ethernet header (conformance: pskb_inet_may_pull). */
static __always_inline __u32 inner_least(__u16 proto)
{
	if (proto == PN_ETHERTYPE_IPV4)
		return sizeof(struct pn_ethhdr) + sizeof(struct pn_ipv4hdr);
	if (proto == PN_ETHERTYPE_IPV6)
		return sizeof(struct pn_ethhdr) + sizeof(struct pn_ipv6hdr);
	/* the core takes the tag out again, and wants 20 bytes for that */
	if (is_vlan(proto))
		return sizeof(struct pn_ethhdr) + 6;
	return sizeof(struct pn_ethhdr);
}

static __always_inline enum pn_reason inner_ecn(struct cursor *cur, struct packet *pkt)
{
	__u8 outer = pkt->tos & PN_ECN_MASK, result;
	struct pn_ipv4hdr *ip4;
	struct pn_ipv6hdr *ip6;

	if (is_vlan(pkt->proto))
		return outer ? PN_R_INNER_VLAN_ECN : PN_R_NONE;
	if (pkt->proto == PN_ETHERTYPE_IPV4) {
		ip4 = cursor_take(cur, sizeof(*ip4));
		if (!ip4)
			return PN_R_NONLINEAR;
		pkt->inner_tos = ip4->tos;
	} else if (pkt->proto == PN_ETHERTYPE_IPV6) {
		ip6 = cursor_take(cur, sizeof(*ip6));
		if (!ip6)
			return PN_R_NONLINEAR;
		pkt->inner_tos = ipv6_tclass(ip6);
	} else {
		return PN_R_NONE;
	}
	if (!outer)
		return PN_R_NONE;
	if (!ecn_combine(outer, pkt->inner_tos & PN_ECN_MASK, &result))
		return PN_R_INNER_ECN;
	pkt->ecn_rewrite = result != (pkt->inner_tos & PN_ECN_MASK);
	pkt->inner_tos = (pkt->inner_tos & ~PN_ECN_MASK) | result;
	return PN_R_NONE;
}

static __always_inline enum pn_reason inner_parse(ctx_t *ctx, struct packet *pkt,
						  const struct pn_tunnel *tunnel)
{
	struct cursor cur = ctx_cursor(ctx);
	struct pn_ethhdr *eth;
	__u64 tail;

	if (pkt->end < pkt->inner + sizeof(*eth))
		return PN_R_INNER_SHORT;
	cursor_seek(&cur, pkt->inner);
	eth = cursor_take(&cur, sizeof(*eth));
	if (!eth)
		return PN_R_NONLINEAR;
	tail = load_be64(eth->src);
	pkt->dst48 = load_be64(eth->dst) >> 16;
	pkt->src48 = tail >> 16;
	pkt->proto = tail;
	if (pkt->end - pkt->inner < inner_least(pkt->proto))
		return PN_R_INNER_SHORT;
	if ((tunnel->flags & PN_TUNNEL_F_OWN_MAC) && pkt->src48 == load_be64(tunnel->mac) >> 16)
		return PN_R_INNER_OWN_MAC;
	return inner_ecn(&cur, pkt);
}

/*
 * An IP packet without Ethernet: its length, and ECN. The header itself is for
 * whoever routes it; drivers deliver garbage too.
 */
static __always_inline enum pn_reason inner_packet(ctx_t *ctx, struct packet *pkt,
						   const struct pn_tunnel *tunnel)
{
	struct cursor cur = ctx_cursor(ctx);
	enum pn_reason reason;
	__u32 least = pkt->proto == PN_ETHERTYPE_IPV4 ? sizeof(struct pn_ipv4hdr) :
							 sizeof(struct pn_ipv6hdr);

	if (pkt->end < pkt->inner + least)
		return PN_R_INNER_SHORT;
	cursor_seek(&cur, pkt->inner);
	reason = sixrd_check(cur, pkt, tunnel);
	return reason ? reason : inner_ecn(&cur, pkt);
}

/* IP protocols that some kind of tunnel has. */
static __always_inline bool proto_may_tunnel(__u8 proto)
{
	if (proto == PN_IPPROTO_GRE)
		return pn_conf.families & PN_FAMILY_GRE;
	return (pn_conf.families & PN_FAMILY_IPIP) &&
	       (proto == PN_IPPROTO_IPIP || proto == PN_IPPROTO_IPV6 ||
		proto == PN_IPPROTO_ESP || proto == PN_IPPROTO_AH ||
		proto == PN_IPPROTO_COMP || proto == PN_IPPROTO_MPLS);
}

/*
 * Tunnels by the IP protocol that carries them, @off: of what stands behind IP,
 * FOU or GUE.
 */
static __always_inline enum pn_reason terminate_proto(ctx_t *ctx, struct packet *pkt, __u32 off)
{
	struct cursor cur = ctx_cursor(ctx);

	cursor_seek(&cur, off);
	if ((pn_conf.families & PN_FAMILY_GRE) && pkt->l4proto == PN_IPPROTO_GRE)
		return gre_parse(&cur, pkt, off);
	if (!(pn_conf.families & PN_FAMILY_IPIP))
		return PN_R_NOT_TUNNEL;
	switch (pkt->l4proto) {
	case PN_IPPROTO_IPIP:
	case PN_IPPROTO_IPV6:
		return ipip_parse(pkt, off);
	case PN_IPPROTO_ESP:
	case PN_IPPROTO_AH:
	case PN_IPPROTO_COMP:
		return vti_parse(pkt);
	case PN_IPPROTO_MPLS:
		return mpls_parse(pkt, off);
	default:
		return PN_R_NOT_TUNNEL;
	}
}

/* What FOU and GUE carry is a packet of that protocol, at @off. */
static __always_inline enum pn_reason terminate_fou(struct cursor *cur, struct packet *pkt,
						    __u32 service, __u32 *off)
{
	enum pn_reason reason = PN_R_NONE;

	*off = pkt->l4 + sizeof(struct pn_udphdr);
	pkt->l4proto = PN_UDP_PROTOCOL(service);
	if (PN_UDP_SERVICE(service) == PN_UDP_GUE)
		reason = gue_parse(cur, pkt, off);
	if (reason)
		return reason;
	return proto_may_tunnel(pkt->l4proto) ? PN_R_NONE : PN_R_NOT_TUNNEL;
}

static __always_inline __u32 service_family(__u32 service)
{
	switch (service) {
	case PN_UDP_VXLAN:
	case PN_UDP_GPE:
		return PN_FAMILY_VXLAN;
	case PN_UDP_GENEVE:
		return PN_FAMILY_GENEVE;
	case PN_UDP_FOU:
	case PN_UDP_GUE:
		return PN_FAMILY_FOU;
	default:
		return 0;
	}
}

/* UDP, but no VNI that has a VXLAN device of its own. */
static __always_inline enum pn_reason terminate_udp(ctx_t *ctx, struct packet *pkt, __u32 *off)
{
	struct cursor cur = ctx_cursor(ctx);
	enum pn_reason reason, found;
	union slot_value port;
	__u32 service;

	cursor_seek(&cur, pkt->l4 + sizeof(struct pn_udphdr));
	if ((pn_conf.families & PN_FAMILY_GENEVE) && pkt->vtep && geneve_guess(cur, pkt))
		return endpoint_verdict(ctx, pkt);
	port = demux_lookup(PN_DEMUX_KEY_UDP(PN_DEMUX_UDP_PORT, pkt->family == 6,
					     pkt->udp_dport, 0));
	service = PN_UDP_SERVICE(port.index);
	if (!(pn_conf.families & service_family(service)))
		return PN_R_NOT_TUNNEL;
	reason = endpoint_verdict(ctx, pkt);
	if (reason == PN_R_PEER_REFUSED)
		return reason;
	switch (service) {
	case PN_UDP_VXLAN:
	case PN_UDP_GPE:
		found = vxlan_external(&cur, pkt, port.tunnel, service == PN_UDP_GPE);
		return found ? found : reason;
	case PN_UDP_GENEVE:
		return reason ? reason : geneve_parse(&cur, pkt, port.tunnel);
	default:
		return reason ? reason : terminate_fou(&cur, pkt, port.index, off);
	}
}

/* What is not VXLAN. */
static __always_inline enum pn_reason terminate_other(ctx_t *ctx, struct packet *pkt)
{
	enum pn_reason reason;
	__u32 off;
	bool udp;

	packet_settle();
	udp = pkt->l4proto == PN_IPPROTO_UDP;
	if (!udp && !proto_may_tunnel(pkt->l4proto))
		return PN_R_NOT_TUNNEL;
	off = pkt->l4;
	endpoint_read(pkt);
	reason = udp ? terminate_udp(ctx, pkt, &off) : endpoint_verdict(ctx, pkt);
	if (!reason && !pkt->tunnel)
		reason = terminate_proto(ctx, pkt, off);
	/* asked last: who has such tunnels mostly finds one */
	if (!udp && reason && !pkt->tunnel && reason != PN_R_PEER_REFUSED &&
	    !packet_is_tunnels(pkt))
		return PN_R_NOT_TUNNEL;
	return reason;
}

/*
 * Behind the IP header: which tunnel, and from whom. VXLAN first: it needs no
 * look-up of the port.
 */
static __always_inline enum pn_reason terminate_net(ctx_t *ctx, struct cursor *cur,
						    struct packet *pkt)
{
	enum pn_reason reason = PN_R_NONE;

	if (pkt->l4proto == PN_IPPROTO_UDP)
		reason = parse_udp(cur, pkt);
	if (reason)
		return reason;
	if ((pn_conf.families & PN_FAMILY_VXLAN) && pkt->l4proto == PN_IPPROTO_UDP &&
	    vxlan_guess(cur, pkt)) {
		endpoint_read(pkt);
		reason = endpoint_verdict(ctx, pkt);
	} else {
		reason = terminate_other(ctx, pkt);
	}
	return !reason && ctx_is_gso(ctx) ? PN_R_GSO : reason;
}

/* The frame as it arrived. */
static __always_inline enum pn_reason terminate(ctx_t *ctx, struct packet *pkt)
{
	struct cursor cur = ctx_cursor(ctx);
	enum pn_reason reason = parse_outer(ctx, &cur, pkt);

	return reason ? reason : terminate_net(ctx, &cur, pkt);
}

/*
 * What was inside, once more: an IP packet at pkt->l3 with the EtherType
 * pkt->proto that ends at pkt->end and has arrived on pkt->port, the tunnel's.
 * Everything that is known of the tunnel around it is forgotten. Not static:
 * verified once by itself.
 */
__attribute__((noinline)) int terminate_again(ctx_t *ctx, struct packet *pkt)
{
	struct cursor cur = ctx_cursor(ctx);
	enum pn_reason reason;
	struct pn_port *port;

	if (!pkt)
		return PN_R_SHORT;
	port = port_lookup(pkt->port);
	if (!port)
		return PN_R_GATE_OUTER;
	__builtin_memset(&pkt->pair, 0, sizeof(pkt->pair));
	pkt->tunnel = 0;
	pkt->inner = 0;
	pkt->bare = false;
	pkt->csum = OUTER_CSUM_NONE;
	cursor_seek(&cur, pkt->l3);
	reason = parse_net(&cur, pkt, port, pkt->proto);
	return reason ? reason : terminate_net(ctx, &cur, pkt);
}

/* What the tunnel device itself asks of the outer checksum field. */
static __always_inline enum pn_reason csum_rule(const struct packet *pkt,
						const struct pn_tunnel *tunnel)
{
	/* FOU and GUE ports take a zero checksum, and are no UDP here */
	if (pkt->l4proto == PN_IPPROTO_UDP)
		return pkt->csum == OUTER_CSUM_NONE && pkt->family == 6 &&
				       !(tunnel->flags & PN_TUNNEL_F_ZERO_CSUM6) ?
			       PN_R_UDP_CSUM_ZERO6 : PN_R_NONE;
	if (pkt->l4proto == PN_IPPROTO_GRE &&
	    !(tunnel->flags & PN_TUNNEL_F_ICSUM) != (pkt->csum != OUTER_CSUM_GRE))
		return PN_R_TUNNEL_CSUM;
	return PN_R_NONE;
}

/* The outer checksum, last of all because it is the dearest. */
static __always_inline enum pn_reason outer_csum(ctx_t *ctx, const struct packet *pkt)
{
	enum csum_proof proof = CSUM_NO_L4;

	if (pkt->csum == OUTER_CSUM_NONE)
		return PN_R_NONE;
	if (pn_conf.checksum == PN_CSUM_LEAVE)
		return PN_R_UDP_CSUM_LEFT;
	/* what a NIC has verified is the outermost */
	if (!pkt->level && ctx_csum_proven(ctx))
		return PN_R_NONE;
	if (pn_conf.checksum == PN_CSUM_INNER)
		proof = csum_inner_prove(ctx, pkt);
	if (proof == CSUM_NO_L4)
		proof = csum_full_holds(ctx, pkt) ? CSUM_PROVEN : CSUM_WRONG;
	if (proof == CSUM_PROVEN)
		return PN_R_NONE;
	return pkt->csum == OUTER_CSUM_GRE ? PN_R_TUNNEL_CSUM : PN_R_UDP_CSUM;
}

/* Write the inner ECN field; the inner frame is in front now. */
static __always_inline void inner_write_ecn(ctx_t *ctx, const struct packet *pkt)
{
	struct cursor cur = ctx_cursor(ctx);
	struct pn_ipv4hdr *ip4;
	struct pn_ipv6hdr *ip6;

	cur.pos += sizeof(struct pn_ethhdr);
	if (pkt->proto == PN_ETHERTYPE_IPV4) {
		ip4 = cursor_take(&cur, sizeof(*ip4));
		if (ip4)
			ipv4_set_tos(ip4, pkt->inner_tos);
	} else {
		ip6 = cursor_take(&cur, sizeof(*ip6));
		if (ip6)
			ipv6_set_tclass(ip6, pkt->inner_tos);
	}
}

/*
 * All checks are done: take the outer headers and the padding behind the
 * datagram off. The first helper that could fail changes nothing that the
 * kernel would not cut itself.
 */
static __always_inline enum pn_reason decapsulate(ctx_t *ctx, const struct packet *pkt)
{
	if (pkt->len > pkt->end && ctx_trim(ctx, pkt->len, pkt->end))
		return PN_R_HELPER;
	if (ctx_strip(ctx, pkt->inner))
		return PN_R_HELPER;
	if (pkt->ecn_rewrite)
		inner_write_ecn(ctx, pkt);
	return PN_R_DECAP;
}

#endif
