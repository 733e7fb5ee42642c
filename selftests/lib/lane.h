/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a packet costs on its whole way: generator G -> device under test D ->
 * sink S, three namespaces and two pairs of veths for each lane. Live frames
 * leave G, D does what is being measured between d0 and d1, an XDP program in S
 * counts and drops. The way runs in softirq below the generator's system call,
 * on one CPU, without loss; so its CPU time over the delivered frames is the
 * figure. The same D is used by turns with nothing attached, with a bare
 * redirect and with penstock.
 */
#ifndef PN_TEST_LANE_H
#define PN_TEST_LANE_H

#include "measure.h"
#include "netns.h"
#include "pkt.h"

enum lane_mode { LANE_REDIRECT, LANE_KERNEL, LANE_XDP, LANE_TC, LANE_MODES };

#define LANE_HAS(mode) (1 << (mode))

struct lane {
	const char *name;
	unsigned int modes; /* LANE_HAS(), beside redirect and kernel */
	struct netns d;	    /* with d0 and d1 */
	uint32_t d0;
	int prog[LANE_MODES];
	struct pkt packet;
	uint32_t mac_at, mac_mask; /* an address to vary; mask 0: none */
	bool whole;		   /* D may write anywhere in the headers */
	bool handed_on;		   /* another CPU goes on with it, and may not keep up */

	int nth;
	char gen_dev[16], sink_dev[16];
	struct samples cpu[LANE_MODES];
	struct samples pps[LANE_MODES];
};

/* The rulers, generator and sink; @share: of the usual number of frames (slow machines). */
void lanes_open(double share);

/* Names for generator and sink: penstock asks there what the wires do. */
void lanes_name(const char *gen, const char *sink);

/* A namespace D with d0 and d1, not yet up; @v6: with IPv6. */
void lane_wires(struct lane *l, int nth, bool v6);
/* Up, with carrier, and a sink behind. */
void lane_start(struct lane *l);

/* One round of one mode: a sample, or no more than warming up. */
void lane_visit(struct lane *l, enum lane_mode mode, bool warm_up);
/* All of them by their modes: a round to warm up, then @rounds; then printed. */
void lanes_run(struct lane *const *lanes, size_t n, int rounds, const char *group);

/* The scenes of a benchmark, each with its lane in it; @open makes one ready. */
struct lane_scenes {
	struct lane *first;
	size_t n, size;		/* bytes from one lane to the next */
	void (*open)(size_t i);
};
/* The whole of one: [ROUNDS [PART OF A NAME]]; @rounds unless they are said. */
int lanes_main(int argc, char **argv, const struct lane_scenes *scenes, int rounds,
	       const char *group);
/* "GROUP/NAME MODE": CPU time and packets per second. */
void lane_print(struct lane *l, const char *group);

#endif
