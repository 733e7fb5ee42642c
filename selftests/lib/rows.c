// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* All tables of rows; see rows.h. */
#include "rows.h"

const struct row_table *const row_tables[ROW_TABLES] = {
	&rows_outer4, &rows_outer6, &rows_vxlan, &rows_gpe,   &rows_ecn,    &rows_geneve,
	&rows_gre,    &rows_gretap, &rows_erspan, &rows_gre6, &rows_ipip,   &rows_sit,
	&rows_ip6tnl, &rows_fou,    &rows_gue,	  &rows_vti,    &rows_routed,
};
