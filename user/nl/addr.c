// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Address messages; see addr.h for the contract. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "nl/addr.h"

static void lifetimes_parse(const struct nlattr *attr, struct pn_nl_addr *a)
{
	struct ifa_cacheinfo life = { .ifa_valid = UINT32_MAX, .ifa_prefered = UINT32_MAX };

	if (attr && pn_attr_len(attr) >= sizeof(life))
		memcpy(&life, pn_attr_data(attr), sizeof(life));
	a->valid = life.ifa_valid;
	a->preferred = life.ifa_prefered;
}

int pn_nl_addr_parse(const struct nlmsghdr *nlh, struct pn_nl_addr *a)
{
	const struct nlattr *tb[IFA_MAX + 1];
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	size_t len = mnl_nlmsg_get_payload_len(nlh);
	const struct nlattr *own;

	memset(a, 0, sizeof(*a));
	if (nlh->nlmsg_type != RTM_NEWADDR && nlh->nlmsg_type != RTM_DELADDR)
		return -EBADMSG;
	if (len < sizeof(*ifa))
		return -EBADMSG;
	pn_attrs_parse(tb, IFA_MAX, (const char *)ifa + MNL_ALIGN(sizeof(*ifa)),
		       len - sizeof(*ifa));
	/* IFA_ADDRESS is the peer's on point to point links, if LOCAL is there. */
	own = tb[IFA_LOCAL] ? tb[IFA_LOCAL] : tb[IFA_ADDRESS];
	a->deleted = nlh->nlmsg_type == RTM_DELADDR;
	a->family = ifa->ifa_family;
	a->prefixlen = ifa->ifa_prefixlen;
	a->scope = ifa->ifa_scope;
	a->ifindex = ifa->ifa_index;
	a->flags = pn_attr_u32(tb[IFA_FLAGS], ifa->ifa_flags);
	a->proto = pn_attr_u8(tb[IFA_PROTO], 0);
	a->addr_len = a->family == AF_INET ? 4 : 16;
	a->addr = pn_attr_data(own);
	a->broadcast = pn_attr_be32(tb[IFA_BROADCAST], 0);
	a->label = pn_attr_str(tb[IFA_LABEL]);
	a->metric = pn_attr_u32(tb[IFA_RT_PRIORITY], 0);
	lifetimes_parse(tb[IFA_CACHEINFO], a);
	if (pn_attr_len(own) < a->addr_len)
		return -EBADMSG;
	if (own != tb[IFA_ADDRESS] && pn_attr_len(tb[IFA_ADDRESS]) >= a->addr_len &&
	    memcmp(pn_attr_data(tb[IFA_ADDRESS]), a->addr, a->addr_len))
		a->peer = pn_attr_data(tb[IFA_ADDRESS]);
	return 0;
}

int pn_nl_addr_dump(struct pn_nl *nl, uint8_t family, pn_nl_cb cb, void *data,
		    struct pn_err *err)
{
	struct ifaddrmsg ifa = { .ifa_family = family };
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, RTM_GETADDR, 0);
	pn_msg_extra(&m, &ifa, sizeof(ifa));
	rc = pn_nl_dump(nl, &m, cb, data, err);
	pn_msg_fini(&m);
	return rc;
}
