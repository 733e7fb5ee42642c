/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Packets nobody would write down: the rows' packets, changed at random, often
 * with their checksums mended afterwards so that they get past the first door.
 * One 64-bit seed decides everything.
 */
#ifndef PN_TEST_MUTATE_H
#define PN_TEST_MUTATE_H

#include "pkt.h"
#include "world.h"

struct mutate {
	uint64_t state;
	int seeds;
	struct pkt *seed;
};

/* Seeds: the packets of all conformance rows. -ENOMEM or 0. */
int mutate_init(struct mutate *m, uint64_t seed);
void mutate_fini(struct mutate *m);

uint32_t mutate_rnd(struct mutate *m);
/* The next packet; 14 to PKT_SIZE - PKT_HEADROOM bytes. */
void mutate_next(struct mutate *m, struct pkt *p);
/* The next frame for a bridge port, W_BRIDGE of mutate_world(). */
void mutate_frame(struct mutate *m, struct pkt *p);

/* Everything a packet can meet: tunnels over both families with every option
 * (VNIs 5 to 10), VLAN devices, bridges in every state. */
void mutate_world(struct world *w, uint32_t target_ifindex);

#define MUTATE_VNI_FIRST 5
#define MUTATE_VNIS	 7

#endif
