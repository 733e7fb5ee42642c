// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Queueing disciplines of devices: the class; its words are tc(8)'s. One is
 * known by where it is, its parent: what has another kind takes its place.
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

static const struct pn_named diffservs[] = {
	{ "diffserv3", CAKE_DIFFSERV_DIFFSERV3 }, { "diffserv4", CAKE_DIFFSERV_DIFFSERV4 },
	{ "diffserv8", CAKE_DIFFSERV_DIFFSERV8 }, { "besteffort", CAKE_DIFFSERV_BESTEFFORT },
	{ "precedence", CAKE_DIFFSERV_PRECEDENCE }, { NULL, 0 },
};

static const struct pn_named flowmodes[] = {
	{ "flowblind", CAKE_FLOW_NONE }, { "srchost", CAKE_FLOW_SRC_IP },
	{ "dsthost", CAKE_FLOW_DST_IP }, { "hosts", CAKE_FLOW_HOSTS },
	{ "flows", CAKE_FLOW_FLOWS }, { "dual-srchost", CAKE_FLOW_DUAL_SRC },
	{ "dual-dsthost", CAKE_FLOW_DUAL_DST }, { "triple-isolate", CAKE_FLOW_TRIPLE },
	{ NULL, 0 },
};

static const struct pn_named ack_filters[] = {
	{ "disabled", CAKE_ACK_NONE }, { "enabled", CAKE_ACK_FILTER },
	{ "aggressive", CAKE_ACK_AGGRESSIVE }, { NULL, 0 },
};

static const struct pn_named atms[] = {
	{ "noatm", CAKE_ATM_NONE }, { "atm", CAKE_ATM_ATM }, { "ptm", CAKE_ATM_PTM },
	{ NULL, 0 },
};

/* At most four digits of hexadecimal. */
static int half_parse(const char *text, size_t n, uint32_t *half)
{
	char *end;

	if (!n || n > 4 || strspn(text, "0123456789abcdefABCDEF") < n)
		return -EINVAL;
	*half = strtoul(text, &end, 16);
	return end == text + n ? 0 : -EINVAL;
}

static int handle_parse(const char *text, struct pn_value *v, struct pn_pool *pool)
{
	size_t n = strcspn(text, ":");
	uint32_t major;

	if (half_parse(text, n, &major) || !major || (text[n] && strcmp(text + n, ":")))
		return -EINVAL;
	v->num = major << 16;
	return 0;
}

static void handle_format(const struct pn_value *v, char *buf, size_t len)
{
	snprintf(buf, len, "%x:", (unsigned int)(v->num >> 16));
}

static const struct pn_field_type type_handle = {
	.accepts = "a handle such as '1:', in hexadecimal",
	.parse = handle_parse,
	.format = handle_format,
};

static int parent_parse(const char *text, struct pn_value *v, struct pn_pool *pool)
{
	size_t n = strcspn(text, ":");
	uint32_t major, minor;

	v->num = TC_H_ROOT;
	if (!strcmp(text, "root"))
		return 0;
	v->num = TC_H_INGRESS;
	if (!strcmp(text, "ingress") || !strcmp(text, "clsact"))
		return 0;
	if (half_parse(text, n, &major) || !major || !text[n] ||
	    half_parse(text + n + 1, strlen(text + n + 1), &minor))
		return -EINVAL;
	v->num = major << 16 | minor;
	return 0;
}

static void parent_format(const struct pn_value *v, char *buf, size_t len)
{
	if (v->num == TC_H_ROOT || v->num == TC_H_INGRESS)
		snprintf(buf, len, "%s", v->num == TC_H_ROOT ? "root" : "ingress");
	else
		snprintf(buf, len, "%x:%x", (unsigned int)(v->num >> 16),
			 (unsigned int)(v->num & 0xffff));
}

const struct pn_field_type pn_field_tc_parent = {
	.accepts = "root, ingress, clsact, or a class such as '1:10', in hexadecimal",
	.parse = parent_parse,
	.format = parent_format,
};

static int minor_parse(const char *text, struct pn_value *v, struct pn_pool *pool)
{
	const char *digits = strncmp(text, "0x", 2) ? text : text + 2;
	uint32_t minor;

	if (half_parse(digits, strlen(digits), &minor))
		return -EINVAL;
	v->num = minor;
	return 0;
}

static void minor_format(const struct pn_value *v, char *buf, size_t len)
{
	snprintf(buf, len, "0x%x", (unsigned int)v->num);
}

static const struct pn_field_type type_minor = {
	.accepts = "the number of a class such as 10, in hexadecimal",
	.parse = minor_parse,
	.format = minor_format,
};

static int priomap_parse(const char *text, struct pn_value *v, struct pn_pool *pool)
{
	unsigned long band;
	char *end;

	for (v->len = 0; v->len < sizeof(v->bin); v->len++) {
		text += strspn(text, " ,");
		band = strtoul(text, &end, 10);
		if (end == text || text[0] == '-' || text[0] == '+' || band >= TCQ_PRIO_BANDS)
			return -EINVAL;
		v->bin[v->len] = band;
		text = end;
	}
	return *text ? -EINVAL : 0;
}

static void priomap_format(const struct pn_value *v, char *buf, size_t len)
{
	unsigned int i;
	size_t at = 0;

	for (i = 0; i < v->len && at < len; i++)
		at += snprintf(buf + at, len - at, "%s%u", i ? ", " : "", v->bin[i]);
}

static const struct pn_field_type type_priomap = {
	.accepts = "a list of 16 numbers of bands, each 0..15",
	.parse = priomap_parse,
	.format = priomap_format,
};

#define OWN(name_, alias_, type_, help_) \
	{ { name_, alias_, .help = help_ }, PN_F_OWN, .type = &(type_) }
#define NUMBER(name_, min_, max_, help_) \
	{ { name_, NULL, PN_T_U32, .min = min_, .max = max_, .help = help_ }, PN_F_OWN }
#define WORD(name_, named_, help_) \
	{ { name_, NULL, PN_T_U32, .named = named_, .help = help_ }, PN_F_OWN }
#define BOOL(name_, help_) \
	{ { name_, NULL, PN_T_BOOL, .help = help_ }, PN_F_OWN }

static const struct pn_field fields[] = {
	[Q_DEV] = { { "dev", NULL, PN_T_DEV, .flags = PN_ROW_REQUIRED, .help = "the device" },
		    PN_HEAD(tcmsg, tcm_ifindex), .flags = PN_FIELD_KEY },
	[Q_PARENT] = { { "parent", NULL, .def = "root",
			 .help = "where it is; of clsact and ingress always ingress" },
		       PN_HEAD(tcmsg, tcm_parent), .flags = PN_FIELD_KEY,
		       .type = &pn_field_tc_parent },
	[Q_KIND] = { { "kind", NULL, PN_T_U8, .named = pn_qdisc_names,
		       .flags = PN_ROW_REQUIRED, .help = "what it does" }, PN_F_OWN },
	[Q_HANDLE] = { { "handle", NULL, .help = "its own number, by which classes name it" },
		       PN_HEAD(tcmsg, tcm_handle), .type = &type_handle },
	[Q_RATE] = OWN("rate", NULL, pn_field_rate, "tbf: what leaves in a second"),
	[Q_BURST] = OWN("burst", "buffer", pn_field_size, "tbf: what may leave at once"),
	[Q_LIMIT] = OWN("limit", NULL, pn_field_count,
			"what may wait: bytes of tbf and bfifo, packets of the others"),
	[Q_LATENCY] = OWN("latency", NULL, pn_field_time,
			  "tbf, instead of limit: how long a packet may wait"),
	[Q_PEAKRATE] = OWN("peakrate", NULL, pn_field_rate, "tbf: the rate of a burst"),
	[Q_MTU] = OWN("mtu", "minburst", pn_field_size, "tbf: the burst of peakrate"),
	[Q_TARGET] = OWN("target", NULL, pn_field_time,
			 "fq_codel: what a queue may delay packets by"),
	[Q_INTERVAL] = OWN("interval", NULL, pn_field_time,
			   "fq_codel: how long it may be more"),
	[Q_FLOWS] = NUMBER("flows", 1, 65536, "fq_codel, sfq: queues of flows"),
	[Q_QUANTUM] = OWN("quantum", NULL, pn_field_count,
			  "fq_codel, fq, sfq: bytes that a flow sends in a turn"),
	[Q_ECN] = BOOL("ecn", "fq_codel: packets are marked, not dropped, where they allow it"),
	[Q_CE_THRESHOLD] = OWN("ce_threshold", NULL, pn_field_time,
			       "fq_codel, fq: packets that waited longer are marked"),
	[Q_MEMORY_LIMIT] = OWN("memory_limit", NULL, pn_field_size,
			       "fq_codel: memory that packets may take"),
	[Q_DROP_BATCH] = NUMBER("drop_batch", 1, UINT32_MAX,
				"fq_codel: packets dropped at once when it is full"),
	[Q_FLOW_LIMIT] = NUMBER("flow_limit", 0, UINT32_MAX,
				"fq: packets of a flow that may wait"),
	[Q_INITIAL_QUANTUM] = OWN("initial_quantum", NULL, pn_field_count,
				  "fq: bytes that a new flow sends in its first turn"),
	[Q_MAXRATE] = OWN("maxrate", NULL, pn_field_rate, "fq: of a flow, less than 34gbit"),
	[Q_BUCKETS] = NUMBER("buckets", 1, 262144, "fq: size of its table of flows"),
	[Q_PACING] = BOOL("pacing", "fq: flows are paced as sockets ask for"),
	[Q_LOW_RATE] = OWN("low_rate_threshold", NULL, pn_field_rate,
			   "fq: slower flows are paced packet by packet"),
	[Q_ORPHAN_MASK] = NUMBER("orphan_mask", 0, UINT32_MAX,
				 "fq: flows of packets that no socket sent"),
	[Q_HORIZON] = OWN("horizon", NULL, pn_field_time,
			  "fq: how far in the future packets may be sent"),
	[Q_HORIZON_DROP] = BOOL("horizon_drop", "fq: those beyond it are dropped, not sent then"),
	[Q_BANDWIDTH] = OWN("bandwidth", NULL, pn_field_rate, "cake: what leaves in a second"),
	[Q_DIFFSERV] = WORD("diffserv", diffservs, "cake: classes of traffic"),
	[Q_FLOWMODE] = WORD("flowmode", flowmodes, "cake: who gets a fair share"),
	[Q_RTT] = OWN("rtt", NULL, pn_field_time, "cake: round trip of most of the traffic"),
	[Q_NAT] = BOOL("nat", "cake: hosts are those behind NAT"),
	[Q_WASH] = BOOL("wash", "cake: DSCP is cleared"),
	[Q_INGRESS] = BOOL("ingress", "cake: what is dropped counts as well"),
	[Q_ACK_FILTER] = WORD("ack-filter", ack_filters, "cake: needless TCP ACKs are dropped"),
	[Q_SPLIT_GSO] = BOOL("split_gso", "cake: large packets are cut"),
	[Q_OVERHEAD] = { { "overhead", NULL, PN_T_S32, .min = (uint64_t)-64, .max = 256,
			   .unit = "bytes", .help = "cake: of each packet on the line" },
			 PN_F_OWN },
	[Q_MPU] = NUMBER("mpu", 0, 256, "cake: length of the shortest packet on the line"),
	[Q_ATM] = WORD("atm", atms, "cake: cells of the line"),
	[Q_MEMLIMIT] = OWN("memlimit", NULL, pn_field_size, "cake: memory that packets may take"),
	[Q_FWMARK] = { { "fwmark", NULL, PN_T_U32, .flags = PN_ROW_HEX, .max = UINT32_MAX,
			 .help = "cake: the bits of the mark that name the class" }, PN_F_OWN },
	[Q_DEFAULT] = OWN("default", NULL, type_minor,
			  "htb: the class of what no filter classifies"),
	[Q_R2Q] = NUMBER("r2q", 1, UINT32_MAX, "htb: rate divided by it is the quantum"),
	[Q_DIRECT_QLEN] = NUMBER("direct_qlen", 0, UINT32_MAX,
				 "htb: packets without a class that may wait"),
	[Q_BANDS] = NUMBER("bands", 2, 16, "prio: bands, the first is served first"),
	[Q_PRIOMAP] = { { "priomap", NULL, .help = "prio: the band of each priority" },
			PN_F_OWN, .flags = PN_FIELD_LIST, .type = &type_priomap },
	[Q_PERTURB] = NUMBER("perturb", 0, 2147483, "sfq: seconds until flows are hashed anew"),
	[Q_DIVISOR] = NUMBER("divisor", 1, 65536, "sfq: size of its table of flows"),
};

static int place_check(struct pn_object *o, int *field, char *why, size_t len)
{
	struct pn_value *parent = &o->v[Q_PARENT];
	bool in = pn_qdisc_kind(o)->ingress;

	if (in && o->v[Q_HANDLE].set && o->v[Q_HANDLE].num != TC_H_MAJ(TC_H_INGRESS)) {
		*field = Q_HANDLE;
		snprintf(why, len, "is always ffff: of this kind");
		return -EINVAL;
	}
	if (in && !parent->set) {
		parent->set = true;
		parent->num = TC_H_INGRESS;
	}
	if (!in == !(parent->set && parent->num == TC_H_INGRESS))
		return 0;
	*field = Q_PARENT;
	snprintf(why, len, in ? "must be ingress, of this kind" :
		 "ingress is the place of clsact and ingress alone");
	return -EINVAL;
}

/* The words of a kind, for one who used another. */
static void words_list(const struct pn_qdisc_kind *kind, char *buf, size_t len)
{
	unsigned int i;
	size_t at = 0;

	if (!kind->n)
		snprintf(buf, len, "it has none of its own");
	for (i = 0; i < kind->n && at < len; i++)
		at += snprintf(buf + at, len - at, "%s%s", i ? ", " : "it has ",
			       fields[kind->option[i].field].row.name);
}

static int qdisc_check(struct pn_object *o, int *field, char *why, size_t len)
{
	const struct pn_qdisc_kind *kind = pn_qdisc_kind(o);
	const struct pn_qdisc_option *opt;
	char words[240];
	unsigned int i;

	for (i = Q_HANDLE + 1; i < Q_FIELDS; i++) {
		opt = pn_qdisc_option(kind, i);
		if (!o->v[i].set)
			continue;
		*field = i;
		if (!opt) {
			words_list(kind, words, sizeof(words));
			snprintf(why, len, "is no word of %s: %s",
				 pn_qdisc_names[o->v[Q_KIND].num].name, words);
			return -EINVAL;
		}
		if (opt->enc == PN_QDISC_U32 && o->v[i].num > UINT32_MAX) {
			snprintf(why, len, "is more than the kernel has room for");
			return -EINVAL;
		}
		if (opt->enc == PN_QDISC_CODEL)
			o->v[i].num = pn_steps_value(&pn_steps_codel,
						     pn_steps_told(&pn_steps_codel,
								   o->v[i].num));
	}
	*field = -1;
	if (place_check(o, field, why, len))
		return -EINVAL;
	return kind->check ? kind->check(o, field, why, len) : 0;
}

static int qdisc_encode(const struct pn_object *o, enum pn_object_op op,
			struct pn_sys_ns *ns, struct pn_msg *m)
{
	if (op == PN_OBJECT_DEL)
		return m->err;
	pn_msg_put_str(m, TCA_KIND, pn_qdisc_names[o->v[Q_KIND].num].name);
	pn_qdisc_encode(o, op == PN_OBJECT_SET, m);
	return m->err;
}

/* Those without a handle are what the device has where nobody says anything. */
static bool qdisc_decode(const void *head, const struct nlattr *const *tb,
			 struct pn_object *o, struct pn_lister *l)
{
	const char *kind = pn_attr_str(tb[TCA_KIND]);
	const struct pn_named *name = pn_qdisc_names;

	if (!kind || !o->v[Q_DEV].set || !o->v[Q_HANDLE].num || !o->v[Q_PARENT].num)
		return false;
	while (name->name && strcmp(name->name, kind))
		name++;
	if (!name->name)
		return false;
	o->v[Q_KIND] = (struct pn_value){ .set = true, .num = name->value };
	pn_qdisc_decode(o, tb[TCA_OPTIONS]);
	return true;
}

static int qdisc_list(struct pn_lister *l, struct pn_err *err)
{
	const struct tcmsg tcm = { .tcm_family = AF_UNSPEC };
	struct pn_msg m;

	pn_msg_init(&m, RTM_GETQDISC, 0);
	pn_msg_extra(&m, &tcm, sizeof(tcm));
	return pn_lister_dump(l, &m, err);
}

/* What the kernel has where nothing is said. */
static bool qdisc_implied(const struct pn_object *o, unsigned int field)
{
	const struct pn_qdisc_kind *kind = pn_qdisc_kind(o);
	const struct pn_qdisc_option *opt = pn_qdisc_option(kind, field);

	if (field == Q_HANDLE)
		return kind->ingress;
	return opt && opt->def != PN_QDISC_NO_DEF && o->v[field].num == opt->def;
}

/* Can the kernel not make the one of the other? */
static bool is_other(const struct pn_object *o, const struct pn_object *has)
{
	const struct pn_qdisc_kind *kind = pn_qdisc_kind(o);
	unsigned int i;

	if (kind->fixed || kind != pn_qdisc_kind(has) ||
	    pn_object_field_differs(o, has, Q_HANDLE))
		return true;
	for (i = 0; i < kind->n; i++) {
		if (kind->option[i].fixed &&
		    pn_object_field_differs(o, has, kind->option[i].field))
			return true;
	}
	return false;
}

/* What a file does not say was said of the other kind. */
static int qdisc_exchange(struct pn_sys_ns *ns, const struct pn_object *o,
			  const struct pn_object *has)
{
	struct pn_value v[Q_FIELDS];
	struct pn_object own = *o;
	unsigned int i;

	memcpy(v, o->v, sizeof(v));
	own.v = v;
	for (i = Q_HANDLE; i < Q_FIELDS; i++) {
		if (o->line && !v[i].line && pn_qdisc_kind(o) != pn_qdisc_kind(has))
			v[i].set = false;
	}
	return pn_tc_make(ns, &own, has);
}

static int qdisc_change(struct pn_sys_ns *ns, const struct pn_object *o)
{
	struct pn_objects now = { 0 };
	const struct pn_object *has = NULL;
	int rc;

	rc = pn_objects_read(ns, o->cls, &now, NULL);
	if (!rc)
		has = pn_objects_find(&now, o->key);
	if (!rc && has && is_other(o, has))
		rc = qdisc_exchange(ns, o, has);
	else if (!rc)
		rc = has ? pn_object_send(ns, o, PN_OBJECT_SET) : pn_tc_make(ns, o, NULL);
	pn_objects_fini(&now);
	return rc;
}

static int qdisc_talk(struct pn_sys_ns *ns, const struct pn_object *o, enum pn_object_op op)
{
	if (op == PN_OBJECT_SET)
		return qdisc_change(ns, o);
	return op == PN_OBJECT_ADD ? pn_tc_make(ns, o, NULL) : pn_tc_remove(ns, o);
}

/* What it says of a kind that it has no module of, until 6.7 and since. */
static int qdisc_missing(const struct pn_object *o, const struct pn_nl_ack *ack, const char *id,
			 struct pn_err *err)
{
	const char *kind = pn_qdisc_names[o->v[Q_KIND].num].name;

	if (ack->err != -ENOENT || (strcmp(ack->text, "Specified qdisc not found") &&
				    strcmp(ack->text, "Specified qdisc kind is unknown")))
		return 0;
	pn_err_set(err, PN_EXIT_IMPOSSIBLE, EOPNOTSUPP, id, "this kernel has no %s qdisc: "
		   "kernel: %s", kind, ack->text);
	pn_err_hint(err, "modprobe sch_%s, where the kernel was built with it",
		    pn_qdisc_kind(o)->ingress ? "ingress" : kind);
	return -EOPNOTSUPP;
}

const struct pn_class pn_class_qdiscs = {
	.section = "qdiscs",
	.noun = "qdisc",
	.help = "queueing disciplines of devices, in the words of tc; times are such as 20ms, "
		"sizes such as 64k, rates such as 10mbit",
	PN_FIELDS(fields),
	.add = RTM_NEWQDISC,
	.del = RTM_DELQDISC,
	.got = RTM_NEWQDISC,
	.head_len = sizeof(struct tcmsg),
	.check = qdisc_check,
	.encode = qdisc_encode,
	.decode = qdisc_decode,
	.list = qdisc_list,
	.missing = qdisc_missing,
	.talk = qdisc_talk,
	.implied = qdisc_implied,
};
