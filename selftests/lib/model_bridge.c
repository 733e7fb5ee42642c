// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The reference model: what the bridge does with a frame (chapter 7). */
#include <string.h>

#include "model_view.h"

static uint64_t mac48(const uint8_t *mac)
{
	return (uint64_t)pkt_get32(mac) << 16 | pkt_get16(mac + 4);
}

/* Its number, -1: not there. */
static int fdb_find(const struct view *v, const uint8_t *mac, uint16_t fid)
{
	uint64_t want = mac48(mac);

	for (int i = 0; i < WORLD_FDB && v->m->fdb_mac[i]; i++)
		if (v->m->w->fdb[i].fid == fid && v->m->fdb_mac[i] == want)
			return i;
	return -1;
}

/* 7.6: the source must be where it is known, unless nothing depends on it. */
static bool source_known(const struct view *v, const uint8_t *mac, uint16_t port)
{
	bool tunnel_learns = v->tunnel && v->tunnel->w->flags & PN_TUNNEL_F_LEARNING;
	const struct world_port *p = &v->m->w->port[port];
	int at = fdb_find(v, mac, p->fid);
	const struct world_fdb *e;

	if (!(p->flags & (PN_PORT_LEARNING | PN_PORT_LOCKED)) && !tunnel_learns)
		return true;
	if (at < 0)
		return false;
	e = &v->m->w->fdb[at];
	if (e->port != port || e->flags & (PN_FDB_LOCAL | PN_FDB_MOVED))
		return false;
	if (p->flags & PN_PORT_LOCKED && e->flags & PN_FDB_LOCKED)
		return false;
	if (tunnel_learns && v->m->fdb_vtep[at] != v->vtep)
		return false;
	return !(e->flags & PN_FDB_REFRESH && p->flags & PN_PORT_LEARNING &&
		 e->stamp != (uint8_t)v->m->w->epoch);
}

static bool may_answer(const struct world_port *p, const uint8_t *frame, uint32_t len)
{
	uint16_t type = pkt_get16(frame + 12);
	uint16_t behind_tag = model_is_tag(type) && len >= 18 ? pkt_get16(frame + 16) : type;

	if (behind_tag == 0x8902 || behind_tag == 0x88e3)
		return true;
	return p->flags & PN_PORT_NEIGH_PROXY &&
		(type == 0x0806 || type == 0x86dd || model_is_tag(type));
}

/*
 * br_validate_ipv4(), br_validate_ipv6(), br_nf_dev_queue_xmit(): does an
 * untagged IP packet leave br_netfilter as it came?
 */
static bool br_netfilter_keeps(const uint8_t *frame, uint32_t len, uint32_t mtu)
{
	uint16_t type = pkt_get16(frame + 12);
	const uint8_t *ip = frame + 14;

	if (type != 0x0800 && type != 0x86dd)
		return true;
	if (len - 14 > mtu)
		return false;
	if (type == 0x86dd)
		return len >= 54 && ip[0] >> 4 == 6 && pkt_get16(ip + 4) + 40u == len - 14 && ip[6];
	return len >= 34 && ip[0] == 0x45 && pkt_get16(ip + 2) == len - 14 &&
	       pkt_fold(pkt_sum(ip, 20, 0)) == 0;
}

static bool source_is_valid(const uint8_t *frame)
{
	return !(frame[6] & 1) && mac48(frame + 6);
}

/* 7.1, 7.6 */
uint16_t model_bridge(const struct view *v, const uint8_t *frame, uint32_t len, uint16_t port)
{
	uint32_t target = v->m->opts.tc ? PN_PORT_TC_TARGET : PN_PORT_XDP_TARGET;
	const struct world_port *from = &v->m->w->port[port], *to;
	const uint32_t live = PN_PORT_UP | PN_PORT_FORWARDING;
	const struct world_fdb *dst;
	int at;

	if (from->gate[PN_PLACE_BRIDGE] & ~PN_GATE_BR_NETFILTER)
		return 0;
	if (model_is_tag(pkt_get16(frame + 12)) && from->gate[PN_PLACE_TAGGED])
		return 0;
	if (!source_is_valid(frame) || frame[0] & 1)
		return 0;
	if ((from->flags & live) != live || may_answer(from, frame, len))
		return 0;
	at = fdb_find(v, frame, from->fid);
	dst = at < 0 ? NULL : &v->m->w->fdb[at];
	if (!dst || dst->flags & (PN_FDB_LOCAL | PN_FDB_MOVED))
		return 0;
	if (dst->port == port && !(from->flags & PN_PORT_HAIRPIN))
		return 0;
	to = &v->m->w->port[dst->port];
	if (to->fid != from->fid || (to->flags & live) != live || to->gate[PN_PLACE_EGRESS])
		return 0;
	if (from->flags & to->flags & PN_PORT_ISOLATED || len > to->max_len)
		return 0;
	if (!(to->flags & target) || !source_known(v, frame + 6, port))
		return 0;
	if (from->gate[PN_PLACE_BRIDGE] && !model_is_tag(pkt_get16(frame + 12)) &&
	    !br_netfilter_keeps(frame, len, to->max_len - 18))
		return 0;
	return dst->port;
}
