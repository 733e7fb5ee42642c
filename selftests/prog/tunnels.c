// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * From a tunnel header to the tunnel: a host with a device of every kind, and
 * packets that differ from a good one in one thing. What a bridge or a route
 * makes of them afterwards is for others; here it counts which device was
 * found and why a packet was left to the kernel, that it was left as it came,
 * and that a packet cut short anywhere is never taken for a whole one.
 */
#include <errno.h>
#include <string.h>

#include "tap.h"
#include "tunnelrun.h"

/* clang-format off */
static const struct tunnel_row rows[] = {
	/* GRE over IPv4 */
	{ "gre", TW_GRE, TAKEN, GRE(V(GRE_FLAGS, 0)) },
	{ "gre, IPv6 inside", TW_GRE, TAKEN, GRE(INNER6) },
	{ "gre, key", TW_GRE_KEY, TAKEN, GRE(KEY(7)) },
	{ "gre, key 0 is a key", 0, PN_R_TUNNEL_UNKNOWN, GRE(KEY(0)) },
	{ "gre, other key", 0, PN_R_TUNNEL_UNKNOWN, GRE(KEY(8)) },
	{ "gre, second local", TW_GRE_KEY9, TAKEN, GRE(KEY(7), S(IP_DST, "10.0.0.9")) },
	{ "gre, no such local", 0, PN_R_TUNNEL_UNKNOWN, GRE(S(IP_DST, "10.0.0.9")) },
	{ "gre, other source", 0, PN_R_TUNNEL_UNKNOWN, GRE(S(IP_SRC, "10.0.0.3")) },
	{ "gre, stranger", 0, PN_R_ENDPOINT, GRE(S(IP_SRC, "10.0.0.77")) },
	{ "gre, other destination", 0, PN_R_ENDPOINT, GRE(S(IP_DST, "10.0.0.77")) },
	{ "gre, checksum", TW_GRE_CSUM, TAKEN, GRE(V(GRE_FLAGS, 0xa000), V(GRE_KEY, 11)) },
	{ "gre, checksum that is not wanted", TW_GRE, PN_R_TUNNEL_CSUM, GRE(V(GRE_FLAGS, 0x8000)) },
	{ "gre, checksum that is missing", TW_GRE_CSUM, PN_R_TUNNEL_CSUM, GRE(KEY(11)) },
	{ "gre, sequence number", 0, PN_R_TUNNEL_STATE, GRE(V(GRE_FLAGS, 0x1000), V(GRE_SEQ, 5)) },
	{ "gre, routing", 0, PN_R_TUNNEL_FLAGS, GRE(V(GRE_FLAGS, 0x4000)) },
	{ "gre, strict", 0, PN_R_TUNNEL_FLAGS, GRE(V(GRE_FLAGS, 0x0800)) },
	{ "gre, bit 0x80", 0, PN_R_TUNNEL_FLAGS, GRE(V(GRE_FLAGS, 0x0080)) },
	{ "gre, bit 0x40", 0, PN_R_TUNNEL_FLAGS, GRE(V(GRE_FLAGS, 0x0040)) },
	{ "gre, version 1", 0, PN_R_TUNNEL_FLAGS, GRE(V(GRE_FLAGS, 0x0001)) },
	{ "gre, 11 bytes", 0, PN_R_SHORT, GRE(V(IN_KEEP, 7)) },
	{ "gre, 19 inner bytes", TW_GRE, PN_R_INNER_SHORT, GRE(V(IN_KEEP, 19)) },
	{ "gre, 20 inner bytes", TW_GRE, TAKEN, GRE(V(IN_KEEP, 20)) },
	{ "gre, 39 inner bytes of IPv6", TW_GRE, PN_R_INNER_SHORT, GRE(INNER6, V(IN_KEEP, 39)) },
	{ "gre, MPLS", TW_GRE, PN_R_INNER_TYPE, GRE_(0x8847) },
	{ "gre, ARP", TW_GRE, PN_R_INNER_TYPE, GRE(V(IN_ARP, 1)) },
	{ "gre, WCCP", TW_GRE, PN_R_INNER_TYPE, GRE_(0x883e) },
	{ "gre, CE over Not-ECT", TW_GRE, PN_R_INNER_ECN, GRE(V(IP_TOS, 3)) },
	{ "gre, CE over ECT(0)", TW_GRE, TAKEN, GRE(V(IP_TOS, 3), V(IN_TOS, 2)) },
	{ "gretap", TW_GRETAP, PN_R_DECAP, TAP(V(GRE_FLAGS, 0)) },
	{ "gretap, key", TW_NVGRE, PN_R_DECAP, TAP(KEY(0x12345)) },
	{ "nvgre, other flow", 0, PN_R_TUNNEL_UNKNOWN, TAP(KEY(0x12300)) },
	{ "gretap, sequence number", 0, PN_R_TUNNEL_STATE, TAP(V(GRE_FLAGS, 0x1000)) },
	{ "erspan, type I", TW_ERSPAN, PN_R_DECAP, GRE_(0x88be) },
	{ "erspan, type I by its other name", TW_ERSPAN, PN_R_DECAP, GRE_(0x22eb) },
	{ "erspan, type II", 0, PN_R_TUNNEL_STATE,
	  GRE(V(GRE_PROTO, 0x88be), V(GRE_FLAGS, 0x1000), S(SHIM, "10 00 00 05 00 00 00 01")) },
	{ "erspan, a key", 0, PN_R_TUNNEL_STATE, GRE(V(GRE_PROTO, 0x88be), KEY(5)) },
	/* the same over IPv6, where no key is key 0 */
	{ "ip6gre", TW_IP6GRE, TAKEN, GRE(OUTER6) },
	{ "ip6gre, IPv6 inside", TW_IP6GRE, TAKEN, GRE(OUTER6, INNER6) },
	{ "ip6gre, key", TW_IP6GRE_KEY, TAKEN, GRE(OUTER6, KEY(7)) },
	{ "ip6gre, key 0 in the packet", 0, PN_R_TUNNEL_FLAGS, GRE(OUTER6, KEY(0)) },
	{ "ip6gre, other key", 0, PN_R_TUNNEL_UNKNOWN, GRE(OUTER6, KEY(8)) },
	{ "ip6gre, limit", TW_IP6GRE, TAKEN,
	  GRE(OUTER6, VS(EXT6, 60, "2f 00 04 01 04 01 01 00")) },
	{ "ip6gre, MPLS of 4 bytes", TW_IP6GRE, PN_R_INNER_TYPE,
	  GRE(OUTER6, V(GRE_PROTO, 0x8847), S(IN_HEX, "00 00 51 40")) },
	{ "ip6gre, checksum", TW_IP6GRE, PN_R_TUNNEL_CSUM, GRE(OUTER6, V(GRE_FLAGS, 0x8000)) },
	{ "ip6gre, bit 0x40", 0, PN_R_TUNNEL_FLAGS, GRE(OUTER6, V(GRE_FLAGS, 0x0040)) },
	{ "ip6gretap", TW_IP6GRETAP, PN_R_DECAP, TAP(OUTER6) },
	{ "ip6gretap, limit", TW_IP6GRETAP, PN_R_DECAP,
	  TAP(OUTER6, VS(EXT6, 60, "2f 00 04 01 04 01 01 00")) },
	{ "ip6erspan, type I", 0, PN_R_TUNNEL_STATE, GRE(OUTER6, V(GRE_PROTO, 0x88be)) },
	/* IP in IP */
	{ "ipip", TW_IPIP, TAKEN, IPIP(V(IP_TTL, 1)) },
	{ "ipip, 19 bytes", TW_IPIP, PN_R_INNER_SHORT, IPIP(V(IN_KEEP, 19)) },
	{ "ipip, nothing", TW_IPIP, PN_R_INNER_SHORT, IPIP(V(IN_KEEP, 0)) },
	{ "ipip, other source", 0, PN_R_TUNNEL_UNKNOWN, IPIP(S(IP_SRC, "10.0.0.3")) },
	{ "ipip, stranger", 0, PN_R_ENDPOINT, IPIP(S(IP_SRC, "10.0.0.77")) },
	{ "ipip, CE over ECT(1)", TW_IPIP, TAKEN, IPIP(V(IP_TOS, 3), V(IN_TOS, 1)) },
	{ "ipip, CE over Not-ECT", TW_IPIP, PN_R_INNER_ECN, IPIP(V(IP_TOS, 3)) },
	{ "ipip, MPLS", TW_IPIP, PN_R_INNER_TYPE, IPIP(V(IP_PROTO, 137), S(SHIM, "00 00 51 40")) },
	{ "sit", TW_SIT, TAKEN, IPIP(INNER6) },
	{ "sit, 39 bytes", TW_SIT, PN_R_INNER_SHORT, IPIP(INNER6, V(IN_KEEP, 39)) },
	{ "sit, 40 bytes", TW_SIT, TAKEN, IPIP(INNER6, V(IN_KEEP, 40)) },
	{ "ip6tnl, IPv6", TW_IP6TNL, TAKEN, IPIP(OUTER6, INNER6) },
	{ "ip6tnl, IPv4", TW_IP6TNL, TAKEN, IPIP(OUTER6) },
	{ "ip6tnl, limit", TW_IP6TNL, TAKEN,
	  IPIP(OUTER6, INNER6, VS(EXT6, 60, "29 00 04 01 04 01 01 00")) },
	{ "ip6tnl, limit 0", TW_IP6TNL, TAKEN,
	  IPIP(OUTER6, VS(EXT6, 60, "04 00 04 01 00 01 01 00")) },
	{ "ip6tnl, limit behind padding", 0, PN_R_IP_OPTIONS,
	  IPIP(OUTER6, VS(EXT6, 60, "04 00 01 01 00 04 01 04")) },
	{ "ip6tnl, padding that is not zero", 0, PN_R_IP_OPTIONS,
	  IPIP(OUTER6, VS(EXT6, 60, "04 00 04 01 04 01 01 01")) },
	{ "ip6tnl, longer options", 0, PN_R_IP_OPTIONS,
	  IPIP(OUTER6, VS(EXT6, 60, "04 01 04 01 04 01 01 00 01 06 00 00 00 00 00 00")) },
	{ "UDP behind the limit", 0, PN_R_IP_OPTIONS,
	  PKT(OUTER6, VS(EXT6, 60, "11 00 04 01 04 01 01 00")) },
	{ "ip6tnl, routing header", 0, PN_R_IP_OPTIONS,
	  IPIP(OUTER6, VS(EXT6, 43, "04 00 04 01 04 01 01 00")) },
	{ "ip6tnl, stranger", 0, PN_R_ENDPOINT, IPIP(OUTER6, S(IP_SRC, "fd00::77")) },
	/* FOU and GUE */
	{ "fou", TW_IPIP, TAKEN, FOU(V(UDP_SPORT, 1)) },
	{ "fou, no checksum", TW_IPIP, TAKEN, FOU(V(UDP_CSUM, 0)) },
	{ "fou, 19 bytes", TW_IPIP, PN_R_INNER_SHORT, FOU(V(IN_KEEP, 19)) },
	{ "fou, stranger", 0, PN_R_ENDPOINT, FOU(S(IP_SRC, "10.0.0.77")) },
	{ "fou, other source", 0, PN_R_TUNNEL_UNKNOWN, FOU(S(IP_SRC, "10.0.0.3")) },
	{ "fou, other port", 0, PN_R_NOT_TUNNEL, FOU(V(UDP_DPORT, 5554)) },
	{ "fou, CE over Not-ECT", TW_IPIP, PN_R_INNER_ECN, FOU(V(IP_TOS, 3)) },
	{ "fou, sit", TW_SIT, TAKEN, FOU(V(UDP_DPORT, TW_FOU_SIT), INNER6) },
	{ "fou, gre", TW_GRE, TAKEN, FOU(V(UDP_DPORT, TW_FOU_GRE), S(SHIM, "00 00 08 00")) },
	{ "fou, gre of 11 bytes", 0, PN_R_SHORT,
	  FOU(V(UDP_DPORT, TW_FOU_GRE), S(SHIM, "00 00 08 00"), V(IN_KEEP, 7)) },
	{ "fou, gre with a checksum too", TW_GRE_CSUM, PN_R_TUNNEL_CSUM,
	  FOU(V(UDP_DPORT, TW_FOU_GRE), S(SHIM, "a0 00 08 00 00 00 00 00 00 00 00 0b")) },
	{ "fou, gre without the checksum that is wanted", TW_GRE_CSUM, PN_R_TUNNEL_CSUM,
	  FOU(V(UDP_DPORT, TW_FOU_GRE), S(SHIM, "20 00 08 00 00 00 00 0b")) },
	{ "fou, gretap", TW_GRETAP, PN_R_DECAP,
	  FOU(V(UDP_DPORT, TW_FOU_GRE), S(SHIM, "00 00 65 58"), V(IN_BARE, 0)) },
	{ "fou, gretap, wrong checksum", TW_GRETAP, PN_R_UDP_CSUM,
	  FOU(V(UDP_DPORT, TW_FOU_GRE), S(SHIM, "00 00 65 58"), V(IN_BARE, 0),
	      V(UDP_CSUM, 0x1234)) },
	{ "fou over IPv6, no checksum", TW_IP6TNL, TAKEN, FOU(OUTER6, V(UDP_CSUM, 0)) },
	{ "gue", TW_IPIP, TAKEN, GUE(S(SHIM, "00 04 00 00")) },
	{ "gue, sit", TW_SIT, TAKEN, GUE(S(SHIM, "00 29 00 00"), INNER6) },
	{ "gue, gre", TW_GRE, TAKEN, GUE(S(SHIM, "00 2f 00 00 00 00 08 00")) },
	{ "gue, variant 1", TW_IPIP, TAKEN, GUE(V(UDP_SPORT, 1)) },
	{ "gue, variant 1, IPv6", TW_SIT, TAKEN, GUE(INNER6) },
	{ "gue, variant 1, version 5", 0, PN_R_TUNNEL_FLAGS, GUE(V(IN_IP_VER, 5)) },
	{ "gue, variant 1, version 7", 0, PN_R_TUNNEL_FLAGS, GUE(V(IN_IP_VER, 7)) },
	{ "gue, variant 2", 0, PN_R_TUNNEL_FLAGS, GUE(S(SHIM, "80 04 00 00")) },
	{ "gue, control", 0, PN_R_TUNNEL_FLAGS, GUE(S(SHIM, "20 04 00 00")) },
	{ "gue, options", 0, PN_R_TUNNEL_FLAGS, GUE(S(SHIM, "01 04 00 00 00 00 00 00")) },
	{ "gue, flags", 0, PN_R_TUNNEL_FLAGS, GUE(S(SHIM, "00 04 00 01")) },
	{ "gue, protocol 0", 0, PN_R_TUNNEL_FLAGS, GUE(S(SHIM, "00 00 00 00")) },
	{ "gue, protocol 59", 0, PN_R_NOT_TUNNEL, GUE(S(SHIM, "00 3b 00 00")) },
	{ "gue, UDP in it", 0, PN_R_NOT_TUNNEL, GUE(S(SHIM, "00 11 00 00")) },
	{ "gue, MPLS", TW_IPIP, PN_R_INNER_TYPE, GUE(S(SHIM, "00 89 00 00 00 00 51 40")) },
	{ "gue, 3 bytes", 0, PN_R_SHORT, GUE(V(UDP_KEEP, 11)) },
	{ "gue over IPv6", TW_IP6TNL, TAKEN, GUE(OUTER6, S(SHIM, "00 29 00 00"), INNER6) },
	/* GENEVE */
	{ "geneve", TW_GENEVE, PN_R_DECAP, GN(V(UDP_SPORT, 1)) },
	{ "geneve, options", TW_GENEVE, PN_R_DECAP, GN(S(GN_OPTS, "01 02 03 01 00 00 00 00")) },
	{ "geneve, no checksum", TW_GENEVE, PN_R_DECAP, GN(V(UDP_CSUM, 0)) },
	{ "geneve, other source", 0, PN_R_TUNNEL_UNKNOWN, GN(S(IP_SRC, "10.0.0.3")) },
	{ "geneve, other VNI", 0, PN_R_TUNNEL_UNKNOWN, GN(V(GN_VNI, 6)) },
	{ "geneve, critical", TW_GENEVE, PN_R_TUNNEL_FLAGS, GN(V(GN_W0, 0x00406558)) },
	{ "geneve over IPv6, no checksum", TW_GENEVE6, PN_R_UDP_CSUM_ZERO6,
	  GN(OUTER6, V(UDP_CSUM, 0)) },
	/* VTI */
	{ "vti, ipip", TW_VTI, PN_R_VTI, IPIP(S(IP_SRC, "10.0.0.4")) },
	{ "vti, sit", TW_VTI, PN_R_VTI, IPIP(S(IP_SRC, "10.0.0.4"), INNER6) },
	{ "vti, ESP", TW_VTI, PN_R_VTI, IPIP(S(IP_SRC, "10.0.0.4"), V(IP_PROTO, 50)) },
	{ "vti, AH", TW_VTI, PN_R_VTI, IPIP(S(IP_SRC, "10.0.0.4"), V(IP_PROTO, 51)) },
	{ "vti, IPComp", TW_VTI, PN_R_VTI, IPIP(S(IP_SRC, "10.0.0.4"), V(IP_PROTO, 108)) },
	{ "vti, ESP of another", 0, PN_R_TUNNEL_UNKNOWN, IPIP(V(IP_PROTO, 50)) },
	{ "gre, from a VTI's peer", 0, PN_R_TUNNEL_UNKNOWN, GRE(S(IP_SRC, "10.0.0.4")) },
	{ "TCP", 0, PN_R_NOT_TUNNEL, IPIP(V(IP_PROTO, 6)) },
};
/* clang-format on */

/* The rules of 6to4 and 6rd. */
#define SIT(src, dst, ...) \
	IPIP(INNER6, S(IN_IP_SRC, src), S(IN_IP_DST, dst), __VA_ARGS__)
#define OTHER_PEER S(IP_SRC, "10.0.0.3")
#define TO_9	   S(IP_DST, "10.0.0.9")

static const struct tunnel_row sixrd_rows[] = {
	{ "6to4", TW_6TO4, TAKEN, SIT("2002:a00:3::1", "2002:a00:1::1", OTHER_PEER) },
	{ "6to4, another source", TW_6TO4, PN_R_TUNNEL_SOURCE,
	  SIT("2002:a00:4::1", "2002:a00:1::1", OTHER_PEER) },
	{ "6to4, another destination", TW_6TO4, PN_R_TUNNEL_SOURCE,
	  SIT("2002:a00:3::1", "2002:a00:9::1", OTHER_PEER) },
	{ "6to4, addresses outside of it", TW_6TO4, TAKEN,
	  SIT("fd05::2", "fd05::1", OTHER_PEER) },
	{ "6to4, a spoofed source to an address outside of it", TW_6TO4, PN_R_TUNNEL_SOURCE,
	  SIT("2002:a00:4::1", "fd05::1", OTHER_PEER) },
	{ "6rd", TW_6RD, TAKEN, SIT("2001:db8:0:200::1", "2001:db8:0:900::1", TO_9) },
	{ "6rd, another source", TW_6RD, PN_R_TUNNEL_SOURCE,
	  SIT("2001:db8:0:300::1", "2001:db8:0:900::1", TO_9) },
	{ "6rd, another destination", TW_6RD, PN_R_TUNNEL_SOURCE,
	  SIT("2001:db8:0:200::1", "2001:db8:0:100::1", TO_9) },
	{ "6rd, a 6to4 source", TW_6RD, TAKEN, SIT("2002:a00:4::1", "2001:db8:0:900::1", TO_9) },
	{ "a sit with a remote asks for nothing", TW_SIT, TAKEN,
	  SIT("2002:a00:4::1", "2002:a00:9::1", V(IP_TTL, 1)) },
};

static void rows_run(const struct tunnel_row *row, size_t n)
{
	for (; n; n--, row++) {
		tap_case("%s: %s", fast_hooks[tunnelrun.opts.hook], row->name);
		tunnelrun_check(&row->pkt, row->tunnel, row->reason);
		tap_end();
	}
}

/* Cut @p down to @len bytes and make its outer headers say so. */
static void packet_shorten(struct pkt *p, size_t len, bool v6)
{
	uint8_t *ip = pkt_data(p) + 14, *l4 = ip + (v6 ? 40 : 20);
	uint16_t left = len - 14;

	pkt_cut(p, p->len - len);
	if (v6) {
		pkt_put16(ip + 4, left - 40);
	} else {
		pkt_put16(ip + 2, left);
		pkt_put16(ip + 10, 0);
		pkt_put16(ip + 10, pkt_fold(pkt_sum(ip, 20, 0)));
	}
	if (ip[v6 ? 6 : 9] != 17)
		return;
	if (left >= (v6 ? 46 : 26))
		pkt_put16(l4 + 4, left - (v6 ? 40 : 20));
	if (left >= (v6 ? 48 : 28))
		pkt_put16(l4 + 6, 0);
}

/* A good packet with every length that its outer headers may have. */
static void row_shorten(const struct tunnel_row *row)
{
	const struct recipe *r = &row->pkt;
	bool v6 = recipe_edit(r, F_V6), in6 = recipe_edit(r, F_IN_V6);
	size_t least, first = 14 + (v6 ? 40 : 20);
	struct fast_result res = {};
	struct pkt in, cut, out;

	recipe_inner(r, TUNNELRUN_DST, -1, &in);
	least = in.len;
	recipe_build(r, TUNNELRUN_DST, &in);
	least = in.len - least + (recipe_bare(r) ? 0 : 14) + (in6 ? 40 : 20);
	for (size_t len = in.len; len >= first; len--) {
		bool taken;
		int ret;

		cut = in;
		packet_shorten(&cut, len, v6);
		ret = fast_run(&tunnelrun, &cut, &out, &res);
		if (ret == -EINVAL && tunnelrun.opts.hook == FAST_TC && len < 54)
			return;
		if (!tap_sys(ret, row->name))
			return;
		taken = res.reason == TAKEN || res.verdict == PN_FORWARD ||
			res.reason == PN_R_HELPER;
		if (taken != (len >= least) && res.reason != PN_R_TUNNEL_CSUM)
			tap_fail("%s: %zu bytes, at least %zu: %s", row->name, len, least,
				 reason_name(res.reason));
		if (res.verdict != PN_FORWARD && !pkt_same(&out, pkt_cdata(&cut), cut.len))
			tap_fail("%s: changed a frame of %zu bytes and passed it", row->name, len);
	}
}

static void sweep_run(void)
{
	tap_case("%s: every good packet at every length", fast_hooks[tunnelrun.opts.hook]);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].reason == TAKEN || rows[i].reason == PN_R_DECAP)
			row_shorten(&rows[i]);
	tap_end();
}

/* A program takes the packets of its families, and passes all others. */
static void families_run(enum fast_hook hook)
{
	static const struct {
		uint32_t families;
		const char *prefix[7];
	} sets[] = {
		{ PN_FAMILY_VXLAN, { NULL } },
		{ PN_FAMILY_VXLAN | PN_FAMILY_GENEVE, { "geneve" } },
		{ PN_FAMILY_GRE, { "gre", "gretap", "ip6gre", "ip6gretap", "erspan" } },
		{ PN_FAMILY_IPIP, { "ipip", "sit", "ip6tnl", "vti" } },
		{ PN_FAMILY_IPIP | PN_FAMILY_FOU, { "ipip", "sit", "ip6tnl", "vti", "fou" } },
	};

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		tunnelrun_start((struct fast_opts){ .hook = hook, .families = sets[i].families });
		tap_case("%s: families 0x%x", fast_hooks[hook], sets[i].families);
		for (size_t j = 0; j < sizeof(rows) / sizeof(rows[0]); j++) {
			size_t len = strcspn(rows[j].name, ", ");
			bool ours = false;
			struct fast_result res = {};
			struct pkt in, out;

			for (int k = 0; sets[i].prefix[k]; k++)
				ours |= strlen(sets[i].prefix[k]) == len &&
					!strncmp(rows[j].name, sets[i].prefix[k], len);
			recipe_build(&rows[j].pkt, TUNNELRUN_DST, &in);
			if (!tap_sys(fast_run(&tunnelrun, &in, &out, &res), rows[j].name))
				continue;
			if (!ours && res.tunnel && !(sets[i].families & PN_FAMILY_FOU))
				tap_fail("%s: tunnel %u", rows[j].name, res.tunnel);
			if (ours && !(sets[i].families & PN_FAMILY_FOU))
				tap_str(reason_name(res.reason), reason_name(rows[j].reason),
					rows[j].name);
		}
		tap_end();
		fast_close(&tunnelrun);
	}
}

int main(void)
{
	tunnelrun_open();
	for (int hook = 0; hook < FAST_HOOKS; hook++) {
		tunnelrun_start((struct fast_opts){ .hook = hook });
		rows_run(rows, sizeof(rows) / sizeof(rows[0]));
		rows_run(sixrd_rows, sizeof(sixrd_rows) / sizeof(sixrd_rows[0]));
		sweep_run();
		fast_close(&tunnelrun);
		families_run(hook);
	}
	return tap_done();
}
