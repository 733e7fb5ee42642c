// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The program for devices, run here: netdevsim, which takes it, never lets a
 * packet through it. Classes, counters, and what strict drops.
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <string.h>

#include <penstock/offload.h>

#include "pkt.h"
#include "tap.h"
#include "xdp_offload.skel.h"

static struct xdp_offload_bpf *skel;

static void conf_set(bool strict)
{
	struct pn_offload_conf conf = {
		.strict = strict,
		.service = { { htons(4789), PN_OFFLOAD_VXLAN }, { htons(6081), PN_OFFLOAD_GENEVE },
			     { htons(6080), PN_OFFLOAD_UDP_ENCAP } },
	};
	uint32_t zero = 0;

	tap_sys(bpf_map_update_elem(bpf_map__fd(skel->maps.off_conf), &zero, &conf, 0), "conf");
}

static void addr_add(struct bpf_map *map, const char *v4, const char *v6)
{
	struct pn_offload_addr addr = { { 0, 0, htonl(0xffff) } };
	uint32_t one = 1;

	inet_pton(AF_INET, v4, &addr.addr[3]);
	tap_sys(bpf_map_update_elem(bpf_map__fd(map), &addr, &one, 0), v4);
	inet_pton(AF_INET6, v6, &addr);
	tap_sys(bpf_map_update_elem(bpf_map__fd(map), &addr, &one, 0), v6);
}

static struct pn_offload_count counted(void)
{
	struct pn_offload_count c = { 0 };
	uint32_t zero = 0;

	tap_sys(bpf_map_lookup_elem(bpf_map__fd(skel->maps.off_count), &zero, &c), "count");
	return c;
}

/* Exactly one class counts it, with its length. */
static void runs(const char *what, struct pkt *p, enum pn_offload_class want)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = pkt_data(p), .data_size_in = p->len);
	struct pn_offload_count before = counted(), now;
	unsigned int i;

	if (!tap_sys(bpf_prog_test_run_opts(bpf_program__fd(skel->progs.xdp_offload), &opts), what))
		return;
	tap_eq(opts.retval, want == PN_OFFLOAD_REFUSED ? XDP_DROP : XDP_PASS, what);
	now = counted();
	for (i = 0; i < PN_OFFLOAD_CLASS_COUNT; i++) {
		tap_eq(now.class[i].packets - before.class[i].packets, i == want, what);
		tap_eq(now.class[i].bytes - before.class[i].bytes, i == want ? p->len : 0, what);
	}
}

static struct pkt *udp(uint16_t port, bool v6)
{
	static struct pkt p;

	pkt_init(&p);
	pkt_I4(&p);
	pkt_U(&p, port);
	if (v6)
		pkt_O6(&p, 17);
	else
		pkt_O4(&p, 17);
	return &p;
}

static struct pkt *proto(uint8_t number, bool v6)
{
	static struct pkt p;

	pkt_init(&p);
	pkt_I4(&p);
	if (v6)
		pkt_O6(&p, number);
	else
		pkt_O4(&p, number);
	return &p;
}

static void classes(void)
{
	struct pkt *p;

	tap_case("each kind of tunnel packet is told by its outer headers");
	conf_set(false);
	runs("VXLAN", udp(4789, false), PN_OFFLOAD_VXLAN);
	runs("VXLAN over IPv6", udp(4789, true), PN_OFFLOAD_VXLAN);
	runs("GENEVE", udp(6081, false), PN_OFFLOAD_GENEVE);
	runs("GUE", udp(6080, true), PN_OFFLOAD_UDP_ENCAP);
	runs("DNS", udp(53, false), PN_OFFLOAD_OTHER);
	runs("GRE", proto(47, false), PN_OFFLOAD_GRE);
	runs("GRE over IPv6", proto(47, true), PN_OFFLOAD_GRE);
	runs("IPIP", proto(4, false), PN_OFFLOAD_IPIP);
	runs("SIT", proto(41, false), PN_OFFLOAD_IPIP);
	runs("MPLS", proto(137, true), PN_OFFLOAD_IPIP);
	runs("TCP", proto(6, false), PN_OFFLOAD_OTHER);
	p = udp(4789, false);
	pkt_tag(p, 0x8100, 7);
	runs("VXLAN in a VLAN", p, PN_OFFLOAD_VXLAN);
	tap_end();
}

static void broken(void)
{
	struct pkt *p;
	int i;

	tap_case("what is cut, a fragment, or no IP is of no class");
	for (i = 14; i < 14 + 28; i++) {
		p = udp(4789, false);
		pkt_cut(p, p->len - i);
		runs("cut", p, PN_OFFLOAD_OTHER);
	}
	p = udp(4789, false);
	pkt_data(p)[20] = 0x20;
	runs("first fragment", p, PN_OFFLOAD_OTHER);
	p = udp(4789, false);
	pkt_data(p)[14] = 0x44;
	runs("IHL 4", p, PN_OFFLOAD_OTHER);
	p = udp(4789, false);
	pkt_data(p)[12] = 0x12;
	runs("another EtherType", p, PN_OFFLOAD_OTHER);
	p = udp(4789, true);
	pkt_data(p)[14] = 0x40;
	runs("IPv4 by the name of IPv6", p, PN_OFFLOAD_OTHER);
	p = udp(4789, false);
	pkt_tag(p, 0x8100, 7);
	pkt_tag(p, 0x88a8, 8);
	runs("two tags", p, PN_OFFLOAD_OTHER);
	tap_end();
}

static void unknown(void)
{
	struct pn_offload_conf conf = { .service = { { htons(4789), 200 } } };
	uint32_t zero = 0;

	tap_case("a class that the program does not know is counted as none");
	tap_sys(bpf_map_update_elem(bpf_map__fd(skel->maps.off_conf), &zero, &conf, 0), "conf");
	runs("VXLAN", udp(4789, false), PN_OFFLOAD_OTHER);
	tap_end();
}

static void strict(void)
{
	struct pkt *p;

	tap_case("strict drops tunnel packets to this host from others than the peers");
	addr_add(skel->maps.off_locals, "10.0.0.1", "fd00::1");
	addr_add(skel->maps.off_peers, "10.0.0.3", "fd00::3");
	runs("not asked for", udp(4789, false), PN_OFFLOAD_VXLAN);
	conf_set(true);
	runs("a stranger", udp(4789, false), PN_OFFLOAD_REFUSED);
	runs("a stranger over IPv6", udp(6081, true), PN_OFFLOAD_REFUSED);
	runs("a stranger's GRE", proto(47, false), PN_OFFLOAD_REFUSED);
	runs("a stranger, but no tunnel", udp(53, false), PN_OFFLOAD_OTHER);
	p = udp(4789, false);
	pkt_data(p)[14 + 15] = 3;
	runs("a peer", p, PN_OFFLOAD_VXLAN);
	p = udp(4789, true);
	pkt_data(p)[14 + 23] = 3;
	runs("a peer over IPv6", p, PN_OFFLOAD_VXLAN);
	p = udp(4789, false);
	pkt_data(p)[14 + 19] = 9;
	runs("to another host", p, PN_OFFLOAD_VXLAN);
	tap_end();
}

int main(void)
{
	skel = xdp_offload_bpf__open_and_load();
	if (!skel)
		tap_bail("xdp_offload does not load");
	classes();
	broken();
	unknown();
	conf_set(false);
	strict();
	xdp_offload_bpf__destroy(skel);
	return tap_done();
}
