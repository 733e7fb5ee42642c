// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The table of VNIs; see vnis.h. */
#include <errno.h>
#include <string.h>

#include "mirror/vnis.h"
#include "nl/vni.h"

#define SIZE	sizeof(struct pn_vni)

void pn_vnis_fini(struct pn_vnis *t)
{
	pn_sorted_fini(&t->s);
}

const struct pn_vni *pn_vnis_of(const struct pn_vnis *t, __u32 ifindex)
{
	return pn_sorted_at(&t->s, SIZE, pn_sorted_place(&t->s, SIZE, PN_VNI_KEY(ifindex, 0)));
}

const struct pn_vni *pn_vnis_end(const struct pn_vnis *t)
{
	return pn_sorted_at(&t->s, SIZE, t->s.n);
}

bool pn_vnis_has(const struct pn_vnis *t, __u32 ifindex, __u32 vni)
{
	return pn_sorted_find(&t->s, SIZE, PN_VNI_KEY(ifindex, vni));
}

/* Of a range that is too long its beginning. */
static int range_add(struct pn_vnis *t, __u64 first, __u64 last)
{
	size_t n = last - first < PN_VNIS_MAX ? last - first + 1 : PN_VNIS_MAX;
	size_t before = t->s.n, from, i;
	struct pn_vni *v;

	if (pn_sorted_room(&t->s, SIZE, n))
		return -ENOMEM;
	from = pn_sorted_place(&t->s, SIZE, first);
	pn_sorted_replace(&t->s, SIZE, from, pn_sorted_place(&t->s, SIZE, first + n), n);
	v = pn_sorted_at(&t->s, SIZE, from);
	for (i = 0; i < n; i++)
		v[i].head = (struct pn_sorted_head){ first + i, t->s.gen };
	return t->s.n != before;
}

int pn_vnis_take(struct pn_vnis *t, const struct pn_nl_vni *range)
{
	__u64 first = PN_VNI_KEY(range->ifindex, range->first);
	__u64 last = PN_VNI_KEY(range->ifindex, range->last);

	if (range->deleted)
		return pn_sorted_remove(&t->s, SIZE, first, last);
	return range_add(t, first, last);
}

void pn_vnis_drop(struct pn_vnis *t, __u32 ifindex)
{
	pn_sorted_remove(&t->s, SIZE, PN_VNI_KEY(ifindex, 0), PN_VNI_KEY(ifindex, 0xffffff));
}

void pn_vnis_dump_begin(struct pn_vnis *t)
{
	pn_sorted_dump_begin(&t->s);
}

bool pn_vnis_dump_end(struct pn_vnis *t)
{
	return pn_sorted_dump_end(&t->s, SIZE);
}
