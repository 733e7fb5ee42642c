/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Every kind of tunnel as the benchmarks see it: a packet of it, the entry in
 * the maps, and what makes the device in a kernel. All are between 10.0.0.2 or
 * fd00::2 and us; inner packets leave by a bridge, or are routed by way of the
 * neighbours KIND_HOP4 and KIND_HOP6.
 */
#ifndef PN_TEST_KINDS_H
#define PN_TEST_KINDS_H

#include "recipe.h"
#include "world.h"

#define KIND_HOP4 "192.168.6.2"
#define KIND_HOP6 "fd06::2"
#define KIND_MAC  "02:bb:00:00:00:01" /* of the host that packets are for */

struct kind {
	const char *name;
	struct recipe recipe;
	struct world_tunnel tunnel;
	struct world_fou fou;
	bool routed; /* not bridged */
	bool shared; /* another kind's device takes these packets */
	bool common; /* every kernel has it */
	const char *link; /* lines for ip -batch; the device is t0 */
	const char *fou_port;
};

extern const struct kind kinds[];
extern const int kinds_n;

/* Numbers of the devices that a world is about; all of them may be one. */
struct kind_devices {
	uint32_t wire;
	uint32_t tunnel;
	uint32_t out;
};

/* The world with the tunnel of one kind, or with all of them (NULL). */
void kind_world(struct world *w, const struct kind *k, const struct kind_devices *dev);

/* NULL: no such name. */
const struct kind *kind_find(const char *name);

void kind_packet(const struct kind *k, struct pkt *p);

#endif
