/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The state that the data plane decides by, in plain words: devices, tunnels,
 * forwarding entries, peers. Tests write it down once; fast.c turns it into
 * map contents, model.c decides by it directly. Index 0 of ports and tunnels
 * is never used, as in the maps.
 */
#ifndef PN_TEST_WORLD_H
#define PN_TEST_WORLD_H

#include "rows.h"

#define WORLD_PORTS   32
#define WORLD_TUNNELS 12
#define WORLD_FDB     48
#define WORLD_PEERS   16
#define WORLD_VLANS   8

struct world_port {
	uint32_t ifindex;
	uint32_t flags; /* PN_PORT_* */
	uint32_t max_len;
	uint16_t fid;
	const char *mac;
	uint32_t gate[PN_PLACES];
};

struct world_tunnel {
	uint16_t port;
	uint8_t flags; /* PN_TUNNEL_F_* */
	bool v6;
	uint16_t dport;
	uint32_t id;
};

struct world_fdb {
	const char *mac;
	uint16_t fid;
	uint16_t port;
	uint8_t flags; /* PN_FDB_* */
	uint8_t stamp;
	const char *vtep; /* NULL: none */
};

struct world_peer {
	const char *src;
	const char *dst;
	uint16_t port;
};

struct world_vlan {
	uint16_t port;
	bool ad;
	uint16_t vid;
	uint16_t to; /* port index of the VLAN device */
};

struct world {
	struct world_port port[WORLD_PORTS];
	struct world_tunnel tunnel[WORLD_TUNNELS];
	struct world_fdb fdb[WORLD_FDB];
	struct world_peer peer[WORLD_PEERS];
	struct world_vlan vlan[WORLD_VLANS];
	uint32_t epoch;
};

/* Port numbers of the conformance worlds. */
#define W_WIRE	 1
#define W_TUNNEL 2
#define W_WORK	 3 /* the workload's veth */
#define W_VLAN	 4

#define W_BRPORT (PN_PORT_UP | PN_PORT_FORWARDING | PN_PORT_LEARNING)
#define W_TARGET (PN_PORT_XDP_TARGET | PN_PORT_TC_TARGET | PN_PORT_SETS_PROTO)

/* A bridge of its own, entered by W_BRIDGE: H1 is behind it, H2 behind W_OTHER. */
#define W_BRIDGE 5
#define W_OTHER	 6
#define WORLD_H1 "02:cc:00:00:00:01"
#define WORLD_H2 "02:cc:00:00:00:02"
#define WORLD_BR "02:cc:00:00:00:ff" /* the bridge's own MAC */

void world_bridge_add(struct world *w);

/* What a mirror would make of a configuration of configs.c. */
void world_of(enum config_id config, bool bridged, struct world *w);

/* Number of a VTEP as in the maps: 1 + the first peer with that source. */
uint32_t world_vtep(const struct world *w, const char *addr);

/* MAC address as a number, as in the maps. */
uint64_t world_mac48(const char *mac);

#endif
