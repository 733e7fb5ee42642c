// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * SIT: rows ST-01 to ST-13, IP-15. Devices without a remote may be accelerated
 * on ports whose peers are `any` only; elsewhere their packets are passed.
 */
#include "rows.h"

#define SIT(...)      DO(V(KIND, R_IP), V(IN_V6, 1), __VA_ARGS__)
#define FROM(src)     SIT(S(IN_IP_SRC, src))
#define UNREACHABLE   .k = { .icmp = "3/3" }
#define SILENT	      NOT("")
#define REFUSED	      NOT("vx.rx_errors+1")

static const struct row rows[] = {
	{ "IP-15b", "IPsec required of IPv4 only", C_SITXFRM, SIT(), TO_VX,
	  PASS_LIVE(GATE_OUTER, GATE_ROUTE) },
	{ "ST-01", "a good packet", C_SIT, SIT(), TO_VX, ACCEL },
	{ "ST-01p", "9 bytes behind the inner packet", C_SIT, SIT(V(IN_PAD, 9)), TO_VX, ACCEL },
	{ "ST-02a", "39 inner bytes", C_SIT, SIT(V(IN_KEEP, 39)), SILENT, PASS(INNER_SHORT) },
	{ "ST-02b", "40 inner bytes", C_SIT, SIT(V(IN_KEEP, 40)),
	  .k = { .to = "vx", .count = "Ip6InTruncatedPkts+1" }, PASS(INNER_IP) },
	{ "ST-03a", "IPv4, mode any", C_SIT, DO(V(KIND, R_IP)), TO_VX, ACCEL },
	{ "ST-03b", "IPv4, mode ip6ip", C_SITIP6, DO(V(KIND, R_IP)), SILENT,
	  PASS_LIVE(TUNNEL_UNKNOWN, NOT_TUNNEL) },
	{ "ST-04", "IPv6, mode ipip", C_SITIP4, SIT(), SILENT,
	  PASS_LIVE(TUNNEL_UNKNOWN, NOT_TUNNEL) },
	{ "ST-05", "not from the remote", C_SIT, SIT(S(IP_SRC, "10.0.0.3")), UNREACHABLE,
	  PASS(ENDPOINT) },
	{ "ST-06a", "CE over Not-ECT", C_SIT, SIT(V(IP_TOS, 3)),
	  NOT("vx.rx_frame_errors+1 vx.rx_errors+1"), PASS(INNER_ECN) },
	{ "ST-06b", "CE over ECT(0)", C_SIT, SIT(V(IP_TOS, 3), V(IN_TOS, 2)),
	  .k = { .to = "vx", .tos = 1 + 3 }, ACCEL },
	{ "ST-07", "bound to another device", C_SITBOUND, SIT(), UNREACHABLE,
	  PASS(TUNNEL_UNKNOWN) },
	{ "ST-08", "6to4", C_6TO4,
	  SIT(S(IN_IP_SRC, "2002:a00:2::1"), S(IN_IP_DST, "2002:a00:1::1")), TO_VX, ACCEL,
	  OR_PASS },
	{ "ST-09a", "6to4, inner source of another host", C_6TO4, FROM("2002:a00:3::1"), REFUSED,
	  PASS_LIVE(TUNNEL_SOURCE, ENDPOINT) },
	{ "ST-09b", "6to4, inner destination of another host", C_6TO4,
	  SIT(S(IN_IP_SRC, "2002:a00:2::1"), S(IN_IP_DST, "2002:a00:9::1")), REFUSED,
	  PASS_LIVE(TUNNEL_SOURCE, ENDPOINT) },
	{ "ST-10", "the same, on the prefix of the device", C_6TO4PREFIX,
	  SIT(S(IN_IP_SRC, "2002:a00:2::1"), S(IN_IP_DST, "2002:a00:9::1")), TO_VX,
	  PASS_LIVE(TUNNEL_UNKNOWN, ENDPOINT) },
	{ "ST-11", "6to4, other addresses", C_6TO4, SIT(), TO_VX, ACCEL, OR_PASS },
	{ "ST-12a", "6rd", C_6RD, FROM("2001:db8:0:200::1"), TO_VX, ACCEL, OR_PASS },
	{ "ST-12b", "6rd, inner source of another host", C_6RD, FROM("2001:db8:0:300::1"),
	  REFUSED, PASS_LIVE(TUNNEL_SOURCE, ENDPOINT) },
	/* 6to4 is nothing to a 6rd device */
	{ "ST-12c", "6rd, a 6to4 source", C_6RD, FROM("2002:a00:3::1"), TO_VX, ACCEL, OR_PASS },
	{ "ST-13a", "ISATAP", C_ISATAP, FROM("fe80::5efe:a00:2"), TO_VX,
	  PASS_LIVE(TUNNEL_UNKNOWN, ENDPOINT) },
	{ "ST-13b", "ISATAP, inner source of another host", C_ISATAP, FROM("fe80::5efe:a00:3"),
	  REFUSED, PASS_LIVE(TUNNEL_UNKNOWN, ENDPOINT) },
	{ "ST-13c", "ISATAP, another source", C_ISATAP, SIT(), REFUSED,
	  PASS_LIVE(TUNNEL_UNKNOWN, ENDPOINT) },
};

ROW_TABLE(rows_sit, "SIT");
