// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The reference model: from the outer payload to the tunnel and to what is
 * inside (chapter 5). A device that is left to the kernel stops the packet, as
 * does everything that the kernel treats in a way of its own.
 */
#include <netinet/in.h>
#include <string.h>

#include "model_view.h"

#define PROTO_MPLS 137

/* The kernel's choice, if it is one of those that are taken here. */
static enum model_station tunnel_take(struct view *v, const struct model_tunnel *t, uint32_t header,
				      uint16_t type)
{
	if (!t || t->w->why)
		return MODEL_STOP;
	/* a known remote, but not at this address of ours */
	if (v->vtep == PN_VTEP_ANY && t->kind != PN_TUNNEL_VXLAN && t->remote.set)
		return MODEL_STOP;
	v->tunnel = t;
	v->inner = v->l4 + header;
	v->type = type;
	return v->inner <= v->end ? MODEL_GO : MODEL_STOP;
}

/* 5.1 */
static enum model_station vxlan_take(struct view *v)
{
	const uint8_t *vx = v->d + v->l4;
	const struct model_tunnel *t;

	if (v->end < v->l4 + 8 || pkt_get32(vx) != 0x08000000 || vx[7])
		return MODEL_STOP;
	t = model_vxlan(v, pkt_get16(v->d + v->udp + 2), pkt_get32(vx + 4) >> 8);
	return tunnel_take(v, t, 8, 0);
}

/* 5.2 */
static enum model_station geneve_take(struct view *v)
{
	const uint8_t *gn = v->d + v->l4;
	const struct model_tunnel *t;

	if (v->end < v->l4 + 8)
		return MODEL_STOP;
	t = model_geneve(v, pkt_get16(v->d + v->udp + 2), pkt_get32(gn + 4) >> 8);
	if (gn[0] & 0xc0 || gn[1] & 0xc0 || pkt_get16(gn + 2) != 0x6558)
		return MODEL_STOP;
	return tunnel_take(v, t, 8 + (gn[0] & 0x3f) * 4, 0);
}

/* 5.3, 5.4, 5.5: the device for a GRE header without surprises. */
static const struct model_tunnel *gre_device(const struct view *v, uint16_t proto, bool keyed,
					     uint32_t key)
{
	const struct model_tunnel *t;

	if (v->v6)
		return model_ip6gre(v, proto, key);
	if (proto == 0x88be || proto == 0x22eb)
		return model_ip_tunnel(v, PN_TUNNEL_ERSPAN, false, 0);
	t = NULL;
	if (proto == 0x6558)
		t = model_ip_tunnel(v, PN_TUNNEL_GRETAP, keyed, key);
	return t ? t : model_ip_tunnel(v, PN_TUNNEL_GRE, keyed, key);
}

static enum model_station gre_take(struct view *v)
{
	const uint8_t *gre = v->d + v->l4;
	const struct model_tunnel *t;
	uint32_t header = 4, key = 0;
	uint16_t flags, proto;
	bool erspan;

	if (v->end < v->l4 + (v->v6 ? 4 : 12))
		return MODEL_STOP;
	flags = pkt_get16(gre);
	proto = pkt_get16(gre + 2);
	header += (flags & 0x8000 ? 4 : 0) + (flags & 0x2000 ? 4 : 0);
	if (flags & ~0xa000 || v->end < v->l4 + header)
		return MODEL_STOP;
	if (flags & 0x2000)
		key = pkt_get32(gre + header - 4);
	/* the kernel takes that for no key, and it is rare */
	if (v->v6 && flags & 0x2000 && !key)
		return MODEL_STOP;
	erspan = proto == 0x88be || proto == 0x22eb;
	if (erspan && (v->v6 || flags))
		return MODEL_STOP;
	t = gre_device(v, proto, flags & 0x2000, key);
	if (!t || (model_is_ether(t) != (erspan || proto == 0x6558)))
		return MODEL_STOP;
	if (!(t->w->flags & PN_TUNNEL_F_ICSUM) != !(flags & 0x8000))
		return MODEL_STOP;
	if (flags & 0x8000) {
		/* behind UDP it is left to the kernel */
		if (v->udp)
			return MODEL_STOP;
		v->csum = MODEL_CSUM_GRE;
	}
	return tunnel_take(v, t, header, model_is_ether(t) ? 0 : proto);
}

static bool mode_takes(const struct model_tunnel *t, uint8_t proto)
{
	return !t->w->proto || t->w->proto == proto;
}

/* A VTI is asked before everybody else, and takes whatever its peer sends. */
static bool is_vti(const struct view *v)
{
	for (int i = 1; i < WORLD_TUNNELS; i++) {
		const struct model_tunnel *t = &v->m->tunnel[i];

		if (t->kind == PN_TUNNEL_VTI && t->up &&
		    model_addr_is(&t->remote, v->addr.src, v->v6))
			return true;
	}
	return false;
}

/* 2.6, 5.6 */
static enum model_station ipip_take(struct view *v)
{
	uint16_t type = v->proto == IPPROTO_IPIP ? 0x0800 : 0x86dd;
	const struct model_tunnel *t = NULL;

	if (v->end < v->l4 + (type == 0x0800 ? 20 : 40) || is_vti(v))
		return MODEL_STOP;
	if (v->v6) {
		t = model_ip6tnl(v);
		/* ip6_tnl_rcv_ctl() */
		if (model_is_local(v->m, v->addr.src, true))
			return MODEL_STOP;
	} else {
		if (v->proto == IPPROTO_IPIP)
			t = model_ip_tunnel(v, PN_TUNNEL_IPIP, false, 0);
		t = t ? t : model_sit(v);
	}
	if (!t || !mode_takes(t, v->proto))
		return MODEL_STOP;
	return tunnel_take(v, t, 0, type);
}

/* 5.9: GUE leads to a protocol at a new offset. */
static bool gue_take(struct view *v)
{
	const uint8_t *gue = v->d + v->l4;

	if (v->end < v->l4 + 4)
		return false;
	if (gue[0] >> 6 == 1) {
		v->proto = gue[0] >> 4 == 4 ? IPPROTO_IPIP : gue[0] >> 4 == 6 ? IPPROTO_IPV6 : 0;
		return v->proto && v->end >= v->l4 + 12;
	}
	/* version 0, data, no options, no flags */
	if (gue[0] || pkt_get16(gue + 2))
		return false;
	v->proto = gue[1];
	v->l4 += 4;
	return true;
}

static enum model_station proto_take(struct view *v)
{
	if (v->proto == IPPROTO_GRE)
		return gre_take(v);
	if (v->proto == IPPROTO_IPIP || v->proto == IPPROTO_IPV6)
		return ipip_take(v);
	return MODEL_STOP;
}

static bool has_tunnel(const struct view *v, enum pn_tunnel_kind kind, uint16_t dport)
{
	for (int i = 1; i < WORLD_TUNNELS; i++) {
		const struct model_tunnel *t = &v->m->tunnel[i];

		if (t->kind == kind && t->over6 == v->v6 && t->w->dport == dport)
			return true;
	}
	return false;
}

static const struct world_fou *fou_find(const struct view *v, uint16_t dport)
{
	for (int i = 0; i < WORLD_FOU && v->m->w->fou[i].dport; i++)
		if (v->m->w->fou[i].dport == dport && v->m->w->fou[i].v6 == v->v6)
			return &v->m->w->fou[i];
	return NULL;
}

static enum model_station fou_take(struct view *v, const struct world_fou *fou)
{
	if (!fou->gue)
		v->proto = fou->proto;
	else if (!gue_take(v))
		return MODEL_STOP;
	/* FOU and GUE ports take no checksum over IPv6 as well */
	v->zero6 = false;
	return proto_take(v);
}

static enum model_station udp_take(struct view *v)
{
	enum model_station peer = model_peer(v);
	uint16_t dport = pkt_get16(v->d + v->udp + 2);
	const struct world_fou *fou = fou_find(v, dport);
	enum model_station ret = MODEL_STOP;

	v->l4 += 8;
	if (!fou && !has_tunnel(v, PN_TUNNEL_VXLAN, dport) &&
	    !has_tunnel(v, PN_TUNNEL_GENEVE, dport))
		return MODEL_STOP;
	if (peer != MODEL_GO)
		return peer;
	if (fou)
		ret = fou_take(v, fou);
	else if (has_tunnel(v, PN_TUNNEL_VXLAN, dport))
		ret = vxlan_take(v);
	else
		ret = geneve_take(v);
	if (ret == MODEL_GO && v->zero6 && !(v->tunnel->w->flags & PN_TUNNEL_F_ZERO_CSUM6))
		return MODEL_STOP;
	return ret;
}

static bool is_xfrm(uint8_t proto)
{
	return proto == IPPROTO_ESP || proto == IPPROTO_AH || proto == IPPROTO_COMP;
}

/* Does this host have a tunnel of the packet's outer protocol at all? */
static bool proto_known(const struct view *v)
{
	for (int i = 1; i < WORLD_TUNNELS; i++) {
		const struct model_tunnel *t = &v->m->tunnel[i];
		bool ip4in = v->proto == IPPROTO_IPIP, ip6in = v->proto == IPPROTO_IPV6;

		if (!t->kind || t->over6 != v->v6)
			continue;
		if (t->kind == PN_TUNNEL_IPIP && ip4in)
			return true;
		if (t->kind == PN_TUNNEL_SIT || t->kind == PN_TUNNEL_IP6TNL ||
		    t->kind == PN_TUNNEL_VTI)
			if (ip4in || ip6in)
				return true;
		if (t->kind == PN_TUNNEL_VTI && is_xfrm(v->proto))
			return true;
		if (v->proto == IPPROTO_GRE && t->kind >= PN_TUNNEL_GRETAP &&
		    t->kind <= PN_TUNNEL_IP6GRE)
			return true;
	}
	return false;
}

enum model_station model_terminate(struct view *v)
{
	enum model_station peer;

	v->udp = 0;
	v->csum = MODEL_CSUM_NONE;
	v->zero6 = false;
	if (v->proto == IPPROTO_UDP)
		return model_udp(v) ? udp_take(v) : MODEL_STOP;
	if (!proto_known(v))
		return MODEL_STOP;
	peer = model_peer(v);
	return peer == MODEL_GO ? proto_take(v) : peer;
}
