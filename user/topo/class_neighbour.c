// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* IP neighbours: the class; its fields are those of ip-neighbour(8). */
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdio.h>

#include "topo/class.h"

#define HEAD(member)	PN_HEAD(ndmsg, member)

static const struct pn_named states[] = {
	{ "permanent", NUD_PERMANENT }, { "noarp", NUD_NOARP }, { "reachable", NUD_REACHABLE },
	{ "stale", NUD_STALE }, { "none", NUD_NONE }, { "incomplete", NUD_INCOMPLETE },
	{ "delay", NUD_DELAY }, { "probe", NUD_PROBE }, { "failed", NUD_FAILED }, { NULL, 0 },
};

enum { F_TO, F_DEV, F_PROXY, F_LLADDR, F_NUD };

static const struct pn_field fields[] = {
	[F_TO] = { { "to", "dst", PN_T_IP, NDA_DST, NDA_DST, .flags = PN_ROW_REQUIRED,
		     .help = "its IP address" }, PN_F_ATTR, .flags = PN_FIELD_KEY },
	[F_DEV] = { { "dev", NULL, PN_T_DEV, .flags = PN_ROW_REQUIRED,
		      .help = "the device that it is reached by" },
		    HEAD(ndm_ifindex), .flags = PN_FIELD_KEY },
	[F_PROXY] = { { "proxy", NULL, PN_T_BOOL, .def = "false",
			.help = "this host answers for it" },
		      HEAD(ndm_flags), NTF_PROXY, .flags = PN_FIELD_KEY },
	[F_LLADDR] = { { "lladdr", NULL, PN_T_MAC, NDA_LLADDR, .help = "its link layer address" },
		       PN_F_ATTR },
	[F_NUD] = { { "nud", "state", PN_T_U16, .flags = PN_ROW_EXPLICIT, .named = states,
		      .def = "permanent", .help = "neighbour unreachability detection" },
		    HEAD(ndm_state) },
	{ { "router", NULL, PN_T_BOOL, .def = "false", .help = "it is a router (IPv6)" },
	  HEAD(ndm_flags), NTF_ROUTER },
};

static int neighbour_check(struct pn_object *o, int *field, char *why, size_t len)
{
	bool proxy = o->v[F_PROXY].set && o->v[F_PROXY].num;

	*field = -1;
	if (!o->v[F_TO].len)
		snprintf(why, len, "to must be an address");
	else if (proxy && (o->v[F_LLADDR].set || o->v[F_NUD].set))
		snprintf(why, len, "proxy excludes lladdr and nud");
	else if (!proxy && !o->v[F_LLADDR].set && !o->v[F_NUD].set)
		snprintf(why, len, "lladdr is required, unless proxy");
	else {
		if (!proxy && !o->v[F_NUD].set)
			o->v[F_NUD] = (struct pn_value){ .set = true, .num = NUD_PERMANENT };
		return 0;
	}
	return -EINVAL;
}

static int neighbour_head(const struct pn_object *o, enum pn_object_op op,
			  struct pn_sys_ns *ns, void *head)
{
	((struct ndmsg *)head)->ndm_family = pn_family_of(&o->v[F_TO]);
	return 0;
}

static bool neighbour_decode(const void *head, const struct nlattr *const *tb,
			     struct pn_object *o, struct pn_lister *l)
{
	const struct ndmsg *ndm = head;

	if (ndm->ndm_family != AF_INET && ndm->ndm_family != AF_INET6)
		return false;
	o->by_kernel = !(ndm->ndm_state & NUD_PERMANENT) && !(ndm->ndm_flags & NTF_PROXY);
	if (ndm->ndm_flags & NTF_EXT_LEARNED)
		o->by_kernel = true;
	return o->v[F_DEV].set && o->v[F_TO].set;
}

static int neighbour_list(struct pn_lister *l, struct pn_err *err)
{
	static const struct ndmsg ask[] = {
		{ .ndm_family = AF_INET }, { .ndm_family = AF_INET6 },
		{ .ndm_family = AF_INET, .ndm_flags = NTF_PROXY },
		{ .ndm_family = AF_INET6, .ndm_flags = NTF_PROXY },
	};
	struct pn_msg m;
	unsigned int i;
	int rc = 0;

	for (i = 0; i < sizeof(ask) / sizeof(ask[0]) && !rc; i++) {
		pn_msg_init(&m, RTM_GETNEIGH, 0);
		pn_msg_extra(&m, &ask[i], sizeof(ask[i]));
		rc = pn_lister_dump(l, &m, err);
	}
	return rc;
}

static bool neighbour_implied(const struct pn_object *o, unsigned int field)
{
	return field == F_NUD && o->v[F_PROXY].num;
}

const struct pn_class pn_class_neighbours = {
	.section = "neighbours",
	.noun = "neighbour",
	.help = "IP neighbours (ARP and neighbour discovery), and addresses answered for",
	PN_FIELDS(fields),
	.add = RTM_NEWNEIGH,
	.del = RTM_DELNEIGH,
	.got = RTM_NEWNEIGH,
	.set_flags = NLM_F_CREATE | NLM_F_REPLACE,
	.head_len = sizeof(struct ndmsg),
	.check = neighbour_check,
	.head = neighbour_head,
	.decode = neighbour_decode,
	.list = neighbour_list,
	.implied = neighbour_implied,
};
