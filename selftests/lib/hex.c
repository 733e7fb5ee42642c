// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Bytes for people; see hex.h. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"

#define LINE_BYTES 16

static void line_write(FILE *f, char mark, const unsigned char *p, size_t len,
		       size_t at)
{
	if (at >= len)
		return;
	fprintf(f, "%c %04zx ", mark, at);
	for (size_t i = at; i < at + LINE_BYTES && i < len; i++)
		fprintf(f, " %02x", p[i]);
	fputc('\n', f);
}

char *hex_dump(const void *data, size_t len)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	for (size_t at = 0; at < len; at += LINE_BYTES)
		line_write(f, ' ', data, len, at);
	fclose(f);
	return text;
}

static size_t line_len(size_t len, size_t at)
{
	if (at >= len)
		return 0;
	return len - at < LINE_BYTES ? len - at : LINE_BYTES;
}

char *hex_diff(const void *got, size_t got_len, const void *want,
	       size_t want_len)
{
	size_t len = got_len > want_len ? got_len : want_len;
	const unsigned char *g = got, *w = want;
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	for (size_t at = 0; at < len; at += LINE_BYTES) {
		size_t gl = line_len(got_len, at), wl = line_len(want_len, at);

		if (gl == wl && !memcmp(g + at, w + at, gl))
			continue;
		line_write(f, '-', w, want_len, at);
		line_write(f, '+', g, got_len, at);
	}
	fclose(f);
	return text;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = tolower(c);
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -EINVAL;
}

int hex_parse(const char *text, void *out, size_t max)
{
	unsigned char *p = out;
	size_t n = 0;

	while (*text) {
		int hi, lo;

		if (strchr(" :.", *text)) {
			text++;
			continue;
		}
		hi = digit_value(text[0]);
		lo = digit_value(text[1]);
		if (hi < 0 || lo < 0)
			return -EINVAL;
		if (n == max)
			return -ENOSPC;
		p[n++] = hi << 4 | lo;
		text += 2;
	}
	return n;
}
