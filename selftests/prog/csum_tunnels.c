// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The outer checksum of the tunnels that are not VXLAN, bridged and routed: GRE's
 * own, and UDP's over GENEVE, FOU and GUE. A good packet is forwarded; one with a byte changed
 * anywhere is not, if its checksum shows it (`full`), or if the receiver of the
 * inner packet would not notice (`inner`). Checksums are computed here, over
 * every byte.
 */
#include <string.h>

#include "tap.h"
#include "tunnelrun.h"

#define ICSUM	 V(GRE_FLAGS, 0xa000), V(GRE_KEY, TW_CSUM_KEY)
#define ROUTED	 S(IN_IP_DST, "10.8.0.9")
#define CARRIED(shim) S(SHIM, shim), V(IN_BARE, 0)

static const struct {
	const char *name;
	struct recipe pkt;
} kinds[] = {
	{ "gretap", TAP(ICSUM) },
	{ "gretap, IPv6 inside", TAP(ICSUM, INNER6) },
	{ "gretap, TCP inside", TAP(ICSUM, V(IN_TCP, 1)) },
	{ "gretap, ARP inside", TAP(ICSUM, V(IN_ARP, 1)) },
	{ "gretap, 5 bytes behind the inner packet", TAP(ICSUM, V(IN_PAD, 5)) },
	{ "gretap, reserved1", TAP(ICSUM, V(GRE_RES, 0x1234)) },
	{ "ip6gretap", TAP(OUTER6, ICSUM) },
	{ "ip6gretap, limit", TAP(OUTER6, ICSUM, VS(EXT6, 60, "2f 00 04 01 04 01 01 00")) },
	{ "geneve", GN(V(UDP_SPORT, 77)) },
	{ "geneve, options", GN(S(GN_OPTS, "01 02 03 01 12 34 56 78")) },
	{ "geneve over IPv6", GN(OUTER6, V(IN_TCP, 1)) },
	{ "gretap in FOU", FOU(V(UDP_DPORT, TW_FOU_GRE), CARRIED("00 00 65 58")) },
	{ "gretap in GUE", GUE(CARRIED("00 2f 00 00 00 00 65 58")) },
	{ "gre", GRE(V(GRE_FLAGS, 0xa000), V(GRE_KEY, 11), ROUTED) },
	{ "gre, TCP inside", GRE(V(GRE_FLAGS, 0xa000), V(GRE_KEY, 11), V(IN_TCP, 1), ROUTED) },
	{ "ipip in FOU", FOU(ROUTED) },
	{ "ipip in FOU, 3 bytes behind", FOU(V(IN_PAD, 3), ROUTED) },
	{ "ipip in GUE", GUE(S(SHIM, "00 04 00 00"), ROUTED) },
	{ "gre in GUE", GUE(S(SHIM, "00 2f 00 00 00 00 08 00"), ROUTED) },
	{ "ip6tnl in FOU", FOU(OUTER6, ROUTED) },
};

#define DATA 64 /* bytes of inner payload in a good packet */

/* Where the IP payload of the frame begins, behind the encapsulation limit. */
static size_t payload_at(const struct pkt *p)
{
	const uint8_t *ip = pkt_cdata(p) + 14;

	if (ip[0] >> 4 == 4)
		return 34;
	return ip[6] == 60 ? 62 : 54;
}

/* The outer checksum over everything it covers, folded: 0 if it is right. */
static uint16_t outer_sum(const struct pkt *p)
{
	const uint8_t *ip = pkt_cdata(p) + 14;
	bool v6 = ip[0] >> 4 == 6;
	size_t at = payload_at(p), end = v6 ? 54 + pkt_get16(ip + 4) : 14 + pkt_get16(ip + 2);
	uint32_t sum = 0;

	if (end > p->len || end < at)
		return 0xffff;
	if (ip[v6 ? 6 : 9] == 17) {
		sum = pkt_sum(ip + (v6 ? 8 : 12), v6 ? 32 : 8, 17 + (uint32_t)(end - at));
		if (pkt_get16(ip + (at - 14) + 4) != end - at)
			return 0xffff;
	}
	return pkt_fold(pkt_sum(ip + (at - 14), end - at, sum));
}

/* Would the host behind the tunnel take the frame @p for a good one? */
static bool receiver_believes(const struct pkt *p)
{
	const uint8_t *ip = pkt_cdata(p) + 14;
	bool v6 = ip[0] >> 4 == 6;
	size_t hlen = v6 ? 40 : 20, len;

	if ((!v6 && ip[0] >> 4 != 4) || p->len < 14 + hlen)
		return true;
	len = v6 ? pkt_get16(ip + 4) : pkt_get16(ip + 2) - hlen;
	if (len > p->len - 14 - hlen || (!v6 && pkt_fold(pkt_sum(ip, 20, 0))))
		return false;
	if (ip[v6 ? 6 : 9] == 17 && !pkt_get16(ip + hlen + 6))
		return true;
	return !pkt_fold(pkt_sum(ip + hlen, len, pkt_sum(ip + (v6 ? 8 : 12), v6 ? 32 : 8,
							ip[v6 ? 6 : 9] + len)));
}

static void good_build(const struct recipe *pkt, int size, struct pkt *p)
{
	struct recipe r = *pkt;
	int n = 0;

	while (r.edit[n].field)
		n++;
	r.edit[n] = (struct edit)V(IN_DATA, size);
	recipe_build(&r, TUNNELRUN_DST, p);
}

static bool forwarded(const struct pkt *in, struct pkt *out)
{
	struct fast_result res;

	return tap_sys(fast_run(&tunnelrun, in, out, &res), "run") && res.verdict == PN_FORWARD;
}

static void size_check(const struct recipe *r, int size)
{
	struct pkt good, bad, out;

	good_build(r, size, &good);
	if (outer_sum(&good))
		tap_bail("the test's own packet is wrong: %04x", outer_sum(&good));
	if (!forwarded(&good, &out))
		tap_fail("%d bytes of payload: not forwarded", size);
	for (size_t at = 14; at < good.len; at++) {
		bad = good;
		/* another IPv6 next header is another tunnel, and may have no checksum */
		if (at == 20 && pkt_cdata(&good)[14] >> 4 == 6)
			continue;
		pkt_data(&bad)[at] ^= 1 + at % 255;
		if (!forwarded(&bad, &out) || !outer_sum(&bad))
			continue;
		if (tunnelrun.opts.checksum == PN_CSUM_INNER && !receiver_believes(&out))
			continue;
		tap_fail("%d bytes of payload, byte %zu: forwarded as good", size, at);
	}
}

int main(void)
{
	static const uint32_t routed[] = { TW_GRE, TW_GRE_CSUM, TW_IPIP, TW_IP6TNL };

	tunnelrun_open();
	for (size_t i = 0; i < sizeof(routed) / sizeof(routed[0]); i++)
		tunnelrun_route(routed[i]);
	for (int hook = 0; hook < FAST_HOOKS; hook++) {
		for (int mode = PN_CSUM_FULL; mode <= PN_CSUM_INNER; mode++) {
			tunnelrun_start((struct fast_opts){ .hook = hook, .checksum = mode });
			for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
				tap_case("%s, checksum %d: %s", fast_hooks[hook], mode,
					 kinds[i].name);
				for (int size = DATA; size < DATA + 5; size++)
					size_check(&kinds[i].pkt, size);
				tap_end();
			}
			fast_close(&tunnelrun);
		}
	}
	return tap_done();
}
