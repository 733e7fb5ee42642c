// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * vxlan devices of a kernel in the mirror: plain ones, and those that collect
 * metadata, which have keys while nobody but a bridge sees it.
 */
#include <stdio.h>
#include <string.h>

#include "mirrored_keys.h"
#include "netns.h"
#include "tap.h"

#define AWAIT_MS 20000

static struct netns host, peer;
static struct mirrored t;

static bool await(bool (*cond)(struct mirrored *, void *), void *arg, const char *what)
{
	return mirrored_await(&t, cond, arg, AWAIT_MS) ||
	       tap_fail("%s: not within %d ms", what, AWAIT_MS);
}

static int tunnel_add(const char *type)
{
	char line[256];

	snprintf(line, sizeof(line), "link add name t0 type %s\nlink set t0 up\n", type);
	return netns_ip(&host, line);
}

static bool is_external(struct mirrored *x, void *arg)
{
	const struct pn_tunnel *r = mirrored_tunnel(x, "t0");

	return r && r->why == PN_WHY_EXTERNAL;
}

static void vxlan_case(void)
{
	uint64_t key = PN_DEMUX_KEY_UDP(PN_DEMUX_VXLAN, 0, 4789, 5);
	uint64_t key6 = PN_DEMUX_KEY_UDP(PN_DEMUX_VXLAN, 1, 4790, 6);
	uint64_t udp = PN_DEMUX_KEY_UDP(PN_DEMUX_UDP_PORT, 0, 4789, 0);
	const struct pn_tunnel *v4 = mirrored_tunnel(&t, "vx"), *v6 = mirrored_tunnel(&t, "vx6");
	__u8 flags = PN_TUNNEL_F_ETHER | PN_TUNNEL_F_OWN_MAC;

	tap_case("vxlan: attributes and keys; none while the device is down");
	if (!tap_true(v4 && v6, "tunnels"))
		goto out;
	tap_eq(v4->id, 5, "VNI");
	tap_eq(v4->dport, 4789, "port");
	tap_eq(v4->flags, flags | PN_TUNNEL_F_LEARNING, "flags");
	tap_eq(v6->flags, flags | PN_TUNNEL_F_ZERO_CSUM6, "flags over IPv6");
	tap_true(&t.maps.ports[v4->port] == mirrored_port(&t, "vx"), "its port");
	if (tap_true(mirrored_key(&t, key) != NULL, "key over IPv4"))
		tap_eq(mirrored_key(&t, key)->tunnel, v4 - t.maps.tunnels, "leads to");
	tap_true(mirrored_key(&t, udp) != NULL, "UDP port");
	tap_true(!mirrored_key(&t, PN_DEMUX_KEY_UDP(PN_DEMUX_VXLAN, 1, 4789, 5)), "none over IPv6");
	tap_true(mirrored_key(&t, key6) != NULL, "key over IPv6");
	netns_down(&host, "vx");
	await(mirrored_key_gone, &key, "key of a device that is down");
	tap_true(!mirrored_key(&t, udp), "UDP port goes with it");
	netns_up(&host, "vx");
	await(mirrored_key_there, &key, "key");
out:
	tap_end();
}

#define PORT_KEY(v6) PN_DEMUX_KEY_UDP(PN_DEMUX_UDP_PORT, v6, 4789, 0)
#define VNI_KEY(vni) PN_DEMUX_KEY_UDP(PN_DEMUX_VXLAN, 0, 4789, vni)

static bool external_takes_all(struct mirrored *x, void *arg)
{
	const struct pn_slot *slot = mirrored_key(&t, PORT_KEY(1));
	const struct pn_tunnel *r = mirrored_tunnel(&t, "t0");

	return r && !r->why && slot && &x->maps.tunnels[slot->tunnel] == r;
}

static void external_case(void)
{
	tap_case("an external vxlan device: every VNI, while it is a port of a bridge");
	tap_sys(tunnel_add("vxlan external dstport 4789"), "vxlan");
	await(is_external, NULL, "no bridge port");
	netns_master(&host, "t0", "br0");
	await(external_takes_all, NULL, "bridge port");
	netns_ip(&host, "link set t0 nomaster\n");
	await(is_external, NULL, "no bridge port again");
	tap_true(!mirrored_key(&t, PORT_KEY(0))->tunnel, "no tunnel");
	netns_del(&host, "t0");
	tap_end();
}

static void filter_case(void)
{
	uint64_t in = VNI_KEY(11), later = VNI_KEY(20), out = VNI_KEY(13);

	tap_case("vnifilter: a key for each VNI of the list");
	if (tunnel_add("vxlan external vnifilter dstport 4789") ||
	    netns_bridge_cmd(&host, "vni add dev t0 vni 10-12\n")) {
		netns_del(&host, "t0");
		tap_skip("no lists of VNIs on this kernel");
		return;
	}
	netns_master(&host, "t0", "br0");
	await(mirrored_key_there, &in, "in the list");
	tap_true(!mirrored_key(&t, out), "not in the list");
	tap_true(mirrored_key(&t, PN_DEMUX_KEY_UDP(PN_DEMUX_VXLAN, 1, 4789, 10)), "over IPv6");
	netns_bridge_cmd(&host, "vni add dev t0 vni 20\n");
	await(mirrored_key_there, &later, "added");
	netns_bridge_cmd(&host, "vni delete dev t0 vni 11\n");
	await(mirrored_key_gone, &in, "deleted");
	netns_del(&host, "t0");
	await(mirrored_key_gone, &later, "gone with the device");
	tap_end();
}

static void vlan_tunnel_case(void)
{
	struct pn_slot vni = { .key = VNI_KEY(1007), .index = 7 };
	uint64_t other = VNI_KEY(1008);

	tap_case("vlan_tunnel: a key for each VNI that stands for a VLAN");
	tap_sys(tunnel_add("vxlan external dstport 4789"), "vxlan");
	netns_master(&host, "t0", "br0");
	if (netns_ip(&host, "link set br0 type bridge vlan_filtering 1\n") ||
	    netns_bridge_cmd(&host, "link set dev t0 vlan_tunnel on\n"
				    "vlan add dev t0 vid 7\n"
				    "vlan add dev t0 vid 7 tunnel_info id 1007\n")) {
		netns_del(&host, "t0");
		tap_skip("no VLAN filtering on this kernel");
		return;
	}
	await(mirrored_key_index, &vni, "leads to the VLAN");
	tap_true(!mirrored_key(&t, other), "another VNI");
	tap_true(!mirrored_key(&t, PORT_KEY(0))->tunnel,
		 "nobody takes the rest");
	netns_bridge_cmd(&host, "vlan del dev t0 vid 7 tunnel_info id 1007\n");
	await(mirrored_key_gone, &vni.key, "deleted");
	netns_del(&host, "t0");
	tap_end();
}

int main(void)
{
	struct pn_err err = { 0 };

	if (!mirrored_host(&host, &peer) || !tap_sys(mirrored_alloc(&t, &host, 1000), "maps") ||
	    !tap_sys(mirrored_open(&t, 0), "open") ||
	    !tap_sys(mirrored_attach(&t, "d"), "attach") || pn_mirror_sync(t.m, &err))
		tap_bail("no topology: %s", err.text);
	vxlan_case();
	/* It would be in the way of the external one of the same port. */
	netns_del(&host, "vx");
	external_case();
	filter_case();
	vlan_tunnel_case();
	mirrored_free(&t);
	netns_close(&host);
	netns_close(&peer);
	return tap_done();
}
