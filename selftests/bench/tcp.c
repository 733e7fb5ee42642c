// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * One TCP stream from A over the kernel's vxlan to D, which bridges it to B,
 * and the other way round: with D alone, and with penstock on both of D's
 * ports at tc, the hook it chooses by itself for a veth. All three share the
 * machine, offloads are as they come. Goodput at the receiver.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"
#include "hook.h"
#include "measure.h"
#include "netns.h"
#include "stream.h"
#include "tap.h"
#include "tc_port.skel.h"

#define ROUNDS_DEFAULT 5
#define RUN_MS	       1200
#define WARM_UP_MS     200
#define ADDR_A	       "192.168.5.2"
#define ADDR_B	       "192.168.5.1"

static struct netns a, d, b;
static struct hook hooks[2];
static int progs[2];

static void must(int ret, const char *what)
{
	if (ret < 0)
		tap_bail("%s: %s", what, strerror(-ret));
}

/* Without br_netfilter's detour, whatever this host has loaded. */
static void quiet(const struct netns *ns)
{
	must(netns_open((struct netns *)ns), "namespace");
	netns_quiet(ns);
	netns_sysctl(ns, "net/bridge/bridge-nf-call-iptables", "0");
	netns_sysctl(ns, "net/ipv6/conf/all/disable_ipv6", "1");
	netns_sysctl(ns, "net/ipv6/conf/default/disable_ipv6", "1");
}

static void links_make(void)
{
	struct netns_vxlan vx = { .id = FRAME_VNI, .dstport = FRAME_PORT };

	quiet(&a);
	quiet(&d);
	quiet(&b);
	must(netns_veth(&d, "d0", &a, "a0"), "veth");
	must(netns_veth(&d, "d1", &b, "b0"), "veth");
	must(netns_mac(&d, "d0", PKT_MAC_D), "MAC");
	must(netns_mac(&a, "a0", PKT_MAC_P), "MAC");
	must(netns_mac(&b, "b0", FRAME_DST_MAC), "MAC");
	must(netns_addr(&d, "d0", FRAME_DST4 "/24"), "address");
	must(netns_addr(&a, "a0", FRAME_SRC4 "/24"), "address");
	vx.local = FRAME_SRC4;
	vx.remote = FRAME_DST4;
	must(netns_vxlan(&a, "vx", &vx), "vxlan");
	must(netns_mac(&a, "vx", FRAME_SRC_MAC), "MAC");
	vx.local = FRAME_DST4;
	vx.remote = FRAME_SRC4;
	must(netns_vxlan(&d, "vx", &vx), "vxlan");
	must(netns_mac(&d, "vx", FRAME_VX_MAC), "MAC");
	must(netns_bridge(&d, "br"), "bridge");
	must(netns_master(&d, "vx", "br"), "enslave");
	must(netns_master(&d, "d1", "br"), "enslave");
	must(netns_mtu(&b, "b0", 1450), "MTU");
	must(netns_addr(&a, "vx", ADDR_A "/24"), "address");
	must(netns_addr(&b, "b0", ADDR_B "/24"), "address");
	must(netns_ip(&d, "link set dev d0 up\nlink set dev d1 up\n"
			  "link set dev vx up\nlink set dev br up\n"), "up");
	must(netns_ip(&a, "link set dev a0 up\nlink set dev vx up\n"), "up");
	must(netns_up(&b, "b0"), "up");
}

static void port_load(int nth, uint16_t port, const char *dev)
{
	struct tc_port_bpf *skel = tc_port_bpf__open();
	struct pn_conf conf = { .port = port, .checksum = PN_CSUM_FULL };
	struct frame_world w = {
		.macs = 1,
		.wire = netns_ifindex(&d, "d0"),
		.web = netns_ifindex(&d, "d1"),
		.vxlan = netns_ifindex(&d, "vx"),
		.tc = true,
	};
	struct tables t;

	if (!skel)
		tap_bail("tc_port: no skeleton");
	tables_size(skel->obj, &conf, 2);
	memcpy((void *)&skel->rodata->pn_conf, &conf, sizeof(conf));
	must(tc_port_bpf__load(skel), "tc_port");
	tables_open(&t, skel->obj, &conf);
	frame_tables(&t, &w);
	progs[nth] = bpf_program__fd(skel->progs.tc_port);
	hooks[nth].ifindex = netns_ifindex(&d, dev);
	hooks[nth].tc = true;
}

static void penstock_switch(bool on)
{
	must(netns_enter(&d), "namespace");
	for (int i = 0; i < 2; i++) {
		if (on)
			must(hook_attach(&hooks[i], progs[i]), "attach");
		else
			hook_detach(&hooks[i]);
	}
	netns_leave();
}

/* Gbit/s of one stream after it has found its pace. */
static double goodput(const struct netns *from, const struct netns *to, const char *addr)
{
	struct stream_run run = { from, to, addr, WARM_UP_MS, RUN_MS };
	struct stream_result result;

	stream_run(&run, &result);
	return result.bits / 1e9;
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : ROUNDS_DEFAULT;
	struct samples forth[2] = { 0 }, back[2] = { 0 };

	links_make();
	port_load(0, FRAME_P_WIRE, "d0");
	port_load(1, FRAME_P_WEB, "d1");
	for (int r = 0; r < rounds; r++) {
		for (int with = 0; with < 2; with++) {
			if (with)
				penstock_switch(true);
			samples_add(&forth[with], goodput(&a, &b, ADDR_B));
			samples_add(&back[with], goodput(&b, &a, ADDR_A));
			if (with)
				penstock_switch(false);
		}
	}
	result_print(&(struct result){ .name = "tcp/vxlan auto", .unit = "gbit_per_s",
				       .ours = &forth[1], .kernel = &forth[0] });
	result_print(&(struct result){ .name = "tcp/vxlan auto, other way", .unit = "gbit_per_s",
				       .ours = &back[1], .kernel = &back[0] });
	return 0;
}
