/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the tests of offload have in common: commands on a device, and what they leave. */
#ifndef PN_TEST_OFFLOADED_H
#define PN_TEST_OFFLOADED_H

#include <stdbool.h>
#include <stdint.h>

#include "netdevsim.h"

/* Hardware whose driver refuses the program ends the test with its sentence. */
void offload_taken_or_bail(const char *dev);

/*
 * Run penstock with @fmt, where "%s" is @dev. It must end with @status and say
 * @says (NULL: anything): on stderr, in one line, where @status is not 0.
 */
bool offload_runs(const char *fmt, const char *dev, int status, const char *says);

/* So many programs and maps made since the mark are in devices, soon; @what: of the latter. */
bool offload_bound(const struct bpf_mark *since, int progs, int maps, const char *what);

/* No pin of ours, and soon no program or map that was made since the mark. */
bool offload_nothing_left(const struct bpf_mark *since);

/* The numbers of the device-bound maps of this name; the count. */
uint32_t offload_maps(const char *name, uint32_t *ids, uint32_t max);

#endif
