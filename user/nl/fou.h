/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Generic netlink family "fou": UDP ports that FOU and GUE packets are taken
 * from. The kernel does not notify; and asking for a family by name would
 * load its module, so all families are listed instead.
 */
#ifndef PN_NL_FOU_H
#define PN_NL_FOU_H

#include <stdbool.h>
#include <stdint.h>

#include "nl/sock.h"

struct pn_nl_fou {
	bool ipv6;
	bool gue;
	bool tied;		/* to a local address, a peer or a device */
	uint8_t protocol;	/* FOU: IP protocol of what is inside */
	uint16_t port;		/* host order */
};

/*
 * Calls @cb for every port in the namespace of @nl, a socket of
 * NETLINK_GENERIC. 0, also without the module; -errno, -EINTR as pn_nl_dump.
 */
int pn_nl_fou_each(struct pn_nl *nl, void (*cb)(void *ctx, const struct pn_nl_fou *fou),
		   void *ctx);

/* Is the family there? Loads nothing. */
int pn_nl_fou_known(struct pn_nl *nl, bool *known);

#endif
