/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A strict reader of Prometheus' text format 0.0.4, for tests: what a scraper
 * might forgive is an error here.
 */
#ifndef PN_TEST_PROM_H
#define PN_TEST_PROM_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Every line well formed; each family introduced once by HELP and TYPE and
 * kept together; counters named _total with whole values; no series twice; a
 * newline at the end. False: @why names the line.
 */
bool prom_check(const char *text, char *why, size_t size);

/*
 * The value of @series, written as in the text with its labels; NULL when it
 * is absent. Points into @text, up to the end of the line.
 */
const char *prom_value(const char *text, const char *series);

#endif
