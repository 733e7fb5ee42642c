/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* tun and tap devices, made by ioctls of /dev/net/tun. */
#ifndef PN_LINK_HOOK_TUN_H
#define PN_LINK_HOOK_TUN_H

#include "link/ops.h"

extern const struct pn_kind_ops pn_tun_ops, pn_tap_ops;

#endif
