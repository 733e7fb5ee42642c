// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The life of a port under a daemon: killed, restarted, replaced under
 * traffic; devices that go and come back; targets that need a cure.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway.h"
#include "tap.h"

#define RUN_XDP "run d --hook xdp --ignore offload,sysctl"
#define ROUNDS	20
#define FILE_PATH "/run/netns/pnt-run.yaml"

static struct gateway gw;

/* Everything sent since @before has arrived, and nothing twice. */
static void all_arrived(uint64_t before, uint64_t sent)
{
	tap_eq(gateway_received(&gw) - before, sent, "packets at the workload");
}

static void killed(void)
{
	uint64_t before = gateway_received(&gw), sent = gw.sent;
	pid_t daemon;
	int i;

	tap_case("killing and restarting the daemon %d times loses no packet", ROUNDS);
	for (i = 0; i < ROUNDS; i++) {
		daemon = gateway_daemon(i ? "run" : RUN_XDP);
		if (!tap_sys(daemon, "daemon"))
			goto out;
		gateway_send(&gw, 96);
		tap_eq(gateway_stop(daemon, SIGKILL), 128 + SIGKILL, "killed");
		gateway_send(&gw, 96);
	}
	all_arrived(before, gw.sent - sent);
	tap_eq(gateway_reason("d", "egress-gone"), 0, "dropped");
	tap_true(gateway_reason("d", "decap") > 90 * 2 * ROUNDS, "most were decapsulated here");
out:
	tap_end();
}

/* In a child: restart and replace until told to stop. */
static pid_t replace_forever(void)
{
	static const char *const lines[] = {
		"attach d --hook xdp --ignore offload,sysctl --checksum inner",
		"attach d --hook xdp --ignore offload,sysctl --checksum full",
	};
	struct run r;
	pid_t pid = fork();
	int i;

	if (pid)
		return pid;
	gateway_enter(&gw.scene.d);
	for (i = 0;; i++)
		if (run_penstock(&r, lines[i % 2]) || r.status)
			_exit(1);
		else
			run_free(&r);
}

static uint64_t program_id(void)
{
	const char *at = strstr(gateway_output("show ports -j"), "\"program\":");

	return at ? strtoull(at + 10, NULL, 10) : 0;
}

static void replaced(void)
{
	uint64_t before = gateway_received(&gw), sent = gw.sent, first, seen, id;
	int swaps = 0, i;
	pid_t child;

	tap_case("exchanging the program under traffic loses no packet and no count");
	gateway_runs("attach d --hook xdp --ignore offload,sysctl", 0, NULL);
	seen = gateway_reason("d", "decap") + gateway_reason("d", "refresh");
	first = program_id();
	child = replace_forever();
	for (i = 0; i < 150 || (swaps < 5 && i < 2000); i++) {
		gateway_send(&gw, 64);
		if (i % 10)
			continue;
		id = program_id();
		swaps += id != first;
		first = id;
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	all_arrived(before, gw.sent - sent);
	tap_true(swaps >= 5, "programs were exchanged");
	tap_eq(gateway_reason("d", "decap") + gateway_reason("d", "refresh") - seen,
	       gw.sent - sent, "packets counted");
	gateway_runs("detach --all", 0, NULL);
	tap_end();
}

static void device_returns(void)
{
	struct netns *d = &gw.scene.d;
	pid_t daemon;

	tap_case("a device that goes is waited for and attached when it returns");
	netns_veth(d, "x0", d, "x1");
	daemon = gateway_daemon("run x0 --hook xdp");
	if (!tap_sys(daemon, "daemon"))
		goto out;
	gateway_awaits("\"state\":\"attached\"");
	netns_del(d, "x0");
	gateway_awaits("\"state\":\"waiting\"");
	netns_veth(d, "x0", d, "x1");
	gateway_awaits("\"state\":\"attached\"");
	netns_del(d, "x0");
	gateway_awaits("\"state\":\"waiting\"");
	gateway_runs("detach x0", 0, NULL);
	tap_eq(gateway_stop(daemon, SIGTERM), 0, "exit status");
	tap_true(access("/sys/fs/bpf/penstock", F_OK), "no pins are left");
out:
	tap_end();
}

static void namespace_goes(void)
{
	struct netns *d = &gw.scene.d;
	struct netns other;
	pid_t daemon;

	tap_case("the namespace of the peer goes while the port is attached");
	if (!tap_sys(netns_open(&other), "namespace"))
		goto out;
	netns_veth(d, "x0", &other, "x1");
	daemon = gateway_daemon("run x0");
	if (!tap_sys(daemon, "daemon"))
		goto out;
	netns_close(&other);
	gateway_awaits("\"state\":\"waiting\"");
	tap_eq(gateway_stop(daemon, SIGTERM), 0, "exit status");
	gateway_runs("detach --all", 0, NULL);
out:
	tap_end();
}

static void beside(void)
{
	struct netns *d = &gw.scene.d;
	pid_t daemon;

	tap_case("attach and detach beside a daemon");
	netns_veth(d, "x0", d, "x1");
	daemon = gateway_daemon("run d");
	if (!tap_sys(daemon, "daemon"))
		goto out;
	gateway_runs("attach x0", 0, NULL);
	gateway_runs("attach x0 --hook xdp", 0, NULL);
	gateway_runs("attach lo", 5, "no Ethernet device");
	gateway_runs("attach x0 br0 --hook xdp --mode native", 5, "has no native XDP");
	gateway_awaits("\"device\":\"x0\"");
	gateway_runs("run", 2, "another `penstock run` follows the kernel already");
	gateway_runs("detach x0", 0, NULL);
	gateway_runs("detach --all", 0, NULL);
	gateway_runs("attach d", 0, NULL);
	tap_eq(gateway_stop(daemon, SIGTERM), 0, "exit status");
	gateway_awaits("\"state\":\"attached\"");
	gateway_runs("detach --all", 0, NULL);
out:
	netns_del(d, "x0");
	tap_end();
}

static void target_unreachable(void)
{
	uint64_t before = gateway_received(&gw);
	pid_t daemon;

	tap_case("a target without NAPI, out of reach: the kernel forwards, nothing is lost");
	netns_gro(&gw.scene.e, "e", false);
	daemon = gateway_daemon(RUN_XDP);
	if (!tap_sys(daemon, "daemon"))
		goto out;
	gateway_send(&gw, 64);
	all_arrived(before, 64);
	tap_true(gateway_reason("d", "egress-hook") > 60, "left to the kernel");
	tap_eq(gateway_reason("d", "decap"), 0, "decapsulated");
	gateway_stop(daemon, SIGTERM);
	gateway_runs("detach --all", 0, NULL);
out:
	tap_end();
}

static void target_cured(void)
{
	uint64_t before = gateway_received(&gw);
	pid_t daemon;

	tap_case("a target without NAPI, within reach: GRO is switched on, nothing is lost");
	tap_sys(netns_name(&gw.scene.e, "workload"), "name");
	netns_gro(&gw.scene.e, "e", false);
	daemon = gateway_daemon(RUN_XDP);
	if (!tap_sys(daemon, "daemon"))
		goto out;
	gateway_send(&gw, 64);
	all_arrived(before, 64);
	tap_true(gateway_reason("d", "decap") > 60, "decapsulated");
	gateway_stop(daemon, SIGTERM);
	gateway_runs("detach --all", 0, NULL);
out:
	tap_end();
}

static bool file_write(const char *ports)
{
	FILE *f = fopen(FILE_PATH, "we");

	return tap_true(f && fprintf(f, "penstock: 1\nports: [%s]\n", ports) > 0 && !fclose(f),
			"write " FILE_PATH);
}

static void file_changes(void)
{
	struct netns *d = &gw.scene.d;
	pid_t daemon;

	tap_case("SIGHUP reads the file again");
	netns_veth(d, "x0", d, "x1");
	file_write("{dev: d}, {dev: x0, hook: xdp}");
	daemon = gateway_daemon("run " FILE_PATH " --state /run/netns/pnt-state");
	if (!tap_sys(daemon, "daemon"))
		goto out;
	gateway_awaits("\"device\":\"x0\"");
	file_write("{dev: d, hook: xdp}");
	kill(daemon, SIGHUP);
	gateway_awaits("\"hook\":\"xdp\",\"mode\":\"native\",\"checksum\":\"full\","
		       "\"shared\":false");
	tap_true(!strstr(gateway_output("show ports -j"), "\"device\":\"x0\""),
		 "x0 is detached");
	file_write("{dev: d, hoook: xdp}");
	kill(daemon, SIGHUP);
	gateway_send(&gw, 32);
	gateway_awaits("\"state\":\"attached\"");
	tap_eq(gateway_stop(daemon, SIGTERM), 0, "exit status");
	gateway_runs("detach --all", 0, NULL);
out:
	netns_del(d, "x0");
	unlink(FILE_PATH);
	rmdir("/run/netns/pnt-state");
	tap_end();
}

int main(void)
{
	if (gateway_open(&gw))
		tap_bail("no gateway");
	target_unreachable();
	target_cured();
	killed();
	replaced();
	device_returns();
	namespace_goes();
	beside();
	file_changes();
	umount("/run/netns/workload");
	gateway_close(&gw);
	return tap_done();
}
