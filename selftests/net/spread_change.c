// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What shapers are spread over changes while packets arrive: another file is
 * applied, and in the lab a CPU goes and comes back under `penstock run`. All
 * that was sent arrives or has been counted, each flow on the CPUs that it may
 * be on and on each in order.
 */
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "frames.h"
#include "pkt.h"
#include "run.h"
#include "shell.h"
#include "tap.h"
#include "wire.h"

#define PINS	  "/sys/fs/bpf/pnt-spread-change"
#define STATE	  "/run/pnt-spread-change"
#define FILE_OF	  "/run/pnt-spread-change.yaml"
#define CPUS	  2
#define FLOWS	  16
#define SPORT	  20000
#define BATCH	  8
#define PAUSE_US  1500
#define ENOUGH	  600	/* packets of a phase */
#define PATIENCE  20000 /* ms */
#define TRIES	  50
#define SETTLE_MS 3000
#define NUMBER_AT (14 + 20 + 8)
#define CPU1	  "/sys/devices/system/cpu/cpu1/online"

#define NAME(of)  "pnt-spread-" of

static const char *const names[] = { "/run/netns/" NAME("a"), "/run/netns/" NAME("d"),
				     "/run/netns/" NAME("b") };
static struct netns a, d, b;
static struct wire tx;
static int rx[CPUS]; /* what arrives on each CPU */
static uint64_t sent, got[CPUS];
static uint32_t last[CPUS][FLOWS];
static uint32_t steady = UINT32_MAX; /* what waited when the program changed may be overtaken */
static bool disordered, stop, all;

static void must(int ret, const char *what)
{
	if (ret < 0)
		tap_bail("%s: %s", what, strerror(-ret));
}

static void cpu_pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void packet_build(struct pkt *p, unsigned int flow, uint32_t number)
{
	struct pkt_ip ip = { .addr = pkt_addr("192.168.5.2", "192.168.5.1"), .proto = 17,
			     .ttl = 64 };
	uint8_t body[32] = { 0 };

	pkt_put32(body, number);
	pkt_init(p);
	pkt_append(p, body, sizeof(body));
	pkt_udp(p, SPORT + flow, 9);
	pkt_ip(p, &ip);
	pkt_eth(p, FRAME_DST_MAC, FRAME_SRC_MAC, 0x0800);
}

/* From the first CPU, where all of it is received. */
static void *sender(void *arg)
{
	uint32_t number = 0;
	struct pkt p;

	cpu_pin(0);
	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
		for (int i = 0; i < BATCH; i++) {
			packet_build(&p, number % FLOWS, number / FLOWS + 1);
			number++;
			if (!wire_send(&tx, &p))
				__atomic_fetch_add(&sent, 1, __ATOMIC_RELEASE);
		}
		usleep(PAUSE_US);
	}
	return NULL;
}

static void frame_take(int cpu, const uint8_t *frame, ssize_t len)
{
	uint32_t number;
	unsigned int flow;

	if (len < NUMBER_AT + 4 || frame[12] != 8 || frame[23] != 17)
		return;
	flow = pkt_get16(frame + 14 + 20) - SPORT;
	number = pkt_get32(frame + NUMBER_AT);
	if (flow >= FLOWS)
		return;
	if (number <= last[cpu][flow] && number >= __atomic_load_n(&steady, __ATOMIC_ACQUIRE))
		disordered = true;
	last[cpu][flow] = number;
	__atomic_fetch_add(&got[cpu], 1, __ATOMIC_RELEASE);
}

static void *receiver(void *arg)
{
	struct pollfd ready[CPUS];
	uint8_t frame[2048];
	ssize_t len;

	for (int cpu = 0; cpu < CPUS; cpu++)
		ready[cpu] = (struct pollfd){ .fd = rx[cpu], .events = POLLIN };
	while (!__atomic_load_n(&all, __ATOMIC_ACQUIRE)) {
		poll(ready, CPUS, 10);
		for (int cpu = 0; cpu < CPUS; cpu++)
			while ((len = recv(rx[cpu], frame, sizeof(frame), MSG_DONTWAIT)) > 0)
				frame_take(cpu, frame, len);
	}
	return NULL;
}

static uint64_t arrived(int cpu)
{
	return __atomic_load_n(&got[cpu], __ATOMIC_ACQUIRE);
}

static void sent_await(uint64_t n)
{
	uint64_t from = __atomic_load_n(&sent, __ATOMIC_ACQUIRE);

	for (int i = 0; i < PATIENCE && __atomic_load_n(&sent, __ATOMIC_ACQUIRE) < from + n; i++)
		usleep(1000);
}

/* One socket for each CPU that frames are received on. */
static void sockets_open(void)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htobe16(ETH_P_ALL) };
	int group = (getpid() & 0xffff) | PACKET_FANOUT_CPU << 16, room = 1 << 24;

	must(netns_enter(&b), "namespace");
	at.sll_ifindex = netns_ifindex(&b, "b0");
	for (int cpu = 0; cpu < CPUS; cpu++) {
		rx[cpu] = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
		setsockopt(rx[cpu], SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
		if (bind(rx[cpu], (struct sockaddr *)&at, sizeof(at)) ||
		    setsockopt(rx[cpu], SOL_PACKET, PACKET_FANOUT, &group, sizeof(group)))
			tap_bail("socket: %s", strerror(errno));
	}
	netns_leave();
}

static void space_open(struct netns *ns, const char *name)
{
	must(netns_open(ns), "namespace");
	netns_quiet(ns);
	netns_sysctl(ns, "net/bridge/bridge-nf-call-iptables", "0");
	netns_sysctl(ns, "net/ipv6/conf/all/disable_ipv6", "1");
	netns_sysctl(ns, "net/ipv6/conf/default/disable_ipv6", "1");
	must(netns_name(ns, name), "name");
}

static void world_make(void)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL))
		tap_bail("mount namespace: %s", strerror(errno));
	space_open(&a, NAME("a"));
	space_open(&d, NAME("d"));
	space_open(&b, NAME("b"));
	must(netns_veth(&d, "d0", &a, "a0"), "veth");
	must(netns_veth(&d, "d1", &b, "b0"), "veth");
	must(netns_bridge(&d, "br"), "bridge");
	must(netns_master(&d, "d0", "br"), "enslave");
	must(netns_master(&d, "d1", "br"), "enslave");
	must(netns_offloads_off(&a, "a0"), "offloads");
	must(netns_gro(&b, "b0", true), "GRO");
	must(netns_up(&a, "a0"), "up");
	must(netns_up(&b, "b0"), "up");
	must(netns_ip(&d, "link set dev d0 up\nlink set dev d1 up\nlink set dev br up\n"), "up");
	must(netns_wait_up(&d, "d0"), "carrier");
	must(netns_wait_up(&d, "d1"), "carrier");
	must(netns_wait_up(&d, "br"), "carrier");
	must(netns_fdb(&d, "d0", FRAME_SRC_MAC, NULL), "FDB");
	must(netns_fdb(&d, "d1", FRAME_DST_MAC, NULL), "FDB");
	must(wire_open(&tx, &a, "a0"), "socket");
	sockets_open();
}

static void file_write(const char *spread)
{
	FILE *f = fopen(FILE_OF, "we");

	if (!f || fprintf(f, "penstock: 1\nports:\n  - {dev: d0, hook: xdp}\nshapers:\n"
			     "  - {name: all, match: {dev: d0}, rate: 10gbit%s%s}\n",
			  spread ? ", spread: " : "", spread ? spread : "") < 0 ||
	    fclose(f))
		tap_bail("cannot write " FILE_OF);
}

/* Packets that have gone, by the counters: everything but what was forwarded. */
static uint64_t counted(void)
{
	char *text;
	uint64_t n;

	must(netns_enter(&d), "namespace");
	text = command_text("build/penstock --bpffs " PINS " -j stats | jq '[.ports[].dropped."
			    "packets] | add // 0'",
			    NULL);
	netns_leave();
	n = strtoull(text, NULL, 10);
	free(text);
	return n;
}

/* Of ENOUGH packets: are they on CPUs @here and @other alone? */
static bool where_is(bool here, bool other)
{
	uint64_t was[CPUS];

	sent_await(ENOUGH / 2);
	__atomic_store_n(&steady, sent / FLOWS + 2, __ATOMIC_RELEASE);
	for (int cpu = 0; cpu < CPUS; cpu++)
		was[cpu] = arrived(cpu);
	sent_await(ENOUGH);
	__atomic_store_n(&steady, UINT32_MAX, __ATOMIC_RELEASE);
	return (arrived(0) > was[0]) == here && (arrived(1) > was[1]) == other;
}

/* A program is loaded meanwhile, and a CPU may be busy with other things. */
static void where_await(bool here, bool other, const char *what)
{
	for (int i = 0; i < TRIES; i++)
		if (where_is(here, other))
			return;
	tap_fail("%s: packets are on other CPUs", what);
}

static void files(void)
{
	static const struct {
		const char *spread;
		bool here, other;
	} rows[] = {
		{ NULL, true, false },
		{ "[1]", false, true },
		{ "[0, 1]", true, true },
		{ "[0]", true, false },
		{ "true", true, true },
		{ NULL, true, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tap_case("spread: %s", rows[i].spread ? rows[i].spread : "not at all");
		file_write(rows[i].spread);
		shell_penstock(&d, "--bpffs " PINS " apply --state " STATE " " FILE_OF);
		where_await(rows[i].here, rows[i].other, "the file is applied");
		tap_end();
	}
}

static bool is_lab(void)
{
	struct utsname u;

	return !uname(&u) && strstr(u.release, "-amd64");
}

static void cpu_set(bool on)
{
	FILE *f = fopen(CPU1, "we");

	if (!f || fputs(on ? "1\n" : "0\n", f) < 0 || fclose(f))
		tap_fail("CPU 1: %s", strerror(errno));
}

/* A CPU of this machine is everybody's: only where we are alone. */
static void hotplug(void)
{
	char line[8];
	pid_t pid;
	int out;

	tap_case("a CPU that goes, and comes back");
	if (!is_lab()) {
		tap_skip("in the lab only");
		return;
	}
	file_write("true");
	must(netns_enter(&d), "namespace");
	pid = run_start("run --bpffs " PINS " --state " STATE " " FILE_OF, &out);
	netns_leave();
	if (read(out, line, sizeof(line)) <= 0)
		tap_fail("penstock run does not begin");
	where_await(true, true, "both CPUs");
	cpu_set(false);
	where_await(true, false, "the CPU is away");
	cpu_set(true);
	where_await(true, true, "it is back");
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	close(out);
	tap_end();
}

static void sum_check(void)
{
	tap_case("nothing is lost, and no CPU's part of a flow is out of order");
	for (int i = 0; i < SETTLE_MS && arrived(0) + arrived(1) < sent; i++)
		usleep(1000);
	tap_eq(arrived(0) + arrived(1) + counted(), sent, "arrived, or counted as dropped");
	tap_true(!disordered, "order");
	tap_end();
}

int main(void)
{
	pthread_t sends, receives;

	if (sysconf(_SC_NPROCESSORS_ONLN) < CPUS) {
		tap_case("what shapers are spread over");
		tap_skip("one CPU");
		return tap_done();
	}
	world_make();
	if (pthread_create(&receives, NULL, receiver, NULL) ||
	    pthread_create(&sends, NULL, sender, NULL))
		tap_bail("no thread");
	files();
	hotplug();
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	pthread_join(sends, NULL);
	sum_check();
	__atomic_store_n(&all, true, __ATOMIC_RELEASE);
	pthread_join(receives, NULL);
	shell_penstock(&d, "--bpffs " PINS " delete --state " STATE " " FILE_OF);
	shell_penstock(&d, "--bpffs " PINS " detach --all");
	unlink(FILE_OF);
	rmdir(STATE);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(names[i]);
	return tap_done();
}
