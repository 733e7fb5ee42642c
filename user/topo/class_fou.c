// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Receive ports of FOU and GUE: the class; its fields are those of ip-fou(8). */
#include <errno.h>
#include <linux/fou.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <string.h>

#include "topo/class.h"
#include "topo/object_genl.h"

static const struct pn_named families[] = {
	{ "inet", AF_INET }, { "inet6", AF_INET6 }, { NULL, 0 },
};

static const struct pn_named types[] = {
	{ "fou", FOU_ENCAP_DIRECT }, { "gue", FOU_ENCAP_GUE }, { NULL, 0 },
};

static const struct pn_genl_class family = { FOU_GENL_NAME, FOU_GENL_VERSION, .load = true };

enum { F_PORT, F_FAMILY, F_LOCAL, F_PEER, F_PEER_PORT, F_DEV, F_TYPE, F_IPPROTO };

static const struct pn_field fields[] = {
	[F_PORT] = { { "port", NULL, PN_T_BE16, FOU_ATTR_PORT, .flags = PN_ROW_REQUIRED,
		       .min = 1, .max = 65535, .help = "the UDP port" },
		     PN_F_ATTR, .flags = PN_FIELD_KEY },
	[F_FAMILY] = { { "family", NULL, PN_T_U8, FOU_ATTR_AF, .named = families,
			 .def = "inet", .help = "IPv4 or IPv6" },
		       PN_F_ATTR, .flags = PN_FIELD_KEY },
	[F_LOCAL] = { { "local", NULL, PN_T_IP, FOU_ATTR_LOCAL_V4, FOU_ATTR_LOCAL_V6,
			.help = "only packets to this address" },
		      PN_F_ATTR, .flags = PN_FIELD_KEY },
	[F_PEER] = { { "peer", NULL, PN_T_IP, FOU_ATTR_PEER_V4, FOU_ATTR_PEER_V6,
		       .help = "only packets from this address" },
		     PN_F_ATTR, .flags = PN_FIELD_KEY },
	[F_PEER_PORT] = { { "peer_port", NULL, PN_T_BE16, FOU_ATTR_PEER_PORT, .min = 1,
			    .max = 65535, .help = "only packets from this UDP port" },
			  PN_F_ATTR, .flags = PN_FIELD_KEY },
	[F_DEV] = { { "dev", NULL, PN_T_DEV, FOU_ATTR_IFINDEX,
		      .help = "only packets by this device" },
		    PN_F_ATTR, .flags = PN_FIELD_KEY },
	[F_TYPE] = { { "type", "encap", PN_T_U8, FOU_ATTR_TYPE, .flags = PN_ROW_EXPLICIT,
		       .named = types, .def = "fou",
		       .help = "with a GUE header behind UDP, or without one" },
		     PN_F_ATTR, .flags = PN_FIELD_WHOLE },
	[F_IPPROTO] = { { "ipproto", NULL, PN_T_U8, FOU_ATTR_IPPROTO, .max = 255, .def = "0",
			  .help = "the IP protocol inside; required for fou" },
			PN_F_ATTR, .flags = PN_FIELD_WHOLE },
};

static int fou_check(struct pn_object *o, int *field, char *why, size_t len)
{
	bool gue = o->v[F_TYPE].set && o->v[F_TYPE].num == FOU_ENCAP_GUE;
	bool inet6 = o->v[F_FAMILY].set && o->v[F_FAMILY].num == AF_INET6;
	unsigned int i;

	*field = F_IPPROTO;
	if (gue && o->v[F_IPPROTO].set) {
		snprintf(why, len, "is told by the GUE header");
		return -EINVAL;
	}
	if (!gue && (!o->v[F_IPPROTO].set || !o->v[F_IPPROTO].num)) {
		*field = -1;
		snprintf(why, len, "ipproto is required (1..255), unless type is gue");
		return -EINVAL;
	}
	for (i = F_LOCAL; i <= F_PEER; i++) {
		*field = i;
		if (!o->v[i].set || o->v[i].len == (inet6 ? 16 : 4))
			continue;
		snprintf(why, len, "must be an %s address, as family says",
			 inet6 ? "IPv6" : "IPv4");
		return -EINVAL;
	}
	if (!o->v[F_TYPE].set)
		o->v[F_TYPE] = (struct pn_value){ .set = true, .num = FOU_ENCAP_DIRECT };
	return 0;
}

static int fou_send(struct pn_sys_ns *ns, const struct pn_object *o, enum pn_object_op op)
{
	struct pn_msg m;
	int rc = pn_object_genl(ns, &family, op == PN_OBJECT_DEL ? FOU_CMD_DEL : FOU_CMD_ADD,
				op, &m);

	if (rc)
		return rc;
	rc = pn_object_attrs(o, ns, &m);
	if (rc)
		m.err = rc;
	return pn_object_genl_talk(ns, &m);
}

/* A port is changed by being made anew. */
static int fou_talk(struct pn_sys_ns *ns, const struct pn_object *o, enum pn_object_op op)
{
	int rc = op == PN_OBJECT_SET ? fou_send(ns, o, PN_OBJECT_DEL) : 0;

	return rc ? rc : fou_send(ns, o, op);
}

static bool fou_decode(const void *head, const struct nlattr *const *tb,
		       struct pn_object *o, struct pn_lister *l)
{
	static const uint8_t zero[16];
	unsigned int i;

	/* The kernel tells of what is not asked for as zero. */
	for (i = F_LOCAL; i <= F_PEER; i++) {
		if (!memcmp(o->v[i].bin, zero, sizeof(zero)))
			o->v[i].set = false;
	}
	if (!o->v[F_PEER_PORT].num)
		o->v[F_PEER_PORT].set = false;
	if (!pn_attr_u32(tb[FOU_ATTR_IFINDEX], 0))
		o->v[F_DEV].set = false;
	/* Nor is it asked for by 0: newer kernels refuse that. */
	if (!o->v[F_IPPROTO].num)
		o->v[F_IPPROTO].set = false;
	return o->v[F_PORT].set;
}

static int fou_list(struct pn_lister *l, struct pn_err *err)
{
	struct pn_msg m;
	int rc = pn_lister_genl(l, &family, FOU_CMD_GET, &m, err);

	if (rc)
		return rc == -ENOENT ? 0 : rc;
	return pn_lister_dump_by(l, &l->ns->genl, &m, NULL, err);
}

/* Without the module the family is not found, and the kernel was not asked. */
static int fou_missing(const struct pn_object *o, const struct pn_nl_ack *ack, const char *id,
		       struct pn_err *err)
{
	if (ack->err != -ENOENT)
		return 0;
	pn_err_set(err, PN_EXIT_IMPOSSIBLE, EOPNOTSUPP, id, "this kernel has no FOU ports");
	pn_err_hint(err, "modprobe fou, where the kernel was built with CONFIG_NET_FOU");
	return -EOPNOTSUPP;
}

const struct pn_class pn_class_fou = {
	.section = "fou",
	.noun = "port",
	.help = "UDP ports that tunnels in UDP, FOU and GUE, are received at",
	PN_FIELDS(fields),
	.head_len = sizeof(struct genlmsghdr),
	.check = fou_check,
	.talk = fou_talk,
	.decode = fou_decode,
	.list = fou_list,
	.missing = fou_missing,
};
