// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Forwarding entries of bridges and of vxlan devices: the class; its fields
 * are those of bridge-fdb(8). One MAC has one way, but all zeroes and
 * multicast on a vxlan device have as many as there are remotes.
 */
#include <errno.h>
#include <linux/if_bridge.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "topo/class.h"

#define HEAD(member)	PN_HEAD(ndmsg, member)

static const struct pn_named states[] = {
	{ "permanent", NUD_PERMANENT }, { "local", NUD_PERMANENT }, { "static", NUD_NOARP },
	{ "dynamic", NUD_REACHABLE }, { NULL, 0 },
};

enum { F_MAC, F_DEV, F_MASTER, F_VLAN, F_SRC_VNI, F_DST, F_VNI, F_PORT, F_VIA, F_STATE };

static const struct pn_field fields[] = {
	[F_MAC] = { { "mac", "lladdr", PN_T_MAC, NDA_LLADDR, .flags = PN_ROW_REQUIRED,
		      .help = "the MAC address" }, PN_F_ATTR, .flags = PN_FIELD_KEY },
	[F_DEV] = { { "dev", NULL, PN_T_DEV, .flags = PN_ROW_REQUIRED,
		      .help = "the bridge port, the bridge itself, or the vxlan device" },
		    HEAD(ndm_ifindex), .flags = PN_FIELD_KEY },
	[F_MASTER] = { { "master", NULL, PN_T_BOOL, .def = "false",
			 .help = "in the bridge that the device is a port of, not in the "
				 "device itself" }, PN_F_OWN, .flags = PN_FIELD_KEY },
	[F_VLAN] = { { "vlan", NULL, PN_T_U16, NDA_VLAN, .min = 1, .max = 4094,
		       .help = "the VLAN" }, PN_F_ATTR, .flags = PN_FIELD_KEY },
	[F_SRC_VNI] = { { "src_vni", NULL, PN_T_U32, NDA_SRC_VNI, .max = 0xffffff,
			  .help = "the VNI that the entry belongs to, of an external device" },
			PN_F_ATTR, .flags = PN_FIELD_KEY },
	[F_DST] = { { "dst", NULL, PN_T_IP, NDA_DST, NDA_DST, .help = "the remote VTEP" },
		    PN_F_ATTR, .flags = PN_FIELD_KEY | PN_FIELD_WHOLE },
	[F_VNI] = { { "vni", NULL, PN_T_U32, NDA_VNI, .max = 0xffffff,
		      .help = "the VNI at the remote, where it is not the device's own" },
		    PN_F_ATTR, .flags = PN_FIELD_KEY | PN_FIELD_WHOLE },
	[F_PORT] = { { "port", NULL, PN_T_BE16, NDA_PORT, .min = 1, .max = 65535,
		       .help = "the UDP port at the remote, where it is not the device's own" },
		     PN_F_ATTR, .flags = PN_FIELD_KEY | PN_FIELD_WHOLE },
	[F_VIA] = { { "via", NULL, PN_T_DEV, NDA_IFINDEX,
		      .help = "the device that tunnel packets leave by" },
		    PN_F_ATTR, .flags = PN_FIELD_KEY | PN_FIELD_WHOLE },
	[F_STATE] = { { "state", NULL, PN_T_U16, .flags = PN_ROW_EXPLICIT, .named = states,
			.def = "permanent", .help = "how long it lives, and whether it is this "
			"host's own (permanent, in a bridge)" }, PN_F_OWN },
	{ { "sticky", NULL, PN_T_BOOL, .def = "false", .help = "it does not move to another port" },
	  HEAD(ndm_flags), NTF_STICKY },
	{ { "extern_learn", NULL, PN_T_BOOL, .def = "false",
	    .help = "learnt by a control plane: does not age" },
	  HEAD(ndm_flags), NTF_EXT_LEARNED },
};

static bool mac_is_many(const struct pn_object *o)
{
	static const uint8_t zero[6];

	return (o->v[F_MAC].bin[0] & 1) || !memcmp(o->v[F_MAC].bin, zero, 6);
}

static bool fdb_is_loose(const struct pn_object *o, unsigned int field)
{
	return field >= F_DST && field <= F_VIA && !mac_is_many(o);
}

static int fdb_check(struct pn_object *o, int *field, char *why, size_t len)
{
	unsigned int i;

	for (i = F_SRC_VNI; i <= F_VIA; i++) {
		if (!o->v[i].set || !o->v[F_MASTER].set || !o->v[F_MASTER].num)
			continue;
		*field = i;
		snprintf(why, len, "is for vxlan devices themselves, not for master");
		return -EINVAL;
	}
	for (i = F_VNI; i <= F_VIA; i++) {
		if (!o->v[i].set || o->v[F_DST].set)
			continue;
		*field = i;
		snprintf(why, len, "needs dst, the remote VTEP");
		return -EINVAL;
	}
	return 0;
}

static int fdb_head(const struct pn_object *o, enum pn_object_op op, struct pn_sys_ns *ns,
		    void *head)
{
	struct ndmsg *ndm = head;

	ndm->ndm_family = AF_BRIDGE;
	ndm->ndm_flags |= o->v[F_MASTER].num ? NTF_MASTER : NTF_SELF;
	ndm->ndm_state = o->v[F_STATE].set ? o->v[F_STATE].num : NUD_PERMANENT;
	/* As bridge(8) has it: a vxlan device takes neither of them alone. */
	if (ndm->ndm_state == NUD_NOARP)
		ndm->ndm_state |= NUD_REACHABLE;
	else if (ndm->ndm_state == NUD_PERMANENT && !o->v[F_MASTER].num)
		ndm->ndm_state |= NUD_NOARP;
	return 0;
}

static uint64_t state_of(uint16_t nud)
{
	if (nud & NUD_PERMANENT)
		return NUD_PERMANENT;
	return nud & NUD_NOARP ? NUD_NOARP : NUD_REACHABLE;
}

static uint16_t fdb_add_flags(const struct pn_object *o)
{
	return NLM_F_CREATE | (mac_is_many(o) && o->v[F_DST].set ? NLM_F_APPEND : NLM_F_EXCL);
}

/* The entry that the `remote` or `group` of a vxlan device is. */
static bool is_default_remote(const struct pn_object *o, const struct pn_sys_link *link)
{
	static const uint8_t zero[6];
	struct pn_link_view view;
	const struct nlattr *a;

	if (memcmp(o->v[F_MAC].bin, zero, 6) || pn_link_view(link->msg, &view))
		return false;
	a = view.data[o->v[F_DST].len == 4 ? IFLA_VXLAN_GROUP : IFLA_VXLAN_GROUP6];
	return a && pn_attr_len(a) == o->v[F_DST].len &&
	       !memcmp(pn_attr_data(a), o->v[F_DST].bin, o->v[F_DST].len);
}

/* The addresses of the devices themselves are no configuration of the table. */
static bool is_own_address(const struct pn_object *o, const struct pn_sys_link *link)
{
	struct pn_link_view view;

	return !pn_link_view(link->msg, &view) && pn_attr_len(view.link[IFLA_ADDRESS]) == 6 &&
	       !memcmp(pn_attr_data(view.link[IFLA_ADDRESS]), o->v[F_MAC].bin, 6);
}

static bool fdb_decode(const void *head, const struct nlattr *const *tb,
		       struct pn_object *o, struct pn_lister *l)
{
	const struct ndmsg *ndm = head;
	uint32_t master = pn_attr_u32(tb[NDA_MASTER], 0);
	const struct pn_sys_link *link;

	link = pn_sys_link_by_index(l->ns, ndm->ndm_ifindex);
	if (ndm->ndm_family != AF_BRIDGE || !link || !o->v[F_MAC].set)
		return false;
	o->v[F_STATE] = (struct pn_value){ .set = true, .num = state_of(ndm->ndm_state) };
	o->v[F_MASTER].set = true;
	o->v[F_MASTER].num = master && master != (uint32_t)ndm->ndm_ifindex;
	if (!tb[NDA_DST])
		o->v[F_DST].set = false;
	if (!tb[NDA_IFINDEX])
		o->v[F_VIA].set = false;
	if (master)
		o->by_kernel = !(ndm->ndm_state & (NUD_PERMANENT | NUD_NOARP)) ||
			       ((ndm->ndm_state & NUD_PERMANENT) && is_own_address(o, link));
	else
		o->by_kernel = strcmp(link->kind, "vxlan") || is_default_remote(o, link) ||
			       !(ndm->ndm_state & (NUD_PERMANENT | NUD_NOARP));
	return true;
}

static int fdb_list(struct pn_lister *l, struct pn_err *err)
{
	const struct ndmsg ndm = { .ndm_family = AF_BRIDGE };
	struct pn_msg m;

	pn_msg_init(&m, RTM_GETNEIGH, 0);
	pn_msg_extra(&m, &ndm, sizeof(ndm));
	return pn_lister_dump(l, &m, err);
}

const struct pn_class pn_class_fdb = {
	.section = "fdb",
	.noun = "entry",
	.help = "forwarding entries of bridges and vxlan devices",
	PN_FIELDS(fields),
	.add = RTM_NEWNEIGH,
	.del = RTM_DELNEIGH,
	.got = RTM_NEWNEIGH,
	.set_flags = NLM_F_CREATE | NLM_F_REPLACE,
	.add_flags = fdb_add_flags,
	.is_loose = fdb_is_loose,
	.head_len = sizeof(struct ndmsg),
	.check = fdb_check,
	.head = fdb_head,
	.decode = fdb_decode,
	.list = fdb_list,
};
