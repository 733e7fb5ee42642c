/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a port's program has to know of shapers, which follows from the tables. */
#ifndef PN_PLANE_SHAPERS_H
#define PN_PLANE_SHAPERS_H

#include "plane/maps.h"

/* Set masks, parts, spread and cpus of @conf, for its port. */
void pn_shapers_conf(struct pn_conf *conf, const struct pn_maps *maps);
/* Would they be others than those of @conf? */
bool pn_shapers_changed(const struct pn_conf *conf, const struct pn_maps *maps);

#endif
