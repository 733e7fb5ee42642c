/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A bridge with three ports and a host behind each, once for the kernel alone
 * and once per hook with the data plane on p1, filled by the mirror. A row is a
 * frame from H1 into p1: the kernel's outcome is asserted as the row says, the
 * twins must deliver the same frames to the same hosts, and verdict and reason
 * must be the row's. Within a configuration rows run in order, and what one
 * leaves in the forwarding table the next one finds.
 */
#ifndef PN_TEST_BRIDGED_H
#define PN_TEST_BRIDGED_H

#include "follow.h"
#include "pkt.h"

#define BRIDGED_PORTS 3
#define H1    "02:cc:00:00:00:01"
#define H2    "02:cc:00:00:00:02"
#define H3    "02:cc:00:00:00:03"
#define HX    "02:cc:00:00:00:99" /* nowhere */
#define BR    "02:cc:00:00:00:ff"
#define P1    "02:cc:00:00:01:01" /* the ports' own */
#define P2    "02:cc:00:00:01:02"
#define BCAST "ff:ff:ff:ff:ff:ff"
#define MCAST "01:00:5e:00:00:07"

/* Who gets it: hosts behind the ports, and the bridge device. */
enum { TO_1 = 1,
       TO_2 = 2,
       TO_3 = 4,
       TO_BR = 8 };

#define UNTAGGED 1u /* struct bridge_row.out */

struct bridge_row {
	const char *id;
	const char *name;
	const char *src, *dst;
	unsigned int to;
	enum pn_verdict fp; /* PN_VERDICTS: any */
	enum pn_reason reason; /* PN_R_NONE: any */
	const char *fdb; /* MAC whose entry must be on `port` afterwards */
	int port;	 /* 1..3; 0: there must be none */
	uint32_t tag;	 /* TPID << 16 | TCI, outermost */
	uint32_t tag2;	 /* behind it */
	uint16_t type;
	uint16_t payload;
	/* Tags it arrives with at each host, outermost first; all 0: as it was sent. */
	uint32_t out[BRIDGED_PORTS][2];
};

struct bridge_config {
	const char *name;
	const char *ip; /* lines for ip -batch, bridge -batch */
	const char *bridge;
	const struct bridge_row *row;
	int n;
	const char *needs;
	bool p2_down;
};

#define A(r)	PN_FORWARD, PN_R_##r
#define P(r)	PN_PASS, PN_R_##r
#define ROWS(r) (r), sizeof(r) / sizeof((r)[0])

#define FDB(mac, port, more) "fdb replace " mac " dev " port " master " more "\n"
#define KNOWN		     FDB(H1, "p1", "static") FDB(H2, "p2", "static") FDB(H3, "p3", "static")
#define KNOWN_12	     FDB(H1, "p1", "static") FDB(H2, "p2", "static")
#define KNOWN_2		     FDB(H2, "p2", "static")

/* All rows of all configurations; the exit status of the test. */
int bridged_run(const struct bridge_config *config, int n);

#endif
