/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * GRE (RFC 2784, RFC 2890) over IPv4 (net/ipv4/gre_demux.c, ip_gre.c) and IPv6
 * (net/ipv6/ip6_gre.c): Ethernet or IP inside, NVGRE (Ethernet and a key), and
 * ERSPAN type I. Routing, sequence numbers and unknown bits are the kernel's:
 * it drops some and keeps state for others.
 */
#ifndef PN_BPF_GRE_H
#define PN_BPF_GRE_H

#include "lib/tunnel.h"

#define GRE_LEAST_IPV4	12	/* bytes of IP payload that gre_rcv() wants to see */

struct gre_packet {
	__u16 flags, proto;	/* host order */
	__u32 len;		/* of the header, bytes */
	__u32 key;
};

static __always_inline bool gre_is_erspan(__u16 proto)
{
	return proto == PN_PROTO_ERSPAN || proto == PN_PROTO_ERSPAN2;
}

/* Header and options, checksum before key; flags that are not ours are refused. */
static __always_inline enum pn_reason gre_header(struct cursor *cur, const struct packet *pkt,
						 struct gre_packet *gre)
{
	struct pn_grehdr *hdr = cursor_take(cur, sizeof(*hdr));
	__be32 *key;

	if (!hdr)
		return PN_R_SHORT;
	gre->flags = bpf_ntohs(hdr->flags);
	gre->proto = bpf_ntohs(hdr->proto);
	gre->len = sizeof(*hdr);
	gre->key = 0;
	if (gre->flags & ~(PN_GRE_CSUM | PN_GRE_KEY | PN_GRE_SEQ))
		return PN_R_TUNNEL_FLAGS;
	/* ERSPAN is type I only without any option, and over IPv4 */
	if ((gre->flags & PN_GRE_SEQ) ||
	    (gre_is_erspan(gre->proto) && (gre->flags || pkt->family == 6)))
		return PN_R_TUNNEL_STATE;
	if (gre->flags & PN_GRE_CSUM) {
		if (!cursor_take(cur, 4))
			return PN_R_SHORT;
		gre->len += 4;
	}
	if (gre->flags & PN_GRE_KEY) {
		key = cursor_take(cur, sizeof(*key));
		if (!key)
			return PN_R_SHORT;
		gre->key = bpf_ntohl(*key);
		gre->len += sizeof(*key);
	}
	return PN_R_NONE;
}

/* Over IPv6 a packet without a key is one with key 0. */
static __always_inline __u32 gre_demux_type(const struct packet *pkt,
					    const struct gre_packet *gre)
{
	bool keyed = gre->flags & PN_GRE_KEY || pkt->family == 6;

	if (gre_is_erspan(gre->proto))
		return PN_DEMUX_ERSPAN1;
	if (gre->proto == PN_PROTO_TEB)
		return keyed ? PN_DEMUX_GRETAP_KEY : PN_DEMUX_GRETAP;
	return keyed ? PN_DEMUX_GRE_KEY : PN_DEMUX_GRE;
}

/* @off: of the GRE header, where the cursor stands; behind FOU and GUE it is not pkt->l4. */
static __always_inline enum pn_reason gre_parse(struct cursor *cur, struct packet *pkt, __u32 off)
{
	struct gre_packet gre;
	enum pn_reason reason;

	reason = gre_header(cur, pkt, &gre);
	if (reason)
		return reason;
	if (pkt->end < off + (pkt->family == 4 ? GRE_LEAST_IPV4 : gre.len) ||
	    pkt->end < off + gre.len)
		return PN_R_SHORT;
	/* the kernel takes it for no key: rare enough to be left there */
	if (pkt->family == 6 && (gre.flags & PN_GRE_KEY) && !gre.key)
		return PN_R_TUNNEL_FLAGS;
	pkt->type = gre_demux_type(pkt, &gre);
	pkt->key = gre.key;
	pkt->inner = off + gre.len;
	pkt->bare = pkt->type == PN_DEMUX_GRE || pkt->type == PN_DEMUX_GRE_KEY;
	pkt->proto = gre.proto;
	if (gre.flags & PN_GRE_CSUM)
		pkt->csum = OUTER_CSUM_GRE;
	packet_settle();
	pkt->tunnel = tunnel_find(pkt, pkt->type, pkt->key);
	if (!pkt->tunnel)
		return PN_R_TUNNEL_UNKNOWN;
	/* one checksum can be proven, not a second one in it */
	if (pkt->csum == OUTER_CSUM_GRE && off != pkt->l4)
		return PN_R_TUNNEL_CSUM;
	return !pkt->bare || pkt->proto == PN_ETHERTYPE_IPV4 ||
			       pkt->proto == PN_ETHERTYPE_IPV6 ?
		       PN_R_NONE : PN_R_INNER_TYPE;
}

#endif
