/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The inside of a compilation: the shapers that are wanted, in the order in which they count. */
#ifndef PN_SHAPE_COMPILE_H
#define PN_SHAPE_COMPILE_H

#include "shape/shape.h"

struct pn_wanted {
	const struct pn_shaper_conf *conf;
	uint32_t index;
	uint32_t parent;	/* index; 0: none */
	uint32_t depth;		/* ancestors */
	bool lends;		/* has children */
};

struct pn_compile {
	const struct pn_maps *maps;
	const struct pn_shape_port *port;
	unsigned int n_ports;
	struct pn_wanted *want;	/* files one after the other, each in its order */
	uint32_t n;
};

/* pn_shapers: rates and what else there is of one shaper. */
void pn_compile_buckets(const struct pn_compile *c);
/* Over which CPUs they are spread. */
void pn_compile_spread(const struct pn_compile *c);
/* pn_masks, pn_matches, pn_match_keys. */
int pn_compile_matches(const struct pn_compile *c, struct pn_err *err);

/* A number that differs from all that were given before; never 0. */
uint32_t pn_compile_generation(void);

#endif
