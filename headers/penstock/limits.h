/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How much of everything there is room for. Included by both sides; a value
 * that changes the layout of a map changes PN_ABI_VERSION too.
 */
#ifndef PENSTOCK_LIMITS_H
#define PENSTOCK_LIMITS_H

#define PN_MAX_PORTS		4096	/* devices known: attached, bridge ports, VLANs */
#define PN_MAX_TUNNELS		16384	/* tunnel devices known */
#define PN_MAX_REASONS		96	/* room in the per-port counters; see reasons.def */
#define PN_MAX_VLAN_TAGS	2	/* tags in front of an outer header */

#define PN_BUCKET_SLOTS		4	/* slots of a bucket in the hashed tables */

#define PN_FDB_MAX_DEFAULT	262144	/* FDB entries that fit by default */
#define PN_FDB_MAX_LIMIT	16777216
#define PN_ENDPOINT_MAX_DEFAULT	16384	/* (port, remote, local) triples */
#define PN_DEMUX_MAX_DEFAULT	32768	/* tunnel keys and VLAN devices */

#endif
