// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What becomes of inner packets that are routed: each reason hit by a packet, a
 * route of this namespace and a state that must give just this one, at both
 * hooks. At tc each of them that lies behind the tunnel device is delivered,
 * unless the device is one that tc cannot hand packets to. Which bytes leave
 * is for prog/rows and net/route.
 */
#include <errno.h>
#include <string.h>

#include "hex.h"
#include "tap.h"
#include "tunnelrun.h"

#define PORT_OUT 24 /* the egress port, w */
#define PORT_TUN 25 /* every L3 tunnel device, t */
#define HOP	 TUNNELRUN_HOP
#define TO(a)	 S(IN_IP_DST, a)
#define FROM(a)	 S(IN_IP_SRC, a)
#define OUT4	 TO("10.8.0.9")
#define OUT6	 INNER6, TO("fd08::9")

static struct netns ns;
static int ifindex_tun, ifindex_out, ifindex_off;

struct route_row {
	const char *name;
	enum pn_reason reason;
	struct recipe pkt;
	void (*tweak)(struct world *w);
	const char *patch; /* hex of what stands at offset @at of the inner packet */
	int at;
};

static void tunnels_each(struct world *w, void (*fn)(struct world_tunnel *t))
{
	for (int i = 1; i < WORLD_TUNNELS; i++)
		if (world_kind(&w->tunnel[i]))
			fn(&w->tunnel[i]);
}

static void off_one(struct world_tunnel *t)
{
	t->ifindex = ifindex_off;
}

static void forwarding_off(struct world *w)
{
	tunnels_each(w, off_one);
}

static void strict_one(struct world_tunnel *t)
{
	t->rpf = PN_RPF_STRICT;
}

static void rpf_strict(struct world *w)
{
	tunnels_each(w, strict_one);
}

static void loose_one(struct world_tunnel *t)
{
	t->rpf = PN_RPF_LOOSE;
}

static void rpf_loose(struct world *w)
{
	tunnels_each(w, loose_one);
}

static void gate4_one(struct world_tunnel *t)
{
	t->gate[0] = PN_GATE_NETFILTER;
}

static void gate4(struct world *w)
{
	tunnels_each(w, gate4_one);
}

static void egress_down(struct world *w)
{
	w->port[PORT_OUT].flags &= ~PN_PORT_UP;
}

static void egress_gate(struct world *w)
{
	w->port[PORT_OUT].gate[PN_PLACE_EGRESS] = PN_GATE_TC_EGRESS;
}

static void egress_short(struct world *w)
{
	w->port[PORT_OUT].max_len = 65;
}

static void egress_hook(struct world *w)
{
	w->port[PORT_OUT].flags = PN_PORT_UP;
}

static void unbridged(struct world *w)
{
	w->port[W_TUNNEL].fid = 0;
	w->tunnel[TW_VXLAN].ifindex = ifindex_tun;
}

static void unbridged_learns(struct world *w)
{
	unbridged(w);
	w->tunnel[TW_VXLAN].flags |= PN_TUNNEL_F_LEARNING;
}

#define OWN S(IN_DST, PKT_MAC_T)

/* clang-format off */
static const struct route_row rows[] = {
	{ "IPv4", PN_R_ROUTED, GRE(OUT4) },
	{ "IPv6 in IPv4", PN_R_ROUTED, GRE(OUT6) },
	{ "IPv4 in IPv6", PN_R_ROUTED, GRE(OUTER6, OUT4) },
	{ "IPv6 in IPv6", PN_R_ROUTED, GRE(OUTER6, OUT6) },
	{ "padding", PN_R_ROUTED, GRE(OUT4, V(IN_PAD, 9)) },
	{ "TCP", PN_R_ROUTED, GRE(OUT4, V(IN_TCP, 1)) },
	{ "ICMP echo", PN_R_ROUTED, GRE(OUT4, V(IN_ICMP, 1)) },
	{ "ICMPv6 echo", PN_R_ROUTED, GRE(OUT6, V(IN_ICMP, 1)) },
	{ "a fragment", PN_R_ROUTED, GRE(OUT4, V(IN_FRAG, 0x2010)) },
	{ "TTL 2", PN_R_ROUTED, GRE(OUT4, V(IN_TTL, 2)) },
	{ "a header and no more", PN_R_INNER_IP, GRE(OUT4, V(IN_KEEP, 20)) },
	{ "a whole header and no more", PN_R_ROUTED, GRE(OUT4), NULL, "0014", 2 },
	{ "a vxlan device's own MAC", PN_R_ROUTED, PKT(OWN, OUT4), unbridged },
	{ "a vxlan device's own MAC, IPv6", PN_R_ROUTED, PKT(OWN, OUT6), unbridged },
	{ "another MAC", PN_R_NOT_BRIDGED, PKT(S(IN_DST, HOP), OUT4), unbridged },
	{ "ARP", PN_R_NOT_BRIDGED, PKT(OWN, V(IN_ARP, 1)), unbridged },
	{ "a tag", PN_R_NOT_BRIDGED, PKT(OWN, OUT4, V(IN_TAG1, 0x81000007)), unbridged },
	{ "version 5", PN_R_INNER_IP, GRE(OUT4), NULL, "55", 0 },
	{ "options", PN_R_INNER_IP, GRE(OUT4), NULL, "46", 0 },
	{ "header checksum", PN_R_INNER_IP, GRE(OUT4, V(IN_IP_CSUM_XOR, 1)) },
	{ "total length 19", PN_R_INNER_IP, GRE(OUT4), NULL, "0013", 2 },
	{ "total length beyond the end", PN_R_INNER_IP, GRE(OUT4), NULL, "0035", 2 },
	{ "IPv6: version 4", PN_R_INNER_IP, GRE(OUT6), NULL, "40", 0 },
	{ "IPv6: payload beyond the end", PN_R_INNER_IP, GRE(OUT6), NULL, "0021", 4 },
	{ "IPv6: hop-by-hop options", PN_R_INNER_IP, GRE(OUT6), NULL, "00", 6 },
	{ "source multicast", PN_R_INNER_ADDR, GRE(OUT4, FROM("224.0.0.1")) },
	{ "source zero", PN_R_INNER_ADDR, GRE(OUT4, FROM("0.0.0.0")) },
	{ "source of net 0", PN_R_INNER_ADDR, GRE(OUT4, FROM("0.1.2.3")) },
	{ "source loopback", PN_R_INNER_ADDR, GRE(OUT4, FROM("127.0.0.1")) },
	{ "source limited broadcast", PN_R_INNER_ADDR, GRE(OUT4, FROM("255.255.255.255")) },
	{ "source of class E", PN_R_ROUTED, GRE(OUT4, FROM("240.0.0.1")) },
	{ "source is ours", PN_R_INNER_ADDR, GRE(OUT4, FROM("10.7.0.1")) },
	{ "source and destination are ours", PN_R_INNER_ADDR,
	  GRE(TO("10.7.0.1"), FROM("10.7.0.1")) },
	{ "destination multicast", PN_R_INNER_ADDR, GRE(TO("239.1.1.1")) },
	{ "destination broadcast", PN_R_INNER_ADDR, GRE(TO("255.255.255.255")) },
	{ "destination loopback", PN_R_INNER_ADDR, GRE(TO("127.0.0.1")) },
	{ "IPv6: source ::", PN_R_INNER_ADDR, GRE(OUT6, FROM("::")) },
	{ "IPv6: source ::1", PN_R_INNER_ADDR, GRE(OUT6, FROM("::1")) },
	{ "IPv6: source multicast", PN_R_INNER_ADDR, GRE(OUT6, FROM("ff02::1")) },
	{ "IPv6: source link-local", PN_R_INNER_ADDR, GRE(OUT6, FROM("fe80::1")) },
	{ "IPv6: source febf::", PN_R_INNER_ADDR, GRE(OUT6, FROM("febf::1")) },
	{ "IPv6: source fec0::", PN_R_ROUTED, GRE(OUT6, FROM("fec0::1")) },
	{ "IPv6: source v4-mapped", PN_R_INNER_ADDR, GRE(OUT6, FROM("::ffff:1.2.3.4")) },
	{ "IPv6: destination multicast", PN_R_INNER_ADDR, GRE(INNER6, TO("ff0e::1")) },
	{ "IPv6: destination link-local", PN_R_INNER_ADDR, GRE(INNER6, TO("fe80::1")) },
	{ "IPv6: destination ::1", PN_R_INNER_ADDR, GRE(INNER6, TO("::1")) },
	{ "TTL 1", PN_R_INNER_TTL, GRE(OUT4, V(IN_TTL, 1)) },
	{ "TTL 0", PN_R_INNER_TTL, GRE(OUT4, V(IN_TTL, 0)) },
	{ "hop limit 1", PN_R_INNER_TTL, GRE(OUT6, V(IN_TTL, 1)) },
	{ "to an address of ours", PN_R_ROUTE_LOCAL, GRE(TO("10.7.0.1")) },
	{ "to an address of ours, TTL 1", PN_R_ROUTE_LOCAL, GRE(TO("10.7.0.1"), V(IN_TTL, 1)) },
	{ "IPv6: to an address of ours", PN_R_ROUTE_LOCAL, GRE(INNER6, TO("fd07::1")) },
	{ "no route", PN_R_ROUTE_NONE, GRE(TO("10.99.0.1")) },
	{ "a broadcast address", PN_R_ROUTE_NONE, GRE(TO("10.7.0.255")) },
	{ "blackhole", PN_R_ROUTE_NONE, GRE(TO("10.10.0.1")) },
	{ "unreachable", PN_R_ROUTE_NONE, GRE(TO("10.10.1.1")) },
	{ "prohibit", PN_R_ROUTE_NONE, GRE(TO("10.10.2.1")) },
	{ "IPv6: blackhole", PN_R_ROUTE_NONE, GRE(INNER6, TO("fd10::1")) },
	{ "forwarding is off", PN_R_ROUTE_OFF, GRE(OUT4), forwarding_off },
	{ "IPv6: forwarding is off", PN_R_ROUTE_OFF, GRE(OUT6), forwarding_off },
	{ "forwarding is off, but it is for us", PN_R_ROUTE_LOCAL, GRE(TO("10.7.0.1")),
	  forwarding_off },
	{ "the route's MTU", PN_R_ROUTED, GRE(TO("10.8.1.9"), V(IN_DATA, 72)) },
	{ "a byte more", PN_R_ROUTE_MTU, GRE(TO("10.8.1.9"), V(IN_DATA, 73)) },
	{ "IPv6: the route's MTU", PN_R_ROUTED, GRE(INNER6, TO("fd08:1::9"), V(IN_DATA, 1232)) },
	{ "IPv6: a byte more", PN_R_ROUTE_MTU, GRE(INNER6, TO("fd08:1::9"), V(IN_DATA, 1233)) },
	{ "no neighbour", PN_R_ROUTE_NEIGH, GRE(TO("10.9.0.1")) },
	{ "no neighbour yet", PN_R_ROUTE_NEIGH, GRE(TO("10.7.0.4")) },
	{ "a neighbour that failed", PN_R_ROUTE_NEIGH, GRE(TO("10.7.0.5")) },
	{ "IPv6: no neighbour", PN_R_ROUTE_NEIGH, GRE(INNER6, TO("fd07::77")) },
	{ "a stale neighbour", PN_R_ROUTED, GRE(TO("10.7.0.6")) },
	{ "back to the tunnel", PN_R_ROUTE_ODD, GRE(TO("10.11.0.1")) },
	{ "an ICMP error", PN_R_ROUTE_ODD, GRE(OUT4, V(IN_ICMP, 1)), NULL, "03", 20 },
	{ "an ICMPv6 error", PN_R_ROUTE_ODD, GRE(OUT6, V(IN_ICMP, 1)), NULL, "01", 40 },
	{ "neighbour discovery", PN_R_ROUTE_ODD, GRE(OUT6, V(IN_ICMP, 1)), NULL, "87", 40 },
	{ "IPv6: a fragment", PN_R_ROUTE_ODD, GRE(OUT6), NULL, "2c", 6 },
	{ "IPv6: a routing header", PN_R_ROUTE_ODD, GRE(OUT6), NULL, "2b", 6 },
	{ "a gate behind the device", PN_R_GATE_ROUTE, GRE(OUT4), gate4 },
	{ "the gate of the other family", PN_R_ROUTED, GRE(OUT6), gate4 },
	{ "a device that is no port", PN_R_EGRESS_HOOK, GRE(TO("10.13.0.1")) },
	{ "egress takes no frames", PN_R_EGRESS_HOOK, GRE(OUT4), egress_hook },
	{ "egress down", PN_R_EGRESS_STATE, GRE(OUT4), egress_down },
	{ "egress gate", PN_R_GATE_EGRESS, GRE(OUT4), egress_gate },
	{ "longer than the egress takes", PN_R_EGRESS_MTU, GRE(OUT4), egress_short },
	{ "strict: the route back leads there", PN_R_ROUTED, GRE(OUT4, FROM("10.3.0.2")),
	  rpf_strict },
	{ "strict: it leads elsewhere", PN_R_INNER_RPF, GRE(OUT4, FROM("10.8.0.2")), rpf_strict },
	{ "strict: no route", PN_R_INNER_RPF, GRE(OUT4, FROM("10.99.0.2")), rpf_strict },
	{ "loose: the route back leads elsewhere", PN_R_ROUTED, GRE(OUT4, FROM("10.9.0.2")),
	  rpf_loose },
	{ "loose: no route", PN_R_INNER_RPF, GRE(OUT4, FROM("10.99.0.2")), rpf_loose },
	{ "loose: a blackhole", PN_R_INNER_RPF, GRE(OUT4, FROM("10.10.0.2")), rpf_loose },
	{ "loose: a broadcast address", PN_R_INNER_RPF, GRE(OUT4, FROM("10.7.0.255")), rpf_loose },
	{ "off: no route back", PN_R_ROUTED, GRE(OUT4, FROM("10.99.0.2")) },
	{ "IPv6 has no such filter", PN_R_ROUTED, GRE(OUT6, FROM("fd99::2")), rpf_strict },
	{ "CE over ECT(0)", PN_R_ROUTED, GRE(OUT4, V(IP_TOS, 3), V(IN_TOS, 2)) },
};

/* What lies in front of the device is never delivered. */
static const struct route_row front[] = {
	{ "CE over Not-ECT", PN_R_INNER_ECN, GRE(OUT4, V(IP_TOS, 3)) },
	{ "19 bytes", PN_R_INNER_SHORT, GRE(OUT4, V(IN_KEEP, 19)) },
	{ "MPLS", PN_R_INNER_TYPE, GRE_(0x8847) },
	{ "a vxlan device that learns", PN_R_TUNNEL_LEARN, PKT(OWN, OUT4), unbridged_learns },
	{ "the tunnel's own MAC as source", PN_R_INNER_OWN_MAC,
	  PKT(OWN, S(IN_SRC, PKT_MAC_T), OUT4), unbridged },
	{ "a wrong outer checksum", PN_R_TUNNEL_CSUM,
	  GRE(V(GRE_FLAGS, 0xa000), V(GRE_KEY, 11), V(GRE_CSUM, 0x1234), OUT4) },
	{ "a wrong outer checksum, for us", PN_R_ROUTE_LOCAL,
	  GRE(V(GRE_FLAGS, 0xa000), V(GRE_KEY, 11), V(GRE_CSUM, 0x1234), TO("10.7.0.1")) },
};
/* clang-format on */

static bool undeliverable;

static void place_one(struct world_tunnel *t)
{
	t->flags |= undeliverable ? PN_TUNNEL_F_EXTERNAL : 0;
	if (t->port)
		return;
	t->ifindex = ifindex_tun;
	t->port = PORT_TUN;
}

static void world_make(struct world *w)
{
	tunnelworld(w);
	tunnels_each(w, place_one);
	w->port[PORT_OUT] = (struct world_port){ .ifindex = ifindex_out,
						 .flags = PN_PORT_UP | W_TARGET,
						 .max_len = 1518 };
	w->port[PORT_TUN] = (struct world_port){ .ifindex = ifindex_tun, .flags = PN_PORT_UP };
	for (int i = 0; i < WORLD_LOCALS; i++)
		if (!w->local[i].addr) {
			w->local[i] = (struct world_local){ "10.7.0.1" };
			break;
		}
}

static void packet_make(const struct route_row *row, struct pkt *p)
{
	uint8_t bytes[16], *ip;
	struct pkt inner;
	int n;

	recipe_build(&row->pkt, TUNNELRUN_DST, p);
	if (!row->patch)
		return;
	recipe_inner(&row->pkt, TUNNELRUN_DST, -1, &inner);
	ip = pkt_data(p) + p->len - inner.len;
	n = hex_parse(row->patch, bytes, sizeof(bytes));
	memcpy(ip + row->at, bytes, n);
	if (ip[0] >> 4 == 6 || recipe_edit(&row->pkt, F_IN_V6))
		return;
	pkt_put16(ip + 10, 0);
	pkt_put16(ip + 10, pkt_fold(pkt_sum(ip, 20, 0)));
}

static void row_run(struct fast *f, const struct route_row *row, bool behind)
{
	enum pn_reason want = row->reason;
	struct fast_result res = {};
	struct pkt in, out;
	struct world w;

	world_make(&w);
	if (row->tweak)
		row->tweak(&w);
	fast_world(f, &w);
	if (behind && f->opts.hook == FAST_TC && want != PN_R_ROUTED && !undeliverable)
		want = PN_R_DELIVERED;
	tap_case("%s%s: %s: %s", fast_hooks[f->opts.hook], undeliverable ? ", external" : "",
		 row->name, reason_name(want));
	packet_make(row, &in);
	if (tap_sys(fast_run(f, &in, &out, &res), "run")) {
		tap_str(reason_name(res.reason), reason_name(want), "reason");
		if (res.verdict == PN_PASS)
			tap_bytes(pkt_cdata(&out), out.len, pkt_cdata(&in), in.len, "frame");
	}
	tap_end();
}

static void hook_run(enum fast_hook hook)
{
	struct fast_opts opts = { .hook = hook, .explain = true };
	struct fast f;

	if (fast_open(&f, &opts))
		tap_bail("%s does not load", fast_hooks[hook]);
	for (int i = 0; i <= (hook == FAST_TC); i++) {
		undeliverable = i;
		for (size_t j = 0; j < sizeof(rows) / sizeof(rows[0]); j++)
			row_run(&f, &rows[j], true);
		for (size_t j = 0; j < sizeof(front) / sizeof(front[0]); j++)
			row_run(&f, &front[j], false);
	}
	undeliverable = false;
	fast_close(&f);
}

/* One packet per neighbour and beat is the kernel's; two neighbours are two. */
static void refresh_run(enum fast_hook hook)
{
	static const struct recipe pkts[] = { GRE(OUT4), GRE(TO("10.7.0.6")), GRE(OUT6) };
	enum pn_reason first = hook == FAST_TC ? PN_R_DELIVERED : PN_R_REFRESH;
	struct fast_opts opts = { .hook = hook };
	struct fast_result res;
	struct pkt in, out;
	struct world w;
	struct fast f;

	tap_case("%s: one packet per next hop and beat", fast_hooks[hook]);
	world_make(&w);
	if (fast_open(&f, &opts))
		tap_bail("%s does not load", fast_hooks[hook]);
	for (w.beat = 0; w.beat < 3; w.beat++) {
		fast_world(&f, &w);
		for (int i = 0; i < 6; i++) {
			recipe_build(&pkts[i % 3], TUNNELRUN_DST, &in);
			tap_sys(fast_run(&f, &in, &out, &res), "run");
			/* the third has the MAC of the first */
			tap_str(reason_name(res.reason),
				reason_name(i < 2 ? first : PN_R_ROUTED), "reason");
		}
	}
	fast_close(&f);
	tap_end();
}

static void net_make(void)
{
	int ret = tunnelrun_routes(&ns);

	ret = ret ? ret : netns_veth(&ns, "f", &ns, "f2");
	ret = ret ? ret : netns_up(&ns, "f");
	ret = ret ? ret : netns_up(&ns, "f2");
	ret = ret ? ret : netns_sysctl(&ns, "net/ipv4/conf/f/forwarding", "0");
	ret = ret ? ret : netns_sysctl(&ns, "net/ipv6/conf/f/forwarding", "0");
	ret = ret ? ret : netns_ip(&ns,
		"neigh add 10.7.0.4 dev w nud incomplete\n"
		"neigh add 10.7.0.5 lladdr 02:dd:00:00:00:05 dev w nud failed\n"
		"neigh add 10.7.0.6 lladdr 02:dd:00:00:00:06 dev w nud stale\n"
		"route add 10.8.1.0/24 via 10.7.0.2 dev w mtu lock 100\n"
		"route add 10.9.0.0/16 via 10.7.0.3 dev w\n"
		"route add blackhole 10.10.0.0/24\n"
		"route add unreachable 10.10.1.0/24\n"
		"route add prohibit 10.10.2.0/24\n"
		"route add 10.3.0.0/16 dev t\n"
		"route add 10.11.0.0/16 dev t\n"
		"neigh add 10.11.0.1 lladdr " HOP " dev t nud permanent\n"
		"route add 10.13.0.0/16 dev f\n"
		"neigh add 10.13.0.1 lladdr " HOP " dev f nud permanent\n"
		"route add fd08:1::/32 via fd07::2 dev w mtu lock 1280\n"
		"route add blackhole fd10::/16\n");
	ifindex_tun = netns_ifindex(&ns, "t");
	ifindex_out = netns_ifindex(&ns, "w");
	ifindex_off = netns_ifindex(&ns, "f");
	if (ret || netns_enter(&ns))
		tap_bail("a namespace with routes: %s", strerror(-ret));
}

int main(void)
{
	net_make();
	for (int hook = 0; hook < FAST_HOOKS; hook++) {
		hook_run(hook);
		refresh_run(hook);
	}
	return tap_done();
}
