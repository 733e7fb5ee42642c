/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The table of net/kinds: every kind in two or more configurations, as the
 * file says it and as ip(8) does. A row may use the devices made by `before`:
 * d0 to d3, ends of veth pairs, d1 without an address. Names are in one
 * namespace: each once. `ip` and `ip2` are lines for `ip -batch`; where ip
 * has no word for it they are NULL, and only penstock's own reading judges.
 */
#ifndef PN_TEST_KINDS_ROWS_H
#define PN_TEST_KINDS_ROWS_H

struct kind_row {
	const char *kind;	/* what the kernel must have */
	const char *name;	/* of the device that is compared */
	const char *file;	/* the link in the file */
	const char *ip;
	const char *file2;	/* changed; NULL: as before */
	const char *ip2;
};

#define ADDR4	"local: 10.0.0.1, remote: 10.0.0."
#define IP4	"local 10.0.0.1 remote 10.0.0."
#define ADDR6	"local: 'fd00::1', remote: 'fd00::"
#define IP6	"local fd00::1 remote fd00::"

static const struct kind_row kind_rows[] = {
	{ "dummy", "du0", "kind: dummy, mtu: 9000, group: 7, arp: true, alias: 'a b'",
	  "link add du0 mtu 9000 group 7 type dummy\nlink set du0 alias \"a b\" arp on\n",
	  "kind: dummy, mtu: 8000, group: default, alias: c, txqueuelen: 5, multicast: true",
	  "link set du0 mtu 8000 group default alias c txqueuelen 5 multicast on\n" },
	{ "dummy", "du1", "kind: dummy, numtxqueues: 3, numrxqueues: 2, allmulticast: true",
	  "link add du1 numtxqueues 3 numrxqueues 2 type dummy\nlink set du1 allmulticast on\n",
	  "kind: dummy, promisc: true, allmulticast: false",
	  "link set du1 allmulticast off promisc on\n" },
	{ "dummy", "du2", "kind: dummy, broadcast: 'ff:ff:ff:ff:ff:fe', gso_max_size: 40000, "
	  "gso_max_segs: 100, gro_max_size: 50000, linkmode: dormant, addrgenmode: none, "
	  "dynamic: true, trailers: false",
	  "link add du2 broadcast ff:ff:ff:ff:ff:fe type dummy\n"
	  "link set du2 gso_max_size 40000 gso_max_segs 100 gro_max_size 50000\n"
	  "link set du2 mode dormant\nlink set du2 addrgenmode none\n"
	  "link set du2 dynamic on trailers off\n",
	  "kind: dummy, broadcast: 'ff:ff:ff:ff:ff:ff', gso_max_size: 65536, "
	  "gso_max_segs: 65535, gro_max_size: 65536, linkmode: default, addrgenmode: random, "
	  "dynamic: false, trailers: true",
	  "link set du2 broadcast ff:ff:ff:ff:ff:ff gso_max_size 65536 gso_max_segs 65535\n"
	  "link set du2 gro_max_size 65536 mode default\nlink set du2 addrgenmode random\n"
	  "link set du2 dynamic off trailers on\n" },
	{ "ifb", "if0", "kind: ifb, numtxqueues: 4", "link add if0 numtxqueues 4 type ifb\n",
	  "kind: ifb, mtu: 1400", "link set if0 mtu 1400\n" },
	{ "ifb", "if1", "kind: ifb, up: true", "link add if1 up type ifb\n", NULL, NULL },
	{ "nlmon", "nl0", "kind: nlmon", "link add nl0 type nlmon\n",
	  "kind: nlmon, up: true", "link set nl0 up\n" },
	{ "nlmon", "nl1", "kind: nlmon, mtu: 4000", "link add nl1 mtu 4000 type nlmon\n",
	  NULL, NULL },
	{ "vcan", "vc0", "kind: vcan", "link add vc0 type vcan\n",
	  "kind: vcan, mtu: 16", "link set vc0 mtu 16\n" },
	{ "vcan", "vc1", "kind: vcan, mtu: 72, up: true",
	  "link add vc1 mtu 72 up type vcan\n", NULL, NULL },
	{ "vrf", "vr0", "kind: vrf, table: 100", "link add vr0 type vrf table 100\n",
	  "kind: vrf, table: 100, up: true", "link set vr0 up\n" },
	{ "vrf", "vr1", "kind: vrf, table: 4000000000",
	  "link add vr1 type vrf table 4000000000\n", NULL, NULL },
	{ "vlan", "vl0", "kind: vlan, link: d0, id: 5, gvrp: true, loose_binding: true, "
	  "reorder_hdr: false, ingress-qos-map: ['1:2', '3:4'], egress-qos-map: ['9:1']",
	  "link add vl0 link d0 type vlan id 5 gvrp on loose_binding on reorder_hdr off "
	  "ingress-qos-map 1:2 3:4 egress-qos-map 9:1\n",
	  "kind: vlan, link: d0, id: 5, gvrp: false, loose_binding: true, reorder_hdr: true, "
	  "ingress-qos-map: '1:3', egress-qos-map: ['9:2', '70000:7']",
	  "link set vl0 type vlan gvrp off reorder_hdr on ingress-qos-map 1:3 3:0 "
	  "egress-qos-map 9:2 70000:7\n" },
	{ "vlan", "vl1", "kind: vlan, link: d0, id: 4094, protocol: 802.1ad, mvrp: true",
	  "link add vl1 link d0 type vlan id 4094 protocol 802.1ad mvrp on\n",
	  "kind: vlan, link: d0, id: 4094, proto: 802.1ad, mvrp: false, bridge_binding: true",
	  "link set vl1 type vlan mvrp off bridge_binding on\n" },
	{ "macvlan", "ma0", "kind: macvlan, link: d0, mode: source, bcqueuelen: 77, flag: nodst, "
	  "macaddr: ['02:00:00:00:01:01', '02:00:00:00:01:02']",
	  "link add ma0 link d0 type macvlan mode source flag nodst bcqueuelen 77\n"
	  "link set ma0 type macvlan macaddr set 02:00:00:00:01:01 02:00:00:00:01:02\n",
	  "kind: macvlan, link: d0, mode: source, bcqueuelen: 78, flag: 'null', "
	  "macaddr: ['02:00:00:00:01:02']",
	  "link set ma0 type macvlan mode source flag null bcqueuelen 78\n"
	  "link set ma0 type macvlan macaddr set 02:00:00:00:01:02\n" },
	{ "macvlan", "ma1", "kind: macvlan, link: d0, mode: private, address: '02:00:00:00:02:01'",
	  "link add ma1 link d0 address 02:00:00:00:02:01 type macvlan mode private\n",
	  "kind: macvlan, link: d0, mode: bridge, address: '02:00:00:00:02:02', protodown: true",
	  "link set ma1 address 02:00:00:00:02:02 protodown on\nlink set ma1 type "
	  "macvlan mode bridge\n" },
	{ "macvlan", "ma2", "kind: macvlan, link: d3, mode: passthru, flag: nopromisc",
	  "link add ma2 link d3 type macvlan mode passthru nopromisc\n", NULL, NULL },
	{ "macvtap", "mt0", "kind: macvtap, link: d0, mode: vepa",
	  "link add mt0 link d0 type macvtap mode vepa\n",
	  "kind: macvtap, link: d0, mode: bridge", "link set mt0 type macvtap mode bridge\n" },
	{ "macvtap", "mt1", "kind: macvtap, link: d0, mode: bridge, bcqueuelen: 5",
	  "link add mt1 link d0 type macvtap mode bridge bcqueuelen 5\n", NULL, NULL },
	{ "ipvlan", "iv0", "kind: ipvlan, link: d1", "link add iv0 link d1 type ipvlan mode l3\n",
	  "kind: ipvlan, link: d1, mode: l3s, flags: vepa",
	  "link set iv0 type ipvlan mode l3s vepa\n" },
	{ "ipvlan", "iv1", "kind: ipvlan, link: d2, mode: l2, flags: private",
	  "link add iv1 link d2 type ipvlan mode l2 private\n", NULL, NULL },
	{ "ipvtap", "it0", "kind: ipvtap, link: d4, mode: l2, flags: private",
	  "link add it0 link d4 type ipvtap mode l2 private\n",
	  "kind: ipvtap, link: d4, mode: l2, flags: bridge",
	  "link set it0 type ipvtap mode l2 bridge\n" },
	{ "ipvtap", "it1", "kind: ipvtap, link: d5, mode: l3s",
	  "link add it1 link d5 type ipvtap mode l3s\n", NULL, NULL },

	{ "gre", "gr0", "kind: gre, " ADDR4 "2, key: 7, seq: true, icsum: true, ttl: 5, "
	  "tos: 0x10, dev: d0, fwmark: 0x99",
	  "link add gr0 type gre " IP4 "2 key 7 seq icsum ttl 5 tos 0x10 dev d0 fwmark 0x99\n",
	  "kind: gre, local: 10.0.0.9, remote: 10.0.0.2, ikey: 0.0.0.8, okey: 9, iseq: true, "
	  "oseq: false, icsum: false, ocsum: true, ttl: 6, tos: inherit, fwmark: 0",
	  "link set gr0 type gre local 10.0.0.9 remote 10.0.0.2 ikey 8 okey 9 iseq nooseq noicsum "
	  "ocsum ttl 6 tos inherit fwmark 0 noikey ikey 8\n" },
	{ "gre", "gr1", "kind: gre, external: true", "link add gr1 type gre external\n",
	  NULL, NULL },
	{ "gre", "gr2", "kind: gre, " ADDR4 "3, encap: gue, encap-sport: auto, encap-dport: 5000, "
	  "encap-csum: true, encap-remcsum: true",
	  "link add gr2 type gre " IP4 "3 encap gue encap-sport auto encap-dport 5000 encap-csum "
	  "encap-remcsum\n",
	  "kind: gre, " ADDR4 "3, encap: none, encap-dport: 0, encap-csum: false, "
	  "encap-remcsum: false",
	  "link set gr2 type gre " IP4 "3 noencap encap-dport 0 noencap-csum noencap-remcsum\n" },
	{ "gretap", "gt0", "kind: gretap, " ADDR4 "2, pmtudisc: false, ignore-df: true, ttl: "
	  "inherit",
	  "link add gt0 type gretap " IP4 "2 nopmtudisc ignore-df\n",
	  "kind: gretap, " ADDR4 "4, pmtudisc: true, ignore-df: false, ttl: 9",
	  "link set gt0 type gretap " IP4 "2 nopmtudisc noignore-df\n"
	  "link set gt0 type gretap " IP4 "4 pmtudisc noignore-df ttl 9\n" },
	{ "gretap", "gt1", "kind: gretap, external: true", "link add gt1 type gretap external\n",
	  NULL, NULL },
	{ "gretap", "gt2", "kind: gretap, " ADDR4 "5, encap: fou, encap-sport: 7, encap-dport: "
	  "5555, "
	  "okey: 1.2.3.4",
	  "link add gt2 type gretap " IP4 "5 okey 1.2.3.4 encap fou encap-sport 7 "
	  "encap-dport 5555\n",
	  "kind: gretap, " ADDR4 "5, encap: fou, encap-sport: 8, encap-dport: 5556, okey: none",
	  "link set gt2 type gretap " IP4 "5 nookey encap fou encap-sport 8 encap-dport 5556\n" },
	{ "erspan", "er0", "kind: erspan, " ADDR4 "2, seq: true, key: 10, erspan: 99",
	  "link add er0 type erspan " IP4 "2 seq key 10 erspan_ver 1 erspan 99\n",
	  "kind: erspan, " ADDR4 "2, seq: true, key: 10, erspan: 98, ttl: 4",
	  "link set er0 type erspan " IP4 "2 seq key 10 erspan_ver 1 erspan 98 ttl 4\n" },
	{ "erspan", "er1", "kind: erspan, " ADDR4 "3, seq: true, key: 11, erspan_ver: 2, "
	  "erspan_dir: egress, erspan_hwid: 7",
	  "link add er1 type erspan " IP4 "3 seq key 11 erspan_ver 2 erspan_dir egress "
	  "erspan_hwid 7\n",
	  "kind: erspan, " ADDR4 "3, seq: true, key: 11, erspan_ver: 2, erspan_dir: ingress, "
	  "erspan_hwid: 63",
	  "link set er1 type erspan " IP4 "3 seq key 11 erspan_ver 2 erspan_dir ingress "
	  "erspan_hwid 63\n" },
	{ "erspan", "er2", "kind: erspan, " ADDR4 "4, erspan_ver: 0",
	  "link add er2 type erspan " IP4 "4 erspan_ver 0\n", NULL, NULL },
	{ "erspan", "er3", "kind: erspan, external: true", "link add er3 type erspan external\n",
	  NULL, NULL },
	{ "ip6gre", "g60", "kind: ip6gre, " ADDR6 "2', key: 7, seq: true, ocsum: true, "
	  "hoplimit: 9, "
	  "encaplimit: none, tclass: inherit, flowlabel: 0x12345, dscp: inherit, fwmark: inherit, "
	  "allow-localremote: true, dev: d0",
	  "link add g60 type ip6gre " IP6 "2 key 7 seq ocsum hoplimit 9 encaplimit none "
	  "tclass inherit flowlabel 0x12345 dscp inherit fwmark inherit allow-localremote dev d0\n",
	  "kind: ip6gre, " ADDR6 "2', key: none, seq: false, ocsum: false, icsum: true, "
	  "hoplimit: 0, "
	  "encaplimit: 0, tclass: 0x40, flowlabel: inherit, dscp: inherit, fwmark: 0x7, "
	  "allow-localremote: false, dev: d0",
	  "link set g60 type ip6gre " IP6 "2 nokey noseq noocsum icsum hoplimit 0 encaplimit 0 "
	  "tclass 0x40 flowlabel inherit fwmark 7 noallow-localremote dev d0\n" },
	{ "ip6gre", "g61", "kind: ip6gre, external: true", "link add g61 type ip6gre external\n",
	  NULL, NULL },
	{ "ip6gretap", "t60", "kind: ip6gretap, " ADDR6 "3', tclass: 0x40, encap: gue, "
	  "encap-sport: 7, encap-dport: 6080, encap-csum6: true",
	  "link add t60 type ip6gretap " IP6 "3 tclass 0x40 encap gue encap-sport 7 "
	  "encap-dport 6080\n",
	  "kind: ip6gretap, " ADDR6 "4', tclass: inherit, encap: fou, encap-sport: auto, "
	  "encap-dport: 6081, encap-csum6: true",
	  "link set t60 type ip6gretap " IP6 "4 tclass inherit encap fou encap-sport auto "
	  "encap-dport 6081\n" },
	{ "ip6gretap", "t61", "kind: ip6gretap, " ADDR6 "6', icsum: true, encaplimit: 0",
	  "link add t61 type ip6gretap " IP6 "6 icsum encaplimit 0\n", NULL, NULL },
	{ "ip6erspan", "e60", "kind: ip6erspan, " ADDR6 "4', seq: true, key: 3, erspan: 5",
	  "link add e60 type ip6erspan " IP6 "4 seq key 3 erspan_ver 1 erspan 5\n",
	  "kind: ip6erspan, " ADDR6 "4', seq: true, key: 3, erspan: 6, hoplimit: 3",
	  "link set e60 type ip6erspan " IP6 "4 seq key 3 erspan_ver 1 erspan 6 hoplimit 3\n" },
	{ "ip6erspan", "e61", "kind: ip6erspan, " ADDR6 "5', seq: true, key: 4, erspan_ver: 2, "
	  "erspan_hwid: 3, erspan_dir: egress",
	  "link add e61 type ip6erspan " IP6 "5 seq key 4 erspan_ver 2 erspan_hwid 3 "
	  "erspan_dir egress\n", NULL, NULL },

	{ "ipip", "ip0", "kind: ipip, " ADDR4 "2, ttl: 5, tos: inherit, dev: d0, fwmark: 0x99, "
	  "mode: any",
	  "link add ip0 type ipip " IP4 "2 ttl 5 tos inherit dev d0 fwmark 0x99 mode any\n",
	  "kind: ipip, " ADDR4 "6, ttl: 6, tos: 4, fwmark: 1, mode: any",
	  "link set ip0 type ipip " IP4 "6 ttl 6 tos 4 fwmark 1\n" },
	{ "ipip", "ip1", "kind: ipip, external: true", "link add ip1 type "
	  "ipip mode ipip external\n",
	  NULL, NULL },
	{ "ipip", "ip2", "kind: ipip, " ADDR4 "3, pmtudisc: false, ttl: inherit, encap: gue, "
	  "encap-dport: 5555, encap-csum: true",
	  "link add ip2 type ipip mode ipip " IP4 "3 nopmtudisc ttl inherit encap gue "
	  "encap-dport 5555 "
	  "encap-csum\n",
	  "kind: ipip, " ADDR4 "3, pmtudisc: true, ttl: inherit, encap: gue, encap-dport: 5555, "
	  "encap-csum: false",
	  "link set ip2 type ipip " IP4 "3 pmtudisc encap gue encap-dport 5555 noencap-csum\n" },
	{ "ipip", "ip3", "kind: ipip, " ADDR4 "5, mode: mplsip",
	  "link add ip3 type ipip " IP4 "5 mode mplsip\n", NULL, NULL },
	{ "sit", "si0", "kind: sit, " ADDR4 "4, ttl: 7, mode: any, fwmark: 1",
	  "link add si0 type sit " IP4 "4 ttl 7 mode any fwmark 1\n",
	  "kind: sit, " ADDR4 "44, ttl: 8, mode: any, fwmark: 2, tos: 0x20",
	  "link set si0 type sit " IP4 "44 ttl 8 mode any fwmark 2 tos 0x20\n" },
	{ "sit", "si1", "kind: sit, local: 10.0.0.1, 6rd-prefix: '2001:db8::/32', "
	  "6rd-relay_prefix: 10.0.0.0/8, ttl: 64",
	  "link add si1 type sit mode ip6ip local 10.0.0.1 ttl 64 6rd-prefix 2001:db8::/32 "
	  "6rd-relay_prefix 10.0.0.0/8\n",
	  "kind: sit, local: 10.0.0.1, 6rd-prefix: '2001:db8:1::/48', "
	  "6rd-relay_prefix: 10.1.0.0/16, ttl: 64",
	  "link set si1 type sit local 10.0.0.1 ttl 64 6rd-prefix 2001:db8:1::/48 "
	  "6rd-relay_prefix 10.1.0.0/16\n" },
	{ "sit", "si2", "kind: sit, local: 10.0.0.3, isatap: true, pmtudisc: false, ttl: inherit",
	  "link add si2 type sit mode ip6ip local 10.0.0.3 isatap nopmtudisc ttl inherit\n",
	  NULL, NULL },
	{ "sit", "si3", "kind: sit, " ADDR4 "5, mode: ipip, encap: fou, encap-dport: 5, ttl: 9",
	  "link add si3 type sit " IP4 "5 mode ipip encap fou encap-dport 5 ttl 9\n", NULL, NULL },
	{ "ip6tnl", "t00", "kind: ip6tnl, " ADDR6 "2', mode: ip6ip6, hoplimit: 9, encaplimit: "
	  "none, "
	  "tclass: inherit, flowlabel: 0x12345, dscp: inherit, fwmark: inherit, "
	  "allow-localremote: true, dev: d0",
	  "link add t00 type ip6tnl " IP6 "2 mode ip6ip6 hoplimit 9 encaplimit none tclass inherit "
	  "flowlabel 0x12345 dscp inherit fwmark inherit allow-localremote dev d0\n",
	  "kind: ip6tnl, " ADDR6 "2', mode: any, hoplimit: 8, encaplimit: 1, tclass: 0x20, "
	  "flowlabel: 1, dscp: inherit, fwmark: 0x8, allow-localremote: true, dev: d0",
	  "link set t00 type ip6tnl " IP6 "2 mode any hoplimit 8 encaplimit 1 tclass 0x20 "
	  "flowlabel 1 fwmark 8 dev d0\n" },
	{ "ip6tnl", "t01", "kind: ip6tnl, " ADDR6 "3', mode: ipip6, encap: fou, encap-dport: 7, "
	  "encap-csum6: true",
	  "link add t01 type ip6tnl " IP6 "3 mode ipip6 encap fou encap-dport 7\n", NULL, NULL },
	{ "ip6tnl", "t02", "kind: ip6tnl, external: true",
	  "link add t02 type ip6tnl external\n", NULL, NULL },
	{ "vti", "vt0", "kind: vti, " ADDR4 "8, ikey: 5, okey: 6, fwmark: 3",
	  "link add vt0 type vti " IP4 "8 ikey 5 okey 6 fwmark 3\n",
	  "kind: vti, " ADDR4 "9, key: 7, dev: d0, fwmark: 4",
	  "link set vt0 type vti " IP4 "9 key 7 dev d0 fwmark 4\n" },
	{ "vti", "vt1", "kind: vti, " ADDR4 "10", "link add vt1 type vti " IP4 "10\n", NULL, NULL },
	{ "vti6", "vt6", "kind: vti6, " ADDR6 "8', key: 0.0.0.5, dev: d0, fwmark: 0x10",
	  "link add vt6 type vti6 " IP6 "8 key 5 dev d0 fwmark 0x10\n",
	  "kind: vti6, " ADDR6 "9', ikey: 5, okey: none, dev: d0, fwmark: 0x11",
	  "link set vt6 type vti6 " IP6 "9 ikey 5 okey 0 dev d0 fwmark 0x11\n" },
	{ "vti6", "vt7", "kind: vti6, " ADDR6 "a'", "link add vt7 type vti6 " IP6 "a\n",
	  NULL, NULL },

	{ "geneve", "ge0", "kind: geneve, id: 5, remote: 10.0.0.9, ttl: 7, tos: 4, df: set, "
	  "dstport: 7777, udpcsum: true",
	  "link add ge0 type geneve id 5 remote 10.0.0.9 ttl 7 tos 4 df set dstport 7777 udpcsum\n",
	  "kind: geneve, id: 5, remote: 10.0.0.10, ttl: inherit, tos: inherit, df: unset, "
	  "dstport: 7777, udpcsum: true",
	  "link set ge0 type geneve id 5 remote 10.0.0.10 ttl inherit tos inherit df unset\n" },
	{ "geneve", "ge1", "kind: geneve, vni: 6, remote: 'fd00::9', ttl: inherit, flowlabel: 5, "
	  "udp6zerocsumtx: true, udp6zerocsumrx: true, df: inherit",
	  "link add ge1 type geneve id 6 remote fd00::9 ttl inherit flowlabel 5 udp6zerocsumtx "
	  "udp6zerocsumrx df inherit\n",
	  "kind: geneve, vni: 6, remote: 'fd00::a', ttl: 3, flowlabel: 6, df: set",
	  "link set ge1 type geneve id 6 remote fd00::a ttl 3 flowlabel 6 df set\n" },
	{ "geneve", "ge2", "kind: geneve, external: true, dstport: 7000, innerprotoinherit: true",
	  "link add ge2 type geneve external dstport 7000 innerprotoinherit\n", NULL, NULL },
	{ "vxlan", "vx0", "kind: vxlan, id: 100, local: 192.0.2.1, remote: 192.0.2.2, ttl: 64, "
	  "tos: 16, df: set, learning: false, srcport: [32768, 61000], ageing: 100, "
	  "maxaddress: 1000, udpcsum: false, proxy: true, rsc: true, l2miss: true, l3miss: true",
	  "link add vx0 type vxlan id 100 local 192.0.2.1 remote 192.0.2.2 ttl 64 tos 0x10 df set "
	  "nolearning srcport 32768 61000 ageing 100 maxaddress 1000 noudpcsum proxy rsc l2miss "
	  "l3miss dstport 4789\n",
	  "kind: vxlan, id: 100, local: 192.0.2.1, remote: 192.0.2.3, ttl: 7, tos: inherit, "
	  "df: unset, learning: true, ageing: 200",
	  "link set vx0 type vxlan id 100 local 192.0.2.1 remote 192.0.2.3 ttl 7 tos inherit "
	  "df unset learning ageing 200\n" },
	{ "vxlan", "vx1", "kind: vxlan, id: 101, local: '2001:db8::1', remote: 'ff05::1', dev: "
	  "d0, ttl: inherit, "
	  "dstport: 4790, gbp: true, flowlabel: 9, udp6zerocsumtx: true, udp6zerocsumrx: true, "
	  "remcsumtx: true, remcsumrx: true",
	  "link add vx1 type vxlan id 101 local 2001:db8::1 group ff05::1 dev d0 ttl inherit "
	  "dstport 4790 gbp "
	  "flowlabel 9 udp6zerocsumtx udp6zerocsumrx remcsumtx remcsumrx\n", NULL, NULL },
	{ "vxlan", "vx2", "kind: vxlan, external: true, vnifilter: true, dstport: 4791, "
	  "learning: false",
	  "link add vx2 type vxlan external vnifilter dstport 4791 nolearning\n", NULL, NULL },
	{ "vxlan", "vx3", "kind: vxlan, external: true, gpe: true, dstport: 4792, learning: false",
	  "link add vx3 type vxlan external gpe dstport 4792 nolearning\n", NULL, NULL },

	{ "bridge", "br2", "kind: bridge, ageing_time: 1000",
	  "link add br2 type bridge ageing_time 1000\n",
	  "kind: bridge, ageing_time: 2000, up: true",
	  "link set br2 up type bridge ageing_time 2000\n" },
	{ "bridge", "br0", "kind: bridge, forward_delay: 200, hello_time: 100, max_age: 700, "
	  "ageing_time: 60000, stp_state: false, priority: 4096, group_fwd_mask: 8, "
	  "group_address: '01:80:c2:00:00:05', no_linklocal_learn: true, mcast_snooping: true, "
	  "mcast_router: 2, mcast_query_use_ifaddr: true, mcast_querier: true, mcast_hash_max: "
	  "512, "
	  "mcast_last_member_count: 3, mcast_startup_query_count: 4, "
	  "mcast_last_member_interval: 200, mcast_membership_interval: 30000, "
	  "mcast_querier_interval: 30000, mcast_query_interval: 20000, "
	  "mcast_query_response_interval: 2000, mcast_startup_query_interval: 5000, "
	  "mcast_stats_enabled: true, mcast_igmp_version: 3, mcast_mld_version: 2",
	  "link add br0 type bridge forward_delay 200 hello_time 100 max_age 700 "
	  "ageing_time 60000 stp_state 0 priority 4096 group_fwd_mask 8 "
	  "group_address 01:80:c2:00:00:05 no_linklocal_learn 1 mcast_snooping 1 mcast_router 2 "
	  "mcast_query_use_ifaddr 1 mcast_querier 1 mcast_hash_max 512 mcast_last_member_count 3 "
	  "mcast_startup_query_count 4 mcast_last_member_interval 200 "
	  "mcast_membership_interval 30000 mcast_querier_interval 30000 mcast_query_interval 20000 "
	  "mcast_query_response_interval 2000 mcast_startup_query_interval 5000 "
	  "mcast_stats_enabled 1 mcast_igmp_version 3 mcast_mld_version 2\n",
	  "kind: bridge, forward_delay: 400, hello_time: 200, max_age: 800, ageing_time: 0, "
	  "priority: 8192, group_fwd_mask: 0x10, no_linklocal_learn: false, mcast_snooping: false, "
	  "mcast_router: 0, mcast_query_use_ifaddr: false, mcast_querier: false, "
	  "mcast_last_member_count: 2, mcast_stats_enabled: false, mcast_igmp_version: 2, "
	  "mcast_mld_version: 1",
	  "link set br0 type bridge forward_delay 400 hello_time 200 max_age 800 ageing_time 0 "
	  "priority 8192 group_fwd_mask 0x10 no_linklocal_learn 0 mcast_snooping 0 mcast_router 0 "
	  "mcast_query_use_ifaddr 0 mcast_querier 0 mcast_last_member_count 2 "
	  "mcast_stats_enabled 0 mcast_igmp_version 2 mcast_mld_version 1\n" },
	{ "bridge", "d8", "master: br0, up: true, bridge_slave: {priority: 9, cost: 7, guard: "
	  "true, "
	  "hairpin: true, fastleave: true, root_block: true, learning: false, flood: false, "
	  "mcast_flood: false, bcast_flood: false, mcast_to_unicast: true, mcast_router: 2, "
	  "proxy_arp: true, proxy_arp_wifi: true, neigh_suppress: true, group_fwd_mask: 8, "
	  "vlan_tunnel: true, isolated: true, locked: true, backup_port: d9}",
	  "link set d8 master br0 up\nlink set d9 master br0\n"
	  "link set d8 type bridge_slave priority 9 cost 7 guard on hairpin on fastleave on "
	  "root_block on learning off flood off mcast_flood off bcast_flood off "
	  "mcast_to_unicast on mcast_router 2 proxy_arp on proxy_arp_wifi on neigh_suppress on "
	  "group_fwd_mask 8 vlan_tunnel on isolated on locked on backup_port d9\n",
	  "master: br0, up: true, bridge_slave: {priority: 10, cost: 8, guard: false, "
	  "hairpin: false, fastleave: false, root_block: false, learning: true, flood: true, "
	  "mcast_flood: true, bcast_flood: true, mcast_to_unicast: false, mcast_router: 1, "
	  "proxy_arp: false, proxy_arp_wifi: false, neigh_suppress: false, group_fwd_mask: 0, "
	  "vlan_tunnel: false, isolated: false, locked: false, backup_port: none}",
	  "link set d8 type bridge_slave priority 10 cost 8 guard off hairpin off fastleave off "
	  "root_block off learning on flood on mcast_flood on bcast_flood on "
	  "mcast_to_unicast off mcast_router 1 proxy_arp off proxy_arp_wifi off "
	  "neigh_suppress off group_fwd_mask 0 vlan_tunnel off isolated off locked off "
	  "nobackup_port\n" },
	{ "bridge", "d9", "master: br0", "", NULL, NULL },
	{ "bridge", "br1", "kind: bridge, vlan_filtering: true, vlan_protocol: 802.1ad, "
	  "vlan_default_pvid: 7, vlan_stats_enabled: true, vlan_stats_per_port: true, "
	  "mcast_vlan_snooping: true, nf_call_iptables: true, nf_call_ip6tables: true, "
	  "nf_call_arptables: true",
	  "link add br1 type bridge vlan_filtering 1 vlan_protocol 802.1ad vlan_default_pvid 7 "
	  "vlan_stats_enabled 1 vlan_stats_per_port 1 mcast_vlan_snooping 1 nf_call_iptables 1 "
	  "nf_call_ip6tables 1 nf_call_arptables 1\n",
	  "kind: bridge, vlan_filtering: true, vlan_protocol: 802.1Q, vlan_default_pvid: 0, "
	  "vlan_stats_enabled: false, mcast_vlan_snooping: false, nf_call_iptables: false, "
	  "nf_call_ip6tables: false, nf_call_arptables: false",
	  "link set br1 type bridge vlan_protocol 802.1Q vlan_default_pvid 0 "
	  "vlan_stats_enabled 0 mcast_vlan_snooping 0 nf_call_iptables 0 nf_call_ip6tables 0 "
	  "nf_call_arptables 0\n" },

	{ "bond", "bo0", "kind: bond, mode: 802.3ad, miimon: 100, updelay: 200, downdelay: 300, "
	  "peer_notify_delay: 100, use_carrier: true, xmit_hash_policy: layer3+4, "
	  "lacp_rate: fast, lacp_active: false, ad_select: count, ad_actor_sys_prio: 7, "
	  "ad_user_port_key: 9, ad_actor_system: '02:00:00:00:00:77', min_links: 1, "
	  "resend_igmp: 3, num_grat_arp: 4, all_slaves_active: true",
	  "link add bo0 type bond mode 802.3ad miimon 100 updelay 200 downdelay 300 "
	  "peer_notify_delay 100 use_carrier 1 xmit_hash_policy layer3+4 lacp_rate fast "
	  "lacp_active off ad_select count ad_actor_sys_prio 7 ad_user_port_key 9 "
	  "ad_actor_system 02:00:00:00:00:77 min_links 1 resend_igmp 3 num_grat_arp 4 "
	  "all_slaves_active 1\n",
	  "kind: bond, mode: 802.3ad, miimon: 50, updelay: 400, downdelay: 300, "
	  "peer_notify_delay: 50, xmit_hash_policy: vlan+srcmac, lacp_rate: slow, "
	  "lacp_active: true, ad_select: bandwidth, ad_actor_sys_prio: 8, ad_user_port_key: 10, "
	  "ad_actor_system: '02:00:00:00:00:78', min_links: 2, resend_igmp: 0, num_unsol_na: 5, "
	  "all_slaves_active: false",
	  "link set bo0 type bond miimon 50 updelay 400 downdelay 300 peer_notify_delay 50 "
	  "xmit_hash_policy vlan+srcmac lacp_rate slow lacp_active on ad_select bandwidth "
	  "ad_actor_sys_prio 8 ad_user_port_key 10 ad_actor_system 02:00:00:00:00:78 min_links 2 "
	  "resend_igmp 0 num_grat_arp 5 all_slaves_active 0\n" },
	{ "bond", "bo1", "kind: bond, mode: active-backup, arp_interval: 500, "
	  "arp_ip_target: [10.0.0.1, 10.0.0.2], ns_ip6_target: ['fd00::1'], arp_validate: all, "
	  "arp_all_targets: all, arp_missed_max: 5, primary_reselect: failure, "
	  "fail_over_mac: active",
	  "link add bo1 type bond mode active-backup arp_interval 500 arp_ip_target "
	  "10.0.0.1,10.0.0.2 ns_ip6_target fd00::1 arp_validate all arp_all_targets all "
	  "arp_missed_max 5 primary_reselect failure fail_over_mac active\n",
	  "kind: bond, mode: active-backup, arp_interval: 600, arp_ip_target: [10.0.0.3], "
	  "ns_ip6_target: ['fd00::2', 'fd00::3'], arp_validate: filter, arp_all_targets: any, "
	  "arp_missed_max: 4, primary_reselect: better, fail_over_mac: none",
	  "link set bo1 type bond arp_interval 600 arp_ip_target 10.0.0.3 ns_ip6_target "
	  "fd00::2,fd00::3 arp_validate filter arp_all_targets any arp_missed_max 4 "
	  "primary_reselect better fail_over_mac none\n" },
	{ "bond", "bo2", "kind: bond, mode: balance-alb, tlb_dynamic_lb: false, lp_interval: 5",
	  "link add bo2 type bond mode balance-alb tlb_dynamic_lb 0 lp_interval 5\n",
	  "kind: bond, mode: balance-alb, tlb_dynamic_lb: true, lp_interval: 6",
	  "link set bo2 type bond tlb_dynamic_lb 1 lp_interval 6\n" },
	{ "bond", "bo3", "kind: bond, mode: balance-rr, packets_per_slave: 0",
	  "link add bo3 type bond mode balance-rr packets_per_slave 0\n",
	  "kind: bond, mode: balance-rr, packets_per_slave: 7",
	  "link set bo3 type bond packets_per_slave 7\n" },
	{ "bond", "bo5", "kind: bond, mode: balance-xor, miimon: 50, xmit_hash_policy: encap2+3",
	  "link add bo5 type bond mode balance-xor miimon 50 xmit_hash_policy encap2+3\n",
	  "kind: bond, mode: broadcast, miimon: 50",
	  "link set bo5 type bond mode broadcast\n" },
	{ "bond", "bo4", "kind: bond, mode: active-backup, miimon: 100, up: true, primary: d6, "
	  "active_slave: d6",
	  "link add bo4 up type bond mode active-backup miimon 100\n",
	  "kind: bond, mode: active-backup, miimon: 100, up: true, primary: d7, active_slave: d7",
	  "link set bo4 type bond primary d7 active_slave d7\n" },
	{ "bond", "d6", "master: bo4, bond_slave: {queue_id: 5, prio: -7}",
	  "link set d6 master bo4\nlink set d6 type bond_slave queue_id 5 prio -7\n",
	  "master: bo4, bond_slave: {queue_id: 6, prio: 2147483647}",
	  "link set d6 type bond_slave queue_id 6 prio 2147483647\n" },
	{ "bond", "d7", "master: bo4",
	  "link set d7 master bo4\nlink set bo4 type bond primary d6 active_slave d6\n",
	  NULL, NULL },
};

#define KIND_ROWS	(sizeof(kind_rows) / sizeof(kind_rows[0]))

/* Devices for the rows: d0 up and with addresses, so that tunnels find a way. */
static const char kind_before[] =
	"link add d0 address 02:00:00:00:0d:00 type veth peer name d0p\n"
	"link add d1 address 02:00:00:00:0d:01 type veth peer name d1p\n"
	"link add d2 address 02:00:00:00:0d:02 type veth peer name d2p\n"
	"link add d3 address 02:00:00:00:0d:03 type veth peer name d3p\n"
	"link add d4 address 02:00:00:00:0d:04 type veth peer name d4p\n"
	"link add d5 address 02:00:00:00:0d:05 type veth peer name d5p\n"
	"link add d6 address 02:00:00:00:0d:06 type veth peer name d6p\n"
	"link add d7 address 02:00:00:00:0d:07 type veth peer name d7p\n"
	"link add d8 address 02:00:00:00:0d:08 type veth peer name d8p\n"
	"link add d9 address 02:00:00:00:0d:09 type veth peer name d9p\n"
	"link set d0 up\nlink set d0p up\nlink set d6p up\nlink set d7p up\n"
	"addr add 10.0.0.1/16 dev d0\n";

#endif
