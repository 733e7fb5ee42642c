/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Shapers at one moment: what was asked for, what the data plane counted, what waits. */
#ifndef PN_STATS_SHAPERS_H
#define PN_STATS_SHAPERS_H

#include "stats/view.h"
#include "util/shaper_conf.h"

/* Adds to @stats. 0 or -errno. */
int pn_stats_shapers(const struct pn_view *v, struct pn_stats *stats);

/* Adds what waits behind IFB devices; where the kernel does not tell, nothing. */
void pn_stats_queues(const struct pn_view *v, struct pn_stats *stats);

/* What passed, in whatever way, and what waited for it behind the IFB device. */
struct pn_count pn_stats_shaper_passed(const struct pn_stats_shaper *s);

/* Bytes of a bucket. */
uint64_t pn_stats_shaper_burst(const struct pn_rate *rate);

#endif
