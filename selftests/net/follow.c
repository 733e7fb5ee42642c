// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The whole house on real traffic: the daemon follows a bridge that learns,
 * ages, moves and loses MACs, while packets of the peer go through XDP. The
 * kernel's FDB and the port that a packet comes out of are the judges.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "gateway.h"
#include "tap.h"

#define AWAIT_MS 30000

#define NEW_MAC	 "02:aa:00:00:00:55" /* behind the tunnel, never heard before */
#define AGE_MAC	 "02:aa:00:00:00:77"
#define MOVE_MAC "02:aa:00:00:00:66" /* a workload that moves from w to w2 */

static struct gateway gw;
static struct wire old_home, new_home;

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ull + t.tv_nsec / 1000000;
}

/* Does `show fdb` have the MAC behind this device? */
static bool fdb_has(const char *mac, const char *port)
{
	const char *at = strstr(gateway_output("show fdb -j"), mac), *end;
	char want[32];

	snprintf(want, sizeof(want), "\"device\":\"%s\"", port);
	end = at ? strchr(at, '}') : NULL;
	at = at ? strstr(at, want) : NULL;
	return at && at < end;
}

static bool fdb_awaits(const char *mac, const char *port, bool there)
{
	uint64_t until = now_ms() + AWAIT_MS;
	bool found;

	do {
		found = fdb_has(mac, port);
	} while (found != there && now_ms() < until);
	return tap_true(found == there, mac);
}

/* A packet of the peer: inner addresses as given, the rest as in the tables. */
static void packet_make(const char *dst, const char *src)
{
	pkt_I4(&gw.packet);
	pkt_eth(&gw.packet, dst, src, 0x0800);
	pkt_vxlan(&gw.packet, 5);
	pkt_U(&gw.packet, 4789);
	pkt_O4(&gw.packet, 17);
}

/* Packets pass until the last map is written; send until the first does not. */
static bool decap_awaits(void)
{
	uint64_t until = now_ms() + AWAIT_MS, before = gateway_reason("d", "decap");

	do {
		gateway_send(&gw, 1);
	} while (gateway_reason("d", "decap") == before && now_ms() < until);
	return tap_true(gateway_reason("d", "decap") > before, "decapsulated at last");
}

/* Frames that a workload's end has seen with this destination. */
static int frames_to(struct wire *w, const char *mac)
{
	static struct pkt p;
	uint8_t want[6];
	int n = 0;

	pkt_mac(want, mac);
	while (wire_recv(w, &p, NULL) > 0)
		n += !memcmp(pkt_data(&p), want, sizeof(want));
	return n;
}

static void learns(void)
{
	uint64_t before = gateway_received(&gw), decap;

	tap_case("a source is the kernel's once, and ours as soon as it is learned");
	decap = gateway_reason("d", "decap");
	packet_make(SCENE_IN_DST, NEW_MAC);
	gateway_send(&gw, 1);
	tap_eq(gateway_reason("d", "src-unknown"), 1, "passed to be learned");
	fdb_awaits(NEW_MAC, "vx", true);
	gateway_send(&gw, 8);
	tap_eq(gateway_reason("d", "decap") - decap, 8, "decapsulated");
	tap_eq(gateway_received(&gw) - before, 9, "packets at the workload");
	tap_end();
}

/* A child that sends without a pause, however long its parent takes to look. */
static pid_t traffic_start(void)
{
	pid_t child = fork();

	while (!child) {
		gateway_send(&gw, 1);
		poll(NULL, 0, 20);
	}
	return child;
}

/*
 * Traffic that the kernel does not see must not make its entry old. Real time
 * has to pass: more than twice the ageing time.
 */
static void ages(void)
{
	uint64_t refreshed = gateway_reason("d", "refresh"), unknown;
	char vtep[16];
	pid_t child;

	tap_case("an entry lives as long as its traffic, in the kernel and here");
	tap_sys(netns_ip(&gw.scene.d, "link set br0 type bridge ageing_time 500"), "ageing");
	packet_make(SCENE_IN_DST, AGE_MAC);
	child = traffic_start();
	fdb_awaits(AGE_MAC, "vx", true);
	unknown = gateway_reason("d", "src-unknown");
	poll(NULL, 0, 12000);
	tap_eq(gateway_reason("d", "src-unknown"), unknown, "it never had to be learned again");
	tap_true(gateway_reason("d", "refresh") - refreshed >= 5, "frames kept it young");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	tap_true(gateway_reason("d", "refresh") - refreshed <= 60, "but not many");
	fdb_awaits(AGE_MAC, "vx", false);
	tap_eq(netns_fdb_get(&gw.scene.d, "br0", AGE_MAC, vtep), -ENOENT, "nor has the kernel it");
	tap_sys(netns_ip(&gw.scene.d, "link set br0 type bridge ageing_time 30000"), "ageing");
	tap_end();
}

/* A frame of the moving workload, from where it is now. */
static void speak(struct wire *w)
{
	static struct pkt p;

	pkt_I4(&p);
	pkt_eth(&p, PKT_MAC_I, MOVE_MAC, 0x0800);
	tap_sys(wire_send(w, &p), "send");
	tap_sys(settle(&gw.settle), "settle");
}

static void moves(void)
{
	tap_case("a MAC that moves is never sent to its old place");
	packet_make(MOVE_MAC, PKT_MAC_I);
	speak(&old_home);
	fdb_awaits(MOVE_MAC, "w", true);
	wire_drain(&old_home);
	wire_drain(&new_home);
	gateway_send(&gw, 4);
	tap_eq(frames_to(&old_home, MOVE_MAC), 4, "where it speaks from");
	speak(&new_home);
	gateway_send(&gw, 4);
	tap_eq(frames_to(&old_home, MOVE_MAC), 0, "its old place, at once");
	tap_eq(frames_to(&new_home, MOVE_MAC), 4, "its new place, at once");
	fdb_awaits(MOVE_MAC, "w2", true);
	gateway_send(&gw, 4);
	tap_eq(frames_to(&new_home, MOVE_MAC), 4, "its new place");
	tap_end();
}

/* Our own program at tc is no gate, and bridges between the two workloads. */
static void bridges_at_tc(void)
{
	uint64_t before = gateway_reason("w2", "bridged");
	static struct pkt p;

	tap_case("known unicast between two workloads is bridged at tc");
	pkt_I4(&p);
	pkt_eth(&p, SCENE_IN_DST, MOVE_MAC, 0x0800);
	wire_drain(&old_home);
	tap_sys(wire_send(&new_home, &p), "send");
	tap_sys(settle(&gw.settle), "settle");
	tap_eq(frames_to(&old_home, SCENE_IN_DST), 1, "frames at the other workload");
	tap_eq(gateway_reason("w2", "bridged") - before, 1, "bridged");
	tap_end();
}

static void port_down(void)
{
	uint64_t down = gateway_reason("d", "dst-unknown") + gateway_reason("d", "egress-state");
	uint64_t decap;

	tap_case("a port that goes down takes its MACs with it");
	tap_sys(netns_down(&gw.scene.d, "w2"), "down");
	fdb_awaits(MOVE_MAC, "w2", false);
	gateway_send(&gw, 4);
	tap_eq(gateway_reason("d", "dst-unknown") + gateway_reason("d", "egress-state") - down,
	       4, "left to the kernel");
	tap_eq(frames_to(&old_home, MOVE_MAC), 4, "which floods");
	tap_sys(netns_up(&gw.scene.d, "w2"), "up");
	tap_sys(netns_wait_up(&gw.scene.d, "w2"), "carrier");
	speak(&new_home);
	fdb_awaits(MOVE_MAC, "w2", true);
	decap_awaits();
	decap = gateway_reason("d", "decap");
	gateway_send(&gw, 4);
	tap_eq(gateway_reason("d", "decap") - decap, 4, "decapsulated again");
	tap_end();
}

static void tunnel_returns(void)
{
	uint64_t before = gateway_received(&gw), decap;

	tap_case("a tunnel device that is deleted and made again");
	packet_make(SCENE_IN_DST, PKT_MAC_I);
	tap_sys(netns_del(&gw.scene.d, "vx"), "delete");
	fdb_awaits(PKT_MAC_I, "vx", false);
	gateway_send(&gw, 2);
	tap_eq(gateway_received(&gw) - before, 0, "nobody terminates the tunnel");
	tap_sys(netns_ip(&gw.scene.d, configs[C_VX].ip), "made again");
	tap_sys(netns_master(&gw.scene.d, "vx", "br0"), "master");
	tap_sys(netns_fdb(&gw.scene.d, "vx", PKT_MAC_I, NULL), "known MAC");
	fdb_awaits(PKT_MAC_I, "vx", true);
	decap_awaits();
	decap = gateway_reason("d", "decap");
	before = gateway_received(&gw);
	gateway_send(&gw, 8);
	tap_eq(gateway_reason("d", "decap") - decap, 8, "decapsulated");
	tap_eq(gateway_received(&gw) - before, 8, "packets at the workload");
	tap_end();
}

static bool second_workload(void)
{
	struct netns *d = &gw.scene.d, *e = &gw.scene.e;

	return tap_sys(netns_veth(d, "w2", e, "e2"), "second workload") &&
	       tap_sys(netns_offloads_off(d, "w2"), "offloads") &&
	       tap_sys(netns_offloads_off(e, "e2"), "offloads") &&
	       tap_sys(netns_gro(e, "e2", true), "GRO") &&
	       tap_sys(netns_up(e, "e2"), "up") && tap_sys(netns_up(d, "w2"), "up") &&
	       tap_sys(netns_wait_up(d, "w2"), "carrier") &&
	       tap_sys(netns_master(d, "w2", "br0"), "master") &&
	       tap_sys(wire_open(&old_home, e, "e"), "wire") &&
	       tap_sys(wire_open(&new_home, e, "e2"), "wire");
}

int main(void)
{
	pid_t daemon;

	if (gateway_open(&gw))
		tap_bail("no gateway");
	tap_case("the daemon follows");
	/* the workloads' namespace must be found, to see that XDP frames may go there */
	if (!tap_sys(netns_name(&gw.scene.e, "workload"), "name") || !second_workload())
		tap_bail("no second workload");
	gateway_runs("attach d --hook xdp --ignore offload,sysctl", 0, NULL);
	gateway_runs("attach w2 --hook tc", 0, NULL);
	daemon = gateway_daemon("run");
	tap_sys(daemon, "daemon");
	tap_end();
	learns();
	ages();
	moves();
	bridges_at_tc();
	port_down();
	tunnel_returns();
	tap_case("it stops when told");
	tap_eq(gateway_stop(daemon, SIGTERM), 0, "exit status");
	gateway_runs("detach --all", 0, NULL);
	tap_end();
	wire_close(&old_home);
	wire_close(&new_home);
	gateway_close(&gw);
	return tap_done();
}
