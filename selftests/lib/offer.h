/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Offered load and what arrives of it, by slots of a millisecond: one or two
 * CPUs send live frames through a device under test, programs count what is
 * sent and what arrives by the clock. So it is known what was offered in every
 * millisecond, and a machine that is busy with other things spoils no figure.
 */
#ifndef PN_TEST_OFFER_H
#define PN_TEST_OFFER_H

#include <pthread.h>
#include <stdatomic.h>

#include "bench/offered.h"
#include "netns.h"
#include "pkt.h"

struct offer;

struct offer_sender {
	struct offer *o;
	const struct pkt *packet;
	int cpu;
	pthread_t thread;
	atomic_bool done;
};

struct offer {
	struct netns gen, sink; /* with g0 and s0 */
	struct offer_bpf *skel;
	int cpus;		/* that can send at the same time */
	struct offer_sender senders[OFFERED_CPUS];
	int n_senders;
};

/* Namespaces and programs; D's d0 and d1 are made by offer_wires(), and up. */
void offer_open(struct offer *o);
void offer_wires(struct offer *o, const struct netns *d);
/* One more from G, whose end in D is called @dev; up. */
void offer_wire(struct offer *o, const struct netns *d, const char *dev);
void offer_close(struct offer *o);

/*
 * A bridge in @d over offer_wires() and, unless NULL, another wire to @more; what
 * comes for FRAME_DST_MAC leaves by d1. Nothing in the kernel is in its way.
 */
void offer_bridge(struct offer *o, struct netns *d, const char *more);

struct offer_load {
	const struct pkt *packet;
	int senders;		/* CPUs */
	uint64_t rate;		/* bytes a second, of all together; 0: as fast as may be */
	uint32_t ms;		/* 0, for offer_begin(): until offer_end() */
	uint32_t vary_at, vary_mask;
	/* Of @every packets one each has the headers of others[0] and of others[1]. */
	uint32_t every;
	const struct pkt *others[OFFERED_KINDS - 1];
	bool two_wires;		/* others[0] by the second one: offer_wire() */
};

struct offer_seen {
	uint32_t slots;	/* of the load; from OFFERED_SLOTS - 1 on all is in the last */
	uint64_t packets_sent, packets_got;
	uint64_t kinds_sent[OFFERED_KINDS], kinds_got[OFFERED_KINDS]; /* packets, with @every */
	uint64_t sent[OFFERED_SLOTS], got[OFFERED_SLOTS]; /* bytes */
};

/* From when this returns or a little later, until the other is called, or for @ms. */
void offer_begin(struct offer *o, const struct offer_load *load);
/* Waits until all has arrived that does. */
void offer_end(struct offer *o, struct offer_seen *seen);
/* Both. */
void offer_run(struct offer *o, const struct offer_load *load, struct offer_seen *seen);

uint64_t offer_bytes(const uint64_t *slots, uint32_t from, uint32_t to);

/*
 * What a bucket would have let pass in each slot, that computes exactly and has
 * @rate bytes a second and @burst bytes: into @want.
 */
void offer_model(const struct offer_seen *seen, double rate, double burst, double *want);

#endif
