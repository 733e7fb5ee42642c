// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Link messages; see link.h for the contract. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "nl/link.h"

static void link_info(const struct nlattr *info, struct pn_nl_link *l)
{
	const struct nlattr *tb[IFLA_INFO_MAX + 1];

	pn_attrs_nested(tb, IFLA_INFO_MAX, info);
	l->kind = pn_attr_str(tb[IFLA_INFO_KIND]);
	l->slave_kind = pn_attr_str(tb[IFLA_INFO_SLAVE_KIND]);
	l->info_data = tb[IFLA_INFO_DATA];
	l->slave_data = tb[IFLA_INFO_SLAVE_DATA];
}

static void link_xdp(const struct nlattr *xdp, struct pn_nl_link *l)
{
	const struct nlattr *tb[IFLA_XDP_MAX + 1];

	pn_attrs_nested(tb, IFLA_XDP_MAX, xdp);
	l->xdp_mode = pn_attr_u8(tb[IFLA_XDP_ATTACHED], 0);
	l->xdp_prog = pn_attr_u32(tb[IFLA_XDP_PROG_ID], 0);
}

static void link_attrs(const struct nlattr **tb, struct pn_nl_link *l)
{
	l->name = pn_attr_str(tb[IFLA_IFNAME]);
	l->alias = pn_attr_str(tb[IFLA_IFALIAS]);
	l->mtu = pn_attr_u32(tb[IFLA_MTU], 0);
	l->master = pn_attr_u32(tb[IFLA_MASTER], 0);
	l->link = pn_attr_u32(tb[IFLA_LINK], 0);
	l->netnsid = pn_attr_u32(tb[IFLA_LINK_NETNSID], -1);
	l->group = pn_attr_u32(tb[IFLA_GROUP], 0);
	l->txqlen = pn_attr_u32(tb[IFLA_TXQLEN], 0);
	l->promiscuity = pn_attr_u32(tb[IFLA_PROMISCUITY], 0);
	l->operstate = pn_attr_u8(tb[IFLA_OPERSTATE], 0);
	l->addr = pn_attr_data(tb[IFLA_ADDRESS]);
	l->addr_len = pn_attr_len(tb[IFLA_ADDRESS]);
	l->protinfo = tb[IFLA_PROTINFO];
	l->af_spec = tb[IFLA_AF_SPEC];
	if (tb[IFLA_LINKINFO])
		link_info(tb[IFLA_LINKINFO], l);
	if (tb[IFLA_XDP])
		link_xdp(tb[IFLA_XDP], l);
}

int pn_nl_link_parse(const struct nlmsghdr *nlh, struct pn_nl_link *l)
{
	const struct nlattr *tb[IFLA_MAX + 1];
	const struct ifinfomsg *ifm = mnl_nlmsg_get_payload(nlh);
	size_t len = mnl_nlmsg_get_payload_len(nlh);

	memset(l, 0, sizeof(*l));
	if (nlh->nlmsg_type != RTM_NEWLINK && nlh->nlmsg_type != RTM_DELLINK)
		return -EBADMSG;
	if (len < sizeof(*ifm))
		return -EBADMSG;
	l->deleted = nlh->nlmsg_type == RTM_DELLINK;
	l->family = ifm->ifi_family;
	l->type = ifm->ifi_type;
	l->ifindex = ifm->ifi_index;
	l->flags = ifm->ifi_flags;
	pn_attrs_parse(tb, IFLA_MAX, (const char *)ifm + MNL_ALIGN(sizeof(*ifm)),
		       len - sizeof(*ifm));
	link_attrs(tb, l);
	return l->name && l->ifindex ? 0 : -EBADMSG;
}

int pn_nl_link_dump(struct pn_nl *nl, uint8_t family, uint32_t ext_mask,
		    pn_nl_cb cb, void *data, struct pn_err *err)
{
	struct ifinfomsg ifm = { .ifi_family = family };
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, RTM_GETLINK, 0);
	pn_msg_extra(&m, &ifm, sizeof(ifm));
	pn_msg_put_u32(&m, IFLA_EXT_MASK, ext_mask);
	rc = pn_nl_dump(nl, &m, cb, data, err);
	pn_msg_fini(&m);
	return rc;
}

struct kind_asked {
	const char *kind;
	bool *known;
};

/* The loopback device is of no kind: where it turns up, nothing was filtered. */
static int kind_take(const struct nlmsghdr *nlh, void *data)
{
	const struct kind_asked *asked = data;
	struct pn_nl_link l;

	if (!pn_nl_link_parse(nlh, &l) && (!l.kind || strcmp(l.kind, asked->kind) != 0))
		*asked->known = false;
	return 0;
}

int pn_nl_link_kind(struct pn_nl *nl, const char *kind, bool *known)
{
	struct kind_asked asked = { kind, known };
	struct ifinfomsg ifm = { .ifi_family = AF_UNSPEC };
	struct pn_msg m;
	size_t nest;
	int rc;

	*known = true;
	pn_msg_init(&m, RTM_GETLINK, 0);
	pn_msg_extra(&m, &ifm, sizeof(ifm));
	nest = pn_msg_nest(&m, IFLA_LINKINFO);
	pn_msg_put_str(&m, IFLA_INFO_KIND, kind);
	pn_msg_nest_end(&m, nest);
	rc = pn_nl_dump(nl, &m, kind_take, &asked, NULL);
	pn_msg_fini(&m);
	return rc;
}
