/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The inner IP header, where the packet is routed: every check that the kernel
 * makes on the tunnel device before it forwards (ip_rcv_core(),
 * ip_route_input_slow(), ip6_rcv_core(), ip6_forward()), and what the FIB is to
 * be asked for. Whose addresses these are is for the caller.
 */
#ifndef PN_BPF_INNER_IP_H
#define PN_BPF_INNER_IP_H

#include "lib/csum_inner.h"
#include "lib/ecn.h"

#define AF_INET		2
#define AF_INET6	10

/* Zero net, loopback, multicast, limited broadcast. */
static __always_inline bool ipv4_unroutable(__be32 addr)
{
	__u32 word = bpf_ntohl(addr);
	__u8 first = word >> 24;

	return !first || first == 127 || first >> 4 == 14 || word == 0xffffffff;
}

/* Multicast, link-local, unspecified, loopback, v4-mapped. */
static __always_inline bool ipv6_unroutable(const __be32 *addr)
{
	if ((addr[0] & bpf_htonl(0xff000000)) == bpf_htonl(0xff000000) ||
	    (addr[0] & bpf_htonl(0xffc00000)) == bpf_htonl(0xfe800000))
		return true;
	if (addr[0] | addr[1])
		return false;
	return addr[2] == bpf_htonl(0xffff) ||
	       (!addr[2] && (!addr[3] || addr[3] == bpf_htonl(1)));
}

/* What the flow dissector takes ports from; of AH it is the SPI behind 4 bytes. */
static __always_inline bool proto_has_ports(__u8 proto)
{
	return proto == PN_IPPROTO_TCP || proto == PN_IPPROTO_UDP || proto == PN_IPPROTO_SCTP ||
	       proto == PN_IPPROTO_DCCP || proto == PN_IPPROTO_UDPLITE ||
	       proto == PN_IPPROTO_ESP || proto == PN_IPPROTO_AH;
}

/*
 * ICMP errors are hashed by the packet that they answer where a route has
 * several next hops, and a router may answer neighbour discovery for others.
 */
static __always_inline bool icmp_is_odd(__u8 proto, __u8 type)
{
	if (proto == PN_IPPROTO_ICMP)
		return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
	return proto == PN_IPPROTO_ICMPV6 && (type < 128 || (type >= 133 && type <= 137));
}

/* The first bytes of what IP carries, @left of them, where the cursor stands. */
static __always_inline void inner_l4_read(struct cursor *cur, struct inner_net *ip, __u32 left)
{
	__u8 proto = ip->fib.l4_protocol;
	__be16 *words;

	if (left < (proto == PN_IPPROTO_AH ? 8 : 4))
		return;
	if (!proto_has_ports(proto) && proto != PN_IPPROTO_ICMP && proto != PN_IPPROTO_ICMPV6)
		return;
	if (proto == PN_IPPROTO_AH)
		cursor_take(cur, 4);
	words = cursor_take(cur, 4);
	if (!words) {
		ip->odd = true;
	} else if (proto_has_ports(proto)) {
		ip->fib.sport = words[0];
		ip->fib.dport = words[1];
	} else {
		ip->odd = icmp_is_odd(proto, *(__u8 *)words);
	}
}

static __always_inline enum pn_reason inner_ipv4_read(struct cursor *cur,
						      const struct packet *pkt,
						      struct inner_net *ip)
{
	struct pn_ipv4hdr *hdr = cursor_take(cur, sizeof(*hdr));
	__u32 tot_len;

	if (!hdr)
		return PN_R_NONLINEAR;
	tot_len = bpf_ntohs(hdr->tot_len);
	ip->end = inner_ip(pkt) + tot_len;
	if (hdr->ver_ihl != 0x45 || tot_len < sizeof(*hdr) || ip->end > pkt->end ||
	    !csum_holds(csum_words(hdr, sizeof(*hdr) / 4)))
		return PN_R_INNER_IP;
	if (ipv4_unroutable(hdr->src) || ipv4_unroutable(hdr->dst))
		return PN_R_INNER_ADDR;
	ip->ttl = hdr->ttl;
	ip->fib.family = AF_INET;
	ip->fib.l4_protocol = hdr->protocol;
	ip->fib.tot_len = tot_len;
	ip->fib.tos = pkt->inner_tos;
	ip->fib.ipv4_src = hdr->src;
	ip->fib.ipv4_dst = hdr->dst;
	if (!(hdr->frag & bpf_htons(PN_IPV4_MF_OFFSET)))
		inner_l4_read(cur, ip, tot_len - sizeof(*hdr));
	else if (hdr->protocol == PN_IPPROTO_ICMP)
		ip->odd = true;
	return PN_R_NONE;
}

/* Routing rules see through these to the protocol behind; not so a FIB look-up. */
static __always_inline bool is_ipv6_skipped(__u8 nexthdr)
{
	return nexthdr == PN_IPPROTO_ROUTING || nexthdr == PN_IPPROTO_FRAGMENT ||
	       nexthdr == PN_IPPROTO_DSTOPTS || nexthdr == PN_IPPROTO_AH;
}

static __always_inline enum pn_reason inner_ipv6_read(struct cursor *cur,
						      const struct packet *pkt,
						      struct inner_net *ip)
{
	struct pn_ipv6hdr *hdr = cursor_take(cur, sizeof(*hdr));
	__u32 payload;

	if (!hdr)
		return PN_R_NONLINEAR;
	payload = bpf_ntohs(hdr->payload_len);
	ip->end = inner_ip(pkt) + sizeof(*hdr) + payload;
	/* hop-by-hop options are for every router to read */
	if ((hdr->ver_tc_flow & bpf_htonl(0xf0000000)) != bpf_htonl(0x60000000) ||
	    !hdr->nexthdr || ip->end > pkt->end)
		return PN_R_INNER_IP;
	if (ipv6_unroutable(hdr->src) || ipv6_unroutable(hdr->dst))
		return PN_R_INNER_ADDR;
	ip->ttl = hdr->hop_limit;
	ip->odd = is_ipv6_skipped(hdr->nexthdr);
	ip->fib.family = AF_INET6;
	ip->fib.l4_protocol = hdr->nexthdr;
	ip->fib.tot_len = sizeof(*hdr) + payload;
	ip->fib.flowinfo = hdr->ver_tc_flow & bpf_htonl(0x0fffffff);
	__builtin_memcpy(ip->fib.ipv6_src, hdr->src, sizeof(hdr->src));
	__builtin_memcpy(ip->fib.ipv6_dst, hdr->dst, sizeof(hdr->dst));
	if (!ip->odd)
		inner_l4_read(cur, ip, payload);
	return PN_R_NONE;
}

/* pkt->proto says which of them it has to be; @ip is all zero. */
static __always_inline enum pn_reason inner_ip_read(ctx_t *ctx, const struct packet *pkt,
						    struct inner_net *ip)
{
	struct cursor cur = ctx_cursor(ctx);

	cursor_seek(&cur, inner_ip(pkt));
	if (pkt->proto == PN_ETHERTYPE_IPV4)
		return inner_ipv4_read(&cur, pkt, ip);
	return inner_ipv6_read(&cur, pkt, ip);
}

/* TTL and its checksum as ip_decrease_ttl() writes them, to the bit. */
static __always_inline void ipv4_decrease_ttl(struct pn_ipv4hdr *ip)
{
	__u32 sum = (__u32)ip->csum + bpf_htons(0x0100);

	ip->csum = sum + (sum >= 0xffff);
	ip->ttl--;
}

#endif
