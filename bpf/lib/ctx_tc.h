/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The pipeline's view of an skb at tc ingress. Same names as ctx_xdp.h. The
 * first VLAN tag is in metadata here, the payload may be in fragments, and a
 * packet may be a super-packet: bpf_skb_adjust_room leaves the tunnel's GSO
 * type and the encapsulation mark on such a buffer, so it is not for us.
 */
#ifndef PN_BPF_CTX_H
#define PN_BPF_CTX_H

#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include <penstock/abi.h>
#include <penstock/wire.h>

#include "lib/config.h"
#include "lib/cursor.h"

typedef struct __sk_buff ctx_t;

#define CTX_TARGET	PN_PORT_TC_TARGET
#define CTX_SPREADS	0	/* only XDP frames may */

static __always_inline struct cursor ctx_cursor(ctx_t *ctx)
{
	/* or clang keeps pointers to the fields, which no verifier takes */
	asm volatile("" : "+r"(ctx));
	return (struct cursor){ (void *)(long)ctx->data, (void *)(long)ctx->data_end };
}

static __always_inline __u32 ctx_len(ctx_t *ctx)
{
	return ctx->len;
}

/* Fragments of an skb stay where they are; what must be read is pulled. */
static __always_inline bool ctx_is_whole(ctx_t *ctx, __u32 len)
{
	return true;
}

static __always_inline bool ctx_is_gso(ctx_t *ctx)
{
	return ctx->gso_size != 0;
}

static __always_inline __u32 ctx_gso_size(ctx_t *ctx)
{
	return ctx->gso_size;
}

/*
 * A note to the filters behind the port's program: which shaper's queue the packet is
 * for. Others may write there too; the seed says that it is ours.
 */
static __always_inline void ctx_note(ctx_t *ctx, __u32 shaper)
{
	asm volatile("" : "+r"(ctx));
	ctx->cb[0] = (__u32)pn_conf.seed;
	ctx->cb[1] = pn_conf.seed >> 32;
	ctx->cb[2] = shaper;
}

static __always_inline bool ctx_noted(ctx_t *ctx, __u32 *shaper)
{
	if (ctx->cb[0] != (__u32)pn_conf.seed || ctx->cb[1] != pn_conf.seed >> 32)
		return false;
	*shaper = ctx->cb[2];
	return true;
}

/* Was it more on the wire than its length? */
static __always_inline bool ctx_is_wider(ctx_t *ctx)
{
	return ctx->gso_size || ctx->vlan_present;
}

/* Make the first @len bytes (or all there are) readable in place. */
static __always_inline void ctx_pull(ctx_t *ctx, __u32 len)
{
	if (len > ctx->len)
		len = ctx->len;
	if ((__u32)(ctx->data_end - ctx->data) < len)
		bpf_skb_pull_data(ctx, len);
}

/* The NIC or an earlier hop has verified the outermost checksum. */
static __always_inline bool ctx_csum_proven(ctx_t *ctx)
{
	return bpf_csum_level(ctx, BPF_CSUM_LEVEL_QUERY) >= 0;
}

static __always_inline bool ctx_tag(ctx_t *ctx, __u16 *tci, bool *is_ad)
{
	if (!ctx->vlan_present)
		return false;
	*tci = ctx->vlan_tci;
	*is_ad = ctx->vlan_proto == bpf_htons(PN_ETHERTYPE_8021AD);
	return true;
}

/*
 * bpf_skb_adjust_room wants an IP packet of at least a header's length to
 * remain, and leaves skb->protocol as it was: only a device whose driver
 * derives it from the frame may be sent another protocol.
 */
static __always_inline enum pn_reason ctx_may_strip(ctx_t *ctx, __u16 inner_proto,
						    __u32 inner_len, const struct pn_port *egress)
{
	__u32 least = ctx->protocol == bpf_htons(PN_ETHERTYPE_IPV6) ? 40 : 20;

	if (inner_len < sizeof(struct pn_ethhdr) + least)
		return PN_R_HELPER;
	if (ctx->protocol != bpf_htons(PN_ETHERTYPE_IPV4) &&
	    ctx->protocol != bpf_htons(PN_ETHERTYPE_IPV6))
		return PN_R_HELPER;
	if (bpf_htons(inner_proto) != ctx->protocol && !(egress->flags & PN_PORT_SETS_PROTO))
		return PN_R_INNER_PROTO;
	return PN_R_NONE;
}

static __always_inline int ctx_trim(ctx_t *ctx, __u32 len, __u32 new_len)
{
	return bpf_skb_change_tail(ctx, new_len, 0);
}

/*
 * adjust_room keeps the outer Ethernet header and cuts behind it, so the inner
 * one is carried over it. @len counts the bytes in front of the inner frame.
 */
static __always_inline int ctx_strip(ctx_t *ctx, __u32 len)
{
	struct cursor cur = ctx_cursor(ctx);
	struct pn_ethhdr inner, *eth;
	int err;

	cursor_seek(&cur, len);
	eth = cursor_take(&cur, sizeof(*eth));
	if (!eth)
		return -1;
	inner = *eth;
	err = bpf_skb_adjust_room(ctx, -(__s32)len, BPF_ADJ_ROOM_MAC, 0);
	if (err)
		return err;
	if (ctx->vlan_present)
		bpf_skb_vlan_pop(ctx);
	/* adjust_room has pulled these bytes together: only the verifier doubts it */
	cur = ctx_cursor(ctx);
	eth = cursor_take(&cur, sizeof(*eth));
	if (!eth)
		return -1;
	*eth = inner;
	return 0;
}

/* The checksum that a device has found over all of the packet follows. */
static __always_inline int ctx_write(ctx_t *ctx, __u32 off, const void *from, __u32 len)
{
	return bpf_skb_store_bytes(ctx, off, from, len, BPF_F_RECOMPUTE_CSUM);
}

static __always_inline __u32 ctx_mark(ctx_t *ctx)
{
	return ctx->mark;
}

/* rt_tos2priority(): the TOS bits, whatever class they were meant for. */
static __always_inline void ctx_set_priority(ctx_t *ctx, __u8 tos)
{
	/* best effort 0, bulk 2, interactive 6, interactive bulk 4 */
	ctx->priority = 0x4620 >> (tos >> 3 & 3) * 4 & 0xf;
}

static __always_inline bool ctx_holds_ip(ctx_t *ctx)
{
	return ctx->protocol == bpf_htons(PN_ETHERTYPE_IPV4) ||
	       ctx->protocol == bpf_htons(PN_ETHERTYPE_IPV6);
}

static __always_inline enum pn_reason ctx_may_route(ctx_t *ctx)
{
	return ctx_holds_ip(ctx) ? PN_R_NONE : PN_R_HELPER;
}

/*
 * Before bytes are trimmed that the outer lengths count: whatever could fail in
 * ctx_strip_ip() fails now, with the packet as it was. A buffer that is private
 * and in one piece can always be cut, and room once made for IPv6 is there.
 */
static __always_inline int ctx_rehearse(ctx_t *ctx, __u16 proto)
{
	if (ctx->protocol == bpf_htons(proto))
		return 0;
	if (bpf_skb_pull_data(ctx, ctx->len))
		return -1;
	if (proto == PN_ETHERTYPE_IPV4)
		return 0;
	if (bpf_skb_change_proto(ctx, bpf_htons(PN_ETHERTYPE_IPV6), 0))
		return -1;
	return bpf_skb_change_proto(ctx, bpf_htons(PN_ETHERTYPE_IPV4), 0);
}

/*
 * Remove what is in front of the IP header at @off, but the Ethernet header.
 * bpf_skb_change_proto() puts 20 bytes behind that for IPv6, or takes as many
 * away. Once it has, the buffer is our own and in one piece as far as it is
 * cut, so the second helper has no way to fail.
 */
static __always_inline int ctx_strip_ip(ctx_t *ctx, __u32 off, __u16 proto)
{
	__s32 cut = off - sizeof(struct pn_ethhdr);
	int err = 0;

	if (ctx->protocol != bpf_htons(proto)) {
		err = bpf_skb_change_proto(ctx, bpf_htons(proto), 0);
		cut += proto == PN_ETHERTYPE_IPV6 ? 20 : -20;
	}
	if (!err)
		err = bpf_skb_adjust_room(ctx, -cut, BPF_ADJ_ROOM_MAC, 0);
	if (!err && ctx->vlan_present)
		bpf_skb_vlan_pop(ctx);
	return err;
}

/*
 * A redirect to the ingress of the tunnel device does what its driver does last
 * (skb_scrub_packet(), and eth_type_trans() for Ethernet), but also clears the
 * priority.
 */
#define CTX_DELIVERS	1

static __always_inline bool ctx_may_deliver(ctx_t *ctx, bool bare, __u32 inner_len)
{
	__u32 least = ctx->protocol == bpf_htons(PN_ETHERTYPE_IPV6) ? 40 : 20;

	return ctx_holds_ip(ctx) && !ctx->priority &&
	       (bare || inner_len >= sizeof(struct pn_ethhdr) + least);
}

static __always_inline bool ctx_deliver(ctx_t *ctx, __u32 ifindex, int *action)
{
	*action = bpf_redirect(ifindex, BPF_F_INGRESS);
	return *action == TC_ACT_REDIRECT;
}

/* bpf_skb_vlan_pop() takes a tag out of the bytes only where skb->protocol says so. */
static __always_inline bool ctx_may_pop(ctx_t *ctx, __u16 inner)
{
	return !inner && ctx->vlan_present;
}

static __always_inline int ctx_vlan_pop(ctx_t *ctx)
{
	return bpf_skb_vlan_pop(ctx);
}

static __always_inline int ctx_vlan_push(ctx_t *ctx, __u16 tpid, __u16 tci)
{
	return bpf_skb_vlan_push(ctx, bpf_htons(tpid), tci);
}

static __always_inline bool ctx_redirect(ctx_t *ctx, __u16 port, const struct pn_port *egress,
					 int *action)
{
	*action = bpf_redirect(egress->ifindex, 0);
	return *action == TC_ACT_REDIRECT;
}

#endif
