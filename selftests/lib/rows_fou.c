// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * FOU: rows FU-01 to FU-11. Ports 5555 (protocol 4), 5557 (47) and 5558 (41)
 * in all configurations but the last ones, and devices without any encap.
 */
#include "rows.h"

#define FOU(...)    DO(V(KIND, R_UDP), __VA_ARGS__)
#define UNREACHABLE .count = "UdpInDatagrams+1", .icmp = "3/3"
#define LOST	    NOT("UdpInDatagrams+1")

static const struct row rows[] = {
	{ "FU-01a", "IPv4", C_FOU4, FOU(), TO_VX, ACCEL },
	{ "FU-01b", "UDP checksum 0", C_FOU4, FOU(V(UDP_CSUM, 0)), TO_VX, ACCEL },
	{ "FU-01e", "CE over ECT(0)", C_FOU4, FOU(V(IP_TOS, 3), V(IN_TOS, 2)),
	  .k = { .to = "vx", .tos = 1 + 3 }, ACCEL },
	{ "FU-02", "UDP checksum wrong", C_FOU4, FOU(V(UDP_CSUM, 0x1234)),
	  NOT("UdpInCsumErrors+1 UdpInErrors+1"), PASS(UDP_CSUM) },
	{ "FU-03a", "no inner byte", C_FOU4, FOU(V(IN_KEEP, 0)), LOST, PASS(INNER_SHORT) },
	{ "FU-03b", "19 inner bytes", C_FOU4, FOU(V(IN_KEEP, 19)), LOST, PASS(INNER_SHORT) },
	{ "FU-04", "not from the remote", C_FOU4, FOU(S(IP_SRC, "10.0.0.3")), .k = { UNREACHABLE },
	  PASS(ENDPOINT) },
	{ "FU-05", "IPv6 to the port of IPv4", C_FOU4, FOU(V(IN_V6, 1)),
	  .k = { .to = "vx", .count = "IpInHdrErrors+1" }, PASS(INNER_IP) },
	{ "FU-06", "CE over Not-ECT", C_FOU4, FOU(V(IP_TOS, 3)),
	  NOT("UdpInDatagrams+1 vx.rx_frame_errors+1 vx.rx_errors+1"), PASS(INNER_ECN) },
	{ "FU-07a", "GRE", C_FOUGRE, FOU(V(UDP_DPORT, 5557), S(SHIM, "00000800")), TO_VX, ACCEL },
	{ "FU-07b", "GRE with 7 inner bytes", C_FOUGRE,
	  FOU(V(UDP_DPORT, 5557), S(SHIM, "00000800"), V(IN_KEEP, 7)), LOST, PASS(SHORT) },
	{ "FU-08", "IPv6", C_FOU6, FOU(V(UDP_DPORT, 5558), V(IN_V6, 1)), TO_VX, ACCEL },
	{ "FU-10", "a port for another peer", C_FOUPEER, FOU(),
	  .k = { .count = "UdpNoPorts+1", .icmp = "3/3" }, PASS(NOT_TUNNEL) },
	{ "FU-11", "over IPv6, UDP checksum 0", C_FOUOVER6,
	  FOU(V(V6, 1), V(UDP_DPORT, 5558), V(IN_V6, 1), V(UDP_CSUM, 0)), TO_VX, ACCEL },
	{ "FU-11c", "over IPv6", C_FOUOVER6, FOU(V(V6, 1), V(UDP_DPORT, 5558), V(IN_V6, 1)), TO_VX,
	  ACCEL },
	{ "FU-11w", "over IPv6, UDP checksum wrong", C_FOUOVER6,
	  FOU(V(V6, 1), V(UDP_DPORT, 5558), V(IN_V6, 1), V(UDP_CSUM, 0x1234)),
	  NOT("Udp6InCsumErrors+1 Udp6InErrors+1"), PASS(UDP_CSUM) },
};

ROW_TABLE(rows_fou, "FOU");
