// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What waits behind the IFB devices of shapers that queue, as the kernel's
 * disciplines tell it: of the shaper's class, or of the root where there are no classes.
 */
#include <errno.h>
#include <linux/gen_stats.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "nl/sock.h"
#include "stats/shapers.h"

/* The attribute is padded, or not. */
#define SENT_SIZE (offsetof(struct gnet_stats_basic, packets) + sizeof(__u32))

/* Where a shaper's packets wait. */
struct place {
	uint32_t ifb;
	uint32_t handle;	/* of its class; TC_H_ROOT: the device has none */
	struct pn_stats_shaper *shaper;
};

struct walk {
	struct place *place;	/* by device and handle */
	unsigned int n;
};

static void queue_take(struct pn_stats_shaper *s, const struct nlattr *stats2)
{
	const struct nlattr *tb[TCA_STATS_MAX + 1];
	const struct gnet_stats_queue *queue;
	const struct gnet_stats_basic *basic;

	pn_attrs_nested(tb, TCA_STATS_MAX, stats2);
	if (!tb[TCA_STATS_QUEUE] || pn_attr_len(tb[TCA_STATS_QUEUE]) < sizeof(*queue))
		return;
	queue = pn_attr_data(tb[TCA_STATS_QUEUE]);
	s->has_queue = true;
	s->backlog.packets = queue->qlen;
	s->backlog.bytes = queue->backlog;
	s->queue_drops = queue->drops;
	s->queue_overlimits = queue->overlimits;
	if (!tb[TCA_STATS_BASIC] || pn_attr_len(tb[TCA_STATS_BASIC]) < SENT_SIZE)
		return;
	basic = pn_attr_data(tb[TCA_STATS_BASIC]);
	s->queue_sent.packets = basic->packets;
	s->queue_sent.bytes = basic->bytes;
}

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->ifb != y->ifb)
		return x->ifb < y->ifb ? -1 : 1;
	return (x->handle > y->handle) - (x->handle < y->handle);
}

/* The first of those that wait there: several share a root. */
static struct place *place_find(const struct walk *w, uint32_t ifb, uint32_t handle)
{
	const struct place key = { .ifb = ifb, .handle = handle };
	struct place *p = bsearch(&key, w->place, w->n, sizeof(key), by_place);

	while (p && p > w->place && !by_place(p - 1, &key))
		p--;
	return p;
}

/* An HTB class misses what its fq_codel drops of others' packets: the discipline knows. */
static bool is_leaf(uint16_t type, const struct pn_shaper_conf *conf)
{
	return (type == RTM_NEWQDISC) == (conf->qdisc == PN_QDISC_FQ_CODEL);
}

static int queue_found(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[TCA_MAX + 1];
	const struct tcmsg *tcm = NLMSG_DATA(nlh);
	const struct walk *w = data;
	struct place *p, *first;
	uint32_t handle;

	if (nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*tcm)))
		return 0;
	pn_attrs_parse(tb, TCA_MAX, (const char *)tcm + NLMSG_ALIGN(sizeof(*tcm)),
		       nlh->nlmsg_len - NLMSG_SPACE(sizeof(*tcm)));
	handle = nlh->nlmsg_type == RTM_NEWQDISC ? tcm->tcm_parent : tcm->tcm_handle;
	first = tb[TCA_STATS2] ? place_find(w, tcm->tcm_ifindex, handle) : NULL;
	for (p = first; p && p < w->place + w->n && !by_place(p, first); p++)
		if (handle == TC_H_ROOT || is_leaf(nlh->nlmsg_type, p->shaper->conf))
			queue_take(p->shaper, tb[TCA_STATS2]);
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

static bool has_classes(const struct pn_shaper_conf *c)
{
	return c->qdisc == PN_QDISC_HTB || c->qdisc == PN_QDISC_FQ_CODEL;
}

static int places_find(struct walk *w, const struct pn_view *v, struct pn_stats *stats)
{
	unsigned int i;

	w->place = calloc(stats->n_shapers + 1, sizeof(*w->place));
	for (i = 0; w->place && i < stats->n_shapers; i++) {
		struct pn_stats_shaper *s = &stats->shaper[i];
		const struct pn_shaper *live = &v->maps.shapers[s->index];
		uint32_t handle = has_classes(s->conf) ? live->minor : TC_H_ROOT;

		if (live->ifb)
			w->place[w->n++] = (struct place){ live->ifb, handle, s };
	}
	if (w->n)
		qsort(w->place, w->n, sizeof(*w->place), by_place);
	return w->place ? 0 : -ENOMEM;
}

int pn_stats_queues(const struct pn_view *v, struct pn_stats *stats)
{
	struct walk w = { .n = 0 };
	struct pn_err ignored = { 0 };
	int ret = places_find(&w, v, stats);
	struct pn_nl nl;
	unsigned int i;

	if (!ret && w.n && !pn_nl_open(&nl, NETLINK_ROUTE, &ignored)) {
		for (i = 0; i < w.n; i++) {
			if (i && w.place[i].ifb == w.place[i - 1].ifb)
				continue;
			dump(&w, &nl, RTM_GETQDISC, w.place[i].ifb);
			dump(&w, &nl, RTM_GETTCLASS, w.place[i].ifb);
		}
		pn_nl_close(&nl);
	}
	free(w.place);
	return ret;
}
