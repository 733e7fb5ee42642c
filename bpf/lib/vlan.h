/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A bridge that filters by VLAN (net/bridge/br_vlan.c): which VLAN a frame
 * belongs to, whether both ports are members, and the tag it leaves with. What
 * the kernel would drop, or treats in a rare way (priority tags, another
 * TPID), is its own. Functions are not static: verified once each.
 */
#ifndef PN_BPF_VLAN_H
#define PN_BPF_VLAN_H

#include "lib/parse.h"

/* The tag of a frame, which at tc may stand beside the bytes. */
static __always_inline enum pn_reason vlan_tag_read(ctx_t *ctx, struct packet *pkt, __u16 *tpid)
{
	struct cursor cur = ctx_cursor(ctx);
	struct pn_vlanhdr *vlan;
	bool is_ad;

	if (!pkt->inner && ctx_tag(ctx, &pkt->tci, &is_ad)) {
		*tpid = is_ad ? PN_ETHERTYPE_8021AD : PN_ETHERTYPE_8021Q;
		return PN_R_NONE;
	}
	cursor_seek(&cur, pkt->inner + sizeof(struct pn_ethhdr));
	vlan = cursor_take(&cur, sizeof(*vlan));
	if (!vlan)
		return PN_R_NONLINEAR;
	pkt->tci = bpf_ntohs(vlan->tci);
	*tpid = pkt->proto;
	return PN_R_NONE;
}

/* A tag of its own goes before the VNI's VLAN, and that before the port's. */
static __always_inline enum pn_reason vlan_classify(ctx_t *ctx, struct packet *pkt,
						    const struct pn_port *port, bool tagged)
{
	enum pn_reason reason;
	__u16 tpid;

	if (!tagged) {
		if (!pkt->vid)
			pkt->vid = port->pvid;
		pkt->tci = pkt->vid;
		return pkt->vid ? PN_R_NONE : PN_R_VLAN_INGRESS;
	}
	reason = vlan_tag_read(ctx, pkt, &tpid);
	if (reason)
		return reason;
	pkt->vid = pkt->tci & PN_VID_MASK;
	if (tpid != port->vlan_proto)
		return PN_R_VLAN_TAG;
	return pkt->vid ? PN_R_NONE : PN_R_VLAN_PRIORITY;
}

/* The FDB that the frame is looked up in becomes that of its VLAN. */
__attribute__((noinline)) int vlan_ingress(ctx_t *ctx, struct packet *pkt, __u32 tagged)
{
	union slot_value member;
	struct pn_port *port;
	enum pn_reason reason;

	if (!pkt)
		return PN_R_SHORT;
	port = port_lookup(pkt->port);
	if (!port)
		return PN_R_PORT_STATE;
	reason = vlan_classify(ctx, pkt, port, tagged);
	if (reason)
		return reason;
	member = demux_lookup(PN_DEMUX_KEY_BRVLAN(pkt->port, pkt->vid));
	if (!member.index || !(member.flags & PN_BRVLAN_FORWARDING))
		return PN_R_VLAN_INGRESS;
	pkt->fid = member.index;
	return PN_R_NONE;
}

/* How the tag changes on the way out to pkt->egress. */
__attribute__((noinline)) int vlan_egress(struct packet *pkt, __u32 tagged, __u32 frame_len)
{
	union slot_value member;
	struct pn_port *egress;

	if (!pkt)
		return PN_R_SHORT;
	egress = port_lookup(pkt->egress);
	if (!egress)
		return PN_R_EGRESS_STATE;
	member = demux_lookup(PN_DEMUX_KEY_BRVLAN(pkt->egress, pkt->vid));
	if (member.index != pkt->fid || !(member.flags & PN_BRVLAN_FORWARDING))
		return PN_R_VLAN_EGRESS;
	pkt->tpid = egress->vlan_proto;
	if (tagged && member.flags & PN_BRVLAN_UNTAGGED)
		pkt->retag = RETAG_POP;
	else if (!tagged && !(member.flags & PN_BRVLAN_UNTAGGED))
		pkt->retag = RETAG_PUSH;
	if (pkt->retag == RETAG_PUSH && frame_len + sizeof(struct pn_vlanhdr) > egress->max_len)
		return PN_R_EGRESS_MTU;
	return PN_R_NONE;
}

/* The frame is in front, and nothing can fail any more but a helper. */
static __always_inline bool vlan_retag(ctx_t *ctx, const struct packet *pkt)
{
	if (pkt->retag == RETAG_POP)
		return !ctx_vlan_pop(ctx);
	return !ctx_vlan_push(ctx, pkt->tpid, pkt->tci);
}

#endif
