/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sentences about links that the kernel refuses: which word of the file it is
 * about, and what to do, where more is known than the kernel says.
 */
#ifndef PN_TOPO_LINK_REFUSED_H
#define PN_TOPO_LINK_REFUSED_H

#include "topo/step.h"

/* The place in the file, of what has one. */
void pn_step_place(const struct pn_plan *plan, struct pn_err *err, unsigned int line,
		   unsigned int column);
/* Both fill @err from what the namespace of @s was answered last; -errno. */
int pn_link_add_refused(const struct pn_plan *plan, const struct pn_step *s,
			const struct pn_msg *m, struct pn_err *err);
int pn_attr_set_refused(const struct pn_step *s, const struct pn_value *v, struct pn_err *err);

#endif
