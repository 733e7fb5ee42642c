// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Numbers of forwarding tables: one per bridge, and one per VLAN of a bridge
 * that filters. A VLAN's number stands above all bridges' (PN_MAX_BRIDGES).
 */
#include "mirror/state.h"

static __u32 vlan_key(__u16 bridge, __u16 vid)
{
	return (__u32)bridge << 12 | vid;
}

static __u16 vlan_fid(__u32 id)
{
	return id ? PN_MAX_BRIDGES + id : 0;
}

__u16 mirror_fid_find(const struct pn_mirror *m, __u32 bridge, __u16 vid)
{
	__u16 number = pn_ids_find(&m->bridges, bridge);

	if (!vid || !number)
		return number;
	return vlan_fid(pn_ids_find(&m->vlan_fids, vlan_key(number, vid)));
}

__u16 mirror_fid_get(struct pn_mirror *m, __u32 bridge, __u16 vid)
{
	__u16 number = pn_ids_get(&m->bridges, bridge);

	if (!vid || !number)
		return number;
	return vlan_fid(pn_ids_get(&m->vlan_fids, vlan_key(number, vid)));
}

void mirror_fids_put(struct pn_mirror *m, __u16 bridge)
{
	__u32 id;

	for (id = 1; id < m->vlan_fids.max; id++)
		if (m->vlan_fids.ifindex[id] >> 12 == bridge)
			pn_ids_put(&m->vlan_fids, id);
	pn_ids_put(&m->bridges, bridge);
}

static void member_adopt(struct pn_mirror *m, const struct pn_slot *slot)
{
	__u16 index = slot->key >> 32, vid = slot->key & 0xfff;
	const struct pn_dev *dev = pn_model_dev(&m->model, m->maps.ports[index].ifindex);
	__u16 bridge = dev ? pn_ids_find(&m->bridges, dev->master) : 0;

	if (bridge && slot->index > PN_MAX_BRIDGES)
		pn_ids_adopt(&m->vlan_fids, vlan_key(bridge, vid),
			     slot->index - PN_MAX_BRIDGES);
}

/* Whatever an earlier run meant by a number and nobody does now is not given out soon. */
static void numbers_skip(struct pn_mirror *m)
{
	__u32 last = 0, fid;
	__u64 n;

	for (n = 0; n < pn_table_slots(&m->fdb); n++) {
		fid = pn_table_slot(&m->fdb, n)->key & 0xffff;
		if (fid > PN_MAX_BRIDGES && fid - PN_MAX_BRIDGES > last)
			last = fid - PN_MAX_BRIDGES;
	}
	if (last + 1 < m->vlan_fids.max)
		m->vlan_fids.next = last + 1;
}

void mirror_fids_adopt(struct pn_mirror *m)
{
	const struct pn_slot *slot;
	__u64 n;

	for (n = 0; n < pn_table_slots(&m->demux); n++) {
		slot = pn_table_slot(&m->demux, n);
		if (slot->key >> 56 == PN_DEMUX_BRVLAN)
			member_adopt(m, slot);
	}
	numbers_skip(m);
}
