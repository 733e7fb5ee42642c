// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Kinds that stand above one lower device: vlan, macvlan, ipvlan, and the taps of the latter. */
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <stdio.h>

#include "link/kind.h"

static const struct pn_named vlan_protocols[] = {
	{ "802.1Q", ETH_P_8021Q },
	{ "802.1ad", ETH_P_8021AD },
	{ NULL, 0 },
};

/* The number of the bit in struct ifla_vlan_flags, which is value and mask. */
#define VLAN_FLAG(word, number, usual, text) \
	{ .name = word, .type = PN_T_BOOLOPT, .attr = IFLA_VLAN_FLAGS, .attr2 = number, \
	  .def = usual, .help = text }

static const struct pn_row vlan_row[] = {
	{ .name = "id", .type = PN_T_U16, .attr = IFLA_VLAN_ID, .max = 4094,
	  .flags = PN_ROW_REQUIRED | PN_ROW_FIXED, .help = "the VLAN" },
	{ .name = "protocol", .alias = "proto", .type = PN_T_BE16, .attr = IFLA_VLAN_PROTOCOL,
	  .named = vlan_protocols, .flags = PN_ROW_FIXED, .def = "802.1Q",
	  .help = "type of the tag" },
	VLAN_FLAG("reorder_hdr", 0, "true", "take the tag off before others see the frame"),
	VLAN_FLAG("gvrp", 1, "false", "announce the VLAN by GVRP"),
	VLAN_FLAG("mvrp", 3, "false", "announce the VLAN by MVRP"),
	VLAN_FLAG("loose_binding", 2, "false", "do not follow the lower device's state"),
	VLAN_FLAG("bridge_binding", 4, "false",
		  "follow the state of the bridge's ports that are in the VLAN"),
	{ .name = "ingress-qos-map", .type = PN_T_QOS_IN, .attr = IFLA_VLAN_INGRESS_QOS,
	  .max = 8, .help = "priority of the packet from that in the tag" },
	{ .name = "egress-qos-map", .type = PN_T_QOS_OUT, .attr = IFLA_VLAN_EGRESS_QOS,
	  .max = 1024, .help = "priority in the tag from that of the packet" },
};

const struct pn_kind pn_kind_vlan = {
	.name = "vlan",
	.help = "one VLAN of the lower device",
	.flags = PN_KIND_LOWER,
	.data = PN_ROWS(PN_AT_DATA, vlan_row),
};

static const struct pn_named macvlan_modes[] = {
	{ "private", MACVLAN_MODE_PRIVATE },
	{ "vepa", MACVLAN_MODE_VEPA },
	{ "bridge", MACVLAN_MODE_BRIDGE },
	{ "passthru", MACVLAN_MODE_PASSTHRU },
	{ "source", MACVLAN_MODE_SOURCE },
	{ NULL, 0 },
};

static const struct pn_named macvlan_flags[] = {
	{ "null", 0 },
	{ "nopromisc", MACVLAN_FLAG_NOPROMISC },
	{ "nodst", MACVLAN_FLAG_NODST },
	{ NULL, 0 },
};

static const struct pn_row macvlan_row[] = {
	{ .name = "mode", .type = PN_T_U32, .attr = IFLA_MACVLAN_MODE,
	  .named = macvlan_modes, .def = "vepa",
	  .help = "who of the siblings may talk to whom" },
	{ .name = "flag", .type = PN_T_U16, .attr = IFLA_MACVLAN_FLAGS,
	  .named = macvlan_flags, .def = "null",
	  .help = "nopromisc: leave the lower device's promiscuity alone (passthru)" },
	{ .name = "macaddr", .type = PN_T_MACS, .attr = IFLA_MACVLAN_MACADDR_DATA,
	  .attr2 = IFLA_MACVLAN_MACADDR_MODE, .max = 1024,
	  .help = "whose frames it takes (mode source)" },
	{ .name = "bcqueuelen", .type = PN_T_U32, .attr = IFLA_MACVLAN_BC_QUEUE_LEN,
	  .max = UINT32_MAX, .unit = "frames", .def = "1000",
	  .help = "receive queue for broadcast and multicast" },
};

static const struct pn_rows macvlan_rows = PN_ROWS(PN_AT_DATA, macvlan_row);

static int macvlan_check(const struct pn_value *v, int *row, char *why, size_t why_len)
{
	const struct pn_value *mode = pn_kind_value(&macvlan_rows, v, "mode");
	const struct pn_value *macs = pn_kind_value(&macvlan_rows, v, "macaddr");
	const struct pn_value *flag = pn_kind_value(&macvlan_rows, v, "flag");

	*row = -1;
	if (macs->set && !(mode->set && mode->num == MACVLAN_MODE_SOURCE)) {
		*row = macs - v;
		snprintf(why, why_len, "needs mode: source");
	} else if (flag->num == MACVLAN_FLAG_NOPROMISC &&
		   !(mode->set && mode->num == MACVLAN_MODE_PASSTHRU)) {
		*row = flag - v;
		snprintf(why, why_len, "nopromisc needs mode: passthru");
	} else {
		return 0;
	}
	return -EINVAL;
}

#define MACVLAN(word, text) \
	const struct pn_kind pn_kind_##word = { \
		.name = #word, .help = text, .flags = PN_KIND_LOWER, \
		.data = PN_ROWS(PN_AT_DATA, macvlan_row), .check = macvlan_check, \
	}

MACVLAN(macvlan, "a device with a MAC address of its own above a lower one");
MACVLAN(macvtap, "a macvlan that a program reads and writes through /dev/tapINDEX");

static const struct pn_named ipvlan_modes[] = {
	{ "l2", IPVLAN_MODE_L2 },
	{ "l3", IPVLAN_MODE_L3 },
	{ "l3s", IPVLAN_MODE_L3S },
	{ NULL, 0 },
};

static const struct pn_named ipvlan_flags[] = {
	{ "bridge", 0 },
	{ "private", IPVLAN_F_PRIVATE },
	{ "vepa", IPVLAN_F_VEPA },
	{ NULL, 0 },
};

static const struct pn_row ipvlan_row[] = {
	{ .name = "mode", .type = PN_T_U16, .attr = IFLA_IPVLAN_MODE, .named = ipvlan_modes,
	  .def = "l3", .help = "where packets are routed; the same for all of one lower device" },
	{ .name = "flags", .type = PN_T_U16, .attr = IFLA_IPVLAN_FLAGS, .named = ipvlan_flags,
	  .def = "bridge",
	  .help = "who of the siblings may talk to whom; the same for all of one lower device" },
};

#define IPVLAN(word, text) \
	const struct pn_kind pn_kind_##word = { \
		.name = #word, .help = text, .flags = PN_KIND_LOWER, \
		.data = PN_ROWS(PN_AT_DATA, ipvlan_row), \
	}

IPVLAN(ipvlan, "a device with IP addresses of its own and the MAC address of the lower one");
IPVLAN(ipvtap, "an ipvlan that a program reads and writes through /dev/tapINDEX");
