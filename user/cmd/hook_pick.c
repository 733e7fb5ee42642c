// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The hook that attaching would choose; see hook_pick.h. */
#include "cmd/hook_pick.h"

#define WHY_UNTOLD "if its driver runs XDP, which this kernel does not tell; else tc"

int pn_hook_pick(const struct pn_device *dev, struct pn_driver_xdp xdp,
		 struct pn_choice *choice, struct pn_err *err)
{
	struct pn_port_conf conf = { 0 };
	struct pn_choice all[PN_CHOICES];
	int n = pn_choose(&conf, dev, all, err);

	if (n < 1)
		return n;
	*choice = all[n > 1 && xdp.told && !xdp.native];
	if (n > 1 && !xdp.told)
		choice->why = WHY_UNTOLD;
	return 0;
}
