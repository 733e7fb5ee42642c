// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Packets nobody would write down; see mutate.h. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "mutate.h"
#include "probe.h"
#include "scene.h"

#define SEEDS_MAX 2048

uint32_t mutate_rnd(struct mutate *m)
{
	m->state ^= m->state << 13;
	m->state ^= m->state >> 7;
	m->state ^= m->state << 17;
	return m->state >> 20;
}

uint32_t mutate_below(struct mutate *m, uint32_t n)
{
	return mutate_rnd(m) % n;
}

static void seed_add(struct mutate *m, const struct probe *p)
{
	if (m->seeds < SEEDS_MAX)
		probe_build(p, &m->seed[m->seeds++]);
}

/* Ways into a tunnel of IP protocols: as it is, and through the UDP ports. */
static void seeds_via(struct mutate *m, const struct world *w, const struct probe *base)
{
	struct probe p = *base;

	seed_add(m, &p);
	if (p.addr.v6) {
		p.limit = true;
		seed_add(m, &p);
		p.limit = false;
	}
	if (p.proto == IPPROTO_UDP)
		return;
	for (int i = 0; i < WORLD_FOU && w->fou[i].dport; i++) {
		const struct world_fou *f = &w->fou[i];

		if (f->v6 != p.addr.v6 || (!f->gue && f->proto != p.proto))
			continue;
		p.dport = f->dport;
		p.via = f->gue ? PROBE_GUE : PROBE_FOU;
		seed_add(m, &p);
		if (!f->gue || p.proto == IPPROTO_GRE)
			continue;
		p.via = PROBE_GUE_DIRECT;
		seed_add(m, &p);
	}
}

/* What is inside: addresses that are routed, ours, or nobody's. */
static void seeds_inside(struct mutate *m, const struct world *w, const struct probe *base)
{
	static const char *const to4[] = { NULL, "172.20.0.2", "172.20.0.3", "172.21.0.2",
					   "172.22.0.2", "10.0.0.1" };
	static const char *const to6[] = { NULL, "fd20::2", "fd20::3", "fd21::2", "fd22::2",
					   "fd00::1" };
	struct probe p = *base;

	for (int i = 0; i < 6; i += m->routes ? 1 : 5) {
		p.ip_dst = p.inside == PROBE_IPV6 ? to6[i] : to4[i];
		p.data = i == 2 ? 120 : 24;
		if (i == 5)
			p.in_tos = p.tos = 2;
		seeds_via(m, w, &p);
	}
}

static void seeds_tunnel(struct mutate *m, const struct world *w, int index)
{
	const struct world_port *port = &w->port[w->tunnel[index].port];
	struct probe p;

	probe_of(w, index, &p);
	if (p.ether) {
		seeds_via(m, w, &p);
		p.inside = PROBE_IPV6;
		seeds_via(m, w, &p);
		p.inside = PROBE_ARP;
		seed_add(m, &p);
		p.inside = PROBE_IPV4;
		p.options = 3;
		p.no_csum = true;
		if (port->fid)
			return seed_add(m, &p);
		p.in_dst = port->mac ? port->mac : PKT_MAC_T;
	}
	seeds_inside(m, w, &p);
	if (p.proto == IPPROTO_GRE || p.ether) {
		p.inside = PROBE_IPV6;
		seeds_inside(m, w, &p);
	}
}

/* A packet for tunnel @inner in one for tunnel @outer, which carries IP. */
static void seed_nested(struct mutate *m, const struct world *w, int outer, int inner)
{
	struct probe in, out;
	struct pkt *p = &m->seed[m->seeds];

	probe_of(w, inner, &in);
	probe_of(w, outer, &out);
	if (!out.ether && in.proto == IPPROTO_IPV6)
		in.ip_dst = "fd20::2";
	else if (!in.ether)
		in.ip_dst = "172.20.0.2";
	out.inside = in.addr.v6 ? PROBE_IPV6 : PROBE_IPV4;
	if (out.proto == IPPROTO_IPIP || out.proto == IPPROTO_IPV6)
		out.proto = in.addr.v6 ? IPPROTO_IPV6 : IPPROTO_IPIP;
	if (m->seeds == SEEDS_MAX || out.ether)
		return;
	probe_build(&in, p);
	pkt_pull(p, 14);
	probe_wrap(&out, p);
	m->seeds++;
}

/* CONFIGS: the rows of all. */
static void seeds_rows(struct mutate *m, enum config_id config)
{
	const char *in_dst = config == CONFIGS || configs[config].bridged ? SCENE_IN_DST : NULL;

	for (int t = 0; t < ROW_TABLES; t++)
		for (int i = 0; i < row_tables[t]->n && m->seeds < SEEDS_MAX / 2; i++) {
			const struct row *row = &row_tables[t]->row[i];

			if (config == CONFIGS || row->config == config)
				recipe_build(&row->pkt[0], in_dst, &m->seed[m->seeds++]);
		}
	m->rows = m->seeds;
}

static int mutate_make(struct mutate *m, uint64_t seed, const struct world *w,
		       enum config_id config)
{
	m->state = seed ? seed : 1;
	m->seeds = 0;
	m->routes = config == CONFIGS;
	m->seed = calloc(SEEDS_MAX, sizeof(*m->seed));
	if (!m->seed)
		return -ENOMEM;
	seeds_rows(m, config);
	for (int i = 1; w && i < WORLD_TUNNELS; i++)
		if (world_kind(&w->tunnel[i]))
			seeds_tunnel(m, w, i);
	for (int i = 1; w && i < WORLD_TUNNELS; i++)
		for (int j = 1; w->tunnel[i].port && j < WORLD_TUNNELS; j += 3)
			if (world_kind(&w->tunnel[i]) && world_kind(&w->tunnel[j]))
				seed_nested(m, w, i, j);
	return 0;
}

int mutate_init(struct mutate *m, uint64_t seed, const struct world *w)
{
	return mutate_make(m, seed, w, CONFIGS);
}

int mutate_init_config(struct mutate *m, uint64_t seed, enum config_id config)
{
	struct world w;

	world_of(config, configs[config].bridged ? FORM_BRIDGED : FORM_ROUTED, &w);
	return mutate_make(m, seed, &w, config);
}

void mutate_fini(struct mutate *m)
{
	free(m->seed);
	m->seed = NULL;
}

static const struct pkt *seed_pick(struct mutate *m)
{
	int rest = m->seeds - m->rows;

	if (rest && mutate_below(m, 4))
		return &m->seed[m->rows + mutate_below(m, rest)];
	return &m->seed[mutate_below(m, m->rows ? m->rows : m->seeds)];
}

void mutate_next(struct mutate *m, struct pkt *p)
{
	int n = mutate_below(m, 4);

	pkt_copy(p, seed_pick(m));
	while (n--)
		mutate_change(m, p);
	if (mutate_below(m, 4))
		mutate_mend(m, p);
}

void mutate_frame(struct mutate *m, struct pkt *p)
{
	int n = mutate_below(m, 3);

	pkt_copy(p, seed_pick(m));
	if (p->len > 64 && mutate_below(m, 2))
		pkt_pull(p, 50);
	if (mutate_below(m, 4))
		pkt_mac(pkt_data(p), WORLD_H2);
	if (mutate_below(m, 4))
		pkt_mac(pkt_data(p) + 6, WORLD_H1);
	while (n--)
		mutate_change(m, p);
	if (mutate_below(m, 4) == 0)
		pkt_mac(pkt_data(p) + 6 * mutate_below(m, 2), WORLD_BR);
}
