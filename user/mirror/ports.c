// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pn_ports: who is a port, and what it may do. What closes is written before
 * anything else of an entry, what opens after everything else.
 */
#include <string.h>

#include "mirror/state.h"

#define BR_FORWARDING	3	/* BR_STATE_FORWARDING */
#define FRAME_OVERHEAD	18	/* Ethernet header and one VLAN tag */
#define VLAN_DEPTH	PN_MAX_VLAN_TAGS

/* Shortest and longest interval of the epoch: at least 10 ms, at most an hour. */
#define EPOCH_MIN	10000000ull
#define EPOCH_MAX	3600000000000ull

static const struct pn_mirror_port *attached_find(const struct pn_mirror *m, __u32 ifindex)
{
	size_t i;

	for (i = 0; i < m->n_attached; i++)
		if (m->attached[i].ifindex == ifindex)
			return &m->attached[i];
	return NULL;
}

bool mirror_is_attached(const struct pn_mirror *m, __u32 ifindex)
{
	return attached_find(m, ifindex);
}

const struct pn_mirror_port *mirror_attached_below(const struct pn_mirror *m,
						   const struct pn_dev *dev)
{
	const struct pn_mirror_port *port;
	int depth;

	for (depth = 0; dev && depth <= VLAN_DEPTH; depth++) {
		port = attached_find(m, dev->ifindex);
		if (port)
			return port;
		if (dev->kind != PN_DEV_VLAN || dev->vlan.foreign)
			return NULL;
		dev = pn_model_dev(&m->model, dev->link);
	}
	return NULL;
}

bool mirror_is_ingress(const struct pn_mirror *m, const struct pn_dev *dev)
{
	return mirror_attached_below(m, dev);
}

const struct pn_dev *mirror_bridge_of(const struct pn_mirror *m, const struct pn_dev *dev)
{
	const struct pn_dev *master = pn_model_dev(&m->model, dev->master);

	return master && master->kind == PN_DEV_BRIDGE ? master : NULL;
}

/*
 * Gates that the operator opened. A device that no program is attached to is
 * reached from attached ports only, so they must all agree.
 */
__u32 mirror_ignored(const struct pn_mirror *m, __u32 ifindex)
{
	const struct pn_mirror_port *port = attached_find(m, ifindex);
	__u32 ignored = m->n_attached ? ~0u : 0;
	size_t i;

	if (port)
		return port->ignore;
	for (i = 0; i < m->n_attached; i++)
		ignored &= m->attached[i].ignore;
	return ignored;
}

static __u32 flag_if(bool on, __u32 flag)
{
	return on ? flag : 0;
}

/* A bridge answers ARP and ND itself as soon as one of its ports wants it. */
static void bridges_find_proxies(struct pn_mirror *m)
{
	struct pn_dev *dev, *bridge;
	size_t i;

	for (i = 0; i < m->model.ndevs; i++)
		if (m->model.devs[i]->kind == PN_DEV_BRIDGE)
			m->model.devs[i]->bridge.neigh_proxy = false;
	for (i = 0; i < m->model.ndevs; i++) {
		dev = m->model.devs[i];
		bridge = dev->brport.neigh_proxy ? pn_model_dev(&m->model, dev->master) : NULL;
		if (bridge && bridge->kind == PN_DEV_BRIDGE)
			bridge->bridge.neigh_proxy = true;
	}
}

static __u32 brport_flags(const struct pn_dev *dev, const struct pn_dev *bridge)
{
	const struct pn_dev_brport *p = &dev->brport;

	return flag_if(p->state == BR_FORWARDING, PN_PORT_FORWARDING) |
	       flag_if(p->hairpin, PN_PORT_HAIRPIN) |
	       flag_if(p->isolated, PN_PORT_ISOLATED) |
	       flag_if(p->locked, PN_PORT_LOCKED) |
	       flag_if(p->learning, PN_PORT_LEARNING) |
	       flag_if(bridge->bridge.neigh_proxy, PN_PORT_NEIGH_PROXY) |
	       flag_if(bridge->bridge.vlan_filtering, PN_PORT_VLANS) |
	       flag_if(p->vlan_tunnel, PN_PORT_VLAN_TUNNEL);
}

static __u32 target_default(const struct pn_dev *dev)
{
	return PN_PORT_TC_TARGET | flag_if(dev->kind == PN_DEV_VETH, PN_PORT_SETS_PROTO);
}

static __u32 port_target(struct pn_mirror *m, const struct pn_dev *dev, __u16 index)
{
	struct mirror_port *state = &m->port_state[index];
	bool want;

	if (!state->asked)
		state->target = m->opts.target ?
			m->opts.target(m->opts.ctx, dev->ifindex, dev->kind_name) :
			target_default(dev);
	state->asked = true;
	want = (state->target & PN_PORT_XDP_TARGET) && m->maps.devmap_set;
	if (want && !state->in_devmap)
		state->in_devmap = !m->maps.devmap_set(m->maps.ctx, index, dev->ifindex);
	return (state->target & (PN_PORT_TC_TARGET | PN_PORT_SETS_PROTO)) |
	       flag_if(want && state->in_devmap, PN_PORT_XDP_TARGET);
}

/* What is new stays closed until the gates have looked at it. */
static __u32 port_gate(struct pn_mirror *m, __u32 ifindex, __u16 index, int place)
{
	const struct pn_port *port = &m->maps.ports[index];

	if (m->gates_behind &&
	    (port->ifindex != ifindex || (port->gate[place] & PN_GATE_RESYNC)))
		return PN_GATE_RESYNC;
	return m->gates ? pn_gate_word(m->gates, ifindex, place) : 0;
}

static void port_describe(struct pn_mirror *m, const struct pn_dev *dev, __u16 index,
			  struct pn_port *port)
{
	const struct pn_dev *bridge = mirror_bridge_of(m, dev);
	int place;

	memset(port, 0, sizeof(*port));
	port->ifindex = dev->ifindex;
	port->max_len = dev->mtu + FRAME_OVERHEAD;
	memcpy(port->mac, dev->mac, sizeof(port->mac));
	port->flags = flag_if(pn_dev_up(dev) && (!bridge || (bridge->flags & IFF_UP)),
			      PN_PORT_UP);
	port->flags |= port_target(m, dev, index);
	if (bridge) {
		port->fid = pn_ids_get(&m->bridges, bridge->ifindex);
		port->flags |= brport_flags(dev, bridge);
		port->pvid = pn_vlans_pvid(&m->vlans, dev->ifindex);
		port->vlan_proto = bridge->bridge.vlan_proto;
	}
	port->ignored = mirror_ignored(m, dev->ifindex);
	for (place = 0; place < PN_PLACES; place++)
		port->gate[place] = port_gate(m, dev->ifindex, index, place) &
				    ~port->ignored;
}

/* A reader beside us must never see more allowed than both states allow. */
static void port_write(struct pn_port *port, const struct pn_port *want)
{
	__u32 both = port->ifindex == want->ifindex && port->fid == want->fid ?
		     port->flags & want->flags : 0;
	int place;

	if (!memcmp(port, want, sizeof(*port)))
		return;
	/* What filters by VLAN, and by which, changes while nothing may be forwarded. */
	if (((port->flags ^ want->flags) & PN_PORT_VLANS) || port->pvid != want->pvid ||
	    port->vlan_proto != want->vlan_proto)
		both = 0;
	__atomic_store_n(&port->flags, both, __ATOMIC_SEQ_CST);
	for (place = 0; place < PN_PLACES; place++)
		__atomic_or_fetch(&port->gate[place], want->gate[place], __ATOMIC_SEQ_CST);
	__atomic_store_n(&port->fid, want->fid, __ATOMIC_SEQ_CST);
	__atomic_store_n(&port->ifindex, want->ifindex, __ATOMIC_SEQ_CST);
	__atomic_store_n(&port->max_len, want->max_len, __ATOMIC_SEQ_CST);
	memcpy(port->mac, want->mac, sizeof(port->mac));
	port->ignored = want->ignored;
	port->pvid = want->pvid;
	port->vlan_proto = want->vlan_proto;
	for (place = 0; place < PN_PLACES; place++)
		__atomic_store_n(&port->gate[place], want->gate[place], __ATOMIC_SEQ_CST);
	__atomic_store_n(&port->flags, want->flags, __ATOMIC_SEQ_CST);
}

static void port_clear(struct pn_mirror *m, __u16 index)
{
	static const struct pn_port none;

	port_write(&m->maps.ports[index], &none);
	if (m->maps.devmap_set)
		m->maps.devmap_set(m->maps.ctx, index, 0);
	m->port_state[index].in_devmap = false;
	m->port_state[index].asked = false;
}

static bool is_port(const struct pn_mirror *m, const struct pn_dev *dev)
{
	return pn_dev_is_l2_tunnel(dev) || mirror_bridge_of(m, dev) ||
	       mirror_is_ingress(m, dev) || mirror_is_egress(m, dev) ||
	       mirror_is_nested(m, dev);
}

void mirror_port_gone(struct pn_mirror *m, __u32 ifindex)
{
	__u32 index = pn_ids_find(&m->ports, ifindex), bridge;
	bool purge = m->port_state[index].slots;

	bridge = pn_ids_find(&m->bridges, ifindex);
	if (bridge)
		mirror_fids_put(m, bridge);
	if (!index)
		return;
	port_clear(m, index);
	mirror_tunnel_fdb_drop(m, index);
	pn_ids_put(&m->ports, index);
	/* The kernel deletes a port's entries first: this is for what was lost. */
	if (purge)
		mirror_slots_rewrite(m);
}

/* Numbers of devices that are ports no more, and of those that an earlier run left. */
static void ports_retire(struct pn_mirror *m)
{
	const struct pn_dev *dev;
	bool purge = false;
	__u32 index;

	for (index = 1; index < m->ports.max; index++) {
		if (!m->ports.ifindex[index])
			continue;
		dev = pn_model_dev(&m->model, m->ports.ifindex[index]);
		if (dev && is_port(m, dev))
			continue;
		if (m->maps.ports[index].ifindex)
			port_clear(m, index);
		if (dev)
			continue;
		purge |= m->port_state[index].slots;
		mirror_tunnel_fdb_drop(m, index);
		pn_ids_put(&m->ports, index);
	}
	if (purge)
		mirror_slots_rewrite(m);
	for (index = 1; index < m->bridges.max; index++)
		if (m->bridges.ifindex[index] &&
		    !pn_model_dev(&m->model, m->bridges.ifindex[index]))
			mirror_fids_put(m, index);
}

static void epoch_compose(struct pn_mirror *m)
{
	const struct pn_dev *dev;
	__u64 shortest = EPOCH_MAX, ageing;
	size_t i;

	for (i = 0; i < m->model.ndevs; i++) {
		dev = m->model.devs[i];
		ageing = 0;
		if (dev->kind == PN_DEV_BRIDGE)
			ageing = dev->bridge.ageing_ms * 1000000ull / 4;
		else if (dev->kind == PN_DEV_VXLAN && dev->vxlan.learning)
			ageing = dev->vxlan.ageing_s * 1000000000ull / 4;
		if (ageing && ageing < shortest)
			shortest = ageing > EPOCH_MIN ? ageing : EPOCH_MIN;
	}
	if (m->maps.control->epoch_ns != shortest)
		__atomic_store_n(&m->maps.control->epoch_ns, shortest, __ATOMIC_RELEASE);
}

void mirror_ports_compose(struct pn_mirror *m)
{
	const struct pn_dev *dev;
	struct pn_port port;
	__u64 full = 0;
	__u16 index;
	size_t i;

	ports_retire(m);
	bridges_find_proxies(m);
	for (i = 0; i < m->model.ndevs; i++) {
		dev = m->model.devs[i];
		if (!is_port(m, dev))
			continue;
		index = pn_ids_get(&m->ports, dev->ifindex);
		full += !index;
		if (!index)
			continue;
		port_describe(m, dev, index, &port);
		port_write(&m->maps.ports[index], &port);
	}
	m->counts.ports_full = full;
	epoch_compose(m);
}
