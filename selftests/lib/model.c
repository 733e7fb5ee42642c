// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The decision written a second time; see model.h. */
#include <netinet/in.h>
#include <string.h>

#include "model.h"

/* What is known of the packet so far; offsets into the frame. */
struct view {
	const struct world *w;
	const uint8_t *d;
	uint32_t len;
	uint16_t port; /* L3 ingress */
	uint32_t target;
	bool v6;
	uint8_t ecn;	     /* of the outer header */
	uint32_t l4, l4_len; /* UDP, and what the IP header leaves to it */
	uint32_t inner, inner_len;
	struct pkt_addr addr;
	uint32_t vtep;
	const struct world_tunnel *tunnel;
};

static bool mac_is(const uint8_t *at, const char *text)
{
	uint8_t m[6];

	pkt_mac(m, text);
	return !memcmp(at, m, 6);
}

static bool is_tag(uint16_t type)
{
	return type == 0x8100 || type == 0x88a8;
}

/* 2.1: the frame is for us, on this device or a VLAN device of it. */
static bool ethernet_take(struct view *v, uint32_t *l3, uint16_t *type)
{
	if (v->len < 14)
		return false;
	*type = pkt_get16(v->d + 12);
	for (*l3 = 14; is_tag(*type); *l3 += 4) {
		uint16_t to = 0, vid;

		if (*l3 >= 14 + 2 * 4 || v->len < *l3 + 4)
			return false;
		vid = pkt_get16(v->d + *l3) & 0xfff;
		for (int i = 0; i < WORLD_VLANS; i++) {
			const struct world_vlan *d = &v->w->vlan[i];

			if (vid && d->port == v->port && d->vid == vid &&
			    d->ad == (*type == 0x88a8))
				to = d->to;
		}
		if (!to)
			return false;
		v->port = to;
		*type = pkt_get16(v->d + *l3 + 2);
	}
	return v->w->port[v->port].mac && mac_is(v->d, v->w->port[v->port].mac);
}

/* 2.2 */
static bool ipv4_take(struct view *v, uint32_t l3)
{
	const uint8_t *ip = v->d + l3;
	uint16_t tot_len;

	if (v->w->port[v->port].gate[PN_PLACE_OUTER4] || v->len < l3 + 20 || ip[0] != 0x45)
		return false;
	tot_len = pkt_get16(ip + 2);
	if (tot_len < 20 || l3 + tot_len > v->len || pkt_fold(pkt_sum(ip, 20, 0)))
		return false;
	if (pkt_get16(ip + 6) & 0x3fff || ip[9] != IPPROTO_UDP)
		return false;
	v->ecn = ip[1] & 3;
	memcpy(v->addr.src, ip + 12, 4);
	memcpy(v->addr.dst, ip + 16, 4);
	v->l4 = l3 + 20;
	v->l4_len = tot_len - 20;
	return true;
}

/* 2.3 */
static bool ipv6_take(struct view *v, uint32_t l3)
{
	const uint8_t *ip = v->d + l3;

	if (v->w->port[v->port].gate[PN_PLACE_OUTER6] || v->len < l3 + 40 || ip[0] >> 4 != 6)
		return false;
	if (l3 + 40 + pkt_get16(ip + 4) > v->len || ip[6] != IPPROTO_UDP)
		return false;
	v->v6 = v->addr.v6 = true;
	v->ecn = pkt_get32(ip) >> 20 & 3;
	memcpy(v->addr.src, ip + 8, 16);
	memcpy(v->addr.dst, ip + 24, 16);
	v->l4 = l3 + 40;
	v->l4_len = pkt_get16(ip + 4);
	return true;
}

static bool peer_known(struct view *v)
{
	for (int i = 0; i < WORLD_PEERS && v->w->peer[i].src; i++) {
		const struct world_peer *p = &v->w->peer[i];
		struct pkt_addr a = pkt_addr(p->src, p->dst);
		size_t n = a.v6 ? 16 : 4;

		if (a.v6 != v->v6 || p->port != v->port)
			continue;
		if (memcmp(a.src, v->addr.src, n) || memcmp(a.dst, v->addr.dst, n))
			continue;
		v->vtep = world_vtep(v->w, p->src);
		return true;
	}
	return false;
}

/* 2.5 and 5.1: the datagram, the tunnel header, the tunnel. */
static bool vxlan_take(struct view *v)
{
	const uint8_t *udp = v->d + v->l4, *vx = udp + 8;
	uint16_t len, dport;
	uint32_t vni;

	if (v->l4_len < 8)
		return false;
	len = pkt_get16(udp + 4);
	dport = pkt_get16(udp + 2);
	if (len < 16 || len > v->l4_len)
		return false;
	vni = pkt_get32(vx + 4) >> 8;
	for (int i = 1; i < WORLD_TUNNELS; i++) {
		const struct world_tunnel *t = &v->w->tunnel[i];

		if (t->port && t->v6 == v->v6 && t->dport == dport && t->id == vni)
			v->tunnel = t;
	}
	if (!v->tunnel || pkt_get32(vx) != 0x08000000 || vx[7])
		return false;
	v->l4_len = len;
	v->inner = v->l4 + 16;
	v->inner_len = len - 16;
	return true;
}

static bool udp_sum_holds(const struct view *v)
{
	const uint8_t *udp = v->d + v->l4;
	size_t n = v->v6 ? 16 : 4;
	uint32_t sum = 0;

	if (!pkt_get16(udp + 6))
		return !v->v6 || v->tunnel->flags & PN_TUNNEL_F_ZERO_CSUM6;
	sum = pkt_sum(v->addr.src, n, sum);
	sum = pkt_sum(v->addr.dst, n, sum);
	return !pkt_fold(pkt_sum(udp, v->l4_len, sum + IPPROTO_UDP + v->l4_len));
}

/* 3.3: result of the table, or -1 where the kernel logs or drops. */
static int ecn_result(uint8_t inner, uint8_t outer)
{
	static const int8_t table[4][4] = {
		/* outer: Not-ECT, ECT(1), ECT(0), CE */
		{ 0, -1, -1, -1 },
		{ 1, 1, 1, 3 },
		{ 2, 1, 2, 3 },
		{ 3, 3, 3, 3 },
	};

	return table[inner][outer];
}

/* 3.2 to 3.4: does the driver deliver it, and with which ECN? -1: no. */
static int inner_take(const struct view *v)
{
	const uint8_t *d = v->d + v->inner, *ip = d + 14;
	uint16_t type;

	if (v->inner_len < 14)
		return -1;
	if (mac_is(d + 6, v->w->port[v->tunnel->port].mac))
		return -1;
	type = pkt_get16(d + 12);
	if (is_tag(type))
		return v->inner_len < 20 || v->ecn ? -1 : 0;
	if (type == 0x0800)
		return v->inner_len < 34 ? -1 : ecn_result(ip[1] & 3, v->ecn);
	if (type == 0x86dd)
		return v->inner_len < 54 ? -1 : ecn_result(pkt_get16(ip) >> 4 & 3, v->ecn);
	return 0;
}

static const struct world_fdb *fdb_find(const struct view *v, const uint8_t *mac, uint16_t fid)
{
	for (int i = 0; i < WORLD_FDB && v->w->fdb[i].mac; i++)
		if (v->w->fdb[i].fid == fid && mac_is(mac, v->w->fdb[i].mac))
			return &v->w->fdb[i];
	return NULL;
}

/* 7.6: the source must be where it is known, unless nothing depends on it. */
static bool source_known(const struct view *v, const uint8_t *mac, uint16_t port)
{
	bool tunnel_learns = v->tunnel && v->tunnel->flags & PN_TUNNEL_F_LEARNING;
	const struct world_port *p = &v->w->port[port];
	const struct world_fdb *e = fdb_find(v, mac, p->fid);

	if (!(p->flags & (PN_PORT_LEARNING | PN_PORT_LOCKED)) && !tunnel_learns)
		return true;
	if (!e || e->port != port || e->flags & (PN_FDB_LOCAL | PN_FDB_MOVED))
		return false;
	if (p->flags & PN_PORT_LOCKED && e->flags & PN_FDB_LOCKED)
		return false;
	if (tunnel_learns && world_vtep(v->w, e->vtep) != v->vtep)
		return false;
	return !(e->flags & PN_FDB_REFRESH && p->flags & PN_PORT_LEARNING &&
		 e->stamp != (uint8_t)v->w->epoch);
}

static bool may_answer(const struct world_port *p, const uint8_t *frame, uint32_t len)
{
	uint16_t type = pkt_get16(frame + 12);
	uint16_t behind_tag = is_tag(type) && len >= 18 ? pkt_get16(frame + 16) : type;

	if (behind_tag == 0x8902 || behind_tag == 0x88e3)
		return true;
	return p->flags & PN_PORT_NEIGH_PROXY &&
		(type == 0x0806 || type == 0x86dd || is_tag(type));
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

/* 7.1, 7.6: port the frame would leave by, 0 if it is not for us to say. */
static uint16_t bridge_take(const struct view *v, const uint8_t *frame, uint32_t len, uint16_t port)
{
	const uint32_t live = PN_PORT_UP | PN_PORT_FORWARDING;
	const struct world_port *from = &v->w->port[port], *to;
	uint16_t type = pkt_get16(frame + 12);
	const struct world_fdb *dst;

	if (from->gate[PN_PLACE_BRIDGE] & ~PN_GATE_BR_NETFILTER)
		return 0;
	if (is_tag(type) && from->gate[PN_PLACE_TAGGED])
		return 0;
	if (frame[6] & 1 || mac_is(frame + 6, "00:00:00:00:00:00") || frame[0] & 1)
		return 0;
	if ((from->flags & live) != live || may_answer(from, frame, len))
		return 0;
	dst = fdb_find(v, frame, from->fid);
	if (!dst || dst->flags & (PN_FDB_LOCAL | PN_FDB_MOVED))
		return 0;
	if (dst->port == port && !(from->flags & PN_PORT_HAIRPIN))
		return 0;
	to = &v->w->port[dst->port];
	if (to->fid != from->fid || (to->flags & live) != live || to->gate[PN_PLACE_EGRESS])
		return 0;
	if (from->flags & to->flags & PN_PORT_ISOLATED || len > to->max_len)
		return 0;
	if (!(to->flags & v->target) || !source_known(v, frame + 6, port))
		return 0;
	if (from->gate[PN_PLACE_BRIDGE] && !br_netfilter_keeps(frame, len, to->max_len - 18))
		return 0;
	return dst->port;
}

static uint16_t ones_add(uint16_t a, uint16_t b)
{
	uint32_t sum = (uint32_t)a + b;

	return sum + (sum >> 16);
}

/*
 * The inner frame with the ECN field that the table says. The IPv4 checksum
 * is changed as the kernel does, not computed anew: a sum of ones' complement
 * has two zeros, and a wrong checksum must stay as wrong as it was.
 */
static void inner_out(const struct view *v, int ecn, struct pkt *out)
{
	uint16_t type;
	uint8_t *ip;
	int up;

	pkt_init(out);
	pkt_append(out, v->d + v->inner, v->inner_len);
	type = pkt_get16(pkt_data(out) + 12);
	ip = pkt_data(out) + 14;
	if (type == 0x86dd)
		pkt_put16(ip, (pkt_get16(ip) & ~0x30) | ecn << 4);
	if (type != 0x0800 || (ip[1] & 3) == ecn)
		return;
	up = ecn - (ip[1] & 3);
	ip[1] += up;
	pkt_put16(ip + 10, ones_add(pkt_get16(ip + 10), up > 0 ? 0xffff - up : -up));
}

static struct model_result tunnel_run(struct view *v, struct pkt *out)
{
	struct model_result none = { .forward = false };
	const struct world_port *port;
	uint16_t type, egress;
	uint32_t l3;
	int ecn;

	if (!ethernet_take(v, &l3, &type))
		return none;
	if (type == 0x0800 ? !ipv4_take(v, l3) : type != 0x86dd || !ipv6_take(v, l3))
		return none;
	if (!vxlan_take(v) || !peer_known(v))
		return none;
	port = &v->w->port[v->tunnel->port];
	ecn = inner_take(v);
	if (port->gate[PN_PLACE_PORT] || ecn < 0 || !port->fid || !udp_sum_holds(v))
		return none;
	egress = bridge_take(v, v->d + v->inner, v->inner_len, v->tunnel->port);
	if (!egress)
		return none;
	inner_out(v, ecn, out);
	return (struct model_result){
		.forward = true,
		.decap = true,
		.egress = egress,
		.tunnel = v->tunnel - v->w->tunnel,
	};
}

struct model_result model_run(const struct world *w, uint16_t port, uint32_t target,
			      const struct pkt *in, struct pkt *out)
{
	struct view v = {
		.w = w,
		.d = pkt_cdata(in),
		.len = in->len,
		.port = port,
		.target = target,
	};
	struct model_result res = { .forward = false };

	if (w->port[port].gate[PN_PLACE_PORT])
		return res;
	if (!w->port[port].fid)
		return tunnel_run(&v, out);
	if (in->len < 14)
		return res;
	res.egress = bridge_take(&v, v.d, v.len, port);
	res.forward = res.egress;
	*out = *in;
	return res;
}
