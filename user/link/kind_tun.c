// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tun and tap: made by ioctl, told by rtnetlink as one kind. They are made
 * persistent, for no process of ours stays to hold them. Once made, nothing of
 * them can be taken back to what it was: an owner cannot be removed again.
 */
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <stdio.h>

#include "link/hook_tun.h"
#include "link/kind.h"

static const struct pn_row tun_row[] = {
	{ .name = "user", .alias = "owner", .type = PN_T_U32, .attr = IFLA_TUN_OWNER,
	  .max = UINT32_MAX - 1, .flags = PN_ROW_FIXED,
	  .help = "number of the user who may attach to it" },
	/* `group` is the device group of every link. */
	{ .name = "user_group", .type = PN_T_U32, .attr = IFLA_TUN_GROUP,
	  .max = UINT32_MAX - 1, .flags = PN_ROW_FIXED,
	  .help = "number of the group that may attach to it (group of ip tuntap)" },
	{ .name = "pi", .type = PN_T_BOOL, .attr = IFLA_TUN_PI, .def = "false",
	  .flags = PN_ROW_FIXED, .help = "packets carry four bytes of information" },
	{ .name = "vnet_hdr", .type = PN_T_BOOL, .attr = IFLA_TUN_VNET_HDR, .def = "false",
	  .flags = PN_ROW_FIXED, .help = "packets carry a virtio header: offloads" },
	{ .name = "multi_queue", .type = PN_T_BOOL, .attr = IFLA_TUN_MULTI_QUEUE,
	  .def = "false", .flags = PN_ROW_FIXED, .help = "several may attach to it" },
	{ .name = "persist", .type = PN_T_BOOL, .attr = IFLA_TUN_PERSIST, .def = "true",
	  .flags = PN_ROW_FIXED,
	  .help = "it stays when nobody is attached; what is made here is persistent" },
};

static bool is_tun(const struct pn_link_view *view)
{
	return pn_attr_u8(view->data[IFLA_TUN_TYPE], IFF_TUN) == IFF_TUN;
}

static bool is_tap(const struct pn_link_view *view)
{
	return pn_attr_u8(view->data[IFLA_TUN_TYPE], IFF_TUN) == IFF_TAP;
}

const struct pn_kind pn_kind_tun = {
	.name = "tun",
	.help = "a device whose packets a process reads and writes",
	.info_kind = "tun",
	.is = is_tun,
	.data = PN_ROWS(PN_AT_DATA, tun_row),
	.ops = &pn_tun_ops,
};

const struct pn_kind pn_kind_tap = {
	.name = "tap",
	.help = "a device whose Ethernet frames a process reads and writes, as one of a guest",
	.info_kind = "tun",
	.is = is_tap,
	.data = PN_ROWS(PN_AT_DATA, tun_row),
	.ops = &pn_tap_ops,
};
