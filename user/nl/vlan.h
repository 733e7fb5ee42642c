/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * RTM_NEWVLAN / RTM_DELVLAN (kernel: net/bridge/br_vlan.c): which VLANs the
 * ports of a bridge are members of. A message holds ranges of one device.
 */
#ifndef PN_NL_VLAN_H
#define PN_NL_VLAN_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "nl/sock.h"

struct pn_nl_vlan {
	bool deleted;
	uint32_t ifindex;	/* a port, or the bridge itself */
	uint16_t first, last;	/* VIDs */
	uint16_t flags;		/* BRIDGE_VLAN_INFO_* */
	uint8_t state;		/* BR_STATE_* of the port in this VLAN */
	bool has_tunnel;
	uint32_t tunnel;	/* tunnel id (VNI) of the first VID; the next has the next */
	const struct nlattr *entry;	/* the whole of it, a view into the message */
};

/* Calls @cb for every range of a message until it returns non-zero. -EBADMSG: it is none. */
int pn_nl_vlan_each(const struct nlmsghdr *nlh,
		    int (*cb)(void *ctx, const struct pn_nl_vlan *vlan), void *ctx);

/*
 * Dump all of them: @cb gets each message. @flags: BRIDGE_VLANDB_DUMPF_*; with
 * statistics each range is one VLAN. As pn_nl_dump.
 */
int pn_nl_vlan_dump(struct pn_nl *nl, uint32_t flags, pn_nl_cb cb, void *data,
		    struct pn_err *err);

#endif
