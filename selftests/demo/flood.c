// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A flood of VXLAN frames out of a device in one namespace, counted at a
 * device in another: flood NETNS DEV NETNS DEV SECONDS [KIND]. Prints one JSON
 * object. The addresses are those of frames.h; with KIND it is the packet of
 * another tunnel, those of kinds.h. The whole way runs on one CPU,
 * below the generator's system call, so its CPU time is the frames' cost.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/ruler.h"
#include "cputime.h"
#include "frames.h"
#include "hook.h"
#include "kinds.h"
#include "netns.h"
#include "ruler.skel.h"
#include "wire.h"

#define FRAMES_FIRST 20000 /* to learn how fast it goes */
#define INNER_LEN    60

static struct ruler_bpf *ruler;

static void die(const char *what)
{
	fprintf(stderr, "flood: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void space_enter(const char *name)
{
	errno = -netns_go(name);
	if (errno)
		die(name);
}

static uint64_t sink_count(void)
{
	uint64_t value[libbpf_num_possible_cpus()], sum = 0;
	uint32_t zero = 0;

	if (bpf_map_lookup_elem(bpf_map__fd(ruler->maps.ruler_count), &zero, value))
		die("counter");
	for (int i = 0; i < libbpf_num_possible_cpus(); i++)
		sum += value[i];
	return sum;
}

static uint64_t flood(struct pkt *p, uint32_t frames, struct cputime *took)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = pkt_data(p), .data_size_in = p->len,
		    .repeat = frames, .flags = BPF_F_TEST_XDP_LIVE_FRAMES);
	uint64_t before = sink_count();
	struct cputime start;

	cputime_read(&start);
	if (bpf_prog_test_run_opts(bpf_program__fd(ruler->progs.gen), &opts))
		die("live frames (Linux 5.18)");
	cputime_since(&start, took);
	return sink_count() - before;
}

static void sink_open(const char *netns, const char *dev)
{
	static struct hook sink;
	int ret;

	space_enter(netns);
	sink.ifindex = if_nametoindex(dev);
	ret = hook_attach(&sink, bpf_program__fd(ruler->progs.sink));
	if (ret) {
		errno = -ret;
		die(dev);
	}
}

static void gen_open(const char *netns, const char *dev, const struct pkt *p)
{
	uint32_t key = 1, ifindex;

	space_enter(netns);
	ifindex = if_nametoindex(dev);
	if (bpf_map_update_elem(bpf_map__fd(ruler->maps.ruler_devmap), &key, &ifindex, 0))
		die(dev);
	ruler->bss->ruler_gen.device = key;
	ruler->bss->ruler_gen.front_len = sizeof(ruler->bss->ruler_gen.front);
	memcpy(ruler->bss->ruler_gen.front, pkt_cdata(p), sizeof(ruler->bss->ruler_gen.front));
}

int main(int argc, char **argv)
{
	struct frame_spec spec = { .family = 4, .inner_len = INNER_LEN };
	struct cputime took;
	struct pkt packet;
	uint64_t arrived;
	double frames;

	const struct kind *kind = argc == 7 ? kind_find(argv[6]) : NULL;

	if (argc != 6 && !kind) {
		fprintf(stderr, "usage: flood NETNS DEV NETNS DEV SECONDS [KIND]\n");
		return 1;
	}
	ruler = ruler_bpf__open_and_load();
	if (!ruler)
		die("programs");
	wire_pin();
	if (kind)
		kind_packet(kind, &packet);
	else
		frame_build(&packet, &spec);
	sink_open(argv[3], argv[4]);
	gen_open(argv[1], argv[2], &packet);
	flood(&packet, FRAMES_FIRST, &took);
	frames = FRAMES_FIRST * atof(argv[5]) * 1e9 / took.cpu_ns;
	arrived = flood(&packet, frames, &took);
	printf("{\"sent\": %.0f, \"arrived\": %lu, \"cpu_ns\": %.0f, \"packets_per_s\": %.0f}\n",
	       frames, arrived, arrived ? took.cpu_ns / arrived : 0, arrived * 1e9 / took.wall_ns);
	return 0;
}
