/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a command took, from its start to its end; errors are shown if it fails. */
#ifndef PN_TEST_SPENT_H
#define PN_TEST_SPENT_H

struct spent {
	double wall;	/* seconds */
	double cpu;	/* its own and the kernel's for it */
	long kib;	/* peak memory */
};

/* Seconds, by the clock that commands are measured by. */
double spent_now(void);

/* 0, or -1: its exit status was another. Bails out where it cannot be run. */
int spent_run(const char *const *argv, struct spent *out);

#endif
