// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Kinds that come as two links: one message makes both. */
#include <linux/can/vxcan.h>
#include <linux/veth.h>

#include "link/kind.h"
#include "nl/compat.h"

const struct pn_kind pn_kind_veth = {
	.name = "veth",
	.help = "a pair of devices joined by a virtual cable; `peer` describes the other end",
	.flags = PN_KIND_PEER,
	.peer_attr = VETH_INFO_PEER,
	.data = { .place = PN_AT_DATA },
};

const struct pn_kind pn_kind_vxcan = {
	.name = "vxcan",
	.help = "a pair of CAN devices joined by a virtual cable; `peer` describes the other end",
	.flags = PN_KIND_PEER,
	.peer_attr = VXCAN_INFO_PEER,
	.data = { .place = PN_AT_DATA },
};

enum { NETKIT_L2, NETKIT_L3 };
enum { NETKIT_FORWARD = 0, NETKIT_BLACKHOLE = 2 };
enum { NETKIT_SCRUB_NONE, NETKIT_SCRUB_DEFAULT };

static const struct pn_named netkit_modes[] = {
	{ "l2", NETKIT_L2 },
	{ "l3", NETKIT_L3 },
	{ NULL, 0 },
};

static const struct pn_named netkit_policies[] = {
	{ "forward", NETKIT_FORWARD },
	{ "blackhole", NETKIT_BLACKHOLE },
	{ NULL, 0 },
};

static const struct pn_named netkit_scrubs[] = {
	{ "default", NETKIT_SCRUB_DEFAULT },
	{ "none", NETKIT_SCRUB_NONE },
	{ NULL, 0 },
};

static const struct pn_row netkit_row[] = {
	{ .name = "mode", .type = PN_T_U32, .attr = PN_IFLA_NETKIT_MODE,
	  .named = netkit_modes, .def = "l3", .flags = PN_ROW_FIXED,
	  .help = "l2: with Ethernet headers; l3: without neighbours" },
	{ .name = "policy", .type = PN_T_U32, .attr = PN_IFLA_NETKIT_POLICY,
	  .named = netkit_policies, .def = "forward",
	  .help = "what becomes of packets where no program is attached" },
	{ .name = "peer_policy", .type = PN_T_U32, .attr = PN_IFLA_NETKIT_PEER_POLICY,
	  .named = netkit_policies, .def = "forward", .help = "the same, of the peer" },
	{ .name = "scrub", .type = PN_T_U32, .attr = PN_IFLA_NETKIT_SCRUB,
	  .named = netkit_scrubs, .flags = PN_ROW_FIXED,
	  .help = "default: mark and priority are cleared on the way to the peer" },
	{ .name = "peer_scrub", .type = PN_T_U32, .attr = PN_IFLA_NETKIT_PEER_SCRUB,
	  .named = netkit_scrubs, .flags = PN_ROW_FIXED, .help = "the same, of the peer" },
	{ .name = "headroom", .type = PN_T_U16, .attr = PN_IFLA_NETKIT_HEADROOM,
	  .max = UINT16_MAX, .unit = "bytes", .flags = PN_ROW_FIXED,
	  .help = "room before each packet" },
	{ .name = "tailroom", .type = PN_T_U16, .attr = PN_IFLA_NETKIT_TAILROOM,
	  .max = UINT16_MAX, .unit = "bytes", .flags = PN_ROW_FIXED,
	  .help = "room behind each packet" },
};

const struct pn_kind pn_kind_netkit = {
	.name = "netkit",
	.help = "a pair of devices whose traffic BPF programs forward; `peer` describes the "
		"other end, which takes no programs itself",
	.flags = PN_KIND_PEER,
	.peer_attr = PN_IFLA_NETKIT_PEER_INFO,
	.data = PN_ROWS(PN_AT_DATA, netkit_row),
};
