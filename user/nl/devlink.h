/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Generic netlink family "devlink": the devices behind netdevs, their ports,
 * and the mode of the switch inside. Of one network namespace, the socket's.
 */
#ifndef PN_NL_DEVLINK_H
#define PN_NL_DEVLINK_H

#include <stdbool.h>
#include <stdint.h>

#include "nl/sock.h"

#define PN_DEVLINK_NONE UINT32_MAX

struct pn_devlink_port {
	char bus[24], dev[64];
	uint32_t index;
	uint32_t ifindex;	/* 0: no netdev here */
	const char *flavour;	/* "physical", "pcivf"; NULL: the driver does not say */
	uint32_t number;	/* on the front panel; PN_DEVLINK_NONE: it has none */
	uint32_t controller, pf, vf;	/* likewise */
	bool external;		/* of another host */
};

typedef int pn_devlink_cb(const struct pn_devlink_port *port, void *data);
/* All ports. 0 or -errno; -EOPNOTSUPP: this kernel has no devlink (loaded). */
int pn_devlink_ports(struct pn_nl *genl, pn_devlink_cb *cb, void *data);

/* DEVLINK_ESWITCH_MODE_*; -EOPNOTSUPP: it has no switch. Setting leaves words in genl->ack. */
int pn_devlink_eswitch(struct pn_nl *genl, const char *bus, const char *dev, uint16_t *mode);
/* "legacy", "switchdev"; NULL: of no mode that is known. */
const char *pn_devlink_eswitch_word(uint16_t mode);
int pn_devlink_eswitch_set(struct pn_nl *genl, const char *bus, const char *dev, uint16_t mode);

#endif
