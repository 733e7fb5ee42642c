// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Objects of bridges and tunnels in topology files: fdb, vlans, vnis, fou. */
#include "objects.h"
#include "tap.h"

#define BRIDGE \
	"links:\n" \
	"  - {name: br0, kind: bridge, vlan_filtering: true, stp_state: false,\n" \
	"     address: '02:00:00:00:00:01', up: true}\n" \
	"  - {name: p0, kind: veth, up: true, address: '02:00:00:00:00:10', master: br0,\n" \
	"     peer: {name: p1, up: true, address: '02:00:00:00:00:11'}}\n"

#define VXLAN \
	"links:\n" \
	"  - {name: vx0, kind: vxlan, id: 100, learning: false, up: true,\n" \
	"     address: '02:00:00:00:00:20', local: 192.0.2.1}\n"

#define EVPN \
	"links:\n" \
	"  - {name: br0, kind: bridge, vlan_filtering: true, vlan_default_pvid: 0,\n" \
	"     stp_state: false, address: '02:00:00:00:00:01', up: true}\n" \
	"  - {name: vx0, kind: vxlan, external: true, vnifilter: true, learning: false,\n" \
	"     up: true, address: '02:00:00:00:00:20', local: 192.0.2.1, master: br0,\n" \
	"     bridge_slave: {vlan_tunnel: true, neigh_suppress: true, learning: false}}\n"

#define FDB	"bridge -j fdb"
#define VLAN	"bridge -j vlan"
#define TUNNEL	"bridge -j vlan tunnelshow"
#define VNI	"bridge -j vni"
#define FOU	"ip -j fou show"

static const struct object_scene scenes[] = {
	{
		.name = "entries of a vxlan device",
		.links = VXLAN,
		.objects =
			"fdb:\n"
			"  - {mac: '00:00:00:00:00:00', dev: vx0, dst: 192.0.2.2}\n"
			"  - {mac: '00:00:00:00:00:00', dev: vx0, dst: 192.0.2.3, vni: 7}\n"
			"  - {mac: '02:00:5e:00:00:01', dev: vx0, dst: 192.0.2.3, port: 8472}\n"
			"  - {mac: '02:00:5e:00:00:02', dev: vx0, dst: 192.0.2.4, state: static}\n",
		.tools =
			"bridge fdb append 00:00:00:00:00:00 dev vx0 dst 192.0.2.2\n"
			"bridge fdb append 00:00:00:00:00:00 dev vx0 dst 192.0.2.3 vni 7\n"
			"bridge fdb add 02:00:5e:00:00:01 dev vx0 dst 192.0.2.3 port 8472\n"
			"bridge fdb add 02:00:5e:00:00:02 dev vx0 dst 192.0.2.4 static\n",
		.see = {
			{ FDB, "\"mac\":\"00:00:00:00:00:00\",\"ifname\":\"vx0\","
			  "\"dst\":\"192.0.2.2\"" },
			{ FDB, "\"dst\":\"192.0.2.3\",\"vni\":7" },
			{ FDB, "\"dst\":\"192.0.2.3\",\"port\":8472" },
			{ FDB, "\"mac\":\"02:00:5e:00:00:02\",\"ifname\":\"vx0\","
			  "\"dst\":\"192.0.2.4\"" },
		},
		.drift =
			"bridge fdb replace 02:00:5e:00:00:01 dev vx0 dst 192.0.2.9 port 8472\n"
			"bridge fdb del 00:00:00:00:00:00 dev vx0 dst 192.0.2.2\n",
		.changed =
			"fdb:\n"
			"  - {mac: '00:00:00:00:00:00', dev: vx0, dst: 192.0.2.2}\n"
			"  - {mac: '02:00:5e:00:00:01', dev: vx0, dst: 192.0.2.8}\n",
		.see_changed = {
			{ FDB, "\"mac\":\"02:00:5e:00:00:01\",\"ifname\":\"vx0\","
			  "\"dst\":\"192.0.2.8\"" },
		},
	},
	{
		.name = "entries and VLANs of a bridge",
		.needs = "ip link add brx type bridge vlan_filtering 1",
		.links = BRIDGE,
		.objects =
			"vlans:\n"
			"  - {dev: p0, vid: 10, pvid: true, untagged: true}\n"
			"  - {dev: p0, vid: 20-22}\n"
			"  - {dev: br0, vid: 10}\n"
			"fdb:\n"
			"  - {mac: '02:00:5e:00:00:01', dev: p0, master: true, vlan: 10,\n"
			"     state: static}\n"
			"  - {mac: '02:00:5e:00:00:02', dev: p0, master: true, vlan: 20,\n"
			"     state: static, sticky: true}\n",
		.tools =
			"bridge vlan add dev p0 vid 10 pvid untagged\n"
			"bridge vlan add dev p0 vid 20-22\n"
			"bridge vlan add dev br0 vid 10 self\n"
			"bridge fdb add 02:00:5e:00:00:01 dev p0 master static vlan 10\n"
			"bridge fdb add 02:00:5e:00:00:02 dev p0 master static sticky vlan 20\n",
		.see = {
			{ FDB, "\"mac\":\"02:00:5e:00:00:01\",\"ifname\":\"p0\","
			  "\"vlan\":10" },
			{ FDB, "\"mac\":\"02:00:5e:00:00:02\",\"ifname\":\"p0\","
			  "\"vlan\":20" },
			{ VLAN, "{\"vlan\":10,\"flags\":[\"PVID\",\"EgressUntagged\"]},"
			  "{\"vlan\":20},{\"vlan\":21},{\"vlan\":22}" },
		},
		.drift =
			"bridge vlan del dev p0 vid 21\n"
			"bridge vlan add dev p0 vid 30 pvid\n"
			"bridge vlan del dev p0 vid 30\n"
			"bridge fdb replace 02:00:5e:00:00:01 dev p0 master dynamic vlan 10\n",
		.changed =
			"vlans:\n"
			"  - {dev: p0, vid: 10, untagged: true, pvid: false}\n"
			"  - {dev: p0, vid: 22, pvid: true}\n"
			"fdb:\n"
			"  - {mac: '02:00:5e:00:00:02', dev: p0, master: true, vlan: 22,\n"
			"     state: static}\n",
		.see_changed = {
			{ VLAN, "{\"vlan\":10,\"flags\":[\"EgressUntagged\"]}" },
			{ VLAN, "{\"vlan\":22,\"flags\":[\"PVID\"]}" },
			{ FDB, "\"mac\":\"02:00:5e:00:00:02\",\"ifname\":\"p0\","
			  "\"vlan\":22" },
		},
	},
	{
		.name = "one vxlan device for many VNIs",
		.needs = "ip link add brx type bridge vlan_filtering 1",
		.links = EVPN,
		.objects =
			"vnis:\n"
			"  - {dev: vx0, vni: 1010-1012}\n"
			"  - {dev: vx0, vni: 2000, group: 192.0.2.7}\n"
			"vlans:\n"
			"  - {dev: vx0, vid: 10-12, tunnel_info: 1010-1012}\n",
		.tools =
			"bridge vni add dev vx0 vni 1010-1012\n"
			"bridge vni add dev vx0 vni 2000 remote 192.0.2.7\n"
			"bridge vlan add dev vx0 vid 10-12\n"
			"bridge vlan add dev vx0 vid 10-12 tunnel_info id 1010-1012\n",
		.see = {
			{ VNI, "1010" },
			{ VNI, "192.0.2.7" },
			{ TUNNEL, "\"vlan\":10,\"vlanEnd\":12,\"tunid\":1010,\"tunidEnd\":1012" },
		},
		.drift =
			"bridge vni delete dev vx0 vni 1011\n"
			"bridge vlan del dev vx0 vid 12\n",
		.changed =
			"vnis:\n"
			"  - {dev: vx0, vni: 1010}\n"
			"  - {dev: vx0, vni: 2000, group: 192.0.2.8}\n"
			"vlans:\n"
			"  - {dev: vx0, vid: 10, tunnel_info: 2000}\n",
		.see_changed = {
			{ VNI, "192.0.2.8" },
			{ FDB, "\"dst\":\"192.0.2.8\"" },
			{ FDB " | grep -c 192.0.2.7 || :", "0" },
			{ TUNNEL, "\"vlan\":10,\"tunid\":2000" },
		},
	},
	{
		.name = "FOU and GUE",
		.needs = "modprobe -qa fou fou6; ip fou add port 9 ipproto 4",
		.links = "",
		.objects =
			"fou:\n"
			"  - {port: 5555, ipproto: 4}\n"
			"  - {port: 5556, type: gue}\n"
			"  - {port: 5557, family: inet6, type: gue, local: '::1'}\n",
		.tools =
			"ip fou add port 5555 ipproto 4\n"
			"ip fou add port 5556 gue\n"
			"ip fou add port 5557 gue -6 local ::1\n",
		.see = {
			{ FOU, "\"port\":5555" },
			{ FOU, "\"port\":5556" },
		},
		.drift = "ip fou del port 5556\n",
		.changed =
			"fou:\n"
			"  - {port: 5555, ipproto: 47}\n",
		.see_changed = {
			{ FOU, "\"port\":5555" },
		},
	},
};

int main(void)
{
	objects_test(scenes, sizeof(scenes) / sizeof(scenes[0]));
	return tap_done();
}
