/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * RTM_NEWNEIGH / RTM_DELNEIGH as a plain struct: bridge and vxlan FDB entries
 * (family AF_BRIDGE) and IP neighbours. Allocates nothing: a million entries
 * a second pass here. Pointers are views into the message and die with it.
 */
#ifndef PN_NL_NEIGH_H
#define PN_NL_NEIGH_H

#include <linux/netlink.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stdint.h>

#include "nl/sock.h"

struct pn_nl_neigh {
	bool deleted;		/* RTM_DELNEIGH */
	uint8_t family;		/* AF_BRIDGE: an FDB entry */
	uint8_t flags;		/* NTF_* */
	uint8_t lladdr_len;	/* 6, or 0 when absent */
	uint8_t dst_len;	/* 4, 16, or 0 when absent */
	uint16_t state;		/* NUD_* */
	uint16_t vlan;		/* 0: none */
	__be16 port;		/* 0: the device's own */
	uint32_t flags_ext;	/* NTF_EXT_* */
	uint32_t ifindex;
	uint32_t master;	/* ifindex, 0: none; set: the bridge's entry */
	uint32_t via;		/* NDA_IFINDEX, 0: none */
	uint32_t vni;		/* 0: the device's own */
	uint32_t src_vni;
	bool has_vni;
	uint32_t nhid;		/* nexthop group, 0: none */
	bool has_ages;
	uint32_t used, confirmed, updated;	/* ages in clock ticks */
	const uint8_t *lladdr;
	const uint8_t *dst;	/* remote VTEP, or the neighbour's IP address */
};

/* -EBADMSG when it is no neighbour message. */
int pn_nl_neigh_parse(const struct nlmsghdr *nlh, struct pn_nl_neigh *n);

/*
 * Dump the FDB (AF_BRIDGE) or IP neighbours. For the FDB, @ifindex limits it
 * to one device (a vxlan device, or a bridge port) and @master to one bridge;
 * 0: all. As pn_nl_dump; a refusal is put into words by pn_nl_refused.
 */
int pn_nl_fdb_dump(struct pn_nl *nl, uint32_t ifindex, uint32_t master, pn_nl_cb cb,
		   void *data);
int pn_nl_neigh_dump(struct pn_nl *nl, uint8_t family, pn_nl_cb cb, void *data,
		     struct pn_err *err);

#endif
