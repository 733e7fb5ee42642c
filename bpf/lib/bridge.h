/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the bridge would do with a frame (net/bridge/br_input.c, br_forward.c),
 * for known unicast between two ports. Everything that floods, learns, moves,
 * answers or goes up is the kernel's.
 */
#ifndef PN_BPF_BRIDGE_H
#define PN_BPF_BRIDGE_H

#include "lib/brnf.h"
#include "lib/vlan.h"

#define MAC48_GROUP	(1ull << 40)	/* multicast bit of the first byte */

/* What the bridge takes for the protocol: it has moved the outermost tag aside. */
static __always_inline __u16 bridge_proto(ctx_t *ctx, const struct packet *pkt)
{
	struct cursor cur = ctx_cursor(ctx);
	struct pn_vlanhdr *vlan;

	if (!is_vlan(pkt->proto))
		return pkt->proto;
	cursor_seek(&cur, pkt->inner + sizeof(struct pn_ethhdr));
	vlan = cursor_take(&cur, sizeof(*vlan));
	return vlan ? bpf_ntohs(vlan->type) : pkt->proto;
}

/* Frames that the bridge may consume or answer itself. */
static __always_inline bool bridge_may_answer(ctx_t *ctx, const struct packet *pkt,
					      const struct pn_port *port)
{
	__u16 proto = bridge_proto(ctx, pkt);

	if (proto == PN_ETHERTYPE_CFM || proto == PN_ETHERTYPE_MRP)
		return true;
	if (!(port->flags & PN_PORT_NEIGH_PROXY))
		return false;
	/* neighbour discovery hides in IPv6 and behind tags */
	return pkt->proto == PN_ETHERTYPE_ARP || pkt->proto == PN_ETHERTYPE_IPV6 ||
	       is_vlan(pkt->proto);
}

static __always_inline enum pn_reason ingress_check(ctx_t *ctx, const struct packet *pkt,
						    const struct pn_port *port, bool tagged)
{
	if (port->gate[PN_PLACE_BRIDGE] & ~PN_GATE_BR_NETFILTER)
		return PN_R_GATE_BRIDGE;
	if (tagged && port->gate[PN_PLACE_TAGGED])
		return PN_R_GATE_TAGGED;
	if (!pkt->src48 || (pkt->src48 & MAC48_GROUP))
		return PN_R_MAC_INVALID;
	if (pkt->dst48 & MAC48_GROUP)
		return PN_R_MULTICAST;
	if ((port->flags & (PN_PORT_UP | PN_PORT_FORWARDING)) !=
	    (PN_PORT_UP | PN_PORT_FORWARDING))
		return PN_R_PORT_STATE;
	if (bridge_may_answer(ctx, pkt, port))
		return PN_R_ETHERTYPE;
	return PN_R_NONE;
}

/*
 * A MAC that turns up elsewhere is the kernel's until the mirror has followed
 * it, or until it is heard on its old port again. Ports that would not move it
 * in the kernel do not mark it here either. The mirror may give the slot to
 * another MAC meanwhile: only the value that was read is exchanged.
 */
static __always_inline enum pn_reason source_mark(struct pn_slot *slot, union slot_value value,
						  bool moved)
{
	union slot_value marked = value;

	marked.flags = moved ? value.flags | PN_FDB_MOVED : value.flags & ~PN_FDB_MOVED;
	if (!pn_conf.explain)
		__sync_val_compare_and_swap((__u64 *)&slot->index, value.word, marked.word);
	return PN_R_SRC_MOVED;
}

static __always_inline enum pn_reason source_elsewhere(struct pn_slot *slot,
						       union slot_value value,
						       const struct pn_port *port)
{
	if ((value.flags & (PN_FDB_STAYS | PN_FDB_LOCAL | PN_FDB_MOVED)) ||
	    (port->flags & (PN_PORT_LEARNING | PN_PORT_LOCKED)) != PN_PORT_LEARNING)
		return PN_R_SRC_MOVED;
	return source_mark(slot, value, true);
}

/*
 * The source must be where the kernel has it, or learning would be skipped.
 * One frame per epoch goes to the kernel, so that the entry stays as young
 * there as its traffic is.
 */
static __always_inline enum pn_reason source_check(const struct packet *pkt,
						   const struct pn_port *port)
{
	union slot_value value;
	struct pn_control *control;
	struct pn_slot *slot;
	__u32 zero = 0;

	if (!(port->flags & (PN_PORT_LEARNING | PN_PORT_LOCKED)) && !pkt->tunnel_learns)
		return PN_R_NONE;
	slot = fdb_lookup(pkt->src48, pkt->fid, &value);
	if (!slot)
		return PN_R_SRC_UNKNOWN;
	if (value.index != pkt->port || (value.flags & PN_FDB_LOCAL))
		return source_elsewhere(slot, value, port);
	if (value.flags & PN_FDB_MOVED)
		return source_mark(slot, value, false);
	if ((port->flags & PN_PORT_LOCKED) && (value.flags & PN_FDB_LOCKED))
		return PN_R_LOCKED;
	if (pkt->tunnel_learns && value.vtep != pkt->vtep)
		return PN_R_TUNNEL_LEARN;
	if (!(value.flags & PN_FDB_REFRESH) || !(port->flags & PN_PORT_LEARNING))
		return PN_R_NONE;
	control = bpf_map_lookup_elem(&pn_control, &zero);
	if (!control || value.stamp == (__u8)control->epoch)
		return PN_R_NONE;
	if (!pn_conf.explain)
		*(volatile __u8 *)&slot->stamp = control->epoch;
	return PN_R_REFRESH;
}

static __always_inline enum pn_reason egress_check(const struct packet *pkt, __u32 frame_len,
						   const struct pn_port *from,
						   const struct pn_port *to, bool gso)
{
	if ((to->flags & (PN_PORT_UP | PN_PORT_FORWARDING)) != (PN_PORT_UP | PN_PORT_FORWARDING))
		return PN_R_EGRESS_STATE;
	if (to->gate[PN_PLACE_EGRESS])
		return PN_R_GATE_EGRESS;
	if (from->flags & to->flags & PN_PORT_ISOLATED)
		return PN_R_ISOLATED;
	if (frame_len > to->max_len && !gso)
		return PN_R_EGRESS_MTU;
	if (!(to->flags & CTX_TARGET))
		return PN_R_EGRESS_HOOK;
	return PN_R_NONE;
}

/* Decide where the frame of @frame_len bytes goes; PN_R_NONE: to pkt->egress. */
static __always_inline enum pn_reason bridge(ctx_t *ctx, struct packet *pkt,
					     const struct pn_port *port, __u32 frame_len,
					     bool tagged)
{
	const struct pn_port *egress;
	union slot_value value;
	enum pn_reason reason;

	reason = ingress_check(ctx, pkt, port, tagged);
	if (reason)
		return reason;
	pkt->fid = port->fid;
	if (port->flags & PN_PORT_VLANS)
		reason = vlan_ingress(ctx, pkt, tagged);
	if (reason)
		return reason;
	if (!fdb_lookup(pkt->dst48, pkt->fid, &value))
		return PN_R_DST_UNKNOWN;
	if (value.flags & PN_FDB_LOCAL)
		return PN_R_DST_LOCAL;
	if (value.flags & PN_FDB_MOVED)
		return PN_R_DST_UNKNOWN;
	if (value.index == pkt->port && !(port->flags & PN_PORT_HAIRPIN))
		return PN_R_SAME_PORT;
	egress = port_lookup(value.index);
	if (!egress || egress->fid != port->fid)
		return PN_R_EGRESS_STATE;
	reason = egress_check(pkt, frame_len, port, egress, ctx_is_gso(ctx));
	if (reason)
		return reason;
	pkt->egress = value.index;
	if (port->flags & PN_PORT_VLANS)
		reason = vlan_egress(pkt, tagged, frame_len);
	if (reason)
		return reason;
	if (pkt->retag == RETAG_POP && !ctx_may_pop(ctx, pkt->inner))
		return PN_R_VLAN_TAG;
	if (port->gate[PN_PLACE_BRIDGE] && !tagged &&
	    !brnf_keeps(ctx, pkt, frame_len, egress->max_len))
		return PN_R_BR_NETFILTER;
	return source_check(pkt, port);
}

#endif
