/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The data plane's decision, written a second time: plain C over bytes, from
 * the conformance tables and not from bpf/, deciding by a struct world. It
 * says only whether a packet may be accelerated, where it goes and what comes
 * out - not for which reason it passes.
 */
#ifndef PN_TEST_MODEL_H
#define PN_TEST_MODEL_H

#include "pkt.h"
#include "world.h"

struct model_result {
	bool forward;
	bool decap;
	uint16_t egress;
	uint16_t tunnel;
};

/* @port: where the frame arrives; @target: PN_PORT_XDP_TARGET or _TC_TARGET.
 * @out is the frame that leaves, where it is forwarded. Outer checksums are
 * verified in full. */
struct model_result model_run(const struct world *w, uint16_t port, uint32_t target,
			      const struct pkt *in, struct pkt *out);

#endif
