/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The contents of the pinned maps as the mirror writes them: plain memory,
 * mapped by whoever loaded the programs, or allocated by a test. No BPF here.
 * What is found in them at pn_mirror_open() is adopted.
 */
#ifndef PN_MIRROR_MAPS_H
#define PN_MIRROR_MAPS_H

#include <penstock/abi.h>

enum pn_counted { PN_COUNTED_TUNNEL, PN_COUNTED_PEER };

struct pn_mirror_maps {
	struct pn_port *ports;			/* PN_MAX_PORTS */
	struct pn_tunnel *tunnels;		/* tunnels_max */
	struct pn_bucket *fdb;
	struct pn_bucket *demux;
	struct pn_endpoint_bucket *endpoints;
	struct pn_control *control;
	__u64 seed;
	__u32 fdb_mask;				/* buckets - 1 */
	__u32 demux_mask;
	__u32 endpoint_mask;
	__u32 tunnels_max;			/* entries, 0 is never used */
	/*
	 * Put @ifindex into slot @port of pn_devmap; 0 empties it. A port gets
	 * PN_PORT_XDP_TARGET only after this returned 0. NULL: no devmap.
	 */
	int (*devmap_set)(void *ctx, __u16 port, __u32 ifindex);
	/*
	 * The number now means a tunnel device, or a remote, that it did not
	 * mean before: its counters begin at 0. NULL: there are no counters.
	 */
	void (*count_anew)(void *ctx, enum pn_counted what, __u32 number);
	void *ctx;
};

#endif
