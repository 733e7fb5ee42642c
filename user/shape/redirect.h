/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The filters that send a port's packets to the IFB devices where its shapers
 * queue them: one for each device, at the port's clsact ingress behind all
 * others. They are kernel state and found again as such; who made the place for them
 * the caller records.
 */
#ifndef PN_SHAPE_REDIRECT_H
#define PN_SHAPE_REDIRECT_H

#include "nl/filter.h"
#include "plane/maps.h"

#define PN_REDIRECTS_MAX	64	/* IFB devices of one port */

struct pn_redirect_port {
	uint32_t ifindex;
	uint16_t index;		/* in pn_ports */
	const char *dev;
	bool placed;		/* we made the clsact qdisc; in and out */
};

/*
 * Make them what the tables of shapers ask for. @anew: also exchange those that
 * are as they should be, for the program of this version.
 */
int pn_redirects_settle(const struct pn_maps *maps, struct pn_redirect_port *p, bool anew,
			struct pn_err *err);
/* None are left. */
void pn_redirects_clear(uint32_t ifindex);
/* The place that we made for them goes, unless others use it. */
void pn_redirects_unplace(uint32_t ifindex);
/* Those that are there; the count, or -errno. */
int pn_redirects_list(uint32_t ifindex, struct pn_nl_filter to[PN_REDIRECTS_MAX]);

#endif
