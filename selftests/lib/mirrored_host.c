// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A host for a mirror to look at; see mirrored.h. */
#include "mirrored.h"
#include "tap.h"

bool mirrored_host(struct netns *host, struct netns *peer)
{
	struct netns_vxlan vx = { .id = 5, .dstport = 4789, .local = "10.0.0.1",
				  .learning = true };
	struct netns_vxlan vx6 = { .id = 6, .dstport = 4790, .local = "fd00::1",
				   .remote = "fd00::2", .zerocsum6_rx = true };

	return tap_sys(netns_open(host), "namespace") && tap_sys(netns_open(peer), "namespace") &&
	       tap_sys(netns_quiet(host), "sysctls") &&
	       tap_sys(netns_veth(host, "d", peer, "p"), "underlay") &&
	       tap_sys(netns_addr(host, "d", "10.0.0.1/24"), "address") &&
	       tap_sys(netns_addr(host, "d", "fd00::1/64"), "address") &&
	       tap_sys(netns_bridge(host, "br0"), "bridge") &&
	       tap_sys(netns_vxlan(host, "vx", &vx), "vxlan") &&
	       tap_sys(netns_vxlan(host, "vx6", &vx6), "vxlan over IPv6") &&
	       tap_sys(netns_up(host, "br0"), "up") && tap_sys(netns_up(host, "d"), "up") &&
	       tap_sys(netns_up(host, "vx"), "up") && tap_sys(netns_up(host, "vx6"), "up") &&
	       tap_sys(netns_up(peer, "p"), "up");
}
