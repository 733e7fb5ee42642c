/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Queueing disciplines: the words of their class, and the kinds as tables of
 * those that each of them has and of where the kernel has them. Knows no
 * message of its own.
 */
#ifndef PN_TOPO_QDISC_H
#define PN_TOPO_QDISC_H

#include "topo/object.h"

enum pn_qdisc_field {
	Q_DEV, Q_PARENT, Q_KIND, Q_HANDLE,
	Q_RATE, Q_BURST, Q_LIMIT, Q_LATENCY, Q_PEAKRATE, Q_MTU,
	Q_TARGET, Q_INTERVAL, Q_FLOWS, Q_QUANTUM, Q_ECN, Q_CE_THRESHOLD, Q_MEMORY_LIMIT,
	Q_DROP_BATCH,
	Q_FLOW_LIMIT, Q_INITIAL_QUANTUM, Q_MAXRATE, Q_BUCKETS, Q_PACING, Q_LOW_RATE,
	Q_ORPHAN_MASK, Q_HORIZON, Q_HORIZON_DROP,
	Q_BANDWIDTH, Q_DIFFSERV, Q_FLOWMODE, Q_RTT, Q_NAT, Q_WASH, Q_INGRESS, Q_ACK_FILTER,
	Q_SPLIT_GSO, Q_OVERHEAD, Q_MPU, Q_ATM, Q_MEMLIMIT, Q_FWMARK,
	Q_DEFAULT, Q_R2Q, Q_DIRECT_QLEN,
	Q_BANDS, Q_PRIOMAP,
	Q_PERTURB, Q_DIVISOR,
	Q_FIELDS
};

/* The words of classes, whose place Q_KIND is in both. */
enum pn_tc_class_field {
	C_DEV, C_PARENT, C_KIND, C_CLASSID,
	C_RATE, C_CEIL, C_BURST, C_CBURST, C_PRIO, C_QUANTUM, C_OVERHEAD, C_MPU, C_LINKLAYER,
	C_FIELDS
};

enum pn_qdisc_enc {
	PN_QDISC_U32,
	PN_QDISC_U8,
	PN_QDISC_S32,
	PN_QDISC_U64,
	PN_QDISC_LOG2,		/* u32: its binary logarithm */
	PN_QDISC_CODEL,		/* u32: a time that codel rounds */
	PN_QDISC_BYTES,		/* 16 of them, in the struct */
	PN_QDISC_OWN,
};

#define PN_QDISC_NO_DEF	UINT64_MAX

/* A word of a kind. */
struct pn_qdisc_option {
	enum pn_qdisc_field field;
	enum pn_qdisc_enc enc;
	uint16_t attr;		/* of the options; 0: in the struct */
	uint16_t at;		/* offset in the struct */
	bool fixed;		/* as long as it lives */
	uint64_t def;		/* the kernel's, or PN_QDISC_NO_DEF */
};

struct pn_qdisc_kind {
	const struct pn_qdisc_option *option;
	unsigned int n;
	bool nested;		/* the options are attributes */
	bool fixed;		/* changed by none but one that takes its place */
	bool ingress;		/* lives where packets come in */
	uint16_t blob_attr;	/* the struct among them; 0: it is all that there is */
	uint16_t blob_len;
	const void *blob;	/* what it has where nothing is said; NULL: it may be left out */
	/* Beyond the options. */
	int (*check)(struct pn_object *o, int *field, char *why, size_t len);
	void (*encode)(const struct pn_object *o, struct pn_msg *m);
	void (*decode)(struct pn_object *o, const struct nlattr *const *tb);
};

/* Their names; the value is the index. */
extern const struct pn_named pn_qdisc_names[];
extern const struct pn_qdisc_kind pn_qdisc_kinds[];

const struct pn_qdisc_kind *pn_qdisc_kind(const struct pn_object *o);
/* NULL: no word of that kind. */
const struct pn_qdisc_option *pn_qdisc_option(const struct pn_qdisc_kind *kind,
					      unsigned int field);
/* TCA_OPTIONS, as a new one or as a change. */
void pn_qdisc_encode(const struct pn_object *o, bool change, struct pn_msg *m);
void pn_qdisc_decode(struct pn_object *o, const struct nlattr *options);

/* Numbers of traffic control in hexadecimal: `1:10`, also `root` and `ingress`. */
extern const struct pn_field_type pn_field_tc_parent;

/* Of tbf, which counts in time at its rate. */
int pn_tbf_check(struct pn_object *o, int *field, char *why, size_t len);
void pn_tbf_encode(const struct pn_object *o, struct pn_msg *m);
void pn_tbf_decode(struct pn_object *o, const struct nlattr *const *tb);

#endif
