// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The decision written a second time; see model.h. */
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

/* The inner frame as the bridge sends it on. */
static void frame_out(const struct view *v, int ecn, struct pkt *out)
{
	pkt_init(out);
	pkt_append(out, v->d + v->inner, v->end - v->inner);
	model_ecn_write(pkt_data(out) + 14, v->type, ecn);
}

/* A packet whose tunnel is known and whose inner packet the driver takes. */
static struct model_result inner_run(struct view *v, int ecn, struct pkt *out)
{
	struct model_result res = { .tunnel = v->tunnel->index };
	const struct world_port *port = &v->m->w->port[v->tunnel->w->port];

	if (!model_is_ether(v->tunnel) || port->gate[PN_PLACE_PORT])
		return res;
	if (!port->fid || !model_csum_holds(v))
		return res;
	res.egress = model_bridge(v, v->d + v->inner, v->end - v->inner, v->tunnel->w->port);
	if (!res.egress)
		return res;
	res.class = MODEL_DECAP;
	frame_out(v, ecn, out);
	return res;
}

static struct model_result tunnel_run(struct view *v, struct pkt *out)
{
	struct model_result res = { .class = MODEL_PASS };
	enum model_station station;
	uint16_t type;
	uint32_t l3;
	int ecn;

	if (!model_ethernet(v, &l3, &type))
		return res;
	if (type == 0x0800 ? !model_ipv4(v, l3) : type != 0x86dd || !model_ipv6(v, l3))
		return res;
	station = model_terminate(v);
	if (station != MODEL_GO) {
		if (station == MODEL_STRANGER && v->m->opts.strict)
			res.class = MODEL_REFUSED;
		return res;
	}
	ecn = model_inner(v);
	return ecn < 0 ? res : inner_run(v, ecn, out);
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
