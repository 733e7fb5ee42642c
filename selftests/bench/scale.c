// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a tunnel look-up costs with one tunnel in the tables and with a hundred
 * thousand: GRE tunnels that differ by their remote, and VXLAN ones that differ
 * by their VNI. The look-up is what a packet with nothing inside (it passes
 * right behind the look-up) costs more than one of no tunnel's protocol.
 * Tunnels are drawn at random from those that are busy, and the system calls
 * between two runs cool the caches, for one tunnel as for many.
 */
#include <arpa/inet.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fast.h"
#include "kinds.h"
#include "measure.h"
#include "runtime.h"
#include "tap.h"
#include "wire.h"

#define ROUNDS_DEFAULT 7
#define RUNS	       15000
#define MANY	       100000
#define BUSY	       64
#define REMOTE_FIRST   0x0b000001 /* 11.0.0.1 */
#define VNI_AT	       46
#define SRC_AT	       26
#define IP_AT	       14
#define CSUM_AT	       24

struct bench_case {
	const char *name;
	bool vxlan;
	uint32_t tunnels;
	uint32_t busy; /* of them; spread over the tables */
	struct fast fast;
	struct samples ns;
};

static struct bench_case cases[] = {
	{ "look-up/gre, 1 remote", false, 1, 1 },
	{ "look-up/gre, 100k remotes, 64 busy", false, MANY, BUSY },
	{ "look-up/gre, 100k remotes", false, MANY, MANY },
	{ "look-up/vxlan, 1 VNI", true, 1, 1 },
	{ "look-up/vxlan, 100k VNIs, 64 busy", true, MANY, BUSY },
	{ "look-up/vxlan, 100k VNIs", true, MANY, MANY },
};
#define CASES (sizeof(cases) / sizeof(cases[0]))

static void remote_add(struct fast *f, uint32_t n)
{
	struct pn_pair pair = { .port = W_WIRE };
	union pn_value to = { .tunnel = n };

	pair.src.s6_addr32[2] = pair.dst.s6_addr32[2] = htonl(0xffff);
	pair.src.s6_addr32[3] = htonl(REMOTE_FIRST + n - 1);
	pair.dst.s6_addr32[3] = htonl(0x0a000001);
	if (pn_pairs_set(&f->pairs, &pair, n) ||
	    pn_table_set(&f->demux, PN_DEMUX_KEY_VTEP(PN_DEMUX_GRE, n, 0), to))
		tap_bail("no room for tunnel %u", n);
	f->tunnels[n] = (struct pn_tunnel){ .ifindex = 0x10000 + n, .kind = PN_TUNNEL_GRE };
}

static void vni_add(struct fast *f, uint32_t n)
{
	union pn_value to = { .tunnel = n };

	if (pn_table_set(&f->demux, PN_DEMUX_KEY_UDP(PN_DEMUX_VXLAN, 0, 4789, n), to))
		tap_bail("no room for VNI %u", n);
	f->tunnels[n] = (struct pn_tunnel){
		.ifindex = 0x10000 + n, .kind = PN_TUNNEL_VXLAN, .flags = PN_TUNNEL_F_ETHER,
		.id = n, .dport = 4789, .port = W_TUNNEL,
	};
}

/* A world with nothing but the devices and, for VXLAN, the one peer. */
static void case_open(struct bench_case *c)
{
	struct fast_opts opts = { .hook = FAST_XDP, .room = c->tunnels + 1 };
	struct kind_devices lo = { 1, 1, 1 };
	struct world w;

	kind_world(&w, &kinds[0], &lo);
	memset(w.tunnel, 0, sizeof(w.tunnel));
	if (!c->vxlan)
		memset(w.peer, 0, sizeof(w.peer));
	if (fast_open(&c->fast, &opts))
		tap_bail("%s: does not load", c->name);
	fast_world(&c->fast, &w);
	for (uint32_t n = 1; n <= c->tunnels; n++)
		c->vxlan ? vni_add(&c->fast, n) : remote_add(&c->fast, n);
}

static void tunnel_draw(struct pkt *p, const void *arg)
{
	const struct bench_case *c = arg;
	uint32_t n = rand() % c->busy * (c->tunnels / c->busy);
	uint8_t *d = pkt_data(p);

	if (c->vxlan) {
		pkt_put32(d + VNI_AT, (n + 1) << 8);
		return;
	}
	pkt_put32(d + SRC_AT, REMOTE_FIRST + n);
	pkt_put16(d + CSUM_AT, 0);
	pkt_put16(d + CSUM_AT, pkt_fold(pkt_sum(d + IP_AT, 20, 0)));
}

static void case_round(struct bench_case *c, int runs)
{
	static const struct recipe found[2] = {
		{ { V(KIND, R_GRE), V(IN_KEEP, 10) } },
		{ { V(UDP_CSUM, 0), V(IN_FRAME_KEEP, 10) } },
	};
	struct runtime r = { c->fast.prog_fd, c->name, XDP_PASS, tunnel_draw, c };
	struct recipe none = found[c->vxlan];
	struct pkt p;
	double with;

	recipe_build(&found[c->vxlan], NULL, &p);
	with = runtime_measure(&r, &p, runs);
	/* the same packet, up to its IP header */
	none.edit[2] = (struct edit)V(IP_PROTO, 99);
	recipe_build(&none, NULL, &p);
	samples_add(&c->ns, with - runtime_measure(&r, &p, runs));
}

/* What is measured must be what it is called. */
static void case_prove(struct bench_case *c)
{
	struct pn_tunnel_stats stats;
	uint64_t found = 0;

	for (uint32_t n = 0; n < c->busy && n < 1000; n++) {
		if (fast_tunnel_stats(&c->fast, n * (c->tunnels / c->busy) + 1, &stats))
			tap_bail("%s: no counters", c->name);
		found += stats.verdict[PN_PASS].packets;
	}
	if (!found)
		tap_bail("%s: no tunnel was found", c->name);
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : ROUNDS_DEFAULT;
	int runs = argc > 2 ? atoi(argv[2]) : RUNS;
	int stats = runtime_enable();

	wire_pin();
	for (size_t i = 0; i < CASES; i++)
		case_open(&cases[i]);
	for (int r = 0; r < rounds; r++)
		for (size_t i = 0; i < CASES; i++)
			case_round(&cases[i], runs);
	for (size_t i = 0; i < CASES; i++) {
		case_prove(&cases[i]);
		result_print(&(struct result){ cases[i].name, "ns_per_lookup", &cases[i].ns,
					       NULL, NULL });
	}
	close(stats);
	return 0;
}
