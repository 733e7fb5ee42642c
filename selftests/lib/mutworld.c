// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The world that mutated packets meet; see mutate.h. One bridge per tunnel, so
 * that the same inner frame finds every state under its own VNI. */
#include <string.h>

#include "mutate.h"
#include "scene.h"

struct tunnel_row {
	bool v6;
	uint32_t id;
	uint8_t flags;
	uint32_t from, to; /* flags of its bridge port, of the workload's */
	uint32_t max_len;  /* of the workload's */
	uint8_t entry;	   /* flags of the source's entry */
	const char *vtep;  /* of that entry */
	bool br_netfilter; /* the bridge has it, without rules */
};

#define PORT	   (PN_PORT_UP | PN_PORT_FORWARDING | PN_PORT_LEARNING)
#define TARGET	   (PORT | PN_PORT_XDP_TARGET | PN_PORT_TC_TARGET | PN_PORT_SETS_PROTO)
#define LEARNS	   PN_TUNNEL_F_LEARNING
#define FIRST_PORT 7

static const struct tunnel_row tunnels[] = {
	{ false, 5, 0, PORT, TARGET, 84 },
	{ false, 6, LEARNS, PORT, TARGET, 1518, .vtep = "10.0.0.2" },
	{ false, 7, 0, PORT & ~PN_PORT_LEARNING, TARGET, 1518, .br_netfilter = true },
	{ false, 8, 0, PORT | PN_PORT_LOCKED, TARGET, 100, PN_FDB_LOCKED },
	{ false, 9, 0, PORT | PN_PORT_ISOLATED, TARGET, 1518 },
	{ false, 10, 0, PORT | PN_PORT_NEIGH_PROXY, TARGET | PN_PORT_ISOLATED, 300 },
	{ true, 5, 0, PORT, TARGET, 1518 },
	{ true, 6, PN_TUNNEL_F_ZERO_CSUM6, PORT, TARGET, 200, .br_netfilter = true },
	{ true, 7, LEARNS, PORT, TARGET, 1518, .vtep = "fd00::2" },
};

static void tunnel_add(struct world *w, int i, struct world_fdb *f, uint32_t ifindex)
{
	const struct tunnel_row *t = &tunnels[i];
	uint16_t from = FIRST_PORT + 2 * i, to = from + 1, fid = 10 + i;

	w->port[from] = (struct world_port){
		.flags = t->from,
		.max_len = 1518,
		.fid = fid,
		.mac = PKT_MAC_T,
	};
	if (t->br_netfilter)
		w->port[from].gate[PN_PLACE_BRIDGE] = PN_GATE_BR_NETFILTER;
	w->port[to] = (struct world_port){
		.ifindex = ifindex,
		.flags = t->to,
		.max_len = t->max_len,
		.fid = fid,
		.mac = "02:bb:00:00:00:01",
	};
	w->tunnel[1 + i] = (struct world_tunnel){ from, t->flags, t->v6, 4789, t->id };
	f[0] = (struct world_fdb){ PKT_MAC_I, fid, from, t->entry, 0, t->vtep };
	f[1] = (struct world_fdb){ SCENE_IN_DST, fid, to };
	f[2] = (struct world_fdb){ PKT_MAC_T, fid, from, PN_FDB_LOCAL };
}

void mutate_world(struct world *w, uint32_t ifindex)
{
	static const struct world_peer peers[] = {
		{ "10.0.0.2", "10.0.0.1", W_WIRE },
		{ "10.0.0.2", "10.0.0.9", W_WIRE },
		{ "10.0.0.3", "10.0.0.1", W_WIRE },
		{ "fd00::2", "fd00::1", W_WIRE },
		{ "10.0.0.2", "10.0.0.1", W_VLAN },
		{ "10.7.0.2", "10.7.0.1", W_VLAN },
	};

	memset(w, 0, sizeof(*w));
	w->port[W_WIRE] = (struct world_port){
		.flags = PN_PORT_UP,
		.max_len = 1518,
		.mac = PKT_MAC_D,
	};
	w->port[W_VLAN] = w->port[W_WIRE];
	w->vlan[0] = (struct world_vlan){ W_WIRE, false, 7, W_VLAN };
	w->vlan[1] = (struct world_vlan){ W_VLAN, true, 7, W_VLAN };
	world_bridge_add(w);
	w->port[W_BRIDGE].ifindex = w->port[W_OTHER].ifindex = ifindex;
	for (size_t i = 0; i < sizeof(tunnels) / sizeof(tunnels[0]); i++)
		tunnel_add(w, i, w->fdb + 3 + 3 * i, ifindex);
	memcpy(w->peer, peers, sizeof(peers));
}
