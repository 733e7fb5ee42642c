/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The maps that all programs of a pin directory share: made once, pinned,
 * taken over by every later run. Arrays are mapped into memory. What is in
 * them is the mirror's business.
 */
#ifndef PN_PLANE_MAPS_H
#define PN_PLANE_MAPS_H

#include <penstock/abi.h>
#include <penstock/shaper.h>
#include <stdbool.h>
#include <stdint.h>

#include "plane/pins.h"
#include "util/shaper_conf.h"

enum pn_map {
	PN_MAP_PORTS,
	PN_MAP_TUNNELS,
	PN_MAP_FDB,
	PN_MAP_DEMUX,
	PN_MAP_ENDPOINTS,
	PN_MAP_CONTROL,
	PN_MAP_DEVMAP,
	PN_MAP_DEVMAP_FRAGS,	/* the same, for programs that take frames in several buffers */
	PN_MAP_TUN_STATS,
	PN_MAP_PEER_STATS,
	PN_MAP_PEERS,
	PN_MAP_SHAPERS,
	PN_MAP_MASKS,
	PN_MAP_MATCHES,
	PN_MAP_MATCH_KEYS,
	PN_MAP_SHAPER_STATS,
	PN_MAP_SOURCES,
	PN_MAP_SPREAD,
	PN_MAP_SHAPER_CONF,
	PN_MAPS,
};

struct pn_maps {
	int fd[PN_MAPS];
	void *mem[PN_MAPS];		/* NULL where the map cannot be mapped */
	size_t mem_size[PN_MAPS];
	bool fresh;			/* made now: empty */
	struct pn_abi abi;
	/* The same memory by type; read-only where the pins were opened to read. */
	struct pn_port *ports;		/* [PN_MAX_PORTS] */
	struct pn_tunnel *tunnels;	/* [abi.tunnels] */
	struct pn_bucket *fdb;		/* [abi.fdb_buckets] */
	struct pn_bucket *demux;	/* [abi.demux_buckets] */
	struct pn_endpoint_bucket *endpoints; /* [abi.endpoint_buckets] */
	struct pn_control *control;
	struct pn_shaper *shapers;	/* [abi.shapers] */
	struct pn_match_mask *masks;	/* [PN_MAX_MASKS] */
	struct pn_match *matches;	/* [abi.shapers] */
	struct pn_match_bucket *match_keys;	/* [abi.match_buckets] */
	uint64_t *spread;		/* [PN_SPREAD_MAX] */
	struct pn_shaper_conf *shaper_conf; /* [abi.shapers]: what was asked for, by index */
};

/* Name of a shared map, in the kernel and below DIR/maps. */
extern const char *const pn_map_names[PN_MAPS + 1];

/* Take over what is pinned and, where @pins is open for writing, make the rest. */
int pn_maps_open(struct pn_maps *m, const struct pn_pins *pins, struct pn_err *err);
void pn_maps_close(struct pn_maps *m);

/* Let XDP send to @ifindex by number @port; 0 takes it out. 0 or -errno. */
int pn_maps_devmap_set(const struct pn_maps *m, uint32_t port, uint32_t ifindex);

/* Counters of PN_MAP_TUN_STATS or PN_MAP_PEER_STATS that begin at 0, as far as it reaches. */
void pn_maps_count_anew(const struct pn_maps *m, enum pn_map map, uint32_t number);

/* The map of one port's counters. A descriptor, or -errno. */
int pn_maps_port_stats(void);

#endif
