// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a shaper costs a packet that conforms, on the packet's whole way
 * (lane.h): penstock with shapers beside penstock without any, and beside the
 * kernel's bridge behind an IFB device with HTB.
 */
#include <arpa/inet.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lane.h"
#include "policed.h"
#include "shell.h"
#include "tap.h"

#define ROUNDS_DEFAULT 5
#define MANY	       (1u << 17)
#define BUSY	       64
#define RATE	       5000000000ull /* more than this machine sends */
#define BURST	       10000000
#define INNER_SRC_AT   76 /* in a VXLAN packet over IPv4 */

enum layout {
	NONE,		/* no shaper */
	PORT,		/* one for everything of the port */
	LEVELS,		/* the same below three ancestors */
	SOURCES,	/* the same, fair between source addresses */
	VNI,		/* one for the tunnel's VNI */
	BY_SOURCE,	/* one for each inner source */
};

struct scene {
	struct lane lane;
	int family;	/* of the outer packet; 0: bridge alone */
	enum layout layout;
	uint32_t many, busy;
	bool beside;	/* show the kernel and a bare redirect */
	bool ifb;	/* the kernel's way goes through an IFB device with HTB */
	struct policed port[2]; /* XDP, tc */
};

#define HAS(mode) LANE_HAS(LANE_##mode)
#define SCENE(title, m, fam, with, ...) \
	{ \
		.lane.name = title, .lane.modes = m, .family = fam, .layout = with, \
		__VA_ARGS__ \
	}
#define XDP HAS(XDP)
#define BOTH (HAS(XDP) | HAS(TC))

static struct scene scenes[] = {
	SCENE("bridge, no shaper", BOTH, 0, NONE, .beside = true),
	SCENE("bridge, 1 shaper", BOTH, 0, PORT, .beside = true, .ifb = true),
	SCENE("bridge, 4 levels", XDP, 0, LEVELS),
	SCENE("bridge, per source", XDP, 0, SOURCES),
	SCENE("vxlan4, no shaper", XDP, 4, NONE, .beside = true),
	SCENE("vxlan4, 1 shaper", XDP, 4, VNI),
	SCENE("vxlan4, 1 shaper of an inner source", XDP, 4, BY_SOURCE, .many = 1, .busy = 1),
	SCENE("vxlan4, 100k shapers, 1 busy", XDP, 4, BY_SOURCE, .many = MANY, .busy = 1),
	SCENE("vxlan4, 100k shapers, 64 busy", XDP, 4, BY_SOURCE, .many = MANY, .busy = BUSY),
	SCENE("vxlan4, 100k shapers", XDP, 4, BY_SOURCE, .many = MANY, .busy = MANY),
};
#define SCENES (sizeof(scenes) / sizeof(scenes[0]))

static void must(int ret, const char *what)
{
	if (ret < 0)
		tap_bail("%s: %s", what, strerror(-ret));
}

static void scene_links(struct scene *s, int nth)
{
	struct netns_vxlan vx = { .id = FRAME_VNI, .dstport = FRAME_PORT, .local = FRAME_DST4 };
	const struct netns *d = &s->lane.d;

	lane_wires(&s->lane, nth, false);
	if (!s->beside)
		s->lane.modes &= ~(HAS(REDIRECT) | HAS(KERNEL));
	must(netns_bridge(d, "br"), "bridge");
	if (s->family) {
		must(netns_addr(d, "d0", FRAME_DST4 "/24"), "address");
		must(netns_vxlan(d, "vx", &vx), "vxlan");
		must(netns_mac(d, "vx", FRAME_VX_MAC), "MAC");
		must(netns_up(d, "vx"), "vxlan up");
	}
	must(netns_master(d, s->family ? "vx" : "d0", "br"), "enslave");
	must(netns_master(d, "d1", "br"), "enslave");
	must(netns_up(d, "br"), "up");
	lane_start(&s->lane);
	must(netns_fdb(d, "d1", FRAME_DST_MAC, NULL), "FDB");
	if (s->ifb)
		shell_ifb_htb(d, "d0", "ifb0", "40gbit", "10m");
}

/* One shaper of everything, below @ancestors others. */
static void shapers_one(struct policed *p, int ancestors, uint8_t flags, bool vni)
{
	struct pn_flow bits = { .port = 0xffff }, want = { .port = FRAME_P_WIRE };
	struct pn_shaper shaper = { .action = PN_SHAPER_POLICE, .flags = flags };
	struct shaped_rate rate = { RATE, BURST };

	for (int i = 0; i <= ancestors; i++) {
		shaper.parent = i < ancestors ? i + 2 : 0;
		shaped_put(&p->shaped, i + 1, &shaper, rate, (struct shaped_rate){ 0 });
		shaper.action = PN_SHAPER_NONE;
		shaper.flags = 0;
	}
	if (vni) {
		bits.kind = 0xff;
		bits.key = ~0u;
		want.kind = PN_TUNNEL_VXLAN;
		want.key = FRAME_VNI;
	}
	shaped_match(&p->shaped, 0, 1, &bits, &want, 1);
}

/* One for each inner source, neither matches nor shapers in the order of the addresses. */
static void shapers_by_source(struct policed *p, uint32_t many)
{
	struct pn_flow bits = { .src = { ~0u, ~0u, ~0u, ~0u } }, want = { 0 };
	struct pn_shaper shaper = { .action = PN_SHAPER_POLICE };
	struct shaped_rate rate = { RATE, BURST };

	want.src[2] = htonl(0xffff);
	for (uint32_t i = 0; i < many; i++) {
		uint32_t source = i * 40503u & (many - 1);
		uint32_t index = 1 + (i * 25173u & (many - 1));

		want.src[3] = htonl(source);
		shaped_put(&p->shaped, index, &shaper, rate, (struct shaped_rate){ 0 });
		shaped_match(&p->shaped, 0, 1 + i, &bits, &want, index);
	}
}

static void shapers_put(struct scene *s, struct policed *p)
{
	switch (s->layout) {
	case NONE:
		break;
	case PORT:
		shapers_one(p, 0, 0, false);
		break;
	case LEVELS:
		shapers_one(p, PN_SHAPER_DEPTH - 1, 0, false);
		break;
	case SOURCES:
		shapers_one(p, 0, PN_SHAPER_F_PER_SRC, false);
		break;
	case VNI:
		shapers_one(p, 0, 0, true);
		break;
	case BY_SOURCE:
		shapers_by_source(p, s->many);
		break;
	}
}

static int port_load(struct scene *s, bool tc)
{
	static const uint32_t parts[] = {
		[SOURCES] = PN_PART_INNER, [VNI] = PN_PART_TUNNEL, [BY_SOURCE] = PN_PART_INNER,
	};
	struct policed_opts opts = {
		.tc = tc,
		.masks = s->layout != NONE,
		.parts = parts[s->layout],
		.shapers = s->many > 1 ? s->many + 2 : 0,
		.world = { .wire = s->lane.d0, .web = netns_ifindex(&s->lane.d, "d1"),
			   .bridged = !s->family },
	};

	must(netns_enter(&s->lane.d), "namespace");
	policed_load(&s->port[tc], &opts);
	netns_leave();
	shapers_put(s, &s->port[tc]);
	return s->port[tc].prog;
}

static void scene_open(size_t nth)
{
	struct scene *s = &scenes[nth];
	struct frame_spec frame = { s->family, 60, false };

	scene_links(s, nth);
	s->lane.prog[LANE_XDP] = port_load(s, false);
	if (s->lane.modes & HAS(TC))
		s->lane.prog[LANE_TC] = port_load(s, true);
	frame_build(&s->lane.packet, &frame);
	if (s->layout == BY_SOURCE) {
		/* the generator varies what stands two bytes behind */
		s->lane.mac_at = INNER_SRC_AT - 2;
		s->lane.mac_mask = s->busy - 1;
		memset(pkt_data(&s->lane.packet) + INNER_SRC_AT, 0, 4);
	}
}

int main(int argc, char **argv)
{
	static const struct lane_scenes all = { &scenes[0].lane, SCENES, sizeof(scenes[0]),
						scene_open };

	return lanes_main(argc, argv, &all, ROUNDS_DEFAULT, "shape");
}
