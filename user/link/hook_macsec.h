/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Replay protection of macsec devices, which is no attribute of its own. */
#ifndef PN_LINK_HOOK_MACSEC_H
#define PN_LINK_HOOK_MACSEC_H

#include "link/ops.h"

extern const struct pn_kind_ops pn_macsec_ops;

#endif
