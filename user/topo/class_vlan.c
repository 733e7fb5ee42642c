// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* VLANs of bridges and of their ports: the class; its words are bridge-vlan(8)'s. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_bridge.h>
#include <linux/rtnetlink.h>
#include <stdio.h>

#include "nl/vlan.h"
#include "topo/class.h"

static const struct pn_named states[] = {
	{ "disabled", BR_STATE_DISABLED }, { "listening", BR_STATE_LISTENING },
	{ "learning", BR_STATE_LEARNING }, { "forwarding", BR_STATE_FORWARDING },
	{ "blocking", BR_STATE_BLOCKING }, { NULL, 0 },
};

enum { F_DEV, F_VID, F_PVID, F_UNTAGGED, F_TUNNEL, F_STATE };

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
	[F_STATE] = { { "state", NULL, PN_T_U8, .named = states, .def = "forwarding",
			.help = "what the port does in this VLAN" }, PN_F_OWN },
};

static int vlan_head(const struct pn_object *o, enum pn_object_op op, struct pn_sys_ns *ns,
		     void *head)
{
	((struct br_vlan_msg *)head)->family = AF_BRIDGE;
	return 0;
}

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

	if (op != PN_OBJECT_DEL && o->v[F_PVID].num)
		info.flags |= BRIDGE_VLAN_INFO_PVID;
	if (op != PN_OBJECT_DEL && o->v[F_UNTAGGED].num)
		info.flags |= BRIDGE_VLAN_INFO_UNTAGGED;
	pn_msg_put(m, BRIDGE_VLANDB_ENTRY_INFO, &info, sizeof(info));
	if (op != PN_OBJECT_DEL && o->v[F_TUNNEL].set && o->v[F_TUNNEL].num)
		tunnel_put(m, o->v[F_TUNNEL].num);
	if (op != PN_OBJECT_DEL && o->v[F_STATE].set)
		pn_msg_put_u8(m, BRIDGE_VLANDB_ENTRY_STATE, o->v[F_STATE].num);
	pn_msg_nest_end(m, nest);
	return m->err;
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

static int vlan_take(void *ctx, const struct pn_nl_vlan *vlan)
{
	struct pn_lister *l = ctx;
	struct pn_object *o;
	unsigned int vid;
	int rc = 0;

	for (vid = vlan->first; vid <= vlan->last && !rc; vid++) {
		o = pn_object_new(&l->to->pool, l->cls, l->ns->name);
		if (!o)
			return -ENOMEM;
		if (!pn_lister_dev(l, o, "dev", vlan->ifindex))
			return 0;
		o->v[F_VID] = (struct pn_value){ .set = true, .num = vid };
		o->v[F_PVID] = (struct pn_value){ .set = true,
			.num = !!(vlan->flags & BRIDGE_VLAN_INFO_PVID) };
		o->v[F_UNTAGGED] = (struct pn_value){ .set = true,
			.num = !!(vlan->flags & BRIDGE_VLAN_INFO_UNTAGGED) };
		o->v[F_TUNNEL] = (struct pn_value){ .set = vlan->has_tunnel,
			.num = vlan->tunnel + vid - vlan->first };
		o->v[F_STATE] = (struct pn_value){ .set = true, .num = vlan->state };
		rc = pn_lister_add(l, o);
	}
	return rc;
}

static int vlan_cb(const struct nlmsghdr *nlh, void *data)
{
	return pn_nl_vlan_each(nlh, vlan_take, data);
}

/* A kernel without bridges has no VLANs of theirs. */
static int vlan_list(struct pn_lister *l, struct pn_err *err)
{
	int rc = pn_nl_vlan_dump(&l->ns->nl, vlan_cb, l, NULL);

	return rc == -EINTR || rc == -ENOMEM ? rc : 0;
}

/* What a bridge without a port of this VLAN of its own says is the same. */
static uint16_t vlan_add_flags(const struct pn_object *o)
{
	return 0;
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
	.add_flags = vlan_add_flags,
	.takes = true,
	.head_len = sizeof(struct br_vlan_msg),
	.head = vlan_head,
	.encode = vlan_encode,
	.talk = vlan_talk,
	.list = vlan_list,
};
