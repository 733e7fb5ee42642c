// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Traffic control: filters on the ingress and egress of devices (clsact,
 * ingress, tcx) that are not our own programs, and queueing disciplines that
 * do more than queue. What a tc program redirects still meets the egress side.
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mirror/gate_detect.h"
#include "nl/filter.h"

/* Newer than the headers of Debian 12 (6.1). */
#define TCX_INGRESS 46

#define TCX_PROGS_MAX 64

static const struct tc_side {
	const char *name;
	uint32_t parent;
	struct pn_gate_finding f;
} sides[] = {
	{ "ingress", TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS),
	  { .gate = PN_GATE_TC_INGRESS, .places = PN_GATE_AT(PN_PLACE_PORT) } },
	{ "egress", TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS),
	  { .gate = PN_GATE_TC_EGRESS, .places = PN_GATE_AT(PN_PLACE_EGRESS),
	    .engines = PN_GATE_XDP } },
};

/* They queue, each packet once, and lose only what overflows. */
static const char *const plain_qdiscs[] = {
	"noqueue", "noop", "pfifo_fast", "pfifo", "bfifo", "mq", "fq_codel", "fq",
	"clsact", "ingress", "multiq",
};

/* --- queueing disciplines ----------------------------------------------- */

struct tc_walk {
	struct gate_run *run;
	uint32_t *devs;		/* with filters on a side: 2 * ifindex + side */
	size_t n_devs;
	/* of one dump of filters */
	char kind[16];
	bool foreign;
};

static bool qdisc_plain(const char *kind)
{
	size_t i;

	for (i = 0; i < sizeof(plain_qdiscs) / sizeof(plain_qdiscs[0]); i++)
		if (!strcmp(kind, plain_qdiscs[i]))
			return true;
	return false;
}

static int filters_note(struct tc_walk *w, uint32_t ifindex, unsigned int side)
{
	uint32_t *v = realloc(w->devs, (w->n_devs + 1) * sizeof(*v));

	if (!v)
		return -ENOMEM;
	w->devs = v;
	v[w->n_devs++] = 2 * ifindex + side;
	return 0;
}

static int qdisc_seen(const struct nlmsghdr *nlh, void *data)
{
	const struct tcmsg *tcm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[TCA_MAX + 1];
	struct pn_gate_finding f = sides[1].f;
	struct tc_walk *w = data;
	const char *kind;
	int rc;

	pn_attrs_parse(tb, TCA_MAX, tcm + 1, mnl_nlmsg_get_payload_len(nlh) - sizeof(*tcm));
	kind = pn_attr_str(tb[TCA_KIND]);
	if (!kind)
		return 0;
	f.ifindex = tcm->tcm_ifindex;
	if (!qdisc_plain(kind))
		pn_gate_found_as(w->run, &f, "qdisc %s on %s", kind,
				 pn_gate_dev_name(w->run->g, f.ifindex));
	if (strcmp(kind, "clsact") && strcmp(kind, "ingress"))
		return 0;
	rc = filters_note(w, f.ifindex, 0);
	return rc || !strcmp(kind, "ingress") ? rc : filters_note(w, f.ifindex, 1);
}

/* --- filters ------------------------------------------------------------ */

/* The port's program knows of what it sends to IFB devices. */
static bool filter_is_shapers(const struct tcmsg *tcm, const struct nlattr *const *opt)
{
	const char *name = pn_attr_str(opt[TCA_BPF_NAME]);

	return TC_H_MAJ(tcm->tcm_info) >> 16 == PN_NL_FILTER_PRIO && name &&
	       !strncmp(name, PN_NL_FILTER_OURS, strlen(PN_NL_FILTER_OURS));
}

static int filter_seen(const struct nlmsghdr *nlh, void *data)
{
	const struct tcmsg *tcm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[TCA_MAX + 1], *opt[TCA_BPF_MAX + 1];
	struct tc_walk *w = data;
	const char *kind;

	pn_attrs_parse(tb, TCA_MAX, tcm + 1, mnl_nlmsg_get_payload_len(nlh) - sizeof(*tcm));
	kind = pn_attr_str(tb[TCA_KIND]);
	/* Without options: the head of a list, not a filter. */
	if (!kind || !tb[TCA_OPTIONS])
		return 0;
	if (!strcmp(kind, "bpf")) {
		pn_attrs_nested(opt, TCA_BPF_MAX, tb[TCA_OPTIONS]);
		if (filter_is_shapers(tcm, opt) ||
		    pn_gate_is_ours(w->run->g, pn_attr_u32(opt[TCA_BPF_ID], 0)))
			return 0;
	}
	w->foreign = true;
	snprintf(w->kind, sizeof(w->kind), "%s", kind);
	return 0;
}

static int filters_find(struct tc_walk *w, uint32_t ifindex, const struct tc_side *side)
{
	struct tcmsg tcm = { .tcm_family = AF_UNSPEC, .tcm_ifindex = ifindex,
			     .tcm_parent = side->parent };
	struct pn_gate_finding f = side->f;
	struct pn_msg m;
	int rc;

	w->foreign = false;
	pn_msg_init(&m, RTM_GETTFILTER, 0);
	pn_msg_extra(&m, &tcm, sizeof(tcm));
	rc = pn_gate_dump(w->run, &w->run->g->rtnl, &m, filter_seen, w);
	/* The device or its qdisc has gone: the notification is on its way. */
	if (rc == -ENODEV || rc == -EINVAL || rc == -ENOENT)
		return 0;
	if (rc < 0)
		return rc;
	f.ifindex = ifindex;
	if (w->foreign)
		pn_gate_found_as(w->run, &f, "tc %s filter on %s: %s", side->name,
				 pn_gate_dev_name(w->run->g, ifindex), w->kind);
	return 0;
}

/* --- tcx ---------------------------------------------------------------- */

static int tcx_query(uint32_t ifindex, unsigned int side, uint32_t *ids, size_t *n)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.query.target_fd = ifindex;
	attr.query.attach_type = TCX_INGRESS + side;
	attr.query.prog_ids = (uintptr_t)ids;
	attr.query.prog_cnt = *n;
	if (syscall(__NR_bpf, BPF_PROG_QUERY, &attr, sizeof(attr)) && errno != ENOSPC)
		return -errno;
	*n = attr.query.prog_cnt < *n ? attr.query.prog_cnt : *n;
	return 0;
}

static int tcx_find(struct gate_run *run, uint32_t ifindex, unsigned int side)
{
	struct pn_gate_finding f = sides[side].f;
	uint32_t ids[TCX_PROGS_MAX];
	size_t n = TCX_PROGS_MAX;
	size_t i;
	int rc;

	rc = tcx_query(ifindex, side, ids, &n);
	if (rc)
		return rc;
	f.ifindex = ifindex;
	for (i = 0; i < n; i++)
		if (!pn_gate_is_ours(run->g, ids[i]))
			pn_gate_found_as(run, &f, "tcx %s program %u on %s",
					 sides[side].name, ids[i],
					 pn_gate_dev_name(run->g, ifindex));
	return 0;
}

/* EINVAL: no tcx in this kernel (before 6.6); ENODEV: the device has gone. */
static int tcx_find_all(struct gate_run *run)
{
	const struct gate_dev *d;
	unsigned int side;
	int rc = 0;

	for (d = run->g->devs; d < run->g->devs + run->g->n_devs; d++) {
		for (side = 0; side < 2; side++) {
			rc = tcx_find(run, d->ifindex, side);
			if (rc == -EINVAL)
				return 0;
			if (rc && rc != -ENODEV)
				return rc;
		}
	}
	return 0;
}

int pn_gate_detect_tc(struct gate_run *run)
{
	struct tcmsg tcm = { .tcm_family = AF_UNSPEC };
	struct tc_walk w = { .run = run };
	struct pn_msg m;
	size_t i;
	int rc;

	pn_msg_init(&m, RTM_GETQDISC, 0);
	pn_msg_extra(&m, &tcm, sizeof(tcm));
	rc = pn_gate_dump(run, &run->g->rtnl, &m, qdisc_seen, &w);
	for (i = 0; !rc && i < w.n_devs; i++)
		rc = filters_find(&w, w.devs[i] / 2, &sides[w.devs[i] % 2]);
	free(w.devs);
	/* EOPNOTSUPP: a kernel without traffic control. */
	if (rc == -EOPNOTSUPP)
		rc = 0;
	return rc ? rc : tcx_find_all(run);
}
