// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Objects of topology files: multicast groups, options of VLANs, MST; more names. */
#include "objects.h"
#include "tap.h"

#define PORTS \
	"  - {name: p0, kind: veth, up: true, address: '02:00:00:00:00:10', master: br0,\n" \
	"     peer: {name: p1, up: true, address: '02:00:00:00:00:11'}}\n" \
	"  - {name: q0, kind: veth, up: true, address: '02:00:00:00:00:12', master: br0,\n" \
	"     peer: {name: q1, up: true, address: '02:00:00:00:00:13'}}\n"

#define PLAIN \
	"links:\n" \
	"  - {name: br0, kind: bridge, stp_state: false, address: '02:00:00:00:00:01',\n" \
	"     up: true}\n" PORTS

#define FILTERS \
	"links:\n" \
	"  - {name: br0, kind: bridge, vlan_filtering: true, stp_state: false,\n" \
	"     mcast_igmp_version: 3, mcast_mld_version: 2,\n" \
	"     address: '02:00:00:00:00:01', up: true}\n" PORTS \
	"vlans:\n" \
	"  - {dev: p0, vid: 10}\n" \
	"  - {dev: q0, vid: 10-11}\n" \
	"  - {dev: br0, vid: 10}\n"

#define SNOOPS \
	"links:\n" \
	"  - {name: br0, kind: bridge, vlan_filtering: true, stp_state: false,\n" \
	"     mcast_vlan_snooping: true, address: '02:00:00:00:00:01', up: true}\n" PORTS

#define MST \
	"links:\n" \
	"  - {name: br0, kind: bridge, vlan_filtering: true, stp_state: false,\n" \
	"     vlan_default_pvid: 0, mst_enabled: true, address: '02:00:00:00:00:01', up: true}\n" \
	PORTS

#define VLAN	"bridge -j -d vlan"
#define GLOBAL	"bridge -j -d vlan global show"
#define MDB	"bridge -j -d mdb"

static const struct object_scene scenes[] = {
	{
		.name = "multicast groups",
		.links = PLAIN,
		.objects =
			"mdb:\n"
			"  - {dev: br0, port: p0, grp: 239.1.1.1}\n"
			"  - {dev: br0, port: q0, grp: 239.1.1.1, state: temp}\n"
			"  - {dev: br0, port: q0, grp: 'ff0e::1:1'}\n"
			"  - {dev: br0, port: p0, grp: '01:00:5e:aa:00:01'}\n"
			"  - {dev: br0, port: br0, grp: 239.1.1.2}\n",
		.tools =
			"bridge mdb add dev br0 port p0 grp 239.1.1.1 permanent\n"
			"bridge mdb add dev br0 port q0 grp 239.1.1.1 temp\n"
			"bridge mdb add dev br0 port q0 grp ff0e::1:1 permanent\n"
			"bridge mdb add dev br0 port p0 grp 01:00:5e:aa:00:01 permanent\n"
			"bridge mdb add dev br0 port br0 grp 239.1.1.2\n",
		.see = {
			{ MDB, "\"dev\":\"br0\",\"port\":\"p0\",\"grp\":\"239.1.1.1\","
			  "\"state\":\"permanent\"" },
			{ MDB, "\"port\":\"q0\",\"grp\":\"239.1.1.1\",\"state\":\"temp\"" },
			{ MDB, "\"port\":\"q0\",\"grp\":\"ff0e::1:1\",\"state\":\"permanent\"" },
			{ MDB, "\"port\":\"p0\",\"grp\":\"01:00:5e:aa:00:01\","
			  "\"state\":\"permanent\"" },
			{ MDB, "\"port\":\"br0\",\"grp\":\"239.1.1.2\"" },
		},
		.drift =
			"bridge mdb del dev br0 port p0 grp 239.1.1.1\n"
			"bridge mdb del dev br0 port q0 grp ff0e::1:1\n"
			"bridge mdb add dev br0 port q0 grp ff0e::1:1 temp\n",
		.changed =
			"mdb:\n"
			"  - {dev: br0, port: p0, grp: 239.1.1.1, state: temp}\n"
			"  - {dev: br0, port: q0, grp: 'ff0e::1:2'}\n",
		.see_changed = {
			{ MDB, "\"port\":\"p0\",\"grp\":\"239.1.1.1\",\"state\":\"temp\"" },
			{ MDB, "\"port\":\"q0\",\"grp\":\"ff0e::1:2\",\"state\":\"permanent\"" },
		},
	},
	{
		.name = "more names",
		.links = PLAIN,
		.objects =
			"altnames:\n"
			"  - {dev: p0, altname: the-port-of-the-machine-room}\n"
			"  - {dev: p0, altname: port-1}\n"
			"  - {dev: br0, altname: switch}\n",
		.tools =
			"ip link property add dev p0 altname the-port-of-the-machine-room\n"
			"ip link property add dev p0 altname port-1\n"
			"ip link property add dev br0 altname switch\n",
		.see = {
			{ "ip -j link show dev switch", "\"ifname\":\"br0\"" },
			{ "ip -j link show dev p0",
			  "\"altnames\":[\"the-port-of-the-machine-room\",\"port-1\"]" },
		},
		.drift = "ip link property del dev p0 altname port-1\n",
		.changed =
			"altnames:\n"
			"  - {dev: p0, altname: port-2}\n"
			"  - {dev: q0, altname: port-1}\n",
		.see_changed = {
			{ "ip -j link show dev port-1", "\"ifname\":\"q0\"" },
		},
	},
	{
		.name = "multicast groups of VLANs and senders",
		.needs = "ip link add brx type bridge vlan_filtering 1",
		.links = FILTERS,
		.objects =
			"mdb:\n"
			"  - {dev: br0, port: p0, grp: 239.1.1.1, vid: 10}\n"
			"  - {dev: br0, port: q0, grp: 239.1.1.1, src: 192.0.2.1, vid: 11}\n"
			"  - {dev: br0, port: q0, grp: 'ff0e::1', src: '2001:db8::1', vid: 10}\n"
			"  - {dev: br0, port: br0, grp: '01:00:5e:aa:00:01', vid: 10}\n",
		.tools =
			"bridge mdb add dev br0 port p0 grp 239.1.1.1 permanent vid 10\n"
			"bridge mdb add dev br0 port q0 grp 239.1.1.1 src 192.0.2.1 "
			"permanent vid 11\n"
			"bridge mdb add dev br0 port q0 grp ff0e::1 src 2001:db8::1 "
			"permanent vid 10\n"
			"bridge mdb add dev br0 port br0 grp 01:00:5e:aa:00:01 permanent vid 10\n",
		.see = {
			{ MDB, "\"port\":\"p0\",\"grp\":\"239.1.1.1\",\"state\":\"permanent\"" },
			{ MDB, "\"port\":\"q0\",\"grp\":\"239.1.1.1\",\"src\":\"192.0.2.1\","
			  "\"state\":\"permanent\"" },
			{ MDB, "\"port\":\"q0\",\"grp\":\"ff0e::1\",\"src\":\"2001:db8::1\"" },
			{ MDB, "\"vid\":11" },
			{ MDB, "\"port\":\"br0\",\"grp\":\"01:00:5e:aa:00:01\"" },
		},
		.drift =
			"bridge mdb del dev br0 port q0 grp 239.1.1.1 src 192.0.2.1 vid 11\n",
		.changed =
			"mdb:\n"
			"  - {dev: br0, port: p0, grp: 239.1.1.1, vid: 10, state: temp}\n"
			"  - {dev: br0, port: q0, grp: 239.1.1.1, src: 192.0.2.2, vid: 11}\n",
		.see_changed = {
			{ MDB, "\"src\":\"192.0.2.2\"" },
		},
		.refused =
			"mdb:\n"
			"  - {dev: br0, port: p0, grp: 239.1.1.9, vid: 10}\n"
			"  - {dev: br0, port: p0, grp: 239.1.1.9}\n",
		.sentence = "cannot add the group: Invalid argument: kernel: the bridge filters by "
			"VLAN: say vid",
	},
	{
		.name = "options of VLANs",
		.needs = "ip link add brx type bridge vlan_filtering 1",
		.links = SNOOPS,
		.objects =
			"vlans:\n"
			"  - {dev: p0, vid: 10, state: blocking, mcast_router: 2}\n"
			"  - {dev: p0, vid: 11-12, mcast_router: 0}\n"
			"  - {dev: br0, vid: 10, mcast_router: 0}\n"
			"vlan_global:\n"
			"  - {dev: br0, vid: 10, mcast_snooping: false, mcast_querier: true,\n"
			"     mcast_igmp_version: 3, mcast_mld_version: 2,\n"
			"     mcast_last_member_count: 3, mcast_last_member_interval: 200,\n"
			"     mcast_startup_query_count: 4, mcast_startup_query_interval: 3000}\n"
			"  - {dev: br0, vid: 11-12, mcast_membership_interval: 20000,\n"
			"     mcast_querier_interval: 20100, mcast_query_interval: 20200,\n"
			"     mcast_query_response_interval: 1100}\n",
		.tools =
			"bridge vlan add dev p0 vid 10\n"
			"bridge vlan add dev p0 vid 11-12\n"
			"bridge vlan add dev br0 vid 10 self\n"
			"bridge vlan set dev p0 vid 10 state blocking\n"
			"bridge vlan set dev p0 vid 10 mcast_router 2\n"
			"bridge vlan set dev p0 vid 11-12 mcast_router 0\n"
			"bridge vlan set dev br0 vid 10 mcast_router 0\n"
			"bridge vlan global set dev br0 vid 10 mcast_snooping 0 mcast_querier 1 "
			"mcast_igmp_version 3 mcast_mld_version 2 mcast_last_member_count 3 "
			"mcast_last_member_interval 200 mcast_startup_query_count 4 "
			"mcast_startup_query_interval 3000\n"
			"bridge vlan global set dev br0 vid 11-12 mcast_membership_interval 20000 "
			"mcast_querier_interval 20100 mcast_query_interval 20200 "
			"mcast_query_response_interval 1100\n",
		.see = {
			{ VLAN, "\"vlan\":10,\"state\":\"blocking\",\"mcast_router\":2" },
			{ VLAN, "\"state\":\"forwarding\",\"mcast_router\":0" },
			{ GLOBAL, "\"vlan\":10,\"mcast_snooping\":0,\"mcast_querier\":1,"
			  "\"mcast_igmp_version\":3,\"mcast_mld_version\":2,"
			  "\"mcast_last_member_count\":3,\"mcast_last_member_interval\":200,"
			  "\"mcast_startup_query_count\":4,\"mcast_startup_query_interval\":3000" },
			{ GLOBAL, "\"vlan\":11,\"vlanEnd\":12,\"mcast_snooping\":1" },
			{ GLOBAL, "\"mcast_membership_interval\":20000,"
			  "\"mcast_querier_interval\":20100,\"mcast_query_interval\":20200,"
			  "\"mcast_query_response_interval\":1100" },
		},
		.drift =
			"bridge vlan set dev p0 vid 10 mcast_router 1\n"
			"bridge vlan set dev p0 vid 11 state disabled\n"
			"bridge vlan set dev p0 vid 11 state forwarding\n"
			"bridge vlan global set dev br0 vid 10 mcast_igmp_version 2\n"
			"bridge vlan global set dev br0 vid 12 mcast_querier_interval 5000\n",
		.changed =
			"vlans:\n"
			"  - {dev: p0, vid: 10, state: forwarding, mcast_router: 1}\n"
			"  - {dev: q0, vid: 11, state: learning}\n"
			"vlan_global:\n"
			"  - {dev: br0, vid: 10, mcast_igmp_version: 2}\n"
			"  - {dev: br0, vid: 11, mcast_querier: true}\n",
		.see_changed = {
			{ VLAN, "\"vlan\":10,\"state\":\"forwarding\",\"mcast_router\":1" },
			{ VLAN, "\"vlan\":11,\"state\":\"learning\"" },
			{ GLOBAL, "\"vlan\":10,\"mcast_snooping\":0,\"mcast_querier\":1,"
			  "\"mcast_igmp_version\":2" },
			{ GLOBAL, "\"vlan\":11,\"mcast_snooping\":1,\"mcast_querier\":1" },
		},
	},
	{
		/* bridge(8) of 6.1 has no word for the trees: it sees the VLANs' states. */
		.name = "multiple spanning trees",
		.needs = "ip link add brx type bridge vlan_filtering 1",
		.links = MST,
		.objects =
			"vlans:\n"
			"  - {dev: p0, vid: 10-12}\n"
			"  - {dev: q0, vid: 10-11}\n"
			"vlan_global:\n"
			"  - {dev: br0, vid: 10, msti: 1}\n"
			"  - {dev: br0, vid: 11-12, msti: 2}\n"
			"mst:\n"
			"  - {dev: p0, msti: 1, state: forwarding}\n"
			"  - {dev: p0, msti: 2, state: blocking}\n"
			"  - {dev: q0, msti: 2, state: learning}\n",
		.see = {
			{ VLAN, "\"vlan\":10,\"state\":\"forwarding\"" },
			{ VLAN, "\"vlan\":11,\"vlanEnd\":12,\"state\":\"blocking\"" },
			{ VLAN, "\"vlan\":10,\"state\":\"disabled\"" },
			{ VLAN, "\"vlan\":11,\"state\":\"learning\"" },
		},
		.changed =
			"vlans:\n"
			"  - {dev: p0, vid: 10-12, untagged: true}\n"
			"  - {dev: q0, vid: 10-11}\n"
			"vlan_global:\n"
			"  - {dev: br0, vid: 10-12, msti: 3}\n"
			"mst:\n"
			"  - {dev: p0, msti: 3, state: learning}\n",
		.refused =
			"vlans:\n"
			"  - {dev: p0, vid: 10-12}\n"
			"  - {dev: p0, vid: 20, pvid: true, state: learning}\n",
		.sentence = "cannot add the VLAN: Device or resource busy: kernel: bridge: "
			"Can't modify vlan state directly when MST is enabled",
		.see_changed = {
			{ VLAN, "\"flags\":[\"EgressUntagged\"],\"state\":\"learning\"" },
		},
	},
};

int main(void)
{
	objects_test(scenes, sizeof(scenes) / sizeof(scenes[0]));
	return tap_done();
}
