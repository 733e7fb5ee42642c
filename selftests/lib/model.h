/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The data plane's decision, written a second time: plain C over bytes, from
 * the conformance tables and not from bpf/, deciding by a struct world. Where
 * the data plane looks a key up that somebody proved unique, the model walks
 * all devices in the kernel's own order. It says what may be accelerated,
 * where it goes and what comes out - not for which reason the rest passes.
 */
#ifndef PN_TEST_MODEL_H
#define PN_TEST_MODEL_H

#include "pkt.h"
#include "world.h"

enum model_class {
	MODEL_PASS,
	MODEL_BRIDGED,
	MODEL_DECAP,
	MODEL_ROUTED,
	MODEL_DELIVERED,
	MODEL_REFUSED, /* dropped: a stranger on a strict port */
	MODEL_CLASSES
};

struct model_opts {
	bool tc; /* which hook decides */
	uint8_t peers; /* enum pn_peers, of the attached port */
	bool strict;
	uint8_t nesting; /* 0: 1 */
};

struct model_result {
	enum model_class class;
	uint16_t egress; /* port index; 0 where it is delivered */
	uint16_t tunnel; /* the innermost */
	bool settled;	 /* passed by what is behind a tunnel device: nobody else decides */
};

struct model;

/* Everything that is text in @w read once; @w must outlive it. NULL: no memory. */
struct model *model_open(const struct world *w, const struct model_opts *opts);
void model_close(struct model *m);

/* @port: where the frame arrives. @out is the frame that leaves, where one
 * does. Outer checksums are verified in full. */
struct model_result model_run(const struct model *m, uint16_t port, const struct pkt *in,
			      struct pkt *out);

const char *model_class_name(enum model_class class);

#endif
