// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Inner packets where they are routed (RT, behind a gre), and L2 tunnels that
 * are in no bridge (UB). The kernel's errors go to a source that is a black
 * hole, so what it drops is seen by nobody.
 */
#include "rows.h"

#define GRE(...)  DO(V(KIND, R_GRE), __VA_ARGS__)
#define GRE6(...) GRE(V(IN_V6, 1), __VA_ARGS__)
#define TAP(...)  DO(V(KIND, R_GRE), V(GRE_PROTO, 0x6558), __VA_ARGS__)
#define TO(d)	  GRE(S(IN_IP_DST, d))
#define FROM(s)	  GRE(S(IN_IP_SRC, s))
#define TO6(d)	  GRE6(S(IN_IP_DST, d))
#define FROM6(s)  GRE6(S(IN_IP_SRC, s))
#define BAD6	  .k = { .to = "vx", .count = "Ip6InHdrErrors+1" }
#define OTHERHOST .k = { .to = "vx", .count = "vx.rx_otherhost_dropped+1" }
/* 24 bytes of header, 12 of UDP */
#define WITH_OPTIONS \
	"46000024 00010000 4011ec72 c0a80502 c0a80501 01010101 03e807d0 000c0000 00000000"

static const struct row rows[] = {
	{ "RT-01", "TCP", C_GRE, GRE(V(IN_TCP, 1)), TO_VX, ACCEL },
	{ "RT-02", "an echo request", C_GRE, GRE(V(IN_ICMP, 1)), TO_VX, ACCEL },
	{ "RT-03", "UDP checksum wrong", C_GRE, GRE(V(IN_CSUM, 0x1234)), TO_VX, ACCEL },
	{ "RT-04a", "a fragment", C_GRE, GRE(V(IN_FRAG, 0x2000)), TO_VX, ACCEL },
	{ "RT-04b", "DF", C_GRE, GRE(V(IN_FRAG, 0x4000)), TO_VX, ACCEL },
	{ "RT-05a", "TTL 2", C_GRE, GRE(V(IN_TTL, 2)), TO_VX, ACCEL },
	{ "RT-05b", "TTL 1", C_GRE, GRE(V(IN_TTL, 1)), TO_VX, PASS(INNER_TTL) },
	{ "RT-05c", "hop limit 1", C_GRE, GRE6(V(IN_TTL, 1)), TO_VX, PASS(INNER_TTL) },
	{ "RT-05d", "hop limit 2", C_GRE, GRE6(V(IN_TTL, 2)), TO_VX, ACCEL },
	{ "RT-06", "options", C_GRE, GRE(S(IN_HEX, WITH_OPTIONS)), TO_VX, PASS(INNER_IP) },
	{ "RT-07a", "shorter than it says", C_GRE, GRE(V(IN_KEEP, 51)),
	  .k = { .to = "vx", .count = "IpExtInTruncatedPkts+1" }, PASS(INNER_IP) },
	{ "RT-07b", "IPv6 shorter than it says", C_GRE, GRE6(V(IN_KEEP, 71)),
	  .k = { .to = "vx", .count = "Ip6InTruncatedPkts+1" }, PASS(INNER_IP) },
	{ "RT-08a", "to this host", C_GRE, TO("192.168.5.254"), TO_VX, PASS(ROUTE_LOCAL) },
	{ "RT-08b", "to this host, IPv6", C_GRE, TO6("fd05::fe"), TO_VX, PASS(ROUTE_LOCAL) },
	{ "RT-09a", "no route", C_GRE, TO("203.0.113.9"), TO_VX, PASS(ROUTE_NONE) },
	{ "RT-09b", "no route, IPv6", C_GRE, TO6("fd99::1"), TO_VX, PASS(ROUTE_LOCAL) },
	{ "RT-09c", "a black hole", C_GRE, TO("192.168.5.2"), TO_VX, PASS(ROUTE_NONE) },
	{ "RT-10a", "from this host", C_GRE, FROM("192.168.5.254"), TO_VX, PASS(INNER_ADDR) },
	{ "RT-10b", "from a group", C_GRE, FROM("224.0.0.5"), TO_VX, PASS(INNER_ADDR) },
	{ "RT-10c", "from 127.0.0.1", C_GRE, FROM("127.0.0.1"), TO_VX, PASS(INNER_ADDR) },
	{ "RT-10d", "from 0.0.0.0", C_GRE, FROM("0.0.0.0"), TO_VX, PASS(INNER_ADDR) },
	{ "RT-10e", "from 240.0.0.1", C_GRE, FROM("240.0.0.1"), TO_VX, ACCEL },
	{ "RT-10f", "from 0.1.2.3", C_GRE, FROM("0.1.2.3"), TO_VX, PASS(INNER_ADDR) },
	{ "RT-11a", "to 127.0.0.1", C_GRE, TO("127.0.0.1"), TO_VX, PASS(INNER_ADDR) },
	{ "RT-11b", "to a group", C_GRE, TO("224.0.0.1"), TO_VX, PASS(INNER_ADDR) },
	{ "RT-11c", "to everybody", C_GRE, TO("255.255.255.255"), TO_VX, PASS(INNER_ADDR) },
	{ "RT-11d", "to the subnet's broadcast", C_GRE, TO("192.168.5.255"), TO_VX,
	  PASS_LIVE(ROUTE_NONE, ROUTE_LOCAL) },
	{ "RT-11e", "to 0.0.0.0", C_GRE, TO("0.0.0.0"), TO_VX, PASS(INNER_ADDR) },
	{ "RT-12a", "from fe80::2", C_GRE, FROM6("fe80::2"), TO_VX, PASS(INNER_ADDR) },
	{ "RT-12b", "from ::", C_GRE, FROM6("::"), TO_VX, PASS(INNER_ADDR) },
	{ "RT-12c", "from ::1", C_GRE, FROM6("::1"), BAD6, PASS(INNER_ADDR) },
	{ "RT-12d", "from ff02::1", C_GRE, FROM6("ff02::1"), BAD6, PASS(INNER_ADDR) },
	{ "RT-12e", "from this host, IPv6", C_GRE, FROM6("fd05::fe"), TO_VX, ACCEL, OR_PASS },
	{ "RT-13a", "to fe80::9", C_GRE, TO6("fe80::9"), TO_VX, PASS(INNER_ADDR) },
	{ "RT-13b", "to ::1", C_GRE, TO6("::1"), BAD6, PASS(INNER_ADDR) },
	{ "RT-13c", "to ff02::1", C_GRE, TO6("ff02::1"), TO_VX, PASS(INNER_ADDR) },
	{ "RT-14a", "larger than the route's MTU", C_GRE,
	  GRE(S(IN_IP_DST, "192.168.6.1"), V(IN_DATA, 700)), TO_VX, PASS(ROUTE_MTU) },
	{ "RT-14b", "the same, DF", C_GRE,
	  GRE(S(IN_IP_DST, "192.168.6.1"), V(IN_DATA, 700), V(IN_FRAG, 0x4000)), TO_VX,
	  PASS(ROUTE_MTU) },
	{ "RT-14c", "as large as the route's MTU", C_GRE,
	  GRE(S(IN_IP_DST, "192.168.6.1"), V(IN_DATA, 572)), TO_VX, ACCEL },
	{ "RT-14d", "a route has an MTU that is not locked", C_GREMTU, GRE(), TO_VX,
	  PASS(GATE_ROUTE) },
	{ "RT-15a", "rp_filter, the source is elsewhere", C_GRERPF, GRE(),
	  .k = { .to = "vx", .count = "TcpExtIPReversePathFilter?+?" }, PASS(INNER_RPF) },
	{ "RT-15b", "rp_filter, the source is behind the tunnel", C_GRERPF,
	  FROM("192.168.7.2"), .k = { .to = "vx", .count = "TcpExtIPReversePathFilter?+?" },
	  ACCEL },
	{ "RT-15c", "rp_filter is for IPv4", C_GRERPF, GRE6(V(IN_TTL, 64)), TO_VX, ACCEL },
	{ "RT-16", "back to the tunnel", C_GRERPF,
	  GRE(S(IN_IP_SRC, "192.168.7.2"), S(IN_IP_DST, "192.168.7.3")),
	  .k = { .to = "vx", .count = "TcpExtIPReversePathFilter?+?" }, PASS(ROUTE_ODD) },

	{ "UB-01a", "vxlan, routed", C_VXR, DO(V(KIND, R_VXLAN)), TO_VX, ACCEL },
	{ "UB-01b", "vxlan, IPv6, routed", C_VXR, DO(V(IN_V6, 1)), TO_VX, ACCEL },
	{ "UB-01c", "vxlan, padding, routed", C_VXR, DO(V(IN_PAD, 18)), TO_VX, ACCEL },
	{ "UB-01d", "vxlan, CE over ECT(0), routed", C_VXR, DO(V(IP_TOS, 3), V(IN_TOS, 2)),
	  .k = { .to = "vx", .tos = 1 + 3 }, ACCEL },
	{ "UB-02a", "vxlan, another destination", C_VXR, DO(S(IN_DST, "02:aa:00:00:00:99")),
	  OTHERHOST, PASS(NOT_BRIDGED) },
	{ "UB-02b", "vxlan, to everybody", C_VXR, DO(S(IN_DST, "ff:ff:ff:ff:ff:ff")), TO_VX,
	  PASS(NOT_BRIDGED) },
	{ "UB-03a", "vxlan, ARP", C_VXR, DO(V(IN_ARP, 1)), TO_VX, PASS(NOT_BRIDGED) },
	{ "UB-03b", "vxlan, a tagged frame", C_VXR, DO(V(IN_TAG1, 0x81000007)), OTHERHOST,
	  PASS(NOT_BRIDGED) },
	{ "UB-03c", "vxlan, a source that is a group", C_VXR, DO(S(IN_SRC, "01:aa:00:00:00:02")),
	  TO_VX, ACCEL },
	{ "UB-04", "vxlan, TTL 1", C_VXR, DO(V(IN_TTL, 1)), TO_VX, PASS(INNER_TTL) },
	{ "UB-05", "geneve, routed", C_GNR, DO(V(KIND, R_GENEVE)), TO_VX, ACCEL },
	{ "UB-06a", "gretap, routed", C_TAPR, TAP(), TO_VX, ACCEL },
	{ "UB-06b", "gretap, IPv6, routed", C_TAPR, TAP(V(IN_V6, 1)), TO_VX, ACCEL },
	{ "UB-06c", "gretap, another destination", C_TAPR, TAP(S(IN_DST, "02:aa:00:00:00:99")),
	  OTHERHOST, PASS(NOT_BRIDGED) },
	{ "UB-07", "ip6gretap, routed", C_TAP6R, TAP(V(V6, 1)), TO_VX, ACCEL },
};

ROW_TABLE(rows_routed, "routed, and L2 without a bridge");
