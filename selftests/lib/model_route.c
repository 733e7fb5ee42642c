// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The reference model: routing behind a tunnel device. What ip_rcv(),
 * ip_route_input(), ip_forward() and their IPv6 kin check (chapters 2.2, 2.3,
 * on the inner header), and the routes and neighbours that the world says the
 * kernel has.
 */
#include <netinet/in.h>
#include <string.h>

#include "model_view.h"

const struct model_route *model_fib(const struct model *m, const uint8_t *addr, bool v6)
{
	for (int i = 0; i < WORLD_ROUTES && m->route[i].w; i++) {
		const struct model_route *r = &m->route[i];
		uint8_t len = r->w->len, mask = 0xff00 >> len % 8;

		if (r->prefix.v6 != v6 || memcmp(r->prefix.a, addr, len / 8))
			continue;
		if (!(len % 8) || !((r->prefix.a[len / 8] ^ addr[len / 8]) & mask))
			return r;
	}
	return NULL;
}

const uint8_t *model_neigh(const struct model *m, const uint8_t *addr, bool v6)
{
	for (int i = 0; i < WORLD_NEIGHS && m->neigh[i].addr.set; i++)
		if (model_addr_is(&m->neigh[i].addr, addr, v6))
			return m->neigh[i].mac;
	return NULL;
}

/* An inner packet that is to be forwarded, as far as its header tells. */
struct inner {
	const uint8_t *src, *dst, *l4;
	bool v6;
	uint8_t ttl, proto;
	uint32_t len;	 /* of the packet */
	uint32_t l4_len; /* 0: no L4 header there */
	bool fragment;
};

static bool ipv4_is_routable(const uint8_t *a)
{
	return a[0] && a[0] != 127 && (a[0] & 0xf0) != 0xe0 && pkt_get32(a) != 0xffffffff;
}

static bool ipv6_is_routable(const uint8_t *a)
{
	static const uint8_t zero[12];

	if (a[0] == 0xff || (a[0] == 0xfe && (a[1] & 0xc0) == 0x80))
		return false;
	if (memcmp(a, zero, 8))
		return true;
	if (!a[8] && !a[9] && a[10] == 0xff && a[11] == 0xff)
		return false;
	return pkt_get32(a + 8) || pkt_get32(a + 12) > 1;
}

static bool ipv4_read(const uint8_t *ip, uint32_t room, struct inner *in)
{
	uint16_t tot_len = pkt_get16(ip + 2);

	if (ip[0] != 0x45 || tot_len < 20 || tot_len > room || pkt_fold(pkt_sum(ip, 20, 0)))
		return false;
	*in = (struct inner){
		.src = ip + 12,
		.dst = ip + 16,
		.l4 = ip + 20,
		.ttl = ip[8],
		.proto = ip[9],
		.len = tot_len,
		.fragment = pkt_get16(ip + 6) & 0x3fff,
	};
	in->l4_len = in->fragment ? 0 : tot_len - 20;
	return ipv4_is_routable(in->src) && ipv4_is_routable(in->dst);
}

static bool ipv6_read(const uint8_t *ip, uint32_t room, struct inner *in)
{
	uint32_t len = 40 + pkt_get16(ip + 4);

	if (ip[0] >> 4 != 6 || len > room || ip[6] == IPPROTO_HOPOPTS)
		return false;
	*in = (struct inner){
		.v6 = true,
		.src = ip + 8,
		.dst = ip + 24,
		.l4 = ip + 40,
		.ttl = ip[7],
		.proto = ip[6],
		.len = len,
		.l4_len = len - 40,
	};
	return ipv6_is_routable(in->src) && ipv6_is_routable(in->dst);
}

/*
 * Packets whose route may depend on more than addresses: errors are hashed by
 * what they answer, routers answer neighbour discovery, and rules look behind
 * extension headers.
 */
static bool is_odd(const struct inner *in)
{
	uint8_t type = in->l4_len >= 4 ? in->l4[0] : 8;

	if (in->v6 && (in->proto == IPPROTO_ROUTING || in->proto == IPPROTO_FRAGMENT ||
		       in->proto == IPPROTO_DSTOPTS || in->proto == IPPROTO_AH))
		return true;
	if (in->proto == IPPROTO_ICMP && !in->v6 && in->fragment)
		return true;
	if (in->l4_len < 4)
		return false;
	if (in->proto == IPPROTO_ICMP)
		return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
	return in->proto == IPPROTO_ICMPV6 && (type < 128 || (type >= 133 && type <= 137));
}

/* __fib_validate_source(), asked of IPv4 only. */
static bool reverse_path_holds(const struct view *v, const struct inner *in)
{
	const struct model_route *back;

	if (in->v6 || v->tunnel->w->rpf == PN_RPF_OFF)
		return true;
	back = model_fib(v->m, in->src, false);
	if (!back || back->w->local || (!back->w->port && !back->w->tunnel))
		return false;
	return v->tunnel->w->rpf == PN_RPF_LOOSE || back->w->tunnel;
}

static enum model_way egress_choose(const struct view *v, const struct inner *in,
				    const struct model_route *r, struct model_hop *hop)
{
	uint32_t target = v->m->opts.tc ? PN_PORT_TC_TARGET : PN_PORT_XDP_TARGET;
	const struct world_port *to = &v->m->w->port[r->w->port];
	const uint8_t *next = r->via.set ? r->via.a : in->dst;
	const uint8_t *mac = model_neigh(v->m, next, r->via.set ? r->via.v6 : in->v6);

	if (!r->w->port || in->len > r->w->mtu || !mac || in->ttl <= 1)
		return MODEL_WAY_KERNEL;
	if (!reverse_path_holds(v, in))
		return MODEL_WAY_KERNEL;
	if (!(to->flags & PN_PORT_UP) || to->gate[PN_PLACE_EGRESS] || !(to->flags & target))
		return MODEL_WAY_KERNEL;
	if (in->len + 14 > to->max_len)
		return MODEL_WAY_KERNEL;
	hop->egress = r->w->port;
	memcpy(hop->dst, mac, 6);
	return MODEL_WAY_EGRESS;
}

enum model_way model_route(const struct view *v, uint32_t at, struct model_hop *hop)
{
	const struct world_tunnel *t = v->tunnel->w;
	bool v6 = v->type == 0x86dd;
	const struct model_route *r;
	struct inner in;

	if (t->gate[v6])
		return MODEL_WAY_KERNEL;
	if (v6 ? !ipv6_read(v->d + at, v->end - at, &in) : !ipv4_read(v->d + at, v->end - at, &in))
		return MODEL_WAY_KERNEL;
	hop->end = at + in.len;
	r = model_fib(v->m, in.dst, v6);
	if (!v6 && model_is_local(v->m, in.src, false))
		return MODEL_WAY_KERNEL;
	if (!v6 && model_is_local(v->m, in.dst, false))
		return MODEL_WAY_LOCAL;
	if (is_odd(&in) || t->no_forward)
		return v6 && t->no_forward && !is_odd(&in) ? MODEL_WAY_LOCAL : MODEL_WAY_KERNEL;
	if (!r)
		return MODEL_WAY_KERNEL;
	if (r->w->local)
		return v6 ? MODEL_WAY_LOCAL : MODEL_WAY_KERNEL;
	return egress_choose(v, &in, r, hop);
}
