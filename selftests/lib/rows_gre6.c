// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* GRE over IPv6: rows G6-01 to G6-18. */
#include "rows.h"

#define GRE(...)    DO(V(KIND, R_GRE), V(V6, 1), __VA_ARGS__)
#define TAP(...)    GRE(V(GRE_PROTO, 0x6558), __VA_ARGS__)
#define KEY(k)	    V(GRE_FLAGS, 0x2000), V(GRE_KEY, k)
#define FLAGS(f)    GRE(V(GRE_FLAGS, 0x##f))
#define UNREACHABLE .k = { .icmp = "1/4" }
#define SILENT	    NOT("")
#define TAKEN(id, f) { id, "flags " #f, C_GRE6, FLAGS(f), TO_VX, PASS(TUNNEL_FLAGS) }
#define LOST(id, f)  { id, "flags " #f, C_GRE6, FLAGS(f), SILENT, PASS(TUNNEL_FLAGS) }

static const struct row rows[] = {
	{ "G6-01", "IPv4", C_GRE6, GRE(), TO_VX, ACCEL },
	{ "G6-01v", "IPv6", C_GRE6, GRE(V(IN_V6, 1)), TO_VX, ACCEL },
	{ "G6-02a", "key 0, the device has none", C_GRE6, GRE(KEY(0)), TO_VX, ACCEL, OR_PASS },
	{ "G6-02b", "key 7, the device has none", C_GRE6, GRE(KEY(7)), UNREACHABLE,
	  PASS(TUNNEL_UNKNOWN) },
	{ "G6-03", "no key instead of 0", C_GRE6KEY0, GRE(), TO_VX, ACCEL },
	TAKEN("G6-04a", 0040),
	TAKEN("G6-04b", 0008),
	TAKEN("G6-04c", 0080),
	TAKEN("G6-04d", 0800),
	LOST("G6-05a", 4000),
	LOST("G6-05b", 0001),
	{ "G6-06", "4 bytes of MPLS", C_GRE6, GRE(V(GRE_PROTO, 0x8847), S(IN_HEX, "00005140")),
	  TO_VX, PASS(INNER_TYPE) },
	{ "G6-07a", "a checksum that the device does not want", C_GRE6, FLAGS(8000),
	  NOT("vx.rx_crc_errors+1 vx.rx_errors+1"), PASS(TUNNEL_CSUM) },
	{ "G6-07b", "a wrong checksum", C_GRE6, GRE(V(GRE_FLAGS, 0x8000), V(GRE_CSUM, 0x1234)),
	  SILENT, PASS(TUNNEL_CSUM) },
	{ "G6-08a", "CE over Not-ECT", C_GRE6, GRE(V(IP_TOS, 3)),
	  NOT("vx.rx_frame_errors+1 vx.rx_errors+1"), PASS(INNER_ECN) },
	{ "G6-08b", "CE over ECT(0)", C_GRE6, GRE(V(IP_TOS, 3), V(IN_TOS, 2)),
	  .k = { .to = "vx", .tos = 1 + 3 }, ACCEL },
	{ "G6-09a", "WCCP: a header, IPv6", C_GRE6,
	  GRE(V(GRE_PROTO, 0x883e), S(SHIM, "00000000"), V(IN_V6, 1)), TO_VX, PASS(INNER_TYPE) },
	{ "G6-09b", "WCCP: IPv4", C_GRE6, GRE(V(GRE_PROTO, 0x883e)),
	  .k = { .to = "vx", .count = "Ip6InHdrErrors+1" }, PASS(INNER_TYPE) },
	{ "G6-10a", "dscp inherit: IPv4", C_GRE6DSCP, GRE(V(IP_TOS, 0xb8), V(IN_TOS, 0x10)),
	  .k = { .to = "vx", .tos = 1 + 0xb8 }, PASS(TUNNEL_UNKNOWN) },
	{ "G6-10b", "dscp inherit: IPv6", C_GRE6DSCP, GRE(V(IP_TOS, 0xb8), V(IN_V6, 1)),
	  .k = { .to = "vx", .tos = 1 + 0xb8 }, PASS(TUNNEL_UNKNOWN) },
	{ "G6-11", "dscp inherit: MPLS is written to", C_GRE6DSCP,
	  GRE(V(IP_TOS, 0xb8), V(GRE_PROTO, 0x8847), S(SHIM, "00005140")),
	  .k = { .to = "vx", .front = 4, .patch = "0=0b805140" }, PASS(TUNNEL_UNKNOWN) },
	{ "G6-12", "dscp inherit: the header behind Ethernet is broken", C_TAP6DSCP,
	  TAP(V(IP_TOS, 0xb8), V(IN_TOS, 0x10)),
	  .k = { .to = "vx", .patch = "14=4b90", .count = "IpInHdrErrors+1 IpExtInCsumErrors+1" },
	  PASS(TUNNEL_UNKNOWN) },
	{ "G6-13a", "Ethernet to a gretap beside a gre", C_TAP6BOTH, TAP(), TO_VX, ACCEL, OR_PASS },
	{ "G6-13b", "Ethernet to a gre", C_GRE6, TAP(), TO_VX, PASS(TUNNEL_UNKNOWN) },
	{ "G6-14", "ERSPAN II, session 0, to a gretap", C_TAP6,
	  GRE(V(GRE_PROTO, 0x88be), V(GRE_FLAGS, 0x1000), V(GRE_SEQ, 1),
	      S(SHIM, "10000000 00000001")),
	  TO_VX, PASS(TUNNEL_STATE) },
	{ "G6-15", "Ethernet, key 5, to an ERSPAN device", C_ERSPAN6,
	  TAP(V(GRE_FLAGS, 0x3000), V(GRE_KEY, 5), V(GRE_SEQ, 9)), TO_VX, PASS(TUNNEL_STATE) },
	{ "G6-16", "ERSPAN I", C_ERSPAN6, GRE(V(GRE_PROTO, 0x88be)), UNREACHABLE,
	  PASS(TUNNEL_STATE) },
	{ "G6-17", "local only, bound to the ingress, before an exact one", C_GRE6BOUND, GRE(),
	  TO_VX, PASS(TUNNEL_UNKNOWN) },
	{ "G6-18", "CE over VID 1", C_TAP6,
	  TAP(V(IP_TOS, 3), V(IN_TAG1, 0x81000001), V(IN_TOS, 2)), TO_VX,
	  PASS(INNER_VLAN_ECN) },
	{ "G6-19", "Ethernet", C_TAP6, TAP(), TO_VX, ACCEL },
	{ "G6-20", "Ethernet, key 0", C_TAP6, TAP(KEY(0)), TO_VX, ACCEL, OR_PASS },
};

ROW_TABLE(rows_gre6, "GRE over IPv6");
