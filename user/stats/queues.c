// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What waits behind the IFB devices of shapers that queue, as the kernel's
 * disciplines tell it: of the shaper's class, or of the root where there are no classes.
 */
#include <linux/gen_stats.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "nl/sock.h"
#include "stats/shapers.h"

struct walk {
	const struct pn_view *v;
	struct pn_stats *stats;
};

static void queue_take(struct pn_stats_shaper *s, const struct nlattr *stats2)
{
	const struct nlattr *tb[TCA_STATS_MAX + 1];
	const struct gnet_stats_queue *queue;

	pn_attrs_nested(tb, TCA_STATS_MAX, stats2);
	if (!tb[TCA_STATS_QUEUE] || pn_attr_len(tb[TCA_STATS_QUEUE]) < sizeof(*queue))
		return;
	queue = pn_attr_data(tb[TCA_STATS_QUEUE]);
	s->has_queue = true;
	s->backlog.packets = queue->qlen;
	s->backlog.bytes = queue->backlog;
	s->queue_drops = queue->drops;
}

static bool has_classes(const struct pn_stats_shaper *s)
{
	return s->conf->qdisc == PN_QDISC_HTB || s->conf->qdisc == PN_QDISC_FQ_CODEL;
}

/* A class is told by its number; a discipline at the root is every shaper's without one. */
static int queue_found(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[TCA_MAX + 1];
	const struct tcmsg *tcm = NLMSG_DATA(nlh);
	struct walk *w = data;
	unsigned int i;

	if (nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*tcm)))
		return 0;
	pn_attrs_parse(tb, TCA_MAX, (const char *)tcm + NLMSG_ALIGN(sizeof(*tcm)),
		       nlh->nlmsg_len - NLMSG_SPACE(sizeof(*tcm)));
	for (i = 0; tb[TCA_STATS2] && i < w->stats->n_shapers; i++) {
		struct pn_stats_shaper *s = &w->stats->shaper[i];
		const struct pn_shaper *live = &w->v->maps.shapers[s->index];

		if (!live->ifb || (int)live->ifb != tcm->tcm_ifindex)
			continue;
		if (nlh->nlmsg_type == RTM_NEWTCLASS && live->minor == tcm->tcm_handle)
			queue_take(s, tb[TCA_STATS2]);
		else if (nlh->nlmsg_type == RTM_NEWQDISC && !has_classes(s) &&
			 tcm->tcm_parent == TC_H_ROOT)
			queue_take(s, tb[TCA_STATS2]);
	}
	return 0;
}

static void dump(struct walk *w, struct pn_nl *nl, uint16_t type, uint32_t ifindex)
{
	struct tcmsg tcm = { .tcm_family = AF_UNSPEC, .tcm_ifindex = ifindex };
	struct pn_err ignored = { 0 };
	struct pn_msg m;

	pn_msg_init(&m, type, 0);
	pn_msg_extra(&m, &tcm, sizeof(tcm));
	pn_nl_dump(nl, &m, queue_found, w, &ignored);
	pn_msg_fini(&m);
}

/* Was this device asked for an earlier shaper? */
static bool is_asked(const struct pn_view *v, const struct pn_stats *stats, unsigned int i)
{
	unsigned int k;

	for (k = 0; k < i; k++)
		if (v->maps.shapers[stats->shaper[k].index].ifb ==
		    v->maps.shapers[stats->shaper[i].index].ifb)
			return true;
	return false;
}

void pn_stats_queues(const struct pn_view *v, struct pn_stats *stats)
{
	struct walk w = { v, stats };
	struct pn_err ignored = { 0 };
	struct pn_nl nl;
	bool open = false;
	unsigned int i;

	for (i = 0; i < stats->n_shapers; i++) {
		uint32_t ifb = v->maps.shapers[stats->shaper[i].index].ifb;

		if (!ifb || is_asked(v, stats, i))
			continue;
		if (!open && pn_nl_open(&nl, NETLINK_ROUTE, &ignored))
			return;
		open = true;
		dump(&w, &nl, RTM_GETQDISC, ifb);
		dump(&w, &nl, RTM_GETTCLASS, ifb);
	}
	if (open)
		pn_nl_close(&nl);
}
