// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the benchmarks measure with and compare to: a generator for live
 * frames, a counting sink, and programs that do nothing but pass or redirect.
 */
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bench/ruler.h"

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, RULER_DEVICES);
	__type(key, __u32);
	__type(value, __u32);
} ruler_devmap SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} ruler_count SEC(".maps");

struct ruler_gen ruler_gen = {};
static __u32 next_mac;

/* All of the headers, where a path may write anywhere in them. */
static __always_inline void front_write(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 i;

	for (i = 0; i < sizeof(ruler_gen.front); i += 8) {
		if (data + i + 8 > end)
			break;
		*(__u64 *)(data + i) = *(__u64 *)(ruler_gen.front + i);
	}
}

/*
 * Live frames come back as the path left them, so what a path may write is
 * written anew: the MAC addresses in front, and the one that is looked up.
 */
SEC("xdp")
int gen(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 at = ruler_gen.mac_at & 0xff;
	__u16 *mac = data + at + 2;
	__u32 host;

	if (data + 14 > end || (void *)mac + 4 > end)
		return XDP_ABORTED;
	if (ruler_gen.front_len > RULER_FRONT)
		front_write(ctx);
	else
		__builtin_memcpy(data, ruler_gen.front, RULER_FRONT);
	if (ruler_gen.mac_mask) {
		/* far apart, as addresses in a real table are */
		host = bpf_htonl(next_mac++ * 2654435761u & ruler_gen.mac_mask);
		mac[0] = host;
		mac[1] = host >> 16;
	}
	return bpf_redirect_map(&ruler_devmap, ruler_gen.device, XDP_ABORTED);
}

static __always_inline void frame_count(void)
{
	__u32 zero = 0;
	__u64 *count = bpf_map_lookup_elem(&ruler_count, &zero);

	if (count)
		++*count;
}

SEC("xdp")
int sink(struct xdp_md *ctx)
{
	frame_count();
	return XDP_DROP;
}

SEC("tc")
int tc_sink(struct __sk_buff *skb)
{
	frame_count();
	return TC_ACT_SHOT;
}

SEC("xdp")
int pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp")
int redirect(struct xdp_md *ctx)
{
	return bpf_redirect_map(&ruler_devmap, RULER_DUT, XDP_DROP);
}

struct bpf_fib_lookup ruler_fib = {};

/* One route look-up, as routed tunnels need it. */
SEC("xdp")
int fib(struct xdp_md *ctx)
{
	struct bpf_fib_lookup params = ruler_fib;

	return bpf_fib_lookup(ctx, &params, sizeof(params), 0) ? XDP_DROP : XDP_PASS;
}

const volatile __u32 ruler_tc_device = 0;

SEC("tc")
int tc_pass(struct __sk_buff *skb)
{
	return TC_ACT_UNSPEC;
}

SEC("tc")
int tc_redirect(struct __sk_buff *skb)
{
	return bpf_redirect(ruler_tc_device, 0);
}

char _license[] SEC("license") = "Dual BSD/GPL";
