// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Kinds with few rows or none. */
#include <linux/rtnetlink.h>

#include "link/kind.h"

#define NO_ROWS { .place = PN_AT_DATA }

const struct pn_kind pn_kind_dummy = {
	.name = "dummy",
	.help = "a device that drops what it is given",
	.data = NO_ROWS,
};

const struct pn_kind pn_kind_ifb = {
	.name = "ifb",
	.help = "takes what is redirected to it, for queueing disciplines on arriving packets",
	.data = NO_ROWS,
};

const struct pn_kind pn_kind_nlmon = {
	.name = "nlmon",
	.help = "shows the netlink messages of the host to packet sockets",
	.data = NO_ROWS,
};

const struct pn_kind pn_kind_vcan = {
	.name = "vcan",
	.help = "a CAN bus for the programs of one host; its mtu is 16, 72 or 2060",
	.data = NO_ROWS,
};

static const struct pn_named table_names[] = {
	{ "default", RT_TABLE_DEFAULT },
	{ "main", RT_TABLE_MAIN },
	{ "local", RT_TABLE_LOCAL },
	{ NULL, 0 },
};

static const struct pn_row vrf_row[] = {
	{ .name = "table", .type = PN_T_U32, .attr = IFLA_VRF_TABLE, .min = 1,
	  .max = UINT32_MAX, .named = table_names, .flags = PN_ROW_REQUIRED | PN_ROW_FIXED,
	  .help = "the routing table of its ports" },
};

const struct pn_kind pn_kind_vrf = {
	.name = "vrf",
	.help = "a router within the host; its ports name it as `master`",
	.data = PN_ROWS(PN_AT_DATA, vrf_row),
};

static const struct pn_named ipoib_modes[] = {
	{ "datagram", 0 },
	{ "connected", 1 },
	{ NULL, 0 },
};

static const struct pn_row ipoib_row[] = {
	{ .name = "pkey", .type = PN_T_U16, .attr = IFLA_IPOIB_PKEY, .min = 0x8001,
	  .max = 0xffff, .flags = PN_ROW_HEX | PN_ROW_FIXED,
	  .help = "partition of the fabric, with the bit of full membership" },
	{ .name = "mode", .type = PN_T_U16, .attr = IFLA_IPOIB_MODE, .named = ipoib_modes,
	  .help = "of transport" },
	{ .name = "umcast", .type = PN_T_U16, .attr = IFLA_IPOIB_UMCAST, .max = 1,
	  .help = "1: multicast that the kernel has no group for is left to programs" },
};

const struct pn_kind pn_kind_ipoib = {
	.name = "ipoib",
	.help = "IP over InfiniBand, a partition of the adapter's port below it",
	.flags = PN_KIND_LOWER,
	.data = PN_ROWS(PN_AT_DATA, ipoib_row),
};
