/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The devices of this network namespace at one moment, by index: names and
 * what goes with them, for whoever shows maps that know numbers only.
 */
#ifndef PN_STATS_LINKS_H
#define PN_STATS_LINKS_H

#include <linux/types.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "stats/tunnels.h"
#include "util/err.h"

struct pn_link_info {
	uint32_t ifindex;
	uint32_t master;	/* 0: none */
	uint32_t mtu;
	uint32_t flags;		/* IFF_* */
	char name[IFNAMSIZ];
	char kind[16];		/* empty: hardware, loopback */
	char master_kind[16];	/* "bridge": it is a bridge port */
	struct pn_tunnel_attrs tunnel;
};

struct pn_links {
	unsigned int n;
	struct pn_link_info *link;	/* by rising ifindex */
};

int pn_links_read(struct pn_links *links, struct pn_err *err);
void pn_links_free(struct pn_links *links);

/* NULL: no such device. */
const struct pn_link_info *pn_links_find(const struct pn_links *links, uint32_t ifindex);

/* Name of a device, or NULL. */
const char *pn_links_name(const struct pn_links *links, uint32_t ifindex);

/* Name of the bridge that @ifindex is a port of, or NULL. */
const char *pn_links_bridge(const struct pn_links *links, uint32_t ifindex);

#endif
