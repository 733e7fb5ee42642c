// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A struct world as map contents; see fast.h. */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <string.h>

#include "expect.h"
#include "fast.h"
#include "tap.h"

static void port_write(struct fast *f, int index, const struct world_port *w)
{
	struct pn_port *p = &f->ports[index];

	p->ifindex = w->ifindex;
	p->flags = w->flags;
	p->max_len = w->max_len;
	p->fid = w->fid;
	p->pvid = w->pvid;
	p->vlan_proto = w->vlan_proto;
	if (w->mac)
		pkt_mac(p->mac, w->mac);
	memcpy(p->gate, w->gate, sizeof(p->gate));
	if (f->devmap_fd > 0 && w->ifindex && w->flags & PN_PORT_XDP_TARGET) {
		uint32_t key = index;

		if (bpf_map_update_elem(f->devmap_fd, &key, &w->ifindex, 0))
			tap_bail("pn_devmap[%u] = %u", key, w->ifindex);
	}
}

static void slot_write(struct pn_table *t, uint64_t key, union pn_value value)
{
	if (pn_table_set(t, key, value))
		tap_bail("table is full");
}

static union pn_value value_of(const struct pn_table *t, uint64_t key)
{
	union pn_value value = { 0 };

	pn_table_get(t, key, &value);
	return value;
}

/* A key that is there already leads to a chain of tunnels that differ by their local. */
static void key_write(struct fast *f, uint64_t key, uint32_t index)
{
	union pn_value value = { .tunnel = index };
	uint32_t at = value_of(&f->demux, key).tunnel;

	if (!at) {
		slot_write(&f->demux, key, value);
		return;
	}
	while (at != index && f->tunnels[at].next)
		at = f->tunnels[at].next;
	if (at != index)
		f->tunnels[at].next = index;
}

static void udp_write(struct fast *f, bool v6, uint16_t dport, uint16_t service)
{
	slot_write(&f->demux, PN_DEMUX_KEY_UDP(PN_DEMUX_UDP_PORT, v6, dport, 0),
		   (union pn_value){ .index = service });
}

static void external_write(struct fast *f, const struct world_tunnel *t, int index)
{
	uint16_t service = world_kind(t) == PN_TUNNEL_GENEVE ? PN_UDP_GENEVE :
			   t->gpe			      ? PN_UDP_GPE :
								PN_UDP_VXLAN;

	slot_write(&f->demux, PN_DEMUX_KEY_UDP(PN_DEMUX_UDP_PORT, world_over6(t), t->dport, 0),
		   (union pn_value){ .index = service, .tunnel = index });
}

static void proto_write(struct fast *f, bool v6, uint8_t proto)
{
	slot_write(&f->demux, PN_DEMUX_KEY_UDP(PN_DEMUX_IP_PROTO, v6, proto, 0),
		   (union pn_value){ .index = 1 });
}

/* Kinds that take one key each; IPv6 GRE knows no packet without a key. */
static uint8_t gre_type(const struct world_tunnel *t)
{
	switch (world_kind(t)) {
	case PN_TUNNEL_GRETAP:
		return t->keyed ? PN_DEMUX_GRETAP_KEY : PN_DEMUX_GRETAP;
	case PN_TUNNEL_GRE:
		return t->keyed ? PN_DEMUX_GRE_KEY : PN_DEMUX_GRE;
	case PN_TUNNEL_IP6GRETAP:
		return PN_DEMUX_GRETAP_KEY;
	case PN_TUNNEL_IP6GRE:
		return PN_DEMUX_GRE_KEY;
	case PN_TUNNEL_ERSPAN:
		return PN_DEMUX_ERSPAN1;
	default:
		return 0;
	}
}

/* Outer protocols 4 and 41: what a device of this kind and mode takes. */
static bool ipip_takes(const struct world_tunnel *t, uint8_t proto)
{
	if (world_kind(t) == PN_TUNNEL_IPIP)
		return proto == 4 && (!t->proto || t->proto == 4);
	if (world_kind(t) != PN_TUNNEL_SIT && world_kind(t) != PN_TUNNEL_IP6TNL)
		return false;
	return !t->proto || t->proto == proto;
}

/* Protocol 4 is offered to ipip before sit. */
static bool ipip_shadows(const struct world *w, const struct world_tunnel *sit)
{
	for (int i = 1; i < WORLD_TUNNELS; i++) {
		const struct world_tunnel *t = &w->tunnel[i];

		if (world_kind(t) == PN_TUNNEL_IPIP && t->remote && sit->remote &&
		    !strcmp(t->remote, sit->remote))
			return true;
	}
	return false;
}

static void keys_write(struct fast *f, int index, const struct world *w)
{
	const struct world_tunnel *t = &w->tunnel[index];
	uint32_t vtep = t->remote ? world_vtep(w, t->remote) : PN_VTEP_ANY;
	enum pn_tunnel_kind kind = world_kind(t);
	bool v6 = world_over6(t);

	if (kind == PN_TUNNEL_VXLAN)
		slot_write(&f->demux, PN_DEMUX_KEY_UDP(PN_DEMUX_VXLAN, v6, t->dport, t->id),
			   (union pn_value){ .tunnel = index, .index = t->vid });
	if (kind == PN_TUNNEL_GENEVE)
		key_write(f, PN_DEMUX_KEY_VTEP(PN_DEMUX_GENEVE, vtep, t->id), index);
	if (gre_type(t))
		key_write(f, PN_DEMUX_KEY_VTEP(gre_type(t), vtep, t->id), index);
	if (ipip_takes(t, 4) && (kind != PN_TUNNEL_SIT || !ipip_shadows(w, t)))
		key_write(f, PN_DEMUX_KEY_VTEP(PN_DEMUX_IPV4, vtep, 0), index);
	if (ipip_takes(t, 41))
		key_write(f, PN_DEMUX_KEY_VTEP(PN_DEMUX_IPV6, vtep, 0), index);
}

/* What the host listens to, whether the device is eligible or not. */
static void service_write(struct fast *f, const struct world_tunnel *t)
{
	bool v6 = world_over6(t);

	switch (world_kind(t)) {
	case PN_TUNNEL_VXLAN:
		return udp_write(f, v6, t->dport, PN_UDP_VXLAN);
	case PN_TUNNEL_GENEVE:
		return udp_write(f, v6, t->dport, PN_UDP_GENEVE);
	case PN_TUNNEL_IPIP:
		return proto_write(f, v6, 4);
	case PN_TUNNEL_SIT:
	case PN_TUNNEL_IP6TNL:
		proto_write(f, v6, 4);
		return proto_write(f, v6, 41);
	case PN_TUNNEL_VTI:
		for (int i = 0; i < 5; i++)
			proto_write(f, v6, (const uint8_t[]){ 4, 41, 50, 51, 108 }[i]);
		return;
	default:
		return proto_write(f, v6, 47);
	}
}

static uint32_t flags_of(const struct world_tunnel *t)
{
	switch (world_kind(t)) {
	case PN_TUNNEL_VXLAN:
	case PN_TUNNEL_GENEVE:
		return t->flags | PN_TUNNEL_F_ETHER | PN_TUNNEL_F_OWN_MAC;
	case PN_TUNNEL_GRETAP:
	case PN_TUNNEL_ERSPAN:
		return t->flags | PN_TUNNEL_F_ETHER | PN_TUNNEL_F_COUNT_ETH;
	case PN_TUNNEL_IP6GRETAP:
	case PN_TUNNEL_IP6ERSPAN:
		return t->flags | PN_TUNNEL_F_ETHER;
	default:
		return t->flags;
	}
}

/* As in the maps: IPv4 is v4-mapped. */
static void addr_write(const char *text, void *to)
{
	struct pkt_addr a = pkt_addr(text, text);

	memset(to, 0, 16);
	if (!a.v6)
		memset((uint8_t *)to + 10, 0xff, 2);
	memcpy((uint8_t *)to + (a.v6 ? 0 : 12), a.src, a.v6 ? 16 : 4);
}

static void tunnel_write(struct fast *f, int index, const struct world *w)
{
	const struct world_tunnel *wt = &w->tunnel[index];
	struct pn_tunnel *t = &f->tunnels[index];

	t->ifindex = wt->ifindex ? wt->ifindex : w->port[wt->port].ifindex;
	t->port = wt->port;
	t->kind = world_kind(wt);
	t->flags = flags_of(wt);
	t->id = wt->id;
	t->dport = wt->dport;
	t->rpf = wt->rpf;
	t->why = wt->why;
	memcpy(t->gate, wt->gate, sizeof(t->gate));
	if (wt->port && w->port[wt->port].mac)
		pkt_mac(t->mac, w->port[wt->port].mac);
	if (wt->local && t->kind != PN_TUNNEL_VXLAN && t->kind != PN_TUNNEL_GENEVE)
		addr_write(wt->local, t->local);
	if (wt->rd_prefix) {
		uint8_t addr[16];

		addr_write(wt->rd_prefix, addr);
		memcpy(t->rd_prefix, addr, 8);
		addr_write(wt->rd_relay ? wt->rd_relay : "0.0.0.0", addr);
		memcpy(&t->rd_relay, addr + 12, 4);
		t->rd_prefix_len = wt->rd_prefix_len;
		t->rd_relay_len = wt->rd_relay_len;
	}
	service_write(f, wt);
	if (wt->external)
		return external_write(f, wt, index);
	if (t->kind == PN_TUNNEL_VTI && wt->remote)
		key_write(f, PN_DEMUX_KEY_VTEP(PN_DEMUX_VTI, world_vtep(w, wt->remote), 0), index);
	else if (!wt->why)
		keys_write(f, index, w);
}

static void pair_write(struct fast *f, const char *src, const char *dst, uint16_t port,
		       uint32_t vtep)
{
	struct pn_pair pair = { .port = port };

	addr_write(src, &pair.src);
	addr_write(dst, &pair.dst);
	if (pn_pairs_set(&f->pairs, &pair, vtep))
		tap_bail("pairs are full");
}

/* Where strangers are taken nobody may stand for a peer. */
static void peer_write(struct fast *f, const struct world_peer *p, uint32_t vtep)
{
	pair_write(f, p->src, p->dst, p->port, vtep);
	if (f->opts.peers || f->opts.strict)
		pair_write(f, p->src, strchr(p->src, ':') ? "::" : "0.0.0.0", 0, vtep);
}

/* Addresses of ours; ports that take packets from others have wildcard endpoints. */
static void local_write(struct fast *f, const struct world_local *l)
{
	bool v6 = strchr(l->addr, ':');
	uint8_t addr[16];
	uint32_t word;

	addr_write(l->addr, addr);
	memcpy(&word, addr + 12, 4);
	if (!v6)
		slot_write(&f->demux, PN_DEMUX_KEY_WORD(PN_DEMUX_LOCAL4, word),
			   (union pn_value){ .index = 1 });
	if (l->port && (f->opts.peers || f->opts.strict))
		pair_write(f, v6 ? "::" : "0.0.0.0", l->addr, l->port, PN_VTEP_ANY);
}

static void listed_write(struct fast *f, const struct world_listed *l)
{
	bool v6 = strchr(l->addr, ':');
	struct pn_peer_key key = { .prefix_len = 32 + (v6 ? 0 : 96) + l->len, .port = W_WIRE };
	uint32_t one = 1;

	if (f->peers_fd < 0)
		return;
	addr_write(l->addr, key.addr);
	if (bpf_map_update_elem(f->peers_fd, &key, &one, 0))
		tap_bail("pn_peers: %s", l->addr);
}

static void egress_write(struct fast *f, int index, const struct world_port *p)
{
	if (p->ifindex && !p->fid)
		slot_write(&f->demux, PN_DEMUX_KEY_WORD(PN_DEMUX_IFINDEX, p->ifindex),
			   (union pn_value){ .index = index });
}

static void tables_clear(struct fast *f)
{
	uint32_t key;

	memset(f->ports, 0, sizeof(*f->ports) * WORLD_PORTS);
	memset(f->tunnels, 0, sizeof(*f->tunnels) * WORLD_TUNNELS);
	memset(f->fdb.buckets, 0, (f->fdb.mask + 1) * sizeof(struct pn_bucket));
	memset(f->demux.buckets, 0, (f->demux.mask + 1) * sizeof(struct pn_bucket));
	memset(f->pairs.buckets, 0, (f->pairs.mask + 1) * sizeof(struct pn_endpoint_bucket));
	for (key = 0; f->devmap_fd > 0 && key < WORLD_PORTS; key++)
		bpf_map_delete_elem(f->devmap_fd, &key);
}

void fast_world(struct fast *f, const struct world *w)
{
	tables_clear(f);
	f->control->epoch = w->epoch;
	f->control->beat = w->beat;
	for (int i = 1; i < WORLD_PORTS; i++) {
		port_write(f, i, &w->port[i]);
		egress_write(f, i, &w->port[i]);
	}
	for (int i = 1; i < WORLD_TUNNELS; i++)
		if (world_kind(&w->tunnel[i]))
			tunnel_write(f, i, w);
	for (int i = 0; i < WORLD_FDB && w->fdb[i].mac; i++) {
		const struct world_fdb *e = &w->fdb[i];
		union pn_value value = {
			.index = e->port,
			.flags = e->flags,
			.stamp = e->stamp,
			.vtep = world_vtep(w, e->vtep),
		};

		slot_write(&f->fdb, PN_FDB_KEY(world_mac48(e->mac), e->fid), value);
	}
	for (int i = 0; i < WORLD_PEERS && w->peer[i].src; i++)
		peer_write(f, &w->peer[i], world_vtep(w, w->peer[i].src));
	for (int i = 0; i < WORLD_FOU && w->fou[i].dport; i++)
		udp_write(f, w->fou[i].v6, w->fou[i].dport,
			  w->fou[i].gue ? PN_UDP_GUE : PN_UDP_INDEX(PN_UDP_FOU, w->fou[i].proto));
	for (int i = 0; i < WORLD_LOCALS && w->local[i].addr; i++)
		local_write(f, &w->local[i]);
	for (int i = 0; i < WORLD_LISTED && w->listed[i].addr; i++)
		listed_write(f, &w->listed[i]);
	for (int i = 0; i < WORLD_MEMBERS && w->member[i].port; i++) {
		const struct world_member *v = &w->member[i];
		union pn_value value = { .index = v->fid, .flags = v->flags };

		slot_write(&f->demux, PN_DEMUX_KEY_BRVLAN(v->port, v->vid), value);
	}
	for (int i = 0; i < WORLD_VLANS && w->vlan[i].port; i++) {
		const struct world_vlan *v = &w->vlan[i];
		union pn_value value = { .index = v->to };

		slot_write(&f->demux, PN_DEMUX_KEY_VLAN(v->port, v->ad, v->vid), value);
	}
}

/* tc takes off what is not shared with the result, and leaves an outer IP header at least. */
static bool tc_may_strip(const struct row *row)
{
	size_t least = 14 + (recipe_edit(&row->pkt[0], F_V6) ? 40 : 20);
	struct pkt inner;

	expect_inner(row, &row->k, NULL, &inner);
	return inner.len + (recipe_bare(&row->pkt[0]) ? 14u : 0u) >= least;
}

enum pn_reason fast_reason(const struct row *row, enum fast_hook hook)
{
	bool routed = config_form(row->config) == FORM_ROUTED;

	if (row->fp != PN_FORWARD)
		return row->reason;
	if (hook == FAST_TC && !tc_may_strip(row))
		return PN_R_HELPER;
	return routed ? PN_R_ROUTED : row->reason;
}

bool fast_refreshed(const struct row *row, enum pn_reason reason)
{
	if (config_form(row->config) != FORM_ROUTED || row->fp != PN_FORWARD)
		return false;
	return reason == PN_R_REFRESH || reason == PN_R_DELIVERED;
}
