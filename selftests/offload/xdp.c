// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The life of an offloaded program: bound, verified, attached, exchanged,
 * given up for another mode, detached, and gone with its device. On netdevsim,
 * or on the hardware of $DEV.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "netdevsim.h"
#include "offloaded.h"
#include "tap.h"

static struct netdevsim sim;

static uint32_t prog_id(uint8_t *mode)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, q);

	if (bpf_xdp_query(if_nametoindex(sim.dev), 0, &q))
		return 0;
	*mode = q.attach_mode;
	return q.attach_mode == XDP_ATTACHED_HW ? q.hw_prog_id : q.prog_id;
}

static void prog_is_bound(void)
{
	struct bpf_prog_info info = { 0 };
	uint32_t len = sizeof(info);
	uint8_t mode = 0;
	char number[16];
	uint32_t id = prog_id(&mode);
	int fd = bpf_prog_get_fd_by_id(id);

	tap_eq(mode, XDP_ATTACHED_HW, "attached in the device");
	if (tap_sys(fd, "program") && tap_sys(bpf_obj_get_info_by_fd(fd, &info, &len), "info")) {
		tap_eq(info.ifindex, if_nametoindex(sim.dev), "bound to the device");
		tap_str(info.name, "xdp_offload", "name");
	}
	close(fd);
	if (sim.id < 0)
		return;
	snprintf(number, sizeof(number), "%u", id);
	tap_str(netdevsim_read(&sim, "ports/0/bpf_offloaded_id"), number, "the driver's word");
}

static void lives(void)
{
	struct bpf_mark before = bpf_mark();

	tap_case("a program and four maps are bound to the device, and gone after detach");
	offload_runs("attach %s --mode offload", sim.dev, 0, "offload");
	offload_bound(&before, 1, 4, "maps in the device");
	prog_is_bound();
	offload_runs("show ports -j", "", 0, "\"mode\":\"offload\"");
	offload_runs("show programs -j", "", 0, "\"name\":\"xdp_offload\"");
	offload_runs("show offload -j", "", 0, "\"class\":\"vxlan\",\"packets\":");
	offload_runs("show offload %s", sim.dev, 0, "refused");
	offload_runs("stats", "", 0, sim.dev);
	offload_runs("detach %s", sim.dev, 0, "detached");
	offload_nothing_left(&before);
	tap_end();
}

static void again(void)
{
	struct bpf_mark before = bpf_mark();
	uint32_t ids[64], n;

	tap_case("attached again it is exchanged, one program at a time, with its counters");
	offload_runs("attach %s --mode offload", sim.dev, 0, NULL);
	n = offload_maps("off_count", ids, 64);
	if (tap_eq(n, 1, "counters")) {
		offload_runs("attach %s --mode offload --peers 192.0.2.1,2001:db8::1", sim.dev, 0,
			     NULL);
		tap_eq(offload_maps("off_count", ids + 1, 63), 1, "counters after that");
		tap_eq(ids[1], ids[0], "the same counters");
	}
	offload_bound(&before, 1, 4, "maps in the device");
	prog_is_bound();
	offload_runs("detach --all", "", 0, NULL);
	offload_nothing_left(&before);
	tap_end();
}

static void modes(void)
{
	static const char *const lines[] = {
		"attach %s --mode offload", "attach %s --mode native", "attach %s --mode offload",
		"attach %s --hook tc",	    "attach %s --mode offload", "attach %s --mode generic",
		"attach %s --mode offload",
	};
	struct bpf_mark before = bpf_mark();
	unsigned int i;
	bool offload;

	tap_case("offload gives way to other hooks and modes, and back");
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		offload_runs(lines[i], sim.dev, 0, "attached");
		offload = strstr(lines[i], "offload");
		offload_bound(&before, offload, offload ? 4 : 0, lines[i]);
	}
	offload_runs("detach --all", "", 0, NULL);
	offload_nothing_left(&before);
	tap_end();
}

static void wishes(void)
{
	static const struct {
		const char *line, *says;
	} no[] = {
		{ "attach %s --mode offload --shared", "program in a device is alone" },
		{ "attach %s --mode offload --nesting 2", "takes nothing off a packet" },
		{ "attach %s --mode offload --checksum inner", "proves no checksum" },
		{ "attach %s --mode offload --strict", "is strict only towards peers" },
		{ "attach %s --mode offload --peers 10.0.0.0/8", "looks up whole addresses" },
		{ "attach %s --mode offload --peers 1.0.0.1,1.0.0.2,1.0.0.3", "has room for two" },
		{ "attach %s --mode offload --hook tc", "mode offload is a mode of XDP" },
	};
	struct bpf_mark before = bpf_mark();
	unsigned int i;

	tap_case("what a program in a device cannot do is one sentence, and nothing is left");
	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		offload_runs(no[i].line, sim.dev, 1, no[i].says);
	offload_nothing_left(&before);
	tap_end();
}

static void drivers(void)
{
	struct bpf_mark before = bpf_mark();

	tap_case("a driver that takes no offloaded program is named");
	if (system("ip link add pnt0 type veth peer name pnt1 && ip link add pnt2 type dummy"))
		tap_fail("veth, dummy");
	offload_runs("attach %s --mode offload", "pnt0", 5,
		     "its driver (veth) takes no offloaded BPF program");
	offload_runs("attach %s --mode offload", "pnt2", 5,
		     "its driver (dummy) takes no offloaded BPF program");
	if (system("ip link del pnt0; ip link del pnt2"))
		tap_fail("deleting them");
	offload_nothing_left(&before);
	tap_end();
}

/* From here on netdevsim only: the device is taken away, or has what hardware may not. */
static void strict(void)
{
	struct bpf_mark before = bpf_mark();
	char line[200];

	tap_case("strict has the addresses of the port, at most two");
	offload_runs("attach %s --mode offload --strict --peers 192.0.2.1", sim.dev, 1,
		     "is for its own addresses, and it has none");
	snprintf(line, sizeof(line), "ip addr add 192.0.2.9/24 dev %s && ip addr add "
		 "2001:db8::9/64 nodad dev %s", sim.dev, sim.dev);
	if (system(line))
		tap_fail("addresses");
	offload_runs("attach %s --mode offload --strict --peers 192.0.2.1", sim.dev, 0, NULL);
	offload_runs("show ports", "", 0, "listed,strict");
	snprintf(line, sizeof(line), "ip addr add 192.0.2.10/24 dev %s", sim.dev);
	if (system(line))
		tap_fail("a third address");
	offload_runs("attach %s --mode offload --strict --peers 192.0.2.1", sim.dev, 1,
		     "it has 3 addresses, and a map in a device has room for 2");
	prog_is_bound();
	offload_runs("detach --all", "", 0, NULL);
	snprintf(line, sizeof(line), "ip addr flush dev %s", sim.dev);
	if (system(line))
		tap_fail("flush");
	offload_nothing_left(&before);
	tap_end();
}

static void stranger(void)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_ifindex = if_nametoindex(sim.dev));
	LIBBPF_OPTS(bpf_link_create_opts, hw, .flags = XDP_FLAGS_HW_MODE);
	struct bpf_mark before = bpf_mark();
	int prog, link;

	tap_case("a foreign program in the device is named and left alone");
	prog = bpf_prog_load(BPF_PROG_TYPE_XDP, "stranger", "GPL", insns, 2, &opts);
	link = bpf_link_create(prog, if_nametoindex(sim.dev), BPF_XDP, &hw);
	if (tap_sys(prog, "load") && tap_sys(link, "attach"))
		offload_runs("attach %s --mode offload", sim.dev, 2,
			     "another XDP program has the port: id ");
	close(link);
	close(prog);
	offload_nothing_left(&before);
	tap_end();
}

static void device_goes(void)
{
	struct bpf_mark before = bpf_mark();

	tap_case("the device goes, and its program with it");
	offload_runs("attach %s --mode offload", sim.dev, 0, NULL);
	netdevsim_close(&sim);
	offload_runs("show ports", "", 0, "gone");
	offload_runs("show offload", "", 0, "No port is attached in mode offload");
	offload_runs("show programs", "", 0, NULL);
	offload_runs("stats", "", 0, NULL);
	offload_runs("detach --all", "", 0, "detached");
	offload_nothing_left(&before);
	tap_sys(netdevsim_open(&sim, 1, 1), "the device returns");
	tap_end();
}

int main(void)
{
	netdevsim_or_hardware(&sim);
	if (sim.id < 0)
		offload_taken_or_bail(sim.dev);
	lives();
	again();
	modes();
	wishes();
	drivers();
	if (sim.id >= 0) {
		strict();
		stranger();
		device_goes();
	}
	netdevsim_close(&sim);
	return tap_done();
}
