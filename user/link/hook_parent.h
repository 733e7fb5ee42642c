/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a link has from the device on a bus that it is a port of: virtual
 * functions by sysfs, the mode of the switch by devlink. Rows of every link;
 * where there is no such device they are not told.
 */
#ifndef PN_LINK_HOOK_PARENT_H
#define PN_LINK_HOOK_PARENT_H

#include "link/ops.h"

/* Is there a device whose rows these are? Not behind a representor: it is another's port. */
bool pn_parent_there(const struct pn_link_view *view);

/* For the rows of pn_common_rows with PN_ROW_HOOK. */
extern const struct pn_kind_ops pn_parent_ops;

#endif
