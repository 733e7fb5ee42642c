// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What one run of the XDP program costs for every kind of tunnel, beside VXLAN
 * in the same rounds; what it costs to know them all, to ask who sends, and to
 * look a route up. As `program`, look at differences. Routed cases have real
 * routes and neighbours, in a namespace with stand-ins for the devices: a
 * route look-up asks where a packet arrives, not of what kind the device is.
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/ruler.h"
#include "fast.h"
#include "kinds.h"
#include "measure.h"
#include "ruler.skel.h"
#include "runtime.h"
#include "tap.h"
#include "wire.h"

#define ROUNDS_DEFAULT 7
#define RUNS	       10000
#define CASES_MAX      64
#define PREFIXES       1000

enum engine { RULER_REDIRECT, RULER_FIB4, RULER_FIB6, ALL, VXLAN_ONLY, NESTED, ANY, LISTED,
	      ENGINES };

static const struct {
	const char *name;
	struct fast_opts opts;
} engines[ENGINES] = {
	[ALL] = { "all families", { .nesting = 1 } },
	[VXLAN_ONLY] = { "vxlan only", { .families = PN_FAMILY_VXLAN } },
	[NESTED] = { "nesting 2", { .nesting = 2 } },
	[ANY] = { "peers: any", { .peers = PN_PEERS_ANY } },
	[LISTED] = { "peers: 1000 prefixes", { .peers = PN_PEERS_LISTED } },
};

static int engine_fd[ENGINES];
static struct fast engine_fast[ENGINES];

struct bench_case {
	char name[64];
	enum engine engine;
	int action;
	struct pkt packet;
	struct samples ns;
};

static struct bench_case cases[CASES_MAX];
static int cases_n;
static struct netns ns, peer;
static struct kind_devices devices;

static void must(int ret, const char *what)
{
	if (ret)
		tap_bail("%s: %s", what, strerror(-ret));
}

/* Where packets arrive, the tunnel's stand-in, and where they leave. */
static void devices_make(void)
{
	static const char *const names[] = { "d0", "t0", "d1" };

	must(netns_open(&ns), "namespace");
	must(netns_open(&peer), "namespace");
	must(netns_quiet(&ns), "sysctls");
	must(netns_sysctl(&ns, "net/ipv4/ip_forward", "1"), "ip_forward");
	must(netns_sysctl(&ns, "net/ipv6/conf/all/forwarding", "1"), "forwarding");
	for (int i = 0; i < 3; i++) {
		must(netns_veth(&ns, names[i], &peer, names[i]), "veth");
		must(netns_up(&peer, names[i]), "up");
		must(netns_up(&ns, names[i]), "up");
		must(netns_wait_up(&ns, names[i]), "carrier");
	}
	must(netns_mac(&ns, "d0", PKT_MAC_D), "MAC");
	must(netns_ip(&ns, "addr add 10.0.0.1/24 dev d0\n"
			   "addr add fd00::1/64 dev d0 nodad\n"
			   "addr add 192.168.6.254/24 dev d1\n"
			   "addr add fd06::fe/64 dev d1 nodad\n"
			   "neigh add " KIND_HOP4 " lladdr " KIND_MAC " dev d1 nud permanent\n"
			   "neigh add " KIND_HOP6 " lladdr " KIND_MAC " dev d1 nud permanent\n"),
	     "addresses");
	devices.wire = netns_ifindex(&ns, "d0");
	devices.tunnel = netns_ifindex(&ns, "t0");
	devices.out = netns_ifindex(&ns, "d1");
	must(netns_enter(&ns), "namespace");
}

/* Prefixes that senders are looked up among; the last one is 10.0.0.0/24. */
static void prefixes_add(struct fast *f)
{
	struct pn_peer_key key = { .prefix_len = 32 + 96 + 24, .port = W_WIRE };
	uint32_t one = 1;

	key.addr[2] = htonl(0xffff);
	for (uint32_t i = 0; i < PREFIXES; i++) {
		key.addr[3] = htonl(i + 1 < PREFIXES ? 0xac000000 + (i << 8) : 0x0a000000);
		if (bpf_map_update_elem(f->peers_fd, &key, &one, 0))
			tap_bail("pn_peers takes no prefix");
	}
}

static void engine_open(enum engine e)
{
	struct fast *f = &engine_fast[e];
	struct world w;
	char name[80];

	must(fast_open(f, &engines[e].opts), engines[e].name);
	kind_world(&w, NULL, &devices);
	fast_world(f, &w);
	if (e == LISTED)
		prefixes_add(f);
	engine_fd[e] = f->prog_fd;
	snprintf(name, sizeof(name), "verified/xdp %s", engines[e].name);
	result_figure(name, "instructions", fast_insns(f));
}

static int fib_load(bool v6)
{
	struct ruler_bpf *ruler = ruler_bpf__open_and_load();
	struct bpf_fib_lookup *fib;
	uint32_t key = RULER_DUT;

	if (!ruler)
		tap_bail("the rulers do not load");
	fib = &ruler->bss->ruler_fib;
	fib->family = v6 ? AF_INET6 : AF_INET;
	fib->l4_protocol = IPPROTO_UDP;
	fib->tot_len = 60;
	fib->ifindex = devices.tunnel;
	if (v6) {
		inet_pton(AF_INET6, "fd05::2", fib->ipv6_src);
		inet_pton(AF_INET6, KIND_HOP6, fib->ipv6_dst);
	} else {
		inet_pton(AF_INET, "192.168.5.2", &fib->ipv4_src);
		inet_pton(AF_INET, KIND_HOP4, &fib->ipv4_dst);
	}
	if (bpf_map_update_elem(bpf_map__fd(ruler->maps.ruler_devmap), &key, &devices.out, 0))
		tap_bail("no redirection");
	engine_fd[RULER_REDIRECT] = bpf_program__fd(ruler->progs.redirect);
	return bpf_program__fd(ruler->progs.fib);
}

static struct bench_case *case_add(const char *name, enum engine e, int action)
{
	struct bench_case *c = &cases[cases_n++];

	if (cases_n == CASES_MAX)
		tap_bail("more than %d cases", CASES_MAX - 1);
	snprintf(c->name, sizeof(c->name), "run/%s", name);
	c->engine = e;
	c->action = action;
	kind_packet(&kinds[0], &c->packet);
	return c;
}

/* A case that this data plane does not forward is told, and left out. */
static void case_try(struct bench_case *c)
{
	struct fast_result res;
	struct pkt out;
	int ret;

	/* the first packet of a neighbour may be left to the kernel */
	for (int i = 0; i < 2; i++)
		ret = fast_run(&engine_fast[c->engine], &c->packet, &out, &res);
	if (!ret && res.action == c->action)
		return;
	fprintf(stderr, "%s: %s\n", c->name, ret ? strerror(-ret) : reason_name(res.reason));
	cases_n--;
}

static void cases_make(void)
{
	struct bench_case *c;

	case_add("redirect", RULER_REDIRECT, XDP_REDIRECT);
	case_add("route look-up, IPv4", RULER_FIB4, XDP_PASS);
	case_add("route look-up, IPv6", RULER_FIB6, XDP_PASS);
	for (int i = 0; i < kinds_n; i++) {
		c = case_add(kinds[i].name, ALL, XDP_REDIRECT);
		kind_packet(&kinds[i], &c->packet);
		case_try(c);
	}
	case_try(case_add("vxlan4, vxlan only", VXLAN_ONLY, XDP_REDIRECT));
	case_try(case_add("vxlan4, nesting 2", NESTED, XDP_REDIRECT));
	/* a martian source passes right in front of the route look-up */
	c = case_add("gre, up to the route look-up", ALL, XDP_PASS);
	recipe_build(&(struct recipe){ { V(KIND, R_GRE), S(IN_IP_SRC, "127.0.0.1"),
					 S(IN_IP_DST, KIND_HOP4) } },
		     NULL, &c->packet);
	case_try(c);
	for (enum engine e = ANY; e <= LISTED; e++) {
		char name[64];

		snprintf(name, sizeof(name), "vxlan4, %s", engines[e].name);
		c = case_add(name, e, XDP_REDIRECT);
		/* of whom nothing is known */
		recipe_build(&(struct recipe){ { S(IP_SRC, "10.0.0.77"), V(UDP_CSUM, 0),
						 S(IN_DST, KIND_MAC) } },
			     NULL, &c->packet);
		case_try(c);
	}
}

static void case_round(struct bench_case *c, int runs)
{
	struct runtime r = { engine_fd[c->engine], c->name, c->action, NULL, NULL };

	samples_add(&c->ns, runtime_measure(&r, &c->packet, runs));
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : ROUNDS_DEFAULT;
	int runs = argc > 2 ? atoi(argv[2]) : RUNS;
	int stats = runtime_enable();

	wire_pin();
	devices_make();
	engine_fd[RULER_FIB4] = fib_load(false);
	engine_fd[RULER_FIB6] = fib_load(true);
	for (enum engine e = ALL; e < ENGINES; e++)
		engine_open(e);
	cases_make();
	for (int r = 0; r < rounds; r++)
		for (int i = 0; i < cases_n; i++)
			case_round(&cases[i], runs);
	for (int i = 0; i < cases_n; i++)
		result_print(&(struct result){ cases[i].name, "ns_per_run", &cases[i].ns, NULL,
					       &cases[0].ns });
	close(stats);
	return 0;
}
