/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Samples of interleaved rounds, their median, and the line of JSON that a
 * bench program prints for each case. Prints nothing else on stdout.
 */
#ifndef PN_TEST_MEASURE_H
#define PN_TEST_MEASURE_H

#include <stddef.h>

#define SAMPLES_MAX 64

struct samples {
	int n;
	double value[SAMPLES_MAX];
};

void samples_add(struct samples *s, double value);
double samples_median(struct samples *s); /* sorts; 0 without samples */

/* One case. kernel and redirect may be NULL: left out. */
struct result {
	const char *name;
	const char *unit;
	struct samples *ours;
	struct samples *kernel;
	struct samples *redirect;
};

void result_print(const struct result *r);

/* A case that is one figure. */
void result_figure(const char *name, const char *unit, double value);

#endif
