// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * bond, and the rows of its ports. Which words a mode has is the kernel's to
 * say; what it would round or drop without a word is refused here.
 */
#include <errno.h>
#include <linux/if_bonding.h>
#include <stdio.h>

#include "link/kind.h"

#define NAMES(list, ...) \
	static const struct pn_named list[] = { __VA_ARGS__, { NULL, 0 } }

NAMES(modes, { "balance-rr", BOND_MODE_ROUNDROBIN }, { "active-backup", BOND_MODE_ACTIVEBACKUP },
      { "balance-xor", BOND_MODE_XOR }, { "broadcast", BOND_MODE_BROADCAST },
      { "802.3ad", BOND_MODE_8023AD }, { "balance-tlb", BOND_MODE_TLB },
      { "balance-alb", BOND_MODE_ALB });
NAMES(validates, { "none", 0 }, { "active", 1 }, { "backup", 2 }, { "all", 3 }, { "filter", 4 },
      { "filter_active", 5 }, { "filter_backup", 6 });
NAMES(all_targets, { "any", 0 }, { "all", 1 });
NAMES(reselects, { "always", 0 }, { "better", 1 }, { "failure", 2 });
NAMES(failovers, { "none", 0 }, { "active", 1 }, { "follow", 2 });
NAMES(policies, { "layer2", 0 }, { "layer3+4", 1 }, { "layer2+3", 2 }, { "encap2+3", 3 },
      { "encap3+4", 4 }, { "vlan+srcmac", 5 });
NAMES(rates, { "slow", 0 }, { "fast", 1 });
NAMES(selects, { "stable", 0 }, { "bandwidth", 1 }, { "count", 2 });

#define TIME(word, id, text) \
	{ .name = word, .type = PN_T_U32, .attr = IFLA_BOND_##id, .max = INT32_MAX, \
	  .unit = "ms", .def = "0", .help = text }
/* Kept by the kernel as a number of checks, so that another miimon moves it. */
#define DELAY(word, id, text) \
	{ .name = word, .type = PN_T_U32, .attr = IFLA_BOND_##id, .max = INT32_MAX, \
	  .flags = PN_ROW_AGAIN, .unit = "ms", .def = "0", .help = text }
#define CHOICE(word, width, id, list, usual, text) \
	{ .name = word, .type = PN_T_##width, .attr = IFLA_BOND_##id, .named = list, \
	  .def = usual, .help = text }
#define NUMBER(word, width, id, lo, hi, usual, text) \
	{ .name = word, .type = PN_T_##width, .attr = IFLA_BOND_##id, .min = lo, .max = hi, \
	  .def = usual, .help = text }
#define SWITCH(word, id, usual, text) \
	{ .name = word, .type = PN_T_BOOL, .attr = IFLA_BOND_##id, .def = usual, .help = text }
#define PORT(word, id, text) \
	{ .name = word, .type = PN_T_DEV, .attr = IFLA_BOND_##id, .flags = PN_ROW_LAST, \
	  .help = text }

static const struct pn_row bond_row[] = {
	CHOICE("mode", U8, MODE, modes, "balance-rr", "who sends, and who receives"),
	TIME("miimon", MIIMON, "interval of link checks; 0: none"),
	DELAY("updelay", UPDELAY, "before a port is used; a multiple of miimon"),
	DELAY("downdelay", DOWNDELAY, "before a port is given up; a multiple of miimon"),
	DELAY("peer_notify_delay", PEER_NOTIF_DELAY, "between announcements; a multiple of miimon"),
	SWITCH("use_carrier", USE_CARRIER, "true", "ask the driver's carrier, not its registers"),
	TIME("arp_interval", ARP_INTERVAL, "interval of ARP checks; 0: none"),
	{ .name = "arp_ip_target", .type = PN_T_IP4S, .attr = IFLA_BOND_ARP_IP_TARGET,
	  .max = 16, .help = "who is asked" },
	{ .name = "ns_ip6_target", .type = PN_T_IP6S, .attr = IFLA_BOND_NS_IP6_TARGET,
	  .max = 16, .help = "who is asked over IPv6" },
	CHOICE("arp_validate", U32, ARP_VALIDATE, validates, "none", "which answers count"),
	CHOICE("arp_all_targets", U32, ARP_ALL_TARGETS, all_targets, "any", "how many must answer"),
	NUMBER("arp_missed_max", U8, MISSED_MAX, 1, 255, "2", "checks that may fail in a row"),
	CHOICE("primary_reselect", U8, PRIMARY_RESELECT, reselects, "always",
	       "when the primary port takes over again"),
	CHOICE("fail_over_mac", U8, FAIL_OVER_MAC, failovers, "none",
	       "whose MAC address a port has (active-backup)"),
	CHOICE("xmit_hash_policy", U8, XMIT_HASH_POLICY, policies, "layer2",
	       "what of a packet chooses its port"),
	NUMBER("resend_igmp", U32, RESEND_IGMP, 0, 255, "1", "IGMP reports after a change"),
	{ .name = "num_grat_arp", .alias = "num_unsol_na", .type = PN_T_U8,
	  .attr = IFLA_BOND_NUM_PEER_NOTIF, .max = 255, .def = "1",
	  .help = "announcements after a change" },
	SWITCH("all_slaves_active", ALL_SLAVES_ACTIVE, "false", "take frames on backup ports too"),
	NUMBER("min_links", U32, MIN_LINKS, 0, INT32_MAX, "0", "ports for carrier (802.3ad)"),
	{ .name = "lp_interval", .type = PN_T_U32, .attr = IFLA_BOND_LP_INTERVAL, .min = 1,
	  .max = INT32_MAX, .unit = "seconds", .def = "1",
	  .help = "between learning frames to the switches" },
	NUMBER("packets_per_slave", U32, PACKETS_PER_SLAVE, 0, 65535, "1",
	       "in a row (balance-rr); 0: at random"),
	SWITCH("lacp_active", AD_LACP_ACTIVE, "true", "send LACP frames unasked (802.3ad)"),
	CHOICE("lacp_rate", U8, AD_LACP_RATE, rates, "slow", "how often to be sent to (802.3ad)"),
	CHOICE("ad_select", U8, AD_SELECT, selects, "stable", "which aggregate is used (802.3ad)"),
	NUMBER("ad_actor_sys_prio", U16, AD_ACTOR_SYS_PRIO, 1, 65535, "65535",
	       "system priority (802.3ad)"),
	NUMBER("ad_user_port_key", U16, AD_USER_PORT_KEY, 0, 1023, "0",
	       "upper bits of the port key (802.3ad)"),
	{ .name = "ad_actor_system", .type = PN_T_MAC, .attr = IFLA_BOND_AD_ACTOR_SYSTEM,
	  .help = "system address (802.3ad)" },
	SWITCH("tlb_dynamic_lb", TLB_DYNAMIC_LB, "true", "move flows by load (balance-tlb)"),
	PORT("primary", PRIMARY, "the port that is used while it works"),
	PORT("active_slave", ACTIVE_SLAVE, "the port that is used now"),
};

static const struct pn_row slave_row[] = {
	{ .name = "queue_id", .type = PN_T_U16, .attr = IFLA_BOND_SLAVE_QUEUE_ID, .max = 65535,
	  .help = "packets of this queue leave here" },
	{ .name = "prio", .type = PN_T_S32, .attr = IFLA_BOND_SLAVE_PRIO,
	  .min = (uint64_t)INT32_MIN, .max = INT32_MAX,
	  .help = "the highest takes over (active-backup, balance-tlb, -alb)" },
};

static const struct pn_rows bond_rows = PN_ROWS(PN_AT_DATA, bond_row);

static int delays_check(const struct pn_value *v, int *row, char *why, size_t why_len)
{
	static const char *const names[] = { "updelay", "downdelay", "peer_notify_delay" };
	const struct pn_value *miimon = pn_kind_value(&bond_rows, v, "miimon"), *delay;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		delay = pn_kind_value(&bond_rows, v, names[i]);
		if (!delay->num || (miimon->num && delay->num % miimon->num == 0))
			continue;
		*row = delay - v;
		if (miimon->num)
			snprintf(why, why_len, "must be a multiple of miimon, %u ms",
				 (unsigned int)miimon->num);
		else
			snprintf(why, why_len, "needs miimon, of which it must be a multiple");
		return -EINVAL;
	}
	return 0;
}

static int bond_check(const struct pn_value *v, int *row, char *why, size_t why_len)
{
	const struct pn_value *miimon = pn_kind_value(&bond_rows, v, "miimon");
	const struct pn_value *arp = pn_kind_value(&bond_rows, v, "arp_interval");
	const struct pn_value *system = pn_kind_value(&bond_rows, v, "ad_actor_system");

	*row = -1;
	if (miimon->num && arp->num) {
		*row = arp - v;
		snprintf(why, why_len, "cannot be set together with miimon");
		return -EINVAL;
	}
	if (system->len && (system->bin[0] & 1)) {
		*row = system - v;
		snprintf(why, why_len, "must not be a multicast address");
		return -EINVAL;
	}
	return delays_check(v, row, why, why_len);
}

const struct pn_kind pn_kind_bond = {
	.name = "bond",
	.help = "several ports as one; they name it as `master`",
	.data = PN_ROWS(PN_AT_DATA, bond_row),
	.slave = PN_ROWS(PN_AT_SLAVE, slave_row),
	.check = bond_check,
};
