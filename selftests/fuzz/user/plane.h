/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Runs the data plane of pipe.h: maps filled from a world in plain memory,
 * helpers played here, and the packet in memory whose every other byte is
 * poisoned for AddressSanitizer, so that a read beside it aborts.
 */
#ifndef PN_TEST_PLANE_H
#define PN_TEST_PLANE_H

#include "fast.h"
#include "pipe.h"

#define PLANE_LEAST 14
#define PLANE_MOST  4000

/* Memory for packets and maps. False: none to be had. */
bool plane_open(void);
void plane_world(const struct world *w);
/* Port, peers and the like, for what is run from here on. */
void plane_configure(const struct fast_opts *opts);
/* One frame of PLANE_LEAST to PLANE_MOST bytes. */
void plane_run(const struct pkt *in, struct pkt *out, struct fast_result *res);

#endif
