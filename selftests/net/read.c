// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The read commands on pins made by hand: what is in the maps is what show,
 * stats and export say, to the last digit; without pins, without rights and
 * with pins of another version they say that instead.
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <json-c/json.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <penstock/abi.h>

#include "handmade.h"
#include "prom.h"
#include "run.h"
#include "tap.h"
#include "util/names.h"

#define STRING_OF(x)	#x
#define STRING(x)	STRING_OF(x)

static struct json_object *json_run(const char *line)
{
	struct json_object *json = NULL;
	struct run r;

	if (tap_sys(run_penstock(&r, line), line) && tap_eq(r.status, 0, line) &&
	    tap_str(r.err, "", "stderr")) {
		json = json_tokener_parse(r.out);
		if (!json)
			tap_fail("no JSON: %s", r.out);
	}
	run_free(&r);
	return json;
}

/* "0.gates.1.name": indices of arrays and keys of objects. */
static struct json_object *json_at(struct json_object *o, const char *path)
{
	char *copy = strdup(path), *rest = copy, *word;

	while (o && (word = strsep(&rest, "."))) {
		if (json_object_is_type(o, json_type_array))
			o = json_object_array_get_idx(o, atoi(word));
		else
			json_object_object_get_ex(o, word, &o);
	}
	free(copy);
	return o;
}

static void value_is(struct json_object *json, const char *path, const char *want)
{
	struct json_object *o = json_at(json, path);

	tap_str(o ? json_object_get_string(o) : "(null)", want, path);
}

struct want {
	const char *path, *value;
};

static void values_are(const char *name, const char *line, const struct want *want)
{
	struct json_object *json;

	tap_case("%s", name);
	json = json_run(line);
	for (; json && want->path; want++)
		value_is(json, want->path, want->value);
	json_object_put(json);
	tap_end();
}

static const struct want no_ports[] = { { "0", "(null)" }, { NULL, NULL } };

static const struct want ports[] = {
	{ "0.device", "up0" },		{ "0.state", "attached" },
	{ "0.hook", "xdp" },		{ "0.mode", "native" },
	{ "0.checksum", "inner" },	{ "0.program", "4711" },
	{ "0.bridge", "br0" },		{ "0.up", "true" },
	{ "0.gates.0.name", "netfilter" },
	{ "0.gates.0.places.0", "outer6" },
	{ "0.gates.0.places.1", "egress" },
	{ "0.gates.1.name", "xfrm" },	{ "0.gates.2", "(null)" },
	{ "0.ignored.0", "tap" },	{ "0.ignored.1", "(null)" },
	{ "0.peers", "listed" },	{ "0.prefixes.0", "fd00::/8" },
	{ "0.prefixes.1", "(null)" },	{ "0.strict", "true" },
	{ "0.nesting", "1" },		{ "1.peers", "known" },
	{ "1.device", "lost0" },	{ "1.state", "failed" },
	{ "1.trouble", "no such device" }, { "1.hint", "plug it in" },
	{ "1.program", "(null)" },	{ "2", "(null)" },
	{ NULL, NULL }
};

static const struct want tunnels[] = {
	{ "0.tunnel", "vx100" },	{ "0.kind", "vxlan" },
	{ "0.vni", "100" },		{ "0.port", "4789" },
	{ "0.key", "(null)" },		{ "0.encap", "(null)" },
	{ "0.mode", "(null)" },		{ "0.link", "(null)" },
	{ "0.external", "false" },	{ "0.up", "true" },
	{ "0.eligible", "true" },	{ "0.ineligible", "(null)" },
	{ "0.routed", "false" },	{ "0.gates.0", "(null)" },
	{ "0.local", "10.0.0.1" },	{ "0.remote", "10.0.0.2" },
	{ "0.bridge", "br0" },		{ "0.accelerated", "true" },
	{ "0.obstacle", "(null)" },	{ "0.passed.packets", "0" },
	{ "1.tunnel", "vx200" },	{ "1.remote", "(null)" },
	{ "1.eligible", "false" },	{ "1.ineligible.name", "vnifilter" },
	{ "1.ineligible.what", "collect metadata, with a list of VNIs: as `external`" },
	{ "1.obstacle", "collect metadata, with a list of VNIs: as `external`" },
	{ "1.accelerated", "false" },	{ "1.up", "false" },
	{ "1.routed", "true" },		{ "1.bridge", "(null)" },
	{ "2.tunnel", "vx300" },	{ "2.eligible", "true" },
	{ "2.local", "2001:db8::1" },	{ "2.routed", "true" },
	{ "2.gates.0.name", "netfilter" }, { "2.gates.0.places.0", "routed4" },
	{ "2.gates.0.places.1", "routed6" }, { "2.gates.1", "(null)" },
	{ "2.accelerated", "false" },	{ "3", "(null)" },
	{ NULL, NULL }
};

static const struct want one_tunnel[] = {
	{ "0.tunnel", "vx300" }, { "1", "(null)" }, { NULL, NULL }
};

static const struct want one_kind[] = {
	{ "0.tunnel", "vx100" }, { "2.tunnel", "vx300" }, { "3", "(null)" }, { NULL, NULL }
};

static const struct want no_kind[] = { { "0", "(null)" }, { NULL, NULL } };

static const struct want one_port[] = {
	{ "0.device", "lost0" }, { "1", "(null)" }, { NULL, NULL }
};

static const struct want bridges[] = {
	{ "0.device", "br0" }, { "1", "(null)" }, { NULL, NULL }
};

static const struct want fdb[] = {
	{ "0.mac", "02:00:00:00:00:01" }, { "0.device", "up0" },
	{ "0.bridge", "br0" },		  { "0.vtep", "(null)" },
	{ "0.flags.0", "local" },	  { "0.flags.1", "stays" },
	{ "1.mac", "02:00:00:00:00:02" }, { "1.device", "vx100" },
	{ "1.vtep", "10.0.0.2" },	  { "1.flags.0", "ages" },
	{ "1.vlan", "(null)" },
	{ "2.mac", "02:00:00:00:00:01" }, { "2.device", "vx100" },
	{ "2.bridge", "br0" },		  { "2.vlan", "30" },
	{ "3", "(null)" },		  { NULL, NULL }
};

static const struct want pins[] = {
	{ "pinned", "true" },		{ "daemon", "false" },
	{ "abi", STRING(PN_ABI_VERSION) }, { "fdb.entries", "3" },
	{ "endpoints.entries", "4" },	{ "demux.entries", "1" },
	{ NULL, NULL }
};

static const struct want reasons[] = {
	{ "0.device", "up0" },		{ "0.reason", "decap" },
	{ "0.verdict", "forward" },	{ "1.reason", "not-tunnel" },
	{ "1.verdict", "pass" },	{ "2.reason", "egress-gone" },
	{ "2.verdict", "drop" },	{ "2.packets", "3" },
	{ "2.bytes", "180" },		{ "3", "(null)" },
	{ NULL, NULL }
};

static const struct want overview[] = {
	{ "pins.pinned", "true" }, { "ports.0.device", "up0" },
	{ "tunnels.0.tunnel", "vx100" }, { NULL, NULL }
};

/* Sums depend on how many CPUs there are. */
static void sums_test(void)
{
	unsigned long long cpus = libbpf_num_possible_cpus();
	char forwarded[32], passed[32], received[32];
	struct json_object *json;

	snprintf(forwarded, sizeof(forwarded), "%llu", (1ull << 60) + cpus);
	snprintf(passed, sizeof(passed), "%llu", 2 * cpus);
	snprintf(received, sizeof(received), "%llu", (1ull << 60) + 3 * cpus + 3);
	tap_case("stats ports: received = forwarded + passed + dropped, exactly");
	json = json_run("stats ports -j");
	value_is(json, "0.device", "up0");
	value_is(json, "0.forwarded.packets", forwarded);
	value_is(json, "0.passed.packets", passed);
	value_is(json, "0.dropped.packets", "3");
	value_is(json, "0.received.packets", received);
	json_object_put(json);
	tap_end();

	snprintf(forwarded, sizeof(forwarded), "%llu", cpus);
	snprintf(received, sizeof(received), "%llu", 50 * cpus);
	snprintf(passed, sizeof(passed), "%llu", 3 * cpus);
	tap_case("stats peers: by address, each once, anybody is nobody");
	json = json_run("stats peers -j");
	value_is(json, "0.peer", "10.0.0.2");
	value_is(json, "0.number", "77");
	value_is(json, "0.forwarded.packets", forwarded);
	value_is(json, "0.forwarded.bytes", received);
	value_is(json, "0.passed.packets", passed);
	value_is(json, "1.peer", "2001:db8::2");
	value_is(json, "1.received.packets", "0");
	value_is(json, "2", "(null)");
	json_object_put(json);
	tap_end();

	tap_case("stats tunnels");
	json = json_run("stats tunnels -j");
	value_is(json, "0.tunnel", "vx200");
	value_is(json, "1.tunnel", "vx100");
	value_is(json, "1.vni", "100");
	value_is(json, "1.key", "(null)");
	value_is(json, "1.port", "4789");
	value_is(json, "1.received.packets", forwarded);
	value_is(json, "1.forwarded.bytes", received);
	json_object_put(json);
	tap_end();
}

static void text_test(void)
{
	const char *const parts[] = {
		"up0     attached  xdp   native  inner     listed,strict  br0", "netfilter,xfrm",
		"closed: netfilter (tunnels over IPv6, egress): ",
		pn_gate_info[0].cure, "ignored: tap (", "no such device",
		"hint: plug it in", "peers: fd00::/8",
	};
	struct run r;
	unsigned int i;

	tap_case("show ports as text names gates, cures and what is ignored");
	tap_sys(run_penstock(&r, "show ports"), "running");
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (!strstr(r.out, parts[i]))
			tap_fail("no '%s' in:\n%s", parts[i], r.out);
	run_free(&r);
	tap_end();
}

/* --- the exporter -------------------------------------------------------- */

/* One HTTP exchange on the loopback; the whole answer in @buf. */
static int http_talk(unsigned int port, const char *request, char *buf, size_t size)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t used = 0;
	ssize_t n;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	buf[0] = '\0';
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) ||
	    send(fd, request, strlen(request), MSG_NOSIGNAL) < 0) {
		close(fd);
		return -errno;
	}
	shutdown(fd, SHUT_WR);
	while (used + 1 < size && (n = read(fd, buf + used, size - used - 1)) > 0)
		used += n;
	buf[used] = '\0';
	close(fd);
	return 0;
}

static const struct {
	const char *request, *status;
} exchanges[] = {
	{ "GET / HTTP/1.0\r\n\r\n", "200 " },
	{ "GET /metric HTTP/1.0\r\n\r\n", "404 " },
	{ "GET /../metrics HTTP/1.0\r\n\r\n", "404 " },
	{ "HEAD /metrics HTTP/1.0\r\n\r\n", "200 " },
	{ "PUT /metrics HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", "405 " },
};

static void page_test(unsigned int port)
{
	unsigned long long cpus = libbpf_num_possible_cpus();
	static char buf[65536];
	char why[256] = "", want[32], got[32] = "(absent)";
	const char *body, *value;

	tap_sys(http_talk(port, "GET /metrics HTTP/1.0\r\n\r\n", buf, sizeof(buf)), "scrape");
	body = strstr(buf, "\r\n\r\n");
	if (!tap_true(body != NULL, "an answer"))
		return;
	tap_true(prom_check(body + 4, why, sizeof(why)), why);
	tap_true(strstr(buf, "Content-Type: text/plain; version=0.0.4") != NULL, "type");
	value = prom_value(body + 4, "penstock_packets_total{device=\"up0\",hook=\"xdp\","
				     "verdict=\"forward\"}");
	if (value)
		snprintf(got, sizeof(got), "%.*s", (int)strcspn(value, "\n"), value);
	snprintf(want, sizeof(want), "%llu", (1ull << 60) + cpus);
	tap_str(got, want, "packets forwarded");
	value = prom_value(body + 4, "penstock_peer_packets_total{peer=\"10.0.0.2\","
				     "verdict=\"forward\"}");
	if (tap_true(value != NULL, "a peer"))
		tap_eq(atoi(value), cpus, "packets of a peer");
	tap_true(strstr(body, "\npenstock_tunnels 3\n") != NULL, "number of tunnels");
	tap_true(strstr(body, "\npenstock_peers 2\n") != NULL, "number of peers");
}

static void http_test(void)
{
	struct pollfd fd = { .events = POLLIN };
	char line[256] = "", answer[4096];
	unsigned int port = 0, i;
	int status = -1;
	pid_t pid;

	tap_case("export serves what the counters are, and nothing else");
	pid = run_start("export --listen 127.0.0.1:0 -j", &fd.fd);
	if (tap_eq(poll(&fd, 1, 10000), 1, "it says where it listens") &&
	    read(fd.fd, line, sizeof(line) - 1) > 0)
		sscanf(line, "{\"listen\":\"127.0.0.1:%u\"", &port);
	if (tap_true(port != 0, line)) {
		page_test(port);
		for (i = 0; i < sizeof(exchanges) / sizeof(exchanges[0]); i++) {
			http_talk(port, exchanges[i].request, answer, sizeof(answer));
			tap_true(strstr(answer, exchanges[i].status) == answer + 9,
				 exchanges[i].request);
		}
	}
	close(fd.fd);
	kill(pid, SIGTERM);
	tap_eq(waitpid(pid, &status, 0), pid, "it ends");
	tap_eq(status, 0, "its status");
	tap_end();
}

static void textfile_test(void)
{
	char path[] = "/tmp/pnt-read.XXXXXX", line[128], why[256] = "";
	static char text[65536];
	struct run r;
	FILE *f;
	int fd = mkstemp(path);

	close(fd);
	tap_case("export --textfile replaces the file by a whole page");
	snprintf(line, sizeof(line), "export --textfile %s", path);
	tap_sys(run_penstock(&r, line), "running");
	tap_eq(r.status, 0, r.err);
	run_free(&r);
	f = fopen(path, "r");
	if (f) {
		text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
		fclose(f);
	}
	tap_true(prom_check(text, why, sizeof(why)), why);
	tap_true(strstr(text, "penstock_fdb_entries 3\n") != NULL, "FDB entries");
	unlink(path);
	tap_end();
}

/* --- what is wrong ------------------------------------------------------- */

static void refused(const char *name, uid_t uid, const char *line, int status,
		    const char *part)
{
	struct run r;

	tap_case("%s", name);
	tap_sys(run_penstock_as(&r, uid, line), "running");
	tap_eq(r.status, status, "exit status");
	tap_str(r.out, "", "stdout");
	if (!strstr(r.err, part))
		tap_fail("no '%s' in: %s", part, r.err);
	run_free(&r);
	tap_end();
}

static void abi_test(void)
{
	struct pn_abi abi;
	uint32_t key = 0;
	int fd = pn_pins_get(&handmade_pins, "abi");

	bpf_map_lookup_elem(fd, &key, &abi);
	abi.version += 41;
	bpf_map_update_elem(fd, &key, &abi, BPF_ANY);
	refused("pins of another version are not read", 0, "show ports", PN_EXIT_KERNEL,
		"version");
	refused("nor counted", 0, "stats", PN_EXIT_KERNEL, "version");
	refused("nor exported", 0, "export --textfile /tmp/pnt-none.prom", PN_EXIT_KERNEL,
		"version");
	abi.version -= 41;
	bpf_map_update_elem(fd, &key, &abi, BPF_ANY);
	close(fd);
}

static void wrong_test(void)
{
	refused("an unknown noun names the nearest", 0, "show prots", PN_EXIT_USAGE,
		"penstock: show: cannot show 'prots'; did you mean 'ports'?");
	refused("no such tunnel", 0, "show tunnels up0", PN_EXIT_USAGE,
		"penstock: up0: is neither a tunnel device here nor a kind of tunnels");
	refused("a word that a noun does not take", 0, "show pins x", PN_EXIT_USAGE,
		"penstock: show: 'x': pins takes no word");
	refused("an unknown counter names the nearest", 0, "stats reason-s", PN_EXIT_USAGE,
		"penstock: stats: nothing counts 'reason-s'; did you mean 'reasons'?");
	refused("no such namespace", 0, "-n pnt-none show", PN_EXIT_KERNEL,
		"penstock: pnt-none: cannot open");
	refused("no address to listen on", 0, "export --listen 300.1.1.1:80", PN_EXIT_USAGE,
		"must be ADDR:PORT");
	refused("a port number that is none", 0, "export --listen 127.0.0.1:65536",
		PN_EXIT_USAGE, "must be ADDR:PORT");
	refused("no directory for the text file", 0, "export -t /nonexistent/a.prom",
		PN_EXIT_KERNEL, "penstock: /nonexistent/a.prom: cannot be written");
	refused("a text file that is none", 0, "export -t /proc/self/fd/1", PN_EXIT_USAGE,
		"is no regular file, and would be replaced by one");
	refused("not root", 65534, "show ports", PN_EXIT_KERNEL, "ermission");
}

int main(void)
{
	tap_case("pins made by hand");
	if (!handmade_devices())
		return tap_end(), tap_done();
	tap_end();
	values_are("without pins nothing is attached, and that is no error", "show ports -j",
		   no_ports);
	tap_case("maps, records and counters");
	if (!handmade_make())
		return tap_end(), tap_done();
	tap_end();
	values_are("show ports", "show ports -j", ports);
	values_are("show tunnels", "show tunnels -j", tunnels);
	values_are("show one tunnel", "show tunnels vx300 -j", one_tunnel);
	values_are("show tunnels of a kind", "show tunnels vxlan -j", one_kind);
	values_are("show tunnels of a kind that is not here", "show tunnels gre -j", no_kind);
	values_are("show one port", "show ports lost0 -j", one_port);
	values_are("show links of a kind", "show links bridge -j", bridges);
	values_are("show fdb", "show fdb -j", fdb);
	values_are("show pins", "-j show pins", pins);
	values_are("show, everything", "show -p", overview);
	values_are("stats reasons", "stats reasons -j", reasons);
	values_are("show links", "show links -j", (struct want[]){
		{ "0.device", "lo" }, { "1.device", "br0" }, { "1.kind", "bridge" },
		{ NULL, NULL } });
	sums_test();
	text_test();
	http_test();
	textfile_test();
	abi_test();
	wrong_test();
	return tap_done();
}
