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
	/* GENEVE */
	C_GN,
	C_GN6,
	C_GN6Z,
	C_GNRULE,
	C_GNINHERIT,
	C_GNEXTERNAL,
	C_GNDOWN,
	/* GRE over IPv4 */
	C_GRE,
	C_GREKEY7,
	C_GREKEY0,
	C_GREICSUM,
	C_GRESEQ,
	C_GRESEQ2,
	C_GREALL,
	C_GREREMOTE,
	C_GRELOCAL,
	C_GREEXTERNAL,
	C_GRE0,
	C_GREBOUND,
	C_GREOTHER,
	C_GREOLDER,
	C_GREXFRM,
	C_GREGROUP,
	C_TAP,
	C_TAPKEY,
	C_ERSPAN0,
	C_ERSPAN1,
	C_ERSPAN2,
	/* GRE over IPv6 */
	C_GRE6,
	C_GRE6KEY0,
	C_GRE6DSCP,
	C_GRE6BOUND,
	C_TAP6,
	C_TAP6DSCP,
	C_TAP6BOTH,
	C_ERSPAN6,
	/* IP in IP */
	C_IPIP,
	C_MPLSIP,
	C_TUNL0,
	C_IPIPVTI,
	C_IPIPXFRM,
	C_IPIPFOU,
	C_SIT,
	C_SITIP6,
	C_SITIP4,
	C_SITBOUND,
	C_SITXFRM,
	C_6TO4,
	C_6TO4PREFIX,
	C_6RD,
	C_ISATAP,
	C_IP6TNL,
	C_IP6TNLOWN,
	C_IP6IP6,
	C_IP6TNLDSCP,
	C_IP6TNLALL,
	C_IP6TNLLOCAL,
	/* FOU and GUE ports, and one device each that takes what comes out */
	C_FOU4,
	C_FOU6,
	C_FOUGRE,
	C_FOUPEER,
	C_FOUOVER6,
	C_VTI,
	C_VTI6,
	/* Routed: behind a filter of sources, beside odd routes; L2 tunnels in no bridge */
	C_GRERPF,
	C_GREMTU,
	C_VXR,
	C_GNR,
	C_TAPR,
	C_TAP6R,
	CONFIGS
};

/*
 * The device that gets the packet is `vx` in all of them, whatever its kind.
 * Where a configuration is run with somewhere to go (bridged or routed), the
 * data plane is judged there; otherwise it can only pass.
 */
struct config {
	const char *name;
	const char *ip;	       /* lines for ip -batch */
	const char *bridge;    /* lines for bridge -batch */
	const char *sysctl[2]; /* key, value */
	const char *needs;     /* link type a kernel may lack: then lab only */
	bool bridged;	       /* also run with vx and a workload in a bridge */
	bool routed;	       /* also run with a route to a workload */
	bool whole;	       /* rx_bytes of vx counts all of the inner packet */
};

extern const struct config configs[CONFIGS];

/* Where the workload is. */
enum form { FORM_PLAIN,
	    FORM_BRIDGED,
	    FORM_ROUTED };

/* The form in which the data plane is judged by the rows of a configuration. */
static inline enum form config_form(enum config_id id)
{
	if (configs[id].bridged)
		return FORM_BRIDGED;
	return configs[id].routed ? FORM_ROUTED : FORM_PLAIN;
}

struct outcome {
	const char *to; /* device that gets the inner frame; NULL: none */
	uint16_t len;	/* of it, if not the whole inner frame */
	uint16_t tos;	/* 1 + its TOS, if rewritten by ECN */
	uint32_t mark;
	bool partial;	   /* its checksum is left unfinished */
	bool raw;	   /* no Ethernet header: all of it counts as bytes */
	int16_t front;	   /* bytes of the shim in front of it, or missing there */
	const char *patch; /* "offset=hex ...": bytes that are different */
	uint16_t then;	   /* length of a second packet out of the first one */
	const char *count; /* "UdpInErrors+1 vx.rx_errors+1": what moves beside
				 * the three counters of a delivery; nothing else of
				 * the watched ones may. "?" before "+": or is absent */
	const char *icmp;  /* "type/code" or "type/code/pointer" sent back; "?": or not */
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
	enum pn_reason reason;
	enum pn_reason live;   /* where the mirror filled the maps, if another */
	bool or_pass;	       /* forwarded as the kernel does, or passed */
};

/* Delivered whole on vx, nothing unusual. */
#define TO_VX	.k = { .to = "vx" }
#define NOT(c)	.k = { .count = c }
#define DO(...) .pkt = { { .edit = { __VA_ARGS__ } } }
#define RAW_VX	.k = { .to = "vx", .raw = true }
#define ACCEL	.fp = PN_FORWARD, .reason = PN_R_DECAP
#define OR_PASS .or_pass = true
#define PASS(r) .fp = PN_PASS, .reason = PN_R_##r
/* In a struct world there is the device itself, in the mirror's maps a reason why not. */
#define PASS_LIVE(r, live_r) PASS(r), .live = PN_R_##live_r

struct row_table {
	const char *name;
	const struct row *row;
	int n;
};

extern const struct row_table rows_outer4, rows_outer6, rows_vxlan, rows_gpe,
	rows_ecn, rows_geneve, rows_gre, rows_gretap, rows_erspan, rows_gre6, rows_ipip,
	rows_sit, rows_ip6tnl, rows_fou, rows_gue, rows_vti, rows_routed;

/* All of them. */
#define ROW_TABLES 17
extern const struct row_table *const row_tables[ROW_TABLES];

#define ROW_TABLE(table, title) \
	const struct row_table table = { title, rows, sizeof(rows) / sizeof(rows[0]) }

#endif
