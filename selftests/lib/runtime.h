/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What one run of a program costs, by the kernel's own run-time statistics. The
 * figure contains the statistics' two clock reads: look at differences.
 */
#ifndef PN_TEST_RUNTIME_H
#define PN_TEST_RUNTIME_H

#include <stdint.h>

#include "pkt.h"

/* Switch the statistics on, until the descriptor is closed. Bails out if they cannot be. */
int runtime_enable(void);

struct runtime {
	int fd;	       /* the program */
	const char *name; /* for messages */
	int action;    /* that every run must return */
	/* Change the packet before each run; NULL: it stays. */
	void (*vary)(struct pkt *p, const void *arg);
	const void *arg;
};

/* Nanoseconds of one run, the average of @runs on a fresh packet each. */
double runtime_measure(const struct runtime *r, struct pkt *p, int runs);

#endif
