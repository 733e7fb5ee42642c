/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which shaper an explained packet fell to, and what that would make of it now. */
#ifndef PN_CMD_EXPLAIN_SHAPER_H
#define PN_CMD_EXPLAIN_SHAPER_H

#include "cli/out.h"
#include "plane/twin.h"
#include "stats/view.h"

/* The object `shaper` of the row, in text a line below it. */
void pn_explain_shaper(struct pn_out *o, const struct pn_view *v,
		       const struct pn_twin_result *r);

#endif
