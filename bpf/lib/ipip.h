/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * IP in IP without a header between them (RFC 2003, 2473, 4213): ipip, sit and
 * ip6tnl (net/ipv4/ipip.c, net/ipv6/sit.c, ip6_tunnel.c), MPLS in IP, and the
 * protocols that a VTI takes away from them.
 */
#ifndef PN_BPF_IPIP_H
#define PN_BPF_IPIP_H

#include "lib/tunnel.h"

/* Packets to a VTI are left to xfrm. */
static __always_inline enum pn_reason vti_parse(struct packet *pkt)
{
	pkt->tunnel = tunnel_find_other(pkt, PN_DEMUX_VTI, 0);
	return pkt->tunnel ? PN_R_VTI : PN_R_TUNNEL_UNKNOWN;
}

/*
 * @off: of the inner packet. A VTI comes before the others; of the tunnels with
 * a remote of their own only such have a key that no VTI comes before.
 */
static __always_inline enum pn_reason ipip_parse(struct packet *pkt, __u32 off)
{
	bool v6 = pkt->l4proto == PN_IPPROTO_IPV6;
	__u32 type = v6 ? PN_DEMUX_IPV6 : PN_DEMUX_IPV4;

	if (pkt->vtep != PN_VTEP_ANY)
		pkt->tunnel = tunnel_find_own(pkt, type, 0);
	if (!pkt->tunnel && vti_parse(pkt) == PN_R_VTI)
		return PN_R_VTI;
	if (!pkt->tunnel)
		pkt->tunnel = tunnel_find_other(pkt, type, 0);
	if (!pkt->tunnel)
		return PN_R_TUNNEL_UNKNOWN;
	pkt->inner = off;
	pkt->bare = true;
	pkt->proto = v6 ? PN_ETHERTYPE_IPV6 : PN_ETHERTYPE_IPV4;
	return PN_R_NONE;
}

/* MPLS is routed by labels; the same devices take it. */
static __always_inline enum pn_reason mpls_parse(struct packet *pkt, __u32 off)
{
	pkt->tunnel = tunnel_find_other(pkt, PN_DEMUX_IPV4, 0);
	if (!pkt->tunnel)
		return PN_R_TUNNEL_UNKNOWN;
	pkt->inner = off;
	pkt->bare = true;
	return PN_R_INNER_TYPE;
}

/*
 * The IPv4 address that an inner address embeds, if it lies in the prefix of
 * 6rd (RFC 5969) or 6to4; check_6rd() of sit.c. The prefix and what follows it
 * are within the first 64 bits.
 */
static __always_inline bool sixrd_holds(const struct pn_tunnel *tunnel, const __be32 *inner,
					__be32 outer)
{
	__u64 addr = load_be64(inner), prefix = load_be64(tunnel->rd_prefix);
	__u32 bits = (32 - tunnel->rd_relay_len) & 63, embedded = 0;

	if ((addr ^ prefix) >> ((64 - tunnel->rd_prefix_len) & 63))
		return true;
	if (bits)
		embedded = addr << (tunnel->rd_prefix_len & 63) >> ((64 - bits) & 63);
	return outer == (tunnel->rd_relay | bpf_htonl(embedded));
}

/* Where the device has no remote: the addresses inside belong to those outside. */
static __always_inline enum pn_reason sixrd_check(struct cursor cur, const struct packet *pkt,
						  const struct pn_tunnel *tunnel)
{
	struct pn_ipv6hdr *ip;

	if (!tunnel->rd_prefix_len || pkt->l4proto != PN_IPPROTO_IPV6 || pkt->family != 4)
		return PN_R_NONE;
	ip = cursor_take(&cur, sizeof(*ip));
	if (!ip)
		return PN_R_NONLINEAR;
	return sixrd_holds(tunnel, ip->src, pkt->pair.src[3]) &&
	       sixrd_holds(tunnel, ip->dst, pkt->pair.dst[3]) ? PN_R_NONE : PN_R_TUNNEL_SOURCE;
}

#endif
