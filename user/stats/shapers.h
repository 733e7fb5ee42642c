/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Shapers at one moment: what was asked for, what the data plane counted, what waits. */
#ifndef PN_STATS_SHAPERS_H
#define PN_STATS_SHAPERS_H

#include "stats/view.h"
#include "util/shaper_conf.h"

/* Adds to @stats. 0 or -errno. */
int pn_stats_shapers(const struct pn_view *v, struct pn_stats *stats);

/* Adds what waits behind IFB devices; where the kernel does not tell, nothing. 0 or -ENOMEM. */
int pn_stats_queues(const struct pn_view *v, struct pn_stats *stats);

/* What passed, in whatever way, and what waited for it behind the IFB device. */
struct pn_count pn_stats_shaper_passed(const struct pn_stats_shaper *s);

/* As a tree: each shaper behind its parent, @depth below the top of it. */
struct pn_stats_place {
	unsigned int at;	/* of pn_stats.shaper */
	unsigned int depth;
};

/* As many places as there are shapers, or NULL: no memory. Freed with free(). */
struct pn_stats_place *pn_stats_shaper_tree(const struct pn_stats *stats);
/* By index; NULL: none. */
const struct pn_stats_shaper *pn_stats_shaper_find(const struct pn_stats *stats, uint32_t index);

/* Bytes of a bucket. */
uint64_t pn_stats_shaper_burst(const struct pn_rate *rate);

#endif
