/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * GENEVE (RFC 8926) as geneve_rx() of drivers/net/geneve.c takes it: VNI and
 * remote choose the device; options of any length are skipped, never read.
 */
#ifndef PN_BPF_GENEVE_H
#define PN_BPF_GENEVE_H

#include "lib/tunnel.h"

/*
 * Whatever has come from a known remote to whatever UDP port: what looks like
 * plain GENEVE is looked up at once, and the port is compared afterwards.
 * False: it does not, or there is no such tunnel.
 */
static __always_inline bool geneve_guess(struct cursor cur, struct packet *pkt)
{
	struct pn_genevehdr *geneve = cursor_take(&cur, sizeof(*geneve));
	__u32 header = sizeof(struct pn_udphdr) + sizeof(*geneve);
	struct pn_tunnel *tunnel;
	__u32 index;

	if (!geneve || (geneve->ver_optlen & PN_GENEVE_VERSION) ||
	    (geneve->flags & (PN_GENEVE_CONTROL | PN_GENEVE_CRITICAL)) ||
	    geneve->proto != bpf_htons(PN_PROTO_TEB))
		return false;
	header += (geneve->ver_optlen & PN_GENEVE_OPTLEN) * 4;
	index = demux_lookup(PN_DEMUX_KEY_VTEP(PN_DEMUX_GENEVE, pkt->vtep,
					       bpf_ntohl(geneve->vni) >> 8)).tunnel;
	tunnel = tunnel_get(index);
	if (!index || !tunnel || tunnel->dport != pkt->udp_dport || pkt->udp_len < header)
		return false;
	pkt->tunnel = index;
	pkt->inner = pkt->l4 + header;
	return true;
}

/*
 * The cursor stands behind the UDP header. A device that is @external takes
 * whatever comes to the port, whoever sent it; 0: there is none.
 */
static __always_inline enum pn_reason geneve_parse(struct cursor *cur, struct packet *pkt,
						   __u32 external)
{
	struct pn_genevehdr *geneve = cursor_take(cur, sizeof(*geneve));
	__u32 header = sizeof(struct pn_udphdr) + sizeof(*geneve);
	struct pn_tunnel *tunnel;
	__u32 index;

	if (!geneve || pkt->udp_len < header)
		return PN_R_SHORT;
	index = external ? external :
			   tunnel_find_other(pkt, PN_DEMUX_GENEVE, bpf_ntohl(geneve->vni) >> 8);
	tunnel = tunnel_get(index);
	if (!index || !tunnel || tunnel->dport != pkt->udp_dport)
		return PN_R_TUNNEL_UNKNOWN;
	pkt->tunnel = index;
	if ((geneve->ver_optlen & PN_GENEVE_VERSION) ||
	    (geneve->flags & (PN_GENEVE_CONTROL | PN_GENEVE_CRITICAL)) ||
	    geneve->proto != bpf_htons(PN_PROTO_TEB))
		return PN_R_TUNNEL_FLAGS;
	header += (geneve->ver_optlen & PN_GENEVE_OPTLEN) * 4;
	if (pkt->udp_len < header)
		return PN_R_INNER_SHORT;
	pkt->inner = pkt->l4 + header;
	return PN_R_NONE;
}

#endif
