// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Topology files against the kernel: applied, planned again, drifted, changed,
 * failed at every step, deleted. What is compared is the kernel's own dump of
 * every link and address, before and after.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "applied.h"
#include "netns.h"
#include "nl/addr.h"
#include "nl/link.h"
#include "nl/netns.h"
#include "state.h"
#include "tap.h"

static struct netns own;

#define HEAD "penstock: 1\n"

/* Files are text with %s for a link that not every kernel can make. */
static const char kinds[] =
	HEAD
	"namespaces: [web]\n"
	"links:\n"
	"  - {name: br0, kind: bridge, stp_state: false, ageing_time: 60000, up: true,\n"
	"     addresses: [192.0.2.1/24, '2001:db8::1/64'], group_fwd_mask: 8}\n"
	"  - {name: vx100, kind: vxlan, id: 100, local: 192.0.2.1, ttl: 64, tos: 16,\n"
	"     learning: false, srcport: [32768, 61000], ageing: 100, maxaddress: 1000,\n"
	"     udpcsum: false, udp6zerocsumrx: true, df: set, master: br0, up: true,\n"
	"     bridge_slave: {learning: false, neigh_suppress: true, cost: 7,\n"
	"                    backup_port: web0}}\n"
	"  - {name: vx6, kind: vxlan, id: 101, local: '2001:db8::1', remote: '2001:db8::9',\n"
	"     dstport: 4790, gbp: true, alias: 'a tunnel'}\n"
	"  - name: web0\n"
	"    kind: veth\n"
	"    mtu: 1400\n"
	"    txqueuelen: 77\n"
	"    group: 5\n"
	"    master: br0\n"
	"    up: true\n"
	"    bridge_slave: {isolated: true, hairpin: true, flood: false, priority: 9,\n"
	"                   backup_port: vx100}\n"
	"    peer: {name: eth0, netns: web, address: '02:00:5e:10:00:02', mtu: 1400,\n"
	"           addresses: [192.0.2.2/24], up: true}\n"
	"  - {name: lo, netns: web, up: true}\n"
	"  - {name: m0, kind: macvlan, link: web0x, mode: bridge, address: '02:00:5e:10:00:03'}\n"
	"  - {name: web0x, kind: veth, up: true, peer: {name: web1x, multicast: false}}\n"
	"%s";

static const char dummy_row[] =
	"  - {name: d0, kind: dummy, mtu: 9000, up: true, addresses: [198.51.100.1/32]}\n";

static bool kernel_has(const char *line)
{
	return !netns_ip(&own, line);
}

static char *kinds_text(void)
{
	bool dummy = kernel_has("link add d0 type dummy\nlink del d0\n");
	char *text;

	if (asprintf(&text, kinds, dummy ? dummy_row : "") < 0)
		tap_bail("out of memory");
	return text;
}

static const char *const spaces[] = { NULL, "web" };

static bool same_state(char *before)
{
	char *now = state_dump(spaces, 2);
	bool same = state_same(before, now);

	free(now);
	return same;
}

static void test_all_kinds(void)
{
	struct pn_err err;
	char *before, *text;
	int rc;

	tap_case("all kinds: applied, nothing left to do, second apply 0 writes, deleted");
	if (!netns_begin(&own))
		goto out;
	text = kinds_text();
	before = state_dump(spaces, 2);
	rc = applied_apply(text, NULL, &err);
	if (!tap_true(rc > 0, err.text))
		goto free;
	tap_eq(applied_plan(text, NULL, 0, &err), 0, "steps of the plan afterwards");
	tap_eq(applied_apply(text, NULL, &err), 0, "writes of the second apply");
	tap_true(applied_delete(&err) > 0, err.text);
	same_state(before);
	tap_eq(applied_delete(&err), 0, "writes of the second delete");
	tap_true(!pn_netns_exists("web"), "namespace gone");
free:
	free(text);
	free(before);
out:
	netns_end(&own);
	tap_end();
}

static const struct {
	const char *what, *lines;
	int steps;
} drifts[] = {
	{ "mtu", "link set web0 mtu 1300\n", 1 },
	{ "down", "link set web0 down\n", 1 },
	{ "master and its port options", "link set web0 nomaster\n", 7 },
	{ "address", "addr del 192.0.2.1/24 dev br0\n", 1 },
	{ "alias", "link set vx6 alias other\n", 1 },
	{ "MAC", "link set m0 address 02:00:5e:10:00:44\n", 1 },
	{ "bridge attribute", "link set br0 type bridge ageing_time 1000\n", 1 },
	{ "vxlan attributes", "link set vx100 type vxlan ttl 9 learning\n", 2 },
	{ "port option", "link set vx100 type bridge_slave learning on\n", 1 },
	{ "link", "link del vx6\n", 2 },
	{ "pair", "link del web0x\n", 4 },
};

static void test_drift(void)
{
	struct pn_err err;
	char *before, *text;
	unsigned int i;

	if (!netns_begin(&own))
		return;
	text = kinds_text();
	tap_case("drift: applied");
	tap_true(applied_apply(text, NULL, &err) > 0, err.text);
	tap_end();
	for (i = 0; i < sizeof(drifts) / sizeof(drifts[0]); i++) {
		bool whole = strstr(drifts[i].lines, " del ");

		before = state_dump(spaces, 2);
		tap_case("drift repaired: %s", drifts[i].what);
		tap_sys(netns_ip(&own, drifts[i].lines), "ip -batch");
		tap_eq(applied_plan(text, NULL, 0, &err), drifts[i].steps, "steps planned");
		tap_eq(applied_apply(text, NULL, &err), drifts[i].steps, "writes");
		/* What is made anew has another index. */
		if (!whole || strstr(drifts[i].lines, "addr del"))
			same_state(before);
		tap_eq(applied_plan(text, NULL, 0, &err), 0, "steps left");
		tap_end();
		free(before);
	}
	tap_case("drift: all deleted");
	tap_true(applied_delete(&err) > 0, err.text);
	tap_end();
	free(text);
	netns_end(&own);
}

/* Fail at step 1, 2, ... of @text until it succeeds; each time nothing may change. */
static void fail_each(const char *what, const char *text, int total)
{
	struct pn_err err;
	unsigned int steps = 0;
	char *before, n[16];
	int i, rc = -1;

	before = state_dump(spaces, 2);
	for (i = 1; i <= total + 1 && rc < 0; i++) {
		snprintf(n, sizeof(n), "%d", i);
		setenv("PN_FAULT_STEP", n, 1);
		tap_case("%s: failing at step %d of %d", what, i, total);
		rc = applied_apply(text, &steps, &err);
		tap_eq(steps, total, "steps");
		tap_true(rc < 0, "failed");
		tap_eq(err.code, PN_EXIT_UNDONE, err.text);
		tap_true(!!strstr(err.text, "; everything done was undone"), err.text);
		same_state(before);
		tap_end();
	}
	unsetenv("PN_FAULT_STEP");
	free(before);
}

static void test_fail_new(void)
{
	struct pn_err err;
	char *text;

	if (!netns_begin(&own))
		return;
	text = kinds_text();
	fail_each("new links", text, applied_plan(text, NULL, 0, &err));
	free(text);
	netns_end(&own);
}

/* On links that others made, and that are changed. */
static void test_fail_change(void)
{
	static const char text[] =
		HEAD
		"namespaces: [web]\n"
		"links:\n"
		"  - {name: br0, kind: bridge, ageing_time: 1000, mtu: 1300, up: true}\n"
		"  - {name: a0, master: br0, mtu: 1400, alias: mine, up: true, arp: false,\n"
		"     addresses: [192.0.2.1/24], bridge_slave: {isolated: true}}\n"
		"  - {name: a1, master: none, address: '02:00:00:00:00:09', txqueuelen: 5}\n"
		"  - {name: vx, kind: vxlan, id: 7, dstport: 8472, learning: false, ttl: 3,\n"
		"     local: 192.0.2.7}\n";
	struct pn_err err;

	if (!netns_begin(&own))
		return;
	tap_case("links of others: made");
	tap_sys(netns_ip(&own,
			 "link add br0 address 02:00:00:00:00:01 type bridge\n"
			 "link add br1 address 02:00:00:00:00:02 type bridge\n"
			 "link add a0 address 02:00:00:00:00:03 type veth peer name b0\n"
			 "link add a1 address 02:00:00:00:00:04 type veth peer name b1\n"
			 "link set a1 master br1\n"
			 "link set a1 type bridge_slave cost 9 guard on\n"
			 "link set a1 alias theirs\n"
			 "link add vx type vxlan id 7 dstport 8472 ttl 5 local 192.0.2.5\n"),
		"ip -batch");
	tap_end();
	fail_each("links of others", text, applied_plan(text, NULL, 0, &err));
	netns_end(&own);
}

/* A later version of the file that drops links, a namespace and an address. */
static void test_fail_removal(void)
{
	static const char old[] =
		HEAD
		"namespaces: [web]\n"
		"links:\n"
		"  - {name: br0, kind: bridge, address: '02:00:00:00:00:01', up: true,\n"
		"     addresses: [192.0.2.1/24]}\n"
		"  - {name: vx1, kind: vxlan, id: 1, learning: false, ttl: 5, master: br0,\n"
		"     up: true, bridge_slave: {isolated: true}}\n"
		"  - {name: v0, kind: veth, master: br0, up: true, address: '02:00:00:00:00:02',\n"
		"     peer: {name: v1, address: '02:00:00:00:00:03', addresses: [192.0.2.9/24]}}\n"
		"  - {name: m0, kind: macvlan, link: v1, mode: private}\n"
		"  - {name: keep, kind: bridge, addresses: [198.51.100.1/24, 198.51.100.2/24]}\n";
	static const char new[] =
		HEAD
		"namespaces: [web]\n"
		"links:\n"
		"  - {name: vx2, kind: vxlan, id: 1, up: true}\n"
		"  - {name: keep, kind: bridge, addresses: [198.51.100.1/24]}\n";
	struct pn_err err;
	char *empty;

	if (!netns_begin(&own))
		return;
	empty = state_dump(spaces, 2);
	tap_case("removals: the first version applied");
	tap_true(applied_apply(old, NULL, &err) > 0, err.text);
	tap_end();
	fail_each("removals", new, applied_plan(new, NULL, 0, &err));
	tap_case("removals: the second version applied");
	tap_true(applied_apply(new, NULL, &err) > 0, err.text);
	tap_eq(applied_plan(new, NULL, 0, &err), 0, "steps left");
	tap_true(!!netns_ifindex(&own, "vx2") && netns_ifindex(&own, "vx1") <= 0, "renamed");
	tap_end();
	tap_case("removals: deleted by the file's path");
	tap_true(applied_delete(&err) > 0, err.text);
	same_state(empty);
	tap_end();
	free(empty);
	netns_end(&own);
}

static const struct {
	const char *lines;	/* `ip -batch` before */
	const char *links;	/* of the file */
	int code;
	const char *want;	/* "LINE: OBJECT: TEXT", its beginning */
} refusals[] = {
	{ "link add a0 type bridge\n", "{name: a0, kind: vxlan, id: 1}", 2,
	  "3: a0: exists already as a bridge, the file wants a vxlan" },
	{ "", "{name: a0, up: true}", 1,
	  "3: a0: does not exist, and has no kind to be created of" },
	{ "", "{name: a0, kind: bridge, netns: nowhere}", 1,
	  "3: nowhere/a0: network namespace nowhere does not exist" },
	{ "", "{name: a0, kind: vxlan, id: 1, master: br7}", 1,
	  "3: a0: master: device br7 neither exists nor is in the file" },
	{ "", "{name: m0, kind: macvlan, link: eth9}", 1,
	  "3: m0: link: device eth9 neither exists nor is in the file" },
	{ "link add vx type vxlan id 5 dstport 4789\n", "{name: vx, kind: vxlan, id: 6}", 2,
	  "3: vx: id cannot change from 5 to 6 while the link exists" },
	{ "link add vx type vxlan id 5 dstport 8472\n", "{name: vx, kind: vxlan, id: 5}", 2,
	  "3: vx: dstport cannot change from 8472 to 4789 while the link exists" },
	{ "link add v0 type veth peer name v2\n",
	  "{name: v0, kind: veth, peer: {name: v1}}", 2,
	  "3: v0: exists already, but v1 is not its peer" },
	{ "link add v1 type bridge\n", "{name: v0, kind: veth, peer: {name: v1}}", 2,
	  "3: v1: exists already, but v0 is not its peer" },
	{ "link add v0 type bridge\n", "{name: v0, bridge_slave: {cost: 3}}", 1,
	  "3: v0: bridge_slave needs a master that is a bridge" },
	{ "link add vx type vxlan id 5 dstport 4789\n", "{name: vy, kind: vxlan, id: 5}", 4,
	  "3: vy: cannot create the vxlan: File exists" },
	{ "", "{name: a, kind: bridge}, {name: b, kind: bridge, master: a}", 4,
	  "3: b: cannot set master to a: Too many levels of symbolic links: kernel: "
	  "Can not enslave a bridge to a bridge; everything done was undone" },
	{ "link add a0 type veth peer name a1\n", "{name: a0, mtu: 65535}, {name: a1, mtu: 68}",
	  0, "" },
};

static void test_refusals(void)
{
	struct pn_err err;
	char text[512], got[800], *before;
	unsigned int i;
	int rc;

	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (!netns_begin(&own))
			return;
		tap_case("refused: %s", refusals[i].links);
		if (refusals[i].lines[0])
			tap_sys(netns_ip(&own, refusals[i].lines), "ip -batch");
		before = state_dump(spaces, 2);
		snprintf(text, sizeof(text), HEAD "links:\n  [%s]\n", refusals[i].links);
		rc = applied_apply(text, NULL, &err);
		snprintf(got, sizeof(got), "%u: %s: %s", err.line, err.object, err.text);
		if (refusals[i].code) {
			got[strlen(refusals[i].want)] = 0;
			tap_true(rc < 0, "refused");
			tap_str(got, refusals[i].want, "sentence");
			same_state(before);
		}
		tap_eq(err.code, refusals[i].code, err.text);
		free(before);
		applied_delete(&err);
		tap_end();
		netns_end(&own);
	}
}

/* Delete leaves alone what was there before, and what others made anew. */
static void test_delete_own(void)
{
	static const char text[] =
		HEAD
		"links:\n"
		"  - {name: theirs, kind: bridge, up: true,\n"
		"     addresses: [192.0.2.1/24, 192.0.2.2/24]}\n"
		"  - {name: mine, kind: bridge}\n"
		"  - {name: anew, kind: bridge}\n";
	struct pn_err err;

	if (!netns_begin(&own))
		return;
	tap_case("delete removes what the file made, and nothing else");
	tap_sys(netns_ip(&own, "link add theirs type bridge\n"
			       "addr add 192.0.2.2/24 dev theirs\n"), "before");
	tap_true(applied_apply(text, NULL, &err) > 0, err.text);
	tap_sys(netns_ip(&own, "link del anew\nlink add anew type bridge\n"), "made anew");
	tap_eq(applied_delete(&err), 2, "writes: mine, and one address");
	tap_true(netns_ifindex(&own, "theirs") > 0, "theirs stays");
	tap_true(netns_ifindex(&own, "anew") > 0, "anew stays");
	tap_true(netns_ifindex(&own, "mine") <= 0, "mine is gone");
	tap_true(!netns_ip(&own, "addr del 192.0.2.2/24 dev theirs\n"), "their address");
	tap_true(!!netns_ip(&own, "addr del 192.0.2.1/24 dev theirs\n"), "our address");
	tap_end();
	netns_end(&own);
}

int main(void)
{
	applied_init("apply");
	test_all_kinds();
	test_drift();
	test_fail_new();
	test_fail_change();
	test_fail_removal();
	test_refusals();
	test_delete_own();
	return tap_done();
}
