// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Gates that are BPF programs: on tcx, in a tc filter, as sk_lookup, at XDP of a
 * tunnel device; and our own, which are none. See lib/gate.h for the host.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <string.h>
#include <unistd.h>

#include "gate.h"
#include "tap.h"

#define TCX_INGRESS 46 /* linux/bpf.h of 6.6 */

static struct gate_host host;

static const struct gate_case tcx = {
	"tcx program", POLLED, "w", PN_PLACE_PORT, PN_GATE_TC_INGRESS, "tcx ingress program"
};
static const struct gate_case filter = {
	"bpf filter", EVENT, "w", PN_PLACE_PORT, PN_GATE_TC_INGRESS,
	"tc ingress filter on w: bpf"
};
static const struct gate_case lookup = {
	"sk_lookup program", POLLED, "w", PN_PLACE_OUTER4, PN_GATE_SOCKET, "sk_lookup program"
};

static const struct gate_case xdp = {
	"XDP program on a tunnel device", EVENT, "vx", PN_PLACE_PORT, PN_GATE_TC_INGRESS,
	"an XDP program is on vx"
};

/* return VALUE */
static int prog_load(enum bpf_prog_type type, enum bpf_attach_type attach, int value)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = attach);
	struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = value },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int fd = bpf_prog_load(type, "gate_test", "GPL", insns, 2, &opts);

	return fd < 0 ? -errno : fd;
}

static uint32_t prog_id(int fd)
{
	struct bpf_prog_info info = { 0 };
	__u32 len = sizeof(info);

	return bpf_obj_get_info_by_fd(fd, &info, &len) ? 0 : info.id;
}

/* Foreign it closes, ours it opens; foreign again, it is what @undo opens. */
static void ours_check(const struct gate_case *c, uint32_t id)
{
	gate_closes(&host, c);
	pn_gates_set_ours(host.gates, &id, 1);
	tap_sys(pn_gates_update(host.gates, NULL), "update");
	tap_eq(pn_gate_word(host.gates, netns_ifindex(&host.ns, c->dev), c->place) & c->gate,
	       0, "our own is none");
	pn_gates_set_ours(host.gates, NULL, 0);
	gate_closes(&host, c);
}

static void tcx_run(void)
{
	int prog = prog_load(BPF_PROG_TYPE_SCHED_CLS, 0, -1);
	int w = netns_ifindex(&host.ns, "w");
	int link;

	gate_begin(&host, &tcx);
	tap_sys(prog, "load");
	netns_enter(&host.ns);
	link = bpf_link_create(prog, w, TCX_INGRESS, NULL);
	netns_leave();
	if (link < 0) {
		tap_skip("no tcx in this kernel: %s", strerror(errno));
		close(prog);
		return;
	}
	ours_check(&tcx, prog_id(prog));
	close(link);
	gate_opens(&host, &tcx);
	gate_end(&host, &tcx);
	close(prog);
}

static void filter_run(void)
{
	int prog = prog_load(BPF_PROG_TYPE_SCHED_CLS, 0, -1);
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = netns_ifindex(&host.ns, "w"),
		    .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .prog_fd = prog, .handle = 1, .priority = 1);

	gate_begin(&host, &filter);
	netns_enter(&host.ns);
	tap_sys(bpf_tc_hook_create(&hook), "clsact");
	tap_sys(bpf_tc_attach(&hook, &opts), "filter");
	netns_leave();
	ours_check(&filter, prog_id(prog));
	tap_eq(gate_sh(&host, "tc qdisc del dev w clsact"), 0, "taken back");
	gate_opens(&host, &filter);
	gate_end(&host, &filter);
	close(prog);
}

static void lookup_run(void)
{
	int prog = prog_load(BPF_PROG_TYPE_SK_LOOKUP, BPF_SK_LOOKUP, SK_PASS);
	int link;

	gate_begin(&host, &lookup);
	tap_sys(prog, "load");
	link = bpf_link_create(prog, host.ns.fd, BPF_SK_LOOKUP, NULL);
	tap_sys(link, "attach");
	gate_closes(&host, &lookup);
	close(link);
	gate_opens(&host, &lookup);
	gate_end(&host, &lookup);
	close(prog);
}

static void xdp_run(void)
{
	int prog = prog_load(BPF_PROG_TYPE_XDP, BPF_XDP, XDP_PASS);
	int vx = netns_ifindex(&host.ns, "vx");

	gate_begin(&host, &xdp);
	tap_sys(prog, "load");
	netns_enter(&host.ns);
	tap_sys(bpf_xdp_attach(vx, prog, XDP_FLAGS_SKB_MODE, NULL), "attach");
	netns_leave();
	gate_closes(&host, &xdp);
	netns_enter(&host.ns);
	tap_sys(bpf_xdp_attach(vx, -1, XDP_FLAGS_SKB_MODE, NULL), "detach");
	netns_leave();
	gate_opens(&host, &xdp);
	gate_end(&host, &xdp);
	close(prog);
}

int main(void)
{
	gate_host_open(&host);
	xdp_run();
	tcx_run();
	filter_run();
	lookup_run();
	gate_host_close(&host);
	return tap_done();
}
