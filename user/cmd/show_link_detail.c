// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One device for people to read, a line for each of its sides; see show_links.h. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmd/show_links.h"

struct line {
	char text[512];
	size_t len;
};

/* One more word of a line; what does not fit is left out. */
static void line_add(struct line *l, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void line_add(struct line *l, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(l->text + l->len, sizeof(l->text) - l->len, fmt, ap);
	va_end(ap);
	l->len += n;
	if (l->len >= sizeof(l->text))
		l->len = sizeof(l->text) - 1;
}

static void line_show(struct pn_out *o, const char *key, const struct line *l)
{
	if (l->len)
		pn_out_text(o, key, "%s", l->text);
}

static void who_show(const struct pn_links_shown *s, const struct pn_netdev *d)
{
	const char *type = pn_arphrd_word(d->type);
	struct pn_out *o = s->ctx->out;
	struct line l = { 0 };

	line_add(&l, "%s, index %u", d->name, d->ifindex);
	if (s->devs.netns[0])
		line_add(&l, ", namespace %s", s->devs.netns);
	if (d->alias[0])
		line_add(&l, ", alias \"%s\"", d->alias);
	line_show(o, "device", &l);
	pn_out_text(o, "kind", "%s, type %s (%u)", d->kind[0] ? d->kind : "-", type ? type : "?",
		    d->type);
	if (d->address[0])
		pn_out_text(o, "address", "%s%s%s", d->address,
			    d->permanent[0] ? ", permanent " : "", d->permanent);
}

static void state_show(struct pn_out *o, const struct pn_netdev *d)
{
	struct line flags = { 0 };
	unsigned int i;

	pn_out_tone(o, !(d->flags & IFF_UP) ? PN_TONE_BAD :
		       d->carrier ? PN_TONE_GOOD : PN_TONE_WARN);
	pn_out_text(o, "state", "%s, operstate %s",
		    !(d->flags & IFF_UP) ? "down" : d->carrier ? "up" : "no-carrier",
		    pn_operstate_word(d->operstate));
	for (i = 0; i < PN_FLAG_BITS; i++)
		if (d->flags & 1u << i)
			line_add(&flags, "%s%s", flags.len ? " " : "", pn_iff_words[i]);
	line_show(o, "flags", &flags);
	pn_out_text(o, "carrier", "%s; %u changes: %u up, %u down", d->carrier ? "yes" : "no",
		    d->changes, d->ups, d->downs);
	if (d->max_mtu)
		pn_out_text(o, "mtu", "%u (%u..%u)", d->mtu, d->min_mtu, d->max_mtu);
	else
		pn_out_text(o, "mtu", "%u (%u..)", d->mtu, d->min_mtu);
}

static void tunnel_show(struct pn_out *o, const struct pn_tunnel_attrs *t)
{
	struct line l = { 0 };

	if (!t->known)
		return;
	line_add(&l, "%s -> %s", t->local[0] ? t->local : "any", t->remote[0] ? t->remote : "any");
	if (t->has_vni)
		line_add(&l, ", id %u", t->vni);
	if (t->has_key)
		line_add(&l, ", key %u", t->key);
	if (t->port)
		line_add(&l, ", UDP port %u", t->port);
	if (t->encap)
		line_add(&l, ", in %s on port %u", t->encap, t->encap_dport);
	if (t->external)
		line_add(&l, ", external");
	line_show(o, "tunnel", &l);
}

static void others_show(const struct pn_links_shown *s, const struct pn_netdev *d)
{
	struct line ports = { 0 }, above = { 0 };
	unsigned int i;

	for (i = 0; i < s->devs.n; i++) {
		const struct pn_netdev *e = &s->devs.dev[i];

		if (e->master == d->ifindex)
			line_add(&ports, "%s%s", ports.len ? " " : "", e->name);
		if (e->link == d->ifindex && e->netnsid < 0 && e != d && !pn_netdev_has_peer(e))
			line_add(&above, "%s%s", above.len ? " " : "", e->name);
	}
	line_show(s->ctx->out, "ports", &ports);
	line_show(s->ctx->out, "above", &above);
}

static void place_show(const struct pn_links_shown *s, const struct pn_netdev *d)
{
	const struct pn_netdev *master = pn_netdevs_find(&s->devs, d->master);
	struct pn_out *o = s->ctx->out;
	struct line on = { 0 };

	if (master)
		pn_out_text(o, "master", "%s (%s)", master->name, d->master_kind);
	if (d->link && (d->netnsid >= 0 || d->link != d->ifindex)) {
		line_add(&on, "%s%s", pn_netdev_has_peer(d) ? "peer " : "",
			 d->link_name[0] ? d->link_name : "?");
		if (d->link_netns[0])
			line_add(&on, " in namespace %s", d->link_netns);
		else if (d->netnsid >= 0)
			line_add(&on, " in a namespace without a name, number %d here", d->netnsid);
	}
	line_show(o, "on", &on);
	others_show(s, d);
}

static void devlink_show(struct pn_out *o, const struct pn_netdev *d)
{
	const struct pn_devlink_port *p = &d->devlink;
	struct line l = { 0 };

	if (!p->bus[0])
		return;
	line_add(&l, "%s/%s/%u", p->bus, p->dev, p->index);
	if (p->flavour)
		line_add(&l, ", %s", p->flavour);
	if (p->number != PN_DEVLINK_NONE)
		line_add(&l, ", port %u", p->number);
	if (p->controller != PN_DEVLINK_NONE)
		line_add(&l, ", controller %u", p->controller);
	if (p->pf != PN_DEVLINK_NONE)
		line_add(&l, ", PF %u", p->pf);
	if (p->vf != PN_DEVLINK_NONE)
		line_add(&l, ", VF %u", p->vf);
	if (p->external)
		line_add(&l, ", of another host");
	if (d->eswitch)
		line_add(&l, "; eswitch mode %s", d->eswitch);
	line_show(o, "devlink", &l);
}

static void bus_show(const struct pn_links_shown *s, const struct pn_netdev *d)
{
	const struct pn_netdev *pf = pn_netdevs_find(&s->devs, d->vf_of);
	struct pn_out *o = s->ctx->out;
	struct line l = { 0 };

	if (d->bus.bus[0])
		line_add(&l, "%s %s", d->bus.bus, d->bus.dev);
	if (d->bus.pci[0] && strcmp(d->bus.bus, "pci"))
		line_add(&l, ", PCI %s", d->bus.pci);
	if (d->bus.physfn[0])
		line_add(&l, ", a VF of %s%s%s", pf ? pf->name : "", pf ? " at " : "",
			 d->bus.physfn);
	line_show(o, "bus", &l);
	if (d->bus.total_vfs)
		pn_out_text(o, "vfs", "%u of %u", d->num_vf, d->bus.total_vfs);
	else if (d->num_vf)
		pn_out_text(o, "vfs", "%u", d->num_vf);
	if (d->port[0] || d->switch_id[0])
		pn_out_text(o, "switch", "port %s of switch %s", d->port[0] ? d->port : "-",
			    d->switch_id[0] ? d->switch_id : "-");
}

static void driver_show(struct pn_out *o, const struct pn_netdev *d)
{
	const struct pn_ethtool *e = &d->ethtool;
	struct line l = { 0 };

	pn_out_text(o, "driver", "%s%s%s", e->driver[0] ? e->driver : "-",
		    e->firmware[0] ? ", firmware " : "", e->firmware);
	if (e->speed >= 0)
		pn_out_text(o, "speed", "%d Mb/s%s%s", e->speed, e->duplex ? ", duplex " : "",
			    e->duplex ? e->duplex : "");
	line_add(&l, "%u to send, %u to receive", d->tx_queues, d->rx_queues);
	if (e->channels)
		line_add(&l, "; %u channels of %u", e->channels, e->max_channels);
	line_show(o, "queues", &l);
}

static void xdp_show(struct pn_out *o, const struct pn_netdev *d)
{
	const struct pn_netdev_xdp *x = &d->xdp;
	struct line l = { 0 };
	unsigned int i;

	if (!d->told)
		line_add(&l, "this kernel does not tell what the driver can do");
	else if (!(d->features & PN_XDP_F_BASIC))
		line_add(&l, "generic mode only");
	else
		line_add(&l, "native mode");
	for (i = 0; i < PN_XDP_FEATURES; i++)
		if (d->features & 1ull << i)
			line_add(&l, "%s%s", i ? ", " : ": ", pn_xdp_feature_words[i]);
	if (x->native)
		line_add(&l, "; program %u", x->native);
	if (x->generic)
		line_add(&l, "; program %u in generic mode", x->generic);
	if (x->offload)
		line_add(&l, "; program %u in the device", x->offload);
	line_show(o, "xdp", &l);
}

static void hook_show(const struct pn_links_shown *s, const struct pn_netdev *d)
{
	const char *attached = pn_link_attached(s, d), *takes = pn_link_takes(s, d);
	struct pn_choice choice = { 0 };
	struct pn_out *o = s->ctx->out;
	struct pn_err err = { 0 };
	struct line l = { 0 };

	if (pn_link_hook(d, &choice, &err))
		line_add(&l, "none: it %s", err.text);
	else
		line_add(&l, "%s: %s", pn_hook_words[choice.hook], choice.why);
	if (attached)
		line_add(&l, "; attached at %s", attached);
	line_show(o, "hook", &l);
	if (takes)
		pn_out_text(o, "takes", "accepts frames from %s", takes);
}

void pn_link_detail_show(const struct pn_links_shown *s, const struct pn_netdev *d)
{
	who_show(s, d);
	state_show(s->ctx->out, d);
	place_show(s, d);
	tunnel_show(s->ctx->out, &d->tunnel);
	driver_show(s->ctx->out, d);
	bus_show(s, d);
	devlink_show(s->ctx->out, d);
	xdp_show(s->ctx->out, d);
	hook_show(s, d);
}
