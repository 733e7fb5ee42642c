// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What one run of a program costs, by the kernel's own run-time statistics: a
 * fresh packet for every run, cases in turn, medians of the rounds. The figure
 * contains the statistics' two clock reads, so look at differences to `pass`.
 * Redirection only fills in where the frame should go.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/ruler.h"
#include "frames.h"
#include "measure.h"
#include "ruler.skel.h"
#include "runtime.h"
#include "tables.h"
#include "tap.h"
#include "tc_port.skel.h"
#include "wire.h"
#include "xdp_port.skel.h"

#define ROUNDS_DEFAULT 7
#define RUNS	       15000

enum engine { RULER_PASS, RULER_REDIRECT, XDP_FULL, XDP_INNER, XDP_1K, XDP_64K, XDP_1M,
	      TC_PASS, TC_REDIRECT, TC_FULL, ENGINES };

static const uint32_t engine_macs[ENGINES] = {
	[XDP_1K] = 1 << 10,
	[XDP_64K] = 1 << 16,
	[XDP_1M] = 1 << 20,
};

static int engine_fd[ENGINES];

struct bench_case {
	const char *name;
	enum engine engine;
	struct frame_spec frame;
	struct samples ns;
	struct pkt packet;
};

#define CASE(title, with, ...) \
	{ .name = title, .engine = with, .frame = { __VA_ARGS__ } }

static struct bench_case cases[] = {
	CASE("run/xdp pass", RULER_PASS, 4, 64, false),
	CASE("run/xdp redirect", RULER_REDIRECT, 4, 64, false),
	CASE("run/vxlan4 zero 64", XDP_FULL, 4, 64, false),
	CASE("run/vxlan4 zero 512", XDP_FULL, 4, 512, false),
	CASE("run/vxlan4 zero 1400", XDP_FULL, 4, 1400, false),
	CASE("run/vxlan4 inner 64", XDP_INNER, 4, 64, true),
	CASE("run/vxlan4 inner 512", XDP_INNER, 4, 512, true),
	CASE("run/vxlan4 inner 1400", XDP_INNER, 4, 1400, true),
	CASE("run/vxlan4 full 64", XDP_FULL, 4, 64, true),
	CASE("run/vxlan4 full 512", XDP_FULL, 4, 512, true),
	CASE("run/vxlan4 full 1400", XDP_FULL, 4, 1400, true),
	CASE("run/vxlan6 zero 64", XDP_FULL, 6, 64, false),
	CASE("run/vxlan6 zero 512", XDP_FULL, 6, 512, false),
	CASE("run/vxlan6 zero 1400", XDP_FULL, 6, 1400, false),
	CASE("run/vxlan6 inner 64", XDP_INNER, 6, 64, true),
	CASE("run/vxlan6 inner 512", XDP_INNER, 6, 512, true),
	CASE("run/vxlan6 inner 1400", XDP_INNER, 6, 1400, true),
	CASE("run/vxlan6 full 64", XDP_FULL, 6, 64, true),
	CASE("run/vxlan6 full 512", XDP_FULL, 6, 512, true),
	CASE("run/vxlan6 full 1400", XDP_FULL, 6, 1400, true),
	CASE("run/vxlan4 fdb 1k", XDP_1K, 4, 64, false),
	CASE("run/vxlan4 fdb 64k", XDP_64K, 4, 64, false),
	CASE("run/vxlan4 fdb 1M", XDP_1M, 4, 64, false),
	CASE("run/tc pass", TC_PASS, 4, 64, false),
	CASE("run/tc redirect", TC_REDIRECT, 4, 64, false),
	CASE("run/tc vxlan4 zero 64", TC_FULL, 4, 64, false),
	CASE("run/tc vxlan6 zero 64", TC_FULL, 6, 64, false),
};
#define CASES (sizeof(cases) / sizeof(cases[0]))

static struct bpf_object *object_fill(struct bpf_object *obj, const struct pn_conf *conf,
				      uint32_t macs, bool tc)
{
	uint32_t lo = if_nametoindex("lo");
	struct frame_world w = { .macs = macs ? macs : 1, .wire = lo, .web = lo, .tc = tc };
	struct tables t;

	tables_open(&t, obj, conf);
	frame_tables(&t, &w);
	/* the same over IPv6 */
	tables_tunnel(&t, &(struct tables_tunnel){ 1, FRAME_P_VXLAN, FRAME_PORT, FRAME_VNI, true,
						   FRAME_VX_MAC });
	tables_endpoint(&t, FRAME_P_WIRE, FRAME_SRC6, FRAME_DST6);
	return obj;
}

static int xdp_load(enum engine engine)
{
	struct xdp_port_bpf *skel = xdp_port_bpf__open();
	struct pn_conf conf = {
		.port = FRAME_P_WIRE,
		.checksum = engine == XDP_INNER ? PN_CSUM_INNER : PN_CSUM_FULL,
	};

	if (!skel)
		tap_bail("xdp_port: no skeleton");
	tables_size(skel->obj, &conf, engine_macs[engine] + 1);
	memcpy((void *)&skel->rodata->pn_conf, &conf, sizeof(conf));
	if (xdp_port_bpf__load(skel))
		tap_bail("xdp_port: the kernel refuses it");
	object_fill(skel->obj, &conf, engine_macs[engine], false);
	return bpf_program__fd(skel->progs.xdp_port);
}

static int tc_load(void)
{
	struct tc_port_bpf *skel = tc_port_bpf__open();
	struct pn_conf conf = { .port = FRAME_P_WIRE, .checksum = PN_CSUM_FULL };

	if (!skel)
		tap_bail("tc_port: no skeleton");
	tables_size(skel->obj, &conf, 2);
	memcpy((void *)&skel->rodata->pn_conf, &conf, sizeof(conf));
	if (tc_port_bpf__load(skel))
		tap_bail("tc_port: the kernel refuses it");
	object_fill(skel->obj, &conf, 1, true);
	return bpf_program__fd(skel->progs.tc_port);
}

static void engines_load(void)
{
	struct ruler_bpf *ruler = ruler_bpf__open();
	uint32_t dut = RULER_DUT, lo = if_nametoindex("lo");

	if (!ruler)
		tap_bail("no rulers");
	*(uint32_t *)&ruler->rodata->ruler_tc_device = lo;
	if (ruler_bpf__load(ruler) ||
	    bpf_map_update_elem(bpf_map__fd(ruler->maps.ruler_devmap), &dut, &lo, 0))
		tap_bail("the rulers do not load");
	engine_fd[RULER_PASS] = bpf_program__fd(ruler->progs.pass);
	engine_fd[RULER_REDIRECT] = bpf_program__fd(ruler->progs.redirect);
	engine_fd[TC_PASS] = bpf_program__fd(ruler->progs.tc_pass);
	engine_fd[TC_REDIRECT] = bpf_program__fd(ruler->progs.tc_redirect);
	for (enum engine e = XDP_FULL; e <= XDP_1M; e++)
		engine_fd[e] = xdp_load(e);
	engine_fd[TC_FULL] = tc_load();
}

static int want_action(enum engine engine)
{
	switch (engine) {
	case RULER_PASS:
		return 2; /* XDP_PASS */
	case TC_PASS:
		return -1; /* TC_ACT_UNSPEC */
	case TC_REDIRECT:
	case TC_FULL:
		return 7; /* TC_ACT_REDIRECT */
	default:
		return 4; /* XDP_REDIRECT */
	}
}

static void mac_vary(struct pkt *p, const void *arg)
{
	const struct bench_case *c = arg;

	pkt_put32(pkt_data(p) + frame_mac_at(&c->frame) + 2,
		  rand() & (engine_macs[c->engine] - 1));
}

static void case_round(struct bench_case *c, int runs)
{
	struct runtime r = {
		.fd = engine_fd[c->engine],
		.name = c->name,
		.action = want_action(c->engine),
		.vary = engine_macs[c->engine] ? mac_vary : NULL,
		.arg = c,
	};

	samples_add(&c->ns, runtime_measure(&r, &c->packet, runs));
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : ROUNDS_DEFAULT;
	int runs = argc > 2 ? atoi(argv[2]) : RUNS;
	const char *only = argc > 3 ? argv[3] : "";
	int stats = runtime_enable();

	wire_pin();
	engines_load();
	for (size_t i = 0; i < CASES; i++)
		frame_build(&cases[i].packet, &cases[i].frame);
	for (int r = 0; r < rounds; r++)
		for (size_t i = 0; i < CASES; i++)
			if (strstr(cases[i].name, only))
				case_round(&cases[i], runs);
	for (size_t i = 0; i < CASES; i++) {
		bool tc = cases[i].engine >= TC_PASS;
		struct bench_case *ruler = &cases[1];

		if (tc)
			for (ruler = cases; ruler->engine != TC_REDIRECT;)
				ruler++;
		if (cases[i].ns.n)
			result_print(&(struct result){ cases[i].name, "ns_per_run", &cases[i].ns,
						       NULL, &ruler->ns });
	}
	close(stats);
	return 0;
}
