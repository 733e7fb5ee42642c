// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A struct world as map contents; see fast.h. */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <string.h>

#include "fast.h"
#include "tap.h"

static void port_write(struct fast *f, int index, const struct world_port *w)
{
	struct pn_port *p = &f->ports[index];

	p->ifindex = w->ifindex;
	p->flags = w->flags;
	p->max_len = w->max_len;
	p->fid = w->fid;
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

static void tunnel_write(struct fast *f, int index, const struct world *w)
{
	const struct world_tunnel *wt = &w->tunnel[index];
	struct pn_tunnel *t = &f->tunnels[index];
	union pn_value value = { .tunnel = index };

	t->ifindex = w->port[wt->port].ifindex;
	t->port = wt->port;
	t->kind = PN_TUNNEL_VXLAN;
	t->flags = wt->flags | PN_TUNNEL_F_ETHER | PN_TUNNEL_F_OWN_MAC;
	t->id = wt->id;
	t->dport = wt->dport;
	pkt_mac(t->mac, w->port[wt->port].mac);
	slot_write(&f->demux, PN_DEMUX_KEY_UDP(PN_DEMUX_VXLAN, wt->v6, wt->dport, wt->id), value);
	value = (union pn_value){ .index = PN_UDP_VXLAN };
	slot_write(&f->demux, PN_DEMUX_KEY_UDP(PN_DEMUX_UDP_PORT, wt->v6, wt->dport, 0), value);
}

static void peer_write(struct fast *f, const struct world *w, const struct world_peer *p)
{
	struct pkt_addr a = pkt_addr(p->src, p->dst);
	struct pn_pair pair = { .port = p->port };
	size_t at = a.v6 ? 0 : 12;

	if (!a.v6) {
		memset((uint8_t *)&pair.src + 10, 0xff, 2);
		memset((uint8_t *)&pair.dst + 10, 0xff, 2);
	}
	memcpy((uint8_t *)&pair.src + at, a.src, 16 - at);
	memcpy((uint8_t *)&pair.dst + at, a.dst, 16 - at);
	if (pn_pairs_set(&f->pairs, &pair, world_vtep(w, p->src)))
		tap_bail("pairs are full");
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
	for (int i = 1; i < WORLD_PORTS; i++)
		port_write(f, i, &w->port[i]);
	for (int i = 1; i < WORLD_TUNNELS; i++)
		if (w->tunnel[i].port)
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
		peer_write(f, w, &w->peer[i]);
	for (int i = 0; i < WORLD_VLANS && w->vlan[i].port; i++) {
		const struct world_vlan *v = &w->vlan[i];
		union pn_value value = { .index = v->to };

		slot_write(&f->demux, PN_DEMUX_KEY_VLAN(v->port, v->ad, v->vid), value);
	}
}

/* bpf_skb_adjust_room() leaves no less than an IP header of the outer family. */
enum pn_reason fast_reason(const struct row *row, enum fast_hook hook)
{
	size_t least = 14 + (recipe_edit(&row->pkt[0], F_V6) ? 40 : 20);
	struct pkt inner;

	if (hook != FAST_TC || row->fp != PN_FORWARD)
		return row->reason;
	recipe_inner(&row->pkt[0], NULL, -1, &inner);
	if (row->k.len && row->k.len < inner.len)
		inner.len = row->k.len;
	return inner.len < least ? PN_R_HELPER : row->reason;
}
