// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* VNI lists; see vni.h for the contract. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "nl/vni.h"

#define VNI_MAX 0xffffffu

static bool entry_parse(const struct nlattr *entry, struct pn_nl_vni *v)
{
	const struct nlattr *tb[VXLAN_VNIFILTER_ENTRY_MAX + 1];

	pn_attrs_nested(tb, VXLAN_VNIFILTER_ENTRY_MAX, entry);
	v->first = pn_attr_u32(tb[VXLAN_VNIFILTER_ENTRY_START], VNI_MAX + 1);
	v->last = pn_attr_u32(tb[VXLAN_VNIFILTER_ENTRY_END], v->first);
	return v->first <= v->last && v->last <= VNI_MAX;
}

int pn_nl_vni_each(const struct nlmsghdr *nlh,
		   int (*cb)(void *ctx, const struct pn_nl_vni *vni), void *ctx)
{
	const struct tunnel_msg *tm = mnl_nlmsg_get_payload(nlh);
	struct pn_nl_vni vni = { .deleted = nlh->nlmsg_type == RTM_DELTUNNEL };
	const struct nlattr *attr;
	int rc = 0;

	if ((nlh->nlmsg_type != RTM_NEWTUNNEL && nlh->nlmsg_type != RTM_DELTUNNEL) ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(*tm))
		return -EBADMSG;
	vni.ifindex = tm->ifindex;
	mnl_attr_for_each(attr, nlh, sizeof(*tm)) {
		if (mnl_attr_get_type(attr) == VXLAN_VNIFILTER_ENTRY && entry_parse(attr, &vni))
			rc = cb(ctx, &vni);
		if (rc)
			return rc;
	}
	return 0;
}

int pn_nl_vni_dump(struct pn_nl *nl, pn_nl_cb cb, void *data, struct pn_err *err)
{
	struct tunnel_msg tm = { .family = AF_BRIDGE };
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, RTM_GETTUNNEL, 0);
	pn_msg_extra(&m, &tm, sizeof(tm));
	rc = pn_nl_dump(nl, &m, cb, data, err);
	pn_msg_fini(&m);
	return rc;
}
