/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Outer headers: Ethernet, VLAN tags, IPv4, IPv6, UDP, with every check that
 * the kernel makes before a tunnel driver sees the packet (net/ipv4/ip_input.c,
 * net/ipv6/ip6_input.c, net/ipv4/udp.c). PN_R_NONE: go on.
 */
#ifndef PN_BPF_PARSE_H
#define PN_BPF_PARSE_H

#include "lib/csum.h"
#include "lib/ecn.h"

static __always_inline bool is_vlan(__u16 proto)
{
	return proto == PN_ETHERTYPE_8021Q || proto == PN_ETHERTYPE_8021AD;
}

/* The VLAN device that the kernel has for a tag becomes the ingress. */
static __always_inline enum pn_reason vlan_enter(struct packet *pkt, __u16 tci, bool is_ad)
{
	__u16 vid = tci & PN_VID_MASK;
	__u16 port;

	if (!vid)
		return PN_R_VLAN_PRIORITY;
	port = demux_index_rare(PN_DEMUX_KEY_VLAN(pkt->port, is_ad, vid));
	if (!port)
		return PN_R_VLAN_UNMAPPED;
	pkt->port = port;
	return PN_R_NONE;
}

static __always_inline enum pn_reason parse_vlan(struct cursor *cur, struct packet *pkt,
						 __u16 *proto)
{
	struct pn_vlanhdr *vlan;
	enum pn_reason reason;
	int i;

#pragma unroll
	for (i = 0; i < PN_MAX_VLAN_TAGS && is_vlan(*proto); i++) {
		vlan = cursor_take(cur, sizeof(*vlan));
		if (!vlan)
			return PN_R_SHORT;
		reason = vlan_enter(pkt, bpf_ntohs(vlan->tci), *proto == PN_ETHERTYPE_8021AD);
		if (reason)
			return reason;
		*proto = bpf_ntohs(vlan->type);
	}
	return is_vlan(*proto) ? PN_R_VLAN_DEPTH : PN_R_NONE;
}

/* @cur stands at the header, pkt->end behind the last byte that there is. */
static __always_inline enum pn_reason parse_ipv4(struct cursor *cur, struct packet *pkt)
{
	struct pn_ipv4hdr *ip = cursor_take(cur, sizeof(*ip));
	__u32 tot_len;

	if (!ip)
		return PN_R_SHORT;
	if (ip->ver_ihl != 0x45)
		return ip->ver_ihl >> 4 == 4 && ip->ver_ihl > 0x45 ? PN_R_IP_OPTIONS :
								     PN_R_IP_HEADER;
	tot_len = bpf_ntohs(ip->tot_len);
	if (tot_len < sizeof(*ip) || pkt->l3 + tot_len > pkt->end)
		return PN_R_IP_HEADER;
	if (!csum_holds(csum_words(ip, sizeof(*ip) / 4)))
		return PN_R_IP_CSUM;
	if (ip->frag & bpf_htons(PN_IPV4_MF_OFFSET))
		return PN_R_IP_FRAGMENT;
	pkt->l4proto = ip->protocol;
	pkt->family = 4;
	pkt->tos = ip->tos;
	pkt->pair.src[2] = bpf_htonl(0xffff);
	pkt->pair.dst[2] = bpf_htonl(0xffff);
	pkt->pair.src[3] = ip->src;
	pkt->pair.dst[3] = ip->dst;
	pkt->l4 = pkt->l3 + sizeof(*ip);
	pkt->end = pkt->l3 + tot_len;
	return PN_R_NONE;
}

/* Headers that may stand between the IPv6 header and UDP (RFC 8200, 4). */
static __always_inline bool is_ipv6_extension(__u8 nexthdr)
{
	return nexthdr == 0 || nexthdr == 43 || nexthdr == PN_IPPROTO_DSTOPTS;
}

/*
 * The encapsulation limit (RFC 2473, 4.1.1) as ip6tnl and ip6gre send it by
 * default: destination options with nothing else in them. Receivers ignore it.
 */
static __always_inline bool is_encap_limit(const struct pn_encap_limit *opt)
{
	return (opt->nexthdr == PN_IPPROTO_IPIP || opt->nexthdr == PN_IPPROTO_IPV6 ||
		opt->nexthdr == PN_IPPROTO_GRE) &&
	       !opt->len && opt->type == PN_ENCAP_LIMIT && opt->type_len == 1 &&
	       opt->pad[0] == 1 && opt->pad[1] == 1 && !opt->pad[2];
}

static __always_inline enum pn_reason parse_ipv6_options(struct cursor *cur, struct packet *pkt)
{
	struct pn_encap_limit *opt;

	if (!(pn_conf.families & (PN_FAMILY_GRE | PN_FAMILY_IPIP)) ||
	    pkt->l4proto != PN_IPPROTO_DSTOPTS)
		return PN_R_IP_OPTIONS;
	opt = cursor_take(cur, sizeof(*opt));
	if (!opt || pkt->end < (__u32)pkt->l4 + sizeof(*opt) || !is_encap_limit(opt))
		return PN_R_IP_OPTIONS;
	pkt->l4proto = opt->nexthdr;
	pkt->l4 += sizeof(*opt);
	return PN_R_NONE;
}

static __always_inline enum pn_reason parse_ipv6(struct cursor *cur, struct packet *pkt)
{
	struct pn_ipv6hdr *ip = cursor_take(cur, sizeof(*ip));
	__u32 end;

	if (!ip)
		return PN_R_SHORT;
	end = pkt->l3 + sizeof(*ip) + bpf_ntohs(ip->payload_len);
	if ((ip->ver_tc_flow & bpf_htonl(0xf0000000)) != bpf_htonl(0x60000000) ||
	    end > pkt->end)
		return PN_R_IP_HEADER;
	pkt->end = end;
	pkt->l4proto = ip->nexthdr;
	pkt->family = 6;
	pkt->tos = ipv6_tclass(ip);
	__builtin_memcpy(pkt->pair.src, ip->src, sizeof(pkt->pair.src));
	__builtin_memcpy(pkt->pair.dst, ip->dst, sizeof(pkt->pair.dst));
	pkt->l4 = pkt->l3 + sizeof(*ip);
	if (is_ipv6_extension(ip->nexthdr))
		return parse_ipv6_options(cur, pkt);
	return ip->nexthdr == PN_IPPROTO_FRAGMENT ? PN_R_IP_FRAGMENT : PN_R_NONE;
}

/* A datagram may be shorter than the IP payload; the inner frame ends with it. */
static __always_inline enum pn_reason parse_udp(struct cursor *cur, struct packet *pkt)
{
	struct pn_udphdr *udp = cursor_take(cur, sizeof(*udp));

	if (!udp)
		return PN_R_SHORT;
	pkt->udp_len = bpf_ntohs(udp->len);
	pkt->udp_dport = bpf_ntohs(udp->dst);
	pkt->csum = udp->csum ? OUTER_CSUM_UDP : OUTER_CSUM_NONE;
	if (pkt->udp_len < sizeof(*udp) || pkt->l4 + pkt->udp_len > pkt->end)
		return PN_R_UDP_LENGTH;
	pkt->end = pkt->l4 + pkt->udp_len;
	return PN_R_NONE;
}

/* IP, at pkt->l3, where @cur stands. */
static __always_inline enum pn_reason parse_ip(struct cursor *cur, struct packet *pkt,
					       __u16 proto)
{
	if (proto == PN_ETHERTYPE_IPV4)
		return parse_ipv4(cur, pkt);
	return proto == PN_ETHERTYPE_IPV6 ? parse_ipv6(cur, pkt) : PN_R_NOT_IP;
}

/* The same of the frame, or of what was inside it: the packet has arrived on @port. */
static __always_inline enum pn_reason parse_net(struct cursor *cur, struct packet *pkt,
						const struct pn_port *port, __u16 proto)
{
	if (proto == PN_ETHERTYPE_IPV4)
		return port->gate[PN_PLACE_OUTER4] ? PN_R_GATE_OUTER : parse_ipv4(cur, pkt);
	if (proto == PN_ETHERTYPE_IPV6)
		return port->gate[PN_PLACE_OUTER6] ? PN_R_GATE_OUTER : parse_ipv6(cur, pkt);
	return PN_R_NOT_IP;
}

/* Ethernet and VLAN; *@port is where the packet has arrived, @cur stands behind them. */
static __always_inline enum pn_reason parse_ether(ctx_t *ctx, struct cursor *cur,
						  struct packet *pkt, struct pn_port **port,
						  __u16 *proto)
{
	struct pn_ethhdr *eth = cursor_take(cur, sizeof(*eth));
	void *start = eth;
	enum pn_reason reason = PN_R_NONE;
	__u64 dst48;
	__u16 tci;
	bool is_ad;

	if (!eth)
		return PN_R_SHORT;
	dst48 = load_be64(eth->dst) >> 16;
	*proto = bpf_ntohs(eth->type);
	if (ctx_tag(ctx, &tci, &is_ad))
		reason = vlan_enter(pkt, tci, is_ad);
	if (!reason && is_vlan(*proto))
		reason = parse_vlan(cur, pkt, proto);
	if (reason)
		return reason;
	*port = port_lookup(pkt->port);
	if (!*port || dst48 != load_be64((*port)->mac) >> 16)
		return PN_R_OTHER_MAC;
	pkt->l3 = cur->pos - start;
	pkt->end = pkt->len;
	return PN_R_NONE;
}

/* Ethernet, VLAN and IP. */
static __always_inline enum pn_reason parse_outer(ctx_t *ctx, struct cursor *cur,
						  struct packet *pkt)
{
	enum pn_reason reason;
	struct pn_port *port;
	__u16 proto;

	reason = parse_ether(ctx, cur, pkt, &port, &proto);
	return reason ? reason : parse_net(cur, pkt, port, proto);
}

#endif
