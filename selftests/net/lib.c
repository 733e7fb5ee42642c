// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The test library against the kernel: what it builds the kernel accepts,
 * what it captures is what was sent, and settle() needs no luck. */
#include <errno.h>
#include <string.h>

#include "netns.h"
#include "pkt.h"
#include "tap.h"
#include "wire.h"

static struct netns host_d, host_p;
static struct settle marker;
static struct wire wire_p, wire_vx;
static struct counters before, after;

static bool topology_make(void)
{
	struct netns_vxlan vx = {
		.id = 5,
		.dstport = 4789,
		.local = "10.0.0.1",
		.remote = "10.0.0.2",
	};

	return tap_sys(settle_open(&marker), "marker pair") &&
		tap_sys(netns_open(&host_d), "namespace D") &&
		tap_sys(netns_open(&host_p), "namespace P") &&
		tap_sys(netns_quiet(&host_d), "sysctls D") &&
		tap_sys(netns_quiet(&host_p), "sysctls P") &&
		tap_sys(netns_veth(&host_d, "d", &host_p, "p"), "veth") &&
		tap_sys(netns_mac(&host_d, "d", PKT_MAC_D), "MAC of d") &&
		tap_sys(netns_mac(&host_p, "p", PKT_MAC_P), "MAC of p") &&
		tap_sys(netns_offloads_off(&host_d, "d"), "offloads of d") &&
		tap_sys(netns_offloads_off(&host_p, "p"), "offloads of p") &&
		tap_sys(netns_addr(&host_d, "d", "10.0.0.1/24"), "address") &&
		tap_sys(netns_up(&host_d, "d"), "d up") &&
		tap_sys(netns_up(&host_p, "p"), "p up") &&
		tap_sys(netns_neigh(&host_d, "d", "10.0.0.2", PKT_MAC_P),
			"neighbour") &&
		tap_sys(netns_vxlan(&host_d, "vx", &vx), "vxlan") &&
		tap_sys(netns_mac(&host_d, "vx", PKT_MAC_T), "MAC of vx") &&
		tap_sys(netns_up(&host_d, "vx"), "vx up") &&
		tap_sys(wire_open(&wire_p, &host_p, "p"), "socket on p") &&
		tap_sys(wire_open(&wire_vx, &host_d, "vx"), "socket on vx");
}

/* One vxlan packet comes out of vx, without any waiting but settle(). */
static void vxlan_check(uint16_t tci)
{
	struct pkt in, out, got;
	struct wire_meta meta;

	wire_drain(&wire_vx);
	counters_read(&host_d, &before);
	pkt_I4(&in);
	if (tci)
		pkt_Ev(&in, tci);
	else
		pkt_E(&in);
	out = in;
	pkt_vxlan(&out, 5);
	pkt_U(&out, 4789);
	pkt_O4(&out, 17);
	if (!tap_sys(wire_send(&wire_p, &out), "send") ||
	    !tap_sys(settle(&marker), "settle"))
		return;
	counters_read(&host_d, &after);
	tap_eq(counters_get(&after, "UdpInDatagrams") -
		       counters_get(&before, "UdpInDatagrams"),
	       1, "UdpInDatagrams");
	tap_eq(counters_get(&after, "vx.rx_bytes") -
		       counters_get(&before, "vx.rx_bytes"),
	       tci ? 56 : 52,
	       "rx_bytes of vx");
	if (tap_eq(wire_recv(&wire_vx, &got, &meta), 1, "frames on vx"))
		tap_bytes(pkt_data(&got), got.len, pkt_data(&in), in.len,
			  "frame on vx");
	tap_eq(wire_recv(&wire_vx, &got, &meta), 0, "further frames on vx");
}

int main(void)
{
	tap_case("topology");
	wire_pin();
	topology_make();
	if (!tap_end())
		return tap_done();
	tap_case("the kernel decapsulates what the builder builds, 200 times");
	for (int i = 0; i < 200; i++)
		vxlan_check(i % 4 ? 0 : i + 1);
	tap_end();
	netns_close(&host_d);
	netns_close(&host_p);
	settle_close(&marker);
	return tap_done();
}
