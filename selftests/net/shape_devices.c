// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The devices that queueing shapers use and do not own: a clsact qdisc that we made
 * goes when it is empty and somebody else's stays; an IFB device that is made anew
 * by hand is found by the daemon.
 */
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway.h"
#include "shape/redirect.h"
#include "tap.h"

#define FILE_PATH "/run/netns/pnt-devices.yaml"
#define STATE_DIR "/run/netns/pnt-devices-state"
#define ON_FILE " --state " STATE_DIR " " FILE_PATH
#define STEPS 1500	/* of 20 ms */

#define HEAD "penstock: 1\nports:\n  - {dev: d, hook: xdp, ignore: [offload, sysctl]}\n"
#define QUEUED HEAD "shapers:\n  - {name: q, rate: 1gbit, action: shape, match: {dev: d}}\n"
#define POLICED HEAD "shapers:\n  - {name: q, rate: 1gbit, match: {dev: d}}\n"

#define PLACE "tc qdisc show dev d | grep -q clsact"

static struct gateway gw;

static void file_write(const char *text)
{
	FILE *f = fopen(FILE_PATH, "w");

	if (!f || fputs(text, f) < 0 || fclose(f))
		tap_bail("cannot write %s", FILE_PATH);
}

/* Where the test stands: in the gateway's namespace. */
static bool sh(const char *command, bool wanted)
{
	gateway_output("version");
	return tap_eq(!system(command), wanted, command);
}

static void place(const char *before, const char *after, bool stays)
{
	sh(before, true);
	file_write(QUEUED);
	gateway_runs("apply" ON_FILE, 0, NULL);
	sh(PLACE, true);
	sh(after, true);
	file_write(POLICED);
	gateway_runs("apply --allow-mass-delete" ON_FILE, 0, NULL);
	sh(PLACE, stays);
	file_write(QUEUED);
	gateway_runs("apply" ON_FILE, 0, NULL);
	gateway_runs("delete --allow-mass-delete" ON_FILE, 0, NULL);
	sh(PLACE, stays);
}

static void places(void)
{
	tap_case("a clsact qdisc that we made goes with the last filter");
	place("true", "true", false);
	tap_end();
	tap_case("one that was there stays");
	place("tc qdisc add dev d clsact", "true", true);
	sh("tc qdisc del dev d clsact", true);
	tap_end();
	tap_case("one that others use by now stays");
	place("true", "tc filter add dev d egress prio 7 u32 match u32 0 0", true);
	sh("tc qdisc del dev d clsact", true);
	tap_end();
}

/* Does the one filter of the port lead to the device of this name; ""; there is none? */
static bool leads(const char *name)
{
	struct pn_nl_filter to[PN_REDIRECTS_MAX];
	int n = pn_redirects_list(if_nametoindex("d"), to);

	return name[0] ? n == 1 && to[0].to == if_nametoindex(name) : !n;
}

static void leads_awaits(const char *name)
{
	int left = STEPS;

	while (!leads(name) && --left)
		poll(NULL, 0, 20);
	tap_true(left > 0, name[0] ? name : "no filter");
}

static void remade(void)
{
	pid_t daemon;

	tap_case("an IFB device that is made anew is found without anybody's help");
	file_write(QUEUED);
	daemon = gateway_daemon("run" ON_FILE);
	if (tap_sys(daemon, "daemon")) {
		leads_awaits("ifb-q");
		sh("ip link del ifb-q", true);
		leads_awaits("");
		sh("ip link add ifb-other type ifb && ip link add ifb-q type ifb", true);
		leads_awaits("ifb-q");
		sh("ip link del ifb-other", true);
		gateway_stop(daemon, SIGTERM);
	}
	sh("ip link del ifb-q", true);
	gateway_runs("delete --allow-mass-delete" ON_FILE, 0, NULL);
	tap_end();
}

int main(void)
{
	if (gateway_open(&gw))
		tap_bail("no gateway");
	places();
	remade();
	unlink(FILE_PATH);
	/* what vanished by hand is still recorded */
	if (system("rm -r " STATE_DIR))
		tap_bail("cannot remove " STATE_DIR);
	gateway_close(&gw);
	return tap_done();
}
