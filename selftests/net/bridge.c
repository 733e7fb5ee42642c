// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The bridge rows (conformance 9.11) of a bridge that does not filter VLANs;
 * see bridged.h.
 */
#include "bridged.h"

static const struct bridge_row plain[] = {
	{ "BR-01", "unknown unicast", H1, HX, TO_2 | TO_3, P(DST_UNKNOWN), H1, 1 },
	{ "BR-02", "both known", H1, H2, TO_2, A(BRIDGED), H2, 2 },
	{ "BR-03a", "broadcast", H1, BCAST, TO_2 | TO_3 | TO_BR, P(MULTICAST) },
	{ "BR-03b", "multicast", H1, MCAST, TO_2 | TO_3 | TO_BR, P(MULTICAST) },
	{ "BR-04a", "to the bridge", H1, BR, TO_BR, P(DST_LOCAL) },
	{ "BR-04b", "to another port's MAC", H1, P2, TO_BR, P(DST_LOCAL) },
	{ "BR-05a", "source is the bridge", BR, H2, TO_2, P(SRC_MOVED) },
	{ "BR-05b", "source is the port", P1, H2, TO_2, P(SRC_MOVED) },
	{ "BR-06a", "multicast source", "03:cc:00:00:00:01", H2, 0, P(MAC_INVALID) },
	{ "BR-06b", "source zero", "00:00:00:00:00:00", H2, 0, P(MAC_INVALID) },
	{ "BR-07", "to the port it came from", H2, H1, 0, P(SAME_PORT), H2, 1 },
	{ "BR-08", "STP group, STP off", H1, "01:80:c2:00:00:00", TO_2 | TO_3 | TO_BR,
	  P(MULTICAST) },
	{ "BR-09a", "pause", H1, "01:80:c2:00:00:01", 0, P(MULTICAST) },
	{ "BR-09b", "link-local group", H1, "01:80:c2:00:00:03", 0, P(MULTICAST) },
	{ "BR-13", "a static source moves", H3, HX, TO_2 | TO_3, P(NONE), H3, 1 },
	{ "BR-24", "LLDP", H1, "01:80:c2:00:00:0e", 0, P(MULTICAST) },
};

static const struct bridge_row tags[] = {
	{ "BR-27a", "802.1Q", H1, H2, TO_2, A(BRIDGED), .tag = 0x81000007 },
	{ "BR-27b", "802.1ad", H1, H2, TO_2, A(BRIDGED), .tag = 0x88a80007 },
	{ "BR-27c", "priority tag", H1, H2, TO_2, A(BRIDGED), .tag = 0x8100e000 },
};

static const struct bridge_row dynamic[] = {
	{ "BR-12a", "new source is learned", H1, H2, TO_2, P(SRC_UNKNOWN), H1, 1 },
	{ "BR-12b", "known now: one frame keeps it young, or goes fast", H1, H2, TO_2,
	  PN_VERDICTS, PN_R_NONE, H1, 1 },
	{ "BR-12c", "and again", H1, H2, TO_2, A(BRIDGED), H1, 1 },
	{ "BR-12d", "a dynamic source moves", H3, H2, TO_2, P(SRC_MOVED), H3, 1 },
};

static const struct bridge_row hairpin[] = {
	{ "BR-07h", "back out of the port it came from", H1, HX, TO_1, A(BRIDGED) },
};

static const struct bridge_row sticky[] = {
	{ "BR-14", "a sticky source stays", H3, H2, TO_2, P(SRC_MOVED), H3, 3 },
};

static const struct bridge_row permanent[] = {
	{ "BR-15a", "a permanent entry as source", H3, H2, TO_2, P(SRC_MOVED), H3, 3 },
	{ "BR-15b", "and as destination", H1, H3, TO_BR, P(DST_LOCAL) },
};

static const struct bridge_row extern_learn[] = {
	{ "BR-16", "an extern_learn source moves", H3, H2, TO_2, P(SRC_MOVED), H3, 1 },
};

static const struct bridge_row noflood[] = {
	{ "BR-17a", "flood off on p2: unknown", H1, HX, TO_3, P(DST_UNKNOWN) },
	{ "BR-17b", "broadcast", H1, BCAST, TO_2 | TO_3 | TO_BR, P(MULTICAST) },
	{ "BR-17c", "known", H1, H2, TO_2, A(BRIDGED) },
};

static const struct bridge_row isolated[] = {
	{ "BR-18a", "isolated: broadcast", H1, BCAST, TO_3 | TO_BR, P(MULTICAST) },
	{ "BR-18b", "to an isolated port", H1, H2, 0, P(ISOLATED) },
	{ "BR-18c", "to one that is not", H1, H3, TO_3, A(BRIDGED) },
	{ "BR-18d", "to the bridge", H1, BR, TO_BR, P(DST_LOCAL) },
};

static const struct bridge_row nolearning[] = {
	{ "BR-19a", "learning off: new source", HX, H2, TO_2, A(BRIDGED), HX, 0 },
	{ "BR-19b", "source known elsewhere", H3, H2, TO_2, A(BRIDGED), H3, 3 },
};

static const struct bridge_row locked[] = {
	{ "BR-20a", "locked: known here", H1, H2, TO_2, A(BRIDGED) },
	{ "BR-20b", "unknown", HX, H2, 0, P(SRC_UNKNOWN), HX, 0 },
	{ "BR-20c", "known elsewhere", H3, H2, 0, P(SRC_MOVED), H3, 3 },
};

static const struct bridge_row disabled[] = {
	{ "BR-22a", "p1 disabled", H1, H2, 0, P(PORT_STATE) },
};

static const struct bridge_row learning_state[] = {
	{ "BR-22b", "p1 learning", HX, H2, 0, P(PORT_STATE), HX, 1 },
};

static const struct bridge_row egress_state[] = {
	{ "BR-22c", "p2 not forwarding", H1, H2, 0, P(EGRESS_STATE) },
};

static const struct bridge_row promisc[] = {
	{ "BR-25", "the bridge is promiscuous", H1, H2, TO_2 | TO_BR, P(GATE_BRIDGE) },
};

static const struct bridge_row no_ageing[] = {
	{ "BR-26", "ageing time 0: nothing learned", HX, "02:cc:00:00:00:98", TO_2 | TO_3,
	  P(NONE), HX, 0 },
};

static const struct bridge_row mtu[] = {
	{ "BR-28a", "1404 bytes to MTU 1400", H1, H2, TO_2, A(BRIDGED), .payload = 1404 },
	{ "BR-28b", "1405 bytes", H1, H2, 0, P(EGRESS_MTU), .payload = 1405 },
};

static const struct bridge_row down[] = {
	{ "BR-29", "p2 down: its dynamic entry is gone", H1, H2, TO_3, P(DST_UNKNOWN), H2, 0 },
};

static const struct bridge_row upper[] = {
	{ "BR-38a", "a VLAN device on p1 takes its tag", H1, H2, 0, P(GATE_TAGGED),
	  .tag = 0x81000007 },
	{ "BR-38b", "and leaves the others", H1, H2, TO_2, A(BRIDGED) },
};

/* group_fwd_mask 0x4008 lets :03 and :0e through, not :02 */
static const struct bridge_row group_mask[] = {
	{ "BR-10a", "group :03, masked", H1, "01:80:c2:00:00:03", TO_2 | TO_3 | TO_BR,
	  P(MULTICAST) },
	{ "BR-10b", "group :0e, masked", H1, "01:80:c2:00:00:0e", TO_2 | TO_3 | TO_BR,
	  P(MULTICAST) },
	{ "BR-10c", "group :02, not masked", H1, "01:80:c2:00:00:02", 0, P(MULTICAST) },
};

static const struct bridge_row port_mask[] = {
	{ "BR-11", "group :02, masked on p1", H1, "01:80:c2:00:00:02", TO_2 | TO_3 | TO_BR,
	  P(MULTICAST) },
};

static const struct bridge_row locked_learning[] = {
	{ "BR-21", "EAPOL on a locked port that learns", HX, "01:80:c2:00:00:03", 0,
	  P(MULTICAST), HX, 1, .type = 0x888e },
};

static const struct bridge_row snooping[] = {
	{ "BR-39", "snooping, no querier", H1, MCAST, TO_2 | TO_3 | TO_BR, P(MULTICAST) },
	{ "BR-39u", "unicast beside it", H1, H2, TO_2, A(BRIDGED) },
};

static const struct bridge_config bridge_configs[] = {
	{ "plain", NULL, KNOWN, ROWS(plain) },
	{ "tags", NULL, KNOWN, ROWS(tags) },
	{ "dynamic entries", NULL, KNOWN_2 FDB(H3, "p3", "dynamic"), ROWS(dynamic) },
	{ "hairpin on p1", NULL,
	  FDB(H1, "p1", "static") FDB(HX, "p1", "static") "link set dev p1 hairpin on\n",
	  ROWS(hairpin) },
	{ "sticky", NULL, KNOWN_12 FDB(H3, "p3", "static sticky"), ROWS(sticky) },
	{ "permanent", NULL, KNOWN_12 FDB(H3, "p3", "permanent"), ROWS(permanent) },
	{ "extern_learn", NULL, KNOWN_12 FDB(H3, "p3", "extern_learn"), ROWS(extern_learn) },
	{ "flood off", NULL, KNOWN "link set dev p2 flood off\n", ROWS(noflood) },
	{ "isolated", NULL, KNOWN "link set dev p1 isolated on\nlink set dev p2 isolated on\n",
	  ROWS(isolated) },
	{ "learning off", NULL, KNOWN "link set dev p1 learning off\n", ROWS(nolearning) },
	{ "locked", "link set dev p1 type bridge_slave locked on learning off\n", KNOWN,
	  ROWS(locked) },
	{ "p1 disabled", NULL, KNOWN "link set dev p1 state 0\n", ROWS(disabled) },
	{ "p1 learning", NULL, KNOWN "link set dev p1 state 2\n", ROWS(learning_state) },
	{ "p2 disabled", NULL, KNOWN "link set dev p2 state 0\n", ROWS(egress_state) },
	{ "promiscuous", "link set dev br0 promisc on\n", KNOWN, ROWS(promisc) },
	{ "ageing time 0", "link set dev br0 type bridge ageing_time 0\n", NULL, ROWS(no_ageing) },
	{ "p2 with MTU 1400", "link set dev p2 mtu 1400\n", KNOWN, ROWS(mtu) },
	{ "p2 down", NULL, FDB(H1, "p1", "static") FDB(H2, "p2", "dynamic"), ROWS(down),
	  .p2_down = true },
	{ "a VLAN device on p1", "link add link p1 name p1.7 type vlan id 7\nlink set p1.7 up\n",
	  KNOWN, ROWS(upper), "vlan id 7" },
	{ "group_fwd_mask", "link set dev br0 type bridge group_fwd_mask 0x4008\n", KNOWN,
	  ROWS(group_mask) },
	{ "group_fwd_mask of p1", "link set dev p1 type bridge_slave group_fwd_mask 4\n", KNOWN,
	  ROWS(port_mask) },
	{ "locked, learning", "link set dev p1 type bridge_slave locked on learning on\n", KNOWN,
	  ROWS(locked_learning) },
	{ "snooping", "link set dev br0 type bridge mcast_snooping 1\n", KNOWN, ROWS(snooping) },
};

int main(void)
{
	return bridged_run(bridge_configs, sizeof(bridge_configs) / sizeof(bridge_configs[0]));
}
