/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a file refers to, a namespace or a device, is there, or the file makes
 * it: else a sentence with the way out, and -EINVAL. The caller knows the place.
 */
#ifndef PN_TOPO_REFER_H
#define PN_TOPO_REFER_H

#include "topo/step.h"

int pn_refer_netns(const struct pn_plan *plan, const struct pn_sys_ns *ns, const char *id,
		   struct pn_err *err);

struct pn_refer {
	const char *id;		/* of the object that refers to it */
	const char *word;	/* by which it does */
	const char *dev;
};

int pn_refer_dev(const struct pn_plan *plan, const struct pn_sys_ns *ns,
		 const struct pn_refer *r, struct pn_err *err);

#endif
