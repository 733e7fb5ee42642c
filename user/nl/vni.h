/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * RTM_NEWTUNNEL / RTM_DELTUNNEL (kernel: drivers/net/vxlan/vxlan_vnifilter.c,
 * 5.18 and later): which VNIs a vxlan device with `vnifilter` takes.
 */
#ifndef PN_NL_VNI_H
#define PN_NL_VNI_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "nl/sock.h"

struct pn_nl_vni {
	bool deleted;
	uint32_t ifindex;
	uint32_t first, last;
};

/* Calls @cb for every range of a message until it returns non-zero. -EBADMSG: it is none. */
int pn_nl_vni_each(const struct nlmsghdr *nlh,
		   int (*cb)(void *ctx, const struct pn_nl_vni *vni), void *ctx);

/* Dump all of them: @cb gets each message. As pn_nl_dump. */
int pn_nl_vni_dump(struct pn_nl *nl, pn_nl_cb cb, void *data, struct pn_err *err);

#endif
