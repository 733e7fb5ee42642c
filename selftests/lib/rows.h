/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The conformance tables as data: what is sent to which configuration, what
 * the kernel does with it, and what the data plane must do. One row is one
 * packet (or the packets of one datagram). The kernel's outcome is asserted
 * against the kernel alone first; only then is the data plane compared.
 */
#ifndef PN_TEST_ROWS_H
#define PN_TEST_ROWS_H

#include <penstock/abi.h>

#include "recipe.h"

/* Devices of the namespace under test beside the wire `d`; see configs.c. */
enum config_id {
	C_VX,
	C_VX6,
	C_VX6Z,
	C_VXL,
	C_PERM,
	C_VNI0,
	C_VNIMAX,
	C_GROUP,
	C_OTHERDEV,
	C_DOWN,
	C_DOWN6,
	C_RPF,
	C_XFRM,
	C_GBP,
	C_GBPL,
	C_REMCSUM,
	C_VNIFILTER,
	C_GPE,
	C_VLAN,
	C_QINQ,
	C_VRF,
	C_VRFACCEPT,
	C_VRFDEV,
	C_BRNF,
	CONFIGS
};

struct config {
	const char *name;
	const char *ip;	       /* lines for ip -batch */
	const char *bridge;    /* lines for bridge -batch */
	const char *sysctl[2]; /* key, value */
	const char *needs;     /* link type a kernel may lack: then lab only */
	bool bridged;	       /* also run with vx and a workload in a bridge */
};

extern const struct config configs[CONFIGS];

struct outcome {
	const char *to; /* device that gets the inner frame; NULL: none */
	uint16_t len;	/* of it, if not the whole inner frame */
	uint16_t tos;	/* 1 + its TOS, if rewritten by ECN */
	uint32_t mark;
	bool partial;	   /* its checksum is left unfinished */
	bool raw;	   /* no Ethernet header: all of it counts as bytes */
	const char *count; /* "UdpInErrors+1 vx.rx_errors+1": what moves beside
				 * the three counters of a delivery; nothing else of
				 * the watched ones may. "?" before "+": or is absent */
	const char *icmp;  /* "type/code" or "type/code/pointer" sent back */
	const char *fdb;   /* "MAC VTEP": entry of vx afterwards */
};

#define ROW_PACKETS 3

struct row {
	const char *id;
	const char *name;
	enum config_id config;
	struct recipe pkt[ROW_PACKETS];
	struct outcome k;	    /* 6.12 and whatever has no row of its own */
	const struct outcome *k61;  /* where 6.1 differs */
	const struct outcome *k618; /* where 6.14 and later differ */
	enum pn_verdict fp;
	enum pn_reason reason; /* PN_R_NONE: any of that verdict */
};

/* Delivered whole on vx, nothing unusual. */
#define TO_VX	.k = { .to = "vx" }
#define NOT(c)	.k = { .count = c }
#define DO(...) .pkt = { { .edit = { __VA_ARGS__ } } }
#define ACCEL	.fp = PN_FORWARD, .reason = PN_R_DECAP
#define PASS(r) .fp = PN_PASS, .reason = PN_R_##r

struct row_table {
	const char *name;
	const struct row *row;
	int n;
};

extern const struct row_table rows_outer4, rows_outer6, rows_vxlan, rows_gpe,
	rows_ecn;

#define ROW_TABLE(table, title) \
	const struct row_table table = { title, rows, sizeof(rows) / sizeof(rows[0]) }

#endif
