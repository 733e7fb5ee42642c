// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The registry of kinds, and the rows that every link has. */
#include <linux/devlink.h>
#include <net/if.h>
#include <string.h>

#include "link/kind.h"

extern const struct pn_kind pn_kind_bond;
extern const struct pn_kind pn_kind_bridge;
extern const struct pn_kind pn_kind_dummy;
extern const struct pn_kind pn_kind_erspan;
extern const struct pn_kind pn_kind_geneve;
extern const struct pn_kind pn_kind_gre;
extern const struct pn_kind pn_kind_gretap;
extern const struct pn_kind pn_kind_ifb;
extern const struct pn_kind pn_kind_ip6erspan;
extern const struct pn_kind pn_kind_ip6gre;
extern const struct pn_kind pn_kind_ip6gretap;
extern const struct pn_kind pn_kind_ip6tnl;
extern const struct pn_kind pn_kind_ipip;
extern const struct pn_kind pn_kind_ipoib;
extern const struct pn_kind pn_kind_ipvlan;
extern const struct pn_kind pn_kind_ipvtap;
extern const struct pn_kind pn_kind_macsec;
extern const struct pn_kind pn_kind_macvlan;
extern const struct pn_kind pn_kind_macvtap;
extern const struct pn_kind pn_kind_netdevsim;
extern const struct pn_kind pn_kind_netkit;
extern const struct pn_kind pn_kind_nlmon;
extern const struct pn_kind pn_kind_sit;
extern const struct pn_kind pn_kind_tap;
extern const struct pn_kind pn_kind_team;
extern const struct pn_kind pn_kind_tun;
extern const struct pn_kind pn_kind_vcan;
extern const struct pn_kind pn_kind_veth;
extern const struct pn_kind pn_kind_vlan;
extern const struct pn_kind pn_kind_vrf;
extern const struct pn_kind pn_kind_vti;
extern const struct pn_kind pn_kind_vti6;
extern const struct pn_kind pn_kind_vxcan;
extern const struct pn_kind pn_kind_vxlan;

const struct pn_kind *const pn_kinds[] = {
	&pn_kind_bond,
	&pn_kind_bridge,
	&pn_kind_dummy,
	&pn_kind_erspan,
	&pn_kind_geneve,
	&pn_kind_gre,
	&pn_kind_gretap,
	&pn_kind_ifb,
	&pn_kind_ip6erspan,
	&pn_kind_ip6gre,
	&pn_kind_ip6gretap,
	&pn_kind_ip6tnl,
	&pn_kind_ipip,
	&pn_kind_ipoib,
	&pn_kind_ipvlan,
	&pn_kind_ipvtap,
	&pn_kind_macsec,
	&pn_kind_macvlan,
	&pn_kind_macvtap,
	&pn_kind_netdevsim,
	&pn_kind_netkit,
	&pn_kind_nlmon,
	&pn_kind_sit,
	&pn_kind_tap,
	&pn_kind_team,
	&pn_kind_tun,
	&pn_kind_vcan,
	&pn_kind_veth,
	&pn_kind_vlan,
	&pn_kind_vrf,
	&pn_kind_vti,
	&pn_kind_vti6,
	&pn_kind_vxcan,
	&pn_kind_vxlan,
	NULL,
};

#define GSO_BYTES	(8 * 65535)

static const struct pn_named group_names[] = {
	{ "default", 0 },
	{ NULL, 0 },
};

static const struct pn_named eswitch_modes[] = {
	{ "legacy", DEVLINK_ESWITCH_MODE_LEGACY },
	{ "switchdev", DEVLINK_ESWITCH_MODE_SWITCHDEV },
	{ NULL, 0 },
};

static const struct pn_named linkmode_names[] = {
	{ "default", 0 },
	{ "dormant", 1 },
	{ NULL, 0 },
};

static const struct pn_named addrgen_names[] = {
	{ "eui64", IN6_ADDR_GEN_MODE_EUI64 },
	{ "none", IN6_ADDR_GEN_MODE_NONE },
	{ "stable_secret", IN6_ADDR_GEN_MODE_STABLE_PRIVACY },
	{ "random", IN6_ADDR_GEN_MODE_RANDOM },
	{ NULL, 0 },
};

/* iproute2's `mode`, a word of many kinds, is called as its JSON has it: linkmode. */
static const struct pn_row common_row[] = {
	{ .name = "link", .type = PN_T_DEV, .attr = IFLA_LINK, .flags = PN_ROW_FIXED,
	  .help = "the lower device" },
	{ .name = "address", .type = PN_T_MAC, .attr = IFLA_ADDRESS,
	  .help = "the MAC address" },
	{ .name = "mtu", .type = PN_T_U32, .attr = IFLA_MTU, .min = 16, .max = 65536,
	  .unit = "bytes", .help = "the largest packet, without the Ethernet header" },
	{ .name = "txqueuelen", .alias = "txqlen", .type = PN_T_U32, .attr = IFLA_TXQLEN,
	  .max = INT32_MAX, .unit = "packets", .help = "length of the transmit queue" },
	{ .name = "numtxqueues", .type = PN_T_U32, .attr = IFLA_NUM_TX_QUEUES, .min = 1,
	  .max = 4096, .flags = PN_ROW_FIXED, .help = "number of transmit queues" },
	{ .name = "numrxqueues", .type = PN_T_U32, .attr = IFLA_NUM_RX_QUEUES, .min = 1,
	  .max = 4096, .flags = PN_ROW_FIXED, .help = "number of receive queues" },
	{ .name = "group", .type = PN_T_U32, .attr = IFLA_GROUP, .max = INT32_MAX,
	  .named = group_names, .help = "the device group" },
	{ .name = "alias", .type = PN_T_STR, .attr = IFLA_IFALIAS,
	  .help = "text for humans" },
	{ .name = "broadcast", .type = PN_T_MAC, .attr = IFLA_BROADCAST,
	  .def = "ff:ff:ff:ff:ff:ff", .help = "the MAC address for all" },
	{ .name = "gso_max_size", .type = PN_T_U32, .attr = IFLA_GSO_MAX_SIZE, .min = 1,
	  .max = GSO_BYTES, .unit = "bytes", .def = "65536",
	  .help = "the largest packet that the device is given to cut" },
	{ .name = "gso_max_segs", .type = PN_T_U32, .attr = IFLA_GSO_MAX_SEGS, .min = 1,
	  .max = 65535, .def = "65535", .help = "the most parts of such a packet" },
	{ .name = "gro_max_size", .type = PN_T_U32, .attr = IFLA_GRO_MAX_SIZE, .min = 1,
	  .max = GSO_BYTES, .unit = "bytes", .def = "65536",
	  .help = "the largest packet that received ones are joined to" },
	{ .name = "linkmode", .type = PN_T_U8, .attr = IFLA_LINKMODE, .named = linkmode_names,
	  .def = "default", .help = "dormant: a program tells when the device may be used" },
	{ .name = "addrgenmode", .type = PN_T_ADDRGEN, .attr = IFLA_AF_SPEC,
	  .named = addrgen_names, .def = "eui64", .help = "how IPv6 addresses are made" },
	{ .name = "protodown", .type = PN_T_BOOL, .attr = IFLA_PROTO_DOWN, .def = "false",
	  .help = "kept down by a protocol" },
	{ .name = "dynamic", .type = PN_T_IFF, .attr = IFF_DYNAMIC, .def = "false",
	  .help = "loses its addresses when it goes down" },
	{ .name = "trailers", .type = PN_T_IFF_NOT, .attr = IFF_NOTRAILERS, .def = "true",
	  .help = "a flag of old that nothing follows" },
	{ .name = "arp", .type = PN_T_IFF_NOT, .attr = IFF_NOARP,
	  .help = "resolve neighbours" },
	{ .name = "multicast", .type = PN_T_IFF, .attr = IFF_MULTICAST,
	  .help = "send and receive multicast" },
	{ .name = "allmulticast", .type = PN_T_IFF, .attr = IFF_ALLMULTI,
	  .help = "receive all multicast frames" },
	{ .name = "promisc", .type = PN_T_IFF, .attr = IFF_PROMISC,
	  .help = "receive all frames" },
	{ .name = "sriov_numvfs", .type = PN_T_U32, .attr = IFLA_NUM_VF, .max = 65535, .def = "0",
	  .flags = PN_ROW_HOOK,
	  .help = "virtual functions of its device; another number makes them all anew" },
	{ .name = "eswitch_mode", .type = PN_T_U32, .attr = IFLA_PHYS_SWITCH_ID,
	  .named = eswitch_modes, .def = "legacy", .flags = PN_ROW_HOOK,
	  .help = "of its device (devlink); switchdev: each VF has a representor here" },
	{ .name = "master", .type = PN_T_DEV, .attr = IFLA_MASTER,
	  .help = "the bridge (or other device) that it is a port of" },
	{ .name = "up", .type = PN_T_IFF, .attr = IFF_UP, .flags = PN_ROW_LATE,
	  .help = "switched on" },
};

const struct pn_rows pn_common_rows = PN_ROWS(PN_AT_LINK, common_row);

const struct pn_kind *pn_kind_find(const char *name)
{
	unsigned int i;

	for (i = 0; name && pn_kinds[i]; i++) {
		if (!strcmp(pn_kinds[i]->name, name))
			return pn_kinds[i];
	}
	return NULL;
}

const struct pn_kind *pn_kind_of(const struct pn_link_view *view)
{
	const char *told = view->kind ? view->kind : "";
	const struct pn_kind *kind;
	const char *word;
	unsigned int i;

	for (i = 0; pn_kinds[i]; i++) {
		kind = pn_kinds[i];
		word = kind->info_kind ? kind->info_kind : kind->name;
		if (!strcmp(word, told) && (!kind->is || kind->is(view)))
			return kind;
	}
	return NULL;
}

const struct pn_value *pn_kind_value(const struct pn_rows *rows,
				     const struct pn_value *v, const char *name)
{
	const struct pn_row *row = pn_row_find(rows, name);

	return row ? &v[row - rows->row] : NULL;
}
