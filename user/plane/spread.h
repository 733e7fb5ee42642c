/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Shapers spread over CPUs: the lists of CPUs in pn_spread, and for a port
 * that has such shapers the cpumap with the program that goes on with a packet
 * on another CPU. A cpumap belongs to one program and is exchanged with it.
 */
#ifndef PN_PLANE_SPREAD_H
#define PN_PLANE_SPREAD_H

#include "plane/maps.h"
#include "plane/program.h"

/* Of CPUs in one list. */
#define PN_SPREAD_CPUS 1024

/*
 * Where a list of CPUs stands in pn_spread, entered if it is not there yet.
 * pn_shaper.spread_at, or -ENOSPC, -EINVAL for a CPU that this machine has not.
 */
int pn_spread_list(const struct pn_maps *maps, const uint16_t *cpus, unsigned int n);

/* Take out the lists that no shaper has. */
void pn_spread_trim(const struct pn_maps *maps);

/* CPUs that are online, lowest first; their number or -errno. */
int pn_spread_online(uint16_t *cpus, unsigned int max);

/* The part of pn_conf that follows from the lists, where conf->spread is set. */
void pn_spread_conf(struct pn_conf *conf, const struct pn_maps *maps);

/* Before the program is loaded: room in its cpumap, or no cpumap. 0 or -errno. */
int pn_spread_open(struct pn_program *prog, const struct pn_conf *conf);

/* Once it is loaded: the other CPUs' program, in the cpumap. */
int pn_spread_fill(struct pn_program *prog, const struct pn_program_spec *spec,
		   const struct pn_maps *maps, int stats_fd, struct pn_err *err);

#endif
