// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pn_tunnels: a record for every tunnel device; pn_demux: which header leads
 * to which of them, or to a VLAN device. A device that a packet may not reach
 * for certain has a record that says why, and no key.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/tunnels.h"

static void vlan_demux(const struct pn_mirror *m, const struct pn_dev *dev,
		       struct demux_list *list)
{
	__u16 lower = pn_ids_find(&m->ports, dev->link);
	__u16 index = pn_ids_find(&m->ports, dev->ifindex);

	if (lower && index && (dev->flags & IFF_UP) && mirror_is_ingress(m, dev))
		demux_add_index(list, PN_DEMUX_KEY_VLAN(lower, dev->vlan.ad, dev->vlan.vid),
				index);
}

/* --- who gets what -------------------------------------------------------- */

static bool takes_anybody(const struct pn_mirror *m)
{
	size_t i;

	for (i = 0; i < m->n_attached; i++)
		if (m->attached[i].peers != PN_PEERS_KNOWN)
			return true;
	return false;
}

static void ingress_collect(struct tunnel_job *job)
{
	const struct mirror_endpoints *e = &job->m->endpoints;
	__u32 *ifindexes = calloc(e->n_ports + 1, sizeof(*ifindexes));
	size_t i;

	for (i = 0; ifindexes && i < e->n_ports; i++)
		ifindexes[i] = e->ports[i].ifindex;
	rivals_init(&job->rivals, ifindexes, ifindexes ? e->n_ports : 0);
	job->rivals.oom |= !ifindexes;
	free(ifindexes);
}

static bool is_here(const struct pn_dev *dev)
{
	return (dev->flags & IFF_UP) &&
	       !(dev->kind == PN_DEV_VXLAN ? dev->vxlan.foreign : dev->tunnel.foreign);
}

/* The link's own remote is a peer, even before the FDB says so. */
static void tunnel_remote(struct pn_mirror *m, struct mirror_tunnel *state,
			  const struct pn_dev *dev)
{
	const struct in6_addr *remote = NULL;
	__u32 old = state->remote;

	if (dev && dev->kind == PN_DEV_TUNNEL && is_here(dev))
		remote = &dev->tunnel.remote;
	else if (dev && dev->kind == PN_DEV_VXLAN && dev->vxlan.has_remote)
		remote = &dev->vxlan.remote;
	state->remote = remote ? mirror_vtep_get(m, remote) : 0;
	mirror_vtep_put(m, old);
}

/* Its number in pn_ports, where it has an entry; 0: none. */
static __u16 port_of(const struct pn_mirror *m, const struct pn_dev *dev)
{
	__u16 port = pn_ids_find(&m->ports, dev->ifindex);

	return m->maps.ports[port].ifindex == dev->ifindex ? port : 0;
}

/* A device by itself, before others are looked at. */
static void tunnel_enter(struct tunnel_job *job, const struct pn_dev *dev, __u32 tunnel)
{
	struct mirror_tunnel *state = &job->m->tunnel_state[tunnel];
	bool able;

	tunnel_remote(job->m, state, dev);
	state->why = tunnel_why(job, dev);
	if (!state->why && pn_dev_is_l2_tunnel(dev) && !port_of(job->m, dev))
		state->why = PN_WHY_ROOM;
	state->next = 0;
	state->n_keys = 0;
	memset(state->key, 0, sizeof(state->key));
	if (!is_here(dev))
		return;
	tunnel_ports_note(job, dev);
	tunnel_locals_note(job, dev);
	if (dev->kind == PN_DEV_VXLAN)
		return;
	able = !state->why || state->why == PN_WHY_XFRM;
	rivals_add(&job->rivals, &dev->tunnel, tunnel, able);
}

/* --- keys ----------------------------------------------------------------- */

/* All of a chain know their key; it leads to the first of them. */
static void tunnel_key(struct tunnel_job *job, __u32 tunnel, __u64 key, bool is_head)
{
	struct mirror_tunnel *state = &job->m->tunnel_state[tunnel];

	if (is_head)
		demux_add_tunnel(job->list, key, tunnel);
	if (state->n_keys < PN_TUNNEL_KEYS)
		state->key[state->n_keys++] = key;
}

static void rival_keys(struct tunnel_job *job, const struct rival *r)
{
	__u32 vtep = job->m->tunnel_state[r->tunnel].remote;
	int c;

	if (!rival_has(&r->t->remote))
		vtep = PN_VTEP_ANY;
	for (c = 0; c < RIVAL_CLASSES && vtep; c++)
		if (r->won & 1u << c)
			tunnel_key(job, r->tunnel,
				   PN_DEMUX_KEY_VTEP(rival_classes[c].type, vtep, r->key),
				   r->heads & 1u << c);
}

static void rivals_take(struct tunnel_job *job)
{
	struct mirror_tunnel *state;
	const struct rival *r;
	size_t n;

	for (n = 0; n < job->rivals.n; n++) {
		r = &job->rivals.v[n];
		state = &job->m->tunnel_state[r->tunnel];
		state->next = r->next ? r->next->tunnel : 0;
		if (!state->why && rival_has(&r->t->remote) && !state->remote)
			state->why = PN_WHY_ROOM;
		if (!state->why && !r->won)
			state->why = r->t->lower ? PN_WHY_BOUND : PN_WHY_AMBIGUOUS;
		rival_keys(job, r);
	}
}

static void vxlan_key(struct tunnel_job *job, const struct pn_dev *dev, __u32 tunnel)
{
	const struct pn_dev_vxlan *v = &dev->vxlan;

	if (!v->external && !job->m->tunnel_state[tunnel].why)
		tunnel_key(job, tunnel,
			   PN_DEMUX_KEY_UDP(PN_DEMUX_VXLAN, v->ipv6, v->dport, v->vni), true);
}

/* --- records -------------------------------------------------------------- */

static void vxlan_describe(const struct pn_dev *dev, struct pn_tunnel *t)
{
	t->kind = PN_TUNNEL_VXLAN;
	t->id = dev->vxlan.vni;
	t->dport = dev->vxlan.dport;
	t->flags = PN_TUNNEL_F_ETHER | PN_TUNNEL_F_OWN_MAC |
		   (dev->vxlan.learning ? PN_TUNNEL_F_LEARNING : 0) |
		   (dev->vxlan.zero_csum6 ? PN_TUNNEL_F_ZERO_CSUM6 : 0);
}

/* What the drivers of a kind do that others do not. */
static const __u8 kind_flags[PN_TUNNEL_KINDS] = {
#define PN_TUNNEL_KIND(id, number, name, flags, ...) [number] = PN_TUNNEL_F_##flags,
#include <penstock/tunnels.def>
#undef PN_TUNNEL_KIND
};

static void kind_describe(const struct pn_dev_tunnel *d, struct pn_tunnel *t)
{
	t->kind = d->kind;
	t->id = d->key;
	t->dport = d->dport;
	t->flags = kind_flags[d->kind] | (d->ether ? PN_TUNNEL_F_ETHER : 0) |
		   (d->csum ? PN_TUNNEL_F_ICSUM : 0) |
		   (d->zero_csum6 && (d->ipv6 || d->external) ? PN_TUNNEL_F_ZERO_CSUM6 : 0);
	memcpy(t->local, &d->local, sizeof(t->local));
	if (rival_has(&d->remote))
		return;
	memcpy(t->rd_prefix, &d->rd_prefix, sizeof(t->rd_prefix));
	t->rd_prefix_len = d->rd_prefix_len;
	t->rd_relay = d->rd_relay;
	t->rd_relay_len = d->rd_relay_len;
}

static void tunnel_describe(const struct tunnel_job *job, const struct pn_dev *dev,
			    __u32 tunnel, struct pn_tunnel *t)
{
	const struct pn_mirror *m = job->m;

	memset(t, 0, sizeof(*t));
	t->ifindex = dev->ifindex;
	t->port = port_of(m, dev);
	memcpy(t->mac, dev->mac, sizeof(t->mac));
	if (dev->kind == PN_DEV_VXLAN)
		vxlan_describe(dev, t);
	else
		kind_describe(&dev->tunnel, t);
	mirror_routed_describe(m, dev, t);
	t->next = m->tunnel_state[tunnel].next;
	t->why = m->tunnel_state[tunnel].why;
}

/* No key leads to a record while what is looked up in it changes. */
static void keys_withdraw(struct pn_mirror *m, __u32 tunnel)
{
	struct mirror_tunnel *state = &m->tunnel_state[tunnel];
	union pn_value value;
	int i;

	for (i = 0; i < PN_TUNNEL_KEYS; i++)
		if (state->written[i] && pn_table_get(&m->demux, state->written[i], &value))
			pn_table_del(&m->demux, state->written[i]);
	memset(state->written, 0, sizeof(state->written));
}

static bool same_look_up(const struct pn_tunnel *a, const struct pn_tunnel *b)
{
	return a->ifindex == b->ifindex && a->kind == b->kind && a->next == b->next &&
	       a->dport == b->dport && !memcmp(a->local, b->local, sizeof(a->local));
}

static void tunnel_write(struct tunnel_job *job, const struct pn_dev *dev, __u32 tunnel)
{
	struct pn_tunnel *record = &job->m->maps.tunnels[tunnel], t;
	struct mirror_tunnel *state = &job->m->tunnel_state[tunnel];

	tunnel_describe(job, dev, tunnel, &t);
	if (memcmp(record, &t, sizeof(t)) != 0) {
		if (!same_look_up(record, &t))
			keys_withdraw(job->m, tunnel);
		*record = t;
	}
	memcpy(state->written, state->key, sizeof(state->written));
}

/* A key that is not there after all: no room, or two devices have it. */
static void keys_check(struct tunnel_job *job)
{
	struct pn_mirror *m = job->m;
	struct pn_tunnel *record;
	union pn_value value;
	__u32 tunnel;

	for (tunnel = 1; tunnel < m->tunnels.max; tunnel++) {
		record = &m->maps.tunnels[tunnel];
		if (!record->ifindex || record->why || !m->tunnel_state[tunnel].n_keys ||
		    pn_table_get(&m->demux, m->tunnel_state[tunnel].key[0], &value))
			continue;
		record->why = m->counts.demux_full ? PN_WHY_ROOM : PN_WHY_AMBIGUOUS;
	}
}

/* --- coming and going ----------------------------------------------------- */

static void tunnel_retire(struct pn_mirror *m, __u32 tunnel)
{
	/* A key that is left for a moment leads to something closed. */
	static const struct pn_tunnel none = {
		.gate = { PN_GATE_RESYNC, PN_GATE_RESYNC },
	};

	keys_withdraw(m, tunnel);
	m->maps.tunnels[tunnel] = none;
	tunnel_remote(m, &m->tunnel_state[tunnel], NULL);
	pn_ids_put(&m->tunnels, tunnel);
}

void mirror_tunnel_gone(struct pn_mirror *m, __u32 ifindex)
{
	__u32 tunnel = pn_ids_find(&m->tunnels, ifindex);

	if (tunnel)
		tunnel_retire(m, tunnel);
}

void mirror_tunnels_adopt(struct pn_mirror *m)
{
	struct mirror_tunnel *state;
	const struct pn_slot *slot;
	__u32 tunnel, type;
	__u64 n;

	for (tunnel = 1; tunnel < m->maps.tunnels_max; tunnel++)
		if (m->maps.tunnels[tunnel].ifindex)
			pn_ids_adopt(&m->tunnels, m->maps.tunnels[tunnel].ifindex, tunnel);
	for (n = 0; n < pn_table_slots(&m->demux); n++) {
		slot = pn_table_slot(&m->demux, n);
		type = slot->key >> 56;
		if ((type != PN_DEMUX_VXLAN && (type < PN_DEMUX_GENEVE || type > PN_DEMUX_VTI)) ||
		    slot->tunnel >= m->maps.tunnels_max)
			continue;
		state = &m->tunnel_state[slot->tunnel];
		state->written[!!state->written[0]] = slot->key;
	}
}

/* Devices that went before this run read anything. */
static void tunnels_retire(struct pn_mirror *m)
{
	__u32 tunnel;

	for (tunnel = 1; tunnel < m->tunnels.max; tunnel++)
		if (m->tunnels.ifindex[tunnel] &&
		    !pn_model_dev(&m->model, m->tunnels.ifindex[tunnel]))
			tunnel_retire(m, tunnel);
}

static void fdb_entry_drop(void *ctx, const struct pn_fdb_entry *e)
{
	mirror_vtep_put(ctx, e->value);
}

void mirror_tunnel_fdb_drop(struct pn_mirror *m, __u16 port)
{
	if (m->port_state[port].entries)
		pn_fdbs_drop(&m->tunnel_fdb, port, fdb_entry_drop, m);
	m->port_state[port].entries = 0;
}

__u32 mirror_tunnel_index(struct pn_mirror *m, __u32 ifindex)
{
	__u32 known = pn_ids_find(&m->tunnels, ifindex);
	__u32 tunnel = pn_ids_get(&m->tunnels, ifindex);

	if (tunnel && !known && m->maps.count_anew)
		m->maps.count_anew(m->maps.ctx, PN_COUNTED_TUNNEL, tunnel);
	return tunnel;
}

/* --- all of it ------------------------------------------------------------ */

static void devices_enter(struct tunnel_job *job)
{
	struct pn_mirror *m = job->m;
	const struct pn_dev *dev;
	__u64 full = 0;
	__u32 tunnel;
	size_t i;

	for (i = 0; i < m->model.ndevs; i++) {
		dev = m->model.devs[i];
		if (dev->kind == PN_DEV_VLAN)
			vlan_demux(m, dev, job->list);
		if (!pn_dev_is_tunnel(dev))
			continue;
		tunnel = mirror_tunnel_index(m, dev->ifindex);
		full += !tunnel;
		if (tunnel)
			tunnel_enter(job, dev, tunnel);
	}
	m->counts.tunnels_full = full;
}

/* GENEVE over IPv6: who opened a port first decides about zero checksums. */
static bool csum6_differs(const struct tunnel_job *job, const struct pn_dev_tunnel *t)
{
	return t->kind == PN_TUNNEL_GENEVE && t->ipv6 &&
	       job->csum6[t->dport] == (CSUM6_WANTED | CSUM6_ZERO);
}

/* Known only after all devices of the port have been seen. */
static void csum6_judge(struct tunnel_job *job)
{
	struct mirror_tunnel *state;
	struct rival *r;
	size_t n;

	for (n = 0; n < job->rivals.n; n++) {
		r = &job->rivals.v[n];
		state = &job->m->tunnel_state[r->tunnel];
		if (!r->able || !csum6_differs(job, r->t))
			continue;
		r->able = false;
		state->why = PN_WHY_CSUM6;
	}
}

static void devices_write(struct tunnel_job *job)
{
	struct pn_mirror *m = job->m;
	const struct pn_dev *dev;
	__u32 tunnel;
	size_t i;

	for (i = 0; i < m->model.ndevs; i++) {
		dev = m->model.devs[i];
		tunnel = pn_dev_is_tunnel(dev) ? pn_ids_find(&m->tunnels, dev->ifindex) : 0;
		if (!tunnel)
			continue;
		if (dev->kind == PN_DEV_VXLAN)
			vxlan_key(job, dev, tunnel);
		tunnel_metadata_keys(job, dev, tunnel);
		tunnel_write(job, dev, tunnel);
	}
}

static int job_run(struct tunnel_job *job)
{
	struct pn_mirror *m = job->m;

	devices_enter(job);
	csum6_judge(job);
	rivals_judge(&job->rivals);
	if (job->rivals.oom)
		return -ENOMEM;
	rivals_take(job);
	devices_write(job);
	tunnel_ports_demux(job);
	mirror_fou_demux(m, job->list);
	mirror_members_demux(m, job->list);
	mirror_locals_demux(m, job->list);
	if (job->list->oom)
		return -ENOMEM;
	m->counts.demux_full = demux_write(&m->demux, job->list);
	keys_check(job);
	m->tunnel_work = job->rivals.work;
	tunnel_locals_keep(job);
	return 0;
}

int mirror_tunnels_compose(struct pn_mirror *m)
{
	struct demux_list list = { 0 };
	struct tunnel_job job = { .m = m, .list = &list, .anybody = takes_anybody(m) };
	int rc;

	ingress_collect(&job);
	rc = tunnel_locals_init(&job);
	if (!rc)
		rc = tunnel_ports_init(&job);
	if (!rc)
		rc = job_run(&job);
	if (!rc && m->resync.first)
		tunnels_retire(m);
	tunnel_ports_fini(&job);
	rivals_fini(&job.rivals);
	tunnel_locals_fini(&job);
	demux_free(&list);
	return rc;
}
