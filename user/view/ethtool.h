/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What ethtool knows of a device: driver, speed, duplex, channels. By ioctl, here and now. */
#ifndef PN_VIEW_ETHTOOL_H
#define PN_VIEW_ETHTOOL_H

#include <stdint.h>

struct pn_ethtool {
	char driver[32];	/* empty: it does not say */
	char firmware[32];
	int32_t speed;		/* Mb/s; -1: unknown */
	const char *duplex;	/* "full", "half"; NULL: unknown */
	uint32_t channels, max_channels;	/* queue pairs in use, and possible; 0: not told */
};

/* @fd: a socket of any family in the device's namespace. What is not told stays unknown. */
void pn_ethtool_read(int fd, const char *name, struct pn_ethtool *e);

#endif
