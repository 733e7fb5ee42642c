// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * netdevsim in a topology file: devices with several ports, in several
 * namespaces, VFs, representors, linked pairs; changed, undone at every step,
 * written down by show config, deleted. And the port that a file offloads.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "netdevsim.h"
#include "offloaded.h"
#include "run.h"
#include "tap.h"

#define FILE_PATH "/run/netns/pnt-sim.yaml"
#define CONFIG	  "/run/netns/pnt-sim-config.yaml"
#define STATE	  " --state /run/netns/pnt-sim-state"
/* There is little else that exists here. */
#define DELETE	  "delete --allow-mass-delete"
#define HEAD	  "penstock: 1\nlinks:\n"

static bool links_pairs;	/* this kernel has link_device */

static void file_put(const char *text)
{
	FILE *f = fopen(FILE_PATH, "w");

	if (!f || fputs(text, f) < 0 || fclose(f))
		tap_bail("cannot write %s", FILE_PATH);
}

static bool does(const char *verb, int status, const char *says)
{
	char line[200];

	snprintf(line, sizeof(line), "%s" STATE " " FILE_PATH, verb);
	return offload_runs(line, "", status, says);
}

/* The devices on the bus, whoever made them. */
static int devices(void)
{
	DIR *d = opendir("/sys/bus/netdevsim/devices");
	struct dirent *e;
	int n = 0;

	while (d && (e = readdir(d)))
		n += e->d_name[0] != '.';
	if (d)
		closedir(d);
	return n;
}

static const char *lab_file(void)
{
	static char text[1024];

	snprintf(text, sizeof(text), "penstock: 1\nnamespaces: [pnt-east]\nlinks:\n"
		 "  - {name: p0, kind: netdevsim, id: 7, queues: 2, sriov_numvfs: 3,\n"
		 "     eswitch_mode: switchdev, up: true, addresses: [10.1.0.1/24]%s}\n"
		 "  - {name: p1, kind: netdevsim, id: 7, port: 1, queues: 2%s, up: true}\n"
		 "  - {name: q0, kind: netdevsim, id: 8, up: true}\n"
		 "  - {name: r0, netns: pnt-east, kind: netdevsim, id: 9, up: true}\n",
		 links_pairs ? ", linked: q0" : "", links_pairs ? ", linked: pnt-east/r0" : "");
	return text;
}

static void lives(void)
{
	tap_case("two ports, another device, one in a namespace: made, shown, deleted");
	file_put(lab_file());
	does("plan", 3, NULL);
	does("apply", 0, "eswitch_mode switchdev");
	tap_eq(devices(), 3, "devices on the bus");
	does("plan", 0, "nothing to do");
	does("apply -j", 0, "\"writes\":0");
	shows("devlink dev eswitch show netdevsim/netdevsim7", "mode switchdev");
	shows("devlink port show netdevsim/netdevsim7/1", "netdev p1 flavour physical port 2");
	shows("devlink port show netdevsim/netdevsim7/130", "controller 0 pfnum 0 vfnum 2");
	offload_runs("show links p0", "", 0, "netdevsim/netdevsim7/0, physical, port 1; "
		     "eswitch mode switchdev");
	offload_runs("show links eth1 -j", "", 0, "\"flavour\":\"pcivf\"");
	shows("ip -d link show dev p0", "numtxqueues 2");
	shows("ip link show dev p0", "vf 2");
	shows("ip -n pnt-east -br link", "r0");
	if (links_pairs) {
		shows("ip -br link show dev p0", "p0@q0");
		shows("ip -br link show dev q0", "q0@p0");
	}
	does(DELETE, 0, NULL);
	tap_eq(devices(), 0, "devices on the bus");
	tap_end();
}

static void packets(void)
{
	tap_case("what one of a linked pair sends, the other receives");
	if (!links_pairs) {
		tap_skip("this kernel does not link netdevsim devices");
		return;
	}
	file_put("penstock: 1\nnamespaces: [pnt-east]\nlinks:\n"
		 "  - {name: a0, kind: netdevsim, id: 1, up: true, linked: pnt-east/b0,\n"
		 "     addresses: [10.1.0.1/24]}\n"
		 "  - {name: b0, netns: pnt-east, kind: netdevsim, id: 2, up: true,\n"
		 "     addresses: [10.1.0.2/24]}\n");
	if (does("apply", 0, NULL))
		shows("ping -c 3 -i 0.1 -W 5 10.1.0.2", " 3 received");
	file_put("penstock: 1\nnamespaces: [pnt-east]\nlinks:\n"
		 "  - {name: a0, kind: netdevsim, id: 1, up: true, linked: ''}\n"
		 "  - {name: b0, netns: pnt-east, kind: netdevsim, id: 2, up: true}\n");
	does("plan", 3, "linked");
	does("apply", 0, NULL);
	does("plan", 0, "nothing to do");
	does(DELETE, 0, NULL);
	tap_eq(devices(), 0, "devices on the bus");
	tap_end();
}

static void changes(void)
{
	tap_case("VFs and the mode of the switch change, the rest cannot");
	file_put(HEAD "  - {name: p0, kind: netdevsim, id: 7, sriov_numvfs: 3}\n");
	does("apply", 0, NULL);
	file_put(HEAD "  - {name: p0, kind: netdevsim, id: 7, sriov_numvfs: 2, "
		 "eswitch_mode: switchdev}\n");
	does("plan", 3, "sriov_numvfs 3 -> 2");
	does("apply", 0, NULL);
	shows("devlink port show netdevsim/netdevsim7/129", "vfnum 1");
	does("plan", 0, "nothing to do");
	/* somebody else changes it */
	shows("devlink dev eswitch set netdevsim/netdevsim7 mode legacy", NULL);
	does("plan", 3, "eswitch_mode legacy -> switchdev");
	does("apply", 0, NULL);
	file_put(HEAD "  - {name: p0, kind: netdevsim, id: 8}\n");
	does("apply", 2, "p0: id cannot change from 7 to 8 while the link exists");
	file_put(HEAD "  - {name: p0, kind: netdevsim, id: 7, port: 3}\n");
	does("apply", 2, "p0: port cannot change from 0 to 3 while the link exists");
	does(DELETE, 0, NULL);
	tap_eq(devices(), 0, "devices on the bus");
	tap_end();
}

#define VF_HEAD \
	HEAD "  - {name: p0, kind: netdevsim, id: 7, sriov_numvfs: 3}\nvfs:\n"

static void functions(void)
{
	tap_case("virtual functions: every attribute set, repaired, refused where there is none");
	file_put(VF_HEAD
		 "  - {dev: p0, vf: 0, mac: '02:00:00:00:00:10', vlan: 7, qos: 3, proto: 802.1Q,\n"
		 "     min_tx_rate: 10, max_tx_rate: 100, spoofchk: true, trust: true,\n"
		 "     state: enable, query_rss: true}\n"
		 "  - {dev: p0, vf: 2, mac: '02:00:00:00:00:12', state: disable}\n"
		 "features:\n  - {dev: p0, feature: hw-tc-offload, on: true}\n");
	does("apply", 0, NULL);
	does("plan", 0, "nothing to do");
	shows("ip link show dev p0", "vf 0     link/ether 02:00:00:00:00:10 brd ff:ff:ff:ff:ff:ff, "
	      "vlan 7, qos 3, tx rate 100 (Mbps), max_tx_rate 100Mbps, min_tx_rate 10Mbps, "
	      "spoof checking on, link-state enable, trust on, query_rss on");
	shows("ip link show dev p0", "link/ether 02:00:00:00:00:12 brd ff:ff:ff:ff:ff:ff, "
	      "spoof checking off, link-state disable");
	shows("ethtool -k p0", "hw-tc-offload: on");
	shows("ip link set p0 vf 0 trust off", NULL);
	does("plan", 3, "trust false -> true");
	does("apply", 0, NULL);
	does("plan", 0, "nothing to do");
	does(DELETE, 0, NULL);
	file_put(VF_HEAD "  - {dev: p0, vf: 3, trust: true}\n");
	does("apply", 4, "p0 vf 3: cannot add the virtual function");
	tap_eq(devices(), 0, "devices on the bus");
	tap_end();
}

static void config(void)
{
	tap_case("show config is a file that applies to no change, and to an empty machine");
	file_put(lab_file());
	does("apply", 0, NULL);
	shows("${PENSTOCK:-build/penstock} show config >" CONFIG, NULL);
	offload_runs("plan" STATE " " CONFIG, "", 0, "nothing to do");
	offload_runs("show config", "", 0, "kind: netdevsim");
	does(DELETE, 0, NULL);
	/* representors have names of their own, and no kind to be made of */
	shows("sed -i '/name: eth/,/up:/d' " CONFIG, NULL);
	if (!links_pairs) {
		offload_runs("apply" STATE " " CONFIG, "", 0, NULL);
		offload_runs("plan" STATE " " CONFIG, "", 0, "nothing to do");
		offload_runs(DELETE STATE " " CONFIG, "", 0, NULL);
	}
	tap_eq(devices(), 0, "devices on the bus");
	tap_end();
}

static void faults(void)
{
	char text[8];
	int step, rc = 4;
	struct run r;

	tap_case("whatever step fails, nothing is left");
	file_put(lab_file());
	for (step = 1; rc == 4 && step < 30; step++) {
		snprintf(text, sizeof(text), "%d", step);
		setenv("PN_FAULT_STEP", text, 1);
		if (!tap_sys(run_penstock(&r, "apply" STATE " " FILE_PATH), "apply"))
			break;
		rc = r.status;
		run_free(&r);
		if (rc == 4 && !tap_eq(devices(), 0, text))
			break;
		if (rc == 4 && !access("/run/netns/pnt-east", F_OK))
			tap_fail("step %d: the namespace is left", step);
	}
	unsetenv("PN_FAULT_STEP");
	tap_eq(rc, 0, "after the last step");
	tap_true(step > 10, "steps");
	does(DELETE, 0, NULL);
	tap_eq(devices(), 0, "devices on the bus");
	tap_end();
}

static const struct bad {
	const char *links;
	int status;
	const char *says;
} bad[] = {
	{ "  - {name: p0, kind: netdevsim}\n", 1, "id" },
	{ "  - {name: p0, kind: netdevsim, id: -1}\n", 1, ":3:" },
	{ "  - {name: p0, kind: netdevsim, id: 2147483648}\n", 1, "must be" },
	{ "  - {name: p0, kind: netdevsim, id: 1, port: 128}\n", 1, "must be 0..127" },
	{ "  - {name: p0, kind: netdevsim, id: 1, queues: 0}\n", 1, "must be 1..4096" },
	{ "  - {name: p0, kind: netdevsim, id: 1, sriov_numvfs: many}\n", 1, "must be" },
	{ "  - {name: p0, kind: netdevsim, id: 1, eswitch_mode: router}\n", 1, "switchdev" },
	{ "  - {name: p0, kind: netdevsim, id: 1, ports: 2}\n", 1, "ports" },
	{ "  - {name: p0, kind: netdevsim, id: 1}\n  - {name: p1, kind: netdevsim, id: 1}\n", 4,
	  "p1: port 0 of netdevsim1 exists already" },
	{ "  - {name: d0, kind: dummy, sriov_numvfs: 1}\n", 4,
	  "d0: sriov_numvfs: it is no port of a device on a bus" },
	{ "  - {name: d0, kind: dummy, eswitch_mode: switchdev}\n", 4,
	  "d0: eswitch_mode: it is no port of a device on a bus" },
};

static void sample(void)
{
	struct bpf_mark before = bpf_mark();
	const char *line = STATE " docs/examples/netdevsim-offload.yaml";
	char text[200];
	static const char *const verbs[] = { "apply", "plan", DELETE };
	unsigned int i;

	tap_case("docs/examples/netdevsim-offload.yaml is applied, planned again, deleted");
	if (!links_pairs) {
		tap_skip("this kernel does not link netdevsim devices");
		return;
	}
	for (i = 0; i < 3; i++) {
		snprintf(text, sizeof(text), "%s%s", verbs[i], line);
		offload_runs(text, "", 0, i == 1 ? "nothing to do" : NULL);
		if (i)
			continue;
		shows("ping -c 1 -W 5 192.0.2.2", " 1 received");
		offload_runs("show ports -j", "", 0, "\"mode\":\"offload\"");
		offload_runs("show offload nic0", "", 0, "refused");
	}
	offload_nothing_left(&before);
	tap_eq(devices(), 0, "devices on the bus");
	tap_end();
}

static void wrong(void)
{
	char text[300];
	unsigned int i;

	tap_case("a wrong value is one sentence, with its place, and nothing is left");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), HEAD "%s", bad[i].links);
		file_put(text);
		does("apply", bad[i].status, bad[i].says);
		tap_eq(devices(), 0, bad[i].links);
	}
	file_put(HEAD "  - {name: p0, kind: netdevsim, id: 1, linked: lo}\n");
	does("apply", links_pairs ? 4 : 5, links_pairs ? "linked: lo is no netdevsim device" :
	     "this kernel does not link netdevsim devices to each other");
	tap_eq(devices(), 0, "devices on the bus");
	tap_end();
}

static void same_index(void)
{
	tap_case("a pair with one index in two namespaces is refused, and named");
	if (!links_pairs) {
		tap_skip("this kernel does not link netdevsim devices");
		return;
	}
	file_put("penstock: 1\nnamespaces: [pnt-east, pnt-west]\nlinks:\n"
		 "  - {name: a0, netns: pnt-west, kind: netdevsim, id: 1}\n"
		 "  - {name: b0, netns: pnt-east, kind: netdevsim, id: 2,\n"
		 "     linked: pnt-west/a0}\n");
	does("apply", 4, "linked: both this device and pnt-west/a0 have index");
	does("apply", 4, "put another device before one of them");
	tap_eq(devices(), 0, "devices on the bus");
	file_put("penstock: 1\nnamespaces: [pnt-east, pnt-west]\nlinks:\n"
		 "  - {name: v0, netns: pnt-west, kind: veth, peer: {name: v1}}\n"
		 "  - {name: a0, netns: pnt-west, kind: netdevsim, id: 1}\n"
		 "  - {name: b0, netns: pnt-east, kind: netdevsim, id: 2,\n"
		 "     linked: pnt-west/a0}\n");
	does("apply", 0, NULL);
	does("plan", 0, "nothing to do");
	does(DELETE, 0, NULL);
	file_put(HEAD "  - {name: a0, kind: netdevsim, id: 1, linked: a0}\n");
	does("apply", 4, "linked: a0 is this device itself");
	tap_eq(devices(), 0, "devices on the bus");
	tap_end();
}

static void offloaded(void)
{
	struct bpf_mark before = bpf_mark();

	tap_case("a port of the file is offloaded, and goes with its device");
	file_put(HEAD "  - {name: p0, kind: netdevsim, id: 1, up: true, addresses: [10.1.0.1/24]}\n"
		 "ports:\n  - {dev: p0, mode: offload, strict: true, peers: [10.1.0.2]}\n");
	if (does("apply", 0, NULL)) {
		offload_runs("show ports", "", 0, "listed,strict");
		offload_bound(&before, 1, 4, "maps in devices");
	}
	does(DELETE, 0, NULL);
	offload_nothing_left(&before);
	tap_eq(devices(), 0, "devices on the bus");
	tap_end();
}

int main(void)
{
	if (getenv("DEV") && *getenv("DEV")) {
		tap_case("topology");
		tap_skip("it is netdevsim that a file can make");
		return tap_done();
	}
	if (!netdevsim_there()) {
		tap_case("topology");
		tap_skip("this kernel has no netdevsim");
		return tap_done();
	}
	links_pairs = !access("/sys/bus/netdevsim/link_device", F_OK);
	lives();
	packets();
	changes();
	functions();
	config();
	faults();
	wrong();
	sample();
	same_index();
	offloaded();
	return tap_done();
}
