// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The world that mutated packets meet; see mutate.h. One bridge per tunnel, so
 * that the same inner frame finds every state under its own key. */
#include <string.h>

#include "mutate.h"
#include "scene.h"

#define PORT	   (PN_PORT_UP | PN_PORT_FORWARDING | PN_PORT_LEARNING)
#define TARGET	   (PORT | PN_PORT_XDP_TARGET | PN_PORT_TC_TARGET | PN_PORT_SETS_PROTO)
#define LEARNS	   PN_TUNNEL_F_LEARNING
#define FIRST_PORT 7
#define BRIDGES	   25

/* The bridge of a tunnel; the first are VXLAN's, in all states. */
struct bridge_row {
	uint32_t from, to; /* flags of its bridge port, of the workload's */
	uint32_t max_len;  /* of the workload's */
	uint8_t entry;	   /* flags of the source's entry */
	const char *vtep;  /* of that entry */
	bool br_netfilter; /* the bridge has it, without rules */
};

static const struct bridge_row plain = { PORT, TARGET, 1518 };
static const struct bridge_row odd[] = {
	{ PORT, TARGET, 84 },
	{ PORT, TARGET, 1518, .vtep = "10.0.0.2" },
	{ PORT & ~PN_PORT_LEARNING, TARGET, 1518, .br_netfilter = true },
	{ PORT | PN_PORT_LOCKED, TARGET, 100, PN_FDB_LOCKED },
	{ PORT | PN_PORT_ISOLATED, TARGET, 1518 },
	{ PORT | PN_PORT_NEIGH_PROXY, TARGET | PN_PORT_ISOLATED, 300 },
	{ PORT, TARGET, 1518 },
	{ PORT, TARGET, 200, .br_netfilter = true },
	{ PORT, TARGET, 1518, .vtep = "fd00::2" },
};

#define P2 "10.0.0.2"
#define P3 "10.0.0.3"
#define P4 "10.0.0.4"
#define P5 "10.0.0.5"
#define L1 "10.0.0.1"
#define L9 "10.0.0.9"
#define VX(six, vni, ...) \
	{ .kind = PN_TUNNEL_VXLAN, .v6 = six, .dport = 4789, .id = vni, __VA_ARGS__ }
#define GN(udp, vni, ...) \
	{ .kind = PN_TUNNEL_GENEVE, .dport = udp, .id = vni, __VA_ARGS__ }
#define T(k, ...) \
	{ .kind = PN_TUNNEL_##k, __VA_ARGS__ }
#define KEY(n) .keyed = true, .id = n

/* In the order of their making: the later ones come first in the kernel's lists. */
static const struct world_tunnel tunnels[] = {
	VX(false, 5),
	VX(false, 6, .flags = LEARNS),
	VX(false, 7),
	VX(false, 8),
	VX(false, 9),
	VX(false, 10),
	VX(true, 5),
	VX(true, 6, .flags = PN_TUNNEL_F_ZERO_CSUM6),
	VX(true, 7, .flags = LEARNS),
	GN(6081, 5, .remote = P2),
	GN(6081, 5, .remote = P3),
	GN(6081, 6, .remote = P2, .why = PN_WHY_DOWN),
	GN(6082, 7, .remote = P3),
	GN(6081, 5, .v6 = true, .remote = "fd00::2"),
	T(GRETAP, .remote = P2, .local = L1),
	T(GRETAP, KEY(7), .remote = P2),
	T(GRETAP, KEY(5), .remote = P2, .local = L1),
	T(GRETAP, KEY(5), .remote = P2, .local = L9),
	T(GRETAP, KEY(9), .remote = P3, .flags = PN_TUNNEL_F_ICSUM),
	T(GRETAP, KEY(11), .local = L1),
	/* the exact one is down, so the one behind it is asked */
	T(GRETAP, KEY(13), .remote = P3),
	T(GRETAP, KEY(13), .remote = P3, .local = L1, .why = PN_WHY_DOWN),
	T(IP6GRETAP, .remote = "fd00::2"),
	T(IP6GRETAP, .id = 7, .remote = "fd00::2", .local = "fd00::1"),
	T(ERSPAN, .remote = P2),
	T(GRE, .remote = P2, .local = L1),
	T(GRE, KEY(7), .remote = P2, .rpf = PN_RPF_STRICT),
	T(GRE, KEY(10), .remote = P2, .no_forward = true),
	T(GRE, KEY(14), .remote = P2, .rpf = PN_RPF_LOOSE),
	T(GRE, KEY(8), .remote = P2, .flags = PN_TUNNEL_F_ICSUM),
	/* exact but not bound, and bound but not exact: the second wins */
	T(GRE, KEY(12), .remote = P3, .local = L1, .why = PN_WHY_AMBIGUOUS),
	T(GRE, KEY(12), .local = L1, .bound = W_WIRE, .why = PN_WHY_BOUND),
	/* takes what nobody else wants, over IPv4 */
	T(GRE, KEY(20), .why = PN_WHY_NO_REMOTE),
	T(IP6GRE, .remote = "fd00::2"),
	T(IP6GRE, .id = 3, .remote = "fd00::2", .gate = { 0, PN_GATE_NETFILTER }),
	T(IPIP, .remote = P2, .local = L1),
	T(IPIP, .remote = P3),
	/* takes protocol 4 from this remote, and drops it */
	T(IPIP, .remote = P4, .proto = 137, .why = PN_WHY_MPLS),
	T(SIT, .remote = P2, .local = L1),
	T(SIT, .remote = P4),
	T(SIT, .local = L9, .proto = 41, .rd_prefix = "2002::", .rd_prefix_len = 16),
	T(IP6TNL, .remote = "fd00::2", .local = "fd00::1"),
	T(IP6TNL, .remote = "fd00::3", .proto = 41),
	T(VTI, .remote = P5, .why = PN_WHY_XFRM),
	/* no bridge ports: their frames are routed, if they are for the device */
	VX(false, 14),
	GN(6081, 14, .remote = P2),
	T(GRETAP, KEY(15), .remote = P2),
};

static void bridge_add(struct world *w, int tunnel, int n, uint32_t ifindex)
{
	const struct bridge_row *b = tunnel <= 9 ? &odd[tunnel - 1] : &plain;
	uint16_t from = FIRST_PORT + 2 * n, to = from + 1, fid = 10 + n;
	struct world_fdb *f = w->fdb + 3 + 3 * n;

	w->port[from] = (struct world_port){
		.flags = b->from,
		.max_len = 1518,
		.fid = fid,
		.mac = PKT_MAC_T,
	};
	if (b->br_netfilter)
		w->port[from].gate[PN_PLACE_BRIDGE] = PN_GATE_BR_NETFILTER;
	w->port[to] = (struct world_port){
		.ifindex = ifindex,
		.flags = b->to,
		.max_len = b->max_len,
		.fid = fid,
		.mac = "02:bb:00:00:00:01",
	};
	w->tunnel[tunnel].port = from;
	f[0] = (struct world_fdb){ PKT_MAC_I, fid, from, b->entry, 0, b->vtep };
	f[1] = (struct world_fdb){ SCENE_IN_DST, fid, to };
	f[2] = (struct world_fdb){ PKT_MAC_T, fid, from, PN_FDB_LOCAL };
}

/* A device of its own, with an address that frames may be for. */
static void ether_add(struct world *w, int tunnel, int n)
{
	uint16_t port = FIRST_PORT + 2 * BRIDGES + n;

	w->port[port] = (struct world_port){
		.flags = PN_PORT_UP,
		.max_len = 1518,
		.mac = PKT_MAC_T,
	};
	w->tunnel[tunnel].port = port;
}

/* Some devices without Ethernet are ports too: what comes out may be another tunnel. */
static void nested_add(struct world *w, int tunnel, int n)
{
	uint16_t port = MUTATE_NESTED + n / 2;

	if (n % 2 || port >= WORLD_PORTS)
		return;
	w->port[port] = (struct world_port){
		.flags = PN_PORT_UP,
		.max_len = 1518,
	};
	w->tunnel[tunnel].port = port;
}

/* Tunnels inside come from the same peers as those around them. */
static void nested_peers_add(struct world *w, struct world_peer *p)
{
	for (uint16_t port = MUTATE_NESTED; port < WORLD_PORTS && w->port[port].flags; port++) {
		*p++ = (struct world_peer){ P2, L1, port };
		*p++ = (struct world_peer){ "fd00::2", "fd00::1", port };
	}
}

static void peers_add(struct world *w)
{
	static const struct world_peer peers[] = {
		{ P2, L1, W_WIRE },
		{ P2, L9, W_WIRE },
		{ P3, L1, W_WIRE },
		{ P3, L9, W_WIRE },
		{ P4, L1, W_WIRE },
		{ P4, L9, W_WIRE },
		{ P5, L1, W_WIRE },
		{ P5, L9, W_WIRE },
		{ "fd00::2", "fd00::1", W_WIRE },
		{ "fd00::3", "fd00::1", W_WIRE },
		{ P2, L1, W_VLAN },
		{ "10.7.0.2", "10.7.0.1", W_VLAN },
	};
	/* any address of ours is one on every port */
	static const struct world_local locals[] = {
		{ L1, W_WIRE }, { L9, W_WIRE }, { "10.7.0.1", W_WIRE }, { "fd00::1", W_WIRE },
		{ "172.20.0.1", W_WIRE }, { "172.21.0.1", W_WIRE }, { "fd20::1", W_WIRE },
		{ "fd21::1", W_WIRE }, { L1, W_VLAN }, { L9, W_VLAN }, { "10.7.0.1", W_VLAN },
		{ "fd00::1", W_VLAN }, { "172.20.0.1", W_VLAN }, { "172.21.0.1", W_VLAN },
		{ "fd20::1", W_VLAN }, { "fd21::1", W_VLAN },
	};
	static const struct world_listed listed[] = {
		{ "10.0.0.2", 31 }, { "10.0.0.64", 26 }, { "fd00::2", 127 },
	};

	memcpy(w->peer, peers, sizeof(peers));
	nested_peers_add(w, w->peer + sizeof(peers) / sizeof(peers[0]));
	memcpy(w->local, locals, sizeof(locals));
	memcpy(w->listed, listed, sizeof(listed));
}

/* The same as `ip` is told in netmutate.c; the longest prefix comes first. */
static void routes_add(struct world *w, const uint32_t ifindex[MUTATE_DEVS])
{
	static const struct world_route routes[] = {
		{ "172.20.0.1", 32, .local = true },
		{ "172.21.0.1", 32, .local = true },
		{ "172.20.0.255", 32 },
		{ "172.21.0.255", 32 },
		{ "172.20.0.0", 32 },
		{ "172.21.0.0", 32 },
		{ "172.20.0.0", 24, .port = MUTATE_OUT, .mtu = 1500 },
		{ "172.21.0.0", 24, .port = MUTATE_SMALL, .mtu = 100 },
		{ "192.168.5.0", 24, .tunnel = true },
		{ "10.0.0.0", 8 },
		{ "172.22.0.0", 16, "172.20.0.2", MUTATE_OUT, .mtu = 1500 },
		{ "172.25.0.0", 16, "fd20::2", MUTATE_OUT, .mtu = 1500 },
		{ "fd00::1", 128, .local = true },
		{ "fd20::1", 128, .local = true },
		{ "fd21::1", 128, .local = true },
		{ "fd20::", 128, .local = true },
		{ "fd20::", 64, .port = MUTATE_OUT, .mtu = 1500 },
		{ "fd21::", 64, .port = MUTATE_OUT, .mtu = 1300 },
		{ "fd22::", 32, "fd20::2", MUTATE_OUT, .mtu = 1500 },
		{ "fd05::", 64, .tunnel = true },
	};
	static const struct world_neigh neighs[] = {
		{ "172.20.0.2", "02:dd:00:00:00:02" }, { "172.20.0.3", "02:dd:00:00:00:03" },
		{ "172.21.0.2", "02:de:00:00:00:02" }, { "fd20::2", "02:dd:00:00:06:02" },
		{ "fd20::3", "02:dd:00:00:06:03" },    { "fd21::2", "02:dd:00:00:06:12" },
	};
	const struct world_port out = {
		.flags = PN_PORT_UP | PN_PORT_XDP_TARGET | PN_PORT_TC_TARGET | PN_PORT_SETS_PROTO,
		.max_len = 1518,
	};

	memcpy(w->route, routes, sizeof(routes));
	memcpy(w->neigh, neighs, sizeof(neighs));
	w->port[MUTATE_OUT] = w->port[MUTATE_SMALL] = out;
	w->port[MUTATE_OUT].ifindex = ifindex[MUTATE_DEV_OUT];
	w->port[MUTATE_OUT].mac = MUTATE_MAC_OUT;
	w->port[MUTATE_SMALL].ifindex = ifindex[MUTATE_DEV_SMALL];
	w->port[MUTATE_SMALL].mac = MUTATE_MAC_SMALL;
	w->port[MUTATE_SMALL].max_len = 118;
}

static void fou_add(struct world *w)
{
	static const struct world_fou fou[] = {
		{ 5555, false, false, 4 }, { 5556, false, true, 0 },  { 5557, false, false, 47 },
		{ 5558, false, false, 41 }, { 5558, true, false, 41 }, { 5556, true, true, 0 },
	};

	memcpy(w->fou, fou, sizeof(fou));
}

void mutate_world(struct world *w, const uint32_t ifindex[MUTATE_DEVS])
{
	uint32_t work = ifindex[MUTATE_DEV_WORK];
	int bridges = 0, routed = 0, nested = 0;

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
	w->port[W_BRIDGE].ifindex = w->port[W_OTHER].ifindex = work;
	for (size_t i = 0; i < sizeof(tunnels) / sizeof(tunnels[0]); i++) {
		w->tunnel[1 + i] = tunnels[i];
		w->tunnel[1 + i].ifindex = ifindex[tunnels[i].no_forward ? MUTATE_DEV_OFF
									 : MUTATE_DEV_TUNNEL];
		if (world_is_ether(&tunnels[i]) && bridges < BRIDGES)
			bridge_add(w, 1 + i, bridges++, work);
		else if (world_is_ether(&tunnels[i]))
			ether_add(w, 1 + i, routed++);
		else
			nested_add(w, 1 + i, nested++);
	}
	peers_add(w);
	fou_add(w);
	routes_add(w, ifindex);
}
