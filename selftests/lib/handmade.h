/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Pins made by hand, without a program in the kernel: two ports (up0 attached
 * with gates, lost0 failed), tunnel vx100 in bridge br0, vx200 that is left to
 * the kernel, vx300 that is routed but for gates, two FDB entries, two peers,
 * and counters whose copies differ from CPU to CPU. For tests of what reads them.
 */
#ifndef PN_TEST_HANDMADE_H
#define PN_TEST_HANDMADE_H

#include <stdbool.h>

#include "plane/pins.h"

/* The directory, open for writing after handmade_make(). */
extern struct pn_pins handmade_pins;

/* The devices, in a namespace that the caller is in from then on. */
bool handmade_devices(void);

/* The pins in the default directory. Both say what failed to the open case. */
bool handmade_make(void);

#endif
