// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What JSON has of a device beyond the table; see show_links.h. */
#include <string.h>

#include "cmd/show_links.h"

const char *pn_link_attached(const struct pn_links_shown *s, const struct pn_netdev *d)
{
	const struct pn_view *v = s->view;
	unsigned int i;

	for (i = 0; i < v->n_records; i++)
		if (v->record[i].ifindex == d->ifindex && v->record[i].state == PN_PORT_ATTACHED)
			return pn_hook_words[v->record[i].hook];
	return NULL;
}

const char *pn_link_takes(const struct pn_links_shown *s, const struct pn_netdev *d)
{
	static const char *const words[] = { NULL, "xdp", "tc", "xdp,tc" };
	const struct pn_port *port = pn_view_port(s->view, d->ifindex, NULL);

	if (!port)
		return NULL;
	return words[!!(port->flags & PN_PORT_XDP_TARGET) +
		     2 * !!(port->flags & PN_PORT_TC_TARGET)];
}

void pn_link_features_show(struct pn_out *o, const struct pn_netdev *d)
{
	unsigned int i;

	pn_out_array(o, "features");
	for (i = 0; i < PN_XDP_FEATURES; i++)
		if (d->features & 1ull << i)
			pn_out_str(o, NULL, pn_xdp_feature_words[i]);
	pn_out_end(o);
}

static void program_show(struct pn_out *o, const char *mode, uint32_t id)
{
	if (!id)
		return;
	pn_out_object(o, NULL);
	pn_out_str(o, "mode", mode);
	pn_out_u64(o, "id", id);
	pn_out_end(o);
}

void pn_link_programs_show(struct pn_out *o, const struct pn_netdev_xdp *xdp)
{
	pn_out_array(o, "programs");
	program_show(o, "native", xdp->native);
	program_show(o, "generic", xdp->generic);
	program_show(o, "offload", xdp->offload);
	pn_out_end(o);
}

static void flags_show(struct pn_out *o, uint32_t flags)
{
	unsigned int i;

	pn_out_array(o, "flags");
	for (i = 0; i < PN_FLAG_BITS; i++)
		if (flags & 1u << i)
			pn_out_str(o, NULL, pn_iff_words[i]);
	pn_out_end(o);
}

/* Devices that have @d as their master, or as their lower device. */
static void others_show(const struct pn_links_shown *s, const char *key,
			const struct pn_netdev *d, bool masters)
{
	struct pn_out *o = s->ctx->out;
	const struct pn_netdev *e;
	unsigned int i;

	pn_out_array(o, key);
	for (i = 0; i < s->devs.n; i++) {
		e = &s->devs.dev[i];
		if (masters ? e->master == d->ifindex :
			      e->link == d->ifindex && e->netnsid < 0 && e != d &&
				      !pn_netdev_has_peer(e))
			pn_out_str(o, NULL, e->name);
	}
	pn_out_end(o);
}

static void number_or_null(struct pn_out *o, const char *key, bool known, uint64_t n)
{
	if (known)
		pn_out_u64(o, key, n);
	else
		pn_out_null(o, key);
}

static void devlink_show(struct pn_out *o, const struct pn_netdev *d)
{
	const struct pn_devlink_port *p = &d->devlink;

	if (!p->bus[0]) {
		pn_out_null(o, "devlink");
		return;
	}
	pn_out_object(o, "devlink");
	pn_out_fmt(o, "port", "%s/%s/%u", p->bus, p->dev, p->index);
	pn_show_str(o, "flavour", p->flavour);
	number_or_null(o, "number", p->number != PN_DEVLINK_NONE, p->number);
	number_or_null(o, "controller", p->controller != PN_DEVLINK_NONE, p->controller);
	number_or_null(o, "pf", p->pf != PN_DEVLINK_NONE, p->pf);
	number_or_null(o, "vf", p->vf != PN_DEVLINK_NONE, p->vf);
	pn_out_bool(o, "external", p->external);
	pn_show_str(o, "eswitch_mode", d->eswitch);
	pn_out_end(o);
}

static void hardware_show(const struct pn_links_shown *s, const struct pn_netdev *d)
{
	const struct pn_netdev *pf = pn_netdevs_find(&s->devs, d->vf_of);
	struct pn_out *o = s->ctx->out;

	pn_show_str(o, "firmware", d->ethtool.firmware);
	pn_show_str(o, "bus", d->bus.bus);
	pn_show_str(o, "bus_device", d->bus.dev);
	pn_show_str(o, "pci", d->bus.pci);
	pn_show_str(o, "vf_parent", pf ? pf->name : NULL);
	pn_show_str(o, "vf_parent_pci", d->bus.physfn);
	pn_out_u64(o, "vfs", d->num_vf);
	pn_out_u64(o, "vfs_max", d->bus.total_vfs);
	pn_show_str(o, "phys_port", d->port);
	pn_show_str(o, "phys_switch", d->switch_id);
	devlink_show(o, d);
	number_or_null(o, "speed", d->ethtool.speed >= 0, d->ethtool.speed);
	pn_show_str(o, "duplex", d->ethtool.duplex);
	pn_out_u64(o, "tx_queues", d->tx_queues);
	pn_out_u64(o, "rx_queues", d->rx_queues);
	number_or_null(o, "channels", d->ethtool.channels, d->ethtool.channels);
	number_or_null(o, "channels_max", d->ethtool.max_channels, d->ethtool.max_channels);
}

void pn_link_facts_show(const struct pn_links_shown *s, const struct pn_netdev *d)
{
	const struct pn_netdev *master = pn_netdevs_find(&s->devs, d->master);
	struct pn_out *o = s->ctx->out;

	if (!pn_out_is_json(o))
		return;
	pn_out_u64(o, "ifindex", d->ifindex);
	pn_show_str(o, "netns", s->devs.netns);
	pn_show_str(o, "type", pn_arphrd_word(d->type));
	pn_out_u64(o, "type_number", d->type);
	flags_show(o, d->flags);
	pn_show_str(o, "alias", d->alias);
	pn_show_str(o, "address", d->address);
	pn_show_str(o, "permanent_address", d->permanent);
	pn_out_u64(o, "mtu_min", d->min_mtu);
	number_or_null(o, "mtu_max", d->max_mtu, d->max_mtu);
	pn_out_u64(o, "txqueuelen", d->txqlen);
	pn_out_u64(o, "group", d->group);
	pn_out_u64(o, "promiscuity", d->promiscuity);
	pn_out_bool(o, "carrier", d->carrier);
	pn_out_u64(o, "carrier_changes", d->changes);
	pn_out_u64(o, "carrier_up", d->ups);
	pn_out_u64(o, "carrier_down", d->downs);
	pn_show_str(o, "master_kind", master ? d->master_kind : NULL);
	pn_show_str(o, "bridge", master && !strcmp(d->master_kind, "bridge") ? master->name : NULL);
	others_show(s, "ports", d, true);
	others_show(s, "above", d, false);
	hardware_show(s, d);
	pn_show_str(o, "takes", pn_link_takes(s, d));
}
