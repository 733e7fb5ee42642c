/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The one bounds check of the data plane. */
#ifndef PN_BPF_CURSOR_H
#define PN_BPF_CURSOR_H

#include <stddef.h>
#include <stdbool.h>
#include <linux/types.h>

struct cursor {
	void *pos;
	void *end;
};

/* @len bytes at the cursor, which moves behind them; NULL if they are not there. */
static __always_inline void *cursor_take(struct cursor *cur, __u32 len)
{
	void *here = cur->pos;

	/* or clang moves arithmetic to the end pointer, which no verifier takes */
	asm volatile("" : "+r"(here));
	if (here + len > cur->end)
		return NULL;
	cur->pos = here + len;
	return here;
}

/*
 * Move the cursor to an offset that was established before; the mask tells the
 * verifier what the code knows (no header starts behind the first 16 KiB).
 */
static __always_inline void cursor_seek(struct cursor *cur, __u32 off)
{
	cur->pos += off & 0x3fff;
}

#endif
