// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* GUE on port 5556: rows GU-01 to GU-14. */
#include "rows.h"

#define GUE(header, ...)  DO(V(KIND, R_UDP), V(UDP_DPORT, 5556), S(SHIM, header), __VA_ARGS__)
#define DIRECT(...)	  DO(V(KIND, R_UDP), V(UDP_DPORT, 5556), __VA_ARGS__)
#define LOST		  NOT("UdpInDatagrams+1")
#define LOST_AT(id, name, header) { id, name, C_FOU4, GUE(header), LOST, PASS(TUNNEL_FLAGS) }
#define TAKEN(id, name, header)	  { id, name, C_FOU4, GUE(header), TO_VX, PASS(TUNNEL_FLAGS) }
#define UNKNOWN(id, header) \
	{ \
		id, "unknown protocol", C_FOU4, GUE(header), \
			.k = { .count = "UdpInDatagrams+1 IpInUnknownProtos+1", .icmp = "3/2" }, \
			PASS(NOT_TUNNEL) \
	}
#define Z4  "00000000 "
#define Z12 Z4 Z4 Z4
#define Z124 Z12 Z12 Z12 Z12 Z12 Z12 Z12 Z12 Z12 Z12 Z4
/* UDP headers without a checksum: to GUE and to FOU around I4 */
#define INNER_GUE "15b315b4 00400000 00040000"
#define INNER_FOU "15b315b3 003c0000"

static const struct row rows[] = {
	{ "GU-01a", "IPv4", C_FOU4, GUE("00040000"), TO_VX, ACCEL },
	{ "GU-01b", "GRE", C_FOUGRE, GUE("002f0000 00000800"), TO_VX, ACCEL },
	{ "GU-01c", "IPv6", C_FOU6, GUE("00290000", V(IN_V6, 1)), TO_VX, ACCEL },
	{ "GU-02a", "IPv4 without a header", C_FOU4, DIRECT(), TO_VX, ACCEL },
	{ "GU-02b", "IPv6 without a header", C_FOU6, DIRECT(V(IN_V6, 1)), TO_VX, ACCEL },
	{ "GU-03a", "first nibble 5", C_FOU4, DIRECT(V(IN_IP_VER, 5)), LOST, PASS(TUNNEL_FLAGS) },
	{ "GU-03b", "first nibble 7", C_FOU4, DIRECT(V(IN_IP_VER, 7)), LOST, PASS(TUNNEL_FLAGS) },
	LOST_AT("GU-03c", "version 2", "80040000"),
	LOST_AT("GU-03d", "version 3", "c0040000"),
	LOST_AT("GU-04a", "C bit", "20040000"),
	LOST_AT("GU-04b", "C bit and an option", "21040000 00000000"),
	LOST_AT("GU-05", "protocol 0", "00000000"),
	UNKNOWN("GU-06a", "003b0000"),
	UNKNOWN("GU-06b", "00630000"),
	LOST_AT("GU-07a", "flags 0002", "00040002"),
	LOST_AT("GU-07b", "flags 8000", "00048000"),
	LOST_AT("GU-07c", "private flags 40000000", "01040001 40000000"),
	LOST_AT("GU-08a", "private flags that do not fit", "00040001"),
	LOST_AT("GU-08b", "checksum offload that does not fit", "01040001 80000000"),
	TAKEN("GU-09a", "private flags 0", "01040001 00000000"),
	TAKEN("GU-09b", "12 bytes that no flag explains", "03040000 " Z12),
	TAKEN("GU-09c", "124 bytes that no flag explains", "1f040000 " Z124),
	LOST_AT("GU-10a", "options that are missing", "1f040000"),
	{ "GU-10b", "3 bytes of header", C_FOU4, GUE("000400", V(IN_KEEP, 0)), LOST, PASS(SHORT) },
	{ "GU-11a", "remote checksum offload", C_FOU4, GUE("02040001 80000000 0014001a"),
	  .k = { .to = "vx", .partial = true }, PASS(TUNNEL_FLAGS) },
	LOST_AT("GU-11b", "the same, the field before the start", "02040001 80000000 001a0014"),
	LOST_AT("GU-11c", "the same, behind the packet", "02040001 80000000 07d007d6"),
	{ "GU-12a", "GUE in GUE", C_FOU4, GUE("00110000 " INNER_GUE),
	  .k = { .to = "vx", .count = "UdpInDatagrams+2" }, PASS(NOT_TUNNEL) },
	{ "GU-12b", "FOU in GUE", C_FOU4, GUE("00110000 " INNER_FOU),
	  .k = { .to = "vx", .count = "UdpInDatagrams+2" }, PASS(NOT_TUNNEL) },
	{ "GU-13", "an echo request", C_FOU4, GUE("00010000", S(IN_HEX, "0800f7fd 00010001")),
	  .k = { .count = "UdpInDatagrams+1", .icmp = "0/0" }, PASS(NOT_TUNNEL) },
	{ "GU-14", "over IPv6, destination options", C_FOUOVER6,
	  GUE("003c0000 29000104 00000000", V(V6, 1), V(IN_V6, 1)), NOT("Udp6InDatagrams+1"),
	  PASS(NOT_TUNNEL) },
	{ "GU-15a", "over IPv6", C_FOUOVER6, GUE("00290000", V(V6, 1), V(IN_V6, 1)), TO_VX,
	  ACCEL },
	{ "GU-15b", "over IPv6, IPv6 without a header, UDP checksum 0", C_FOUOVER6,
	  DIRECT(V(V6, 1), V(IN_V6, 1), V(UDP_CSUM, 0)), TO_VX, ACCEL },
};

ROW_TABLE(rows_gue, "GUE");
