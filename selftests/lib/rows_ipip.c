// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* IPv4 and MPLS in IPv4: rows IP-01 to IP-15, MP-01 to MP-03, FU-09. */
#include "rows.h"

#define IPIP(...)     DO(V(KIND, R_IP), __VA_ARGS__)
#define UNREACHABLE   .k = { .icmp = "3/3" }
#define SILENT	      NOT("")
#define FRAME_ERROR   NOT("vx.rx_frame_errors+1 vx.rx_errors+1")
#define CE	      .k = { .to = "vx", .tos = 1 + 3 }
#define LABEL	      "00005140"
#define MPLS(...)     IPIP(V(IP_PROTO, 137), __VA_ARGS__)
/* 10.0.0.2 -> 10.0.0.1, protocol 4, around the 52 bytes of I4 */
#define AROUND	      "45000048 00010000 400466af 0a000002 0a000001"
#define PIECE(...)    { .edit = { V(KIND, R_IP), __VA_ARGS__ } }
#define FIRST(n, ...) PIECE(V(SLICE, n), V(SLICE_MORE, 1), __VA_ARGS__)
#define LAST(n, ...)  PIECE(V(SLICE, (n) << 16), __VA_ARGS__)
#define REASSEMBLED   "IpReasmReqds+2 IpReasmOKs+1"

static const struct row rows[] = {
	{ "IP-01", "a good packet", C_IPIP, IPIP(), TO_VX, ACCEL },
	{ "IP-02a", "no inner byte", C_IPIP, IPIP(V(IN_KEEP, 0)), SILENT, PASS(INNER_SHORT) },
	{ "IP-02b", "4 inner bytes", C_IPIP, IPIP(V(IN_KEEP, 4)), SILENT, PASS(INNER_SHORT) },
	{ "IP-02c", "19 inner bytes", C_IPIP, IPIP(V(IN_KEEP, 19)), SILENT, PASS(INNER_SHORT) },
	{ "IP-03", "20 inner bytes", C_IPIP, IPIP(V(IN_KEEP, 20)),
	  .k = { .to = "vx", .count = "IpExtInTruncatedPkts+1" }, PASS(INNER_IP) },
	{ "IP-04", "a tunnel in the tunnel, both of this device", C_IPIP, IPIP(S(SHIM, AROUND)),
	  .k = { .to = "vx", .front = 20, .then = 52 }, PASS(ROUTE_LOCAL) },
	{ "IP-05a", "IPv6 as protocol 4", C_IPIP, IPIP(V(IN_V6, 1), V(IP_PROTO, 4)),
	  .k = { .to = "vx", .count = "IpInHdrErrors+1" }, PASS(INNER_IP) },
	{ "IP-05b", "inner version 5", C_IPIP, IPIP(V(IN_IP_VER, 5)),
	  .k = { .to = "vx", .count = "IpInHdrErrors+1" }, PASS(INNER_IP) },
	{ "IP-05c", "inner checksum wrong", C_IPIP, IPIP(V(IN_IP_CSUM_XOR, 1)),
	  .k = { .to = "vx", .count = "IpInHdrErrors+1 IpExtInCsumErrors+1" }, PASS(INNER_IP) },
	{ "IP-06", "9 bytes behind the inner packet", C_IPIP, IPIP(V(IN_PAD, 9)), TO_VX, ACCEL },
	{ "IP-07", "inner TTL 0", C_IPIP, IPIP(V(IN_TTL, 0)), TO_VX, PASS(INNER_TTL) },
	{ "IP-08a", "CE over Not-ECT", C_IPIP, IPIP(V(IP_TOS, 3)), FRAME_ERROR,
	  PASS(INNER_ECN) },
	{ "IP-08b", "CE over ECT(1)", C_IPIP, IPIP(V(IP_TOS, 3), V(IN_TOS, 1)), CE, ACCEL },
	{ "IP-09", "not from the remote", C_IPIP, IPIP(S(IP_SRC, "10.0.0.3")), UNREACHABLE,
	  PASS(ENDPOINT) },
	{ "IP-10", "not from the remote, tunl0 is up", C_TUNL0, IPIP(S(IP_SRC, "10.0.0.3")), TO_VX,
	  PASS(ENDPOINT) },
	{ "IP-11", "IPv4, mode mplsip", C_MPLSIP, IPIP(), SILENT,
	  PASS_LIVE(TUNNEL_UNKNOWN, NOT_TUNNEL) },
	{ "IP-12", "two fragments, more than the device's MTU", C_IPIP,
	  .pkt = { FIRST(1000, V(IN_DATA, 2000), V(IP_ID, 12)),
		   LAST(1000, V(IN_DATA, 2000), V(IP_ID, 12)) },
	  .k = { .to = "vx", .count = REASSEMBLED }, PASS(IP_FRAGMENT) },
	{ "IP-13a", "fragments ECT(0) and CE, Not-ECT inside", C_IPIP,
	  .pkt = { FIRST(24, V(IP_TOS, 2), V(IP_ID, 131)), LAST(24, V(IP_TOS, 3), V(IP_ID, 131)) },
	  NOT(REASSEMBLED " vx.rx_frame_errors+1 vx.rx_errors+1"), PASS(IP_FRAGMENT) },
	{ "IP-13b", "fragments ECT(0) and CE, ECT(0) inside", C_IPIP,
	  .pkt = { FIRST(24, V(IP_TOS, 2), V(IP_ID, 132), V(IN_TOS, 2)),
		   LAST(24, V(IP_TOS, 3), V(IP_ID, 132), V(IN_TOS, 2)) },
	  .k = { .to = "vx", .tos = 1 + 3, .count = REASSEMBLED }, PASS(IP_FRAGMENT) },
	{ "IP-13c", "fragments Not-ECT and CE", C_IPIP,
	  .pkt = { FIRST(24, V(IP_ID, 133)), LAST(24, V(IP_TOS, 3), V(IP_ID, 133)) },
	  NOT("IpReasmReqds+2 IpReasmFails+1"), PASS(IP_FRAGMENT) },
	{ "IP-14", "a VTI has the same endpoints", C_IPIPVTI, IPIP(),
	  NOT("vx.rx_errors+1 vx.rx_dropped+1 XfrmInNoStates?+1"), PASS(VTI) },
	{ "IP-15a", "IPsec required", C_IPIPXFRM, IPIP(), NOT("XfrmInTmplMismatch?+1"),
	  PASS_LIVE(GATE_OUTER, GATE_ROUTE) },
	{ "FU-09", "plain IPIP to a device with encap fou", C_IPIPFOU, IPIP(), TO_VX, ACCEL },
	{ "MP-01a", "a label, mode mplsip", C_MPLSIP, MPLS(S(SHIM, LABEL)),
	  .k = { .to = "vx", .front = 4 }, PASS_LIVE(NOT_TUNNEL, TUNNEL_UNKNOWN) },
	{ "MP-01b", "a label, mode any", C_IPIP, MPLS(S(SHIM, LABEL)),
	  .k = { .to = "vx", .front = 4 }, PASS(INNER_TYPE) },
	{ "MP-02a", "3 bytes of label", C_MPLSIP, MPLS(S(IN_HEX, "000051")), SILENT,
	  PASS_LIVE(NOT_TUNNEL, TUNNEL_UNKNOWN) },
	{ "MP-02b", "4 bytes of label", C_MPLSIP, MPLS(S(IN_HEX, LABEL)), TO_VX,
	  PASS_LIVE(NOT_TUNNEL, TUNNEL_UNKNOWN) },
	{ "MP-03", "CE over a label", C_MPLSIP, MPLS(S(SHIM, LABEL), V(IP_TOS, 3)),
	  .k = { .to = "vx", .front = 4 }, PASS_LIVE(NOT_TUNNEL, TUNNEL_UNKNOWN) },
};

ROW_TABLE(rows_ipip, "IPIP, MPLS in IP");
