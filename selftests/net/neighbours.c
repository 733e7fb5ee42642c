// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The next hop of routed packets, with a kernel that believes in it for a
 * second at most: as long as there is traffic it is probed again and again,
 * although nearly all of it goes the fast way, and without a bridge whose
 * ageing would make epochs short; and once it is silent the kernel notices.
 */
#include <penstock/abi.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "gateway.h"
#include "tap.h"

#define PAUSE_MS  50
#define ALIVE_MS  12500 /* two beats and a half */
#define SILENT_MS 30000
#define BEAT_MS	  (PN_BEAT_NS / 1000000)

static struct gateway gw;

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ull + t.tv_nsec / 1000000;
}

static void packet_make(struct pkt *p)
{
	struct pkt_ip ip = { .addr = pkt_addr("192.168.5.2", "192.168.5.1"), .proto = 17,
			     .ttl = 64 };

	pkt_init(p);
	pkt_append(p, NULL, 24);
	pkt_udp(p, 1000, 2000);
	pkt_ip(p, &ip);
	pkt_E(p);
	pkt_vxlan(p, 5);
	pkt_U(p, 4789);
	pkt_O4(p, 17);
}

static bool host_make(void)
{
	struct netns *d = &gw.scene.d, *e = &gw.scene.e;

	return tap_sys(netns_ip(d, "link set vx nomaster\nlink set w nomaster\n"
				   "link del br0\n"), "no bridge") &&
	       tap_sys(netns_sysctl(d, "net/ipv4/ip_forward", "1"), "forwarding") &&
	       tap_sys(netns_sysctl(d, "net/ipv4/neigh/w/base_reachable_time_ms", "1000"),
		       "reachable") &&
	       tap_sys(netns_sysctl(d, "net/ipv4/neigh/w/delay_first_probe_time", "1"), "delay") &&
	       tap_sys(netns_sysctl(d, "net/ipv4/neigh/w/retrans_time_ms", "200"), "retrans") &&
	       tap_sys(netns_addr(d, "w", "192.168.5.254/24"), "address") &&
	       tap_sys(netns_addr(e, "e", "192.168.5.1/24"), "address of the next hop");
}

struct heard {
	int packets, probes;
};

/* What has come to the next hop since the last time. */
static void hear(struct heard *h)
{
	static struct pkt p;

	while (wire_recv(&gw.scene.wire_out, &p, NULL) > 0) {
		uint16_t type = p.len >= 14 ? pkt_get16(pkt_data(&p) + 12) : 0;

		h->packets += type == 0x0800;
		h->probes += type == 0x0806 && pkt_get16(pkt_data(&p) + 20) == 1;
	}
}

static int send_for(uint64_t ms, struct heard *h)
{
	uint64_t until = now_ms() + ms;
	int sent = 0;

	while (now_ms() < until && gateway_send(&gw, 1)) {
		sent++;
		hear(h);
		poll(NULL, 0, PAUSE_MS);
	}
	return sent;
}

static void alive_case(void)
{
	struct heard h = { 0 };
	uint64_t routed, began;
	int sent, beats;

	tap_case("a next hop is probed as long as packets go there the fast way");
	gateway_runs("attach d --hook xdp --ignore offload,sysctl", 0, NULL);
	send_for(3000, &h);
	memset(&h, 0, sizeof(h));
	routed = gateway_reason("d", "routed");
	began = now_ms();
	sent = send_for(ALIVE_MS, &h);
	beats = (now_ms() - began) / BEAT_MS + 2; /* that they may have touched */
	tap_eq(h.packets, sent, "packets at the next hop");
	tap_true((int)(gateway_reason("d", "routed") - routed) >= sent - beats,
		 "all but one of a beat the fast way");
	if (h.probes < 2)
		tap_fail("%d probes in %d ms", h.probes, ALIVE_MS);
	tap_end();
}

/* It is there, but answers nobody any more. */
static void silent_case(void)
{
	uint64_t until = now_ms() + SILENT_MS, before = gateway_reason("d", "route-neigh");
	struct heard h = { 0 };

	tap_case("the kernel notices that it is silent");
	tap_sys(netns_ip(&gw.scene.e, "link set e arp off\n"), "no ARP");
	while (gateway_reason("d", "route-neigh") == before && now_ms() < until)
		send_for(500, &h);
	tap_true(gateway_reason("d", "route-neigh") > before, "left to the kernel");
	gateway_runs("detach --all", 0, NULL);
	tap_end();
}

int main(void)
{
	if (gateway_open(&gw))
		tap_bail("no gateway");
	netns_name(&gw.scene.e, "workload");
	packet_make(&gw.packet);
	tap_case("a tunnel that routes, and a next hop behind it");
	if (host_make()) {
		tap_end();
		alive_case();
		silent_case();
	} else {
		tap_end();
	}
	gateway_close(&gw);
	return tap_done();
}
