// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Attributes of tunnel links by kind; see tunnels.h. */
#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <string.h>

#include "nl/msg.h"
#include "stats/tunnels.h"

#define ATTRS 40	/* more than any kind has */

/* Attribute numbers; 0: the kind has no such thing. */
struct kind_row {
	const char *word;
	bool ipv6;		/* addresses of 16 bytes; two attributes where it may be either */
	uint8_t local, remote, local6, remote6;
	uint8_t vni, port;
	uint8_t ikey, iflags;
	uint8_t external, link;
	uint8_t encap_type, encap_sport, encap_dport;
	uint8_t proto;
	const char *modes[3];	/* protocol 0, 4, 41 */
};

#define GRE_ATTRS \
	.local = IFLA_GRE_LOCAL, .remote = IFLA_GRE_REMOTE, .ikey = IFLA_GRE_IKEY, \
	.iflags = IFLA_GRE_IFLAGS, .external = IFLA_GRE_COLLECT_METADATA, \
	.link = IFLA_GRE_LINK, .encap_type = IFLA_GRE_ENCAP_TYPE, \
	.encap_sport = IFLA_GRE_ENCAP_SPORT, .encap_dport = IFLA_GRE_ENCAP_DPORT

#define IPTUN_ATTRS \
	.local = IFLA_IPTUN_LOCAL, .remote = IFLA_IPTUN_REMOTE, .link = IFLA_IPTUN_LINK, \
	.external = IFLA_IPTUN_COLLECT_METADATA, .encap_type = IFLA_IPTUN_ENCAP_TYPE, \
	.encap_sport = IFLA_IPTUN_ENCAP_SPORT, .encap_dport = IFLA_IPTUN_ENCAP_DPORT, \
	.proto = IFLA_IPTUN_PROTO

#define VTI_ATTRS \
	.local = IFLA_VTI_LOCAL, .remote = IFLA_VTI_REMOTE, .ikey = IFLA_VTI_IKEY, \
	.link = IFLA_VTI_LINK

static const struct kind_row kinds[] = {
	{ "vxlan", .local = IFLA_VXLAN_LOCAL, .remote = IFLA_VXLAN_GROUP,
	  .local6 = IFLA_VXLAN_LOCAL6, .remote6 = IFLA_VXLAN_GROUP6, .vni = IFLA_VXLAN_ID,
	  .port = IFLA_VXLAN_PORT, .external = IFLA_VXLAN_COLLECT_METADATA,
	  .link = IFLA_VXLAN_LINK },
	{ "geneve", .remote = IFLA_GENEVE_REMOTE, .remote6 = IFLA_GENEVE_REMOTE6,
	  .vni = IFLA_GENEVE_ID, .port = IFLA_GENEVE_PORT,
	  .external = IFLA_GENEVE_COLLECT_METADATA },
	{ "gre", GRE_ATTRS },
	{ "gretap", GRE_ATTRS },
	{ "erspan", GRE_ATTRS },
	{ "ip6gre", true, GRE_ATTRS },
	{ "ip6gretap", true, GRE_ATTRS },
	{ "ip6erspan", true, GRE_ATTRS },
	{ "ipip", IPTUN_ATTRS, .modes = { "any", "ipip", NULL } },
	{ "sit", IPTUN_ATTRS, .modes = { "any", "ipip", "ip6ip" } },
	{ "ip6tnl", true, IPTUN_ATTRS, .modes = { "any", "ipip6", "ip6ip6" } },
	{ "vti", VTI_ATTRS },
	{ "vti6", true, VTI_ATTRS },
};

static const char *const encaps[] = {
	[TUNNEL_ENCAP_FOU] = "fou", [TUNNEL_ENCAP_GUE] = "gue",
};

static const struct kind_row *row_find(const char *kind)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].word, kind))
			return &kinds[i];
	return NULL;
}

bool pn_tunnel_kind_known(const char *kind)
{
	return row_find(kind);
}

static bool is_zero(const void *data, size_t len)
{
	static const char zero[16];

	return len > sizeof(zero) || !memcmp(data, zero, len);
}

/* Empty where it is any. True: it is one of IPv6. */
static bool address_print(const struct nlattr *a, char *buf)
{
	size_t len = pn_attr_len(a);

	if (!a || (len != 4 && len != 16) || is_zero(pn_attr_data(a), len))
		return false;
	inet_ntop(len == 4 ? AF_INET : AF_INET6, pn_attr_data(a), buf, INET6_ADDRSTRLEN);
	return len == 16;
}

static void addresses_read(struct pn_tunnel_attrs *t, const struct kind_row *row,
			   const struct nlattr **tb)
{
	t->ipv6 = row->ipv6;
	t->ipv6 |= address_print(tb[row->local], t->local);
	t->ipv6 |= address_print(tb[row->remote], t->remote);
	t->ipv6 |= address_print(tb[row->local6], t->local);
	t->ipv6 |= address_print(tb[row->remote6], t->remote);
}

/* A GRE kind says by a flag whether the key counts; a VTI's mark is one if it is set. */
static void key_read(struct pn_tunnel_attrs *t, const struct kind_row *row,
		     const struct nlattr **tb)
{
	t->has_vni = tb[row->vni] && !t->external;
	t->vni = pn_attr_u32(tb[row->vni], 0);
	t->key = ntohl(pn_attr_be32(tb[row->ikey], 0));
	t->has_key = row->iflags ? pn_attr_be16(tb[row->iflags], 0) & GRE_KEY : t->key;
}

static void encap_read(struct pn_tunnel_attrs *t, const struct kind_row *row,
		       const struct nlattr **tb)
{
	uint16_t type = pn_attr_u16(tb[row->encap_type], TUNNEL_ENCAP_NONE);

	if (type >= sizeof(encaps) / sizeof(encaps[0]))
		return;
	t->encap = encaps[type];
	t->encap_sport = ntohs(pn_attr_be16(tb[row->encap_sport], 0));
	t->encap_dport = ntohs(pn_attr_be16(tb[row->encap_dport], 0));
}

static const char *mode_find(const struct kind_row *row, const struct nlattr **tb)
{
	uint8_t proto = pn_attr_u8(tb[row->proto], 0);

	if (!row->proto)
		return NULL;
	switch (proto) {
	case 0:			return row->modes[0];
	case IPPROTO_IPIP:	return row->modes[1];
	case IPPROTO_IPV6:	return row->modes[2];
	case IPPROTO_MPLS:	return "mplsip";
	}
	return NULL;
}

void pn_tunnel_attrs_read(struct pn_tunnel_attrs *t, const char *kind,
			  const struct nlattr *data)
{
	const struct kind_row *row = row_find(kind);
	const struct nlattr *tb[ATTRS + 1] = { NULL };

	memset(t, 0, sizeof(*t));
	t->known = row;
	if (!row || !data)
		return;
	pn_attrs_nested(tb, ATTRS, data);
	tb[0] = NULL;		/* what a row does not have */
	t->external = tb[row->external] &&
		      (pn_attr_len(tb[row->external]) == 0 || pn_attr_u8(tb[row->external], 0));
	addresses_read(t, row, tb);
	key_read(t, row, tb);
	encap_read(t, row, tb);
	t->port = ntohs(pn_attr_be16(tb[row->port], 0));
	t->link = pn_attr_u32(tb[row->link], 0);
	t->mode = mode_find(row, tb);
}
