/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The arithmetic of shapers, as pure functions: the data plane and the loader
 * compute with the same ones. Times are in 2^-PN_CLOCK_SHIFT ns and wrap round
 * after 3.2 days; differences of them do not. No atomics here.
 */
#ifndef PENSTOCK_RATE_H
#define PENSTOCK_RATE_H

#include <stdbool.h>

#include <penstock/shaper.h>

/* Slower than this a super-packet takes longer than the clock can tell; bytes a second. */
#define PN_RATE_LEAST	1000ull
#define PN_RATE_MOST	125000000000ull

/* A bucket takes longer than this to fill only by mistake: 2.4 hours. */
#define PN_COST_MOST	(1ull << 59)

/* The least that a source may owe at most: half a second, four spells. */
#define PN_SHARE_SPELL	(1ull << (29 + PN_CLOCK_SHIFT))

#define PN_RATE_UNIT	(1000000000ull << PN_CLOCK_SHIFT)	/* a second */
#define PN_RATE_BITS	44	/* of mult: times 2^19 bytes it fits 63 bits */

/*
 * What a byte costs at @bytes_per_s, by long division to 44 bits (the kernel's
 * psched_ratecfg has 32, and whole nanoseconds). 0: nothing costs anything.
 */
static inline void pn_rate_set(struct pn_rate *rate, __u64 bytes_per_s)
{
	__u64 rest;

	rate->mult = 0;
	rate->shift = 0;
	if (!bytes_per_s)
		return;
	rate->mult = PN_RATE_UNIT / bytes_per_s;
	rest = PN_RATE_UNIT % bytes_per_s;
	while (!(rate->mult >> (PN_RATE_BITS - 1)) && rate->shift < 63) {
		rate->mult = rate->mult << 1;
		rest <<= 1;
		rate->shift++;
		if (rest >= bytes_per_s) {
			rest -= bytes_per_s;
			rate->mult |= 1;
		}
	}
}

/* Of a packet, up to 2^19 bytes. */
static inline __attribute__((always_inline)) __u64 pn_rate_cost(const struct pn_rate *rate,
								__u32 bytes)
{
	return bytes * rate->mult >> rate->shift;
}

/* Of any number of bytes, PN_COST_MOST at most: for bursts. */
static inline __u64 pn_rate_cost_of(const struct pn_rate *rate, __u64 bytes)
{
	__u64 block = pn_rate_cost(rate, 1u << 16), blocks = bytes >> 16, cost;

	if (block && blocks > PN_COST_MOST / block)
		return PN_COST_MOST;
	cost = blocks * block + pn_rate_cost(rate, bytes & 0xffff);
	return cost > PN_COST_MOST ? PN_COST_MOST : cost;
}

/*
 * Bytes that a packet of @len counts: @overhead is added, @mpu is the least, and
 * ATM cells of 53 bytes carry 48 (tc-stab(8); net/sched/sch_generic.c).
 */
static inline __attribute__((always_inline)) __u32 pn_rate_len(const struct pn_shaper *shaper,
							       __u32 len)
{
	__s32 counted = (__s32)len + shaper->overhead;

	if (counted < shaper->mpu)
		counted = shaper->mpu;
	if (counted < 0)
		counted = 0;
	if (shaper->flags & PN_SHAPER_F_ATM)
		counted = ((__u32)counted + 47) / 48 * 53;
	return counted;
}

/*
 * What a bucket lacks of being full at @now: never less than nothing, never more
 * than all. CPUs that race may take it a few packets further; a time beyond 8
 * bursts was never written: the clock has jumped, or gone round in an idle
 * spell, and the bucket is full. So a wrong clock blocks for 8 bursts at most.
 */
static inline __attribute__((always_inline)) __u64 pn_bucket_lacks(__u64 tat, __u64 now,
								   __u64 burst)
{
	__u64 lacks = tat - now;

	if (lacks <= burst)
		return lacks;
	return lacks > 8 * burst ? 0 : burst;
}

/* Does a packet conform? Then the bucket lacks its cost more. */
static inline __attribute__((always_inline)) bool pn_bucket_holds(__u64 lacks, __u64 cost,
								  __u64 burst)
{
	return lacks + cost <= burst;
}

/*
 * Reading the clock is the dearest part of a policer, and a bucket that is far
 * from empty need not know the time: since it was read last only more can have
 * flowed in. So packets are taken on credit, up to an eighth of the burst, and never
 * more than the bucket held at @then. What is taken on credit is how far @tat has
 * moved on from its base; the base of a bucket that held less lies further back.
 */
#define PN_CREDIT_SHIFT	3

static inline __attribute__((always_inline)) __u64 pn_bucket_base(__u64 tat, __u64 then,
								  __u64 burst)
{
	__u64 credit = burst >> PN_CREDIT_SHIFT;
	__u64 holds = burst - pn_bucket_lacks(tat, then, burst);

	return holds < credit ? tat - (credit - holds) : tat;
}

/*
 * What may have been taken on credit when the clock is read again: the bucket
 * lacks at least that, for it may all have been taken just now. So never more
 * than the burst passes; a bucket that was full may seem an eighth emptier.
 */
static inline __attribute__((always_inline)) __u64 pn_bucket_credit(__u64 tat, __u64 base,
								    __u64 burst)
{
	__u64 taken = tat - base;

	return taken > burst >> PN_CREDIT_SHIFT ? 0 : taken;
}

/* Does a packet pass on credit? */
static inline __attribute__((always_inline)) bool pn_bucket_trusts(__u64 tat, __u64 base,
								   __u64 cost, __u64 burst)
{
	__u64 taken = tat - base, credit = burst >> PN_CREDIT_SHIFT;

	return taken <= credit && cost <= credit - taken;
}

/* An ancestor is charged for what its children may send anyway, but never owes more than this. */
static inline __attribute__((always_inline)) __u64 pn_bucket_owes(__u64 lacks, __u64 cost,
								  __u64 burst)
{
	return lacks + cost > burst ? burst : lacks + cost;
}

/*
 * Fair between @n sources: a source has a bucket of its own in which a packet
 * costs @n times as much as in the shaper's, so it fills at a share of the rate
 * and takes as long as the whole one.
 */
static inline __attribute__((always_inline)) __u64 pn_share_cost(__u64 cost, __u32 n)
{
	if (n < 2)
		return cost;
	if (cost >> 36 && (cost >> 36) * n >> 24)
		return PN_COST_MOST;
	return cost * n;
}

/*
 * The most that a source may owe. Were it not bounded, a million spoofed ones
 * in a spell would leave the real ones without a share for hours.
 */
static inline __attribute__((always_inline)) __u64 pn_share_most(__u64 burst)
{
	return 16 * burst > PN_SHARE_SPELL ? 16 * burst : PN_SHARE_SPELL;
}

/* As pn_bucket_lacks(), of a source; a word of the last time round is nothing. */
static inline __attribute__((always_inline)) __u64 pn_share_lacks(__u64 tat, __u64 now,
								  __u64 burst)
{
	__u64 lacks = tat - now;

	return lacks > pn_share_most(burst) ? 0 : lacks;
}

/* Is a packet within its source's share? One always is when that bucket is full. */
static inline __attribute__((always_inline)) bool pn_share_holds(__u64 lacks, __u64 cost,
								 __u64 burst)
{
	return !lacks || pn_bucket_holds(lacks, cost, burst);
}

/* What the source lacks when the packet was within it and has passed. */
static inline __attribute__((always_inline)) __u64 pn_share_owes(__u64 lacks, __u64 cost,
								 __u64 burst)
{
	return pn_bucket_owes(lacks, cost, pn_share_most(burst));
}

/* @lacks of a bucket, in bytes as before, once the rate is another. */
static inline __u64 pn_bucket_rescale(__u64 lacks, const struct pn_rate *was,
				      const struct pn_rate *now)
{
	__u64 byte = pn_rate_cost(was, 1u << 16) >> 16, bytes;

	if (!byte)
		byte = 1;
	bytes = lacks / byte;
	lacks = pn_rate_cost_of(now, bytes);
	return lacks > now->burst ? now->burst : lacks;
}

#endif
