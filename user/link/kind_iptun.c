// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * ipip, sit and ip6tnl, vti and vti6. A change resets every attribute that
 * its message leaves out. What is inside a sit or ipip tunnel is settled when
 * it is made; `external` exists in the IPv4 half for ipip only.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>

#include "link/tunnel_rows.h"

static const struct pn_named ipip_modes[] = {
	{ "ipip", IPPROTO_IPIP },
	{ "mplsip", IPPROTO_MPLS },
	{ "any", 0 },
	{ NULL, 0 },
};

static const struct pn_named sit_modes[] = {
	{ "ip6ip", IPPROTO_IPV6 },
	{ "ipip", IPPROTO_IPIP },
	{ "mplsip", IPPROTO_MPLS },
	{ "any", 0 },
	{ NULL, 0 },
};

static const struct pn_named ip6tnl_modes[] = {
	{ "ip6ip6", IPPROTO_IPV6 },
	{ "ipip6", IPPROTO_IPIP },
	{ "any", 0 },
	{ NULL, 0 },
};

#define MODE(words, usual, fixed) \
	{ .name = "mode", .type = PN_T_U8, .attr = IFLA_IPTUN_PROTO, .named = words, \
	  .flags = fixed, .def = usual, .help = "what may be inside" }

static const struct pn_row ipip_row[] = {
	MODE(ipip_modes, "ipip", PN_ROW_FIXED),
	PN_ROWS_ADDR(IFLA_IPTUN, PN_T_IP4),
	PN_ROWS_IPV4(IFLA_IPTUN),
	PN_ROW_EXTERNAL(IFLA_IPTUN),
	PN_ROWS_ENCAP(IFLA_IPTUN),
};

static const struct pn_row sit_row[] = {
	MODE(sit_modes, "ip6ip", PN_ROW_FIXED),
	PN_ROWS_ADDR(IFLA_IPTUN, PN_T_IP4),
	PN_ROWS_IPV4(IFLA_IPTUN),
	{ .name = "isatap", .type = PN_T_BIT16, .attr = IFLA_IPTUN_FLAGS, .mask = 1,
	  .flags = PN_ROW_FIXED, .def = "false", .help = "the intra-site protocol of RFC 5214" },
	{ .name = "6rd-prefix", .type = PN_T_PREFIX6, .attr = IFLA_IPTUN_6RD_PREFIX,
	  .attr2 = IFLA_IPTUN_6RD_PREFIXLEN, .def = "2002::/16",
	  .help = "IPv6 prefix before the IPv4 address (RFC 5969); 2002::/16 is 6to4" },
	{ .name = "6rd-relay_prefix", .type = PN_T_PREFIX4, .attr = IFLA_IPTUN_6RD_RELAY_PREFIX,
	  .attr2 = IFLA_IPTUN_6RD_RELAY_PREFIXLEN, .def = "none",
	  .help = "what all IPv4 addresses have in common, left out of the IPv6 ones" },
	PN_ROWS_ENCAP(IFLA_IPTUN),
};

static const struct pn_row ip6tnl_row[] = {
	MODE(ip6tnl_modes, "any", 0),
	PN_ROWS_ADDR(IFLA_IPTUN, PN_T_IP6),
	PN_ROWS_IPV6(IFLA_IPTUN),
	PN_ROW_EXTERNAL(IFLA_IPTUN),
	PN_ROWS_ENCAP(IFLA_IPTUN),
};

/* Keys that are there when they are not 0. */
#define VTI_KEY(word, ID, text) \
	{ .name = word, .type = PN_T_KEY, .attr = IFLA_VTI_##ID##KEY, .def = "none", .help = text }
#define VTI_ROWS(ip) \
	PN_ROWS_ADDR(IFLA_VTI, ip), \
	{ .name = "key", .type = PN_T_KEY, .flags = PN_ROW_BOTH, .help = "ikey and okey" }, \
	VTI_KEY("ikey", I, "mark by which policies find received packets"), \
	VTI_KEY("okey", O, "mark by which policies find sent packets"), \
	{ .name = "fwmark", .type = PN_T_U32, .attr = IFLA_VTI_FWMARK, .max = UINT32_MAX, \
	  .flags = PN_ROW_HEX, .def = "0", .help = "firewall mark of the outer packet" }

static const struct pn_row vti_row[] = { VTI_ROWS(PN_T_IP4) };
static const struct pn_row vti6_row[] = { VTI_ROWS(PN_T_IP6) };

static const struct pn_rows ipip_rows = PN_ROWS(PN_AT_DATA, ipip_row);
static const struct pn_rows sit_rows = PN_ROWS(PN_AT_DATA, sit_row);
static const struct pn_rows ip6tnl_rows = PN_ROWS(PN_AT_DATA, ip6tnl_row);

/* With a fixed time to live these drivers always set Don't Fragment. */
static int df_check(const struct pn_rows *rows, const struct pn_value *v, int *row,
		    char *why, size_t why_len)
{
	const struct pn_value *pmtudisc = pn_kind_value(rows, v, "pmtudisc");
	const struct pn_value *ttl = pn_kind_value(rows, v, "ttl");

	if (!pmtudisc->set || pmtudisc->num || !ttl->set || !ttl->num)
		return 0;
	*row = pmtudisc - v;
	snprintf(why, why_len, "can be false only with ttl: inherit");
	return -EINVAL;
}

static int ipip_check(const struct pn_value *v, int *row, char *why, size_t why_len)
{
	int rc = pn_tunnel_check(&ipip_rows, v, row, why, why_len);

	return rc ? rc : df_check(&ipip_rows, v, row, why, why_len);
}

static int sit_check(const struct pn_value *v, int *row, char *why, size_t why_len)
{
	const struct pn_value *prefix = pn_kind_value(&sit_rows, v, "6rd-prefix");
	const struct pn_value *relay = pn_kind_value(&sit_rows, v, "6rd-relay_prefix");

	*row = -1;
	if (relay->set && !prefix->set) {
		*row = relay - v;
		snprintf(why, why_len, "needs 6rd-prefix beside it");
		return -EINVAL;
	}
	if (prefix->set && prefix->num + 32 - relay->num > 64) {
		*row = prefix - v;
		snprintf(why, why_len, "is too long: with the %u bits of an IPv4 address behind "
			 "it at most 64", (unsigned int)(32 - relay->num));
		return -EINVAL;
	}
	return df_check(&sit_rows, v, row, why, why_len);
}

static int ip6tnl_check(const struct pn_value *v, int *row, char *why, size_t why_len)
{
	return pn_tunnel_check(&ip6tnl_rows, v, row, why, why_len);
}

#define KIND(word, text, rows, hook) \
	const struct pn_kind pn_kind_##word = { \
		.name = #word, .help = text, .flags = PN_KIND_WHOLE, \
		.data = PN_ROWS(PN_AT_DATA, rows), .check = hook, \
	}

KIND(ipip, "a tunnel for IPv4 packets in IPv4 (RFC 2003)", ipip_row, ipip_check);
KIND(sit, "a tunnel for IPv6 packets in IPv4 (RFC 4213), also 6to4, 6rd and ISATAP", sit_row,
     sit_check);
KIND(ip6tnl, "a tunnel for IP packets in IPv6 (RFC 2473)", ip6tnl_row, ip6tnl_check);
KIND(vti, "a tunnel over IPv4 for what IPsec policies find by its keys", vti_row, NULL);
KIND(vti6, "a tunnel over IPv6 for what IPsec policies find by its keys", vti6_row, NULL);
