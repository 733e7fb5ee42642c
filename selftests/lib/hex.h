/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Bytes for people: hexdump, difference of two byte strings, and hex text
 * back to bytes. Results are malloc'ed text, lines ended by '\n'.
 */
#ifndef PN_TEST_HEX_H
#define PN_TEST_HEX_H

#include <stddef.h>

/* 16 bytes a line with offsets. */
char *hex_dump(const void *data, size_t len);

/* Only the lines that differ, "-" what was wanted and "+" what came. */
char *hex_diff(const void *got, size_t got_len, const void *want,
	       size_t want_len);

/* "08 00 0a:0b" to bytes; any of " :." may separate. Number of bytes, or
 * -EINVAL for a bad digit, -ENOSPC if more than max. */
int hex_parse(const char *text, void *out, size_t max);

#endif
