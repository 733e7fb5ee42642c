/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Remote VTEPs have numbers in the maps; the endpoints know their addresses.
 * Only those that are proven at this moment have endpoints.
 */
#ifndef PN_STATS_PEERS_H
#define PN_STATS_PEERS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "plane/maps.h"

struct pn_peer_name {
	uint32_t number;
	struct in6_addr addr;	/* v4-mapped for IPv4 */
};

struct pn_peer_names {
	unsigned int n;
	struct pn_peer_name *by_number, *by_addr;	/* the same, in two orders */
};

/* 0 or -ENOMEM. */
int pn_peer_names_read(struct pn_peer_names *names, const struct pn_maps *maps);
void pn_peer_names_free(struct pn_peer_names *names);

/* NULL: nobody has that number. */
const struct pn_peer_name *pn_peer_names_find(const struct pn_peer_names *names,
					      uint32_t number);
bool pn_peer_names_has(const struct pn_peer_names *names, const struct in6_addr *addr);

/* The address as text; returns @buf, of INET6_ADDRSTRLEN bytes. */
char *pn_peer_text(const struct in6_addr *addr, char *buf);

#endif
