// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Virtual functions of devices (`ip link set DEV vf NUM ...`): they come with
 * their device, are changed, never made or removed.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <string.h>

#include "nl/link.h"
#include "topo/class.h"

static const struct pn_named protos[] = {
	{ "802.1Q", ETH_P_8021Q }, { "802.1ad", ETH_P_8021AD }, { NULL, 0 },
};

static const struct pn_named states[] = {
	{ "auto", IFLA_VF_LINK_STATE_AUTO }, { "enable", IFLA_VF_LINK_STATE_ENABLE },
	{ "disable", IFLA_VF_LINK_STATE_DISABLE }, { NULL, 0 },
};

static const struct pn_field fields[] = {
	{ { "dev", NULL, PN_T_DEV, .flags = PN_ROW_REQUIRED, .help = "the physical function" },
	  PN_F_OWN, .flags = PN_FIELD_KEY },
	{ { "vf", NULL, PN_T_U32, .flags = PN_ROW_REQUIRED, .max = 65535,
	    .help = "number of the virtual function" }, PN_F_OWN, .flags = PN_FIELD_KEY },
	{ { "mac", NULL, PN_T_MAC, .def = "00:00:00:00:00:00", .help = "its MAC address" },
	  PN_F_OWN },
	{ { "vlan", NULL, PN_T_U16, .max = 4095, .def = "0",
	    .help = "the VLAN that it is in; 0: none" }, PN_F_OWN },
	{ { "qos", NULL, PN_T_U8, .max = 7, .def = "0", .help = "priority of that VLAN" },
	  PN_F_OWN },
	{ { "proto", NULL, PN_T_BE16, .named = protos, .def = "802.1Q",
	    .help = "tag of that VLAN" }, PN_F_OWN },
	{ { "min_tx_rate", NULL, PN_T_U32, .max = UINT32_MAX, .def = "0", .unit = "Mbit/s",
	    .help = "what it can be sure of" }, PN_F_OWN },
	{ { "max_tx_rate", "rate", PN_T_U32, .max = UINT32_MAX, .def = "0", .unit = "Mbit/s",
	    .help = "what it may send; 0: everything" }, PN_F_OWN },
	{ { "spoofchk", NULL, PN_T_BOOL, .help = "only its own MAC address may be its source" },
	  PN_F_OWN },
	{ { "query_rss", NULL, PN_T_BOOL, .def = "false",
	    .help = "it may ask for the RSS table and key" }, PN_F_OWN },
	{ { "state", NULL, PN_T_U32, .named = states, .def = "auto",
	    .help = "its link: that of the device, or always the same" }, PN_F_OWN },
	{ { "trust", NULL, PN_T_BOOL, .def = "false",
	    .help = "it may do what needs the host's trust, such as promiscuous mode" },
	  PN_F_OWN },
};

static void num_get(struct pn_object *o, const char *name, uint32_t num)
{
	struct pn_value *v = pn_object_value(o, name);

	/* Drivers say -1 for what they do not know. */
	v->set = num != UINT32_MAX;
	v->num = num;
}

static void setting_get(struct pn_object *o, const char *name, const struct nlattr *a)
{
	struct ifla_vf_trust s;		/* and its like: { vf, setting } */

	if (pn_attr_len(a) < sizeof(s))
		return;
	memcpy(&s, pn_attr_data(a), sizeof(s));
	num_get(o, name, s.setting);
}

static void vlan_get(struct pn_object *o, const struct nlattr *const *tb)
{
	const struct nlattr *info[IFLA_VF_VLAN_INFO_MAX + 1];
	struct ifla_vf_vlan_info vi;
	struct ifla_vf_vlan v;

	pn_attrs_nested(info, IFLA_VF_VLAN_INFO_MAX, tb[IFLA_VF_VLAN_LIST]);
	if (pn_attr_len(info[IFLA_VF_VLAN_INFO]) >= sizeof(vi)) {
		memcpy(&vi, pn_attr_data(info[IFLA_VF_VLAN_INFO]), sizeof(vi));
		num_get(o, "vlan", vi.vlan);
		num_get(o, "qos", vi.qos);
		num_get(o, "proto", vi.vlan_proto ? ntohs(vi.vlan_proto) : ETH_P_8021Q);
	} else if (pn_attr_len(tb[IFLA_VF_VLAN]) >= sizeof(v)) {
		memcpy(&v, pn_attr_data(tb[IFLA_VF_VLAN]), sizeof(v));
		num_get(o, "vlan", v.vlan);
		num_get(o, "qos", v.qos);
	}
}

static void rate_get(struct pn_object *o, const struct nlattr *a)
{
	struct ifla_vf_rate r;

	if (pn_attr_len(a) < sizeof(r))
		return;
	memcpy(&r, pn_attr_data(a), sizeof(r));
	num_get(o, "min_tx_rate", r.min_tx_rate);
	num_get(o, "max_tx_rate", r.max_tx_rate);
}

static int vf_take(struct pn_lister *l, const char *dev, const struct nlattr *info)
{
	const struct nlattr *tb[IFLA_VF_MAX + 1];
	struct pn_object *o = pn_object_new(&l->to->pool, l->cls, l->ns->name);
	struct ifla_vf_mac mac;
	struct pn_value *v;

	pn_attrs_nested(tb, IFLA_VF_MAX, info);
	if (!o || pn_attr_len(tb[IFLA_VF_MAC]) < sizeof(mac))
		return o ? 0 : -ENOMEM;
	memcpy(&mac, pn_attr_data(tb[IFLA_VF_MAC]), sizeof(mac));
	if (!pn_lister_text(l, o, "dev", dev))
		return -ENOMEM;
	num_get(o, "vf", mac.vf);
	v = pn_object_value(o, "mac");
	memcpy(v->bin, mac.mac, 6);
	v->len = 6;
	v->set = true;
	vlan_get(o, tb);
	rate_get(o, tb[IFLA_VF_RATE]);
	setting_get(o, "spoofchk", tb[IFLA_VF_SPOOFCHK]);
	setting_get(o, "query_rss", tb[IFLA_VF_RSS_QUERY_EN]);
	setting_get(o, "state", tb[IFLA_VF_LINK_STATE]);
	setting_get(o, "trust", tb[IFLA_VF_TRUST]);
	return pn_lister_add(l, o);
}

static int link_take(const struct nlmsghdr *nlh, void *data)
{
	struct pn_link_view view;
	const struct nlattr *item;
	const char *dev;
	int rc = pn_link_view(nlh, &view);

	dev = rc ? NULL : pn_attr_str(view.link[IFLA_IFNAME]);
	if (!dev || !view.link[IFLA_VFINFO_LIST])
		return rc;
	mnl_attr_for_each_nested(item, view.link[IFLA_VFINFO_LIST]) {
		if (!rc)
			rc = vf_take(data, dev, item);
	}
	return rc;
}

static int vf_list(struct pn_lister *l, struct pn_err *err)
{
	int rc = pn_nl_link_dump(&l->ns->nl, AF_UNSPEC,
				 RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS, link_take, l, NULL);

	if (rc && rc != -EINTR)
		pn_nl_refused(&l->ns->nl, err, l->cls->section, "cannot be read");
	return rc;
}

/* Fields that go as { vf, setting }. */
static const struct {
	const char *name;
	uint16_t attr;
} settings[] = {
	{ "spoofchk", IFLA_VF_SPOOFCHK }, { "query_rss", IFLA_VF_RSS_QUERY_EN },
	{ "state", IFLA_VF_LINK_STATE }, { "trust", IFLA_VF_TRUST },
};

/* A change: fields of @want that @has has not, or otherwise. */
struct change {
	const struct pn_object *want, *has;
};

static bool changes(const struct change *c, const char *name)
{
	unsigned int field = pn_object_value(c->want, name) - c->want->v;

	return c->want->v[field].set &&
	       (!c->has || pn_object_field_differs(c->want, c->has, field));
}

static uint64_t num_of(const struct change *c, const char *name, uint64_t none)
{
	const struct pn_value *v = pn_object_value(c->want, name);

	return v->set ? v->num : none;
}

/* What drivers take is one call for VLAN, priority and tag. */
static void vlan_put(struct pn_msg *m, const struct change *c, uint32_t vf)
{
	struct ifla_vf_vlan_info vi = {
		.vf = vf, .vlan = num_of(c, "vlan", 0), .qos = num_of(c, "qos", 0),
		.vlan_proto = htons(num_of(c, "proto", ETH_P_8021Q)),
	};
	const struct ifla_vf_vlan v = { .vf = vf, .vlan = vi.vlan, .qos = vi.qos };
	size_t nest;

	if (!changes(c, "vlan") && !changes(c, "qos") && !changes(c, "proto"))
		return;
	if (vi.vlan_proto == htons(ETH_P_8021Q)) {
		pn_msg_put(m, IFLA_VF_VLAN, &v, sizeof(v));
		return;
	}
	nest = pn_msg_nest(m, IFLA_VF_VLAN_LIST);
	pn_msg_put(m, IFLA_VF_VLAN_INFO, &vi, sizeof(vi));
	pn_msg_nest_end(m, nest);
}

static void vf_put(struct pn_msg *m, const struct change *c)
{
	uint32_t vf = num_of(c, "vf", 0);
	const struct ifla_vf_rate rate = {
		.vf = vf, .min_tx_rate = num_of(c, "min_tx_rate", 0),
		.max_tx_rate = num_of(c, "max_tx_rate", 0),
	};
	struct ifla_vf_mac mac = { .vf = vf };
	struct ifla_vf_trust s = { .vf = vf };
	unsigned int i;

	memcpy(mac.mac, pn_object_value(c->want, "mac")->bin, 6);
	if (changes(c, "mac"))
		pn_msg_put(m, IFLA_VF_MAC, &mac, sizeof(mac));
	vlan_put(m, c, vf);
	if (changes(c, "min_tx_rate") || changes(c, "max_tx_rate"))
		pn_msg_put(m, IFLA_VF_RATE, &rate, sizeof(rate));
	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		s.setting = num_of(c, settings[i].name, 0);
		if (changes(c, settings[i].name))
			pn_msg_put(m, settings[i].attr, &s, sizeof(s));
	}
}

static int change_talk(struct pn_sys_ns *ns, const struct change *c)
{
	struct ifinfomsg ifm = { 0 };
	size_t list, info;
	struct pn_msg m;
	int rc;

	rc = ns->devs.index(ns->devs.data, pn_object_value(c->want, "dev")->str);
	if (rc < 0) {
		memset(&ns->nl.ack, 0, sizeof(ns->nl.ack));
		ns->nl.ack.err = rc;
		return rc;
	}
	ifm.ifi_index = rc;
	pn_msg_init(&m, RTM_SETLINK, 0);
	pn_msg_extra(&m, &ifm, sizeof(ifm));
	list = pn_msg_nest(&m, IFLA_VFINFO_LIST);
	info = pn_msg_nest(&m, IFLA_VF_INFO);
	vf_put(&m, c);
	pn_msg_nest_end(&m, info);
	pn_msg_nest_end(&m, list);
	rc = pn_nl_talk(&ns->nl, &m, NULL);
	pn_msg_fini(&m);
	return rc;
}

/* The kernel goes on from one setting to the next, and stops where one is refused. */
static int vf_talk(struct pn_sys_ns *ns, const struct pn_object *o, enum pn_object_op op)
{
	struct pn_objects now = { 0 };
	struct change c = { .want = o }, back = { 0 };
	struct pn_nl_ack ack;
	int rc;

	if (op == PN_OBJECT_DEL)
		return 0;
	if (!pn_objects_read(ns, o->cls, &now, NULL))
		c.has = pn_objects_find(&now, o->key);
	rc = change_talk(ns, &c);
	if (rc && c.has) {
		ack = ns->nl.ack;
		back.want = c.has;
		back.has = o;
		change_talk(ns, &back);
		ns->nl.ack = ack;
	}
	pn_objects_fini(&now);
	return rc;
}

/* One that is as its driver made it need not be said. */
static bool vf_is_config(const struct pn_object *o)
{
	unsigned int i;

	for (i = 2; i < o->cls->n; i++) {
		if (strcmp(fields[i].row.name, "spoofchk") && pn_object_says(o, i))
			return true;
	}
	return false;
}

const struct pn_class pn_class_vfs = {
	.section = "vfs",
	.noun = "virtual function",
	.help = "virtual functions of physical devices (SR-IOV)",
	PN_FIELDS(fields),
	.list = vf_list,
	.talk = vf_talk,
	.is_config = vf_is_config,
};
