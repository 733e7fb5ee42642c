// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What show says of a port that is really attached at tc: our own program is
 * no gate, somebody else's filter is one and is named, an ignored gate is
 * said to be ignored, a device that went is gone.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "netns.h"
#include "run.h"
#include "tap.h"

static struct netns ns;

/* The first port of `show ports -j`; *@all is for json_object_put(). */
static struct json_object *port_show(struct json_object **all)
{
	struct run r;

	*all = NULL;
	if (tap_sys(run_penstock(&r, "show ports -j"), "running") && !r.status)
		*all = json_tokener_parse(r.out);
	if (!*all || !json_object_is_type(*all, json_type_array) ||
	    json_object_array_length(*all) != 1)
		tap_fail("not one port: %s%s", r.out, r.err);
	run_free(&r);
	return *all ? json_object_array_get_idx(*all, 0) : NULL;
}

static void string_is(struct json_object *o, const char *key, const char *want)
{
	struct json_object *v = o ? json_object_object_get(o, key) : NULL;

	tap_str(v ? json_object_get_string(v) : "(null)", want, key);
}

static void command_run(const char *line)
{
	struct run r;

	tap_sys(run_penstock(&r, line), line);
	tap_eq(r.status, 0, r.err);
	run_free(&r);
}

static bool topology_make(void)
{
	return tap_sys(netns_open(&ns), "namespace") &&
	       tap_sys(netns_veth(&ns, "up0", &ns, "peer0"), "veth") &&
	       tap_sys(netns_up(&ns, "up0"), "up") &&
	       tap_sys(netns_up(&ns, "peer0"), "up") &&
	       tap_sys(netns_enter(&ns), "entering");
}

static void own_test(void)
{
	struct json_object *all, *port;

	tap_case("our own program at tc is no gate");
	command_run("attach up0 --hook tc --ignore vrf");
	port = port_show(&all);
	string_is(port, "device", "up0");
	string_is(port, "state", "attached");
	string_is(port, "hook", "tc");
	string_is(port, "gates", "[ ]");
	string_is(port, "ignored", "[ \"vrf\" ]");
	json_object_put(all);
	tap_end();
}

/* Every command that reads, as one document that a strict parser takes whole. */
static void json_test(void)
{
	static const char *const lines[] = {
		"show -j",	     "show ports -j",	 "show tunnels -j", "show fdb -j",
		"show links -j",     "show programs -p", "show config -j",  "stats -j",
		"show pins -j",	     "show config -p -a",
		"stats ports -p",    "stats tunnels -j", "stats reasons -a -j", "version -j",
		"help -j",	     "help show -j",	 "help gates -j",   "help reasons -p",
		"doctor -j",	     "doctor up0 -p",	 "detach nosuch -j", "show nosuch -j",
		"attach nosuch -j",  "plan /none -j",	 "explain /none --dev up0 -j",
		"explain /none -j",  "--bogus -j",	 "delete -j",	    "apply -j",
		"export -t /none/x -j", "-n pnt-none show -j",
	};
	struct json_tokener *tok = json_tokener_new_ex(16);
	struct json_object *o;
	struct run r;
	unsigned int i;

	json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
	tap_case("with -j every command prints one JSON document and nothing else");
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		size_t len;

		tap_sys(run_penstock(&r, lines[i]), lines[i]);
		len = strlen(r.out);
		json_tokener_reset(tok);
		o = len ? json_tokener_parse_ex(tok, r.out, len - 1) : NULL;
		if (!o || r.out[len - 1] != '\n')
			tap_fail("%s: %s", lines[i], r.out);
		if (r.err[0])
			tap_fail("%s: stderr: %s", lines[i], r.err);
		if (o && (r.status != 0) != json_object_object_get_ex(o, "error", NULL))
			tap_fail("%s: exit status %d: %s", lines[i], r.status, r.out);
		json_object_put(o);
		run_free(&r);
	}
	tap_end();
	json_tokener_free(tok);
}

static void words_test(void)
{
	static const struct {
		const char *line, *says;
	} wrong[] = {
		{ "show nosuch", "show: cannot show 'nosuch'\n  hint: it shows ports, " },
		{ "show pins up0", "show: 'up0': pins takes no word\n  hint: ports and " },
		{ "show links --all", "show: --all: links shows this network namespace alone\n"
		  "  hint: it is for 'penstock show config'" },
		{ "show fdb -a", "show: --all: fdb shows this network namespace alone\n" },
		{ "show -a", "show: --all: there is nothing more to show without a word\n" },
	};
	unsigned int i;
	struct run r;

	tap_case("words that show does not take are refused");
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		tap_sys(run_penstock(&r, wrong[i].line), wrong[i].line);
		tap_eq(r.status, 1, wrong[i].line);
		tap_str(r.out, "", wrong[i].line);
		if (!strstr(r.err, wrong[i].says))
			tap_fail("%s: no \"%s\" in: %s", wrong[i].line, wrong[i].says, r.err);
		run_free(&r);
	}
	tap_end();
}

static void foreign_test(void)
{
	struct json_object *all, *port, *gates, *gate;

	tap_case("somebody else's filter is one, and is named with what was found");
	tap_eq(system("{ tc qdisc show dev up0 | grep -q clsact ||"
		      "tc qdisc add dev up0 clsact; } && tc filter add dev up0 ingress "
		      "prio 77 protocol ip u32 match u32 0 0 classid 1:1"), 0, "tc");
	command_run("attach up0 --hook tc");
	port = port_show(&all);
	gates = port ? json_object_object_get(port, "gates") : NULL;
	gate = gates ? json_object_array_get_idx(gates, 0) : NULL;
	string_is(gate, "name", "tc-ingress");
	string_is(gate, "places", "[ \"port\" ]");
	if (gate && !json_object_array_length(json_object_object_get(gate, "found")))
		tap_fail("it does not say what it found");
	string_is(port, "ignored", "[ ]");
	json_object_put(all);
	tap_eq(system("tc filter del dev up0 ingress prio 77"), 0, "tc");
	command_run("attach up0 --hook tc");
	port = port_show(&all);
	string_is(port, "gates", "[ ]");
	json_object_put(all);
	tap_end();
}

/* A peer that rp_filter refuses is left out; the tunnel says so. */
static void peer_test(void)
{
	struct json_object *all = NULL, *row;
	struct netns_vxlan vx = { .id = 5, .dstport = 4789, .local = "10.0.0.1",
				  .remote = "10.9.9.9" };
	struct run r;

	tap_case("a tunnel whose remote is no proven peer is left to the kernel");
	tap_sys(netns_sysctl(&ns, "net/ipv4/conf/up0/rp_filter", "1"), "rp_filter");
	tap_sys(netns_addr(&ns, "up0", "10.0.0.1/24"), "address");
	tap_sys(netns_bridge(&ns, "br0"), "bridge");
	tap_sys(netns_up(&ns, "br0"), "up");
	tap_sys(netns_vxlan(&ns, "vx", &vx), "vxlan");
	tap_sys(netns_master(&ns, "vx", "br0"), "master");
	tap_sys(netns_up(&ns, "vx"), "up");
	tap_sys(netns_enter(&ns), "entering, which the library left");
	command_run("attach up0 --hook tc");
	if (tap_sys(run_penstock(&r, "show tunnels -j"), "running") && !r.status)
		all = json_tokener_parse(r.out);
	row = all ? json_object_array_get_idx(all, 0) : NULL;
	string_is(row, "tunnel", "vx");
	string_is(row, "accelerated", "false");
	string_is(row, "obstacle", "its remote is no proven peer: no route back through an "
		  "attached port, or refused by rp_filter (gate rp-filter)");
	json_object_put(all);
	run_free(&r);
	netns_del(&ns, "vx");
	netns_del(&ns, "br0");
	tap_end();
}

static void gone_test(void)
{
	struct json_object *all, *port;

	tap_case("a port whose device went is gone, and can be detached");
	tap_sys(netns_del(&ns, "up0"), "deleting");
	port = port_show(&all);
	string_is(port, "device", "up0");
	string_is(port, "state", "gone");
	json_object_put(all);
	command_run("detach up0");
	tap_end();
}

int main(void)
{
	tap_case("a veth");
	if (!topology_make())
		return tap_end(), tap_done();
	tap_end();
	own_test();
	json_test();
	words_test();
	foreign_test();
	peer_test();
	gone_test();
	return tap_done();
}
