// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Messages into the model and the FDB tables, whether they are notifications
 * or a dump's.
 */
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "mirror/state.h"
#include "nl/compat.h"
#include "nl/neigh.h"
#include "nl/vlan.h"
#include "nl/vni.h"

#define NS_PER_TICK	10000000ull	/* ages come in clock ticks */

static __u64 mac48(const __u8 *mac)
{
	return (__u64)mac[0] << 40 | (__u64)mac[1] << 32 | (__u64)mac[2] << 24 |
	       (__u64)mac[3] << 16 | (__u64)mac[4] << 8 | mac[5];
}

/* It ages in the kernel unless traffic keeps it young. */
static bool neigh_ages(const struct pn_nl_neigh *n)
{
	return !(n->state & (NUD_PERMANENT | NUD_NOARP)) && !(n->flags & NTF_EXT_LEARNED);
}

static __u8 bridge_flags(const struct pn_nl_neigh *n)
{
	return (n->state & NUD_PERMANENT ? PN_FDB_LOCAL | PN_FDB_STAYS : 0) |
	       (n->flags & NTF_STICKY ? PN_FDB_STAYS : 0) |
	       (n->flags_ext & PN_NTF_EXT_LOCKED ? PN_FDB_LOCKED : 0) |
	       (neigh_ages(n) ? PN_FDB_REFRESH : 0);
}

/* An entry that is old already is shown to the kernel with its next frame. */
static __u8 entry_stamp(const struct pn_mirror *m, const struct pn_nl_neigh *n)
{
	const struct pn_control *control = m->maps.control;

	return control->epoch - (n->updated * NS_PER_TICK >= control->epoch_ns);
}

/* Without VLAN filtering a bridge looks nowhere but at VLAN 0. */
static bool bridge_filters(const struct pn_mirror *m, __u32 bridge)
{
	const struct pn_dev *dev = pn_model_dev(&m->model, bridge);

	return dev && dev->kind == PN_DEV_BRIDGE && dev->bridge.vlan_filtering;
}

static int bridge_entry(struct pn_mirror *m, const struct pn_nl_neigh *n, bool from_dump)
{
	__u64 mac = mac48(n->lladdr);
	struct pn_fdb_entry *e, old;
	bool is_new;
	__u16 fid;

	if ((n->vlan && !bridge_filters(m, n->master)) || pn_fdbs_is_group(PN_FDB_KEY(mac, 0)))
		return 0;
	fid = n->deleted ? mirror_fid_find(m, n->master, n->vlan) :
			   mirror_fid_get(m, n->master, n->vlan);
	m->fid_last = fid;
	if (!fid)
		return 0;
	if (n->deleted) {
		if (pn_fdbs_del(&m->bridge_fdb, PN_FDB_KEY(mac, fid), 0, &old))
			mirror_slot_remove(m, &old);
		return 0;
	}
	/* The port may be as new as the entry. */
	if (!pn_ids_find(&m->ports, n->ifindex))
		mirror_compose_soon(m);
	e = pn_fdbs_put(&m->bridge_fdb, PN_FDB_KEY(mac, fid), 0, from_dump, &is_new);
	if (!e)
		return errno == ESTALE ? 0 : -errno;
	mirror_slot_take(m, e, n->ifindex, bridge_flags(n), entry_stamp(m, n));
	return 0;
}

/* The VTEP that a frame from this MAC must come from, with a reference; 0: none will do. */
static __u32 tunnel_vtep(struct pn_mirror *m, const struct pn_nl_neigh *n)
{
	struct in6_addr addr;

	if (n->nhid || n->via || !pn_addr_mapped(n->dst, n->dst_len, &addr))
		return 0;
	return mirror_vtep_get(m, &addr);
}

static void tunnel_entry_gone(struct pn_mirror *m, __u32 ifindex, __u16 port, __u64 key,
			      __u32 vtep)
{
	struct pn_fdb_entry old;

	if (!pn_fdbs_del(&m->tunnel_fdb, key, vtep, &old))
		return;
	m->port_state[port].entries--;
	mirror_slot_retunnel(m, ifindex, key >> 16);
	mirror_vtep_put(m, old.value);
}

static int tunnel_entry(struct pn_mirror *m, const struct pn_nl_neigh *n, bool from_dump)
{
	__u16 port = pn_ids_find(&m->tunnels, n->ifindex) ?
		     pn_ids_find(&m->ports, n->ifindex) : 0;
	__u64 key = PN_FDB_KEY(mac48(n->lladdr), port);
	struct pn_fdb_entry *e;
	__u32 vtep, old;
	bool is_new;

	/*
	 * Older kernels (6.12) repeat in rtnetlink's words what the driver has
	 * said already, and all that it knows is the MAC.
	 */
	if (!port || !n->has_ages)
		return 0;
	vtep = tunnel_vtep(m, n);
	if (n->deleted) {
		tunnel_entry_gone(m, n->ifindex, port, key, vtep);
		mirror_vtep_put(m, vtep);
		return 0;
	}
	e = pn_fdbs_put(&m->tunnel_fdb, key, vtep, from_dump, &is_new);
	if (!e) {
		mirror_vtep_put(m, vtep);
		return errno == ESTALE ? 0 : -errno;
	}
	old = is_new ? 0 : e->value;
	e->value = vtep;
	e->flags = neigh_ages(n) ? PN_FDB_REFRESH : 0;
	m->port_state[port].entries += is_new;
	mirror_slot_retunnel(m, n->ifindex, key >> 16);
	mirror_vtep_put(m, old);
	return 0;
}

static int fdb_message(struct pn_mirror *m, const struct nlmsghdr *nlh, bool from_dump)
{
	struct pn_nl_neigh n;

	if (pn_nl_neigh_parse(nlh, &n) || n.family != AF_BRIDGE || n.lladdr_len != 6)
		return 0;
	return n.master ? bridge_entry(m, &n, from_dump) : tunnel_entry(m, &n, from_dump);
}

static int fdb_of_device(const struct nlmsghdr *nlh, void *data)
{
	return fdb_message(data, nlh, false);
}

#define FDB_ASKS_MAX	64

/*
 * The kernel tells of a tunnel's first FDB entry before it tells of the
 * device, when nobody knows yet what the entry means: so ask for it again.
 * The kernel looks at all devices for each answer, so many are asked at once.
 */
static int vxlan_new(struct pn_mirror *m, const struct pn_dev *dev, bool from_dump)
{
	int rc, tries;

	if (!mirror_tunnel_index(m, dev->ifindex) || !pn_ids_get(&m->ports, dev->ifindex) ||
	    from_dump || !m->nl.sock)
		return 0;
	if (++m->fdb_asked > FDB_ASKS_MAX) {
		mirror_resync_lost(m);
		return 0;
	}
	for (tries = 0; tries < PN_NL_DUMP_TRIES; tries++) {
		rc = pn_nl_fdb_dump(&m->nl, dev->ifindex, 0, fdb_of_device, m);
		if (rc != -EINTR)
			break;
	}
	/* It is gone again: its removal is on the way. */
	return rc == -ENODEV ? 0 : rc;
}

void mirror_link_gone(struct pn_mirror *m, __u32 ifindex)
{
	const struct pn_dev *dev = pn_model_dev(&m->model, ifindex);

	if (m->opts.link)
		m->opts.link(m->opts.ctx, ifindex, dev ? dev->name : "", true);
	/* At once: the next device may have its index. */
	mirror_tunnel_gone(m, ifindex);
	mirror_port_gone(m, ifindex);
	pn_model_forget(&m->model, ifindex);
	pn_vlans_drop(&m->vlans, ifindex);
	pn_vnis_drop(&m->vnis, ifindex);
	m->links_changed = true;
}

static int link_message(struct pn_mirror *m, const struct nlmsghdr *nlh, bool from_dump)
{
	const struct pn_dev *dev;
	__u32 ifindex;
	int changed;

	changed = pn_model_message(&m->model, nlh, &ifindex);
	if (changed <= 0)
		return changed;
	if (changed & PN_MODEL_LOCAL) {
		mirror_endpoints_changed(m);
		m->links_changed = true;
	}
	if (!(changed & PN_MODEL_LINK))
		return 0;
	m->links_changed = true;
	/* What the FDB says of VLANs was not taken in before. */
	if ((changed & PN_MODEL_FILTERING) && !from_dump)
		mirror_resync_lost(m);
	m->port_state[pn_ids_find(&m->ports, ifindex)].asked = false;
	if (changed & PN_MODEL_GONE) {
		mirror_link_gone(m, ifindex);
		return 0;
	}
	dev = pn_model_dev(&m->model, ifindex);
	if (changed & PN_MODEL_NEW)
		m->gates_behind = m->gates;
	if ((changed & (PN_MODEL_NEW | PN_MODEL_NAME)) && m->opts.link)
		m->opts.link(m->opts.ctx, ifindex, dev->name, false);
	if ((changed & PN_MODEL_NEW) && dev->kind == PN_DEV_VXLAN)
		return vxlan_new(m, dev, from_dump);
	return 0;
}

/*
 * A million entries are more than the cache holds, and waiting for memory is
 * most of the work. The kernel puts the MAC first; the bridge is a guess.
 */
void mirror_message_prefetch(const struct pn_mirror *m, const struct nlmsghdr *nlh)
{
	const struct nlattr *a = (const void *)((const char *)NLMSG_DATA(nlh) +
						NLMSG_ALIGN(sizeof(struct ndmsg)));
	__u64 key;

	if (nlh->nlmsg_type != RTM_NEWNEIGH && nlh->nlmsg_type != RTM_DELNEIGH)
		return;
	if (nlh->nlmsg_len < NLMSG_LENGTH(sizeof(struct ndmsg)) + NLA_HDRLEN + 6 ||
	    a->nla_type != NDA_LLADDR)
		return;
	key = PN_FDB_KEY(mac48((const __u8 *)a + NLA_HDRLEN), m->fid_last);
	pn_fdbs_prefetch(&m->bridge_fdb, key);
	pn_table_prefetch(&m->fdb, key);
}

static int vlan_range(void *ctx, const struct pn_nl_vlan *range)
{
	struct pn_mirror *m = ctx;
	int rc = pn_vlans_take(&m->vlans, range);

	m->links_changed |= rc > 0;
	return rc < 0 ? rc : 0;
}

static int vni_range(void *ctx, const struct pn_nl_vni *range)
{
	struct pn_mirror *m = ctx;
	int rc = pn_vnis_take(&m->vnis, range);

	m->links_changed |= rc > 0;
	return rc < 0 ? rc : 0;
}

int mirror_message(struct pn_mirror *m, const struct nlmsghdr *nlh, bool from_dump)
{
	switch (nlh->nlmsg_type) {
	case RTM_NEWNEIGH:
	case RTM_DELNEIGH:
		return fdb_message(m, nlh, from_dump);
	case RTM_NEWVLAN:
	case RTM_DELVLAN:
		return pn_nl_vlan_each(nlh, vlan_range, m);
	case RTM_NEWTUNNEL:
	case RTM_DELTUNNEL:
		return pn_nl_vni_each(nlh, vni_range, m);
	default:
		return link_message(m, nlh, from_dump);
	}
}
