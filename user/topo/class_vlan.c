// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* VLANs of bridges and of their ports: the class; its words are bridge-vlan(8)'s. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_bridge.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "nl/compat.h"
#include "nl/vlan.h"
#include "topo/class.h"

#define KERNEL_STP 1	/* of IFLA_BR_STP_STATE, in no header */

static const struct pn_named states[] = {
	{ "disabled", BR_STATE_DISABLED }, { "listening", BR_STATE_LISTENING },
	{ "learning", BR_STATE_LEARNING }, { "forwarding", BR_STATE_FORWARDING },
	{ "blocking", BR_STATE_BLOCKING }, { NULL, 0 },
};

enum { F_DEV, F_VID, F_PVID, F_UNTAGGED, F_TUNNEL, F_STATE, F_N = F_STATE + 4 };

static const struct pn_field fields[] = {
	[F_DEV] = { { "dev", NULL, PN_T_DEV, .flags = PN_ROW_REQUIRED,
		      .help = "the bridge port, or the bridge itself" },
		    PN_HEAD(br_vlan_msg, ifindex), .flags = PN_FIELD_KEY },
	[F_VID] = { { "vid", NULL, PN_T_U16, .flags = PN_ROW_REQUIRED, .min = 1, .max = 4094,
		      .help = "the VLAN, or a range such as 10-20: one for each" },
		    PN_F_OWN, .flags = PN_FIELD_KEY | PN_FIELD_SPAN },
	[F_PVID] = { { "pvid", NULL, PN_T_BOOL, .def = "false",
		       .help = "untagged frames that come in are of this VLAN" }, PN_F_OWN },
	[F_UNTAGGED] = { { "untagged", NULL, PN_T_BOOL, .def = "false",
			   .help = "frames of it leave without a tag" }, PN_F_OWN },
	[F_TUNNEL] = { { "tunnel_info", "tunnel_id", PN_T_U32, .min = 1, .max = 0xffffff,
			 .help = "the VNI that it is in a tunnel; of a range, those that follow "
				 "each other" }, PN_F_OWN, .flags = PN_FIELD_SPAN },
	[F_STATE] = { { "state", NULL, PN_T_U8, BRIDGE_VLANDB_ENTRY_STATE, .named = states,
			.def = "forwarding", .help = "what the port does in this VLAN; the "
			"kernel's where it runs STP, the tree's where there is MST" }, PN_F_OWN },
	{ { "mcast_router", NULL, PN_T_U8, BRIDGE_VLANDB_ENTRY_MCAST_ROUTER, .max = 3, .def = "1",
	    .help = "0: never, 1: learnt, 2: always, 3: for a while (of ports)" }, PN_F_OWN },
	{ { "mcast_max_groups", NULL, PN_T_U32, PN_VLANDB_ENTRY_MCAST_MAX_GROUPS,
	    .max = UINT32_MAX, .def = "0", .help = "most multicast groups of the port here; 0: "
	    "no limit (kernel 6.3, where the bridge has mcast_vlan_snooping)" }, PN_F_OWN },
	{ { "neigh_suppress", NULL, PN_T_BOOL, PN_VLANDB_ENTRY_NEIGH_SUPPRESS, .def = "false",
	    .help = "answer ARP and ND instead of flooding, where the port has "
	    "neigh_vlan_suppress (kernel 6.4)" }, PN_F_OWN },
};

static void tunnel_put(struct pn_msg *m, uint32_t id)
{
	size_t nest = pn_msg_nest(m, BRIDGE_VLANDB_ENTRY_TUNNEL_INFO);

	pn_msg_put_u32(m, BRIDGE_VLANDB_TINFO_CMD, RTM_SETLINK);
	pn_msg_put_u32(m, BRIDGE_VLANDB_TINFO_ID, id);
	pn_msg_nest_end(m, nest);
}

static int vlan_encode(const struct pn_object *o, enum pn_object_op op,
		       struct pn_sys_ns *ns, struct pn_msg *m)
{
	struct bridge_vlan_info info = { .vid = o->v[F_VID].num };
	size_t nest = pn_msg_nest(m, BRIDGE_VLANDB_ENTRY);
	unsigned int i;
	int rc = 0;

	if (op != PN_OBJECT_DEL && o->v[F_PVID].num)
		info.flags |= BRIDGE_VLAN_INFO_PVID;
	if (op != PN_OBJECT_DEL && o->v[F_UNTAGGED].num)
		info.flags |= BRIDGE_VLAN_INFO_UNTAGGED;
	pn_msg_put(m, BRIDGE_VLANDB_ENTRY_INFO, &info, sizeof(info));
	if (op != PN_OBJECT_DEL && o->v[F_TUNNEL].set && o->v[F_TUNNEL].num)
		tunnel_put(m, o->v[F_TUNNEL].num);
	for (i = F_STATE; i < F_N && op != PN_OBJECT_DEL && !rc; i++) {
		if (o->v[i].set)
			rc = pn_row_encode(&fields[i].row, &o->v[i], &ns->devs, m, pn_msg_len(m));
	}
	pn_msg_nest_end(m, nest);
	return rc ? rc : m->err;
}

/* A VNI is not replaced by another: it goes first. */
static void tunnel_drop(struct pn_sys_ns *ns, const struct pn_object *o)
{
	const struct bridge_vlan_info info = {
		.vid = o->v[F_VID].num, .flags = BRIDGE_VLAN_INFO_ONLY_OPTS,
	};
	struct br_vlan_msg head = { .family = AF_BRIDGE };
	size_t entry, tunnel;
	struct pn_msg m;

	head.ifindex = ns->devs.index(ns->devs.data, o->v[F_DEV].str);
	pn_msg_init(&m, RTM_NEWVLAN, 0);
	pn_msg_extra(&m, &head, sizeof(head));
	entry = pn_msg_nest(&m, BRIDGE_VLANDB_ENTRY);
	pn_msg_put(&m, BRIDGE_VLANDB_ENTRY_INFO, &info, sizeof(info));
	tunnel = pn_msg_nest(&m, BRIDGE_VLANDB_ENTRY_TUNNEL_INFO);
	pn_msg_put_u32(&m, BRIDGE_VLANDB_TINFO_CMD, RTM_DELLINK);
	pn_msg_nest_end(&m, tunnel);
	pn_msg_nest_end(&m, entry);
	pn_nl_talk(&ns->nl, &m, NULL);	/* it may have none */
	pn_msg_fini(&m);
}

static int vlan_talk(struct pn_sys_ns *ns, const struct pn_object *o, enum pn_object_op op)
{
	if (op == PN_OBJECT_SET && o->v[F_TUNNEL].set)
		tunnel_drop(ns, o);
	return pn_object_send(ns, o, op);
}

/* VLANs on their way into a list. */
struct taker {
	struct pn_lister *l;
	bool state_is_set;	/* by whoever configures it */
};

/* Is it the kernel's STP, or MST, that sets the states of the ports? */
static bool state_is_set(struct pn_lister *l, uint32_t index)
{
	const struct pn_sys_link *link = pn_sys_link_by_index(l->ns, index);
	struct br_boolopt_multi opts = { 0 };
	struct pn_link_view view;
	uint32_t master;

	if (!link || pn_link_view(link->msg, &view))
		return true;
	master = pn_attr_u32(view.link[IFLA_MASTER], 0);
	link = master ? pn_sys_link_by_index(l->ns, master) : link;
	if (!link || pn_link_view(link->msg, &view))
		return true;
	if (pn_attr_len(view.data[IFLA_BR_MULTI_BOOLOPT]) >= sizeof(opts))
		memcpy(&opts, pn_attr_data(view.data[IFLA_BR_MULTI_BOOLOPT]), sizeof(opts));
	return pn_attr_u32(view.data[IFLA_BR_STP_STATE], 0) != KERNEL_STP &&
	       !(opts.optval & 1U << BR_BOOLOPT_MST_ENABLE);
}

static void options_take(struct taker *t, struct pn_object *o, const struct nlattr *entry)
{
	const struct nlattr *tb[PN_OBJECT_ATTRS + 1];
	unsigned int i;

	pn_attrs_nested(tb, PN_OBJECT_ATTRS, entry);
	for (i = F_STATE; i < F_N; i++) {
		if (tb[fields[i].row.attr])
			pn_lister_attr(t->l, &fields[i], tb, &o->v[i]);
	}
	if (!t->state_is_set)
		o->v[F_STATE].set = false;
}

static int vlan_take(void *ctx, const struct pn_nl_vlan *vlan)
{
	struct taker *t = ctx;
	struct pn_lister *l = t->l;
	struct pn_object *o;
	unsigned int vid;
	int rc = 0;

	for (vid = vlan->first; vid <= vlan->last && !rc; vid++) {
		rc = pn_lister_new(l, vlan->ifindex, &o);
		if (!o)
			return rc;
		o->v[F_VID] = (struct pn_value){ .set = true, .num = vid };
		o->v[F_PVID] = (struct pn_value){ .set = true,
			.num = !!(vlan->flags & BRIDGE_VLAN_INFO_PVID) };
		o->v[F_UNTAGGED] = (struct pn_value){ .set = true,
			.num = !!(vlan->flags & BRIDGE_VLAN_INFO_UNTAGGED) };
		o->v[F_TUNNEL] = (struct pn_value){ .set = vlan->has_tunnel,
			.num = vlan->tunnel + vid - vlan->first };
		options_take(t, o, vlan->entry);
		rc = pn_lister_add(l, o);
	}
	return rc;
}

/* A message is of one device. */
static int vlan_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct br_vlan_msg *bvm = mnl_nlmsg_get_payload(nlh);
	struct taker t = { .l = data };

	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(*bvm))
		t.state_is_set = state_is_set(data, bvm->ifindex);
	return pn_nl_vlan_each(nlh, vlan_take, &t);
}

/*
 * A kernel without bridges has no VLANs of theirs. With statistics each comes
 * by itself: ranges do not tell of some options.
 */
static int vlan_list(struct pn_lister *l, struct pn_err *err)
{
	return pn_lister_optional(pn_nl_vlan_dump(&l->ns->nl, BRIDGE_VLANDB_DUMPF_STATS,
						  vlan_cb, l, NULL));
}

const struct pn_class pn_class_vlans = {
	.section = "vlans",
	.noun = "VLAN",
	.help = "VLANs that bridges and their ports are members of, and the VNIs that they map to",
	PN_FIELDS(fields),
	.add = RTM_NEWVLAN,
	.del = RTM_DELVLAN,
	.got = RTM_NEWVLAN,
	.set_flags = NLM_F_REPLACE,
	.add_flags = pn_object_add_over,
	.takes = true,
	.head_len = sizeof(struct br_vlan_msg),
	.family = AF_BRIDGE,
	.encode = vlan_encode,
	.talk = vlan_talk,
	.list = vlan_list,
};
