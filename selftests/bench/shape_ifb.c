// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What queueing costs a packet that conforms, on its whole way through a bridge
 * (lane.h): `action: shape` as a file makes it beside an IFB device with HTB
 * built by hand, and what both cost above the bridge without any.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"
#include "lane.h"
#include "shell.h"
#include "tap.h"

#define ROUNDS_DEFAULT 5

static char dir[] = "/run/pnt-shape-ifb-XXXXXX", file[64], undo[64];

struct way {
	struct lane lane;
	const char *hook; /* penstock's; NULL: none */
	const char *match;
	bool hand; /* IFB and HTB by hand */
};

static struct way ways[] = {
	{ .lane.name = "none" },
	{ .lane.name = "by hand", .hand = true },
	{ .lane.name = "htb tc", .hook = "tc" },
	{ .lane.name = "htb xdp", .hook = "xdp" },
	{ .lane.name = "htb of an inner source tc", .hook = "tc",
	  .match = ", src: 192.168.5.2/32" },
};
#define WAYS (sizeof(ways) / sizeof(ways[0]))
#define HAND 1 /* of ways */

static void must(int ret, const char *what)
{
	if (ret < 0)
		tap_bail("%s: %s", what, strerror(-ret));
}

/* With pins and records of its own. */
static void way_penstock(const struct way *w, const char *line)
{
	char text[512];

	snprintf(text, sizeof(text), "--bpffs /sys/fs/bpf/pnt-shape-ifb%d %s", w->lane.nth, line);
	shell_penstock(&w->lane.d, text);
}

static void file_apply(const struct way *w)
{
	FILE *f = fopen(file, "we");
	char line[256];

	if (!f || fprintf(f, "penstock: 1\nports:\n  - {dev: d0, hook: %s}\nshapers:\n"
			     "  - {name: all, match: {dev: d0%s}, rate: 40gbit, burst: 10m, "
			     "action: shape}\n",
			  w->hook, w->match ? w->match : "") < 0 ||
	    fclose(f))
		tap_bail("cannot write %s", file);
	snprintf(line, sizeof(line), "apply --state %s/%d %s", dir, w->lane.nth, file);
	way_penstock(w, line);
}

static void way_open(struct way *w, int nth)
{
	const struct netns *d = &w->lane.d;
	struct frame_spec frame = { 0, 60, false };

	lane_wires(&w->lane, nth, false);
	w->lane.modes = LANE_HAS(LANE_KERNEL); /* what is there stays */
	must(netns_bridge(d, "br"), "bridge");
	must(netns_master(d, "d0", "br"), "enslave");
	must(netns_master(d, "d1", "br"), "enslave");
	must(netns_up(d, "br"), "up");
	lane_start(&w->lane);
	must(netns_fdb(d, "d1", FRAME_DST_MAC, NULL), "FDB");
	frame_build(&w->lane.packet, &frame);
	if (w->hand)
		shell_ifb_htb(d, "d0", "ifb0", "40gbit", "10m");
	else if (w->hook)
		file_apply(w);
}

static void way_print(struct way *w)
{
	char name[80];

	snprintf(name, sizeof(name), "shape/ifb, %s", w->lane.name);
	result_print(&(struct result){ name, "cpu_ns_per_packet", &w->lane.cpu[LANE_KERNEL],
				       w->hook ? &ways[HAND].lane.cpu[LANE_KERNEL] : NULL });
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : ROUNDS_DEFAULT;

	if (!mkdtemp(dir))
		tap_bail("no directory: %s", strerror(errno));
	snprintf(file, sizeof(file), "%s/f.yaml", dir);
	snprintf(undo, sizeof(undo), "rm -rf %s", dir);
	lanes_open(1);
	for (size_t i = 0; i < WAYS; i++)
		way_open(&ways[i], i);
	for (int r = -1; r < rounds; r++)
		for (size_t i = 0; i < WAYS; i++)
			lane_visit(&ways[i].lane, LANE_KERNEL, r < 0);
	for (size_t i = 0; i < WAYS; i++)
		way_print(&ways[i]);
	for (size_t i = 0; i < WAYS; i++)
		if (ways[i].hook)
			way_penstock(&ways[i], "detach --all");
	return system(undo) ? 1 : 0;
}
