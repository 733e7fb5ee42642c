/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A shaper on its way out, as an entry of the open list. */
#ifndef PN_TOPO_SHAPER_EMIT_H
#define PN_TOPO_SHAPER_EMIT_H

#include "topo/emit.h"
#include "util/shaper_conf.h"

void pn_shaper_emit(const struct pn_emit *e, const struct pn_shaper_conf *c);

#endif
