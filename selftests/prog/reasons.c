// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Every reason of reasons.def, hit by a packet and a state that must give just
 * this one, at both hooks. A reason without a row fails the test, unless the
 * table of exceptions says why it cannot be had by BPF_PROG_TEST_RUN.
 */
#include <errno.h>
#include <string.h>

#include "fast.h"
#include "scene.h"
#include "tap.h"
#include "tunnelworld.h"

#define XDP	       (1u << FAST_XDP)
#define TC	       (1u << FAST_TC)
#define TAG(tpid, tci) (0x##tpid##u << 16 | (tci))

/* Which program: the wire's, a bridge port's, or one with other settings. */
enum inst { WIRE,
	    BRIDGE,
	    LEAVE,
	    FRAGS,
	    STRICT,
	    INSTS };

static const struct fast_opts inst_opts[INSTS] = {
	[WIRE] = { .port = W_WIRE },
	[BRIDGE] = { .port = W_BRIDGE },
	[LEAVE] = { .port = W_WIRE, .checksum = PN_CSUM_LEAVE },
	[FRAGS] = { .port = W_WIRE, .frags = true },
	[STRICT] = { .port = W_WIRE, .strict = true },
};

struct reason_row {
	enum pn_reason reason;
	const char *name;
	enum inst inst;
	enum config_id config; /* of the tunnel; C_VX if not said */
	struct recipe pkt;
	void (*tweak)(struct world *w);
	unsigned int hooks; /* 0: both */
	uint32_t gso_size;
};

static struct netns ns;
static int work_ifindex;
static unsigned int hit[PN_MAX_REASONS]; /* hooks */

static void no_bridge(struct world *w)
{
	w->port[W_TUNNEL].fid = 0;
	w->tunnel[1].gate[0] = PN_GATE_RESYNC; /* or tc delivers it */
}

static void gate_port(struct world *w)
{
	w->port[W_WIRE].gate[PN_PLACE_PORT] = PN_GATE_RESYNC;
}

static void gate_outer(struct world *w)
{
	w->port[W_WIRE].gate[PN_PLACE_OUTER4] = PN_GATE_XFRM;
}

static void gate_tunnel(struct world *w)
{
	w->port[W_TUNNEL].gate[PN_PLACE_PORT] = PN_GATE_TUNNEL_CONFIG;
}

static void gate_bridge(struct world *w)
{
	w->port[W_TUNNEL].gate[PN_PLACE_BRIDGE] = PN_GATE_VLAN_FILTERING;
	w->port[W_BRIDGE].gate[PN_PLACE_BRIDGE] = PN_GATE_VLAN_FILTERING;
}

static void brnf(struct world *w)
{
	w->port[W_BRIDGE].gate[PN_PLACE_BRIDGE] = PN_GATE_BR_NETFILTER;
	w->port[W_TUNNEL].gate[PN_PLACE_BRIDGE] = PN_GATE_BR_NETFILTER;
}

static void brnf_small_mtu(struct world *w)
{
	brnf(w);
	w->port[W_OTHER].max_len = 66 + 3;
}

static void gate_tagged(struct world *w)
{
	w->port[W_BRIDGE].gate[PN_PLACE_TAGGED] = PN_GATE_VLAN_UPPER;
}

static void gate_egress(struct world *w)
{
	w->port[W_WORK].gate[PN_PLACE_EGRESS] = PN_GATE_TC_EGRESS;
	w->port[W_OTHER].gate[PN_PLACE_EGRESS] = PN_GATE_TC_EGRESS;
}

static void vlans(struct world *w)
{
	w->vlan[0] = (struct world_vlan){ W_WIRE, false, 7, W_VLAN };
	w->vlan[1] = (struct world_vlan){ W_VLAN, false, 7, W_VLAN };
	w->port[W_VLAN] = w->port[W_WIRE];
}

static struct world_fdb *entry(struct world *w, const char *mac)
{
	for (int i = 0; i < WORLD_FDB && w->fdb[i].mac; i++)
		if (!strcmp(w->fdb[i].mac, mac))
			return &w->fdb[i];
	tap_bail("no entry %s", mac);
}

static void h1_elsewhere(struct world *w)
{
	entry(w, WORLD_H1)->port = W_OTHER;
}

static void h1_moved(struct world *w)
{
	entry(w, WORLD_H1)->flags = PN_FDB_MOVED;
}

static void h2_here(struct world *w)
{
	entry(w, WORLD_H2)->port = W_BRIDGE;
}

static void h2_moved(struct world *w)
{
	entry(w, WORLD_H2)->flags = PN_FDB_MOVED;
}

static void h1_refresh(struct world *w)
{
	entry(w, WORLD_H1)->flags = PN_FDB_REFRESH;
	w->epoch = 3;
}

static void learning_state(struct world *w)
{
	w->port[W_BRIDGE].flags &= ~PN_PORT_FORWARDING;
}

static void egress_down(struct world *w)
{
	w->port[W_OTHER].flags &= ~PN_PORT_UP;
}

static void isolated(struct world *w)
{
	w->port[W_BRIDGE].flags |= PN_PORT_ISOLATED;
	w->port[W_OTHER].flags |= PN_PORT_ISOLATED;
}

static void locked(struct world *w)
{
	w->port[W_BRIDGE].flags |= PN_PORT_LOCKED;
	entry(w, WORLD_H1)->flags = PN_FDB_LOCKED;
}

static void proxy(struct world *w)
{
	w->port[W_BRIDGE].flags |= PN_PORT_NEIGH_PROXY;
}

static void small_mtu(struct world *w)
{
	w->port[W_OTHER].max_len = 65;
}

static void no_target(struct world *w)
{
	w->port[W_OTHER].flags &= ~W_TARGET;
}

static void no_device(struct world *w)
{
	w->port[W_WORK].ifindex = 0;
}

static void keeps_proto(struct world *w)
{
	w->port[W_WORK].flags &= ~PN_PORT_SETS_PROTO;
}

static void filter(struct world *w)
{
	world_filter(w, PN_BRVLAN_UNTAGGED, 0);
}

static void filter_no_pvid(struct world *w)
{
	filter(w);
	w->port[W_BRIDGE].pvid = 0;
}

static void filter_blocked(struct world *w)
{
	filter(w);
	w->member[2].flags = 0;
}

static void filter_elsewhere(struct world *w)
{
	filter(w);
	w->member[3].vid = 20;
}

static void filter_ad(struct world *w)
{
	filter(w);
	w->port[W_BRIDGE].vlan_proto = 0x88a8;
}

/* A device of every kind of tunnel. */
static void every_tunnel(struct world *w)
{
	tunnelworld(w);
	world_bridge_add(w);
	w->port[W_WORK].ifindex = w->port[W_OTHER].ifindex = work_ifindex;
}

static void external(struct world *w)
{
	w->tunnel[1].external = true;
}

static void gpe(struct world *w)
{
	w->tunnel[1].external = w->tunnel[1].gpe = true;
}

#define PKT(...)   .pkt = { { __VA_ARGS__ } }
#define FRAME(...) BRIDGE, PKT(__VA_ARGS__)
#define H1_TO_H2   S(IN_SRC, WORLD_H1), S(IN_DST, WORLD_H2)

static const struct reason_row rows[] = {
	{ PN_R_DECAP, "a good packet", WIRE },
	{ PN_R_BRIDGED, "H1 to H2", FRAME(H1_TO_H2) },
	{ PN_R_BRIDGED, "H1 to H2, tagged", FRAME(H1_TO_H2, V(IN_TAG1, TAG(8100, 7))) },
	{ PN_R_BRIDGED, "br_netfilter keeps it", FRAME(H1_TO_H2), .tweak = brnf },
	{ PN_R_BRIDGED, "br_netfilter keeps IPv6", FRAME(H1_TO_H2, V(IN_V6, 1)), .tweak = brnf },
	{ PN_R_BRIDGED, "br_netfilter does not see tags",
	  FRAME(H1_TO_H2, V(IN_TAG1, TAG(8100, 7)), V(IN_PAD, 4)), .tweak = brnf },
	{ PN_R_DECAP, "br_netfilter keeps the inner packet", WIRE, .tweak = brnf },
	{ PN_R_BR_NETFILTER, "it trims padding", FRAME(H1_TO_H2, V(IN_PAD, 4)), .tweak = brnf },
	{ PN_R_BR_NETFILTER, "it trims padding, IPv6", FRAME(H1_TO_H2, V(IN_V6, 1), V(IN_PAD, 4)),
	  .tweak = brnf },
	{ PN_R_BR_NETFILTER, "it drops what is cut", FRAME(H1_TO_H2, V(IN_KEEP, 40)),
	  .tweak = brnf },
	{ PN_R_BR_NETFILTER, "it trims inner padding", WIRE, PKT(V(IN_PAD, 4)), .tweak = brnf },
	{ PN_R_BR_NETFILTER, "it fragments above the MTU", FRAME(H1_TO_H2),
	  .tweak = brnf_small_mtu },
	{ PN_R_BRIDGED, "within a VLAN", FRAME(H1_TO_H2), .tweak = filter },
	{ PN_R_DECAP, "within a VLAN", WIRE, .tweak = filter },
	{ PN_R_VLAN_INGRESS, "no VLAN for untagged frames", FRAME(H1_TO_H2),
	  .tweak = filter_no_pvid },
	{ PN_R_VLAN_INGRESS, "blocked in the VLAN", FRAME(H1_TO_H2), .tweak = filter_blocked },
	{ PN_R_VLAN_INGRESS, "no member", FRAME(H1_TO_H2, V(IN_TAG1, TAG(8100, 20))),
	  .tweak = filter },
	{ PN_R_VLAN_EGRESS, "no member at the other end", FRAME(H1_TO_H2),
	  .tweak = filter_elsewhere },
	{ PN_R_VLAN_TAG, "another TPID", FRAME(H1_TO_H2, V(IN_TAG1, TAG(8100, 10))),
	  .tweak = filter_ad },
	{ PN_R_VLAN_PRIORITY, "VID 0", FRAME(H1_TO_H2, V(IN_TAG1, TAG(8100, 0))),
	  .tweak = filter },
	{ PN_R_DECAP, "an external device takes any VNI", WIRE, PKT(V(VX_VNI, 77)),
	  .tweak = external },
	{ PN_R_TUNNEL_FLAGS, "external, a reserved bit", WIRE, PKT(V(VX_W0, 0x08000001)),
	  .tweak = external },
	{ PN_R_TUNNEL_FLAGS, "GPE without the P bit", WIRE, PKT(V(VX_W0, 0x08000001)),
	  .tweak = gpe },
	{ PN_R_TUNNEL_FLAGS, "GPE, O bit", WIRE, PKT(V(VX_W0, 0x0d000001)), .tweak = gpe },
	{ PN_R_INNER_TYPE, "GPE, MPLS inside", WIRE, PKT(V(VX_W0, 0x0c000005)), .tweak = gpe },
	{ PN_R_INNER_SHORT, "GPE, half an IPv6 header", WIRE,
	  PKT(V(VX_W0, 0x0c000002), V(IN_BARE, 1), V(IN_V6, 1), V(IN_KEEP, 39)), .tweak = gpe },
	{ PN_R_ETHERTYPE, "CFM behind a tag",
	  FRAME(H1_TO_H2, V(IN_TAG1, TAG(8100, 7)), V(IN_TYPE, 0x8902)) },
	{ PN_R_SHORT, "13 bytes of an IP header",
	  WIRE, PKT(V(CUT, 90), V(IP_LEN, 12)), .hooks = XDP },
	{ PN_R_SHORT, "15 bytes of a datagram", WIRE, PKT(V(UDP_KEEP, 15)) },
	{ PN_R_NOT_TUNNEL, "protocol 47", WIRE, PKT(V(IP_PROTO, 47)) },
	{ PN_R_NOT_TUNNEL, "another port", WIRE, PKT(V(UDP_DPORT, 53)) },
	{ PN_R_VLAN_UNMAPPED, "tag 7", WIRE, PKT(V(TAG1, TAG(8100, 7))) },
	{ PN_R_VLAN_PRIORITY, "tag 0", WIRE, PKT(V(TAG1, TAG(8100, 0))) },
	{ PN_R_OTHER_MAC, "another MAC", WIRE, PKT(S(ETH_DST, PKT_MAC_P)) },
	{ PN_R_IP_OPTIONS, "options", WIRE, PKT(S(IP_OPTS, "01 01 01 01")) },
	{ PN_R_IP_OPTIONS, "an extension header", WIRE, C_VX6,
	  PKT(V(V6, 1), VS(EXT6, 60, "11 00 01 04 00 00 00 00")) },
	{ PN_R_IP_HEADER, "total length 19", WIRE, PKT(V(IP_LEN, 19)) },
	{ PN_R_IP_CSUM, "header checksum", WIRE, PKT(V(IP_CSUM_XOR, 1)) },
	{ PN_R_IP_FRAGMENT, "MF", WIRE, PKT(V(IP_FRAG, 0x2000)) },
	{ PN_R_IP_FRAGMENT, "offset", WIRE, PKT(V(IP_FRAG, 1)) },
	{ PN_R_ENDPOINT, "unknown source", WIRE, PKT(S(IP_SRC, "10.0.0.77")) },
	{ PN_R_ENDPOINT, "unknown destination", WIRE, PKT(S(IP_DST, "10.0.0.77")) },
	{ PN_R_UDP_LENGTH, "length 7", WIRE, PKT(V(UDP_LEN, 7)) },
	{ PN_R_UDP_CSUM, "checksum", WIRE, PKT(V(UDP_CSUM, 0x1234)) },
	{ PN_R_UDP_CSUM_ZERO6, "zero over IPv6", WIRE, C_VX6, PKT(V(V6, 1), V(UDP_CSUM, 0)) },
	{ PN_R_UDP_CSUM_LEFT, "checksum: pass", LEAVE },
	{ PN_R_DECAP, "checksum: pass, and there is none", LEAVE, PKT(V(UDP_CSUM, 0)) },
	{ PN_R_TUNNEL_FLAGS, "reserved bit", WIRE, PKT(V(VX_B7, 1)) },
	{ PN_R_TUNNEL_UNKNOWN, "VNI", WIRE, PKT(V(VX_VNI, 6)) },
	{ PN_R_INNER_SHORT, "33 inner bytes", WIRE, PKT(V(UDP_KEEP, 49)) },
	{ PN_R_INNER_OWN_MAC, "inner source", WIRE, PKT(S(IN_SRC, PKT_MAC_T)) },
	{ PN_R_INNER_ECN, "CE over Not-ECT", WIRE, PKT(V(IP_TOS, 3)) },
	{ PN_R_INNER_VLAN_ECN, "CE over a tag", WIRE,
	  PKT(V(IP_TOS, 3), V(IN_TAG1, TAG(8100, 7))) },
	{ PN_R_TUNNEL_LEARN, "source known from another VTEP", WIRE, C_PERM,
	  PKT(S(IP_SRC, "10.0.0.3")) },
	{ PN_R_NOT_BRIDGED, "routed device", WIRE, .tweak = no_bridge },
	{ PN_R_GATE_PORT, "resync", WIRE, .tweak = gate_port },
	{ PN_R_GATE_OUTER, "xfrm", WIRE, .tweak = gate_outer },
	{ PN_R_GATE_TUNNEL, "gbp", WIRE, .tweak = gate_tunnel },
	{ PN_R_GATE_BRIDGE, "vlan filtering", WIRE, .tweak = gate_bridge },
	{ PN_R_GATE_BRIDGE, "vlan filtering, bridged", FRAME(H1_TO_H2), .tweak = gate_bridge },
	{ PN_R_GATE_TAGGED, "a VLAN device on the port",
	  FRAME(H1_TO_H2, V(IN_TAG1, TAG(8100, 7))), .tweak = gate_tagged },
	{ PN_R_BRIDGED, "a VLAN device on the port, untagged", FRAME(H1_TO_H2),
	  .tweak = gate_tagged },
	{ PN_R_GATE_EGRESS, "a filter on the egress", WIRE, .tweak = gate_egress },
	{ PN_R_VLAN_DEPTH, "three tags", WIRE,
	  PKT(V(TAG1, TAG(8100, 7)), V(TAG2, TAG(8100, 7)), V(TAG3, TAG(8100, 7))),
	  .tweak = vlans },
	{ PN_R_NOT_IP, "ARP", WIRE, PKT(V(ETH_TYPE, 0x0806)) },
	{ PN_R_MAC_INVALID, "multicast source",
	  FRAME(S(IN_DST, WORLD_H2), S(IN_SRC, "03:cc:00:00:00:01")) },
	{ PN_R_MULTICAST, "broadcast", FRAME(S(IN_SRC, WORLD_H1), S(IN_DST, "ff:ff:ff:ff:ff:ff")) },
	{ PN_R_SRC_UNKNOWN, "new source",
	  FRAME(S(IN_SRC, "02:cc:00:00:00:09"), S(IN_DST, WORLD_H2)) },
	{ PN_R_SRC_MOVED, "source behind the other port",
	  FRAME(S(IN_SRC, WORLD_H2), S(IN_DST, WORLD_H1)),
	  .tweak = h1_elsewhere },
	{ PN_R_SRC_MOVED, "a source that was seen elsewhere", FRAME(H1_TO_H2), .tweak = h1_moved },
	{ PN_R_DST_UNKNOWN, "new destination",
	  FRAME(S(IN_SRC, WORLD_H1), S(IN_DST, "02:cc:00:00:00:09")) },
	{ PN_R_DST_UNKNOWN, "a destination that was seen elsewhere", FRAME(H1_TO_H2),
	  .tweak = h2_moved },
	{ PN_R_DST_LOCAL, "to the bridge", FRAME(S(IN_SRC, WORLD_H1), S(IN_DST, WORLD_BR)) },
	{ PN_R_SAME_PORT, "both behind one port", FRAME(H1_TO_H2), .tweak = h2_here },
	{ PN_R_PORT_STATE, "not forwarding", FRAME(H1_TO_H2), .tweak = learning_state },
	{ PN_R_ISOLATED, "both isolated", FRAME(H1_TO_H2), .tweak = isolated },
	{ PN_R_LOCKED, "locked entry", FRAME(H1_TO_H2), .tweak = locked },
	{ PN_R_ETHERTYPE, "CFM", FRAME(H1_TO_H2, V(IN_TYPE, 0x8902)) },
	{ PN_R_ETHERTYPE, "MRP", FRAME(H1_TO_H2, V(IN_TYPE, 0x88e3)) },
	{ PN_R_ETHERTYPE, "ARP with a proxy", FRAME(H1_TO_H2, V(IN_ARP, 1)), .tweak = proxy },
	{ PN_R_BRIDGED, "ARP without one", FRAME(H1_TO_H2, V(IN_ARP, 1)) },
	{ PN_R_REFRESH, "first of its epoch", FRAME(H1_TO_H2), .tweak = h1_refresh },
	{ PN_R_EGRESS_STATE, "egress down", FRAME(H1_TO_H2), .tweak = egress_down },
	{ PN_R_EGRESS_MTU, "one byte too long", FRAME(H1_TO_H2), .tweak = small_mtu },
	{ PN_R_EGRESS_HOOK, "egress takes no frames", FRAME(H1_TO_H2), .tweak = no_target },
	{ PN_R_EGRESS_GONE, "egress left the devmap", WIRE, .tweak = no_device, .hooks = XDP },
	{ PN_R_NONLINEAR, "a frame in several buffers",
	  FRAGS, PKT(V(IN_DATA, 4000)), .hooks = XDP },
	{ PN_R_GSO, "a super-packet", WIRE, .hooks = TC, .gso_size = 20 },
	{ PN_R_INNER_PROTO, "ARP in IPv4 to a device that keeps the protocol", WIRE,
	  PKT(V(IN_ARP, 1)), .tweak = keeps_proto, .hooks = TC },
	{ PN_R_HELPER, "too short to remain",
	  WIRE, PKT(V(IN_ARP, 1), V(IN_KEEP, 19)), .hooks = TC },
	{ PN_R_TUNNEL_CSUM, "a checksum that gretap does not want", WIRE,
	  PKT(V(KIND, R_GRE), V(GRE_PROTO, 0x6558), V(GRE_FLAGS, 0x8000)), .tweak = every_tunnel },
	{ PN_R_TUNNEL_STATE, "a sequence number", WIRE,
	  PKT(V(KIND, R_GRE), V(GRE_FLAGS, 0x1000)), .tweak = every_tunnel },
	{ PN_R_TUNNEL_SOURCE, "another 6to4 source", WIRE,
	  PKT(V(KIND, R_IP), V(IN_V6, 1), S(IN_IP_SRC, "2002:a00:9::1"), S(IP_SRC, "10.0.0.3")),
	  .tweak = every_tunnel },
	{ PN_R_VTI, "ESP", WIRE, PKT(V(KIND, R_IP), V(IP_PROTO, 50), S(IP_SRC, "10.0.0.4")),
	  .tweak = every_tunnel },
	{ PN_R_INNER_TYPE, "MPLS in GRE", WIRE, PKT(V(KIND, R_GRE), V(GRE_PROTO, 0x8847)),
	  .tweak = every_tunnel },
	{ PN_R_PEER_REFUSED, "a stranger", STRICT, PKT(S(IP_SRC, "10.0.0.77")),
	  .tweak = every_tunnel },
	{ PN_R_ENDPOINT, "to another host, strict", STRICT, PKT(S(IP_DST, "10.0.0.77")),
	  .tweak = every_tunnel },
};

static const struct {
	enum pn_reason reason;
	unsigned int hooks;
	const char *why;
} exceptions[] = {
	{ PN_R_GSO, XDP, "XDP runs before GRO" },
	{ PN_R_INNER_PROTO, XDP, "XDP frames have no protocol beside the bytes" },
	{ PN_R_HELPER, XDP, "adjust_head and adjust_tail cannot fail on checked lengths" },
	{ PN_R_EGRESS_GONE, TC, "bpf_redirect() looks at the device only afterwards" },
	{ PN_R_NONLINEAR, TC, "BPF_PROG_TEST_RUN makes linear buffers" },
	{ PN_R_NESTED, (XDP | TC), "routed packets: prog/route" },
	{ PN_R_INNER_IP, (XDP | TC), "routed packets: prog/route" },
	{ PN_R_INNER_ADDR, (XDP | TC), "routed packets: prog/route" },
	{ PN_R_INNER_TTL, (XDP | TC), "routed packets: prog/route" },
	{ PN_R_INNER_RPF, (XDP | TC), "routed packets: prog/route" },
	{ PN_R_ROUTE_NONE, (XDP | TC), "routed packets: prog/route" },
	{ PN_R_ROUTE_LOCAL, (XDP | TC), "routed packets: prog/route" },
	{ PN_R_ROUTE_OFF, (XDP | TC), "routed packets: prog/route" },
	{ PN_R_ROUTE_MTU, (XDP | TC), "routed packets: prog/route" },
	{ PN_R_ROUTE_NEIGH, (XDP | TC), "routed packets: prog/route" },
	{ PN_R_ROUTE_ODD, (XDP | TC), "routed packets: prog/route" },
	{ PN_R_GATE_ROUTE, (XDP | TC), "routed packets: prog/route" },
	{ PN_R_ROUTED, (XDP | TC), "routed packets: prog/route" },
	{ PN_R_DELIVERED, (XDP | TC), "routed packets: prog/route" },
	{ PN_R_POLICED, (XDP | TC), "shapers: prog/police" },
	{ PN_R_SHAPER, (XDP | TC), "shapers: prog/police" },
	{ PN_R_SPREAD_FULL, (XDP | TC), "XDP only, into the queue of another CPU: net/spread" },
};

static void row_run(struct fast *f, const struct reason_row *row)
{
	struct fast_result res = {};
	struct pkt in, out;
	struct world w;

	tap_case("%s: %s: %s", fast_hooks[f->opts.hook], reason_name(row->reason), row->name);
	world_of(row->config, true, &w);
	world_bridge_add(&w);
	w.port[W_WORK].ifindex = w.port[W_OTHER].ifindex = work_ifindex;
	if (row->tweak)
		row->tweak(&w);
	fast_world(f, &w);
	if (row->inst == BRIDGE)
		recipe_frame(&row->pkt, NULL, &in);
	else
		recipe_build(&row->pkt, SCENE_IN_DST, &in);
	f->gso_size = row->gso_size;
	if (tap_sys(fast_run(f, &in, &out, &res), "run")) {
		tap_str(reason_name(res.reason), reason_name(row->reason), "reason");
		if (res.verdict == PN_PASS)
			tap_bytes(pkt_cdata(&out), out.len, pkt_cdata(&in), in.len, "frame");
	}
	hit[res.reason] |= 1u << f->opts.hook;
	tap_end();
}

static void inst_run(enum fast_hook hook, enum inst inst)
{
	struct fast_opts opts = inst_opts[inst];
	struct fast f;

	opts.hook = hook;
	if (fast_open(&f, &opts))
		tap_bail("%s does not load", fast_hooks[hook]);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].inst == inst && (!rows[i].hooks || rows[i].hooks & 1u << hook))
			row_run(&f, &rows[i]);
	fast_close(&f);
}

static void reason_covered(enum pn_reason reason, enum fast_hook hook)
{
	bool excepted = false;

	for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++)
		excepted |= exceptions[i].reason == reason && exceptions[i].hooks & 1u << hook;
	if (excepted)
		tap_eq(!!(hit[reason] & 1u << hook), 0, "hit, though it is said to be impossible");
	else if (!(hit[reason] & 1u << hook))
		tap_fail("no row hits %s at %s", reason_name(reason), fast_hooks[hook]);
}

static void coverage_check(void)
{
	static const enum pn_reason all[] = {
#define PN_REASON(id, number, name, verdict, text) PN_R_##id,
#include <penstock/reasons.def>
#undef PN_REASON
	};

	tap_case("every reason is hit at every hook");
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		for (int hook = 0; hook < FAST_HOOKS; hook++)
			reason_covered(all[i], hook);
	tap_end();
}

int main(void)
{
	int ret = netns_open(&ns);

	ret = ret ? ret : netns_veth(&ns, "w", &ns, "e");
	work_ifindex = ret ? ret : netns_ifindex(&ns, "w");
	if (work_ifindex < 0 || netns_enter(&ns))
		tap_bail("a namespace with a veth");
	for (int hook = 0; hook < FAST_HOOKS; hook++)
		for (int inst = 0; inst < INSTS; inst++)
			if (inst != FRAGS || hook == FAST_XDP)
				inst_run(hook, inst);
	coverage_check();
	return tap_done();
}
