/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The nexthops of a route, between their text and the route's message. */
#ifndef PN_TOPO_NEXTHOPS_H
#define PN_TOPO_NEXTHOPS_H

#include <net/if.h>

#include "topo/object.h"

#define PN_NEXTHOPS_MAX	64

struct pn_nexthop {
	struct pn_value via;	/* len 0: none */
	char dev[IFNAMSIZ];	/* "": as the gateway is reached */
	uint64_t weight;	/* 1..256 */
	bool onlink;
};

/* Their number, or -errno. */
int pn_nexthops_parse(const char *text, struct pn_nexthop *h);
/* Sorts them: the order means nothing. */
char *pn_nexthops_text(struct pn_nexthop *h, int n, struct pn_pool *pool);

extern const struct pn_field_type pn_field_nexthops;

#endif
