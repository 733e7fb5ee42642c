// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * `graph` of what is there: devices of this namespace and of a named one with
 * their ties; what it refuses.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "netns.h"
#include "run.h"
#include "tap.h"

#define DEVICES \
	"link add br0 address 02:00:00:00:00:10 type bridge\n" \
	"link add up0 address 02:00:00:00:00:01 type veth peer name far0\n" \
	"link set far0 netns %s\n" \
	"address add 10.0.0.1/24 dev up0\n" \
	"link add vx7 type vxlan id 7 dstport 4789 local 10.0.0.1 remote 10.0.0.9\n" \
	"link set vx7 master br0\n" \
	"link add link up0 name mac0 type macvlan mode bridge\n"

static struct netns ns, far;
static char far_name[32];

static struct json_object *member(struct json_object *o, const char *key)
{
	return o ? json_object_object_get(o, key) : NULL;
}

static const char *text_of(struct json_object *o, const char *key)
{
	struct json_object *v = member(o, key);

	return v ? json_object_get_string(v) : "";
}

/* "vx7", or "ns/eth0" for one in another namespace. */
static int node_find(struct json_object *nodes, const char *id)
{
	const char *slash = strchr(id, '/'), *name = slash ? slash + 1 : id;
	size_t i;

	for (i = 0; nodes && i < json_object_array_length(nodes); i++) {
		struct json_object *n = json_object_array_get_idx(nodes, i);
		const char *netns = text_of(n, "netns");

		if (!strcmp(text_of(n, "name"), name) && !slash == !*netns)
			return i;
	}
	return -1;
}

static bool has_edge(struct json_object *all, const char *from, const char *kind, const char *to)
{
	struct json_object *nodes = member(all, "nodes"), *edges = member(all, "edges");
	int a = node_find(nodes, from), b = node_find(nodes, to);
	size_t i;

	for (i = 0; edges && i < json_object_array_length(edges); i++) {
		struct json_object *e = json_object_array_get_idx(edges, i);

		if (json_object_get_int(member(e, "from")) == a &&
		    json_object_get_int(member(e, "to")) == b && !strcmp(text_of(e, "kind"), kind))
			return true;
	}
	return false;
}

static bool topology_make(void)
{
	char lines[1024];

	snprintf(far_name, sizeof(far_name), "pnt-graph-%d", getpid());
	snprintf(lines, sizeof(lines), DEVICES, far_name);
	return tap_sys(netns_open(&ns), "namespace") && tap_sys(netns_open(&far), "namespace") &&
	       tap_sys(netns_name(&far, far_name), "name") && tap_sys(netns_ip(&ns, lines), "ip") &&
	       tap_sys(netns_enter(&ns), "enter");
}

static void running_test(void)
{
	static const char *const edges[][3] = {
		{ "br0", "master", "vx7" }, { "mac0", "lower", "up0" }, { "up0", "peer", "/far0" },
		{ "vx7", "local", "up0" }, { "vx7", "remote", "10.0.0.9" },
	};
	struct json_object *all = NULL;
	struct run r;
	size_t i;

	tap_case("what is there, with a named namespace");
	if (tap_sys(run_penstock(&r, "graph -j"), "graph") && tap_eq(r.status, 0, r.err))
		all = json_tokener_parse(r.out);
	for (i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
		if (!has_edge(all, edges[i][0], edges[i][1], edges[i][2]) &&
		    !has_edge(all, edges[i][2], edges[i][1], edges[i][0]))
			tap_fail("no edge %s %s %s in %s", edges[i][0], edges[i][1], edges[i][2],
				 r.out);
	run_free(&r);
	json_object_put(all);
	tap_end();
}

static void dot_test(void)
{
	struct run r;

	tap_case("the same for Graphviz and for Mermaid");
	tap_sys(run_penstock(&r, "graph"), "dot");
	tap_true(r.out && !strncmp(r.out, "digraph penstock {\n", 19), r.out);
	tap_true(r.out && strstr(r.out, far_name), "namespace");
	run_free(&r);
	tap_sys(run_penstock(&r, "graph --mermaid"), "mermaid");
	tap_true(r.out && !strncmp(r.out, "flowchart TB\n", 13), r.out);
	tap_true(r.out && strstr(r.out, "vx7<br/>vxlan<br/>id 7"), r.out);
	run_free(&r);
	tap_end();
}

static void wrong_test(void)
{
	struct run r;

	tap_case("what it refuses");
	tap_sys(run_penstock(&r, "graph --dot --mermaid"), "both");
	tap_eq(r.status, 1, r.err);
	tap_true(r.err && strstr(r.err, "exclude each other"), r.err);
	run_free(&r);
	tap_sys(run_penstock(&r, "graph /nosuch.yaml"), "no file");
	tap_eq(r.status, 1, r.err);
	tap_true(r.err && strstr(r.err, "/nosuch.yaml"), r.err);
	run_free(&r);
	tap_end();
}

int main(void)
{
	char path[64];

	tap_case("topology");
	if (!topology_make())
		return tap_end(), tap_done();
	tap_end();
	running_test();
	dot_test();
	wrong_test();
	netns_leave();
	netns_close(&ns);
	netns_close(&far);
	snprintf(path, sizeof(path), "/run/netns/%s", far_name);
	umount2(path, MNT_DETACH);
	unlink(path);
	return tap_done();
}
