// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * penstock show links: every device here in one line, or one device with all
 * that is known of it. JSON has everything in both cases, in the same shape.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/show_links.h"

static const struct pn_col cols[] = {
	{ "device", "DEVICE", PN_LEFT },
	{ "kind", "KIND", PN_LEFT },
	{ "state", "STATE", PN_LEFT },
	{ "mtu", "MTU", PN_RIGHT },
	{ "master", "MASTER", PN_LEFT },
	{ "on", "LOWER", PN_LEFT },
	{ "xdp", "XDP", PN_LEFT },
	{ "hook", "HOOK", PN_LEFT },
	PN_COL_END
};

static const struct pn_table table = { .key = "links", .cols = cols };

static const struct pn_col detail_cols[] = {
	{ "device", "device", PN_LEFT },	{ "kind", "kind", PN_LEFT },
	{ "state", "state", PN_LEFT },		{ "flags", "flags", PN_LEFT },
	{ "address", "address", PN_LEFT },	{ "mtu", "mtu", PN_LEFT },
	{ "master", "master", PN_LEFT },	{ "on", "lower", PN_LEFT },
	{ "above", "above it", PN_LEFT },	{ "ports", "its ports", PN_LEFT },
	{ "tunnel", "tunnel", PN_LEFT },
	{ "speed", "speed", PN_LEFT },		{ "carrier", "carrier", PN_LEFT },
	{ "driver", "driver", PN_LEFT },	{ "bus", "bus", PN_LEFT },
	{ "vfs", "VFs", PN_LEFT },		{ "switch", "switch", PN_LEFT },
	{ "devlink", "devlink", PN_LEFT },
	{ "queues", "queues", PN_LEFT },	{ "xdp", "XDP", PN_LEFT },
	{ "hook", "hook", PN_LEFT },		{ "takes", "redirects", PN_LEFT },
	PN_COL_END
};

static const struct pn_table detail = { .key = "links", .record = true, .cols = detail_cols };

static void state_show(struct pn_out *o, const struct pn_netdev *d)
{
	bool up = d->flags & IFF_UP;

	pn_out_tone(o, up && d->carrier ? PN_TONE_GOOD : up ? PN_TONE_WARN : PN_TONE_BAD);
	pn_out_str(o, "state", !up ? "down" : d->carrier ? "up" : "no-carrier");
	pn_out_str(o, "operstate", pn_operstate_word(d->operstate));
}

/* "native", or what stands there for sure. */
static void modes_show(struct pn_out *o, const struct pn_netdev *d)
{
	bool offload = d->features & PN_XDP_F_HW_OFFLOAD;

	pn_out_object(o, "xdp");
	if (!d->told) {
		pn_out_null(o, "modes");
		pn_out_null(o, "features");
	} else {
		pn_out_array(o, "modes");
		if (offload)
			pn_out_str(o, NULL, "offload");
		if (d->features & PN_XDP_F_BASIC)
			pn_out_str(o, NULL, "native");
		pn_out_str(o, NULL, "generic");
		pn_out_end(o);
		pn_link_features_show(o, d);
	}
	pn_link_programs_show(o, &d->xdp);
	pn_out_end(o);
	pn_out_text(o, "xdp", "%s", !d->told ? "?" : offload ? "offload" :
		    d->features & PN_XDP_F_BASIC ? "native" : "generic");
}

int pn_link_hook(const struct pn_netdev *d, struct pn_choice *choice, struct pn_err *err)
{
	struct pn_device dev = { .ifindex = d->ifindex, .mtu = d->mtu, .type = d->type };
	struct pn_driver_xdp xdp = { d->told, d->features & PN_XDP_F_BASIC };

	snprintf(dev.name, sizeof(dev.name), "%s", d->name);
	snprintf(dev.driver, sizeof(dev.driver), "%s", d->ethtool.driver);
	return pn_hook_pick(&dev, xdp, choice, err);
}

static void hook_show(const struct pn_links_shown *s, const struct pn_netdev *d)
{
	const char *attached = pn_link_attached(s, d);
	struct pn_out *o = s->ctx->out;
	struct pn_err err = { 0 };
	struct pn_choice choice;

	if (pn_link_hook(d, &choice, &err)) {
		pn_out_null(o, "hook");
		pn_show_str(o, "why", err.text);
	} else {
		pn_out_str(o, "hook", pn_hook_words[choice.hook]);
		pn_out_str(o, "why", choice.why);
	}
	pn_show_str(o, "attached", attached);
	if (attached)
		pn_out_text(o, "hook", "%s attached", attached);
}

/* What it stands on: "eth0", "eth0@web" for one in another namespace, "?" for one unseen. */
static void lower_show(struct pn_out *o, const struct pn_netdev *d)
{
	bool peer = pn_netdev_has_peer(d);
	const char *at = d->link_netns[0] || d->netnsid >= 0 ? "@" : "";
	const char *netns = d->link_netns[0] ? d->link_netns : d->netnsid >= 0 ? "?" : "";

	pn_show_str(o, "lower", peer ? NULL : d->link_name);
	pn_show_str(o, "peer", peer ? d->link_name : NULL);
	pn_show_str(o, "link_netns", d->link_netns);
	if (d->netnsid >= 0)
		pn_out_s64(o, "link_netnsid", d->netnsid);
	else
		pn_out_null(o, "link_netnsid");
	/* A device may be its own lower one: tunnels that fell back. */
	if (!d->link || (d->netnsid < 0 && d->link == d->ifindex))
		pn_out_text(o, "on", "-");
	else
		pn_out_text(o, "on", "%s%s%s", d->link_name[0] ? d->link_name : "?", at, netns);
}

static void row_show(const struct pn_links_shown *s, const struct pn_netdev *d)
{
	const struct pn_netdev *master = pn_netdevs_find(&s->devs, d->master);
	struct pn_out *o = s->ctx->out;

	pn_out_row(o);
	pn_out_str(o, "device", d->name);
	pn_show_str(o, "kind", d->kind);
	if (!d->kind[0] && d->ethtool.driver[0])
		pn_out_text(o, "kind", "%s", d->ethtool.driver);
	state_show(o, d);
	pn_out_u64(o, "mtu", d->mtu);
	pn_show_str(o, "master", master ? master->name : NULL);
	lower_show(o, d);
	pn_show_str(o, "driver", d->ethtool.driver);
	modes_show(o, d);
	hook_show(s, d);
	pn_link_facts_show(s, d);
	if (s->detail)
		pn_link_detail_show(s, d);
	pn_out_row_end(o);
}

static bool is_wanted(const struct pn_netdev *d, const char *only)
{
	return !only || !strcmp(only, d->name) || !strcmp(only, d->kind) ||
	       !strcmp(only, d->ethtool.driver);
}

static bool is_name(const struct pn_netdevs *devs, const char *only)
{
	unsigned int i;

	for (i = 0; only && i < devs->n; i++)
		if (!strcmp(only, devs->dev[i].name))
			return true;
	return false;
}

int pn_show_links(struct pn_run *ctx, const struct pn_view *v, const char *only)
{
	struct pn_links_shown s = { .ctx = ctx, .view = v };
	unsigned int i;
	int ret = pn_netdevs_read(&s.devs, &ctx->err);

	if (ret)
		return ret;
	s.detail = !pn_out_is_json(ctx->out) && is_name(&s.devs, only);
	pn_out_table(ctx->out, s.detail ? &detail : &table);
	for (i = 0; i < s.devs.n; i++)
		if (s.detail ? !strcmp(only, s.devs.dev[i].name) :
			       is_wanted(&s.devs.dev[i], only))
			row_show(&s, &s.devs.dev[i]);
	pn_out_table_end(ctx->out);
	pn_netdevs_free(&s.devs);
	return 0;
}
