/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Small stable numbers for interface indexes: the place of a device in an
 * array that the data plane indexes. A number is kept until it is given back.
 */
#ifndef PN_MIRROR_IDS_H
#define PN_MIRROR_IDS_H

#include <linux/types.h>

struct pn_ids {
	__u32 *ifindex;		/* by number; 0: free */
	__u32 *place;		/* hash of ifindex -> number; 0: free */
	__u32 mask;		/* of the hash */
	__u32 max;		/* numbers are 1 .. max - 1 */
	__u32 next;		/* where to look for a free one */
	__u32 used;
};

/* -ENOMEM. A zeroed pn_ids may be closed. */
int pn_ids_init(struct pn_ids *ids, __u32 max);
void pn_ids_fini(struct pn_ids *ids);

/* Number of @ifindex, 0: has none. */
__u32 pn_ids_find(const struct pn_ids *ids, __u32 ifindex);
/* The same, given now if need be; 0: all are in use. */
__u32 pn_ids_get(struct pn_ids *ids, __u32 ifindex);
/* @ifindex has this number, which is free. */
void pn_ids_adopt(struct pn_ids *ids, __u32 ifindex, __u32 id);
void pn_ids_put(struct pn_ids *ids, __u32 id);

#endif
