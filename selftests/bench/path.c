// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a packet costs on its whole way (lane.h), out of VXLAN and over a bridge:
 * the kernel alone, a bare redirect, penstock at XDP and at tc.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"
#include "lane.h"
#include "tap.h"
#include "tc_port.skel.h"
#include "xdp_port.skel.h"

#define ROUNDS_DEFAULT 7

struct scene {
	struct frame_spec frame;
	enum pn_csum_mode checksum;
	uint32_t macs;
	struct lane lane;
};

#define HAS(mode) LANE_HAS(LANE_##mode)
#define SCENE(title, sum, n, m, ...) \
	{ \
		.lane.name = title, .lane.modes = m, .checksum = sum, .macs = n, \
		.frame = { __VA_ARGS__ } \
	}

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

static void must(int ret, const char *what)
{
	if (ret < 0)
		tap_bail("%s: %s", what, strerror(-ret));
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
	must(netns_bridge_cmd(&s->lane.d, text), "bridge -batch");
	free(text);
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
	const struct netns *d = &s->lane.d;
	const char *port = s->frame.family ? "vx" : "d0";

	lane_wires(&s->lane, nth, v6);
	must(netns_bridge(d, "br"), "bridge");
	if (s->frame.family) {
		must(netns_addr(d, "d0", v6 ? FRAME_DST6 "/64" : FRAME_DST4 "/24"), "address");
		must(netns_vxlan(d, "vx", &vx), "vxlan");
		must(netns_mac(d, "vx", FRAME_VX_MAC), "MAC");
		must(netns_up(d, "vx"), "vxlan up");
	}
	must(netns_master(d, port, "br"), "enslave");
	must(netns_master(d, "d1", "br"), "enslave");
	must(netns_up(d, "br"), "up");
	lane_start(&s->lane);
	scene_macs(s);
}

static void tables_fill(struct scene *s, struct bpf_object *obj, const struct pn_conf *conf,
			bool tc)
{
	struct frame_world w = {
		.macs = s->macs,
		.wire = s->lane.d0,
		.web = netns_ifindex(&s->lane.d, "d1"),
		.v6 = s->frame.family == 6,
		.bridged = !s->frame.family,
		.tc = tc,
	};
	struct tables t;

	tables_open(&t, obj, conf);
	must(netns_enter(&s->lane.d), "namespace");
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
	s->lane.prog[LANE_XDP] = bpf_program__fd(skel->progs.xdp_port);
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
	s->lane.prog[LANE_TC] = bpf_program__fd(skel->progs.tc_port);
}

static void scene_open(size_t nth)
{
	struct scene *s = &scenes[nth];

	scene_links(s, nth);
	if (s->lane.modes & HAS(XDP))
		scene_xdp(s);
	if (s->lane.modes & HAS(TC))
		scene_tc(s);
	frame_build(&s->lane.packet, &s->frame);
	s->lane.mac_at = frame_mac_at(&s->frame);
	s->lane.mac_mask = s->macs - 1;
}

int main(int argc, char **argv)
{
	static const struct lane_scenes all = { &scenes[0].lane, SCENES, sizeof(scenes[0]),
						scene_open };

	return lanes_main(argc, argv, &all, ROUNDS_DEFAULT, "path");
}
