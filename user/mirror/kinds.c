// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Link attributes by kind; see kinds.h. */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <string.h>

#include "mirror/kinds.h"
#include "nl/compat.h"
#include "nl/link.h"

#define MSEC_PER_TICK	10	/* user space's clock tick, as the kernel reports times */

static void bridge_take(struct pn_dev *dev, const struct nlattr *data)
{
	const struct nlattr *tb[IFLA_BR_MAX + 1];

	pn_attrs_nested(tb, IFLA_BR_MAX, data);
	dev->bridge.vlan_filtering = pn_attr_u8(tb[IFLA_BR_VLAN_FILTERING], 0);
	dev->bridge.vlan_proto = ntohs(pn_attr_be16(tb[IFLA_BR_VLAN_PROTOCOL], htons(ETH_P_8021Q)));
	dev->bridge.stp = pn_attr_u32(tb[IFLA_BR_STP_STATE], 0);
	dev->bridge.ageing_ms = (__u64)MSEC_PER_TICK * pn_attr_u32(tb[IFLA_BR_AGEING_TIME], 0);
}

static bool vxlan_addr(const struct nlattr *v4, const struct nlattr *v6,
		       struct in6_addr *addr)
{
	const struct nlattr *a = v4 ? v4 : v6;

	return a && pn_addr_mapped(pn_attr_data(a), pn_attr_len(a), addr);
}

static bool vxlan_addr_tied(bool has, const struct in6_addr *addr)
{
	return has && (IN6_IS_ADDR_LINKLOCAL(addr) || IN6_IS_ADDR_MC_LINKLOCAL(addr));
}

static void vxlan_take(struct pn_dev *dev, const struct nlattr *data)
{
	const struct nlattr *tb[IFLA_VXLAN_MAX + 1];
	struct pn_dev_vxlan *v = &dev->vxlan;

	pn_attrs_nested(tb, IFLA_VXLAN_MAX, data);
	v->vni = pn_attr_u32(tb[IFLA_VXLAN_ID], 0);
	v->dport = ntohs(pn_attr_be16(tb[IFLA_VXLAN_PORT], 0));
	v->ageing_s = pn_attr_u32(tb[IFLA_VXLAN_AGEING], 0);
	v->learning = pn_attr_u8(tb[IFLA_VXLAN_LEARNING], 0);
	v->zero_csum6 = pn_attr_u8(tb[IFLA_VXLAN_UDP_ZERO_CSUM6_RX], 0);
	v->external = pn_attr_u8(tb[IFLA_VXLAN_COLLECT_METADATA], 0);
	v->vnifilter = pn_attr_u8(tb[IFLA_VXLAN_VNIFILTER], 0);
	v->remcsum = pn_attr_u8(tb[IFLA_VXLAN_REMCSUM_RX], 0);
	v->gbp = tb[IFLA_VXLAN_GBP];
	v->gpe = tb[IFLA_VXLAN_GPE];
	v->has_remote = vxlan_addr(tb[IFLA_VXLAN_GROUP], tb[IFLA_VXLAN_GROUP6], &v->remote);
	v->has_local = vxlan_addr(tb[IFLA_VXLAN_LOCAL], tb[IFLA_VXLAN_LOCAL6], &v->local);
	v->ipv6 = tb[IFLA_VXLAN_GROUP6] || tb[IFLA_VXLAN_LOCAL6];
	v->link_local = vxlan_addr_tied(v->has_remote, &v->remote) ||
			vxlan_addr_tied(v->has_local, &v->local);
	v->foreign = dev->netnsid >= 0;
	v->lower = pn_attr_u32(tb[IFLA_VXLAN_LINK], 0);
}

static void vlan_take(struct pn_dev *dev, const struct nlattr *data)
{
	const struct nlattr *tb[IFLA_VLAN_MAX + 1];

	pn_attrs_nested(tb, IFLA_VLAN_MAX, data);
	dev->vlan.vid = pn_attr_u16(tb[IFLA_VLAN_ID], 0);
	dev->vlan.ad = pn_attr_be16(tb[IFLA_VLAN_PROTOCOL], 0) == htons(ETH_P_8021AD);
	dev->vlan.foreign = dev->netnsid >= 0;
}

static const struct kind_row {
	const char *word;
	enum pn_dev_kind kind;
	void (*take)(struct pn_dev *dev, const struct nlattr *data);
} kind_rows[] = {
	{ "bridge", PN_DEV_BRIDGE, bridge_take },
	{ "vxlan", PN_DEV_VXLAN, vxlan_take },
	{ "vlan", PN_DEV_VLAN, vlan_take },
	{ "veth", PN_DEV_VETH, NULL },
	{ "vrf", PN_DEV_VRF, NULL },
};

void pn_kind_take_brport(struct pn_dev *dev, const struct nlattr *attrs)
{
	const struct nlattr *tb[PN_IFLA_BRPORT_NEIGH_VLAN_SUPPRESS + 1];
	struct pn_dev_brport *p = &dev->brport;

	pn_attrs_nested(tb, PN_IFLA_BRPORT_NEIGH_VLAN_SUPPRESS, attrs);
	p->known = true;
	p->state = pn_attr_u8(tb[IFLA_BRPORT_STATE], 0);
	p->hairpin = pn_attr_u8(tb[IFLA_BRPORT_MODE], 0);
	p->isolated = pn_attr_u8(tb[IFLA_BRPORT_ISOLATED], 0);
	p->locked = pn_attr_u8(tb[IFLA_BRPORT_LOCKED], 0);
	p->vlan_tunnel = pn_attr_u8(tb[IFLA_BRPORT_VLAN_TUNNEL], 0);
	p->learning = pn_attr_u8(tb[IFLA_BRPORT_LEARNING], 0);
	p->neigh_proxy = pn_attr_u8(tb[IFLA_BRPORT_PROXYARP], 0) ||
			 pn_attr_u8(tb[IFLA_BRPORT_PROXYARP_WIFI], 0) ||
			 pn_attr_u8(tb[IFLA_BRPORT_NEIGH_SUPPRESS], 0) ||
			 pn_attr_u8(tb[PN_IFLA_BRPORT_NEIGH_VLAN_SUPPRESS], 0);
}

void pn_kind_take(struct pn_dev *dev, const struct pn_nl_link *l)
{
	bool is_tunnel;
	size_t i;

	is_tunnel = pn_kind_take_tunnel(dev, l->info_data);
	dev->kind = is_tunnel ? PN_DEV_TUNNEL : PN_DEV_OTHER;
	for (i = 0; i < sizeof(kind_rows) / sizeof(kind_rows[0]); i++) {
		if (strcmp(dev->kind_name, kind_rows[i].word) != 0)
			continue;
		dev->kind = kind_rows[i].kind;
		if (kind_rows[i].take && l->info_data)
			kind_rows[i].take(dev, l->info_data);
	}
	if (!l->slave_kind || strcmp(l->slave_kind, "bridge") != 0)
		memset(&dev->brport, 0, sizeof(dev->brport));
	else if (l->slave_data)
		pn_kind_take_brport(dev, l->slave_data);
}
