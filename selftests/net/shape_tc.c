// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tc and penstock side by side, number by number: what `tc -s` says of a class or a
 * discipline and what `stats shapers` and `export` say of the shaper whose packets
 * wait there, with packets sent, dropped and still waiting; and the kernel's ingress `police`
 * beside ours (conformance 9.12, SH-01).
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "queued.h"
#include "tap.h"

#define WAIT_MS 20000
#define OURS	"build/penstock stats shapers -j --bpffs " QUEUED_PINS
#define PAGE	"/tmp/pnt-shape-tc.prom"
#define METRICS "build/penstock export -t " PAGE " --bpffs " QUEUED_PINS \
	" && grep ^penstock_shaper_ " PAGE "; rm -f " PAGE
#define LEN	1014

/* The number behind @key, after the first @row in @text. */
static bool number_find(const char *text, const char *row, const char *key, uint64_t *n)
{
	const char *at = strstr(text, row);

	at = at ? strstr(at, key) : NULL;
	if (!at)
		return false;
	*n = strtoull(at + strlen(key), NULL, 10);
	return true;
}

struct queue {
	uint64_t packets, bytes, drops, overlimits, backlog, waiting;
};

struct key {
	const char *name;
	const char *text, *json;	/* of tc */
	const char *ours, *metric;
};

static const struct key keys[] = {
	{ "packets", " bytes ", "\"packets\":", "\"queue_sent\":",
	  "queue_packets_total" },
	{ "bytes", " Sent ", "\"bytes\":", "\"queue_sent_bytes\":",
	  "queue_bytes_total" },
	{ "drops", "(dropped ", "\"drops\":", "\"queue_drops\":",
	  "queue_drops_total" },
	{ "overlimits", "overlimits ", "\"overlimits\":", "\"queue_overlimits\":",
	  "queue_overlimits_total" },
	{ "backlog, bytes", " backlog ", "\"backlog\":", "\"backlog_bytes\":",
	  "backlog_bytes" },
	{ "backlog, packets", "b ", "\"qlen\":", "\"backlog\":",
	  "backlog_packets" },
};
#define KEYS (sizeof(keys) / sizeof(keys[0]))

/* tc shortens a backlog to Kb in text: its number there is not to be compared. */
static bool is_short(const char *text, const char *row)
{
	const char *at = strstr(text, row), *end;

	at = at ? strstr(at, " backlog ") : NULL;
	end = at ? strpbrk(at + 9, "bK") : NULL;
	return end && *end == 'K';
}

/* A shaper and where it waits, as tc tells it. */
struct beside {
	const char *shaper;
	const char *tc, *row;	/* a command, and where in it */
	bool json;
};

static bool theirs_read(const struct beside *b, const char *text, uint64_t *n)
{
	const char *at = strstr(text, b->row);

	for (size_t i = 0; at && i < KEYS; i++) {
		if (!b->json && i + 1 == KEYS)
			at = strstr(at, " backlog ");
		if (!at || !number_find(at, "", b->json ? keys[i].json : keys[i].text, &n[i]))
			return false;
	}
	return at;
}

static void metric_check(const char *page, const struct key *key, const char *shaper, uint64_t n)
{
	char series[96];
	uint64_t own;

	snprintf(series, sizeof(series), "penstock_shaper_%s{shaper=\"%s\"} ", key->metric, shaper);
	if (!number_find(page, "", series, &own))
		tap_fail("no %s in %s", series, page);
	else if (own != n)
		tap_fail("%s%llu, tc says %llu", series, (unsigned long long)own,
			 (unsigned long long)n);
}

/* Read between two equal readings of tc, all is what it was at one moment. */
static void beside_check(const struct beside *b)
{
	char before[QUEUED_TEXT], ours[QUEUED_TEXT], page[QUEUED_TEXT], after[QUEUED_TEXT];
	char row[64];
	int64_t end = queued_ms() + WAIT_MS;
	uint64_t n[KEYS], own;

	do {
		queued_output(b->tc, before);
		queued_output(OURS, ours);
		queued_output(METRICS, page);
		queued_output(b->tc, after);
	} while (strcmp(before, after) && queued_ms() < end);
	if (strcmp(before, after) || !theirs_read(b, before, n)) {
		tap_fail("%s: %s", b->tc, after);
		return;
	}
	snprintf(row, sizeof(row), "\"shaper\":\"%s\"", b->shaper);
	for (size_t i = 0; i < KEYS; i++) {
		if (!b->json && i == 4 && is_short(before, b->row))
			continue;
		if (!number_find(ours, row, keys[i].ours, &own))
			tap_fail("no %s of %s in %s", keys[i].ours, b->shaper, ours);
		else if (own != n[i])
			tap_fail("%s: %s: %llu, tc says %llu: %s", b->shaper, keys[i].name,
				 (unsigned long long)own, (unsigned long long)n[i], before);
		metric_check(page, &keys[i], b->shaper, n[i]);
	}
}

/* What was handed over waits, has gone on, or was dropped. */
static void sum_check(const char *shaper)
{
	static const char *const parts[] = {
		"\"queue_sent\":", "\"queue_drops\":", "\"backlog\":", "\"queued\":",
	};
	char ours[QUEUED_TEXT], row[64];
	uint64_t n[4] = { 0 };

	queued_output(OURS, ours);
	snprintf(row, sizeof(row), "\"shaper\":\"%s\"", shaper);
	for (int i = 0; i < 4; i++)
		if (!number_find(ours, row, parts[i], &n[i]))
			tap_fail("no %s in %s", parts[i], ours);
	tap_eq(n[0] + n[1] + n[2], n[3], "sent, dropped and waiting");
}

struct row {
	const char *qdisc, *shapers;
	int frames;
	bool lab;	/* its kernels have it, the host's may not */
	struct beside beside[3];
};

#define ONE(words) "shapers:\n  - {name: a, match: {src: 10.9.0.2}, action: shape, " words "}\n"
#define QDISC	   "tc -s -j qdisc show dev ifb-a"
#define ROOT	   "\"root\":true"

/* One packet in a second or two goes on, and the queues are too short for all of them. */
static const struct row rows[] = {
	{ "htb", "shapers:\n  - {name: site, rate: 80mbit, action: shape}\n"
	  "  - {name: a, parent: site, match: {src: 10.9.0.2}, action: shape, rate: 8kbit,\n"
	  "     burst: 2200, limit: 6}\n"
	  "  - {name: b, parent: site, match: {src: 10.9.0.3}, action: shape, rate: 4mbit}\n",
	  20, false,
	  { { "a", "tc -s class show dev ifb-site", "rate 8Kbit " },
	    { "b", "tc -s class show dev ifb-site", "rate 4Mbit " } } },
	{ "tbf", ONE("qdisc: tbf, rate: 8kbit, burst: 2200, limit: 6000"), 20, false,
	  { { "a", QDISC, ROOT, true } } },
	{ "fq", ONE("qdisc: fq, rate: 8kbit, burst: 2200, limit: 6"), 20, true,
	  { { "a", QDISC, ROOT, true } } },
	{ "fq_codel", ONE("qdisc: fq_codel, rate: 8kbit, burst: 2200, limit: 6"), 20, true,
	  { { "a", "tc -s -j qdisc show dev ifb-a", "\"kind\":\"fq_codel\"", true } } },
	{ "cake", ONE("qdisc: cake, rate: 8kbit, limit: 8000b"), 20, true,
	  { { "a", QDISC, ROOT, true } } },
};

static void beside_case(const struct row *row)
{
	tap_case("%s: what tc says is what penstock says", row->qdisc);
	if (row->lab && !queued_has(row->qdisc)) {
		tap_skip("this kernel has no %s", row->qdisc);
		return;
	}
	if (queued_apply(row->shapers)) {
		queued_frames(0, 2, LEN, row->frames, 0);
		queued_frames(0, 3, LEN, 3, 0);
		for (const struct beside *b = row->beside; b->shaper; b++)
			beside_check(b);
		sum_check("a");
	}
	queued_delete();
	tap_end();
}

/* What counts packets of the kernel's at the ingress of p@port: its policer, where it has one. */
static bool kernel_counts(int port)
{
	static const char *const actions[] = {
		/* before 6.6 the port's program is a filter behind this one */
		"police rate 1mbit burst 10k conform-exceed drop/continue",
		"action mirred egress mirror dev lo",
	};

	queued_shell("tc qdisc add dev p%d clsact 2>/dev/null", port);
	for (int i = 0; i < 2; i++)
		if (queued_shell("tc filter add dev p%d ingress prio 9 protocol all u32 "
				 "match u32 0 0 %s 2>/dev/null", port, actions[i]))
			return true;
	return tap_fail("neither police nor mirred");
}

/* On the same frame: the kernel counts without Ethernet header, as ours with `length: l3`. */
static void police_case(int port, const char *length, int bytes)
{
	char text[512], ours[QUEUED_TEXT];
	uint64_t n;

	tap_case("SH-01: one frame of 114 bytes at p%d, length %s", port, length);
	snprintf(text, sizeof(text), "shapers:\n  - {name: a, match: {dev: p%d, src: 10.9.0.2}, "
		 "rate: 1mbit, burst: 10k, length: %s}\n", port, length);
	if (queued_apply(text) && kernel_counts(port)) {
		queued_frames(port, 2, 114, 1, 0);
		queued_comes(OURS, "\"conforming\":1,");
		queued_output(OURS, ours);
		if (tap_true(number_find(ours, "", "\"conforming_bytes\":", &n), ours))
			tap_eq(n, bytes, "bytes");
		snprintf(text, sizeof(text), "tc -s filter show dev p%d ingress prio 9", port);
		queued_comes(text, "Sent 100 bytes 1 pkt|(dropped 0,");
		queued_shell("tc filter del dev p%d ingress prio 9", port);
	}
	queued_delete();
	tap_end();
}

int main(void)
{
	if (!queued_open())
		return tap_done();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		beside_case(&rows[i]);
	for (int port = 0; port < 2; port++) {
		police_case(port, "l3", 100);
		police_case(port, "l2", 114);
	}
	queued_close();
	return tap_done();
}
