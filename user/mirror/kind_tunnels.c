// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Attributes of the tunnel kinds. GENEVE has its own, the GRE family, vti and
 * the plain IP kinds say the same things by other numbers: a row per kind.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <linux/ip6_tunnel.h>
#include <string.h>

#include <penstock/abi.h>

#include "mirror/kinds.h"
#include "nl/msg.h"

#define ATTRS_MAX	31	/* of any kind below */

struct tunnel_row;

typedef void tunnel_take(struct pn_dev_tunnel *t, const struct nlattr **tb,
			 const struct tunnel_row *row);

static tunnel_take geneve_take, gre_take, iptun_take, vti_take;

static const struct tunnel_row {
	const char *word;
	tunnel_take *take;
	__u8 kind;		/* enum pn_tunnel_kind */
	bool ipv6;
	bool ether;		/* Ethernet frames inside */
} tunnel_rows[] = {
	{ "geneve", geneve_take, PN_TUNNEL_GENEVE, false, true },
	{ "gre", gre_take, PN_TUNNEL_GRE, false, false },
	{ "gretap", gre_take, PN_TUNNEL_GRETAP, false, true },
	{ "erspan", gre_take, PN_TUNNEL_ERSPAN, false, true },
	{ "ip6gre", gre_take, PN_TUNNEL_IP6GRE, true, false },
	{ "ip6gretap", gre_take, PN_TUNNEL_IP6GRETAP, true, true },
	{ "ip6erspan", gre_take, PN_TUNNEL_IP6ERSPAN, true, true },
	{ "ipip", iptun_take, PN_TUNNEL_IPIP, false, false },
	{ "sit", iptun_take, PN_TUNNEL_SIT, false, false },
	{ "ip6tnl", iptun_take, PN_TUNNEL_IP6TNL, true, false },
	{ "vti", vti_take, PN_TUNNEL_VTI, false, false },
	{ "vti6", vti_take, PN_TUNNEL_VTI, true, false },
};

/* Unset addresses are told as zeroes by most kinds. */
static void addr_take(struct in6_addr *addr, const struct nlattr *a)
{
	static const __u8 zero[16];

	memset(addr, 0, sizeof(*addr));
	if (a && pn_attr_len(a) <= sizeof(zero) && memcmp(pn_attr_data(a), zero, pn_attr_len(a)))
		pn_addr_mapped(pn_attr_data(a), pn_attr_len(a), addr);
}

static void geneve_take(struct pn_dev_tunnel *t, const struct nlattr **tb,
			const struct tunnel_row *row)
{
	t->ipv6 = tb[IFLA_GENEVE_REMOTE6];
	addr_take(&t->remote, t->ipv6 ? tb[IFLA_GENEVE_REMOTE6] : tb[IFLA_GENEVE_REMOTE]);
	t->key = pn_attr_u32(tb[IFLA_GENEVE_ID], 0);
	t->dport = ntohs(pn_attr_be16(tb[IFLA_GENEVE_PORT], 0));
	t->external = tb[IFLA_GENEVE_COLLECT_METADATA];
	t->zero_csum6 = pn_attr_u8(tb[IFLA_GENEVE_UDP_ZERO_CSUM6_RX], 0);
	t->proto_inherit = tb[IFLA_GENEVE_INNER_PROTO_INHERIT];
	t->ether = !t->proto_inherit;
}

static void gre_take(struct pn_dev_tunnel *t, const struct nlattr **tb,
		     const struct tunnel_row *row)
{
	__be16 iflags = pn_attr_be16(tb[IFLA_GRE_IFLAGS], 0);

	addr_take(&t->remote, tb[IFLA_GRE_REMOTE]);
	addr_take(&t->local, tb[IFLA_GRE_LOCAL]);
	t->lower = pn_attr_u32(tb[IFLA_GRE_LINK], 0);
	t->key = ntohl(pn_attr_be32(tb[IFLA_GRE_IKEY], 0));
	t->keyed = iflags & GRE_KEY;
	t->csum = iflags & GRE_CSUM;
	t->seq = iflags & GRE_SEQ;
	t->external = tb[IFLA_GRE_COLLECT_METADATA];
	t->dscp = row->ipv6 &&
		  (pn_attr_u32(tb[IFLA_GRE_FLAGS], 0) & IP6_TNL_F_RCV_DSCP_COPY);
	t->erspan_ver = pn_attr_u8(tb[IFLA_GRE_ERSPAN_VER], 0);
}

static void sit_take(struct pn_dev_tunnel *t, const struct nlattr **tb)
{
	t->isatap = pn_attr_u16(tb[IFLA_IPTUN_FLAGS], 0) & SIT_ISATAP;
	addr_take(&t->rd_prefix, tb[IFLA_IPTUN_6RD_PREFIX]);
	t->rd_relay = pn_attr_be32(tb[IFLA_IPTUN_6RD_RELAY_PREFIX], 0);
	t->rd_prefix_len = pn_attr_u16(tb[IFLA_IPTUN_6RD_PREFIXLEN], 0);
	t->rd_relay_len = pn_attr_u16(tb[IFLA_IPTUN_6RD_RELAY_PREFIXLEN], 0);
}

static void ip6tnl_take(struct pn_dev_tunnel *t, const struct nlattr **tb)
{
	__u32 flags = pn_attr_u32(tb[IFLA_IPTUN_FLAGS], 0);

	t->dscp = flags & IP6_TNL_F_RCV_DSCP_COPY;
	t->local_remote = flags & IP6_TNL_F_ALLOW_LOCAL_REMOTE;
}

static void iptun_take(struct pn_dev_tunnel *t, const struct nlattr **tb,
		       const struct tunnel_row *row)
{
	addr_take(&t->remote, tb[IFLA_IPTUN_REMOTE]);
	addr_take(&t->local, tb[IFLA_IPTUN_LOCAL]);
	t->lower = pn_attr_u32(tb[IFLA_IPTUN_LINK], 0);
	t->proto = pn_attr_u8(tb[IFLA_IPTUN_PROTO], 0);
	t->external = tb[IFLA_IPTUN_COLLECT_METADATA];
	if (row->kind == PN_TUNNEL_SIT)
		sit_take(t, tb);
	if (row->kind == PN_TUNNEL_IP6TNL)
		ip6tnl_take(t, tb);
}

static void vti_take(struct pn_dev_tunnel *t, const struct nlattr **tb,
		     const struct tunnel_row *row)
{
	addr_take(&t->remote, tb[IFLA_VTI_REMOTE]);
	addr_take(&t->local, tb[IFLA_VTI_LOCAL]);
	t->lower = pn_attr_u32(tb[IFLA_VTI_LINK], 0);
	t->key = ntohl(pn_attr_be32(tb[IFLA_VTI_IKEY], 0));
}

static const struct tunnel_row *row_find(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(tunnel_rows) / sizeof(tunnel_rows[0]); i++)
		if (!strcmp(word, tunnel_rows[i].word))
			return &tunnel_rows[i];
	return NULL;
}

bool pn_kind_take_tunnel(struct pn_dev *dev, const struct nlattr *data)
{
	const struct tunnel_row *row = row_find(dev->kind_name);
	const struct nlattr *tb[ATTRS_MAX + 1];
	struct pn_dev_tunnel *t = &dev->tunnel;

	if (!row || !data)
		return row && dev->kind == PN_DEV_TUNNEL;
	pn_attrs_nested(tb, ATTRS_MAX, data);
	memset(t, 0, sizeof(*t));
	t->kind = row->kind;
	t->ipv6 = row->ipv6;
	t->ether = row->ether;
	t->foreign = dev->netnsid >= 0;
	row->take(t, tb, row);
	return true;
}
