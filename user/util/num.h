/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Numbers as people write them, for options and files alike. The whole text
 * must be the number: no leading blanks, no sign, no rest. All return 0,
 * -EINVAL (not a number of this kind) or -ERANGE (outside min..max).
 */
#ifndef PN_UTIL_NUM_H
#define PN_UTIL_NUM_H

#include <stddef.h>
#include <stdint.h>

/* Decimal, or hexadecimal after 0x. */
int pn_num_u64(const char *text, uint64_t min, uint64_t max, uint64_t *out);

/* Bytes: a whole number, then k, m or g (powers of 1024) or nothing. */
int pn_num_size(const char *text, uint64_t min, uint64_t max, uint64_t *out);

/* Milliseconds: 500ms, 1.5s, 2m, 1h; a bare number is seconds. */
int pn_num_duration(const char *text, uint64_t min, uint64_t max, uint64_t *out);

/* To three digits, at most five characters: 9999, 12.3k, 123M (powers of 1000). Returns @buf. */
char *pn_num_short(uint64_t n, char *buf, size_t size);

#endif
