/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What `attach`, `detach` and `run` print of a port. */
#ifndef PN_CMD_ATTACH_SHOW_H
#define PN_CMD_ATTACH_SHOW_H

#include "cli/out.h"
#include "plane/record.h"

extern const struct pn_table pn_attached_table;
void pn_attached_show(struct pn_out *o, const struct pn_record *r);

#endif
