/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is there, as a topology file: applied, it changes nothing. What the
 * kernel makes by itself (link-local addresses, fallback tunnels that nobody
 * uses) and what is at its default is left out.
 */
#ifndef PN_TOPO_RUNNING_H
#define PN_TOPO_RUNNING_H

#include <stdbool.h>

#include "topo/emit.h"
#include "topo/object_emit.h"
#include "util/err.h"

struct pn_running_opts {
	bool all;			/* named namespaces as well */
	struct pn_derived derived;
};

/* The sections of the file into the open map. */
int pn_topo_running(const struct pn_emit *e, const struct pn_running_opts *opts,
		    struct pn_err *err);

#endif
