// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What is the same for a VLAN in all of a bridge: the class; its words are
 * those of `bridge vlan global`. The options come and go with their VLAN, of
 * the bridge or of one of its ports; removed, they are what they begin as.
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_bridge.h>
#include <linux/rtnetlink.h>
#include <stdio.h>

#include "nl/vlan.h"
#include "topo/class.h"

#define OPTION	PN_F_NEST, BRIDGE_VLANDB_GLOBAL_OPTIONS
#define SWITCH(word, id, by_default, text) \
	{ { word, NULL, PN_T_BOOL, BRIDGE_VLANDB_GOPTS_MCAST_##id, .def = by_default, \
	    .help = text }, OPTION }
#define NUMBER(word, type, id, lo, hi, by_default, text) \
	{ { word, NULL, PN_T_##type, BRIDGE_VLANDB_GOPTS_##id, .min = lo, .max = hi, \
	    .def = by_default, .help = text }, OPTION }
#define INTERVAL(word, id, lo, hi, by_default, text) \
	{ { word, NULL, PN_T_U64, BRIDGE_VLANDB_GOPTS_MCAST_##id##_INTVL, .min = lo, .max = hi, \
	    .def = by_default, .unit = "1/100 s", .help = text }, OPTION }
/* Beyond a day the kernel makes a day of it. */
#define QUERY_MAX	8640000

/* 3125 in ticks of the kernel, which may be fewer; they are told after that. */
#define STARTUP_QUERY	"3125"

enum { F_DEV, F_VID };

static const struct pn_field fields[] = {
	[F_DEV] = { { "dev", NULL, PN_T_DEV, .flags = PN_ROW_REQUIRED, .help = "the bridge" },
		    PN_HEAD(br_vlan_msg, ifindex), .flags = PN_FIELD_KEY },
	[F_VID] = { { "vid", NULL, PN_T_U16, BRIDGE_VLANDB_GOPTS_ID, .flags = PN_ROW_REQUIRED,
		      .min = 1, .max = 4094,
		      .help = "the VLAN, or a range such as 10-20: one for each" },
		    OPTION, .flags = PN_FIELD_KEY | PN_FIELD_SPAN },
	SWITCH("mcast_snooping", SNOOPING, "true", "IGMP and MLD snooping"),
	SWITCH("mcast_querier", QUERIER, "false", "send queries"),
	NUMBER("mcast_igmp_version", U8, MCAST_IGMP_VERSION, 2, 3, "2", "IGMP version"),
	NUMBER("mcast_mld_version", U8, MCAST_MLD_VERSION, 1, 2, "1", "MLD version"),
	NUMBER("mcast_last_member_count", U32, MCAST_LAST_MEMBER_CNT, 0, UINT32_MAX, "2",
	       "queries after a leave"),
	NUMBER("mcast_startup_query_count", U32, MCAST_STARTUP_QUERY_CNT, 0, UINT32_MAX, "2",
	       "queries at start"),
	INTERVAL("mcast_last_member_interval", LAST_MEMBER, 0, UINT32_MAX, "100",
		 "between those after a leave"),
	INTERVAL("mcast_startup_query_interval", STARTUP_QUERY, 100, QUERY_MAX, NULL,
		 "between those at start"),
	INTERVAL("mcast_membership_interval", MEMBERSHIP, 0, UINT32_MAX, "26000",
		 "lifetime of a membership"),
	INTERVAL("mcast_querier_interval", QUERIER, 0, UINT32_MAX, "25500",
		 "until another querier counts as gone"),
	INTERVAL("mcast_query_interval", QUERY, 100, QUERY_MAX, "12500", "between queries"),
	INTERVAL("mcast_query_response_interval", QUERY_RESPONSE, 0, UINT32_MAX, "1000",
		 "for the answers"),
	NUMBER("msti", U16, MSTI, 0, 4095, "0",
	       "the spanning tree that it is of, where the bridge has mst_enabled; see mst"),
};

#define N_FIELDS	(sizeof(fields) / sizeof(fields[0]))

static int global_take(struct pn_lister *l, uint32_t index, const struct nlattr *options)
{
	const struct nlattr *tb[PN_OBJECT_ATTRS + 1];
	struct pn_object *o;
	unsigned int vid, last, i;
	int rc = 0;

	pn_attrs_nested(tb, PN_OBJECT_ATTRS, options);
	vid = pn_attr_u16(tb[BRIDGE_VLANDB_GOPTS_ID], UINT16_MAX);
	last = pn_attr_u16(tb[BRIDGE_VLANDB_GOPTS_RANGE], vid);
	for (; vid <= last && last <= 4094 && !rc; vid++) {
		rc = pn_lister_new(l, index, &o);
		if (!o)
			return rc;
		for (i = F_VID; i < N_FIELDS; i++) {
			if (tb[fields[i].row.attr])
				pn_lister_attr(l, &fields[i], tb, &o->v[i]);
		}
		o->v[F_VID].num = vid;
		rc = pn_lister_add(l, o);
	}
	return rc;
}

static int global_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct br_vlan_msg *bvm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	int rc = 0;

	if (nlh->nlmsg_type != RTM_NEWVLAN || mnl_nlmsg_get_payload_len(nlh) < sizeof(*bvm))
		return 0;
	mnl_attr_for_each(attr, nlh, sizeof(*bvm)) {
		if (!rc && mnl_attr_get_type(attr) == BRIDGE_VLANDB_GLOBAL_OPTIONS)
			rc = global_take(data, bvm->ifindex, attr);
	}
	return rc;
}

/* A kernel without bridges, or older than 5.15, has none. */
static int global_list(struct pn_lister *l, struct pn_err *err)
{
	return pn_lister_optional(pn_nl_vlan_dump(&l->ns->nl, BRIDGE_VLANDB_DUMPF_GLOBAL,
						  global_cb, l, NULL));
}

/* What it begins as, of what it is not. */
static int global_reset(struct pn_sys_ns *ns, const struct pn_object *o)
{
	struct pn_pool pool = { 0 };
	struct pn_object *first = pn_object_new(&pool, o->cls, o->netns);
	const char *def;
	char why[200];
	unsigned int i;
	int rc = first ? 0 : -ENOMEM;

	for (i = 0; i < N_FIELDS && !rc; i++) {
		def = fields[i].row.def ? fields[i].row.def : STARTUP_QUERY;
		if (fields[i].flags & PN_FIELD_KEY)
			first->v[i] = o->v[i];
		else if (pn_object_says(o, i))
			rc = pn_field_parse(&fields[i], def, &first->v[i], &pool, why, sizeof(why));
	}
	if (!rc)
		rc = pn_object_send(ns, first, PN_OBJECT_SET);
	pn_pool_fini(&pool);
	return rc;
}

static int global_talk(struct pn_sys_ns *ns, const struct pn_object *o, enum pn_object_op op)
{
	return op == PN_OBJECT_DEL ? global_reset(ns, o) : pn_object_send(ns, o, op);
}

static bool global_is_config(const struct pn_object *o)
{
	unsigned int i;

	for (i = F_VID + 1; i < N_FIELDS; i++) {
		if (fields[i].row.def && pn_object_says(o, i))
			return true;
	}
	return false;
}

const struct pn_class pn_class_vlan_global = {
	.section = "vlan_global",
	.noun = "VLAN options",
	.help = "what is the same for a VLAN in all of a bridge",
	PN_FIELDS(fields),
	.add = RTM_NEWVLAN,
	.got = RTM_NEWVLAN,
	.add_flags = pn_object_add_over,
	.head_len = sizeof(struct br_vlan_msg),
	.family = AF_BRIDGE,
	.talk = global_talk,
	.list = global_list,
	.is_config = global_is_config,
};
