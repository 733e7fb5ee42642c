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

/*
 * A key's tunnels differ by their local address; a tunnel without a remote
 * comes after all that have one. Not static: verified once, off the fast path.
 */
__attribute__((noinline)) __u32 tunnel_find_other(struct packet *pkt, __u32 type, __u32 key)
{
	struct pn_tunnel *tunnel;
	__u32 vtep, index;
	int i;

	if (!pkt)
		return 0;
	vtep = pkt->vtep;
	index = demux_tunnel_rare(PN_DEMUX_KEY_VTEP(type, vtep, key));
	for (i = 0; i < 2 * PN_TUNNEL_CHAIN; i++) {
		if (!index && vtep != PN_VTEP_ANY) {
			vtep = PN_VTEP_ANY;
			index = demux_tunnel_rare(PN_DEMUX_KEY_VTEP(type, PN_VTEP_ANY, key));
		}
		tunnel = tunnel_get(index);
		if (!index || !tunnel)
			return 0;
		if (tunnel_takes(tunnel, pkt))
			return index;
		index = tunnel->next;
	}
	return 0;
}

/* The commonest case alone: the only tunnel of its key; 0: it is not. */
static __always_inline __u32 tunnel_find_own(const struct packet *pkt, __u32 type, __u32 key)
{
	__u32 index = demux_lookup(PN_DEMUX_KEY_VTEP(type, pkt->vtep, key)).tunnel;
	struct pn_tunnel *tunnel = tunnel_get(index);

	return index && tunnel && tunnel_takes(tunnel, pkt) ? index : 0;
}

/* Device look-up: what the packet says to the tunnel; 0: none. */
static __always_inline __u32 tunnel_find(struct packet *pkt, __u32 type, __u32 key)
{
	__u32 index = tunnel_find_own(pkt, type, key);

	return index ? index : tunnel_find_other(pkt, type, key);
}

#endif
