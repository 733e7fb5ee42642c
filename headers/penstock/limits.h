/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How much of everything there is room for. Included by both sides; a value
 * that changes the layout of a map changes PN_ABI_VERSION too.
 */
#ifndef PENSTOCK_LIMITS_H
#define PENSTOCK_LIMITS_H

#define PN_MAX_PORTS		16384	/* devices known: attached, bridge ports, VLANs, egress */
#define PN_MAX_REASONS		96	/* room in the per-port counters; see reasons.def */
#define PN_MAX_VLAN_TAGS	2	/* tags in front of an outer header */

#define PN_BUCKET_SLOTS		4	/* slots of a bucket in the hashed tables */

#define PN_FDB_MAX_DEFAULT	262144	/* FDB entries that fit by default */
#define PN_FDB_MAX_LIMIT	16777216
#define PN_TUNNEL_MAX_DEFAULT	16384	/* tunnel devices */
#define PN_TUNNEL_MAX_LIMIT	1048576
#define PN_MAX_NESTING		4	/* tunnels inside tunnels */
#define PN_PEERS_MAX		65536	/* prefixes of `peers`, all ports together */

#define PN_SHAPER_MAX_DEFAULT	4096	/* shapers */
#define PN_SHAPER_MAX_LIMIT	1048576
#define PN_SPREAD_MAX		4096	/* CPUs in the lists of shapers that are spread */
#define PN_SPREAD_QUEUE		2048	/* packets that wait for one of them */
#define PN_SOURCE_MAX_DEFAULT	65536	/* sources of shapers that are fair between them */

#define PN_ENDPOINT_MAX_DEFAULT	16384	/* (port, remote, local) triples */
#define PN_DEMUX_MAX_DEFAULT	32768	/* tunnel keys and VLAN devices */

#endif
