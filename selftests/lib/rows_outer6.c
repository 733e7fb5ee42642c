// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Outer IPv6: rows OUT-50 to OUT-66. */
#include "rows.h"

#define DO6(...)  DO(V(V6, 1), __VA_ARGS__)
#define CSUM_LOST "Udp6InCsumErrors+1 Udp6InErrors+1"
#define SLICE6(more, ...) \
	{ \
		.edit = { V(V6, 1), \
			  V(SLICE_MORE, more), \
			  __VA_ARGS__ } \
	}

static const struct row rows[] = {
	{ "OUT-50", "a good packet", C_VX6, DO(V(V6, 1)), TO_VX, ACCEL },
	{ "OUT-51", "checksum 0", C_VX6, DO6(V(UDP_CSUM, 0)), NOT(CSUM_LOST),
	  PASS(UDP_CSUM_ZERO6) },
	{ "OUT-52", "checksum 0, udp6zerocsumrx", C_VX6Z, DO6(V(UDP_CSUM, 0)),
	  TO_VX, ACCEL },
	{ "OUT-52n", "checksum not 0, udp6zerocsumrx", C_VX6Z, DO(V(V6, 1)),
	  TO_VX, ACCEL },
	{ "OUT-53a", "wrong checksum", C_VX6, DO6(V(UDP_CSUM, 0x1234)),
	  NOT(CSUM_LOST), PASS(UDP_CSUM) },
	{ "OUT-53b", "wrong checksum, udp6zerocsumrx", C_VX6Z,
	  DO6(V(UDP_CSUM, 0x1234)), NOT(CSUM_LOST), PASS(UDP_CSUM) },
	{ "OUT-54", "UDP length 0", C_VX6, DO6(V(UDP_LEN, 0)), TO_VX,
	  PASS(UDP_LENGTH) },
	{ "OUT-55a", "hop limit 0", C_VX6, DO6(V(IP_TTL, 0)), TO_VX, ACCEL },
	{ "OUT-55b", "hop limit 1", C_VX6, DO6(V(IP_TTL, 1)), TO_VX, ACCEL },
	{ "OUT-56a", "destination options, padding", C_VX6,
	  DO6(VS(EXT6, 60, "11 00 01 04 00 00 00 00")), TO_VX,
	  PASS(IP_OPTIONS) },
	{ "OUT-56b", "hop-by-hop options, padding", C_VX6,
	  DO6(VS(EXT6, 0, "11 00 01 04 00 00 00 00")), TO_VX, PASS(IP_OPTIONS) },
	{ "OUT-57a", "padding not zero", C_VX6,
	  DO6(VS(EXT6, 60, "11 00 01 04 01 00 00 00")), NOT("Ip6InHdrErrors+1"),
	  PASS(IP_OPTIONS) },
	{ "OUT-57b", "14 bytes of padding", C_VX6,
	  DO6(VS(EXT6, 60, "11 01 01 0c 00000000 00000000 00000000")),
	  NOT("Ip6InHdrErrors+1"), PASS(IP_OPTIONS) },
	{ "OUT-58", "option 0x80", C_VX6,
	  DO6(VS(EXT6, 60, "11 00 80 04 00 00 00 00")),
	  .k = { .count = "Ip6InHdrErrors+1", .icmp = "4/2/42" },
	  PASS(IP_OPTIONS) },
	{ "OUT-59", "option 0x40", C_VX6,
	  DO6(VS(EXT6, 60, "11 00 40 04 00 00 00 00")), NOT("Ip6InHdrErrors+1"),
	  PASS(IP_OPTIONS) },
	{ "OUT-60", "option 0x1e", C_VX6,
	  DO6(VS(EXT6, 60, "11 00 1e 04 00 00 00 00")), TO_VX,
	  PASS(IP_OPTIONS) },
	{ "OUT-61a", "routing header type 0, no segments left", C_VX6,
	  DO6(VS(EXT6, 43, "11 00 00 00 00 00 00 00")), TO_VX,
	  PASS(IP_OPTIONS) },
	{ "OUT-61b", "atomic fragment", C_VX6,
	  DO6(VS(EXT6, 44, "11 00 00 00 00 00 00 4d")),
	  .k = { .to = "vx", .count = "Ip6ReasmReqds+1 Ip6ReasmOKs+1" },
	  PASS(IP_FRAGMENT) },
	{ "OUT-62", "two fragments", C_VX6,
	  .pkt = { SLICE6(1, V(SLICE, 40)), SLICE6(0, V(SLICE, 40 << 16)) },
	  .k = { .to = "vx", .count = "Ip6ReasmReqds+2 Ip6ReasmOKs+1" },
	  PASS(IP_FRAGMENT) },
	{ "OUT-63", "payload length 4 too large", C_VX6, DO6(V(IP_LEN_ADD, 4)),
	  NOT("Ip6InTruncatedPkts+1"), PASS(IP_HEADER) },
	{ "OUT-64", "8 bytes behind the payload", C_VX6, DO6(V(TRAIL, 8)), TO_VX,
	  ACCEL },
	{ "OUT-65a", "version 5", C_VX6, DO6(V(IP_VER, 5)),
	  NOT("Ip6InHdrErrors+1"), PASS(IP_HEADER) },
	{ "OUT-65b", "source ::1", C_VX6, DO6(S(IP_SRC, "::1")),
	  NOT("Ip6InHdrErrors+1"), PASS(ENDPOINT) },
	{ "OUT-65c", "source ff02::1", C_VX6, DO6(S(IP_SRC, "ff02::1")),
	  NOT("Ip6InHdrErrors+1"), PASS(ENDPOINT) },
	{ "OUT-66", "source ::", C_VX6, DO6(S(IP_SRC, "::")), TO_VX,
	  PASS(ENDPOINT) },
};

ROW_TABLE(rows_outer6, "outer IPv6");
