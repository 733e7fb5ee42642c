/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A host with a device of every kind of tunnel to one peer (10.0.0.2, fd00::2),
 * FOU and GUE ports, devices without a remote, and a VTI. Tunnels with Ethernet
 * inside are ports of a bridge that does not learn. 10.0.0.3 is a peer (of
 * somebody's FDB) without a tunnel of its own.
 */
#ifndef PN_TEST_TUNNELWORLD_H
#define PN_TEST_TUNNELWORLD_H

#include "world.h"

enum tunnelworld_tunnel {
	TW_VXLAN = 1,
	TW_GENEVE,   /* VNI 5 */
	TW_GENEVE6,
	TW_GRE,
	TW_GRE_KEY,  /* 7 */
	TW_GRE_KEY9, /* 7 too, but local 10.0.0.9 */
	TW_GRE_CSUM, /* key 11, wants checksums */
	TW_GRE_ANY,  /* key 21, no remote */
	TW_GRETAP,
	TW_NVGRE,    /* gretap, key 0x12345 */
	TW_ERSPAN,   /* type I */
	TW_IP6GRE,
	TW_IP6GRE_KEY, /* 7 */
	TW_IP6GRETAP,
	TW_IPIP,
	TW_SIT,
	TW_IP6TNL,
	TW_6TO4,     /* no remote, local 10.0.0.1, 2002::/16 */
	TW_6RD,	     /* no remote, local 10.0.0.9, 2001:db8::/32, relay 10.0.0.0/8 */
	TW_VTI,	     /* remote 10.0.0.4 */
	TW_TAP_CSUM, /* gretap, TW_CSUM_KEY, wants checksums */
	TW_TAP6_CSUM,
	TW_TUNNELS
};

#define TW_CSUM_KEY 12

/* UDP ports. */
#define TW_FOU_IPIP 5555
#define TW_GUE_PORT 5556
#define TW_FOU_GRE  5557
#define TW_FOU_SIT  5558

void tunnelworld(struct world *w);

#endif
