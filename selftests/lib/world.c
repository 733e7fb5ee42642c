// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The worlds of the conformance rows; see world.h. */
#include <string.h>

#include "pkt.h"
#include "scene.h"
#include "world.h"

/* What differs from the plain vx: one row per configuration. */
struct variant {
	bool none; /* no tunnel that can be accelerated */
	bool no_peers;
	bool v6;
	uint8_t flags;
	uint32_t id;
	uint32_t gate_outer;
	uint32_t gate_bridge;
	bool other_vtep;  /* 10.0.0.3 is a peer as well */
	const char *vtep; /* what vx has for the inner source */
};

static const struct variant variants[CONFIGS] = {
	[C_VX] = { .id = 5 },
	[C_VX6] = { .id = 5, .v6 = true },
	[C_VX6Z] = { .id = 5, .v6 = true, .flags = PN_TUNNEL_F_ZERO_CSUM6 },
	[C_VXL] = { .id = 5, .flags = PN_TUNNEL_F_LEARNING, .other_vtep = true },
	[C_PERM] = {
		.id = 5,
		.flags = PN_TUNNEL_F_LEARNING,
		.other_vtep = true,
		.vtep = "10.0.0.2",
	},
	[C_VNI0] = { .id = 0 },
	[C_VNIMAX] = { .id = 0xffffff },
	[C_GROUP] = { .id = 5, .no_peers = true },
	[C_OTHERDEV] = { .id = 5 },
	[C_DOWN] = { .none = true },
	[C_DOWN6] = { .id = 6 },
	[C_RPF] = { .id = 5 },
	[C_XFRM] = { .id = 5, .gate_outer = PN_GATE_XFRM },
	[C_GBP] = { .none = true },
	[C_GBPL] = { .none = true },
	[C_REMCSUM] = { .none = true },
	[C_VNIFILTER] = { .none = true },
	[C_GPE] = { .none = true },
	[C_VLAN] = { .id = 5 },
	[C_QINQ] = { .id = 5 },
	[C_VRF] = { .id = 5, .gate_outer = PN_GATE_VRF },
	[C_VRFACCEPT] = { .id = 5, .gate_outer = PN_GATE_VRF },
	[C_VRFDEV] = { .id = 5, .gate_outer = PN_GATE_VRF },
	[C_BRNF] = { .id = 5, .gate_bridge = PN_GATE_BR_NETFILTER },
};

static void peers_add(const struct variant *v, enum config_id config,
		      struct world *w)
{
	struct world_peer *p = w->peer;

	if (v->v6) {
		*p++ = (struct world_peer){ "fd00::2", "fd00::1", W_WIRE };
		return;
	}
	*p++ = (struct world_peer){ "10.0.0.2", "10.0.0.1", W_WIRE };
	*p++ = (struct world_peer){ "10.0.0.2", "10.0.0.9", W_WIRE };
	if (config == C_VLAN || config == C_QINQ)
		*p++ = (struct world_peer){ "10.0.0.2", "10.7.0.1", W_WIRE };
	if (v->other_vtep)
		*p++ = (struct world_peer){ "10.0.0.3", "10.0.0.1", W_WIRE };
}

static void bridge_add(const struct variant *v, struct world *w)
{
	struct world_fdb *f = w->fdb;

	w->port[W_TUNNEL].fid = 1;
	w->port[W_TUNNEL].gate[PN_PLACE_BRIDGE] = v->gate_bridge;
	w->port[W_TUNNEL].flags |= PN_PORT_FORWARDING | PN_PORT_LEARNING;
	w->port[W_WORK] = (struct world_port){
		.flags = W_BRPORT | W_TARGET,
		.max_len = 1518,
		.fid = 1,
		.mac = "02:bb:00:00:00:01",
	};
	*f++ = (struct world_fdb){ PKT_MAC_I, 1, W_TUNNEL, .vtep = v->vtep };
	*f++ = (struct world_fdb){ SCENE_IN_DST, 1, W_WORK };
	*f++ = (struct world_fdb){ PKT_MAC_T, 1, W_TUNNEL, PN_FDB_LOCAL };
}

void world_of(enum config_id config, enum form form, struct world *w)
{
	const struct variant *v = &variants[config];

	memset(w, 0, sizeof(*w));
	w->port[W_WIRE] = (struct world_port){
		.flags = PN_PORT_UP,
		.max_len = 1518,
		.mac = PKT_MAC_D,
	};
	w->port[W_WIRE].gate[PN_PLACE_OUTER4] = v->gate_outer;
	w->port[W_WIRE].gate[PN_PLACE_OUTER6] = v->gate_outer;
	w->port[W_TUNNEL] = (struct world_port){
		.flags = PN_PORT_UP,
		.max_len = 1518,
		.mac = PKT_MAC_T,
	};
	if (config == C_VLAN) {
		w->port[W_VLAN] = (struct world_port){
			.flags = PN_PORT_UP,
			.max_len = 1518,
			.mac = PKT_MAC_D,
		};
		w->vlan[0] = (struct world_vlan){ W_WIRE, false, 7, W_VLAN };
	}
	if (form == FORM_BRIDGED)
		bridge_add(v, w);
	if (world_tunnels(config, form, w) || v->none)
		return;
	w->tunnel[1] = (struct world_tunnel){
		W_TUNNEL,
		v->flags,
		v->v6,
		4789,
		v->id,
	};
	if (!v->no_peers)
		peers_add(v, config, w);
}

uint32_t world_vtep(const struct world *w, const char *addr)
{
	for (int i = 0; addr && i < WORLD_PEERS && w->peer[i].src; i++)
		if (!strcmp(w->peer[i].src, addr))
			return i + 1;
	return 0;
}

enum pn_tunnel_kind world_kind(const struct world_tunnel *t)
{
	if (t->kind || !t->port)
		return t->kind;
	return PN_TUNNEL_VXLAN;
}

bool world_is_ether(const struct world_tunnel *t)
{
	switch (world_kind(t)) {
	case PN_TUNNEL_VXLAN:
	case PN_TUNNEL_GENEVE:
	case PN_TUNNEL_GRETAP:
	case PN_TUNNEL_ERSPAN:
	case PN_TUNNEL_IP6GRETAP:
	case PN_TUNNEL_IP6ERSPAN:
		return true;
	default:
		return false;
	}
}

bool world_over6(const struct world_tunnel *t)
{
	switch (world_kind(t)) {
	case PN_TUNNEL_IP6GRE:
	case PN_TUNNEL_IP6GRETAP:
	case PN_TUNNEL_IP6ERSPAN:
	case PN_TUNNEL_IP6TNL:
		return true;
	case PN_TUNNEL_VTI:
		return t->remote && strchr(t->remote, ':');
	case PN_TUNNEL_VXLAN:
	case PN_TUNNEL_GENEVE:
		return t->v6;
	default:
		return false;
	}
}

uint64_t world_mac48(const char *mac)
{
	uint8_t m[6];

	pkt_mac(m, mac);
	return (uint64_t)pkt_get32(m) << 16 | pkt_get16(m + 4);
}

static struct world_fdb *fdb_end(struct world *w)
{
	struct world_fdb *f = w->fdb;

	while (f->mac)
		f++;
	return f;
}

void world_bridge_add(struct world *w)
{
	struct world_fdb *f = fdb_end(w);

	w->port[W_BRIDGE] = (struct world_port){
		.flags = W_BRPORT | W_TARGET,
		.max_len = 1518,
		.fid = 2,
		.mac = "02:cc:00:00:00:05",
	};
	w->port[W_OTHER] = w->port[W_BRIDGE];
	w->port[W_OTHER].mac = "02:cc:00:00:00:06";
	*f++ = (struct world_fdb){ WORLD_H1, 2, W_BRIDGE };
	*f++ = (struct world_fdb){ WORLD_H2, 2, W_OTHER };
	*f++ = (struct world_fdb){ WORLD_BR, 2, W_BRIDGE, PN_FDB_LOCAL };
}

void world_filter(struct world *w, uint8_t ingress, uint8_t egress)
{
	static const struct {
		uint16_t port, fid;
		bool in;
	} ports[] = {
		{ W_TUNNEL, 10, true },
		{ W_WORK, 10, false },
		{ W_BRIDGE, 11, true },
		{ W_OTHER, 11, false },
	};

	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		w->port[ports[i].port].flags |= PN_PORT_VLANS;
		w->port[ports[i].port].vlan_proto = 0x8100;
		w->port[ports[i].port].pvid = 10;
		w->member[i] = (struct world_member){
			ports[i].port, 10, ports[i].fid,
			PN_BRVLAN_FORWARDING | (ports[i].in ? ingress : egress)
		};
	}
	for (struct world_fdb *f = w->fdb; f->mac; f++)
		f->fid += 9;
}
