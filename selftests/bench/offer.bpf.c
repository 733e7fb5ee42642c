// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Offered load and what arrives of it, by slots of time: a generator for live
 * frames that keeps a pace, and a sink. Both look at the clock themselves, so
 * that nobody who reads the counts later can be late.
 */
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bench/offered.h"

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, OFFERED_CPUS);
	__type(key, __u32);
	__type(value, __u32);
} offer_devmap SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, OFFERED_SLOTS);
	__type(key, __u32);
	__type(value, struct offered_slot);
} offer_sent SEC(".maps"), offer_got SEC(".maps");

/* Packets, where there are several kinds. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, OFFERED_KINDS);
	__type(key, __u32);
	__type(value, __u64);
} offer_kinds_sent SEC(".maps"), offer_kinds_got SEC(".maps");

/* When the next packet of this CPU is due, ns << 10 since `from`. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} offer_due SEC(".maps");

struct offered_conf offered_conf = {};
static __u32 next_value, next_kind;

static __always_inline void slot_count(void *map, __u64 now, __u32 bytes)
{
	__u64 at = (now - offered_conf.from) / OFFERED_SLOT_NS;
	__u32 i = at < OFFERED_SLOTS ? at : OFFERED_SLOTS - 1;
	struct offered_slot *slot = bpf_map_lookup_elem(map, &i);

	if (slot && now >= offered_conf.from) {
		slot->packets++;
		slot->bytes += bytes;
	}
}

/* Whether it is time for a packet; who is late does not catch up by more than a slot. */
static __always_inline bool packet_is_due(__u64 now)
{
	__u64 since = (now - offered_conf.from) << 10, *due;
	__u32 zero = 0;

	if (!offered_conf.gap)
		return true;
	due = bpf_map_lookup_elem(&offer_due, &zero);
	if (!due || *due > since)
		return false;
	if (*due + (OFFERED_SLOT_NS << 10) < since)
		*due = since - (OFFERED_SLOT_NS << 10);
	*due += offered_conf.gap;
	return true;
}

static __always_inline void kind_count(void *map, __u32 kind)
{
	__u64 *packets = bpf_map_lookup_elem(map, &kind);

	if (packets)
		(*packets)++;
}

static __always_inline __u32 kind_next(void)
{
	__u32 nth = offered_conf.every ? next_kind++ % offered_conf.every + 1 : 0;

	return nth < OFFERED_KINDS && nth < offered_conf.every ? nth : 0;
}

/* Live frames come back as the path left them: the headers in front are written anew. */
SEC("xdp")
int offer_gen(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u16 *vary = data + (offered_conf.vary_at & 0xff);
	__u64 now = bpf_ktime_get_ns();
	__u32 value, kind;

	if (now < offered_conf.from || now >= offered_conf.until || !packet_is_due(now))
		return XDP_DROP;
	if (data + OFFERED_KIND_AT + 1 > end || (void *)(vary + 2) > end)
		return XDP_ABORTED;
	kind = kind_next();
	/* or the compiler, who knows it, leaves out what Linux 6.1 has to see */
	asm volatile("" : "+r"(kind));
	if (kind >= OFFERED_KINDS)
		return XDP_ABORTED;
	__builtin_memcpy(data, offered_conf.front[kind], OFFERED_FRONT);
	if (offered_conf.every) {
		*(__u8 *)(data + OFFERED_KIND_AT) = kind;
		kind_count(&offer_kinds_sent, kind);
	}
	if (offered_conf.vary_mask) {
		value = bpf_htonl(next_value++ * 2654435761u & offered_conf.vary_mask);
		vary[0] = value;
		vary[1] = value >> 16;
	}
	slot_count(&offer_sent, now, end - data);
	return bpf_redirect_map(&offer_devmap, kind < offered_conf.wires ? kind : 0, XDP_ABORTED);
}

SEC("xdp")
int offer_sink(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;

	slot_count(&offer_got, bpf_ktime_get_ns(), end - data);
	if (offered_conf.every && data + OFFERED_KIND_AT + 1 <= end)
		kind_count(&offer_kinds_got, *(__u8 *)(data + OFFERED_KIND_AT));
	return XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
