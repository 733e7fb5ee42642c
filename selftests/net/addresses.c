// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Addresses of links with their words: made by penstock and seen by ip, made
 * by ip and taken as they are, changed, failed at every step, shown, deleted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "applied.h"
#include "command.h"
#include "netns.h"
#include "nl/netns.h"
#include "run.h"
#include "state.h"
#include "tap.h"

#define HEAD \
	"penstock: 1\nlinks:\n" \
	"  - {name: v0, kind: veth, up: true, address: '02:00:00:00:00:01',\n" \
	"     peer: {name: v1, up: true, address: '02:00:00:00:00:02'}, addresses: ["

/* What the file says, what ip says for the same, and what ip tells of it, without blanks. */
static const struct {
	const char *file, *ip, *told;
} words[] = {
	{ "{address: 192.0.2.1/24, broadcast: +, label: 'v0:a'}",
	  "192.0.2.1/24 broadcast + label v0:a",
	  "\"local\":\"192.0.2.1\",\"prefixlen\":24,\"broadcast\":\"192.0.2.255\","
	  "\"scope\":\"global\",\"label\":\"v0:a\"" },
	{ "{address: 198.51.100.1/32, peer: 198.51.100.9, metric: 7}",
	  "198.51.100.1 peer 198.51.100.9/32 metric 7",
	  "\"local\":\"198.51.100.1\",\"address\":\"198.51.100.9\",\"prefixlen\":32,"
	  "\"metric\":7,\"scope\":\"global\",\"label\":\"v0\"" },
	{ "{address: 203.0.113.1/24, noprefixroute: true, brd: 203.0.113.255, scope: link}",
	  "203.0.113.1/24 noprefixroute brd 203.0.113.255 scope link",
	  "\"local\":\"203.0.113.1\",\"prefixlen\":24,\"broadcast\":\"203.0.113.255\","
	  "\"scope\":\"link\",\"noprefixroute\":true,\"label\":\"v0\"" },
	{ "{address: 203.0.113.129/28, preferred_lft: 0}", "203.0.113.129/28 preferred_lft 0",
	  "\"local\":\"203.0.113.129\",\"prefixlen\":28,\"scope\":\"global\","
	  "\"deprecated\":true,\"label\":\"v0\"" },
	{ "{address: '2001:db8::1/64', nodad: true, home: true, mngtmpaddr: true}",
	  "2001:db8::1/64 nodad home mngtmpaddr",
	  "\"local\":\"2001:db8::1\",\"prefixlen\":64,\"scope\":\"global\",\"nodad\":true,"
	  "\"home\":true,\"mngtmpaddr\":true" },
	{ "{address: '2001:db8:1::1/128', nodad: true, metric: 9, peer: '2001:db8:1::2'}",
	  "2001:db8:1::1 peer 2001:db8:1::2 nodad metric 9",
	  "\"local\":\"2001:db8:1::1\",\"address\":\"2001:db8:1::2\",\"prefixlen\":128,"
	  "\"metric\":9,\"scope\":\"global\",\"nodad\":true" },
	{ "192.0.2.2/24", "192.0.2.2/24", "\"local\":\"192.0.2.2\",\"prefixlen\":24," },
};

#define N_WORDS (sizeof(words) / sizeof(words[0]))

/* Each has other words than above; the first takes an address of its prefix along. */
static const char changed[] =
	HEAD "{address: 192.0.2.1/24, label: 'v0:b', broadcast: any},\n"
	"  {address: 198.51.100.1/32, peer: 198.51.100.8, metric: 8},\n"
	"  {address: 203.0.113.1/24, noprefixroute: false, scope: global},\n"
	"  {address: 203.0.113.129/28, preferred_lft: forever},\n"
	"  {address: '2001:db8::1/64', home: false, noprefixroute: true},\n"
	"  {address: '2001:db8:1::1/128', peer: '2001:db8:1::3', metric: 10},\n"
	"  192.0.2.2/24]}\n";

static const char *const changed_told[] = {
	"\"local\":\"192.0.2.1\",\"prefixlen\":24,\"scope\":\"global\",\"label\":\"v0:b\"",
	"\"local\":\"198.51.100.1\",\"address\":\"198.51.100.8\",\"prefixlen\":32,\"metric\":8,",
	"\"local\":\"203.0.113.1\",\"prefixlen\":24,\"broadcast\":\"203.0.113.255\","
	"\"scope\":\"global\",\"label\":\"v0\"",
	"\"local\":\"203.0.113.129\",\"prefixlen\":28,\"scope\":\"global\",\"label\":\"v0\"",
	"\"local\":\"2001:db8::1\",\"prefixlen\":64,\"scope\":\"global\",\"nodad\":true,"
	"\"mngtmpaddr\":true,\"noprefixroute\":true",
	"\"local\":\"2001:db8:1::1\",\"address\":\"2001:db8:1::3\",\"prefixlen\":128,"
	"\"metric\":10,\"scope\":\"global\",\"nodad\":true",
	"\"local\":\"192.0.2.2\",\"prefixlen\":24,",
};

static const char *const spaces[] = { NULL };
static char text[4096], plain[4096];

static void sees(const char *want)
{
	shows("ip -j addr show dev v0 | tr -d ' \\n'", want);
}

static void settled(const char *file)
{
	char say[1000];
	struct pn_err err;
	int steps = applied_plan(file, say, sizeof(say), &err);

	tap_eq(steps, 0, steps < 0 ? err.text : say);
	tap_eq(applied_apply(file, NULL, &err), 0, "writes of another apply");
}

static void made_test(void)
{
	struct netns ns;
	struct pn_err err;
	unsigned int i;
	char *before;
	struct run r;

	tap_case("addresses with words: applied, seen by ip, nothing left to do");
	netns_begin(&ns);
	tap_sys(netns_quiet(&ns), "sysctls");
	before = state_dump(spaces, 1);
	tap_true(applied_apply(text, NULL, &err) > 0, err.text);
	for (i = 0; i < N_WORDS; i++)
		sees(words[i].told);
	settled(text);
	tap_end();
	tap_case("addresses with words: show config is a file that changes nothing");
	if (tap_sys(run_penstock(&r, "--bpffs /sys/fs/bpf/pnt-addresses show config"), "run")) {
		tap_true(!!strstr(r.out, "label: 'v0:a'") || !!strstr(r.out, "label: v0:a") ||
			 !!strstr(r.out, "label: \"v0:a\""), r.out);
		settled(r.out);
	}
	run_free(&r);
	tap_end();
	tap_case("addresses with words: changed");
	tap_true(applied_apply(changed, NULL, &err) > 0, err.text);
	for (i = 0; i < N_WORDS; i++)
		sees(changed_told[i]);
	settled(changed);
	tap_end();
	tap_case("addresses with words: no longer in the file, the link deleted");
	tap_true(applied_apply(plain, NULL, &err) > 0, err.text);
	shows("! ip addr show dev v0 | grep -F 'inet 198.51.100.1'", NULL);
	tap_true(applied_delete(&err) > 0, err.text);
	tap_end();
	free(before);
	netns_end(&ns);
}

/* By ip on a link of others: taken as they are; then each step of a change fails. */
static void others_test(void)
{
	char lines[2048] = "link add v0 address 02:00:00:00:00:01 type veth peer name v1 "
			   "address 02:00:00:00:00:02\nlink set v0 up\nlink set v1 up\n";
	struct netns ns;
	struct pn_err err;
	unsigned int i;
	size_t at;

	tap_case("addresses of ip, taken as they are");
	netns_begin(&ns);
	tap_sys(netns_quiet(&ns), "sysctls");
	for (i = 0; i < N_WORDS; i++) {
		at = strlen(lines);
		snprintf(lines + at, sizeof(lines) - at, "addr add %s dev v0\n", words[i].ip);
	}
	tap_sys(netns_ip(&ns, lines), "ip -batch");
	for (i = 0; i < N_WORDS; i++)
		sees(words[i].told);
	settled(text);
	tap_end();
	applied_fail_each("addresses changed", changed, spaces, 1);
	tap_case("addresses of others: changed, not deleted");
	tap_true(applied_apply(changed, NULL, &err) >= 0, err.text);
	settled(changed);
	tap_true(applied_delete(&err) >= 0, err.text);
	sees(changed_told[0]);
	tap_end();
	netns_end(&ns);
}

static void lifetime_test(void)
{
	static const char first[] = HEAD "{address: 192.0.2.1/24, valid_lft: 2000,\n"
				    "  preferred_lft: 1500}]}\n";
	static const char less[] = HEAD "{address: 192.0.2.1/24, valid_lft: 1000}]}\n";
	static const char always[] = HEAD "{address: 192.0.2.1/24, valid_lft: forever,\n"
				     "  preferred_lft: forever}]}\n";
	struct netns ns;
	struct pn_err err;

	tap_case("lifetimes: set, running, made shorter, ended");
	netns_begin(&ns);
	tap_sys(netns_quiet(&ns), "sysctls");
	tap_true(applied_apply(first, NULL, &err) > 0, err.text);
	sees("\"dynamic\":true");
	settled(first);
	tap_eq(applied_apply(less, NULL, &err), 1, "writes");
	settled(less);
	tap_eq(applied_apply(always, NULL, &err), 1, "writes");
	sees("\"valid_life_time\":4294967295,\"preferred_life_time\":4294967295");
	settled(always);
	tap_true(applied_delete(&err) > 0, err.text);
	tap_end();
	netns_end(&ns);
}

/* The kernel numbers devices by namespace: those of a pair are often alike. */
static void pair_test(void)
{
	static const char pair[] =
		"penstock: 1\nnamespaces: [pnt-left, pnt-right]\nlinks:\n"
		"  - {name: v0, netns: pnt-left, kind: veth, mtu: %d,\n"
		"     peer: {name: v1, netns: pnt-right}}\n";
	char file[400];
	struct netns ns;
	struct pn_err err;

	tap_case("a pair of the same index in two namespaces");
	netns_begin(&ns);
	tap_sys(netns_quiet(&ns), "sysctls");
	snprintf(file, sizeof(file), pair, 1400);
	tap_true(applied_apply(file, NULL, &err) > 0, err.text);
	tap_eq(system("test \"$(ip -n pnt-left -o link show v0 | cut -d: -f1)\" = "
		      "\"$(ip -n pnt-right -o link show v1 | cut -d: -f1)\""), 0, "index");
	settled(file);
	snprintf(file, sizeof(file), pair, 1300);
	tap_eq(applied_apply(file, NULL, &err), 1, "writes");
	tap_true(applied_delete(&err) > 0, err.text);
	tap_true(!pn_netns_exists("pnt-left") && !pn_netns_exists("pnt-right"), "left behind");
	tap_end();
	netns_end(&ns);
}

int main(void)
{
	unsigned int i;
	size_t at;

	applied_init("addresses");
	snprintf(text, sizeof(text), "%s", HEAD);
	for (i = 0; i < N_WORDS; i++) {
		at = strlen(text);
		snprintf(text + at, sizeof(text) - at, "%s%s", i ? ",\n  " : "", words[i].file);
	}
	strcat(text, "]}\n");
	snprintf(plain, sizeof(plain), "%s192.0.2.2/24]}\n", HEAD);
	made_test();
	others_test();
	lifetime_test();
	pair_test();
	return tap_done();
}
