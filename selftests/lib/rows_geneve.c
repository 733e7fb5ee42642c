// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* GENEVE: rows GN-01 to GN-25. */
#include "rows.h"

#define GN(...)	    DO(V(KIND, R_GENEVE), __VA_ARGS__)
#define TAG(tci)    (0x8100u << 16 | (tci))
#define DGRAM	    "UdpInDatagrams+1"
#define LOST	    NOT(DGRAM)
#define FRAME_ERROR NOT(DGRAM " vx.rx_frame_errors+1 vx.rx_errors+1")
#define TOO_SHORT   NOT(DGRAM " vx.rx_length_errors+1 vx.rx_errors+1")
#define DROPPED	    NOT(DGRAM " vx.rx_dropped+1")

#define LOST_61	    .k61 = &(const struct outcome){ .count = DGRAM }

#define Z4  "00000000 "
#define Z20 Z4 Z4 Z4 Z4 Z4
#define Z60 Z20 Z20 Z20
/* Two options that fill the 63 words: 128 and 124 bytes. */
#define OPTS_252 "0102001f " Z60 Z60 Z4 "0102001e " Z60 Z60

static const struct row rows[] = {
	{ "GN-01a", "a good packet", C_GN, GN(), TO_VX, ACCEL },
	{ "GN-01b", "UDP checksum 0", C_GN, GN(V(UDP_CSUM, 0)), TO_VX, ACCEL },
	{ "GN-02", "not from the remote", C_GN, GN(S(IP_SRC, "10.0.0.3")), LOST, PASS(ENDPOINT) },
	{ "GN-03a", "VNI 6", C_GN, GN(V(GN_VNI, 6)), LOST, PASS(TUNNEL_UNKNOWN) },
	{ "GN-03b", "version 1", C_GN, GN(V(GN_W0, 0x40006558)), LOST, PASS(TUNNEL_FLAGS) },
	{ "GN-04", "O bit", C_GN, GN(V(GN_W0, 0x00806558)), TO_VX, PASS(TUNNEL_FLAGS) },
	{ "GN-05", "C bit, no options", C_GN, GN(V(GN_W0, 0x00406558)), FRAME_ERROR,
	  PASS(TUNNEL_FLAGS) },
	{ "GN-06a", "reserved bits of byte 1", C_GN, GN(V(GN_W0, 0x003f6558)), TO_VX, ACCEL },
	{ "GN-06b", "byte 7 is ff", C_GN, GN(V(GN_B7, 0xff)), TO_VX, ACCEL },
	{ "GN-07", "a critical option without the C bit", C_GN,
	  GN(S(GN_OPTS, "0102 80 01 00000000")), TO_VX, ACCEL },
	{ "GN-08", "a critical option and the C bit", C_GN,
	  GN(S(GN_OPTS, "0102 80 01 00000000"), V(GN_W0, 0x02406558)), FRAME_ERROR,
	  PASS(TUNNEL_FLAGS) },
	{ "GN-09", "an option that claims 124 bytes", C_GN,
	  GN(S(GN_OPTS, "0102 00 1f 00000000")), TO_VX, ACCEL },
	{ "GN-10", "252 bytes of options", C_GN, GN(S(GN_OPTS, OPTS_252)), TO_VX, ACCEL },
	{ "GN-11", "more options than bytes", C_GN, GN(V(GN_W0, 0x3f006558)), DROPPED,
	  PASS(INNER_SHORT) },
	/* what looks like addresses then is unknown to the bridge */
	{ "GN-12", "4 bytes of options that are the frame's", C_GN, GN(V(GN_W0, 0x01006558)),
	  .k = { .to = "vx", .front = -4 }, PASS(DST_UNKNOWN) },
	{ "GN-13", "IPv4 inside", C_GN, GN(V(GN_W0, 0x00000800), V(IN_BARE, 1)), DROPPED,
	  PASS(TUNNEL_FLAGS) },
	{ "GN-14a", "13 inner bytes", C_GN, GN(V(IN_FRAME_KEEP, 13)), DROPPED,
	  PASS(INNER_SHORT) },
	{ "GN-14b", "no inner byte", C_GN, GN(V(IN_FRAME_KEEP, 0)), DROPPED,
	  PASS(INNER_SHORT) },
	{ "GN-15", "14 inner bytes, IPv4", C_GN, GN(V(IN_FRAME_KEEP, 14)), TOO_SHORT,
	  PASS(INNER_SHORT) },
	{ "GN-16", "7 bytes of header", C_GN, GN(V(UDP_KEEP, 15)), LOST, PASS(SHORT) },
	{ "GN-17", "inner source is the device's MAC", C_GN, GN(S(IN_SRC, PKT_MAC_T)),
	  NOT(DGRAM " vx.rx_errors+1"), PASS(INNER_OWN_MAC) },
	{ "GN-18", "inner source multicast", C_GN, GN(S(IN_SRC, "01:aa:00:00:00:02")), TO_VX,
	  PASS(MAC_INVALID) },
	{ "GN-19", "CE over Not-ECT", C_GN, GN(V(IP_TOS, 3)), FRAME_ERROR, PASS(INNER_ECN) },
	{ "GN-19e", "CE over ECT(0)", C_GN, GN(V(IP_TOS, 3), V(IN_TOS, 2)),
	  .k = { .to = "vx", .tos = 1 + 3 }, ACCEL },
	{ "GN-20", "CE over a tagged frame", C_GN, GN(V(IP_TOS, 3), V(IN_TAG1, TAG(1))), TO_VX,
	  PASS(INNER_VLAN_ECN) },
	{ "GN-20t", "a tagged frame", C_GN, GN(V(IN_TAG1, TAG(1))), TO_VX, ACCEL },
	{ "GN-21", "C bit, a rule looks at tun_id", C_GNRULE, GN(V(GN_W0, 0x00406558)), TO_VX,
	  PASS_LIVE(TUNNEL_UNKNOWN, TUNNEL_FLAGS) },
	{ "GN-22a", "inherit: IPv4", C_GNINHERIT, GN(V(GN_W0, 0x00000800), V(IN_BARE, 1)),
	  RAW_VX, PASS(TUNNEL_UNKNOWN) },
	{ "GN-22b", "inherit: Ethernet, which is taken off", C_GNINHERIT, GN(),
	  .k = { .to = "vx", .raw = true, .front = -14 }, PASS(TUNNEL_UNKNOWN) },
	{ "GN-22c", "inherit: MPLS", C_GNINHERIT,
	  GN(V(GN_W0, 0x00008847), V(IN_BARE, 1), S(SHIM, "00005140")),
	  .k = { .to = "vx", .raw = true, .front = 4 }, LOST_61, PASS(TUNNEL_UNKNOWN) },
	{ "GN-22d", "inherit: 19 bytes of IPv4", C_GNINHERIT,
	  GN(V(GN_W0, 0x00000800), V(IN_BARE, 1), V(IN_KEEP, 19)), TOO_SHORT,
	  PASS(TUNNEL_UNKNOWN) },
	{ "GN-23a", "external: C bit", C_GNEXTERNAL, GN(V(GN_W0, 0x00406558)), TO_VX,
	  PASS_LIVE(TUNNEL_UNKNOWN, ENDPOINT) },
	{ "GN-23b", "external: VNI 9 from anybody", C_GNEXTERNAL,
	  GN(V(GN_VNI, 9), S(IP_SRC, "10.0.0.3")), TO_VX, PASS(ENDPOINT) },
	{ "GN-24", "over IPv6, UDP checksum 0", C_GN6, GN(V(V6, 1), V(UDP_CSUM, 0)),
	  NOT("Udp6InCsumErrors+1 Udp6InErrors+1"), PASS(UDP_CSUM_ZERO6) },
	{ "GN-24g", "over IPv6", C_GN6, GN(V(V6, 1)), TO_VX, ACCEL },
	{ "GN-24o", "over IPv6, 252 bytes of options", C_GN6,
	  GN(V(V6, 1), S(GN_OPTS, OPTS_252)), TO_VX, ACCEL },
	{ "GN-24z", "over IPv6, UDP checksum 0, udp6zerocsumrx", C_GN6Z,
	  GN(V(V6, 1), V(UDP_CSUM, 0)), TO_VX, ACCEL },
	{ "GN-25", "the device is down", C_GNDOWN, GN(),
	  .k = { .count = "UdpNoPorts+1", .icmp = "3/3" }, PASS(NOT_TUNNEL) },
};

ROW_TABLE(rows_geneve, "GENEVE");
