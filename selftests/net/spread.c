// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A shaper spread over CPUs, with real packets out of VXLAN: each arrives once
 * and with the bytes it would have anyway, in the order of its flow; what is
 * policed is so before; counters add up, and a queue without room says so.
 */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <string.h>

#include "fast.h"
#include "follow.h"
#include "pkt.h"
#include "scene.h"
#include "shaped.h"
#include "spreading.h"
#include "tap.h"
#include "wire.h"

#define FLOWS	  16
#define ROUNDS	  64
#define SPORT	  20000
#define SHAPER	  1
#define PATIENCE  5000 /* ms */
#define NUMBER_AT (14 + 20 + 8) /* of the packet in its flow, in the inner frame */
#define SEED	  0x5eed5eed5eed5eedull

static struct fast fast;
static struct shaped shaped;
static struct spreading spreading;
static struct scene scene;
static struct follow follow;
static struct pn_port_stats before;
static uint16_t cpu_here, cpu_other;

/* Inner UDP of one flow; @inner: without the tunnel. */
static void packet_build(struct pkt *p, unsigned int flow, uint32_t number, const char *dst,
			 bool inner)
{
	uint8_t body[32] = { 0 };
	struct pkt_ip ip = { .addr = pkt_addr("192.168.5.2", "192.168.6.2"), .proto = 17,
			     .ttl = 64 };

	pkt_put32(body, number);
	pkt_init(p);
	pkt_append(p, body, sizeof(body));
	pkt_udp(p, SPORT + flow, 9);
	pkt_ip(p, &ip);
	pkt_eth(p, dst, PKT_MAC_I, 0x0800);
	if (inner)
		return;
	pkt_vxlan(p, 5);
	pkt_U(p, 4789);
	pkt_O4(p, 17);
}

static bool frame_await(const struct wire *w, struct pkt *p)
{
	struct pollfd ready = { .fd = w->fd, .events = POLLIN };
	int ret = wire_recv(w, p, NULL);

	while (!ret && poll(&ready, 1, PATIENCE) > 0)
		ret = wire_recv(w, p, NULL);
	return ret > 0;
}

/* Packets counted for @reason since reasons_begin(), when all of them are @total. */
static void reasons_check(enum pn_reason reason, uint64_t total)
{
	struct pn_port_stats now;
	uint64_t sum = 0, n;

	if (!tap_sys(fast_stats(&fast, &now), "counters"))
		return;
	for (int i = 0; i < PN_MAX_REASONS; i++) {
		n = now.reason[i].packets - before.reason[i].packets;
		sum += n;
		if (n && i != (int)reason)
			tap_diag("%lu packets: %s", n, reason_name(i));
	}
	n = now.reason[reason].packets - before.reason[reason].packets;
	tap_eq(n, total, reason_name(reason));
	tap_eq(sum, total, "all reasons together");
}

static void reasons_begin(void)
{
	wire_drain(&scene.wire_out);
	fast_stats(&fast, &before);
}

/* A shaper for all of the port at @rate bytes a second, over the list of @n CPUs. */
static void shaper_put(struct shaped_rate rate, const uint16_t *cpus, unsigned int n)
{
	struct pn_shaper s = { .action = PN_SHAPER_POLICE, .spread = n, .spread_at = 3 };
	struct pn_flow bits = { .port = 0xffff }, want = { .port = W_WIRE };

	shaped_clear(&shaped);
	shaped_put(&shaped, SHAPER, &s, rate, (struct shaped_rate){ 0 });
	shaped_match(&shaped, 0, 1, &bits, &want, SHAPER);
	spreading_list(&spreading, 3, cpus, n);
}

static const struct shaped_rate plenty = { 1250000000, 12500000 };

/* One round of all flows after the other: what comes out must be in order in each of them. */
static void flows_check(const char *dst)
{
	uint32_t next[FLOWS] = { 0 };
	struct pkt got, want;
	unsigned int flow;

	for (int i = 0; i < FLOWS * ROUNDS; i++) {
		if (!frame_await(&scene.wire_out, &got) || got.len < NUMBER_AT + 4) {
			tap_fail("frame %d of %d does not arrive", i, FLOWS * ROUNDS);
			return;
		}
		flow = pkt_get16(pkt_data(&got) + 14 + 20) - SPORT;
		if (flow >= FLOWS) {
			tap_fail("frame %d is of no flow", i);
			return;
		}
		packet_build(&want, flow, next[flow]++, dst, true);
		if (!tap_bytes(pkt_data(&got), got.len, pkt_data(&want), want.len,
			       "bytes, and order"))
			return;
	}
}

static void flows_send(const char *dst)
{
	struct pkt p;

	for (int i = 0; i < FLOWS * ROUNDS; i++) {
		packet_build(&p, i % FLOWS, i / FLOWS, dst, false);
		if (!tap_sys(wire_send(&scene.wire_p, &p), "send"))
			return;
	}
}

struct way {
	const char *name;
	const char *dst;
	enum pn_reason reason;
	bool here, other;
};

static void ways(void)
{
	const struct way rows[] = {
		{ "not spread", SCENE_IN_DST, PN_R_DECAP, false, false },
		{ "on this CPU alone", SCENE_IN_DST, PN_R_DECAP, true, false },
		{ "on another", SCENE_IN_DST, PN_R_DECAP, false, true },
		{ "on two", SCENE_IN_DST, PN_R_DECAP, true, true },
		{ "what the kernel is to flood", "02:aa:00:00:00:99", PN_R_DST_UNKNOWN, true,
		  true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct way *w = &rows[i];
		uint16_t cpus[2] = { w->here ? cpu_here : cpu_other, cpu_other };
		struct pn_queue was, now;
		uint64_t gone;

		tap_case("%s: bytes, order, counters", w->name);
		shaper_put(plenty, cpus, w->here + w->other);
		spreading_queue(&spreading, cpu_other, &was);
		reasons_begin();
		flows_send(w->dst);
		flows_check(w->dst);
		reasons_check(w->reason, FLOWS * ROUNDS);
		shaped_count(&shaped, SHAPER, PN_SHAPER_PASSED, FLOWS * ROUNDS);
		spreading_queue(&spreading, cpu_other, &now);
		gone = now.in - was.in;
		tap_eq(now.out - was.out, gone, "all of the queue has been taken out");
		if (!w->other)
			tap_eq(gone, 0, "packets of another CPU");
		else if (!w->here)
			tap_eq(gone, FLOWS * ROUNDS, "packets of another CPU");
		else
			tap_true(gone > 0 && gone < FLOWS * ROUNDS && gone % ROUNDS == 0,
				 "whole flows on each CPU");
		tap_end();
	}
}

/* The shaper is charged on the first CPU, once. */
static void policed(void)
{
	struct pn_shaper_stats sum;
	struct pn_port_stats now;
	struct pkt got;
	uint64_t passed;

	tap_case("what exceeds is dropped before it is spread");
	shaper_put((struct shaped_rate){ 1000, 6000 }, &cpu_other, 1);
	reasons_begin();
	flows_send(SCENE_IN_DST);
	shaped_stats(&shaped, SHAPER, &sum);
	passed = sum.outcome[PN_SHAPER_PASSED].packets;
	for (uint64_t i = 0; i < passed; i++)
		if (!frame_await(&scene.wire_out, &got))
			tap_fail("frame %lu of %lu does not arrive", i, passed);
	fast_stats(&fast, &now);
	tap_true(passed >= 40 && passed < 80, "6000 bytes of 124 a packet");
	tap_eq(passed + sum.outcome[PN_SHAPER_DROPPED].packets, FLOWS * ROUNDS, "all packets");
	tap_eq(now.reason[PN_R_DECAP].packets - before.reason[PN_R_DECAP].packets, passed, "decap");
	tap_eq(now.reason[PN_R_POLICED].packets - before.reason[PN_R_POLICED].packets,
	       FLOWS * ROUNDS - passed, "policed");
	tap_end();
}

/* One packet with the other CPU's queue as @queue says. */
static void queue_case(const char *name, const struct pn_queue *queue, enum pn_reason reason)
{
	struct pn_queue none = { 0 };
	struct pkt p, got;

	tap_case("%s", name);
	shaper_put(plenty, &cpu_other, 1);
	spreading_set(&spreading, cpu_other, queue);
	reasons_begin();
	packet_build(&p, 0, 0, SCENE_IN_DST, false);
	tap_sys(wire_send(&scene.wire_p, &p), "send");
	if (reason != PN_R_SPREAD_FULL)
		tap_true(frame_await(&scene.wire_out, &got), "it arrives");
	reasons_check(reason, 1);
	spreading_set(&spreading, cpu_other, &none);
	tap_end();
}

static void queues(void)
{
	const uint64_t full = PN_SPREAD_QUEUE;

	fast.control->beat = 7;
	queue_case("no room in the queue: dropped, and said",
		   &(struct pn_queue){ .in = full + 5, .out = 5, .stuck = 4 }, PN_R_SPREAD_FULL);
	queue_case("nor in the next beat",
		   &(struct pn_queue){ .in = full + 5, .out = 5, .stuck = 5, .stuck_beat = 6 },
		   PN_R_SPREAD_FULL);
	queue_case("a CPU that takes nothing out is not waited for",
		   &(struct pn_queue){ .in = full + 5, .out = 5, .stuck = 5, .stuck_beat = 5 },
		   PN_R_DECAP);
	queue_case("room for one more",
		   &(struct pn_queue){ .in = full - 65 + 5, .out = 5 }, PN_R_DECAP);
}

/* What stands beside the bytes would be lost on the way to another CPU. */
static void gates(void)
{
	struct pn_port *port = &fast.ports[W_WIRE];
	struct pn_queue was, now;
	struct pkt p, got;

	tap_case("behind a closed gate of the port nothing is spread");
	shaper_put(plenty, &cpu_other, 1);
	spreading_queue(&spreading, cpu_other, &was);
	port->gate[PN_PLACE_PORT] = PN_GATE_OFFLOAD;
	reasons_begin();
	packet_build(&p, 0, 0, SCENE_IN_DST, false);
	tap_sys(wire_send(&scene.wire_p, &p), "send");
	tap_true(frame_await(&scene.wire_out, &got), "the kernel delivers it");
	reasons_check(PN_R_GATE_PORT, 1);
	port->gate[PN_PLACE_PORT] = 0;
	spreading_queue(&spreading, cpu_other, &now);
	tap_eq(now.in - was.in, 0, "packets spread");
	tap_end();
}

static void world_open(void)
{
	struct fast_opts opts = { .hook = FAST_XDP, .masks = 1, .spread = true,
				  .parts = PN_PART_INNER | PN_PART_PORTS };
	int ret = wire_pin();

	ret = ret ? ret : scene_open(&scene, C_VX, FORM_BRIDGED);
	ret = ret ? ret : fast_open(&fast, &opts);
	if (ret)
		tap_bail("scene or program: %s", strerror(-ret));
	shaped_open(&shaped, fast.obj, SEED);
	spreading_open(&spreading, fast.obj);
	ret = follow_open(&follow, &fast, &scene.d, "d", PN_GATE_OFFLOAD);
	if (ret)
		tap_bail("mirror: %s", strerror(-ret));
	/* the wire's peer has no offloads, but is in another namespace */
	fast.ports[W_WIRE].ignored = 0;
}

int main(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	sched_getaffinity(0, sizeof(set), &set);
	if (CPU_COUNT(&set) < 2) {
		tap_case("spread over CPUs");
		tap_skip("one CPU");
		return tap_done();
	}
	world_open();
	cpu_here = sched_getcpu();
	for (cpu_other = 0; cpu_other == cpu_here || !CPU_ISSET(cpu_other, &set); cpu_other++)
		;
	ways();
	policed();
	queues();
	gates();
	follow_close(&follow);
	spreading_close(&spreading);
	shaped_close(&shaped);
	fast_close(&fast);
	scene_close(&scene);
	return tap_done();
}
