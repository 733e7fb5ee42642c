/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Ones' complement sums (RFC 1071). Sums are kept unfolded in 64 bits, in the
 * byte order of the memory they were read from, which the sum does not mind.
 */
#ifndef PN_BPF_CSUM_H
#define PN_BPF_CSUM_H

#include "lib/packet.h"

#define CSUM_BLOCK	64
#define CSUM_MAX_BLOCKS	160	/* 10,240 bytes: a jumbo frame */

static __always_inline __u16 csum_fold(__u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* A sum over correct data including its checksum is all ones. */
static __always_inline bool csum_holds(__u64 sum)
{
	return csum_fold(sum) == 0xffff;
}

/*
 * Sum of at most 16 32-bit words, for headers. The bound is written so that
 * clang 14 unrolls the loop, whatever @words is at the caller.
 */
static __always_inline __u64 csum_words(const void *data, int words)
{
	const __u32 *word = data;
	__u64 sum = 0;
	int i;

#pragma unroll
	for (i = 0; i < CSUM_BLOCK / 4; i++)
		if (i < words)
			sum += word[i];
	return sum;
}

/*
 * Sums over a part of the frame; -1: it is not there. Functions of their own,
 * so that the verifier walks each loop once and not once for every way, and
 * every length, that leads there.
 */
__attribute__((noinline)) __s64 csum_blocks(ctx_t *ctx, __u32 off, __u32 blocks)
{
	struct cursor cur = ctx_cursor(ctx);
	__u64 sum = 0;
	void *block;
	int i;

	if (blocks > CSUM_MAX_BLOCKS)
		return -1;
	cursor_seek(&cur, off);
	for (i = 0; i < CSUM_MAX_BLOCKS && blocks; i++, blocks--) {
		block = cursor_take(&cur, CSUM_BLOCK);
		if (!block)
			return -1;
		sum += csum_words(block, CSUM_BLOCK / 4);
	}
	return sum;
}

/* Fewer bytes than a block. */
__attribute__((noinline)) __s64 csum_tail(ctx_t *ctx, __u32 off, __u32 len)
{
	struct cursor cur = ctx_cursor(ctx);
	__u64 sum = 0;
	__u32 *word;
	__u8 *byte;
	int i;

	cursor_seek(&cur, off);
	for (i = 0; i < CSUM_BLOCK / 4 && len >= 4; i++, len -= 4) {
		word = cursor_take(&cur, 4);
		if (!word)
			return -1;
		sum += *word;
	}
	for (i = 0; i < 3 && len; i++, len--) {
		byte = cursor_take(&cur, 1);
		if (!byte)
			return -1;
		sum += i & 1 ? (__u32)*byte << 8 : *byte;
	}
	return len ? -1 : (__s64)sum;
}

/* Sum of @len bytes at offset @off of the frame; -1 if they are not there. */
static __always_inline __s64 csum_bytes(ctx_t *ctx, __u32 off, __u32 len)
{
	__s64 sum = csum_blocks(ctx, off, len / CSUM_BLOCK);
	__s64 tail = csum_tail(ctx, off + len / CSUM_BLOCK * CSUM_BLOCK, len % CSUM_BLOCK);

	return sum < 0 || tail < 0 ? -1 : sum + tail;
}

/* The pseudo-header of what the outer checksum covers. */
static __always_inline __u64 csum_outer_pseudo(const struct packet *pkt)
{
	__u64 sum = bpf_htons(PN_IPPROTO_UDP);

	/* GRE sums over itself and its payload only */
	if (pkt->csum == OUTER_CSUM_GRE)
		return 0;
	sum += bpf_htons(pkt->udp_len);
	sum += pkt->pair.src[3];
	sum += pkt->pair.dst[3];
	if (pkt->family == 6) {
		sum += (__u64)pkt->pair.src[0] + pkt->pair.src[1] + pkt->pair.src[2];
		sum += (__u64)pkt->pair.dst[0] + pkt->pair.dst[1] + pkt->pair.dst[2];
	}
	return sum;
}

/* Proof over every byte. */
static __always_inline bool csum_full_holds(ctx_t *ctx, const struct packet *pkt)
{
	__s64 sum = csum_bytes(ctx, pkt->l4, pkt->end - pkt->l4);

	return sum >= 0 && csum_holds(csum_outer_pseudo(pkt) + (__u64)sum);
}

#endif
