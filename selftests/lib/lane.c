// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A packet's way between two pairs of veths; see lane.h. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/ruler.h"
#include "cputime.h"
#include "hook.h"
#include "lane.h"
#include "ruler.skel.h"
#include "tap.h"
#include "wire.h"

#define WARM_UP	   20000
#define LOSS_MAX   0.01
#define CARRIER_MS 3000

static const struct {
	const char *name;
	uint32_t frames; /* of a round: about 0.15 s of CPU */
} modes[LANE_MODES] = {
	[LANE_REDIRECT] = { "redirect", 500000 },
	[LANE_KERNEL] = { "kernel", 100000 },
	[LANE_XDP] = { "xdp", 400000 },
	[LANE_TC] = { "tc", 150000 },
};

static struct netns gen_ns, sink_ns;
static struct ruler_bpf *ruler;
static double share;

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

void lanes_open(double of_frames)
{
	share = of_frames;
	ruler = ruler_bpf__open_and_load();
	if (!ruler)
		tap_bail("the rulers do not load (root?)");
	wire_pin();
	must(netns_open(&gen_ns), "namespace");
	must(netns_open(&sink_ns), "namespace");
	quiet(&gen_ns, false);
	quiet(&sink_ns, false);
}

void lanes_name(const char *gen, const char *sink)
{
	must(netns_name(&gen_ns, gen), "name");
	must(netns_name(&sink_ns, sink), "name");
}

void lane_wires(struct lane *l, int nth, bool v6)
{
	l->modes |= LANE_HAS(LANE_REDIRECT) | LANE_HAS(LANE_KERNEL);
	l->nth = nth;
	snprintf(l->gen_dev, sizeof(l->gen_dev), "g%d", nth);
	snprintf(l->sink_dev, sizeof(l->sink_dev), "s%d", nth);
	must(netns_open(&l->d), "namespace");
	quiet(&l->d, v6);
	must(netns_veth(&l->d, "d0", &gen_ns, l->gen_dev), "veth");
	must(netns_veth(&l->d, "d1", &sink_ns, l->sink_dev), "veth");
	must(netns_mac(&l->d, "d0", PKT_MAC_D), "MAC");
	/* as a NIC: nothing stands beside the bytes */
	must(netns_offloads_off(&gen_ns, l->gen_dev), "offloads");
	l->d0 = netns_ifindex(&l->d, "d0");
}

void lane_start(struct lane *l)
{
	uint32_t sink = netns_ifindex(&sink_ns, l->sink_dev);

	must(netns_up(&gen_ns, l->gen_dev), "up");
	must(netns_up(&sink_ns, l->sink_dev), "up");
	must(netns_up(&l->d, "d0"), "up");
	must(netns_up(&l->d, "d1"), "up");
	must(netns_gro(&l->d, "d0", true), "GRO");
	carrier_await(&l->d, "d0");
	carrier_await(&l->d, "d1");
	must(netns_enter(&sink_ns), "namespace");
	must(bpf_xdp_attach(sink, bpf_program__fd(ruler->progs.sink), XDP_FLAGS_DRV_MODE, NULL),
	     "sink");
	netns_leave();
	devmap_put(l->nth + 1, &gen_ns, l->gen_dev);
	l->prog[LANE_REDIRECT] = bpf_program__fd(ruler->progs.redirect);
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

/* Send @frames through the lane; the sink's count, CPU and wall time. */
static void frames_send(struct lane *l, uint32_t frames, struct cputime *took, uint64_t *arrived)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = pkt_data(&l->packet),
		    .data_size_in = l->packet.len, .repeat = frames,
		    .flags = BPF_F_TEST_XDP_LIVE_FRAMES);
	struct ruler_gen *gen = &ruler->bss->ruler_gen;
	uint64_t before = sink_count();
	struct cputime start;

	gen->front_len = l->whole ? sizeof(gen->front) : RULER_FRONT;
	memcpy(gen->front, pkt_data(&l->packet),
	       l->packet.len < sizeof(gen->front) ? l->packet.len : sizeof(gen->front));
	gen->device = l->nth + 1;
	gen->mac_at = l->mac_at;
	gen->mac_mask = l->mac_mask;
	must(netns_enter(&gen_ns), "namespace");
	cputime_read(&start);
	if (bpf_prog_test_run_opts(bpf_program__fd(ruler->progs.gen), &opts))
		tap_bail("live frames: %s (5.18 or later)", strerror(errno));
	cputime_since(&start, took);
	netns_leave();
	*arrived = sink_count() - before;
}

/* Other CPUs have done with what they have. */
static uint64_t arrivals_await(uint64_t before)
{
	uint64_t seen, now = sink_count();

	do {
		seen = now;
		usleep(2000);
		now = sink_count();
	} while (now != seen);
	return now - before;
}

void lane_visit(struct lane *l, enum lane_mode mode, bool warm_up)
{
	struct hook hook = { .ifindex = l->d0, .tc = mode == LANE_TC };
	uint32_t frames = (warm_up ? WARM_UP : modes[mode].frames) * share;
	struct cputime took;
	uint64_t arrived, before = sink_count();

	if (mode == LANE_REDIRECT)
		devmap_put(RULER_DUT, &l->d, "d1");
	must(netns_enter(&l->d), "namespace");
	if (mode != LANE_KERNEL)
		must(hook_attach(&hook, l->prog[mode]), "attach");
	netns_leave();
	frames_send(l, frames, &took, &arrived);
	must(netns_enter(&l->d), "namespace");
	if (mode != LANE_KERNEL)
		hook_detach(&hook);
	netns_leave();
	if (l->handed_on)
		arrived = arrivals_await(before);
	else if (arrived < frames * (1 - LOSS_MAX))
		tap_bail("%s by %s: %u frames sent, %lu arrived", l->name, modes[mode].name,
			 frames, arrived);
	if (warm_up)
		return;
	samples_add(&l->cpu[mode], took.cpu_ns / (l->handed_on ? frames : arrived));
	samples_add(&l->pps[mode], arrived * 1e9 / took.wall_ns);
}

void lane_print(struct lane *l, const char *group)
{
	char name[80];

	for (enum lane_mode m = LANE_XDP; m < LANE_MODES; m++) {
		if (!l->cpu[m].n)
			continue;
		snprintf(name, sizeof(name), "%s/%s %s", group, l->name, modes[m].name);
		result_print(&(struct result){ name, "cpu_ns_per_packet", &l->cpu[m],
					       &l->cpu[LANE_KERNEL], &l->cpu[LANE_REDIRECT] });
		result_print(&(struct result){ name, "packets_per_s", &l->pps[m],
					       &l->pps[LANE_KERNEL], &l->pps[LANE_REDIRECT] });
	}
}

static void lanes_round(struct lane *const *lanes, size_t n, bool warm_up)
{
	for (size_t i = 0; i < n; i++)
		for (enum lane_mode m = 0; m < LANE_MODES; m++)
			if (lanes[i]->modes & LANE_HAS(m))
				lane_visit(lanes[i], m, warm_up);
}

void lanes_run(struct lane *const *lanes, size_t n, int rounds, const char *group)
{
	lanes_round(lanes, n, true);
	for (int r = 0; r < rounds; r++)
		lanes_round(lanes, n, false);
	for (size_t i = 0; i < n; i++)
		lane_print(lanes[i], group);
}

int lanes_main(int argc, char **argv, const struct lane_scenes *scenes, int rounds,
	       const char *group)
{
	struct lane **lanes = calloc(scenes->n, sizeof(*lanes));
	const char *only = argc > 2 ? argv[2] : "";
	size_t n = 0;

	if (!lanes)
		tap_bail("no memory");
	lanes_open(1);
	for (size_t i = 0; i < scenes->n; i++) {
		struct lane *l = (struct lane *)((char *)scenes->first + i * scenes->size);

		if (!strstr(l->name, only))
			continue;
		scenes->open(i);
		lanes[n++] = l;
	}
	lanes_run(lanes, n, argc > 1 ? atoi(argv[1]) : rounds, group);
	free(lanes);
	return 0;
}
