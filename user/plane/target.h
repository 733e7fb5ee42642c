/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Does a device take XDP frames? Known before the first one is sent: a veth
 * whose peer has no NAPI loses every frame without a word. A pure function of
 * what was found out about the device; finding it out and curing it is for
 * those who know links and namespaces.
 */
#ifndef PN_PLANE_TARGET_H
#define PN_PLANE_TARGET_H

#include <stdbool.h>
#include <stdint.h>

enum pn_peer {			/* of a veth */
	PN_PEER_NAPI,		/* GRO is on there, or an XDP program: it takes frames */
	PN_PEER_NO_NAPI,	/* it would lose them; GRO is the cure */
	PN_PEER_UNREACHABLE,	/* nobody can tell, or cure */
};

struct pn_target_facts {
	const char *driver;	/* "veth", "virtio_net" ... */
	bool told;		/* the kernel says what it can do (6.3 and later) */
	bool ndo_xmit;		/* and it does take frames now */
	bool native_xdp;	/* a native XDP program is attached to it */
	enum pn_peer peer;
};

/* Is it to be known whether a device of this driver has an XDP program? */
bool pn_target_needs_program(const char *driver);

/* @why becomes a constant string that says why not; NULL where it does. */
bool pn_target_takes_xdp(const struct pn_target_facts *facts, const char **why);

#endif
