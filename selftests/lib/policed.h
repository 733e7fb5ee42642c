/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A port with shapers, as benchmarks see it: one of the entry programs over
 * the small world of frames.h, and shapers by hand (shaped.h).
 */
#ifndef PN_TEST_POLICED_H
#define PN_TEST_POLICED_H

#include "frames.h"
#include "netns.h"
#include "offer.h"
#include "shaped.h"

struct policed_opts {
	bool tc;
	enum pn_csum_mode checksum;
	struct frame_world world;  /* as frame_tables(); macs, tc: set here */
	uint16_t masks;		   /* pn_conf's; 0: no shaper */
	uint32_t parts;
	uint32_t shapers;	   /* that fit; 0: a few */
	const struct policed *with; /* whose shapers these are too; NULL: its own */
};

struct policed {
	struct bpf_object *obj;
	int prog;
	struct tables tables;
	struct shaped shaped;
};

/* In the network namespace of the devices. Bails out. */
void policed_load(struct policed *p, const struct policed_opts *opts);
void policed_close(struct policed *p);

/*
 * A lane that @offer sends through one: @d's d0 is the port, bridged with d1, with
 * @xdp attached. @tc (or NULL) is loaded beside it, with the same shapers.
 */
void policed_lane(struct policed *xdp, struct policed *tc, struct offer *offer, struct netns *d);

/* Everything of the port belongs to shaper 1; @like: action, flags, dscp of it. */
void policed_all(struct policed *p, const struct pn_shaper *like, struct shaped_rate rate);

/* Packets that have arrived at the port since it was loaded. */
uint64_t policed_received(const struct policed *p);

#endif
