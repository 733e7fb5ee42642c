/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a packet is to shapers (struct pn_flow): read from what the decision has
 * found, and only the parts that this port's shapers ask for. A packet that fell
 * out before its headers were known is looked at once more, gates and proofs
 * aside: a closed gate leaves the packet to the kernel, not its rate.
 */
#ifndef PN_BPF_FLOW_H
#define PN_BPF_FLOW_H

#include "lib/terminate.h"

/* The words of struct pn_flow; in registers as far as the compiler goes. */
struct flow {
	__u64 word[PN_FLOW_WORDS];
};

#define FLOW_VID_SHIFT		16	/* word 0 */
#define FLOW_KIND_SHIFT		32
#define FLOW_PROTO_SHIFT	40
#define FLOW_DSCP_SHIFT		48
#define FLOW_FAMILY_SHIFT	56
#define FLOW_MARK_SHIFT		32	/* word 1 */
#define FLOW_DPORT_SHIFT	16	/* word 2 */
#define FLOW_HAS_SHIFT		32
#define FLOW_HAS(bits)		((__u64)(bits) << FLOW_HAS_SHIFT)

/* Parts that are in the headers behind Ethernet. */
#define FLOW_NET_PARTS \
	(PN_PART_TUNNEL | PN_PART_OUTER | PN_PART_INNER | PN_PART_PORTS)

/* The tag in front, which at tc stands beside the bytes. */
static __always_inline void flow_vlan(ctx_t *ctx, struct flow *flow)
{
	struct cursor cur = ctx_cursor(ctx);
	struct pn_ethhdr *eth;
	struct pn_vlanhdr *vlan;
	__u16 tci;
	bool is_ad;

	if (!ctx_tag(ctx, &tci, &is_ad)) {
		eth = cursor_take(&cur, sizeof(*eth));
		vlan = cursor_take(&cur, sizeof(*vlan));
		if (!eth || !vlan || !is_vlan(bpf_ntohs(eth->type)))
			return;
		tci = bpf_ntohs(vlan->tci);
	}
	flow->word[0] |= (__u64)(tci & PN_VID_MASK) << FLOW_VID_SHIFT;
	flow->word[2] |= FLOW_HAS(PN_FLOW_HAS_VLAN);
}

static __always_inline bool flow_proto_has_ports(__u8 proto)
{
	return proto == PN_IPPROTO_TCP || proto == PN_IPPROTO_UDP || proto == PN_IPPROTO_SCTP ||
	       proto == PN_IPPROTO_DCCP || proto == PN_IPPROTO_UDPLITE;
}

/* Behind the IP header, where @cur stands. */
static __always_inline void flow_ports(struct cursor *cur, struct flow *flow, __u8 proto)
{
	__be16 *ports;

	if (!(pn_conf.parts & PN_PART_PORTS) || !flow_proto_has_ports(proto))
		return;
	ports = cursor_take(cur, 4);
	if (!ports)
		return;
	flow->word[2] |= bpf_ntohs(ports[0]) | (__u32)bpf_ntohs(ports[1]) << FLOW_DPORT_SHIFT |
			 FLOW_HAS(PN_FLOW_HAS_PORTS);
}

static __always_inline void flow_word0(struct flow *flow, __u8 family, __u8 proto, __u8 tos)
{
	flow->word[0] |= (__u64)family << FLOW_FAMILY_SHIFT | (__u64)proto << FLOW_PROTO_SHIFT |
			 (__u64)(tos >> 2) << FLOW_DSCP_SHIFT;
}

static __always_inline void flow_ipv4(struct cursor *cur, struct flow *flow, struct flow_at *at)
{
	struct pn_ipv4hdr *ip = cursor_take(cur, sizeof(*ip));
	__u32 options;

	if (!ip || ip->ver_ihl >> 4 != 4 || ip->ver_ihl < 0x45)
		return;
	at->family = 4;
	flow_word0(flow, 4, ip->protocol, ip->tos);
	flow->word[4] = bpf_htonl(0xffff) | (__u64)ip->src << 32;
	flow->word[6] = bpf_htonl(0xffff) | (__u64)ip->dst << 32;
	options = (ip->ver_ihl & 15) * 4 - sizeof(*ip);
	if (ip->frag & bpf_htons(PN_IPV4_MF_OFFSET))
		return;
	cur->pos += options & 0x3c;
	flow_ports(cur, flow, ip->protocol);
}

static __always_inline bool flow_ipv6_extended(__u8 nexthdr)
{
	return is_ipv6_extension(nexthdr) || nexthdr == PN_IPPROTO_FRAGMENT ||
	       nexthdr == PN_IPPROTO_AH;
}

static __always_inline void flow_ipv6(struct cursor *cur, struct flow *flow, struct flow_at *at)
{
	struct pn_ipv6hdr *ip = cursor_take(cur, sizeof(*ip));
	bool extended;

	if (!ip || (ip->ver_tc_flow & bpf_htonl(0xf0000000)) != bpf_htonl(0x60000000))
		return;
	at->family = 6;
	extended = flow_ipv6_extended(ip->nexthdr);
	flow_word0(flow, 6, extended ? 0 : ip->nexthdr, ipv6_tclass(ip));
	flow->word[3] = ip->src[0] | (__u64)ip->src[1] << 32;
	flow->word[4] = ip->src[2] | (__u64)ip->src[3] << 32;
	flow->word[5] = ip->dst[0] | (__u64)ip->dst[1] << 32;
	flow->word[6] = ip->dst[2] | (__u64)ip->dst[3] << 32;
	flow_ports(cur, flow, ip->nexthdr);
}

/* The IP packet at at->inner. */
static __always_inline void flow_ip(ctx_t *ctx, struct flow *flow, struct flow_at *at, __u16 type)
{
	struct cursor cur = ctx_cursor(ctx);

	cursor_seek(&cur, at->inner);
	if (type == PN_ETHERTYPE_IPV4)
		flow_ipv4(&cur, flow, at);
	else if (type == PN_ETHERTYPE_IPV6)
		flow_ipv6(&cur, flow, at);
}

/* The Ethernet header at @off: what it carries, and behind which tags; 0: it is not there. */
static __always_inline __u16 flow_ether(ctx_t *ctx, __u32 off, __u16 *net)
{
	struct cursor cur = ctx_cursor(ctx);
	struct pn_vlanhdr *vlan;
	struct pn_ethhdr *eth;
	__u16 type;
	int i;

	cursor_seek(&cur, off);
	eth = cursor_take(&cur, sizeof(*eth));
	if (!eth)
		return 0;
	off += sizeof(*eth);
	type = bpf_ntohs(eth->type);
#pragma unroll
	for (i = 0; i < PN_MAX_VLAN_TAGS && is_vlan(type); i++) {
		vlan = cursor_take(&cur, sizeof(*vlan));
		if (!vlan)
			return 0;
		off += sizeof(*vlan);
		type = bpf_ntohs(vlan->type);
	}
	*net = off;
	return type;
}

/* What a device that takes every VNI was told: VXLAN and GENEVE have it in the same place. */
static __always_inline __u32 flow_vni(ctx_t *ctx, const struct packet *seen)
{
	struct cursor cur = ctx_cursor(ctx);
	struct pn_vxlanhdr *header;

	cursor_seek(&cur, seen->l4 + sizeof(struct pn_udphdr));
	header = cursor_take(&cur, sizeof(*header));
	return header ? bpf_ntohl(header->vni) >> 8 : 0;
}

/* Kind and key of the tunnel that was found. */
static __always_inline void flow_tunnel(ctx_t *ctx, const struct packet *seen, struct flow *flow)
{
	struct pn_tunnel *tunnel = tunnel_get(seen->tunnel);
	__u32 id, has = PN_FLOW_HAS_TUNNEL;
	__u8 kind;

	if (!tunnel)
		return;
	kind = tunnel->kind;
	id = tunnel->id;
	if (kind == PN_TUNNEL_VXLAN || kind == PN_TUNNEL_GENEVE) {
		has |= PN_FLOW_HAS_KEY;
		if (tunnel->flags & PN_TUNNEL_F_EXTERNAL)
			id = flow_vni(ctx, seen);
	} else if (seen->type == PN_DEMUX_GRE_KEY || seen->type == PN_DEMUX_GRETAP_KEY) {
		has |= PN_FLOW_HAS_KEY;
		id = seen->key;
	}
	flow->word[0] |= (__u64)kind << FLOW_KIND_SHIFT;
	flow->word[1] |= id;
	flow->word[2] |= FLOW_HAS(has);
}

static __always_inline void flow_outer(const struct packet *seen, struct flow *flow)
{
	const __u64 *src = (const __u64 *)seen->pair.src, *dst = (const __u64 *)seen->pair.dst;

	flow->word[7] = src[0];
	flow->word[8] = src[1];
	flow->word[9] = dst[0];
	flow->word[10] = dst[1];
	flow->word[2] |= FLOW_HAS(PN_FLOW_HAS_TUNNEL);
}

/* The inner packet, or the packet itself where there is no tunnel. */
static __always_inline void flow_inner(ctx_t *ctx, const struct packet *seen, struct flow *flow,
				       struct flow_at *at)
{
	__u16 type = 0;

	at->outer = seen->l3;
	at->outer_family = seen->family;
	at->l4 = seen->l4;
	at->csum = seen->csum == OUTER_CSUM_GRE && seen->udp_len ? OUTER_CSUM_BOTH : seen->csum;
	at->tunnel = seen->tunnel;
	at->known = true;
	if (!seen->tunnel) {
		at->inner = seen->l3;
		type = seen->family == 4 ? PN_ETHERTYPE_IPV4 : PN_ETHERTYPE_IPV6;
	} else if (seen->inner && seen->bare) {
		at->inner = seen->inner;
		type = seen->proto;
	} else if (seen->inner) {
		type = flow_ether(ctx, seen->inner, &at->inner);
	}
	if (type)
		flow_ip(ctx, flow, at, type);
}

/* The parts that are asked for, of what is known of the packet in @seen. */
static __always_inline void flow_read(ctx_t *ctx, const struct packet *seen, struct flow *flow,
				      struct flow_at *at)
{
	*at = (struct flow_at){ 0 };
	flow->word[0] = pn_conf.port;
	if (pn_conf.parts & PN_PART_VLAN)
		flow_vlan(ctx, flow);
	if (pn_conf.parts & PN_PART_MARK)
		flow->word[1] |= (__u64)ctx_mark(ctx) << FLOW_MARK_SHIFT;
	if (!(pn_conf.parts & FLOW_NET_PARTS))
		return;
	if ((pn_conf.parts & PN_PART_TUNNEL) && seen->tunnel)
		flow_tunnel(ctx, seen, flow);
	if ((pn_conf.parts & PN_PART_OUTER) && seen->tunnel)
		flow_outer(seen, flow);
	if (pn_conf.parts & (PN_PART_INNER | PN_PART_PORTS))
		flow_inner(ctx, seen, flow, at);
}

/* A frame in which no tunnel was looked for: where its IP header is, if it has one. */
static __always_inline void flow_plain(ctx_t *ctx, struct packet *seen)
{
	__u16 type = flow_ether(ctx, 0, &seen->l3);

	seen->tunnel = 0;
	if (type == PN_ETHERTYPE_IPV4)
		seen->family = 4;
	else if (type == PN_ETHERTYPE_IPV6)
		seen->family = 6;
}

/* As terminate(), whatever gate is closed. */
static __always_inline void flow_terminate(ctx_t *ctx, struct packet *seen)
{
	struct cursor cur = ctx_cursor(ctx);
	struct pn_port *port;
	__u16 proto;

	if (parse_ether(ctx, &cur, seen, &port, &proto))
		return;
	/* where it came to stands in @seen: what follows is verified once, not for each way */
	packet_settle();
	cur = ctx_cursor(ctx);
	cursor_seek(&cur, seen->l3);
	if (parse_ip(&cur, seen, proto))
		return;
	packet_settle();
	cur = ctx_cursor(ctx);
	cursor_seek(&cur, seen->l4);
	terminate_net(ctx, &cur, seen);
}

/* Was what @pkt knows read from its headers, and of the outermost level? */
static __always_inline bool flow_is_known(const struct packet *pkt)
{
	return pkt->family && !pkt->level;
}

/*
 * A packet that the decision has not seen enough of, or too much (what is asked
 * for is the outermost tunnel's). Not static: verified once by itself.
 */
__attribute__((noinline)) int flow_walk(ctx_t *ctx, struct packet *pkt)
{
	struct packet *seen;
	struct pn_port *port;

	if (!pn_conf.masks || !pkt)
		return 0;
	seen = packet_clear(1);
	port = port_lookup(pn_conf.port);
	if (!seen || !port)
		return 0;
	seen->len = pkt->len;
	seen->port = pn_conf.port;
	ctx_pull(ctx, PIPELINE_PULL);
	if (!port->fid)
		flow_terminate(ctx, seen);
	packet_settle();
	if (!seen->family)
		flow_plain(ctx, seen);
	return 0;
}

/* The flow of a packet; after flow_walk(), where that had to be. */
__attribute__((noinline)) int flow_look(ctx_t *ctx, struct packet *pkt)
{
	struct packet *seen = pkt;
	struct flow flow = {};

	if (!pn_conf.masks || !pkt)
		return 0;
	if (!flow_is_known(pkt))
		seen = packet_spare();
	if (!seen)
		return 0;
	flow_read(ctx, seen, &flow, &pkt->at);
	__builtin_memcpy(&pkt->flow, &flow, sizeof(flow));
	return 0;
}

/* Where everything is and who sent it, though no match has asked; after flow_walk() too. */
__attribute__((noinline)) int flow_locate(ctx_t *ctx, struct packet *pkt)
{
	struct packet *seen = pkt;
	struct flow flow = {};

	if (!pn_conf.masks || !pkt || pkt->at.known)
		return 0;
	if (!flow_is_known(pkt))
		seen = packet_spare();
	if (!seen)
		return 0;
	flow_inner(ctx, seen, &flow, &pkt->at);
	__builtin_memcpy(&pkt->flow, &flow, sizeof(flow));
	return 0;
}

#endif
