// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Medians and JSON lines; see measure.h. */
#include <stdio.h>
#include <stdlib.h>

#include "measure.h"

void samples_add(struct samples *s, double value)
{
	if (s->n < SAMPLES_MAX)
		s->value[s->n++] = value;
}

static int double_cmp(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double samples_median(struct samples *s)
{
	if (!s->n)
		return 0;
	qsort(s->value, s->n, sizeof(s->value[0]), double_cmp);
	return (s->value[(s->n - 1) / 2] + s->value[s->n / 2]) / 2;
}

static void samples_print(const char *key, struct samples *s)
{
	double median;

	if (!s || !s->n)
		return;
	median = samples_median(s);
	printf(", \"%s\": %.6g, \"%s_range\": [%.6g, %.6g]", key, median, key,
	       s->value[0], s->value[s->n - 1]);
}

void result_print(const struct result *r)
{
	printf("{\"case\": \"%s\", \"unit\": \"%s\"", r->name, r->unit);
	samples_print("ours", r->ours);
	samples_print("kernel", r->kernel);
	samples_print("redirect", r->redirect);
	printf(", \"runs\": %d}\n", r->ours->n);
	fflush(stdout);
}

void result_figure(const char *name, const char *unit, double value)
{
	struct samples s = { 1, { value } };

	result_print(&(struct result){ name, unit, &s, NULL, NULL });
}
