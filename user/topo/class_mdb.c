// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Multicast groups of bridges: the class; its words are those of `bridge mdb`.
 * What snooping learnt, and what IPv4 and IPv6 of the host itself joined, is
 * no configuration.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_bridge.h>
#include <linux/if_ether.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "topo/class.h"

#define SETTLE_MS	2000
#define SETTLE_STEP_MS	20

static const struct pn_named states[] = {
	{ "permanent", MDB_PERMANENT }, { "temp", MDB_TEMPORARY }, { NULL, 0 },
};

static bool group_is_one(const struct pn_value *v)
{
	static const uint8_t all_nodes[16] = { 0xff, 2, [15] = 1 };

	if (v->len == 4)
		return (v->bin[0] & 0xf0) == 0xe0 && memcmp(v->bin, "\xe0\0\0", 3) != 0;
	if (v->len == 16)
		return v->bin[0] == 0xff && memcmp(v->bin, all_nodes, 16) != 0;
	return v->bin[0] & 1;
}

static int group_parse(const char *text, struct pn_value *v, struct pn_pool *pool)
{
	static const struct pn_row mac = { .name = "grp", .type = PN_T_MAC };
	char why[100];

	if (inet_pton(AF_INET, text, v->bin) == 1)
		v->len = 4;
	else if (inet_pton(AF_INET6, text, v->bin) == 1)
		v->len = 16;
	else if (pn_row_parse(&mac, text, v, why, sizeof(why)))
		return -EINVAL;
	return group_is_one(v) ? 0 : -EINVAL;
}

static void group_format(const struct pn_value *v, char *buf, size_t len)
{
	static const struct pn_row mac = { .name = "grp", .type = PN_T_MAC };

	if (v->len == ETH_ALEN)
		pn_row_format(&mac, v, buf, len);
	else
		inet_ntop(pn_family_of(v), v->bin, buf, len);
}

static const struct pn_field_type group_type = {
	.accepts = "a multicast group: an IPv4 address (but none of 224.0.0.x), an IPv6 address "
		   "(but not ff02::1) or a MAC address",
	.parse = group_parse,
	.format = group_format,
};

enum { F_DEV, F_PORT, F_GRP, F_SRC, F_VID, F_STATE };

static const struct pn_field fields[] = {
	[F_DEV] = { { "dev", NULL, PN_T_DEV, .flags = PN_ROW_REQUIRED, .help = "the bridge" },
		    PN_HEAD(br_port_msg, ifindex), .flags = PN_FIELD_KEY },
	[F_PORT] = { { "port", NULL, PN_T_DEV, .flags = PN_ROW_REQUIRED,
		       .help = "the port that the group is sent to; the bridge: this host" },
		     PN_F_OWN, .flags = PN_FIELD_KEY },
	[F_GRP] = { { "grp", NULL, PN_T_STR, .flags = PN_ROW_REQUIRED,
		      .help = "the group" }, PN_F_OWN, .flags = PN_FIELD_KEY, .type = &group_type },
	[F_SRC] = { { "src", NULL, PN_T_IP, .help = "of this sender alone" },
		    PN_F_OWN, .flags = PN_FIELD_KEY },
	[F_VID] = { { "vid", NULL, PN_T_U16, .min = 1, .max = 4094,
		      .help = "the VLAN; needed where the bridge filters by VLAN" },
		    PN_F_OWN, .flags = PN_FIELD_KEY },
	[F_STATE] = { { "state", NULL, PN_T_U8, .named = states, .def = "permanent",
			.help = "temp: until the membership would end; of the host, IP groups are "
				"always temp" }, PN_F_OWN },
};

static bool is_host(const struct pn_object *o)
{
	return !strcmp(o->v[F_DEV].str, o->v[F_PORT].str);
}

/* The only state that there is for it; -1: either. */
static int state_only(const struct pn_object *o)
{
	if (o->v[F_GRP].len == ETH_ALEN)
		return MDB_PERMANENT;
	return is_host(o) ? MDB_TEMPORARY : -1;
}

static uint8_t state_of(const struct pn_object *o)
{
	int only = state_only(o);

	if (only >= 0)
		return only;
	return o->v[F_STATE].set ? o->v[F_STATE].num : MDB_PERMANENT;
}

static int mdb_check(struct pn_object *o, int *field, char *why, size_t len)
{
	struct pn_value *src = &o->v[F_SRC], *state = &o->v[F_STATE];
	int only = state_only(o);

	if (src->set && !src->len)
		src->set = false;
	*field = F_SRC;
	if (src->set && (o->v[F_GRP].len == ETH_ALEN || is_host(o))) {
		snprintf(why, len, "is for IP groups of ports");
		return -EINVAL;
	}
	if (src->set && src->len != o->v[F_GRP].len) {
		snprintf(why, len, "must be an %s address, as grp is",
			 o->v[F_GRP].len == 4 ? "IPv4" : "IPv6");
		return -EINVAL;
	}
	*field = F_STATE;
	if (state->set && only >= 0 && (int)state->num != only) {
		snprintf(why, len, "must be %s for a group %s", only ? "permanent" : "temp",
			 only ? "that is a MAC address" : "of this host");
		return -EINVAL;
	}
	state->num = state_of(o);
	state->set = true;
	return 0;
}

/* A link as it is now. */
struct link_now {
	bool pending;		/* a port that is up, but not yet for the bridge */
	bool filters;		/* a bridge that filters by VLAN */
};

static int link_take(const struct nlmsghdr *nlh, void *data)
{
	struct link_now *now = data;
	struct pn_link_view view;

	if (pn_link_view(nlh, &view))
		return 0;
	now->pending = (view.ifm->ifi_flags & IFF_UP) && view.slave[IFLA_BRPORT_STATE] &&
		       pn_attr_u8(view.link[IFLA_CARRIER], 0) &&
		       pn_attr_u8(view.slave[IFLA_BRPORT_STATE], 0) == BR_STATE_DISABLED;
	now->filters = pn_attr_u8(view.data[IFLA_BR_VLAN_FILTERING], 0);
	return 0;
}

static struct link_now link_ask(struct pn_sys_ns *ns, int index)
{
	struct ifinfomsg ifm = { .ifi_index = index };
	struct link_now now = { 0 };
	struct pn_msg m;

	pn_msg_init(&m, RTM_GETLINK, 0);
	pn_msg_extra(&m, &ifm, sizeof(ifm));
	pn_nl_get(&ns->nl, &m, link_take, &now, NULL);
	pn_msg_fini(&m);
	return now;
}

/* The kernel tells the bridge of a carrier a moment later: until then nothing is temp. */
static void port_settle(struct pn_sys_ns *ns, int index)
{
	unsigned int ms;

	for (ms = 0; ms < SETTLE_MS && link_ask(ns, index).pending; ms += SETTLE_STEP_MS)
		usleep(SETTLE_STEP_MS * 1000);
}

static int mdb_head(const struct pn_object *o, enum pn_object_op op, struct pn_sys_ns *ns,
		    void *head)
{
	struct br_port_msg *bpm = head;
	int port = ns->devs.index(ns->devs.data, o->v[F_PORT].str);

	bpm->family = AF_BRIDGE;
	if (port < 0 || op == PN_OBJECT_DEL)
		return port < 0 ? port : 0;
	if (!o->v[F_VID].set && link_ask(ns, bpm->ifindex).filters) {
		/* It would make one for each VLAN of the port. */
		snprintf(ns->nl.ack.text, sizeof(ns->nl.ack.text), "the bridge filters by VLAN: "
			 "say vid");
		return -EINVAL;
	}
	if (!is_host(o) && state_of(o) == MDB_TEMPORARY)
		port_settle(ns, port);
	return 0;
}

static __be16 proto_of(const struct pn_value *group)
{
	if (group->len == ETH_ALEN)
		return 0;
	return htons(group->len == 4 ? ETH_P_IP : ETH_P_IPV6);
}

static int mdb_encode(const struct pn_object *o, enum pn_object_op op, struct pn_sys_ns *ns,
		      struct pn_msg *m)
{
	const struct pn_value *group = &o->v[F_GRP], *src = &o->v[F_SRC];
	struct br_mdb_entry entry;
	size_t nest;

	memset(&entry, 0, sizeof(entry));
	entry.ifindex = ns->devs.index(ns->devs.data, o->v[F_PORT].str);
	entry.state = state_of(o);
	entry.vid = o->v[F_VID].set ? o->v[F_VID].num : 0;
	memcpy(&entry.addr.u, group->bin, group->len);
	entry.addr.proto = proto_of(group);
	pn_msg_put(m, MDBA_SET_ENTRY, &entry, sizeof(entry));
	if (src->set) {
		nest = pn_msg_nest(m, MDBA_SET_ENTRY_ATTRS);
		pn_msg_put(m, MDBE_ATTR_SOURCE, src->bin, src->len);
		pn_msg_nest_end(m, nest);
	}
	return m->err;
}

static uint8_t group_len(__be16 proto)
{
	if (!proto)
		return ETH_ALEN;
	return proto == htons(ETH_P_IP) ? 4 : 16;
}

/* What is there behind the fixed part of an entry. */
static void more_take(struct pn_object *o, const struct nlattr *info,
		      const struct br_mdb_entry *entry)
{
	const struct nlattr *tb[MDBA_MDB_EATTR_MAX + 1];
	const char *more = (const char *)pn_attr_data(info) + MNL_ALIGN(sizeof(*entry));
	struct pn_value *src = &o->v[F_SRC];
	const struct nlattr *a;

	pn_attrs_parse(tb, MDBA_MDB_EATTR_MAX, more,
		       pn_attr_len(info) > MNL_ALIGN(sizeof(*entry)) ?
		       pn_attr_len(info) - MNL_ALIGN(sizeof(*entry)) : 0);
	a = tb[MDBA_MDB_EATTR_SOURCE];
	src->set = a && pn_attr_len(a) == group_len(entry->addr.proto);
	if (src->set) {
		src->len = pn_attr_len(a);
		memcpy(src->bin, pn_attr_data(a), src->len);
	}
	o->by_kernel = state_only(o) == MDB_TEMPORARY ||
		       pn_attr_u8(tb[MDBA_MDB_EATTR_RTPROT], RTPROT_STATIC) == RTPROT_KERNEL;
}

static int entry_take(struct pn_lister *l, uint32_t bridge, const struct nlattr *info)
{
	struct br_mdb_entry entry;
	struct pn_object *o;
	int rc;

	if (pn_attr_len(info) < sizeof(entry))
		return 0;
	memcpy(&entry, pn_attr_data(info), sizeof(entry));
	rc = pn_lister_new(l, bridge, &o);
	if (!o || !pn_lister_dev(l, o, "port", entry.ifindex))
		return rc;
	o->v[F_GRP].set = true;
	o->v[F_GRP].len = group_len(entry.addr.proto);
	memcpy(o->v[F_GRP].bin, &entry.addr.u, o->v[F_GRP].len);
	o->v[F_VID] = (struct pn_value){ .set = entry.vid, .num = entry.vid };
	/* Of the host the kernel does not tell it. */
	o->v[F_STATE] = (struct pn_value){ .set = true, .num = entry.state };
	o->v[F_STATE].num = state_only(o) < 0 ? entry.state : (uint8_t)state_only(o);
	more_take(o, info, &entry);
	return pn_lister_add(l, o);
}

static int groups_take(struct pn_lister *l, uint32_t bridge, const struct nlattr *mdb)
{
	const struct nlattr *group, *info;
	int rc = 0;

	mnl_attr_for_each_nested(group, mdb) {
		mnl_attr_for_each_nested(info, group) {
			if (!rc && mnl_attr_get_type(info) == MDBA_MDB_ENTRY_INFO)
				rc = entry_take(l, bridge, info);
		}
	}
	return rc;
}

/* A vxlan device may have such a table too. */
static int mdb_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct br_port_msg *bpm = mnl_nlmsg_get_payload(nlh);
	struct pn_lister *l = data;
	const struct pn_sys_link *link;
	const struct nlattr *attr;
	int rc = 0;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*bpm))
		return 0;
	link = pn_sys_link_by_index(l->ns, bpm->ifindex);
	if (!link || strcmp(link->kind, "bridge") != 0)
		return 0;
	mnl_attr_for_each(attr, nlh, sizeof(*bpm)) {
		if (!rc && mnl_attr_get_type(attr) == MDBA_MDB)
			rc = groups_take(l, bpm->ifindex, attr);
	}
	return rc;
}

/* A kernel without bridges, or without snooping, has no groups. */
static int mdb_list(struct pn_lister *l, struct pn_err *err)
{
	const struct br_port_msg bpm = { .family = AF_BRIDGE };
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, RTM_GETMDB, 0);
	pn_msg_extra(&m, &bpm, sizeof(bpm));
	rc = pn_nl_dump(&l->ns->nl, &m, mdb_cb, l, NULL);
	pn_msg_fini(&m);
	return pn_lister_optional(rc);
}

const struct pn_class pn_class_mdb = {
	.section = "mdb",
	.noun = "group",
	.help = "multicast groups of bridges",
	PN_FIELDS(fields),
	.add = RTM_NEWMDB,
	.del = RTM_DELMDB,
	.got = RTM_NEWMDB,
	.head_len = sizeof(struct br_port_msg),
	.check = mdb_check,
	.head = mdb_head,
	.encode = mdb_encode,
	.list = mdb_list,
};
