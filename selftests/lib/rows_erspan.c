// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * ERSPAN: rows ER-01 to ER-16. The device counts sequence numbers, so the rows
 * of one configuration are one stream, in this order.
 */
#include "rows.h"

#define SPAN(proto, seq, header, ...) \
	DO(V(KIND, R_GRE), V(GRE_PROTO, proto), V(GRE_FLAGS, 0x1000), V(GRE_SEQ, seq), \
	   S(SHIM, header), __VA_ARGS__)
#define II(seq, header, ...) SPAN(0x88be, seq, header, __VA_ARGS__)
#define I(proto)	     DO(V(KIND, R_GRE), V(GRE_PROTO, proto))
#define SESSION_5	     "10000005 00000001"
#define UNREACHABLE	     .k = { .icmp = "3/3" }
#define SILENT		     NOT("")
#define SEQ_ERROR	     NOT("vx.rx_fifo_errors+1 vx.rx_errors+1")

static const struct row rows[] = {
	{ "ER-01", "type II", C_ERSPAN1, II(1, SESSION_5), TO_VX, PASS(TUNNEL_STATE) },
	{ "ER-02", "session 6", C_ERSPAN1, II(2, "10000006 00000001"), UNREACHABLE,
	  PASS(TUNNEL_STATE) },
	{ "ER-03", "type III to a type II device", C_ERSPAN1,
	  SPAN(0x22eb, 3, "20000005 00000000 00000000"), TO_VX, PASS(TUNNEL_STATE) },
	{ "ER-04a", "88be, version 2", C_ERSPAN1, II(4, "20000005 00000000 00000000"), TO_VX,
	  PASS(TUNNEL_STATE) },
	{ "ER-04b", "22eb, version 1", C_ERSPAN1, SPAN(0x22eb, 5, SESSION_5), TO_VX,
	  PASS(TUNNEL_STATE) },
	{ "ER-04c", "88be, version 7", C_ERSPAN1, II(6, "70000005 00000000 00000000"), TO_VX,
	  PASS(TUNNEL_STATE) },
	{ "ER-05", "version 0 behind 8 bytes of GRE", C_ERSPAN1, II(7, "00000005 00000001"),
	  .k = { .to = "vx", .front = 8 }, PASS(TUNNEL_STATE) },
	{ "ER-06", "type I", C_ERSPAN1, I(0x88be), UNREACHABLE, PASS(TUNNEL_UNKNOWN) },
	{ "ER-07", "the sequence number before", C_ERSPAN1, II(7, SESSION_5), SEQ_ERROR,
	  PASS(TUNNEL_STATE) },
	{ "ER-08", "a key, no sequence number", C_ERSPAN1,
	  DO(V(KIND, R_GRE), V(GRE_PROTO, 0x88be), V(GRE_FLAGS, 0x2000), V(GRE_KEY, 5),
	     S(SHIM, SESSION_5)),
	  SEQ_ERROR, PASS(TUNNEL_STATE) },
	{ "ER-09a", "GRE key 9, session 5", C_ERSPAN1,
	  DO(V(KIND, R_GRE), V(GRE_PROTO, 0x88be), V(GRE_FLAGS, 0x3000), V(GRE_KEY, 9),
	     V(GRE_SEQ, 9), S(SHIM, SESSION_5)),
	  TO_VX, PASS(TUNNEL_STATE) },
	{ "ER-09b", "GRE key 5, session 9", C_ERSPAN1,
	  DO(V(KIND, R_GRE), V(GRE_PROTO, 0x88be), V(GRE_FLAGS, 0x3000), V(GRE_KEY, 5),
	     V(GRE_SEQ, 10), S(SHIM, "10000009 00000001")),
	  UNREACHABLE, PASS(TUNNEL_STATE) },
	{ "ER-10a", "13 inner bytes", C_ERSPAN1, II(11, SESSION_5, V(IN_FRAME_KEEP, 13)), SILENT,
	  PASS(TUNNEL_STATE) },
	{ "ER-10b", "3 bytes of header", C_ERSPAN1, II(12, "100000", V(IN_FRAME_KEEP, 0)),
	  SILENT, PASS(TUNNEL_STATE) },
	{ "ER-10c", "4 bytes of header", C_ERSPAN1, II(13, "10000005", V(IN_FRAME_KEEP, 0)),
	  UNREACHABLE, PASS(TUNNEL_STATE) },
	{ "ER-11a", "T bit", C_ERSPAN1, II(14, "10000405 00000001"), TO_VX, PASS(TUNNEL_STATE) },
	{ "ER-11b", "VLAN 7, En 2", C_ERSPAN1, II(15, "10071005 00000001"), TO_VX,
	  PASS(TUNNEL_STATE) },
	{ "ER-12", "O bit and a sub-header", C_ERSPAN1,
	  SPAN(0x22eb, 16, "20000005 00000000 00000001 1122334455667788"),
	  .k = { .to = "vx", .front = 8 }, PASS(TUNNEL_STATE) },
	{ "ER-12v", "the same to a type III device", C_ERSPAN2,
	  SPAN(0x22eb, 1, "20000005 00000000 00000001 1122334455667788"),
	  .k = { .to = "vx", .front = 8 }, PASS(TUNNEL_STATE) },
	{ "ER-13", "22eb behind 4 bytes of GRE", C_ERSPAN2, I(0x22eb), UNREACHABLE,
	  PASS(TUNNEL_UNKNOWN) },
	{ "ER-14a", "type I", C_ERSPAN0, I(0x88be), TO_VX, ACCEL },
	{ "ER-14b", "type I as 22eb", C_ERSPAN0, I(0x22eb), TO_VX, ACCEL, OR_PASS },
	{ "ER-15a", "type II, session 0", C_ERSPAN0, II(1, "10000000 00000001"), UNREACHABLE,
	  PASS(TUNNEL_STATE) },
	{ "ER-15b", "Ethernet in GRE", C_ERSPAN0, I(0x6558), UNREACHABLE, PASS(TUNNEL_UNKNOWN) },
	{ "ER-16", "CE over VID 1", C_ERSPAN1,
	  II(17, SESSION_5, V(IN_TAG1, 0x81000001), V(IP_TOS, 3)),
	  .k = { .to = "vx", .patch = "15=03 24=fffd" }, PASS(TUNNEL_STATE) },
};

ROW_TABLE(rows_erspan, "ERSPAN");
