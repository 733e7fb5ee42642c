// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Policed ports with real traffic: never more than burst, rate and a packet,
 * from one CPU or several, at rates and sizes far apart; no less than an exact
 * bucket would have let pass of the load as it came; both hooks take from one
 * bucket. SH-08 of the conformance cases is in net/rate_split.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "offer.h"
#include "policed.h"
#include "tap.h"

#define LOAD_MS	 500
#define SLACK_MS 30	/* what arrived when the load had ended was let pass before */
#define BURST_MS 100	/* outlasts waits of a busy machine */
#define LEAST	 0.97	/* of what an exact bucket lets pass */

static struct offer offer;
static struct netns d;
static struct policed xdp, tc;

struct rate_case {
	const char *name;
	uint64_t bits; /* a second */
	int len;
	uint64_t offered; /* bits a second; 0: as fast as may be */
	uint32_t ms;
};

/* Slots in which something arrived: the load, and what was still on its way. */
static uint32_t slots_used(const struct offer_seen *seen)
{
	uint32_t last = 0;

	for (uint32_t i = 0; i < OFFERED_SLOTS; i++)
		if (seen->got[i])
			last = i + 1;
	return last > seen->slots ? last : seen->slots;
}

static void bounds_check(const struct rate_case *c, const struct offer_seen *seen,
			 uint64_t rate, uint64_t burst)
{
	static double want[OFFERED_SLOTS];
	double got = offer_bytes(seen->got, 0, OFFERED_SLOTS), least = 0;
	double most = burst + rate * slots_used(seen) / 1000.0 + c->len;

	offer_model(seen, rate, burst, want);
	for (uint32_t i = 0; i < seen->slots; i++)
		least += want[i];
	if (!seen->packets_sent)
		tap_fail("nothing was sent");
	if (slots_used(seen) > seen->slots + SLACK_MS)
		tap_fail("frames are under way for %u ms", slots_used(seen) - seen->slots);
	if (got > most)
		tap_fail("%.0f bytes have passed, at most %.0f may", got, most);
	if (got < least * LEAST - 2 * c->len)
		tap_fail("%.0f bytes have passed, an exact bucket lets %.0f", got, least);
}

static void rate_check(const struct rate_case *c, int senders)
{
	struct pn_shaper police = { .action = PN_SHAPER_POLICE };
	uint64_t rate = c->bits / 8, burst = rate * BURST_MS / 1000;
	struct frame_spec spec = { 0, c->len, false };
	static struct offer_seen seen;
	struct pn_shaper_stats stats;
	uint64_t before, arrived;
	struct pkt packet;
	struct offer_load load = {
		.packet = &packet, .senders = senders, .rate = c->offered / 8, .ms = c->ms,
	};

	frame_build(&packet, &spec);
	policed_all(&xdp, &police, (struct shaped_rate){ rate, burst });
	before = policed_received(&xdp);
	offer_run(&offer, &load, &seen);
	arrived = policed_received(&xdp) - before;
	bounds_check(c, &seen, rate, burst);
	shaped_stats(&xdp.shaped, 1, &stats);
	tap_eq(stats.outcome[PN_SHAPER_PASSED].packets, seen.packets_got, "passed, as counted");
	/* not all that was sent: the veth in front has queues, which may be full */
	tap_eq(stats.outcome[PN_SHAPER_PASSED].packets + stats.outcome[PN_SHAPER_DROPPED].packets,
	       arrived, "and dropped: all that has arrived");
	tap_eq(stats.outcome[PN_SHAPER_PASSED].bytes, offer_bytes(seen.got, 0, OFFERED_SLOTS),
	       "bytes");
}

static void rates(void)
{
	static const struct rate_case cases[] = {
		{ "1 Mbit/s of 64 bytes", 1000000, 64, 0, LOAD_MS },
		{ "1 Mbit/s of 1514 bytes", 1000000, 1514, 0, LOAD_MS },
		{ "100 Mbit/s of 64 bytes", 100000000, 64, 0, LOAD_MS },
		{ "100 Mbit/s of 1514 bytes", 100000000, 1514, 0, LOAD_MS },
		{ "10 Gbit/s of 1514 bytes", 10000000000, 1514, 0, LOAD_MS },
		{ "8 Mbit/s of 1514 bytes, twice that offered", 8000000, 1514, 16000000, 2000 },
		{ "8 Mbit/s of 512 bytes, half of that offered", 8000000, 512, 4000000, LOAD_MS },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int senders = 1; senders <= offer.cpus; senders++) {
			tap_case("%s, from %d CPU%s", cases[i].name, senders,
				 senders > 1 ? "s" : "");
			rate_check(&cases[i], senders);
			tap_end();
		}
}

/* One packet through a program, without a device. */
static bool passes(const struct policed *p, const struct pkt *packet)
{
	struct pkt copy;

	pkt_copy(&copy, packet);
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = pkt_data(&copy),
		    .data_size_in = copy.len, .repeat = 1);
	if (bpf_prog_test_run_opts(p->prog, &opts))
		tap_bail("a test run is refused");
	return opts.retval != (p == &xdp ? 1u : 2u); /* XDP_DROP, TC_ACT_SHOT */
}

/* At the slowest rate there is, a packet's worth comes back in a second. */
static void one_bucket(void)
{
	struct pn_shaper police = { .action = PN_SHAPER_POLICE };
	struct frame_spec spec = { 0, 1000, false };
	struct pkt packet;
	int passed[2] = { 0 };

	tap_case("XDP and tc take from one bucket");
	frame_build(&packet, &spec);
	policed_all(&xdp, &police, (struct shaped_rate){ 1000, 10000 });
	for (int i = 0; i < 20; i++)
		passed[i & 1] += passes(i & 1 ? &tc : &xdp, &packet);
	tap_eq(passed[0], 5, "by XDP");
	tap_eq(passed[1], 5, "by tc");
	tap_end();
}

int main(void)
{
	policed_lane(&xdp, &tc, &offer, &d);
	rates();
	one_bucket();
	offer_close(&offer);
	return tap_done();
}
