// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* penstock show links: the devices here, and which of them are ports. */
#include <string.h>

#include "cmd/show.h"

static const struct pn_col cols[] = {
	{ "device", "DEVICE", PN_LEFT },
	{ "kind", "KIND", PN_LEFT },
	{ "bridge", "BRIDGE", PN_LEFT },
	{ "mtu", "MTU", PN_RIGHT },
	{ "state", "STATE", PN_LEFT },
	{ "hook", "ATTACHED", PN_LEFT },
	{ "takes", "TAKES", PN_LEFT },
	PN_COL_END
};

static const struct pn_table table = {
	.key = "links",
	.cols = cols,
};

static const char *hook_find(const struct pn_view *v, uint32_t ifindex)
{
	unsigned int i;

	for (i = 0; i < v->n_records; i++)
		if (v->record[i].ifindex == ifindex && v->record[i].state == PN_PORT_ATTACHED)
			return pn_hook_words[v->record[i].hook];
	return NULL;
}

/* Which hooks may redirect frames to it. */
static const char *takes_find(const struct pn_port *port)
{
	static const char *const words[] = { NULL, "xdp", "tc", "xdp,tc" };

	if (!port)
		return NULL;
	return words[!!(port->flags & PN_PORT_XDP_TARGET) +
		     2 * !!(port->flags & PN_PORT_TC_TARGET)];
}

static void link_show(struct pn_out *o, const struct pn_view *v,
		      const struct pn_link_info *link)
{
	bool up = link->flags & IFF_UP;

	pn_out_row(o);
	pn_out_str(o, "device", link->name);
	pn_out_u64(o, "ifindex", link->ifindex);
	pn_show_str(o, "kind", link->kind);
	pn_show_str(o, "bridge", pn_links_bridge(&v->links, link->ifindex));
	pn_out_u64(o, "mtu", link->mtu);
	pn_out_tone(o, up ? PN_TONE_GOOD : PN_TONE_BAD);
	pn_out_str(o, "state", up ? "up" : "down");
	pn_show_str(o, "hook", hook_find(v, link->ifindex));
	pn_show_str(o, "takes", takes_find(pn_view_port(v, link->ifindex, NULL)));
	pn_out_row_end(o);
}

int pn_show_links(struct pn_run *ctx, const struct pn_view *v, const char *only)
{
	unsigned int i;

	pn_out_table(ctx->out, &table);
	for (i = 0; i < v->links.n; i++)
		if (!only || !strcmp(only, v->links.link[i].name) ||
		    !strcmp(only, v->links.link[i].kind))
			link_show(ctx->out, v, &v->links.link[i]);
	pn_out_table_end(ctx->out);
	return 0;
}
