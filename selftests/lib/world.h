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

#define WORLD_PORTS   80
#define WORLD_TUNNELS 64
#define WORLD_FDB     96
#define WORLD_PEERS   64
#define WORLD_VLANS   8
#define WORLD_FOU     8
#define WORLD_LOCALS  16
#define WORLD_LISTED  8
#define WORLD_ROUTES  32
#define WORLD_NEIGHS  16
#define WORLD_MEMBERS 8

struct world_port {
	uint32_t ifindex;
	uint16_t pvid, vlan_proto; /* where the bridge filters by VLAN */
	uint32_t flags; /* PN_PORT_* */
	uint32_t max_len;
	uint16_t fid;
	const char *mac;
	uint32_t gate[PN_PLACES];
};

/*
 * A tunnel device. Its keys are written unless @why says that it is left to the
 * kernel; that no other device could take its packets is for the author of the
 * world to know. A remote must be the source of a peer.
 */
struct world_tunnel {
	uint16_t port; /* 0: none, it has no Ethernet inside */
	uint8_t flags; /* PN_TUNNEL_F_* beside those of its kind */
	bool v6;       /* underlay of VXLAN and GENEVE; the others' follows from the kind */
	uint16_t dport;
	uint32_t id;  /* VNI, or GRE key */
	uint16_t vid; /* that a bridge gives to frames of this VNI */
	bool external, gpe; /* VXLAN, GENEVE: takes whatever comes to the port */
	uint8_t kind; /* enum pn_tunnel_kind; 0: VXLAN, if there is a port */
	bool keyed;   /* GRE over IPv4 with a key */
	const char *remote, *local; /* NULL: any */
	uint8_t proto;		    /* ipip, sit, ip6tnl: outer protocol taken; 0: any */
	uint16_t bound;		    /* port that the device is bound to; 0: none */
	uint8_t why;		    /* enum pn_ineligible */
	uint8_t rpf;		    /* enum pn_rpf of the device */
	bool no_forward;	    /* the device forwards nothing, by its sysctl */
	uint32_t ifindex;	    /* 0: the port's */
	uint32_t gate[2];	    /* inner IPv4, IPv6 */
	const char *rd_prefix;	    /* 6rd: sources are checked; NULL: they are not */
	uint8_t rd_prefix_len, rd_relay_len;
	const char *rd_relay;
};

/* A UDP port that FOU or GUE listens on. */
struct world_fou {
	uint16_t dport; /* 0: none */
	bool v6;
	bool gue;
	uint8_t proto; /* FOU: what is inside */
};

/* An address of this host, for wildcard endpoints and for inner sources. */
struct world_local {
	const char *addr;
	uint16_t port; /* L3 port that takes it; 0: none, it is only an address of ours */
	uint8_t rpf;   /* of the port */
};

/* A prefix of `peers`, of the attached port W_WIRE. */
struct world_listed {
	const char *addr;
	uint8_t len; /* bits, of IPv4 or IPv6 */
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

/*
 * What the namespace's own routing knows: it is asked by a helper, so a test
 * configures these routes in the kernel (ip) and says here what they are. The
 * longest prefix comes first.
 */
struct world_route {
	const char *prefix;
	uint8_t len;
	const char *via; /* of either family; NULL: on link */
	uint16_t port;	 /* 0: none that this world knows (blackhole, another device) */
	bool local;	 /* to this host */
	bool tunnel;	 /* out by the device that stands for all tunnels */
	uint16_t mtu;
};

/* A resolved neighbour. */
struct world_neigh {
	const char *addr;
	const char *mac;
};

struct world_vlan {
	uint16_t port;
	bool ad;
	uint16_t vid;
	uint16_t to; /* port index of the VLAN device */
};

/* A port's membership in a VLAN of a bridge that filters. */
struct world_member {
	uint16_t port; /* 0: none */
	uint16_t vid;
	uint16_t fid;
	uint8_t flags; /* PN_BRVLAN_* */
};

struct world {
	struct world_port port[WORLD_PORTS];
	struct world_tunnel tunnel[WORLD_TUNNELS];
	struct world_fdb fdb[WORLD_FDB];
	struct world_peer peer[WORLD_PEERS];
	struct world_vlan vlan[WORLD_VLANS];
	struct world_member member[WORLD_MEMBERS];
	struct world_fou fou[WORLD_FOU];
	struct world_local local[WORLD_LOCALS];
	struct world_listed listed[WORLD_LISTED];
	struct world_route route[WORLD_ROUTES];
	struct world_neigh neigh[WORLD_NEIGHS];
	uint32_t epoch, beat;
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

/* The bridges filter by VLAN: every port is a member of VLAN 10 (fid 10), with
 * these flags beside forwarding; untagged frames belong to it. */
void world_filter(struct world *w, uint8_t ingress, uint8_t egress);

/* What a mirror would make of a configuration of configs.c. */
void world_of(enum config_id config, enum form form, struct world *w);

/* The tunnels of a configuration that has others than VXLAN; false: it has not. */
bool world_tunnels(enum config_id config, enum form form, struct world *w);

/* Number of a VTEP as in the maps: 1 + the first peer with that source. */
uint32_t world_vtep(const struct world *w, const char *addr);

enum pn_tunnel_kind world_kind(const struct world_tunnel *t);
/* Are there Ethernet frames inside? */
bool world_is_ether(const struct world_tunnel *t);
/* Is its underlay IPv6? */
bool world_over6(const struct world_tunnel *t);

/* MAC address as a number, as in the maps. */
uint64_t world_mac48(const char *mac);

#endif
