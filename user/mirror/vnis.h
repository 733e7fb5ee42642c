/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * VNIs that vxlan devices with `vnifilter` take, as the kernel tells them: a
 * sorted array, one entry per VNI and device. Memory is bounded: of a device
 * with more than PN_VNIS_MAX the rest is not known, and left to the kernel.
 */
#ifndef PN_MIRROR_VNIS_H
#define PN_MIRROR_VNIS_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "mirror/sorted.h"

#define PN_VNIS_MAX	65536	/* of one range of one message */

struct pn_nl_vni;

struct pn_vni {
	struct pn_sorted_head head;	/* key: ifindex above the 24 bits of the VNI */
};

#define PN_VNI_KEY(ifindex, vni)	((__u64)(ifindex) << 24 | (vni))
#define PN_VNI_IFINDEX(key)		((__u32)((key) >> 24))
#define PN_VNI_VNI(key)			((__u32)((key) % 0x1000000))

struct pn_vnis {
	struct pn_sorted s;
};

void pn_vnis_fini(struct pn_vnis *t);

/* Take in one range. 1: something changed, 0: nothing, or -ENOMEM. */
int pn_vnis_take(struct pn_vnis *t, const struct pn_nl_vni *range);
/* The first of a device, or of the next one: they are adjacent. */
const struct pn_vni *pn_vnis_of(const struct pn_vnis *t, __u32 ifindex);
const struct pn_vni *pn_vnis_end(const struct pn_vnis *t);
bool pn_vnis_has(const struct pn_vnis *t, __u32 ifindex, __u32 vni);
/* All of a device that went. */
void pn_vnis_drop(struct pn_vnis *t, __u32 ifindex);

/* A dump of everything: what it did not have is gone. True at the end: something was. */
void pn_vnis_dump_begin(struct pn_vnis *t);
bool pn_vnis_dump_end(struct pn_vnis *t);

#endif
