// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A rate that changes while packets arrive: the file is applied once more under
 * load. The new rate holds 10 ms after that has ended, and the burst is not
 * given twice.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "frames.h"
#include "offer.h"
#include "offer.skel.h"
#include "shell.h"
#include "tap.h"

#define AT_PINS	"--bpffs /sys/fs/bpf/pnt-rate-change "
#define STATE	"/run/pnt-rate-change"
#define FILE_OF "/run/pnt-rate-change.yaml"
#define LOAD_MS	1600
#define WAIT_MS	500
#define SETTLED 10	/* ms after the change the rate is the new one */
#define BURST	1250000	/* 100 ms or 200: outlasts waits of a busy machine */
#define SLOW	6250000.0 /* bytes a second: 50 Mbit/s */
#define FAST	12500000.0
#define NEAR	0.2	/* enough to tell one from the other on a busy machine */

static struct offer offer;
static struct netns d;

static void must(int ret, const char *what)
{
	if (ret < 0)
		tap_bail("%s: %s", what, strerror(-ret));
}

static void rate_apply(const char *rate)
{
	FILE *f = fopen(FILE_OF, "we");

	if (!f || fprintf(f, "penstock: 1\nports:\n  - {dev: d0, hook: xdp}\nshapers:\n"
			  "  - {name: all, match: {dev: d0}, rate: %s, burst: %db}\n",
			  rate, BURST) < 0 || fclose(f))
		tap_bail("cannot write " FILE_OF);
	shell_penstock(&d, AT_PINS "apply --state " STATE " " FILE_OF);
}

static void world_make(void)
{
	offer_open(&offer);
	must(netns_open(&d), "namespace");
	netns_quiet(&d);
	netns_sysctl(&d, "net/bridge/bridge-nf-call-iptables", "0");
	offer_wires(&offer, &d);
	must(netns_bridge(&d, "br"), "bridge");
	must(netns_master(&d, "d0", "br"), "enslave");
	must(netns_master(&d, "d1", "br"), "enslave");
	must(netns_up(&d, "br"), "up");
	must(netns_wait_up(&d, "br"), "bridge up");
	must(netns_fdb(&d, "d1", FRAME_DST_MAC, NULL), "FDB");
}

static uint64_t clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static uint64_t began, ended;

static void *change(void *arg)
{
	usleep(WAIT_MS * 1000);
	began = clock_ns();
	rate_apply(arg);
	ended = clock_ns();
	return NULL;
}

static uint32_t slot_of(uint64_t ns)
{
	return (ns - offer.skel->bss->offered_conf.from) / OFFERED_SLOT_NS;
}

/* Bytes a second between two slots are about @rate. */
static void rate_check(const struct offer_seen *seen, uint32_t from, uint32_t to, double rate)
{
	double got = offer_bytes(seen->got, from, to) * 1000.0 / (to - from);

	if (got < rate * (1 - NEAR) || got > rate * (1 + NEAR) + BURST)
		tap_fail("%.0f bytes a second from %u to %u ms, not %.0f", got, from, to, rate);
}

static void change_check(const char *to, double before, double after)
{
	struct frame_spec spec = { 0, 1000, false };
	static struct offer_seen seen;
	struct pkt packet;
	struct offer_load load = { .packet = &packet, .senders = 1, .ms = LOAD_MS };
	pthread_t thread;
	double got, most;

	frame_build(&packet, &spec);
	if (pthread_create(&thread, NULL, change, (void *)to))
		tap_bail("no thread");
	offer_run(&offer, &load, &seen);
	pthread_join(thread, NULL);
	if (slot_of(ended) + 2 * SETTLED + 300 > LOAD_MS) {
		tap_skip("the machine is too busy: applied after %u ms", slot_of(ended));
		return;
	}
	got = offer_bytes(seen.got, 0, OFFERED_SLOTS);
	/* the higher of both rates for as long as it may have held */
	most = BURST + 2 * packet.len +
	       before * (after > before ? slot_of(began) : slot_of(ended) + 1) / 1000 +
	       after * (LOAD_MS + SETTLED - (after > before ? slot_of(began) : slot_of(ended))) /
		       1000;
	if (got > most)
		tap_fail("%.0f bytes have passed, at most %.0f may", got, most);
	rate_check(&seen, 150, slot_of(began), before);
	rate_check(&seen, slot_of(ended) + SETTLED, LOAD_MS, after);
	tap_end();
}

int main(void)
{
	world_make();
	rate_apply("50mbit");
	tap_case("twice the rate under load");
	change_check("100mbit", SLOW, FAST);
	tap_case("half of it again");
	change_check("50mbit", FAST, SLOW);
	shell_penstock(&d, AT_PINS "delete --state " STATE " " FILE_OF);
	shell_penstock(&d, AT_PINS "detach --all");
	offer_close(&offer);
	unlink(FILE_OF);
	rmdir(STATE);
	return tap_done();
}
