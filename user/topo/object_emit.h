/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The objects that are there, as sections of a topology file. */
#ifndef PN_TOPO_OBJECT_EMIT_H
#define PN_TOPO_OBJECT_EMIT_H

#include "topo/emit.h"
#include "topo/sys.h"

/*
 * One section for each class that has objects: those of our own namespace,
 * and of @names (ended by NULL; NULL: none). Queues of the devices @derived of our own
 * follow from another section.
 */
int pn_objects_emit(const struct pn_emit *e, struct pn_sys *sys, char *const *names,
		    const char *const *derived, struct pn_err *err);

#endif
