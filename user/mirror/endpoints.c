// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pn_endpoints: every (L3 port, peer, address of this host) that the kernel
 * itself says it would accept. It is asked pair by pair, so the work is cut
 * into slices; what became invalid is taken out at once.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/state.h"

#define SLICE_NS	2000000ull	/* of work before other work gets a turn */

static bool is_v4(const struct in6_addr *addr)
{
	return IN6_IS_ADDR_V4MAPPED(addr);
}

/* Unicast, and neither martian nor tied to one link. */
static bool addr_is_usable(const struct in6_addr *addr)
{
	__u32 v4 = ntohl(addr->s6_addr32[3]);

	if (!is_v4(addr))
		return !IN6_IS_ADDR_UNSPECIFIED(addr) && !IN6_IS_ADDR_LOOPBACK(addr) &&
		       !IN6_IS_ADDR_MULTICAST(addr) && !IN6_IS_ADDR_LINKLOCAL(addr);
	return v4 >> 24 && v4 >> 24 != 127 && v4 >> 28 < 0xe;
}

__u32 mirror_vtep_get(struct pn_mirror *m, const struct in6_addr *addr)
{
	__u32 vtep;

	if (!addr_is_usable(addr))
		return 0;
	vtep = pn_vteps_get(&m->vteps, addr);
	if (vtep && m->vteps.v[vtep].refs == 1)
		mirror_endpoints_vtep_new(m, vtep);
	return vtep;
}

void mirror_vtep_put(struct pn_mirror *m, __u32 vtep)
{
	if (!vtep || pn_vteps_put(&m->vteps, vtep))
		return;
	mirror_endpoints_vtep_gone(m, vtep);
	pn_vteps_free(&m->vteps, vtep);
}

static bool is_l3_port(const struct pn_mirror *m, const struct pn_dev *dev)
{
	return (dev->flags & IFF_UP) && !mirror_bridge_of(m, dev) &&
	       mirror_is_ingress(m, dev) && pn_ids_find(&m->ports, dev->ifindex);
}

int mirror_endpoints_ports(struct pn_mirror *m)
{
	struct mirror_endpoints *e = &m->endpoints;
	__u16 *ports = calloc(m->ports.used + 1, sizeof(*ports));
	size_t i, n = 0;

	if (!ports)
		return -ENOMEM;
	for (i = 0; i < m->model.ndevs; i++)
		if (is_l3_port(m, m->model.devs[i]))
			ports[n++] = pn_ids_find(&m->ports, m->model.devs[i]->ifindex);
	if (n != e->n_ports || (n && memcmp(ports, e->ports, n * sizeof(*ports)) != 0))
		e->changed = true;
	free(e->ports);
	e->ports = ports;
	e->n_ports = n;
	return 0;
}

/*
 * Tunnels take packets to any address of this host. Where that is more than
 * the table holds, only the addresses that tunnels name are left.
 */
static bool local_is_wanted(const struct pn_mirror *m, const struct pn_local *local)
{
	__u64 room = pn_pairs_slots(&m->pairs) * 9 / 10;

	if (!local->usable || !addr_is_usable(&local->addr))
		return false;
	if ((__u64)m->endpoints.n_ports * m->vteps.used * m->model.nlocals <= room)
		return true;
	return mirror_tunnels_name(m, &local->addr);
}

static bool port_is_listed(const struct pn_mirror *m, __u16 port)
{
	size_t i;

	for (i = 0; i < m->endpoints.n_ports; i++)
		if (m->endpoints.ports[i] == port)
			return true;
	return false;
}

static bool local_is_listed(const struct pn_mirror *m, const struct in6_addr *addr)
{
	size_t i;

	for (i = 0; i < m->model.nlocals; i++)
		if (!memcmp(&m->model.locals[i].addr, addr, sizeof(*addr)) &&
		    local_is_wanted(m, &m->model.locals[i]))
			return true;
	return false;
}

/* Take out whatever a new round would not look at. */
static void endpoints_sweep(struct pn_mirror *m)
{
	const struct pn_endpoint *ep;
	struct pn_pair pair;
	__u32 vtep;
	__u64 n;

	for (n = 0; n < pn_pairs_slots(&m->pairs); n++) {
		ep = pn_pairs_slot(&m->pairs, n);
		if (!ep->gen)
			continue;
		memcpy(&pair.src, ep->src, sizeof(pair.src));
		memcpy(&pair.dst, ep->dst, sizeof(pair.dst));
		pair.port = ep->port;
		vtep = pn_vteps_find(&m->vteps, &pair.src);
		if (!vtep || vtep != ep->vtep || !m->vteps.v[vtep].refs ||
		    !port_is_listed(m, pair.port) || !local_is_listed(m, &pair.dst))
			pn_pairs_del(&m->pairs, &pair);
	}
}

void mirror_endpoints_changed(struct pn_mirror *m)
{
	m->endpoints.changed = true;
}

void mirror_endpoints_vtep_new(struct pn_mirror *m, __u32 vtep)
{
	m->vteps.v[vtep].round = m->endpoints.round - 1;
	if (!m->endpoints.cursor || vtep < m->endpoints.cursor)
		m->endpoints.cursor = vtep;
}

void mirror_endpoints_vtep_gone(struct pn_mirror *m, __u32 vtep)
{
	struct pn_pair pair = { .src = m->vteps.v[vtep].addr };
	size_t p, l;

	for (p = 0; p < m->endpoints.n_ports; p++) {
		pair.port = m->endpoints.ports[p];
		for (l = 0; l < m->model.nlocals; l++) {
			pair.dst = m->model.locals[l].addr;
			pn_pairs_del(&m->pairs, &pair);
		}
	}
}

static bool kernel_accepts(struct pn_mirror *m, const struct pn_pair *pair)
{
	bool v4 = is_v4(&pair->dst);

	if (v4 != is_v4(&pair->src) || pn_model_is_local(&m->model, &pair->src))
		return false;
	if (!m->gates)
		return true;
	return !pn_gate_rp_accepts(m->gates, m->ports.ifindex[pair->port],
				   v4 ? AF_INET : AF_INET6, &pair->src.s6_addr[v4 ? 12 : 0],
				   &pair->dst.s6_addr[v4 ? 12 : 0]);
}

static void vtep_check(struct pn_mirror *m, __u32 vtep)
{
	struct pn_pair pair = { .src = m->vteps.v[vtep].addr };
	const struct pn_local *local;
	size_t p, l;

	m->vteps.v[vtep].round = m->endpoints.round;
	for (p = 0; p < m->endpoints.n_ports; p++) {
		pair.port = m->endpoints.ports[p];
		for (l = 0; l < m->model.nlocals; l++) {
			local = &m->model.locals[l];
			pair.dst = local->addr;
			if (!local_is_wanted(m, local))
				continue;
			if (!kernel_accepts(m, &pair))
				pn_pairs_del(&m->pairs, &pair);
			else if (pn_pairs_set(&m->pairs, &pair, vtep))
				m->endpoints.full++;
		}
	}
}

static void round_begin(struct pn_mirror *m)
{
	struct mirror_endpoints *e = &m->endpoints;

	e->changed = false;
	e->round++;
	e->cursor = 1;
	e->full = 0;
	if (m->gates)
		pn_gate_rp_forget(m->gates);
	endpoints_sweep(m);
}

bool mirror_endpoints_step(struct pn_mirror *m)
{
	struct mirror_endpoints *e = &m->endpoints;
	__u64 until = mirror_now() + SLICE_NS;

	if (e->changed)
		round_begin(m);
	for (; e->cursor && e->cursor < m->vteps.cap; e->cursor++) {
		if (!pn_vteps_known(&m->vteps, e->cursor) ||
		    !m->vteps.v[e->cursor].refs ||
		    m->vteps.v[e->cursor].round == e->round)
			continue;
		vtep_check(m, e->cursor);
		if (mirror_now() > until)
			return true;
	}
	e->cursor = 0;
	m->counts.endpoints_full = e->full;
	return false;
}

/* Numbers that FDB slots and endpoints of an earlier run still mean. */
int mirror_endpoints_adopt(struct pn_mirror *m)
{
	const struct pn_endpoint *ep;
	struct in6_addr addr;
	__u64 n;

	for (n = 0; n < pn_pairs_slots(&m->pairs); n++) {
		ep = pn_pairs_slot(&m->pairs, n);
		if (!ep->gen)
			continue;
		memcpy(&addr, ep->src, sizeof(addr));
		if (pn_vteps_adopt(&m->vteps, &addr, ep->vtep) == -ENOMEM)
			return -ENOMEM;
	}
	return 0;
}

/* What was adopted and is not used. */
void mirror_endpoints_settle(struct pn_mirror *m)
{
	__u32 n;

	for (n = 1; n < m->vteps.cap; n++)
		if (pn_vteps_known(&m->vteps, n) && !m->vteps.v[n].refs)
			pn_vteps_free(&m->vteps, n);
	m->endpoints.changed = true;
}
