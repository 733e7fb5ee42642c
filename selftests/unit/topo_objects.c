// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Objects of topology files: wrong values, where, and in which words. */
#include <stdio.h>
#include <string.h>

#include "tap.h"
#include "topo/file.h"

#define HEAD "penstock: 1\n"

/* want: "LINE:COLUMN: OBJECT: TEXT", its beginning. */
static const struct {
	const char *text, *want;
} bad[] = {
	{ "routes: {}\n", "2:9: routes must be a list, not a map" },
	{ "routes: [{via: 192.0.2.1}]\n", "2:10: routes: dst is required: default, or an IPv4" },
	{ "routes: [{dst: 10.0.0.1/8, via: 192.0.2.1}]\n",
	  "2:16: routes: dst: \"10.0.0.1/8\" must be default, or an IPv4 or IPv6 prefix" },
	{ "routes: [{dst: 10.0.0.0/33, via: 192.0.2.1}]\n", "2:16: routes: dst: \"10.0.0.0/33\"" },
	{ "routes: [{dst: 10.0.0.0/8}]\n", "2:10: routes: needs a way out: via, dev, nexthops" },
	{ "routes: [{dst: 10.0.0.0/8, vie: 192.0.2.1}]\n", "2:28: routes: unknown key \"vie\"" },
	{ "routes: [{dst: 10.0.0.0/8, via: 192.0.2}]\n",
	  "2:33: routes: via: \"192.0.2\" must be an IPv4 or IPv6 address, or none" },
	{ "routes: [{dst: '2001:db8::/32', via: 192.0.2.1}]\n",
	  "2:38: routes: via: must be an IPv6 address, as dst is" },
	{ "routes: [{dst: 10.0.0.0/8, via: 192.0.2.1, src: '::1'}]\n",
	  "2:49: routes: src: must be an IPv4 address, as dst is" },
	{ "routes: [{dst: 10.0.0.0/8, type: blackhole, via: 192.0.2.1}]\n",
	  "2:50: routes: via: has no meaning where packets go nowhere" },
	{ "routes: [{dst: 10.0.0.0/8, via: 192.0.2.1, nhid: 4}]\n",
	  "2:50: routes: nhid: excludes the other ways" },
	{ "routes: [{dst: 10.0.0.0/8, nexthops: [via 192.0.2.1]}]\n",
	  "2:38: routes: nexthops: must be two or more" },
	{ "routes: [{dst: 10.0.0.0/8, nexthops: [via 192.0.2.1 weight 300, dev a]}]\n",
	  "2:38: routes: nexthops: \"via 192.0.2.1 weight 300, dev a\" must be a list" },
	{ "routes: [{dst: 10.0.0.0/8, via: 192.0.2.1, mtu: 67}]\n",
	  "2:49: routes: mtu: \"67\" is out of range: must be 68..4294967295" },
	{ "routes: [{dst: 10.0.0.0/8, via: 192.0.2.1, pref: high}]\n",
	  "2:50: routes: pref: is for IPv6 routes" },
	{ "routes: [{dst: 10.0.0.0/8, dev: a}, {dst: 10.0.0.0/8, dev: b}]\n",
	  "2:37: routes: route 10.0.0.0/8 is given twice, first in line 2" },
	{ "neighbours: [{to: 192.0.2.1, dev: a}]\n",
	  "2:14: neighbours: lladdr is required, unless proxy" },
	{ "neighbours: [{to: 192.0.2.1, lladdr: '02:00:00:00:00:01'}]\n",
	  "2:14: neighbours: dev is required" },
	{ "fdb: [{mac: '02:00:00:00:00:01', dev: a, master: true, dst: 192.0.2.1}]\n",
	  "2:61: fdb: dst: is for vxlan devices themselves, not for master" },
	{ "fdb: [{mac: '02:00:00:00:00:01', dev: a, vni: 5}]\n",
	  "2:47: fdb: vni: needs dst, the remote VTEP" },
	{ "vlans: [{dev: a, vid: 4095}]\n",
	  "2:23: vlans: vid: \"4095\" is out of range: must be 1..4094" },
	{ "vlans: [{dev: a, vid: 20-10}]\n", "2:23: vlans: vid: \"20-10\" must be a range" },
	{ "vlans: [{dev: a, vid: 10-20, tunnel_info: 5-6}]\n",
	  "2:43: vlans: tunnel_info: \"5-6\" must be a range" },
	{ "vlans: [{dev: a, vid: 10-20}, {dev: a, vid: 15}]\n",
	  "2:31: vlans: VLAN a vid 15 is given twice, first in line 2" },
	{ "vnis: [{dev: a, vni: 16777216}]\n",
	  "2:22: vnis: vni: \"16777216\" is out of range: must be 0..16777215" },
	{ "vnis: [{dev: a, vni: 0-262145}]\n",
	  "2:8: vnis: with it the ranges stand for more than 262144: divide the file" },
	{ "vnis: [{dev: a, vni: 0-200000}, {dev: b, vni: 0-62145}]\n",
	  "2:33: vnis: with it the ranges stand for more than 262144: divide the file" },
	{ "mdb: [{dev: a, port: b}]\n",
	  "2:7: mdb: grp is required: a multicast group: an IPv4 address" },
	{ "mdb: [{dev: a, port: b, grp: 224.0.0.5}]\n",
	  "2:30: mdb: grp: \"224.0.0.5\" must be a multicast group: an IPv4 address (but none of" },
	{ "mdb: [{dev: a, port: b, grp: 'ff02::1'}]\n", "2:30: mdb: grp: \"ff02::1\" must be " },
	{ "mdb: [{dev: a, port: b, grp: '02:00:00:00:00:01'}]\n", "2:30: mdb: grp: " },
	{ "mdb: [{dev: a, port: b, grp: 239.1.1.1, vid: 0}]\n",
	  "2:46: mdb: vid: \"0\" is out of range: must be 1..4094" },
	{ "mdb: [{dev: a, port: b, grp: 239.1.1.1, src: '::1'}]\n",
	  "2:46: mdb: src: must be an IPv4 address, as grp is" },
	{ "mdb: [{dev: a, port: a, grp: 239.1.1.1, src: 192.0.2.1}]\n",
	  "2:46: mdb: src: is for IP groups of ports" },
	{ "mdb: [{dev: a, port: a, grp: 239.1.1.1, state: permanent}]\n",
	  "2:48: mdb: state: must be temp for a group of this host" },
	{ "mdb: [{dev: a, port: b, grp: '01:00:5e:00:00:01', state: temp}]\n",
	  "2:58: mdb: state: must be permanent for a group that is a MAC address" },
	{ "vlans: [{dev: a, vid: 10, mcast_router: 4}]\n",
	  "2:41: vlans: mcast_router: \"4\" is out of range: must be 0..3" },
	{ "vlans: [{dev: a, vid: 10, neigh_suppress: 2}]\n",
	  "2:43: vlans: neigh_suppress: \"2\" must be true or false" },
	{ "vlans: [{dev: a, vid: 10, mcast_max_groups: -1}]\n",
	  "2:45: vlans: mcast_max_groups: \"-1\" must be 0..4294967295" },
	{ "vlan_global: [{dev: a}]\n", "2:15: vlan_global: vid is required: 1..4094" },
	{ "vlan_global: [{dev: a, vid: 10, mcast_snooping: maybe}]\n",
	  "2:49: vlan_global: mcast_snooping: \"maybe\" must be true or false" },
	{ "vlan_global: [{dev: a, vid: 10, mcast_querier: 3}]\n", "2:48: vlan_global: mcast_q" },
	{ "vlan_global: [{dev: a, vid: 10, mcast_igmp_version: 1}]\n",
	  "2:53: vlan_global: mcast_igmp_version: \"1\" is out of range: must be 2..3" },
	{ "vlan_global: [{dev: a, vid: 10, mcast_mld_version: 3}]\n",
	  "2:52: vlan_global: mcast_mld_version: \"3\" is out of range: must be 1..2" },
	{ "vlan_global: [{dev: a, vid: 10, mcast_last_member_count: x}]\n", "2:58: vlan_global: " },
	{ "vlan_global: [{dev: a, vid: 10, mcast_startup_query_count: x}]\n", "2:60: vlan_glob" },
	{ "vlan_global: [{dev: a, vid: 10, mcast_query_interval: 99}]\n",
	  "2:55: vlan_global: mcast_query_interval: \"99\" is out of range: must be 100..8640000 "
	  "1/100 s" },
	{ "vlan_global: [{dev: a, vid: 10, mcast_startup_query_interval: 8640001}]\n",
	  "2:63: vlan_global: mcast_startup_query_interval: \"8640001\" is out of range: " },
	{ "vlan_global: [{dev: a, vid: 10, mcast_membership_interval: 4294967296}]\n",
	  "2:60: vlan_global: mcast_membership_interval: \"4294967296\" is out of range: " },
	{ "vlan_global: [{dev: a, vid: 10, msti: 4096}]\n",
	  "2:39: vlan_global: msti: \"4096\" is out of range: must be 0..4095" },
	{ "vlan_global: [{dev: a, vid: 9-11}, {dev: a, vid: 10}]\n",
	  "2:36: vlan_global: VLAN options a vid 10 is given twice, first in line 2" },
	{ "mst: [{dev: a, msti: 0, state: forwarding}]\n",
	  "2:22: mst: msti: \"0\" is out of range: must be 1..4095" },
	{ "mst: [{dev: a, msti: 1}]\n", "2:7: mst: state is required: disabled, listening" },
	{ "mst: [{dev: a, msti: 1, state: on}]\n", "2:32: mst: state: \"on\" must be disabled, " },
	{ "altnames: [{dev: a}]\n", "2:12: altnames: altname is required: text of at most" },
	{ "altnames: [{dev: a, altname: 'b c'}]\n",
	  "2:30: altnames: altname: must be a name of at most 127 bytes without blanks" },
	{ "altnames: [{dev: a, altname: b}, {dev: a, altname: b}]\n",
	  "2:34: altnames: name a altname b is given twice, first in line 2" },
	{ "fou: [{port: 5555}]\n", "2:7: fou: ipproto is required (1..255), unless type is gue" },
	{ "fou: [{port: 5555, type: gue, ipproto: 4}]\n",
	  "2:40: fou: ipproto: is told by the GUE header" },
	{ "fou: [{port: 5555, ipproto: 4, local: '::1'}]\n",
	  "2:39: fou: local: must be an IPv4 address, as family says" },
	{ "rules: [{from: 10.0.0.0/8}]\n", "2:9: rules: preference is required" },
	{ "rules: [{preference: 5, from: 10.0.0.0/8, to: '2001:db8::/32'}]\n",
	  "2:47: rules: to: is of another family" },
	{ "qdiscs: [{dev: a}]\n", "2:10: qdiscs: kind is required: " },
	{ "qdiscs: [{dev: a, kind: red}]\n", "2:25: qdiscs: kind: \"red\" must be " },
	{ "qdiscs: [{dev: a, kind: tbf, rate: 1mbit}]\n",
	  "2:10: qdiscs: a tbf needs rate and burst" },
	{ "qdiscs: [{dev: a, kind: tbf, rate: 1mbit, burst: 10k}]\n",
	  "2:10: qdiscs: a tbf needs either limit or latency" },
	{ "qdiscs: [{dev: a, kind: tbf, rate: 1m, burst: 10k, limit: 1}]\n",
	  "2:36: qdiscs: rate: \"1m\" must be a rate such as 100mbit" },
	{ "qdiscs: [{dev: a, kind: tbf, rate: 100gbit, burst: 10k, latency: 1s}]\n",
	  "2:66: qdiscs: latency: is a queue of more than 4 GiB" },
	{ "qdiscs: [{dev: a, kind: pfifo, rate: 1mbit}]\n",
	  "2:38: qdiscs: rate: is no word of pfifo: it has limit" },
	{ "qdiscs: [{dev: a, kind: clsact, limit: 5}]\n",
	  "2:40: qdiscs: limit: is no word of clsact: it has none of its own" },
	{ "qdiscs: [{dev: a, kind: clsact, parent: root}]\n",
	  "2:41: qdiscs: parent: must be ingress, of this kind" },
	{ "qdiscs: [{dev: a, kind: pfifo, parent: ingress}]\n",
	  "2:40: qdiscs: parent: ingress is the place of clsact and ingress alone" },
	{ "qdiscs: [{dev: a, kind: pfifo, handle: '1:1'}]\n",
	  "2:40: qdiscs: handle: \"1:1\" must be a handle such as '1:'" },
	{ "qdiscs: [{dev: a, kind: prio, bands: 2}]\n",
	  "2:38: qdiscs: bands: priority 1 goes to band 2, but there are 2 bands" },
	{ "qdiscs: [{dev: a, kind: prio, priomap: [1, 2]}]\n",
	  "2:40: qdiscs: priomap: \"1, 2\" must be a list of 16 numbers of bands" },
	{ "qdiscs: [{dev: a, kind: sfq, flows: 128}]\n",
	  "2:37: qdiscs: flows: must be at most limit, which is 127 if not given" },
	{ "qdiscs: [{dev: a, kind: fq, buckets: 1000}]\n",
	  "2:38: qdiscs: buckets: must be a power of 2" },
	{ "qdiscs: [{dev: a, kind: fq, maxrate: 40gbit}]\n",
	  "2:38: qdiscs: maxrate: is more than the kernel has room for" },
	{ "qdiscs: [{dev: a, kind: pfifo}, {dev: a, kind: bfifo}]\n",
	  "2:33: qdiscs: qdisc a is given twice, first in line 2" },
	{ "classes: [{dev: a, classid: '1:', rate: 1mbit}]\n",
	  "2:29: classes: classid: \"1:\" must be a class such as '1:10'" },
	{ "classes: [{dev: a, classid: '1:1', rate: 1mbit, parent: ingress}]\n",
	  "2:57: classes: parent: \"ingress\" must be root, a qdisc such as '1:'" },
	{ "classes: [{dev: a, classid: '1:1', rate: 1mbit, parent: '2:3'}]\n",
	  "2:57: classes: parent: is of another qdisc than 1:" },
	{ "classes: [{dev: a, classid: '1:1', rate: 1mbit, parent: '1:1'}]\n",
	  "2:57: classes: parent: is the class itself" },
	{ "classes: [{dev: a, classid: '1:1', rate: 0}]\n",
	  "2:42: classes: rate: must be more than 0" },
	{ "classes: [{dev: a, classid: '1:1'}]\n", "2:11: classes: rate is required" },
	{ "classes: [{dev: a, classid: '1:1', rate: 2mbit, ceil: 1mbit}]\n",
	  "2:55: classes: ceil: must be at least rate" },
	{ "classes: [{dev: a, classid: '1:1', rate: 2mbit, prio: 8}]\n",
	  "2:55: classes: prio: \"8\" is out of range" },
	{ "classes: [{dev: a, classid: '1:1', rate: 2mbit, kind: drr}]\n",
	  "2:55: classes: kind: \"drr\" must be htb" },
};

int main(void)
{
	struct pn_topo *topo;
	char text[512], got[800];
	struct pn_err err;
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		tap_case("refused: %.*s", (int)strcspn(bad[i].text, "\n"), bad[i].text);
		snprintf(text, sizeof(text), HEAD "%s", bad[i].text);
		memset(&err, 0, sizeof(err));
		topo = NULL;
		pn_topo_parse("f", text, strlen(text), &topo, &err);
		if (tap_true(!topo, "refused")) {
			snprintf(got, sizeof(got), "%u:%u: %s%s%s", err.line, err.column,
				 err.object, err.object[0] ? ": " : "", err.text);
			if (strlen(got) > strlen(bad[i].want))
				got[strlen(bad[i].want)] = 0;
			tap_str(got, bad[i].want, "sentence");
		} else {
			pn_topo_free(topo);
		}
		tap_end();
	}
	return tap_done();
}
