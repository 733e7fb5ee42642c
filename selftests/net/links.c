// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * `show links` beside `ip -d -j link` of the same devices, key by key; peers in
 * other namespaces by name; the table in 80 columns, one device in detail.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "command.h"
#include "netns.h"
#include "run.h"
#include "tap.h"

#define DEVICES \
	"link add br0 address 02:00:00:00:00:10 type bridge\n" \
	"link add up0 mtu 1600 address 02:00:00:00:00:01 type veth peer name far0\n" \
	"link set far0 netns %s\n" \
	"link add v0 type veth peer name v1\n" \
	"link set up0 alias uplink up\n" \
	"link set v0 master br0 up\n" \
	"link add vx7 type vxlan id 7 dstport 4789 local 10.0.0.1 dev up0\n" \
	"link set vx7 master br0 up\n" \
	"link set v1 up\n" \
	"link add link up0 name mac1 type macvlan mode vepa\n" \
	"link add link up0 name mac0 type macvlan mode bridge\n"

static struct netns ns, far;
static char far_name[32];

static struct json_object *parse(const char *text)
{
	struct json_object *o = text ? json_tokener_parse(text) : NULL;

	if (!o)
		tap_fail("no JSON: %s", text ? text : "(null)");
	return o;
}

static struct json_object *command_json(const char *line)
{
	char *text = command_text(line, NULL);
	struct json_object *o = parse(text);

	free(text);
	return o;
}

static struct json_object *shown(const char *line)
{
	struct json_object *o = NULL;
	struct run r;

	if (tap_sys(run_penstock(&r, line), line) && tap_eq(r.status, 0, r.err))
		o = parse(r.out);
	run_free(&r);
	return o;
}

static struct json_object *by_name(struct json_object *all, const char *key, const char *name)
{
	size_t i, n = all ? json_object_array_length(all) : 0;

	for (i = 0; i < n; i++) {
		struct json_object *o = json_object_array_get_idx(all, i);
		const char *have = json_object_get_string(json_object_object_get(o, key));

		if (have && !strcmp(have, name))
			return o;
	}
	return NULL;
}

static const char *text_of(struct json_object *o, const char *key)
{
	struct json_object *v = o ? json_object_object_get(o, key) : NULL;

	return v ? json_object_get_string(v) : "(none)";
}

/* Flags: the same words, whatever the order; `ip` leaves RUNNING out. */
static void flags_same(const char *name, struct json_object *ip, struct json_object *pn)
{
	struct json_object *want = json_object_object_get(ip, "flags");
	struct json_object *have = json_object_object_get(pn, "flags");
	size_t i, n = 0, words = 0;
	const char *word;

	for (i = 0; want && i < json_object_array_length(want); i++) {
		word = json_object_get_string(json_object_array_get_idx(want, i));
		if (!strcmp(word, "NO-CARRIER") || !strcmp(word, "M-DOWN"))
			continue;
		words++;
		if (!strstr(json_object_get_string(have), word))
			tap_fail("%s lacks flag %s", name, word);
	}
	for (i = 0; have && i < json_object_array_length(have); i++) {
		word = json_object_get_string(json_object_array_get_idx(have, i));
		n += strcmp(word, "RUNNING") != 0;
	}
	tap_eq(n, words, name);
}

static void ip_test(void)
{
	static const char *const keys[][2] = {
		{ "ifindex", "ifindex" },	{ "mtu", "mtu" },
		{ "operstate", "operstate" },	{ "link_type", "type" },
		{ "address", "address" },	{ "master", "master" },
		{ "num_tx_queues", "tx_queues" }, { "num_rx_queues", "rx_queues" },
		{ "txqlen", "txqueuelen" },	{ "min_mtu", "mtu_min" },
		{ "ifalias", "alias" },		{ "promiscuity", "promiscuity" },
	};
	struct json_object *ip, *pn, *a, *b;
	size_t i, k;

	tap_case("what ip tells of a device stands in show links -j");
	ip = command_json("ip -d -j link");
	pn = shown("show links -j");
	tap_eq(pn ? json_object_array_length(pn) : 0, ip ? json_object_array_length(ip) : 1,
	       "devices");
	for (i = 0; ip && i < json_object_array_length(ip); i++) {
		a = json_object_array_get_idx(ip, i);
		b = by_name(pn, "device", text_of(a, "ifname"));
		if (!tap_true(b, text_of(a, "ifname")))
			continue;
		flags_same(text_of(a, "ifname"), a, b);
		for (k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
			const char *want = text_of(a, keys[k][0]), *have = text_of(b, keys[k][1]);

			if (strcmp(want, "(none)") && strcmp(want, have))
				tap_fail("%s: %s is %s, ip says %s", text_of(a, "ifname"),
					 keys[k][1], have, want);
		}
	}
	json_object_put(ip);
	json_object_put(pn);
	tap_end();
}

static const struct {
	const char *device, *key, *value;
} rows[] = {
	{ "up0", "kind", "veth" },
	{ "up0", "peer", "far0" },
	{ "up0", "link_netns", far_name },
	{ "up0", "lower", "(none)" },
	{ "up0", "above", "[ \"vx7\", \"mac1\", \"mac0\" ]" },
	{ "up0", "state", "no-carrier" },
	{ "up0", "hook", "tc" },
	{ "up0", "why", "it carries local TCP, which an XDP program would slow down" },
	{ "v0", "peer", "v1" },
	{ "v0", "link_netns", "(none)" },
	{ "v0", "state", "up" },
	{ "v0", "speed", "10000" },
	{ "v0", "duplex", "full" },
	{ "v0", "driver", "veth" },
	{ "v0", "bridge", "br0" },
	{ "br0", "state", "down" },
	{ "br0", "ports", "[ \"v0\", \"vx7\" ]" },
	{ "mac1", "lower", "up0" },
	{ "vx7", "lower", "up0" },
	{ "vx7", "driver", "vxlan" },
	{ "lo", "type", "loopback" },
	{ "lo", "hook", "(none)" },
	{ "lo", "why", "is no Ethernet device, and only those are accelerated" },
	{ "mac0", "pci", "(none)" },
};

static void rows_test(void)
{
	struct json_object *pn;
	size_t i;

	tap_case("masters, lower devices, peers, states, hooks");
	pn = shown("show links -j");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct json_object *o = by_name(pn, "device", rows[i].device);
		const char *have = text_of(o, rows[i].key);

		if (strcmp(have, rows[i].value))
			tap_fail("%s: %s is %s, not %s", rows[i].device, rows[i].key, have,
				 rows[i].value);
	}
	json_object_put(pn);
	tap_end();
}

static void count_is(const char *line, size_t n)
{
	struct json_object *o = shown(line);

	tap_eq(o ? json_object_array_length(o) : 0, n, line);
	json_object_put(o);
}

static void choice_test(void)
{
	tap_case("one device, a kind, nothing");
	count_is("show links up0 -j", 1);
	count_is("show links veth -j", 3);
	count_is("show links nosuch -j", 0);
	tap_end();
}

static void text_test(void)
{
	static const char *const lines[] = {
		"device", "up0, index", "alias \"uplink\"", "veth, type ether (1)",
		"no-carrier, operstate ", "peer far0 in namespace", "vx7 mac1 mac0",
		"UP BROADCAST", "1600 (68..65535)", "tc: it carries local TCP",
	};
	const char *line;
	struct run r;
	size_t i;

	tap_case("the table fits 80 columns, one device has a line for each thing");
	tap_sys(run_penstock(&r, "show links"), "table");
	for (line = r.out; *line; line += strcspn(line, "\n") + 1)
		if (strcspn(line, "\n") > 80)
			tap_fail("too wide: %.*s", (int)strcspn(line, "\n"), line);
	run_free(&r);
	tap_sys(run_penstock(&r, "show links up0"), "detail");
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (!strstr(r.out, lines[i]))
			tap_fail("no \"%s\" in: %s", lines[i], r.out);
	run_free(&r);
	tap_end();
}

int main(void)
{
	char lines[2048];

	snprintf(far_name, sizeof(far_name), "pnt-links-%d", getpid());
	snprintf(lines, sizeof(lines), DEVICES, far_name);
	tap_case("topology");
	if (!tap_sys(netns_open(&ns), "namespace") || !tap_sys(netns_open(&far), "namespace") ||
	    !tap_sys(netns_name(&far, far_name), "name") ||
	    !tap_sys(netns_quiet(&ns), "quiet") || !tap_sys(netns_ip(&ns, lines), "ip") ||
	    !tap_sys(netns_wait_up(&ns, "v1"), "carrier") || !tap_sys(netns_enter(&ns), "enter"))
		return tap_end(), tap_done();
	tap_end();
	ip_test();
	rows_test();
	choice_test();
	text_test();
	netns_leave();
	netns_close(&ns);
	netns_close(&far);
	snprintf(lines, sizeof(lines), "/run/netns/%s", far_name);
	umount2(lines, MNT_DETACH);
	unlink(lines);
	return tap_done();
}
