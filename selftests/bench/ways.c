// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a packet costs on its whole way (lane.h) for every kind of tunnel: out
 * of the tunnel and over a bridge, or, without Ethernet inside, by the kernel's
 * routes. ways [ROUNDS [SHARE [NAME]]]: SHARE of the usual frames, for slow
 * machines. A kind that this kernel lacks, or that the data plane leaves to it,
 * is named and left out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fast.h"
#include "kinds.h"
#include "lane.h"
#include "tap.h"

#define ROUNDS_DEFAULT 7
#define WAYS_MAX       48

struct way {
	const struct kind *kind;
	struct lane lane;
	struct kind_devices devices;
	bool off; /* left out */
};

static struct way ways[WAYS_MAX];
static int ways_n;
static struct fast fast;

static void must(int ret, const char *what)
{
	if (ret < 0)
		tap_bail("%s: %s", what, strerror(-ret));
}

/* FOU listens only once its modules are there; nothing loads them by name. */
static void modules_load(void)
{
	pid_t pid = fork();

	if (!pid) {
		execlp("modprobe", "modprobe", "-qa", "fou", "fou6", NULL);
		_exit(127);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

static void bridge_make(const struct netns *d)
{
	must(netns_bridge(d, "br"), "bridge");
	must(netns_master(d, "t0", "br"), "enslave");
	must(netns_master(d, "d1", "br"), "enslave");
	must(netns_up(d, "br"), "up");
}

static void routes_make(const struct netns *d, bool v6)
{
	must(netns_sysctl(d, "net/ipv4/ip_forward", "1"), "ip_forward");
	must(netns_ip(d, "addr add 192.168.6.254/24 dev d1\n"
			 "neigh add " KIND_HOP4 " lladdr " KIND_MAC " dev d1 nud permanent\n"),
	     "address");
	if (!v6)
		return;
	must(netns_sysctl(d, "net/ipv6/conf/all/forwarding", "1"), "forwarding");
	must(netns_ip(d, "addr add fd06::fe/64 dev d1 nodad\n"
			 "neigh add " KIND_HOP6 " lladdr " KIND_MAC " dev d1 nud permanent\n"),
	     "address");
}

static bool tunnel_make(const struct netns *d, const struct kind *k)
{
	return (!k->fou_port || !netns_ip(d, k->fou_port)) && !netns_ip(d, k->link);
}

static bool way_open(struct way *w, int nth)
{
	bool over6 = recipe_edit(&w->kind->recipe, F_V6);
	bool v6 = over6 || recipe_edit(&w->kind->recipe, F_IN_V6);
	struct lane *l = &w->lane;

	l->name = w->kind->name;
	l->modes = LANE_HAS(LANE_XDP);
	l->whole = true;
	lane_wires(l, nth, v6);
	must(netns_addr(&l->d, "d0", over6 ? "fd00::1/64" : "10.0.0.1/24"), "address");
	if (!tunnel_make(&l->d, w->kind)) {
		fprintf(stderr, "%s: not on this kernel\n", l->name);
		return false;
	}
	if (!w->kind->routed)
		bridge_make(&l->d);
	lane_start(l);
	if (w->kind->routed)
		routes_make(&l->d, v6);
	else
		must(netns_fdb(&l->d, "d1", KIND_MAC, NULL), "FDB");
	kind_packet(w->kind, &l->packet);
	l->prog[LANE_XDP] = fast.prog_fd;
	w->devices = (struct kind_devices){
		.wire = l->d0,
		.tunnel = netns_ifindex(&l->d, "t0"),
		.out = netns_ifindex(&l->d, "d1"),
	};
	return true;
}

/* The maps are one way's at a time. */
static void way_enter(struct way *w)
{
	struct world world;

	kind_world(&world, w->kind, &w->devices);
	must(netns_enter(&w->lane.d), "namespace");
	fast_world(&fast, &world);
}

static bool way_is_forwarded(struct way *w)
{
	struct fast_result res;
	struct pkt out;

	way_enter(w);
	/* the first packet to a neighbour may be left to the kernel */
	for (int i = 0; i < 2; i++)
		must(fast_run(&fast, &w->lane.packet, &out, &res), "run");
	netns_leave();
	if (res.verdict != PN_FORWARD)
		fprintf(stderr, "%s: %s\n", w->lane.name, reason_name(res.reason));
	return res.verdict == PN_FORWARD;
}

static void round_run(bool warm_up)
{
	for (int i = 0; i < ways_n; i++)
		for (enum lane_mode m = 0; m <= LANE_XDP && !ways[i].off; m++) {
			way_enter(&ways[i]);
			netns_leave();
			lane_visit(&ways[i].lane, m, warm_up);
		}
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : ROUNDS_DEFAULT;
	const char *only = argc > 3 ? argv[3] : "";

	lanes_open(argc > 2 ? atof(argv[2]) : 1);
	modules_load();
	must(fast_open(&fast, &(struct fast_opts){ .hook = FAST_XDP }), "xdp_port");
	for (int i = 0; i < kinds_n && ways_n < WAYS_MAX; i++) {
		struct way *w = &ways[ways_n];

		if (!strstr(kinds[i].name, only))
			continue;
		w->kind = &kinds[i];
		w->off = !way_open(w, ways_n++) || !way_is_forwarded(w);
	}
	round_run(true);
	for (int r = 0; r < rounds; r++)
		round_run(false);
	for (int i = 0; i < ways_n; i++)
		lane_print(&ways[i].lane, "way");
	return 0;
}
