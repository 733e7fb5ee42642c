// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The devices of the watched namespace, as far as gates depend on them: one
 * dump, which holds the sysctls of each device as well. Decides nothing.
 */
#include <errno.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/gate_detect.h"
#include "nl/link.h"

static const char *vlan_odd(const struct nlattr **tb)
{
	struct br_boolopt_multi opt = { 0 };

	if (pn_attr_len(tb[IFLA_BR_MULTI_BOOLOPT]) >= sizeof(opt))
		memcpy(&opt, pn_attr_data(tb[IFLA_BR_MULTI_BOOLOPT]), sizeof(opt));
	if (opt.optval & 1u << BR_BOOLOPT_MST_ENABLE)
		return "with multiple spanning trees (mst_enabled)";
	return pn_attr_u8(tb[IFLA_BR_VLAN_STATS_ENABLED], 0) ?
		       "and counts per VLAN (vlan_stats_enabled)" : NULL;
}

static void bridge_parse(struct gate_dev *d, const struct nlattr *data)
{
	const struct nlattr *tb[IFLA_BR_MAX + 1];

	pn_attrs_nested(tb, IFLA_BR_MAX, data);
	d->vlan_odd = pn_attr_u8(tb[IFLA_BR_VLAN_FILTERING], 0) ? vlan_odd(tb) : NULL;
	d->nf_call_ip = pn_attr_u8(tb[IFLA_BR_NF_CALL_IPTABLES], 0);
	d->nf_call_ip6 = pn_attr_u8(tb[IFLA_BR_NF_CALL_IP6TABLES], 0);
	d->nf_call_arp = pn_attr_u8(tb[IFLA_BR_NF_CALL_ARPTABLES], 0);
}

static void macvlan_parse(struct gate_dev *d, const struct nlattr *data)
{
	const struct nlattr *tb[IFLA_MACVLAN_MAX + 1];

	pn_attrs_nested(tb, IFLA_MACVLAN_MAX, data);
	d->macvlan_mode = pn_attr_u32(tb[IFLA_MACVLAN_MODE], 0);
}

static void tun_parse(struct gate_dev *d, const struct nlattr *data)
{
	const struct nlattr *tb[IFLA_TUN_MAX + 1];

	pn_attrs_nested(tb, IFLA_TUN_MAX, data);
	d->vnet_hdr = pn_attr_u8(tb[IFLA_TUN_VNET_HDR], 0);
}

static const struct {
	const char *kind;
	void (*parse)(struct gate_dev *d, const struct nlattr *data);
} kinds[] = {
	{ "bridge", bridge_parse },
	{ "macvlan", macvlan_parse },
	{ "macvtap", macvlan_parse },
	{ "tun", tun_parse },
};

static void brport_parse(struct gate_dev *d, const struct nlattr *data)
{
	const struct nlattr *tb[IFLA_BRPORT_MAX + 1];

	pn_attrs_nested(tb, IFLA_BRPORT_MAX, data);
	d->vlan_tunnel = pn_attr_u8(tb[IFLA_BRPORT_VLAN_TUNNEL], 0);
	d->backup = pn_attr_u32(tb[IFLA_BRPORT_BACKUP_PORT], 0);
}

static int32_t conf_value(const struct nlattr *conf, size_t index)
{
	int32_t v = 0;

	if (pn_attr_len(conf) >= (index + 1) * sizeof(v))
		memcpy(&v, (const char *)pn_attr_data(conf) + index * sizeof(v),
		       sizeof(v));
	return v;
}

static void conf_parse(struct gate_dev *d, const struct nlattr *af_spec)
{
	const struct nlattr *af[AF_INET6 + 1];
	const struct nlattr *v4[IFLA_INET_MAX + 1], *v6[IFLA_INET6_MAX + 1];

	pn_attrs_nested(af, AF_INET6, af_spec);
	pn_attrs_nested(v4, IFLA_INET_MAX, af[AF_INET]);
	pn_attrs_nested(v6, IFLA_INET6_MAX, af[AF_INET6]);
	/* The numbers of IPv4 begin with 1. */
	d->rp_filter = conf_value(v4[IFLA_INET_CONF], IPV4_DEVCONF_RP_FILTER - 1);
	d->forwarding6 = conf_value(v6[IFLA_INET6_CONF], DEVCONF_FORWARDING);
	d->disable_ipv6 = conf_value(v6[IFLA_INET6_CONF], DEVCONF_DISABLE_IPV6);
}

static void dev_parse(struct gate_dev *d, const struct pn_nl_link *l)
{
	size_t i;

	memset(d, 0, sizeof(*d));
	d->ifindex = l->ifindex;
	d->master = l->master;
	d->link = l->link;
	d->netnsid = l->netnsid;
	d->promiscuity = l->promiscuity;
	d->flags = l->flags;
	snprintf(d->name, sizeof(d->name), "%s", l->name);
	snprintf(d->kind, sizeof(d->kind), "%s", l->kind ? l->kind : "");
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(d->kind, kinds[i].kind))
			kinds[i].parse(d, l->info_data);
	if (l->slave_kind && !strcmp(l->slave_kind, "bridge"))
		brport_parse(d, l->slave_data);
	pn_gate_tunnel_parse(d, l->info_data);
	d->ether = l->type == ARPHRD_ETHER;
	d->xdp = l->xdp_mode != XDP_ATTACHED_NONE;
	conf_parse(d, l->af_spec);
}

struct dev_table {
	struct gate_dev *v;
	size_t n, cap;
};

static int dev_add(const struct nlmsghdr *nlh, void *data)
{
	struct dev_table *t = data;
	struct pn_nl_link l;
	size_t cap = t->cap ? 2 * t->cap : 16;
	void *v;

	if (pn_nl_link_parse(nlh, &l))
		return 0;
	if (t->n == t->cap) {
		v = realloc(t->v, cap * sizeof(*t->v));
		if (!v)
			return -ENOMEM;
		t->v = v;
		t->cap = cap;
	}
	dev_parse(&t->v[t->n++], &l);
	return 0;
}

static int dev_order(const void *a, const void *b)
{
	uint32_t x = ((const struct gate_dev *)a)->ifindex;
	uint32_t y = ((const struct gate_dev *)b)->ifindex;

	return x < y ? -1 : x > y;
}

int pn_gate_devs_collect(struct pn_gates *g)
{
	struct dev_table t = { 0 };
	int32_t all = pn_gate_proc_number("/proc/sys/net/ipv4/conf/all/rp_filter", 0);
	int tries = 0;
	int rc;

	do {
		t.n = 0;
		rc = pn_nl_link_dump(&g->rtnl, AF_UNSPEC, RTEXT_FILTER_SKIP_STATS,
				     dev_add, &t, NULL);
	} while (rc == -EINTR && ++tries < PN_NL_DUMP_TRIES);
	if (rc < 0) {
		free(t.v);
		return rc;
	}
	if (t.n)
		qsort(t.v, t.n, sizeof(*t.v), dev_order);
	rc = all != g->rp_filter_all || t.n != g->n_devs ||
	     (t.n && memcmp(t.v, g->devs, t.n * sizeof(*t.v)));
	free(g->devs);
	g->devs = t.v;
	g->n_devs = t.n;
	g->rp_filter_all = all;
	return rc;
}

const struct gate_dev *pn_gate_dev(const struct pn_gates *g, uint32_t ifindex)
{
	struct gate_dev key = { .ifindex = ifindex };

	if (!g->n_devs)
		return NULL;
	return bsearch(&key, g->devs, g->n_devs, sizeof(key), dev_order);
}

const char *pn_gate_dev_name(const struct pn_gates *g, uint32_t ifindex)
{
	const struct gate_dev *d = pn_gate_dev(g, ifindex);

	return d ? d->name : "?";
}

const struct gate_dev *pn_gate_dev_by_name(const struct pn_gates *g, const char *name)
{
	const struct gate_dev *d;

	for (d = g->devs; d < g->devs + g->n_devs; d++)
		if (!strcmp(d->name, name))
			return d;
	return NULL;
}
