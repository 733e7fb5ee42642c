// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What spreading is good for: frames through a bridge as fast as one CPU sends
 * them, one flow or many, cheap (forwarded at XDP) or dear (flooded by the
 * kernel); policed where they arrive, or handed on to the other CPU, or to both.
 * What arrives, and what a packet costs the CPU that it arrives on.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "frames.h"
#include "lane.h"
#include "shell.h"
#include "tap.h"

#define ROUNDS_DEFAULT 5
#define VARY_AT	       24 /* two bytes before the IPv4 source of a plain frame */
#define FLOWS	       16

struct way {
	const char *spread; /* NULL: none; "": no shaper at all */
	bool dear, many;
	struct lane lane;
	char name[64];
};

static struct way ways[] = {
	{ .spread = "", .many = true },
	{ .spread = NULL, .many = true },
	{ .spread = "[1]", .many = true },
	{ .spread = "[0, 1]", .many = true },
	{ .spread = "", .dear = true },
	{ .spread = NULL, .dear = true },
	{ .spread = "[1]", .dear = true },
	{ .spread = "", .dear = true, .many = true },
	{ .spread = NULL, .dear = true, .many = true },
	{ .spread = "[1]", .dear = true, .many = true },
	{ .spread = "[0, 1]", .dear = true, .many = true },
};
#define WAYS (sizeof(ways) / sizeof(ways[0]))

#define GENERATOR "pnt-bench-spread-g"
#define SINK	  "pnt-bench-spread-s"

static char dir[] = "/run/pnt-shape-spread-XXXXXX", file[64], undo[64];

static void must(int ret, const char *what)
{
	if (ret < 0)
		tap_bail("%s: %s", what, strerror(-ret));
}

/* With pins and records of its own. */
static void way_penstock(const struct way *w, const char *line)
{
	char text[512];

	snprintf(text, sizeof(text), "--bpffs /sys/fs/bpf/pnt-shape-spread%d %s", w->lane.nth,
		 line);
	shell_penstock(&w->lane.d, text);
}

static void file_apply(const struct way *w)
{
	FILE *f = fopen(file, "we");
	char line[256];

	if (!f)
		tap_bail("cannot write %s", file);
	fputs("penstock: 1\nports:\n  - {dev: d0, hook: xdp}\n", f);
	if (!w->spread || w->spread[0])
		fprintf(f, "shapers:\n  - {name: all, match: {dev: d0}, rate: 100gbit%s%s}\n",
			w->spread ? ", spread: " : "", w->spread ? w->spread : "");
	if (fclose(f))
		tap_bail("cannot write %s", file);
	snprintf(line, sizeof(line), "apply --state %s/%d %s", dir, w->lane.nth, file);
	way_penstock(w, line);
}

static void way_open(struct way *w, int nth)
{
	const char *what = w->spread ? w->spread : "policed";
	struct frame_spec frame = { 0, 60, false };
	const struct netns *d = &w->lane.d;

	snprintf(w->name, sizeof(w->name), "%s, %s, %s%s", w->dear ? "flooded" : "forwarded",
		 w->many ? "16 flows" : "1 flow", w->spread && w->spread[0] ? "spread: " : "",
		 *what ? what : "no shaper");
	w->lane.name = w->name;
	w->lane.handed_on = true;
	lane_wires(&w->lane, nth, false);
	w->lane.modes = LANE_HAS(LANE_KERNEL); /* what is there stays */
	must(netns_bridge(d, "br"), "bridge");
	must(netns_master(d, "d0", "br"), "enslave");
	must(netns_master(d, "d1", "br"), "enslave");
	must(netns_up(d, "br"), "up");
	lane_start(&w->lane);
	must(netns_fdb(d, "d0", FRAME_SRC_MAC, NULL), "FDB");
	if (!w->dear)
		must(netns_fdb(d, "d1", FRAME_DST_MAC, NULL), "FDB");
	frame_build(&w->lane.packet, &frame);
	if (w->many) {
		w->lane.mac_at = VARY_AT;
		w->lane.mac_mask = FLOWS - 1;
	}
	file_apply(w);
}

static void way_print(struct way *w)
{
	char name[96];

	snprintf(name, sizeof(name), "spread/%s", w->name);
	result_print(&(struct result){ name, "cpu_ns_per_packet", &w->lane.cpu[LANE_KERNEL] });
}

/* As long as it is mounted a file cannot go. */
static void name_drop(const char *path)
{
	umount2(path, MNT_DETACH);
	unlink(path);
}

static int first_cpu_take(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? -errno : 0;
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : ROUNDS_DEFAULT;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		return 0;
	if (!mkdtemp(dir))
		tap_bail("no directory: %s", strerror(errno));
	snprintf(file, sizeof(file), "%s/f.yaml", dir);
	snprintf(undo, sizeof(undo), "rm -rf %s", dir);
	lanes_open(1);
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL))
		tap_bail("mount namespace: %s", strerror(errno));
	lanes_name(GENERATOR, SINK);
	/* Packets arrive on the first CPU: those of another would not be handed on to it. */
	must(first_cpu_take(), "CPU 0");
	for (size_t i = 0; i < WAYS; i++)
		way_open(&ways[i], i);
	for (int r = -1; r < rounds; r++)
		for (size_t i = 0; i < WAYS; i++)
			lane_visit(&ways[i].lane, LANE_KERNEL, r < 0);
	for (size_t i = 0; i < WAYS; i++) {
		way_print(&ways[i]);
		way_penstock(&ways[i], "detach --all");
	}
	name_drop("/run/netns/" GENERATOR);
	name_drop("/run/netns/" SINK);
	return system(undo) ? 1 : 0;
}
