// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The life of a port without a daemon: attach, attach again, other hooks, what
 * is refused and by which sentence, and that nothing is left or changed then.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <penstock/abi.h>

#include "gateway.h"
#include "hook.h"
#include "tap.h"

#define PINS "/sys/fs/bpf/penstock"
#define FILE_PATH "/run/netns/pnt-lifecycle.yaml"
#define STATE "/run/netns/pnt-state"

static struct gateway gw;

static int xdp_pass_load(void)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_prog_load(BPF_PROG_TYPE_XDP, "stranger", "GPL", insns, 2, NULL);
}

static bool pins_gone(void)
{
	return tap_true(access(PINS, F_OK) && errno == ENOENT, "no pins are left");
}

static void has(const char *text, const char *word)
{
	if (!strstr(text, word))
		tap_fail("no %s in %s", word, text);
}

static void attach_twice(void)
{
	char first[8192];

	tap_case("attach chooses tc for a veth, twice is once, detach leaves nothing");
	snprintf(first, sizeof(first), "%s", gateway_output("attach d -j"));
	has(first, "\"hook\":\"tc\"");
	has(first, "\"state\":\"attached\"");
	tap_str(gateway_output("attach d -j"), first, "the second attach");
	has(gateway_output("show ports -j"), "\"device\":\"d\"");
	has(gateway_output("detach d -j"), "\"state\":\"detached\"");
	has(gateway_output("detach d -j"), "was not attached");
	has(gateway_output("detach --all -j"), "[]");
	pins_gone();
	tap_end();
}

static void packets_flow(const char *options, const char *hook)
{
	char line[128];
	uint64_t before;

	tap_case("packets are decapsulated: %s", options);
	before = gateway_received(&gw);
	snprintf(line, sizeof(line), "attach d --ignore offload,sysctl %s", options);
	gateway_runs(line, 0, NULL);
	has(gateway_output("show ports -j"), hook);
	gateway_send(&gw, 64);
	tap_eq(gateway_received(&gw) - before, 64, "packets at the workload");
	tap_true(gateway_reason("d", "decap") >= 60, "decapsulated by penstock");
	gateway_runs("detach --all", 0, NULL);
	pins_gone();
	tap_end();
}

static void hooks_change(void)
{
	static const char *const lines[] = { "attach d --hook xdp", "attach d --hook tc",
					     "attach d --mode generic", "attach d --hook xdp",
					     "attach d" };
	uint64_t before = gateway_received(&gw);
	unsigned int i;

	tap_case("a changed hook or mode is taken over, and no packet is lost");
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		gateway_runs(lines[i], 0, NULL);
		gateway_send(&gw, 32);
	}
	tap_eq(gateway_received(&gw) - before, 32 * i, "packets at the workload");
	gateway_runs("detach d", 0, NULL);
	pins_gone();
	tap_end();
}

static void hook_refused(void)
{
	tap_case("where the new hook is refused the port stays on the old one");
	gateway_runs("attach br0", 0, NULL);
	gateway_runs("attach br0 --hook xdp --mode native", 5, "has no native XDP");
	has(gateway_output("show ports -j"), "\"state\":\"attached\"");
	has(gateway_output("show ports -j"), "\"hook\":\"tc\"");
	gateway_runs("detach br0", 0, NULL);
	pins_gone();
	tap_end();
}

static void foreign_program(void)
{
	struct hook h = { .ifindex = netns_ifindex(&gw.scene.d, "d") };
	int prog = xdp_pass_load();

	tap_case("a foreign XDP program is named and left alone; ours cannot be taken away");
	gateway_enter(&gw.scene.d);
	if (!tap_sys(prog, "load") || !tap_sys(hook_attach(&h, prog), "attach"))
		goto out;
	gateway_runs("attach d --hook xdp", 2, "another XDP program has the port: id ");
	gateway_runs("attach d --hook xdp", 2, "name stranger");
	pins_gone();
	gateway_runs("attach d --hook tc", 0, NULL);
	gateway_runs("attach d --hook xdp", 2, "name stranger");
	has(gateway_output("show ports -j"), "\"hook\":\"tc\"");
	hook_detach(&h);
	gateway_runs("attach d --hook xdp", 0, NULL);
	gateway_enter(&gw.scene.d);
	tap_true(hook_attach(&h, prog) < 0, "the kernel refuses a second program");
	gateway_runs("detach d", 0, NULL);
out:
	close(prog);
	tap_end();
}

static void refusals(void)
{
	struct run r;

	tap_case("what cannot be done is one sentence, and nothing is left");
	gateway_runs("attach nope", 2, "penstock: nope: there is no such device");
	gateway_runs("attach d nope", 2, "nope: there is no such device");
	gateway_runs("attach lo", 5, "no Ethernet device");
	gateway_runs("attach d --hook tc --mode native", 1, "mode native is a mode of XDP");
	gateway_runs("attach br0 --hook xdp --mode native", 5, "has no native XDP");
	gateway_runs("attach d br0 --hook xdp --mode native", 5, "has no native XDP");
	gateway_runs("detach", 1, "--all");
	pins_gone();
	gateway_enter(&gw.scene.d);
	if (tap_sys(run_penstock_as(&r, 65534, "attach d"), "as nobody")) {
		tap_eq(r.status, 2, "exit status as nobody");
		has(r.err, "needs the capabilities CAP_BPF and CAP_NET_ADMIN");
	}
	run_free(&r);
	tap_end();
}

static void realtime(void)
{
	FILE *f;

	tap_case("a PREEMPT_RT kernel is refused");
	if (tap_sys(mount("none", "/sys/kernel", "tmpfs", 0, NULL), "/sys/kernel")) {
		f = fopen("/sys/kernel/realtime", "we");
		tap_true(f && fputs("1\n", f) >= 0 && !fclose(f), "write");
		gateway_runs("attach d", 5, "PREEMPT_RT");
		umount("/sys/kernel");
	}
	pins_gone();
	tap_end();
}

static void directories(void)
{
	tap_case("a directory that others could have prepared is refused");
	gateway_runs("attach d --bpffs /tmp/penstock", 2, "there is no bpffs at /tmp");
	tap_sys(mkdir("/sys/fs/bpf/real", 0700), "mkdir");
	tap_sys(symlink("/sys/fs/bpf/real", "/sys/fs/bpf/link"), "symlink");
	gateway_runs("attach d --bpffs /sys/fs/bpf/link", 2, "symbolic link");
	gateway_runs("attach d --bpffs /sys/fs/bpf/link/", 2, "symbolic link");
	tap_sys(chmod("/sys/fs/bpf/real", 0777), "chmod");
	gateway_runs("attach d --bpffs /sys/fs/bpf/real", 2, "has mode 0777");
	tap_sys(chmod("/sys/fs/bpf/real", 0700), "chmod");
	tap_sys(chown("/sys/fs/bpf/real", 65534, 65534), "chown");
	gateway_runs("attach d --bpffs /sys/fs/bpf/real", 2, "belongs to user 65534");
	unlink("/sys/fs/bpf/link");
	rmdir("/sys/fs/bpf/real");
	tap_end();
}

static void other_version(void)
{
	struct pn_abi abi;
	uint32_t key = 0;
	int fd;

	tap_case("pins of another version are refused, and can be removed");
	gateway_runs("attach d", 0, NULL);
	fd = bpf_obj_get(PINS "/abi");
	if (tap_sys(fd, "the record") &&
	    tap_sys(bpf_map_lookup_elem(fd, &key, &abi), "read it")) {
		abi.version++;
		tap_sys(bpf_map_update_elem(fd, &key, &abi, BPF_ANY), "write it");
	}
	gateway_runs("attach d --hook xdp", 2, "made by another version of penstock");
	gateway_runs("detach d", 2, "made by another version of penstock");
	gateway_runs("run --once", 2, "made by another version of penstock");
	tap_true(!access(PINS "/abi", F_OK), "the pins are still there");
	gateway_runs("detach --all", 0, NULL);
	pins_gone();
	close(fd);
	tap_end();
}

static void other_namespace(void)
{
	struct netns other;

	tap_case("pins of another network namespace are refused");
	gateway_runs("attach d", 0, NULL);
	if (tap_sys(netns_open(&other), "namespace")) {
		gateway_enter(&other);
		gateway_runs("attach lo", 2, "belong to another network namespace");
		gateway_runs("detach --all", 2, "belong to another network namespace");
		gateway_enter(&gw.scene.d);
		netns_close(&other);
	}
	gateway_runs("detach --all", 0, NULL);
	tap_end();
}

static void namespace_gone(void)
{
	struct netns other;

	tap_case("pins of a namespace that is gone can be removed");
	if (!tap_sys(netns_open(&other), "namespace"))
		goto out;
	netns_veth(&other, "a", &other, "b");
	gateway_enter(&other);
	gateway_runs("attach a", 0, NULL);
	netns_del(&other, "a");
	gateway_enter(&gw.scene.d);
	netns_close(&other);
	tap_true(gateway_frees("detach --all"), "removed after the device's end");
	pins_gone();
out:
	tap_end();
}

static void full_map(void)
{
	uint64_t before = gateway_received(&gw);
	char mac[32];
	int i;

	tap_case("with a full map packets go through the kernel");
	for (i = 0; i < 400; i++) {
		snprintf(mac, sizeof(mac), "02:bb:00:00:%02x:%02x", i >> 8, i & 255);
		if (!tap_sys(netns_fdb(&gw.scene.d, "w", mac, NULL), "fdb"))
			goto out;
	}
	gateway_runs("attach d --ignore offload,sysctl --fdb-max 64", 0, NULL);
	gateway_send(&gw, 64);
	tap_eq(gateway_received(&gw) - before, 64, "packets at the workload");
	gateway_runs("attach d --fdb-max 100000", 2, "the maps are made");
	for (i = 0; i < 400; i++) {
		snprintf(mac, sizeof(mac), "02:bb:00:00:%02x:%02x", i >> 8, i & 255);
		netns_fdb_del(&gw.scene.d, "w", mac, NULL);
	}
out:
	gateway_runs("detach --all", 0, NULL);
	tap_end();
}

/* Asked for when the maps are made; whoever opens them later takes what is there. */
static void sizes_kept(void)
{
	uint64_t before = gateway_received(&gw);

	tap_case("another number of tunnels is kept, and read by all");
	gateway_runs("attach d --ignore offload,sysctl --tunnel-max 50000", 0, NULL);
	gateway_send(&gw, 64);
	tap_eq(gateway_received(&gw) - before, 64, "packets at the workload");
	tap_true(gateway_reason("d", "decap") >= 60, "decapsulated by penstock");
	has(gateway_output("show tunnels -j"), "\"vxlan\"");
	gateway_runs("attach d --ignore offload,sysctl", 0, NULL);
	gateway_runs("attach d --tunnel-max 70000", 2, "with room for 50000 tunnels");
	gateway_runs("attach d --shaper-max 70000", 2, "with room for 4096 shapers");
	gateway_runs("detach --all", 0, NULL);
	pins_gone();
	tap_end();
}

/* One program takes frames in several buffers, the other does not. */
static void mtus(void)
{
	tap_case("ports of 1500 and of 9000 bytes, in either order");
	if (netns_ip(&gw.scene.d, "link add big type veth peer name bigger\n"
				  "link set big mtu 9000\nlink set bigger mtu 9000\n"))
		tap_bail("veth of 9000 bytes");
	gateway_enter(&gw.scene.d);
	gateway_runs("attach d --hook xdp", 0, NULL);
	gateway_runs("attach big --hook xdp", 0, NULL);
	gateway_runs("detach d", 0, NULL);
	gateway_runs("attach d --hook xdp", 0, NULL);
	gateway_runs("detach --all", 0, NULL);
	netns_ip(&gw.scene.d, "link del big\n");
	gateway_enter(&gw.scene.d);
	pins_gone();
	tap_end();
}

/* Where libxdp's dispatcher works it is used, elsewhere it is said why not. */
static void shared(void)
{
	bool works = strstr(gateway_output("doctor -j d"),
			    "\"check\":\"shared\",\"state\":\"ok\"");
	uint64_t before = gateway_received(&gw);

	tap_case("shared: %s here", works ? "works" : "does not work");
	if (works) {
		gateway_runs("attach d --shared --ignore offload,sysctl", 0, NULL);
		gateway_send(&gw, 64);
		gateway_runs("attach d --shared --ignore offload,sysctl --checksum inner", 0, NULL);
		gateway_send(&gw, 64);
		tap_eq(gateway_received(&gw) - before, 128, "packets at the workload");
		tap_true(gateway_reason("d", "decap") >= 120, "decapsulated");
		gateway_runs("attach d --hook xdp", 0, NULL);
		gateway_runs("attach d --shared", 0, NULL);
		gateway_runs("detach d", 0, NULL);
	} else {
		gateway_runs("attach d --shared", 5, "dispatcher does not work on this kernel");
	}
	pins_gone();
	tap_end();
}

static bool file_write(const char *text)
{
	FILE *f = fopen(FILE_PATH, "we");

	return tap_true(f && fputs(text, f) >= 0 && !fclose(f), "write " FILE_PATH);
}

static void files(void)
{
	char first[8192];

	tap_case("a file's ports are attached after its links, and go with them");
	file_write("penstock: 1\n"
		   "links: [{name: dd0, kind: bridge, up: true}]\n"
		   "ports: [{dev: d, hook: xdp, ignore: [offload, sysctl]}]\n");
	gateway_runs("apply " FILE_PATH " --state " STATE, 0, NULL);
	snprintf(first, sizeof(first), "%s", gateway_output("show ports -j"));
	has(first, "\"hook\":\"xdp\"");
	gateway_runs("apply " FILE_PATH " --state " STATE, 0, NULL);
	tap_str(gateway_output("show ports -j"), first, "applied again");
	gateway_runs("delete " FILE_PATH " --state " STATE, 0, NULL);
	pins_gone();
	file_write("penstock: 1\n"
		   "links: [{name: dd0, kind: bridge, up: true}]\n"
		   "ports: [{dev: d}, {dev: lo}]\n");
	gateway_runs("apply " FILE_PATH " --state " STATE, 4, FILE_PATH ":3:");
	pins_gone();
	tap_true(netns_ifindex(&gw.scene.d, "dd0") <= 0, "the link is undone");
	gateway_runs("run " FILE_PATH " --state " STATE, 4, "lo: is no Ethernet device");
	pins_gone();
	tap_true(netns_ifindex(&gw.scene.d, "dd0") <= 0, "the link is undone");
	unlink(FILE_PATH);
	rmdir(STATE);
	tap_end();
}

int main(void)
{
	if (gateway_open(&gw))
		tap_bail("no gateway");
	attach_twice();
	packets_flow("--hook tc", "\"hook\":\"tc\"");
	netns_name(&gw.scene.e, "workload");
	packets_flow("--hook xdp", "\"mode\":\"native\"");
	packets_flow("--mode generic", "\"mode\":\"generic\"");
	hooks_change();
	hook_refused();
	foreign_program();
	refusals();
	realtime();
	directories();
	other_version();
	other_namespace();
	namespace_gone();
	full_map();
	sizes_kept();
	mtus();
	shared();
	files();
	umount("/run/netns/workload");
	gateway_close(&gw);
	return tap_done();
}
