// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Features of devices, as `ethtool -K DEV NAME on|off` has them: the kernel's
 * own names, of which none is spelt out here. What a driver cannot do is not
 * there; nothing is made or removed.
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/ethtool_netlink.h>
#include <stdio.h>
#include <string.h>

#include "topo/class.h"
#include "topo/object_genl.h"

static const struct pn_field fields[] = {
	{ { "dev", NULL, PN_T_DEV, .flags = PN_ROW_REQUIRED, .help = "the device" },
	  PN_F_OWN, .flags = PN_FIELD_KEY },
	{ { "feature", NULL, PN_T_STR, .flags = PN_ROW_REQUIRED,
	    .help = "the kernel's name, such as hw-tc-offload or rx-gro (ethtool -k)" },
	  PN_F_OWN, .flags = PN_FIELD_KEY },
	{ { "on", NULL, PN_T_BOOL, .flags = PN_ROW_REQUIRED, .help = "is it to be used" },
	  PN_F_OWN },
};

static const struct pn_genl_class family = { ETHTOOL_GENL_NAME, ETHTOOL_GENL_VERSION };

/* Of one that is both possible and active the first to come, which is active, stays. */
static int feature_add(struct pn_lister *l, const char *dev, const char *name, bool on)
{
	struct pn_object *o = pn_object_new(&l->to->pool, l->cls, l->ns->name);

	if (!o || !pn_lister_text(l, o, "dev", dev) || !pn_lister_text(l, o, "feature", name))
		return -ENOMEM;
	pn_lister_num(o, "on", on);
	return pn_lister_add(l, o);
}

static int bits_take(struct pn_lister *l, const char *dev, const struct nlattr *set, bool on)
{
	const struct nlattr *tb[ETHTOOL_A_BITSET_MAX + 1];
	const struct nlattr *bit[ETHTOOL_A_BITSET_BIT_MAX + 1];
	const struct nlattr *item;
	const char *name;
	int rc = 0;

	pn_attrs_nested(tb, ETHTOOL_A_BITSET_MAX, set);
	if (!tb[ETHTOOL_A_BITSET_BITS])
		return 0;
	mnl_attr_for_each_nested(item, tb[ETHTOOL_A_BITSET_BITS]) {
		pn_attrs_nested(bit, ETHTOOL_A_BITSET_BIT_MAX, item);
		name = pn_attr_str(bit[ETHTOOL_A_BITSET_BIT_NAME]);
		if (name && !rc)
			rc = feature_add(l, dev, name, on);
	}
	return rc;
}

/* First what is active; what is merely possible then finds itself there. */
static int device_take(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[ETHTOOL_A_FEATURES_MAX + 1];
	const struct nlattr *head[ETHTOOL_A_HEADER_MAX + 1];
	const char *dev;
	int rc = pn_genl_attrs(nlh, tb, ETHTOOL_A_FEATURES_MAX);

	if (rc)
		return rc;
	pn_attrs_nested(head, ETHTOOL_A_HEADER_MAX, tb[ETHTOOL_A_FEATURES_HEADER]);
	dev = pn_attr_str(head[ETHTOOL_A_HEADER_DEV_NAME]);
	if (!dev)
		return 0;
	rc = bits_take(data, dev, tb[ETHTOOL_A_FEATURES_ACTIVE], true);
	return rc ? rc : bits_take(data, dev, tb[ETHTOOL_A_FEATURES_HW], false);
}

static int feature_list(struct pn_lister *l, struct pn_err *err)
{
	struct pn_msg m;
	int rc = pn_lister_genl(l, &family, ETHTOOL_MSG_FEATURES_GET, &m, err);

	if (rc)
		return rc == -ENOENT ? 0 : rc;
	/* Of all devices: but older kernels want it to be there. */
	pn_msg_nest_end(&m, pn_msg_nest(&m, ETHTOOL_A_FEATURES_HEADER));
	return pn_lister_dump_by(l, &l->ns->genl, &m, device_take, err);
}

static void change_put(struct pn_msg *m, int index, const struct pn_object *o)
{
	size_t nest = pn_msg_nest(m, ETHTOOL_A_FEATURES_HEADER), bits, bit;

	pn_msg_put_u32(m, ETHTOOL_A_HEADER_DEV_INDEX, index);
	pn_msg_put_u32(m, ETHTOOL_A_HEADER_FLAGS, ETHTOOL_FLAG_OMIT_REPLY);
	pn_msg_nest_end(m, nest);
	nest = pn_msg_nest(m, ETHTOOL_A_FEATURES_WANTED);
	bits = pn_msg_nest(m, ETHTOOL_A_BITSET_BITS);
	bit = pn_msg_nest(m, ETHTOOL_A_BITSET_BITS_BIT);
	pn_msg_put_str(m, ETHTOOL_A_BITSET_BIT_NAME, pn_object_value(o, "feature")->str);
	if (pn_object_value(o, "on")->num)
		pn_msg_put_flag(m, ETHTOOL_A_BITSET_BIT_VALUE);
	pn_msg_nest_end(m, bit);
	pn_msg_nest_end(m, bits);
	pn_msg_nest_end(m, nest);
}

static int feature_talk(struct pn_sys_ns *ns, const struct pn_object *o, enum pn_object_op op)
{
	int index = ns->devs.index(ns->devs.data, pn_object_value(o, "dev")->str);
	struct pn_msg m;
	int rc;

	if (op == PN_OBJECT_DEL)
		return 0;
	if (index < 0)
		return pn_object_refuse(ns, index, "");
	rc = pn_object_genl(ns, &family, ETHTOOL_MSG_FEATURES_SET, op, &m);
	if (rc)
		return rc;
	change_put(&m, index, o);
	return pn_object_genl_talk(ns, &m);
}

const struct pn_class pn_class_features = {
	.section = "features",
	.noun = "feature",
	.help = "features of devices, such as offloads",
	PN_FIELDS(fields),
	.list = feature_list,
	.talk = feature_talk,
	.unsaid = true,	/* what a driver starts with is not known */
};
