// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Each device: its hook, whether it is a target for XDP, its gates; see doctor_ports.h. */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/doctor_ports.h"
#include "cmd/hook_pick.h"
#include "cmd/show.h"
#include "cmd/targets.h"
#include "mirror/gate.h"
#include "nl/link.h"
#include "nl/netdev.h"
#include "plane/device.h"

#define ALL_PLACES ((1u << PN_PLACES) - 1)

static const struct pn_col cols[] = {
	{ "device", "DEVICE", PN_LEFT },
	{ "driver", "DRIVER", PN_LEFT },
	{ "native", "NATIVE XDP", PN_LEFT },
	{ "hook", "HOOK", PN_LEFT },
	{ "target", "TAKES XDP", PN_LEFT },
	{ "gates", "GATES", PN_LEFT },
	PN_COL_END
};

static const struct pn_table table = { .key = "ports", .cols = cols,
				       .none = "No Ethernet device." };

struct walk {
	struct pn_run *ctx;
	struct pn_view view;
	struct pn_gates *gates;	/* or NULL */
	char **name;		/* devices asked for; NULL: all */
	int n_names;
	struct pn_target_dev *dev;
	size_t n, cap;
};

static bool is_wanted(const struct walk *w, const char *name)
{
	int i;

	for (i = 0; i < w->n_names; i++)
		if (!strcmp(w->name[i], name))
			return true;
	return !w->n_names;
}

static int link_take(const struct nlmsghdr *nlh, void *data)
{
	struct walk *w = data;
	struct pn_target_dev *more;
	struct pn_nl_link l;

	if (pn_nl_link_parse(nlh, &l) || l.type != ARPHRD_ETHER || !is_wanted(w, l.name))
		return 0;
	if (w->n == w->cap) {
		more = realloc(w->dev, (2 * w->cap + 16) * sizeof(*more));
		if (!more)
			return -ENOMEM;
		w->dev = more;
		w->cap = 2 * w->cap + 16;
	}
	w->dev[w->n++] = (struct pn_target_dev){ .ifindex = l.ifindex, .link = l.link,
						 .netnsid = l.netnsid };
	return 0;
}

static int links_read(struct walk *w)
{
	struct pn_nl nl = { 0 };
	int i, ret = pn_nl_open(&nl, NETLINK_ROUTE, &w->ctx->err);

	for (i = 0; !ret && i < PN_NL_DUMP_TRIES; i++) {
		w->n = 0;
		ret = pn_nl_link_dump(&nl, AF_UNSPEC, 0, link_take, w, &w->ctx->err);
		if (ret != -EINTR)
			break;
		ret = 0;
	}
	pn_nl_close(&nl);
	return ret;
}

static void native_show(struct pn_out *o, uint32_t ifindex)
{
	uint64_t features;

	if (pn_netdev_features(ifindex, &features))
		pn_out_null(o, "native");
	else
		pn_out_bool(o, "native", features & PN_XDP_F_BASIC);
}

/* The hook that it would get. */
static void hook_show(struct pn_out *o, const struct pn_device *d)
{
	struct pn_driver_xdp xdp;
	struct pn_choice choice;
	uint64_t features = 0;

	xdp.told = !pn_netdev_features(d->ifindex, &features);
	xdp.native = features & PN_XDP_F_BASIC;
	if (pn_hook_pick(d, xdp, &choice, NULL)) {
		pn_out_null(o, "hook");
		return;
	}
	pn_out_str(o, "hook", pn_hook_words[choice.hook]);
	pn_out_str(o, "why", choice.why);
	pn_out_note(o, "hook %s: %s", pn_hook_words[choice.hook], choice.why);
}

static const struct pn_record *record_of(const struct walk *w, uint32_t ifindex)
{
	unsigned int i;

	for (i = 0; i < w->view.n_records; i++)
		if (w->view.record[i].ifindex == ifindex)
			return &w->view.record[i];
	return NULL;
}

static void attached_show(struct walk *w, const struct pn_device *d)
{
	const struct pn_record *r = record_of(w, d->ifindex);
	const struct pn_port *port;
	struct pn_out *o = w->ctx->out;
	uint32_t index;

	pn_out_bool(o, "attached", r && r->state == PN_PORT_ATTACHED);
	if (!r && d->xdp_prog)
		pn_out_note(o, "XDP program %u of somebody else is attached", d->xdp_prog);
	port = w->view.pinned ? pn_view_port(&w->view, d->ifindex, &index) : NULL;
	if (port) {
		pn_show_gates(o, port, ALL_PLACES, w->gates);
		return;
	}
	pn_out_array(o, "gates");
	pn_out_end(o);
	pn_out_text(o, "gates", "-");
}

static void device_show(struct walk *w, const struct pn_target_dev *t)
{
	struct pn_out *o = w->ctx->out;
	struct pn_device d;
	const char *why;
	bool takes;

	if (pn_device_by_index(t->ifindex, &d))
		return;
	takes = pn_targets_xdp(t, &why);
	pn_out_row(o);
	pn_out_str(o, "device", d.name);
	pn_show_str(o, "driver", d.driver);
	native_show(o, d.ifindex);
	hook_show(o, &d);
	pn_out_bool(o, "target", takes);
	pn_show_str(o, "target_why", why);
	if (why)
		pn_out_note(o, "XDP does not send to it: %s", why);
	attached_show(w, &d);
	pn_out_row_end(o);
}

int pn_doctor_ports(struct pn_run *ctx, int argc, char **argv)
{
	struct walk w = { .ctx = ctx, .name = argv, .n_names = argc };
	struct pn_err ignored = { 0 };
	size_t n;
	int ret = links_read(&w);

	if (ret)
		goto out;
	/* Pins that cannot be read have been told of among the checks. */
	if (pn_view_open(&w.view, ctx->global.bpffs, &ignored))
		memset(&w.view, 0, sizeof(w.view));
	w.gates = w.view.pinned ? pn_show_gates_ask(&w.view) : NULL;
	pn_out_table(ctx->out, &table);
	for (n = 0; n < w.n; n++)
		device_show(&w, &w.dev[n]);
	pn_out_table_end(ctx->out);
	if (w.gates)
		pn_gates_close(w.gates);
	if (w.view.pinned)
		pn_view_close(&w.view);
out:
	free(w.dev);
	return ret;
}
