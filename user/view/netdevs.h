/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Every device of this network namespace with all that rtnetlink, the families
 * of generic netlink, ethtool and sysfs tell of it, for people to look at.
 * Knows no attribute of any kind and nothing of pins.
 */
#ifndef PN_VIEW_NETDEVS_H
#define PN_VIEW_NETDEVS_H

#include <linux/types.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "nl/devlink.h"
#include "stats/tunnels.h"
#include "util/err.h"
#include "view/bus.h"
#include "view/ethtool.h"

#define PN_FAR_NAME 64
#define PN_HW_TEXT  (3 * 32)	/* "02:00:..." of the longest hardware address */

/* At the XDP hook, one for each of its three places. */
struct pn_netdev_xdp {
	uint8_t mode;		/* XDP_ATTACHED_* */
	uint32_t prog, native, generic, offload;	/* ids, 0: none */
};

struct pn_netdev {
	uint32_t ifindex, master, link, flags, mtu, min_mtu, max_mtu;
	uint32_t txqlen, tx_queues, rx_queues, group, promiscuity, num_vf;
	uint32_t changes, ups, downs;	/* of the carrier */
	int32_t netnsid;	/* of `link`; -1: this one */
	uint16_t type;		/* ARPHRD_* */
	uint8_t operstate;	/* IF_OPER_* */
	bool carrier;
	bool told;		/* the kernel tells what its driver can do with XDP */
	uint64_t features;	/* PN_XDP_F_* */
	struct pn_netdev_xdp xdp;
	struct pn_tunnel_attrs tunnel;
	struct pn_ethtool ethtool;
	struct pn_bus bus;
	struct pn_devlink_port devlink;	/* without a bus: it is no port of devlink's */
	const char *eswitch;	/* mode of the switch in the device; NULL: it has none */
	uint32_t vf_of;		/* ifindex of the physical function; 0: not here or none */
	char name[IFNAMSIZ];
	char kind[16];		/* empty: hardware, loopback */
	char master_kind[16];
	char alias[256];
	char address[PN_HW_TEXT], permanent[PN_HW_TEXT];
	char port[32], switch_id[PN_HW_TEXT];	/* of a switch or representor */
	char link_name[IFNAMSIZ];	/* of `link`; empty: it cannot be found out */
	char link_netns[PN_FAR_NAME];	/* empty: this one, or one without a name */
};

struct pn_netdevs {
	char netns[PN_FAR_NAME];	/* the name of this namespace; empty: none */
	unsigned int n;
	struct pn_netdev *dev;		/* by rising ifindex */
};

int pn_netdevs_read(struct pn_netdevs *devs, struct pn_err *err);
void pn_netdevs_free(struct pn_netdevs *devs);

/* NULL: none here. */
const struct pn_netdev *pn_netdevs_find(const struct pn_netdevs *devs, uint32_t ifindex);

/* One of a pair: what stands in `link` is its peer and no lower device. */
bool pn_netdev_has_peer(const struct pn_netdev *dev);

#endif
