// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The gate of unfinished checksums: closed for a veth with XDP unless its peer
 * is seen to finish them, wherever the peer is. See lib/gate.h for the host.
 */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gate.h"
#include "tap.h"

static struct gate_host host;

#define ROW(text, how, dev, what) \
	{ text, how, dev, PN_PLACE_PORT, PN_GATE_OFFLOAD, what }

static const struct gate_case hidden =
	ROW("peer in a namespace without a name", POLLED, "w", "cannot be seen");
static const struct gate_case beside =
	ROW("peer beside it", POLLED, "x0", "its peer x1 has tx-checksumming on");
static const struct gate_case beside_vlan =
	ROW("peer that keeps VLAN tags aside", POLLED, "x0", "its peer x1 has tx-vlan-offload on");
static const struct gate_case lived_in =
	ROW("peer where a process lives", POLLED, "w", "its peer w has tx-checksumming on");
static const struct gate_case by_tc = ROW("hook tc", NEAR | BY_TC, "w", NULL);
static const struct gate_case no_veth =
	ROW("a device that is no veth", NEAR | BY_XDP, "vx", NULL);
static const struct gate_case tap_plain =
	ROW("tap without offload headers", NEAR | BY_XDP, "t0", NULL);
static const struct gate_case tap_vnet =
	ROW("tap with offload headers", POLLED, "t1", "vnet_hdr");

static void engine_set(const struct gate_case *c, unsigned int engine)
{
	pn_gates_set_engine(host.gates, netns_ifindex(&host.ns, c->dev), engine);
}

static void near_run(const struct gate_case *c)
{
	gate_begin(&host, c);
	gate_stays_open(&host, c);
	gate_end(&host, c);
}

/* The engine is what closes it, and what opens it again. */
static void hidden_run(void)
{
	gate_begin(&host, &hidden);
	engine_set(&hidden, PN_GATE_XDP);
	gate_closes(&host, &hidden);
	engine_set(&hidden, PN_GATE_TC);
	gate_opens(&host, &hidden);
	engine_set(&hidden, 0);
	gate_end(&host, &hidden);
}

static void beside_run(void)
{
	tap_sys(netns_veth(&host.ns, "x0", &host.ns, "x1"), "veth");
	gate_begin(&host, &beside);
	engine_set(&beside, PN_GATE_XDP);
	gate_closes(&host, &beside);
	tap_sys(netns_offloads_off(&host.ns, "x1"), "offloads off");
	gate_opens(&host, &beside);
	tap_true(!gate_sh(&host, "ethtool -K x1 txvlan on"), "VLAN offload");
	gate_closes(&host, &beside_vlan);
	tap_true(!gate_sh(&host, "ethtool -K x1 txvlan off"), "VLAN offload");
	gate_opens(&host, &beside_vlan);
	engine_set(&beside, 0);
	gate_end(&host, &beside);
	netns_del(&host.ns, "x0");
}

static void taps_run(void)
{
	tap_true(!gate_sh(&host, "ip tuntap add dev t0 mode tap"), "tap");
	tap_true(!gate_sh(&host, "ip tuntap add dev t1 mode tap vnet_hdr"), "tap");
	near_run(&tap_plain);
	gate_begin(&host, &tap_vnet);
	engine_set(&tap_vnet, PN_GATE_XDP);
	gate_closes(&host, &tap_vnet);
	engine_set(&tap_vnet, PN_GATE_TC);
	gate_opens(&host, &tap_vnet);
	engine_set(&tap_vnet, 0);
	gate_end(&host, &tap_vnet);
}

/* Returns once it lives there. */
static pid_t inhabitant(void)
{
	int there[2];
	char byte;
	pid_t pid;

	if (pipe(there))
		return -1;
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		netns_enter(&host.peer);
		close(there[0]);
		close(there[1]);
		for (;;)
			pause();
	}
	close(there[1]);
	tap_eq(read(there[0], &byte, 1), 0, "end of file");
	close(there[0]);
	return pid;
}

static void lived_in_run(void)
{
	pid_t pid;

	gate_begin(&host, &lived_in);
	pid = inhabitant();
	tap_true(pid > 0, "a process there");
	engine_set(&lived_in, PN_GATE_XDP);
	gate_closes(&host, &lived_in);
	tap_sys(netns_offloads_off(&host.peer, "w"), "offloads off");
	gate_opens(&host, &lived_in);
	engine_set(&lived_in, 0);
	gate_end(&host, &lived_in);
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
}

int main(void)
{
	gate_host_open(&host);
	hidden_run();
	beside_run();
	lived_in_run();
	near_run(&by_tc);
	near_run(&no_veth);
	taps_run();
	gate_host_close(&host);
	return tap_done();
}
