/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The pipeline's view of an XDP frame. Same names as ctx_tc.h; the entry
 * program includes one of them. Packet pointers die at ctx_strip() and
 * ctx_trim() and nowhere else.
 */
#ifndef PN_BPF_CTX_H
#define PN_BPF_CTX_H

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include <penstock/abi.h>
#include <penstock/wire.h>

#include "lib/config.h"
#include "lib/cursor.h"

typedef struct xdp_md ctx_t;

#define CTX_TARGET	PN_PORT_XDP_TARGET
#define CTX_SPREADS	1	/* frames may go on to another CPU */

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, PN_MAX_PORTS);
	__type(key, __u32);
	__type(value, __u32);
} pn_devmap SEC(".maps");

static __always_inline struct cursor ctx_cursor(ctx_t *ctx)
{
	/* or clang keeps pointers to the fields, which no verifier takes */
	asm volatile("" : "+r"(ctx));
	return (struct cursor){ (void *)(long)ctx->data, (void *)(long)ctx->data_end };
}

/* Whole frame, bytes. */
static __always_inline __u32 ctx_len(ctx_t *ctx)
{
	if (pn_conf.frags)
		return bpf_xdp_get_buff_len(ctx);
	return ctx->data_end - ctx->data;
}

/*
 * A frame in several buffers may be redirected only to a driver that takes
 * them, and its checksum cannot be summed in place: it is the kernel's.
 */
static __always_inline bool ctx_is_whole(ctx_t *ctx, __u32 len)
{
	return !pn_conf.frags || ctx->data_end - ctx->data == len;
}

/* XDP frames are not super-packets, and their headers are where they are. */
static __always_inline bool ctx_is_gso(ctx_t *ctx)
{
	return false;
}

static __always_inline __u32 ctx_gso_size(ctx_t *ctx)
{
	return 0;
}

/* Frames have no place for it: the filters behind look for themselves. */
static __always_inline void ctx_note(ctx_t *ctx, __u32 shaper)
{
}

/* Was it more on the wire than its length? */
static __always_inline bool ctx_is_wider(ctx_t *ctx)
{
	return false;
}

static __always_inline void ctx_pull(ctx_t *ctx, __u32 len)
{
}

static __always_inline bool ctx_csum_proven(ctx_t *ctx)
{
	return false;
}

/* XDP sees every tag in the bytes. */
static __always_inline bool ctx_tag(ctx_t *ctx, __u16 *tci, bool *is_ad)
{
	return false;
}

/* Could @outer_len bytes be stripped so that @inner_proto remains? */
static __always_inline enum pn_reason ctx_may_strip(ctx_t *ctx, __u16 inner_proto,
						    __u32 inner_len, const struct pn_port *egress)
{
	return PN_R_NONE;
}

/* Cut the frame down to @len bytes. */
static __always_inline int ctx_trim(ctx_t *ctx, __u32 len, __u32 new_len)
{
	return bpf_xdp_adjust_tail(ctx, (int)new_len - (int)len);
}

/* Remove the first @len bytes; the inner Ethernet header comes to the front. */
static __always_inline int ctx_strip(ctx_t *ctx, __u32 len)
{
	return bpf_xdp_adjust_head(ctx, len);
}

/* Bytes that are there, and in no checksum beside the packet. */
static __always_inline int ctx_write(ctx_t *ctx, __u32 off, const void *from, __u32 len)
{
	struct cursor cur = ctx_cursor(ctx);
	void *to;

	cursor_seek(&cur, off);
	to = cursor_take(&cur, len);
	if (!to)
		return -1;
	__builtin_memcpy(to, from, len);
	return 0;
}

/* A frame has no mark and no priority, and no protocol beside its bytes. */
static __always_inline __u32 ctx_mark(ctx_t *ctx)
{
	return 0;
}

static __always_inline void ctx_set_priority(ctx_t *ctx, __u8 tos)
{
}

static __always_inline enum pn_reason ctx_may_route(ctx_t *ctx)
{
	return PN_R_NONE;
}

static __always_inline int ctx_rehearse(ctx_t *ctx, __u16 proto)
{
	return 0;
}

/* Remove what is in front of the IP header at @off, but room for Ethernet. */
static __always_inline int ctx_strip_ip(ctx_t *ctx, __u32 off, __u16 proto)
{
	return bpf_xdp_adjust_head(ctx, (int)off - (int)sizeof(struct pn_ethhdr));
}

/* XDP_PASS comes from the device that the frame arrived on. */
#define CTX_DELIVERS	0

static __always_inline bool ctx_may_deliver(ctx_t *ctx, bool bare, __u32 inner_len)
{
	return false;
}

static __always_inline bool ctx_deliver(ctx_t *ctx, __u32 ifindex, int *action)
{
	return false;
}

/* Tags are in the bytes. */
static __always_inline bool ctx_may_pop(ctx_t *ctx, __u16 inner)
{
	return true;
}

/* The MAC addresses move over the tag. 0, or less than that. */
static __always_inline int ctx_vlan_pop(ctx_t *ctx)
{
	struct cursor cur = ctx_cursor(ctx);
	struct pn_ethhdr *eth = cursor_take(&cur, sizeof(*eth) + sizeof(struct pn_vlanhdr));
	struct pn_ethhdr moved;

	if (!eth)
		return -1;
	moved = *eth;
	eth = (void *)eth + sizeof(struct pn_vlanhdr);
	__builtin_memcpy(eth, &moved, 2 * PN_ETH_ALEN);
	return bpf_xdp_adjust_head(ctx, sizeof(struct pn_vlanhdr));
}

static __always_inline int ctx_vlan_push(ctx_t *ctx, __u16 tpid, __u16 tci)
{
	struct pn_ethhdr *eth, moved;
	struct pn_vlanhdr *vlan;
	struct cursor cur;
	int err;

	err = bpf_xdp_adjust_head(ctx, -(int)sizeof(*vlan));
	if (err)
		return err;
	cur = ctx_cursor(ctx);
	eth = cursor_take(&cur, sizeof(*eth) + sizeof(*vlan));
	if (!eth)
		return -1;
	moved = *(struct pn_ethhdr *)((void *)eth + sizeof(*vlan));
	vlan = (void *)(eth + 1);
	vlan->tci = bpf_htons(tci);
	vlan->type = moved.type;
	moved.type = bpf_htons(tpid);
	*eth = moved;
	return 0;
}

static __always_inline bool ctx_redirect(ctx_t *ctx, __u16 port, const struct pn_port *egress,
					 int *action)
{
	*action = bpf_redirect_map(&pn_devmap, port, XDP_DROP);
	return *action == XDP_REDIRECT;
}

#endif
