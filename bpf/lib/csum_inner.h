/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The proof that does not depend on the frame's size: local checksum offload
 * (Documentation/networking/checksum-offloads.rst) read backwards.
 *
 * If the inner TCP, UDP or ICMP checksum is right, the inner segment together
 * with its pseudo-header sums to all ones, so the segment alone sums to the
 * complement of the pseudo-header. The outer checksum must then equal what
 * follows from the headers in front of the segment. When it does, every header
 * byte is proven, and a corrupt segment is still refused by its receiver,
 * whose own checksum covers every byte that was not summed here.
 */
#ifndef PN_BPF_CSUM_INNER_H
#define PN_BPF_CSUM_INNER_H

#include "lib/csum.h"

enum csum_proof { CSUM_PROVEN, CSUM_WRONG, CSUM_NO_L4 };

struct inner_l4 {
	__u64 headers;		/* sum of the inner IP header */
	__u64 pseudo;		/* sum of its pseudo-header */
	__u32 off;		/* of the segment, in the frame */
	__u32 len;		/* of the segment, bytes */
	__u8 proto;
};

static __always_inline bool l4_has_csum(struct cursor *cur, const struct inner_l4 *l4)
{
	struct pn_udphdr *udp;

	if (l4->proto == PN_IPPROTO_TCP)
		return l4->len >= 20;
	if (l4->proto == PN_IPPROTO_ICMP || l4->proto == PN_IPPROTO_ICMPV6)
		return l4->len >= 8;
	if (l4->proto != PN_IPPROTO_UDP)
		return false;
	udp = cursor_take(cur, sizeof(*udp));
	return udp && udp->csum && bpf_ntohs(udp->len) == l4->len;
}

static __always_inline bool l4_find_ipv4(struct cursor *cur, struct inner_l4 *l4)
{
	struct pn_ipv4hdr *ip = cursor_take(cur, sizeof(*ip));
	__u32 tot_len;

	if (!ip || ip->ver_ihl != 0x45 || (ip->frag & bpf_htons(PN_IPV4_MF_OFFSET)))
		return false;
	tot_len = bpf_ntohs(ip->tot_len);
	if (tot_len < sizeof(*ip))
		return false;
	l4->headers = csum_words(ip, sizeof(*ip) / 4);
	l4->off += sizeof(*ip);
	l4->len = tot_len - sizeof(*ip);
	l4->proto = ip->protocol;
	if (l4->proto == PN_IPPROTO_ICMPV6)
		return false;
	/* ICMP over IPv4 has no pseudo-header: its segment sums to all ones */
	l4->pseudo = 0;
	if (l4->proto != PN_IPPROTO_ICMP)
		l4->pseudo = (__u64)ip->src + ip->dst + bpf_htons(l4->proto) +
			     bpf_htons(l4->len);
	return l4_has_csum(cur, l4);
}

static __always_inline bool l4_find_ipv6(struct cursor *cur, struct inner_l4 *l4)
{
	struct pn_ipv6hdr *ip = cursor_take(cur, sizeof(*ip));

	if (!ip || (ip->ver_tc_flow & bpf_htonl(0xf0000000)) != bpf_htonl(0x60000000))
		return false;
	l4->headers = csum_words(ip, sizeof(*ip) / 4);
	l4->off += sizeof(*ip);
	l4->len = bpf_ntohs(ip->payload_len);
	l4->proto = ip->nexthdr;
	if (l4->proto == PN_IPPROTO_ICMP)
		return false;
	l4->pseudo = csum_words(ip->src, 8) + bpf_htons(l4->proto) + bpf_htons(l4->len);
	return l4_has_csum(cur, l4);
}

/* Sum of the bytes behind the inner IP packet (Ethernet padding); -1: too many. */
static __always_inline __s64 padding_sum(ctx_t *ctx, const struct packet *pkt, __u32 off)
{
	__s64 sum;

	if (off == pkt->end)
		return 0;
	if (off > pkt->end || pkt->end - off > CSUM_BLOCK)
		return -1;
	sum = csum_bytes(ctx, off, pkt->end - off);
	if (sum < 0)
		return -1;
	sum = csum_fold(sum);
	/* an odd offset swaps the bytes of every 16-bit word */
	return (off - pkt->l4) & 1 ? bpf_htons(bpf_ntohs(sum) << 8 | bpf_ntohs(sum) >> 8) : sum;
}

/* Where the inner IP header is, if there is one. */
static __always_inline __u32 inner_ip(const struct packet *pkt)
{
	return pkt->inner + (pkt->bare ? 0 : sizeof(struct pn_ethhdr));
}

/* Sum of everything in front of the inner IP header; UDP and VXLAN are worth a short cut. */
static __always_inline __s64 headers_sum(ctx_t *ctx, const struct packet *pkt)
{
	struct cursor cur = ctx_cursor(ctx);
	__u32 len = inner_ip(pkt) - pkt->l4;
	void *headers;

	if (len != 30)
		return csum_bytes(ctx, pkt->l4, len);
	cursor_seek(&cur, pkt->l4);
	headers = cursor_take(&cur, 30);
	if (!headers)
		return -1;
	return csum_words(headers, 7) + *(__u16 *)(headers + 28);
}

static __always_inline enum csum_proof csum_inner_prove(ctx_t *ctx, const struct packet *pkt)
{
	struct cursor cur = ctx_cursor(ctx);
	struct inner_l4 l4 = { .off = inner_ip(pkt) };
	__u64 sum = csum_outer_pseudo(pkt);
	__s64 padding;
	__s64 headers;
	bool found;

	headers = headers_sum(ctx, pkt);
	if (headers < 0)
		return CSUM_WRONG;
	sum += (__u64)headers;
	cursor_seek(&cur, l4.off);
	if (pkt->proto == PN_ETHERTYPE_IPV4)
		found = l4_find_ipv4(&cur, &l4);
	else if (pkt->proto == PN_ETHERTYPE_IPV6)
		found = l4_find_ipv6(&cur, &l4);
	else
		found = false;
	if (!found)
		return CSUM_NO_L4;
	padding = padding_sum(ctx, pkt, l4.off + l4.len);
	if (padding < 0)
		return CSUM_NO_L4;
	sum += l4.headers + (__u64)padding;
	sum += (__u16)~csum_fold(l4.pseudo);
	return csum_holds(sum) ? CSUM_PROVEN : CSUM_WRONG;
}

#endif
