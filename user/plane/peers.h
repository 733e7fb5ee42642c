/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Map pn_peers: the prefixes whose tunnel packets a port takes. What is new is
 * added before the port's program learns of it, what went is removed after, so
 * that a peer in both lists is admitted all the time. A run that ends between
 * the two leaves more than is wanted, until the port is attached again.
 */
#ifndef PN_PLANE_PEERS_H
#define PN_PLANE_PEERS_H

#include <stdint.h>

#include "plane/pins.h"
#include "plane/record.h"

/* Which of a record's prefixes were not there before. */
struct pn_peers_added {
	uint8_t prefix[PN_PORT_PREFIXES];
};

/* Add those of @r for port index @port. 0, or -errno and nothing is added. */
int pn_peers_add(int map_fd, uint16_t port, const struct pn_record *r,
		 struct pn_peers_added *added);
/* Take back what was added. */
void pn_peers_undo(int map_fd, uint16_t port, const struct pn_record *r,
		   const struct pn_peers_added *added);
/* Remove all of @port but those of @r, which may be NULL. */
void pn_peers_trim(int map_fd, uint16_t port, const struct pn_record *r);

/* The port is no more: nothing of it stays. */
void pn_peers_forget(const struct pn_pins *pins, uint16_t port);

#endif
