// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Bridge VLAN messages; see vlan.h for the contract. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_bridge.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "nl/vlan.h"

static bool entry_parse(const struct nlattr *entry, struct pn_nl_vlan *v)
{
	const struct nlattr *tb[BRIDGE_VLANDB_ENTRY_MAX + 1];
	const struct nlattr *tun[BRIDGE_VLANDB_TINFO_MAX + 1];
	struct bridge_vlan_info info;

	pn_attrs_nested(tb, BRIDGE_VLANDB_ENTRY_MAX, entry);
	if (pn_attr_len(tb[BRIDGE_VLANDB_ENTRY_INFO]) < sizeof(info))
		return false;
	memcpy(&info, pn_attr_data(tb[BRIDGE_VLANDB_ENTRY_INFO]), sizeof(info));
	pn_attrs_nested(tun, BRIDGE_VLANDB_TINFO_MAX, tb[BRIDGE_VLANDB_ENTRY_TUNNEL_INFO]);
	v->entry = entry;
	v->first = info.vid;
	v->last = pn_attr_u16(tb[BRIDGE_VLANDB_ENTRY_RANGE], info.vid);
	v->flags = info.flags;
	v->state = pn_attr_u8(tb[BRIDGE_VLANDB_ENTRY_STATE], BR_STATE_FORWARDING);
	v->has_tunnel = tun[BRIDGE_VLANDB_TINFO_ID];
	v->tunnel = pn_attr_u32(tun[BRIDGE_VLANDB_TINFO_ID], 0);
	return v->first && v->first <= v->last && v->last < 4096;
}

int pn_nl_vlan_each(const struct nlmsghdr *nlh,
		    int (*cb)(void *ctx, const struct pn_nl_vlan *vlan), void *ctx)
{
	const struct br_vlan_msg *bvm = mnl_nlmsg_get_payload(nlh);
	struct pn_nl_vlan vlan = { .deleted = nlh->nlmsg_type == RTM_DELVLAN };
	const struct nlattr *attr;
	int rc = 0;

	if ((nlh->nlmsg_type != RTM_NEWVLAN && nlh->nlmsg_type != RTM_DELVLAN) ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(*bvm))
		return -EBADMSG;
	vlan.ifindex = bvm->ifindex;
	mnl_attr_for_each(attr, nlh, sizeof(*bvm)) {
		if (mnl_attr_get_type(attr) == BRIDGE_VLANDB_ENTRY && entry_parse(attr, &vlan))
			rc = cb(ctx, &vlan);
		if (rc)
			return rc;
	}
	return 0;
}

int pn_nl_vlan_dump(struct pn_nl *nl, uint32_t flags, pn_nl_cb cb, void *data,
		    struct pn_err *err)
{
	struct br_vlan_msg bvm = { .family = AF_BRIDGE };
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, RTM_GETVLAN, 0);
	pn_msg_extra(&m, &bvm, sizeof(bvm));
	if (flags)
		pn_msg_put_u32(&m, BRIDGE_VLANDB_DUMP_FLAGS, flags);
	rc = pn_nl_dump(nl, &m, cb, data, err);
	pn_msg_fini(&m);
	return rc;
}
