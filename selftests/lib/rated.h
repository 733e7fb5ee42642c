/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A shaper of a pin directory while traffic flows: what it has counted, sampled
 * between two readings of the clock, and its rate changed in process as the
 * loader does. So bounds hold however slow or busy the machine is: what happened
 * between two samples happened between the outer of their four times.
 */
#ifndef PN_TEST_RATED_H
#define PN_TEST_RATED_H

#include <pthread.h>
#include <stdatomic.h>

#include "plane/maps.h"
#include "shape/shape.h"

struct rated_sample {
	uint64_t before, after;	/* ns of the monotonic clock */
	uint32_t generation;	/* of the shaper; another one: it was written */
	uint64_t passed, dropped; /* bytes so far */
};

struct rated {
	struct pn_pins pins;
	struct pn_maps maps;
	struct pn_shape_port port;
	uint32_t index;		/* of the shaper */

	struct rated_sample *sample;
	uint32_t n, room;
	pthread_t thread;
	atomic_bool stop;
};

/* The shaper @name of directory @bpffs, whose namespace this is; of its one port. Bails out. */
void rated_open(struct rated *r, const char *bpffs, const char *name, uint32_t ifindex);
void rated_close(struct rated *r);

uint64_t rated_clock(void);
/* Counters of all CPUs. */
void rated_stats(const struct rated *r, struct pn_shaper_stats *sum);
/* Packets that have met it, whatever became of them. */
uint64_t rated_met(const struct rated *r);

/* A moment between @began and @ended: @rate bytes a second, the burst stays. */
struct rated_moment {
	uint64_t began, ended;
};
struct rated_moment rated_change(struct rated *r, uint64_t rate);

/* A sample each millisecond, if the machine lets us, until the end. */
void rated_watch(struct rated *r);
void rated_watched(struct rated *r);
/* When the samples say that the shaper was written first; 0, 0: it was not. */
struct rated_moment rated_written(const struct rated *r);

/* Between two times; never below 0. */
double rated_seconds(uint64_t from, uint64_t to);
/* Were packets dropped since the sample before? Then there was no room for them in between. */
bool rated_ran_dry(const struct rated_sample *s);

struct rated_want {
	uint32_t from;		/* a sample that ran dry */
	uint64_t rate, most;	/* bytes a second; and the highest that held before */
	uint32_t burst, len;	/* bytes; of a packet */
	uint32_t kept;		/* of the burst for others than those that are dropped */
};

/*
 * A check: never more than the rate from there on, and no less wherever drops in
 * each interval prove that enough is offered; somewhere they do.
 */
void rated_holds(const struct rated *r, const struct rated_want *want);

#endif
