/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which hook a device would get if nobody asked for one, for those who only show it. */
#ifndef PN_CMD_HOOK_PICK_H
#define PN_CMD_HOOK_PICK_H

#include <stdbool.h>

#include "plane/choice.h"

struct pn_driver_xdp {
	bool told;	/* by the kernel; before 6.3 only trying it out tells */
	bool native;
};

/* 0 and the choice, or -errno with a sentence about why there is none. */
int pn_hook_pick(const struct pn_device *dev, struct pn_driver_xdp xdp,
		 struct pn_choice *choice, struct pn_err *err);

#endif
