// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The token bucket: what its words are for the kernel, which keeps a burst as
 * the time that it takes at the rate, and tells only that.
 */
#include <errno.h>
#include <linux/pkt_sched.h>
#include <stdio.h>
#include <string.h>

#include "topo/qdisc.h"
#include "topo/units.h"

static void value_set(struct pn_value *v, uint64_t num)
{
	v->set = true;
	v->num = num;
}

/* The number that is read back as well. */
static void burst_settle(struct pn_value *burst, uint64_t rate)
{
	const struct pn_steps s = pn_steps_of_rate(rate);

	burst->num = pn_steps_value(&s, pn_steps_told(&s, burst->num));
}

/* What waits no longer than the latency, and what need not wait. */
static uint64_t limit_of(const struct pn_value *v)
{
	double s = v[Q_LATENCY].num / 1e6;
	double limit = v[Q_RATE].num * s + v[Q_BURST].num, peak;

	if (v[Q_PEAKRATE].set && v[Q_PEAKRATE].num) {
		peak = v[Q_PEAKRATE].num * s + v[Q_MTU].num;
		limit = peak < limit ? peak : limit;
	}
	return limit < UINT32_MAX ? limit : UINT64_MAX;
}

static int words_check(const struct pn_value *v, int *field, char *why, size_t len)
{
	bool peak = v[Q_PEAKRATE].set && v[Q_PEAKRATE].num;

	if (!v[Q_RATE].set || !v[Q_RATE].num || !v[Q_BURST].set || !v[Q_BURST].num)
		snprintf(why, len, "a tbf needs rate and burst, such as rate: 10mbit, burst: 32k");
	else if (v[Q_LIMIT].set == v[Q_LATENCY].set)
		snprintf(why, len, "a tbf needs either limit or latency, such as latency: 50ms");
	else if (peak != v[Q_MTU].set)
		snprintf(why, len, "a tbf has peakrate and mtu, or neither");
	else if (peak && v[Q_PEAKRATE].num <= v[Q_RATE].num) {
		*field = Q_PEAKRATE;
		snprintf(why, len, "must be more than rate");
	} else {
		return 0;
	}
	return -EINVAL;
}

int pn_tbf_check(struct pn_object *o, int *field, char *why, size_t len)
{
	struct pn_value *v = o->v;
	uint64_t limit;

	if (words_check(v, field, why, len))
		return -EINVAL;
	if (v[Q_LATENCY].set) {
		limit = limit_of(v);
		if (limit > UINT32_MAX) {
			*field = Q_LATENCY;
			snprintf(why, len, "is a queue of more than 4 GiB at this rate");
			return -EINVAL;
		}
		v[Q_LIMIT] = v[Q_LATENCY];
		v[Q_LIMIT].num = limit;
		v[Q_LATENCY].set = false;
	}
	burst_settle(&v[Q_BURST], v[Q_RATE].num);
	if (v[Q_MTU].set)
		burst_settle(&v[Q_MTU], v[Q_PEAKRATE].num);
	return 0;
}

/* The kernel asks for no table of a rate that says its link layer. */
static void rate_fill(struct tc_ratespec *r, uint64_t rate)
{
	r->linklayer = TC_LINKLAYER_ETHERNET;
	r->rate = rate < UINT32_MAX ? rate : UINT32_MAX;
}

static uint32_t ticks_of(const struct pn_value *size, uint64_t rate)
{
	const struct pn_steps s = pn_steps_of_rate(rate);

	return pn_steps_told(&s, size->num);
}

void pn_tbf_encode(const struct pn_object *o, struct pn_msg *m)
{
	const struct pn_value *v = o->v;
	struct tc_tbf_qopt opt = { .limit = v[Q_LIMIT].num };
	bool peak = v[Q_PEAKRATE].set && v[Q_PEAKRATE].num;

	rate_fill(&opt.rate, v[Q_RATE].num);
	opt.buffer = ticks_of(&v[Q_BURST], v[Q_RATE].num);
	if (peak) {
		rate_fill(&opt.peakrate, v[Q_PEAKRATE].num);
		opt.mtu = ticks_of(&v[Q_MTU], v[Q_PEAKRATE].num);
	}
	pn_msg_put(m, TCA_TBF_PARMS, &opt, sizeof(opt));
	pn_msg_put_u32(m, TCA_TBF_BURST, v[Q_BURST].num);
	if (v[Q_RATE].num > UINT32_MAX)
		pn_msg_put_u64(m, TCA_TBF_RATE64, v[Q_RATE].num);
	if (peak)
		pn_msg_put_u32(m, TCA_TBF_PBURST, v[Q_MTU].num);
	if (peak && v[Q_PEAKRATE].num > UINT32_MAX)
		pn_msg_put_u64(m, TCA_TBF_PRATE64, v[Q_PEAKRATE].num);
}

void pn_tbf_decode(struct pn_object *o, const struct nlattr *const *tb)
{
	const struct tc_tbf_qopt *opt = pn_attr_data(tb[TCA_TBF_PARMS]);
	struct pn_steps s;
	uint64_t rate;

	if (pn_attr_len(tb[TCA_TBF_PARMS]) < sizeof(*opt))
		return;
	rate = pn_attr_u64(tb[TCA_TBF_RATE64], opt->rate.rate);
	value_set(&o->v[Q_RATE], rate);
	value_set(&o->v[Q_LIMIT], opt->limit);
	s = pn_steps_of_rate(rate);
	value_set(&o->v[Q_BURST], pn_steps_value(&s, opt->buffer));
	rate = pn_attr_u64(tb[TCA_TBF_PRATE64], opt->peakrate.rate);
	value_set(&o->v[Q_PEAKRATE], rate);
	if (!rate)
		return;
	s = pn_steps_of_rate(rate);
	value_set(&o->v[Q_MTU], pn_steps_value(&s, opt->mtu));
}
