// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The table of VLAN memberships; see vlans.h. */
#include <errno.h>
#include <linux/if_bridge.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/vlans.h"
#include "nl/vlan.h"

void pn_vlans_fini(struct pn_vlans *t)
{
	free(t->v);
	memset(t, 0, sizeof(*t));
}

/* Where @key is, or would go. */
static size_t key_place(const struct pn_vlans *t, __u64 key)
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

const struct pn_vlan *pn_vlans_find(const struct pn_vlans *t, __u32 ifindex, __u16 vid)
{
	__u64 key = PN_VLAN_KEY(ifindex, vid);
	size_t at = key_place(t, key);

	return at < t->n && t->v[at].key == key ? &t->v[at] : NULL;
}

const struct pn_vlan *pn_vlans_of(const struct pn_vlans *t, __u32 ifindex)
{
	return t->v + key_place(t, PN_VLAN_KEY(ifindex, 0));
}

const struct pn_vlan *pn_vlans_end(const struct pn_vlans *t)
{
	return t->v + t->n;
}

__u16 pn_vlans_pvid(const struct pn_vlans *t, __u32 ifindex)
{
	const struct pn_vlan *v;

	for (v = pn_vlans_of(t, ifindex); v < pn_vlans_end(t); v++) {
		if (PN_VLAN_IFINDEX(v->key) != ifindex)
			break;
		if (v->flags & BRIDGE_VLAN_INFO_PVID)
			return PN_VLAN_VID(v->key);
	}
	return 0;
}

static int room_make(struct pn_vlans *t, size_t more)
{
	size_t cap = t->cap ? t->cap : 64;
	struct pn_vlan *v;

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

/* Take out [from, to). */
static void range_cut(struct pn_vlans *t, size_t from, size_t to)
{
	if (to == from)
		return;
	memmove(t->v + from, t->v + to, (t->n - to) * sizeof(*t->v));
	t->n -= to - from;
}

static bool range_remove(struct pn_vlans *t, __u64 first, __u64 last)
{
	size_t from = key_place(t, first), to = key_place(t, last + 1);

	range_cut(t, from, to);
	return to > from;
}

/* Only one VLAN of a port is what untagged frames belong to. */
static void pvid_take(struct pn_vlans *t, __u32 ifindex, __u16 vid)
{
	size_t at = key_place(t, PN_VLAN_KEY(ifindex, 0));

	for (; at < t->n && PN_VLAN_IFINDEX(t->v[at].key) == ifindex; at++)
		if (PN_VLAN_VID(t->v[at].key) != vid)
			t->v[at].flags &= ~BRIDGE_VLAN_INFO_PVID;
}

static bool vlan_put(struct pn_vlans *t, const struct pn_vlan *want)
{
	size_t at = key_place(t, want->key);
	bool same;

	if (want->flags & BRIDGE_VLAN_INFO_PVID)
		pvid_take(t, PN_VLAN_IFINDEX(want->key), PN_VLAN_VID(want->key));
	if (at == t->n || t->v[at].key != want->key) {
		memmove(t->v + at + 1, t->v + at, (t->n - at) * sizeof(*t->v));
		t->n++;
		t->v[at] = *want;
		return true;
	}
	same = t->v[at].flags == want->flags && t->v[at].state == want->state &&
	       t->v[at].has_tunnel == want->has_tunnel && t->v[at].tunnel == want->tunnel;
	t->v[at] = *want;
	return !same;
}

int pn_vlans_take(struct pn_vlans *t, const struct pn_nl_vlan *range)
{
	struct pn_vlan want = {
		.flags = range->flags & (BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED),
		.state = range->state,
		.has_tunnel = range->has_tunnel,
		.gen = t->gen,
	};
	bool changed = false;
	__u32 vid;

	if (range->deleted)
		return range_remove(t, PN_VLAN_KEY(range->ifindex, range->first),
				    PN_VLAN_KEY(range->ifindex, range->last));
	if (room_make(t, range->last - range->first + 1))
		return -ENOMEM;
	for (vid = range->first; vid <= range->last; vid++) {
		want.key = PN_VLAN_KEY(range->ifindex, vid);
		want.tunnel = range->has_tunnel ? range->tunnel + (vid - range->first) : 0;
		changed |= vlan_put(t, &want);
	}
	return changed;
}

bool pn_vlans_drop(struct pn_vlans *t, __u32 ifindex)
{
	return range_remove(t, PN_VLAN_KEY(ifindex, 0), PN_VLAN_KEY(ifindex, 4095));
}

void pn_vlans_dump_begin(struct pn_vlans *t)
{
	t->gen++;
}

bool pn_vlans_dump_end(struct pn_vlans *t)
{
	size_t from, to = 0;
	bool gone;

	for (from = 0; from < t->n; from++)
		if (t->v[from].gen == t->gen)
			t->v[to++] = t->v[from];
	gone = to < t->n;
	t->n = to;
	return gone;
}
