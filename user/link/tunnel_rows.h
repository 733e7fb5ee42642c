/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Rows that kinds of IP tunnels have in common, for initialisers. The
 * attributes mean the same in all of them, but have other numbers: FAMILY is
 * IFLA_GRE or IFLA_IPTUN. Defaults of IPv6 tunnels are those of iproute2.
 */
#ifndef PN_LINK_TUNNEL_ROWS_H
#define PN_LINK_TUNNEL_ROWS_H

#include <linux/if_tunnel.h>
#include <linux/ip6_tunnel.h>

#include "link/kind.h"

extern const struct pn_named pn_ttl_names[];	/* 0: inherit */
extern const struct pn_named pn_tos_names[];	/* 1: inherit */
extern const struct pn_named pn_bit_names[];	/* PN_NUM_BIT: inherit */
extern const struct pn_named pn_elim_names[];	/* PN_NUM_BIT: none */
extern const struct pn_named pn_dscp_names[];
extern const struct pn_named pn_encap_names[];
extern const struct pn_named pn_port_names[];	/* 0: auto */

/* No bits of a key, in FLAGS or nowhere. */
#define PN_GRE_KEY	0x2000
#define PN_GRE_SEQ	0x1000
#define PN_GRE_CSUM	0x8000

#define PN_ROWS_ADDR(FAMILY, ip) \
	{ .name = "remote", .type = ip, .attr = FAMILY##_REMOTE, .flags = PN_ROW_TUNNEL, \
	  .def = "any", .help = "address of the other end, or a multicast group" }, \
	{ .name = "local", .type = ip, .attr = FAMILY##_LOCAL, .flags = PN_ROW_TUNNEL, \
	  .def = "any", .help = "source address of the tunnel" }, \
	{ .name = "dev", .type = PN_T_DEV, .attr = FAMILY##_LINK, .flags = PN_ROW_TUNNEL, \
	  .help = "the device that carries the tunnel" }

#define PN_ROWS_ENCAP(FAMILY) \
	{ .name = "encap", .type = PN_T_U16, .attr = FAMILY##_ENCAP_TYPE, \
	  .named = pn_encap_names, .def = "none", .help = "UDP around it: FOU or GUE" }, \
	{ .name = "encap-sport", .type = PN_T_BE16, .attr = FAMILY##_ENCAP_SPORT, .min = 1, \
	  .max = 65535, .named = pn_port_names, .def = "auto", .help = "UDP source port" }, \
	{ .name = "encap-dport", .type = PN_T_BE16, .attr = FAMILY##_ENCAP_DPORT, \
	  .max = 65535, .def = "0", .help = "UDP destination port" }, \
	{ .name = "encap-csum", .type = PN_T_BIT16, .attr = FAMILY##_ENCAP_FLAGS, \
	  .mask = TUNNEL_ENCAP_FLAG_CSUM, .help = "send UDP checksums over IPv4" }, \
	{ .name = "encap-csum6", .type = PN_T_BIT16, .attr = FAMILY##_ENCAP_FLAGS, \
	  .mask = TUNNEL_ENCAP_FLAG_CSUM6, .help = "send UDP checksums over IPv6" }, \
	{ .name = "encap-remcsum", .type = PN_T_BIT16, .attr = FAMILY##_ENCAP_FLAGS, \
	  .mask = TUNNEL_ENCAP_FLAG_REMCSUM, .help = "remote checksum offload of GUE" }

#define PN_ROWS_IPV4(FAMILY) \
	{ .name = "ttl", .alias = "hoplimit", .type = PN_T_U8, .attr = FAMILY##_TTL, .min = 1, \
	  .max = 255, .named = pn_ttl_names, .flags = PN_ROW_TUNNEL, \
	  .help = "time to live of the outer header" }, \
	{ .name = "tos", .alias = "dsfield", .type = PN_T_U8, .attr = FAMILY##_TOS, .max = 255, \
	  .named = pn_tos_names, .flags = PN_ROW_HEX | PN_ROW_TUNNEL, .def = "0", \
	  .help = "type of service of the outer header" }, \
	{ .name = "pmtudisc", .type = PN_T_BOOL, .attr = FAMILY##_PMTUDISC, .def = "true", \
	  .help = "set Don't Fragment, learn the path's MTU" }, \
	{ .name = "fwmark", .type = PN_T_U32, .attr = FAMILY##_FWMARK, .max = UINT32_MAX, \
	  .flags = PN_ROW_HEX | PN_ROW_TUNNEL, .def = "0", \
	  .help = "firewall mark of the outer packet" }

#define PN_ROWS_IPV6(FAMILY) \
	{ .name = "hoplimit", .alias = "ttl", .type = PN_T_U8, .attr = FAMILY##_TTL, .max = 255, \
	  .named = pn_ttl_names, .flags = PN_ROW_EXPLICIT | PN_ROW_TUNNEL, .def = "64", \
	  .help = "hop limit of the outer header" }, \
	{ .name = "encaplimit", .type = PN_T_U8, .attr = FAMILY##_ENCAP_LIMIT, \
	  .attr2 = FAMILY##_FLAGS, .bit = IP6_TNL_F_IGN_ENCAP_LIMIT, .max = 255, \
	  .named = pn_elim_names, .flags = PN_ROW_EXPLICIT | PN_ROW_TUNNEL, .def = "4", \
	  .help = "tunnels in tunnels allowed, sent as a destination option; " \
		  "none: no such option" }, \
	{ .name = "tclass", .alias = "tos", .type = PN_T_FIELD_BE, .attr = FAMILY##_FLOWINFO, \
	  .mask = 0x0ff00000, .attr2 = FAMILY##_FLAGS, .bit = IP6_TNL_F_USE_ORIG_TCLASS, \
	  .max = 255, .named = pn_bit_names, .flags = PN_ROW_HEX | PN_ROW_TUNNEL, .def = "0", \
	  .help = "traffic class of the outer header" }, \
	{ .name = "flowlabel", .type = PN_T_FIELD_BE, .attr = FAMILY##_FLOWINFO, \
	  .mask = 0x000fffff, .attr2 = FAMILY##_FLAGS, .bit = IP6_TNL_F_USE_ORIG_FLOWLABEL, \
	  .max = 0xfffff, .named = pn_bit_names, .flags = PN_ROW_HEX | PN_ROW_TUNNEL, \
	  .def = "0", .help = "flow label of the outer header" }, \
	{ .name = "fwmark", .type = PN_T_U32, .attr = FAMILY##_FWMARK, \
	  .attr2 = FAMILY##_FLAGS, .bit = IP6_TNL_F_USE_ORIG_FWMARK, .max = UINT32_MAX, \
	  .named = pn_bit_names, .flags = PN_ROW_HEX | PN_ROW_TUNNEL, .def = "0", \
	  .help = "firewall mark of the outer packet" }, \
	{ .name = "dscp", .type = PN_T_FIELD, .attr = FAMILY##_FLAGS, \
	  .mask = IP6_TNL_F_RCV_DSCP_COPY, .named = pn_dscp_names, .flags = PN_ROW_TUNNEL, \
	  .def = "none", .help = "inherit: copied to the inner header when received" }, \
	{ .name = "allow-localremote", .type = PN_T_BIT32, .attr = FAMILY##_FLAGS, \
	  .mask = IP6_TNL_F_ALLOW_LOCAL_REMOTE, .flags = PN_ROW_TUNNEL, \
	  .help = "the remote may be an address of this host" }

#define PN_ROW_EXTERNAL(FAMILY) \
	{ .name = "external", .type = PN_T_FLAG, .attr = FAMILY##_COLLECT_METADATA, \
	  .flags = PN_ROW_FIXED, .def = "false", \
	  .help = "tunnel parameters come with each packet" }

/* -EINVAL for a row that has no meaning beside `external`; for check hooks. */
int pn_tunnel_check(const struct pn_rows *rows, const struct pn_value *v, int *row,
		    char *why, size_t why_len);

#endif
