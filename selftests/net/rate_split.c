// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * One rate and several that want it, with real traffic: sources of which one is
 * greedy (`per`), two ports whose programs sit at different hooks, and all CPUs at
 * once (SH-08 of the conformance cases).
 */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "frames.h"
#include "offer.h"
#include "rated.h"
#include "shell.h"
#include "tap.h"

#define PINS	"/sys/fs/bpf/pnt-rate-split"
#define AT_PINS	"--bpffs " PINS " "
#define STATE	"/run/pnt-rate-split"
#define FILE_OF	"/run/pnt-rate-split.yaml"
#define LEN	1000
#define RATE	1000000ull /* bytes a second */
#define BURST	200000
#define OFFERED	8000000ull
#define MODEST	64	/* one packet of so many: an eighth of the rate, less than a third of it */
#define LOAD_MS	1500
#define MACS(n)	"02:aa:00:00:00:1" #n

static struct offer offer;
static struct netns d;
static struct rated rated;

static void must(int ret, const char *what)
{
	if (ret < 0)
		tap_bail("%s: %s", what, strerror(-ret));
}

static void world_make(void)
{
	offer_open(&offer);
	offer_bridge(&offer, &d, "d2");
	must(netns_fdb(&d, "d0", MACS(0), NULL), "FDB");
	must(netns_fdb(&d, "d0", MACS(1), NULL), "FDB");
	must(netns_fdb(&d, "d0", MACS(2), NULL), "FDB");
	must(netns_fdb(&d, "d2", MACS(3), NULL), "FDB");
}

static void file_apply(const char *words)
{
	FILE *f = fopen(FILE_OF, "we");

	if (!f || fprintf(f, "penstock: 1\nports:\n"
			  "  - {dev: d0, hook: xdp, ignore: [offload, sysctl]}\n"
			  "  - {dev: d2, hook: tc, ignore: [offload, sysctl]}\nshapers:\n"
			  "  - {name: all, rate: %llubit, burst: %db, %s}\n",
			  RATE * 8, BURST, words) < 0 || fclose(f))
		tap_bail("cannot write " FILE_OF);
	shell_penstock(&d, AT_PINS "apply --state " STATE " " FILE_OF);
	must(netns_enter(&d), "namespace");
	rated_open(&rated, PINS, "all", netns_ifindex(&d, "d0"));
	netns_leave();
}

static void file_delete(void)
{
	rated_close(&rated);
	shell_penstock(&d, AT_PINS "delete --state " STATE " " FILE_OF);
	shell_penstock(&d, AT_PINS "detach --all");
	unlink(FILE_OF);
	rmdir(STATE);
}

static void packet_build(struct pkt *p, const char *mac, const char *src)
{
	struct pkt_ip ip = {
		.addr = pkt_addr(src, "192.168.5.1"),
		.proto = IPPROTO_UDP,
		.ttl = 64,
	};

	pkt_init(p);
	pkt_append(p, NULL, LEN - 42);
	pkt_udp(p, 1000, 2000);
	pkt_ip(p, &ip);
	pkt_eth(p, FRAME_DST_MAC, mac, 0x0800);
}

/* The total is the rate, however it is divided; @kept of the burst is not for everybody. */
static void total_check(const struct offer_seen *seen, uint32_t kept)
{
	const struct rated_sample *s = rated.sample, *end = s + rated.n - 1;
	double got = offer_bytes(seen->got, 0, OFFERED_SLOTS);
	double most = BURST + RATE * rated_seconds(s->before, end->after) + 2 * LEN;
	uint32_t i = 1;

	if (got > most)
		tap_fail("%.0f bytes have passed, at most %.0f may", got, most);
	while (i < rated.n && !rated_ran_dry(&s[i]))
		i++;
	if (i + 1 >= rated.n)
		tap_fail("nothing was dropped");
	else
		rated_holds(&rated, &(struct rated_want){ i, RATE, RATE, BURST, LEN, kept });
}

static void load_watch(const struct offer_load *load, uint32_t ms, struct offer_seen *seen)
{
	rated_watch(&rated);
	offer_begin(&offer, load);
	usleep(ms * 1000);
	offer_end(&offer, seen);
	rated_watched(&rated);
}

struct source {
	const char *mac, *ip;
};

/* Two that send less than a third of the rate lose nothing, one that sends far more the rest. */
static void fair_case(const char *per, const struct source *from)
{
	static struct offer_seen seen;
	struct pkt greedy, one, other;
	struct offer_load load = {
		.packet = &greedy, .others = { &one, &other }, .senders = 1,
		.rate = OFFERED, .every = MODEST,
	};
	char words[64];

	tap_case("per: %s: what modest sources send passes, a greedy one gets the rest", per);
	snprintf(words, sizeof(words), "match: {dev: d0}, per: %s", per);
	file_apply(words);
	packet_build(&greedy, from[0].mac, from[0].ip);
	packet_build(&one, from[1].mac, from[1].ip);
	packet_build(&other, from[2].mac, from[2].ip);
	load_watch(&load, LOAD_MS, &seen);
	for (int i = 1; i < OFFERED_KINDS; i++) {
		tap_true(seen.kinds_sent[i] > 10, "modest");
		tap_eq(seen.kinds_got[i], seen.kinds_sent[i], "of a modest one");
	}
	tap_true(seen.kinds_got[0] < seen.kinds_sent[0], "greedy");
	total_check(&seen, BURST / 2);
	file_delete();
	tap_end();
}

/* Without shares the modest ones lose as much as the greedy one: the case above shows something. */
static void unfair_case(const struct source *from)
{
	static struct offer_seen seen;
	struct pkt greedy, one, other;
	struct offer_load load = {
		.packet = &greedy, .others = { &one, &other }, .senders = 1,
		.rate = OFFERED, .every = MODEST,
	};

	tap_case("without per: all lose");
	file_apply("match: {dev: d0}");
	packet_build(&greedy, from[0].mac, from[0].ip);
	packet_build(&one, from[1].mac, from[1].ip);
	packet_build(&other, from[2].mac, from[2].ip);
	load_watch(&load, LOAD_MS, &seen);
	for (int i = 0; i < OFFERED_KINDS; i++)
		tap_true(seen.kinds_got[i] < seen.kinds_sent[i], "of each");
	total_check(&seen, 0);
	file_delete();
	tap_end();
}

static void hooks_case(int senders)
{
	static struct offer_seen seen;
	struct pkt at_xdp, at_tc;
	struct offer_load load = {
		.packet = &at_xdp, .others = { &at_tc }, .senders = senders, .every = 2,
		.two_wires = true,
	};

	tap_case("a port at XDP and one at tc share a rate, from %d CPU%s", senders,
		 senders > 1 ? "s" : "");
	file_apply("match: {dev: [d0, d2]}");
	packet_build(&at_xdp, MACS(0), "192.168.5.2");
	packet_build(&at_tc, MACS(3), "192.168.5.3");
	load_watch(&load, LOAD_MS, &seen);
	tap_true(seen.kinds_got[0] > BURST / LEN / 10, "by XDP");
	tap_true(seen.kinds_got[1] > BURST / LEN / 10, "by tc");
	total_check(&seen, 0);
	file_delete();
	tap_end();
}

static void most_case(int senders)
{
	static struct offer_seen seen;
	struct pkt packet;
	/* not at twice the rate: CPUs that are fewer than they seem would not keep the pace */
	struct offer_load load = { .packet = &packet, .senders = senders };

	tap_case("SH-08: far more than the rate for ten seconds, from %d CPU%s", senders,
		 senders > 1 ? "s" : "");
	file_apply("match: {dev: d0}");
	packet_build(&packet, MACS(0), "192.168.5.2");
	load_watch(&load, 10000, &seen);
	total_check(&seen, 0);
	file_delete();
	tap_end();
}

int main(void)
{
	static const struct source by_src[] = {
		{ MACS(0), "192.168.5.2" }, { MACS(0), "192.168.5.3" }, { MACS(0), "192.168.5.4" },
	};
	static const struct source by_mac[] = {
		{ MACS(0), "192.168.5.2" }, { MACS(1), "192.168.5.2" }, { MACS(2), "192.168.5.2" },
	};

	world_make();
	fair_case("src", by_src);
	fair_case("mac", by_mac);
	unfair_case(by_src);
	for (int senders = 1; senders <= offer.cpus; senders++)
		hooks_case(senders);
	most_case(offer.cpus);
	offer_close(&offer);
	return tap_done();
}
