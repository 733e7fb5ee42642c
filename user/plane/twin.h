/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The explaining twin of a live port: the same program, configuration and
 * maps, but it counts nothing, marks nothing, and says what it met. Packets
 * are run through it by BPF_PROG_TEST_RUN and go nowhere.
 */
#ifndef PN_PLANE_TWIN_H
#define PN_PLANE_TWIN_H

#include <penstock/shaper.h>

#include "plane/program.h"
#include "plane/record.h"

struct pn_twin {
	struct pn_program program;
	void *out;		/* room for the resulting packet */
	uint32_t room;
};

struct pn_twin_result {
	enum pn_reason reason;
	uint16_t egress;	/* port index, 0: none */
	uint16_t tunnel;	/* tunnel index, 0: none */
	uint32_t shaper;	/* shaper index, 0: none; and what pn_explain says of it */
	enum pn_shaper_outcome outcome;
	unsigned int lender;
	uint32_t bytes;
	const void *data;	/* the packet as it would leave; valid until the next run */
	uint32_t len;
};

int pn_twin_open(struct pn_twin *twin, const struct pn_maps *maps,
		 const struct pn_record *record, struct pn_err *err);
void pn_twin_close(struct pn_twin *twin);

/* 0 or -errno. */
int pn_twin_run(struct pn_twin *twin, const void *data, uint32_t len,
		struct pn_twin_result *result);

#endif
