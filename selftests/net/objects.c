// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Objects of layer 3 in topology files: routes, neighbours, rules. */
#include "objects.h"
#include "tap.h"

#define PAIR \
	"links:\n" \
	"  - {name: v0, kind: veth, up: true, address: '02:00:00:00:00:10',\n" \
	"     addresses: [192.0.2.1/24, '2001:db8::1/64'],\n" \
	"     peer: {name: v1, address: '02:00:00:00:00:11', up: true,\n" \
	"            addresses: [198.51.100.1/24]}}\n"

#define MAIN	"ip -j -N route show table all"
#define MAIN6	"ip -j -N -6 route show table all"

static const struct object_scene scenes[] = {
	{
		.name = "IPv4 routes",
		.links = PAIR,
		.objects =
			"routes:\n"
			"  - {dst: 10.0.0.0/8, via: 192.0.2.2, mtu: 1400, advmss: 1300,\n"
			"     initcwnd: 20, quickack: true, congctl: reno}\n"
			"  - {dst: 10.1.0.0/16, dev: v0, table: 100, metric: 5, src: 192.0.2.1,\n"
			"     proto: bird, scope: host}\n"
			"  - {dst: 10.2.0.0/16, type: blackhole, tos: 16}\n"
			"  - {dst: 10.3.0.1, via: 203.0.113.1, dev: v0, onlink: true}\n"
			"  - {dst: 10.4.0.0/16, via: '2001:db8::4', dev: v0}\n"
			"  - {dst: default, nexthops: [via 192.0.2.3 dev v0 weight 2,\n"
			"     {via: 198.51.100.3, dev: v1}]}\n"
			"  - {dst: 10.5.0.0/16, type: throw, table: 100000}\n",
		.tools =
			"ip route add 10.0.0.0/8 via 192.0.2.2 proto static mtu 1400 "
			"advmss 1300 initcwnd 20 quickack 1 congctl reno\n"
			"ip route add 10.1.0.0/16 dev v0 table 100 metric 5 src 192.0.2.1 "
			"proto bird scope host\n"
			"ip route add blackhole 10.2.0.0/16 tos 0x10\n"
			"ip route add 10.3.0.1 via 203.0.113.1 dev v0 onlink\n"
			"ip route add 10.4.0.0/16 via inet6 2001:db8::4 dev v0\n"
			"ip route add default nexthop via 192.0.2.3 dev v0 weight 2 "
			"nexthop via 198.51.100.3 dev v1\n"
			"ip route add throw 10.5.0.0/16 table 100000\n",
		.see = {
			{ MAIN, "\"dst\":\"10.0.0.0/8\",\"gateway\":\"192.0.2.2\",\"dev\":\"v0\"" },
			{ MAIN, "\"mtu\":1400,\"advmss\":1300,\"initcwnd\":20,\"quickack\":1,"
			  "\"congestion\":\"reno\"" },
			{ MAIN, "\"dst\":\"10.1.0.0/16\",\"dev\":\"v0\",\"table\":\"100\","
			  "\"protocol\":\"12\",\"scope\":\"254\",\"prefsrc\":\"192.0.2.1\","
			  "\"metric\":5" },
			{ MAIN, "\"dst\":\"10.2.0.0/16\",\"tos\":\"0x10\"" },
			{ MAIN, "\"dst\":\"10.3.0.1\",\"gateway\":\"203.0.113.1\",\"dev\":\"v0\"" },
			{ MAIN, "\"via\":{\"family\":\"inet6\",\"host\":\"2001:db8::4\"}" },
			{ MAIN, "\"gateway\":\"192.0.2.3\",\"dev\":\"v0\",\"weight\":2" },
			{ MAIN, "\"gateway\":\"198.51.100.3\",\"dev\":\"v1\",\"weight\":1" },
			{ MAIN, "\"dst\":\"10.5.0.0/16\",\"table\":\"100000\"" },
		},
		.drift =
			"ip route replace 10.0.0.0/8 via 192.0.2.9 proto static mtu 1400 "
			"advmss 1300 initcwnd 20 quickack 1 congctl reno\n"
			"ip route del 10.1.0.0/16 table 100\n"
			"ip route replace unreachable 10.2.0.0/16 tos 0x10\n"
			"ip route replace default via 192.0.2.3 dev v0\n",
		.changed =
			"routes:\n"
			"  - {dst: 10.0.0.0/8, dev: v1, mtu: 1300}\n"
			"  - {dst: 10.2.0.0/16, tos: 16, via: 192.0.2.7}\n"
			"  - {dst: default, nexthops: [via 192.0.2.3 weight 3,\n"
			"     {via: 198.51.100.3, dev: v1}]}\n"
			"  - {dst: 10.6.0.0/16, via: 10.3.0.1, dev: v0, onlink: true}\n",
		.see_changed = {
			{ MAIN, "\"dst\":\"10.0.0.0/8\",\"dev\":\"v1\"" },
			{ MAIN, "\"mtu\":1300,\"advmss\":1300" },
			{ MAIN, "\"dst\":\"10.2.0.0/16\",\"tos\":\"0x10\","
			  "\"gateway\":\"192.0.2.7\"" },
			{ MAIN, "\"gateway\":\"192.0.2.3\",\"dev\":\"v0\",\"weight\":3" },
		},
	},
	{
		.name = "IPv6 routes",
		.links = PAIR,
		.objects =
			"routes:\n"
			"  - {dst: '2001:db8:1::/48', via: '2001:db8::2', hoplimit: 9}\n"
			"  - {dst: '2001:db8:2::/48', dev: v0, metric: 77, pref: high}\n"
			"  - {dst: '2001:db8:3::/48', type: unreachable, table: 7}\n"
			"  - {dst: '2001:db8:4::/48', nexthops: [via 2001:db8::5 dev v0 weight 4,\n"
			"     via 2001:db8::6 dev v0]}\n"
			"  - {dst: '::/0', via: 'fe80::1', dev: v0}\n",
		.tools =
			"ip route add 2001:db8:1::/48 via 2001:db8::2 proto static hoplimit 9\n"
			"ip route add 2001:db8:2::/48 dev v0 metric 77 pref high\n"
			"ip route add unreachable 2001:db8:3::/48 table 7\n"
			"ip route add 2001:db8:4::/48 nexthop via 2001:db8::5 dev v0 weight 4 "
			"nexthop via 2001:db8::6 dev v0\n"
			"ip route add default via fe80::1 dev v0\n",
		.see = {
			{ MAIN6, "\"dst\":\"2001:db8:1::/48\","
			  "\"gateway\":\"2001:db8::2\",\"dev\":\"v0\"" },
			{ MAIN6, "\"hoplimit\":9" },
			{ MAIN6, "\"dst\":\"2001:db8:2::/48\",\"dev\":\"v0\"" },
			{ MAIN6, "\"metric\":77,\"flags\":[],\"pref\":\"high\"" },
			{ MAIN6, "\"dst\":\"2001:db8:3::/48\",\"dev\":\"lo\",\"table\":\"7\"" },
			{ MAIN6, "\"gateway\":\"2001:db8::5\",\"dev\":\"v0\",\"weight\":4" },
			{ MAIN6, "\"dst\":\"default\",\"gateway\":\"fe80::1\",\"dev\":\"v0\"" },
		},
		.drift =
			"ip route del 2001:db8:1::/48\n"
			"ip route replace 2001:db8:2::/48 dev v1 metric 77\n"
			"ip route del 2001:db8:4::/48 nexthop via 2001:db8::6 dev v0\n",
		.changed =
			"routes:\n"
			"  - {dst: '2001:db8:1::/48', via: '2001:db8::3'}\n"
			"  - {dst: '2001:db8:4::/48', via: '2001:db8::9', mtu: 1300}\n",
		.see_changed = {
			{ MAIN6, "\"dst\":\"2001:db8:1::/48\","
			  "\"gateway\":\"2001:db8::3\",\"dev\":\"v0\"" },
			{ MAIN6, "\"dst\":\"2001:db8:4::/48\","
			  "\"gateway\":\"2001:db8::9\",\"dev\":\"v0\"" },
			{ MAIN6, "\"hoplimit\":9" },
		},
	},
	{
		.name = "neighbours",
		.links = PAIR,
		.objects =
			"neighbours:\n"
			"  - {to: 192.0.2.7, dev: v0, lladdr: '02:00:5e:00:00:07'}\n"
			"  - {to: '2001:db8::7', dev: v0, router: true,\n"
			"     lladdr: '02:00:5e:00:00:07'}\n"
			"  - {to: 192.0.2.8, dev: v0, proxy: true}\n",
		.tools =
			"ip neigh add 192.0.2.7 dev v0 lladdr 02:00:5e:00:00:07\n"
			"ip neigh add 2001:db8::7 dev v0 lladdr 02:00:5e:00:00:07 router\n"
			"ip neigh add proxy 192.0.2.8 dev v0\n",
		.see = {
			{ "ip -j neigh", "\"dst\":\"192.0.2.7\",\"dev\":\"v0\","
			  "\"lladdr\":\"02:00:5e:00:00:07\",\"state\":[\"PERMANENT\"]" },
			{ "ip -j neigh", "\"lladdr\":\"02:00:5e:00:00:07\",\"router\":null" },
			{ "ip -j neigh show proxy", "\"dst\":\"192.0.2.8\",\"dev\":\"v0\"" },
		},
		.drift =
			"ip neigh replace 192.0.2.7 dev v0 lladdr 02:00:5e:00:00:09\n"
			"ip neigh del proxy 192.0.2.8 dev v0\n",
		.changed =
			"neighbours:\n"
			"  - {to: 192.0.2.7, dev: v0, lladdr: '02:00:5e:00:00:08'}\n",
		.see_changed = {
			{ "ip -j neigh", "\"lladdr\":\"02:00:5e:00:00:08\"" },
		},
	},
	{
		.name = "rules",
		.links = PAIR,
		.objects =
			"rules:\n"
			"  - {preference: 100, from: 10.0.0.0/8, table: 100}\n"
			"  - {preference: 101, to: 198.18.0.0/15, iif: v0, type: blackhole}\n"
			"  - {preference: 102, fwmark: 0x10, fwmask: 0xf0, lookup: main,\n"
			"     not: true, suppress_prefixlength: 0}\n",
		.tools =
			"ip rule add preference 100 from 10.0.0.0/8 lookup 100 protocol static\n"
			"ip rule add preference 101 to 198.18.0.0/15 iif v0 blackhole\n"
			"ip rule add preference 102 not fwmark 0x10/0xf0 lookup main "
			"suppress_prefixlength 0\n",
		.see = {
			{ "ip -j rule", "\"priority\":100,\"src\":\"10.0.0.0\",\"srclen\":8,"
			  "\"table\":\"100\"" },
			{ "ip -j rule", "\"priority\":101" },
			{ "ip -j rule", "\"fwmark\":\"0x10\",\"fwmask\":\"0xf0\"" },
		},
		.drift = "ip rule del preference 100\n",
		.changed =
			"rules:\n"
			"  - {preference: 100, from: 10.0.0.0/16, table: 101}\n",
		.see_changed = {
			{ "ip -j rule", "\"priority\":100,\"src\":\"10.0.0.0\",\"srclen\":16,"
			  "\"table\":\"101\"" },
		},
	},
};

int main(void)
{
	objects_test(scenes, sizeof(scenes) / sizeof(scenes[0]));
	return tap_done();
}
