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

/* A bucket takes longer than this to fill only by mistake: 4.8 hours. */
#define PN_COST_MOST	(1ull << 60)

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
	__u64 block = pn_rate_cost(rate, 1u << 16), blocks = bytes >> 16;

	if (block && blocks >= PN_COST_MOST / block)
		return PN_COST_MOST;
	return blocks * block + pn_rate_cost(rate, bytes & 0xffff);
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
 * What a bucket lacks of being full at @now. A time further ahead than twice the
 * burst was never written: the clock has gone round since, the bucket is full.
 */
static inline __attribute__((always_inline)) __u64 pn_bucket_lacks(__u64 tat, __u64 now,
								   __u64 burst)
{
	__u64 lacks = tat - now;

	return lacks > 2 * burst ? 0 : lacks;
}

/* Does a packet conform? Then the bucket lacks its cost more. */
static inline __attribute__((always_inline)) bool pn_bucket_holds(__u64 lacks, __u64 cost,
								  __u64 burst)
{
	return lacks + cost <= burst;
}

/* An ancestor is charged for what its children may send anyway, but never owes more than this. */
static inline __attribute__((always_inline)) __u64 pn_bucket_owes(__u64 lacks, __u64 cost,
								  __u64 burst)
{
	return lacks + cost > burst ? burst : lacks + cost;
}

/*
 * Fair between @n sources: the cost of a packet to its source, whose bucket fills
 * at a share of the rate and so takes as long as the whole one.
 */
static inline __attribute__((always_inline)) __u64 pn_share_cost(__u64 cost, __u32 n)
{
	if (n < 2)
		return cost;
	if (cost >> 40 || n >> 20)
		return PN_COST_MOST;
	return cost * n;
}

/* A source may always send one packet when its bucket is full. */
static inline __attribute__((always_inline)) bool pn_share_holds(__u64 lacks, __u64 cost,
								 __u64 burst)
{
	return !lacks || pn_bucket_holds(lacks, cost, burst);
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
