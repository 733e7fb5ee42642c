/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a packet counts at its shaper: the frame as it arrived without its FCS,
 * tags in it, or what is behind them; of a super-packet (tc) the frames that it
 * was on the wire.
 */
#ifndef PN_BPF_METER_H
#define PN_BPF_METER_H

#include <penstock/rate.h>

#include "lib/flow.h"

/* A packet at its shaper. */
struct meter {
	__u64 now;	/* 2^-PN_CLOCK_SHIFT ns; where the clock is read for each packet */
	__u32 bytes;
	__u32 packets;
};

/* A super-packet's headers, which stand in front of each of its segments; 0: odd. */
static __always_inline __u32 segment_headers(ctx_t *ctx, const struct packet *pkt)
{
	struct cursor cur = ctx_cursor(ctx);
	struct pn_ipv4hdr *ip;
	__u16 type, net = 0;
	__u32 off = 0;
	__u8 proto, *doff;

	if (pkt->tunnel && pkt->inner && !pkt->level)
		off = pkt->inner;
	if (off && pkt->bare) {
		net = off;
		type = pkt->proto;
	} else {
		type = flow_ether(ctx, off, &net);
	}
	cursor_seek(&cur, net);
	ip = cursor_take(&cur, sizeof(*ip));
	if (!ip || !net)
		return 0;
	if (type == PN_ETHERTYPE_IPV4) {
		proto = ip->protocol;
		off = net + (ip->ver_ihl & 15) * 4;
	} else {
		proto = ((struct pn_ipv6hdr *)ip)->nexthdr;
		off = net + sizeof(struct pn_ipv6hdr);
	}
	if (proto != PN_IPPROTO_TCP)
		return off + sizeof(struct pn_udphdr);
	cur = ctx_cursor(ctx);
	cursor_seek(&cur, off + 12);
	doff = cursor_take(&cur, 1);
	return doff ? off + (*doff >> 4) * 4 : 0;
}

/*
 * What is not a plain frame in L2 bytes: bytes in the lower half, packets in the
 * upper one. Not static: verified once by itself.
 */
__attribute__((noinline)) __u64 meter_rare(ctx_t *ctx, const struct packet *pkt, __u32 index)
{
	struct pn_shaper *shaper = bpf_map_lookup_elem(&pn_shapers, &index);
	__u32 front = 0, tag = 0, size = 0, n = 1, headers, last;
	__u16 tci, net = 0;
	bool is_ad;

	if (!pn_conf.masks || !pkt || !shaper)
		return 0;
	if (ctx_tag(ctx, &tci, &is_ad))
		tag = sizeof(struct pn_vlanhdr);
	if ((shaper->flags & PN_SHAPER_F_L3) && flow_ether(ctx, 0, &net))
		front = net + tag;
	last = pkt->len + tag;
	size = ctx_gso_size(ctx);
	headers = size ? segment_headers(ctx, pkt) : 0;
	if (headers && pkt->len > headers + size) {
		n = (pkt->len - headers + size - 1) / size;
		size += headers + tag;
		last += (n - 1) * (headers + tag) - (n - 1) * size;
	}
	return (__u64)n << 32 | ((n - 1) * pn_rate_len(shaper, size - front) +
				 pn_rate_len(shaper, last - front));
}

static __always_inline void meter_read(ctx_t *ctx, const struct packet *pkt, __u32 index,
				       const struct pn_shaper *shaper, struct meter *meter)
{
	__u64 rare;

	if ((shaper->flags & PN_SHAPER_F_L3) || ctx_is_wider(ctx)) {
		rare = meter_rare(ctx, pkt, index);
		meter->bytes = rare;
		meter->packets = rare >> 32;
	} else {
		meter->bytes = pn_rate_len(shaper, pkt->len);
		meter->packets = 1;
	}
}

#endif
