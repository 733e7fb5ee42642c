/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Whose packets are terminated. The address pairs that the mirror has proven
 * are the fast way; what follows here is for ports that take packets from
 * others too, or drop what others send. A source that is nobody's remote has
 * to be proven per packet, as ip_route_input_slow() and ip6_rcv_core() would.
 */
#ifndef PN_BPF_PEER_H
#define PN_BPF_PEER_H

#include "lib/packet.h"

#define PEER_TOS_MASK	0x1c	/* what of the DS field a route may depend on */

/* IPv4: zero net, loopback, multicast, limited broadcast. IPv6: multicast, ::/64. */
static __always_inline bool source_is_martian(const struct packet *pkt)
{
	__u8 first = pkt->family == 4 ? *(const __u8 *)&pkt->pair.src[3] :
					*(const __u8 *)&pkt->pair.src[0];

	if (pkt->family == 6)
		return first == 0xff || !(pkt->pair.src[0] | pkt->pair.src[1]);
	return !first || first == 127 || (first & 0xf0) == 0xe0 ||
	       pkt->pair.src[3] == 0xffffffff;
}

/* What sets any address of the packet's family apart: it is ::ffff:0.0.0.0 or ::. */
static __always_inline __be32 family_word(const struct packet *pkt)
{
	return pkt->family == 4 ? bpf_htonl(0xffff) : 0;
}

/*
 * Is @addr an address of this host that packets come to on this port? The
 * endpoint says so, and in @rpf how sources are to be checked.
 */
static __always_inline bool address_is_ours(const struct packet *pkt, const __be32 *addr,
					    __u32 *rpf)
{
	struct outer_pair any = { .src = { 0, 0, family_word(pkt), 0 } };

	__builtin_memcpy(any.dst, addr, sizeof(any.dst));
	return endpoint_any(&any, pkt->port, pkt->family, rpf);
}

/*
 * Is the source a tunnel's remote, or in an FDB? A pair that is not proven for
 * this port says nothing of whose tunnel the packet is for: the kernel may find
 * one with this remote before those that have none.
 */
static __always_inline bool source_is_peer(const struct packet *pkt)
{
	struct outer_pair peer = { .dst = { 0, 0, family_word(pkt), 0 } };
	__u32 unused;

	__builtin_memcpy(peer.src, pkt->pair.src, sizeof(peer.src));
	return endpoint_any(&peer, 0, pkt->family, &unused);
}

static __always_inline bool peer_is_listed(const struct packet *pkt)
{
	struct pn_peer_key key = { .prefix_len = 160, .port = pn_conf.port };

	__builtin_memcpy(key.addr, pkt->pair.src, sizeof(key.addr));
	return bpf_map_lookup_elem(&pn_peers, &key);
}

/*
 * The reverse path, as __fib_validate_source() asks for it: a unicast route to
 * the source, if strict through the device that it came from. Where the kernel
 * does not answer (forwarding is off) nothing is proven.
 */
static __always_inline bool reverse_path_holds(ctx_t *ctx, const struct packet *pkt, __u32 rpf)
{
	struct bpf_fib_lookup fib = { .family = 2 /* AF_INET */ };
	struct pn_port *port = port_lookup(pkt->port);
	__u32 from;
	long ret;

	if (!port)
		return false;
	from = port->ifindex;
	fib.ifindex = from;
	fib.tos = pkt->tos & PEER_TOS_MASK;
	fib.ipv4_src = pkt->pair.dst[3];
	fib.ipv4_dst = pkt->pair.src[3];
	ret = bpf_fib_lookup(ctx, &fib, sizeof(fib), 0);
	if (ret != BPF_FIB_LKUP_RET_SUCCESS && ret != BPF_FIB_LKUP_RET_NO_NEIGH)
		return false;
	return rpf == PN_RPF_LOOSE || fib.ifindex == from;
}

/* Would the kernel take packets to @pkt's destination here, and from its source? */
static __always_inline bool stranger_is_sane(ctx_t *ctx, const struct packet *pkt, __u32 rpf)
{
	__u32 unused;

	if (source_is_martian(pkt) || address_is_ours(pkt, pkt->pair.src, &unused))
		return false;
	return rpf == PN_RPF_OFF || pkt->family == 6 || reverse_path_holds(ctx, pkt, rpf);
}

/* Is this a packet for a tunnel of ours, whoever sent it? */
static __always_inline bool packet_is_tunnels(const struct packet *pkt)
{
	bool v6 = pkt->family == 6;

	if (pkt->l4proto == PN_IPPROTO_UDP)
		return PN_UDP_SERVICE(demux_index_rare(
			PN_DEMUX_KEY_UDP(PN_DEMUX_UDP_PORT, v6, pkt->udp_dport, 0)));
	return demux_index_rare(PN_DEMUX_KEY_UDP(PN_DEMUX_IP_PROTO, v6, pkt->l4proto, 0));
}

/* The setting beside pairs that are proven. Not static: verified once, off the fast path. */
__attribute__((noinline)) int peer_check(ctx_t *ctx, struct packet *pkt)
{
	bool ours, admitted = true;
	__u32 rpf = 0;

	if (!pkt)
		return PN_R_ENDPOINT;
	if (pn_conf.peers == PN_PEERS_LISTED)
		admitted = peer_is_listed(pkt);
	if (admitted && pkt->vtep)
		return PN_R_NONE;
	ours = address_is_ours(pkt, pkt->pair.dst, &rpf);
	if (pn_conf.peers != PN_PEERS_KNOWN && admitted && ours && source_is_peer(pkt))
		return PN_R_ENDPOINT;
	if (pn_conf.peers != PN_PEERS_KNOWN && admitted && ours &&
	    stranger_is_sane(ctx, pkt, rpf)) {
		pkt->vtep = PN_VTEP_ANY;
		return PN_R_NONE;
	}
	pkt->vtep = 0;
	return pn_conf.strict && ours && packet_is_tunnels(pkt) ? PN_R_PEER_REFUSED :
								   PN_R_ENDPOINT;
}

/* The remote's number, part of most tunnels' keys; 0: the address pair is not proven. */
static __always_inline void endpoint_read(struct packet *pkt)
{
	pkt->vtep = endpoint_lookup(&pkt->pair, pkt->port, pkt->family);
	/* the source 0.0.0.0 meets the entry that stands for all others */
	if (pkt->vtep == PN_VTEP_ANY)
		pkt->vtep = 0;
}

/* After endpoint_read(): are packets from there taken? */
static __always_inline enum pn_reason endpoint_verdict(ctx_t *ctx, struct packet *pkt)
{
	if (pn_conf.peers == PN_PEERS_KNOWN && !pn_conf.strict)
		return pkt->vtep ? PN_R_NONE : PN_R_ENDPOINT;
	if (pkt->vtep && pn_conf.peers != PN_PEERS_LISTED)
		return PN_R_NONE;
	return peer_check(ctx, pkt);
}

#endif
