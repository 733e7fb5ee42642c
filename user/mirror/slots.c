// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pn_fdb: the bridge's entry of a MAC, joined with the tunnel device's entry
 * of the same MAC where the bridge port is a tunnel device.
 */
#include "mirror/state.h"

/* Private bits of pn_fdb_entry.flags, above PN_FDB_*. */
#define ENTRY_FULL	0x80	/* no room in the map */
#define ENTRY_ORPHAN	0x40	/* its port is not known (yet) */
#define ENTRY_PRIVATE	(ENTRY_FULL | ENTRY_ORPHAN)

static __u64 key_mac48(__u64 key)
{
	return key >> 16;
}

/* What the port's own FDB says, where it is a tunnel device. */
static void value_add_tunnel(const struct pn_mirror *m, const struct pn_fdb_entry *e,
			     union pn_value *value)
{
	const struct pn_fdb_entry *t;

	if (!m->port_state[value->index].entries)
		return;
	t = pn_fdbs_find(&m->tunnel_fdb, PN_FDB_KEY(key_mac48(e->key), value->index), 0);
	if (!t)
		return;
	value->vtep = t->value;
	if (!(value->flags & PN_FDB_LOCAL))
		value->flags |= t->flags & PN_FDB_REFRESH;
}

/* Forget what the map holds of @e in the counts. */
static void entry_uncount(struct pn_mirror *m, struct pn_fdb_entry *e)
{
	if (e->aux)
		m->port_state[e->aux].slots--;
	m->counts.fdb_full -= !!(e->flags & ENTRY_FULL);
	m->orphans -= !!(e->flags & ENTRY_ORPHAN);
	e->aux = 0;
	e->flags &= ~ENTRY_PRIVATE;
}

void mirror_slot_write(struct pn_mirror *m, struct pn_fdb_entry *e, __u8 stamp)
{
	union pn_value value = { .stamp = stamp };

	entry_uncount(m, e);
	value.index = pn_ids_find(&m->ports, e->value);
	value.flags = e->flags;
	if (!value.index && !(e->flags & PN_FDB_LOCAL)) {
		e->flags |= ENTRY_ORPHAN;
		m->orphans++;
		pn_table_del(&m->fdb, e->key);
		return;
	}
	value_add_tunnel(m, e, &value);
	if (pn_table_set(&m->fdb, e->key, value)) {
		e->flags |= ENTRY_FULL;
		m->counts.fdb_full++;
		return;
	}
	e->aux = value.index;
	if (e->aux)
		m->port_state[e->aux].slots++;
}

void mirror_slot_take(struct pn_mirror *m, struct pn_fdb_entry *e, __u32 ifindex,
		      __u8 flags, __u8 stamp)
{
	entry_uncount(m, e);
	e->value = ifindex;
	e->flags = flags;
	mirror_slot_write(m, e, stamp);
}

void mirror_slot_remove(struct pn_mirror *m, const struct pn_fdb_entry *e)
{
	struct pn_fdb_entry gone = *e;

	entry_uncount(m, &gone);
	if (pn_table_del(&m->fdb, e->key) && m->counts.fdb_full)
		m->slots_retry = true;
}

static void retunnel(struct pn_mirror *m, const struct pn_dev *dev, __u64 mac48, __u16 vid)
{
	__u16 fid = mirror_fid_find(m, dev->master, vid);
	struct pn_fdb_entry *e;

	if (!fid)
		return;
	e = pn_fdbs_find(&m->bridge_fdb, PN_FDB_KEY(mac48, fid), 0);
	if (e && e->value == dev->ifindex)
		mirror_slot_write(m, e, m->maps.control->epoch);
}

void mirror_slot_retunnel(struct pn_mirror *m, __u32 ifindex, __u64 mac48)
{
	const struct pn_dev *dev = pn_model_dev(&m->model, ifindex);
	const struct pn_vlan *v;

	if (!dev || !pn_ids_find(&m->bridges, dev->master))
		return;
	retunnel(m, dev, mac48, 0);
	for (v = pn_vlans_of(&m->vlans, ifindex); v < pn_vlans_end(&m->vlans); v++) {
		if (PN_VLAN_IFINDEX(v->head.key) != ifindex)
			break;
		retunnel(m, dev, mac48, PN_VLAN_VID(v->head.key));
	}
}

static void entry_rewrite(void *ctx, struct pn_fdb_entry *e)
{
	struct pn_mirror *m = ctx;

	mirror_slot_write(m, e, m->maps.control->epoch);
}

void mirror_slots_rewrite(struct pn_mirror *m)
{
	m->slots_retry = false;
	pn_fdbs_each(&m->bridge_fdb, entry_rewrite, m);
}

void mirror_slots_sweep(struct pn_mirror *m)
{
	const struct pn_fdb_entry *e;
	__u64 n, key;

	for (n = 0; n < pn_table_slots(&m->fdb); n++) {
		key = pn_table_slot(&m->fdb, n)->key;
		if (!key)
			continue;
		e = pn_fdbs_find(&m->bridge_fdb, key, 0);
		if (!e || (e->flags & ENTRY_PRIVATE))
			pn_table_del(&m->fdb, key);
	}
}
