// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Whose packets a port takes: `peers` known, any and listed, each of them
 * strict or not, and the reverse path that a stranger must have.
 */
#include "tap.h"
#include "tunnelrun.h"

struct peer_row {
	const char *name;
	uint32_t tunnel;
	enum pn_reason reason[6]; /* known, any, listed; the same strict */
	struct recipe pkt;
};

#define STRANGER   S(IP_SRC, "10.0.0.77")
#define REFUSED	   PN_R_PEER_REFUSED
#define ALWAYS(r)  { r, r, r, r, r, r }
#define STRICT(r)  { r, r, r, REFUSED, REFUSED, REFUSED }

/* 10.0.0.64/26 and fd00::/64 are listed, 10.0.0.2 and 10.0.0.3 are not. */
static const struct peer_row peer_rows[] = {
	{ "vxlan, known", TW_VXLAN,
	  { PN_R_DECAP, PN_R_DECAP, PN_R_ENDPOINT, PN_R_DECAP, PN_R_DECAP, REFUSED },
	  PKT(V(UDP_SPORT, 1)) },
	{ "vxlan, unknown but listed", TW_VXLAN,
	  { PN_R_ENDPOINT, PN_R_DECAP, PN_R_DECAP, REFUSED, PN_R_DECAP, PN_R_DECAP },
	  PKT(STRANGER) },
	{ "vxlan, unknown", TW_VXLAN,
	  { PN_R_ENDPOINT, PN_R_DECAP, PN_R_ENDPOINT, REFUSED, PN_R_DECAP, REFUSED },
	  PKT(S(IP_SRC, "10.0.0.130")) },
	{ "vxlan, from a peer that is not proven for this address", TW_VXLAN,
	  { PN_R_ENDPOINT, PN_R_ENDPOINT, PN_R_ENDPOINT, REFUSED, PN_R_ENDPOINT, REFUSED },
	  PKT(S(IP_SRC, "10.0.0.4"), S(IP_DST, "10.0.0.9")) },
	{ "vxlan, unknown VNI from a stranger", 0,
	  { PN_R_TUNNEL_UNKNOWN, PN_R_TUNNEL_UNKNOWN, PN_R_TUNNEL_UNKNOWN, REFUSED,
	    PN_R_TUNNEL_UNKNOWN, REFUSED }, PKT(V(VX_VNI, 6), S(IP_SRC, "10.0.0.130")) },
	{ "geneve has a remote", 0,
	  { PN_R_ENDPOINT, PN_R_TUNNEL_UNKNOWN, PN_R_TUNNEL_UNKNOWN, REFUSED,
	    PN_R_TUNNEL_UNKNOWN, PN_R_TUNNEL_UNKNOWN }, GN(STRANGER) },
	{ "gre without a remote", TW_GRE_ANY,
	  { PN_R_ENDPOINT, TAKEN, TAKEN, REFUSED, TAKEN, TAKEN }, GRE(KEY(21), STRANGER) },
	{ "ip6gre, listed", TW_IP6GRE, ALWAYS(TAKEN), GRE(OUTER6) },
	{ "ip6gre, stranger", 0,
	  { PN_R_ENDPOINT, PN_R_TUNNEL_UNKNOWN, PN_R_ENDPOINT, REFUSED, PN_R_TUNNEL_UNKNOWN,
	    REFUSED }, GRE(OUTER6, S(IP_SRC, "fd01::2")) },
	{ "fou, stranger", 0,
	  { PN_R_ENDPOINT, PN_R_TUNNEL_UNKNOWN, PN_R_ENDPOINT, REFUSED, PN_R_TUNNEL_UNKNOWN,
	    REFUSED }, FOU(S(IP_SRC, "10.0.0.130")) },
	{ "to another host", TW_VXLAN, ALWAYS(PN_R_ENDPOINT), PKT(S(IP_DST, "10.0.0.66")) },
	{ "no tunnel of ours", 0, ALWAYS(PN_R_NOT_TUNNEL), PKT(V(UDP_DPORT, 53), STRANGER) },
	{ "TCP", 0, ALWAYS(PN_R_NOT_TUNNEL), IPIP(V(IP_PROTO, 6), STRANGER) },
	{ "from 127.0.0.1", TW_VXLAN, STRICT(PN_R_ENDPOINT), PKT(S(IP_SRC, "127.0.0.1")) },
	{ "from 0.0.0.0", TW_VXLAN, STRICT(PN_R_ENDPOINT), PKT(S(IP_SRC, "0.0.0.0")) },
	{ "from a group", TW_VXLAN, STRICT(PN_R_ENDPOINT), PKT(S(IP_SRC, "224.0.0.1")) },
	{ "from everybody", TW_VXLAN, STRICT(PN_R_ENDPOINT), PKT(S(IP_SRC, "255.255.255.255")) },
	{ "from ourselves", TW_VXLAN, STRICT(PN_R_ENDPOINT), PKT(S(IP_SRC, "10.0.0.9")) },
	{ "from ::1", 0, STRICT(PN_R_ENDPOINT), GRE(OUTER6, S(IP_SRC, "::1")) },
	{ "from an IPv6 group", 0, STRICT(PN_R_ENDPOINT), GRE(OUTER6, S(IP_SRC, "ff02::1")) },
	{ "from a mapped address", 0, STRICT(PN_R_ENDPOINT),
	  GRE(OUTER6, S(IP_SRC, "::ffff:10.0.0.77")) },
};

static void peers_run(enum fast_hook hook)
{
	static const char *const names[] = { "known", "any", "listed" };

	for (int i = 0; i < 6; i++) {
		struct fast_opts opts = { .hook = hook, .peers = i % 3, .strict = i / 3 };

		tunnelrun_start(opts);
		for (size_t j = 0; j < sizeof(peer_rows) / sizeof(peer_rows[0]); j++) {
			const struct peer_row *row = &peer_rows[j];
			enum pn_reason reason = row->reason[i];
			/* a tunnel that depends on the source is found only where that holds */
			bool found = reason == TAKEN || reason == PN_R_DECAP;

			tap_case("%s: peers %s%s: %s", fast_hooks[hook], names[i % 3],
				 i / 3 ? ", strict" : "", row->name);
			tunnelrun_check(&row->pkt, found || recipe_kind(&row->pkt) == R_VXLAN ?
				     row->tunnel : 0, reason);
			tap_end();
		}
		fast_close(&tunnelrun);
	}
}

/* The reverse path filter of the port, where anybody may send. */
static void rpf_set(uint32_t rpf)
{
	for (uint64_t i = 0; i < pn_pairs_slots(&tunnelrun.pairs); i++)
		if (pn_pairs_slot(&tunnelrun.pairs, i)->vtep == PN_VTEP_ANY)
			pn_pairs_slot(&tunnelrun.pairs, i)->rpf = rpf;
}

static void rpf_run(enum fast_hook hook)
{
	static const struct {
		const char *name, *src;
		bool taken[3]; /* enum pn_rpf */
	} cases[] = {
		{ "a route back", "10.0.0.77", { true, true, true } },
		{ "a route elsewhere", "10.8.0.1", { true, false, true } },
		{ "no route", "10.9.0.1", { true, false, false } },
		{ "a blackhole", "10.10.0.1", { true, false, false } },
		{ "the broadcast address", "10.0.0.255", { true, false, false } },
	};

	tunnelrun_start((struct fast_opts){ .hook = hook, .peers = PN_PEERS_ANY });
	for (int rpf = PN_RPF_OFF; rpf <= PN_RPF_LOOSE; rpf++) {
		rpf_set(rpf);
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			struct recipe r = GRE(KEY(21), S(IP_SRC, cases[i].src));

			tap_case("%s: rp_filter %d: %s", fast_hooks[hook], rpf, cases[i].name);
			tunnelrun_check(&r, cases[i].taken[rpf] ? TW_GRE_ANY : 0,
				     cases[i].taken[rpf] ? TAKEN : PN_R_ENDPOINT);
			tap_end();
		}
	}
	fast_close(&tunnelrun);
}

int main(void)
{
	tunnelrun_open();
	for (int hook = 0; hook < FAST_HOOKS; hook++) {
		peers_run(hook);
		rpf_run(hook);
	}
	return tap_done();
}
