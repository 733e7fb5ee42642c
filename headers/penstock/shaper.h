/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Shapers: what the loader and the data plane share of them. Written by the
 * loader, but for the buckets, which every CPU and both hooks take from.
 * Mapped arrays and a cuckoo table, as in abi.h and with the same order of
 * writing.
 */
#ifndef PENSTOCK_SHAPER_H
#define PENSTOCK_SHAPER_H

#include <penstock/abi.h>

/*
 * A shaper is a class of traffic with a rate; the file calls it one of `shapers`.
 * Their times are in units of 2^-PN_CLOCK_SHIFT ns: 15 fs, so that nothing
 * is lost at 400 Gbit/s, and 3 days round, which rate.h heeds.
 */
#define PN_CLOCK_SHIFT	16

/* What a byte costs at a rate: (bytes * mult) >> shift; mult 0: nothing. */
struct pn_rate {
	__u64	mult;
	__u64	burst;		/* the cost of the bucket when it is full */
	__u32	shift;
	__u32	reserved;
};

enum pn_shaper_action {
	PN_SHAPER_NONE = 0,	/* a parent: no packet is its own */
	PN_SHAPER_POLICE = 1,	/* what exceeds is dropped */
	PN_SHAPER_SHAPE = 2,	/* queued behind an IFB device: left to the kernel */
	PN_SHAPER_MARK = 3,	/* what exceeds gets another DSCP, or is only counted */
};

/*
 * Map pn_shapers, array, by shaper index (0: PN_SHAPER_AWAY), mapped into memory.
 * What stands before @tat is the loader's (and what it loses of @sources and
 * @ctat does no harm). From there on the words are the data plane's, one for each bucket:
 * the theoretical arrival time (GCRA, ITU-T I.371), which is when the bucket will
 * be full again. Every CPU and both hooks take from it by compare-and-swap, so
 * traffic that is split between them meets one rate. All that most packets need
 * is in the second cache line, which must be one's own to take from it anyway:
 * with 100,000 shapers each line costs a miss.
 */
struct pn_shaper {
	__u64	sources;	/* PN_SHAPER_F_PER_*: in this spell (low half), in the last */
	__u64	spell;		/* which spell that is; both are the data plane's */
	struct pn_rate ceil;	/* mult 0: as rate, and nothing is borrowed */
	__u32	minor;		/* PN_SHAPER_SHAPE: classid on the IFB device; 0: none */
	__u32	ifb;		/* and its ifindex */
	__u32	spread;		/* CPUs that it is spread over; 0: it is not */
	__u32	spread_at;	/* the first of them in pn_spread */
	__u64	ctat;		/* of @ceil; the data plane's */

	struct pn_rate rate __attribute__((aligned(64))); /* guaranteed */
	__u32	parent;		/* shaper index; 0: none */
	__s16	overhead;	/* bytes added to each packet, as tc's `overhead` */
	__u16	mpu;		/* and the least that one counts, as tc's `mpu` */
	__u32	generation;	/* of the configuration; 0: free; PN_SHAPER_AWAY */
	__u8	action;		/* enum pn_shaper_action */
	__u8	flags;		/* PN_SHAPER_F_* */
	__u8	dscp;		/* PN_SHAPER_F_REMARK: of what exceeds */
	__u8	mark_shift;	/* PN_SHAPER_F_ECN: CE when it lacks more than burst >> this */

	__u64	tat;		/* of @rate */
	__u64	base;		/* of what is taken without a look at the clock: rate.h */
	__u64	over_since;	/* ns of the clock at the first packet that exceeded; 0: none */
};
/* While a shaper is written another one stands in for it: entry 0. */
#define PN_SHAPER_AWAY		1u

#define PN_SHAPER_F_ECN		(1u << 0)	/* police: CE before the bucket is empty */
#define PN_SHAPER_F_REMARK	(1u << 1)
#define PN_SHAPER_F_L3		(1u << 2)	/* lengths without the Ethernet header and tags */
#define PN_SHAPER_F_ATM		(1u << 3)	/* linklayer atm: cells of 53 bytes for 48 */
#define PN_SHAPER_F_PER_SRC	(1u << 4)	/* fair between source addresses */
#define PN_SHAPER_F_PER_MAC	(1u << 5)	/* fair between source MAC addresses */
#define PN_SHAPER_F_EDT		(1u << 6)	/* shape: departure times, for fq */
#define PN_SHAPER_F_LENDS	(1u << 7)	/* has children: nobody takes on credit */
#define PN_SHAPER_DEPTH		4		/* host, port, tunnel or VLAN, tenant */

/*
 * What a packet is to shapers, and at the same time what a shaper asks of it: a
 * mask says which bits, @want which values. Addresses are v4-mapped. "inner" is
 * what the outermost tunnel carries, or the packet itself where there is none;
 * a tunnel is what this host has a device for.
 */
struct pn_flow {
	__u16	port;		/* index of the attached port */
	__u16	vid;		/* of the frame's first tag; 0: none */
	__u8	kind;		/* enum pn_tunnel_kind; 0: no tunnel */
	__u8	proto;		/* inner IP protocol; behind IPv6 extension headers: 0 */
	__u8	dscp;		/* inner, 0..63 */
	__u8	family;		/* of the inner packet: 4, 6, or 0 */
	__u32	key;		/* VNI, or GRE key in host order; 0: none */
	__u32	mark;		/* tc */
	__u16	sport, dport;	/* inner, host order; 0: no ports, or a fragment */
	__u32	has;		/* PN_FLOW_HAS_* */
	__be32	src[4], dst[4];	/* inner */
	__be32	peer[4], local[4]; /* outer, where there is a tunnel */
} __attribute__((aligned(8)));
#define PN_FLOW_HAS_TUNNEL	(1u << 0)
#define PN_FLOW_HAS_KEY		(1u << 1)
#define PN_FLOW_HAS_VLAN	(1u << 2)
#define PN_FLOW_HAS_PORTS	(1u << 3)
#define PN_FLOW_WORDS		11	/* of 64 bits */

/* Parts of pn_flow that a program has to fill, bits of pn_conf.parts. */
#define PN_PART_VLAN	(1u << 0)
#define PN_PART_TUNNEL	(1u << 1)	/* kind, key */
#define PN_PART_OUTER	(1u << 2)	/* peer, local */
#define PN_PART_INNER	(1u << 3)	/* family, proto, dscp, addresses */
#define PN_PART_PORTS	(1u << 4)
#define PN_PART_MARK	(1u << 5)

/*
 * Map pn_masks, array: all shapers that ask for the same bits share one look-up
 * (tuple space search). Of the shapers that take a packet the one with the
 * lowest @order wins, which is the first in the file. A mask keeps its place as
 * long as it has shapers; programs know the places that concern their port.
 *
 * Where the bits that matches can differ in fit into PN_MATCH_KEY_BITS, they are
 * the key themselves, one half word beside the other (@shift), and what is found
 * needs no comparison: the mask is exact. What all its matches have in common
 * (the family, what there is, the front of v4-mapped addresses) stands in @same.
 */
struct pn_match_mask {
	struct pn_flow bits;
	__u32	parts;		/* PN_PART_*: where it has bits */
	__u32	order;		/* the lowest of its shapers: search ends when found before */
	struct pn_flow keyed;	/* exact: those of @bits that are in the key */
	struct pn_flow same;	/* exact: values of the others */
	__u8	shift[2 * PN_FLOW_WORDS]; /* exact: of each half word of @keyed, low half first */
	__u8	exact;
	__u8	reserved[25];
};
#define PN_MAX_MASKS		16
#define PN_MATCH_KEY_BITS	59	/* beside the place of the mask, and a bit that is set */

/*
 * Map pn_match_keys, a bucketed cuckoo table: what masks have matches for. The
 * key of an exact mask is pn_hash64() of what it asks for, which no other has; of
 * others it is pn_hash_flow(), and the entry of pn_matches is compared. Its
 * buckets are bits of the key itself (it is a hash already). The value says the
 * entry, the shaper, and its order; it is read in one piece.
 */
struct pn_match_slot {
	__u64	key;		/* 0: free */
	__u64	value;
};

struct pn_match_bucket {
	struct pn_match_slot slot[PN_BUCKET_SLOTS];
};
#define PN_MATCH_EXACT		(1ull << 63)
#define PN_MATCH_INDEX		0xfffffu	/* PN_SHAPER_MAX_LIMIT - 1 */
#define PN_MATCH_VALUE(entry, shaper, order) \
	((__u64)(entry) << 40 | (__u64)(shaper) << 20 | (order))
#define PN_MATCH_ENTRY(value)	((__u32)((value) >> 40) & PN_MATCH_INDEX)
#define PN_MATCH_SHAPER(value)	((__u32)((value) >> 20) & PN_MATCH_INDEX)
#define PN_MATCH_ORDER(value)	(PN_MATCH_INDEX & (__u32)(value))

/*
 * Map pn_matches, array: what shapers ask for; 0 is never used. The data plane
 * reads it for masks that are not exact. Two matches of one key cannot both be there.
 */
struct pn_match {
	__u32	generation;	/* 0: free; differs for every writing */
	__u32	shaper;
	__u32	order;
	__u32	mask;		/* its place in pn_masks */
	struct pn_flow want;	/* no bits but the mask's */
	__u64	reserved[3];
};

/*
 * Map pn_shaper_stats, per-CPU array by shaper index: packets and bytes, as the
 * shaper counts them, by what became of them.
 */
enum pn_shaper_outcome {
	PN_SHAPER_PASSED = 0,	/* conforming, and nothing done to it */
	PN_SHAPER_BORROWED = 1,	/* passed on an ancestor's rate */
	PN_SHAPER_MARKED = 2,	/* passed, with CE set */
	PN_SHAPER_EXCEEDED = 3,	/* exceeding, but passed: re-marked or only counted */
	PN_SHAPER_DROPPED = 4,	/* exceeding, dropped */
	PN_SHAPER_QUEUED = 5,	/* handed to the IFB device */
};
#define PN_SHAPER_OUTCOMES 6

struct pn_shaper_stats {
	struct pn_count outcome[PN_SHAPER_OUTCOMES];
	__u64	over_ns;	/* time over the limit, as far as it has ended */
	__u64	reserved[3];
};

/*
 * Map pn_spread, array of CPU numbers + 1 (64 bits), mapped into memory: lists, of which
 * a shaper has @spread entries from @spread_at on. Equal lists are one; 0: free.
 *
 * Map pn_queues, array by CPU, one map for each port: what has been put into the
 * CPU's queue and what was taken out again, so that a packet for which there is
 * no room is dropped with a reason, before the kernel would lose it without.
 */
struct pn_queue {
	__u64	in __attribute__((aligned(64)));	/* every CPU adds */
	__u64	stuck;		/* @out when there was no room last */
	__u32	stuck_beat;	/* and pn_control.beat */
	__u32	reserved;
	__u64	out __attribute__((aligned(64)));	/* the CPU itself adds */
};

/* Map pn_sources, LRU hash: the sources of a shaper that is fair between them. */
struct pn_source_key {
	__u32	shaper;
	__be32	addr[4];	/* v4-mapped, or a MAC in the first 6 bytes */
};

struct pn_source {
	__u64	tat;
	__u64	spell;		/* in which it was counted last */
};

/* Can word @i of a flow have bits, if these are the parts that are asked for? */
static inline __attribute__((always_inline)) int pn_flow_has_word(int i, __u32 parts)
{
	if (i < 2)
		return 1;
	if (i == 2)
		return (parts & (PN_PART_VLAN | PN_PART_TUNNEL | PN_PART_OUTER |
				 PN_PART_PORTS)) != 0;
	return (parts & (i < 7 ? PN_PART_INNER : PN_PART_OUTER)) != 0;
}

/*
 * The words of @flow are masked already; @mask is the number of the mask. @parts
 * may say more than the mask has bits for: a word of zeros adds nothing. What
 * addresses differ in stands in the upper halves of their words, where a product
 * leaves it: sources and peers go into the lower half as well, and in the end
 * all does, so no two are the same and both buckets differ. Never 0.
 */
static inline __attribute__((always_inline)) __u64
pn_hash_flow(const struct pn_flow *flow, __u32 parts, __u32 mask, __u64 seed)
{
	const __u64 *word = (const __u64 *)flow;
	__u64 key = word[0] * 0xff51afd7ed558ccdull + word[1] * 0xc4ceb9fe1a85ec53ull + mask;
	__u64 from;

	if (parts & (PN_PART_PORTS | PN_PART_VLAN | PN_PART_TUNNEL))
		key += word[2] * 0x9fb21c651e98df25ull;
	if (parts & PN_PART_INNER) {
		from = word[3] * 0x87c37b91114253d5ull + word[4] * 0x4cf5ad432745937full;
		key ^= from ^ from >> 32;
		key += word[5] * 0x38b34ae5a1e38b93ull + word[6] * 0xa0761d6478bd642full;
	}
	if (parts & PN_PART_OUTER) {
		from = word[7] * 0xe7037ed1a0b428dbull + word[8] * 0x8ebc6af09c88c6e3ull;
		key ^= from ^ from >> 32;
		key += word[9] * 0x589965cc75374cc3ull + word[10] * 0x1d8e4e27c47d124full;
	}
	return pn_hash64(key ^ key >> 29, seed) | 1;
}

/*
 * The key of @flow in an exact mask, which is never 0; 0: no match has what is @same.
 * The words of @flow are masked already, and @parts as for pn_hash_flow().
 */
static inline __attribute__((always_inline)) __u64
pn_match_key(const struct pn_match_mask *mask, const struct pn_flow *flow, __u32 parts,
	     __u32 place, __u64 seed)
{
	const __u64 *word = (const __u64 *)flow, *keyed = (const __u64 *)&mask->keyed;
	const __u64 *same = (const __u64 *)&mask->same;
	__u64 key = 1ull << 63 | (__u64)place << PN_MATCH_KEY_BITS, differs = 0, bits;
	int i;

#ifdef __clang__
#pragma clang loop unroll(full)
#endif
	for (i = 0; i < PN_FLOW_WORDS; i++) {
		if (!pn_flow_has_word(i, parts))
			continue;
		bits = word[i] & keyed[i];
		differs |= (word[i] ^ bits) ^ same[i];
		key |= (bits & 0xffffffff) << (mask->shift[2 * i] & 63);
		key |= (bits >> 32) << (mask->shift[2 * i + 1] & 63);
	}
	return differs ? 0 : pn_hash64(key, seed & ~(1ull << 63));
}

/* The front of a v4-mapped address is the same in all matches of its mask. */
static inline void pn_match_plan_addr(const __be32 *bits, __be32 *keyed, const __be32 *want)
{
	if ((bits[0] & bits[1] & bits[2]) == 0xffffffff && !want[0] && !want[1] &&
	    want[2] == (__be32)__builtin_bswap32(0xffff))
		keyed[0] = keyed[1] = keyed[2] = 0;
}

/* Is @mask exact, and if so how, for matches like @want? Its bits are set. */
static inline void pn_match_plan(struct pn_match_mask *mask, const struct pn_flow *want)
{
	__u64 *keyed = (__u64 *)&mask->keyed, *same = (__u64 *)&mask->same;
	const __u64 *bits = (const __u64 *)&mask->bits, *word = (const __u64 *)want;
	__u32 at = 0, half, low, i;

	mask->keyed = mask->bits;
	mask->keyed.family = 0;
	mask->keyed.has = 0;
	pn_match_plan_addr(mask->bits.src, mask->keyed.src, want->src);
	pn_match_plan_addr(mask->bits.dst, mask->keyed.dst, want->dst);
	pn_match_plan_addr(mask->bits.peer, mask->keyed.peer, want->peer);
	pn_match_plan_addr(mask->bits.local, mask->keyed.local, want->local);
	for (i = 0; i < 2 * PN_FLOW_WORDS; i++) {
		half = keyed[i / 2] >> 32 * (i & 1);
		low = half ? __builtin_ctz(half) : 0;
		if (half && at < low)
			at = low;
		mask->shift[i] = half ? at - low : 0;
		if (half)
			at += 32 - __builtin_clz(half) - low;
	}
	mask->exact = at <= PN_MATCH_KEY_BITS;
	for (i = 0; i < PN_FLOW_WORDS; i++) {
		keyed[i] = mask->exact ? keyed[i] : 0;
		same[i] = mask->exact ? word[i] & bits[i] & ~keyed[i] : 0;
	}
	for (i = 0; i < 2 * PN_FLOW_WORDS && !mask->exact; i++)
		mask->shift[i] = 0;
}

/* Do these masks look for the same? */
static inline int pn_match_mask_is(const struct pn_match_mask *a, const struct pn_match_mask *b)
{
	const __u64 *x = (const __u64 *)&a->bits, *y = (const __u64 *)&b->bits;
	const __u64 *s = (const __u64 *)&a->same, *t = (const __u64 *)&b->same;
	int i;

	for (i = 0; i < PN_FLOW_WORDS; i++)
		if (x[i] != y[i] || s[i] != t[i])
			return 0;
	return a->parts == b->parts && a->exact == b->exact;
}

/* The two buckets of a key of pn_match_keys, to be masked. */
#define PN_MATCH_FIRST(key)	PN_HASH_FIRST(key)
#define PN_MATCH_SECOND(key)	PN_HASH_SECOND(key)

PN_ASSERT_SIZE(pn_rate, 24);
PN_ASSERT_SIZE(pn_shaper, 128);
PN_ASSERT_SIZE(pn_flow, 8 * PN_FLOW_WORDS);
PN_ASSERT_SIZE(pn_match_mask, 320);
PN_ASSERT_SIZE(pn_match_bucket, 64);
PN_ASSERT_SIZE(pn_match, 128);
PN_ASSERT_SIZE(pn_shaper_stats, 128);
PN_ASSERT_SIZE(pn_source, 16);
PN_ASSERT_SIZE(pn_queue, 128);

#endif
