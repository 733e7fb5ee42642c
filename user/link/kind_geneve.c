// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * geneve. The kernel tells of the checksums of the family only that the
 * remote has, and of none while `external`: elsewhere the words are refused.
 */
#include <errno.h>
#include <stdio.h>

#include "link/tunnel_rows.h"

static const struct pn_named geneve_ttl_names[] = {
	{ "auto", 0 },
	{ "inherit", 256 },
	{ NULL, 0 },
};

static const struct pn_named df_names[] = {
	{ "unset", GENEVE_DF_UNSET },
	{ "set", GENEVE_DF_SET },
	{ "inherit", GENEVE_DF_INHERIT },
	{ NULL, 0 },
};

static const struct pn_row geneve_row[] = {
	{ .name = "id", .alias = "vni", .type = PN_T_U32, .attr = IFLA_GENEVE_ID,
	  .max = 0xffffff, .flags = PN_ROW_FIXED | PN_ROW_TUNNEL,
	  .help = "the virtual network identifier; required unless external" },
	{ .name = "remote", .type = PN_T_IP, .attr = IFLA_GENEVE_REMOTE,
	  .attr2 = IFLA_GENEVE_REMOTE6, .flags = PN_ROW_TUNNEL,
	  .help = "address of the other end; required unless external" },
	{ .name = "ttl", .alias = "hoplimit", .type = PN_T_TTL, .attr = IFLA_GENEVE_TTL,
	  .attr2 = IFLA_GENEVE_TTL_INHERIT, .mask = 1, .min = 1, .max = 255,
	  .named = geneve_ttl_names, .flags = PN_ROW_TUNNEL, .def = "auto",
	  .help = "time to live of the outer header" },
	{ .name = "tos", .alias = "dsfield", .type = PN_T_U8, .attr = IFLA_GENEVE_TOS,
	  .max = 255, .named = pn_tos_names, .flags = PN_ROW_HEX | PN_ROW_TUNNEL, .def = "0",
	  .help = "type of service of the outer header" },
	{ .name = "df", .type = PN_T_U8, .attr = IFLA_GENEVE_DF, .named = df_names,
	  .flags = PN_ROW_TUNNEL, .def = "unset", .help = "the outer Don't Fragment bit" },
	{ .name = "flowlabel", .type = PN_T_BE32, .attr = IFLA_GENEVE_LABEL, .max = 0xfffff,
	  .flags = PN_ROW_HEX | PN_ROW_TUNNEL, .def = "0",
	  .help = "flow label of an outer IPv6 header" },
	{ .name = "dstport", .type = PN_T_BE16, .attr = IFLA_GENEVE_PORT, .min = 1,
	  .max = 65535, .flags = PN_ROW_FIXED, .def = "6081", .help = "UDP destination port" },
	{ .name = "external", .type = PN_T_FLAG, .attr = IFLA_GENEVE_COLLECT_METADATA,
	  .flags = PN_ROW_FIXED, .def = "false",
	  .help = "tunnel parameters come with each packet" },
	{ .name = "udpcsum", .type = PN_T_BOOL, .attr = IFLA_GENEVE_UDP_CSUM,
	  .flags = PN_ROW_FIXED | PN_ROW_TUNNEL, .def = "false",
	  .help = "send UDP checksums over IPv4" },
	{ .name = "udp6zerocsumtx", .type = PN_T_BOOL, .attr = IFLA_GENEVE_UDP_ZERO_CSUM6_TX,
	  .flags = PN_ROW_FIXED | PN_ROW_TUNNEL, .def = "false",
	  .help = "send zero UDP checksums over IPv6" },
	{ .name = "udp6zerocsumrx", .type = PN_T_BOOL, .attr = IFLA_GENEVE_UDP_ZERO_CSUM6_RX,
	  .flags = PN_ROW_FIXED, .help = "accept zero UDP checksums over IPv6" },
	{ .name = "innerprotoinherit", .type = PN_T_FLAG,
	  .attr = IFLA_GENEVE_INNER_PROTO_INHERIT, .flags = PN_ROW_FIXED, .def = "false",
	  .help = "IP packets inside, without an Ethernet header" },
};

static const struct pn_rows geneve_rows = PN_ROWS(PN_AT_DATA, geneve_row);

/* Words that only one family of the remote has. */
static int family_check(const struct pn_value *v, int *row, char *why, size_t why_len)
{
	static const struct {
		const char *name;
		uint8_t len;
	} words[] = { { "udpcsum", 4 }, { "udp6zerocsumtx", 16 }, { "flowlabel", 16 } };
	const struct pn_value *remote = pn_kind_value(&geneve_rows, v, "remote"), *word;
	unsigned int i;

	word = pn_kind_value(&geneve_rows, v, "udp6zerocsumrx");
	if (word->set && !word->num && remote->len != 16) {
		*row = word - v;
		snprintf(why, why_len, "can be false only with an IPv6 remote");
		return -EINVAL;
	}
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		word = pn_kind_value(&geneve_rows, v, words[i].name);
		if (!word->num || words[i].len == remote->len)
			continue;
		*row = word - v;
		snprintf(why, why_len, "needs an %s remote", words[i].len == 4 ? "IPv4" : "IPv6");
		return -EINVAL;
	}
	return 0;
}

static int geneve_check(const struct pn_value *v, int *row, char *why, size_t why_len)
{
	const struct pn_value *external = pn_kind_value(&geneve_rows, v, "external");
	const struct pn_value *remote = pn_kind_value(&geneve_rows, v, "remote");
	int rc = pn_tunnel_check(&geneve_rows, v, row, why, why_len);

	if (rc)
		return rc;
	if (!external->num && !pn_kind_value(&geneve_rows, v, "id")->set) {
		snprintf(why, why_len, "id is required (0..16777215), unless external");
		return -EINVAL;
	}
	if (!external->num && !remote->set) {
		snprintf(why, why_len, "remote, the other end, is required, unless external");
		return -EINVAL;
	}
	return family_check(v, row, why, why_len);
}

const struct pn_kind pn_kind_geneve = {
	.name = "geneve",
	.help = "an Ethernet tunnel over UDP with options (RFC 8926)",
	.data = PN_ROWS(PN_AT_DATA, geneve_row),
	.check = geneve_check,
};
