// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* IPv4, IPv6 and MPLS in IPv6: rows T6-01 to T6-10, MP-04. */
#include "rows.h"

#define TNL(...)   DO(V(KIND, R_IP), V(V6, 1), __VA_ARGS__)
#define TNL6(...)  TNL(V(IN_V6, 1), __VA_ARGS__)
#define SILENT	   NOT("")
#define LIMIT(n)   VS(EXT6, 60, "29 00 04 01 " #n " 01 01 00")

static const struct row rows[] = {
	{ "T6-01a", "IPv6", C_IP6TNL, TNL6(), TO_VX, ACCEL },
	{ "T6-01b", "IPv4", C_IP6TNL, TNL(), TO_VX, ACCEL },
	{ "T6-02a", "encapsulation limit 4", C_IP6TNL, TNL6(LIMIT(04)), TO_VX, ACCEL },
	{ "T6-02b", "encapsulation limit 0", C_IP6TNL, TNL6(LIMIT(00)), TO_VX, ACCEL },
	{ "T6-03a", "39 bytes of IPv6", C_IP6TNL, TNL6(V(IN_KEEP, 39)), SILENT,
	  PASS(INNER_SHORT) },
	{ "T6-03b", "19 bytes of IPv4", C_IP6TNL, TNL(V(IN_KEEP, 19)), SILENT,
	  PASS(INNER_SHORT) },
	{ "T6-04", "CE over Not-ECT", C_IP6TNL, TNL6(V(IP_TOS, 3)),
	  NOT("vx.rx_frame_errors+1 vx.rx_errors+1"), PASS(INNER_ECN) },
	{ "T6-04e", "CE over ECT(0), a DSCP that stays", C_IP6TNL,
	  TNL6(V(IP_TOS, 0x2b), V(IN_TOS, 0xba)), .k = { .to = "vx", .tos = 1 + 0xbb }, ACCEL },
	{ "T6-05", "the remote is an address of ours", C_IP6TNLOWN, TNL6(), SILENT,
	  PASS_LIVE(TUNNEL_UNKNOWN, ENDPOINT) },
	{ "T6-06", "IPv4, mode ip6ip6", C_IP6IP6, TNL(), SILENT,
	  PASS_LIVE(TUNNEL_UNKNOWN, NOT_TUNNEL) },
	/* right for IP, but the device is not told from one that breaks other payloads */
	{ "T6-07a", "dscp inherit", C_IP6TNLDSCP, TNL(V(IP_TOS, 0xb8), V(IN_TOS, 0x10)),
	  .k = { .to = "vx", .tos = 1 + 0xb8 }, PASS(TUNNEL_UNKNOWN) },
	{ "T6-07b", "dscp inherit, CE over ECT(0)", C_IP6TNLDSCP,
	  TNL(V(IP_TOS, 0xbb), V(IN_TOS, 0x12)), .k = { .to = "vx", .tos = 1 + 0xbb },
	  PASS(TUNNEL_UNKNOWN) },
	{ "T6-08a", "all devices: remote and local", C_IP6TNLALL, TNL6(), TO_VX, ACCEL, OR_PASS },
	{ "T6-08b", "without that: local only", C_IP6TNLLOCAL, TNL6(), TO_VX,
	  PASS(TUNNEL_UNKNOWN) },
	/* with xfrm's own tunnel handler loaded it is taken there, without an answer */
	{ "T6-09", "not from the remote", C_IP6TNL, TNL6(S(IP_SRC, "fd00::3")),
	  .k = { .icmp = "1/4?", .count = "XfrmInNoStates?+?" }, PASS(ENDPOINT) },
	{ "T6-10", "atomic fragment", C_IP6TNL, TNL6(VS(EXT6, 44, "29 00 00 00 00 00 00 4d")),
	  .k = { .to = "vx", .count = "Ip6ReasmReqds+1 Ip6ReasmOKs+1" }, PASS(IP_FRAGMENT) },
	{ "MP-04a", "32 bytes of MPLS", C_IP6TNL,
	  TNL(V(IP_PROTO, 137), S(SHIM, "00005140"), V(IN_KEEP, 28)), SILENT, PASS(INNER_TYPE) },
	{ "MP-04b", "56 bytes of MPLS", C_IP6TNL, TNL(V(IP_PROTO, 137), S(SHIM, "00005140")),
	  .k = { .to = "vx", .front = 4 }, PASS(INNER_TYPE) },
};

ROW_TABLE(rows_ip6tnl, "IP and MPLS in IPv6");
