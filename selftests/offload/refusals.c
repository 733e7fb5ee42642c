// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Each way in which a driver can refuse, by netdevsim's switches: what penstock
 * says, that the port stays as it was, and that nothing is left.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netdevsim.h"
#include "offloaded.h"
#include "tap.h"

static const struct refusal {
	const char *knob, *line;
	int status;
	const char *says;
	bool attach_only;	/* the program loads, and is refused at the hook */
} refusals[] = {
	{ "bpf_bind_accept", "attach %s --mode offload", 2,
	  "the kernel does not load xdp_offload: Operation not supported" },
	{ "bpf_bind_verifier_accept", "attach %s --mode offload", 2,
	  "xdp_offload: Operation not supported: verifier: [netdevsim] Hello from netdevsim!" },
	{ "ports/0/bpf_map_accept", "attach %s --mode offload", 2,
	  "the device does not take the map off_conf: Operation not supported" },
	{ "ports/0/bpf_xdpoffload_accept", "attach %s --mode offload", 2,
	  "refuses the XDP program in offload mode: Operation not supported: kernel: "
	  "netdevsim: XDP offload disabled in DebugFS", true },
	{ "ports/0/bpf_xdpdrv_accept", "attach %s --mode native", 5,
	  "its driver (netdevsim) has no native XDP on this kernel: kernel: netdevsim: "
	  "driver XDP disabled in DebugFS", true },
};

#define N_REFUSALS (sizeof(refusals) / sizeof(refusals[0]))

static struct netdevsim sim;

static void nothing_there(const struct refusal *r)
{
	struct bpf_mark before = bpf_mark();

	tap_case("%s: refused, and nothing is left", r->knob);
	tap_sys(netdevsim_debug(&sim, r->knob, "N"), r->knob);
	offload_runs(r->line, sim.dev, r->status, r->says);
	offload_nothing_left(&before);
	tap_sys(netdevsim_debug(&sim, r->knob, "Y"), r->knob);
	tap_end();
}

/* Another hook or mode was at work before: it still is. */
static void another_mode(const struct refusal *r)
{
	const char *was = strstr(r->line, "offload") ? "attach %s --mode native" :
			  "attach %s --mode offload";
	const char *mode = strstr(r->line, "offload") ? "\"mode\":\"native\"" :
			   "\"mode\":\"offload\"";
	struct bpf_mark before = bpf_mark();

	tap_case("%s: the port stays in the mode that it had", r->knob);
	offload_runs(was, sim.dev, 0, "attached");
	tap_sys(netdevsim_debug(&sim, r->knob, "N"), r->knob);
	offload_runs(r->line, sim.dev, r->status, r->says);
	offload_runs("show ports -j", "", 0, mode);
	offload_runs("show ports -j", "", 0, "\"state\":\"attached\"");
	tap_sys(netdevsim_debug(&sim, r->knob, "Y"), r->knob);
	offload_runs("detach --all", "", 0, NULL);
	offload_nothing_left(&before);
	tap_end();
}

/* The same program, to be exchanged: the old one stays. */
static void exchange(const struct refusal *r)
{
	struct bpf_mark before = bpf_mark();

	tap_case("%s: the old program stays where an exchange is refused", r->knob);
	offload_runs("attach %s --mode offload", sim.dev, 0, NULL);
	offload_bound(&before, 1, 4, "maps in the device");
	tap_sys(netdevsim_debug(&sim, r->knob, "N"), r->knob);
	offload_runs("attach %s --mode offload --peers 192.0.2.1", sim.dev, 2,
		     "Operation not supported");
	offload_bound(&before, 1, 4, "maps in the device, exchange refused");
	offload_runs("show ports -j", "", 0, "\"state\":\"attached\"");
	tap_sys(netdevsim_debug(&sim, r->knob, "Y"), r->knob);
	offload_runs("detach --all", "", 0, NULL);
	offload_nothing_left(&before);
	tap_end();
}

/* Several ports at once: all or nothing. */
static void all_or_nothing(void)
{
	struct bpf_mark before;
	struct netdevsim other;
	char line[80];

	tap_case("of two devices one refuses: neither is attached");
	if (!tap_sys(netdevsim_open(&other, 2, 1), "a second device"))
		goto out;
	before = bpf_mark();
	tap_sys(netdevsim_debug(&other, "bpf_bind_accept", "N"), "bpf_bind_accept");
	snprintf(line, sizeof(line), "attach %s %s --mode offload", sim.dev, other.dev);
	offload_runs(line, "", 2, "does not load xdp_offload");
	offload_nothing_left(&before);
	netdevsim_close(&other);
out:
	tap_end();
}

static void mtu(void)
{
	struct bpf_mark before = bpf_mark();
	char line[80];

	tap_case("too large an MTU for native XDP has the driver's words");
	snprintf(line, sizeof(line), "ip link set %s mtu 9000", sim.dev);
	if (system(line))
		tap_fail("%s", line);
	offload_runs("attach %s --mode native", sim.dev, 2,
		     "kernel: netdevsim: MTU too large w/ XDP enabled");
	offload_runs("attach %s --mode offload", sim.dev, 0, NULL);
	offload_runs("detach %s", sim.dev, 0, NULL);
	offload_nothing_left(&before);
	tap_end();
}

int main(void)
{
	unsigned int i;

	if (getenv("DEV") && *getenv("DEV")) {
		tap_case("refusals");
		tap_skip("hardware has no switches that refuse");
		return tap_done();
	}
	netdevsim_or_hardware(&sim);
	for (i = 0; i < N_REFUSALS; i++)
		nothing_there(&refusals[i]);
	for (i = 0; i < N_REFUSALS; i++)
		if (refusals[i].attach_only)
			another_mode(&refusals[i]);
	exchange(&refusals[0]);
	exchange(&refusals[3]);
	all_or_nothing();
	mtu();
	netdevsim_close(&sim);
	return tap_done();
}
