/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The tables of `penstock stats`: what is printed of one reading, or of two. */
#ifndef PN_CMD_STATS_SHOW_H
#define PN_CMD_STATS_SHOW_H

#include "cli/cmd.h"
#include "stats/stats.h"

/* One showing: the counters, and what turns them into what is printed. */
struct pn_stats_shown {
	struct pn_run *ctx;
	const struct pn_stats *now;
	const struct pn_stats *before;	/* NULL: totals */
	double seconds;			/* between the two */
	bool all;			/* reasons that have not happened as well */
};

typedef void pn_stats_show_fn(const struct pn_stats_shown *s);

pn_stats_show_fn pn_stats_show_ports;
pn_stats_show_fn pn_stats_show_tunnels;
pn_stats_show_fn pn_stats_show_peers;
pn_stats_show_fn pn_stats_show_reasons;
pn_stats_show_fn pn_stats_show_shapers;
/* Ports, tunnels and reasons. */
pn_stats_show_fn pn_stats_show_all;

#endif
