// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* penstock show pins: the pins as a whole, and the room in them. */
#include "cmd/show.h"

static const struct pn_col cols[] = {
	{ "directory", "pins", PN_LEFT },
	{ "daemon", "daemon", PN_LEFT },
	{ "abi", "ABI", PN_LEFT },
	{ "fdb", "FDB entries", PN_LEFT },
	{ "endpoints", "endpoints", PN_LEFT },
	{ "demux", "tunnel keys", PN_LEFT },
	PN_COL_END
};

static const struct pn_table table = {
	.key = "pins",
	.record = true,
	.cols = cols,
};

static void room_show(struct pn_out *o, const struct pn_stats_map *map)
{
	pn_out_object(o, map->name);
	pn_out_u64(o, "entries", map->entries);
	pn_out_u64(o, "max_entries", map->max_entries);
	pn_out_end(o);
	pn_out_text(o, map->name, "%llu of %llu", (unsigned long long)map->entries,
		    (unsigned long long)map->max_entries);
}

int pn_show_pins(struct pn_run *ctx, const struct pn_view *v, const char *only)
{
	struct pn_out *o = ctx->out;
	struct pn_stats stats;
	unsigned int i;
	int ret = pn_view_stats(v, &stats, &ctx->err);

	if (ret)
		return ret;
	pn_out_table(o, &table);
	pn_out_row(o);
	pn_out_str(o, "directory", ctx->global.bpffs);
	pn_out_bool(o, "pinned", v->pinned);
	pn_out_bool(o, "daemon", v->followed);
	if (!v->pinned)
		pn_out_text(o, "daemon", "no, and nothing is attached");
	else if (v->followed)
		pn_out_text(o, "daemon", "follows the kernel");
	else
		pn_out_text(o, "daemon", "none: changes of the kernel are not followed "
				       "('penstock run')");
	if (v->pinned)
		pn_out_u64(o, "abi", v->maps.abi.version);
	for (i = 0; v->pinned && i < PN_STATS_MAPS; i++)
		room_show(o, &stats.map[i]);
	pn_out_row_end(o);
	pn_out_table_end(o);
	pn_stats_fini(&stats);
	return 0;
}
