/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Everything the read commands look at, opened together and read-only: the
 * pins, the shared maps, the records of the ports, the devices. Where nothing
 * is attached there are no pins; that is an empty view and no error.
 */
#ifndef PN_STATS_VIEW_H
#define PN_STATS_VIEW_H

#include <stdbool.h>

#include "plane/maps.h"
#include "plane/pins.h"
#include "plane/record.h"
#include "stats/links.h"
#include "stats/stats.h"
#include "util/err.h"

/* Where the maps have a device. */
struct pn_view_number {
	uint32_t ifindex, index;
};

struct pn_view_numbers {
	unsigned int n;
	struct pn_view_number *v;	/* by rising ifindex */
};

struct pn_view {
	bool pinned;		/* there are pins; all below but links needs it */
	bool followed;		/* a daemon keeps the maps in step with the kernel */
	struct pn_pins pins;
	struct pn_maps maps;
	unsigned int n_records;
	struct pn_record *record;	/* attached ports, by rising ifindex */
	struct pn_links links;
	struct pn_view_numbers ports, tunnels;
};

int pn_view_open(struct pn_view *v, const char *dir, struct pn_err *err);
void pn_view_close(struct pn_view *v);

/* The device's entry in the ports map, or NULL; *@index is its number. */
const struct pn_port *pn_view_port(const struct pn_view *v, uint32_t ifindex,
				   uint32_t *index);

/* The same of a tunnel device in the tunnels map. */
const struct pn_tunnel *pn_view_tunnel(const struct pn_view *v, uint32_t ifindex,
				       uint32_t *index);

/* Name of the device with number @index in the ports map, or NULL. */
const char *pn_view_port_name(const struct pn_view *v, uint32_t index);

/* All counters, summed over the CPUs. */
int pn_view_stats(const struct pn_view *v, struct pn_stats *stats, struct pn_err *err);

#endif
