/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Running the program under test: $PENSTOCK, or build/penstock. Outputs are
 * whole texts; nothing is retried and nothing is waited for but the end of
 * the program.
 */
#ifndef PN_TEST_RUN_H
#define PN_TEST_RUN_H

#include <sys/types.h>

struct run {
	int status;	/* exit status, or 128 + signal */
	char *out;	/* stdout and stderr; for run_free() */
	char *err;
};

/* Run with the words of @line, which are separated by single blanks. 0 or -errno. */
int run_penstock(struct run *r, const char *line);
/* The same as another user. */
int run_penstock_as(struct run *r, uid_t uid, const char *line);
void run_free(struct run *r);

/* Start it and go on: the process, and the read end of its stdout. */
pid_t run_start(const char *line, int *out_fd);

#endif
