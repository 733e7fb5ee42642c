// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the mirror makes of a made-up host whose tunnels are routed: addresses
 * of the host, devices that packets may leave by, the tunnel's own words.
 */
#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/state.h"
#include "nl/msg.h"
#include "tap.h"

enum { WIRE = 2, OUT, BRIDGE, TUNNEL };

static const __u32 up = IFF_UP | 1u << 16;
static struct pn_mirror *m;
static struct pn_mirror_maps maps;

struct link {
	__u32 ifindex, flags, master;
	__u16 type;
	const char *name, *kind;
	const char *local;	/* of a tunnel, NULL: none */
};

static void feed(struct pn_msg *msg)
{
	if (msg->err || mirror_message(m, pn_msg_hdr(msg), false) || mirror_compose(m))
		tap_fail("message refused");
	pn_msg_fini(msg);
}

static void link_feed(const struct link *l)
{
	struct ifinfomsg ifm = { .ifi_index = l->ifindex, .ifi_flags = l->flags,
				 .ifi_type = l->type };
	__u8 mac[6] = { 2, 0, 0, 0, 9, l->ifindex };
	struct pn_msg msg;
	size_t nest, data;

	pn_msg_init(&msg, RTM_NEWLINK, 0);
	pn_msg_extra(&msg, &ifm, sizeof(ifm));
	pn_msg_put_str(&msg, IFLA_IFNAME, l->name);
	pn_msg_put_u32(&msg, IFLA_MTU, 1500);
	pn_msg_put(&msg, IFLA_ADDRESS, mac, 6);
	if (l->master)
		pn_msg_put_u32(&msg, IFLA_MASTER, l->master);
	nest = pn_msg_nest(&msg, IFLA_LINKINFO);
	pn_msg_put_str(&msg, IFLA_INFO_KIND, l->kind);
	data = pn_msg_nest(&msg, IFLA_INFO_DATA);
	if (!strcmp(l->kind, "vxlan")) {
		pn_msg_put_u32(&msg, IFLA_VXLAN_ID, 7);
		pn_msg_put_be16(&msg, IFLA_VXLAN_PORT, htons(4789));
		if (l->local)
			pn_msg_put_be32(&msg, IFLA_VXLAN_LOCAL, inet_addr(l->local));
	}
	pn_msg_nest_end(&msg, data);
	pn_msg_nest_end(&msg, nest);
	feed(&msg);
}

static void addr_feed(__u32 ifindex, const char *text, __u8 prefixlen, bool deleted)
{
	struct ifaddrmsg ifa = { .ifa_family = strchr(text, ':') ? AF_INET6 : AF_INET,
				 .ifa_prefixlen = prefixlen, .ifa_index = ifindex };
	struct in6_addr addr;
	struct pn_msg msg;

	inet_pton(ifa.ifa_family, text, &addr);
	pn_msg_init(&msg, deleted ? RTM_DELADDR : RTM_NEWADDR, 0);
	pn_msg_extra(&msg, &ifa, sizeof(ifa));
	pn_msg_put(&msg, IFA_ADDRESS, &addr, ifa.ifa_family == AF_INET6 ? 16 : 4);
	feed(&msg);
}

static const struct pn_port *port(__u32 ifindex)
{
	return &maps.ports[pn_ids_find(&m->ports, ifindex)];
}

static const struct pn_tunnel *tunnel(__u32 ifindex)
{
	return &maps.tunnels[pn_ids_find(&m->tunnels, ifindex)];
}

static bool local4(const char *text)
{
	union pn_value v;

	return pn_table_get(&m->demux, PN_DEMUX_KEY_WORD(PN_DEMUX_LOCAL4, inet_addr(text)), &v);
}

static __u16 egress(__u32 ifindex)
{
	union pn_value v;

	return pn_table_get(&m->demux, PN_DEMUX_KEY_WORD(PN_DEMUX_IFINDEX, ifindex), &v) ?
	       v.index : 0;
}

static bool host_make(void)
{
	const struct pn_mirror_port attached = { .ifindex = WIRE };

	maps = (struct pn_mirror_maps){
		.ports = calloc(PN_MAX_PORTS, sizeof(*maps.ports)),
		.tunnels = calloc(PN_TUNNEL_MAX_DEFAULT, sizeof(*maps.tunnels)),
		.fdb = calloc(16, sizeof(*maps.fdb)),
		.demux = calloc(64, sizeof(*maps.demux)),
		.endpoints = calloc(64, sizeof(*maps.endpoints)),
		.control = calloc(1, sizeof(*maps.control)),
		.tunnels_max = PN_TUNNEL_MAX_DEFAULT,
		.fdb_mask = 15, .demux_mask = 63, .endpoint_mask = 63,
	};
	m = mirror_new(&maps, NULL, NULL);
	return m && !pn_mirror_set_ports(m, &attached, 1, NULL);
}

static void host_free(void)
{
	pn_mirror_close(m);
	free(maps.ports);
	free(maps.tunnels);
	free(maps.fdb);
	free(maps.demux);
	free(maps.endpoints);
	free(maps.control);
}

static void locals_case(void)
{
	const struct link wire = { WIRE, up, 0, ARPHRD_ETHER, "wire", "veth" };

	tap_case("addresses of this host are sources that nobody else may have");
	link_feed(&wire);
	addr_feed(WIRE, "10.0.0.1", 24, false);
	addr_feed(WIRE, "10.1.0.1", 31, false);
	addr_feed(WIRE, "fd00::1", 64, false);
	tap_true(local4("10.0.0.1") && local4("10.1.0.1"), "addresses");
	tap_true(local4("10.0.0.255"), "the broadcast address of its prefix");
	tap_true(!local4("10.1.0.0") && !local4("10.0.0.2"), "nothing else");
	addr_feed(WIRE, "10.0.0.1", 24, true);
	tap_true(!local4("10.0.0.1") && !local4("10.0.0.255"), "gone");
	addr_feed(WIRE, "10.0.0.1", 24, false);
	tap_end();
}

static void egress_case(void)
{
	struct link out = { OUT, up, 0, ARPHRD_ETHER, "out", "veth" };
	struct link vx = { TUNNEL, up, BRIDGE, ARPHRD_ETHER, "vx", "vxlan" };
	const struct link br = { BRIDGE, up, 0, ARPHRD_ETHER, "br0", "bridge" };

	tap_case("devices that routed packets may leave by");
	link_feed(&br);
	link_feed(&out);
	addr_feed(OUT, "10.2.0.1", 24, false);
	tap_eq(egress(OUT), 0, "there is no tunnel");
	link_feed(&vx);
	tap_eq(egress(OUT), 0, "the only tunnel is a bridge port");
	tap_eq(port(OUT)->ifindex, 0, "and the device no port");
	vx.master = 0;
	link_feed(&vx);
	tap_true(egress(OUT) && &maps.ports[egress(OUT)] == port(OUT), "the tunnel routes");
	tap_eq(port(OUT)->flags, PN_PORT_UP | PN_PORT_TC_TARGET | PN_PORT_SETS_PROTO, "flags");
	tap_eq(port(OUT)->max_len, 1518, "longest frame");
	tap_true(egress(WIRE), "an attached port as well");
	tap_true(!egress(BRIDGE) && !egress(TUNNEL), "not without an address");
	addr_feed(OUT, "10.2.0.1", 24, true);
	tap_true(!egress(OUT) && !port(OUT)->ifindex, "its address went");
	addr_feed(OUT, "fd02::1", 64, false);
	tap_true(egress(OUT), "an IPv6 address");
	out.flags = 0;
	link_feed(&out);
	tap_true(!egress(OUT), "down");
	out.flags = up;
	out.type = ARPHRD_NONE;
	link_feed(&out);
	tap_true(!egress(OUT), "no Ethernet");
	out.type = ARPHRD_ETHER;
	out.master = BRIDGE;
	link_feed(&out);
	tap_true(!egress(OUT) && port(OUT)->fid, "a bridge port is a port, but no way out");
	tap_end();
}

static void gate_case(void)
{
	struct link vx = { TUNNEL, up, 0, ARPHRD_ETHER, "vx", "vxlan" };

	tap_case("a routed tunnel's own gates");
	link_feed(&vx);
	tap_eq(tunnel(TUNNEL)->gate[0] | tunnel(TUNNEL)->gate[1], 0, "open");
	vx.flags = 0;
	link_feed(&vx);
	tap_true(tunnel(TUNNEL)->gate[0] && tunnel(TUNNEL)->gate[1], "down");
	tap_end();
}

/* --- endpoints ------------------------------------------------------------ */

enum { PEERS = 100 };

static struct in6_addr mapped(__be32 v4)
{
	struct in6_addr addr = { .s6_addr = { [10] = 0xff, [11] = 0xff } };

	addr.s6_addr32[3] = v4;
	return addr;
}

static struct in6_addr peer_addr(__u32 n)
{
	return mapped(htonl(0x0a090000 + n));
}

/* Peers of the first @n that have an endpoint with this address. */
static int proven(const char *local, int n)
{
	struct pn_pair pair = { .dst = mapped(inet_addr(local)),
				.port = pn_ids_find(&m->ports, WIRE) };
	int i, there = 0;

	for (i = 1; i <= n; i++) {
		pair.src = peer_addr(i);
		there += pn_pairs_get(&m->pairs, &pair) == pn_vteps_find(&m->vteps, &pair.src) &&
			 pn_pairs_get(&m->pairs, &pair);
	}
	return there;
}

static void rounds_run(void)
{
	while (!mirror_endpoints_settled(m))
		mirror_endpoints_step(m);
}

static __u32 wild(const char *local)
{
	struct pn_pair pair = { .src = mapped(0), .dst = mapped(inet_addr(local)),
				.port = pn_ids_find(&m->ports, WIRE) };

	return pn_pairs_get(&m->pairs, &pair);
}

/* Peers that nobody may stand for. */
static int peers_alone(void)
{
	struct pn_pair pair = { .dst = mapped(0) };
	int i, there = 0;

	for (i = 1; i <= PEERS; i++) {
		pair.src = peer_addr(i);
		there += pn_pairs_get(&m->pairs, &pair) != 0;
	}
	return there;
}

static void crowded_case(void)
{
	struct link vx = { TUNNEL, up, 0, ARPHRD_ETHER, "vx", "vxlan", "10.0.0.1" };
	struct in6_addr addr;
	int n;

	tap_case("more pairs than there is room for: addresses that tunnels name are left");
	link_feed(&vx);
	addr_feed(WIRE, "10.3.0.1", 24, false);
	for (n = 1; n <= PEERS / 2; n++) {
		addr = peer_addr(n);
		mirror_vtep_get(m, &addr);
	}
	rounds_run();
	tap_eq(proven("10.0.0.1", PEERS / 2), PEERS / 2, "the named one");
	tap_eq(proven("10.3.0.1", PEERS / 2), PEERS / 2, "the other one as well");
	for (; n <= PEERS; n++) {
		addr = peer_addr(n);
		mirror_vtep_get(m, &addr);
	}
	rounds_run();
	tap_eq(proven("10.0.0.1", PEERS), PEERS, "the named one with all peers");
	tap_eq(proven("10.3.0.1", PEERS), 0, "the other one with none");
	tap_eq(m->endpoints.full, 0, "none without room");
	for (n = 1; n <= PEERS / 2; n++) {
		addr = peer_addr(n);
		mirror_vtep_put(m, pn_vteps_find(&m->vteps, &addr));
	}
	tap_eq(proven("10.0.0.1", PEERS / 2), 0, "peers that went");
	mirror_endpoints_changed(m);
	rounds_run();
	tap_eq(proven("10.3.0.1", PEERS), PEERS / 2, "there is room again");
	tap_end();
}

static void wild_case(void)
{
	const struct link out = { OUT, up, 0, ARPHRD_ETHER, "out", "veth", NULL };
	struct pn_mirror_port attached = { .ifindex = WIRE, .peers = PN_PEERS_ANY };
	struct in6_addr addr;

	tap_case("strangers have an entry for each address of the host");
	link_feed(&out);
	tap_eq(wild("10.3.0.1"), 0, "not where peers are known ones");
	tap_eq(peers_alone(), 0, "nor have peers one of their own");
	pn_mirror_set_ports(m, &attached, 1, NULL);
	mirror_compose(m);
	rounds_run();
	tap_eq(wild("10.3.0.1"), PN_VTEP_ANY, "any");
	tap_eq(wild("10.9.0.1"), 0, "not of a peer's address");
	tap_eq(proven("10.3.0.1", PEERS), PEERS / 2, "known ones beside it");
	tap_eq(peers_alone(), PEERS / 2, "each with one of its own");
	addr = peer_addr(PEERS);
	mirror_vtep_put(m, pn_vteps_find(&m->vteps, &addr));
	tap_eq(peers_alone(), PEERS / 2 - 1, "until it goes");
	mirror_vtep_get(m, &addr);
	rounds_run();
	tap_eq(peers_alone(), PEERS / 2, "and comes again");
	attached.peers = PN_PEERS_KNOWN;
	pn_mirror_set_ports(m, &attached, 1, NULL);
	mirror_compose(m);
	rounds_run();
	tap_eq(wild("10.3.0.1"), 0, "known ones again");
	tap_eq(peers_alone(), 0, "none of their own");
	tap_end();
}

int main(void)
{
	if (!host_make())
		tap_bail("no mirror");
	locals_case();
	egress_case();
	gate_case();
	crowded_case();
	wild_case();
	host_free();
	return tap_done();
}
