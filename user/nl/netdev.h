/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Generic netlink family "netdev" (6.3 and later): what a device's driver can
 * do with XDP. Older kernels do not tell.
 */
#ifndef PN_NL_NETDEV_H
#define PN_NL_NETDEV_H

#include <stdint.h>

#define PN_XDP_F_BASIC		(1u << 0)	/* runs programs, natively */
#define PN_XDP_F_REDIRECT	(1u << 1)	/* and lets them redirect */
#define PN_XDP_F_NDO_XMIT	(1u << 2)	/* takes frames of others, now */
#define PN_XDP_F_HW_OFFLOAD	(1u << 4)	/* runs programs in the device */

/* 0 and *@features, or -errno; -EOPNOTSUPP: this kernel does not tell. */
int pn_netdev_features(uint32_t ifindex, uint64_t *features);

typedef int pn_netdev_cb(uint32_t ifindex, uint64_t features, void *data);
/* The same of all devices. */
int pn_netdev_features_all(pn_netdev_cb *cb, void *data);

#endif
