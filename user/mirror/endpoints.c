// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pn_endpoints: every (L3 port, peer, address of this host) that the kernel
 * itself says it would accept. It is asked pair by pair, so the work is cut
 * into slices; what became invalid is taken out at once. A round looks at all
 * peers; it goes on where the last one was cut short, so that all get their
 * turn however often routes change.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/state.h"

#define SLICE_NS	2000000ull	/* of work before other work gets a turn */
#define MANY		1024		/* peers: the kernel's answers stand for others */
#define REST		4		/* times as long as a round took is none for routes alone */

static const struct in6_addr any4 = { .s6_addr = { [10] = 0xff, [11] = 0xff } };

static bool is_v4(const struct in6_addr *addr)
{
	return IN6_IS_ADDR_V4MAPPED(addr);
}

/* Unicast, and neither martian nor tied to one link. */
bool mirror_addr_usable(const struct in6_addr *addr)
{
	__u32 v4 = ntohl(addr->s6_addr32[3]);

	if (!is_v4(addr))
		return !IN6_IS_ADDR_UNSPECIFIED(addr) && !IN6_IS_ADDR_LOOPBACK(addr) &&
		       !IN6_IS_ADDR_MULTICAST(addr) && !IN6_IS_ADDR_LINKLOCAL(addr);
	return v4 >> 24 && v4 >> 24 != 127 && v4 >> 28 < 0xe;
}

__u32 mirror_vtep_get(struct pn_mirror *m, const struct in6_addr *addr)
{
	__u32 vtep, known;

	if (!mirror_addr_usable(addr))
		return 0;
	known = pn_vteps_find(&m->vteps, addr);
	vtep = pn_vteps_get(&m->vteps, addr);
	if (vtep && !known && m->maps.count_anew)
		m->maps.count_anew(m->maps.ctx, PN_COUNTED_PEER, vtep);
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

/* --- which pairs -------------------------------------------------------- */

/*
 * Tunnels take packets to any address of this host. Where that is more than
 * the table holds, only addresses that a tunnel names are left, and of those
 * that name none the one that the kernel would answer from.
 */
static bool is_crowded(const struct pn_mirror *m)
{
	const struct mirror_endpoints *e = &m->endpoints;
	__u64 v6 = m->vteps.used6, v4 = m->vteps.used - v6;
	__u64 room = pn_pairs_slots(&m->pairs) * 9 / 10;
	__u64 alone = e->wild ? v4 + v6 : 0;

	return e->n_wires * (v4 * e->n_usable[0] + v6 * e->n_usable[1]) + alone > room;
}

static bool local_is_wanted(const struct pn_mirror *m, const struct mirror_local *local,
			    const struct in6_addr *source)
{
	return local->usable && (!m->endpoints.crowded || local->named ||
				 !memcmp(&local->addr, source, sizeof(*source)));
}

static bool kernel_asked(struct pn_mirror *m, const struct pn_pair *pair,
			 const struct mirror_l3 *l3)
{
	bool v4 = is_v4(&pair->dst);

	return !pn_gate_rp_accepts(m->gates, l3->ifindex, v4 ? AF_INET : AF_INET6,
				   &pair->src.s6_addr[v4 ? 12 : 0],
				   &pair->dst.s6_addr[v4 ? 12 : 0]);
}

/* @local: the place of the destination. Where sources are alike, one stands for all. */
static bool kernel_accepts(struct pn_mirror *m, const struct pn_pair *pair,
			   const struct mirror_l3 *l3, size_t local)
{
	struct mirror_endpoints *e = &m->endpoints;
	__s8 *answer = e->alike ? &e->alike[(l3 - e->ports) * e->n_locals + local] : NULL;

	if (mirror_local_find(m, &pair->src))
		return false;
	if (!m->gates)
		return true;
	if (!answer || !pn_gate_sources_alike(m->gates, l3->ifindex,
					      is_v4(&pair->dst) ? AF_INET : AF_INET6))
		return kernel_asked(m, pair, l3);
	if (!*answer)
		*answer = kernel_asked(m, pair, l3) ? 1 : -1;
	return *answer > 0;
}

/* All pairs of a peer at one port; @source: see local_is_wanted(), NULL: none is wanted. */
static void pairs_write(struct pn_mirror *m, __u32 vtep, const struct mirror_l3 *l3,
			const struct in6_addr *source)
{
	struct pn_pair pair = { .src = m->vteps.v[vtep].addr, .port = l3->index };
	const struct mirror_endpoints *e = &m->endpoints;
	size_t l;

	for (l = 0; l < e->n_locals; l++) {
		pair.dst = e->locals[l].addr;
		if (is_v4(&pair.dst) != is_v4(&pair.src))
			continue;
		if (!source || !local_is_wanted(m, &e->locals[l], source) ||
		    !kernel_accepts(m, &pair, l3, l))
			pn_pairs_del(&m->pairs, &pair);
		else if (pn_pairs_set(&m->pairs, &pair, vtep))
			m->endpoints.full++;
	}
}

/* The peer's packets come out of at most one tunnel: that which its own route leads to. */
static void pairs_nest(struct pn_mirror *m, __u32 vtep, __u32 oif,
		       const struct in6_addr *source)
{
	const struct mirror_endpoints *e = &m->endpoints;
	struct pn_vtep *v = &m->vteps.v[vtep];
	const struct mirror_l3 *was = mirror_l3_find(e, v->nested, true);
	const struct mirror_l3 *is = mirror_l3_find(e, oif, true);

	if (was && was != is)
		pairs_write(m, vtep, was, NULL);
	v->nested = is ? is->ifindex : 0;
	if (is)
		pairs_write(m, vtep, is, source);
}

/* Where strangers are taken, a peer is none, whatever its pairs. */
static void peer_write(struct pn_mirror *m, __u32 vtep, bool wanted)
{
	const struct in6_addr *addr = &m->vteps.v[vtep].addr;
	const struct pn_pair pair = { .src = *addr, .dst = is_v4(addr) ? any4 : in6addr_any };

	if (!wanted)
		pn_pairs_del(&m->pairs, &pair);
	else if (pn_pairs_set(&m->pairs, &pair, vtep))
		m->endpoints.full++;
}

static void vtep_check(struct pn_mirror *m, __u32 vtep)
{
	const struct mirror_endpoints *e = &m->endpoints;
	struct in6_addr source = { 0 };
	__u32 oif = 0;
	size_t p;

	m->vteps.v[vtep].round = e->round;
	if (m->gates && (e->crowded || e->n_ports > e->n_wires))
		pn_gate_route(m->gates, &m->vteps.v[vtep].addr, &oif, &source);
	for (p = 0; p < e->n_wires; p++)
		pairs_write(m, vtep, &e->ports[p], &source);
	if (e->n_ports > e->n_wires)
		pairs_nest(m, vtep, oif, &source);
	peer_write(m, vtep, e->wild);
}

/* --- strangers ---------------------------------------------------------- */

/* Ours, whoever sends: an entry for all peers together. */
static void wild_write(struct pn_mirror *m)
{
	struct mirror_endpoints *e = &m->endpoints;
	struct pn_pair pair = { 0 };
	size_t p, l;

	for (p = 0; p < e->n_ports; p++) {
		if (!e->ports[p].wild)
			continue;
		pair.port = e->ports[p].index;
		for (l = 0; l < e->n_locals; l++) {
			if (!e->locals[l].usable)
				continue;
			pair.dst = e->locals[l].addr;
			pair.src = is_v4(&pair.dst) ? any4 : in6addr_any;
			pair.rpf = is_v4(&pair.dst) ? e->ports[p].rpf : PN_RPF_OFF;
			if (pn_pairs_set(&m->pairs, &pair, PN_VTEP_ANY))
				e->full++;
		}
	}
}

/* --- rounds ------------------------------------------------------------- */

static bool pair_holds(const struct pn_mirror *m, const struct pn_endpoint *ep,
		       const struct mirror_l3 *l3)
{
	const struct mirror_local *local;
	struct in6_addr src, dst;
	__u32 vtep;
	bool is_peer;

	memcpy(&src, ep->src, sizeof(src));
	vtep = pn_vteps_find(&m->vteps, &src);
	is_peer = vtep && vtep == ep->vtep && m->vteps.v[vtep].refs;
	if (!ep->port)
		return is_peer && m->endpoints.wild;
	memcpy(&dst, ep->dst, sizeof(dst));
	local = mirror_local_find(m, &dst);
	if (!l3 || !local || !local->usable)
		return false;
	if (ep->vtep == PN_VTEP_ANY)
		return l3->wild;
	return is_peer && (!l3->tunnel || m->vteps.v[vtep].nested == l3->ifindex);
}

/* Take out whatever a new round would not look at. */
static void endpoints_sweep(struct pn_mirror *m)
{
	const struct mirror_endpoints *e = &m->endpoints;
	const struct mirror_l3 **by_index = calloc(PN_MAX_PORTS, sizeof(*by_index));
	const struct pn_endpoint *ep;
	struct pn_pair pair;
	size_t p;
	__u64 n;

	/* Without memory everything is taken out: it comes again. */
	for (p = 0; by_index && p < e->n_ports; p++)
		by_index[e->ports[p].index] = &e->ports[p];
	for (n = 0; n < pn_pairs_slots(&m->pairs); n++) {
		ep = pn_pairs_slot(&m->pairs, n);
		if (!ep->gen || (by_index && ep->port < PN_MAX_PORTS &&
				 pair_holds(m, ep, by_index[ep->port])))
			continue;
		memcpy(&pair.src, ep->src, sizeof(pair.src));
		memcpy(&pair.dst, ep->dst, sizeof(pair.dst));
		pair.port = ep->port;
		pn_pairs_del(&m->pairs, &pair);
	}
	free(by_index);
}

void mirror_endpoints_changed(struct pn_mirror *m)
{
	m->endpoints.changed = true;
}

void mirror_endpoints_routes(struct pn_mirror *m)
{
	m->endpoints.routes = true;
}

/* New ones do not wait for a round: they stand in a line. */
void mirror_endpoints_vtep_new(struct pn_mirror *m, __u32 vtep)
{
	struct mirror_endpoints *e = &m->endpoints;
	size_t cap = e->queue_cap ? 2 * e->queue_cap : 64;
	__u32 *queue;

	m->vteps.v[vtep].round = e->round - 1;
	if (e->queue_n == e->queue_cap) {
		queue = realloc(e->queue, cap * sizeof(*queue));
		if (!queue) {
			e->changed = true;
			return;
		}
		e->queue = queue;
		e->queue_cap = cap;
	}
	e->queue[e->queue_n++] = vtep;
}

static __u32 queue_take(struct pn_mirror *m)
{
	struct mirror_endpoints *e = &m->endpoints;

	if (e->queue_at < e->queue_n)
		return e->queue[e->queue_at++];
	e->queue_at = e->queue_n = 0;
	return 0;
}

void mirror_endpoints_vtep_gone(struct pn_mirror *m, __u32 vtep)
{
	const struct mirror_endpoints *e = &m->endpoints;
	size_t p;

	for (p = 0; p < e->n_wires; p++)
		pairs_write(m, vtep, &e->ports[p], NULL);
	if (m->vteps.v[vtep].nested)
		pairs_nest(m, vtep, 0, NULL);
	peer_write(m, vtep, false);
}

static void round_begin(struct pn_mirror *m)
{
	struct mirror_endpoints *e = &m->endpoints;

	e->many = m->vteps.used >= MANY;
	if (m->gates)
		pn_gates_want_routes(m->gates, e->wild || e->many);
	if (mirror_endpoints_locals(m))
		return;
	e->changed = e->routes = false;
	e->crowded = is_crowded(m);
	e->round++;
	e->left = m->vteps.cap;
	e->full = 0;
	e->begun = mirror_now();
	if (m->gates)
		pn_gate_rp_forget(m->gates);
	endpoints_sweep(m);
	wild_write(m);
}

/* False: there is nothing to do. */
static bool vtep_visit(struct pn_mirror *m, __u32 vtep)
{
	if (!pn_vteps_known(&m->vteps, vtep) || !m->vteps.v[vtep].refs ||
	    m->vteps.v[vtep].round == m->endpoints.round)
		return false;
	vtep_check(m, vtep);
	return true;
}

/* The next in the round, 0: it is over. */
static __u32 round_next(struct pn_mirror *m)
{
	struct mirror_endpoints *e = &m->endpoints;

	if (!e->left)
		return 0;
	e->left--;
	e->cursor = e->cursor + 1 < m->vteps.cap ? e->cursor + 1 : 1;
	if (!e->left)
		e->rest_until = mirror_now() + REST * (mirror_now() - e->begun);
	return e->cursor;
}

__u64 mirror_endpoints_due(const struct pn_mirror *m)
{
	return m->endpoints.routes ? m->endpoints.rest_until : 0;
}

bool mirror_endpoints_settled(const struct pn_mirror *m)
{
	const struct mirror_endpoints *e = &m->endpoints;

	return !e->changed && !e->routes && !e->left && e->queue_at == e->queue_n;
}

bool mirror_endpoints_step(struct pn_mirror *m)
{
	struct mirror_endpoints *e = &m->endpoints;
	__u64 until = mirror_now() + SLICE_NS;
	__u32 vtep;

	if (e->changed || (e->routes && mirror_now() >= e->rest_until) ||
	    (!e->crowded && is_crowded(m)))
		round_begin(m);
	for (;;) {
		vtep = queue_take(m);
		if (!vtep)
			vtep = round_next(m);
		if (!vtep)
			break;
		if (vtep_visit(m, vtep) && mirror_now() > until)
			return true;
	}
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
		if (!ep->gen || ep->vtep == PN_VTEP_ANY)
			continue;
		memcpy(&addr, ep->src, sizeof(addr));
		if (pn_vteps_adopt(&m->vteps, &addr, ep->vtep) == -ENOMEM)
			return -ENOMEM;
	}
	return 0;
}

void mirror_endpoints_fini(struct pn_mirror *m)
{
	free(m->endpoints.ports);
	free(m->endpoints.locals);
	free(m->endpoints.queue);
	free(m->endpoints.alike);
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
