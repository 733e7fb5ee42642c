// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a packet costs on its whole way: generator G -> device under test D ->
 * sink S, three namespaces and two pairs of veths. Live frames enter g0, D
 * does what is being measured, an XDP program on s0 counts and drops. The way
 * runs in softirq below the generator's system call, on one CPU, without loss;
 * so its CPU time over the delivered frames is the figure. The same D is used
 * by turns with nothing attached, with a bare redirect and with penstock.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/ruler.h"
#include "cputime.h"
#include "frames.h"
#include "hook.h"
#include "measure.h"
#include "netns.h"
#include "ruler.skel.h"
#include "tap.h"
#include "tc_port.skel.h"
#include "wire.h"
#include "xdp_port.skel.h"

#define ROUNDS_DEFAULT 7
#define WARM_UP	       20000
#define LOSS_MAX       0.01
#define CARRIER_MS     3000

enum mode { REDIRECT, KERNEL, XDP, TC, MODES };

static const struct {
	const char *name;
	uint32_t frames; /* of a round: about 0.15 s of CPU */
} modes[MODES] = {
	[REDIRECT] = { "redirect", 500000 },
	[KERNEL] = { "kernel", 100000 },
	[XDP] = { "xdp", 400000 },
	[TC] = { "tc", 150000 },
};

#define HAS(mode) (1 << (mode))

struct scene {
	const char *name;
	struct frame_spec frame;
	enum pn_csum_mode checksum;
	uint32_t macs;
	unsigned int modes; /* besides the rulers */

	struct netns d;
	uint32_t d0;
	char gen_dev[16], sink_dev[16];
	int prog[MODES];
	struct pkt packet;
	struct samples cpu[MODES];
	struct samples pps[MODES];
};

#define SCENE(title, sum, n, m, ...) \
	{ .name = title, .checksum = sum, .macs = n, .modes = m, .frame = { __VA_ARGS__ } }

static struct scene scenes[] = {
	SCENE("vxlan4", PN_CSUM_FULL, 1, HAS(XDP) | HAS(TC), 4, 60, false),
	SCENE("vxlan4 1k macs", PN_CSUM_FULL, 1 << 10, HAS(XDP), 4, 60, false),
	SCENE("vxlan4 64k macs", PN_CSUM_FULL, 1 << 16, HAS(XDP), 4, 60, false),
	SCENE("vxlan4 512", PN_CSUM_FULL, 1, HAS(XDP), 4, 512, false),
	SCENE("vxlan4 1400", PN_CSUM_FULL, 1, HAS(XDP), 4, 1400, false),
	SCENE("vxlan4 inner", PN_CSUM_INNER, 1, HAS(XDP), 4, 60, true),
	SCENE("vxlan4 inner 512", PN_CSUM_INNER, 1, HAS(XDP), 4, 512, true),
	SCENE("vxlan4 inner 1400", PN_CSUM_INNER, 1, HAS(XDP), 4, 1400, true),
	SCENE("vxlan4 full 1400", PN_CSUM_FULL, 1, HAS(XDP), 4, 1400, true),
	SCENE("vxlan6", PN_CSUM_FULL, 1, HAS(XDP) | HAS(TC), 6, 60, false),
	SCENE("vxlan6 inner", PN_CSUM_INNER, 1, HAS(XDP), 6, 60, true),
	SCENE("bridge", PN_CSUM_FULL, 1, HAS(XDP) | HAS(TC), 0, 60, false),
	SCENE("bridge 64k macs", PN_CSUM_FULL, 1 << 16, HAS(XDP), 0, 60, false),
};
#define SCENES (sizeof(scenes) / sizeof(scenes[0]))

static struct netns gen_ns, sink_ns;
static struct ruler_bpf *ruler;

static void must(int ret, const char *what)
{
	if (ret < 0)
		tap_bail("%s: %s", what, strerror(-ret));
}

static void devmap_put(uint32_t key, const struct netns *ns, const char *dev)
{
	uint32_t ifindex = netns_ifindex(ns, dev);

	must(netns_enter(ns), "namespace");
	if (bpf_map_update_elem(bpf_map__fd(ruler->maps.ruler_devmap), &key, &ifindex, 0))
		tap_bail("no redirection to %s", dev);
	netns_leave();
}

static void quiet(const struct netns *ns, bool v6)
{
	netns_quiet(ns);
	/* absent without br_netfilter */
	netns_sysctl(ns, "net/bridge/bridge-nf-call-iptables", "0");
	netns_sysctl(ns, "net/bridge/bridge-nf-call-ip6tables", "0");
	netns_sysctl(ns, "net/bridge/bridge-nf-call-arptables", "0");
	if (!v6) {
		netns_sysctl(ns, "net/ipv6/conf/all/disable_ipv6", "1");
		netns_sysctl(ns, "net/ipv6/conf/default/disable_ipv6", "1");
	}
}

/* Static forwarding entries of the kernel's bridge for every destination. */
static void scene_macs(const struct scene *s)
{
	uint64_t first = tables_mac48(FRAME_DST_MAC);
	char *text, *at;

	at = text = malloc(s->macs * 64ul + 1);
	if (!text)
		tap_bail("no memory");
	for (uint64_t mac = first; mac < first + s->macs; mac++)
		at += sprintf(at, "fdb replace %02x:%02x:%02x:%02x:%02x:%02x "
			      "dev d1 master static\n",
			      (int)(mac >> 40), (int)(mac >> 32) & 255, (int)(mac >> 24) & 255,
			      (int)(mac >> 16) & 255, (int)(mac >> 8) & 255, (int)mac & 255);
	must(netns_bridge_cmd(&s->d, text), "bridge -batch");
	free(text);
}

/* A bridge takes a port when the link watcher has told it of the carrier. */
static void carrier_await(const struct netns *ns, const char *dev)
{
	struct ifreq ifr = { 0 };
	int fd, tries = CARRIER_MS;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	must(netns_enter(ns), "namespace");
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	while (!ioctl(fd, SIOCGIFFLAGS, &ifr) && !(ifr.ifr_flags & IFF_RUNNING) && tries--)
		usleep(1000);
	close(fd);
	netns_leave();
	if (!(ifr.ifr_flags & IFF_RUNNING))
		tap_bail("%s gets no carrier", dev);
	/* takes the lock that the watcher holds until everybody has been told */
	must(netns_up(ns, dev), "up");
}

static void scene_links(struct scene *s, int nth)
{
	bool v6 = s->frame.family == 6;
	struct netns_vxlan vx = {
		.id = FRAME_VNI,
		.dstport = FRAME_PORT,
		.local = v6 ? FRAME_DST6 : FRAME_DST4,
		.zerocsum6_rx = true,
	};
	const char *port = s->frame.family ? "vx" : "d0";

	snprintf(s->gen_dev, sizeof(s->gen_dev), "g%d", nth);
	snprintf(s->sink_dev, sizeof(s->sink_dev), "s%d", nth);
	must(netns_open(&s->d), "namespace");
	quiet(&s->d, v6);
	must(netns_veth(&s->d, "d0", &gen_ns, s->gen_dev), "veth");
	must(netns_veth(&s->d, "d1", &sink_ns, s->sink_dev), "veth");
	must(netns_mac(&s->d, "d0", PKT_MAC_D), "MAC");
	must(netns_bridge(&s->d, "br"), "bridge");
	if (s->frame.family) {
		must(netns_addr(&s->d, "d0", v6 ? FRAME_DST6 "/64" : FRAME_DST4 "/24"), "address");
		must(netns_vxlan(&s->d, "vx", &vx), "vxlan");
		must(netns_mac(&s->d, "vx", FRAME_VX_MAC), "MAC");
		must(netns_up(&s->d, "vx"), "vxlan up");
	}
	must(netns_master(&s->d, port, "br"), "enslave");
	must(netns_master(&s->d, "d1", "br"), "enslave");
	must(netns_up(&gen_ns, s->gen_dev), "up");
	must(netns_up(&sink_ns, s->sink_dev), "up");
	must(netns_up(&s->d, "d0"), "up");
	must(netns_up(&s->d, "d1"), "up");
	must(netns_up(&s->d, "br"), "up");
	must(netns_gro(&s->d, "d0", true), "GRO");
	carrier_await(&s->d, "d0");
	carrier_await(&s->d, "d1");
	s->d0 = netns_ifindex(&s->d, "d0");
	scene_macs(s);
}

static void tables_fill(struct scene *s, struct bpf_object *obj, const struct pn_conf *conf,
			bool tc)
{
	struct frame_world w = {
		.macs = s->macs,
		.wire = s->d0,
		.web = netns_ifindex(&s->d, "d1"),
		.v6 = s->frame.family == 6,
		.bridged = !s->frame.family,
		.tc = tc,
	};
	struct tables t;

	tables_open(&t, obj, conf);
	must(netns_enter(&s->d), "namespace");
	frame_tables(&t, &w);
	netns_leave();
}

static void scene_xdp(struct scene *s)
{
	struct xdp_port_bpf *skel = xdp_port_bpf__open();
	struct pn_conf conf = { .port = FRAME_P_WIRE, .checksum = s->checksum };

	if (!skel)
		tap_bail("xdp_port: no skeleton");
	tables_size(skel->obj, &conf, s->macs + 1);
	memcpy((void *)&skel->rodata->pn_conf, &conf, sizeof(conf));
	must(xdp_port_bpf__load(skel), "xdp_port");
	tables_fill(s, skel->obj, &conf, false);
	s->prog[XDP] = bpf_program__fd(skel->progs.xdp_port);
}

static void scene_tc(struct scene *s)
{
	struct tc_port_bpf *skel = tc_port_bpf__open();
	struct pn_conf conf = { .port = FRAME_P_WIRE, .checksum = s->checksum };

	if (!skel)
		tap_bail("tc_port: no skeleton");
	tables_size(skel->obj, &conf, s->macs + 1);
	memcpy((void *)&skel->rodata->pn_conf, &conf, sizeof(conf));
	must(tc_port_bpf__load(skel), "tc_port");
	tables_fill(s, skel->obj, &conf, true);
	s->prog[TC] = bpf_program__fd(skel->progs.tc_port);
}

static void scene_open(struct scene *s, int nth)
{
	uint32_t sink;

	s->modes |= HAS(REDIRECT) | HAS(KERNEL);
	scene_links(s, nth);
	sink = netns_ifindex(&sink_ns, s->sink_dev);
	must(netns_enter(&sink_ns), "namespace");
	must(bpf_xdp_attach(sink, bpf_program__fd(ruler->progs.sink), XDP_FLAGS_DRV_MODE, NULL),
	     "sink");
	netns_leave();
	devmap_put(nth + 1, &gen_ns, s->gen_dev);
	s->prog[REDIRECT] = bpf_program__fd(ruler->progs.redirect);
	if (s->modes & HAS(XDP))
		scene_xdp(s);
	if (s->modes & HAS(TC))
		scene_tc(s);
	frame_build(&s->packet, &s->frame);
	ruler->bss->ruler_gen.device = nth + 1;
}

static uint64_t sink_count(void)
{
	uint64_t value[libbpf_num_possible_cpus()], sum = 0;
	uint32_t zero = 0;

	must(bpf_map_lookup_elem(bpf_map__fd(ruler->maps.ruler_count), &zero, value), "counter");
	for (int i = 0; i < libbpf_num_possible_cpus(); i++)
		sum += value[i];
	return sum;
}

/* Send @frames through the scene; the sink's count, CPU and wall time. */
static void frames_send(struct scene *s, uint32_t frames, struct cputime *took, uint64_t *arrived)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = pkt_data(&s->packet),
		    .data_size_in = s->packet.len, .repeat = frames,
		    .flags = BPF_F_TEST_XDP_LIVE_FRAMES);
	struct ruler_gen *gen = &ruler->bss->ruler_gen;
	uint64_t before = sink_count();
	struct cputime start;

	memcpy(gen->front, pkt_data(&s->packet), sizeof(gen->front));
	gen->device = s - scenes + 1;
	gen->mac_at = frame_mac_at(&s->frame);
	gen->mac_mask = s->macs - 1;
	must(netns_enter(&gen_ns), "namespace");
	cputime_read(&start);
	if (bpf_prog_test_run_opts(bpf_program__fd(ruler->progs.gen), &opts))
		tap_bail("live frames: %s (5.18 or later)", strerror(errno));
	cputime_since(&start, took);
	netns_leave();
	*arrived = sink_count() - before;
}

static void mode_visit(struct scene *s, enum mode mode, bool warm_up)
{
	struct hook hook = { .ifindex = s->d0, .tc = mode == TC };
	uint32_t frames = warm_up ? WARM_UP : modes[mode].frames;
	struct cputime took;
	uint64_t arrived;

	if (mode == REDIRECT)
		devmap_put(RULER_DUT, &s->d, "d1");
	must(netns_enter(&s->d), "namespace");
	if (mode != KERNEL)
		must(hook_attach(&hook, s->prog[mode]), "attach");
	netns_leave();
	frames_send(s, frames, &took, &arrived);
	must(netns_enter(&s->d), "namespace");
	if (mode != KERNEL)
		hook_detach(&hook);
	netns_leave();
	if (arrived < frames * (1 - LOSS_MAX))
		tap_bail("%s by %s: %u frames sent, %lu arrived", s->name, modes[mode].name,
			 frames, arrived);
	if (warm_up)
		return;
	samples_add(&s->cpu[mode], took.cpu_ns / arrived);
	samples_add(&s->pps[mode], arrived * 1e9 / took.wall_ns);
}

static void round_run(const char *only, bool warm_up)
{
	for (size_t i = 0; i < SCENES; i++)
		for (enum mode m = 0; m < MODES; m++)
			if (strstr(scenes[i].name, only) && (scenes[i].modes & HAS(m)))
				mode_visit(&scenes[i], m, warm_up);
}

static void scene_print(struct scene *s)
{
	char name[80];

	for (enum mode m = XDP; m < MODES; m++) {
		if (!s->cpu[m].n)
			continue;
		snprintf(name, sizeof(name), "path/%s %s", s->name, modes[m].name);
		result_print(&(struct result){ name, "cpu_ns_per_packet", &s->cpu[m],
					       &s->cpu[KERNEL], &s->cpu[REDIRECT] });
		result_print(&(struct result){ name, "packets_per_s", &s->pps[m],
					       &s->pps[KERNEL], &s->pps[REDIRECT] });
	}
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : ROUNDS_DEFAULT;
	const char *only = argc > 2 ? argv[2] : "";

	ruler = ruler_bpf__open_and_load();
	if (!ruler)
		tap_bail("the rulers do not load (root?)");
	wire_pin();
	must(netns_open(&gen_ns), "namespace");
	must(netns_open(&sink_ns), "namespace");
	quiet(&gen_ns, false);
	quiet(&sink_ns, false);
	for (size_t i = 0; i < SCENES; i++)
		if (strstr(scenes[i].name, only))
			scene_open(&scenes[i], i);
	round_run(only, true);
	for (int r = 0; r < rounds; r++)
		round_run(only, false);
	for (size_t i = 0; i < SCENES; i++)
		scene_print(&scenes[i]);
	return 0;
}
