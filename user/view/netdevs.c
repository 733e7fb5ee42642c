// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Devices and what is known of them; see netdevs.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nl/link.h"
#include "nl/netdev.h"
#include "nl/nsid.h"
#include "view/far.h"
#include "view/netdevs.h"

#ifndef ARPHRD_IP6GRE
#define ARPHRD_IP6GRE 823	/* newer than the C library */
#endif

#define ATTRS 64

struct collect {
	struct pn_netdevs *devs;
	unsigned int room;
	int fd;			/* for ioctls */
};

static struct pn_netdev *dev_add(struct collect *c)
{
	struct pn_netdevs *devs = c->devs;

	if (devs->n == c->room) {
		unsigned int room = c->room ? 2 * c->room : 64;
		void *grown = realloc(devs->dev, room * sizeof(*devs->dev));

		if (!grown)
			return NULL;
		devs->dev = grown;
		c->room = room;
	}
	memset(&devs->dev[devs->n], 0, sizeof(*devs->dev));
	return &devs->dev[devs->n++];
}

static void text_copy(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

static void hex_print(const struct nlattr *a, const char *sep, char out[PN_HW_TEXT])
{
	const uint8_t *data = pn_attr_data(a);
	size_t i, at = 0, len = pn_attr_len(a);

	out[0] = '\0';
	for (i = 0; data && i < len && at + 4 < PN_HW_TEXT; i++)
		at += snprintf(out + at, PN_HW_TEXT - at, "%s%02x", i ? sep : "", data[i]);
}

/* That of an IP tunnel is its end point. */
static void address_print(const struct nlattr *a, uint16_t type, char out[PN_HW_TEXT])
{
	size_t len = pn_attr_len(a);

	if (len == 4 && (type == ARPHRD_TUNNEL || type == ARPHRD_SIT || type == ARPHRD_IPGRE))
		inet_ntop(AF_INET, pn_attr_data(a), out, PN_HW_TEXT);
	else if (len == 16 && (type == ARPHRD_TUNNEL6 || type == ARPHRD_IP6GRE))
		inet_ntop(AF_INET6, pn_attr_data(a), out, PN_HW_TEXT);
	else
		hex_print(a, ":", out);
}

static void numbers_read(struct pn_netdev *d, const struct nlattr **tb)
{
	d->min_mtu = pn_attr_u32(tb[IFLA_MIN_MTU], 0);
	d->max_mtu = pn_attr_u32(tb[IFLA_MAX_MTU], 0);
	d->tx_queues = pn_attr_u32(tb[IFLA_NUM_TX_QUEUES], 0);
	d->rx_queues = pn_attr_u32(tb[IFLA_NUM_RX_QUEUES], 0);
	d->num_vf = pn_attr_u32(tb[IFLA_NUM_VF], 0);
	d->carrier = pn_attr_u8(tb[IFLA_CARRIER], 0);
	d->changes = pn_attr_u32(tb[IFLA_CARRIER_CHANGES], 0);
	d->ups = pn_attr_u32(tb[IFLA_CARRIER_UP_COUNT], 0);
	d->downs = pn_attr_u32(tb[IFLA_CARRIER_DOWN_COUNT], 0);
}

static void texts_read(struct pn_netdev *d, const struct nlattr **tb)
{
	address_print(tb[IFLA_ADDRESS], d->type, d->address);
	address_print(tb[IFLA_PERM_ADDRESS], d->type, d->permanent);
	hex_print(tb[IFLA_PHYS_SWITCH_ID], "", d->switch_id);
	text_copy(d->port, sizeof(d->port), pn_attr_str(tb[IFLA_PHYS_PORT_NAME]));
	text_copy(d->bus.bus, sizeof(d->bus.bus), pn_attr_str(tb[IFLA_PARENT_DEV_BUS_NAME]));
	text_copy(d->bus.dev, sizeof(d->bus.dev), pn_attr_str(tb[IFLA_PARENT_DEV_NAME]));
}

static void xdp_read(struct pn_netdev_xdp *x, const struct nlattr *nest)
{
	const struct nlattr *tb[IFLA_XDP_MAX + 1];

	pn_attrs_nested(tb, IFLA_XDP_MAX, nest);
	x->mode = pn_attr_u8(tb[IFLA_XDP_ATTACHED], 0);
	x->prog = pn_attr_u32(tb[IFLA_XDP_PROG_ID], 0);
	x->native = pn_attr_u32(tb[IFLA_XDP_DRV_PROG_ID], 0);
	x->generic = pn_attr_u32(tb[IFLA_XDP_SKB_PROG_ID], 0);
	x->offload = pn_attr_u32(tb[IFLA_XDP_HW_PROG_ID], 0);
}

static void common_read(struct pn_netdev *d, const struct pn_nl_link *l)
{
	d->ifindex = l->ifindex;
	d->master = l->master;
	d->link = l->link;
	d->netnsid = l->netnsid;
	d->flags = l->flags;
	d->mtu = l->mtu;
	d->txqlen = l->txqlen;
	d->group = l->group;
	d->promiscuity = l->promiscuity;
	d->type = l->type;
	d->operstate = l->operstate;
	text_copy(d->name, sizeof(d->name), l->name);
	text_copy(d->kind, sizeof(d->kind), l->kind);
	text_copy(d->master_kind, sizeof(d->master_kind), l->slave_kind);
	text_copy(d->alias, sizeof(d->alias), l->alias);
	pn_tunnel_attrs_read(&d->tunnel, d->kind, l->info_data);
	if (!d->link)
		d->link = d->tunnel.link;
}

static int dev_collect(const struct nlmsghdr *nlh, void *data)
{
	const char *start = (const char *)nlh + NLMSG_SPACE(sizeof(struct ifinfomsg));
	const struct nlattr *tb[ATTRS + 1];
	struct pn_netdev *d;
	struct pn_nl_link l;

	if (pn_nl_link_parse(nlh, &l))
		return 0;
	d = dev_add(data);
	if (!d)
		return -ENOMEM;
	common_read(d, &l);
	pn_attrs_parse(tb, ATTRS, start, (const char *)nlh + nlh->nlmsg_len - start);
	numbers_read(d, tb);
	texts_read(d, tb);
	if (tb[IFLA_XDP])
		xdp_read(&d->xdp, tb[IFLA_XDP]);
	return 0;
}

static int dev_compare(const void *a, const void *b)
{
	const struct pn_netdev *x = a, *y = b;

	return x->ifindex < y->ifindex ? -1 : x->ifindex > y->ifindex;
}

static struct pn_netdev *dev_find(const struct pn_netdevs *devs, uint32_t ifindex)
{
	const struct pn_netdev key = { .ifindex = ifindex };

	return devs->n ? bsearch(&key, devs->dev, devs->n, sizeof(key), dev_compare) : NULL;
}

static int features_take(uint32_t ifindex, uint64_t features, void *data)
{
	struct pn_netdev *d = dev_find(data, ifindex);

	if (d) {
		d->told = true;
		d->features = features;
	}
	return 0;
}

static int devlink_take(const struct pn_devlink_port *port, void *data)
{
	struct pn_netdev *d = port->ifindex ? dev_find(data, port->ifindex) : NULL;

	if (d)
		d->devlink = *port;
	return 0;
}

/* The mode is the device's: told at its ports to the outside. */
static void devlink_read(struct pn_netdevs *devs)
{
	struct pn_nl nl = { 0 };
	uint16_t mode;
	unsigned int i;

	if (pn_nl_open(&nl, NETLINK_GENERIC, NULL))
		return;
	if (!pn_devlink_ports(&nl, devlink_take, devs))
		for (i = 0; i < devs->n; i++) {
			struct pn_netdev *d = &devs->dev[i];

			if (d->devlink.number != PN_DEVLINK_NONE && d->devlink.bus[0] &&
			    !pn_devlink_eswitch(&nl, d->devlink.bus, d->devlink.dev, &mode))
				d->eswitch = pn_devlink_eswitch_word(mode);
		}
	pn_nl_close(&nl);
}

static int links_dump(struct collect *c, struct pn_err *err)
{
	struct pn_nl nl = { 0 };
	int tries = PN_NL_DUMP_TRIES;
	int ret = pn_nl_open(&nl, NETLINK_ROUTE, err);

	if (ret)
		return ret;
	do {
		c->devs->n = 0;
		ret = pn_nl_link_dump(&nl, AF_UNSPEC, RTEXT_FILTER_SKIP_STATS | RTEXT_FILTER_VF,
				      dev_collect, c, err);
	} while (ret == -EINTR && --tries);
	pn_nl_close(&nl);
	if (ret)
		pn_err_set(err, PN_EXIT_KERNEL, -ret, "links", "cannot be read: %s",
			   strerror(-ret));
	return ret;
}

static void vf_parent_find(struct pn_netdevs *devs, struct pn_netdev *vf)
{
	unsigned int i;

	for (i = 0; vf->bus.physfn[0] && i < devs->n; i++)
		if (!strcmp(devs->dev[i].bus.pci, vf->bus.physfn))
			vf->vf_of = devs->dev[i].ifindex;
}

/* The name of what stands in `link`, wherever that is. */
static void link_name_find(const struct pn_netdevs *devs, struct pn_fars *fars,
			   struct pn_netdev *d)
{
	const struct pn_netdev *here;

	if (!d->link)
		return;
	if (d->netnsid >= 0) {
		pn_far_name(fars, d->netnsid, d->link, d->link_name);
		text_copy(d->link_netns, sizeof(d->link_netns), pn_far_netns(fars, d->netnsid));
		return;
	}
	here = dev_find(devs, d->link);
	text_copy(d->link_name, sizeof(d->link_name), here ? here->name : NULL);
}

static void details_read(struct collect *c)
{
	struct pn_netdevs *devs = c->devs;
	struct pn_fars fars = { 0 };
	unsigned int i;

	for (i = 0; i < devs->n; i++) {
		pn_ethtool_read(c->fd, devs->dev[i].name, &devs->dev[i].ethtool);
		pn_bus_read(&devs->dev[i].bus);
	}
	for (i = 0; i < devs->n; i++) {
		vf_parent_find(devs, &devs->dev[i]);
		link_name_find(devs, &fars, &devs->dev[i]);
	}
	pn_fars_free(&fars);
}

int pn_netdevs_read(struct pn_netdevs *devs, struct pn_err *err)
{
	struct collect c = { .devs = devs };
	int ret;

	memset(devs, 0, sizeof(*devs));
	ret = links_dump(&c, err);
	if (ret) {
		pn_netdevs_free(devs);
		return ret;
	}
	if (devs->n)
		qsort(devs->dev, devs->n, sizeof(*devs->dev), dev_compare);
	pn_netns_self_name(devs->netns, sizeof(devs->netns));
	pn_netdev_features_all(features_take, devs);
	devlink_read(devs);
	c.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	details_read(&c);
	if (c.fd >= 0)
		close(c.fd);
	return 0;
}

void pn_netdevs_free(struct pn_netdevs *devs)
{
	free(devs->dev);
	memset(devs, 0, sizeof(*devs));
}

const struct pn_netdev *pn_netdevs_find(const struct pn_netdevs *devs, uint32_t ifindex)
{
	return dev_find(devs, ifindex);
}

bool pn_netdev_has_peer(const struct pn_netdev *dev)
{
	return !strcmp(dev->kind, "veth") || !strcmp(dev->kind, "netkit") ||
	       !strcmp(dev->kind, "vxcan") ||
	       (!dev->kind[0] && !strcmp(dev->bus.bus, "netdevsim"));
}
