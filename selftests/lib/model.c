// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The decision written a second time; see model.h. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "model_view.h"

static struct model_addr addr_of(const char *text)
{
	struct model_addr a = { .set = text };
	struct pkt_addr p;

	if (!text)
		return a;
	p = pkt_addr(text, text);
	a.v6 = p.v6;
	memcpy(a.a, p.src, sizeof(a.a));
	return a;
}

static void tunnel_read(struct model_tunnel *t, const struct world_tunnel *w, int index)
{
	*t = (struct model_tunnel){
		.w = w,
		.kind = world_kind(w),
		.over6 = world_over6(w),
		.ether = world_is_ether(w),
		.up = w->why != PN_WHY_DOWN,
		.remote = addr_of(w->remote),
		.local = addr_of(w->local),
		.rd_prefix = addr_of(w->rd_prefix),
		.rd_relay = addr_of(w->rd_relay),
		.index = index,
	};
}

static void lists_read(struct model *m, const struct world *w)
{
	for (int i = 0; i < WORLD_PEERS && w->peer[i].src; i++)
		m->peer[i] = (struct model_peer){
			.src = addr_of(w->peer[i].src),
			.dst = addr_of(w->peer[i].dst),
			.port = w->peer[i].port,
			.vtep = world_vtep(w, w->peer[i].src),
		};
	for (int i = 0; i < WORLD_FDB && w->fdb[i].mac; i++) {
		m->fdb_mac[i] = world_mac48(w->fdb[i].mac);
		m->fdb_vtep[i] = world_vtep(w, w->fdb[i].vtep);
	}
	for (int i = 0; i < WORLD_LOCALS && w->local[i].addr; i++)
		m->local[i] = addr_of(w->local[i].addr);
	for (int i = 0; i < WORLD_LISTED && w->listed[i].addr; i++)
		m->listed[i] = addr_of(w->listed[i].addr);
	for (int i = 0; i < WORLD_ROUTES && w->route[i].prefix; i++)
		m->route[i] = (struct model_route){
			.w = &w->route[i],
			.prefix = addr_of(w->route[i].prefix),
			.via = addr_of(w->route[i].via),
		};
	for (int i = 0; i < WORLD_NEIGHS && w->neigh[i].addr; i++) {
		m->neigh[i].addr = addr_of(w->neigh[i].addr);
		pkt_mac(m->neigh[i].mac, w->neigh[i].mac);
	}
}

struct model *model_open(const struct world *w, const struct model_opts *opts)
{
	struct model *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->w = w;
	m->opts = *opts;
	for (int i = 0; i < WORLD_PORTS; i++) {
		m->has_mac[i] = w->port[i].mac;
		if (w->port[i].mac)
			pkt_mac(m->mac[i], w->port[i].mac);
	}
	for (int i = 1; i < WORLD_TUNNELS; i++)
		tunnel_read(&m->tunnel[i], &w->tunnel[i], i);
	lists_read(m, w);
	return m;
}

void model_close(struct model *m)
{
	free(m);
}

const char *model_class_name(enum model_class class)
{
	static const char *const names[MODEL_CLASSES] = {
		[MODEL_PASS] = "pass",		 [MODEL_BRIDGED] = "bridged",
		[MODEL_DECAP] = "decap",	 [MODEL_ROUTED] = "routed",
		[MODEL_DELIVERED] = "delivered", [MODEL_REFUSED] = "refused",
	};

	return names[class];
}

/* What the driver takes off; behind a device without Ethernet the outer one stays. */
static void driver_out(const struct view *v, int ecn, struct pkt *out)
{
	uint32_t eth = model_is_ether(v->tunnel) ? 14 : 0;

	pkt_init(out);
	if (!eth)
		pkt_append(out, v->d, 14);
	pkt_append(out, v->d + v->inner, v->end - v->inner);
	model_ecn_write(pkt_data(out) + 14, v->type, ecn);
}

/* ip_decrease_ttl(), to the bit: in the machine's order. */
static void hop_count(uint8_t *ip, uint16_t type)
{
	uint16_t word;
	uint32_t sum;

	if (type == 0x86dd) {
		ip[7]--;
		return;
	}
	ip[8]--;
	memcpy(&word, ip + 10, 2);
	sum = (uint32_t)word + htons(0x0100);
	word = sum + (sum >= 0xffff);
	memcpy(ip + 10, &word, 2);
}

static void routed_out(const struct view *v, uint32_t at, int ecn, const struct model_hop *hop,
		       struct pkt *out)
{
	uint8_t eth[14];

	memcpy(eth, hop->dst, 6);
	memcpy(eth + 6, v->m->mac[hop->egress], 6);
	pkt_put16(eth + 12, v->type);
	pkt_init(out);
	pkt_append(out, eth, sizeof(eth));
	pkt_append(out, v->d + at, hop->end - at);
	model_ecn_write(pkt_data(out) + 14, v->type, ecn);
	hop_count(pkt_data(out) + 14, v->type);
}

static bool outer_is_ip(const struct view *v)
{
	uint16_t type = pkt_get16(v->d + 12);

	return type == 0x0800 || type == 0x86dd;
}

/* At tc the packet goes on behind the device, if nothing else can be done. */
static struct model_result deliver(const struct view *v, int ecn, struct pkt *out)
{
	uint32_t least = pkt_get16(v->d + 12) == 0x86dd ? 40 : 20;
	struct model_result res = { .tunnel = v->tunnel->index, .settled = true };

	if (!v->m->opts.tc || !outer_is_ip(v))
		return res;
	if (model_is_ether(v->tunnel) && v->end - v->inner < 14 + least)
		return res;
	res.class = MODEL_DELIVERED;
	driver_out(v, ecn, out);
	return res;
}

static struct model_result level_run(struct view *v, uint8_t depth, struct pkt *out);

/* To this host: perhaps another tunnel. */
static bool nested_run(const struct view *v, uint32_t at, int ecn, uint8_t depth,
		       struct pkt *out, struct model_result *res)
{
	struct view in = *v;

	if (depth >= (v->m->opts.nesting ? v->m->opts.nesting : 1) || !v->tunnel->w->port)
		return false;
	in.port = v->tunnel->w->port;
	in.len = v->end;
	in.tunnel = NULL;
	if (v->type == 0x0800 ? !model_ipv4(&in, at) : !model_ipv6(&in, at))
		return false;
	/* ECN of this level is not written yet */
	in.ecn = ecn;
	*res = level_run(&in, depth + 1, out);
	return res->class != MODEL_PASS || res->settled;
}

static struct model_result behind_run(const struct view *v, uint32_t at, int ecn, uint8_t depth,
				      struct pkt *out)
{
	struct model_result res = { .tunnel = v->tunnel->index, .settled = true };
	struct model_hop hop = { 0 };
	enum model_way way = model_route(v, at, &hop);

	if (!model_csum_holds(v))
		return res;
	if (way == MODEL_WAY_EGRESS && (!v->m->opts.tc || outer_is_ip(v))) {
		res.class = MODEL_ROUTED;
		res.egress = hop.egress;
		routed_out(v, at, ecn, &hop, out);
		return res;
	}
	if (way == MODEL_WAY_LOCAL && nested_run(v, at, ecn, depth, out, &res))
		return res;
	return deliver(v, ecn, out);
}

/* A frame out of a device that is no bridge port. */
static struct model_result frame_run(const struct view *v, int ecn, uint8_t depth, struct pkt *out)
{
	struct model_result res = { .tunnel = v->tunnel->index };
	bool own = !memcmp(v->d + v->inner, v->m->mac[v->tunnel->w->port], 6);

	if (v->tunnel->w->flags & PN_TUNNEL_F_LEARNING)
		return res;
	res.settled = true;
	if (!model_csum_holds(v))
		return res;
	if (own && (v->type == 0x0800 || v->type == 0x86dd))
		return behind_run(v, v->inner + 14, ecn, depth, out);
	return deliver(v, ecn, out);
}

/* A packet whose tunnel is known and whose inner packet the driver takes. */
static struct model_result inner_run(const struct view *v, int ecn, uint8_t depth, struct pkt *out)
{
	struct model_result res = { .tunnel = v->tunnel->index };
	const struct world_port *port = &v->m->w->port[v->tunnel->w->port];

	if (!model_is_ether(v->tunnel))
		return behind_run(v, v->inner, ecn, depth, out);
	if (port->gate[PN_PLACE_PORT])
		return res;
	if (!port->fid)
		return frame_run(v, ecn, depth, out);
	if (!model_csum_holds(v))
		return res;
	res.egress = model_bridge(v, v->d + v->inner, v->end - v->inner, v->tunnel->w->port);
	if (!res.egress)
		return res;
	res.class = MODEL_DECAP;
	driver_out(v, ecn, out);
	return res;
}

/* One tunnel, from the IP header on. */
static struct model_result level_run(struct view *v, uint8_t depth, struct pkt *out)
{
	struct model_result res = { .class = MODEL_PASS };
	enum model_station station = model_terminate(v);
	int ecn;

	if (station != MODEL_GO) {
		if (station == MODEL_STRANGER && v->m->opts.strict)
			res.class = MODEL_REFUSED;
		return res;
	}
	ecn = model_inner(v);
	return ecn < 0 ? res : inner_run(v, ecn, depth, out);
}

static struct model_result tunnel_run(struct view *v, struct pkt *out)
{
	struct model_result res = { .class = MODEL_PASS };
	uint16_t type;
	uint32_t l3;

	if (!model_ethernet(v, &l3, &type))
		return res;
	if (type == 0x0800 ? !model_ipv4(v, l3) : type != 0x86dd || !model_ipv6(v, l3))
		return res;
	return level_run(v, 1, out);
}

struct model_result model_run(const struct model *m, uint16_t port, const struct pkt *in,
			      struct pkt *out)
{
	struct view v = { .m = m, .d = pkt_cdata(in), .len = in->len, .port = port };
	struct model_result res = { .class = MODEL_PASS };

	if (m->w->port[port].gate[PN_PLACE_PORT])
		return res;
	if (!m->w->port[port].fid)
		return tunnel_run(&v, out);
	if (in->len < 14)
		return res;
	res.egress = model_bridge(&v, v.d, v.len, port);
	res.class = res.egress ? MODEL_BRIDGED : MODEL_PASS;
	if (res.egress) {
		pkt_init(out);
		pkt_append(out, v.d, v.len);
	}
	return res;
}
