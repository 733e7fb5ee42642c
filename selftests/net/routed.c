// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A tunnel that no bridge has, from end to end: packets come out of it and are
 * routed by the program that penstock attached, with the maps that the mirror
 * made; and by the kernel where a gate is in between. Nothing is lost or
 * doubled by either.
 */
#include <arpa/inet.h>
#include <json-c/json.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netns.h"
#include "run.h"
#include "tap.h"

#define PACKETS	40
#define PORT	7777

static struct netns host, sender, sink;
static int from = -1, to = -1;

/* sender - d host o - sink; vu is the host's end of the sender's tunnel. */
static bool topology_make(void)
{
	struct netns_vxlan vu = { .id = 5, .dstport = 4789, .local = "10.0.0.1",
				  .remote = "10.0.0.2" };
	struct netns_vxlan vs = { .id = 5, .dstport = 4789, .local = "10.0.0.2",
				  .remote = "10.0.0.1", .zerocsum_tx = true };

	return tap_sys(netns_open(&host), "host") && tap_sys(netns_open(&sender), "sender") &&
	       tap_sys(netns_open(&sink), "sink") &&
	       tap_sys(netns_name(&sink, "sink"), "its name") &&
	       tap_sys(netns_quiet(&host), "sysctls") &&
	       tap_sys(netns_sysctl(&host, "net/ipv4/ip_forward", "1"), "forwarding") &&
	       tap_sys(netns_veth(&host, "d", &sender, "p"), "underlay") &&
	       tap_sys(netns_veth(&host, "o", &sink, "q"), "way out") &&
	       tap_sys(netns_vxlan(&host, "vu", &vu), "tunnel") &&
	       tap_sys(netns_vxlan(&sender, "vs", &vs), "its other end") &&
	       tap_sys(netns_addr(&host, "d", "10.0.0.1/24"), "address") &&
	       tap_sys(netns_addr(&host, "o", "10.9.0.1/24"), "address") &&
	       tap_sys(netns_addr(&host, "vu", "10.5.0.1/24"), "address") &&
	       tap_sys(netns_addr(&sender, "p", "10.0.0.2/24"), "address") &&
	       tap_sys(netns_addr(&sender, "vs", "10.5.0.2/24"), "address") &&
	       tap_sys(netns_addr(&sink, "q", "10.9.0.2/24"), "address") &&
	       tap_sys(netns_offloads_off(&sender, "p"), "offloads") &&
	       tap_sys(netns_offloads_off(&sender, "vs"), "offloads") &&
	       tap_sys(netns_gro(&sink, "q", true), "GRO");
}

static bool topology_up(void)
{
	static const struct {
		struct netns *ns;
		const char *dev;
	} ends[] = {
		{ &host, "d" }, { &host, "o" }, { &host, "vu" },
		{ &sender, "p" }, { &sender, "vs" }, { &sink, "q" },
	};
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (!tap_sys(netns_up(ends[i].ns, ends[i].dev), ends[i].dev))
			return false;
	return tap_sys(netns_wait_up(&host, "d"), "carrier") &&
	       tap_sys(netns_wait_up(&host, "o"), "carrier") &&
	       tap_sys(netns_ip(&sender, "route add 10.9.0.0/24 via 10.5.0.1\n"), "route") &&
	       tap_sys(netns_ip(&sink, "route add default via 10.9.0.1\n"), "route");
}

static int udp_open(const struct netns *ns, const char *addr, bool connected)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(PORT),
				  .sin_addr.s_addr = inet_addr(addr) };
	int fd, rc;

	netns_enter(ns);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	netns_leave();
	rc = connected ? connect(fd, (struct sockaddr *)&in, sizeof(in)) :
			 bind(fd, (struct sockaddr *)&in, sizeof(in));
	return rc ? -1 : fd;
}

/* Send one after the other, each as soon as the one before has come: how many did. */
static int packets_pass(int n)
{
	struct pollfd p = { .fd = to, .events = POLLIN };
	int i, came = 0;
	char buf[64];

	for (i = 0; i < n; i++) {
		if (send(from, "penstock", 8, 0) != 8 || poll(&p, 1, 3000) <= 0)
			continue;
		while (recv(to, buf, sizeof(buf), MSG_DONTWAIT) > 0)
			came++;
	}
	return came;
}

static void attach(const char *hook)
{
	struct run r;
	char line[96];

	snprintf(line, sizeof(line), "attach d --hook %s --ignore offload", hook);
	if (tap_sys(run_penstock(&r, line), line))
		tap_eq(r.status, 0, r.err);
	run_free(&r);
}

static const char *text_of(struct json_object *row, const char *key)
{
	const char *text = json_object_get_string(json_object_object_get(row, key));

	return text ? text : "";
}

/* Packets of d with this reason. */
static uint64_t counted(const char *reason)
{
	struct json_object *rows, *row;
	uint64_t packets = 0;
	struct run r;
	size_t i;

	if (!tap_sys(run_penstock(&r, "stats reasons -j"), "stats"))
		return 0;
	rows = json_tokener_parse(r.out);
	for (i = 0; rows && i < json_object_array_length(rows); i++) {
		row = json_object_array_get_idx(rows, i);
		if (!strcmp(text_of(row, "device"), "d") && !strcmp(text_of(row, "reason"), reason))
			packets = json_object_get_int64(json_object_object_get(row, "packets"));
	}
	json_object_put(rows);
	run_free(&r);
	return packets;
}

static void host_sh(const char *command)
{
	tap_eq(system(command), 0, command);
}

static void hook_case(const char *hook)
{
	uint64_t routed, gated;
	struct run r;

	tap_case("packets out of a tunnel are routed, hook %s", hook);
	attach(hook);
	/* Neighbours are found by the kernel. */
	tap_true(packets_pass(3) > 0, "the way is there");
	routed = counted("routed");
	tap_eq(packets_pass(PACKETS), PACKETS, "each once");
	tap_true(counted("routed") - routed >= PACKETS * 3 / 4, "routed here");
	tap_end();

	tap_case("a rule of the forward chain leaves them to the kernel, hook %s", hook);
	host_sh("nft 'table ip t { chain f { type filter hook forward priority 0; accept; }; }'");
	attach(hook);
	routed = counted("routed");
	gated = counted("gate-route");
	tap_eq(packets_pass(PACKETS), PACKETS, "each once");
	tap_eq(counted("routed") - routed, 0, "none routed here");
	tap_true(counted("gate-route") - gated + counted("delivered") >=
		 PACKETS, "by the gate");
	host_sh("nft delete table ip t");
	attach(hook);
	tap_eq(packets_pass(PACKETS), PACKETS, "each once");
	tap_true(counted("routed") - routed >= PACKETS * 3 / 4, "routed here again");
	run_penstock(&r, "detach --all");
	run_free(&r);
	tap_end();
}

static bool inner_make(void)
{
	struct netns_vxlan vi = { .id = 6, .dstport = 4789, .local = "10.5.0.1",
				  .remote = "10.5.0.2" };
	struct netns_vxlan vt = { .id = 6, .dstport = 4789, .local = "10.5.0.2",
				  .remote = "10.5.0.1", .zerocsum_tx = true };

	return tap_sys(netns_vxlan(&host, "vi", &vi), "inner tunnel") &&
	       tap_sys(netns_vxlan(&sender, "vt", &vt), "its other end") &&
	       tap_sys(netns_addr(&host, "vi", "10.6.0.1/24"), "address") &&
	       tap_sys(netns_addr(&sender, "vt", "10.6.0.2/24"), "address") &&
	       tap_sys(netns_offloads_off(&sender, "vt"), "offloads") &&
	       tap_sys(netns_up(&host, "vi"), "up") && tap_sys(netns_up(&sender, "vt"), "up") &&
	       tap_sys(netns_ip(&sender, "route replace 10.9.0.0/24 via 10.6.0.1\n"), "route");
}

static void nested_case(const char *hook)
{
	char options[32];
	uint64_t routed;
	struct run r;

	tap_case("a tunnel inside the tunnel, hook %s", hook);
	attach(hook);
	tap_true(packets_pass(3) > 0, "the way is there");
	routed = counted("routed");
	tap_eq(packets_pass(PACKETS), PACKETS, "each once");
	tap_eq(counted("routed") - routed, 0, "one tunnel is taken off, unless more are wanted");
	snprintf(options, sizeof(options), "%s --nesting 2", hook);
	attach(options);
	tap_eq(packets_pass(PACKETS), PACKETS, "each once");
	tap_true(counted("routed") - routed >= PACKETS * 3 / 4, "both are taken off here");
	run_penstock(&r, "detach --all");
	run_free(&r);
	tap_end();
}

/* The sender's end has another address than the host's end knows. */
static bool stranger_make(void)
{
	struct netns_vxlan vs = { .id = 5, .dstport = 4789, .local = "10.0.0.3",
				  .remote = "10.0.0.1", .zerocsum_tx = true };

	return tap_sys(netns_del(&sender, "vt"), "no inner tunnel") &&
	       tap_sys(netns_del(&sender, "vs"), "the sender's end") &&
	       tap_sys(netns_addr(&sender, "p", "10.0.0.3/24"), "address") &&
	       tap_sys(netns_vxlan(&sender, "vs", &vs), "of another address") &&
	       tap_sys(netns_addr(&sender, "vs", "10.5.0.2/24"), "address") &&
	       tap_sys(netns_offloads_off(&sender, "vs"), "offloads") &&
	       tap_sys(netns_up(&sender, "vs"), "up") &&
	       tap_sys(netns_ip(&sender, "route replace 10.9.0.0/24 via 10.5.0.1\n"), "route");
}

static const struct {
	const char *options;
	const char *reason;
	bool lost;
} strangers[] = {
	{ "tc", "endpoint", false },
	{ "tc --peers any", "routed", false },
	{ "tc --peers 10.0.0.3/32", "routed", false },
	{ "tc --peers 10.0.0.2/32,fd00::/8", "endpoint", false },
	{ "tc --strict", "peer-refused", true },
	{ "xdp --peers any", "routed", false },
};

static void strangers_run(void)
{
	uint64_t before;
	struct run r;
	size_t i;
	int n;

	tap_case("the kernel takes packets from a stranger");
	if (!stranger_make())
		tap_bail("no stranger");
	tap_true(packets_pass(3) > 0, "the way is there");
	tap_end();
	netns_enter(&host);
	for (i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		tap_case("a stranger's packets, --hook %s", strangers[i].options);
		attach(strangers[i].options);
		before = counted(strangers[i].reason);
		n = strangers[i].lost ? 1 : PACKETS;
		tap_eq(packets_pass(n), strangers[i].lost ? 0 : n, "came");
		tap_true((int)(counted(strangers[i].reason) - before) >= n - n / 4,
			 strangers[i].reason);
		tap_end();
	}
	run_penstock(&r, "detach --all");
	run_free(&r);
	netns_leave();
}

int main(void)
{
	tap_case("a host whose tunnel is routed");
	if (!topology_make() || !topology_up())
		tap_bail("no topology");
	from = udp_open(&sender, "10.9.0.2", true);
	to = udp_open(&sink, "10.9.0.2", false);
	tap_true(from >= 0 && to >= 0, "sockets");
	tap_true(packets_pass(3) > 0, "the kernel routes");
	tap_end();
	netns_enter(&host);
	hook_case("tc");
	hook_case("xdp");
	netns_leave();
	if (!inner_make())
		tap_bail("no inner tunnel");
	netns_enter(&host);
	nested_case("tc");
	nested_case("xdp");
	netns_leave();
	strangers_run();
	return tap_done();
}
