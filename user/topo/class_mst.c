// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * States of bridge ports in multiple spanning trees: the class; its words are
 * those of `bridge mst`. A port has one for each tree that its VLANs are of:
 * they are set, not made, and begin as disabled.
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_bridge.h>
#include <linux/rtnetlink.h>

#include "nl/link.h"
#include "topo/class.h"

#define FILTER_MST	(1 << 7)	/* RTEXT_FILTER_MST: since 5.18 */

static const struct pn_named states[] = {
	{ "disabled", BR_STATE_DISABLED }, { "listening", BR_STATE_LISTENING },
	{ "learning", BR_STATE_LEARNING }, { "forwarding", BR_STATE_FORWARDING },
	{ "blocking", BR_STATE_BLOCKING }, { NULL, 0 },
};

enum { F_DEV, F_MSTI, F_STATE };

static const struct pn_field fields[] = {
	[F_DEV] = { { "dev", NULL, PN_T_DEV, .flags = PN_ROW_REQUIRED,
		      .help = "the port of a bridge with mst_enabled" },
		    PN_HEAD(ifinfomsg, ifi_index), .flags = PN_FIELD_KEY },
	[F_MSTI] = { { "msti", NULL, PN_T_U16, .flags = PN_ROW_REQUIRED, .min = 1, .max = 4095,
		       .help = "the tree, of one of the port's VLANs; see vlan_global" },
		     PN_F_OWN, .flags = PN_FIELD_KEY },
	[F_STATE] = { { "state", NULL, PN_T_U8, .flags = PN_ROW_REQUIRED, .named = states,
			.help = "what the port does in it" }, PN_F_OWN },
};

static int mst_encode(const struct pn_object *o, enum pn_object_op op, struct pn_sys_ns *ns,
		      struct pn_msg *m)
{
	size_t spec = pn_msg_nest(m, IFLA_AF_SPEC), mst, entry;

	mst = pn_msg_nest(m, IFLA_BRIDGE_MST);
	entry = pn_msg_nest(m, IFLA_BRIDGE_MST_ENTRY);
	pn_msg_put_u16(m, IFLA_BRIDGE_MST_ENTRY_MSTI, o->v[F_MSTI].num);
	pn_msg_put_u8(m, IFLA_BRIDGE_MST_ENTRY_STATE,
		      op == PN_OBJECT_DEL ? BR_STATE_DISABLED : o->v[F_STATE].num);
	pn_msg_nest_end(m, entry);
	pn_msg_nest_end(m, mst);
	pn_msg_nest_end(m, spec);
	return m->err;
}

/* Tree 0 is the port's state, of its rows. */
static int entry_take(struct pn_lister *l, uint32_t index, const struct nlattr *entry)
{
	const struct nlattr *tb[IFLA_BRIDGE_MST_ENTRY_MAX + 1];
	struct pn_object *o;
	uint16_t msti;
	int rc;

	pn_attrs_nested(tb, IFLA_BRIDGE_MST_ENTRY_MAX, entry);
	msti = pn_attr_u16(tb[IFLA_BRIDGE_MST_ENTRY_MSTI], 0);
	if (!msti)
		return 0;
	rc = pn_lister_new(l, index, &o);
	if (!o)
		return rc;
	o->v[F_MSTI] = (struct pn_value){ .set = true, .num = msti };
	o->v[F_STATE] = (struct pn_value){ .set = true,
		.num = pn_attr_u8(tb[IFLA_BRIDGE_MST_ENTRY_STATE], BR_STATE_DISABLED) };
	return pn_lister_add(l, o);
}

static int mst_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[IFLA_BRIDGE_MST + 1], *entry;
	struct pn_nl_link link;
	int rc = 0;

	if (pn_nl_link_parse(nlh, &link))
		return 0;
	pn_attrs_nested(tb, IFLA_BRIDGE_MST, link.af_spec);
	if (!tb[IFLA_BRIDGE_MST])
		return 0;
	mnl_attr_for_each_nested(entry, tb[IFLA_BRIDGE_MST]) {
		if (!rc && mnl_attr_get_type(entry) == IFLA_BRIDGE_MST_ENTRY)
			rc = entry_take(data, link.ifindex, entry);
	}
	return rc;
}

/* A kernel without bridges, or older than 5.18, has none. */
static int mst_list(struct pn_lister *l, struct pn_err *err)
{
	return pn_lister_optional(pn_nl_link_dump(&l->ns->nl, AF_BRIDGE, FILTER_MST, mst_cb,
						  l, NULL));
}

static bool mst_is_config(const struct pn_object *o)
{
	return o->v[F_STATE].num != BR_STATE_DISABLED;
}

const struct pn_class pn_class_mst = {
	.section = "mst",
	.noun = "state",
	.help = "states of bridge ports in multiple spanning trees",
	PN_FIELDS(fields),
	.add = RTM_SETLINK,
	.del = RTM_SETLINK,
	.got = RTM_NEWLINK,
	.add_flags = pn_object_add_over,
	.head_len = sizeof(struct ifinfomsg),
	.family = AF_BRIDGE,
	.encode = mst_encode,
	.talk = pn_object_send,
	.list = mst_list,
	.is_config = mst_is_config,
};
