/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Options of team devices and of their ports, by generic netlink. The name of
 * a row is the name of the option, its attr2 the type that the driver wants.
 */
#ifndef PN_LINK_HOOK_TEAM_H
#define PN_LINK_HOOK_TEAM_H

#include "link/ops.h"

/* The kernel's numbers of attribute types, which no header tells. */
enum pn_team_type {
	PN_TEAM_U32 = 3,
	PN_TEAM_STRING = 5,
	PN_TEAM_FLAG = 6,
	PN_TEAM_S32 = 14,
};

extern const struct pn_kind_ops pn_team_ops;

#endif
