/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What br_netfilter does to IP packets on a bridge before any rule is asked
 * (net/bridge/br_netfilter_hooks.c, br_netfilter_ipv6.c): it drops malformed
 * ones, trims what stands behind them, and fragments what exceeds the MTU. A
 * packet that it leaves as it is may be bridged here.
 */
#ifndef PN_BPF_BRNF_H
#define PN_BPF_BRNF_H

#include "lib/csum.h"

static __always_inline bool brnf_keeps_ipv4(struct cursor *cur, __u32 l3_len)
{
	struct pn_ipv4hdr *ip = cursor_take(cur, sizeof(*ip));

	return ip && ip->ver_ihl == 0x45 && bpf_ntohs(ip->tot_len) == l3_len &&
	       csum_holds(csum_words(ip, sizeof(*ip) / 4));
}

static __always_inline bool brnf_keeps_ipv6(struct cursor *cur, __u32 l3_len)
{
	struct pn_ipv6hdr *ip = cursor_take(cur, sizeof(*ip));

	return ip && (ip->ver_tc_flow & bpf_htonl(0xf0000000)) == bpf_htonl(0x60000000) &&
	       sizeof(*ip) + bpf_ntohs(ip->payload_len) == l3_len && ip->nexthdr;
}

/* Tagged frames do not go there (bridge-nf-filter-vlan-tagged is off by default). */
__attribute__((noinline)) int brnf_keeps(ctx_t *ctx, struct packet *pkt, __u32 frame_len,
					 __u32 max_len)
{
	struct cursor cur = ctx_cursor(ctx);
	__u32 l3_len = frame_len - sizeof(struct pn_ethhdr);

	if (!pkt || (pkt->proto != PN_ETHERTYPE_IPV4 && pkt->proto != PN_ETHERTYPE_IPV6))
		return true;
	/* the longest frame counts a tag that an untagged one does not have */
	if (frame_len + sizeof(struct pn_vlanhdr) > max_len && !ctx_is_gso(ctx))
		return false;
	cursor_seek(&cur, pkt->inner + sizeof(struct pn_ethhdr));
	if (pkt->proto == PN_ETHERTYPE_IPV4)
		return brnf_keeps_ipv4(&cur, l3_len);
	return brnf_keeps_ipv6(&cur, l3_len);
}

#endif
