// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Rules of policy routing: the class; its fields are those of ip-rule(8). */
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "topo/class.h"

#define HEAD(member)	PN_HEAD(fib_rule_hdr, member)

static const struct pn_named families[] = {
	{ "inet", AF_INET }, { "inet6", AF_INET6 }, { NULL, 0 },
};

static const struct pn_named types[] = {
	{ "lookup", FR_ACT_TO_TBL }, { "unicast", FR_ACT_TO_TBL },
	{ "blackhole", FR_ACT_BLACKHOLE }, { "unreachable", FR_ACT_UNREACHABLE },
	{ "prohibit", FR_ACT_PROHIBIT }, { NULL, 0 },
};

static const struct pn_named tables[] = {
	{ "default", RT_TABLE_DEFAULT }, { "main", RT_TABLE_MAIN },
	{ "local", RT_TABLE_LOCAL }, { NULL, 0 },
};

static const struct pn_named protos[] = {
	{ "kernel", RTPROT_KERNEL }, { "boot", RTPROT_BOOT }, { "static", RTPROT_STATIC },
	{ NULL, 0 },
};

enum { F_PREF, F_FAMILY, F_FROM, F_TO, F_TYPE, F_TABLE };

static const struct pn_field fields[] = {
	[F_PREF] = { { "preference", "priority", PN_T_U32, FRA_PRIORITY,
		       .flags = PN_ROW_REQUIRED, .min = 1, .max = UINT32_MAX,
		       .help = "the lowest is asked first" }, PN_F_ATTR, .flags = PN_FIELD_KEY },
	[F_FAMILY] = { { "family", NULL, PN_T_U8, .named = families,
			 .help = "that of the addresses, inet if there are none" },
		       HEAD(family), .flags = PN_FIELD_KEY },
	[F_FROM] = { { "from", NULL, .def = "default", .help = "where the packets come from" },
		     PN_F_OWN, .flags = PN_FIELD_WHOLE, .type = &pn_field_prefix },
	[F_TO] = { { "to", NULL, .def = "default", .help = "where they go" },
		   PN_F_OWN, .flags = PN_FIELD_WHOLE, .type = &pn_field_prefix },
	[F_TYPE] = { { "type", "action", PN_T_U8, .named = types, .def = "lookup",
		       .help = "what becomes of them" }, HEAD(action), .flags = PN_FIELD_WHOLE },
	[F_TABLE] = { { "table", "lookup", PN_T_U32, FRA_TABLE, .max = UINT32_MAX,
			.named = tables, .def = "0", .help = "the routing table that is asked" },
		      PN_F_ATTR, .flags = PN_FIELD_WHOLE },
	{ { "not", NULL, PN_T_BOOL, .def = "false", .help = "packets that do not match" },
	  HEAD(flags), FIB_RULE_INVERT, .flags = PN_FIELD_WHOLE },
	{ { "tos", "dsfield", PN_T_U8, .flags = PN_ROW_HEX, .max = 255, .def = "0x0",
	    .help = "type of service" }, HEAD(tos), .flags = PN_FIELD_WHOLE },
	{ { "iif", NULL, PN_T_STR, FRA_IIFNAME, .help = "the device that they came by" },
	  PN_F_ATTR, .flags = PN_FIELD_WHOLE },
	{ { "oif", NULL, PN_T_STR, FRA_OIFNAME, .help = "the device that a socket is bound to" },
	  PN_F_ATTR, .flags = PN_FIELD_WHOLE },
	{ { "fwmark", NULL, PN_T_U32, FRA_FWMARK, .flags = PN_ROW_HEX, .max = UINT32_MAX,
	    .help = "their mark" }, PN_F_ATTR, .flags = PN_FIELD_WHOLE },
	{ { "fwmask", NULL, PN_T_U32, FRA_FWMASK, .flags = PN_ROW_HEX, .max = UINT32_MAX,
	    .help = "the bits of it that count" }, PN_F_ATTR, .flags = PN_FIELD_WHOLE },
	{ { "l3mdev", NULL, PN_T_BOOL, .def = "false", .help = "the table of the VRF" },
	  PN_F_OWN, .flags = PN_FIELD_WHOLE },
	{ { "suppress_prefixlength", NULL, PN_T_U32, FRA_SUPPRESS_PREFIXLEN, .max = 128,
	    .help = "no routes of prefixes this short" }, PN_F_OWN, .flags = PN_FIELD_WHOLE },
	{ { "proto", "protocol", PN_T_U8, FRA_PROTOCOL, .flags = PN_ROW_EXPLICIT,
	    .max = 255, .named = protos, .def = "static", .help = "who made it" }, PN_F_ATTR },
};

#define L3MDEV		12
#define SUPPRESS	13

static uint8_t rule_family(const struct pn_object *o)
{
	uint8_t family = pn_family_of(&o->v[F_FROM]);

	if (!family)
		family = pn_family_of(&o->v[F_TO]);
	if (!family && o->v[F_FAMILY].set)
		family = o->v[F_FAMILY].num;
	return family ? family : AF_INET;
}

static int rule_check(struct pn_object *o, int *field, char *why, size_t len)
{
	static const unsigned int by_family[] = { F_FROM, F_TO, F_FAMILY };
	uint8_t family = rule_family(o), other;
	unsigned int i, k;

	for (i = 0; i < 3; i++) {
		k = by_family[i];
		other = k == F_FAMILY ? o->v[k].num : pn_family_of(&o->v[k]);
		if (!o->v[k].set || !other || other == family)
			continue;
		*field = k;
		snprintf(why, len, "is of another family");
		return -EINVAL;
	}
	o->v[F_FAMILY].set = true;
	o->v[F_FAMILY].num = family;
	/* What a rule does not say matches all: none of it is left as it is. */
	for (i = F_FROM; i < o->cls->n; i++) {
		if (!o->v[i].set && o->cls->field[i].row.def &&
		    !(o->cls->field[i].row.flags & PN_ROW_EXPLICIT))
			pn_field_parse(&o->cls->field[i], o->cls->field[i].row.def, &o->v[i],
				       NULL, why, len);
	}
	return 0;
}

static int rule_head(const struct pn_object *o, enum pn_object_op op, struct pn_sys_ns *ns,
		     void *head)
{
	struct fib_rule_hdr *r = head;

	r->src_len = o->v[F_FROM].num;
	r->dst_len = o->v[F_TO].num;
	r->table = o->v[F_TABLE].num < 256 ? o->v[F_TABLE].num : RT_TABLE_COMPAT;
	return 0;
}

static int rule_encode(const struct pn_object *o, enum pn_object_op op, struct pn_sys_ns *ns,
		       struct pn_msg *m)
{
	if (o->v[F_FROM].num)
		pn_msg_put(m, FRA_SRC, o->v[F_FROM].bin, o->v[F_FROM].len);
	if (o->v[F_TO].num)
		pn_msg_put(m, FRA_DST, o->v[F_TO].bin, o->v[F_TO].len);
	if (o->v[L3MDEV].set && o->v[L3MDEV].num)
		pn_msg_put_u8(m, FRA_L3MDEV, 1);
	if (o->v[SUPPRESS].set)
		pn_msg_put_u32(m, FRA_SUPPRESS_PREFIXLEN, o->v[SUPPRESS].num);
	return m->err;
}

static void prefix_get(struct pn_value *v, const struct nlattr *a, uint8_t prefixlen)
{
	memset(v, 0, sizeof(*v));
	v->set = true;
	if (!a || pn_attr_len(a) > sizeof(v->bin))
		return;
	v->len = pn_attr_len(a);
	v->num = prefixlen;
	memcpy(v->bin, pn_attr_data(a), v->len);
}

static bool rule_decode(const void *head, const struct nlattr *const *tb,
			struct pn_object *o, struct pn_lister *l)
{
	const struct fib_rule_hdr *r = head;
	uint32_t suppress = pn_attr_u32(tb[FRA_SUPPRESS_PREFIXLEN], UINT32_MAX);

	if (r->family != AF_INET && r->family != AF_INET6)
		return false;
	prefix_get(&o->v[F_FROM], tb[FRA_SRC], r->src_len);
	prefix_get(&o->v[F_TO], tb[FRA_DST], r->dst_len);
	o->v[L3MDEV].set = true;
	o->v[L3MDEV].num = pn_attr_u8(tb[FRA_L3MDEV], 0);
	o->v[SUPPRESS].set = suppress != UINT32_MAX;
	o->v[SUPPRESS].num = suppress;
	/* Those that every namespace begins with; VRFs bring their own. */
	o->by_kernel = !tb[FRA_PRIORITY] ||
		       pn_attr_u8(tb[FRA_PROTOCOL], RTPROT_UNSPEC) == RTPROT_KERNEL;
	return tb[FRA_PRIORITY];
}

static int rule_list(struct pn_lister *l, struct pn_err *err)
{
	static const uint8_t family[] = { AF_INET, AF_INET6 };
	struct pn_msg m;
	unsigned int i;
	int rc = 0;

	for (i = 0; i < sizeof(family) && !rc; i++) {
		const struct fib_rule_hdr r = { .family = family[i] };

		pn_msg_init(&m, RTM_GETRULE, 0);
		pn_msg_extra(&m, &r, sizeof(r));
		rc = pn_lister_dump(l, &m, err);
	}
	return rc;
}

static bool rule_implied(const struct pn_object *o, unsigned int field)
{
	return field == F_FAMILY &&
	       (pn_family_of(&o->v[F_FROM]) || pn_family_of(&o->v[F_TO]) ||
		o->v[F_FAMILY].num == AF_INET);
}

const struct pn_class pn_class_rules = {
	.section = "rules",
	.noun = "rule",
	.help = "rules of policy routing",
	PN_FIELDS(fields),
	.add = RTM_NEWRULE,
	.del = RTM_DELRULE,
	.got = RTM_NEWRULE,
	.head_len = sizeof(struct fib_rule_hdr),
	.check = rule_check,
	.head = rule_head,
	.encode = rule_encode,
	.decode = rule_decode,
	.list = rule_list,
	.implied = rule_implied,
};
