/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A page of metrics in memory: the pins read, written by prom.h. */
#ifndef PN_STATS_PAGE_H
#define PN_STATS_PAGE_H

#include <stddef.h>

/*
 * The page as text for free(), or NULL with errno when there is no memory.
 * @dir: the pins. Counters that cannot be read make a page that says so; *@up
 * (may be NULL) tells which it is.
 */
char *pn_page_make(const char *dir, size_t *size, int *up);

#endif
