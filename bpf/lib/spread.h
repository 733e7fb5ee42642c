/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A shaper that outgrows a CPU: once it has been charged, a packet goes on to
 * one of several CPUs, by its inner flow. There the same program, without
 * shapers, decides anew, writes and counts. What this CPU alone may do
 * stays: drops, packets that the kernel must have from here, and those whose
 * CPU this is. XDP only.
 */
#ifndef PN_BPF_SPREAD_H
#define PN_BPF_SPREAD_H

#include "lib/count.h"
#include "lib/flow.h"

#define QUEUE_SLACK	64	/* the kernel frees the places of its ring in lots */

/* CPUs that this port's packets go on to; each entry has the program for it. */
struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bpf_cpumap_val);
} pn_cpumap SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pn_queue);
} pn_queues SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, PN_SPREAD_MAX);
	__type(key, __u32);
	__type(value, __u64);
} pn_spread SEC(".maps");

/* A packet has come out of this CPU's queue. */
static __always_inline void spread_arrived(void)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct pn_queue *queue = bpf_map_lookup_elem(&pn_queues, &cpu);

	if (queue)
		*(volatile __u64 *)&queue->out = queue->out + 1;
}

/*
 * What is for an IFB device, and the packet by which an entry of the kernel's stays
 * young, are known here only. Where a gate closes the port, checksums or tags may
 * stand beside the bytes, and a queue would lose them.
 */
static __always_inline bool spread_may(enum pn_reason reason)
{
	struct pn_port *port = port_lookup(pn_conf.port);

	return reason_verdict(reason) != PN_DROP && reason != PN_R_SHAPER &&
	       reason != PN_R_REFRESH && reason != PN_R_GATE_PORT &&
	       reason != PN_R_NONLINEAR && port && !(port->ignored & PN_GATE_OFFLOAD);
}

/* The same both ways through the masks: addresses, protocol, ports; fragments have none. */
static __always_inline __u32 spread_hash(const struct pn_flow *flow)
{
	const __u64 *word = (const __u64 *)flow;
	__u64 key = word[3] * 0x87c37b91114253d5ull + word[4] * 0x4cf5ad432745937full;

	key += word[5] * 0x38b34ae5a1e38b93ull + word[6] * 0xa0761d6478bd642full;
	key += ((__u64)flow->proto << 32 | (__u32)word[2]) * 0x9fb21c651e98df25ull;
	return pn_hash64(key, pn_conf.seed) >> 32;
}

/*
 * Is there room? A CPU that takes nothing out for a beat has gone offline, and
 * what is in its queue is not to be waited for.
 */
static __always_inline enum pn_reason queue_full(struct pn_queue *queue, __u64 out)
{
	struct pn_control *control;
	__u32 zero = 0, beat;

	control = bpf_map_lookup_elem(&pn_control, &zero);
	beat = control ? control->beat : 0;
	if (queue->stuck == out && beat - queue->stuck_beat > 1)
		return PN_R_NONE;
	if (queue->stuck != out) {
		*(volatile __u64 *)&queue->stuck = out;
		*(volatile __u32 *)&queue->stuck_beat = beat;
	}
	return PN_R_SPREAD_FULL;
}

/* The shaper lets the packet go: on which CPU? */
static __always_inline void spread_choose(struct packet *pkt, const struct pn_shaper *shaper)
{
	__u32 at, cpus = *(const volatile __u32 *)&shaper->spread;
	__u64 *cpu;

	if (pn_conf.explain || !cpus)
		return;
	at = shaper->spread_at + (__u32)((__u64)spread_hash(&pkt->flow) * cpus >> 32);
	cpu = bpf_map_lookup_elem(&pn_spread, &at);
	if (cpu && *cpu && *cpu - 1 != bpf_get_smp_processor_id())
		pkt->cpu = *cpu;
}

/*
 * Into that CPU's queue: *@action says that it is there. PN_R_NONE and another
 * action: it goes on here.
 */
static __always_inline enum pn_reason spread(struct packet *pkt, int *action)
{
	__u32 cpu = pkt->cpu - 1;
	struct pn_queue *queue = bpf_map_lookup_elem(&pn_queues, &cpu);
	__u64 out;

	if (!queue)
		return PN_R_NONE;
	out = *(volatile __u64 *)&queue->out;
	if ((__s64)(*(volatile __u64 *)&queue->in - out) >= PN_SPREAD_QUEUE - QUEUE_SLACK)
		return queue_full(queue, out);
	if (bpf_redirect_map(&pn_cpumap, cpu, XDP_PASS) != XDP_REDIRECT)
		return PN_R_NONE;
	__sync_fetch_and_add(&queue->in, 1);
	*action = XDP_REDIRECT;
	return PN_R_NONE;
}

/* What is left to the kernel goes on there as well; PN_R_NONE: it has gone. */
static __always_inline enum pn_reason spread_passed(struct packet *pkt, enum pn_reason reason,
						    int *action)
{
	enum pn_reason full;

	if (!reason || !pkt->cpu || !spread_may(reason))
		return reason;
	full = spread(pkt, action);
	if (full)
		return full;
	return *action == XDP_REDIRECT ? PN_R_NONE : reason;
}

#endif
