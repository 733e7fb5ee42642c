// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * One TCP stream through a port with a rate: shaped behind an IFB device as one
 * builds it by hand, and policed, with what can be done against the collapse:
 * a burst for as long as a sender's time-out, ECN. Goodput of what the rate
 * allows, retransmissions a second.
 */
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hook.h"
#include "measure.h"
#include "policed.h"
#include "shell.h"
#include "stream.h"
#include "tap.h"

#define ROUNDS_DEFAULT 2
#define WARM_UP_MS     600
#define RUN_MS	       2000
#define ADDR_A	       "192.168.5.2"
#define ADDR_B	       "192.168.5.1"
#define RATE	       62500000ull /* 500 Mbit/s */
#define AT_PINS	       "--bpffs /sys/fs/bpf/pnt-shape-tcp "
#define STATE	       "/run/pnt-shape-tcp"
#define FILE_NAME      "/run/pnt-shape-tcp.yaml"
#define IDEAL	       (RATE * 8.0 * 1448 / 1514)

struct way {
	const char *name;
	enum { HAND, SHAPE, TC, XDP } by;
	uint64_t burst;
	bool ecn;
	struct samples share, retransmits;
};

static struct way ways[] = {
	{ "htb on ifb", HAND },
	{ "shape", SHAPE },
	{ "police tc, burst 256k", TC, 256000 },
	{ "police tc, burst 10 ms", TC, RATE / 100 },
	{ "police tc, burst 100 ms", TC, RATE / 10 },
	{ "police tc, burst 250 ms", TC, RATE / 4 },
	{ "police tc, ecn, burst 256k", TC, 256000, true },
	{ "police tc, ecn, burst 10 ms", TC, RATE / 100, true },
	{ "police xdp, burst 256k", XDP, 256000 },
	{ "police xdp, burst 10 ms", XDP, RATE / 100 },
	{ "police xdp, burst 250 ms", XDP, RATE / 4 },
	{ "police xdp, ecn, burst 10 ms", XDP, RATE / 100, true },
};
#define WAYS (sizeof(ways) / sizeof(ways[0]))

static struct netns a, d, b;
static struct policed ports[2];
static struct hook hook;

static void must(int ret, const char *what)
{
	if (ret < 0)
		tap_bail("%s: %s", what, strerror(-ret));
}

static void quiet(struct netns *ns)
{
	must(netns_open(ns), "namespace");
	netns_quiet(ns);
	netns_sysctl(ns, "net/bridge/bridge-nf-call-iptables", "0");
	netns_sysctl(ns, "net/ipv6/conf/all/disable_ipv6", "1");
	netns_sysctl(ns, "net/ipv6/conf/default/disable_ipv6", "1");
}

static void links_make(void)
{
	quiet(&a);
	quiet(&d);
	quiet(&b);
	must(netns_veth(&d, "d0", &a, "a0"), "veth");
	must(netns_veth(&d, "d1", &b, "b0"), "veth");
	must(netns_mac(&a, "a0", FRAME_SRC_MAC), "MAC");
	must(netns_mac(&b, "b0", FRAME_DST_MAC), "MAC");
	must(netns_bridge(&d, "br"), "bridge");
	must(netns_master(&d, "d0", "br"), "enslave");
	must(netns_master(&d, "d1", "br"), "enslave");
	must(netns_addr(&a, "a0", ADDR_A "/24"), "address");
	must(netns_addr(&b, "b0", ADDR_B "/24"), "address");
	must(netns_ip(&d, "link set dev d0 up\nlink set dev d1 up\nlink set dev br up\n"), "up");
	must(netns_up(&a, "a0"), "up");
	must(netns_up(&b, "b0"), "up");
	must(netns_wait_up(&d, "d0"), "carrier");
	must(netns_wait_up(&d, "d1"), "carrier");
	/* the frames of XDP have to be taken at the far end */
	must(netns_gro(&b, "b0", true), "GRO");
}

static void ports_load(void)
{
	struct policed_opts opts = { .masks = 1 };

	opts.world = (struct frame_world){
		.wire = netns_ifindex(&d, "d0"),
		.web = netns_ifindex(&d, "d1"),
		.bridged = true,
	};
	hook.ifindex = opts.world.wire;
	must(netns_enter(&d), "namespace");
	policed_load(&ports[0], &opts);
	opts.tc = true;
	policed_load(&ports[1], &opts);
	netns_leave();
}

static void file_write(void)
{
	FILE *f = fopen(FILE_NAME, "we");

	if (!f || fputs("penstock: 1\nports:\n  - {dev: d0}\nshapers:\n"
			"  - {name: all, match: {dev: d0}, rate: 500mbit, burst: 64k, "
			"action: shape}\n", f) < 0 || fclose(f))
		tap_bail("cannot write " FILE_NAME);
}

static void way_on(const struct way *w)
{
	struct pn_shaper police = { .action = PN_SHAPER_POLICE };
	struct policed *p = &ports[w->by == TC];

	/* asked for where it is useful only: a sender that speaks ECN */
	netns_sysctl(&a, "net/ipv4/tcp_ecn", w->ecn ? "1" : "0");
	netns_sysctl(&b, "net/ipv4/tcp_ecn", w->ecn ? "1" : "0");
	if (w->by == HAND) {
		shell_ifb_htb(&d, "d0", "ifb0", "500mbit", "64k");
		return;
	}
	if (w->by == SHAPE) {
		shell_penstock(&d, AT_PINS "apply --state " STATE " " FILE_NAME);
		return;
	}
	if (w->ecn)
		police.flags = PN_SHAPER_F_ECN;
	policed_all(p, &police, (struct shaped_rate){ RATE, w->burst });
	p->shaped.shapers[1].mark_shift = 1;
	hook.tc = w->by == TC;
	/* frames as a NIC's: XDP knows nothing of checksums that are still to be made */
	if (w->by == XDP)
		shell_in(&a, "ethtool -K a0 tx off >/dev/null");
	must(netns_enter(&d), "namespace");
	must(hook_attach(&hook, p->prog), "attach");
	netns_leave();
}

static void way_off(const struct way *w)
{
	if (w->by == SHAPE) {
		shell_penstock(&d, AT_PINS "delete --state " STATE " " FILE_NAME);
		shell_penstock(&d, AT_PINS "detach --all");
		return;
	}
	must(netns_enter(&d), "namespace");
	if (w->by != HAND)
		hook_detach(&hook);
	netns_leave();
	if (w->by == XDP)
		shell_in(&a, "ethtool -K a0 tx on tso on >/dev/null");
	if (w->by == HAND)
		shell_in(&d, "tc qdisc del dev d0 ingress && ip link del ifb0");
}

static void way_round(struct way *w)
{
	struct stream_run run = { &a, &b, ADDR_B, WARM_UP_MS, RUN_MS };
	struct stream_result result;

	way_on(w);
	stream_run(&run, &result);
	way_off(w);
	samples_add(&w->share, result.bits / IDEAL);
	samples_add(&w->retransmits, result.retransmits);
}

static void way_print(struct way *w)
{
	bool hand = w->by == HAND;
	char name[96];

	snprintf(name, sizeof(name), "shaped tcp/%s", w->name);
	result_print(&(struct result){ name, "of_the_rate", &w->share,
				       hand ? NULL : &ways[0].share });
	snprintf(name, sizeof(name), "shaped tcp/%s, sent again", w->name);
	result_print(&(struct result){ name, "segments_a_s", &w->retransmits,
				       hand ? NULL : &ways[0].retransmits });
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : ROUNDS_DEFAULT;
	const char *only = argc > 2 ? argv[2] : "";

	file_write();
	links_make();
	ports_load();
	for (int r = 0; r < rounds; r++)
		for (size_t i = 0; i < WAYS; i++)
			if (strstr(ways[i].name, only))
				way_round(&ways[i]);
	for (size_t i = 0; i < WAYS; i++)
		if (ways[i].share.n)
			way_print(&ways[i]);
	unlink(FILE_NAME);
	rmdir(STATE);
	return 0;
}
