// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The kinds of queueing disciplines as tables; see qdisc.h. */
#include <errno.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "topo/qdisc.h"
#include "topo/units.h"

#define BLOB_MAX	64
#define SFQ_LIMIT	127U
#define NO_DEF		PN_QDISC_NO_DEF
#define IN_STRUCT(type, member)	.at = offsetof(struct type, member)
#define OPTIONS(array)	.option = (array), .n = sizeof(array) / sizeof((array)[0])

enum {
	K_TBF, K_FQ_CODEL, K_FQ, K_CAKE, K_PFIFO, K_BFIFO, K_PRIO, K_SFQ, K_HTB, K_CLSACT,
	K_INGRESS, K_NOQUEUE, K_PFIFO_FAST, K_MQ,
};

const struct pn_named pn_qdisc_names[] = {
	{ "tbf", K_TBF }, { "fq_codel", K_FQ_CODEL }, { "fq", K_FQ }, { "cake", K_CAKE },
	{ "pfifo", K_PFIFO }, { "bfifo", K_BFIFO }, { "prio", K_PRIO }, { "sfq", K_SFQ },
	{ "htb", K_HTB }, { "clsact", K_CLSACT }, { "ingress", K_INGRESS },
	{ "noqueue", K_NOQUEUE }, { "pfifo_fast", K_PFIFO_FAST }, { "mq", K_MQ }, { NULL, 0 },
};

static const struct pn_qdisc_option tbf[] = {
	{ Q_RATE, PN_QDISC_OWN, .def = NO_DEF }, { Q_BURST, PN_QDISC_OWN, .def = NO_DEF },
	{ Q_LIMIT, PN_QDISC_OWN, .def = NO_DEF }, { Q_LATENCY, PN_QDISC_OWN, .def = NO_DEF },
	{ Q_PEAKRATE, PN_QDISC_OWN, .def = 0 }, { Q_MTU, PN_QDISC_OWN, .def = NO_DEF },
};

static const struct pn_qdisc_option fq_codel[] = {
	{ Q_LIMIT, PN_QDISC_U32, TCA_FQ_CODEL_LIMIT, .def = 10240 },
	{ Q_FLOWS, PN_QDISC_U32, TCA_FQ_CODEL_FLOWS, .fixed = true, .def = 1024 },
	{ Q_QUANTUM, PN_QDISC_U32, TCA_FQ_CODEL_QUANTUM, .def = NO_DEF },
	{ Q_TARGET, PN_QDISC_CODEL, TCA_FQ_CODEL_TARGET, .def = 5000 },
	{ Q_INTERVAL, PN_QDISC_CODEL, TCA_FQ_CODEL_INTERVAL, .def = 100000 },
	{ Q_CE_THRESHOLD, PN_QDISC_CODEL, TCA_FQ_CODEL_CE_THRESHOLD, .def = NO_DEF },
	{ Q_ECN, PN_QDISC_U32, TCA_FQ_CODEL_ECN, .def = 1 },
	{ Q_MEMORY_LIMIT, PN_QDISC_U32, TCA_FQ_CODEL_MEMORY_LIMIT, .def = 32 << 20 },
	{ Q_DROP_BATCH, PN_QDISC_U32, TCA_FQ_CODEL_DROP_BATCH_SIZE, .def = 64 },
};

static const struct pn_qdisc_option fq[] = {
	{ Q_LIMIT, PN_QDISC_U32, TCA_FQ_PLIMIT, .def = 10000 },
	{ Q_FLOW_LIMIT, PN_QDISC_U32, TCA_FQ_FLOW_PLIMIT, .def = 100 },
	{ Q_QUANTUM, PN_QDISC_U32, TCA_FQ_QUANTUM, .def = NO_DEF },
	{ Q_INITIAL_QUANTUM, PN_QDISC_U32, TCA_FQ_INITIAL_QUANTUM, .def = NO_DEF },
	{ Q_MAXRATE, PN_QDISC_U32, TCA_FQ_FLOW_MAX_RATE, .def = UINT32_MAX },
	{ Q_BUCKETS, PN_QDISC_LOG2, TCA_FQ_BUCKETS_LOG, .def = 1024 },
	{ Q_PACING, PN_QDISC_U32, TCA_FQ_RATE_ENABLE, .def = 1 },
	{ Q_LOW_RATE, PN_QDISC_U32, TCA_FQ_LOW_RATE_THRESHOLD, .def = 550000 / 8 },
	{ Q_ORPHAN_MASK, PN_QDISC_U32, TCA_FQ_ORPHAN_MASK, .def = 1023 },
	{ Q_CE_THRESHOLD, PN_QDISC_U32, TCA_FQ_CE_THRESHOLD, .def = UINT32_MAX },
	{ Q_HORIZON, PN_QDISC_U32, TCA_FQ_HORIZON, .def = 10000000 },
	{ Q_HORIZON_DROP, PN_QDISC_U8, TCA_FQ_HORIZON_DROP, .def = 1 },
};

static const struct pn_qdisc_option cake[] = {
	{ Q_BANDWIDTH, PN_QDISC_U64, TCA_CAKE_BASE_RATE64, .def = 0 },
	{ Q_DIFFSERV, PN_QDISC_U32, TCA_CAKE_DIFFSERV_MODE, .def = CAKE_DIFFSERV_DIFFSERV3 },
	{ Q_FLOWMODE, PN_QDISC_U32, TCA_CAKE_FLOW_MODE, .def = CAKE_FLOW_TRIPLE },
	{ Q_RTT, PN_QDISC_U32, TCA_CAKE_RTT, .def = 100000 },
	{ Q_NAT, PN_QDISC_U32, TCA_CAKE_NAT, .def = 0 },
	{ Q_WASH, PN_QDISC_U32, TCA_CAKE_WASH, .def = 0 },
	{ Q_INGRESS, PN_QDISC_U32, TCA_CAKE_INGRESS, .def = 0 },
	{ Q_ACK_FILTER, PN_QDISC_U32, TCA_CAKE_ACK_FILTER, .def = CAKE_ACK_NONE },
	{ Q_SPLIT_GSO, PN_QDISC_U32, TCA_CAKE_SPLIT_GSO, .def = NO_DEF },
	{ Q_OVERHEAD, PN_QDISC_S32, TCA_CAKE_OVERHEAD, .def = NO_DEF },
	{ Q_MPU, PN_QDISC_U32, TCA_CAKE_MPU, .def = 0 },
	{ Q_ATM, PN_QDISC_U32, TCA_CAKE_ATM, .def = CAKE_ATM_NONE },
	{ Q_MEMLIMIT, PN_QDISC_U32, TCA_CAKE_MEMORY, .def = 0 },
	{ Q_FWMARK, PN_QDISC_U32, TCA_CAKE_FWMARK, .def = 0 },
};

static const struct pn_qdisc_option fifo[] = {
	{ Q_LIMIT, PN_QDISC_U32, IN_STRUCT(tc_fifo_qopt, limit), .def = NO_DEF },
};

static const struct pn_qdisc_option prio[] = {
	{ Q_BANDS, PN_QDISC_U32, IN_STRUCT(tc_prio_qopt, bands), .def = 3 },
	{ Q_PRIOMAP, PN_QDISC_BYTES, IN_STRUCT(tc_prio_qopt, priomap), .def = NO_DEF },
};

static const struct pn_qdisc_option sfq[] = {
	{ Q_LIMIT, PN_QDISC_U32, IN_STRUCT(tc_sfq_qopt, limit), .def = SFQ_LIMIT },
	{ Q_QUANTUM, PN_QDISC_U32, IN_STRUCT(tc_sfq_qopt, quantum), .def = NO_DEF },
	{ Q_PERTURB, PN_QDISC_U32, IN_STRUCT(tc_sfq_qopt, perturb_period), .def = 0 },
	{ Q_FLOWS, PN_QDISC_U32, IN_STRUCT(tc_sfq_qopt, flows), .def = 127 },
	{ Q_DIVISOR, PN_QDISC_U32, IN_STRUCT(tc_sfq_qopt, divisor), .def = 1024 },
};

static const struct pn_qdisc_option htb[] = {
	{ Q_DEFAULT, PN_QDISC_U32, IN_STRUCT(tc_htb_glob, defcls), .def = 0 },
	{ Q_R2Q, PN_QDISC_U32, IN_STRUCT(tc_htb_glob, rate2quantum), .def = 10 },
	{ Q_DIRECT_QLEN, PN_QDISC_U32, TCA_HTB_DIRECT_QLEN, .def = NO_DEF },
};

static const struct tc_prio_qopt prio_none = {
	.bands = 3, .priomap = { 1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1 },
};
static const struct tc_htb_glob htb_none = { .version = 3, .rate2quantum = 10 };
static const struct tc_sfq_qopt sfq_none;

/* tc gives a round trip a twentieth of it to wait in the queue. */
static void cake_encode(const struct pn_object *o, struct pn_msg *m)
{
	uint32_t target = o->v[Q_RTT].num / 20;

	if (o->v[Q_RTT].set)
		pn_msg_put_u32(m, TCA_CAKE_TARGET, target ? target : 1);
}

/* Raw lengths have no overhead, not even one of 0. */
static void cake_decode(struct pn_object *o, const struct nlattr *const *tb)
{
	if (tb[TCA_CAKE_RAW])
		o->v[Q_OVERHEAD].set = false;
}

static int prio_check(struct pn_object *o, int *field, char *why, size_t len)
{
	unsigned int bands = o->v[Q_BANDS].set ? o->v[Q_BANDS].num : 3, i;
	const uint8_t *map = o->v[Q_PRIOMAP].set ? o->v[Q_PRIOMAP].bin : prio_none.priomap;

	for (i = 0; i <= TC_PRIO_MAX && map[i] < bands; i++)
		;
	if (i > TC_PRIO_MAX)
		return 0;
	*field = o->v[Q_PRIOMAP].set ? Q_PRIOMAP : Q_BANDS;
	snprintf(why, len, "priority %u goes to band %u, but there are %u bands from 0 on", i,
		 map[i], bands);
	return -EINVAL;
}

static int fq_check(struct pn_object *o, int *field, char *why, size_t len)
{
	uint64_t n = o->v[Q_BUCKETS].num;

	/* The kernel's word for unlimited. */
	if (o->v[Q_MAXRATE].set && !o->v[Q_MAXRATE].num)
		o->v[Q_MAXRATE].num = UINT32_MAX;
	if (!o->v[Q_BUCKETS].set || (n && !(n & (n - 1))))
		return 0;
	*field = Q_BUCKETS;
	snprintf(why, len, "must be a power of 2");
	return -EINVAL;
}

/* More flows than packets are never there; some kernels tell them still. */
static void sfq_decode(struct pn_object *o, const struct nlattr *const *tb)
{
	if (o->v[Q_FLOWS].num > o->v[Q_LIMIT].num)
		o->v[Q_FLOWS].num = o->v[Q_LIMIT].num;
}

static int sfq_check(struct pn_object *o, int *field, char *why, size_t len)
{
	uint64_t limit = o->v[Q_LIMIT].set ? o->v[Q_LIMIT].num : SFQ_LIMIT;

	if (!o->v[Q_FLOWS].set || o->v[Q_FLOWS].num <= limit)
		return 0;
	*field = Q_FLOWS;
	snprintf(why, len, "must be at most limit, which is %u if not given", SFQ_LIMIT);
	return -EINVAL;
}

const struct pn_qdisc_kind pn_qdisc_kinds[] = {
	[K_TBF] = { OPTIONS(tbf), .nested = true, .check = pn_tbf_check,
		    .encode = pn_tbf_encode, .decode = pn_tbf_decode },
	[K_FQ_CODEL] = { OPTIONS(fq_codel), .nested = true },
	[K_FQ] = { OPTIONS(fq), .nested = true, .check = fq_check },
	[K_CAKE] = { OPTIONS(cake), .nested = true, .encode = cake_encode,
		     .decode = cake_decode },
	[K_PFIFO] = { OPTIONS(fifo), .blob_len = sizeof(struct tc_fifo_qopt) },
	[K_BFIFO] = { OPTIONS(fifo), .blob_len = sizeof(struct tc_fifo_qopt) },
	[K_PRIO] = { OPTIONS(prio), .blob_len = sizeof(prio_none), .blob = &prio_none,
		     .check = prio_check },
	[K_SFQ] = { OPTIONS(sfq), .fixed = true, .blob_len = sizeof(sfq_none),
		    .blob = &sfq_none, .check = sfq_check, .decode = sfq_decode },
	[K_HTB] = { OPTIONS(htb), .nested = true, .fixed = true, .blob_attr = TCA_HTB_INIT,
		    .blob_len = sizeof(htb_none), .blob = &htb_none },
	[K_CLSACT] = { .ingress = true },
	[K_INGRESS] = { .ingress = true },
	[K_NOQUEUE] = { .n = 0 },
	[K_PFIFO_FAST] = { .n = 0 },
	[K_MQ] = { .n = 0 },
};

const struct pn_qdisc_kind *pn_qdisc_kind(const struct pn_object *o)
{
	return &pn_qdisc_kinds[o->v[Q_KIND].num];
}

const struct pn_qdisc_option *pn_qdisc_option(const struct pn_qdisc_kind *kind,
					      unsigned int field)
{
	unsigned int i;

	for (i = 0; i < kind->n; i++) {
		if (kind->option[i].field == field)
			return &kind->option[i];
	}
	return NULL;
}

static uint32_t log2_of(uint64_t n)
{
	uint32_t bits = 0;

	while (n >>= 1)
		bits++;
	return bits;
}

static void attr_encode(const struct pn_qdisc_option *opt, const struct pn_value *v,
			struct pn_msg *m)
{
	if (opt->enc == PN_QDISC_U64)
		pn_msg_put_u64(m, opt->attr, v->num);
	else if (opt->enc == PN_QDISC_U8)
		pn_msg_put_u8(m, opt->attr, v->num);
	else if (opt->enc == PN_QDISC_LOG2)
		pn_msg_put_u32(m, opt->attr, log2_of(v->num));
	else
		pn_msg_put_u32(m, opt->attr, v->num);
}

/* The struct; false: nothing of it is said, and it may be left out. */
static bool blob_fill(const struct pn_qdisc_kind *kind, const struct pn_object *o,
		      bool change, char *blob)
{
	bool any = kind->blob;
	uint32_t num;
	unsigned int i;

	if (kind->blob)
		memcpy(blob, kind->blob, kind->blob_len);
	for (i = 0; i < kind->n; i++) {
		const struct pn_qdisc_option *opt = &kind->option[i];
		const struct pn_value *v = &o->v[opt->field];

		if (opt->attr || !v->set || (change && opt->fixed))
			continue;
		any = true;
		num = v->num;
		if (opt->enc == PN_QDISC_BYTES)
			memcpy(blob + opt->at, v->bin, sizeof(v->bin));
		else
			memcpy(blob + opt->at, &num, sizeof(num));
	}
	return any;
}

static void nested_encode(const struct pn_qdisc_kind *kind, const struct pn_object *o,
			  bool change, struct pn_msg *m)
{
	char blob[BLOB_MAX] = { 0 };
	unsigned int i;

	if (kind->blob_len && blob_fill(kind, o, change, blob))
		pn_msg_put(m, kind->blob_attr, blob, kind->blob_len);
	for (i = 0; i < kind->n; i++) {
		const struct pn_qdisc_option *opt = &kind->option[i];

		if (opt->attr && o->v[opt->field].set && !(change && opt->fixed))
			attr_encode(opt, &o->v[opt->field], m);
	}
	if (kind->encode)
		kind->encode(o, m);
}

void pn_qdisc_encode(const struct pn_object *o, bool change, struct pn_msg *m)
{
	const struct pn_qdisc_kind *kind = pn_qdisc_kind(o);
	char blob[BLOB_MAX] = { 0 };
	size_t nest;

	if (!kind->nested) {
		if (kind->blob_len && blob_fill(kind, o, change, blob))
			pn_msg_put(m, TCA_OPTIONS, blob, kind->blob_len);
		return;
	}
	nest = pn_msg_nest(m, TCA_OPTIONS);
	nested_encode(kind, o, change, m);
	pn_msg_nest_end(m, nest);
}

static void attr_decode(const struct pn_qdisc_option *opt, const struct nlattr *a,
			struct pn_value *v)
{
	if (!a)
		return;
	v->set = true;
	switch (opt->enc) {
	case PN_QDISC_U64:
		v->num = pn_attr_u64(a, 0);
		break;
	case PN_QDISC_U8:
		v->num = pn_attr_u8(a, 0);
		break;
	case PN_QDISC_S32:
		v->num = (int64_t)(int32_t)pn_attr_u32(a, 0);
		break;
	case PN_QDISC_LOG2:
		v->num = 1ULL << (pn_attr_u32(a, 0) & 31);
		break;
	case PN_QDISC_CODEL:
		v->num = pn_steps_value(&pn_steps_codel, pn_attr_u32(a, 0));
		break;
	default:
		v->num = pn_attr_u32(a, 0);
	}
}

static void blob_decode(const struct pn_qdisc_option *opt, const struct nlattr *a,
			struct pn_value *v)
{
	const char *blob = pn_attr_data(a);
	uint32_t num;

	if (opt->enc == PN_QDISC_BYTES) {
		v->len = sizeof(v->bin);
		memcpy(v->bin, blob + opt->at, sizeof(v->bin));
	} else {
		memcpy(&num, blob + opt->at, sizeof(num));
		v->num = num;
	}
	v->set = true;
}

void pn_qdisc_decode(struct pn_object *o, const struct nlattr *options)
{
	const struct pn_qdisc_kind *kind = pn_qdisc_kind(o);
	const struct nlattr *tb[PN_OBJECT_ATTRS + 1] = { 0 };
	const struct nlattr *blob = options;
	unsigned int i;

	if (!options)
		return;
	if (kind->nested) {
		pn_attrs_nested(tb, PN_OBJECT_ATTRS, options);
		blob = kind->blob_attr ? tb[kind->blob_attr] : NULL;
	}
	for (i = 0; i < kind->n; i++) {
		const struct pn_qdisc_option *opt = &kind->option[i];

		if (opt->attr)
			attr_decode(opt, tb[opt->attr], &o->v[opt->field]);
		else if (opt->enc != PN_QDISC_OWN && blob &&
			 pn_attr_len(blob) >= kind->blob_len)
			blob_decode(opt, blob, &o->v[opt->field]);
	}
	if (kind->decode)
		kind->decode(o, tb);
}
