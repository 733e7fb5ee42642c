// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Asking by SIOCETHTOOL; see ethtool.h. */
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "view/ethtool.h"

#define MODE_WORDS_MAX 127	/* of a link mode mask: what the kernel's s8 can say */

static bool ask(int fd, const char *name, void *cmd)
{
	struct ifreq ifr = { .ifr_data = cmd };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	return !ioctl(fd, SIOCETHTOOL, &ifr);
}

static void driver_read(int fd, const char *name, struct pn_ethtool *e)
{
	struct ethtool_drvinfo drv = { .cmd = ETHTOOL_GDRVINFO };

	if (!ask(fd, name, &drv))
		return;
	snprintf(e->driver, sizeof(e->driver), "%.31s", drv.driver);
	if (strcmp(drv.fw_version, "N/A"))
		snprintf(e->firmware, sizeof(e->firmware), "%.31s", drv.fw_version);
}

/* The first question is answered with the size of the masks, the second with all. */
static void speed_read(int fd, const char *name, struct pn_ethtool *e)
{
	union {
		struct ethtool_link_settings s;
		char room[sizeof(struct ethtool_link_settings) +
			  3 * MODE_WORDS_MAX * sizeof(uint32_t)];
	} q = { .s = { .cmd = ETHTOOL_GLINKSETTINGS } };
	int words;

	if (!ask(fd, name, &q) || q.s.link_mode_masks_nwords >= 0)
		return;
	words = -q.s.link_mode_masks_nwords;
	q.s = (struct ethtool_link_settings){ .cmd = ETHTOOL_GLINKSETTINGS,
					      .link_mode_masks_nwords = words };
	if (!ask(fd, name, &q))
		return;
	if (q.s.speed && q.s.speed != (uint32_t)SPEED_UNKNOWN)
		e->speed = q.s.speed;
	e->duplex = q.s.duplex == DUPLEX_FULL ? "full" : q.s.duplex == DUPLEX_HALF ? "half" : NULL;
}

static void channels_read(int fd, const char *name, struct pn_ethtool *e)
{
	struct ethtool_channels ch = { .cmd = ETHTOOL_GCHANNELS };

	if (!ask(fd, name, &ch))
		return;
	e->channels = ch.combined_count + (ch.rx_count > ch.tx_count ? ch.rx_count : ch.tx_count);
	e->max_channels = ch.max_combined ? ch.max_combined :
			  ch.max_rx > ch.max_tx ? ch.max_rx : ch.max_tx;
}

void pn_ethtool_read(int fd, const char *name, struct pn_ethtool *e)
{
	*e = (struct pn_ethtool){ .speed = -1 };
	driver_read(fd, name, e);
	speed_read(fd, name, e);
	channels_read(fd, name, e);
}
