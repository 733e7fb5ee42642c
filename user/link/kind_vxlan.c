// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * vxlan. The kernel's own default for the UDP port, 8472, is not the one of
 * RFC 7348: the port is always sent, 4789 unless the file says otherwise.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "link/kind.h"

static const struct pn_named ttl_names[] = {
	{ "auto", 0 },
	{ "inherit", 256 },
	{ NULL, 0 },
};

static const struct pn_named tos_names[] = {
	{ "inherit", 1 },
	{ NULL, 0 },
};

static const struct pn_named df_names[] = {
	{ "unset", VXLAN_DF_UNSET },
	{ "set", VXLAN_DF_SET },
	{ "inherit", VXLAN_DF_INHERIT },
	{ NULL, 0 },
};

#define SWITCH(word, id, fixed, text) \
	{ .name = word, .type = PN_T_BOOL, .attr = IFLA_VXLAN_##id, .flags = fixed, \
	  .def = "false", .help = text }
#define FLAG(word, id, text) \
	{ .name = word, .type = PN_T_FLAG, .attr = IFLA_VXLAN_##id, \
	  .flags = PN_ROW_FIXED, .def = "false", .help = text }

#define VXLAN_LOCALBYPASS	31	/* 6.5, younger than the oldest headers */

static const struct pn_row vxlan_row[] = {
	{ .name = "id", .alias = "vni", .type = PN_T_U32, .attr = IFLA_VXLAN_ID,
	  .max = 0xffffff, .flags = PN_ROW_FIXED,
	  .help = "the VXLAN network identifier; required unless external" },
	{ .name = "local", .type = PN_T_IP, .attr = IFLA_VXLAN_LOCAL,
	  .attr2 = IFLA_VXLAN_LOCAL6, .help = "source address of the tunnel" },
	{ .name = "remote", .type = PN_T_IP, .attr = IFLA_VXLAN_GROUP,
	  .attr2 = IFLA_VXLAN_GROUP6,
	  .help = "where frames for unknown addresses go: a VTEP or a multicast group" },
	{ .name = "dev", .type = PN_T_DEV, .attr = IFLA_VXLAN_LINK,
	  .help = "the device that carries the tunnel" },
	{ .name = "dstport", .type = PN_T_BE16, .attr = IFLA_VXLAN_PORT, .min = 1,
	  .max = 65535, .flags = PN_ROW_FIXED | PN_ROW_EXPLICIT, .def = "4789",
	  .help = "UDP destination port" },
	{ .name = "srcport", .type = PN_T_RANGE, .attr = IFLA_VXLAN_PORT_RANGE,
	  .max = 65535, .flags = PN_ROW_FIXED, .def = "0 0",
	  .help = "range of UDP source ports; 0 0: the kernel's" },
	{ .name = "ttl", .alias = "hoplimit", .type = PN_T_TTL, .attr = IFLA_VXLAN_TTL,
	  .attr2 = IFLA_VXLAN_TTL_INHERIT, .min = 1, .max = 255, .named = ttl_names,
	  .def = "auto", .help = "time to live of the outer header" },
	{ .name = "tos", .alias = "dsfield", .type = PN_T_U8, .attr = IFLA_VXLAN_TOS,
	  .max = 255, .named = tos_names, .flags = PN_ROW_HEX, .def = "0",
	  .help = "type of service of the outer header" },
	{ .name = "df", .type = PN_T_U8, .attr = IFLA_VXLAN_DF, .named = df_names,
	  .def = "unset", .help = "the outer Don't Fragment bit" },
	{ .name = "flowlabel", .type = PN_T_BE32, .attr = IFLA_VXLAN_LABEL,
	  .max = 0xfffff, .flags = PN_ROW_HEX, .def = "0",
	  .help = "flow label of an outer IPv6 header" },
	{ .name = "ageing", .type = PN_T_U32, .attr = IFLA_VXLAN_AGEING,
	  .max = UINT32_MAX, .unit = "seconds", .def = "300",
	  .help = "lifetime of a learnt entry" },
	{ .name = "maxaddress", .type = PN_T_U32, .attr = IFLA_VXLAN_LIMIT,
	  .max = UINT32_MAX, .flags = PN_ROW_FIXED, .def = "0",
	  .help = "most FDB entries; 0: no limit" },
	{ .name = "learning", .type = PN_T_BOOL, .attr = IFLA_VXLAN_LEARNING, .def = "true",
	  .help = "learn MAC and VTEP from received frames" },
	SWITCH("proxy", PROXY, PN_ROW_FIXED, "answer ARP"),
	SWITCH("rsc", RSC, PN_ROW_FIXED, "short-circuit routing"),
	SWITCH("l2miss", L2MISS, PN_ROW_FIXED, "notify of unknown MAC addresses"),
	SWITCH("l3miss", L3MISS, PN_ROW_FIXED, "notify of unknown IP addresses"),
	{ .name = "udpcsum", .type = PN_T_BOOL, .attr = IFLA_VXLAN_UDP_CSUM,
	  .flags = PN_ROW_FIXED, .def = "true", .help = "send UDP checksums over IPv4" },
	SWITCH("udp6zerocsumtx", UDP_ZERO_CSUM6_TX, PN_ROW_FIXED,
	       "send zero UDP checksums over IPv6"),
	SWITCH("udp6zerocsumrx", UDP_ZERO_CSUM6_RX, PN_ROW_FIXED,
	       "accept zero UDP checksums over IPv6"),
	SWITCH("remcsumtx", REMCSUM_TX, PN_ROW_FIXED, "send remote checksum offload"),
	SWITCH("remcsumrx", REMCSUM_RX, PN_ROW_FIXED, "accept remote checksum offload"),
	SWITCH("external", COLLECT_METADATA, PN_ROW_FIXED,
	       "tunnel parameters come with each packet"),
	SWITCH("vnifilter", VNIFILTER, PN_ROW_FIXED, "accept listed VNIs only"),
	{ .name = "localbypass", .type = PN_T_BOOL, .attr = VXLAN_LOCALBYPASS, .def = "true",
	  .help = "deliver to tunnels of this host without sending" },
	FLAG("gbp", GBP, "group policy extension"),
	FLAG("gpe", GPE, "generic protocol extension"),
};

static const struct pn_rows vxlan_rows = PN_ROWS(PN_AT_DATA, vxlan_row);

static const struct pn_value *vxlan_value(const struct pn_value *v, const char *name)
{
	return pn_kind_value(&vxlan_rows, v, name);
}

static int vxlan_check(const struct pn_value *v, int *row, char *why, size_t why_len)
{
	const struct pn_value *id = vxlan_value(v, "id");
	const struct pn_value *external = vxlan_value(v, "external");
	const struct pn_value *vnifilter = vxlan_value(v, "vnifilter");
	const struct pn_value *local = vxlan_value(v, "local");
	const struct pn_value *remote = vxlan_value(v, "remote");

	*row = -1;
	if (!id->set && !external->num) {
		snprintf(why, why_len, "id is required (0..16777215), unless external");
		return -EINVAL;
	}
	if (id->num && external->num) {
		*row = id - v;
		snprintf(why, why_len, "cannot be set together with external");
		return -EINVAL;
	}
	if (vnifilter->num && !external->num) {
		*row = vnifilter - v;
		snprintf(why, why_len, "needs external");
		return -EINVAL;
	}
	if (local->len && remote->len && local->len != remote->len) {
		*row = remote - v;
		snprintf(why, why_len,
			 "must be of the same family as local (IPv4 or IPv6)");
		return -EINVAL;
	}
	return 0;
}

const struct pn_kind pn_kind_vxlan = {
	.name = "vxlan",
	.help = "an Ethernet tunnel over UDP (RFC 7348)",
	.data = PN_ROWS(PN_AT_DATA, vxlan_row),
	.check = vxlan_check,
};
