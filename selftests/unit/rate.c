// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The arithmetic of shapers beside a reference that computes in 128 bits and
 * keeps tokens as exact fractions of a byte: costs, drift, bursts, the clock
 * going round.
 */
#include <inttypes.h>
#include <stdlib.h>

#include <penstock/rate.h>

#include "tap.h"

typedef unsigned __int128 u128;

#define SECOND PN_RATE_UNIT

static const uint64_t rates[] = {
	PN_RATE_LEAST, 1001, 12345, 125000, 999983, 12500000, 125000000, 1249999999,
	12500000000ull, 50000000000ull, PN_RATE_MOST,
};
#define RATES (sizeof(rates) / sizeof(rates[0]))

static uint64_t state = 0x9e3779b97f4a7c15ull;

static uint64_t rnd(uint64_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % below;
}

/* Rounded down: a unit, and for what lasts hours one part in 2^42. */
static uint64_t rounding(u128 exact)
{
	return 1 + (uint64_t)(exact >> (PN_RATE_BITS - 2));
}

static void costs(void)
{
	static const uint32_t sizes[] = { 1, 46, 60, 64, 1499, 1500, 9000, 65535, 131072 };
	struct pn_rate rate;

	tap_case("a packet costs what it takes, to 15 fs or one part in 2^42");
	for (size_t i = 0; i < RATES; i++) {
		pn_rate_set(&rate, rates[i]);
		for (size_t j = 0; j < sizeof(sizes) / sizeof(sizes[0]); j++) {
			uint64_t exact = (u128)sizes[j] * SECOND / rates[i];
			uint64_t got = pn_rate_cost(&rate, sizes[j]);

			if (got > exact || exact - got > rounding(exact))
				tap_fail("%u bytes at %" PRIu64 " B/s: %" PRIu64 ", exact %" PRIu64,
					 sizes[j], rates[i], got, exact);
		}
	}
	tap_end();
}

static void costs_free(void)
{
	struct pn_rate rate;

	tap_case("without a rate nothing costs anything");
	pn_rate_set(&rate, 0);
	tap_eq(pn_rate_cost(&rate, 131072), 0, "cost");
	tap_eq(pn_rate_cost_of(&rate, UINT64_MAX), 0, "of any number");
	tap_end();
}

static void bursts(void)
{
	struct pn_rate rate;

	tap_case("bursts of any size cost what they take, or the most there is");
	for (size_t i = 0; i < RATES; i++)
		for (int n = 0; n < 1000; n++) {
			uint64_t bytes = rnd(1ull << (1 + rnd(40)));
			u128 exact = (u128)bytes * SECOND / rates[i];
			uint64_t got, off;

			pn_rate_set(&rate, rates[i]);
			got = pn_rate_cost_of(&rate, bytes);
			if (exact > PN_COST_MOST && got >= PN_COST_MOST / 2)
				continue;
			off = exact - got;
			if (got > exact || off > rounding(exact) + 1 + (bytes >> 16))
				tap_fail("%" PRIu64 " bytes at %" PRIu64 " B/s: off by %" PRIu64,
					 bytes, rates[i], off);
		}
	tap_end();
}

/* The bucket as a textbook has it: tokens in bytes times SECOND. */
struct model {
	u128 tokens, full;
	uint64_t rate, last;
};

static bool model_take(struct model *m, uint64_t now, uint32_t bytes)
{
	u128 cost = (u128)bytes * SECOND;

	m->tokens += (u128)(now - m->last) * m->rate;
	m->last = now;
	if (m->tokens > m->full)
		m->tokens = m->full;
	if (m->tokens < cost)
		return false;
	m->tokens -= cost;
	return true;
}

struct bucket {
	struct pn_rate rate;
	uint64_t tat;
};

static bool bucket_take(struct bucket *b, uint64_t now, uint32_t bytes)
{
	uint64_t lacks = pn_bucket_lacks(b->tat, now, b->rate.burst);
	uint64_t cost = pn_rate_cost(&b->rate, bytes);

	if (!pn_bucket_holds(lacks, cost, b->rate.burst))
		return false;
	b->tat = now + lacks + cost;
	return true;
}

static void bucket_set(struct bucket *b, uint64_t rate, uint64_t burst, uint64_t now)
{
	pn_rate_set(&b->rate, rate);
	b->rate.burst = pn_rate_cost_of(&b->rate, burst);
	b->tat = now;
}

/*
 * Offered about twice the rate for a million packets, in steps that are no
 * multiple of anything: what passes differs from the model by a packet or two,
 * whatever the rate, and does not drift.
 */
static void drift_one(uint64_t rate, uint64_t begin)
{
	uint64_t burst = 20000, now = begin, got = 0, want = 0, gap;
	struct model m = { (u128)burst * SECOND, (u128)burst * SECOND, rate, begin };
	struct bucket b;

	bucket_set(&b, rate, burst, begin);
	for (int i = 0; i < 1000000; i++) {
		uint32_t bytes = 60 + rnd(1455);

		gap = (u128)bytes * SECOND / rate / 2;
		now += rnd(2 * gap + 1);
		got += bucket_take(&b, now, bytes) ? bytes : 0;
		want += model_take(&m, now, bytes) ? bytes : 0;
	}
	if (got > want + 3000 || want > got + 3000)
		tap_fail("%" PRIu64 " B/s: %" PRIu64 " bytes, the model %" PRIu64, rate, got, want);
}

static void drift(void)
{
	tap_case("a million packets at twice the rate: no drift");
	for (size_t i = 0; i < RATES; i++)
		drift_one(rates[i], rnd(UINT64_MAX));
	tap_end();
}

static void never_more(void)
{
	tap_case("in no interval more than the burst, the rate, and nothing else");
	for (size_t i = 0; i < RATES; i++) {
		uint64_t burst = 2000 + rnd(100000), begin = rnd(UINT64_MAX), now = begin;
		uint64_t sent = 0, from = begin, since = 0;
		struct bucket b;

		bucket_set(&b, rates[i], burst, begin);
		for (int n = 0; n < 200000; n++) {
			uint32_t bytes = 60 + rnd(1455);

			now += rnd((u128)bytes * SECOND / rates[i] + 2);
			if (!rnd(1000)) {
				from = now;
				since = sent;
			}
			if (bucket_take(&b, now, bytes))
				sent += bytes;
			if ((u128)(sent - since) * SECOND >
			    (u128)burst * SECOND + (u128)(now - from) * rates[i] + (u128)2 * SECOND)
				tap_fail("%" PRIu64 " B/s: %" PRIu64 " bytes in %" PRIu64, rates[i],
					 sent - since, now - from);
		}
	}
	tap_end();
}

/* As the data plane does it: the clock is read when there is no credit left. */
struct credit {
	struct bucket b;
	uint64_t base;
	unsigned int reads;
};

static bool credit_take(struct credit *c, uint64_t now, uint32_t bytes)
{
	uint64_t cost = pn_rate_cost(&c->b.rate, bytes), burst = c->b.rate.burst, lacks, credit;

	if (pn_bucket_trusts(c->b.tat, c->base, cost, burst)) {
		c->b.tat += cost;
		return true;
	}
	c->reads++;
	credit = pn_bucket_credit(c->b.tat, c->base, burst);
	lacks = pn_bucket_lacks(c->b.tat, now, burst);
	if (lacks < credit)
		lacks = credit;
	if (!pn_bucket_holds(lacks, cost, burst))
		return false;
	c->b.tat = now + lacks + cost;
	c->base = pn_bucket_base(c->b.tat, now, burst);
	return true;
}

/*
 * Every packet that passes would have passed an exact bucket that took the same
 * ones before; one of seven eighths of the burst would have let no more pass.
 * Spells of silence, of a trickle and of twice the rate.
 */
static void credit_one(uint64_t rate, uint64_t begin)
{
	uint64_t burst = 30000 + rnd(100000), now = begin, got = 0, least = 0, gap;
	struct model exact = { (u128)burst * SECOND, (u128)burst * SECOND, rate, begin };
	struct credit c = {};
	struct bucket small;
	unsigned int pace = 1;

	bucket_set(&c.b, rate, burst, begin);
	c.base = pn_bucket_base(begin, begin, c.b.rate.burst);
	bucket_set(&small, rate, burst - (burst >> PN_CREDIT_SHIFT), begin);
	for (int i = 0; i < 300000; i++) {
		uint32_t bytes = 60 + rnd(1455);

		if (!rnd(300))
			pace = 1 + rnd(8);
		gap = (u128)bytes * SECOND / rate * pace / 2;
		now += rnd(1000) ? rnd(gap + 1) : 50 * gap;
		least += bucket_take(&small, now, bytes) ? bytes : 0;
		if (!credit_take(&c, now, bytes))
			continue;
		got += bytes;
		exact.full = (u128)burst * SECOND + 2 * rate;
		if (!model_take(&exact, now, bytes)) {
			tap_fail("%" PRIu64 " B/s: packet %d passes an empty bucket", rate, i);
			return;
		}
	}
	if (got + burst < least)
		tap_fail("%" PRIu64 " B/s: %" PRIu64 " bytes, %" PRIu64 " at least", rate, got,
			 least);
	tap_true(c.reads < 300000, "some packets pass without the clock");
}

static void credits(void)
{
	tap_case("on credit, without the clock: never more than an exact bucket, and hardly less");
	for (size_t i = 0; i < RATES; i++)
		credit_one(rates[i], rnd(UINT64_MAX));
	tap_end();
}

static void round_the_clock(void)
{
	struct bucket b;

	tap_case("the clock goes round: an idle bucket is full, a busy one goes on");
	bucket_set(&b, 125000, 3000, UINT64_MAX - SECOND / 1000);
	tap_true(bucket_take(&b, b.tat, 1500), "before it goes round");
	tap_true(bucket_take(&b, SECOND / 10000, 1500), "the burst goes on behind");
	tap_true(!bucket_take(&b, SECOND / 10000, 1500), "and ends");
	for (int i = 1; i < 64; i++) {
		uint64_t idle = (uint64_t)i << 58;

		bucket_set(&b, 125000, 3000, 0);
		tap_true(bucket_take(&b, 0, 1500) && bucket_take(&b, 0, 1500), "emptied");
		if (!bucket_take(&b, idle, 1500))
			tap_fail("after %d/64 of a round it is not full", i);
	}
	tap_end();
}

/* Whatever the clock does, traffic is never held up for longer than 8 bursts. */
static void clock_jumps(void)
{
	tap_case("the clock jumps: nothing is held up for longer than 8 bursts");
	for (int i = 0; i < 100000; i++) {
		uint64_t begin = rnd(UINT64_MAX), jump = rnd(UINT64_MAX), wait;
		struct bucket b;

		if (i & 1)
			jump >>= rnd(63);
		bucket_set(&b, rates[rnd(RATES)], 3000, begin);
		bucket_take(&b, begin, 1500);
		bucket_take(&b, begin, 1500);
		begin += jump;
		wait = 8 * b.rate.burst;
		if (pn_bucket_lacks(b.tat, begin, b.rate.burst) > b.rate.burst)
			tap_fail("lacks more than it holds after a jump of %" PRIu64, jump);
		if (!bucket_take(&b, begin, 1500) && !bucket_take(&b, begin + wait, 1500))
			tap_fail("held up by a jump of %" PRIu64, jump);
	}
	tap_end();
}

/* CPUs that lose the race for the word add to it all the same (bpf/lib/police.h). */
static void overdrawn(void)
{
	struct bucket b;

	tap_case("an overdrawn bucket is empty, not full");
	for (int over = 1; over < 7; over++) {
		bucket_set(&b, 125000, 3000, 77);
		b.tat += b.rate.burst + over * pn_rate_cost(&b.rate, 3000);
		tap_eq(pn_bucket_lacks(b.tat, 77, b.rate.burst), b.rate.burst, "lacks all");
		tap_true(!bucket_take(&b, 77, 60), "and nothing passes");
	}
	tap_end();
}

static void exact_burst(void)
{
	struct bucket b;

	tap_case("the burst to the byte: as much passes at once, and no more");
	bucket_set(&b, 125000000, 3000, 77);
	tap_true(bucket_take(&b, 77, 1500), "the first");
	tap_true(bucket_take(&b, 77, 1500), "the second");
	tap_true(!bucket_take(&b, 77, 1), "a byte more");
	bucket_set(&b, 125000000, 99, 77);
	tap_true(!bucket_take(&b, 77, 114), "a packet beyond the burst never");
	tap_true(!bucket_take(&b, 77 + SECOND, 114), "however long one waits");
	tap_end();
}

static void lengths(void)
{
	static const struct {
		int16_t overhead;
		uint16_t mpu;
		uint8_t flags;
		uint32_t len, want;
	} rows[] = {
		{ 0, 0, 0, 114, 114 },
		{ 24, 0, 0, 114, 138 },
		{ -14, 0, 0, 114, 100 },
		{ 0, 64, 0, 46, 64 },
		{ -14, 64, 0, 60, 64 },
		{ 0, 0, PN_SHAPER_F_ATM, 48, 53 },
		{ 0, 0, PN_SHAPER_F_ATM, 49, 106 },
		{ 32, 0, PN_SHAPER_F_ATM, 1500, 32 * 53 },
		{ -64, 0, 0, 46, 0 },
		{ 0, 0, 0, 131072, 131072 },
	};

	tap_case("lengths with overhead, mpu and ATM cells as tc counts them");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pn_shaper s = { .overhead = rows[i].overhead, .mpu = rows[i].mpu,
				       .flags = rows[i].flags };

		tap_eq(pn_rate_len(&s, rows[i].len), rows[i].want, "bytes");
	}
	tap_end();
}

static void shares(void)
{
	uint64_t burst = 1000;

	tap_case("shares: n sources, n times the cost, and always one packet");
	tap_eq(pn_share_cost(300, 0), 300, "nobody is one");
	tap_eq(pn_share_cost(300, 1), 300, "one");
	tap_eq(pn_share_cost(300, 7), 2100, "seven");
	tap_eq(pn_share_cost(1ull << 50, 7), 7ull << 50, "slow");
	tap_eq(pn_share_cost(1ull << 50, UINT32_MAX), PN_COST_MOST, "too dear");
	tap_true(pn_share_cost(1ull << 36, UINT32_MAX) >= PN_COST_MOST / 2, "a crowd");
	tap_true(pn_share_holds(0, 5000, burst), "a full bucket lets one pass");
	tap_true(pn_share_holds(500, 500, burst), "within the burst");
	tap_true(!pn_share_holds(501, 500, burst), "beyond it");
	tap_eq(pn_share_owes(0, PN_COST_MOST, burst), PN_SHARE_SPELL, "owed for half a second");
	tap_eq(pn_share_owes(0, PN_COST_MOST, PN_SHARE_SPELL), 16 * PN_SHARE_SPELL,
	       "or for 16 bursts");
	tap_eq(pn_share_lacks(PN_SHARE_SPELL, 0, burst), PN_SHARE_SPELL, "and that is remembered");
	tap_eq(pn_share_lacks(PN_SHARE_SPELL + 1, 0, burst), 0, "but no more than that");
	tap_end();
}

static void owing(void)
{
	tap_case("what an ancestor owes is bounded by its burst");
	tap_eq(pn_bucket_owes(100, 200, 1000), 300, "charged");
	tap_eq(pn_bucket_owes(900, 200, 1000), 1000, "no more than it can hold");
	tap_end();
}

/* Rates change; what a bucket lacks in bytes stays, as far as the new one holds it. */
static void rescaled(void)
{
	tap_case("another rate: the bucket lacks the same bytes");
	for (int i = 0; i < 2000; i++) {
		uint64_t bytes = rnd(60000);
		struct pn_rate a, b;
		int64_t off;

		pn_rate_set(&a, rates[rnd(RATES)]);
		pn_rate_set(&b, rates[rnd(RATES)]);
		a.burst = pn_rate_cost_of(&a, 60000);
		b.burst = pn_rate_cost_of(&b, 60000);
		off = pn_bucket_rescale(pn_rate_cost_of(&a, bytes), &a, &b) -
		      pn_rate_cost_of(&b, bytes);
		if (llabs(off) > (int64_t)(pn_rate_cost_of(&b, bytes) / 400 + pn_rate_cost(&b, 2)))
			tap_fail("%" PRIu64 " bytes are off by %" PRId64, bytes, off);
	}
	tap_end();
}

int main(void)
{
	costs();
	costs_free();
	bursts();
	drift();
	never_more();
	credits();
	round_the_clock();
	clock_jumps();
	overdrawn();
	exact_burst();
	lengths();
	shares();
	owing();
	rescaled();
	return tap_done();
}
