/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The clock of FDB ageing: a BPF timer that lives as long as its pinned map,
 * whether a daemon runs or not.
 */
#ifndef PN_PLANE_CLOCK_H
#define PN_PLANE_CLOCK_H

#include "plane/maps.h"
#include "plane/pins.h"

#define PN_CLOCK_MAP "pn_clock"

/* Load it once and start it; what runs already is left alone. */
int pn_clock_start(const struct pn_pins *pins, const struct pn_maps *maps, struct pn_err *err);

#endif
