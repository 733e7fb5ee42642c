// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The table of VNIs; see vnis.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/vnis.h"
#include "nl/vni.h"

void pn_vnis_fini(struct pn_vnis *t)
{
	free(t->v);
	memset(t, 0, sizeof(*t));
}

/* Where @key is, or would go. */
static size_t key_place(const struct pn_vnis *t, __u64 key)
{
	size_t low = 0, high = t->n, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (t->v[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct pn_vni *pn_vnis_of(const struct pn_vnis *t, __u32 ifindex)
{
	return t->v + key_place(t, PN_VNI_KEY(ifindex, 0));
}

const struct pn_vni *pn_vnis_end(const struct pn_vnis *t)
{
	return t->v + t->n;
}

bool pn_vnis_has(const struct pn_vnis *t, __u32 ifindex, __u32 vni)
{
	__u64 key = PN_VNI_KEY(ifindex, vni);
	size_t at = key_place(t, key);

	return at < t->n && t->v[at].key == key;
}

static int room_make(struct pn_vnis *t, size_t more)
{
	size_t cap = t->cap ? t->cap : 64;
	struct pn_vni *v;

	while (cap < t->n + more)
		cap *= 2;
	if (cap == t->cap)
		return 0;
	v = realloc(t->v, cap * sizeof(*v));
	if (!v)
		return -ENOMEM;
	t->v = v;
	t->cap = cap;
	return 0;
}

/* What is between @first and @last makes way for @n new entries. */
static void range_replace(struct pn_vnis *t, __u64 first, __u64 last, size_t n)
{
	size_t from = key_place(t, first), to = key_place(t, last + 1), i;

	if (to < t->n && to - from != n)
		memmove(t->v + from + n, t->v + to, (t->n - to) * sizeof(*t->v));
	t->n += n;
	t->n -= to - from;
	for (i = 0; i < n; i++)
		t->v[from + i] = (struct pn_vni){ first + i, t->gen };
}

int pn_vnis_take(struct pn_vnis *t, const struct pn_nl_vni *range)
{
	__u64 first = PN_VNI_KEY(range->ifindex, range->first);
	__u64 last = PN_VNI_KEY(range->ifindex, range->last);
	size_t before = t->n, n;

	if (last - first >= PN_VNIS_MAX)
		last = first + PN_VNIS_MAX - 1;
	n = range->deleted ? 0 : last - first + 1;
	if (room_make(t, n))
		return -ENOMEM;
	range_replace(t, first, last, n);
	return t->n != before;
}

void pn_vnis_drop(struct pn_vnis *t, __u32 ifindex)
{
	if (t->n)
		range_replace(t, PN_VNI_KEY(ifindex, 0), PN_VNI_KEY(ifindex, 0xffffff), 0);
}

void pn_vnis_dump_begin(struct pn_vnis *t)
{
	t->gen++;
}

bool pn_vnis_dump_end(struct pn_vnis *t)
{
	size_t from, to = 0, before = t->n;

	for (from = 0; from < t->n; from++)
		if (t->v[from].gen == t->gen)
			t->v[to++] = t->v[from];
	t->n = to;
	return to != before;
}
