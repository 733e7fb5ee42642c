/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * VXLAN (RFC 7348) as vxlan_rcv() of drivers/net/vxlan/vxlan_core.c takes it:
 * source, destination and ingress device do not choose the tunnel, the VNI
 * does; reserved bits are not ignored, they are refused.
 */
#ifndef PN_BPF_VXLAN_H
#define PN_BPF_VXLAN_H

#include "lib/packet.h"

static __always_inline __u64 vxlan_key(const struct packet *pkt, const struct pn_vxlanhdr *vxlan)
{
	return PN_DEMUX_KEY_UDP(PN_DEMUX_VXLAN, pkt->family == 6, pkt->udp_dport,
				bpf_ntohl(vxlan->vni) >> 8);
}

/*
 * Whatever has come to whatever UDP port: what looks like plain VXLAN is looked
 * up at once. False: it does not, or it is nobody's VNI. The cursor stands
 * behind the UDP header.
 */
static __always_inline bool vxlan_guess(struct cursor *cur, struct packet *pkt)
{
	struct pn_vxlanhdr *vxlan = cursor_take(cur, sizeof(*vxlan));
	union slot_value found;

	if (!vxlan || pkt->udp_len < sizeof(struct pn_udphdr) + sizeof(*vxlan) ||
	    vxlan->flags != bpf_htonl(PN_VXLAN_FLAGS) || (vxlan->vni & bpf_htonl(0xff)))
		return false;
	found = demux_lookup(vxlan_key(pkt, vxlan));
	pkt->tunnel = found.tunnel;
	pkt->vid = found.index;
	pkt->inner = pkt->l4 + sizeof(struct pn_udphdr) + sizeof(*vxlan);
	return found.tunnel;
}

/* VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe) with an IP packet inside, and nothing unusual. */
static __always_inline enum pn_reason vxlan_gpe_take(struct packet *pkt, __be32 flags)
{
	__u32 word = bpf_ntohl(flags);

	if ((word & ~PN_VXLAN_GPE_NEXT) != PN_VXLAN_GPE_FLAGS)
		return PN_R_TUNNEL_FLAGS;
	switch (word & PN_VXLAN_GPE_NEXT) {
	case PN_VXLAN_GPE_IPV4:
		pkt->proto = PN_ETHERTYPE_IPV4;
		break;
	case PN_VXLAN_GPE_IPV6:
		pkt->proto = PN_ETHERTYPE_IPV6;
		break;
	default:
		return PN_R_INNER_TYPE;
	}
	pkt->bare = true;
	return PN_R_NONE;
}

/*
 * What came to VXLAN's port and could not be guessed: it is odd, or for a
 * device that takes every VNI of its port (external). What the header says would
 * go with the packet as metadata, which neither the bridge nor routing looks at.
 * The cursor stands behind the UDP header.
 */
static __always_inline enum pn_reason vxlan_external(struct cursor *cur, struct packet *pkt,
						     __u32 tunnel, bool gpe)
{
	struct pn_vxlanhdr *vxlan = cursor_take(cur, sizeof(*vxlan));
	enum pn_reason reason = PN_R_NONE;

	if (!vxlan || pkt->udp_len < sizeof(struct pn_udphdr) + sizeof(*vxlan))
		return PN_R_SHORT;
	/* a VNI with a device of its own is here because of its flags */
	pkt->tunnel = demux_tunnel_rare(vxlan_key(pkt, vxlan));
	if (pkt->tunnel)
		return PN_R_TUNNEL_FLAGS;
	if (!tunnel)
		return PN_R_TUNNEL_UNKNOWN;
	pkt->tunnel = tunnel;
	if (gpe)
		reason = vxlan_gpe_take(pkt, vxlan->flags);
	else if (vxlan->flags != bpf_htonl(PN_VXLAN_FLAGS))
		reason = PN_R_TUNNEL_FLAGS;
	if (vxlan->vni & bpf_htonl(0xff))
		reason = PN_R_TUNNEL_FLAGS;
	pkt->inner = pkt->l4 + sizeof(struct pn_udphdr) + sizeof(*vxlan);
	return reason;
}

#endif
