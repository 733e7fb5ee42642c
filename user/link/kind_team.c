// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * team: rtnetlink makes the device and enslaves its ports, the options are
 * generic netlink's. Words as teamnl(8) has them, for iproute2 has none.
 */
#include "link/hook_team.h"
#include "link/kind.h"

static const struct pn_named team_modes[] = {
	{ "broadcast", 1 }, { "roundrobin", 2 }, { "random", 3 }, { "activebackup", 4 },
	{ "loadbalance", 5 }, { NULL, 0 },
};

static const struct pn_named team_tx_methods[] = {
	{ "hash", 1 }, { "hash_to_port_mapping", 2 }, { NULL, 0 },
};

/* The options of a mode are there once the mode is: it comes first. */
static const struct pn_row team_row[] = {
	{ .name = "mode", .type = PN_T_U32, .attr = 1, .attr2 = PN_TEAM_STRING,
	  .flags = PN_ROW_HOOK, .named = team_modes,
	  .help = "which port sends; it cannot change while there are ports" },
	{ .name = "notify_peers_count", .type = PN_T_U32, .attr = 2, .attr2 = PN_TEAM_U32,
	  .flags = PN_ROW_HOOK, .max = INT32_MAX, .unit = "packets", .def = "0",
	  .help = "gratuitous ARP and unsolicited NA after a port comes up" },
	{ .name = "notify_peers_interval", .type = PN_T_U32, .attr = 3, .attr2 = PN_TEAM_U32,
	  .flags = PN_ROW_HOOK, .max = INT32_MAX, .unit = "ms", .def = "0",
	  .help = "time between two of them" },
	{ .name = "mcast_rejoin_count", .type = PN_T_U32, .attr = 4, .attr2 = PN_TEAM_U32,
	  .flags = PN_ROW_HOOK, .max = INT32_MAX, .unit = "packets", .def = "0",
	  .help = "multicast group joins after a port comes up" },
	{ .name = "mcast_rejoin_interval", .type = PN_T_U32, .attr = 5, .attr2 = PN_TEAM_U32,
	  .flags = PN_ROW_HOOK, .max = INT32_MAX, .unit = "ms", .def = "0",
	  .help = "time between two of them" },
	{ .name = "lb_tx_method", .type = PN_T_U32, .attr = 6, .attr2 = PN_TEAM_STRING,
	  .flags = PN_ROW_HOOK, .named = team_tx_methods, .def = "hash",
	  .help = "how mode loadbalance finds the port" },
	{ .name = "lb_stats_refresh_interval", .type = PN_T_U32, .attr = 7,
	  .attr2 = PN_TEAM_U32, .flags = PN_ROW_HOOK, .max = INT32_MAX, .unit = "0.1 s",
	  .def = "50", .help = "of mode loadbalance: how often counters are told" },
	{ .name = "activeport", .type = PN_T_DEV, .attr = 8, .attr2 = PN_TEAM_U32,
	  .flags = PN_ROW_HOOK | PN_ROW_LAST,
	  .help = "of mode activebackup: the port that is used" },
};

static const struct pn_row team_slave_row[] = {
	{ .name = "enabled", .type = PN_T_BOOL, .attr = 1, .attr2 = PN_TEAM_FLAG,
	  .flags = PN_ROW_HOOK, .help = "the port sends and receives" },
	{ .name = "user_linkup", .type = PN_T_BOOL, .attr = 2, .attr2 = PN_TEAM_FLAG,
	  .flags = PN_ROW_HOOK, .help = "the link state where user_linkup_enabled is on" },
	{ .name = "user_linkup_enabled", .type = PN_T_BOOL, .attr = 3, .attr2 = PN_TEAM_FLAG,
	  .flags = PN_ROW_HOOK, .help = "user_linkup counts, not the carrier" },
	{ .name = "priority", .type = PN_T_U32, .attr = 4, .attr2 = PN_TEAM_S32,
	  .flags = PN_ROW_HOOK, .max = INT32_MAX, .help = "the higher, the sooner it is used" },
	{ .name = "queue_id", .type = PN_T_U32, .attr = 5, .attr2 = PN_TEAM_U32,
	  .flags = PN_ROW_HOOK, .max = UINT16_MAX,
	  .help = "packets of this queue go out here; 0: of none" },
};

const struct pn_kind pn_kind_team = {
	.name = "team",
	.help = "several ports as one device",
	.data = PN_ROWS(PN_AT_DATA, team_row),
	.slave = PN_ROWS(PN_AT_SLAVE, team_slave_row),
	.ops = &pn_team_ops,
};
