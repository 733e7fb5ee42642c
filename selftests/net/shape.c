// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Shapers that queue, with traffic: what arrives waits at the IFB device as if
 * it had been set up by hand, tc and our counters tell the same, ports share a
 * rate, and nothing is left behind. Conformance 9.12, SH-02 to SH-07 and SH-10.
 */
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "netns.h"
#include "pkt.h"
#include "run.h"
#include "tap.h"
#include "wire.h"

#define PINS	"/sys/fs/bpf/pnt-shape"
#define STATE	"/tmp/pnt-shape-state"
#define FILE_	"/tmp/pnt-shape.yaml"
#define WAIT_MS	5000
#define TEXT	16384

static struct netns own;
static struct wire wires[2];	/* the far ends of p0 and p1 */

/* --- running things ------------------------------------------------------------ */

static bool penstock(const char *line, int want, char *out)
{
	struct run r;
	bool ok;

	netns_enter(&own);
	if (!tap_sys(run_penstock(&r, line), line))
		return false;
	ok = tap_eq(r.status, want, r.err);
	if (out)
		snprintf(out, TEXT, "%s%s", r.out, r.err);
	run_free(&r);
	return ok;
}

static bool apply(const char *shapers)
{
	FILE *f = fopen(FILE_, "we");

	if (!f)
		tap_bail("no file " FILE_);
	fprintf(f, "penstock: 1\nports:\n  - {dev: p0}\n  - {dev: p1, hook: xdp, mode: generic}\n"
		"%s", shapers);
	fclose(f);
	return penstock("apply " FILE_ " --state " STATE " --bpffs " PINS
			" --allow-mass-delete", 0, NULL);
}

static bool unmake(void)
{
	return penstock("delete " FILE_ " --state " STATE " --bpffs " PINS
			" --allow-mass-delete", 0, NULL);
}

static bool shell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static bool shell(const char *fmt, ...)
{
	char cmd[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(cmd, sizeof(cmd), fmt, ap);
	va_end(ap);
	netns_enter(&own);
	return !system(cmd);
}

/* Output with one blank between words. */
static void output(const char *cmd, char *text)
{
	size_t n = 0;
	FILE *f;
	int c;

	netns_enter(&own);
	f = popen(cmd, "re");
	while (f && (c = getc(f)) != EOF && n < TEXT - 1) {
		if (c == '\n' || c == '\t')
			c = ' ';
		if (c != ' ' || (n && text[n - 1] != ' '))
			text[n++] = c;
	}
	text[n] = 0;
	if (f)
		pclose(f);
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

/* Until the output has all of @want ("A|B"), or a failure. */
static bool comes(const char *cmd, const char *want)
{
	int64_t end = now_ms() + WAIT_MS;
	char text[TEXT], words[512], *word, *save;

	do {
		output(cmd, text);
		snprintf(words, sizeof(words), "%s", want);
		word = strtok_r(words, "|", &save);
		while (word && strstr(text, word))
			word = strtok_r(NULL, "|", &save);
		if (!word)
			return true;
		poll(NULL, 0, 5);
	} while (now_ms() < end);
	return tap_fail("%s: has no %s: %s", cmd, word, text);
}

/* --- frames ------------------------------------------------------------------------ */

/* @n frames of @len bytes, tags aside, from 10.9.0.@src; tagged where @vid is not 0. */
static void send_frames(int port, int src, uint32_t len, int n, uint16_t vid)
{
	char from[16];
	struct pkt_ip ip = { .proto = IPPROTO_UDP, .ttl = 64 };
	struct pkt p;
	uint8_t tag[4];

	snprintf(from, sizeof(from), "10.9.0.%d", src);
	ip.addr = pkt_addr(from, "10.9.0.1");
	pkt_init(&p);
	pkt_append(&p, NULL, len - 42);
	pkt_udp(&p, 1000, 2000);
	pkt_ip(&p, &ip);
	if (vid) {
		pkt_put16(tag, vid);
		pkt_put16(tag + 2, ETH_P_IP);
		pkt_push(&p, tag, sizeof(tag));
	}
	pkt_eth(&p, port ? "02:00:00:00:01:10" : "02:00:00:00:00:10", "02:00:00:00:00:99",
		vid ? ETH_P_8021Q : ETH_P_IP);
	while (n--)
		tap_sys(wire_send(&wires[port], &p), "send");
}

static bool world_open(void)
{
	if (!tap_sys(netns_open(&own), "namespace") || !tap_sys(netns_quiet(&own), "quiet") ||
	    !tap_sys(netns_enter(&own), "enter"))
		return false;
	if (!shell("ip -batch - <<E\n"
		   "link add p0 type veth peer name q0\nlink add p1 type veth peer name q1\n"
		   "link set p0 address 02:00:00:00:00:10 up\n"
		   "link set p1 address 02:00:00:00:01:10 up\n"
		   "link set q0 address 02:00:00:00:00:11 up\n"
		   "link set q1 address 02:00:00:00:01:11 up\n"
		   "addr add 10.9.0.1/24 dev p0\nE"))
		return tap_fail("veths");
	rmdir(PINS);
	return tap_sys(netns_wait_up(&own, "p0"), "p0") &&
	       tap_sys(netns_wait_up(&own, "p1"), "p1") &&
	       tap_sys(wire_open(&wires[0], &own, "q0"), "q0") &&
	       tap_sys(wire_open(&wires[1], &own, "q1"), "q1");
}

static void world_close(void)
{
	wire_close(&wires[0]);
	wire_close(&wires[1]);
	netns_leave();
	netns_close(&own);
}

/* --- cases ------------------------------------------------------------------------- */

#define CLASS(ifb)	"tc -s class show dev " ifb
#define QDISC(ifb)	"tc -s qdisc show dev " ifb
#define FILTER(dev)	"tc -s filter show dev " dev " ingress"
#define REASONS		"build/penstock stats --bpffs " PINS

static void htb_case(void)
{
	tap_case("SH-07: a leaf lends and borrows, tc and our counters agree");
	if (!apply("shapers:\n"
		   "  - {name: site, rate: 100mbit, action: shape}\n"
		   "  - {name: a, parent: site, match: {dev: [p0, p1], src: 10.9.0.2},\n"
		   "     action: shape, rate: 8kbit, ceil: 1mbit, burst: 400, cburst: 1000}\n"
		   "  - {name: b, parent: site, match: {src: 10.9.0.3}, action: shape,\n"
		   "     rate: 30mbit, limit: 50}\n"))
		goto out;
	send_frames(0, 2, 114, 6, 0);
	comes(CLASS("ifb-site"), "Sent 684 bytes 6 pkt (dropped 0|lended: 4 borrowed: 2|"
				 "lended: 2 borrowed: 0");
	comes(FILTER("p0"), "Sent 600 bytes 6 pkt");
	send_frames(0, 3, 214, 3, 0);
	send_frames(0, 4, 114, 2, 0);
	comes(CLASS("ifb-site"), "Sent 642 bytes 3 pkt");
	comes(FILTER("p0"), "Sent 1200 bytes 9 pkt");
	comes("ip -s link show ifb-site", " 1326 9 0 0");
	comes(REASONS, "shaper pass 9 1326");
	comes("build/penstock show programs --bpffs " PINS, "tc_port|tc_shape");
	tap_end();

	tap_case("ports of either hook share a rate");
	send_frames(1, 2, 114, 1, 0);
	comes(FILTER("p1"), "Sent 100 bytes 1 pkt");
	comes(CLASS("ifb-site"), "Sent 798 bytes 7 pkt");
out:
	tap_end();
}

static void again_case(void)
{
	char text[TEXT];

	tap_case("nothing to do: neither links nor filters are touched");
	output("tc filter show dev p0 ingress", text);
	if (penstock("plan " FILE_ " --state " STATE " --bpffs " PINS, 0, NULL)) {
		penstock("apply " FILE_ " --state " STATE " --bpffs " PINS, 0, NULL);
		comes("tc filter show dev p0 ingress", text);
		comes(FILTER("p0"), "Sent 1200 bytes 9 pkt");
	}
	tap_end();
}

static void gone_case(void)
{
	char text[TEXT];

	tap_case("a file without them: filters and devices go, packets pass");
	if (apply("")) {
		output("tc filter show dev p0 ingress; tc filter show dev p1 ingress; "
		       "ip -br link", text);
		tap_true(!strstr(text, "penstock") && !strstr(text, "ifb"), text);
		send_frames(0, 2, 114, 1, 0);
		comes(REASONS, "not-tunnel pass 3");
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
	if (apply(text)) {
		send_frames(0, 2, 114, row->frames, row->vid);
		comes(FILTER("p0"), row->filter);
		comes(row->show, row->has);
	}
	if (!row->stays)
		unmake();
	tap_end();
}

/* Where the kernel has it; the lab's kernels do. */
static bool has_qdisc(const char *kind)
{
	bool has = shell("tc qdisc add dev q0 root %s >/dev/null 2>&1", kind);

	if (has)
		shell("tc qdisc del dev q0 root");
	else
		tap_skip("this kernel has no %s", kind);
	return has;
}

static void kind_case(const char *kind, const char *leaf)
{
	char text[512];

	tap_case("%s", kind);
	if (!has_qdisc(kind))
		return;
	snprintf(text, sizeof(text), "shapers:\n  - {name: k, match: {src: 10.9.0.2}, "
		 "action: shape, qdisc: %s, rate: 80kbit, burst: 250}\n", kind);
	if (apply(text)) {
		int64_t began = now_ms();

		send_frames(0, 2, 114, 6, 0);
		comes(QDISC("ifb-k"), "Sent 684 bytes 6 pkt");
		comes(QDISC("ifb-k"), leaf);
		/* 434 bytes had to wait at least, at 10 bytes a millisecond; cake has no burst. */
		tap_true(now_ms() - began >= 40, "they waited");
	}
	unmake();
	tap_end();
}

/* What somebody else put at the ingress closes the gate, and ours does not. */
static void gate_case(void)
{
	tap_case("SH-10: filters of others close the gate, ours do not");
	if (!apply("shapers:\n  - {name: g, match: {src: 10.9.0.2}, action: shape, rate: 8mbit}\n"))
		goto out;
	comes("build/penstock show ports --bpffs " PINS " p0", "attached tc");
	comes("build/penstock show ports --bpffs " PINS " p0", "open");
	shell("tc filter add dev p0 ingress prio 7 protocol ip u32 match u32 0 0 classid 1:1");
	penstock("attach p1 --hook tc --bpffs " PINS, 0, NULL);
	comes("build/penstock show ports --bpffs " PINS " p0", "tc-ingress");
	shell("tc filter del dev p0 ingress prio 7");
out:
	unmake();
	tap_end();
}

int main(void)
{
	tap_case("world");
	if (!tap_sys(wire_pin(), "pin") || !world_open()) {
		tap_end();
		return tap_done();
	}
	tap_end();
	htb_case();
	again_case();
	gone_case();
	for (size_t i = 0; i < sizeof(queue_rows) / sizeof(queue_rows[0]); i++)
		queue_case(&queue_rows[i]);
	kind_case("fq_codel", "fq_codel");
	kind_case("fq", "fq 1:");
	kind_case("cake", "cake 1:");
	gate_case();
	world_close();
	return tap_done();
}
