// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Sorted arrays of ranges; see sorted.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/sorted.h"

#define LEAST	64

static const struct pn_sorted_head *head_at(const struct pn_sorted *t, size_t size, size_t at)
{
	return pn_sorted_at(t, size, at);
}

void pn_sorted_fini(struct pn_sorted *t)
{
	free(t->v);
	memset(t, 0, sizeof(*t));
}

size_t pn_sorted_place(const struct pn_sorted *t, size_t size, __u64 key)
{
	size_t low = 0, high = t->n, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (head_at(t, size, middle)->key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void *pn_sorted_find(const struct pn_sorted *t, size_t size, __u64 key)
{
	size_t at = pn_sorted_place(t, size, key);

	return at < t->n && head_at(t, size, at)->key == key ? pn_sorted_at(t, size, at) : NULL;
}

int pn_sorted_room(struct pn_sorted *t, size_t size, size_t more)
{
	size_t cap = t->cap ? t->cap : LEAST;
	char *v;

	while (cap < t->n + more)
		cap *= 2;
	if (cap == t->cap)
		return 0;
	v = realloc(t->v, cap * size);
	if (!v)
		return -ENOMEM;
	t->v = v;
	t->cap = cap;
	return 0;
}

void pn_sorted_replace(struct pn_sorted *t, size_t size, size_t from, size_t to, size_t n)
{
	if (to < t->n && to - from != n)
		memmove(pn_sorted_at(t, size, from + n), pn_sorted_at(t, size, to),
			(t->n - to) * size);
	t->n = t->n + n - (to - from);
}

bool pn_sorted_remove(struct pn_sorted *t, size_t size, __u64 first, __u64 last)
{
	size_t from = pn_sorted_place(t, size, first), to = pn_sorted_place(t, size, last + 1);

	pn_sorted_replace(t, size, from, to, 0);
	return to > from;
}

void pn_sorted_dump_begin(struct pn_sorted *t)
{
	t->gen++;
}

bool pn_sorted_dump_end(struct pn_sorted *t, size_t size)
{
	size_t from, to = 0, before = t->n;

	for (from = 0; from < t->n; from++) {
		if (head_at(t, size, from)->gen != t->gen)
			continue;
		if (from != to)
			memcpy(pn_sorted_at(t, size, to), pn_sorted_at(t, size, from), size);
		to++;
	}
	t->n = to;
	return to != before;
}
