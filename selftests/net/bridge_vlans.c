// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The bridge rows (conformance 9.11) of a bridge that filters by VLAN; see
 * bridged.h. p1 is a trunk with PVID 20, p2 has VLAN 10 untagged, p3 has 10
 * and 20 tagged.
 */
#include "bridged.h"

#define Q(vid)	(0x81000000u | (vid))
#define AD(vid) (0x88a80000u | (vid))

#define FILTER "link set dev br0 type bridge vlan_filtering 1\n"
#define MEMBERS \
	"vlan del dev p1 vid 1\nvlan del dev p2 vid 1\nvlan del dev p3 vid 1\n" \
	"vlan add dev p1 vid 10\nvlan add dev p1 vid 20 pvid untagged\n" \
	"vlan add dev p2 vid 10 pvid untagged\nvlan add dev p3 vid 10\nvlan add dev p3 vid 20\n"
#define FDBV(mac, port, vid, more) \
	"fdb replace " mac " dev " port " master " more " vlan " vid "\n"
#define KNOWN_V \
	FDBV(H1, "p1", "10", "static") FDBV(H1, "p1", "20", "static") \
	FDBV(H2, "p2", "10", "static") FDBV(H3, "p3", "10", "static") \
	FDBV(H3, "p3", "20", "static")

static const struct bridge_row filtering[] = {
	{ "BR-30", "untagged with PVID 20 to a tagged member", H1, H3, TO_3, A(BRIDGED),
	  .out = { [2] = { Q(20) } } },
	{ "BR-31a", "VID 10 to an untagged member", H1, H2, TO_2, A(BRIDGED), .tag = Q(10),
	  .out = { [1] = { UNTAGGED } } },
	{ "BR-31b", "VID 10 to a tagged member", H1, H3, TO_3, A(BRIDGED), .tag = Q(10) },
	{ "BR-31c", "VID 10, priority 5", H1, H3, TO_3, A(BRIDGED), .tag = Q(0xa00a) },
	{ "BR-31d", "VID 20, which leaves p1 untagged, comes tagged", H1, H3, TO_3, A(BRIDGED),
	  .tag = Q(20) },
	{ "BR-32", "VID 0 keeps its priority in the PVID", H1, H3, TO_3, P(VLAN_PRIORITY),
	  .tag = Q(0xe000), .out = { [2] = { Q(0xe014) } } },
	{ "BR-33a", "VID 99: no member", H1, H3, 0, P(VLAN_INGRESS), .tag = Q(99) },
	{ "BR-33b", "VID 4095", H1, H3, 0, P(VLAN_INGRESS), .tag = Q(4095) },
	{ "BR-34", "802.1ad on an 802.1Q bridge", H1, H3, TO_3, P(VLAN_TAG), .tag = AD(10),
	  .out = { [2] = { Q(20), AD(10) } } },
	{ "BR-35a", "two tags to an untagged member", H1, H2, TO_2, A(BRIDGED), .tag = Q(10),
	  .tag2 = Q(20), .out = { [1] = { Q(20) } } },
	{ "BR-35b", "two tags to a tagged member", H1, H3, TO_3, A(BRIDGED), .tag = Q(10),
	  .tag2 = Q(20) },
	{ "BR-V1", "a MAC known in another VLAN only", H1, H2, TO_3, P(DST_UNKNOWN),
	  .out = { [2] = { Q(20) } } },
	{ "BR-V2", "unknown in this VLAN", H1, HX, TO_2 | TO_3, P(DST_UNKNOWN), .tag = Q(10),
	  .out = { [1] = { UNTAGGED } } },
	{ "BR-V3", "a source that this VLAN has yet to learn", HX, H3, TO_3, P(SRC_UNKNOWN),
	  .tag = Q(10) },
};

static const struct bridge_row no_pvid[] = {
	{ "BR-33c", "untagged without PVID", H1, H3, 0, P(VLAN_INGRESS) },
	{ "BR-33d", "tagged beside it", H1, H3, TO_3, A(BRIDGED), .tag = Q(10) },
};

static const struct bridge_row ad_bridge[] = {
	{ "BR-36a", "802.1Q on an 802.1ad bridge", H1, H3, TO_3, P(VLAN_TAG), .tag = Q(10),
	  .out = { [2] = { AD(20), Q(10) } } },
	{ "BR-36b", "802.1ad", H1, H2, TO_2, A(BRIDGED), .tag = AD(10),
	  .out = { [1] = { UNTAGGED } } },
	{ "BR-36c", "untagged to a tagged member", H1, H3, TO_3, A(BRIDGED),
	  .out = { [2] = { AD(20) } } },
};

static const struct bridge_row vlan_blocking[] = {
	{ "BR-37a", "VLAN 10 blocking on p1", H1, H3, 0, P(VLAN_INGRESS), .tag = Q(10) },
	{ "BR-37b", "VLAN 20 beside it", H1, H3, TO_3, A(BRIDGED), .out = { [2] = { Q(20) } } },
};

static const struct bridge_row vlan_blocking_out[] = {
	{ "BR-37c", "VLAN 10 blocking on p3", H1, H3, 0, P(VLAN_EGRESS), .tag = Q(10) },
};

static const struct bridge_row isolated[] = {
	{ "BR-V4", "isolated ports within a VLAN", H1, H2, 0, P(ISOLATED), .tag = Q(10) },
};

static const struct bridge_row vlan_stats[] = {
	{ "BR-V5", "counters per VLAN", H1, H3, TO_3, P(GATE_BRIDGE), .tag = Q(10) },
};

static const struct bridge_row mtu[] = {
	{ "BR-V6a", "1404 bytes untagged to a tagged member of MTU 1400", H1, H3, TO_3,
	  P(EGRESS_MTU), .payload = 1404, .out = { [2] = { Q(20) } } },
	{ "BR-V6b", "1400 bytes", H1, H3, TO_3, A(BRIDGED), .payload = 1400,
	  .out = { [2] = { Q(20) } } },
	{ "BR-V6c", "1405 bytes", H1, H3, 0, P(EGRESS_MTU), .payload = 1405 },
};

#define BLOCKED(port) "vlan set vid 10 dev " port " state blocking\n"

static const struct bridge_config vlan_configs[] = {
	{ "VLAN filtering", FILTER, MEMBERS KNOWN_V, ROWS(filtering), "bridge vlan_filtering 1" },
	{ "no PVID", FILTER, MEMBERS "vlan del dev p1 vid 20\n" FDBV(H1, "p1", "10", "static")
	  FDBV(H3, "p3", "10", "static"), ROWS(no_pvid), "bridge vlan_filtering 1" },
	{ "802.1ad", FILTER "link set dev br0 type bridge vlan_protocol 802.1ad\n",
	  MEMBERS KNOWN_V, ROWS(ad_bridge), "bridge vlan_filtering 1" },
	{ "VLAN 10 blocking on p1", FILTER, MEMBERS KNOWN_V BLOCKED("p1"), ROWS(vlan_blocking),
	  "bridge vlan_filtering 1" },
	{ "VLAN 10 blocking on p3", FILTER, MEMBERS KNOWN_V BLOCKED("p3"),
	  ROWS(vlan_blocking_out), "bridge vlan_filtering 1" },
	{ "isolated, VLAN filtering", FILTER,
	  MEMBERS KNOWN_V "link set dev p1 isolated on\nlink set dev p2 isolated on\n",
	  ROWS(isolated), "bridge vlan_filtering 1" },
	{ "VLAN counters", FILTER "link set dev br0 type bridge vlan_stats_enabled 1\n",
	  MEMBERS KNOWN_V, ROWS(vlan_stats), "bridge vlan_filtering 1" },
	{ "p3 with MTU 1400, VLAN filtering", FILTER "link set dev p3 mtu 1400\n",
	  MEMBERS KNOWN_V, ROWS(mtu), "bridge vlan_filtering 1" },
};

int main(void)
{
	return bridged_run(vlan_configs, sizeof(vlan_configs) / sizeof(vlan_configs[0]));
}
