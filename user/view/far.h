/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names of devices in other network namespaces, which this one knows by
 * number. Each namespace is entered once, and let go at once.
 */
#ifndef PN_VIEW_FAR_H
#define PN_VIEW_FAR_H

#include <net/if.h>
#include <stdint.h>

struct pn_far;

struct pn_fars {
	unsigned int n;
	struct pn_far *far;
};

/* "" where it cannot be found out. */
void pn_far_name(struct pn_fars *fars, int32_t nsid, uint32_t ifindex, char out[IFNAMSIZ]);
/* Name of the namespace, or "". */
const char *pn_far_netns(struct pn_fars *fars, int32_t nsid);
void pn_fars_free(struct pn_fars *fars);

#endif
