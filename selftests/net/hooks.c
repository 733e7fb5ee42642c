// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Kinds that rtnetlink does not make alone: made from a file, seen by ip(8),
 * changed, failed at every step, made by ip(8) and planned to no change,
 * deleted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "applied.h"
#include "command.h"
#include "netns.h"
#include "nl/netns.h"
#include "state.h"
#include "tap.h"

#define HEAD "penstock: 1\nnamespaces: [pnt-web]\nlinks:\n"

#define KEY "00112233445566778899aabbccddeeff"

static struct netns own;
static const char *const spaces[] = { NULL, "pnt-web" };

struct sight {
	const char *command;	/* of a shell */
	const char *want;	/* stands in what it prints */
};

static const struct world {
	const char *what;
	const char *probe;	/* `ip -batch` that fails where the kernel has it not */
	const char *links;
	struct sight seen[4];
	const char *changed;	/* the links, changed where the kernel allows it */
	struct sight seen_changed[4];
	const char *by_ip;	/* `ip -batch` that makes the first links; or NULL */
} worlds[] = {
	{ "tun", "tuntap add pnt0 mode tun\nlink del pnt0\n",
	  "  - {name: tn0, kind: tun, user: 12345, user_group: 54321, pi: true, mtu: 1400,\n"
	  "     up: true, addresses: [192.0.2.1/24]}\n"
	  "  - {name: tn1, kind: tun, netns: pnt-web, txqueuelen: 7}\n",
	  { { "ip -d link show tn0", "tun type tun pi on vnet_hdr off persist on" },
	    { "ip -d link show tn0", "user 12345 group 54321" },
	    { "ip -n pnt-web -d link show tn1", "qlen 7" } },
	  "  - {name: tn0, kind: tun, user: 12345, user_group: 54321, pi: true, mtu: 1300,\n"
	  "     addresses: [192.0.2.2/24]}\n",
	  { { "ip addr show tn0", "mtu 1300" }, { "ip addr show tn0", "192.0.2.2/24" } },
	  "tuntap add tn0 mode tun user 12345 group 54321 pi\nlink set tn0 mtu 1400 up\n"
	  "addr add 192.0.2.1/24 dev tn0\n" },
	{ "tap", "tuntap add pnt0 mode tap\nlink del pnt0\n",
	  "  - {name: tp0, kind: tap, vnet_hdr: true, multi_queue: true, up: true,\n"
	  "     address: '02:00:00:00:00:01', group: 3}\n"
	  "  - {name: tp1, kind: tap, netns: pnt-web, persist: true}\n",
	  { { "ip -d link show tp0", "tun type tap pi off vnet_hdr on multi_queue" },
	    { "ip -d link show tp0", "link/ether 02:00:00:00:00:01" } },
	  "  - {name: tp0, kind: tap, vnet_hdr: true, multi_queue: true, alias: port,\n"
	  "     address: '02:00:00:00:00:02'}\n",
	  { { "ip -d link show tp0", "link/ether 02:00:00:00:00:02" },
	    { "ip -d link show tp0", "alias port" } },
	  "tuntap add tp0 mode tap multi_queue vnet_hdr\n"
	  "link set tp0 address 02:00:00:00:00:01 group 3 up\n" },
	{ "netkit", "link add pnt0 type netkit\nlink del pnt0\n",
	  "  - {name: nk0, kind: netkit, mode: l2, peer_policy: blackhole, up: true,\n"
	  "     peer: {name: nk1, netns: pnt-web, address: '02:00:00:00:00:09'}}\n",
	  { { "ip -d link show nk0", "netkit" },
	    { "ip -n pnt-web link show nk1", "link/ether 02:00:00:00:00:09" } },
	  "  - {name: nk0, kind: netkit, mode: l2, policy: blackhole, mtu: 1300,\n"
	  "     peer_policy: forward, peer: {name: nk1, netns: pnt-web, up: true}}\n",
	  { { "ip link show nk0", "mtu 1300" } }, NULL },
	{ "vxcan", "link add pnt0 type vxcan\nlink del pnt0\n",
	  "  - {name: vc0, kind: vxcan, up: true, peer: {name: vc1, netns: pnt-web}}\n",
	  { { "ip -d link show vc0", "link/can" }, { "ip -d link show vc0", "vxcan" },
	    { "ip -n pnt-web link show vc1", "DOWN" } },
	  "  - {name: vc0, kind: vxcan, peer: {name: vc1, netns: pnt-web, up: true}}\n",
	  { { "ip -n pnt-web link show vc1", "UP" } },
	  "link add vc0 type vxcan peer name vc1 netns pnt-web\nlink set vc0 up\n" },
	{ "team", "link add pnt0 type team\nlink del pnt0\n",
	  "  - {name: te0, kind: team, mode: activebackup, notify_peers_count: 3, up: true,\n"
	  "     activeport: v0}\n"
	  "  - {name: v0, kind: veth, master: te0, peer: {name: v1},\n"
	  "     team_slave: {priority: 10, queue_id: 2, user_linkup_enabled: true,\n"
	  "                  user_linkup: true}}\n",
	  { { "ip -d link show te0", "team" }, { "ip -d link show v0", "master te0" } },
	  "  - {name: te0, kind: team, notify_peers_count: 4, mcast_rejoin_interval: 5}\n"
	  "  - {name: v0, kind: veth, master: te0, peer: {name: v1},\n"
	  "     team_slave: {priority: 7, user_linkup: false, enabled: true}}\n",
	  { { "ip -d link show v0", "master te0" } }, NULL },
	{ "macsec", "link add pnt1 type veth peer name pnt2\n"
		    "link add link pnt1 name pnt0 type macsec\nlink del pnt1\n",
	  "  - {name: ms0, kind: macsec, link: v0, port: 7, encrypt: true, replay: true,\n"
	  "     window: 32, cipher: gcm-aes-256, encodingsa: 2, validate: check}\n"
	  "  - {name: v0, kind: veth, address: '02:00:00:00:00:01', peer: {name: v1}}\n",
	  { { "ip -d link show ms0", "macsec sci 0200000000010007 protect on cipher GCM-AES-256 "
	      "icvlen 16 encodingsa 2 validate check" },
	    { "ip -d link show ms0", "encrypt on send_sci on end_station off scb off replay on "
	      "window 32" } },
	  "  - {name: ms0, kind: macsec, link: v0, sci: '0200000000010007', encrypt: false,\n"
	  "     cipher: gcm-aes-256, send_sci: false, end_station: true, protect: false,\n"
	  "     replay: true, window: 64}\n"
	  "  - {name: v0, kind: veth, peer: {name: v1}}\n",
	  { { "ip -d link show ms0", "protect off" }, { "ip -d link show ms0", "end_station on" },
	    { "ip -d link show ms0", "replay on window 64" } }, NULL },
	{ "macsec, made by ip", "link add pnt1 type veth peer name pnt2\n"
		    "link add link pnt1 name pnt0 type macsec\nlink del pnt1\n",
	  "  - {name: ms0, kind: macsec, link: v0, port: 5,\n"
	  "     send_sci: false, icvlen: 8, cipher: gcm-aes-xpn-128, validate: disabled}\n"
	  "  - {name: v0, kind: veth, peer: {name: v1}}\n",
	  { { "ip -d link show ms0", "send_sci off end_station off scb off" } },
	  "  - {name: ms0, kind: macsec, link: v0, scb: true, replay: false}\n"
	  "  - {name: v0, kind: veth, peer: {name: v1}}\n",
	  { { "ip -d link show ms0", "scb on replay off" } },
	  "link add v0 type veth peer name v1\n"
	  "link add link v0 name ms0 type macsec port 5 send_sci off "
	  "icvlen 8 cipher gcm-aes-xpn-128 validate disabled\n" },
	{ "macsec, associations", "link add pnt1 type veth peer name pnt2\n"
		    "link add link pnt1 name pnt0 type macsec\nlink del pnt1\n",
	  "  - {name: ms0, kind: macsec, link: v0, port: 1}\n"
	  "  - {name: v0, kind: veth, peer: {name: v1}}\n"
	  "macsec_tx_sa:\n"
	  "  - {dev: ms0, sa: 0, pn: 100, key_id: '0102', key: " KEY "}\n"
	  "  - {dev: ms0, sa: 1, on: false, key_id: '03', key: " KEY "}\n"
	  "macsec_rx:\n"
	  "  - {dev: ms0, sci: 00abcdef01234567}\n"
	  "  - {dev: ms0, port: 9, address: '02:00:00:00:00:05', on: false}\n"
	  "macsec_rx_sa:\n"
	  "  - {dev: ms0, sci: 00abcdef01234567, sa: 2, pn: 7, key_id: '05', key: " KEY "}\n",
	  { { "ip macsec show ms0", "0: PN 100, state on, key 01020000000000000000000000000000" },
	    { "ip macsec show ms0", "1: PN 1, state off, key 03000000000000000000000000000000" },
	    { "ip macsec show ms0", "RXSC: 00abcdef01234567, state on\n"
	      "        2: PN 7, state on, key 05000000000000000000000000000000" },
	    { "ip macsec show ms0", "RXSC: 0200000000050009, state off" } },
	  "  - {name: ms0, kind: macsec, link: v0, port: 1, encodingsa: 1}\n"
	  "  - {name: v0, kind: veth, peer: {name: v1}}\n"
	  "macsec_tx_sa:\n"
	  "  - {dev: ms0, sa: 0, on: false, key_id: '0102'}\n"
	  "  - {dev: ms0, sa: 1, key_id: '03', on: true}\n"
	  "macsec_rx:\n"
	  "  - {dev: ms0, sci: 00abcdef01234567, on: false}\n"
	  "  - {dev: ms0, port: 9, address: '02:00:00:00:00:05', on: true}\n"
	  "macsec_rx_sa:\n"
	  "  - {dev: ms0, sci: 00abcdef01234567, sa: 2, key_id: '05', on: false}\n",
	  { { "ip macsec show ms0", "0: PN 100, state off" },
	    { "ip macsec show ms0", "1: PN 1, state on" },
	    { "ip macsec show ms0", "RXSC: 00abcdef01234567, state off\n"
	      "        2: PN 7, state off" },
	    { "ip macsec show ms0", "RXSC: 0200000000050009, state on" } }, NULL },
	{ "features", "link add pnt0 type veth\nlink del pnt0\n",
	  "  - {name: v0, kind: veth, peer: {name: v1}}\n"
	  "features:\n"
	  "  - {dev: v0, feature: rx-gro, on: true}\n"
	  "  - {dev: v0, feature: tx-checksum-ip-generic, on: false}\n",
	  { { "ethtool -k v0", "generic-receive-offload: on" },
	    { "ethtool -k v0", "tx-checksum-ip-generic: off" } },
	  "  - {name: v0, kind: veth, peer: {name: v1}}\n"
	  "features:\n"
	  "  - {dev: v0, feature: rx-gro, on: false}\n"
	  "  - {dev: v0, feature: tx-checksum-ip-generic, on: true}\n",
	  { { "ethtool -k v0", "generic-receive-offload: off" },
	    { "ethtool -k v0", "tx-checksum-ip-generic: on" } }, NULL },
	{ "team, loadbalance", "link add pnt0 type team\nlink del pnt0\n",
	  "  - {name: te0, kind: team, mode: loadbalance, lb_tx_method: hash_to_port_mapping,\n"
	  "     lb_stats_refresh_interval: 70}\n",
	  { { "ip -d link show te0", "team" } },
	  "  - {name: te0, kind: team, mode: roundrobin}\n",
	  { { "ip -d link show te0", "team" } }, NULL },
};

static char *text_of(const char *links)
{
	size_t len = strlen(HEAD) + strlen(links) + 1;
	char *text = malloc(len);

	if (!text)
		tap_bail("out of memory");
	snprintf(text, len, HEAD "%s", links);
	return text;
}

static void sights_check(const struct sight *seen)
{
	unsigned int i;

	for (i = 0; i < 4 && seen[i].command; i++)
		shows(seen[i].command, seen[i].want);
}

/* Applied, seen; nothing left to do, and nothing done. */
static void apply_check(const char *text, const struct sight *seen)
{
	struct pn_err err;
	char say[600];

	if (!tap_true(applied_apply(text, NULL, &err) > 0, err.text))
		return;
	sights_check(seen);
	if (!tap_eq(applied_plan(text, say, sizeof(say), &err), 0, "steps left"))
		tap_diag("%s %s", say, err.text);
	tap_eq(applied_apply(text, NULL, &err), 0, "writes of the second apply");
}

/* Both versions of the file, from nothing to nothing. */
static void made_test(const struct world *w)
{
	char *text = text_of(w->links), *changed = text_of(w->changed), *empty, *now;
	struct pn_err err;

	if (!netns_begin(&own))
		goto out;
	empty = state_dump(spaces, 2);
	applied_fail_each(w->what, text, spaces, 2);
	tap_case("%s: applied, nothing left to do", w->what);
	apply_check(text, w->seen);
	tap_end();
	applied_fail_each(w->what, changed, spaces, 2);
	tap_case("%s: changed, then deleted", w->what);
	apply_check(changed, w->seen_changed);
	tap_true(applied_delete(&err) > 0, err.text);
	now = state_dump(spaces, 2);
	state_same(empty, now);
	free(now);
	free(empty);
	tap_end();
out:
	netns_end(&own);
	free(text);
	free(changed);
}

/* What ip(8) made: the first link of the file is as it should be. */
static void by_ip_test(const struct world *w)
{
	char *text = text_of(w->links), *second, say[600];
	struct pn_err err;

	/* ip made the first of them only. */
	second = strstr(text + strlen(HEAD), "\n  - ");
	if (second)
		second[1] = '\0';
	if (netns_begin(&own)) {
		tap_case("%s: made by ip, planned to no change", w->what);
		tap_sys(pn_netns_create("pnt-web", NULL), "namespace");
		tap_sys(netns_ip(&own, w->by_ip), "ip -batch");
		if (!tap_eq(applied_plan(text, say, sizeof(say), &err), 0, "steps"))
			tap_diag("%s %s", say, err.text);
		pn_netns_delete("pnt-web", NULL);
		tap_end();
	}
	netns_end(&own);
	free(text);
}

static void world_test(const struct world *w)
{
	bool has;

	if (!netns_begin(&own))
		tap_bail("no namespace");
	has = !netns_ip(&own, w->probe);
	netns_end(&own);
	if (!has) {
		tap_case("%s", w->what);
		tap_skip("this kernel has it not");
		return;
	}
	made_test(w);
	if (w->by_ip)
		by_ip_test(w);
}

static const struct {
	const char *probe, *before, *links;
	int code;
	const char *want;	/* "LINE: OBJECT: TEXT", its beginning */
} refusals[] = {
	{ "", "", "  - {name: t0, kind: tap, persist: false}\n", 4,
	  "4: t0: persist: must be true: no process stays to hold the device" },
	{ "", "tuntap add t0 mode tun\n", "  - {name: t0, kind: tap}\n", 2,
	  "4: t0: exists already as a tun, the file wants a tap" },
	{ "", "tuntap add t0 mode tun\n", "  - {name: t0, kind: tun, user: 7}\n", 2,
	  "4: t0: user cannot change from none to 7 while the link exists" },
	{ "", "", "  - {name: t0, kind: tun, user: bob}\n", 1,
	  "4: t0: user: \"bob\" must be 0..4294967294" },
	{ "", "", "  - {name: m0, kind: macsec, link: lo, sci: 12}\n", 1,
	  "4: m0: sci: \"12\" must be 16 hexadecimal digits" },
	{ "", "", "  - {name: m0, kind: macsec, link: lo, port: 2, sci: '0000000000000001'}\n", 1,
	  "4: m0: port: sci ends in another port: give one of them" },
	{ "", "", "  - {name: m0, kind: macsec, link: lo, scb: true, send_sci: true}\n", 1,
	  "4: m0: send_sci: must be off beside scb or end_station" },
	{ "", "", "  - {name: m0, kind: macsec, link: lo, replay: true}\n", 1,
	  "4: m0: replay needs window" },
	{ "", "", "  - {name: m0, kind: macsec, link: lo, window: 3}\n", 1,
	  "4: m0: window: needs replay: true" },
	{ "", "", "  - {name: m0, kind: macsec}\n", 1,
	  "4: m0: link, the lower device, is required for kind macsec" },
	{ "", "",
	  "  - {name: lo}\nmacsec_tx_sa:\n  - {dev: lo, sa: 0, key_id: '01', key: 0011}\n", 1,
	  "6: macsec_tx_sa: key: must be 32 or 64 hexadecimal digits" },
	{ "", "", "  - {name: lo}\nmacsec_tx_sa:\n  - {dev: lo, sa: 4, key_id: '01'}\n", 1,
	  "6: macsec_tx_sa: sa: \"4\" is out of range: must be 0..3" },
	{ "", "", "  - {name: lo}\nmacsec_tx_sa:\n  - {dev: lo, sa: 1, key_id: '01', salt: "
	  "000102030405060708090a0b}\n", 1, "6: macsec_tx_sa: salt: needs ssci" },
	{ "", "", "  - {name: lo}\nmacsec_tx_sa:\n"
		  "  - {dev: lo, sa: 1, key_id: '01', pn: 4294967296}\n", 1,
	  "6: macsec_tx_sa: pn: is out of range: at most 4294967295 without ssci" },
	{ "", "", "  - {name: lo}\nmacsec_rx:\n  - {dev: lo, port: 1}\n", 1,
	  "6: macsec_rx: the sender is needed: either sci, or port and address" },
	{ "", "", "  - {name: lo}\nfeatures:\n  - {dev: lo, feature: x, on: true}\n", 4,
	  "6: lo feature x: cannot add the feature: Operation not supported: kernel: "
	  "bit name not found" },
	{ "", "", "  - {name: lo}\nvfs:\n  - {dev: lo, vf: 0, trust: true}\n", 4,
	  "6: lo vf 0: cannot add the virtual function: Operation not supported" },
	{ "", "", "  - {name: lo}\nvfs:\n  - {dev: lo, vf: 0, state: up}\n", 1,
	  "6: vfs: state: \"up\" must be auto, enable, disable" },
	{ "", "", "  - {name: lo}\nvfs:\n  - {dev: lo, vf: 0, vlan: 4096}\n", 1,
	  "6: vfs: vlan: \"4096\" is out of range: must be 0..4095" },
	{ "link add pnt0 type team\nlink del pnt0\n", "",
	  "  - {name: te0, kind: team, mode: lacp}\n", 1,
	  "4: te0: mode: \"lacp\" must be broadcast, roundrobin, random, activebackup, "
	  "loadbalance" },
	{ "link add pnt0 type team\nlink del pnt0\n", "",
	  "  - {name: te0, kind: team, mode: random, lb_tx_method: hash}\n", 4,
	  "4: te0: cannot set lb_tx_method to hash: No such file or directory" },
};

static void refusals_test(void)
{
	struct pn_err err;
	char got[800], *text, *before, *now;
	unsigned int i;
	int rc;

	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (!netns_begin(&own))
			return;
		tap_case("refused: %s", refusals[i].want);
		if (refusals[i].probe[0] && netns_ip(&own, refusals[i].probe)) {
			tap_skip("this kernel has it not");
			netns_end(&own);
			continue;
		}
		if (refusals[i].before[0])
			tap_sys(netns_ip(&own, refusals[i].before), "ip -batch");
		text = text_of(refusals[i].links);
		before = state_dump(spaces, 2);
		rc = applied_apply(text, NULL, &err);
		now = state_dump(spaces, 2);
		tap_true(rc < 0, "refused");
		snprintf(got, sizeof(got), "%u: %s: %s", err.line, err.object, err.text);
		got[strlen(refusals[i].want)] = '\0';
		tap_str(got, refusals[i].want, "sentence");
		tap_eq(err.code, refusals[i].code, "exit status");
		state_same(before, now);
		free(before);
		free(now);
		free(text);
		tap_end();
		netns_end(&own);
	}
}

int main(void)
{
	unsigned int i;

	applied_init("hooks");
	for (i = 0; i < sizeof(worlds) / sizeof(worlds[0]); i++)
		world_test(&worlds[i]);
	refusals_test();
	return tap_done();
}
