// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* ESP to the endpoints of a VTI, which xfrm knows no state for: VT-01, VT-02. */
#include "rows.h"

#define ESP(...) \
	DO(V(KIND, R_IP), V(IP_PROTO, 50), \
	   S(IN_HEX, "00000100 00000001 00010203 04050607 08090a0b 0c0d0e0f"), __VA_ARGS__)
#define NO_STATE NOT("vx.rx_errors+1 vx.rx_dropped+1 XfrmInNoStates?+1")

static const struct row rows[] = {
	{ "VT-01", "ESP", C_VTI, ESP(), NO_STATE, PASS(VTI) },
	{ "VT-01p", "plain IPIP", C_VTI, DO(V(KIND, R_IP)), NO_STATE, PASS(VTI) },
	{ "VT-02", "ESP over IPv6", C_VTI6, ESP(V(V6, 1)), NO_STATE, PASS(VTI) },
};

ROW_TABLE(rows_vti, "VTI");
