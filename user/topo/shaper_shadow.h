/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Shapers that get no packet, because one before them in the file takes them all. */
#ifndef PN_TOPO_SHAPER_SHADOW_H
#define PN_TOPO_SHAPER_SHADOW_H

#include "topo/shaper.h"

/*
 * By the place of a shaper in the file, the one that stands before it and takes
 * everything; NULL: it has packets, or no match. The caller frees. NULL: no memory.
 */
const struct pn_topo_shaper **pn_shapers_shadowed(const struct pn_topo *topo);

#endif
