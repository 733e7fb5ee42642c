/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From a row to the bytes that must come out, written from the tables and
 * sharing no code with the data plane.
 */
#ifndef PN_TEST_EXPECT_H
#define PN_TEST_EXPECT_H

#include "rows.h"

/* What the tunnel device gets; in_dst as in recipe_build(). */
void expect_inner(const struct row *row, const struct outcome *o, const char *in_dst,
		  struct pkt *p);

/* What leaves towards the workload where @form says that it is. */
void expect_out(const struct row *row, const struct outcome *o, enum form form, struct pkt *p);

/* The outcome on this kernel (major * 1000 + minor). */
const struct outcome *expect_outcome(const struct row *row, int kernel);
int expect_kernel(void);

/* How many packets a row sends. */
int expect_packets(const struct row *row);

/* Does the packet's outer header say UDP? 0, 4 or 6. */
int expect_udp(const struct row *row);

#endif
