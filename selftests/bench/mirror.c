// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The mirror's speed: what differs from the kernel 500 ms after a storm at the
 * default receive buffer, the rate it keeps up with, the load of a million
 * entries, memory per entry, and how soon a move is in the map. One JSON
 * object a case.
 */
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "mirror/state.h"
#include "mirrored.h"
#include "netns.h"
#include "tap.h"

#define MS		1000000ull
#define RCVBUF_DEFAULT	106496	/* which the kernel doubles to its default */
#define STORM		100000u
#define SUSTAINED	400000u
#define MILLION		1000000u
#define MOVES		1000
#define MESSAGE_LEN	48ul

static struct netns host;
static struct mirrored t;

static double elapsed(uint64_t since)
{
	return (mirror_now() - since) / 1e9;
}

static void topology_make(void)
{
	if (netns_open(&host) || netns_quiet(&host) || netns_bridge(&host, "br0") ||
	    netns_veth(&host, "w1", &host, "x1") || netns_veth(&host, "w2", &host, "x2") ||
	    netns_veth(&host, "d", &host, "p") || netns_master(&host, "w1", "br0") ||
	    netns_master(&host, "w2", "br0") || netns_up(&host, "br0") ||
	    netns_up(&host, "w1") || netns_up(&host, "w2") || netns_up(&host, "x1") ||
	    netns_up(&host, "x2") || netns_up(&host, "d") || netns_up(&host, "p"))
		tap_bail("no topology");
}

static void mirror_start(uint32_t entries, int rcvbuf)
{
	struct pn_err err = { 0 };

	if (mirrored_alloc(&t, &host, entries) || mirrored_open(&t, rcvbuf) ||
	    mirrored_attach(&t, "d") || pn_mirror_sync(t.m, &err))
		tap_bail("no mirror: %s: %s", err.object, err.text);
}

/* A namespace's death takes its entries along, faster than deleting them. */
static void start_over(void)
{
	mirrored_free(&t);
	netns_close(&host);
	topology_make();
}

static double cpu_seconds(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

struct load {
	struct storm storm;
	uint64_t begun, ended;
	double cpu;
	bool done;
	int rc;
};



static void *load_run(void *arg)
{
	struct load *l = arg;

	l->cpu = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
	l->begun = mirror_now();
	l->rc = mirrored_storm(&host, &l->storm);
	l->ended = mirror_now();
	l->cpu = cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - l->cpu;
	__atomic_store_n(&l->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static void mirror_work(int ms)
{
	struct pollfd p = { .fd = pn_mirror_fd(t.m), .events = POLLIN };
	struct pn_err err = { 0 };

	poll(&p, 1, ms);
	if (pn_mirror_handle(t.m, &err))
		tap_bail("%s: %s", err.object, err.text);
}

/*
 * What differs half a second after the last entry, and how long it really
 * took. In a buffer of ten messages all is lost and read anew: @patience_ms.
 */
static void storm_case(const char *name, int rcvbuf, int patience_ms, int rounds)
{
	struct load l = { .storm = { .dev = "w1", .first = 1 << 24, .count = STORM } };
	struct pn_mirror_counts c;
	int64_t same, worst = 0;
	pthread_t thread;
	int diff = 0, n, d;

	for (n = 0; n < rounds; n++) {
		mirror_start(2 * STORM, rcvbuf);
		l.done = false;
		same = 0;
		pthread_create(&thread, NULL, load_run, &l);
		while (!__atomic_load_n(&l.done, __ATOMIC_ACQUIRE) ||
		       mirror_now() < l.ended + 500 * MS ||
		       (!same && mirror_now() < l.ended + patience_ms * MS)) {
			mirror_work(10);
			if (!pn_mirror_settled(t.m))
				same = 0;
			else if (!same)
				same = mirror_now();
		}
		pthread_join(thread, NULL);
		d = mirrored_diff(&t, true);
		diff = d > diff ? d : diff;
		same = same ? same - (int64_t)l.ended : patience_ms * (int64_t)MS;
		worst = same > worst ? same : worst;
		pn_mirror_counts(t.m, &c);
		tap_diag("%s: in %.3f s, %llu overruns, %llu re-dumps, the last %.3f s", name,
			 (l.ended - l.begun) / 1e9, c.overruns, c.resyncs, c.resync_ns / 1e9);
		start_over();
	}
	printf("{\"case\": \"mirror/%s\", \"unit\": \"entries that differ\", "
	       "\"ours\": %d, \"runs\": %d}\n", name, diff, rounds);
	printf("{\"case\": \"mirror/%s settled\", \"unit\": \"s\", \"ours\": %.3f, "
	       "\"runs\": %d}\n", name, worst / 1e9, rounds);
}

/*
 * Entries a second that the mirror takes in beside whoever adds them: of the
 * clock on the wall, which other load moves at will, and of the processor time
 * of its two threads together, which is what one processor sustains.
 */
static void sustained_case(int rounds)
{
	struct load l = { .storm = { .dev = "w1", .first = 1 << 24, .count = SUSTAINED } };
	struct pn_mirror_counts c = { 0 };
	double cpu, rate = 0, wall = 0, own;
	pthread_t thread;
	int n;

	for (n = 0; n < rounds; n++) {
		mirror_start(2 * SUSTAINED, 0);
		l.done = false;
		cpu = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
		pthread_create(&thread, NULL, load_run, &l);
		do {
			mirror_work(10);
			pn_mirror_counts(t.m, &c);
		} while (c.fdb_used < SUSTAINED);
		own = SUSTAINED / elapsed(l.begun);
		wall = !wall || own < wall ? own : wall;
		pthread_join(thread, NULL);
		cpu = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu - l.cpu;
		tap_diag("%.0f entries/s, the kernel took them at %.0f/s; %llu overruns; "
			 "us an entry: %.2f here, %.2f there", own,
			 SUSTAINED / ((l.ended - l.begun) / 1e9), c.overruns,
			 cpu * 1e6 / SUSTAINED, l.cpu * 1e6 / SUSTAINED);
		rate = !rate || SUSTAINED / cpu < rate ? SUSTAINED / cpu : rate;
		start_over();
	}
	printf("{\"case\": \"mirror/sustained\", \"unit\": \"entries_per_s\", "
	       "\"ours\": %.0f, \"runs\": %d}\n", rate, rounds);
	printf("{\"case\": \"mirror/sustained wall\", \"unit\": \"entries_per_s\", "
	       "\"ours\": %.0f, \"runs\": %d}\n", wall, rounds);
}

/* A million messages as a dump has them. */
static char *messages_make(size_t *len)
{
	int port = netns_ifindex(&host, "w1"), master = netns_ifindex(&host, "br0");
	char *buf = malloc(MILLION * 64ul);
	struct nlmsghdr *nlh;
	struct ndmsg *ndm;
	uint32_t n;

	for (n = 0, *len = 0; buf && n < MILLION; n++) {
		uint8_t mac[6] = { 2, 0, n >> 24, n >> 16, n >> 8, n };

		nlh = mnl_nlmsg_put_header(buf + *len);
		nlh->nlmsg_type = RTM_NEWNEIGH;
		ndm = mnl_nlmsg_put_extra_header(nlh, sizeof(*ndm));
		ndm->ndm_family = AF_BRIDGE;
		ndm->ndm_ifindex = port;
		ndm->ndm_state = NUD_NOARP;
		mnl_attr_put(nlh, NDA_LLADDR, 6, mac);
		mnl_attr_put_u32(nlh, NDA_MASTER, master);
		if (nlh->nlmsg_len != MESSAGE_LEN)
			tap_bail("a message of %u bytes", nlh->nlmsg_len);
		*len += MESSAGE_LEN;
	}
	return buf;
}

static long resident(void)
{
	long size = 0, rss = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (!f || fscanf(f, "%ld %ld", &size, &rss) != 2)
		tap_bail("no statm");
	fclose(f);
	return rss * sysconf(_SC_PAGESIZE);
}

/* Parse, keep, write into the map; of processor time. */
static void load_case(int rounds)
{
	size_t len, at;
	char *buf = messages_make(&len);
	double took, worst = 0, bytes = 0, each;
	struct pn_mirror_counts c;
	long before;
	int n;

	for (n = 0; n < rounds; n++) {
		mirror_start(MILLION, 0);
		memset(t.maps.fdb, 0, (t.maps.fdb_mask + 1ul) * sizeof(struct pn_bucket));
		before = resident();
		took = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
		for (at = 0; at < len; at += MESSAGE_LEN) {
			/* as a dump is taken in */
			if (at + 8 * MESSAGE_LEN < len)
				mirror_message_prefetch(t.m, (void *)(buf + at + 8 * MESSAGE_LEN));
			if (mirror_message(t.m, (void *)(buf + at), true))
				tap_bail("message refused");
		}
		took = cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - took;
		each = (double)(resident() - before) / MILLION;
		pn_mirror_counts(t.m, &c);
		if (c.fdb_used < MILLION)
			tap_bail("%llu entries in the map", c.fdb_used);
		tap_diag("%u entries in %.3f s, %.1f bytes each (tables: %.1f)", MILLION, took,
			 each, (double)c.memory / MILLION);
		worst = took > worst ? took : worst;
		bytes = each > bytes ? each : bytes;
		mirrored_free(&t);
	}
	free(buf);
	printf("{\"case\": \"mirror/load 1M\", \"unit\": \"s\", "
	       "\"ours\": %.3f, \"runs\": %d}\n",
	       worst, rounds);
	printf("{\"case\": \"mirror/memory\", \"unit\": \"bytes_per_entry\", "
	       "\"ours\": %.1f, \"runs\": %d}\n",
	       bytes, rounds);
}

struct mover {
	uint64_t took[MOVES];
	uint32_t index[2];
	bool done;
};

static void *move_run(void *arg)
{
	struct storm s = { .first = 1, .count = 1 };
	const struct pn_slot *slot;
	struct mover *mv = arg;
	uint64_t begun;
	int n;

	for (n = 0; n < MOVES; n++) {
		s.dev = n & 1 ? "w1" : "w2";
		begun = mirror_now();
		mirrored_storm(&host, &s);
		/* the sender's side of it is part of the figure, and the search is not */
		do {
			slot = mirrored_slot(&t, "02:00:00:00:00:01");
		} while (!slot || __atomic_load_n(&slot->index, __ATOMIC_ACQUIRE) !=
					  mv->index[!(n & 1)]);
		mv->took[n] = mirror_now() - begun;
	}
	__atomic_store_n(&mv->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static int order(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void move_case(void)
{
	static struct mover mv;
	pthread_t thread;

	mirror_start(100, 0);
	mv.index[0] = mirrored_port(&t, "w1") - t.maps.ports;
	mv.index[1] = mirrored_port(&t, "w2") - t.maps.ports;
	pthread_create(&thread, NULL, move_run, &mv);
	while (!__atomic_load_n(&mv.done, __ATOMIC_ACQUIRE))
		mirror_work(10);
	pthread_join(thread, NULL);
	qsort(mv.took, MOVES, sizeof(mv.took[0]), order);
	tap_diag("a move is in the map after %.0f us, p99 %.0f us, at most %.0f us",
		 mv.took[MOVES / 2] / 1e3, mv.took[MOVES * 99 / 100] / 1e3,
		 mv.took[MOVES - 1] / 1e3);
	printf("{\"case\": \"mirror/move p99\", \"unit\": \"ms\", "
	       "\"ours\": %.3f, \"runs\": %d}\n",
	       mv.took[MOVES * 99 / 100] / 1e6, MOVES);
	start_over();
}

int main(int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : "storm sustained load move";

	topology_make();
	if (strstr(only, "storm")) {
		storm_case("storm 100k", RCVBUF_DEFAULT, 500, 3);
		storm_case("storm 100k lossy", 4096, 20000, 3);
	}
	if (strstr(only, "sustained"))
		sustained_case(3);
	if (strstr(only, "load"))
		load_case(3);
	if (strstr(only, "move"))
		move_case();
	netns_close(&host);
	return 0;
}
