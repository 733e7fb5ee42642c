// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pn_shapers: what a wish is in the units of the data plane. While a shaper is
 * written, however long the writer is kept from it, another stands in for it with the
 * new rate; a bucket goes on with the bytes that it lacks.
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <time.h>

#include <penstock/rate.h>

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

/* The device that was asked for last: mostly many shapers queue at one. */
struct ifb {
	char name[IFNAMSIZ];
	uint32_t index;
};

static uint32_t ifb_find(struct ifb *ifb, const char *name)
{
	if (strcmp(ifb->name, name)) {
		memcpy(ifb->name, name, sizeof(ifb->name));
		ifb->index = if_nametoindex(name);
	}
	return ifb->index;
}

static void shaper_fill(const struct pn_compile *c, const struct pn_wanted *w, struct ifb *ifb,
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
	s->ifb = ifb_find(ifb, conf->ifb);
}

static uint64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec * 1000000000ull + now.tv_nsec) << PN_CLOCK_SHIFT;
}

/* The words of the data plane that say what buckets lack. */
struct buckets {
	uint64_t tat, base, ctat;
};

static struct buckets buckets_read(const struct pn_shaper *s)
{
	return (struct buckets){
		.tat = __atomic_load_n(&s->tat, __ATOMIC_RELAXED),
		.base = __atomic_load_n(&s->base, __ATOMIC_RELAXED),
		.ctat = __atomic_load_n(&s->ctat, __ATOMIC_RELAXED),
	};
}

/* What was taken on credit counts as taken now (rate.h). */
static uint64_t rate_lacks(const struct pn_shaper *s, const struct buckets *b, uint64_t clock)
{
	uint64_t lacks = pn_bucket_lacks(b->tat, clock, s->rate.burst);
	uint64_t credit = pn_bucket_credit(b->tat, b->base, s->rate.burst);

	return lacks > credit ? lacks : credit;
}

static uint64_t ceil_lacks(const struct pn_shaper *s, const struct buckets *b, uint64_t clock)
{
	return s->ceil.mult ? pn_bucket_lacks(b->ctat, clock, s->ceil.burst) : 0;
}

static uint64_t lacks_at(uint64_t lacks, const struct pn_rate *was, const struct pn_rate *now)
{
	return memcmp(was, now, sizeof(*was)) ? pn_bucket_rescale(lacks, was, now) : lacks;
}

static void credit_begin(struct pn_shaper *s)
{
	__atomic_store_n(&s->base, pn_bucket_base(s->tat, clock_now(), s->rate.burst),
			 __ATOMIC_RELAXED);
}

/* @to, which nobody uses yet, lacks as many bytes as @from: what was seen of it. */
static struct buckets buckets_pour(const struct pn_shaper *from, struct pn_shaper *to)
{
	struct buckets seen = buckets_read(from);
	uint64_t clock = clock_now();

	to->tat = clock + lacks_at(rate_lacks(from, &seen, clock), &from->rate, &to->rate);
	to->ctat = clock + lacks_at(ceil_lacks(from, &seen, clock), &from->ceil, &to->ceil);
	to->over_since = from->over_since;
	to->sources = from->sources;
	to->spell = from->spell;
	credit_begin(to);
	return seen;
}

static void bucket_owe(__u64 *tat, uint64_t clock, uint64_t burst, uint64_t cost)
{
	__u64 seen = __atomic_load_n(tat, __ATOMIC_RELAXED);

	while (cost && !__atomic_compare_exchange_n(tat, &seen,
			clock + pn_bucket_owes(pn_bucket_lacks(seen, clock, burst), cost, burst),
			false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		;
}

/* Packets took from it until @to was there: that they took counts. */
static void buckets_follow(const struct pn_shaper *from, struct pn_shaper *to,
			   const struct buckets *seen)
{
	struct buckets last = buckets_read(from);
	uint64_t clock = clock_now(), was, now;

	was = rate_lacks(from, seen, clock);
	now = rate_lacks(from, &last, clock);
	if (now > was)
		bucket_owe(&to->tat, clock, to->rate.burst,
			   lacks_at(now - was, &from->rate, &to->rate));
	was = ceil_lacks(from, seen, clock);
	now = ceil_lacks(from, &last, clock);
	if (now > was)
		bucket_owe(&to->ctat, clock, to->ceil.burst,
			   lacks_at(now - was, &from->ceil, &to->ceil));
}

static void shaper_leave(struct pn_shaper *s, struct pn_shaper *stand_in,
			 const struct pn_shaper *new)
{
	struct buckets seen;

	memcpy(stand_in, new, CONFIG_SIZE);
	stand_in->generation = PN_SHAPER_AWAY;
	seen = buckets_pour(s, stand_in);
	__atomic_store_n(&s->generation, PN_SHAPER_AWAY, __ATOMIC_SEQ_CST);
	buckets_follow(s, stand_in, &seen);
}

static void shaper_return(struct pn_shaper *s, struct pn_shaper *stand_in)
{
	struct buckets seen;

	memcpy(s, stand_in, CONFIG_SIZE);
	seen = buckets_pour(stand_in, s);
	__atomic_store_n(&s->generation, pn_compile_generation(), __ATOMIC_SEQ_CST);
	buckets_follow(stand_in, s, &seen);
}

static void bucket_begin(struct pn_shaper *s)
{
	s->tat = s->ctat = clock_now();
	s->over_since = s->sources = s->spell = 0;
	credit_begin(s);
}

static void shaper_write(struct pn_shaper *s, struct pn_shaper *stand_in,
			 const struct pn_shaper *want)
{
	struct pn_shaper was = *s;
	struct pn_shaper new = *want;

	new.generation = was.generation;
	/* counted by the data plane */
	new.sources = was.sources;
	new.spell = was.spell;
	new.ctat = was.ctat;
	if (was.generation) {
		/* pn_compile_spread()'s */
		new.spread = was.spread;
		new.spread_at = was.spread_at;
	}
	if (was.generation && !memcmp(&was, &new, CONFIG_SIZE))
		return;
	if (was.generation) {
		shaper_leave(s, stand_in, &new);
		shaper_return(s, stand_in);
		return;
	}
	memcpy(s, &new, CONFIG_SIZE);
	bucket_begin(s);
	__atomic_store_n(&s->generation, pn_compile_generation(), __ATOMIC_RELEASE);
}

/* Parents first, so that nobody finds a child without. */
static void level_write(const struct pn_compile *c, uint32_t depth, struct ifb *ifb)
{
	struct pn_shaper want;
	uint32_t i;

	for (i = 0; i < c->n; i++) {
		if (c->want[i].depth != depth)
			continue;
		shaper_fill(c, &c->want[i], ifb, &want);
		shaper_write(&c->maps->shapers[c->want[i].index], &c->maps->shapers[0], &want);
	}
}

void pn_compile_buckets(const struct pn_compile *c)
{
	const struct pn_maps *m = c->maps;
	struct ifb ifb = { "", 0 };
	uint32_t i;

	/* who wrote it last was killed in between */
	for (i = 1; i < m->abi.shapers; i++)
		if (m->shapers[i].generation == PN_SHAPER_AWAY)
			shaper_return(&m->shapers[i], &m->shapers[0]);
	for (i = 1; i < m->abi.shapers; i++)
		if (!m->shaper_conf[i].name[0] && m->shapers[i].generation)
			__atomic_store_n(&m->shapers[i].generation, 0, __ATOMIC_RELEASE);
	for (i = 0; i < PN_SHAPER_DEPTH; i++)
		level_write(c, i, &ifb);
}
