// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Classes of htb: the class of objects; its words are tc(8)'s. The kernel
 * keeps a burst as the time that it takes at its rate, and tells only that.
 */
#include <errno.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topo/class.h"
#include "topo/qdisc.h"
#include "topo/tc_tree.h"
#include "topo/units.h"

/* As tc has it: a packet, and what the rate has in a tick of the clock. */
#define BURST_MIN	1600
#define TICKS_US	16	/* in a microsecond */

static const struct pn_named kinds[] = { { "htb", 0 }, { NULL, 0 } };

static const struct pn_named linklayers[] = {
	{ "ethernet", TC_LINKLAYER_ETHERNET }, { "atm", TC_LINKLAYER_ATM },
	{ "adsl", TC_LINKLAYER_ATM }, { NULL, 0 },
};

static int classid_parse(const char *text, struct pn_value *v, struct pn_pool *pool)
{
	int rc = pn_field_tc_parent.parse(text, v, pool);

	if (rc || v->num == TC_H_ROOT || v->num == TC_H_INGRESS || !TC_H_MIN(v->num))
		return -EINVAL;
	return 0;
}

static void number_format(const struct pn_value *v, char *buf, size_t len)
{
	pn_field_tc_parent.format(v, buf, len);
}

static const struct pn_field_type type_classid = {
	.accepts = "a class such as '1:10', in hexadecimal",
	.parse = classid_parse,
	.format = number_format,
};

/* Directly below its qdisc it may be said by the qdisc's handle. */
static int parent_parse(const char *text, struct pn_value *v, struct pn_pool *pool)
{
	size_t n = strlen(text);
	char full[16];
	int rc;

	if (!n || n > 5 || text[n - 1] != ':')
		return strcmp(text, "ingress") && strcmp(text, "clsact") ?
			pn_field_tc_parent.parse(text, v, pool) : -EINVAL;
	snprintf(full, sizeof(full), "%s0", text);
	rc = pn_field_tc_parent.parse(full, v, pool);
	v->num = TC_H_ROOT;
	return rc;
}

static const struct pn_field_type type_parent = {
	.accepts = "root, a qdisc such as '1:', or a class such as '1:1', in hexadecimal",
	.parse = parent_parse,
	.format = number_format,
};

#define OWN(name_, alias_, type_, help_) \
	{ { name_, alias_, .help = help_ }, PN_F_OWN, .flags = PN_FIELD_WHOLE, .type = &(type_) }
#define NUMBER(name_, max_, def_, help_) \
	{ { name_, NULL, PN_T_U32, .max = max_, .def = def_, .help = help_ }, PN_F_OWN }

static const struct pn_field fields[] = {
	[C_DEV] = { { "dev", NULL, PN_T_DEV, .flags = PN_ROW_REQUIRED, .help = "the device" },
		    PN_HEAD(tcmsg, tcm_ifindex), .flags = PN_FIELD_KEY },
	[C_PARENT] = { { "parent", NULL, .def = "root",
			 .help = "the class whose spare rate it may borrow; root: none" },
		       PN_HEAD(tcmsg, tcm_parent), .type = &type_parent },
	[C_KIND] = { { "kind", NULL, PN_T_U8, .named = kinds, .def = "htb",
		       .help = "that of its qdisc" }, PN_F_OWN },
	[C_CLASSID] = { { "classid", "id", .flags = PN_ROW_REQUIRED,
			  .help = "its number: that of its qdisc's handle, and its own" },
			PN_HEAD(tcmsg, tcm_handle), .flags = PN_FIELD_KEY,
			.type = &type_classid },
	[C_RATE] = { { "rate", NULL, .flags = PN_ROW_REQUIRED, .help = "what it is sure of" },
		     PN_F_OWN, .type = &pn_field_rate },
	[C_CEIL] = OWN("ceil", NULL, pn_field_rate,
		       "what it may have when its parent has some to spare; rate if not given"),
	[C_BURST] = OWN("burst", "buffer", pn_field_size,
			"what may leave at once at rate; a packet if not given"),
	[C_CBURST] = OWN("cburst", "cbuffer", pn_field_size, "the same at ceil"),
	[C_PRIO] = NUMBER("prio", 7, "0", "what is left over goes to lower numbers first"),
	[C_QUANTUM] = { { "quantum", NULL, PN_T_U32, .min = 1, .max = UINT32_MAX,
			  .help = "bytes that it sends in a turn; rate / r2q if not given" },
			PN_F_OWN, .flags = PN_FIELD_WHOLE },
	[C_OVERHEAD] = NUMBER("overhead", UINT16_MAX, "0", "bytes that each packet counts more"),
	[C_MPU] = NUMBER("mpu", UINT16_MAX, "0", "the least that a packet counts"),
	[C_LINKLAYER] = { { "linklayer", NULL, PN_T_U8, .named = linklayers, .def = "ethernet",
			    .help = "atm: packets are counted as the cells that they need" },
			  PN_F_OWN },
};

static void value_set(struct pn_value *v, uint64_t num)
{
	v->set = true;
	v->num = num;
}

static uint64_t value_or(const struct pn_value *v, uint64_t other)
{
	return v->set ? v->num : other;
}

static uint64_t burst_least(uint64_t rate)
{
	return BURST_MIN + rate / 1000000000;
}

/* The number that is read back as well. */
static void burst_settle(struct pn_value *burst, uint64_t rate)
{
	const struct pn_steps s = pn_steps_of_rate(rate);

	if (burst->set)
		burst->num = pn_steps_value(&s, pn_steps_told(&s, burst->num));
}

static int class_check(struct pn_object *o, int *field, char *why, size_t len)
{
	struct pn_value *v = o->v;

	*field = C_PARENT;
	if (v[C_PARENT].set && v[C_PARENT].num != TC_H_ROOT &&
	    TC_H_MAJ(v[C_PARENT].num) != TC_H_MAJ(v[C_CLASSID].num)) {
		snprintf(why, len, "is of another qdisc than %x:",
			 (unsigned int)(v[C_CLASSID].num >> 16));
		return -EINVAL;
	}
	if (v[C_PARENT].set && v[C_PARENT].num == v[C_CLASSID].num) {
		snprintf(why, len, "is the class itself");
		return -EINVAL;
	}
	*field = C_RATE;
	if (!v[C_RATE].num) {
		snprintf(why, len, "must be more than 0");
		return -EINVAL;
	}
	*field = C_CEIL;
	if (v[C_CEIL].set && v[C_CEIL].num < v[C_RATE].num) {
		snprintf(why, len, "must be at least rate");
		return -EINVAL;
	}
	burst_settle(&v[C_BURST], v[C_RATE].num);
	burst_settle(&v[C_CBURST], value_or(&v[C_CEIL], v[C_RATE].num));
	return 0;
}

/* The kernel asks for no table of a rate that says its link layer. */
static void rate_fill(struct tc_ratespec *r, const struct pn_value *v, uint64_t rate)
{
	r->rate = rate < UINT32_MAX ? rate : UINT32_MAX;
	r->linklayer = value_or(&v[C_LINKLAYER], TC_LINKLAYER_ETHERNET);
	r->overhead = v[C_OVERHEAD].num;
	r->mpu = v[C_MPU].num;
}

static uint32_t ticks_of(const struct pn_value *burst, uint64_t rate)
{
	const struct pn_steps s = pn_steps_of_rate(rate);

	return pn_steps_told(&s, value_or(burst, burst_least(rate)));
}

static int class_encode(const struct pn_object *o, enum pn_object_op op,
			struct pn_sys_ns *ns, struct pn_msg *m)
{
	const struct pn_value *v = o->v;
	uint64_t rate = v[C_RATE].num, ceil = value_or(&v[C_CEIL], rate);
	struct tc_htb_opt opt = {
		.buffer = ticks_of(&v[C_BURST], rate),
		.cbuffer = ticks_of(&v[C_CBURST], ceil),
		.quantum = v[C_QUANTUM].num,
		.prio = v[C_PRIO].num,
	};
	size_t nest;

	if (op == PN_OBJECT_DEL)
		return m->err;
	rate_fill(&opt.rate, v, rate);
	rate_fill(&opt.ceil, v, ceil);
	pn_msg_put_str(m, TCA_KIND, "htb");
	nest = pn_msg_nest(m, TCA_OPTIONS);
	pn_msg_put(m, TCA_HTB_PARMS, &opt, sizeof(opt));
	if (rate > UINT32_MAX)
		pn_msg_put_u64(m, TCA_HTB_RATE64, rate);
	if (ceil > UINT32_MAX)
		pn_msg_put_u64(m, TCA_HTB_CEIL64, ceil);
	pn_msg_nest_end(m, nest);
	return m->err;
}

static void burst_decode(struct pn_value *v, uint32_t ticks, uint64_t rate)
{
	const struct pn_steps s = pn_steps_of_rate(rate);
	uint64_t least = burst_least(rate);

	/* What nobody said is the number that it would be. */
	value_set(v, pn_steps_told(&s, least) == ticks ? least : pn_steps_value(&s, ticks));
}

static bool class_decode(const void *head, const struct nlattr *const *tb,
			 struct pn_object *o, struct pn_lister *l)
{
	const struct nlattr *opts[TCA_HTB_MAX + 1];
	const char *kind = pn_attr_str(tb[TCA_KIND]);
	const struct tc_htb_opt *opt;
	struct pn_value *v = o->v;

	if (!kind || strcmp(kind, kinds[0].name) || !v[C_DEV].set || !tb[TCA_OPTIONS])
		return false;
	pn_attrs_nested(opts, TCA_HTB_MAX, tb[TCA_OPTIONS]);
	opt = pn_attr_data(opts[TCA_HTB_PARMS]);
	if (pn_attr_len(opts[TCA_HTB_PARMS]) < sizeof(*opt))
		return false;
	value_set(&v[C_KIND], kinds[0].value);
	value_set(&v[C_RATE], pn_attr_u64(opts[TCA_HTB_RATE64], opt->rate.rate));
	value_set(&v[C_CEIL], pn_attr_u64(opts[TCA_HTB_CEIL64], opt->ceil.rate));
	burst_decode(&v[C_BURST], opt->buffer, v[C_RATE].num);
	burst_decode(&v[C_CBURST], opt->cbuffer, v[C_CEIL].num);
	value_set(&v[C_PRIO], opt->prio);
	value_set(&v[C_QUANTUM], opt->quantum);
	value_set(&v[C_OVERHEAD], opt->rate.overhead);
	value_set(&v[C_MPU], opt->rate.mpu);
	value_set(&v[C_LINKLAYER], opt->rate.linklayer == TC_LINKLAYER_ATM ?
		  TC_LINKLAYER_ATM : TC_LINKLAYER_ETHERNET);
	return true;
}

/* Classes are told device by device. */
static int class_list(struct pn_lister *l, struct pn_err *err)
{
	const struct pn_object *q;
	struct pn_objects now = { 0 };
	struct tcmsg tcm = { .tcm_family = AF_UNSPEC };
	struct pn_msg m;
	int index, rc;

	rc = pn_objects_read(l->ns, &pn_class_qdiscs, &now, err);
	for (q = rc ? NULL : now.by_key; q && !rc; q = q->hh.next) {
		if (strcmp(pn_qdisc_names[q->v[Q_KIND].num].name, kinds[0].name))
			continue;
		index = l->ns->devs.index(l->ns->devs.data, q->v[Q_DEV].str);
		if (index <= 0)
			continue;
		tcm.tcm_ifindex = index;
		tcm.tcm_parent = q->v[Q_HANDLE].num;
		pn_msg_init(&m, RTM_GETTCLASS, 0);
		pn_msg_extra(&m, &tcm, sizeof(tcm));
		rc = pn_lister_dump(l, &m, err);
	}
	pn_objects_fini(&now);
	return rc;
}

/* What the kernel has where nothing is said. */
static bool class_implied(const struct pn_object *o, unsigned int field)
{
	const struct pn_value *v = &o->v[field];
	uint64_t rate = o->v[C_RATE].num;

	if (field == C_CEIL)
		return v->num == rate;
	if (field == C_BURST)
		return v->num == burst_least(rate);
	return field == C_CBURST && v->num == burst_least(value_or(&o->v[C_CEIL], rate));
}

/* A tool that counts in microseconds has come as near as it could. */
static bool class_same(const struct pn_object *want, const struct pn_object *has,
		       unsigned int field)
{
	unsigned int of = field == C_BURST ? C_RATE : C_CEIL;
	uint64_t rate = value_or(&want->v[of], want->v[C_RATE].num), a, b;
	struct pn_steps s;

	if ((field != C_BURST && field != C_CBURST) || rate != has->v[of].num)
		return false;
	s = pn_steps_of_rate(rate);
	a = pn_steps_told(&s, want->v[field].num);
	b = pn_steps_told(&s, has->v[field].num);
	return (a > b ? a - b : b - a) < TICKS_US;
}

/* Another parent is another class. */
static int class_change(struct pn_sys_ns *ns, const struct pn_object *o)
{
	struct pn_objects now = { 0 };
	const struct pn_object *has = NULL;
	int rc;

	rc = pn_objects_read(ns, o->cls, &now, NULL);
	if (!rc)
		has = pn_objects_find(&now, o->key);
	if (!rc && has && !pn_object_field_differs(o, has, C_PARENT))
		rc = pn_object_send(ns, o, PN_OBJECT_SET);
	else if (!rc)
		rc = pn_tc_make(ns, o, has);
	pn_objects_fini(&now);
	return rc;
}

static int class_talk(struct pn_sys_ns *ns, const struct pn_object *o, enum pn_object_op op)
{
	if (op == PN_OBJECT_SET)
		return class_change(ns, o);
	return op == PN_OBJECT_ADD ? pn_tc_make(ns, o, NULL) : pn_tc_remove(ns, o);
}

const struct pn_class pn_class_classes = {
	.section = "classes",
	.noun = "class",
	.help = "classes of the qdisc htb, in the words of tc",
	PN_FIELDS(fields),
	.add = RTM_NEWTCLASS,
	.del = RTM_DELTCLASS,
	.got = RTM_NEWTCLASS,
	.head_len = sizeof(struct tcmsg),
	.check = class_check,
	.encode = class_encode,
	.decode = class_decode,
	.list = class_list,
	.talk = class_talk,
	.implied = class_implied,
	.same = class_same,
};
