/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * GRE (RFC 2784, RFC 2890) with Ethernet inside, over IPv4 (net/ipv4/gre_demux.c,
 * ip_gre.c) and IPv6 (net/ipv6/ip6_gre.c), NVGRE (a key), and ERSPAN type I.
 * Routing, sequence numbers and unknown bits are the kernel's: it drops some
 * and keeps state for others.
 */
#ifndef PN_BPF_GRE_H
#define PN_BPF_GRE_H

#include "lib/tunnel.h"

#define GRE_LEAST_IPV4	12	/* bytes of IP payload that gre_rcv() wants to see */

/* Over IPv6 a packet without a key is one with key 0. */
static __always_inline __u32 gre_demux_type(const struct packet *pkt, __u16 flags, __u16 proto)
{
	if (proto == PN_PROTO_TEB)
		return flags & PN_GRE_KEY || pkt->family == 6 ? PN_DEMUX_GRETAP_KEY :
								PN_DEMUX_GRETAP;
	if ((proto == PN_PROTO_ERSPAN || proto == PN_PROTO_ERSPAN2) && !flags &&
	    pkt->family == 4)
		return PN_DEMUX_ERSPAN1;
	return 0;
}

/* The cursor stands at the GRE header. */
static __always_inline enum pn_reason gre_parse(struct cursor *cur, struct packet *pkt)
{
	struct pn_grehdr *gre = cursor_take(cur, sizeof(*gre));
	__u32 header = sizeof(*gre), key = 0;
	__be32 *option;
	__u32 type;
	__u16 flags;

	if (!gre || pkt->end < pkt->l4 + (pkt->family == 4 ? GRE_LEAST_IPV4 : header))
		return PN_R_SHORT;
	flags = bpf_ntohs(gre->flags);
	if (flags & ~(PN_GRE_CSUM | PN_GRE_KEY))
		return PN_R_TUNNEL_FLAGS;
	type = gre_demux_type(pkt, flags, bpf_ntohs(gre->proto));
	if (!type)
		return PN_R_NOT_TUNNEL;
	if (flags & PN_GRE_CSUM) {
		option = cursor_take(cur, sizeof(*option));
		if (!option)
			return PN_R_SHORT;
		header += sizeof(*option);
		pkt->csum = OUTER_CSUM_GRE;
	}
	if (flags & PN_GRE_KEY) {
		option = cursor_take(cur, sizeof(*option));
		if (!option)
			return PN_R_SHORT;
		header += sizeof(*option);
		key = bpf_ntohl(*option);
	}
	if (pkt->end < pkt->l4 + header)
		return PN_R_SHORT;
	pkt->tunnel = tunnel_find(pkt, type, key);
	if (!pkt->tunnel)
		return PN_R_TUNNEL_UNKNOWN;
	pkt->inner = pkt->l4 + header;
	return PN_R_NONE;
}

#endif
