// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Packets cut short, the kernel beside the data plane: a good packet of each
 * protocol as every prefix of the frame, and with every number of bytes behind
 * the outer headers, whose lengths and checksums are right for what is left.
 * What comes out must be the same, so nothing is forwarded that the kernel
 * would not deliver.
 */
#include <errno.h>
#include <string.h>

#include "tap.h"
#include "twins.h"

static struct twins twins;

/* clang-format off */
static const struct {
	const char *name;
	enum config_id config;
	struct recipe pkt;
} protocols[] = {
#define CUT(name, config, ...) { name, config, { .edit = { __VA_ARGS__ } } }
	CUT("vxlan", C_VX, V(IP_TTL, 64)),
	CUT("vxlan over IPv6", C_VX6, V(V6, 1)),
	CUT("geneve, 8 bytes of options", C_GN, V(KIND, R_GENEVE), S(GN_OPTS, "0102000100000000")),
	CUT("gre", C_GRE, V(KIND, R_GRE)),
	CUT("gre, key", C_GREKEY7, V(KIND, R_GRE), V(GRE_FLAGS, 0x2000), V(GRE_KEY, 7)),
	CUT("gre, checksum, IPv6", C_GREICSUM, V(KIND, R_GRE), V(GRE_FLAGS, 0x8000), V(IN_V6, 1)),
	CUT("gretap", C_TAP, V(KIND, R_GRE), V(GRE_PROTO, 0x6558)),
	CUT("gretap, tagged", C_TAP, V(KIND, R_GRE), V(GRE_PROTO, 0x6558), V(IN_TAG1, 0x81000007)),
	CUT("erspan type I", C_ERSPAN0, V(KIND, R_GRE), V(GRE_PROTO, 0x88be)),
	CUT("ip6gre", C_GRE6, V(KIND, R_GRE), V(V6, 1)),
	CUT("ip6gretap", C_TAP6, V(KIND, R_GRE), V(V6, 1), V(GRE_PROTO, 0x6558)),
	CUT("ipip", C_IPIP, V(KIND, R_IP)),
	CUT("sit", C_SIT, V(KIND, R_IP), V(IN_V6, 1)),
	CUT("ip6tnl, encapsulation limit", C_IP6TNL, V(KIND, R_IP), V(V6, 1), V(IN_V6, 1),
	    VS(EXT6, 60, "29 00 04 01 04 01 01 00")),
	CUT("fou", C_FOU4, V(KIND, R_UDP)),
	CUT("fou, gre", C_FOUGRE, V(KIND, R_UDP), V(UDP_DPORT, 5557), S(SHIM, "00000800")),
	CUT("gue", C_FOU6, V(KIND, R_UDP), V(UDP_DPORT, 5556), S(SHIM, "00290000"), V(IN_V6, 1)),
	CUT("gue over IPv6", C_FOUOVER6, V(KIND, R_UDP), V(UDP_DPORT, 5556), S(SHIM, "00290000"),
	    V(IN_V6, 1), V(V6, 1)),
};
/* clang-format on */

static bool all_same(const char *what, int len)
{
	bool ok = true;

	for (int hook = twins.first; hook < FAST_HOOKS; hook++) {
		ok &= seen_same(&twins.seen[hook], &twins.seen[TWIN_KERNEL]);
		if (!ok) {
			tap_fail("%s: %s %d bytes", fast_hooks[hook], what, len);
			return false;
		}
	}
	return true;
}

#define BURST 16

/* Prefixes: lengths as in the whole packet, so IP takes none of them. */
static void frames_cut(const struct pkt *whole)
{
	static struct pkt cut[BURST];
	int n = 0;

	for (int len = whole->len - 1; len >= 14; len--) {
		cut[n] = *whole;
		cut[n++].len = len;
		if (n < BURST && len > 14)
			continue;
		if (!tap_sys(twins_send(&twins, cut, n), "send") ||
		    !all_same("frames down to", len))
			return;
		n = 0;
	}
}

static void payloads_cut(const struct recipe *good, const char *in_dst)
{
	struct recipe r = *good;
	struct pkt inner, p;
	struct edit *e = r.edit;

	recipe_inner(good, in_dst, -1, &inner);
	while (e->field)
		e++;
	for (int len = inner.len; len >= 0; len--) {
		*e = (struct edit)V(IN_FRAME_KEEP, len);
		recipe_build(&r, in_dst, &p);
		if (!tap_sys(twins_send(&twins, &p, 1), "send") ||
		    !all_same("an inner packet of", len))
			return;
	}
}

static void protocol_run(size_t i)
{
	enum config_id id = protocols[i].config;
	enum form form = config_form(id);
	const char *in_dst = form == FORM_BRIDGED ? SCENE_IN_DST : NULL;
	int ret = twins_open(&twins, id, form);
	struct pkt p;

	tap_case("%s, cut at every length", protocols[i].name);
	if (ret == -EOPNOTSUPP) {
		tap_skip("no link type \"%s\" on this kernel; the lab kernels have it",
			 configs[id].needs);
		return;
	}
	if (ret)
		tap_bail("%s: %s", configs[id].name, strerror(-ret));
	recipe_build(&protocols[i].pkt, in_dst, &p);
	frames_cut(&p);
	payloads_cut(&protocols[i].pkt, in_dst);
	tap_end();
	twins_close(&twins);
}

int main(void)
{
	twins_init(&twins);
	twins.uncounted = true;
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		protocol_run(i);
	twins_exit(&twins);
	return tap_done();
}
