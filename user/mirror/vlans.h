/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * VLAN memberships of bridge ports as the kernel tells them (RTM_NEWVLAN): a
 * sorted array, for a switch of 48 ports with every VLAN has 200,000.
 */
#ifndef PN_MIRROR_VLANS_H
#define PN_MIRROR_VLANS_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "mirror/sorted.h"

struct pn_nl_vlan;

struct pn_vlan {
	struct pn_sorted_head head;	/* key: ifindex above the 12 bits of the VID */
	__u32 tunnel;			/* tunnel id that stands for the VLAN */
	__u16 flags;			/* BRIDGE_VLAN_INFO_* */
	__u8 state;			/* BR_STATE_* */
	bool has_tunnel;
};

#define PN_VLAN_KEY(ifindex, vid)	((__u64)(ifindex) << 12 | (vid))
#define PN_VLAN_IFINDEX(key)		((__u32)((key) >> 12))
#define PN_VLAN_VID(key)		((key) % 4096)

struct pn_vlans {
	struct pn_sorted s;
};

void pn_vlans_fini(struct pn_vlans *t);

/* Take in one range. 1: something changed, 0: nothing, or -ENOMEM. */
int pn_vlans_take(struct pn_vlans *t, const struct pn_nl_vlan *range);

/* NULL: no member. */
const struct pn_vlan *pn_vlans_find(const struct pn_vlans *t, __u32 ifindex, __u16 vid);
/* The first of a device, or of the next one: they are adjacent. */
const struct pn_vlan *pn_vlans_of(const struct pn_vlans *t, __u32 ifindex);
const struct pn_vlan *pn_vlans_end(const struct pn_vlans *t);
/* VID of untagged frames; 0: none. */
__u16 pn_vlans_pvid(const struct pn_vlans *t, __u32 ifindex);

/* All of a device that went. True: there were some. */
bool pn_vlans_drop(struct pn_vlans *t, __u32 ifindex);

/* A dump of everything: what it did not have is gone. True at the end: something was. */
void pn_vlans_dump_begin(struct pn_vlans *t);
bool pn_vlans_dump_end(struct pn_vlans *t);

#endif
