// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Topology files: what is refused, where and in which words; order; truncation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "topo/model.h"

#define HEAD "penstock: 1\n"
#define ADDR HEAD "links:\n  - {name: d0, kind: dummy, addresses: ["

/* want: "LINE:COLUMN: OBJECT: TEXT"; " | HINT" is compared where it is given. */
static const struct {
	const char *text, *want;
} bad[] = {
	{ "",
	  "1:1: penstock: the version of the file is missing | begin the file with: penstock: 1" },
	{ "penstock: 2\n", "1:11: penstock: the version of the file must be 1" },
	{ "- a\n", "1:1: the file: must be a map, not a list" },
	{ HEAD "linkz: []\n", "2:1: : unknown key \"linkz\" | did you mean \"links\"?" },
	{ HEAD "cellars: []\n",
	  "2:1: : unknown key \"cellars\" | known here: penstock, namespaces, links, ports, "
	  "..." },
	{ HEAD "links: []\nlinks: []\n", "3:1: links: is given twice" },
	{ HEAD "links: &a []\n", "2:8: : anchors (&name) are not supported: write it out" },
	{ HEAD "links: *a\n", "2:8: : aliases (*name) are not supported: write it out" },
	{ HEAD "links: !!seq []\n", "2:8: : tags (!name) are not supported" },
	{ HEAD "---\npenstock: 1\n", "2:1: : a second document: one file is one topology" },
	{ HEAD "links: [\n",
	  "3:1: : not YAML: while parsing a flow node, did not find expected node content" },
	{ HEAD "? [a]\n: b\n", "2:3: : a key must be a plain text" },
	{ HEAD "links: {}\n", "2:8: : links must be a list, not a map" },
	{ HEAD "links: [[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]\n",
	  "2:23: : nested deeper than 16 levels" },
	{ HEAD "namespaces: [a, {name: a}]\n", "2:17: a: is given twice, first in line 2" },
	{ HEAD "namespaces: [a/b]\n", "2:14: a/b: is not a name for a network namespace: 1 to 255 "
	  "characters without blanks and /" },
	{ HEAD "links:\n  - {kind: dummy}\n", "3:5: links: name is required" },
	{ HEAD "links:\n  - {name: d0, kind: dumy}\n",
	  "3:22: d0: kind \"dumy\" is unknown | did you mean \"dummy\"?" },
	{ HEAD "links:\n  - {name: abcdefghijklmnop, kind: dummy}\n",
	  "3:12: abcdefghijklmnop: the name is too long: 16 characters, at most 15" },
	{ HEAD "links:\n  - {name: a%d, kind: dummy}\n",
	  "3:12: a%d: is not a name for a device: 1 to 15 characters without blanks, /, : and %" },
	{ HEAD "links:\n  - name: d0\n    kind: dummy\n    mtv: 1500\n",
	  "5:5: d0: unknown key \"mtv\" | did you mean \"mtu\"?" },
	{ HEAD "links:\n  - {name: d0, kind: dummy, mtu: 15}\n",
	  "3:34: d0: mtu: \"15\" is out of range: must be 16..65536 bytes" },
	{ HEAD "links:\n  - {name: d0, kind: dummy, mtu: big}\n",
	  "3:34: d0: mtu: \"big\" must be 16..65536 bytes" },
	{ HEAD "links:\n  - {name: d0, kind: dummy, up: maybe}\n",
	  "3:33: d0: up: \"maybe\" must be true or false" },
	{ HEAD "links:\n  - {name: d0, kind: dummy, up: [true]}\n",
	  "3:33: d0: up must be true or false, not a list" },
	{ HEAD "links:\n  - {name: d0, kind: dummy, address: 1:2}\n",
	  "3:38: d0: address: \"1:2\" must be a MAC address such as 02:00:5e:10:00:01" },
	{ HEAD "links:\n  - {name: d0, kind: dummy, addresses: [192.0.2.1]}\n",
	  "3:41: d0: addresses: \"192.0.2.1\" must be an IPv4 or IPv6 address with a "
	  "prefix length, such as 192.0.2.1/24" },
	{ HEAD "links:\n  - {name: d0, kind: dummy, addresses: [192.0.2.1/33]}\n",
	  "3:41: d0: addresses: \"192.0.2.1/33\" must be an IPv4 or IPv6 address with a "
	  "prefix length, such as 192.0.2.1/24" },
	{ ADDR "{peer: 192.0.2.2}]}\n", "3:41: d0: addresses: address is required" },
	{ ADDR "{address: 192.0.2.1}]}\n",
	  "3:51: d0: addresses: \"192.0.2.1\" must be an IPv4 or IPv6 address with a "
	  "prefix length, such as 192.0.2.1/24" },
	{ ADDR "{address: [192.0.2.1/24]}]}\n", "3:51: d0: address must be a text, not a list" },
	{ ADDR "{address: 192.0.2.1/24, scop: link}]}\n",
	  "3:65: d0: unknown key \"scop\" | did you mean \"scope\"?" },
	{ ADDR "{address: 192.0.2.1/24, scope: near}]}\n",
	  "3:72: d0: scope: \"near\" must be global, site, link, host, nowhere, or 0..255" },
	{ ADDR "{address: 192.0.2.1/24, scope: 256}]}\n",
	  "3:72: d0: scope: \"256\" is out of range: must be global, site, link, host, "
	  "nowhere, or 0..255" },
	{ ADDR "{address: '2001:db8::1/64', scope: link}]}\n",
	  "3:76: d0: scope: is for IPv4 only" },
	{ ADDR "{address: '2001:db8::1/64', broadcast: +}]}\n",
	  "3:80: d0: broadcast: \"+\" must be an IPv4 address, or any" },
	{ ADDR "{address: 192.0.2.1/24, nodad: true}]}\n", "3:72: d0: nodad: is for IPv6 only" },
	{ ADDR "{address: 192.0.2.1/24, peer: '2001:db8::2'}]}\n",
	  "3:71: d0: peer: must be an IPv4 address, as address is" },
	{ ADDR "{address: 192.0.2.1/24, peer: any}]}\n",
	  "3:71: d0: peer: must be an IPv4 address, as address is" },
	{ ADDR "{address: 192.0.2.1/24, label: 'd0:1234567890123'}]}\n",
	  "3:72: d0: label: must be text of 1 to 15 bytes" },
	{ ADDR "{address: 192.0.2.1/24, valid_lft: 0}]}\n",
	  "3:76: d0: valid_lft: \"0\" is out of range: must be forever, or 1..4294967294 "
	  "seconds" },
	{ ADDR "{address: 192.0.2.1/24, valid_lft: 9, preferred_lft: forever}]}\n",
	  "3:94: d0: preferred_lft: must not be longer than valid_lft" },
	{ ADDR "{address: 192.0.2.1/24, preferred_lft: 9}]}\n",
	  "3:80: d0: preferred_lft: must be 0 or forever, as valid_lft is forever" },
	{ ADDR "{address: 192.0.2.1/24, metric: -1}]}\n",
	  "3:73: d0: metric: \"-1\" must be 0..4294967295" },
	{ ADDR "{address: 192.0.2.1/24, metric: 1, priority: 2}]}\n",
	  "3:76: d0: priority: is the same as metric, given in line 3" },
	{ ADDR "{address: 192.0.2.1/24, home: true}]}\n", "3:71: d0: home: is for IPv6 only" },
	{ ADDR "192.0.2.1/24, {address: 192.0.2.1/24}]}\n",
	  "3:65: d0: addresses: \"192.0.2.1/24\" is given twice, first in line 3" },
	{ HEAD "links:\n  - {name: d0, kind: dummy}\n  - {name: d0, kind: bridge}\n",
	  "4:5: d0: is given twice, first in line 3" },
	{ HEAD "links:\n  - {name: m0, kind: macvlan}\n",
	  "3:5: m0: link, the lower device, is required for kind macvlan" },
	{ HEAD "links:\n  - {name: m0, kind: macvlan, link: eth0, mode: x}\n",
	  "3:49: m0: mode: \"x\" must be private, vepa, bridge, passthru, source" },
	{ HEAD "links:\n  - {name: v0, kind: veth}\n",
	  "3:5: v0: peer, the other end, is required for kind veth" },
	{ HEAD "links:\n  - {name: v0, kind: veth, peer: {kind: veth, name: v1}}\n",
	  "3:35: v1: unknown key \"kind\"" },
	{ HEAD "links:\n  - {name: v0, kind: veth, peer: {name: v0}}\n",
	  "3:5: v0: is given twice, first in line 3" },
	{ HEAD "links:\n  - {name: vx, kind: vxlan}\n",
	  "3:5: vx: id is required (0..16777215), unless external" },
	{ HEAD "links:\n  - {name: vx, kind: vxlan, id: 5, external: true}\n",
	  "3:33: vx: id: cannot be set together with external" },
	{ HEAD "links:\n  - {name: vx, kind: vxlan, id: 16777216}\n",
	  "3:33: vx: id: \"16777216\" is out of range: must be 0..16777215" },
	{ HEAD "links:\n  - {name: vx, kind: vxlan, id: 5, vni: 5}\n",
	  "3:36: vx: vni: is the same as id, given in line 3" },
	{ HEAD "links:\n  - {name: vx, kind: vxlan, id: 5, local: 10.0.0.1, remote: 2001:db8::1}\n",
	  "3:61: vx: remote: must be of the same family as local (IPv4 or IPv6)" },
	{ HEAD "links:\n  - {name: vx, kind: vxlan, id: 5, local: 10.0.0}\n",
	  "3:43: vx: local: \"10.0.0\" must be an IPv4 or IPv6 address, or any" },
	{ HEAD "links:\n  - {name: vx, kind: vxlan, id: 5, srcport: [9, 8]}\n",
	  "3:45: vx: srcport: \"9 8\" is out of range: "
	  "must be two numbers, lowest first, of 0..65535" },
	{ HEAD "links:\n  - {name: x, kind: gre, external: true, ttl: 5}\n",
	  "3:47: x: ttl: cannot be set together with external" },
	{ HEAD "links:\n  - {name: x, kind: gre, ignore-df: true}\n",
	  "3:37: x: ignore-df: needs pmtudisc: false" },
	{ HEAD "links:\n  - {name: x, kind: gre, key: 1, ikey: 2}\n",
	  "3:34: x: ikey: is the same as ikey, given in line 3" },
	{ HEAD "links:\n  - {name: x, kind: gre, key: 1.2.3}\n",
	  "3:31: x: key: \"1.2.3\" must be 0..4294967295 or the same as four bytes such as "
	  "0.0.0.1, or none" },
	{ HEAD "links:\n  - {name: x, kind: gre, remote: 'fd00::1'}\n",
	  "3:34: x: remote: \"fd00::1\" must be an IPv4 address, or any" },
	{ HEAD "links:\n  - {name: x, kind: erspan, key: 5}\n",
	  "3:5: x: seq is required: ERSPAN numbers its packets" },
	{ HEAD "links:\n  - {name: x, kind: erspan, seq: true}\n",
	  "3:5: x: ikey is required: 0..1023, the ERSPAN session" },
	{ HEAD "links:\n  - {name: x, kind: erspan, seq: true, key: 1024}\n",
	  "3:45: x: ikey: must be 0..1023, the ERSPAN session" },
	{ HEAD "links:\n  - {name: x, kind: erspan, seq: true, key: 1, erspan_hwid: 3}\n",
	  "3:61: x: erspan_hwid: is of erspan_ver 2" },
	{ HEAD "links:\n  - {name: x, kind: ip6tnl, external: true, encaplimit: none}\n",
	  "3:57: x: encaplimit: cannot be set together with external" },
	{ HEAD "links:\n  - {name: x, kind: ipip, ttl: 5, pmtudisc: false}\n",
	  "3:45: x: pmtudisc: can be false only with ttl: inherit" },
	{ HEAD "links:\n  - {name: x, kind: sit, 6rd-relay_prefix: 10.0.0.0/8}\n",
	  "3:44: x: 6rd-relay_prefix: needs 6rd-prefix beside it" },
	{ HEAD "links:\n  - {name: x, kind: sit, 6rd-prefix: '2001:db8::/33'}\n",
	  "3:38: x: 6rd-prefix: is too long: with the 32 bits of an IPv4 address "
	  "behind it at most 64" },
	{ HEAD "links:\n  - {name: x, kind: geneve, id: 5}\n",
	  "3:5: x: remote, the other end, is required, unless external" },
	{ HEAD "links:\n  - {name: x, kind: geneve, remote: 10.0.0.1}\n",
	  "3:5: x: id is required (0..16777215), unless external" },
	{ HEAD "links:\n  - {name: x, kind: geneve, id: 5, remote: 10.0.0.1, "
	  "udp6zerocsumtx: true}\n",
	  "3:70: x: udp6zerocsumtx: needs an IPv6 remote" },
	{ HEAD "links:\n  - {name: x, kind: vxlan, id: 5, vnifilter: true}\n",
	  "3:46: x: vnifilter: needs external" },
	{ HEAD "links:\n  - {name: x, kind: vlan, link: e0}\n",
	  "3:5: x: id is required: 0..4094" },
	{ HEAD "links:\n  - {name: x, kind: vlan, link: e0, id: 4095}\n",
	  "3:41: x: id: \"4095\" is out of range: must be 0..4094" },
	{ HEAD "links:\n  - {name: x, kind: vlan, id: 5}\n",
	  "3:5: x: link, the lower device, is required for kind vlan" },
	{ HEAD "links:\n  - {name: x, kind: vlan, link: e0, id: 5, egress-qos-map: '1:8'}\n",
	  "3:60: x: egress-qos-map: \"1:8\" is out of range: must be a list of "
	  "NUMBER:PRIORITY such as 4:1, PRIORITY of 0..7, each once" },
	{ HEAD "links:\n  - {name: x, kind: macvlan, link: e0, macaddr: []}\n",
	  "3:49: x: macaddr: needs mode: source" },
	{ HEAD "links:\n  - {name: x, kind: macvlan, link: e0, flag: nopromisc}\n",
	  "3:46: x: flag: nopromisc needs mode: passthru" },
	{ HEAD "links:\n  - {name: x, kind: vrf}\n",
	  "3:5: x: table is required: default, main, local, or 1..4294967295" },
	{ HEAD "links:\n  - {name: x, kind: bond, miimon: 100, arp_interval: 5}\n",
	  "3:54: x: arp_interval: cannot be set together with miimon" },
	{ HEAD "links:\n  - {name: x, kind: bond, updelay: 5}\n",
	  "3:36: x: updelay: needs miimon, of which it must be a multiple" },
	{ HEAD "links:\n  - {name: x, kind: bond, miimon: 100, updelay: 150}\n",
	  "3:49: x: updelay: must be a multiple of miimon, 100 ms" },
	{ HEAD "links:\n  - {name: x, kind: bond, ad_actor_system: '01:00:00:00:00:01'}\n",
	  "3:44: x: ad_actor_system: must not be a multicast address" },
	{ HEAD "links:\n  - {name: x, bond_slave: {prio: 2147483648}}\n",
	  "3:34: x: prio: \"2147483648\" is out of range: must be "
	  "-2147483648..2147483647" },
	{ HEAD "links:\n  - {name: d0, kind: dummy, bridge_slave: {isolatd: true}}\n",
	  "3:44: d0: unknown key \"isolatd\" | did you mean \"isolated\"?" },
	{ HEAD "links:\n  - {name: x, kind: team, bpf_hash_func: '1,6 0 0 1'}\n",
	  "3:27: x: bpf_hash_func is a program, which no file holds: teamd or teamnl sets it" },
	{ HEAD "links:\n  - {name: x, carrier: true}\n",
	  "3:15: x: carrier is a state that few drivers let be set, not configuration" },
	{ HEAD "links:\n  - {name: x, bridge_slave: {nobackup_port: true}}\n",
	  "3:30: x: nobackup_port is said as backup_port: none" },
	{ HEAD "vfs:\n  - {dev: x, vf: 0, node_guid: 1}\n",
	  "3:21: vfs: node_guid is of InfiniBand devices, which no test here has" },
	{ HEAD "links:\n  - {name: eth0, id: 7}\n",
	  "3:18: eth0: unknown key \"id\"" },
	{ HEAD "links:\n  - {name: a, kind: bridge, master: b}\n"
	  "  - {name: b, kind: bridge, master: a}\n",
	  "4:37: b: master a: makes a circle, as a itself needs b" },
	{ HEAD "links:\n  - {name: a, kind: bridge, master: a}\n",
	  "3:37: a: master a: makes a circle, as a itself needs a" },
	{ HEAD "ports: [{hook: xdp}]\n", "2:9: ports: dev is required" },
	{ HEAD "ports: [{dev: e0, hook: xpd}]\n",
	  "2:25: hook: \"xpd\" is unknown: must be auto, xdp or tc" },
	{ HEAD "ports: [{dev: e0, checksum: none}]\n",
	  "2:29: checksum: \"none\" is unknown: must be full, inner or pass" },
	{ HEAD "ports: [{dev: e0, peers: all}]\n",
	  "2:26: peers: \"all\" must be any, known, or a list of prefixes such as "
	  "[10.0.0.0/24, fd00::/64]" },
	{ HEAD "ports: [{dev: e0, peers: listed}]\n",
	  "2:26: peers: \"listed\" must be any, known, or a list of prefixes such as "
	  "[10.0.0.0/24, fd00::/64]" },
	{ HEAD "ports: [{dev: e0, peers: {any: true}}]\n",
	  "2:26: peers: peers must be a text, not a map" },
	{ HEAD "ports: [{dev: e0, peers: []}]\n",
	  "2:26: peers: the list is empty: must have prefixes, or be any or known" },
	{ HEAD "ports: [{dev: e0, peers: [10.0.0.0/24, any]}]\n",
	  "2:40: peers: \"any\" stands alone: beside prefixes there are only prefixes" },
	{ HEAD "ports: [{dev: e0, peers: [known]}]\n",
	  "2:27: peers: \"known\" stands alone: beside prefixes there are only prefixes" },
	{ HEAD "ports: [{dev: e0, peers: [10.0.0.0/33]}]\n",
	  "2:27: peers: \"10.0.0.0/33\" must have a prefix length of 0 to 32" },
	{ HEAD "ports: [{dev: e0, peers: [10.0.0/24]}]\n",
	  "2:27: peers: \"10.0.0/24\" must be an IP prefix such as 10.0.0.0/24 or fd00::/64" },
	{ HEAD "ports: [{dev: e0, peers: ['fd00::1/64']}]\n",
	  "2:27: peers: \"fd00::1/64\" has bits set behind the prefix: must be fd00::/64" },
	{ HEAD "ports:\n  - dev: e0\n    peers: [10.0.0.0/24,\n            10.0.0.0/24]\n",
	  "5:13: peers: \"10.0.0.0/24\" is given twice" },
	{ HEAD "ports: [{dev: e0, peers: [[10.0.0.0/24]]}]\n",
	  "2:27: peers: must be a text, not a list" },
	{ HEAD "ports: [{dev: e0, strict: maybe}]\n",
	  "2:27: strict: \"maybe\" is unknown: must be false or true" },
	{ HEAD "ports: [{dev: e0, nesting: 0}]\n",
	  "2:28: nesting: \"0\" must be a number of tunnels, 1 to 4" },
	{ HEAD "ports: [{dev: e0, nesting: deep}]\n",
	  "2:28: nesting: \"deep\" must be a number of tunnels, 1 to 4" },
	{ HEAD "ports: [{dev: e0, peer: any}]\n",
	  "2:19: ports: unknown key \"peer\" | did you mean \"peers\"?" },
	{ HEAD "ports: [{dev: e0}, {dev: e0}]\n", "2:20: e0: is given twice, first in line 2" },
};

static void refused(const char *text, const char *want)
{
	struct pn_err err = { 0 };
	struct pn_topo *topo;
	char got[1024];
	int rc = pn_topo_parse("t.yaml", text, strlen(text), &topo, &err);

	tap_case("refused: %s", want);
	tap_true(rc < 0, "an error");
	tap_eq(err.code, PN_EXIT_USAGE, "exit status");
	snprintf(got, sizeof(got), "%u:%u: %s: %s%s%s", err.line, err.column, err.object,
		 err.text, err.hint[0] ? " | " : "", err.hint);
	if (!strstr(want, " | "))
		*strstr(strcat(got, " | "), " | ") = 0;
	/* A list of all kinds is longer each time that there is another one. */
	if (strlen(want) > 3 && !strcmp(want + strlen(want) - 3, "..."))
		strcpy(got + strlen(want) - 3, "...");
	tap_str(got, want, "sentence");
	tap_str(err.file, "t.yaml", "file");
	tap_end();
	pn_topo_free(topo);
}

static const char good[] =
	HEAD
	"namespaces: [web, {name: db}]\n"
	"links:\n"
	"  - {name: vx100, kind: vxlan, id: 100, local: 10.0.0.1, dev: up0, master: br0,\n"
	"     up: yes}\n"
	"  - name: web0\n"
	"    kind: veth\n"
	"    master: br0\n"
	"    bridge_slave: {isolated: true, state: forwarding}\n"
	"    peer: {name: eth0, netns: web, up: true,\n"
	"           addresses: [192.0.2.2/24, '2001:db8::2/64']}\n"
	"  - {name: eth0, mtu: 9000}\n"
	"  - {name: up0, kind: macvlan, link: eth0, mode: bridge}\n"
	"  - {name: br0, kind: bridge, vlan_filtering: on, up: true}\n"
	"ports:\n"
	"  - {dev: eth0, hook: xdp, mode: native, checksum: inner, shared: true,\n"
	"     ignore: [netfilter, tap]}\n"
	"  - {dev: web0}\n";

static void accepted(void)
{
	static const char *const order[] = { "br0", "eth0", "up0", "vx100", "web0", "web/eth0" };
	const struct pn_port_conf *ports;
	struct pn_err err = { 0 };
	struct pn_topo *topo;
	struct pn_topo_link *link;
	unsigned int i, n;

	tap_case("a good file: order, values, ports");
	if (!tap_sys(pn_topo_parse("t.yaml", good, strlen(good), &topo, &err), err.text))
		goto out;
	tap_eq(topo->n_netns, 2, "namespaces");
	if (!tap_eq(topo->n_links, 6, "links"))
		goto out;
	for (i = 0; i < 6; i++)
		tap_str(topo->order[i]->id, order[i], "place in the order");
	link = pn_topo_link_find(topo, NULL, "vx100");
	tap_eq(pn_kind_value(&link->kind->data, link->data, "dstport")->num, 4789, "dstport");
	tap_eq(pn_kind_value(&pn_common_rows, link->common, "up")->num, 1, "up");
	link = pn_topo_link_find(topo, "web", "eth0");
	tap_eq(link->n_addr, 2, "addresses of the peer");
	tap_eq(link->addr[1].prefixlen, 64, "prefix length");
	tap_true(link->is_peer && !strcmp(link->peer->name, "web0"), "joined");
	tap_true(link->peer->slave, "port options");
	ports = pn_topo_ports(topo, &n);
	tap_eq(n, 2, "ports");
	tap_str(ports[0].dev, "eth0", "dev");
	tap_eq(ports[0].hook, PN_HOOK_XDP, "hook");
	tap_eq(ports[0].mode, PN_MODE_NATIVE, "mode");
	tap_eq(ports[0].checksum, PN_CSUM_INNER, "checksum");
	tap_eq(ports[0].ignore, PN_GATE_NETFILTER | PN_GATE_TAP, "ignore");
	tap_true(ports[0].shared && !ports[1].shared, "shared");
	tap_eq(ports[1].line, 18, "line");
	tap_eq(ports[1].checksum, PN_CSUM_FULL, "default checksum");
out:
	tap_end();
	pn_topo_free(topo);
}

/* Every truncation, and every byte exchanged for two others: an error has a text. */
static void mutated(void)
{
	static const char bytes[] = "\0{}[]:-&*!\n\t\"'#%,\xff";
	char *copy = malloc(sizeof(good));
	struct pn_topo *topo;
	unsigned int silent = 0;
	size_t i, b;

	tap_case("truncated and mutated files");
	for (i = 0; copy && i < sizeof(good) - 1; i++) {
		for (b = 0; b < 3; b++) {
			struct pn_err err = { 0 };

			memcpy(copy, good, sizeof(good));
			copy[i] = bytes[(i * 2 + b) % sizeof(bytes)];
			if (pn_topo_parse("t", copy, b ? sizeof(good) - 1 : i, &topo, &err))
				silent += !err.text[0];
			pn_topo_free(topo);
		}
	}
	tap_eq(silent, 0, "errors without a text");
	tap_end();
	free(copy);
}

/* Limits: at them, and one beyond. */
static void limits(void)
{
	struct pn_err err = { 0 };
	struct pn_topo *topo;
	char *text = NULL;
	size_t len;
	unsigned int n, i;
	FILE *f;

	for (n = PN_YAML_KEYS_MAX; n <= PN_YAML_KEYS_MAX + 1; n++) {
		f = open_memstream(&text, &len);
		for (i = 0; f && i < n; i++)
			fprintf(f, "k%u: 1\n", i);
		if (!f || fclose(f))
			tap_bail("out of memory");
		memset(&err, 0, sizeof(err));
		tap_case("%u keys in a map", n);
		tap_true(pn_topo_parse("t", text, len, &topo, &err) < 0, "refused");
		tap_true(!!strstr(err.text, "more than 1024 keys") == (n > PN_YAML_KEYS_MAX),
			 err.text);
		tap_end();
		free(text);
	}
}

int main(void)
{
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused(bad[i].text, bad[i].want);
	accepted();
	mutated();
	limits();
	return tap_done();
}
