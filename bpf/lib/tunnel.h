/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From what a tunnel header says to the tunnel device, for the kinds whose
 * drivers compare addresses. The remote and the key are in the demux key, the
 * local address stands in the tunnel's record.
 */
#ifndef PN_BPF_TUNNEL_H
#define PN_BPF_TUNNEL_H

#include "lib/packet.h"

static __always_inline struct pn_tunnel *tunnel_get(__u32 index)
{
	return bpf_map_lookup_elem(&pn_tunnels, &index);
}

static __always_inline bool tunnel_takes(const struct pn_tunnel *tunnel,
					 const struct packet *pkt)
{
	__u64 high = word64(&tunnel->local[0]), low = word64(&tunnel->local[2]);

	if (!(high | low))
		return true;
	return high == word64(&pkt->pair.dst[0]) && low == word64(&pkt->pair.dst[2]);
}

/* The tunnel of a key, among those that differ by their local address; 0: none. */
static __always_inline __u32 tunnel_of_key(const struct packet *pkt, __u64 key)
{
	__u32 index = demux_tunnel_rare(key);
	struct pn_tunnel *tunnel;
	int i;

	for (i = 0; i < PN_TUNNEL_CHAIN && index; i++) {
		tunnel = tunnel_get(index);
		if (!tunnel)
			return 0;
		if (tunnel_takes(tunnel, pkt))
			return index;
		index = tunnel->next;
	}
	return 0;
}

/*
 * Device look-up: the packet's own remote, then tunnels without a remote. Not
 * static: verified once, however many parsers call it.
 */
__attribute__((noinline)) __u32 tunnel_find(struct packet *pkt, __u32 type, __u32 key)
{
	__u32 index = 0;

	if (!pkt)
		return 0;
	if (pkt->vtep != PN_VTEP_ANY)
		index = tunnel_of_key(pkt, PN_DEMUX_KEY_VTEP(type, pkt->vtep, key));
	return index ? index : tunnel_of_key(pkt, PN_DEMUX_KEY_VTEP(type, PN_VTEP_ANY, key));
}

#endif
