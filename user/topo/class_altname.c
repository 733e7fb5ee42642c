// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* More names of devices (`ip link property add dev DEV altname NAME`): the class. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "nl/link.h"
#include "topo/class.h"

#define NAME_MAX_LEN 127	/* ALTIFNAMSIZ, less its end */

enum { F_DEV, F_NAME };

static const struct pn_field fields[] = {
	[F_DEV] = { { "dev", NULL, PN_T_DEV, .flags = PN_ROW_REQUIRED, .help = "the device" },
		    PN_HEAD(ifinfomsg, ifi_index), .flags = PN_FIELD_KEY },
	[F_NAME] = { { "altname", NULL, PN_T_STR, .flags = PN_ROW_REQUIRED,
		       .help = "a name of at most 127 bytes that it can be called by too" },
		     PN_F_OWN, .flags = PN_FIELD_KEY },
};

static int altname_check(struct pn_object *o, int *field, char *why, size_t len)
{
	const char *name = o->v[F_NAME].str;

	*field = F_NAME;
	if (name[0] && strlen(name) <= NAME_MAX_LEN && !name[strcspn(name, " \t/:")])
		return 0;
	snprintf(why, len, "must be a name of at most %d bytes without blanks, slashes "
		 "and colons", NAME_MAX_LEN);
	return -EINVAL;
}

static int altname_encode(const struct pn_object *o, enum pn_object_op op,
			  struct pn_sys_ns *ns, struct pn_msg *m)
{
	size_t nest = pn_msg_nest(m, IFLA_PROP_LIST);

	pn_msg_put_str(m, IFLA_ALT_IFNAME, o->v[F_NAME].str);
	pn_msg_nest_end(m, nest);
	return m->err;
}

static int names_take(struct pn_lister *l, uint32_t index, const struct nlattr *names)
{
	const struct nlattr *attr;
	struct pn_object *o;
	int rc = 0;

	mnl_attr_for_each_nested(attr, names) {
		if (rc || mnl_attr_get_type(attr) != IFLA_ALT_IFNAME || !pn_attr_str(attr))
			continue;
		rc = pn_lister_new(l, index, &o);
		if (!o)
			return rc;
		o->v[F_NAME].str = pn_pool_text(&l->to->pool, pn_attr_str(attr));
		o->v[F_NAME].set = o->v[F_NAME].str;
		rc = o->v[F_NAME].set ? pn_lister_add(l, o) : -ENOMEM;
	}
	return rc;
}

static int altname_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct ifinfomsg *ifm = mnl_nlmsg_get_payload(nlh);
	struct pn_link_view view;

	if (pn_link_view(nlh, &view) || !view.link[IFLA_PROP_LIST])
		return 0;
	return names_take(data, ifm->ifi_index, view.link[IFLA_PROP_LIST]);
}

static int altname_list(struct pn_lister *l, struct pn_err *err)
{
	return pn_nl_link_dump(&l->ns->nl, AF_UNSPEC, RTEXT_FILTER_SKIP_STATS, altname_cb, l, err);
}

const struct pn_class pn_class_altnames = {
	.section = "altnames",
	.noun = "name",
	.help = "more names of devices",
	PN_FIELDS(fields),
	.add = RTM_NEWLINKPROP,
	.del = RTM_DELLINKPROP,
	.got = RTM_NEWLINK,
	.head_len = sizeof(struct ifinfomsg),
	.check = altname_check,
	.encode = altname_encode,
	.list = altname_list,
};
