// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Pins made by hand; see handmade.h. */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "handmade.h"
#include "netns.h"
#include "plane/maps.h"
#include "plane/record.h"
#include "tap.h"

#define MAC_A 0x020000000001ull
#define MAC_B 0x020000000002ull
#define FID 3
#define VLAN_FID 4100

static struct netns ns;
struct pn_pins handmade_pins;
static struct pn_maps maps;
static int if_port, if_vx, if_br, if_lost, if_filter, if_routed;

bool handmade_devices(void)
{
	struct netns_vxlan vx = { .id = 100, .dstport = 4789, .local = "10.0.0.1",
				  .remote = "10.0.0.2", .learning = true };
	struct netns_vxlan filter = { .id = 200, .dstport = 4790, .local = "10.0.0.1" };
	struct netns_vxlan routed = { .id = 300, .dstport = 4791, .local = "2001:db8::1" };

	if (!tap_sys(netns_open(&ns), "namespace") ||
	    !tap_sys(netns_bridge(&ns, "br0"), "bridge") ||
	    !tap_sys(netns_veth(&ns, "up0", &ns, "peer0"), "veth") ||
	    !tap_sys(netns_vxlan(&ns, "vx100", &vx), "vxlan") ||
	    !tap_sys(netns_master(&ns, "vx100", "br0"), "bridge port") ||
	    !tap_sys(netns_master(&ns, "up0", "br0"), "bridge port") ||
	    !tap_sys(netns_vxlan(&ns, "vx200", &filter), "second vxlan") ||
	    !tap_sys(netns_vxlan(&ns, "vx300", &routed), "third vxlan"))
		return false;
	netns_up(&ns, "br0");
	netns_up(&ns, "up0");
	netns_up(&ns, "peer0");
	netns_up(&ns, "vx100");
	netns_up(&ns, "vx300");
	if_port = netns_ifindex(&ns, "up0");
	if_vx = netns_ifindex(&ns, "vx100");
	if_br = netns_ifindex(&ns, "br0");
	if_filter = netns_ifindex(&ns, "vx200");
	if_routed = netns_ifindex(&ns, "vx300");
	if_lost = 9999;
	return tap_sys(netns_enter(&ns), "entering");
}

static void ports_fill(void)
{
	maps.ports[1] = (struct pn_port){
		.ifindex = if_port, .flags = PN_PORT_UP | PN_PORT_XDP_TARGET, .fid = FID,
	};
	maps.ports[1].gate[PN_PLACE_EGRESS] = PN_GATE_NETFILTER;
	maps.ports[1].gate[PN_PLACE_OUTER6] = PN_GATE_NETFILTER | PN_GATE_XFRM;
	maps.ports[1].ignored = PN_GATE_TAP;
	maps.ports[2] = (struct pn_port){ .ifindex = if_vx, .flags = PN_PORT_UP, .fid = FID };
	maps.tunnels[5] = (struct pn_tunnel){
		.ifindex = if_vx, .port = 2, .kind = PN_TUNNEL_VXLAN, .id = 100, .dport = 4789,
	};
	maps.tunnels[2] = (struct pn_tunnel){
		.ifindex = if_filter, .kind = PN_TUNNEL_VXLAN, .id = 200, .dport = 4790,
		.why = PN_WHY_VNIFILTER,
	};
	maps.tunnels[9] = (struct pn_tunnel){
		.ifindex = if_routed, .kind = PN_TUNNEL_VXLAN, .id = 300, .dport = 4791,
		.gate = { PN_GATE_NETFILTER, PN_GATE_NETFILTER },
	};
}

static void tables_fill(void)
{
	struct pn_endpoint *e = &maps.endpoints[7].slot[2];

	maps.fdb[0].slot[0] = (struct pn_slot){ .key = PN_FDB_KEY(MAC_B, FID), .index = 2,
						.flags = PN_FDB_REFRESH, .vtep = 77 };
	maps.fdb[9].slot[3] = (struct pn_slot){ .key = PN_FDB_KEY(MAC_A, FID), .index = 1,
						.flags = PN_FDB_LOCAL | PN_FDB_STAYS };
	/* in VLAN 30 of the same bridge */
	maps.demux[3].slot[1] = (struct pn_slot){ .key = PN_DEMUX_KEY_BRVLAN(2, 30),
						  .index = VLAN_FID };
	maps.fdb[5].slot[1] = (struct pn_slot){ .key = PN_FDB_KEY(MAC_A, VLAN_FID), .index = 2 };
	*e = (struct pn_endpoint){ .gen = 1, .port = 1, .family = 4, .vtep = 77 };
	e->src[2] = htonl(0xffff);
	inet_pton(AF_INET, "10.0.0.2", &e->src[3]);
	maps.endpoints[8].slot[0] = *e;	/* the same peer on another port */
	e = &maps.endpoints[9].slot[1];
	*e = (struct pn_endpoint){ .gen = 5, .port = 1, .family = 6, .vtep = 78 };
	inet_pton(AF_INET6, "2001:db8::2", e->src);
	e = &maps.endpoints[9].slot[3];	/* anybody's */
	*e = (struct pn_endpoint){ .gen = 6, .port = 1, .family = 6, .vtep = PN_VTEP_ANY };
}

/* Each CPU's copy differs, so that a sum over too few shows. */
static bool counters_fill(uint32_t ifindex)
{
	int cpus = libbpf_num_possible_cpus();
	struct pn_port_stats *copies = calloc(cpus, sizeof(*copies));
	struct pn_tunnel_stats *tunnel = calloc(cpus, sizeof(*tunnel));
	char pin[PN_PINS_PATH];
	uint32_t key = 0;
	int fd = pn_maps_port_stats();
	int i, ret;

	for (i = 0; i < cpus; i++) {
		copies[i].reason[PN_R_DECAP] = (struct pn_count){ 1, 100 };
		copies[i].reason[PN_R_NOT_TUNNEL] = (struct pn_count){ 2, 120 };
		tunnel[i].verdict[PN_FORWARD] = (struct pn_count){ 1, 50 };
	}
	copies[0].reason[PN_R_DECAP].packets += 1ull << 60;
	copies[cpus - 1].reason[PN_R_EGRESS_GONE] = (struct pn_count){ 3, 180 };
	ret = bpf_map_update_elem(fd, &key, copies, BPF_ANY);
	pn_record_name(ifindex, "stats", pin);
	if (!ret)
		ret = pn_pins_put(&handmade_pins, pin, fd);
	key = 5;
	if (!ret)
		ret = bpf_map_update_elem(maps.fd[PN_MAP_TUN_STATS], &key, tunnel, BPF_ANY);
	for (i = 0; i < cpus; i++)
		tunnel[i].verdict[PN_PASS] = (struct pn_count){ 3, 90 };
	key = 77;
	if (!ret)
		ret = bpf_map_update_elem(maps.fd[PN_MAP_PEER_STATS], &key, tunnel, BPF_ANY);
	close(fd);
	free(copies);
	free(tunnel);
	return tap_sys(ret, "counters");
}

static bool records_make(void)
{
	struct pn_record r = {
		.ifindex = if_port, .state = PN_PORT_ATTACHED, .hook = PN_HOOK_XDP,
		.mode = PN_MODE_NATIVE, .checksum = PN_CSUM_INNER, .prog_id = 4711,
		.ignore = PN_GATE_TAP, .peers = PN_PEERS_LISTED, .strict = 1, .n_prefixes = 1,
	};
	struct pn_record lost = {
		.ifindex = if_lost, .state = PN_PORT_FAILED, .want_hook = PN_HOOK_TC,
	};

	r.prefix[0] = (struct pn_prefix){ .addr = { htonl(0xfd000000) }, .len = 8 };
	snprintf(r.dev, sizeof(r.dev), "up0");
	snprintf(r.why, sizeof(r.why), "frames come from the wire");
	snprintf(lost.dev, sizeof(lost.dev), "lost0");
	snprintf(lost.text, sizeof(lost.text), "no such device");
	snprintf(lost.hint, sizeof(lost.hint), "plug it in");
	return tap_sys(pn_record_write(&handmade_pins, &r), "record") &&
	       tap_sys(pn_record_write(&handmade_pins, &lost), "second record");
}

bool handmade_make(void)
{
	struct pn_err err = { 0 };

	if (pn_pins_create(&handmade_pins, PN_PINS_DEFAULT, NULL, &err) ||
	    pn_maps_open(&maps, &handmade_pins, &err))
		return tap_fail("%s: %s", err.object, err.text);
	ports_fill();
	tables_fill();
	if (!records_make() || !counters_fill(if_port))
		return false;
	pn_pins_unlock(&handmade_pins);
	return true;
}
