/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * netdevsim: devices of a bus of their own, made and changed by its files in
 * sysfs, which know numbers where links have names.
 */
#ifndef PN_LINK_HOOK_NETDEVSIM_H
#define PN_LINK_HOOK_NETDEVSIM_H

#include "link/ops.h"

/* By row of the kind. */
enum pn_netdevsim_row {
	PN_NSIM_ID,
	PN_NSIM_PORT,
	PN_NSIM_QUEUES,
	PN_NSIM_LINKED,
};

/* Of which device, and which port of it, is a link? False: of none, or a VF's representor. */
bool pn_netdevsim_place(const struct pn_link_view *view, uint32_t *id, uint32_t *port);

extern const struct pn_kind_ops pn_netdevsim_ops;

#endif
