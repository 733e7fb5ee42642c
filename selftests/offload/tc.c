// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tc in the device (skip_sw): what a driver does with a classifier that is
 * bound to it, its refusals, and that it and an offloaded port respect each
 * other: a device runs one program.
 */
#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "netdevsim.h"
#include "offloaded.h"
#include "tap.h"

#define PIN "/sys/fs/bpf/pnt-offload-tc"

static struct netdevsim sim;
static char said[1024];

/* Run a command, with what it says in @said; its exit status. */
static int runs(const char *fmt)
{
	char line[300], *at;
	FILE *f;
	size_t n;
	int rc;

	snprintf(line, sizeof(line), "%s 2>&1", fmt);
	while ((at = strstr(line, "DEV"))) {
		char rest[300];

		snprintf(rest, sizeof(rest), "%s", at + 3);
		snprintf(at, sizeof(line) - (at - line), "%s%s", sim.dev, rest);
	}
	f = popen(line, "re");
	if (!f)
		return -1;
	n = fread(said, 1, sizeof(said) - 1, f);
	said[n] = '\0';
	rc = pclose(f);
	return WIFEXITED(rc) ? WEXITSTATUS(rc) : -1;
}

static bool does(const char *fmt)
{
	return runs(fmt) ? tap_fail("%s: %s", fmt, said) : true;
}

static bool refuses(const char *fmt, const char *says)
{
	if (!runs(fmt))
		return tap_fail("%s: was not refused", fmt);
	return says && !strstr(said, says) ? tap_fail("%s: %s", fmt, said) : true;
}

/* Pin a classifier that does nothing; bound to the device, or to none. */
static bool classifier_pin(bool bound)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = -1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_ifindex = bound ? if_nametoindex(sim.dev) : 0);
	int fd = bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "classifier", "GPL", insns, 2, &opts);
	bool ok;

	unlink(PIN);
	ok = tap_sys(fd, "load") && tap_sys(bpf_obj_pin(fd, PIN), "pin");
	close(fd);
	return ok;
}

#define ADD    "tc filter add dev DEV ingress prio 1 bpf da object-pinned " PIN " skip_sw"
#define DELETE "tc filter del dev DEV ingress prio 1"

static void lives(void)
{
	struct bpf_mark before = bpf_mark();

	tap_case("a classifier with skip_sw is in the device, and goes");
	if (classifier_pin(true) && does(ADD)) {
		does("tc filter show dev DEV ingress");
		tap_true(strstr(said, "skip_sw") && strstr(said, "in_hw"), "in_hw");
		tap_true(!strstr(said, "not_in_hw"), "not_in_hw");
		refuses("ethtool -K DEV hw-tc-offload off", NULL);
		does("ethtool -K DEV hw-tc-offload on");	/* what is wanted was kept as off */
		does(DELETE);
	}
	unlink(PIN);
	offload_nothing_left(&before);
	tap_end();
}

static void one_program(void)
{
	struct bpf_mark before = bpf_mark();

	tap_case("a device with a classifier refuses the port, and the other way round");
	if (classifier_pin(true) && does(ADD)) {
		offload_runs("attach %s --mode offload", sim.dev, 2,
			     "in offload mode: Device or resource busy: kernel: netdevsim: "
			     "TC program is already loaded");
		does(DELETE);
	}
	unlink(PIN);
	offload_nothing_left(&before);
	offload_runs("attach %s --mode offload", sim.dev, 0, NULL);
	if (classifier_pin(true))
		refuses(ADD, "driver and netdev offload states mismatch");
	unlink(PIN);
	offload_runs("detach --all", "", 0, NULL);
	offload_nothing_left(&before);
	tap_end();
}

static void switches(void)
{
	struct bpf_mark before = bpf_mark();

	tap_case("bpf_tc_accept, bpf_tc_non_bound_accept, hw-tc-offload: refused, nothing left");
	if (!classifier_pin(true))
		goto out;
	tap_sys(netdevsim_debug(&sim, "ports/0/bpf_tc_accept", "N"), "switch");
	refuses(ADD, "netdevsim configured to reject BPF TC offload");
	tap_sys(netdevsim_debug(&sim, "ports/0/bpf_tc_accept", "Y"), "switch");
	does("ethtool -K DEV hw-tc-offload off");
	refuses(ADD, NULL);
	does("ethtool -K DEV hw-tc-offload on");
	classifier_pin(false);
	refuses(ADD, NULL);
	/* Without skip_sw the filter is there anyhow; the switch says whether in the device. */
	does("tc filter add dev DEV ingress prio 1 bpf da object-pinned " PIN);
	does("tc filter show dev DEV ingress");
	tap_true(strstr(said, "not_in_hw"), "an unbound program is not in the device");
	does(DELETE);
	tap_sys(netdevsim_debug(&sim, "ports/0/bpf_tc_non_bound_accept", "Y"), "switch");
	does("tc filter add dev DEV ingress prio 1 bpf da object-pinned " PIN);
	does("tc filter show dev DEV ingress");
	tap_true(strstr(said, "in_hw") && !strstr(said, "not_in_hw"), "accepted unbound");
	does(DELETE);
	tap_sys(netdevsim_debug(&sim, "ports/0/bpf_tc_non_bound_accept", "N"), "switch");
out:
	unlink(PIN);
	offload_nothing_left(&before);
	tap_end();
}

/* penstock's own tc program beside what is in the device: software, as always. */
static void beside(void)
{
	struct bpf_mark before = bpf_mark();

	tap_case("hook tc is the host's, with or without hw-tc-offload");
	if (classifier_pin(true) && does(ADD)) {
		offload_runs("attach %s --hook tc", sim.dev, 0, "attached");
		offload_runs("detach %s", sim.dev, 0, NULL);
		does("tc filter show dev DEV ingress");
		tap_true(strstr(said, "in_hw"), "the classifier is still there");
		does(DELETE);
	}
	unlink(PIN);
	offload_nothing_left(&before);
	tap_end();
}

int main(void)
{
	if (getenv("DEV") && *getenv("DEV")) {
		tap_case("tc in the device");
		tap_skip("hardware is left without a clsact qdisc of ours");
		return tap_done();
	}
	netdevsim_or_hardware(&sim);
	if (runs("ethtool -K DEV hw-tc-offload on && tc qdisc add dev DEV clsact"))
		tap_bail("clsact: %s", said);
	lives();
	one_program();
	switches();
	beside();
	netdevsim_close(&sim);
	return tap_done();
}
