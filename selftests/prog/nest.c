// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Tunnels inside tunnels: the innermost that `nesting` allows decides, what
 * leaves is what would leave of the innermost alone, every level is counted,
 * and one level too many is left to the kernel as it came.
 */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "tap.h"
#include "tunnelrun.h"

#define PORT_OUT 24 /* the egress port, w */
#define PORT_TUN 25 /* every L3 tunnel device, t */
#define OUT4	 S(IN_IP_DST, "10.8.0.9")
#define OUT6	 INNER6, S(IN_IP_DST, "fd08::9")

struct nest_row {
	const char *name;
	enum pn_reason reason, tc; /* tc: if another */
	int nesting;
	struct recipe inner; /* the innermost */
	uint8_t tos[4];	     /* of the GRE packets around it, outermost first */
	int around;	     /* how many */
	uint32_t tunnel;     /* that is found innermost */
	uint8_t inner_tos;   /* that leaves, if another than came; routed IPv4 */
};

static struct netns ns;
static int ifindex_tun, ifindex_out, ifindex_work;

#define LOCAL PN_R_ROUTE_LOCAL, PN_R_DELIVERED
#define DEEP  PN_R_NESTED, PN_R_DELIVERED

/* clang-format off */
static const struct nest_row rows[] = {
	{ "one level", PN_R_ROUTED, 0, 2, IPIP(OUT4), {}, 0, TW_IPIP },
	{ "not allowed", LOCAL, 1, IPIP(OUT4), {}, 1, TW_GRE },
	{ "ipip in gre", PN_R_ROUTED, 0, 2, IPIP(OUT4), {}, 1, TW_IPIP },
	{ "sit in gre", PN_R_ROUTED, 0, 2, IPIP(OUT6), {}, 1, TW_SIT },
	{ "gre in gre", PN_R_ROUTED, 0, 2, GRE(OUT4), {}, 1, TW_GRE },
	{ "gre with a checksum in gre", PN_R_ROUTED, 0, 2,
	  GRE(V(GRE_FLAGS, 0xa000), V(GRE_KEY, 11), OUT4), {}, 1, TW_GRE_CSUM },
	{ "vxlan in gre", PN_R_DECAP, 0, 2, PKT(V(IP_TTL, 9)), {}, 1, TW_VXLAN },
	{ "ip6tnl in gre", PN_R_ROUTED, 0, 2, IPIP(OUTER6, OUT4), {}, 1, TW_IP6TNL },
	{ "a TTL that ends does not matter", PN_R_ROUTED, 0, 2, IPIP(V(IP_TTL, 1), OUT4), {}, 1,
	  TW_IPIP },
	{ "no tunnel's packet", LOCAL, 2, IPIP(V(IP_PROTO, 6)), {}, 1, TW_GRE },
	{ "a stranger's", LOCAL, 2, IPIP(S(IP_SRC, "10.0.0.77"), OUT4), {}, 1, TW_GRE },
	{ "a wrong checksum inside", PN_R_UDP_CSUM, PN_R_DELIVERED, 2, PKT(V(UDP_CSUM, 1)), {}, 1,
	  TW_VXLAN },
	{ "an unknown VNI inside", LOCAL, 2, PKT(V(VX_VNI, 77)), {}, 1, TW_GRE },
	{ "for this host, two levels down", LOCAL, 2, IPIP(S(IN_IP_DST, "10.7.0.1")), {}, 1,
	  TW_IPIP },
	{ "three levels, two allowed", DEEP, 2, IPIP(OUT4), {}, 2, TW_GRE },
	{ "three levels", PN_R_ROUTED, 0, 3, IPIP(OUT4), {}, 2, TW_IPIP },
	{ "four levels", PN_R_ROUTED, 0, 4, IPIP(OUT4), {}, 3, TW_IPIP },
	{ "five levels", DEEP, 4, IPIP(OUT4), {}, 4, TW_GRE },
	{ "CE from the outermost to the innermost", PN_R_ROUTED, 0, 3,
	  IPIP(V(IP_TOS, 2), V(IN_TOS, 2), OUT4), { 3, 2 }, 2, TW_IPIP, 3 },
	{ "CE that ends in the middle", PN_R_INNER_ECN, 0, 3,
	  IPIP(V(IP_TOS, 0), V(IN_TOS, 2), OUT4), { 3, 0 }, 2, TW_GRE },
	{ "CE that ends innermost", PN_R_INNER_ECN, PN_R_DELIVERED, 2,
	  IPIP(V(IP_TOS, 2), V(IN_TOS, 0), OUT4), { 3 }, 1, TW_IPIP },
};
/* clang-format on */

static void world_make(struct world *w)
{
	static const char *const pairs[][2] = { { "10.0.0.2", "10.0.0.1" },
						{ "fd00::2", "fd00::1" } };
	int i = 0, l = 0;

	tunnelworld(w);
	for (int t = 1; t < WORLD_TUNNELS; t++)
		if (world_kind(&w->tunnel[t]) && !w->tunnel[t].port) {
			w->tunnel[t].port = PORT_TUN;
			w->tunnel[t].ifindex = ifindex_tun;
		}
	w->port[PORT_OUT] = (struct world_port){ .ifindex = ifindex_out,
						 .flags = PN_PORT_UP | W_TARGET,
						 .max_len = 1518 };
	w->port[PORT_TUN] = (struct world_port){ .ifindex = ifindex_tun,
						 .flags = PN_PORT_UP };
	w->port[W_WORK].ifindex = ifindex_work;
	while (w->peer[i].src)
		i++;
	for (int k = 0; k < 2; k++)
		w->peer[i + k] = (struct world_peer){ pairs[k][0], pairs[k][1], PORT_TUN };
	while (w->local[l].addr)
		l++;
	w->local[l] = (struct world_local){ "10.7.0.1" };
}

/* Another GRE packet around the frame's IP packet. */
static void packet_wrap(struct pkt *p, uint8_t tos)
{
	struct pkt_ip ip = { .addr = pkt_addr("10.0.0.2", "10.0.0.1"), .proto = 47, .tos = tos,
			     .ttl = 64, .frag = 0x4000 };
	uint8_t gre[4] = { 0, 0, 8, 0 };

	pkt_pull(p, 14);
	if (pkt_cdata(p)[0] >> 4 == 6)
		pkt_put16(gre + 2, 0x86dd);
	pkt_push(p, gre, sizeof(gre));
	pkt_ip(p, &ip);
	pkt_eth(p, PKT_MAC_D, PKT_MAC_P, 0x0800);
}

static void packet_make(const struct nest_row *row, struct pkt *p)
{
	recipe_build(&row->inner, TUNNELRUN_DST, p);
	for (int i = row->around; i; i--)
		packet_wrap(p, row->tos[i - 1]);
}

/* What leaves is what leaves of the innermost alone, but for ECN. */
static void bytes_check(struct fast *f, const struct nest_row *row, const struct pkt *out)
{
	struct fast_result res;
	struct pkt alone, want;

	recipe_build(&row->inner, TUNNELRUN_DST, &alone);
	if (!tap_sys(fast_run(f, &alone, &want, &res), "run alone"))
		return;
	if (row->inner_tos) {
		uint8_t *ip = pkt_data(&want) + 14;

		ip[1] = row->inner_tos;
		pkt_put16(ip + 10, 0);
		pkt_put16(ip + 10, pkt_fold(pkt_sum(ip, 20, 0)));
	}
	tap_bytes(pkt_cdata(out), out->len, pkt_cdata(&want), want.len, "what leaves");
}

static void row_run(struct fast *f, const struct nest_row *row)
{
	bool tc = f->opts.hook == FAST_TC;
	enum pn_reason want = tc && row->tc ? row->tc : row->reason;
	struct fast_result res;
	struct pkt in, out;

	tap_case("%s, nesting %d: %s: %s", fast_hooks[f->opts.hook], row->nesting, row->name,
		 reason_name(want));
	packet_make(row, &in);
	if (!tap_sys(fast_run(f, &in, &out, &res), "run"))
		goto out;
	tap_str(reason_name(res.reason), reason_name(want), "reason");
	if (!tc)
		tap_eq(res.tunnel, row->tunnel, "tunnel");
	if (res.verdict == PN_PASS)
		tap_bytes(pkt_cdata(&out), out.len, pkt_cdata(&in), in.len, "frame");
	else if (want != PN_R_DELIVERED)
		bytes_check(f, row, &out);
out:
	tap_end();
}

/* Three levels: each is counted with what its own device would see. */
static void counts_run(enum fast_hook hook)
{
	static const struct nest_row row = { .inner = IPIP(OUT4), .around = 2 };
	struct fast_opts opts = { .hook = hook, .nesting = 4 };
	struct pn_tunnel_stats gre, ipip;
	struct fast_result res;
	struct pkt in, out;
	struct world w;
	struct fast f;

	tap_case("%s: every level is counted", fast_hooks[hook]);
	world_make(&w);
	if (fast_open(&f, &opts))
		tap_bail("%s does not load", fast_hooks[hook]);
	fast_world(&f, &w);
	packet_make(&row, &in);
	/* the first is the neighbour's */
	for (int i = 0; i < 2; i++)
		tap_sys(fast_run(&f, &in, &out, &res), "run");
	tap_str(reason_name(res.reason), "routed", "reason");
	fast_tunnel_stats(&f, TW_GRE, &gre);
	fast_tunnel_stats(&f, TW_IPIP, &ipip);
	if (hook == FAST_TC) {
		tap_eq(ipip.verdict[PN_FORWARD].packets, 2, "ipip, forwarded");
		tap_eq(gre.verdict[PN_FORWARD].packets, 4, "gre, forwarded");
	} else {
		tap_eq(ipip.verdict[PN_PASS].packets, 1, "ipip, passed");
		tap_eq(gre.verdict[PN_PASS].packets, 2, "gre, passed");
		tap_eq(ipip.verdict[PN_FORWARD].bytes, 52, "ipip, bytes");
		tap_eq(gre.verdict[PN_FORWARD].bytes, 96 + 72, "gre, bytes");
	}
	fast_close(&f);
	tap_end();
}

/* A stranger's packet inside is dropped where the port is strict, and not handed on. */
static void strict_run(enum fast_hook hook)
{
	static const struct nest_row strangers[] = {
		{ "ipip", .inner = IPIP(S(IP_SRC, "10.0.0.77"), OUT4), .around = 1 },
		{ "vxlan", .inner = PKT(S(IP_SRC, "10.0.0.77"), V(IP_TTL, 9)), .around = 1 },
	};
	struct fast_opts opts = { .hook = hook, .explain = true, .nesting = 2, .strict = 1 };
	struct fast_result res;
	struct pkt in, out;
	struct world w;
	struct fast f;

	world_make(&w);
	for (int l = 0; l < WORLD_LOCALS; l++)
		if (!w.local[l].addr) {
			w.local[l] = (struct world_local){ "10.0.0.1", PORT_TUN };
			break;
		}
	if (fast_open(&f, &opts))
		tap_bail("%s does not load", fast_hooks[hook]);
	fast_world(&f, &w);
	for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		tap_case("%s, strict: a stranger's %s in gre", fast_hooks[hook],
			 strangers[i].name);
		packet_make(&strangers[i], &in);
		if (tap_sys(fast_run(&f, &in, &out, &res), "run"))
			tap_str(reason_name(res.reason), "peer-refused", "reason");
		tap_end();
	}
	fast_close(&f);
}

static void net_make(void)
{
	int ret = tunnelrun_routes(&ns);

	ret = ret ? ret : netns_veth(&ns, "b", &ns, "b2");
	ret = ret ? ret : netns_ip(&ns, "addr add fd00::1/64 dev t2 nodad\n");
	ifindex_tun = netns_ifindex(&ns, "t");
	ifindex_out = netns_ifindex(&ns, "w");
	ifindex_work = netns_ifindex(&ns, "b");
	if (ret || netns_enter(&ns))
		tap_bail("a namespace with routes: %s", strerror(-ret));
}

static void hook_run(enum fast_hook hook)
{
	struct fast_opts opts = { .hook = hook, .explain = true };
	struct world w;
	struct fast f;

	world_make(&w);
	for (opts.nesting = 1; opts.nesting <= PN_MAX_NESTING; opts.nesting++) {
		if (fast_open(&f, &opts))
			tap_bail("%s does not load", fast_hooks[hook]);
		tap_diag("%s, nesting %d: %u instructions verified", fast_hooks[hook], opts.nesting,
			 fast_insns(&f));
		fast_world(&f, &w);
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			if (rows[i].nesting == opts.nesting)
				row_run(&f, &rows[i]);
		fast_close(&f);
	}
	counts_run(hook);
	strict_run(hook);
}

int main(void)
{
	net_make();
	for (int hook = 0; hook < FAST_HOOKS; hook++)
		hook_run(hook);
	return tap_done();
}
