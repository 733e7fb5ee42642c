// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * show tunnels beside devices of every kind that this kernel has: what they
 * were given is what is printed, and the mirror says of each why it is left to
 * the kernel, or nothing. One row per device.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netns.h"
#include "run.h"
#include "scene.h"
#include "tap.h"

static struct netns ns;

static const struct tunnel_row {
	const char *name, *make;	/* as behind `ip link add NAME` */
	const char *want;		/* keys and values of its JSON */
} rows[] = {
	{ "vx1", "type vxlan id 7 local 10.0.0.1 remote 10.0.0.2 dstport 4789",
	  "kind=vxlan vni=7 port=4789 local=10.0.0.1 remote=10.0.0.2 eligible=true" },
	{ "vx2", "type vxlan id 8 local fd00::1 dstport 4790",
	  "kind=vxlan vni=8 port=4790 local=fd00::1 remote=null key=null eligible=true" },
	{ "vx3", "type vxlan external dstport 4791",
	  "kind=vxlan vni=null port=4791 local=null external=true" },
	{ "gn1", "type geneve id 9 remote 10.0.0.2",
	  "kind=geneve vni=9 port=6081 local=null remote=10.0.0.2 routed=true eligible=true" },
	{ "gn2", "type geneve id 10 remote fd00::2 dstport 6082",
	  "kind=geneve vni=10 port=6082 remote=fd00::2" },
	{ "gr1", "type gre local 10.0.0.1 remote 10.0.0.2 key 11",
	  "kind=gre key=11 vni=null port=null local=10.0.0.1 remote=10.0.0.2 eligible=true" },
	{ "gr2", "type gre local 10.0.0.1 remote 10.0.0.2 ikey 12 okey 13", "kind=gre key=12" },
	{ "gr3", "type gre local 10.0.0.1 remote 10.0.0.3",
	  "kind=gre key=null remote=10.0.0.3 eligible=true" },
	{ "gr4", "type gre local 10.0.0.1 remote 10.0.0.4 key 0", "kind=gre key=0" },
	{ "gr5", "type gre local 10.0.0.1 remote 10.0.0.5 seq",
	  "kind=gre eligible=false why=sequence" },
	{ "gr6", "type gre external", "kind=gre external=true why=external" },
	{ "gr7", "type gre local 10.0.0.1 remote 10.0.0.7 encap fou encap-sport auto "
		 "encap-dport 5555", "kind=gre encap.type=fou encap.dport=5555" },
	{ "gt1", "type gretap local 10.0.0.1 remote 10.0.0.2 key 14",
	  "kind=gretap key=14 local=10.0.0.1 remote=10.0.0.2 eligible=true" },
	{ "er1", "type erspan local 10.0.0.1 remote 10.0.0.2 erspan_ver 1 key 15 seq",
	  "kind=erspan key=15 why=erspan" },
	{ "i6g", "type ip6gre local fd00::1 remote fd00::2 key 16",
	  "kind=ip6gre key=16 local=fd00::1 remote=fd00::2 eligible=true" },
	{ "i6t", "type ip6gretap local fd00::1 remote fd00::2", "kind=ip6gretap key=null" },
	{ "i6e", "type ip6erspan local fd00::1 remote fd00::2 erspan_ver 1 key 17 seq",
	  "kind=ip6erspan key=17 why=erspan" },
	{ "ipp", "type ipip local 10.0.0.1 remote 10.0.0.2",
	  "kind=ipip mode=any key=null port=null remote=10.0.0.2 eligible=true" },
	{ "ipg", "type ipip local 10.0.0.1 remote 10.0.0.9 encap gue encap-dport 6666",
	  "kind=ipip encap.type=gue encap.dport=6666" },
	{ "si1", "type sit mode any local 10.0.0.1 remote 10.0.0.3",
	  "kind=sit mode=any remote=10.0.0.3" },
	{ "si2", "type sit mode ip6ip local 10.0.0.1 remote 10.0.0.4", "kind=sit mode=ip6ip" },
	{ "tn1", "type ip6tnl mode any local fd00::1 remote fd00::2",
	  "kind=ip6tnl mode=any local=fd00::1 remote=fd00::2 eligible=true" },
	{ "tn2", "type ip6tnl mode ipip6 local fd00::1 remote fd00::3",
	  "kind=ip6tnl mode=ipip6 remote=fd00::3" },
	{ "vt1", "type vti local 10.0.0.1 remote 10.0.0.6 key 18",
	  "kind=vti key=18 remote=10.0.0.6 why=xfrm" },
	{ "vt6", "type vti6 local fd00::1 remote fd00::6 key 19",
	  "kind=vti6 key=19 remote=fd00::6 why=xfrm" },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static bool made[ROWS];

static bool topology_make(void)
{
	if (!tap_sys(netns_open(&ns), "namespace") ||
	    !tap_sys(netns_veth(&ns, "up0", &ns, "peer0"), "veth") ||
	    !tap_sys(netns_up(&ns, "up0"), "up") || !tap_sys(netns_up(&ns, "peer0"), "up") ||
	    !tap_sys(netns_addr(&ns, "up0", "10.0.0.1/24"), "address") ||
	    !tap_sys(netns_addr(&ns, "up0", "fd00::1/64"), "address"))
		return false;
	for (size_t i = 0; i < ROWS; i++) {
		char line[256];

		snprintf(line, sizeof(line), "link add %s %s\nlink set %s up\n", rows[i].name,
			 rows[i].make, rows[i].name);
		made[i] = !netns_ip(&ns, line);
	}
	return tap_sys(netns_enter(&ns), "entering");
}

static struct json_object *json_of(const char *line)
{
	struct json_object *json = NULL;
	struct run r;

	if (tap_sys(run_penstock(&r, line), line) && tap_eq(r.status, 0, r.err))
		json = json_tokener_parse(r.out);
	run_free(&r);
	return json;
}

static const char *value_of(struct json_object *row, char *key)
{
	char why[] = "ineligible.name", *word;
	struct json_object *o = row;

	if (!strcmp(key, "why"))
		key = why;
	while (o && (word = strsep(&key, ".")))
		json_object_object_get_ex(o, word, &o);
	return o ? json_object_get_string(o) : "null";
}

/* The words "key=value" of a row. */
static void row_check(const struct tunnel_row *row, struct json_object *json)
{
	char *copy = strdup(row->want), *rest = copy, *word;

	while ((word = strsep(&rest, " "))) {
		char *value = strchr(word, '=');

		*value++ = '\0';
		tap_str(value_of(json, word), value, word);
	}
	free(copy);
}

static struct json_object *object_of(struct json_object *list, const char *key,
				     const char *value)
{
	size_t i, n = list ? json_object_array_length(list) : 0;

	for (i = 0; i < n; i++) {
		struct json_object *row = json_object_array_get_idx(list, i);

		if (!strcmp(json_object_get_string(json_object_object_get(row, key)), value))
			return row;
	}
	return NULL;
}

static void rows_test(void)
{
	struct json_object *all = json_of("show tunnels -j");
	size_t i;

	for (i = 0; i < ROWS; i++) {
		struct json_object *found = object_of(all, "tunnel", rows[i].name);

		tap_case("%s %s", rows[i].name, rows[i].make);
		if (!made[i]) {
			tap_skip("this kernel does not make it");
			continue;
		}
		if (tap_true(found != NULL, "it is shown"))
			row_check(&rows[i], found);
		tap_end();
	}
	json_object_put(all);
}

/* For a screen: no line of a row is wider than 120, and the state is in words. */
static void text_test(void)
{
	char *save = NULL, *line;
	struct run r;

	tap_case("show tunnels as text");
	tap_sys(run_penstock(&r, "show tunnels"), "running");
	tap_diag("\n%s", r.out);
	for (line = strtok_r(r.out, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (line[0] != ' ' && strlen(line) > 120)
			tap_fail("%zu columns: %s", strlen(line), line);
		if (!strncmp(line, "gr5 ", 4) && !strstr(line, "sequence"))
			tap_fail("no reason: %s", line);
	}
	run_free(&r);
	tap_end();
}

static void counted_test(void)
{
	struct json_object *all = json_of("stats tunnels -j");
	size_t i, n = 0;

	tap_case("every device has counters");
	for (i = 0; i < ROWS; i++)
		n += made[i];
	tap_true(all && json_object_array_length(all) >= n, "as many rows as devices");
	json_object_put(all);
	tap_end();
}

/* What doctor says of the devices, with a port or without, is what show says with one. */
static void doctor_tunnels(struct json_object *doctor, const char *when)
{
	struct json_object *all = json_of("show tunnels -j"), *list = NULL;
	size_t i;

	tap_case("doctor judges the devices as show tunnels does, %s", when);
	json_object_object_get_ex(doctor, "tunnels", &list);
	tap_eq(list ? json_object_array_length(list) : 0, json_object_array_length(all), "rows");
	for (i = 0; i < json_object_array_length(all); i++) {
		struct json_object *want = json_object_array_get_idx(all, i), *got;
		const char *name = json_object_get_string(json_object_object_get(want, "tunnel"));
		char eligible[] = "eligible", why[] = "why", wants[] = "why";

		got = object_of(list, "tunnel", name);
		if (!tap_true(got, name))
			continue;
		tap_str(value_of(got, eligible), value_of(want, eligible), name);
		tap_str(json_object_get_string(json_object_object_get(got, why)) ?: "null",
			value_of(want, wants), name);
	}
	json_object_put(all);
	tap_end();
}

/* A kind is there exactly if a device of it could be made. */
static void doctor_kinds(struct json_object *doctor)
{
	struct json_object *checks = NULL, *here;
	char list[256], word[32];
	size_t i;

	tap_case("doctor knows the kinds that this kernel has");
	json_object_object_get_ex(doctor, "kernel", &checks);
	here = object_of(checks, "check", "tunnel kinds");
	snprintf(list, sizeof(list), ", %s,", here ?
		 json_object_get_string(json_object_object_get(here, "text")) : "");
	for (i = 0; i < ROWS; i++) {
		size_t len = strcspn(rows[i].make + strlen("type "), " ");

		snprintf(word, sizeof(word), ", %.*s,", (int)len, rows[i].make + strlen("type "));
		if (!strstr(list, word) == made[i] && !strstr(rows[i].make, "encap"))
			tap_fail("%s: %s", rows[i].make, list);
	}
	tap_end();
}

int main(void)
{
	struct json_object *before, *after;
	struct run r;

	tap_case("devices, and a port");
	scene_modules();
	if (!topology_make())
		return tap_end(), tap_done();
	before = json_of("doctor -j");
	if (!tap_sys(run_penstock(&r, "attach up0 --hook tc"), "attach") ||
	    !tap_eq(r.status, 0, r.err))
		return tap_end(), tap_done();
	run_free(&r);
	tap_end();
	rows_test();
	text_test();
	counted_test();
	after = json_of("doctor -j");
	doctor_kinds(before);
	doctor_tunnels(before, "before anything is attached");
	doctor_tunnels(after, "beside a port");
	json_object_put(before);
	json_object_put(after);
	run_penstock(&r, "detach --all");
	run_free(&r);
	netns_leave();
	netns_close(&ns);
	return tap_done();
}
