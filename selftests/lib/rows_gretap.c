// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Ethernet in GRE over IPv4: rows TAP-01 to TAP-09, NV-01. */
#include "rows.h"

#define TAP(...)    DO(V(KIND, R_GRE), V(GRE_PROTO, 0x6558), __VA_ARGS__)
#define TAG(tci)    (0x8100u << 16 | (tci))
#define UNREACHABLE .k = { .icmp = "3/3" }
#define SILENT	    NOT("")
#define TOO_SHORT   NOT("vx.rx_length_errors+1 vx.rx_errors+1")
#define DF	    V(IN_FRAG, 0x4000)

static const struct row rows[] = {
	{ "TAP-01", "a good packet", C_TAP, TAP(), TO_VX, ACCEL },
	{ "TAP-01p", "12 bytes behind the inner packet", C_TAP, TAP(V(IN_PAD, 12)), TO_VX,
	  ACCEL },
	{ "TAP-02a", "inner source is the device's MAC", C_TAP, TAP(S(IN_SRC, PKT_MAC_T)), TO_VX,
	  PASS(SRC_MOVED) },
	{ "TAP-02b", "inner source multicast", C_TAP, TAP(S(IN_SRC, "01:aa:00:00:00:02")), TO_VX,
	  PASS(MAC_INVALID) },
	{ "TAP-03", "IPv4 without Ethernet", C_TAP, DO(V(KIND, R_GRE)), UNREACHABLE,
	  PASS(TUNNEL_UNKNOWN) },
	{ "TAP-04a", "7 inner bytes", C_TAP, TAP(V(IN_FRAME_KEEP, 7)), SILENT, PASS(SHORT) },
	{ "TAP-04b", "8 inner bytes", C_TAP, TAP(V(IN_FRAME_KEEP, 8)), SILENT,
	  PASS(INNER_SHORT) },
	{ "TAP-04c", "13 inner bytes", C_TAP, TAP(V(IN_FRAME_KEEP, 13)), SILENT,
	  PASS(INNER_SHORT) },
	{ "TAP-05a", "14 inner bytes, IPv4", C_TAP, TAP(V(IN_FRAME_KEEP, 14)), TOO_SHORT,
	  PASS(INNER_SHORT) },
	{ "TAP-05b", "33 inner bytes, IPv4", C_TAP, TAP(V(IN_FRAME_KEEP, 33)), TOO_SHORT,
	  PASS(INNER_SHORT) },
	{ "TAP-05c", "inner IPv6 with 39 bytes", C_TAP, TAP(V(IN_V6, 1), V(IN_KEEP, 39)),
	  TOO_SHORT, PASS(INNER_SHORT) },
	/* the driver reads the tag as an IP header: see INNER_VLAN_ECN */
	{ "TAP-06", "CE over VID 100", C_TAP, TAP(V(IN_TAG1, TAG(100)), V(IP_TOS, 3)),
	  NOT("vx.rx_frame_errors+1 vx.rx_errors+1"), PASS(INNER_VLAN_ECN) },
	{ "TAP-07", "CE over VID 1", C_TAP,
	  TAP(V(IN_TAG1, TAG(1)), V(IN_TOS, 2), DF, V(IP_TOS, 3)),
	  .k = { .to = "vx", .patch = "15=03 24=3ffe" }, PASS(INNER_VLAN_ECN) },
	{ "TAP-08", "ECT(1) over VID 2", C_TAP, TAP(V(IN_TAG1, TAG(2)), DF, V(IP_TOS, 1)),
	  .k = { .to = "vx", .patch = "15=01 24=4001" }, PASS(INNER_VLAN_ECN) },
	{ "TAP-09a", "CE over VID 3", C_TAP, TAP(V(IN_TAG1, TAG(3)), V(IP_TOS, 3)), TO_VX,
	  PASS(INNER_VLAN_ECN) },
	{ "TAP-09b", "ECT(0) over VID 100", C_TAP, TAP(V(IN_TAG1, TAG(100)), V(IP_TOS, 2)),
	  TO_VX, PASS(INNER_VLAN_ECN) },
	{ "TAP-09c", "CE over VID 1, ARP", C_TAP,
	  TAP(V(IN_TAG1, TAG(1)), V(IN_ARP, 1), V(IP_TOS, 3)), TO_VX, PASS(INNER_VLAN_ECN) },
	{ "TAP-10", "a tagged frame", C_TAP, TAP(V(IN_TAG1, TAG(100))), TO_VX, ACCEL },
	{ "TAP-11", "CE over ECT(0)", C_TAP, TAP(V(IN_TOS, 2), V(IP_TOS, 3)),
	  .k = { .to = "vx", .tos = 1 + 3 }, ACCEL },
	{ "NV-01a", "VSID 0x123, flow 0x45", C_TAPKEY,
	  TAP(V(GRE_FLAGS, 0x2000), V(GRE_KEY, 0x12345)), TO_VX, ACCEL },
	{ "NV-01b", "another flow", C_TAPKEY, TAP(V(GRE_FLAGS, 0x2000), V(GRE_KEY, 0x12300)),
	  UNREACHABLE, PASS(TUNNEL_UNKNOWN) },
};

ROW_TABLE(rows_gretap, "GRETAP, NVGRE");
