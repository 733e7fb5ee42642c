// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Inner packets that are routed, against the kernel: the same packet through a
 * host without penstock, and through two that have it at XDP and at tc, with
 * the real tunnel device, routes and sysctls, the mirror filling the maps. The
 * same frames come out at the far end, the kernel's answers among them, and
 * each packet went the way that its row says.
 */
#include <errno.h>
#include <string.h>

#include "follow.h"
#include "scene.h"
#include "tap.h"

enum { KERNEL = FAST_HOOKS,
       SCENES };

#define HAS4 1
#define HAS6 2

/* How an inner packet travels, and which families the device takes. */
static const struct way {
	enum config_id config;
	const char *name;
	unsigned int takes;
	struct edit edit[2];
} ways[] = {
	{ C_VX, "vxlan", HAS4 | HAS6, {} },
	{ C_GRE, "gre", HAS4 | HAS6, { V(KIND, R_GRE) } },
	{ C_IPIP, "ipip", HAS4, { V(KIND, R_IP) } },
	{ C_SIT, "sit", HAS6, { V(KIND, R_IP) } },
	{ C_IP6TNL, "ip6tnl", HAS4 | HAS6, { V(KIND, R_IP), V(V6, 1) } },
};

struct route_row {
	const char *name;
	unsigned int family; /* HAS4 or HAS6 */
	enum pn_reason reason; /* at XDP; what lies behind the device is delivered at tc */
	struct edit edit[6];
	const char *ip, *undo; /* lines for ip, before and after */
	const char *sysctl[3]; /* key, value, value afterwards */
	bool front; /* tc does not deliver it */
	bool answered; /* with an error for which the source is OWN */
};

#define TO(a)	S(IN_IP_DST, a)
#define FROM(a) S(IN_IP_SRC, a)
#define OUT4	TO("10.8.0.9"), FROM("10.3.0.2")
/*
 * A source of one row only. The kernel's ip_error() answers a source once in a
 * second (no setting of a namespace), and each other ICMP error to it begins
 * that second anew: of rows with one source, time would tell which are answered.
 */
#define OWN(n)	FROM("10.3.1." #n)
#define OUT6	V(IN_V6, 1), TO("fd08::9"), FROM("fd03::2")
#define NEW6	V(IN_V6, 1), FROM("fd03::2")
#define DF	V(IN_FRAG, 0x4000)

#define ROUTES \
	"route add 10.8.0.0/16 via 192.168.5.1 dev w\n" \
	"route add 10.3.0.0/16 via 192.168.5.1 dev w\n" \
	"route add 10.4.0.0/16 dev vx\n" \
	"route add 10.8.1.0/24 via 192.168.5.1 dev w mtu lock 100\n" \
	"route add 10.9.0.0/16 via 192.168.5.77 dev w\n" \
	"route add blackhole 10.10.0.0/24\n" \
	"route add unreachable 10.10.1.0/24\n" \
	"route add prohibit 10.10.2.0/24\n" \
	"route add 10.11.0.0/16 dev vx\n" \
	"route add fd08::/16 via fd05::1 dev w\n" \
	"route add fd03::/16 via fd05::1 dev w\n" \
	"route add fd08:1::/32 via fd05::1 dev w mtu lock 1280\n" \
	"route add unreachable fd10::/16\n" \
	"route add fd11::/16 dev vx\n"

#define RPF(n)	   .sysctl = { "net/ipv4/conf/vx/rp_filter", n, "0" }
#define HAS_ADDR   .ip = "addr add 10.66.0.1/32 dev vx\n", .undo = "addr del 10.66.0.1/32 dev vx\n"
#define UNLOCKED   .ip = "route add 10.8.2.0/24 via 192.168.5.1 dev w mtu 100\n", \
		   .undo = "route del 10.8.2.0/24\n"

#define RULE(what) \
	.ip = "rule add " what " prohibit\n", .undo = "rule del " what " prohibit\n"
/* Sources of OUT4 are behind the tunnel, for packets of which the rule says so. */
#define BACK(what) \
	.ip = "route add 10.3.0.0/16 dev vx table 77\nrule add " what " table 77\n", \
	.undo = "rule del " what " table 77\nroute del 10.3.0.0/16 dev vx table 77\n"
/* From 10.3.1.9 to 10.8.0.9, AH with the SPI 0x03e807d0. */
#define AH_1000_2000 \
	"4500002c00010000403365820a0301090a080009" \
	"1104000003e807d000000001000000000000000000000000"

/* clang-format off */
static const struct route_row rows[] = {
	{ "IPv4", HAS4, PN_R_ROUTED, { OUT4 } },
	{ "IPv4, TTL 2", HAS4, PN_R_ROUTED, { OUT4, V(IN_TTL, 2) } },
	{ "IPv4, padding", HAS4, PN_R_ROUTED, { OUT4, V(IN_PAD, 9) } },
	{ "IPv4, TOS", HAS4, PN_R_ROUTED, { OUT4, V(IN_TOS, 0x10) } },
	{ "IPv4, a fragment", HAS4, PN_R_ROUTED, { OUT4, V(IN_FRAG, 0x2003) } },
	{ "IPv4, CE over ECT(0)", HAS4, PN_R_ROUTED, { OUT4, V(IP_TOS, 3), V(IN_TOS, 2) } },
	{ "IPv4, CE over Not-ECT", HAS4, PN_R_INNER_ECN, { OUT4, V(IP_TOS, 3) }, .front = true },
	{ "TTL 1", HAS4, PN_R_INNER_TTL, { OUT4, V(IN_TTL, 1) } },
	{ "header checksum", HAS4, PN_R_INNER_IP, { OUT4, V(IN_IP_CSUM_XOR, 1) } },
	{ "cut short", HAS4, PN_R_INNER_IP, { OUT4, V(IN_KEEP, 51) } },
	{ "source loopback", HAS4, PN_R_INNER_ADDR, { TO("10.8.0.9"), FROM("127.0.0.1") } },
	{ "source is ours", HAS4, PN_R_INNER_ADDR, { TO("10.8.0.9"), FROM("192.168.5.254") } },
	{ "source of another device", HAS4, PN_R_INNER_ADDR,
	  { TO("10.8.0.9"), FROM("10.0.0.9") } },
	{ "source is a broadcast address", HAS4, PN_R_INNER_ADDR,
	  { TO("10.8.0.9"), FROM("192.168.5.255") } },
	{ "source of class E", HAS4, PN_R_ROUTED, { TO("10.8.0.9"), FROM("240.0.0.1") } },
	{ "a subnet's broadcast", HAS4, PN_R_ROUTE_LOCAL,
	  { TO("192.168.5.255"), FROM("10.3.0.2") } },
	{ "multicast", HAS4, PN_R_INNER_ADDR, { TO("239.1.1.1"), FROM("10.3.0.2") } },
	{ "the route's MTU", HAS4, PN_R_ROUTED,
	  { TO("10.8.1.9"), FROM("10.3.0.2"), V(IN_DATA, 72), DF } },
	{ "a byte more", HAS4, PN_R_ROUTE_MTU,
	  { TO("10.8.1.9"), FROM("10.3.0.2"), V(IN_DATA, 73), DF } },
	{ "a byte more, may be fragmented", HAS4, PN_R_ROUTE_MTU,
	  { TO("10.8.1.9"), FROM("10.3.0.2"), V(IN_DATA, 73), V(IN_FRAG, 0) } },
	{ "blackhole", HAS4, PN_R_ROUTE_NONE, { TO("10.10.0.1"), FROM("10.3.0.2") } },
	{ "unreachable", HAS4, PN_R_ROUTE_NONE, { TO("10.10.1.1"), OWN(1) }, .answered = true },
	{ "prohibit", HAS4, PN_R_ROUTE_NONE, { TO("10.10.2.1"), OWN(2) }, .answered = true },
	{ "no route", HAS4, PN_R_ROUTE_NONE, { TO("172.16.0.1"), OWN(3) }, .answered = true },
	{ "no neighbour", HAS4, PN_R_ROUTE_NEIGH, { TO("10.9.0.1"), FROM("10.3.0.2") } },
	{ "back into the tunnel", HAS4, PN_R_ROUTE_ODD, { TO("10.11.0.1"), FROM("10.3.0.2") } },
	{ "a ping to this host", HAS4, PN_R_ROUTE_LOCAL,
	  { TO("192.168.5.254"), FROM("10.3.0.2"), V(IN_ICMP, 1) } },
	{ "to this host, TTL 1", HAS4, PN_R_ROUTE_LOCAL,
	  { TO("192.168.5.254"), FROM("10.3.0.2"), V(IN_ICMP, 1), V(IN_TTL, 1) } },
	{ "to a closed port of this host", HAS4, PN_R_ROUTE_LOCAL,
	  { TO("10.0.0.9"), FROM("10.3.0.2") } },
	{ "forwarding is off", HAS4, PN_R_ROUTE_OFF, { OUT4 },
	  .sysctl = { "net/ipv4/conf/vx/forwarding", "0", "1" } },
	{ "strict: the route back leads there", HAS4, PN_R_ROUTED,
	  { TO("10.8.0.9"), FROM("10.4.0.2") }, RPF("1") },
	{ "strict: it leads elsewhere", HAS4, PN_R_INNER_RPF, { OUT4 }, RPF("1") },
	{ "loose, no address: the route back leads there", HAS4, PN_R_ROUTED,
	  { TO("10.8.0.9"), FROM("10.4.0.2") }, RPF("2") },
	{ "loose, no address: it leads elsewhere", HAS4, PN_R_INNER_RPF, { OUT4 }, RPF("2") },
	{ "a rule is there: source of a local route", HAS4, PN_R_NONE,
	  { TO("10.8.0.9"), FROM("192.168.5.255") },
	  .ip = "rule add from 1.2.3.4 table 77\n", .undo = "rule del from 1.2.3.4 table 77\n" },
	{ "an unlocked MTU", HAS4, PN_R_NONE, { TO("10.8.2.9"), FROM("10.3.0.2"), DF }, UNLOCKED },
	{ "an unlocked MTU, a byte more", HAS4, PN_R_NONE,
	  { TO("10.8.2.9"), FROM("10.3.0.2"), V(IN_DATA, 73), DF }, UNLOCKED },
	/* rules: ports and protocol as the kernel's dissector has them */
	{ "a rule by port that matches", HAS4, PN_R_ROUTE_NONE,
	  { TO("10.8.0.9"), OWN(4) }, RULE("dport 2000"), .answered = true },
	{ "a rule by port that does not", HAS4, PN_R_ROUTED, { OUT4 }, RULE("dport 2001") },
	{ "a rule by port and a fragment", HAS4, PN_R_ROUTED, { OUT4, V(IN_FRAG, 0x2003) },
	  RULE("dport 2000") },
	{ "a rule by port and a first fragment", HAS4, PN_R_ROUTED, { OUT4, V(IN_FRAG, 0x2000) },
	  RULE("dport 2000") },
	{ "a rule by protocol and a fragment", HAS4, PN_R_ROUTE_NONE,
	  { TO("10.8.0.9"), OWN(5), V(IN_FRAG, 0x2003) }, RULE("ipproto udp") },
	{ "a rule by source port, TCP", HAS4, PN_R_ROUTE_NONE,
	  { TO("10.8.0.9"), OWN(6), V(IN_TCP, 1) }, RULE("ipproto tcp sport 1000"),
	  .answered = true },
	{ "a rule by protocol, ICMP", HAS4, PN_R_ROUTE_NONE,
	  { TO("10.8.0.9"), OWN(7), V(IN_ICMP, 1) }, RULE("ipproto icmp") },
	{ "a rule by protocol, another", HAS4, PN_R_ROUTED, { OUT4 }, RULE("ipproto tcp") },
	{ "a rule by port, and AH with an SPI like it", HAS4, PN_R_ROUTE_NONE,
	  { S(IN_HEX, AH_1000_2000) }, RULE("dport 2000"), .answered = true },
	{ "strict: by a rule, with the ports of the way back", HAS4, PN_R_ROUTED, { OUT4 },
	  BACK("sport 2000"), RPF("1") },
	{ "strict: a rule with the ports of the way there", HAS4, PN_R_INNER_RPF, { OUT4 },
	  BACK("dport 2000"), RPF("1") },
	{ "IPv6", HAS6, PN_R_ROUTED, { OUT6 } },
	{ "IPv6: a rule by port that matches", HAS6, PN_R_ROUTE_LOCAL, { OUT6 },
	  RULE("dport 2000") },
	{ "IPv6: a rule by port that does not", HAS6, PN_R_ROUTED, { OUT6 },
	  RULE("dport 2001") },
	{ "IPv6: a rule by protocol, TCP", HAS6, PN_R_ROUTE_LOCAL, { OUT6, V(IN_TCP, 1) },
	  RULE("ipproto tcp sport 1000") },
	{ "IPv6, hop limit 2", HAS6, PN_R_ROUTED, { OUT6, V(IN_TTL, 2) } },
	{ "IPv6, padding", HAS6, PN_R_ROUTED, { OUT6, V(IN_PAD, 9) } },
	{ "IPv6, CE over ECT(1)", HAS6, PN_R_ROUTED, { OUT6, V(IP_TOS, 3), V(IN_TOS, 1) } },
	{ "hop limit 1", HAS6, PN_R_INNER_TTL, { OUT6, V(IN_TTL, 1) } },
	{ "source link-local", HAS6, PN_R_INNER_ADDR,
	  { V(IN_V6, 1), TO("fd08::9"), FROM("fe80::5") } },
	{ "source ::", HAS6, PN_R_INNER_ADDR, { V(IN_V6, 1), TO("fd08::9"), FROM("::") } },
	{ "source v4-mapped", HAS6, PN_R_INNER_ADDR,
	  { V(IN_V6, 1), TO("fd08::9"), FROM("::ffff:10.3.0.2") } },
	{ "source is ours, IPv6", HAS6, PN_R_ROUTED,
	  { V(IN_V6, 1), TO("fd08::9"), FROM("fd05::fe") } },
	{ "IPv6: the route's MTU", HAS6, PN_R_ROUTED, { NEW6, TO("fd08:1::9"), V(IN_DATA, 1232) } },
	{ "IPv6: a byte more", HAS6, PN_R_ROUTE_MTU, { NEW6, TO("fd08:1::9"), V(IN_DATA, 1233) } },
	{ "IPv6: unreachable", HAS6, PN_R_ROUTE_NONE, { NEW6, TO("fd10::1") } },
	{ "IPv6: no neighbour", HAS6, PN_R_ROUTE_NEIGH, { NEW6, TO("fd05::77") } },
	{ "IPv6: a ping to this host", HAS6, PN_R_ROUTE_LOCAL,
	  { NEW6, TO("fd05::fe"), V(IN_ICMP, 1) } },
	{ "IPv6: forwarding is off", HAS6, PN_R_ROUTE_OFF, { OUT6 },
	  .sysctl = { "net/ipv6/conf/vx/forwarding", "0", "1" } },
	/* with the last address of the device its routes go */
	{ "loose: it leads elsewhere", HAS4, PN_R_ROUTED, { OUT4 }, HAS_ADDR, RPF("2") },
	{ "loose: no route back", HAS4, PN_R_INNER_RPF, { TO("10.8.0.9"), FROM("172.16.0.1") },
	  HAS_ADDR, RPF("2") },
};
/* clang-format on */

static struct settle marker;
static struct scene scene[SCENES]; /* by hook, and the kernel's own */
static struct seen seen[SCENES];
static struct fast fast[FAST_HOOKS];
static struct follow follow[FAST_HOOKS];

/* Answers of the host itself have an identification of their own, and a checksum over it. */
static void seen_ids_clear(struct seen *s)
{
	for (int i = 0; i < s->n; i++) {
		uint8_t *ip = pkt_data(&s->f[i].p) + 14;

		if (pkt_get16(ip - 2) != 0x0800 || s->f[i].p.len < 34)
			continue;
		if (memcmp(ip + 12, "\xc0\xa8\x05\xfe", 4) && memcmp(ip + 12, "\x0a\x00\x00", 3))
			continue;
		memset(ip + 4, 0, 2);
		memset(ip + 10, 0, 2);
	}
}

static void packet_make(const struct way *way, const struct route_row *row, struct pkt *p)
{
	struct recipe r = {};
	int n = 0;

	for (int i = 0; i < 2 && way->edit[i].field; i++)
		r.edit[n++] = way->edit[i];
	for (int i = 0; i < 6 && row->edit[i].field; i++)
		r.edit[n++] = row->edit[i];
	recipe_build(&r, NULL, p);
}

static int scene_run(int which, const struct pkt *p)
{
	struct scene *s = &scene[which];
	int ret;

	wire_drain(&s->wire_out);
	wire_drain(&s->wire_p);
	ret = wire_send(&s->wire_p, p);
	ret = ret ? ret : settle(&marker);
	scene_see(s, &seen[which]);
	seen_ids_clear(&seen[which]);
	return ret;
}

static enum pn_reason reason_wanted(enum fast_hook hook, const struct route_row *row)
{
	if (hook == FAST_TC && row->reason != PN_R_ROUTED && row->reason && !row->front)
		return PN_R_DELIVERED;
	return row->reason;
}

static void row_hook(enum fast_hook hook, const struct way *way, const struct route_row *row)
{
	enum pn_reason want = reason_wanted(hook, row), got;
	struct pkt p;

	tap_case("%s, %s: %s", way->name, fast_hooks[hook], row->name);
	packet_make(way, row, &p);
	fast_counted(&fast[hook]);
	if (tap_sys(scene_run(hook, &p), "send")) {
		got = fast_counted(&fast[hook]);
		/* what is left open may go fast or not: the bytes tell whether that was right */
		if (want)
			tap_str(reason_name(got), reason_name(want), "reason");
		seen_same(&seen[hook], &seen[KERNEL]);
	}
	if (row->answered)
		tap_eq(seen[KERNEL].n, 1, "answers of the kernel");
	tap_end();
}

static void state_set(const struct route_row *row, const char *lines, const char *value)
{
	for (int i = 0; i < SCENES; i++) {
		if (lines && (row->family == HAS6 ? netns_ip6 : netns_ip)(&scene[i].d, lines))
			tap_bail("%s: ip refused", row->name);
		if (row->sysctl[0] && netns_sysctl(&scene[i].d, row->sysctl[0], value))
			tap_bail("%s: sysctl refused", row->name);
	}
	for (int hook = 0; hook < FAST_HOOKS && (lines || row->sysctl[0]); hook++)
		follow_sync(&follow[hook]);
}

static void row_run(const struct way *way, const struct route_row *row)
{
	struct pkt p;

	state_set(row, row->ip, row->sysctl[1]);
	packet_make(way, row, &p);
	scene_run(KERNEL, &p);
	for (int hook = 0; hook < FAST_HOOKS; hook++)
		row_hook(hook, way, row);
	state_set(row, row->undo, row->sysctl[2]);
}

/* One packet for each next hop goes to the kernel before the rows begin. */
static void neighbours_refresh(const struct way *way)
{
	static const struct route_row warm[] = {
		{ "warm", HAS4, PN_R_REFRESH, { OUT4 } },
		{ "warm", HAS6, PN_R_REFRESH, { OUT6 } },
	};
	static const char *const families[] = { "IPv4", "IPv6" };
	bool first = true;
	struct pkt p;

	for (int i = 0; i < 2; i++) {
		if (!(way->takes & warm[i].family))
			continue;
		packet_make(way, &warm[i], &p);
		scene_run(KERNEL, &p);
		for (int hook = 0; hook < FAST_HOOKS; hook++) {
			fast_counted(&fast[hook]);
			tap_case("%s, %s: the first packet to the next hop, %s", way->name,
				 fast_hooks[hook], families[i]);
			tap_sys(scene_run(hook, &p), "send");
			if (first)
				tap_str(reason_name(fast_counted(&fast[hook])),
					hook == FAST_TC ? "delivered" : "refresh", "reason");
			seen_same(&seen[hook], &seen[KERNEL]);
			tap_end();
		}
		first = false;
	}
}

static int scenes_open(enum config_id id)
{
	int ret = 0;

	for (int i = 0; i < SCENES && !ret; i++) {
		ret = scene_open(&scene[i], id, FORM_ROUTED);
		if (!ret)
			ret = netns_ip(&scene[i].d, ROUTES);
	}
	for (int hook = 0; hook < FAST_HOOKS && !ret; hook++)
		ret = follow_open(&follow[hook], &fast[hook], &scene[hook].d, "d",
				  PN_GATE_TC_INGRESS | PN_GATE_OFFLOAD);
	return ret;
}

static void way_run(const struct way *way)
{
	int ret = scenes_open(way->config);

	if (ret == -EOPNOTSUPP) {
		tap_case("%s", way->name);
		tap_skip("no link type \"%s\" on this kernel; the lab kernels have it",
			 configs[way->config].needs);
		return;
	}
	if (ret)
		tap_bail("%s: %s", way->name, strerror(-ret));
	neighbours_refresh(way);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].family & way->takes)
			row_run(way, &rows[i]);
	for (int hook = 0; hook < FAST_HOOKS; hook++)
		follow_close(&follow[hook]);
	for (int i = 0; i < SCENES; i++)
		scene_close(&scene[i]);
}

int main(void)
{
	int ret = wire_pin();

	ret = ret ? ret : settle_open(&marker);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]) && !ret; i++) {
		for (int hook = 0; hook < FAST_HOOKS && !ret; hook++)
			ret = fast_open(&fast[hook], &(struct fast_opts){ .hook = hook });
		if (!ret)
			way_run(&ways[i]);
		for (int hook = 0; hook < FAST_HOOKS; hook++)
			fast_close(&fast[hook]);
	}
	if (ret)
		tap_bail("marker pair or program: %s", strerror(-ret));
	settle_close(&marker);
	return tap_done();
}
