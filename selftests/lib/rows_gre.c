// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * GRE over IPv4 to a device without Ethernet: rows GR-01 to GR-32. MPLS and
 * what else is no IP is delivered to the device, and never routed by the fast
 * path.
 */
#include "rows.h"

#define GRE(...)     DO(V(KIND, R_GRE), __VA_ARGS__)
#define UNREACHABLE  .k = { .icmp = "3/3" }
#define SILENT	     NOT("")
#define CRC_ERROR    NOT("vx.rx_crc_errors+1 vx.rx_errors+1")
#define SEQ_ERROR    NOT("vx.rx_fifo_errors+1 vx.rx_errors+1")
#define TOO_SHORT    NOT("vx.rx_length_errors+1 vx.rx_errors+1")
#define FLAGS(f)     GRE(V(GRE_FLAGS, 0x##f))
#define KEY(k)	     V(GRE_FLAGS, 0x2000), V(GRE_KEY, k)
#define SEQ(id, c, n, ...) \
	{ \
		id, "sequence number " #n, c, GRE(V(GRE_FLAGS, 0x1000), V(GRE_SEQ, 0x##n)), \
			__VA_ARGS__, PASS(TUNNEL_STATE) \
	}
#define TAKEN(id, f) { id, "flags " #f, C_GRE, FLAGS(f), TO_VX, PASS(TUNNEL_FLAGS) }
#define LOST(id, f)  { id, "flags " #f, C_GRE, FLAGS(f), SILENT, PASS(TUNNEL_FLAGS) }
#define SHORT(id, n) { id, #n " inner bytes", C_GRE, GRE(V(IN_KEEP, n)), SILENT, PASS(SHORT) }

static const struct row rows[] = {
	{ "GR-01a", "IPv4", C_GRE, GRE(), TO_VX, ACCEL },
	{ "GR-01b", "IPv6", C_GRE, GRE(V(IN_V6, 1)), TO_VX, ACCEL },
	{ "GR-01c", "MPLS", C_GRE, GRE(V(GRE_PROTO, 0x8847), S(SHIM, "00005140")),
	  .k = { .to = "vx", .front = 4 }, PASS(INNER_TYPE) },
	{ "GR-02a", "ARP", C_GRE, GRE(V(IN_ARP, 1)), TO_VX, PASS(INNER_TYPE) },
	{ "GR-02b", "protocol 0", C_GRE, GRE(V(GRE_PROTO, 0), S(IN_HEX, "0001020304050607")),
	  TO_VX, PASS(INNER_TYPE) },
	{ "GR-02c", "PPP", C_GRE,
	  GRE(V(GRE_PROTO, 0x880b), S(IN_HEX, "0001020304050607 08090a0b 08090a0b 08090a0b")),
	  TO_VX, PASS(INNER_TYPE) },
	{ "GR-03a", "key 0, the device has none", C_GRE, GRE(KEY(0)), UNREACHABLE,
	  PASS(TUNNEL_UNKNOWN) },
	{ "GR-03b", "key 7, the device has none", C_GRE, GRE(KEY(7)), UNREACHABLE,
	  PASS(TUNNEL_UNKNOWN) },
	{ "GR-04a", "key 7", C_GREKEY7, GRE(KEY(7)), TO_VX, ACCEL },
	{ "GR-04b", "key 8 instead of 7", C_GREKEY7, GRE(KEY(8)), UNREACHABLE,
	  PASS(TUNNEL_UNKNOWN) },
	{ "GR-04c", "no key instead of 7", C_GREKEY7, GRE(), UNREACHABLE,
	  PASS(TUNNEL_UNKNOWN) },
	{ "GR-05a", "no key instead of 0", C_GREKEY0, GRE(), UNREACHABLE,
	  PASS(TUNNEL_UNKNOWN) },
	{ "GR-05b", "key 0", C_GREKEY0, GRE(KEY(0)), TO_VX, ACCEL },
	{ "GR-06", "a checksum that the device does not want", C_GRE, FLAGS(8000), CRC_ERROR,
	  PASS(TUNNEL_CSUM) },
	{ "GR-07a", "a wrong checksum", C_GRE, GRE(V(GRE_FLAGS, 0x8000), V(GRE_CSUM, 0x1234)),
	  SILENT, PASS(TUNNEL_CSUM) },
	{ "GR-07b", "a wrong checksum, icsum", C_GREICSUM,
	  GRE(V(GRE_FLAGS, 0x8000), V(GRE_CSUM, 0x1234)), SILENT, PASS(TUNNEL_CSUM) },
	{ "GR-08a", "a checksum, icsum", C_GREICSUM, FLAGS(8000), TO_VX, ACCEL },
	{ "GR-08b", "no checksum, icsum", C_GREICSUM, GRE(), CRC_ERROR, PASS(TUNNEL_CSUM) },
	{ "GR-08c", "reserved1 that is summed up, icsum", C_GREICSUM,
	  GRE(V(GRE_FLAGS, 0x8000), V(GRE_RES, 0x1234)), TO_VX, ACCEL, OR_PASS },
	{ "GR-09", "2 bytes that are not summed up, icsum", C_GREICSUM,
	  GRE(V(GRE_FLAGS, 0x8000), V(GRE_TAIL, 2)), SILENT, PASS(TUNNEL_CSUM) },
	{ "GR-10", "a sequence number, the device has none", C_GRE,
	  GRE(V(GRE_FLAGS, 0x1000), V(GRE_SEQ, 5)), TO_VX, PASS(TUNNEL_STATE) },
	SEQ("GR-11a", C_GRESEQ, 0, TO_VX),
	SEQ("GR-11b", C_GRESEQ, 1, TO_VX),
	SEQ("GR-11c", C_GRESEQ, 5, TO_VX),
	SEQ("GR-11d", C_GRESEQ, 4, SEQ_ERROR),
	SEQ("GR-11e", C_GRESEQ, 5, SEQ_ERROR),
	SEQ("GR-11f", C_GRESEQ, 6, TO_VX),
	SEQ("GR-11g", C_GRESEQ, ffffffff, SEQ_ERROR),
	SEQ("GR-11h", C_GRESEQ, 0, SEQ_ERROR),
	SEQ("GR-11i", C_GRESEQ, 1, SEQ_ERROR),
	{ "GR-11j", "no sequence number", C_GRESEQ, GRE(), SEQ_ERROR, PASS(TUNNEL_UNKNOWN) },
	SEQ("GR-12a", C_GRESEQ2, 80000000, TO_VX),
	SEQ("GR-12b", C_GRESEQ2, 80000001, TO_VX),
	SEQ("GR-12c", C_GRESEQ2, 1, TO_VX),
	SEQ("GR-12d", C_GRESEQ2, ffffffff, SEQ_ERROR),
	SEQ("GR-12e", C_GRESEQ2, 0, SEQ_ERROR),
	SEQ("GR-12f", C_GRESEQ2, 5, TO_VX),
	LOST("GR-13", 4000),
	TAKEN("GR-14a", 0800),
	TAKEN("GR-14b", 0100),
	TAKEN("GR-14c", 0700),
	TAKEN("GR-14d", 0080),
	LOST("GR-15a", 0040),
	LOST("GR-15b", 0008),
	LOST("GR-15c", 0001),
	LOST("GR-15d", 0002),
	LOST("GR-15e", 0007),
	SHORT("GR-16a", 0),
	SHORT("GR-16b", 1),
	SHORT("GR-16c", 4),
	SHORT("GR-16d", 7),
	{ "GR-17a", "8 inner bytes", C_GRE, GRE(V(IN_KEEP, 8)), TOO_SHORT, PASS(INNER_SHORT) },
	{ "GR-17b", "19 inner bytes", C_GRE, GRE(V(IN_KEEP, 19)), TOO_SHORT,
	  PASS(INNER_SHORT) },
	/* the device takes it, routing does not */
	{ "GR-18", "20 inner bytes", C_GRE, GRE(V(IN_KEEP, 20)),
	  .k = { .to = "vx", .count = "IpExtInTruncatedPkts+1" }, PASS(INNER_IP) },
	{ "GR-19a", "6 bytes of MPLS", C_GRE,
	  GRE(V(GRE_PROTO, 0x8847), S(IN_HEX, "00005140 0001")), SILENT, PASS(SHORT) },
	{ "GR-19b", "8 bytes of MPLS", C_GRE,
	  GRE(V(GRE_PROTO, 0x8847), S(IN_HEX, "00005140 00010203")), TO_VX, PASS(INNER_TYPE) },
	{ "GR-20a", "WCCP: IPv4", C_GRE, GRE(V(GRE_PROTO, 0x883e)), TO_VX, PASS(INNER_TYPE) },
	{ "GR-20b", "WCCP: a header, IPv4", C_GRE, GRE(V(GRE_PROTO, 0x883e), S(SHIM, "00000000")),
	  TO_VX, PASS(INNER_TYPE) },
	{ "GR-21", "WCCP: a header that looks like IPv4", C_GRE,
	  GRE(V(GRE_PROTO, 0x883e), S(SHIM, "40000000")),
	  .k = { .to = "vx", .front = 4, .count = "IpInHdrErrors+1" }, PASS(INNER_TYPE) },
	{ "GR-22", "WCCP with a key", C_GRE, GRE(V(GRE_PROTO, 0x883e), KEY(7)), UNREACHABLE,
	  PASS(TUNNEL_UNKNOWN) },
	{ "GR-23", "not from the remote", C_GRE, GRE(S(IP_SRC, "10.0.0.3")), UNREACHABLE,
	  PASS(ENDPOINT) },
	{ "GR-24a", "CE over Not-ECT", C_GRE, GRE(V(IP_TOS, 3)),
	  NOT("vx.rx_frame_errors+1 vx.rx_errors+1"), PASS(INNER_ECN) },
	{ "GR-24b", "CE over ECT(0)", C_GRE, GRE(V(IP_TOS, 3), V(IN_TOS, 2)),
	  .k = { .to = "vx", .tos = 1 + 3 }, ACCEL },
	{ "GR-24c", "ECT(1) over ECT(0), IPv6", C_GRE,
	  GRE(V(IP_TOS, 1), V(IN_TOS, 0xba), V(IN_V6, 1)),
	  .k = { .to = "vx", .tos = 1 + 0xb9 }, ACCEL },
	{ "GR-25", "Ethernet", C_GRE, GRE(V(GRE_PROTO, 0x6558)), TO_VX, PASS(TUNNEL_UNKNOWN) },
	{ "GR-26a", "10 bytes behind the inner packet", C_GRE, GRE(V(IN_PAD, 10)), TO_VX,
	  ACCEL },
	{ "GR-26b", "10 bytes behind the outer packet", C_GRE, GRE(V(TRAIL, 10)), TO_VX,
	  ACCEL },
	/* exact matches win wherever they are bound or not: the keys may be written */
	{ "GR-27a", "all devices: remote and local", C_GREALL, GRE(), TO_VX, ACCEL, OR_PASS },
	{ "GR-27b", "without that: remote only", C_GREREMOTE, GRE(), TO_VX, ACCEL, OR_PASS },
	{ "GR-27c", "without that: local only", C_GRELOCAL, GRE(), TO_VX,
	  PASS_LIVE(TUNNEL_UNKNOWN, ENDPOINT) },
	{ "GR-27d", "without that: external", C_GREEXTERNAL, GRE(), TO_VX,
	  PASS_LIVE(TUNNEL_UNKNOWN, ENDPOINT) },
	{ "GR-27e", "without that: gre0", C_GRE0, GRE(), TO_VX,
	  PASS_LIVE(TUNNEL_UNKNOWN, ENDPOINT) },
	{ "GR-28", "local only, bound to the ingress, before an exact one", C_GREBOUND, GRE(),
	  TO_VX, PASS(TUNNEL_UNKNOWN) },
	{ "GR-29a", "exact, bound to another device", C_GREOTHER, GRE(), TO_VX, ACCEL, OR_PASS },
	{ "GR-29b", "the same, older than an unbound one", C_GREOLDER, GRE(), TO_VX,
	  PASS(TUNNEL_UNKNOWN) },
	{ "GR-30", "key 7, only gre0", C_GRE0, GRE(KEY(7)), TO_VX,
	  PASS_LIVE(TUNNEL_UNKNOWN, ENDPOINT) },
	{ "GR-31", "IPsec required", C_GREXFRM, GRE(), NOT("XfrmInTmplMismatch?+1"),
	  PASS_LIVE(GATE_OUTER, GATE_ROUTE) },
	{ "GR-32", "to a group", C_GREGROUP,
	  GRE(KEY(7), S(ETH_DST, "01:00:5e:01:01:01"), S(IP_DST, "239.1.1.1")),
	  .k = { .to = "vx", .count = "vx.multicast+1" }, PASS(OTHER_MAC) },
};

ROW_TABLE(rows_gre, "GRE");
