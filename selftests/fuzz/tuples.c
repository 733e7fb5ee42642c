// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tuples [-n TUPLES] [-s SEED]: random worlds of tunnels of every kind, many
 * of them rivals; the mirror's judgement (rivals.h) makes the keys, and tuples
 * near those of the tunnels (right, or with another source, destination, key,
 * port or protocol) go through the data plane. The device that it takes a
 * packet for must be the one that the kernel's look-up gives it to, as the
 * model knows it from the tables: 0 wrong decapsulations.
 */
#include <errno.h>
#include <linux/pkt_cls.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fast.h"
#include "hex.h"
#include "mirror/rivals.h"
#include "model.h"
#include "mutate.h"
#include "probe.h"
#include "scene.h"
#include "tap.h"

#define TUPLES	  1000000
#define PER_WORLD 20000
#define DEVICES	  24 /* of a world, at most */
#define SHOW_MAX  5

enum other { RIGHT, OTHER_SOURCE, OTHER_DEST, OTHER_KEY, OTHER_PORT, OTHER_PROTO, OTHERS };

static const char *const others[OTHERS] = { "right",	 "another source", "another destination",
					    "another key", "another port", "another protocol" };

/* Ways to carry something: what the tuples are counted by. */
enum carrier { VXLAN, GENEVE, GRETAP, NVGRE, ERSPAN, IP6GRETAP, GRE, IP6GRE, IPIP, SIT, IP6TNL,
	       FOU, GUE, CARRIERS };

static const char *const carriers[CARRIERS] = {
	"vxlan",  "geneve", "gretap", "nvgre", "erspan", "ip6gretap", "gre",
	"ip6gre", "ipip",   "sit",    "ip6tnl", "fou",	 "gue",
};

struct cell {
	uint64_t tuples, found, passed, wrong;
};

static struct netns ns;
static uint32_t ifindex[MUTATE_DEVS];
static struct world world;
static struct cell cells[CARRIERS][OTHERS];
static struct mutate rnd;
static uint64_t wrong;

static const char *const remotes4[] = { "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5" };
static const char *const locals4[] = { "10.0.0.1", "10.0.0.9", "10.7.0.1" };
static const char *const remotes6[] = { "fd00::2", "fd00::3", "fd00::4" };
static const char *const locals6[] = { "fd00::1", "fd20::1" };

#define PICK(pool) ((pool)[mutate_below(&rnd, sizeof(pool) / sizeof((pool)[0]))])

static void device_random(struct world_tunnel *t)
{
	static const enum pn_tunnel_kind kinds[] = {
		PN_TUNNEL_VXLAN,    PN_TUNNEL_GENEVE, PN_TUNNEL_GRETAP, PN_TUNNEL_ERSPAN,
		PN_TUNNEL_IP6GRETAP, PN_TUNNEL_GRE,   PN_TUNNEL_IP6GRE, PN_TUNNEL_IPIP,
		PN_TUNNEL_SIT,	    PN_TUNNEL_IP6TNL, PN_TUNNEL_GRETAP,
	};
	static const uint8_t modes[] = { 0, 0, 0, 4, 41 };
	bool v6;

	memset(t, 0, sizeof(*t));
	t->kind = PICK(kinds);
	t->v6 = !mutate_below(&rnd, 3);
	v6 = world_over6(t);
	if (mutate_below(&rnd, 8) || t->kind == PN_TUNNEL_GENEVE)
		t->remote = v6 ? PICK(remotes6) : PICK(remotes4);
	if (mutate_below(&rnd, 3))
		t->local = v6 ? PICK(locals6) : PICK(locals4);
	t->keyed = mutate_below(&rnd, 2);
	t->id = t->keyed ? mutate_below(&rnd, 4) : 0;
	if (t->kind == PN_TUNNEL_IPIP || t->kind == PN_TUNNEL_SIT || t->kind == PN_TUNNEL_IP6TNL) {
		t->keyed = false;
		t->id = 0;
		t->proto = PICK(modes);
		if (t->kind == PN_TUNNEL_IPIP && t->proto == 41)
			t->proto = 137;
	}
	if (t->kind == PN_TUNNEL_ERSPAN) {
		t->keyed = false;
		t->id = 0;
	}
	if (t->kind == PN_TUNNEL_VXLAN || t->kind == PN_TUNNEL_GENEVE) {
		t->dport = t->kind == PN_TUNNEL_VXLAN ? 4789 : 6081;
		t->id = mutate_below(&rnd, 4);
		t->keyed = false;
	}
	if (!mutate_below(&rnd, 5))
		t->bound = mutate_below(&rnd, 2) ? W_WIRE : 9;
	t->why = mutate_below(&rnd, 12) ? 0 : PN_WHY_DOWN;
}

/* The kernel refuses a second device with the same parameters. */
static bool device_is_new(const struct world_tunnel *t, int n)
{
	for (int i = 1; i < n; i++) {
		const struct world_tunnel *o = &world.tunnel[i];
		bool key = o->keyed == t->keyed || world_over6(t);

		if (o->kind != t->kind || o->id != t->id || o->v6 != t->v6)
			continue;
		if (t->kind == PN_TUNNEL_VXLAN)
			return false;
		if (key && o->remote == t->remote &&
		    (t->kind == PN_TUNNEL_GENEVE || o->local == t->local))
			return false;
	}
	return true;
}

static void addr_set(struct in6_addr *to, const char *text)
{
	struct pkt_addr a;

	memset(to, 0, sizeof(*to));
	if (!text)
		return;
	a = pkt_addr(text, text);
	if (!a.v6)
		memset(to->s6_addr + 10, 0xff, 2);
	memcpy(to->s6_addr + (a.v6 ? 0 : 12), a.src, a.v6 ? 16 : 4);
}

static void rival_make(struct pn_dev_tunnel *to, const struct world_tunnel *t)
{
	memset(to, 0, sizeof(*to));
	addr_set(&to->remote, t->remote);
	addr_set(&to->local, t->local);
	to->kind = t->kind;
	to->proto = t->proto;
	to->dport = t->dport;
	to->key = t->id;
	to->keyed = t->keyed;
	to->lower = t->bound;
	to->ipv6 = world_over6(t);
	to->ether = world_is_ether(t);
}

/* Devices of their own bridge, or routed; the model knows them as they are. */
static void world_random(void)
{
	int made = 0;

	mutate_world(&world, ifindex);
	for (int i = 1; i < WORLD_TUNNELS; i++) {
		struct world_tunnel *t = &world.tunnel[i];
		uint16_t port = t->port;

		if (world_is_ether(t) && world.port[port].fid && made < DEVICES / 2) {
			do
				device_random(t);
			while (!world_is_ether(t) || !device_is_new(t, i));
			t->port = port;
			made++;
		} else {
			memset(t, 0, sizeof(*t));
		}
	}
	for (int i = DEVICES; i < 2 * DEVICES; i++) {
		struct world_tunnel *t = &world.tunnel[i];

		device_random(t);
		if (world_is_ether(t) || !device_is_new(t, i))
			memset(t, 0, sizeof(*t));
		t->ifindex = ifindex[MUTATE_DEV_TUNNEL];
	}
	memset(world.peer, 0, sizeof(world.peer));
	for (int i = 0, n = 0; i < 4; i++)
		for (int j = 0; j < 3; j++)
			world.peer[n++] = (struct world_peer){ remotes4[i], locals4[j], W_WIRE };
	for (int i = 0, n = 12; i < 3; i++)
		for (int j = 0; j < 2; j++)
			world.peer[n++] = (struct world_peer){ remotes6[i], locals6[j], W_WIRE };
}

static void key_put(struct fast *f, const struct rival *r, int class)
{
	const struct world_tunnel *t = &world.tunnel[r->tunnel];
	uint32_t vtep = t->remote ? world_vtep(&world, t->remote) : PN_VTEP_ANY;
	uint64_t key = PN_DEMUX_KEY_VTEP(rival_classes[class].type, vtep, r->key);
	union pn_value value = { .tunnel = r->tunnel };

	if (pn_table_set(&f->demux, key, value))
		tap_bail("table is full");
	f->tunnels[r->tunnel].next = 0;
}

/* Keys as the mirror judges; VXLAN has its own from fast_world(). */
static void keys_judge(struct fast *f)
{
	struct pn_dev_tunnel dev[WORLD_TUNNELS];
	struct rivals s;
	uint32_t port = W_WIRE;

	rivals_init(&s, &port, 1);
	for (int i = 1; i < WORLD_TUNNELS; i++) {
		const struct world_tunnel *t = &world.tunnel[i];
		bool able = (t->remote || f->opts.peers) && (!t->bound || t->bound == W_WIRE);

		if (!t->kind || t->kind == PN_TUNNEL_VXLAN || t->why == PN_WHY_DOWN)
			continue;
		rival_make(&dev[i], t);
		rivals_add(&s, &dev[i], i, able && !(t->proto == 137));
	}
	rivals_judge(&s);
	if (s.oom)
		tap_bail("no memory for rivals");
	for (size_t n = 0; n < s.n; n++)
		for (int c = 0; c < RIVAL_CLASSES; c++)
			if (s.v[n].heads & 1u << c)
				key_put(f, &s.v[n], c);
	for (size_t n = 0; n < s.n; n++)
		if (s.v[n].next)
			f->tunnels[s.v[n].tunnel].next = s.v[n].next->tunnel;
	rivals_fini(&s);
}

/* The maps hold records of all, and keys by the judgement alone. */
static void maps_fill(struct fast *f)
{
	static struct world keyless;

	keyless = world;
	for (int i = 1; i < WORLD_TUNNELS; i++)
		if (keyless.tunnel[i].kind != PN_TUNNEL_VXLAN && !keyless.tunnel[i].why)
			keyless.tunnel[i].why = PN_WHY_AMBIGUOUS;
	fast_world(f, &keyless);
	keys_judge(f);
}

static enum carrier carrier_of(const struct probe *p)
{
	static const enum carrier by_kind[PN_TUNNEL_KINDS] = {
		[PN_TUNNEL_VXLAN] = VXLAN,   [PN_TUNNEL_GENEVE] = GENEVE,
		[PN_TUNNEL_GRETAP] = GRETAP, [PN_TUNNEL_ERSPAN] = ERSPAN,
		[PN_TUNNEL_IP6GRETAP] = IP6GRETAP, [PN_TUNNEL_GRE] = GRE,
		[PN_TUNNEL_IP6GRE] = IP6GRE, [PN_TUNNEL_IPIP] = IPIP,
		[PN_TUNNEL_SIT] = SIT,	     [PN_TUNNEL_IP6TNL] = IP6TNL,
	};

	if (p->via)
		return p->via == PROBE_FOU ? FOU : GUE;
	return p->kind == PN_TUNNEL_GRETAP && p->keyed ? NVGRE : by_kind[p->kind];
}

static void address_change(struct probe *p, bool source)
{
	const char *text = p->addr.v6 ? PICK(remotes6) : PICK(remotes4);
	const char *here = p->addr.v6 ? PICK(locals6) : PICK(locals4);
	struct pkt_addr a = pkt_addr(text, here);
	uint8_t *at = source ? p->addr.src : p->addr.dst;

	if (!mutate_below(&rnd, 3))
		at[(p->addr.v6 ? 15 : 3)] ^= 1u << mutate_below(&rnd, 8);
	else
		memcpy(at, source ? a.src : a.dst, sizeof(a.src));
}

static void proto_change(struct probe *p)
{
	static const uint16_t gre[] = { 0x0800, 0x86dd, 0x6558, 0x88be, 0x22eb, 0x8847 };
	static const uint8_t protos[] = { IPPROTO_IPIP, IPPROTO_IPV6, IPPROTO_GRE };

	if (p->proto == IPPROTO_GRE && mutate_below(&rnd, 2)) {
		p->gre_proto = PICK(gre);
		p->ether = p->gre_proto != 0x0800;
		return;
	}
	p->proto = PICK(protos);
	p->ether = p->proto == IPPROTO_GRE && p->gre_proto == 0x6558;
}

static void tuple_change(struct probe *p, enum other other)
{
	static const uint16_t ports[] = { 4789, 6081, 6082, 5555, 5556, 5557, 5558 };

	switch (other) {
	case OTHER_SOURCE:
	case OTHER_DEST:
		return address_change(p, other == OTHER_SOURCE);
	case OTHER_KEY:
		p->key = mutate_below(&rnd, 8) ? mutate_below(&rnd, 5) : mutate_rnd(&rnd);
		p->keyed = p->keyed ? mutate_below(&rnd, 4) : mutate_below(&rnd, 2);
		return;
	case OTHER_PORT:
		if (p->proto == IPPROTO_UDP || p->via) {
			p->dport = PICK(ports);
		} else {
			p->via = PROBE_FOU;
			p->dport = PICK(ports);
		}
		return;
	case OTHER_PROTO:
		return proto_change(p);
	default:
		return;
	}
}

/* Through FOU or GUE now and then; the world has their ports. */
static void via_choose(struct probe *p)
{
	if (p->proto == IPPROTO_UDP || mutate_below(&rnd, 4))
		return;
	if (mutate_below(&rnd, 2)) {
		p->via = PROBE_GUE;
		p->dport = 5556;
		return;
	}
	p->via = PROBE_FOU;
	p->dport = p->proto == IPPROTO_IPIP ? 5555 : p->proto == IPPROTO_GRE ? 5557 : 5558;
}

static int tunnel_pick(void)
{
	int i;

	do
		i = 1 + mutate_below(&rnd, WORLD_TUNNELS - 1);
	while (!world.tunnel[i].kind);
	return i;
}

static void tuple_show(const struct fast *f, const struct pkt *p, const struct fast_result *res,
		       const struct model_result *want)
{
	char *text = hex_dump(pkt_cdata(p), p->len);

	if (wrong++ >= SHOW_MAX)
		return free(text);
	tap_fail("%s: %s for tunnel %u, the kernel's is %u", fast_hooks[f->opts.hook],
		 reason_name(res->reason), res->tunnel, want->tunnel);
	for (int i = 1; i < WORLD_TUNNELS; i++) {
		const struct world_tunnel *t = &world.tunnel[i];

		if (t->kind)
			tap_diag("  %d: kind %d %s > %s key %d/%u proto %u bound %u%s", i,
				 t->kind, t->remote ? t->remote : "any",
				 t->local ? t->local : "any", t->keyed, t->id, t->proto, t->bound,
				 t->why ? " down" : "");
	}
	for (char *l = strtok(text, "\n"); l; l = strtok(NULL, "\n"))
		tap_diag("  %s", l);
	free(text);
}

static void tuple_run(struct fast *f, const struct model *m, struct cell *cell,
		      const struct pkt *p)
{
	struct pkt out, model_out;
	struct model_result want;
	struct fast_result res;
	bool taken;

	if (fast_run(f, p, &out, &res)) {
		cell->wrong++;
		tap_fail("the program does not run");
		return;
	}
	want = model_run(m, W_WIRE, p, &model_out);
	taken = res.verdict == PN_FORWARD;
	cell->tuples++;
	cell->passed += !taken;
	cell->found += taken;
	if (!taken || (res.tunnel == want.tunnel && want.class != MODEL_PASS))
		return;
	cell->wrong++;
	tuple_show(f, p, &res, &want);
}

static void world_run(struct fast *f, uint64_t tuples)
{
	struct model_opts opts = { .tc = f->opts.hook == FAST_TC, .peers = f->opts.peers };
	struct model *m;
	struct probe probe;
	struct pkt p;

	world_random();
	maps_fill(f);
	m = model_open(&world, &opts);
	if (!m)
		tap_bail("out of memory");
	for (uint64_t i = 0; i < tuples; i++) {
		enum other other = mutate_below(&rnd, OTHERS);
		struct cell *cell;

		probe_of(&world, tunnel_pick(), &probe);
		via_choose(&probe);
		if (!probe.ether)
			probe.ip_dst = probe.inside == PROBE_IPV6 ? "fd20::2" : "172.20.0.2";
		cell = &cells[carrier_of(&probe)][other];
		tuple_change(&probe, other);
		probe_build(&probe, &p);
		tuple_run(f, m, cell, &p);
	}
	model_close(m);
}

static void cells_check(uint64_t tuples)
{
	for (int c = 0; c < CARRIERS; c++) {
		struct cell sum = { 0 };

		tap_case("%s: right and wrong tuples", carriers[c]);
		for (int o = 0; o < OTHERS; o++) {
			const struct cell *cell = &cells[c][o];

			sum.wrong += cell->wrong;
			tap_diag("%s: %llu tuples, %llu decapsulated", others[o],
				 (unsigned long long)cell->tuples, (unsigned long long)cell->found);
			if (cell->tuples < tuples / (CARRIERS * OTHERS * 20))
				tap_fail("%s: only %llu tuples", others[o],
					 (unsigned long long)cell->tuples);
		}
		tap_eq(sum.wrong, 0, "wrong decapsulations");
		tap_true(cells[c][RIGHT].found, "right ones get through");
		tap_end();
	}
}

int main(int argc, char **argv)
{
	uint64_t tuples = TUPLES, seed = 0x7475706c6573;
	static struct fast fast[2][2];
	int opt, ret;

	while ((opt = getopt(argc, argv, "n:s:")) != -1) {
		if (opt == 'n')
			tuples = strtoull(optarg, NULL, 0);
		else if (opt == 's')
			seed = *optarg == 'r' ? (uint64_t)time(NULL) : strtoull(optarg, NULL, 0);
		else
			return TAP_EXIT_FAIL;
	}
	rnd.state = seed ? seed : 1;
	ret = mutate_net(&ns, ifindex);
	for (int i = 0; i < 4 && !ret; i++) {
		struct fast_opts opts = { .hook = i / 2, .explain = true };

		opts.peers = i % 2 ? PN_PEERS_ANY : PN_PEERS_KNOWN;
		ret = fast_open(&fast[i / 2][i % 2], &opts);
	}
	if (ret)
		tap_bail("devices and programs: %s", strerror(-ret));
	tap_diag("seed %#llx", (unsigned long long)seed);
	for (uint64_t i = 0; i * PER_WORLD < tuples; i++)
		world_run(&fast[i / 2 % 2][i % 2],
			  tuples - i * PER_WORLD < PER_WORLD ? tuples - i * PER_WORLD : PER_WORLD);
	cells_check(tuples);
	return tap_done();
}
