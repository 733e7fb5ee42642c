// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* bridge, and the rows of its ports. Times are clock ticks, as in iproute2. */
#include <linux/if_bridge.h>
#include <linux/if_ether.h>

#include "link/kind.h"

#define TICKS "1/100 s"

/* Younger than the oldest kernel headers that this is built with. */
#define BRIDGE_FDB_MAX_LEARNED		49	/* 6.7 */
#define BRPORT_MAB			40	/* 6.2 */
#define BRPORT_MCAST_MAX_GROUPS		42	/* 6.3 */
#define BRPORT_NEIGH_VLAN_SUPPRESS	43	/* 6.3 */
#define BOOLOPT_MST_ENABLE		2	/* 5.18 */

static const struct pn_named vlan_protocols[] = {
	{ "802.1Q", ETH_P_8021Q },
	{ "802.1ad", ETH_P_8021AD },
	{ NULL, 0 },
};

#define SWITCH(word, id, by_default, text) \
	{ .name = word, .type = PN_T_BOOL, .attr = IFLA_BR_##id, .def = by_default, .help = text }
#define TIME(word, id, lo, hi, by_default, text) \
	{ .name = word, .type = PN_T_U32, .attr = IFLA_BR_##id, .min = lo, .max = hi, \
	  .def = by_default, .unit = TICKS, .help = text }
#define INTERVAL(word, id, by_default, text) \
	{ .name = word, .type = PN_T_U64, .attr = IFLA_BR_MCAST_##id##_INTVL, \
	  .max = UINT32_MAX, .def = by_default, .unit = TICKS, .help = text }
#define NUMBER(word, kind, id, lo, hi, by_default, text) \
	{ .name = word, .type = PN_T_##kind, .attr = IFLA_BR_##id, .min = lo, .max = hi, \
	  .def = by_default, .help = text }
#define OPTION(word, bit, text) \
	{ .name = word, .type = PN_T_BOOLOPT, .attr = IFLA_BR_MULTI_BOOLOPT, \
	  .attr2 = bit, .def = "false", .help = text }

static const struct pn_row bridge_row[] = {
	TIME("forward_delay", FORWARD_DELAY, 0, 3000, "1500", "STP forwarding delay"),
	TIME("hello_time", HELLO_TIME, 100, 1000, "200", "STP hello interval"),
	TIME("max_age", MAX_AGE, 600, 4000, "2000", "STP message age"),
	TIME("ageing_time", AGEING_TIME, 0, UINT32_MAX, "30000", "lifetime of a learnt MAC"),
	{ .name = "stp_state", .type = PN_T_BOOL32, .attr = IFLA_BR_STP_STATE, .def = "false",
	  .help = "spanning tree protocol" },
	NUMBER("priority", U16, PRIORITY, 0, 65535, "32768", "STP bridge priority"),
	SWITCH("vlan_filtering", VLAN_FILTERING, "false", "forward by VLAN"),
	{ .name = "vlan_protocol", .type = PN_T_BE16, .attr = IFLA_BR_VLAN_PROTOCOL,
	  .named = vlan_protocols, .def = "802.1Q", .help = "tag type it filters by" },
	NUMBER("vlan_default_pvid", U16, VLAN_DEFAULT_PVID, 0, 4094, "1",
	       "VLAN of untagged frames on new ports; 0: none"),
	SWITCH("vlan_stats_enabled", VLAN_STATS_ENABLED, "false", "count by VLAN"),
	SWITCH("vlan_stats_per_port", VLAN_STATS_PER_PORT, "false", "count by VLAN and port"),
	{ .name = "group_fwd_mask", .type = PN_T_U16, .attr = IFLA_BR_GROUP_FWD_MASK,
	  .max = 0xfff8, .flags = PN_ROW_HEX, .def = "0x0",
	  .help = "link-local groups 01-80-c2-00-00-0X to forward, by bit" },
	{ .name = "group_address", .type = PN_T_MAC, .attr = IFLA_BR_GROUP_ADDR,
	  .def = "01:80:c2:00:00:00", .help = "destination of STP frames" },
	OPTION("no_linklocal_learn", BR_BOOLOPT_NO_LL_LEARN,
	       "do not learn from link-local frames"),
	OPTION("mcast_vlan_snooping", BR_BOOLOPT_MCAST_VLAN_SNOOPING,
	       "multicast snooping by VLAN"),
	OPTION("mst_enabled", BOOLOPT_MST_ENABLE,
	       "port states by group of VLANs; before the bridge has VLANs"),
	{ .name = "fdb_max_learned", .type = PN_T_U32, .attr = BRIDGE_FDB_MAX_LEARNED,
	  .max = UINT32_MAX, .def = "0", .help = "most learnt FDB entries; 0: no limit" },
	SWITCH("mcast_snooping", MCAST_SNOOPING, "true", "IGMP and MLD snooping"),
	NUMBER("mcast_router", U8, MCAST_ROUTER, 0, 2, "1", "0: never, 1: learnt, 2: always"),
	SWITCH("mcast_query_use_ifaddr", MCAST_QUERY_USE_IFADDR, "false",
	       "query from the bridge's own address"),
	SWITCH("mcast_querier", MCAST_QUERIER, "false", "send queries"),
	NUMBER("mcast_hash_elasticity", U32, MCAST_HASH_ELASTICITY, 0, UINT32_MAX, "16",
	       "obsolete, kept by the kernel"),
	NUMBER("mcast_hash_max", U32, MCAST_HASH_MAX, 1, UINT32_MAX, "4096",
	       "most multicast groups, a power of two"),
	NUMBER("mcast_last_member_count", U32, MCAST_LAST_MEMBER_CNT, 0, UINT32_MAX, "2",
	       "queries after a leave"),
	NUMBER("mcast_startup_query_count", U32, MCAST_STARTUP_QUERY_CNT, 0, UINT32_MAX, "2",
	       "queries at start"),
	INTERVAL("mcast_last_member_interval", LAST_MEMBER, "100", "between those after a leave"),
	INTERVAL("mcast_membership_interval", MEMBERSHIP, "26000", "lifetime of a membership"),
	INTERVAL("mcast_querier_interval", QUERIER, "25500",
		 "until another querier counts as gone"),
	INTERVAL("mcast_query_interval", QUERY, "12500", "between queries"),
	INTERVAL("mcast_query_response_interval", QUERY_RESPONSE, "1000", "for the answers"),
	/* 3125 in ticks of the kernel, which may be fewer */
	INTERVAL("mcast_startup_query_interval", STARTUP_QUERY, NULL, "between those at start"),
	SWITCH("mcast_stats_enabled", MCAST_STATS_ENABLED, "false", "count IGMP and MLD"),
	NUMBER("mcast_igmp_version", U8, MCAST_IGMP_VERSION, 2, 3, "2", "IGMP version"),
	NUMBER("mcast_mld_version", U8, MCAST_MLD_VERSION, 1, 2, "1", "MLD version"),
	SWITCH("nf_call_iptables", NF_CALL_IPTABLES, "false", "frames pass iptables"),
	SWITCH("nf_call_ip6tables", NF_CALL_IP6TABLES, "false", "frames pass ip6tables"),
	SWITCH("nf_call_arptables", NF_CALL_ARPTABLES, "false", "frames pass arptables"),
};

static const struct pn_named port_states[] = {
	{ "disabled", BR_STATE_DISABLED },
	{ "listening", BR_STATE_LISTENING },
	{ "learning", BR_STATE_LEARNING },
	{ "forwarding", BR_STATE_FORWARDING },
	{ "blocking", BR_STATE_BLOCKING },
	{ NULL, 0 },
};

#define PORT_SWITCH(word, id, by_default, text) \
	{ .name = word, .type = PN_T_BOOL, .attr = IFLA_BRPORT_##id, .def = by_default, \
	  .help = text }

static const struct pn_row port_row[] = {
	{ .name = "priority", .type = PN_T_U16, .attr = IFLA_BRPORT_PRIORITY, .max = 63,
	  .def = "32",	  .help = "STP port priority" },
	{ .name = "cost", .type = PN_T_U32, .attr = IFLA_BRPORT_COST, .min = 1,
	  .max = 65535, .help = "STP path cost" },
	PORT_SWITCH("guard", GUARD, "false", "refuse STP frames"),
	PORT_SWITCH("hairpin", MODE, "false", "may send back where a frame came from"),
	{ .name = "fastleave", .alias = "mcast_fast_leave", .type = PN_T_BOOL,
	  .attr = IFLA_BRPORT_FAST_LEAVE, .def = "false",
	  .help = "forget groups on the first leave" },
	PORT_SWITCH("root_block", PROTECT, "false", "never become the root port"),
	PORT_SWITCH("learning", LEARNING, "true", "learn source addresses"),
	PORT_SWITCH("flood", UNICAST_FLOOD, "true", "send unknown unicast here"),
	PORT_SWITCH("mcast_flood", MCAST_FLOOD, "true", "send unknown multicast here"),
	PORT_SWITCH("bcast_flood", BCAST_FLOOD, "true", "send broadcast here"),
	PORT_SWITCH("mcast_to_unicast", MCAST_TO_UCAST, "false", "send multicast as unicast"),
	{ .name = "mcast_router", .type = PN_T_U8, .attr = IFLA_BRPORT_MULTICAST_ROUTER,
	  .max = 3, .def = "1", .help = "0: never, 1: learnt, 2: always, 3: for a while" },
	PORT_SWITCH("proxy_arp", PROXYARP, "false", "answer ARP for known hosts"),
	PORT_SWITCH("proxy_arp_wifi", PROXYARP_WIFI, "false", "the same, for wireless"),
	PORT_SWITCH("neigh_suppress", NEIGH_SUPPRESS, "false",
		    "answer ARP and ND instead of flooding"),
	{ .name = "group_fwd_mask", .type = PN_T_U16,
	  .attr = IFLA_BRPORT_GROUP_FWD_MASK, .max = 65535, .flags = PN_ROW_HEX, .def = "0x0",
	  .help = "link-local groups to forward, by bit" },
	PORT_SWITCH("vlan_tunnel", VLAN_TUNNEL, "false", "map VLANs to tunnel identifiers"),
	PORT_SWITCH("isolated", ISOLATED, "false", "no traffic with other isolated ports"),
	PORT_SWITCH("locked", LOCKED, "false", "only known source addresses"),
	{ .name = "mab", .type = PN_T_BOOL, .attr = BRPORT_MAB, .def = "false",
	  .help = "tell of unknown source addresses (with locked and learning)" },
	{ .name = "mcast_max_groups", .type = PN_T_U32, .attr = BRPORT_MCAST_MAX_GROUPS,
	  .max = UINT32_MAX, .def = "0", .help = "most multicast groups; 0: no limit" },
	{ .name = "neigh_vlan_suppress", .type = PN_T_BOOL, .attr = BRPORT_NEIGH_VLAN_SUPPRESS,
	  .def = "false", .help = "neigh_suppress by VLAN" },
	{ .name = "backup_port", .type = PN_T_DEV, .attr = IFLA_BRPORT_BACKUP_PORT,
	  .help = "takes over when this port loses carrier" },
	{ .name = "state", .type = PN_T_U8, .attr = IFLA_BRPORT_STATE,
	  .named = port_states, .flags = PN_ROW_LATE, .help = "STP state" },
};

const struct pn_kind pn_kind_bridge = {
	.name = "bridge",
	.help = "an Ethernet switch; its ports name it as `master`",
	.data = PN_ROWS(PN_AT_DATA, bridge_row),
	.slave = PN_ROWS(PN_AT_SLAVE, port_row),
};
