/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the stations of the reference model share: the world in binary, and
 * what is known of the packet so far. For model*.c only.
 */
#ifndef PN_TEST_MODEL_VIEW_H
#define PN_TEST_MODEL_VIEW_H

#include <string.h>

#include "model.h"

struct model_addr {
	bool set, v6;
	uint8_t a[16];
};

/* A tunnel device; @w is what the world says of it. */
struct model_tunnel {
	const struct world_tunnel *w;
	enum pn_tunnel_kind kind; /* NONE: free */
	bool over6, up, ether;
	struct model_addr remote, local, rd_prefix, rd_relay;
	uint16_t index;
};

struct model_peer {
	struct model_addr src, dst;
	uint16_t port;
	uint32_t vtep;
};

struct model_route {
	const struct world_route *w; /* NULL: free */
	struct model_addr prefix, via;
};

struct model_neigh {
	struct model_addr addr;
	uint8_t mac[6];
};

struct model {
	const struct world *w;
	struct model_opts opts;
	uint8_t mac[WORLD_PORTS][6];
	bool has_mac[WORLD_PORTS];
	struct model_tunnel tunnel[WORLD_TUNNELS];
	struct model_peer peer[WORLD_PEERS];
	uint64_t fdb_mac[WORLD_FDB]; /* 0 ends */
	uint32_t fdb_vtep[WORLD_FDB];
	struct model_addr local[WORLD_LOCALS], listed[WORLD_LISTED];
	struct model_route route[WORLD_ROUTES];
	struct model_neigh neigh[WORLD_NEIGHS];
};

enum model_csum {
	MODEL_CSUM_NONE,
	MODEL_CSUM_UDP,
	MODEL_CSUM_GRE,
};

struct view {
	const struct model *m;
	const uint8_t *d;
	uint32_t len;
	uint16_t port; /* L3 ingress */

	/* the outer headers, the innermost of them */
	bool v6;
	uint8_t ecn, proto;
	uint32_t l4;	 /* what the IP header is followed by */
	uint32_t udp;	 /* the UDP header, 0: none */
	uint32_t end;	 /* of what counts */
	struct pkt_addr addr;
	enum model_csum csum;
	bool zero6; /* zero UDP checksum over IPv6 */

	/* the tunnel */
	const struct model_tunnel *tunnel;
	uint32_t vtep; /* number of the peer, PN_VTEP_ANY: a stranger */
	uint32_t inner;
	uint16_t type; /* EtherType of what is inside; of an Ethernet frame, its own */
};

static inline bool model_is_tag(uint16_t type)
{
	return type == 0x8100 || type == 0x88a8;
}

static inline bool model_addr_is(const struct model_addr *a, const uint8_t *bytes, bool v6)
{
	return a->set && a->v6 == v6 && !memcmp(a->a, bytes, v6 ? 16 : 4);
}

static inline bool model_is_ether(const struct model_tunnel *t)
{
	return t->ether;
}

/* model_outer.c: Ethernet, VLAN, IP. False: not for us, or not provable. */
bool model_ethernet(struct view *v, uint32_t *l3, uint16_t *type);
bool model_ipv4(struct view *v, uint32_t l3);
bool model_ipv6(struct view *v, uint32_t l3);
/* The UDP header; the view ends with the datagram. */
bool model_udp(struct view *v);
bool model_csum_holds(const struct view *v);

/* What a station that chooses a tunnel says. */
enum model_station { MODEL_GO, MODEL_STOP, MODEL_STRANGER };

/* model_peer.c: who may send tunnel packets here. */
enum model_station model_peer(struct view *v);
bool model_is_local(const struct model *m, const uint8_t *addr, bool v6);

/* model_lookup.c: chapter 4, every device in the kernel's order. NULL: none. */
const struct model_tunnel *model_vxlan(const struct view *v, uint16_t dport, uint32_t vni);
const struct model_tunnel *model_geneve(const struct view *v, uint16_t dport, uint32_t vni);
const struct model_tunnel *model_ip_tunnel(const struct view *v, enum pn_tunnel_kind kind,
					   bool keyed, uint32_t key);
const struct model_tunnel *model_ip6gre(const struct view *v, uint16_t gre_proto, uint32_t key);
const struct model_tunnel *model_sit(const struct view *v);
const struct model_tunnel *model_ip6tnl(const struct view *v);

/* model_parse.c: from the outer payload to tunnel and inner packet. */
enum model_station model_terminate(struct view *v);

/* model_inner.c: may the driver deliver it, with which ECN? -1: no. */
int model_inner(struct view *v);
/* The ECN field written as the kernel does. @ip: an IP header. */
void model_ecn_write(uint8_t *ip, uint16_t type, int ecn);

/* model_route.c: what becomes of an IP packet behind a tunnel device. */
enum model_way {
	MODEL_WAY_KERNEL, /* its own affair */
	MODEL_WAY_LOCAL,  /* to this host, as far as the FIB tells */
	MODEL_WAY_EGRESS,
};

struct model_hop {
	uint16_t egress;
	uint8_t dst[6];
	uint32_t end; /* of the packet that leaves */
};

/* @at: where its header is. */
enum model_way model_route(const struct view *v, uint32_t at, struct model_hop *hop);

/* The longest route to an address; NULL: none. */
const struct model_route *model_fib(const struct model *m, const uint8_t *addr, bool v6);
const uint8_t *model_neigh(const struct model *m, const uint8_t *addr, bool v6);

/* model_bridge.c: port the frame would leave by, 0 if it is not for us to say. */
uint16_t model_bridge(const struct view *v, const uint8_t *frame, uint32_t len, uint16_t port);

#endif
