// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A rate that changes while packets arrive: the new one holds 10 ms after it has
 * been written at the latest, no packet is lost by it, and the bucket keeps its
 * bytes. When it was written is measured (rated.h), so that nothing depends on
 * how long a machine takes to apply a file.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <penstock/rate.h>

#include "frames.h"
#include "offer.h"
#include "rated.h"
#include "shell.h"
#include "tap.h"
#include "wire.h"

#define PINS	 "/sys/fs/bpf/pnt-rate-change"
#define AT_PINS	 "--bpffs " PINS " "
#define STATE	 "/run/pnt-rate-change"
#define FILE_OF	 "/run/pnt-rate-change.yaml"
#define NS	 1000000000ull
#define MS	 1000000ull
#define LEN	 1000
#define BURST	 400000
#define SLOW	 500000ull	/* bytes a second */
#define FAST	 2000000ull
#define BELOW	 250000ull
#define WAIT_MS	 400
#define CHANGES	 400
#define SHORT	 64
#define WIDE	 10000000
#define WIDE_BURST 100000000ull
#define HOUR	 ((3600 * NS) << PN_CLOCK_SHIFT)

static struct offer offer;
static struct netns d;
static struct rated rated;

static void must(int ret, const char *what)
{
	if (ret < 0)
		tap_bail("%s: %s", what, strerror(-ret));
}

static void rate_burst_apply(uint64_t rate, uint64_t burst)
{
	FILE *f = fopen(FILE_OF, "we");

	if (!f || fprintf(f, "penstock: 1\nports:\n"
			  "  - {dev: d0, hook: xdp, ignore: [offload, sysctl]}\nshapers:\n"
			  "  - {name: all, match: {dev: d0}, rate: %llubit, burst: %llub}\n",
			  (unsigned long long)rate * 8, (unsigned long long)burst) < 0 || fclose(f))
		tap_bail("cannot write " FILE_OF);
	shell_penstock(&d, AT_PINS "apply --state " STATE " " FILE_OF);
}

static void rate_apply(uint64_t rate)
{
	rate_burst_apply(rate, BURST);
}

static void world_make(void)
{
	offer_open(&offer);
	offer_bridge(&offer, &d, NULL);
	must(netns_fdb(&d, "d0", FRAME_SRC_MAC, NULL), "FDB");
	rate_apply(SLOW);
	must(netns_enter(&d), "namespace");
	rated_open(&rated, PINS, "all", netns_ifindex(&d, "d0"));
	netns_leave();
}

static void load_begin(uint64_t rate, int senders, uint32_t len)
{
	static struct pkt packet;
	struct frame_spec spec = { 0, len, false };
	struct offer_load load = { .packet = &packet, .senders = senders, .rate = rate };

	frame_build(&packet, &spec);
	offer_begin(&offer, &load);
}

/* A rate that another follows holds as long as it may, if it is the higher one. */
static uint64_t boundary(const struct rated_moment *at, uint64_t before, uint64_t after)
{
	return before > after ? at->ended : at->began;
}

/* --- at once -------------------------------------------------------------------- */

static void change_case(uint64_t before, uint64_t after)
{
	const struct rated_sample *s;
	struct offer_seen seen;
	struct rated_moment at;
	uint64_t turn, end;
	uint32_t i = 1;
	double most;

	tap_case("%s the rate: the new one holds 10 ms after it is written",
		 after > before ? "four times" : "a quarter of");
	load_begin(0, 1, LEN);
	rated_watch(&rated);
	usleep(WAIT_MS * 1000);
	rate_apply(after);
	usleep(WAIT_MS * 1000);
	rated_watched(&rated);
	offer_end(&offer, &seen);
	at = rated_written(&rated);
	s = rated.sample;
	while (i < rated.n && (s[i].before < at.ended + 10 * MS || !rated_ran_dry(&s[i])))
		i++;
	if (!at.ended || i + 1 >= rated.n) {
		tap_fail("%s in %u samples", at.ended ? "too little load" : "no change", rated.n);
		goto out;
	}
	rated_holds(&rated, &(struct rated_want){ i, after, FAST, BURST, LEN, 0 });
	/* the burst once, and both rates for as long as they may have held */
	turn = boundary(&at, before, after);
	end = s[rated.n - 1].after;
	most = BURST + before * rated_seconds(s[0].before, turn) +
	       after * rated_seconds(turn, end) + 2 * LEN;
	if (s[rated.n - 1].passed - s[0].passed > most)
		tap_fail("%llu bytes have passed, at most %.0f may",
			 (unsigned long long)(s[rated.n - 1].passed - s[0].passed), most);
out:
	tap_end();
}

/* --- and often ------------------------------------------------------------------- */

static void lossless_case(void)
{
	struct pn_shaper_stats before, after;
	struct offer_seen seen;
	uint64_t passed;

	tap_case("%d changes below both rates: what is sent is delivered", CHANGES);
	rated_stats(&rated, &before);
	load_begin(BELOW, 1, LEN);
	for (int i = 0; i < CHANGES; i++) {
		rated_change(&rated, i & 1 ? SLOW : FAST);
		usleep(2000);
	}
	rate_apply(FAST);
	rate_apply(SLOW);
	offer_end(&offer, &seen);
	rated_stats(&rated, &after);
	passed = after.outcome[PN_SHAPER_PASSED].packets -
		 before.outcome[PN_SHAPER_PASSED].packets;
	tap_true(seen.packets_sent > 100, "sent");
	tap_eq(seen.packets_got, seen.packets_sent, "delivered");
	tap_eq(after.outcome[PN_SHAPER_DROPPED].packets,
	       before.outcome[PN_SHAPER_DROPPED].packets, "dropped");
	tap_eq(passed, seen.packets_sent, "counted");
	tap_end();
}

/* All CPUs send as fast as they can, and nothing is given twice. */
static void never_more_case(void)
{
	static struct rated_moment at[CHANGES + 1];
	struct offer_seen seen;
	double most = BURST, got;
	uint64_t from, turn;

	tap_case("%d changes far above both rates: no more than they allow", CHANGES);
	rate_apply(SLOW);
	from = rated_clock();
	load_begin(0, offer.cpus, LEN);
	for (int i = 0; i < CHANGES; i++) {
		usleep(1000);
		at[i] = rated_change(&rated, i & 1 ? SLOW : FAST);
		turn = boundary(&at[i], i & 1 ? FAST : SLOW, i & 1 ? SLOW : FAST);
		most += (i & 1 ? FAST : SLOW) * rated_seconds(from, turn);
		from = turn;
	}
	offer_end(&offer, &seen);
	most += (CHANGES & 1 ? FAST : SLOW) * rated_seconds(from, rated_clock());
	got = offer_bytes(seen.got, 0, OFFERED_SLOTS);
	/* and what is on its way to the bucket just then */
	if (got > most + 20 * LEN)
		tap_fail("%.0f bytes have passed, at most %.0f may", got, most);
	tap_end();
}

/*
 * Of a rate ten million times another's, with a burst that either has room for:
 * a packet that met the cost of the one and the burst of the other would be dropped.
 */
static void halves_case(void)
{
	struct pn_shaper_stats before, after;
	struct offer_seen seen;

	tap_case("%d changes under load: no packet meets half a rate", CHANGES);
	rate_burst_apply(PN_RATE_MOST, WIDE_BURST);
	rated_stats(&rated, &before);
	load_begin(0, offer.cpus, SHORT);
	for (int i = 0; i < CHANGES; i++) {
		rated_change(&rated, i & 1 ? PN_RATE_MOST : PN_RATE_MOST / WIDE);
		usleep(200);
	}
	offer_end(&offer, &seen);
	rated_stats(&rated, &after);
	tap_true(seen.packets_got > 1000, "load");
	tap_eq(after.outcome[PN_SHAPER_DROPPED].packets,
	       before.outcome[PN_SHAPER_DROPPED].packets, "dropped");
	rate_apply(SLOW);
	tap_end();
}

/* --- the bucket ------------------------------------------------------------------ */

/* @n packets, and what passes of them. */
static uint64_t packets_send(const struct wire *w, uint32_t n)
{
	struct frame_spec spec = { 0, LEN, false };
	struct pn_shaper_stats before, after;
	uint64_t met = rated_met(&rated);
	struct pkt packet;

	frame_build(&packet, &spec);
	rated_stats(&rated, &before);
	for (uint32_t i = 0; i < n; i++) {
		must(wire_send(w, &packet), "send");
		for (int ms = 0; ms < 5000 && rated_met(&rated) < met + i + 1; ms++)
			poll(NULL, 0, 1);
	}
	tap_eq(rated_met(&rated), met + n, "arrived");
	rated_stats(&rated, &after);
	return after.outcome[PN_SHAPER_PASSED].packets - before.outcome[PN_SHAPER_PASSED].packets;
}

/* A full bucket that nobody has taken from for an hour. */
static void hour_pass(void)
{
	struct pn_shaper *s = &rated.maps.shapers[rated.index];

	s->tat -= HOUR;
	s->base = s->tat;
}

/*
 * At a packet in two seconds or one; a seventh of the burst is taken, without a look
 * at the clock, and what is left is left after any number of changes.
 */
static void kept_case(const struct wire *w, uint32_t first, int changes)
{
	uint32_t packets = BURST / LEN;
	uint64_t passed, from;
	double took;

	tap_case("%u packets of %u, %d changes: the rest is still there", first, packets, changes);
	rated_change(&rated, 125000000);
	usleep(10000);
	rated_change(&rated, LEN / 2);
	packets_send(w, 1);	/* which ends the time over the limit */
	hour_pass();
	from = rated_clock();
	passed = packets_send(w, first);
	tap_eq(passed, first, "at first");
	for (int i = 0; i < changes; i++)
		rated_change(&rated, i & 1 ? LEN / 2 : LEN);
	passed += packets_send(w, packets);
	took = rated_seconds(from, rated_clock());
	if (passed > packets + took + 1)
		tap_fail("%u passed in %.1f s", (unsigned int)passed, took);
	/* a full bucket may seem an eighth emptier */
	tap_true(passed >= packets - packets / 8 - 1, "no less");
	tap_end();
}

int main(void)
{
	struct wire w;

	world_make();
	change_case(SLOW, FAST);
	change_case(FAST, SLOW);
	lossless_case();
	never_more_case();
	halves_case();
	must(wire_open(&w, &offer.gen, "g0"), "wire");
	kept_case(&w, 40, 1);
	kept_case(&w, 40, 100);
	kept_case(&w, 200, 7);
	wire_close(&w);
	rated_close(&rated);
	shell_penstock(&d, AT_PINS "delete --state " STATE " " FILE_OF);
	shell_penstock(&d, AT_PINS "detach --all");
	offer_close(&offer);
	unlink(FILE_OF);
	rmdir(STATE);
	return tap_done();
}
