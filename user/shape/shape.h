/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Shapers from what was asked for to what the data plane reads. The wishes of
 * all files stand in pn_shaper_conf, by index; every other table of shapers
 * follows from them and from the ports that there are. A shaper keeps its index
 * as long as its name is asked for, and with it its bucket and its counters. The
 * caller holds the lock of the pin directory.
 */
#ifndef PN_SHAPE_SHAPE_H
#define PN_SHAPE_SHAPE_H

#include "plane/maps.h"
#include "util/shaper_conf.h"

/* A port as shapers see it. */
struct pn_shape_port {
	char dev[IFNAMSIZ];
	uint16_t index;		/* in pn_ports */
	uint32_t mtu;
};

/* What one file asks for; in the order of the file. */
struct pn_shape_wants {
	uint64_t file;		/* its number, never 0 */
	const struct pn_shaper_conf *conf;
	unsigned int n;
};

/*
 * May they become what the file asks for? A name that is another file's, or too
 * little room, is an error about a shaper of @wants. One that another file asks for in
 * the same words is there, and stays that file's.
 */
int pn_shape_check(const struct pn_maps *maps, const struct pn_shape_wants *wants,
		   struct pn_err *err);
/* Write them down, and forget what the file asked for before. 0, or as pn_shape_check(). */
int pn_shape_want(const struct pn_maps *maps, const struct pn_shape_wants *wants,
		  struct pn_err *err);
/* Take those out of @wants, whose conf is the caller's own. 0 or -ENOMEM. */
int pn_shape_leave(const struct pn_maps *maps, struct pn_shape_wants *wants);
/* What the file asked for before; conf is the caller's to free. 0 or -ENOMEM. */
int pn_shape_wanted(const struct pn_maps *maps, uint64_t file, struct pn_shape_wants *out);
/* Forget what every file asked for. */
void pn_shape_forget(const struct pn_maps *maps);

/*
 * Bring the tables to what is wanted at these ports; what is right is not
 * written. Rates change under running programs, and buckets keep their bytes.
 */
int pn_shape_compile(const struct pn_maps *maps, const struct pn_shape_port *port,
		     unsigned int n, struct pn_err *err);

/* The devices that shapers queue at, each once; the count, at most @max. */
unsigned int pn_shape_ifbs(const struct pn_maps *maps, char (*name)[IFNAMSIZ], unsigned int max);

/* The index of a shaper of this name; 0: none. */
uint32_t pn_shape_find(const struct pn_maps *maps, const char *name);

#endif
