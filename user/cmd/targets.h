/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What may be redirected to a device, found out by asking it, and by switching
 * GRO on at the peer of a veth where that is what it lacks. Glue between the
 * mirror, which asks, and plane/target.h, which judges.
 */
#ifndef PN_CMD_TARGETS_H
#define PN_CMD_TARGETS_H

#include <linux/types.h>
#include <stdbool.h>

struct pn_target_dev {
	__u32 ifindex;
	__u32 link;		/* of a veth: its peer; 0: unknown */
	__s32 netnsid;		/* where the peer is; -1: here */
	bool cure;		/* else look only */
};

/* Does it take XDP frames? @why as in plane/target.h. */
bool pn_targets_xdp(const struct pn_target_dev *dev, const char **why);
/* PN_PORT_TC_TARGET, PN_PORT_SETS_PROTO: nothing to find out, and no cure needed. */
__u32 pn_targets_tc(__u32 ifindex);

#endif
