// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * ECN at decapsulation: VX-16, all sixteen pairs over both underlays and with
 * both inner families, a DSCP of 0x2e in the inner header throughout.
 */
#include "rows.h"

#define DSCP   (0x2e << 2)

/* Result: the inner field afterwards, KEEP if untouched. */
#define KEEP   .k = { .to = "vx" }
#define SET(e) .k = { .to = "vx", .tos = 1 + (DSCP | (e)) }
#define DROP4  NOT("UdpInDatagrams+1 vx.rx_frame_errors+1 vx.rx_errors+1")
#define DROP6  NOT("Udp6InDatagrams+1 vx.rx_frame_errors+1 vx.rx_errors+1")

#define CELL(f, c, v6, in6, in, out, ...) \
	{ \
		"VX-16" f #in #out, "inner ECN " #in ", outer " #out, c, \
			DO(V(V6, v6), V(IN_V6, in6), V(IN_TOS, DSCP | (in)), V(IP_TOS, out)), \
			__VA_ARGS__ \
	}

#define TABLE(f, c, v6, in6, DROPPED) \
	CELL(f, c, v6, in6, 0, 0, KEEP, ACCEL), \
		CELL(f, c, v6, in6, 0, 1, KEEP, PASS(INNER_ECN)), \
		CELL(f, c, v6, in6, 0, 2, KEEP, PASS(INNER_ECN)), \
		CELL(f, c, v6, in6, 0, 3, DROPPED, PASS(INNER_ECN)), \
		CELL(f, c, v6, in6, 1, 0, KEEP, ACCEL), \
		CELL(f, c, v6, in6, 1, 1, KEEP, ACCEL), \
		CELL(f, c, v6, in6, 1, 2, KEEP, ACCEL), \
		CELL(f, c, v6, in6, 1, 3, SET(3), ACCEL), \
		CELL(f, c, v6, in6, 2, 0, KEEP, ACCEL), \
		CELL(f, c, v6, in6, 2, 1, SET(1), ACCEL), \
		CELL(f, c, v6, in6, 2, 2, KEEP, ACCEL), \
		CELL(f, c, v6, in6, 2, 3, SET(3), ACCEL), \
		CELL(f, c, v6, in6, 3, 0, KEEP, ACCEL), \
		CELL(f, c, v6, in6, 3, 1, KEEP, ACCEL), \
		CELL(f, c, v6, in6, 3, 2, KEEP, ACCEL), \
		CELL(f, c, v6, in6, 3, 3, KEEP, ACCEL)

static const struct row rows[] = {
	TABLE("-44-", C_VX, 0, 0, DROP4),
	TABLE("-46-", C_VX, 0, 1, DROP4),
	TABLE("-64-", C_VX6, 1, 0, DROP6),
	TABLE("-66-", C_VX6, 1, 1, DROP6),
};

ROW_TABLE(rows_ecn, "ECN");
