/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the offloaded program and the loader agree on. A program in a device has
 * no global data, and its maps are small: arrays and hashes of at most two
 * entries without flags, so everything that is a table elsewhere is a fixed
 * array inside one value here. See docs/offload.md.
 */
#ifndef PENSTOCK_OFFLOAD_H
#define PENSTOCK_OFFLOAD_H

#include <linux/types.h>

#define PN_OFFLOAD_ENTRIES	2	/* of a hash in the device */
#define PN_OFFLOAD_SERVICES	8	/* UDP ports that are told apart */

/* What a packet is, as far as its outer headers tell. */
#define PN_OFFLOAD_CLASSES(X) \
	X(OTHER, "other", "no tunnel packet that the device can tell") \
	X(VXLAN, "vxlan", "VXLAN, also GPE") \
	X(GENEVE, "geneve", "GENEVE") \
	X(UDP_ENCAP, "gue", "GUE") \
	X(GRE, "gre", "GRE, GRETAP, NVGRE, ERSPAN") \
	X(IPIP, "ip", "IPv4, IPv6 or MPLS in IP") \
	X(REFUSED, "refused", "dropped: a tunnel packet for this host, of nobody listed (strict)")

enum pn_offload_class {
#define PN_OFFLOAD_ENUM(id, name, text) PN_OFFLOAD_##id,
	PN_OFFLOAD_CLASSES(PN_OFFLOAD_ENUM)
#undef PN_OFFLOAD_ENUM
	PN_OFFLOAD_CLASS_COUNT
};

/* Array off_count, one entry. */
struct pn_offload_count {
	struct {
		__u64	packets;
		__u64	bytes;
	} class[PN_OFFLOAD_CLASS_COUNT];
};

/* Array off_conf, one entry. */
struct pn_offload_conf {
	__u32	strict;
	struct {
		__be16	port;
		__u16	class;	/* enum pn_offload_class */
	} service[PN_OFFLOAD_SERVICES];
};

/* Key of the hashes off_locals (addresses of this host) and off_peers; IPv4 is v4-mapped. */
struct pn_offload_addr {
	__be32	addr[4];
};

#endif
