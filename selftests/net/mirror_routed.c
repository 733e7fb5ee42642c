// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The mirror of a kernel whose tunnels are routed: strangers' endpoints, ways
 * out, tunnels inside tunnels, the tunnel's own gates and source checks.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mirrored.h"
#include "netns.h"
#include "tap.h"

#define AWAIT_MS 20000
#define ANY "0.0.0.0"

static struct netns host, peer;
static struct mirrored t;

/*
 * d is the underlay, o another network; vu a tunnel that no bridge has, and vi
 * one whose remote is behind vu.
 */
static bool topology_make(void)
{
	struct netns_vxlan vu = { .id = 5, .dstport = 4789, .local = "10.0.0.1",
				  .remote = "10.0.0.2" };
	struct netns_vxlan vi = { .id = 6, .dstport = 4789, .local = "10.5.0.1",
				  .remote = "10.5.0.2" };

	return tap_sys(netns_open(&host), "namespace") &&
	       tap_sys(netns_open(&peer), "namespace") &&
	       tap_sys(netns_quiet(&host), "sysctls") &&
	       tap_sys(netns_veth(&host, "d", &peer, "p"), "underlay") &&
	       tap_sys(netns_veth(&host, "o", &peer, "q"), "another network") &&
	       tap_sys(netns_addr(&host, "d", "10.0.0.1/24"), "address") &&
	       tap_sys(netns_addr(&host, "d", "fd00::1/64"), "address") &&
	       tap_sys(netns_addr(&host, "o", "10.9.0.1/24"), "address") &&
	       tap_sys(netns_vxlan(&host, "vu", &vu), "tunnel") &&
	       tap_sys(netns_vxlan(&host, "vi", &vi), "tunnel in the tunnel") &&
	       tap_sys(netns_addr(&host, "vu", "10.5.0.1/24"), "address") &&
	       tap_sys(netns_up(&host, "d"), "up") && tap_sys(netns_up(&peer, "p"), "up") &&
	       tap_sys(netns_up(&host, "o"), "up") && tap_sys(netns_up(&peer, "q"), "up") &&
	       tap_sys(netns_up(&host, "vu"), "up") && tap_sys(netns_up(&host, "vi"), "up");
}

static bool ports_set(struct pn_mirror_port port)
{
	struct pn_err err = { 0 };

	port.ifindex = netns_ifindex(&host, "d");
	port.xdp = true;
	if (pn_mirror_set_ports(t.m, &port, 1, &err) || pn_mirror_sync(t.m, &err))
		return tap_fail("%s: %s", err.object, err.text);
	return true;
}

/* --- what the maps hold --------------------------------------------------- */

static const struct pn_tunnel *tunnel(const char *dev)
{
	__u32 ifindex = netns_ifindex(&host, dev);
	__u32 n;

	for (n = 1; n < t.maps.tunnels_max; n++)
		if (t.maps.tunnels[n].ifindex == ifindex)
			return &t.maps.tunnels[n];
	return &t.maps.tunnels[0];
}

/* Whether there is such a key; its index in *@index. */
static bool key_find(__u64 key, __u16 *index)
{
	const struct pn_slot *s;
	__u32 n;

	for (n = 0; n <= t.maps.demux_mask; n++) {
		for (s = t.maps.demux[n].slot; s < t.maps.demux[n].slot + PN_BUCKET_SLOTS; s++) {
			if (s->key != key)
				continue;
			*index = s->index;
			return true;
		}
	}
	return false;
}

static bool leaves_by(const char *dev)
{
	__u32 ifindex = netns_ifindex(&host, dev);
	__u16 index;

	return key_find(PN_DEMUX_KEY_WORD(PN_DEMUX_IFINDEX, ifindex), &index) &&
	       t.maps.ports[index].ifindex == ifindex;
}

static bool is_ours(const char *addr)
{
	__u16 index;

	return key_find(PN_DEMUX_KEY_WORD(PN_DEMUX_LOCAL4, inet_addr(addr)), &index);
}

struct want {
	const char *dev, *src, *dst;
	bool there;
	__u32 rpf;
};

static bool endpoint_as(struct mirrored *x, void *arg)
{
	const struct want *w = arg;
	const struct pn_endpoint *ep = mirrored_endpoint(x, w->dev, w->src, w->dst);

	return w->there ? ep && ep->rpf == w->rpf : !ep;
}

static void await(const char *what, struct want w)
{
	if (!mirrored_await(&t, endpoint_as, &w, AWAIT_MS))
		tap_fail("%s: not within %d ms", what, AWAIT_MS);
}

/* --- cases ---------------------------------------------------------------- */

static void known_case(void)
{
	static const struct pn_mirror_port known;

	tap_case("known peers: pairs, and nothing for strangers");
	if (!ports_set(known))
		goto out;
	await("the remote", (struct want){ "d", "10.0.0.2", "10.0.0.1", true });
	await("the inner one as well", (struct want){ "d", "10.5.0.2", "10.5.0.1", true });
	await("strangers", (struct want){ "d", ANY, "10.0.0.1", false });
	tap_eq(tunnel("vu")->port, mirrored_port(&t, "vu") - t.maps.ports, "Ethernet has a port");
	await("no tunnel is a way in", (struct want){ "vu", "10.5.0.2", "10.5.0.1", false });
	tap_true(leaves_by("o") && leaves_by("d"), "ways out");
	tap_true(is_ours("10.0.0.1") && is_ours("10.5.0.1") && is_ours("10.9.0.255"), "addresses");
out:
	tap_end();
}

static void wild_case(void)
{
	const struct want any = { "d", ANY, "10.0.0.1", true };
	const struct want six = { "d", "::", "fd00::1", true };
	struct want strict = any, gone = any;

	tap_case("strangers: an entry for each address, with what is asked of sources");
	ports_set((struct pn_mirror_port){ .peers = PN_PEERS_ANY });
	await("any", any);
	await("an address of another device", (struct want){ "d", ANY, "10.9.0.1", true });
	await("over IPv6", six);
	tap_eq(mirrored_endpoint(&t, "d", ANY, "10.0.0.1")->vtep, PN_VTEP_ANY, "vtep");
	strict.rpf = PN_RPF_STRICT;
	netns_sysctl(&host, "net/ipv4/conf/d/rp_filter", "1");
	await("rp_filter", strict);
	await("not of IPv6", six);
	netns_sysctl(&host, "net/ipv4/conf/d/rp_filter", "0");
	await("off again", any);
	netns_ip(&host, "rule add from 10.8.0.0/16 table 99\n");
	strict.rpf = PN_RPF_LOOSE;
	await("rules make the kernel look sources up", strict);
	netns_ip(&host, "rule del from 10.8.0.0/16 table 99\n");
	await("no more", any);
	netns_ip(&host, "addr del 10.9.0.1/24 dev o\n");
	await("an address that went", (struct want){ "d", ANY, "10.9.0.1", false });
	netns_addr(&host, "o", "10.9.0.1/24");
	gone.there = false;
	ports_set((struct pn_mirror_port){ 0 });
	await("known peers again", gone);
	ports_set((struct pn_mirror_port){ .strict = true });
	await("strict wants to know its own addresses", any);
	ports_set((struct pn_mirror_port){ .peers = PN_PEERS_LISTED });
	await("listed", any);
	tap_end();
}

static void nesting_case(void)
{
	struct want in = { "vu", "10.5.0.2", "10.5.0.1", true };
	struct want wrong = { "vi", "10.5.0.2", "10.5.0.1", false };

	tap_case("tunnels inside tunnels: the outer one is a way in");
	ports_set((struct pn_mirror_port){ .nesting = 2 });
	await("the inner remote, by the tunnel that its route leads to", in);
	await("not by another", wrong);
	await("the outer remote is not behind it",
	      (struct want){ "vu", "10.0.0.2", "10.0.0.1", false });
	tap_eq(tunnel("vu")->port, mirrored_port(&t, "vu") - t.maps.ports, "its port");
	netns_ip(&host, "route add 10.5.0.2/32 dev o\n");
	in.there = false;
	await("the route goes elsewhere", in);
	netns_ip(&host, "route del 10.5.0.2/32 dev o\n");
	in.there = true;
	await("and comes back", in);
	netns_down(&host, "vi");
	netns_del(&host, "vi");
	in.there = false;
	await("its remote is nobody's", in);
	ports_set((struct pn_mirror_port){ .nesting = 2, .peers = PN_PEERS_ANY });
	await("strangers inside", (struct want){ "vu", ANY, "10.5.0.1", true });
	ports_set((struct pn_mirror_port){ 0 });
	await("one tunnel only", (struct want){ "vu", ANY, "10.5.0.1", false });
	tap_end();
}

static bool rpf_strict(struct mirrored *x, void *arg)
{
	return tunnel("vu")->rpf == PN_RPF_STRICT;
}

static bool gate_closed(struct mirrored *x, void *arg)
{
	return tunnel("vu")->gate[0] & PN_GATE_NETFILTER;
}

static bool gate_open(struct mirrored *x, void *arg)
{
	return !tunnel("vu")->gate[0];
}

static void record_case(void)
{
	tap_case("a routed tunnel's record: gates, and what is asked of sources");
	if (!mirrored_await(&t, gate_open, NULL, AWAIT_MS))
		tap_fail("closed by 0x%x", tunnel("vu")->gate[0]);
	tap_eq(tunnel("vu")->rpf, PN_RPF_OFF, "rp_filter is off");
	netns_sysctl(&host, "net/ipv4/conf/vu/rp_filter", "1");
	tap_true(mirrored_await(&t, rpf_strict, NULL, AWAIT_MS), "followed");
	netns_sysctl(&host, "net/ipv4/conf/vu/rp_filter", "0");
	netns_enter(&host);
	tap_eq(system("nft 'table ip t { chain f { type filter hook forward priority 0; "
		      "accept; }; }'"), 0, "nft");
	netns_leave();
	tap_true(mirrored_await(&t, gate_closed, NULL, AWAIT_MS), "netfilter");
	tap_eq(tunnel("vu")->gate[1], 0, "IPv6 is open");
	ports_set((struct pn_mirror_port){ .ignore = PN_GATE_NETFILTER });
	tap_true(mirrored_await(&t, gate_open, NULL, AWAIT_MS), "ignored");
	netns_enter(&host);
	tap_eq(system("nft delete table ip t"), 0, "nft");
	netns_leave();
	tap_end();
}

int main(void)
{
	if (!topology_make() || mirrored_alloc(&t, &host, 1024) || mirrored_open(&t, 0))
		tap_bail("no topology");
	known_case();
	wild_case();
	nesting_case();
	record_case();
	mirrored_free(&t);
	netns_close(&host);
	netns_close(&peer);
	return tap_done();
}
