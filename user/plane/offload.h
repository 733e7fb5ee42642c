/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The program that a device runs by itself: its maps, made in the device and
 * filled, and the load, bound to it. Attaching is hook.h's, as for any other
 * program. See docs/offload.md.
 */
#ifndef PN_PLANE_OFFLOAD_H
#define PN_PLANE_OFFLOAD_H

#include <penstock/offload.h>

#include "plane/device.h"
#include "plane/program.h"
#include "plane/record.h"

/*
 * Load for @dev what @r wants. @count_fd: the counters of an earlier program of
 * this device, or negative: new ones, which are in prog->count_fd afterwards.
 */
int pn_offload_load(struct pn_program *prog, const struct pn_device *dev,
		    const struct pn_record *r, int count_fd, struct pn_err *err);

/* What the device has counted on a port. 0 or -errno: -ENODEV the device is gone. */
int pn_offload_read(const struct pn_pins *pins, uint32_t ifindex, struct pn_offload_count *count);

/* "vxlan" and what that is, by class. */
extern const char *const pn_offload_names[PN_OFFLOAD_CLASS_COUNT];
extern const char *const pn_offload_texts[PN_OFFLOAD_CLASS_COUNT];

#endif
