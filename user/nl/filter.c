// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* cls_bpf filters with a mirred action; see filter.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_mirred.h>
#include <stdio.h>
#include <string.h>

#include "nl/filter.h"

#define INGRESS	TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)

int pn_nl_filter_place(struct pn_nl *nl, uint32_t ifindex)
{
	const struct tcmsg tcm = { .tcm_ifindex = ifindex, .tcm_parent = TC_H_CLSACT,
				   .tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0) };
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL);
	pn_msg_extra(&m, &tcm, sizeof(tcm));
	pn_msg_put_str(&m, TCA_KIND, "clsact");
	rc = pn_nl_talk(nl, &m, NULL);
	pn_msg_fini(&m);
	return rc == -EEXIST ? 0 : rc ? rc : 1;
}

static int any_take(const struct nlmsghdr *nlh, void *data)
{
	*(bool *)data = true;
	return 0;
}

static int place_is_used(struct pn_nl *nl, uint32_t ifindex, uint32_t side)
{
	const struct tcmsg tcm = { .tcm_ifindex = ifindex,
				   .tcm_parent = TC_H_MAKE(TC_H_CLSACT, side) };
	bool used = false;
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, RTM_GETTFILTER, 0);
	pn_msg_extra(&m, &tcm, sizeof(tcm));
	rc = pn_nl_dump(nl, &m, any_take, &used, NULL);
	pn_msg_fini(&m);
	return rc ? rc : used;
}

int pn_nl_filter_unplace(struct pn_nl *nl, uint32_t ifindex)
{
	const struct tcmsg tcm = { .tcm_ifindex = ifindex, .tcm_parent = TC_H_CLSACT,
				   .tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0) };
	struct pn_msg m;
	int rc = place_is_used(nl, ifindex, TC_H_MIN_INGRESS);

	if (!rc)
		rc = place_is_used(nl, ifindex, TC_H_MIN_EGRESS);
	if (rc)
		return rc;
	pn_msg_init(&m, RTM_DELQDISC, 0);
	pn_msg_extra(&m, &tcm, sizeof(tcm));
	pn_msg_put_str(&m, TCA_KIND, "clsact");
	rc = pn_nl_talk(nl, &m, NULL);
	pn_msg_fini(&m);
	return rc;
}

static struct tcmsg filter_head(const struct pn_nl_filter *f)
{
	return (struct tcmsg){
		.tcm_ifindex = f->ifindex,
		.tcm_parent = INGRESS,
		.tcm_handle = f->handle,
		.tcm_info = TC_H_MAKE(f->prio << 16, htons(ETH_P_ALL)),
	};
}

static void action_put(struct pn_msg *m, uint32_t to)
{
	const struct tc_mirred parm = { .action = TC_ACT_STOLEN, .ifindex = to,
					.eaction = TCA_EGRESS_REDIR };
	size_t list = pn_msg_nest(m, TCA_BPF_ACT);
	size_t one = pn_msg_nest(m, 1), options;

	pn_msg_put_str(m, TCA_ACT_KIND, "mirred");
	options = pn_msg_nest(m, TCA_ACT_OPTIONS);
	pn_msg_put(m, TCA_MIRRED_PARMS, &parm, sizeof(parm));
	pn_msg_nest_end(m, options);
	pn_msg_nest_end(m, one);
	pn_msg_nest_end(m, list);
}

int pn_nl_filter_set(struct pn_nl *nl, const struct pn_nl_filter *f)
{
	const struct tcmsg tcm = filter_head(f);
	struct pn_msg m;
	size_t options;
	int rc;

	pn_msg_init(&m, RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_REPLACE);
	pn_msg_extra(&m, &tcm, sizeof(tcm));
	pn_msg_put_str(&m, TCA_KIND, "bpf");
	options = pn_msg_nest(&m, TCA_OPTIONS);
	pn_msg_put_u32(&m, TCA_BPF_FD, f->prog_fd);
	pn_msg_put_str(&m, TCA_BPF_NAME, f->name);
	action_put(&m, f->to);
	pn_msg_nest_end(&m, options);
	rc = pn_nl_talk(nl, &m, NULL);
	pn_msg_fini(&m);
	return rc;
}

int pn_nl_filter_del(struct pn_nl *nl, const struct pn_nl_filter *f)
{
	const struct tcmsg tcm = filter_head(f);
	struct pn_msg m;
	int rc;

	pn_msg_init(&m, RTM_DELTFILTER, 0);
	pn_msg_extra(&m, &tcm, sizeof(tcm));
	pn_msg_put_str(&m, TCA_KIND, "bpf");
	rc = pn_nl_talk(nl, &m, NULL);
	pn_msg_fini(&m);
	return rc;
}

struct filter_walk {
	uint32_t prio;
	struct pn_nl_filter *to;
	unsigned int n, max;
};

/* Where its first action sends to; 0: nowhere. */
static uint32_t action_to(const struct nlattr *list)
{
	const struct nlattr *acts[TCA_ACT_MAX_PRIO + 1], *act[TCA_ACT_MAX + 1];
	const struct nlattr *opt[TCA_MIRRED_MAX + 1];
	const struct tc_mirred *parm;

	pn_attrs_nested(acts, TCA_ACT_MAX_PRIO, list);
	pn_attrs_nested(act, TCA_ACT_MAX, acts[1]);
	pn_attrs_nested(opt, TCA_MIRRED_MAX, act[TCA_ACT_OPTIONS]);
	parm = pn_attr_data(opt[TCA_MIRRED_PARMS]);
	return pn_attr_len(opt[TCA_MIRRED_PARMS]) < sizeof(*parm) ? 0 : parm->ifindex;
}

static int filter_take(const struct nlmsghdr *nlh, void *data)
{
	const struct tcmsg *tcm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[TCA_MAX + 1], *opt[TCA_BPF_MAX + 1];
	struct filter_walk *w = data;
	struct pn_nl_filter *f;
	const char *kind, *name;

	pn_attrs_parse(tb, TCA_MAX, tcm + 1, mnl_nlmsg_get_payload_len(nlh) - sizeof(*tcm));
	kind = pn_attr_str(tb[TCA_KIND]);
	if (!kind || strcmp(kind, "bpf") || !tb[TCA_OPTIONS] ||
	    TC_H_MAJ(tcm->tcm_info) >> 16 != w->prio || w->n == w->max)
		return 0;
	pn_attrs_nested(opt, TCA_BPF_MAX, tb[TCA_OPTIONS]);
	name = pn_attr_str(opt[TCA_BPF_NAME]);
	if (!name || strncmp(name, PN_NL_FILTER_OURS, strlen(PN_NL_FILTER_OURS)))
		return 0;
	f = &w->to[w->n++];
	*f = (struct pn_nl_filter){
		.ifindex = tcm->tcm_ifindex, .prio = w->prio, .handle = tcm->tcm_handle,
		.prog_fd = -1, .prog_id = pn_attr_u32(opt[TCA_BPF_ID], 0),
		.to = opt[TCA_BPF_ACT] ? action_to(opt[TCA_BPF_ACT]) : 0,
	};
	snprintf(f->name, sizeof(f->name), "%s", name);
	return 0;
}

int pn_nl_filter_list(struct pn_nl *nl, uint32_t ifindex, uint32_t prio,
		      struct pn_nl_filter *to, unsigned int max)
{
	const struct tcmsg tcm = { .tcm_ifindex = ifindex, .tcm_parent = INGRESS };
	struct filter_walk w = { .prio = prio, .to = to, .max = max };
	int tries = PN_NL_DUMP_TRIES, rc;
	struct pn_msg m;

	do {
		w.n = 0;
		pn_msg_init(&m, RTM_GETTFILTER, 0);
		pn_msg_extra(&m, &tcm, sizeof(tcm));
		rc = pn_nl_dump(nl, &m, filter_take, &w, NULL);
		pn_msg_fini(&m);
	} while (rc == -EINTR && --tries);
	/* Without a place for filters there are none. */
	if (rc == -EINVAL || rc == -ENOENT || rc == -EOPNOTSUPP)
		return 0;
	return rc ? rc : (int)w.n;
}
