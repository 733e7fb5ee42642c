// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Shapers that queue, with traffic: what arrives waits at the IFB device as if
 * it had been set up by hand, tc and our counters tell the same, ports share a
 * rate, and nothing is left behind. Conformance 9.12, SH-02 to SH-07 and SH-10.
 */
#include <stdio.h>
#include <string.h>

#include "queued.h"
#include "tap.h"

/* --- cases ------------------------------------------------------------------------- */

#define CLASS(ifb)	"tc -s class show dev " ifb
#define QDISC(ifb)	"tc -s qdisc show dev " ifb
#define FILTER(dev)	"tc -s filter show dev " dev " ingress"
#define REASONS		"build/penstock stats --bpffs " QUEUED_PINS

static void htb_case(void)
{
	tap_case("SH-07: a leaf lends and borrows, tc and our counters agree");
	if (!queued_apply("shapers:\n"
		   "  - {name: site, rate: 100mbit, action: shape}\n"
		   "  - {name: a, parent: site, match: {dev: [p0, p1], src: 10.9.0.2},\n"
		   "     action: shape, rate: 8kbit, ceil: 1mbit, burst: 400, cburst: 1000}\n"
		   "  - {name: b, parent: site, match: {src: 10.9.0.3}, action: shape,\n"
		   "     rate: 30mbit, limit: 50}\n"))
		goto out;
	queued_frames(0, 2, 114, 6, 0);
	queued_comes(CLASS("ifb-site"), "Sent 684 bytes 6 pkt (dropped 0|lended: 4 borrowed: 2|"
				 "lended: 2 borrowed: 0");
	queued_comes(FILTER("p0"), "Sent 600 bytes 6 pkt");
	queued_frames(0, 3, 214, 3, 0);
	queued_frames(0, 4, 114, 2, 0);
	queued_comes(CLASS("ifb-site"), "Sent 642 bytes 3 pkt");
	queued_comes(FILTER("p0"), "Sent 1200 bytes 9 pkt");
	queued_comes("ip -s link show ifb-site", " 1326 9 0 0");
	queued_comes(REASONS, "shaper pass 9 1326");
	queued_comes("build/penstock show programs --bpffs " QUEUED_PINS, "tc_port|tc_shape");
	tap_end();

	tap_case("ports of either hook share a rate");
	queued_frames(1, 2, 114, 1, 0);
	queued_comes(FILTER("p1"), "Sent 100 bytes 1 pkt");
	queued_comes(CLASS("ifb-site"), "Sent 798 bytes 7 pkt");
out:
	tap_end();
}

static void again_case(void)
{
	char text[QUEUED_TEXT];

	tap_case("nothing to do: neither links nor filters are touched");
	queued_output("tc filter show dev p0 ingress", text);
	if (queued_penstock("plan " QUEUED_FILE, 0, NULL)) {
		queued_penstock("apply " QUEUED_FILE, 0, NULL);
		queued_comes("tc filter show dev p0 ingress", text);
		queued_comes(FILTER("p0"), "Sent 1200 bytes 9 pkt");
	}
	tap_end();
}

static void gone_case(void)
{
	char text[QUEUED_TEXT];

	tap_case("a file without them: filters and devices go, packets pass");
	if (queued_apply("")) {
		queued_output("tc filter show dev p0 ingress; tc filter show dev p1 ingress; "
		       "ip -br link", text);
		tap_true(!strstr(text, "penstock") && !strstr(text, "ifb"), text);
		queued_frames(0, 2, 114, 1, 0);
		queued_comes(REASONS, "not-tunnel pass 3");
	}
	tap_end();
}

/* What @n frames of one shaper leave behind in the queue's counters, and at the filter. */
struct queue_row {
	const char *name;
	const char *shaper;	/* of the file, without braces, name: t */
	int frames;
	uint16_t vid;
	const char *show, *has;	/* of the IFB device */
	const char *filter;
	bool stays;	/* and counts on in the next row */
};

#define TBF "match: {src: 10.9.0.2}, action: shape, qdisc: tbf, "

static const struct queue_row queue_rows[] = {
	{ "SH-02, SH-04: a token bucket at the IFB device",
	  TBF "rate: 8kbit, burst: 300, limit: 300", 8, 0, QDISC("ifb-t"),
	  "Sent 456 bytes 4 pkt (dropped 4, overlimits", "Sent 800 bytes 8 pkt",
	  true },
	{ "SH-05: what is longer than the burst is dropped",
	  TBF "rate: 80kbit, burst: 100, limit: 3000", 1, 0, QDISC("ifb-t"),
	  "Sent 456 bytes 4 pkt (dropped 5,", "Sent 900 bytes 9 pkt" },
	{ "SH-03: a tag does not count in a queue",
	  "match: {vlan: 5}, action: shape, qdisc: tbf, rate: 8mbit", 1, 5, QDISC("ifb-t"),
	  "Sent 114 bytes 1 pkt", "Sent 100 bytes 1 pkt" },
	{ "SH-06: overhead costs, and is not sent",
	  "match: {src: 10.9.0.2}, action: shape, rate: 8kbit, burst: 138, overhead: 24, "
	  "cburst: 138, ceil: 8kbit", 3, 0, CLASS("ifb-t"),
	  "Sent 342 bytes 3 pkt", "Sent 300 bytes 3 pkt" },
};

static void queue_case(const struct queue_row *row)
{
	char text[512];

	tap_case("%s", row->name);
	snprintf(text, sizeof(text), "shapers:\n  - {name: t, %s}\n", row->shaper);
	if (queued_apply(text)) {
		queued_frames(0, 2, 114, row->frames, row->vid);
		queued_comes(FILTER("p0"), row->filter);
		queued_comes(row->show, row->has);
	}
	if (!row->stays)
		queued_delete();
	tap_end();
}

static void kind_case(const char *kind, const char *leaf)
{
	char text[512];

	tap_case("%s", kind);
	if (!queued_has(kind)) {
		tap_skip("this kernel has no %s", kind);
		return;
	}
	snprintf(text, sizeof(text), "shapers:\n  - {name: k, match: {src: 10.9.0.2}, "
		 "action: shape, qdisc: %s, rate: 80kbit, burst: 250}\n", kind);
	if (queued_apply(text)) {
		int64_t began = queued_ms();

		queued_frames(0, 2, 114, 6, 0);
		queued_comes(QDISC("ifb-k"), "Sent 684 bytes 6 pkt");
		queued_comes(QDISC("ifb-k"), leaf);
		/* 434 bytes had to wait at least, at 10 bytes a millisecond; cake has no burst. */
		tap_true(queued_ms() - began >= 40, "they waited");
	}
	queued_delete();
	tap_end();
}

/* What somebody else put at the ingress closes the gate, and ours does not. */
static void gate_case(void)
{
	tap_case("SH-10: filters of others close the gate, ours do not");
	if (!queued_apply("shapers:\n"
			  "  - {name: g, match: {src: 10.9.0.2}, action: shape, rate: 8mbit}\n"))
		goto out;
	queued_comes("build/penstock show ports --bpffs " QUEUED_PINS " p0", "attached tc");
	queued_comes("build/penstock show ports --bpffs " QUEUED_PINS " p0", "open");
	queued_shell("tc filter add dev p0 ingress prio 7 protocol ip u32 match u32 0 0 "
		     "classid 1:1");
	queued_penstock("attach p1 --hook tc --bpffs " QUEUED_PINS, 0, NULL);
	queued_comes("build/penstock show ports --bpffs " QUEUED_PINS " p0", "tc-ingress");
	queued_shell("tc filter del dev p0 ingress prio 7");
out:
	queued_delete();
	tap_end();
}

int main(void)
{
	if (!queued_open())
		return tap_done();
	htb_case();
	again_case();
	gone_case();
	for (size_t i = 0; i < sizeof(queue_rows) / sizeof(queue_rows[0]); i++)
		queue_case(&queue_rows[i]);
	kind_case("fq_codel", "fq_codel");
	kind_case("fq", "fq 1:");
	kind_case("cake", "cake 1:");
	gate_case();
	queued_close();
	return tap_done();
}
