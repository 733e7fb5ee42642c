// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* VNIs of vxlan devices with a VNI filter: the class; its words are bridge-vni(8)'s. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "topo/class.h"

enum { F_DEV, F_VNI, F_GROUP };

static const struct pn_field fields[] = {
	[F_DEV] = { { "dev", NULL, PN_T_DEV, .flags = PN_ROW_REQUIRED,
		      .help = "the vxlan device, made with external and vnifilter" },
		    PN_HEAD(tunnel_msg, ifindex), .flags = PN_FIELD_KEY },
	[F_VNI] = { { "vni", NULL, PN_T_U32, .flags = PN_ROW_REQUIRED, .max = 0xffffff,
		      .help = "the VNI, or a range such as 10-20: one for each" },
		    PN_F_OWN, .flags = PN_FIELD_KEY | PN_FIELD_SPAN },
	[F_GROUP] = { { "group", "remote", PN_T_IP, .def = "any",
			.help = "multicast group, or remote VTEP, of what has no other" },
		      PN_F_OWN },
};

static int vni_encode(const struct pn_object *o, enum pn_object_op op, struct pn_sys_ns *ns,
		      struct pn_msg *m)
{
	size_t nest = pn_msg_nest(m, VXLAN_VNIFILTER_ENTRY);
	const struct pn_value *group = &o->v[F_GROUP];

	pn_msg_put_u32(m, VXLAN_VNIFILTER_ENTRY_START, o->v[F_VNI].num);
	if (group->set && group->len)
		pn_msg_put(m, group->len == 4 ? VXLAN_VNIFILTER_ENTRY_GROUP :
			   VXLAN_VNIFILTER_ENTRY_GROUP6, group->bin, group->len);
	pn_msg_nest_end(m, nest);
	return m->err;
}

static int entry_take(struct pn_lister *l, uint32_t index, const struct nlattr *entry)
{
	const struct nlattr *tb[VXLAN_VNIFILTER_ENTRY_MAX + 1];
	const struct nlattr *group;
	struct pn_object *o;
	uint32_t vni, last;
	int rc = 0;

	pn_attrs_nested(tb, VXLAN_VNIFILTER_ENTRY_MAX, entry);
	group = tb[VXLAN_VNIFILTER_ENTRY_GROUP] ? tb[VXLAN_VNIFILTER_ENTRY_GROUP] :
						  tb[VXLAN_VNIFILTER_ENTRY_GROUP6];
	vni = pn_attr_u32(tb[VXLAN_VNIFILTER_ENTRY_START], UINT32_MAX);
	last = pn_attr_u32(tb[VXLAN_VNIFILTER_ENTRY_END], vni);
	for (; vni <= last && last <= 0xffffff && !rc; vni++) {
		rc = pn_lister_new(l, index, &o);
		if (!o)
			return rc;
		o->v[F_VNI] = (struct pn_value){ .set = true, .num = vni };
		o->v[F_GROUP].set = true;
		o->v[F_GROUP].len = pn_attr_len(group) <= 16 ? pn_attr_len(group) : 0;
		if (group)
			memcpy(o->v[F_GROUP].bin, pn_attr_data(group), o->v[F_GROUP].len);
		rc = pn_lister_add(l, o);
	}
	return rc;
}

static int vni_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct tunnel_msg *tm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	int rc = 0;

	if (nlh->nlmsg_type != RTM_NEWTUNNEL || mnl_nlmsg_get_payload_len(nlh) < sizeof(*tm))
		return 0;
	mnl_attr_for_each(attr, nlh, sizeof(*tm)) {
		if (!rc && mnl_attr_get_type(attr) == VXLAN_VNIFILTER_ENTRY)
			rc = entry_take(data, tm->ifindex, attr);
	}
	return rc;
}

/* Kernels before 5.18 have none of this: no VNIs. */
static int vni_list(struct pn_lister *l, struct pn_err *err)
{
	const struct tunnel_msg tm = { .family = AF_BRIDGE };
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, RTM_GETTUNNEL, 0);
	pn_msg_extra(&m, &tm, sizeof(tm));
	rc = pn_nl_dump(&l->ns->nl, &m, vni_cb, l, NULL);
	pn_msg_fini(&m);
	return pn_lister_optional(rc);
}

static uint16_t vni_add_flags(const struct pn_object *o)
{
	return NLM_F_CREATE;
}

/*
 * The entry for what has no other: it goes with the VNI, but when the group
 * changes the kernel adds one and leaves the old one, to which all goes too.
 */
static bool vni_leaves(const struct pn_object *o, const struct pn_object *entry)
{
	static const uint8_t zero[6];
	const struct pn_value *group = &o->v[F_GROUP];
	const struct pn_value *mac = pn_object_value(entry, "mac");
	const struct pn_value *vni = pn_object_value(entry, "src_vni");
	const struct pn_value *dst = pn_object_value(entry, "dst");

	return group->len && dst->set && dst->len == group->len &&
	       !memcmp(dst->bin, group->bin, group->len) && vni->set &&
	       vni->num == o->v[F_VNI].num && !memcmp(mac->bin, zero, sizeof(zero)) &&
	       !strcmp(pn_object_value(entry, "dev")->str, o->v[F_DEV].str);
}

const struct pn_class pn_class_vnis = {
	.section = "vnis",
	.noun = "VNI",
	.help = "VNIs of vxlan devices that filter by VNI",
	PN_FIELDS(fields),
	.add = RTM_NEWTUNNEL,
	.del = RTM_DELTUNNEL,
	.got = RTM_NEWTUNNEL,
	.set_flags = NLM_F_REPLACE,
	.add_flags = vni_add_flags,
	.head_len = sizeof(struct tunnel_msg),
	.family = AF_BRIDGE,
	.encode = vni_encode,
	.list = vni_list,
	.left_class = &pn_class_fdb,
	.leaves = vni_leaves,
};
