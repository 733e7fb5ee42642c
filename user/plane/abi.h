/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The record beside the pins that says who made them: version, sizes, seed,
 * network namespace. It is pinned first and removed last; without a matching
 * one nothing else is touched.
 */
#ifndef PN_PLANE_ABI_H
#define PN_PLANE_ABI_H

#include "plane/pins.h"

/* What a program of this version would write, for @sizes. */
void pn_abi_fill(struct pn_abi *abi, const struct pn_sizes *sizes);

/* Read into p->abi and compare; pn_abi_make() creates it where there is none. */
int pn_abi_check(struct pn_pins *p, struct pn_err *err);
/* Only that they are not at work in another namespace. */
int pn_abi_check_netns(struct pn_pins *p, struct pn_err *err);
int pn_abi_make(struct pn_pins *p, const struct pn_sizes *sizes, struct pn_err *err);

/* Buckets, a power of two, that hold @entries in two-choice tables. */
uint32_t pn_abi_buckets(uint32_t entries);

#endif
