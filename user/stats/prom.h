/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The counters in Prometheus' text format 0.0.4 (docs/metrics.md). Counters
 * are exact 64-bit numbers. Knows neither HTTP nor files.
 */
#ifndef PN_STATS_PROM_H
#define PN_STATS_PROM_H

#include <stdio.h>

#include "stats/stats.h"

#define PN_PROM_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* Tunnels, peers and shapers that have series; how many there are is a metric of its own. */
#define PN_PROM_TUNNELS	10000
#define PN_PROM_PEERS	1000
#define PN_PROM_SHAPERS	1000

struct pn_prom_info {
	const char *version, *libbpf, *kernel;
	double seconds;		/* that reading @stats took */
};

/* @stats NULL: the counters cannot be read; penstock_up says so. */
void pn_prom_write(FILE *f, const struct pn_prom_info *info, const struct pn_stats *stats);

#endif
