// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Objects of bridges in topology files: multicast groups, options of VLANs, MST. */
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
	},
};

int main(void)
{
	objects_test(scenes, sizeof(scenes) / sizeof(scenes[0]));
	return tap_done();
}
