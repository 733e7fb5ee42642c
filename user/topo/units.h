/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Rates, sizes and times in the words of tc(8), as types of fields. A value
 * is a number of bytes a second, bytes or microseconds; what is printed is
 * read as the same number again.
 */
#ifndef PN_TOPO_UNITS_H
#define PN_TOPO_UNITS_H

#include "topo/object.h"

extern const struct pn_field_type pn_field_rate;	/* 100mbit */
extern const struct pn_field_type pn_field_size;	/* 64k */
extern const struct pn_field_type pn_field_count;	/* as a size, printed as a number */
extern const struct pn_field_type pn_field_time;	/* 20ms */

/*
 * A value that the kernel keeps in coarser steps and tells rounded. Of all
 * numbers that it would tell as the same the roundest stands for them.
 */
struct pn_steps {
	uint32_t mult;		/* of ticks a byte at a rate; 0: codel's time */
	unsigned int shift;
};

/* The time that bytes take at a rate, as the kernel counts it. */
struct pn_steps pn_steps_of_rate(uint64_t rate);
extern const struct pn_steps pn_steps_codel;
/* What the kernel tells of @v. */
uint64_t pn_steps_told(const struct pn_steps *s, uint64_t v);
/* The number that stands for all that are told as @told. */
uint64_t pn_steps_value(const struct pn_steps *s, uint64_t told);

#endif
