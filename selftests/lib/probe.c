// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Good packets for tunnels; see probe.h. */
#include <netinet/in.h>
#include <string.h>

#include "probe.h"
#include "scene.h"

#define OPTIONS_MAX 63

static uint8_t proto_of(const struct world_tunnel *t)
{
	switch (world_kind(t)) {
	case PN_TUNNEL_VXLAN:
	case PN_TUNNEL_GENEVE:
		return IPPROTO_UDP;
	case PN_TUNNEL_IPIP:
	case PN_TUNNEL_VTI:
		return t->proto ? t->proto : IPPROTO_IPIP;
	case PN_TUNNEL_SIT:
	case PN_TUNNEL_IP6TNL:
		return t->proto ? t->proto : IPPROTO_IPV6;
	default:
		return IPPROTO_GRE;
	}
}

static uint16_t gre_proto_of(enum pn_tunnel_kind kind)
{
	switch (kind) {
	case PN_TUNNEL_GRETAP:
	case PN_TUNNEL_IP6GRETAP:
		return 0x6558;
	case PN_TUNNEL_ERSPAN:
	case PN_TUNNEL_IP6ERSPAN:
		return 0x88be;
	default:
		return 0x0800;
	}
}

/* Whose packets such a device would take: VXLAN's are anybody's whom the world knows. */
static const char *sender_of(const struct world *w, const struct world_tunnel *t)
{
	bool v6 = world_over6(t);

	if (t->remote)
		return t->remote;
	for (int i = 0; world_kind(t) == PN_TUNNEL_VXLAN && i < WORLD_PEERS; i++)
		if (w->peer[i].src && !strchr(w->peer[i].src, ':') == !v6)
			return w->peer[i].src;
	return v6 ? "fd00::77" : "10.0.0.77";
}

void probe_of(const struct world *w, int index, struct probe *p)
{
	const struct world_tunnel *t = &w->tunnel[index];
	bool v6 = world_over6(t);
	const char *remote = sender_of(w, t);
	const char *local = t->local ? t->local : v6 ? "fd00::1" : "10.0.0.1";

	*p = (struct probe){
		.kind = world_kind(t),
		.addr = pkt_addr(remote, local),
		.eth_dst = PKT_MAC_D,
		.eth_src = PKT_MAC_P,
		.ttl = 64,
		.proto = proto_of(t),
		.dport = t->dport,
		.key = t->id,
		.keyed = t->keyed || (v6 && t->id),
		.csum = t->flags & PN_TUNNEL_F_ICSUM,
		.gre_proto = gre_proto_of(world_kind(t)),
		.in_dst = SCENE_IN_DST,
		.in_src = PKT_MAC_I,
		.in_ttl = 64,
		.data = 24,
	};
	p->ether = p->gre_proto != 0x0800 || p->proto == IPPROTO_UDP;
	if (p->proto == IPPROTO_IPV6)
		p->inside = PROBE_IPV6;
}

static void inner_push(const struct probe *p, struct pkt *out)
{
	bool v6 = p->inside == PROBE_IPV6;
	const char *src = p->ip_src ? p->ip_src : v6 ? "fd05::2" : "192.168.5.2";
	const char *dst = p->ip_dst ? p->ip_dst : v6 ? "fd05::1" : "192.168.5.1";
	struct pkt_ip ip = {
		.proto = IPPROTO_UDP,
		.tos = p->in_tos,
		.ttl = p->in_ttl,
		.id = 1,
	};

	pkt_init(out);
	if (p->inside == PROBE_ARP) {
		pkt_arp(out, 1, PKT_MAC_I, "192.168.5.2", "192.168.5.1");
	} else {
		ip.addr = pkt_addr(src, dst);
		pkt_append(out, NULL, p->data);
		pkt_udp(out, 1000, 2000);
		pkt_ip(out, &ip);
	}
	if (p->ether)
		pkt_eth(out, p->in_dst, p->in_src,
			v6 ? 0x86dd : p->inside == PROBE_ARP ? 0x0806 : 0x0800);
}

static void geneve_push(const struct probe *p, struct pkt *out)
{
	static const uint8_t options[OPTIONS_MAX * 4];
	uint8_t h[8] = { p->options & 0x3f, 0, 0x65, 0x58 };

	pkt_put32(h + 4, p->key << 8);
	pkt_push(out, options, (p->options & 0x3f) * 4);
	pkt_push(out, h, sizeof(h));
}

static void gre_push(const struct probe *p, struct pkt *out)
{
	uint16_t proto = p->gre_proto;
	uint8_t h[12] = { p->csum << 7 | p->keyed << 5 };
	size_t n = 4;

	if (!p->ether && p->inside == PROBE_IPV6)
		proto = 0x86dd;
	pkt_put16(h + 2, proto);
	n += p->csum ? 4 : 0;
	if (p->keyed) {
		pkt_put32(h + n, p->key);
		n += 4;
	}
	pkt_push(out, h, n);
	if (p->csum)
		pkt_put16(pkt_data(out) + 4, pkt_fold(pkt_sum(pkt_cdata(out), out->len, 0)));
}

static void udp_push(const struct probe *p, uint16_t dport, struct pkt *out)
{
	pkt_udp(out, 5555, dport);
	if (!p->no_csum)
		return;
	out->l4_csum = 0;
	pkt_put16(pkt_data(out) + 6, 0);
}

/* FOU and GUE: the payload of an IP protocol behind a UDP header. */
static void via_push(const struct probe *p, struct pkt *out)
{
	uint8_t gue[4] = { 0, p->proto };

	if (p->via == PROBE_GUE)
		pkt_push(out, gue, sizeof(gue));
	udp_push(p, p->dport, out);
}

static void limit_push(const struct probe *p, struct pkt *out, struct pkt_ip *ip)
{
	uint8_t h[8] = { ip->proto, 0, 4, 1, 4, 1, 1, 0 };

	if (!p->limit || !p->addr.v6)
		return;
	pkt_push(out, h, sizeof(h));
	ip->proto = IPPROTO_DSTOPTS;
	out->l4_csum = 0;
}

void probe_wrap(const struct probe *p, struct pkt *out)
{
	struct pkt_ip ip = { .addr = p->addr, .tos = p->tos, .ttl = p->ttl, .id = 1 };
	bool udp = p->proto == IPPROTO_UDP;
	uint8_t vxlan[8] = { 0x08 };

	ip.proto = p->via ? IPPROTO_UDP : p->proto;
	out->l4_csum = 0;
	if (p->kind == PN_TUNNEL_VXLAN && udp) {
		pkt_put32(vxlan + 4, p->key << 8);
		pkt_push(out, vxlan, sizeof(vxlan));
	} else if (p->kind == PN_TUNNEL_GENEVE && udp) {
		geneve_push(p, out);
	} else if (p->proto == IPPROTO_GRE) {
		gre_push(p, out);
	}
	if (udp)
		udp_push(p, p->dport, out);
	else if (p->via)
		via_push(p, out);
	limit_push(p, out, &ip);
	pkt_ip(out, &ip);
	pkt_eth(out, p->eth_dst, p->eth_src, p->addr.v6 ? 0x86dd : 0x0800);
}

void probe_build(const struct probe *p, struct pkt *out)
{
	inner_push(p, out);
	probe_wrap(p, out);
}
