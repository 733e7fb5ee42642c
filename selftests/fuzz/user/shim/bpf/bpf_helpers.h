/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The BPF helpers that the data plane calls, as ordinary functions: it is
 * compiled for user space here, and helpers.c plays the kernel. Stands in for
 * libbpf's header of this name.
 */
#ifndef PN_TEST_SHIM_HELPERS_H
#define PN_TEST_SHIM_HELPERS_H

#include <linux/bpf.h>
#include <stddef.h>

#undef __always_inline
#define __always_inline		inline __attribute__((always_inline, unused))
#define __noinline		__attribute__((noinline))
#define __uint(name, val)	int(*name)[val]
#define __type(name, val)	__typeof__(val) *name
#define SEC(name)		__attribute__((unused))

void *bpf_map_lookup_elem(const void *map, const void *key);
long bpf_map_update_elem(const void *map, const void *key, const void *value, __u64 flags);
__u64 bpf_ktime_get_ns(void);
__u32 bpf_get_smp_processor_id(void);
long bpf_xdp_adjust_head(struct xdp_md *ctx, int delta);
long bpf_xdp_adjust_tail(struct xdp_md *ctx, int delta);
__u64 bpf_xdp_get_buff_len(struct xdp_md *ctx);
long bpf_redirect_map(const void *map, __u64 key, __u64 flags);
long bpf_redirect(__u32 ifindex, __u64 flags);
long bpf_skb_pull_data(struct __sk_buff *skb, __u32 len);
long bpf_skb_adjust_room(struct __sk_buff *skb, __s32 len, __u32 mode, __u64 flags);
long bpf_skb_change_tail(struct __sk_buff *skb, __u32 len, __u64 flags);
long bpf_skb_change_head(struct __sk_buff *skb, __u32 len, __u64 flags);
long bpf_skb_change_proto(struct __sk_buff *skb, __be16 proto, __u64 flags);
long bpf_skb_change_type(struct __sk_buff *skb, __u32 type);
long bpf_skb_store_bytes(struct __sk_buff *skb, __u32 offset, const void *from, __u32 len,
			 __u64 flags);
long bpf_skb_vlan_pop(struct __sk_buff *skb);
long bpf_skb_vlan_push(struct __sk_buff *skb, __be16 proto, __u16 tci);
long bpf_csum_level(struct __sk_buff *skb, __u64 level);
long bpf_fib_lookup(void *ctx, struct bpf_fib_lookup *params, int len, __u32 flags);

#endif
