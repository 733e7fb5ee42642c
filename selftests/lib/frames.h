/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The frames and the small world that all benchmarks use. */
#ifndef PN_TEST_FRAMES_H
#define PN_TEST_FRAMES_H

#include "pkt.h"
#include "tables.h"

#define FRAME_VNI     100
#define FRAME_PORT    4789
#define FRAME_SRC4    "10.0.0.2"
#define FRAME_DST4    "10.0.0.1"
#define FRAME_SRC6    "fd00::2"
#define FRAME_DST6    "fd00::1"
#define FRAME_VX_MAC  "02:aa:00:00:00:01" /* of the tunnel device */
#define FRAME_SRC_MAC "02:aa:00:00:00:02" /* inner source */
#define FRAME_DST_MAC "02:bb:00:00:00:00" /* inner destination, the first of many */

struct frame_spec {
	int family;	/* outer: 4, 6; 0: the inner frame alone */
	int inner_len;	/* with its Ethernet header */
	bool csum;	/* outer UDP checksum: right, or zero */
};

void frame_build(struct pkt *p, const struct frame_spec *spec);
/* Where in it the inner destination MAC starts. */
int frame_mac_at(const struct frame_spec *spec);

/* Indices of the ports in the tables. */
enum { FRAME_P_WIRE = 1, FRAME_P_VXLAN = 2, FRAME_P_WEB = 3 };

struct frame_world {
	uint32_t macs;	  /* inner destinations; at least 1 */
	uint32_t wire;	  /* ifindex of the port they arrive on */
	uint32_t web;	  /* and of the one they leave by */
	uint32_t vxlan;	  /* of the tunnel device, if frames may leave by it */
	bool v6;
	bool bridged; /* the wire is a bridge port, no tunnel */
	bool tc;
};

/* Tables for such frames: one bridge, learned addresses, both ports learning. */
void frame_tables(struct tables *t, const struct frame_world *w);

#endif
