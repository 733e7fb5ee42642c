// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Kinds with few rows or none. */
#include "link/kind.h"

const struct pn_kind pn_kind_dummy = {
	.name = "dummy",
	.help = "a device that drops what it is given",
	.data = { .place = PN_AT_DATA },
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
	{ .name = "bcqueuelen", .type = PN_T_U32, .attr = IFLA_MACVLAN_BC_QUEUE_LEN,
	  .max = UINT32_MAX, .unit = "frames", .def = "1000",
	  .help = "receive queue for broadcast and multicast" },
};

const struct pn_kind pn_kind_macvlan = {
	.name = "macvlan",
	.help = "a device with a MAC address of its own above a lower one",
	.flags = PN_KIND_LOWER,
	.data = PN_ROWS(PN_AT_DATA, macvlan_row),
};
