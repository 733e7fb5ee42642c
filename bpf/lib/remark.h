/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What shapers write: CE, and another DSCP. A packet that leaves without its
 * tunnel gets both inside, which the outer checksum has been proven for already.
 * One that goes to the kernel in its tunnel gets CE outside, which the kernel
 * carries in (RFC 6040) and no outer checksum covers; a DSCP is changed inside,
 * which an IPv4 header's own checksum makes up for, and IPv6 has none. Where
 * packets may go on to another CPU, which decides anew, they get both.
 */
#ifndef PN_BPF_REMARK_H
#define PN_BPF_REMARK_H

#include "lib/flow.h"

#define DSCP_MASK	0xfc

/* The DS field of the IP header at @off. */
static __always_inline __u8 tos_read(ctx_t *ctx, __u32 off, __u8 family)
{
	struct cursor cur = ctx_cursor(ctx);
	struct pn_ipv4hdr *ip;

	cursor_seek(&cur, off);
	ip = cursor_take(&cur, sizeof(*ip));
	if (!ip || !family)
		return 0;
	return family == 4 ? ip->tos : ipv6_tclass((struct pn_ipv6hdr *)ip);
}

static __always_inline void tos_write(ctx_t *ctx, __u32 off, __u8 family, __u8 tos)
{
	struct cursor cur = ctx_cursor(ctx);
	struct pn_ipv4hdr *at, ip;
	struct pn_ipv6hdr ip6;

	cursor_seek(&cur, off);
	at = cursor_take(&cur, sizeof(*at));
	if (!at)
		return;
	if (family == 4) {
		ip = *at;
		ipv4_set_tos(&ip, tos);
		ctx_write(ctx, off, &ip, offsetof(struct pn_ipv4hdr, src));
	} else if (family == 6) {
		ip6.ver_tc_flow = ((struct pn_ipv6hdr *)at)->ver_tc_flow;
		ipv6_set_tclass(&ip6, tos);
		ctx_write(ctx, off, &ip6.ver_tc_flow, sizeof(ip6.ver_tc_flow));
	}
}

/* Does the decapsulated packet get its DS field from what is known of it? */
static __always_inline bool tos_is_kept(const struct packet *pkt)
{
	return pkt->forwards && pkt->inner &&
	       (pkt->proto == PN_ETHERTYPE_IPV4 || pkt->proto == PN_ETHERTYPE_IPV6);
}

/* Of the packet that a shaper is about. */
static __always_inline __u8 inner_tos(ctx_t *ctx, const struct packet *pkt)
{
	if (tos_is_kept(pkt))
		return pkt->inner_tos;
	return tos_read(ctx, pkt->at.inner, pkt->at.family);
}

/*
 * A change of @was to @now in what the outer checksum covers (RFC 1624); a UDP
 * checksum is never zero.
 */
static __always_inline void outer_csum_follow(ctx_t *ctx, const struct packet *pkt, __u16 was,
					      __u16 now)
{
	__u32 off = pkt->at.l4 + (pkt->at.csum == OUTER_CSUM_GRE ? 4 : 6);
	struct cursor cur = ctx_cursor(ctx);
	__u16 *at, csum;

	cursor_seek(&cur, off);
	at = cursor_take(&cur, sizeof(*at));
	if (!at)
		return;
	csum = ~csum_fold((__u64)(__u16)~*at + (__u16)~was + now);
	if (!csum && pkt->at.csum == OUTER_CSUM_UDP)
		csum = 0xffff;
	ctx_write(ctx, off, &csum, sizeof(csum));
}

static __always_inline void mark_ce(ctx_t *ctx, struct packet *pkt, __u8 tos)
{
	const struct flow_at *at = &pkt->at;

	if (pn_conf.explain)
		return;
	if (tos_is_kept(pkt)) {
		pkt->inner_tos |= PN_ECN_CE;
		pkt->ecn_rewrite = true;
		if (!pn_conf.spread)
			return;
	}
	if (at->tunnel && (pn_conf.spread || !pkt->forwards)) {
		tos_write(ctx, at->outer, at->outer_family,
			  tos_read(ctx, at->outer, at->outer_family) | PN_ECN_CE);
	} else {
		tos_write(ctx, at->inner, at->family, tos | PN_ECN_CE);
	}
}

static __always_inline void mark_dscp(ctx_t *ctx, struct packet *pkt, __u8 dscp)
{
	const struct flow_at *at = &pkt->at;
	__u8 was = inner_tos(ctx, pkt), tos = (was & ~DSCP_MASK) | dscp << 2;

	if (pn_conf.explain || !at->family || at->csum == OUTER_CSUM_BOTH || was == tos)
		return;
	if (tos_is_kept(pkt)) {
		pkt->inner_tos = tos;
		pkt->ecn_rewrite = true;
		if (!pn_conf.spread)
			return;
	}
	tos_write(ctx, at->inner, at->family, tos);
	if (at->tunnel && (pn_conf.spread || !pkt->forwards) && at->family == 6 &&
	    at->csum != OUTER_CSUM_NONE)
		outer_csum_follow(ctx, pkt, bpf_htons(was << 4), bpf_htons(tos << 4));
}

#endif
