// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The table of VLAN memberships; see vlans.h. */
#include <errno.h>
#include <linux/if_bridge.h>
#include <string.h>

#include "mirror/vlans.h"
#include "nl/vlan.h"

#define SIZE	sizeof(struct pn_vlan)

void pn_vlans_fini(struct pn_vlans *t)
{
	pn_sorted_fini(&t->s);
}

const struct pn_vlan *pn_vlans_find(const struct pn_vlans *t, __u32 ifindex, __u16 vid)
{
	return pn_sorted_find(&t->s, SIZE, PN_VLAN_KEY(ifindex, vid));
}

static struct pn_vlan *vlans_of(const struct pn_vlans *t, __u32 ifindex)
{
	return pn_sorted_at(&t->s, SIZE, pn_sorted_place(&t->s, SIZE, PN_VLAN_KEY(ifindex, 0)));
}

const struct pn_vlan *pn_vlans_of(const struct pn_vlans *t, __u32 ifindex)
{
	return vlans_of(t, ifindex);
}

const struct pn_vlan *pn_vlans_end(const struct pn_vlans *t)
{
	return pn_sorted_at(&t->s, SIZE, t->s.n);
}

__u16 pn_vlans_pvid(const struct pn_vlans *t, __u32 ifindex)
{
	const struct pn_vlan *v;

	for (v = pn_vlans_of(t, ifindex); v < pn_vlans_end(t); v++) {
		if (PN_VLAN_IFINDEX(v->head.key) != ifindex)
			break;
		if (v->flags & BRIDGE_VLAN_INFO_PVID)
			return PN_VLAN_VID(v->head.key);
	}
	return 0;
}

/* Only one VLAN of a port is what untagged frames belong to. */
static void pvid_take(struct pn_vlans *t, __u32 ifindex, __u16 vid)
{
	struct pn_vlan *v;

	for (v = vlans_of(t, ifindex); v < pn_vlans_end(t); v++) {
		if (PN_VLAN_IFINDEX(v->head.key) != ifindex)
			break;
		if (PN_VLAN_VID(v->head.key) != vid)
			v->flags &= ~BRIDGE_VLAN_INFO_PVID;
	}
}

static bool vlan_put(struct pn_vlans *t, const struct pn_vlan *want)
{
	size_t at = pn_sorted_place(&t->s, SIZE, want->head.key);
	struct pn_vlan *v = pn_sorted_at(&t->s, SIZE, at);
	bool same = false;

	if (want->flags & BRIDGE_VLAN_INFO_PVID)
		pvid_take(t, PN_VLAN_IFINDEX(want->head.key), PN_VLAN_VID(want->head.key));
	if (at == t->s.n || v->head.key != want->head.key)
		pn_sorted_replace(&t->s, SIZE, at, at, 1);
	else
		same = v->flags == want->flags && v->state == want->state &&
		       v->has_tunnel == want->has_tunnel && v->tunnel == want->tunnel;
	*v = *want;
	return !same;
}

int pn_vlans_take(struct pn_vlans *t, const struct pn_nl_vlan *range)
{
	struct pn_vlan want = {
		.flags = range->flags & (BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED),
		.state = range->state,
		.has_tunnel = range->has_tunnel,
		.head = { .gen = t->s.gen },
	};
	bool changed = false;
	__u32 vid;

	if (range->deleted)
		return pn_sorted_remove(&t->s, SIZE, PN_VLAN_KEY(range->ifindex, range->first),
					PN_VLAN_KEY(range->ifindex, range->last));
	if (pn_sorted_room(&t->s, SIZE, range->last - range->first + 1))
		return -ENOMEM;
	for (vid = range->first; vid <= range->last; vid++) {
		want.head.key = PN_VLAN_KEY(range->ifindex, vid);
		want.tunnel = range->has_tunnel ? range->tunnel + (vid - range->first) : 0;
		changed |= vlan_put(t, &want);
	}
	return changed;
}

bool pn_vlans_drop(struct pn_vlans *t, __u32 ifindex)
{
	return pn_sorted_remove(&t->s, SIZE, PN_VLAN_KEY(ifindex, 0), PN_VLAN_KEY(ifindex, 4095));
}

void pn_vlans_dump_begin(struct pn_vlans *t)
{
	pn_sorted_dump_begin(&t->s);
}

bool pn_vlans_dump_end(struct pn_vlans *t)
{
	return pn_sorted_dump_end(&t->s, SIZE);
}
