// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* VXLAN-GPE: rows GPE-01 to GPE-04. The device delivers without Ethernet. */
#include "rows.h"

#define GPE(w, ...) DO(V(UDP_DPORT, 4790), V(VX_W0, 0x##w), V(VX_VNI, 5), __VA_ARGS__)
#define RAW	    .k = { .to = "vx", .raw = true }
#define LOST	    NOT("UdpInDatagrams+1")
#define ZERO_32	    "00000000 00000000 00000000 00000000 " \
		"00000000 00000000 00000000 00000000"
#define LOST_618 \
	.k618 = &(const struct outcome) \
	{ \
		.count = "UdpInDatagrams+1 vx.rx_frame_errors+1 vx.rx_errors+1" \
	}

static const struct row rows[] = {
	{ "GPE-01a", "IPv4", C_GPE, GPE(0c000001, V(IN_BARE, 1)), RAW,
	  PASS_LIVE(NOT_TUNNEL, TUNNEL_UNKNOWN) },
	{ "GPE-01b", "IPv6", C_GPE, GPE(0c000002, V(IN_BARE, 1), V(IN_V6, 1)), RAW,
	  PASS_LIVE(NOT_TUNNEL, TUNNEL_UNKNOWN) },
	{ "GPE-01c", "MPLS", C_GPE,
	  GPE(0c000005, V(IN_BARE, 1), S(IN_HEX, "00005140 " ZERO_32)), RAW,
	  PASS_LIVE(NOT_TUNNEL, TUNNEL_UNKNOWN) },
	{ "GPE-01d", "NSH", C_GPE, GPE(0c000004, V(IN_BARE, 1), S(IN_HEX, ZERO_32)),
	  RAW, PASS_LIVE(NOT_TUNNEL, TUNNEL_UNKNOWN) },
	{ "GPE-02", "Ethernet", C_GPE, GPE(0c000003, V(IN_V6, 0)), RAW,
	  PASS_LIVE(NOT_TUNNEL, TUNNEL_UNKNOWN) },
	{ "GPE-03a", "unknown protocol", C_GPE, GPE(0c000006, V(IN_BARE, 1)), LOST,
	  PASS_LIVE(NOT_TUNNEL, TUNNEL_UNKNOWN) },
	{ "GPE-03b", "P clear", C_GPE, GPE(08000001, V(IN_BARE, 1)), LOST,
	  PASS_LIVE(NOT_TUNNEL, TUNNEL_UNKNOWN) },
	{ "GPE-03c", "version 1", C_GPE, GPE(1c000001, V(IN_BARE, 1)), LOST,
	  PASS_LIVE(NOT_TUNNEL, TUNNEL_UNKNOWN) },
	{ "GPE-03d", "O bit", C_GPE, GPE(0d000001, V(IN_BARE, 1)), LOST,
	  PASS_LIVE(NOT_TUNNEL, TUNNEL_UNKNOWN) },
	{ "GPE-04a", "reserved byte 2", C_GPE, GPE(0c000101, V(IN_BARE, 1)), LOST,
	  LOST_618, PASS_LIVE(NOT_TUNNEL, TUNNEL_UNKNOWN) },
	{ "GPE-04b", "reserved bit of byte 0", C_GPE, GPE(0e000001, V(IN_BARE, 1)),
	  LOST, LOST_618, PASS_LIVE(NOT_TUNNEL, TUNNEL_UNKNOWN) },
	{ "GPE-04c", "byte 7", C_GPE, GPE(0c000001, V(IN_BARE, 1), V(VX_B7, 1)), LOST,
	  LOST_618, PASS_LIVE(NOT_TUNNEL, TUNNEL_UNKNOWN) },
};

ROW_TABLE(rows_gpe, "VXLAN-GPE");
