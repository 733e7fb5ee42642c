/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A sorted array of what the kernel tells in ranges and dumps. The records of
 * whoever has it begin with struct pn_sorted_head; ranges of keys are adjacent.
 */
#ifndef PN_MIRROR_SORTED_H
#define PN_MIRROR_SORTED_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

struct pn_sorted_head {
	__u64 key;
	__u32 gen;		/* of the last dump that had it */
};

/* All zero is an empty one. */
struct pn_sorted {
	char *v;
	size_t n, cap;		/* records */
	__u32 gen;
};

void pn_sorted_fini(struct pn_sorted *t);

/* The record number @at, of @size bytes. */
static inline void *pn_sorted_at(const struct pn_sorted *t, size_t size, size_t at)
{
	return t->v + at * size;
}

/* Where @key is, or would go. */
size_t pn_sorted_place(const struct pn_sorted *t, size_t size, __u64 key);
/* NULL: not there. */
void *pn_sorted_find(const struct pn_sorted *t, size_t size, __u64 key);

/* Room for @more records than there are; 0 or -ENOMEM. */
int pn_sorted_room(struct pn_sorted *t, size_t size, size_t more);
/* @n records take the place of [from, to); theirs to fill. There has to be room. */
void pn_sorted_replace(struct pn_sorted *t, size_t size, size_t from, size_t to, size_t n);
/* Those from @first to @last go. True: there were some. */
bool pn_sorted_remove(struct pn_sorted *t, size_t size, __u64 first, __u64 last);

/* A dump of everything: what it did not have is gone. True at the end: something was. */
void pn_sorted_dump_begin(struct pn_sorted *t);
bool pn_sorted_dump_end(struct pn_sorted *t, size_t size);

#endif
