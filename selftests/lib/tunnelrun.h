/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One program over the world of tunnelworld.h: which device was found for a
 * packet, for what reason it went where it went, and that a packet that passes
 * is the one that came. Packets are differences from a good one of their kind.
 */
#ifndef PN_TEST_TUNNELRUN_H
#define PN_TEST_TUNNELRUN_H

#include "fast.h"
#include "scene.h"
#include "tunnelworld.h"

#define PKT(...)   { { __VA_ARGS__ } }
#define GRE(...)  PKT(V(KIND, R_GRE), __VA_ARGS__)
#define TAP(...)  PKT(V(KIND, R_GRE), V(GRE_PROTO, 0x6558), __VA_ARGS__)
#define GRE_(p)	  PKT(V(KIND, R_GRE), V(GRE_PROTO, p))
#define IPIP(...) PKT(V(KIND, R_IP), __VA_ARGS__)
#define FOU(...)  PKT(V(KIND, R_UDP), __VA_ARGS__)
#define GUE(...)  PKT(V(KIND, R_UDP), V(UDP_DPORT, TW_GUE_PORT), __VA_ARGS__)
#define GN(...)	  PKT(V(KIND, R_GENEVE), __VA_ARGS__)
#define OUTER6	  V(V6, 1)
#define INNER6	  V(IN_V6, 1)
#define KEY(k)	  V(GRE_FLAGS, 0x2000), V(GRE_KEY, k)

/*
 * What a routed tunnel's packet comes to in this world, the device being found:
 * all of them have their gate to routing closed.
 */
#define TAKEN PN_R_GATE_ROUTE

#define TUNNELRUN_DST SCENE_IN_DST

struct tunnel_row {
	const char *name;
	uint32_t tunnel; /* the device found; 0: none */
	enum pn_reason reason;
	struct recipe pkt;
};

extern struct fast tunnelrun;

#define TUNNELRUN_HOP "02:dd:00:00:00:02"

/*
 * A namespace that forwards, with two pairs of veths that are up: w - e, the
 * way to 10.8.0.0/16 and fd08::/16 by next hops that have the address
 * TUNNELRUN_HOP, and t - t2. Not entered.
 */
int tunnelrun_routes(struct netns *net);

/*
 * A namespace with 10.0.0.1/24 on the wire, a route to 10.8.0.0/16 by another
 * device and a blackhole for 10.10.0.0/16; it forwards. Of the world's peers
 * none is listed, but 10.0.0.64/26 and fd00::/64 are.
 */
void tunnelrun_open(void);
/* A program with these settings; it writes what it did to pn_explain. */
void tunnelrun_start(struct fast_opts opts);
/* From the next start on, packets out of this tunnel are routed to 10.8.0.0/16. */
void tunnelrun_route(uint32_t tunnel);
/* Run a packet inside an open case. */
void tunnelrun_check(const struct recipe *r, uint32_t tunnel, enum pn_reason reason);

#endif
