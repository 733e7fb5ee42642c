// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pn_shapers: what a wish is in the units of the data plane. While a rate is
 * exchanged its shaper is free (generation 0), for less than a microsecond, in which
 * packets pass; a bucket goes on with the bytes that it lacks.
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <time.h>

#include <penstock/rate.h>

#include "plane/spread.h"
#include "shape/compile.h"

#define HEADER	18	/* Ethernet and a tag, beside the MTU */
#define MTU	1500	/* where no port is known */

/* The part of struct pn_shaper that the loader writes, but for the generation. */
#define CONFIG_SIZE	offsetof(struct pn_shaper, tat)

static bool is_at(const struct pn_shaper_conf *conf, const char *dev)
{
	unsigned int i;

	for (i = 0; i < conf->n_dev; i++)
		if (!strcmp(conf->dev[i], dev))
			return true;
	return !conf->n_dev;
}

/* The longest frame that its ports take. */
static uint32_t frame_of(const struct pn_compile *c, const struct pn_shaper_conf *conf)
{
	uint32_t mtu = 0;
	unsigned int i;

	for (i = 0; i < c->n_ports; i++)
		if (is_at(conf, c->port[i].dev) && c->port[i].mtu > mtu)
			mtu = c->port[i].mtu;
	return (mtu ? mtu : MTU) + HEADER;
}

static void rate_fill(struct pn_rate *rate, uint64_t bytes_per_s, uint32_t burst,
		      uint32_t frame)
{
	pn_rate_set(rate, bytes_per_s);
	if (!burst)
		burst = pn_shaper_burst(bytes_per_s, frame);
	rate->burst = pn_rate_cost_of(rate, burst);
}

static uint8_t flags_of(const struct pn_shaper_conf *conf)
{
	uint8_t flags = 0;

	if (conf->ecn)
		flags |= PN_SHAPER_F_ECN;
	if (conf->said & PN_SW(REMARK))
		flags |= PN_SHAPER_F_REMARK;
	if (conf->l3)
		flags |= PN_SHAPER_F_L3;
	if (conf->atm)
		flags |= PN_SHAPER_F_ATM;
	if (conf->per == PN_PER_SRC)
		flags |= PN_SHAPER_F_PER_SRC;
	if (conf->per == PN_PER_MAC)
		flags |= PN_SHAPER_F_PER_MAC;
	if (conf->action == PN_SHAPER_SHAPE && conf->qdisc == PN_QDISC_FQ)
		flags |= PN_SHAPER_F_EDT;
	return flags;
}

/* Over which CPUs; none where the machine has none of them, or no list is free. */
static void spread_fill(const struct pn_compile *c, const struct pn_shaper_conf *conf,
			struct pn_shaper *s)
{
	uint16_t online[PN_SPREAD_CPUS], cpus[PN_SPREAD_CPUS];
	int i, at, n = 0, there;

	if (!(conf->said & PN_SW(SPREAD)))
		return;
	there = pn_spread_online(online, PN_SPREAD_CPUS);
	for (i = 0; i < there; i++)
		if (conf->spread_all || (online[i] < PN_SHAPER_CPUS &&
		    conf->spread[online[i] / 64] >> online[i] % 64 & 1))
			cpus[n++] = online[i];
	at = n ? pn_spread_list(c->maps, cpus, n) : -EINVAL;
	if (at < 0)
		return;
	s->spread = n;
	s->spread_at = at;
}

static void shaper_fill(const struct pn_compile *c, const struct pn_wanted *w,
			struct pn_shaper *s)
{
	const struct pn_shaper_conf *conf = w->conf;
	uint32_t frame = frame_of(c, conf);

	memset(s, 0, sizeof(*s));
	rate_fill(&s->rate, conf->rate, conf->burst, frame);
	if (conf->ceil > conf->rate)
		rate_fill(&s->ceil, conf->ceil, conf->cburst, frame);
	s->mark_shift = 1;
	s->parent = w->parent;
	s->overhead = conf->overhead;
	s->mpu = conf->mpu;
	s->action = conf->action;
	s->flags = flags_of(conf);
	if (w->lends)
		s->flags |= PN_SHAPER_F_LENDS;
	s->dscp = conf->remark;
	s->minor = conf->minor;
	spread_fill(c, conf, s);
	s->ifb = conf->ifb[0] ? if_nametoindex(conf->ifb) : 0;
}

static uint64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec * 1000000000ull + now.tv_nsec) << PN_CLOCK_SHIFT;
}

/* As pn_bucket_lacks(); what was taken on credit since @base counts as taken now. */
static uint64_t bucket_lacks(uint64_t tat, const __u64 *base, uint64_t clock, uint64_t burst)
{
	uint64_t lacks = pn_bucket_lacks(tat, clock, burst);
	uint64_t credit = base ? pn_bucket_credit(tat, *base, burst) : 0;

	return lacks > credit ? lacks : credit;
}

/* Packets may take from it meanwhile: what they took counts. @base: NULL where none give credit. */
static void bucket_rescale(__u64 *tat, const __u64 *base, const struct pn_rate *was,
			   const struct pn_rate *now)
{
	__u64 seen = __atomic_load_n(tat, __ATOMIC_RELAXED), clock = clock_now(), lacks;

	do
		lacks = pn_bucket_rescale(bucket_lacks(seen, base, clock, was->burst), was, now);
	while (!__atomic_compare_exchange_n(tat, &seen, clock + lacks, false, __ATOMIC_ACQ_REL,
					    __ATOMIC_RELAXED));
}

static void credit_begin(struct pn_shaper *s)
{
	__atomic_store_n(&s->base, pn_bucket_base(s->tat, clock_now(), s->rate.burst),
			 __ATOMIC_RELAXED);
}

/* A bucket that had no rate is full. */
static void buckets_go_on(struct pn_shaper *s, const struct pn_shaper *was)
{
	if (was->rate.mult)
		bucket_rescale(&s->tat, &s->base, &was->rate, &s->rate);
	credit_begin(s);
	if (!was->ceil.mult)
		__atomic_store_n(&s->ctat, clock_now(), __ATOMIC_RELAXED);
	else if (s->ceil.mult && memcmp(&was->ceil, &s->ceil, sizeof(s->ceil)))
		bucket_rescale(&s->ctat, NULL, &was->ceil, &s->ceil);
}

static void bucket_begin(struct pn_shaper *s)
{
	s->tat = s->ctat = clock_now();
	s->over_since = s->sources = s->spell = 0;
	credit_begin(s);
}

static void shaper_write(struct pn_shaper *s, const struct pn_shaper *want)
{
	struct pn_shaper was = *s;
	struct pn_shaper new = *want;

	new.generation = was.generation;
	/* counted by the data plane */
	new.sources = was.sources;
	new.spell = was.spell;
	new.ctat = was.ctat;
	if (was.generation && !memcmp(&was, &new, CONFIG_SIZE))
		return;
	__atomic_store_n(&s->generation, 0, __ATOMIC_SEQ_CST);
	new.generation = 0;
	memcpy(s, &new, CONFIG_SIZE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (was.generation)
		buckets_go_on(s, &was);
	else
		bucket_begin(s);
	__atomic_store_n(&s->generation, pn_compile_generation(), __ATOMIC_RELEASE);
}

/* Parents first, so that nobody finds a child without. */
static void level_write(const struct pn_compile *c, uint32_t depth)
{
	struct pn_shaper want;
	uint32_t i;

	for (i = 0; i < c->n; i++) {
		if (c->want[i].depth != depth)
			continue;
		shaper_fill(c, &c->want[i], &want);
		shaper_write(&c->maps->shapers[c->want[i].index], &want);
	}
}

void pn_compile_buckets(const struct pn_compile *c)
{
	const struct pn_maps *m = c->maps;
	uint32_t i;

	for (i = 1; i < m->abi.shapers; i++)
		if (!m->shaper_conf[i].name[0] && m->shapers[i].generation)
			__atomic_store_n(&m->shapers[i].generation, 0, __ATOMIC_RELEASE);
	for (i = 0; i < PN_SHAPER_DEPTH; i++)
		level_write(c, i);
	pn_spread_trim(m);
}
