/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Beside other XDP programs, through libxdp's dispatcher. It needs programs
 * that replace functions of others (freplace), which some kernels refuse, and
 * libxdp then silently attaches alone; so it is tried out before it is used.
 */
#ifndef PN_PLANE_SHARED_H
#define PN_PLANE_SHARED_H

#include <stdbool.h>
#include <stdint.h>

#include "plane/maps.h"
#include "plane/program.h"
#include "plane/record.h"

/* Does the dispatcher work here? 0, or -errno with the reason in @err. Tried once. */
int pn_shared_probe(struct pn_err *err);

/* Attach, or put the new program in the old one's place; sets prog_id and conf of @r. */
int pn_shared_attach(const struct pn_maps *maps, const struct pn_program_spec *spec,
		     int stats_fd, enum pn_mode mode, struct pn_record *r,
		     struct pn_err *err);
int pn_shared_detach(uint32_t ifindex, uint32_t prog_id);
bool pn_shared_attached(uint32_t ifindex, uint32_t prog_id);

#endif
