/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where the kernel would route an inner packet that has come out of a tunnel
 * device (ip_route_input_slow(), ip_forward(), ip6_forward()): its own FIB and
 * neighbours are asked, the egress port is the mirror's. What the kernel would
 * answer, drop, deliver or resolve is left to it.
 */
#ifndef PN_BPF_ROUTE_H
#define PN_BPF_ROUTE_H

#include "lib/inner_ip.h"
#include "lib/terminate.h"

static __always_inline bool address_is_local4(__be32 addr)
{
	return demux_lookup(PN_DEMUX_KEY_WORD(PN_DEMUX_LOCAL4, addr)).index;
}

/* What the FIB says, where it does not say how to forward. */
static __always_inline enum pn_reason fib_reason(long ret, __u8 family)
{
	switch (ret) {
	case BPF_FIB_LKUP_RET_SUCCESS:
		return PN_R_NONE;
	case BPF_FIB_LKUP_RET_BLACKHOLE:
	case BPF_FIB_LKUP_RET_UNREACHABLE:
	case BPF_FIB_LKUP_RET_PROHIBIT:
		return PN_R_ROUTE_NONE;
	case BPF_FIB_LKUP_RET_NOT_FWDED:
		/* IPv4 addresses of ours have been looked for before */
		return family == AF_INET6 ? PN_R_ROUTE_LOCAL : PN_R_ROUTE_NONE;
	case BPF_FIB_LKUP_RET_FWD_DISABLED:
		return PN_R_ROUTE_OFF;
	case BPF_FIB_LKUP_RET_NO_NEIGH:
		return PN_R_ROUTE_NEIGH;
	case BPF_FIB_LKUP_RET_FRAG_NEEDED:
		return PN_R_ROUTE_MTU;
	default:
		return PN_R_ROUTE_ODD;
	}
}

/* An entry without an address is one that is being resolved. */
static __always_inline bool mac_is_zero(const __u8 *mac)
{
	return !(*(const __u32 *)mac | *(const __u16 *)(mac + 4));
}

/*
 * The reverse path, as __fib_validate_source() asks for it: from the egress
 * device on, the destination being the source. Not static: verified once.
 */
__attribute__((noinline)) int inner_rpf(ctx_t *ctx, struct bpf_fib_lookup *fib, __u32 tunnel)
{
	struct pn_tunnel *record = tunnel_get(tunnel);
	long ret;

	if (!fib || !record)
		return PN_R_INNER_RPF;
	ret = bpf_fib_lookup(ctx, fib, sizeof(*fib), 0);
	if (ret != BPF_FIB_LKUP_RET_SUCCESS && ret != BPF_FIB_LKUP_RET_NO_NEIGH)
		return PN_R_INNER_RPF;
	return record->rpf == PN_RPF_LOOSE || fib->ifindex == record->ifindex ? PN_R_NONE :
										PN_R_INNER_RPF;
}

/* @fib has been answered; @asked is what its destination and length were. */
static __always_inline enum pn_reason rpf_check(ctx_t *ctx, const struct packet *pkt,
						struct bpf_fib_lookup *fib, __be32 asked)
{
	__be16 port = fib->sport;

	fib->family = AF_INET;	/* the next hop may have been of the other */
	fib->ipv4_dst = fib->ipv4_src;
	fib->ipv4_src = asked;
	fib->sport = fib->dport;
	fib->dport = port;
	fib->tot_len = sizeof(struct pn_ipv4hdr);
	fib->tos = pkt->inner_tos;
	return inner_rpf(ctx, fib, pkt->tunnel);
}

static __always_inline enum pn_reason route_egress(struct packet *pkt, __u32 ifindex,
						   __u32 frame_len)
{
	__u16 index = demux_lookup(PN_DEMUX_KEY_WORD(PN_DEMUX_IFINDEX, ifindex)).index;
	struct pn_port *egress = port_lookup(index);

	if (!index || !egress)
		return PN_R_EGRESS_HOOK;
	if (!(egress->flags & PN_PORT_UP))
		return PN_R_EGRESS_STATE;
	if (egress->gate[PN_PLACE_EGRESS])
		return PN_R_GATE_EGRESS;
	if (frame_len > egress->max_len)
		return PN_R_EGRESS_MTU;
	if (!(egress->flags & CTX_TARGET))
		return PN_R_EGRESS_HOOK;
	pkt->egress = index;
	return PN_R_NONE;
}

/* The FIB, the reverse path, the hop, the egress port: in the kernel's order. */
static __always_inline enum pn_reason route_find(ctx_t *ctx, struct packet *pkt,
						 struct inner_net *net,
						 const struct pn_tunnel *tunnel)
{
	__u32 frame_len = net->end - inner_ip(pkt) + sizeof(struct pn_ethhdr);
	struct bpf_fib_lookup *fib = &net->fib;
	enum pn_reason reason;
	__be32 asked = fib->ipv4_dst;
	__u32 ifindex;
	long ret;

	fib->ifindex = tunnel->ifindex;
	ret = bpf_fib_lookup(ctx, fib, sizeof(*fib), 0);
	ifindex = fib->ifindex;
	if (ret == BPF_FIB_LKUP_RET_NO_NEIGH && ifindex == tunnel->ifindex)
		return PN_R_ROUTE_ODD;
	reason = fib_reason(ret, fib->family);
	if (reason)
		return reason;
	__builtin_memcpy(pkt->eth.dst, fib->dmac, PN_ETH_ALEN);
	__builtin_memcpy(pkt->eth.src, fib->smac, PN_ETH_ALEN);
	pkt->eth.type = bpf_htons(pkt->proto);
	if (tunnel->rpf && pkt->proto == PN_ETHERTYPE_IPV4)
		reason = rpf_check(ctx, pkt, fib, asked);
	if (reason)
		return reason;
	if (net->ttl <= 1)
		return PN_R_INNER_TTL;
	if (ifindex == tunnel->ifindex)
		return PN_R_ROUTE_ODD;
	if (mac_is_zero(pkt->eth.dst))
		return PN_R_ROUTE_NEIGH;
	return route_egress(pkt, ifindex, frame_len);
}

static __always_inline enum pn_reason address_check4(const struct inner_net *net)
{
	if (address_is_local4(net->fib.ipv4_src))
		return PN_R_INNER_ADDR;
	return address_is_local4(net->fib.ipv4_dst) ? PN_R_ROUTE_LOCAL : PN_R_NONE;
}

/*
 * An IP packet at inner_ip(), with the EtherType pkt->proto, that the tunnel
 * device has received for this host to route.
 */
static __always_inline enum pn_reason route(ctx_t *ctx, struct packet *pkt)
{
	struct inner_net *net = &pkt->net;
	struct pn_tunnel *tunnel;
	enum pn_reason reason;

	tunnel = tunnel_get(pkt->tunnel);
	if (!tunnel)
		return PN_R_TUNNEL_UNKNOWN;
	if (tunnel->gate[pkt->proto == PN_ETHERTYPE_IPV6])
		return PN_R_GATE_ROUTE;
	__builtin_memset(net, 0, sizeof(*net));
	reason = inner_ip_read(ctx, pkt, net);
	packet_settle();
	if (!reason && pkt->proto == PN_ETHERTYPE_IPV4)
		reason = address_check4(net);
	if (reason)
		return reason;
	if (net->odd || ctx_mark(ctx))
		return PN_R_ROUTE_ODD;
	reason = route_find(ctx, pkt, net, tunnel);
	if (reason)
		return reason;
	pkt->exit = EXIT_ROUTE;
	pkt->keep = net->end;
	return ctx_may_route(ctx);
}

/*
 * Has this neighbour had its packet of the beat? A bucket holds the stamps of
 * a few; a newcomer takes the place of one whose beat is over, or any.
 */
static __always_inline bool neigh_stamped(struct pn_neigh_bucket *bucket, __u32 stamp)
{
	__u32 victim = stamp >> 8 & (PN_NEIGH_WAYS - 1), seen;
	int i;

#pragma unroll
	for (i = 0; i < PN_NEIGH_WAYS; i++) {
		seen = *(volatile __u32 *)&bucket->stamp[i];
		if (seen == stamp)
			return true;
		if ((seen ^ stamp) & 0xff)
			victim = i;
	}
#pragma unroll
	for (i = 0; i < PN_NEIGH_WAYS; i++)
		if (!((*(volatile __u32 *)&bucket->stamp[i] ^ stamp) >> 8))
			victim = i;
	*(volatile __u32 *)&bucket->stamp[victim & (PN_NEIGH_WAYS - 1)] = stamp;
	return false;
}

/*
 * The kernel believes in a neighbour while it sees traffic to it: one packet
 * per beat goes there, and the entry is probed as if all went.
 */
static __always_inline enum pn_reason neigh_refresh(const struct packet *pkt)
{
	struct pn_neigh_bucket *bucket;
	struct pn_control *control;
	__u32 zero = 0, index, tag;
	__u64 hash;

	if (pn_conf.explain)
		return PN_R_NONE;
	control = bpf_map_lookup_elem(&pn_control, &zero);
	hash = pn_hash64(load_be64(pkt->eth.dst) >> 16 << 16 | pkt->egress, pn_conf.seed);
	index = PN_HASH_FIRST(hash) & (PN_NEIGH_BUCKETS - 1);
	bucket = bpf_map_lookup_elem(&pn_neigh_stamps, &index);
	if (!control || !bucket)
		return PN_R_NONE;
	/* a tag of 24 bits, never zero, and the beat */
	tag = ((__u32)hash | 0x100) & ~0xffu;
	return neigh_stamped(bucket, tag | (__u8)control->beat) ? PN_R_NONE : PN_R_REFRESH;
}

/*
 * All checks are done: the packet ends where its IP header says, and a new
 * Ethernet header stands in front of it. ECN before TTL, as in the kernel.
 */
static __always_inline void route_write(ctx_t *ctx, const struct packet *pkt)
{
	struct cursor cur = ctx_cursor(ctx);
	struct pn_ethhdr *eth = cursor_take(&cur, sizeof(*eth));
	struct pn_ipv4hdr *ip4;
	struct pn_ipv6hdr *ip6;

	if (!eth)
		return;
	*eth = pkt->eth;
	if (pkt->proto == PN_ETHERTYPE_IPV4) {
		ip4 = cursor_take(&cur, sizeof(*ip4));
		if (!ip4)
			return;
		if (pkt->ecn_rewrite)
			ipv4_set_tos(ip4, pkt->inner_tos);
		ipv4_decrease_ttl(ip4);
	} else {
		ip6 = cursor_take(&cur, sizeof(*ip6));
		if (!ip6)
			return;
		if (pkt->ecn_rewrite)
			ipv6_set_tclass(ip6, pkt->inner_tos);
		ip6->hop_limit--;
	}
}

static __always_inline enum pn_reason route_rewrite(ctx_t *ctx, const struct packet *pkt)
{
	if (pkt->end > pkt->keep && ctx_rehearse(ctx, pkt->proto))
		return PN_R_HELPER;
	if (pkt->len > pkt->keep && ctx_trim(ctx, pkt->len, pkt->keep))
		return PN_R_HELPER;
	if (ctx_strip_ip(ctx, inner_ip(pkt), pkt->proto))
		return PN_R_HELPER;
	route_write(ctx, pkt);
	if (pkt->proto == PN_ETHERTYPE_IPV4)
		ctx_set_priority(ctx, pkt->inner_tos);
	return PN_R_ROUTED;
}

#endif
