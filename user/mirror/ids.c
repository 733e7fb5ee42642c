// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Numbers for interface indexes; see ids.h. The hash is open addressing, half full at most. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/ids.h"

int pn_ids_init(struct pn_ids *ids, __u32 max)
{
	memset(ids, 0, sizeof(*ids));
	ids->max = max;
	ids->next = 1;
	ids->mask = 1;
	while (ids->mask < 2 * max)
		ids->mask *= 2;
	ids->mask--;
	ids->ifindex = calloc(max, sizeof(*ids->ifindex));
	ids->place = calloc(ids->mask + 1ul, sizeof(*ids->place));
	if (ids->ifindex && ids->place)
		return 0;
	pn_ids_fini(ids);
	return -ENOMEM;
}

void pn_ids_fini(struct pn_ids *ids)
{
	free(ids->ifindex);
	free(ids->place);
	memset(ids, 0, sizeof(*ids));
}

static __u32 hash_home(const struct pn_ids *ids, __u32 ifindex)
{
	return (ifindex * 0x9e3779b1u >> 7) & ids->mask;
}

/* Where @ifindex is, or would go. */
static __u32 hash_place(const struct pn_ids *ids, __u32 ifindex)
{
	__u32 at = hash_home(ids, ifindex);

	while (ids->place[at] && ids->ifindex[ids->place[at]] != ifindex)
		at = (at + 1) & ids->mask;
	return at;
}

__u32 pn_ids_find(const struct pn_ids *ids, __u32 ifindex)
{
	return ifindex ? ids->place[hash_place(ids, ifindex)] : 0;
}

void pn_ids_adopt(struct pn_ids *ids, __u32 ifindex, __u32 id)
{
	__u32 at = hash_place(ids, ifindex);

	if (ids->place[at] || ids->ifindex[id])
		return;
	ids->ifindex[id] = ifindex;
	ids->place[at] = id;
	ids->used++;
}

__u32 pn_ids_get(struct pn_ids *ids, __u32 ifindex)
{
	__u32 id = pn_ids_find(ids, ifindex);
	__u32 tries;

	if (id || !ifindex)
		return id;
	/* Round and round, so that a number rests before it is used again. */
	for (tries = 1; tries < ids->max; tries++) {
		id = ids->next;
		ids->next = ids->next + 1 < ids->max ? ids->next + 1 : 1;
		if (ids->ifindex[id])
			continue;
		pn_ids_adopt(ids, ifindex, id);
		return id;
	}
	return 0;
}

void pn_ids_put(struct pn_ids *ids, __u32 id)
{
	__u32 hole, at, home;

	if (!id || !ids->ifindex[id])
		return;
	hole = hash_place(ids, ids->ifindex[id]);
	ids->ifindex[id] = 0;
	ids->used--;
	/* Close the gap: whoever probed past it moves up. */
	for (at = (hole + 1) & ids->mask; ids->place[at]; at = (at + 1) & ids->mask) {
		home = hash_home(ids, ids->ifindex[ids->place[at]]);
		if (((at - home) & ids->mask) < ((at - hole) & ids->mask))
			continue;
		ids->place[hole] = ids->place[at];
		hole = at;
	}
	ids->place[hole] = 0;
}
