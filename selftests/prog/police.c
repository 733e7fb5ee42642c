// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Which packets a shaper takes: each part of a match, inside every kind of
 * tunnel, by a shaper that lets nothing through. What matches is dropped for
 * that reason; what differs in one bit of what is asked for goes where it went
 * before. Each row runs in a program that reads only what the row asks for, and
 * in one that reads everything; with what is asked for as the key itself, where
 * that is possible, and with a hash of it that is then compared.
 */
#include <arpa/inet.h>
#include <string.h>

#include "shaped.h"
#include "tap.h"
#include "tunnelrun.h"

#define PARTS_ALL 0x3fu
#define BR	  W_BRIDGE

struct match_row {
	const char *name;
	struct recipe pkt;
	struct pn_flow bits, want;
	const char *src, *dst, *peer, *local; /* whole addresses */
	uint16_t port; /* that it arrives on; 0: W_WIRE */
	bool gated;    /* a gate closes the port */
	int hooks;     /* bits, 0: all */
};

#define M(...) .bits = { __VA_ARGS__ }
#define W(...) .want = { __VA_ARGS__ }
#define TUNNEL(k) M(.kind = 0xff), W(.kind = PN_TUNNEL_##k)
#define KEYED(k, id) \
	M(.kind = 0xff, .key = ~0u, .has = PN_FLOW_HAS_KEY), \
	W(.kind = PN_TUNNEL_##k, .key = id, .has = PN_FLOW_HAS_KEY)
#define NO_KEY(k) \
	M(.kind = 0xff, .has = PN_FLOW_HAS_KEY), W(.kind = PN_TUNNEL_##k)
#define PORTS(s, d) \
	M(.sport = 0xffff, .dport = 0xffff, .proto = 0xff), \
	W(.sport = s, .dport = d, .proto = 17)
#define INNER4  .src = "192.168.5.2", .dst = "192.168.5.1"
#define INNERV6 .src = "fd05::2", .dst = "fd05::1"
#define OUTER4 .peer = "10.0.0.2", .local = "10.0.0.1"

/* clang-format off */
static const struct match_row rows[] = {
	{ "the port", PKT(V(IP_TTL, 64)), M(.port = 0xffff), W(.port = W_WIRE) },
	{ "no tag", PKT(V(IP_TTL, 64)), M(.has = PN_FLOW_HAS_VLAN), W(.has = 0) },
	{ "a tag without a device", PKT(V(TAG1, 0x81000007)),
	  M(.vid = 0xfff, .has = PN_FLOW_HAS_VLAN), W(.vid = 7, .has = PN_FLOW_HAS_VLAN) },
	{ "the first of two tags", PKT(V(TAG1, 0x88a80009), V(TAG2, 0x81000007)),
	  M(.vid = 0xfff, .has = PN_FLOW_HAS_VLAN), W(.vid = 9, .has = PN_FLOW_HAS_VLAN) },
	{ "vxlan", PKT(V(IP_TTL, 64)), TUNNEL(VXLAN) },
	{ "vxlan, VNI", PKT(V(IP_TTL, 64)), KEYED(VXLAN, 5) },
	{ "geneve, VNI", GN(V(IP_TTL, 64)), KEYED(GENEVE, 5) },
	{ "geneve over IPv6", GN(OUTER6), KEYED(GENEVE, 5) },
	{ "gre, no key", GRE(V(GRE_FLAGS, 0)), NO_KEY(GRE) },
	{ "gre, key", GRE(KEY(7)), KEYED(GRE, 7) },
	{ "gre, checksum and key", GRE(V(GRE_FLAGS, 0xa000), V(GRE_KEY, 11)), KEYED(GRE, 11) },
	{ "gretap", TAP(V(GRE_FLAGS, 0)), NO_KEY(GRETAP) },
	{ "nvgre", TAP(KEY(0x12345)), KEYED(GRETAP, 0x12345) },
	{ "erspan", GRE_(0x88be), TUNNEL(ERSPAN) },
	{ "ip6gre", GRE(OUTER6), KEYED(IP6GRE, 0) },
	{ "ip6gre, key", GRE(OUTER6, KEY(7)), KEYED(IP6GRE, 7) },
	{ "ip6gretap", TAP(OUTER6), TUNNEL(IP6GRETAP) },
	{ "ipip", IPIP(V(IP_TTL, 64)), TUNNEL(IPIP) },
	{ "sit", IPIP(INNER6), TUNNEL(SIT) },
	{ "ip6tnl", IPIP(OUTER6, INNER6), TUNNEL(IP6TNL) },
	{ "vti", IPIP(V(IP_PROTO, 50), S(IP_SRC, "10.0.0.4")), TUNNEL(VTI) },
	{ "fou", FOU(V(UDP_DPORT, TW_FOU_IPIP)), TUNNEL(IPIP) },
	{ "no tunnel", PKT(V(VX_VNI, 77)), M(.has = PN_FLOW_HAS_TUNNEL), W(.has = 0) },
	{ "no tunnel of ours is no tunnel", PKT(V(UDP_DPORT, 53)),
	  M(.has = PN_FLOW_HAS_TUNNEL), W(.has = 0) },
	{ "a tunnel behind a gate", PKT(V(IP_TTL, 64)), KEYED(VXLAN, 5), .gated = true },
	{ "peer and local", PKT(V(IP_TTL, 64)), OUTER4 },
	{ "peer and local, IPv6", GN(OUTER6), .peer = "fd00::2", .local = "fd00::1" },
	{ "no peer without a tunnel", PKT(V(UDP_DPORT, 53)), .peer = "::" },
	{ "vxlan, inside", PKT(V(IP_TTL, 64)), INNER4 },
	{ "vxlan, inside a tag", PKT(V(IN_TAG1, 0x81000007)), INNER4 },
	{ "vxlan, IPv6 inside", PKT(INNER6), INNERV6 },
	{ "geneve, inside", GN(V(IP_TTL, 64)), INNER4 },
	{ "gre, inside", GRE(V(GRE_FLAGS, 0)), INNER4 },
	{ "gre, IPv6 inside", GRE(INNER6), INNERV6 },
	{ "gretap, inside", TAP(V(GRE_FLAGS, 0)), INNER4 },
	{ "erspan, inside", GRE_(0x88be), INNER4 },
	{ "ip6gre, inside", GRE(OUTER6), INNER4 },
	{ "ip6gretap, inside", TAP(OUTER6), INNER4 },
	{ "ipip, inside", IPIP(V(IP_TTL, 64)), INNER4 },
	{ "sit, inside", IPIP(INNER6), INNERV6 },
	{ "ip6tnl, inside", IPIP(OUTER6, INNER6), INNERV6 },
	{ "fou, inside", FOU(V(UDP_DPORT, TW_FOU_IPIP)), INNER4 },
	{ "gue, inside", GUE(S(SHIM, "00 04 00 00")), INNER4 },
	{ "inside, behind a gate", GRE(V(GRE_FLAGS, 0)), INNER4, .gated = true },
	{ "no tunnel of ours: its own", PKT(V(UDP_DPORT, 53)), .src = "10.0.0.2",
	  .dst = "10.0.0.1" },
	{ "no tunnel, behind a gate", PKT(V(UDP_DPORT, 53)), .src = "10.0.0.2", .gated = true },
	{ "a fragment of a tunnel's packet", PKT(V(IP_FRAG, 0x2000)), .src = "10.0.0.2" },
	{ "to another host", PKT(S(ETH_DST, PKT_MAC_P)), .src = "10.0.0.2" },
	{ "inside, dscp", PKT(V(IN_TOS, 0x28), V(IP_TOS, 0x48)), M(.dscp = 0x3f), W(.dscp = 10) },
	{ "inside, dscp, IPv6", PKT(INNER6, V(IN_TOS, 0x28)), M(.dscp = 0x3f), W(.dscp = 10) },
	{ "inside, proto", PKT(V(IN_TCP, 1)), M(.proto = 0xff), W(.proto = 6) },
	{ "inside, IPv6", PKT(INNER6), M(.family = 0xff), W(.family = 6) },
	{ "not IP", PKT(V(IN_ARP, 1)), M(.family = 0xff), W(.family = 0) },
	{ "inside, ports", PKT(V(IP_TTL, 64)), PORTS(1000, 2000) },
	{ "inside, ports, IPv6", PKT(INNER6), PORTS(1000, 2000) },
	{ "gre, ports", GRE(KEY(7)), PORTS(1000, 2000) },
	{ "ports of its own", PKT(V(UDP_DPORT, 53)), M(.dport = 0xffff), W(.dport = 53) },
	{ "a fragment inside has none", PKT(V(IN_FRAG, 0x2000)),
	  M(.has = PN_FLOW_HAS_PORTS, .dport = 0xffff), W(.has = 0) },
	{ "bridged: the port", .port = BR, .pkt = PKT(V(IN_TAG1, 0x81000007)), M(.port = 0xffff),
	  W(.port = BR) },
	{ "bridged: tag", .port = BR, .pkt = PKT(V(IN_TAG1, 0x81000007)),
	  M(.vid = 0xfff, .has = PN_FLOW_HAS_VLAN), W(.vid = 7, .has = PN_FLOW_HAS_VLAN) },
	{ "bridged: addresses", .port = BR, .pkt = PKT(V(IN_TTL, 9)), INNER4 },
	{ "bridged: addresses behind a tag", .port = BR, .pkt = PKT(V(IN_TAG1, 0x81000007)),
	  INNER4 },
	{ "bridged: ports", .port = BR, .pkt = PKT(V(IN_V6, 1)), PORTS(1000, 2000) },
	{ "mark", PKT(V(IP_TTL, 64)), M(.mark = ~0u), W(.mark = 7), .hooks = 1 << FAST_TC },
};
/* clang-format on */
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static struct world world;

static void address_put(__be32 *bits, __be32 *want, const char *text)
{
	struct pkt_addr a;

	if (!text)
		return;
	a = pkt_addr(text, text);
	memset(bits, 0xff, 16);
	memset(want, 0, 16);
	if (a.v6) {
		memcpy(want, a.src, 16);
	} else {
		want[2] = htonl(0xffff);
		memcpy(&want[3], a.src, 4);
	}
}

static void row_flows(const struct match_row *row, struct pn_flow *bits, struct pn_flow *want)
{
	*bits = row->bits;
	*want = row->want;
	address_put(bits->src, want->src, row->src);
	address_put(bits->dst, want->dst, row->dst);
	address_put(bits->peer, want->peer, row->peer);
	address_put(bits->local, want->local, row->local);
}

static void match_set(struct shaped *s, const struct pn_flow *bits, const struct pn_flow *want)
{
	static const struct pn_shaper closed = { .action = PN_SHAPER_POLICE };

	shaped_clear(s);
	shaped_put(s, 1, &closed, (struct shaped_rate){ 1000, 1 }, (struct shaped_rate){});
	shaped_match(s, 0, 1, bits, want, 1);
}

static enum pn_reason frame_run(struct fast *f, const struct match_row *row)
{
	struct fast_result res = {};
	struct pkt in, out;

	if (row->port == BR)
		recipe_frame(&row->pkt, WORLD_H2, &in);
	else
		recipe_build(&row->pkt, SCENE_IN_DST, &in);
	f->mark = row->bits.mark ? row->want.mark : 0;
	if (!tap_sys(fast_run(f, &in, &out, &res), "run"))
		return PN_R_NONE;
	tap_bytes(pkt_cdata(&out), res.verdict == PN_FORWARD ? 0 : out.len, pkt_cdata(&in),
		  res.verdict == PN_FORWARD ? 0 : in.len, "frame");
	return res.reason;
}

/* Each word of what is asked for, with one bit of it turned over. */
static void others_run(struct fast *f, struct shaped *s, const struct match_row *row,
		       const struct pn_flow *bits, const struct pn_flow *want)
{
	const uint8_t *byte = (const uint8_t *)bits;

	for (size_t i = 0; i < sizeof(*bits); i++) {
		struct pn_flow other = *want;

		if (!byte[i])
			continue;
		((uint8_t *)&other)[i] ^= byte[i] & -byte[i];
		match_set(s, bits, &other);
		if (frame_run(f, row) == PN_R_POLICED)
			tap_fail("another value of byte %zu is taken too", i);
	}
}

static void row_run(struct fast *f, struct shaped *s, const struct match_row *row)
{
	struct pn_flow bits, want;

	tap_case("%s, parts %#x: %s%s", fast_hooks[f->opts.hook], f->opts.parts, row->name,
		 s->compared ? ", compared" : "");
	row_flows(row, &bits, &want);
	f->ports[W_WIRE].gate[PN_PLACE_PORT] = row->gated ? PN_GATE_RESYNC : 0;
	match_set(s, &bits, &want);
	tap_str(reason_name(frame_run(f, row)), "policed", "reason");
	shaped_count(s, 1, PN_SHAPER_DROPPED, 1);
	others_run(f, s, row, &bits, &want);
	tap_end();
}

static void set_run(enum fast_hook hook, uint32_t parts, uint16_t port)
{
	struct fast_opts opts = { .hook = hook, .masks = 1, .parts = parts, .port = port };
	struct pn_flow bits, want;
	struct shaped s;
	struct fast f;

	if (fast_open(&f, &opts))
		tap_bail("%s does not load", fast_hooks[hook]);
	fast_world(&f, &world);
	shaped_open(&s, f.obj, SHAPED_SEED);
	for (size_t i = 0; i < 2 * ROWS; i++) {
		const struct match_row *row = &rows[i / 2];

		row_flows(row, &bits, &want);
		if (row->hooks && !(row->hooks & 1 << hook))
			continue;
		s.compared = i & 1;
		if (row->port == port && (parts == PARTS_ALL || parts == shaped_parts(&bits)))
			row_run(&f, &s, row);
	}
	shaped_close(&s);
	fast_close(&f);
}

/* Every set of parts that a row asks for, once. */
static void sets_run(enum fast_hook hook, uint16_t port)
{
	uint64_t done = 1ull << PARTS_ALL;

	for (size_t i = 0; i < ROWS; i++) {
		struct pn_flow bits, want;
		uint32_t parts;

		row_flows(&rows[i], &bits, &want);
		parts = shaped_parts(&bits);
		if (rows[i].port != port || done >> parts & 1 ||
		    (rows[i].hooks && !(rows[i].hooks & 1 << hook)))
			continue;
		done |= 1ull << parts;
		set_run(hook, parts, port);
	}
	set_run(hook, PARTS_ALL, port);
}

int main(void)
{
	shaped_world(&world);
	for (int hook = 0; hook < FAST_HOOKS; hook++) {
		sets_run(hook, 0);
		sets_run(hook, BR);
	}
	return tap_done();
}
