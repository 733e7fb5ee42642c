// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* penstock show offload: what devices have counted that run a program themselves. */
#include <string.h>

#include "cmd/show.h"
#include "plane/offload.h"

static const struct pn_col cols[] = {
	{ "device", "DEVICE", PN_LEFT },
	{ "class", "CLASS", PN_LEFT },
	{ "packets", "PACKETS", PN_RIGHT },
	{ "bytes", "BYTES", PN_RIGHT },
	{ "text", "WHAT", PN_LEFT },
	PN_COL_END
};

static const struct pn_table table = {
	.key = "offload",
	.none = "No port is attached in mode offload.",
	.cols = cols,
};

static void class_show(struct pn_out *o, const char *dev, enum pn_offload_class class,
		       const struct pn_offload_count *count)
{
	pn_out_row(o);
	pn_out_str(o, "device", dev);
	pn_out_str(o, "class", pn_offload_names[class]);
	pn_out_u64(o, "packets", count->class[class].packets);
	pn_out_u64(o, "bytes", count->class[class].bytes);
	pn_out_str(o, "text", pn_offload_texts[class]);
	pn_out_row_end(o);
}

static void port_show(struct pn_out *o, const struct pn_view *v, const struct pn_record *r,
		      const char *only)
{
	const char *name = pn_links_name(&v->links, r->ifindex);
	struct pn_offload_count count;
	int i;

	if (r->mode != PN_MODE_OFFLOAD || !name || (only && strcmp(only, name)))
		return;
	if (pn_offload_read(&v->pins, r->ifindex, &count))
		return;
	for (i = 0; i < PN_OFFLOAD_CLASS_COUNT; i++)
		class_show(o, name, i, &count);
}

int pn_show_offload(struct pn_run *ctx, const struct pn_view *v, const char *only)
{
	unsigned int i;

	pn_out_table(ctx->out, &table);
	for (i = 0; i < v->n_records; i++)
		port_show(ctx->out, v, &v->record[i], only);
	pn_out_table_end(ctx->out);
	return 0;
}
