/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The objects that are there, as sections of a topology file. */
#ifndef PN_TOPO_OBJECT_EMIT_H
#define PN_TOPO_OBJECT_EMIT_H

#include "topo/emit.h"
#include "topo/sys.h"

/* What follows from other sections, by devices of our own; lists ended by NULL. */
struct pn_derived {
	const char *const *devs;	/* all of them, and all queues that they have */
	const char *const *placed;	/* their clsact qdisc */
};

/*
 * One section for each class that has objects: those of our own namespace,
 * and of @names (ended by NULL; NULL: none), without what is @derived.
 */
int pn_objects_emit(const struct pn_emit *e, struct pn_sys *sys, char *const *names,
		    const struct pn_derived *derived, struct pn_err *err);

#endif
