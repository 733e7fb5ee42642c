// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Kinds of tunnels for benchmarks; see kinds.h. */
#include <string.h>

#include "kinds.h"

#define US4	 "10.0.0.1"
#define PEER4	 "10.0.0.2"
#define US6	 "fd00::1"
#define PEER6	 "fd00::2"

#define P_ROUTED 7 /* a tunnel with Ethernet inside that is in no bridge */
#define P_EGRESS 8 /* where routed packets leave */

#define LINK(type, more) \
	"link add name t0 address " PKT_MAC_T " type " type " " more "\nlink set t0 up\n"
#define BARE(type, more) "link add name t0 type " type " " more "\nlink set t0 up\n"
#define ENDS4		 "local " US4 " remote " PEER4 " "
#define ENDS6		 "local " US6 " remote " PEER6 " "

/* Outer headers. */
#define OVER6		 V(V6, 1)
#define ZERO		 V(UDP_CSUM, 0)
#define GRE		 V(KIND, R_GRE)
#define FOU		 V(KIND, R_UDP), ZERO
#define GUE		 V(UDP_DPORT, 5556)
#define TAP		 V(GRE_PROTO, 0x6558)
#define KEY		 V(GRE_FLAGS, 0x2000), V(GRE_KEY, 7)
/* Inside. */
#define HOST		 S(IN_DST, KIND_MAC)
#define HOP4		 S(IN_IP_DST, KIND_HOP4)
#define HOP6		 V(IN_V6, 1), S(IN_IP_DST, KIND_HOP6)

#define PACKET(...)	 .recipe = { { __VA_ARGS__ } }

/* 20 bytes of zeros, 120; two options of 128 and 124 bytes */
#define Z20		 "0000000000000000000000000000000000000000"
#define Z120		 Z20 Z20 Z20 Z20 Z20 Z20
#define OPTIONS_4	 "01020300"
#define OPTIONS_252	 "0102031f00000000" Z120 "0102031e" Z120

#define VXLAN(v6_, vni, flags_) \
	.dport = 4789, .id = (vni), .v6 = (v6_), .flags = (flags_)
#define GENEVE(v6_, peer) \
	.kind = PN_TUNNEL_GENEVE, .dport = 6081, .id = 5, .v6 = (v6_), .remote = (peer), \
	.flags = PN_TUNNEL_F_ZERO_CSUM6
#define KIND4(kind_)	  .kind = PN_TUNNEL_##kind_, .remote = PEER4, .local = US4
#define KIND6(kind_)	  .kind = PN_TUNNEL_##kind_, .remote = PEER6, .local = US6
#define KEYED		  .keyed = true, .id = 7
#define L2		  .port = W_TUNNEL
#define ENCAP_LIMIT(next) VS(EXT6, 60, next "00 040104 010100")

const struct kind kinds[] = {
	{ "vxlan4", PACKET(ZERO, HOST), { L2, VXLAN(false, 5, 0) }, .common = true,
	  .link = LINK("vxlan", "id 5 local " US4 " dstport 4789 nolearning") },
	{ "vxlan6", PACKET(OVER6, ZERO, HOST), { L2, VXLAN(true, 5, PN_TUNNEL_F_ZERO_CSUM6) },
	  .common = true,
	  .link = LINK("vxlan", "id 5 local " US6 " dstport 4789 nolearning udp6zerocsumrx") },
	{ "geneve4", PACKET(V(KIND, R_GENEVE), ZERO, HOST), { L2, GENEVE(false, PEER4) },
	  .link = LINK("geneve", "id 5 remote " PEER4) },
	{ "geneve4 4 bytes of options",
	  PACKET(V(KIND, R_GENEVE), S(GN_OPTS, OPTIONS_4), ZERO, HOST),
	  { L2, GENEVE(false, PEER4) }, .shared = true,
	  .link = LINK("geneve", "id 5 remote " PEER4) },
	{ "geneve4 252 bytes of options",
	  PACKET(V(KIND, R_GENEVE), S(GN_OPTS, OPTIONS_252), ZERO, HOST),
	  { L2, GENEVE(false, PEER4) }, .shared = true,
	  .link = LINK("geneve", "id 5 remote " PEER4) },
	{ "geneve6", PACKET(OVER6, V(KIND, R_GENEVE), ZERO, HOST), { L2, GENEVE(true, PEER6) },
	  .link = LINK("geneve", "id 5 remote " PEER6 " udp6zerocsumrx") },
	{ "geneve6 252 bytes of options",
	  PACKET(OVER6, V(KIND, R_GENEVE), S(GN_OPTS, OPTIONS_252), ZERO, HOST),
	  { L2, GENEVE(true, PEER6) }, .shared = true,
	  .link = LINK("geneve", "id 5 remote " PEER6 " udp6zerocsumrx") },
	{ "gretap", PACKET(GRE, TAP, HOST), { L2, KIND4(GRETAP) },
	  .link = LINK("gretap", ENDS4) },
	{ "nvgre", PACKET(GRE, TAP, KEY, HOST), { L2, KIND4(GRETAP), KEYED },
	  .link = LINK("gretap", ENDS4 "key 7") },
	{ "erspan", PACKET(GRE, V(GRE_PROTO, 0x88be), HOST), { L2, KIND4(ERSPAN) },
	  .link = LINK("erspan", ENDS4 "erspan_ver 0") },
	{ "ip6gretap", PACKET(OVER6, GRE, TAP, HOST), { L2, KIND6(IP6GRETAP) },
	  .link = LINK("ip6gretap", ENDS6) },
	{ "vxlan4 routed", PACKET(V(VX_VNI, 6), ZERO, HOP4),
	  { .port = P_ROUTED, VXLAN(false, 6, 0) }, .routed = true, .common = true,
	  .link = LINK("vxlan", "id 6 local " US4 " dstport 4789 nolearning") },
	{ "vxlan6 routed", PACKET(OVER6, V(VX_VNI, 6), ZERO, HOP4),
	  { .port = P_ROUTED, VXLAN(true, 6, PN_TUNNEL_F_ZERO_CSUM6) }, .routed = true,
	  .common = true,
	  .link = LINK("vxlan", "id 6 local " US6 " dstport 4789 nolearning udp6zerocsumrx") },
	{ "gre", PACKET(GRE, HOP4), { KIND4(GRE) }, .routed = true, .link = BARE("gre", ENDS4) },
	{ "gre key", PACKET(GRE, KEY, HOP4), { KIND4(GRE), KEYED }, .routed = true,
	  .link = BARE("gre", ENDS4 "key 7") },
	{ "gre, IPv6 inside", PACKET(GRE, HOP6), { KIND4(GRE) }, .routed = true, .shared = true,
	  .link = BARE("gre", ENDS4) },
	{ "ip6gre", PACKET(OVER6, GRE, HOP4), { KIND6(IP6GRE) }, .routed = true,
	  .link = BARE("ip6gre", ENDS6) },
	{ "ipip", PACKET(V(KIND, R_IP), HOP4), { KIND4(IPIP) }, .routed = true,
	  .link = BARE("ipip", ENDS4) },
	{ "sit", PACKET(V(KIND, R_IP), HOP6), { KIND4(SIT) }, .routed = true,
	  .link = BARE("sit", ENDS4) },
	{ "ip6tnl", PACKET(OVER6, V(KIND, R_IP), HOP4), { KIND6(IP6TNL) }, .routed = true,
	  .link = BARE("ip6tnl", ENDS6 "mode any") },
	{ "ip6tnl encaplimit", PACKET(OVER6, V(KIND, R_IP), ENCAP_LIMIT("04"), HOP4),
	  { KIND6(IP6TNL) }, .routed = true, .shared = true,
	  .link = BARE("ip6tnl", ENDS6 "mode any") },
	{ "fou", PACKET(FOU, HOP4), { KIND4(IPIP) }, { 5555, .proto = 4 }, .routed = true,
	  .shared = true, .link = BARE("ipip", ENDS4),
	  .fou_port = "fou add port 5555 ipproto 4\n" },
	{ "gue", PACKET(FOU, GUE, S(SHIM, "00040000"), HOP4), { KIND4(IPIP) },
	  { 5556, .gue = true }, .routed = true, .shared = true, .link = BARE("ipip", ENDS4),
	  .fou_port = "fou add port 5556 gue\n" },
	{ "gue variant 1", PACKET(FOU, GUE, HOP4), { KIND4(IPIP) }, { 5556, .gue = true },
	  .routed = true, .shared = true, .link = BARE("ipip", ENDS4),
	  .fou_port = "fou add port 5556 gue\n" },
	{ "fou6", PACKET(OVER6, FOU, HOP4), { KIND6(IP6TNL) }, { 5555, .v6 = true, .proto = 4 },
	  .routed = true, .shared = true, .link = BARE("ip6tnl", ENDS6 "mode any"),
	  .fou_port = "fou add port 5555 ipproto 4 -6\n" },
	{ "gue6", PACKET(OVER6, FOU, GUE, S(SHIM, "00040000"), HOP4), { KIND6(IP6TNL) },
	  { 5556, .v6 = true, .gue = true }, .routed = true, .shared = true,
	  .link = BARE("ip6tnl", ENDS6 "mode any"), .fou_port = "fou add port 5556 gue -6\n" },
};
const int kinds_n = sizeof(kinds) / sizeof(kinds[0]);

static struct world_port port_make(uint32_t ifindex, uint32_t flags, uint16_t fid, const char *mac)
{
	return (struct world_port){
		.ifindex = ifindex, .flags = flags, .max_len = 1518, .fid = fid, .mac = mac,
	};
}

static void ports_add(struct world *w, const struct kind_devices *dev)
{
	w->port[W_WIRE] = port_make(dev->wire, PN_PORT_UP, 0, PKT_MAC_D);
	w->port[W_TUNNEL] = port_make(dev->tunnel, W_BRPORT, 1, PKT_MAC_T);
	w->port[W_WORK] = port_make(dev->out, W_BRPORT | W_TARGET, 1, "02:bb:00:00:00:ff");
	w->port[P_ROUTED] = port_make(dev->tunnel, PN_PORT_UP, 0, PKT_MAC_T);
	w->port[P_EGRESS] = port_make(dev->out, PN_PORT_UP | W_TARGET, 0, "02:bb:00:00:00:ff");
	/* as a bridge that has learned them knows them */
	w->fdb[0] = (struct world_fdb){ PKT_MAC_I, 1, W_TUNNEL, PN_FDB_REFRESH };
	w->fdb[1] = (struct world_fdb){ KIND_MAC, 1, W_WORK, PN_FDB_REFRESH };
}

static void fou_add(struct world *w, const struct kind *k)
{
	struct world_fou *f = w->fou;

	while (f->dport && (f->dport != k->fou.dport || f->v6 != k->fou.v6))
		f++;
	*f = k->fou;
}

void kind_world(struct world *w, const struct kind *k, const struct kind_devices *dev)
{
	memset(w, 0, sizeof(*w));
	ports_add(w, dev);
	w->peer[0] = (struct world_peer){ PEER4, US4, W_WIRE };
	w->peer[1] = (struct world_peer){ PEER6, US6, W_WIRE };
	w->local[0] = (struct world_local){ US4, W_WIRE };
	w->local[1] = (struct world_local){ US6, W_WIRE };
	for (int i = 0, n = 1; i < kinds_n; i++) {
		if (k ? k != &kinds[i] : kinds[i].shared && !kinds[i].fou.dport)
			continue;
		if (kinds[i].fou.dport)
			fou_add(w, &kinds[i]);
		if (!k && kinds[i].shared)
			continue;
		w->tunnel[n] = kinds[i].tunnel;
		w->tunnel[n++].ifindex = dev->tunnel;
	}
}

const struct kind *kind_find(const char *name)
{
	for (int i = 0; i < kinds_n; i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

void kind_packet(const struct kind *k, struct pkt *p)
{
	recipe_build(&k->recipe, NULL, p);
}
