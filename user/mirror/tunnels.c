// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pn_tunnels, and pn_demux: which header leads to which tunnel or VLAN device.
 * A key that more than one device could answer to is left out.
 */
#include <errno.h>
#include <string.h>

#include "mirror/state.h"

static bool in_vrf(const struct pn_mirror *m, __u32 ifindex)
{
	const struct pn_dev *dev = pn_model_dev(&m->model, ifindex);
	const struct pn_dev *master = dev ? pn_model_dev(&m->model, dev->master) : NULL;

	return (dev && dev->kind == PN_DEV_VRF) || (master && master->kind == PN_DEV_VRF);
}

/* Its packets look like any vxlan device's, and nothing but the VNI picks it. */
static bool vxlan_is_plain(const struct pn_mirror *m, const struct pn_dev *dev)
{
	const struct pn_dev_vxlan *v = &dev->vxlan;

	return !v->external && !v->vnifilter && !v->gbp && !v->gpe && !v->remcsum &&
	       !v->link_local && !in_vrf(m, v->lower);
}

static void vxlan_demux(const struct pn_mirror *m, const struct pn_dev *dev,
			__u32 tunnel, struct demux_list *list)
{
	const struct pn_dev_vxlan *v = &dev->vxlan;

	if (!(dev->flags & IFF_UP) || v->foreign)
		return;
	/* An external device has sockets of both families. */
	if (v->ipv6 || v->external)
		demux_add_index(list, PN_DEMUX_KEY_UDP(PN_DEMUX_UDP_PORT, 1, v->dport, 0),
				PN_UDP_VXLAN);
	if (!v->ipv6 || v->external)
		demux_add_index(list, PN_DEMUX_KEY_UDP(PN_DEMUX_UDP_PORT, 0, v->dport, 0),
				PN_UDP_VXLAN);
	if (vxlan_is_plain(m, dev))
		demux_add_tunnel(list, PN_DEMUX_KEY_UDP(PN_DEMUX_VXLAN, v->ipv6, v->dport,
							v->vni), tunnel);
}

static void vlan_demux(const struct pn_mirror *m, const struct pn_dev *dev,
		       struct demux_list *list)
{
	__u16 lower = pn_ids_find(&m->ports, dev->link);
	__u16 index = pn_ids_find(&m->ports, dev->ifindex);

	if (lower && index && (dev->flags & IFF_UP) && mirror_is_ingress(m, dev))
		demux_add_index(list, PN_DEMUX_KEY_VLAN(lower, dev->vlan.ad, dev->vlan.vid),
				index);
}

static void tunnel_describe(const struct pn_mirror *m, const struct pn_dev *dev,
			    struct pn_tunnel *t)
{
	memset(t, 0, sizeof(*t));
	t->ifindex = dev->ifindex;
	t->port = pn_ids_find(&m->ports, dev->ifindex);
	t->kind = PN_TUNNEL_VXLAN;
	t->id = dev->vxlan.vni;
	t->dport = dev->vxlan.dport;
	t->flags = PN_TUNNEL_F_ETHER | PN_TUNNEL_F_OWN_MAC |
		   (dev->vxlan.learning ? PN_TUNNEL_F_LEARNING : 0) |
		   (dev->vxlan.zero_csum6 ? PN_TUNNEL_F_ZERO_CSUM6 : 0);
	memcpy(t->mac, dev->mac, sizeof(t->mac));
	mirror_routed_describe(m, dev, t);
}

/* The link's own remote is a peer, even before the FDB says so. */
static void tunnel_remote(struct pn_mirror *m, const struct pn_dev *dev, __u32 tunnel)
{
	struct mirror_tunnel *state = &m->tunnel_state[tunnel];
	__u32 old = state->remote;

	state->remote = dev && dev->vxlan.has_remote ?
			mirror_vtep_get(m, &dev->vxlan.remote) : 0;
	mirror_vtep_put(m, old);
}

static void tunnel_compose(struct pn_mirror *m, const struct pn_dev *dev, __u32 tunnel)
{
	struct pn_tunnel t;

	tunnel_describe(m, dev, &t);
	if (memcmp(&m->maps.tunnels[tunnel], &t, sizeof(t)) != 0)
		m->maps.tunnels[tunnel] = t;
	tunnel_remote(m, dev, tunnel);
}

static void tunnel_drop_entry(void *ctx, const struct pn_fdb_entry *e)
{
	mirror_vtep_put(ctx, e->value);
}

/* Numbers of devices that went; no key leads to them any more. */
static void tunnels_retire(struct pn_mirror *m)
{
	static const struct pn_tunnel none;
	__u32 tunnel;

	for (tunnel = 1; tunnel < m->tunnels.max; tunnel++) {
		if (!m->tunnels.ifindex[tunnel] ||
		    pn_model_dev(&m->model, m->tunnels.ifindex[tunnel]))
			continue;
		m->maps.tunnels[tunnel] = none;
		tunnel_remote(m, NULL, tunnel);
		if (m->tunnel_state[tunnel].entries)
			pn_fdbs_drop(&m->tunnel_fdb, tunnel, tunnel_drop_entry, m);
		m->tunnel_state[tunnel].entries = 0;
		pn_ids_put(&m->tunnels, tunnel);
	}
}

int mirror_tunnels_compose(struct pn_mirror *m)
{
	struct demux_list list = { 0 };
	const struct pn_dev *dev;
	bool oom;
	__u32 tunnel;
	size_t i;

	for (i = 0; i < m->model.ndevs; i++) {
		dev = m->model.devs[i];
		if (dev->kind == PN_DEV_VLAN)
			vlan_demux(m, dev, &list);
		if (dev->kind != PN_DEV_VXLAN)
			continue;
		tunnel = pn_ids_get(&m->tunnels, dev->ifindex);
		if (!tunnel)
			continue;
		tunnel_compose(m, dev, tunnel);
		vxlan_demux(m, dev, tunnel, &list);
	}
	mirror_members_demux(m, &list);
	mirror_locals_demux(m, &list);
	oom = list.oom;
	if (!oom) {
		m->counts.demux_full = demux_write(&m->demux, &list);
		tunnels_retire(m);
	}
	demux_free(&list);
	return oom ? -ENOMEM : 0;
}
