// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The clock of FDB ageing: a BPF timer advances the epoch, whether a daemon
 * runs or not. Pinning the map keeps the timer alive; run the program once
 * (BPF_PROG_TEST_RUN) to start it.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <linux/time.h>
#include <bpf/bpf_helpers.h>

#include <penstock/abi.h>

#define EPOCH_NS_LEAST	100000000ull	/* a wrong setting must not become a busy loop */
#define TICK_NS_MOST	1000000000ull	/* how soon a shorter epoch is heeded */

struct clock {
	struct bpf_timer timer;
	__u64 began;		/* the epoch, CLOCK_MONOTONIC */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct clock);
} pn_clock SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pn_control);
} pn_control SEC(".maps");

static __u64 epoch_ns(const struct pn_control *control)
{
	__u64 ns = *(volatile __u64 *)&control->epoch_ns;

	return ns < EPOCH_NS_LEAST ? EPOCH_NS_LEAST : ns;
}

static __u64 tick_ns(__u64 epoch)
{
	return epoch < TICK_NS_MOST ? epoch : TICK_NS_MOST;
}

static int clock_tick(void *map, __u32 *key, struct clock *clock)
{
	__u64 now = bpf_ktime_get_ns(), epoch;
	struct pn_control *control;
	__u32 zero = 0;

	control = bpf_map_lookup_elem(&pn_control, &zero);
	if (!control)
		return 0;
	epoch = epoch_ns(control);
	if (now - clock->began >= epoch) {
		clock->began = now;
		control->epoch++;
	}
	control->beat = now / PN_BEAT_NS;
	bpf_timer_start(&clock->timer, tick_ns(epoch), 0);
	return 0;
}

SEC("tc")
int clock_start(struct __sk_buff *skb)
{
	struct pn_control *control;
	struct clock *clock;
	__u32 zero = 0;

	clock = bpf_map_lookup_elem(&pn_clock, &zero);
	control = bpf_map_lookup_elem(&pn_control, &zero);
	if (!clock || !control)
		return TC_ACT_SHOT;
	/* a timer that is there already only gets its callback and time anew */
	bpf_timer_init(&clock->timer, &pn_clock, CLOCK_MONOTONIC);
	bpf_timer_set_callback(&clock->timer, clock_tick);
	clock->began = bpf_ktime_get_ns();
	bpf_timer_start(&clock->timer, tick_ns(epoch_ns(control)), 0);
	return TC_ACT_OK;
}

char _license[] SEC("license") = "Dual BSD/GPL";
