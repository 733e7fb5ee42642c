// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * explain and shapers: which one a packet falls to, below which parents, who lends,
 * and what would become of it now; nothing is charged or counted for it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture.h"
#include "gateway.h"
#include "tap.h"

#define IN "/run/netns/pnt-explain-shaper.pcap"
#define FILE_PATH "/run/netns/pnt-explain-shaper.yaml"
#define ON_FILE " --state /run/netns/pnt-explain-state " FILE_PATH
#define EXPLAIN "explain " IN " --dev d"

#define HOST "  - {name: host, rate: 1gbit}\n  - {name: site, parent: host, rate: 500mbit}\n"
#define OURS "match: {dev: d, kind: vxlan}}\n"

static struct gateway gw;

/* A burst that is less than the packet never holds it. */
static const struct {
	const char *shapers;
	const char *json, *text;
} rows[] = {
	{ HOST "  - {name: t, parent: site, rate: 1mbit, burst: 20k, " OURS,
	  "\"shaper\":{\"name\":\"t\",\"parents\":[\"site\",\"host\"],\"action\":\"police\","
	  "\"outcome\":\"conforms\",\"lender\":null,\"bytes\":",
	  "shaper t (below site, host): " },
	{ HOST "  - {name: t, rate: 1mbit, burst: 20k, " OURS,
	  "\"parents\":[],\"action\":\"police\",\"outcome\":\"conforms\"",
	  "bytes, now it is within its rate" },
	{ HOST "  - {name: t, rate: 8kbit, burst: 60b, " OURS,
	  "\"reason\":\"policed\"", "bytes, now it exceeds, and is dropped" },
	{ HOST "  - {name: t, parent: site, rate: 8kbit, burst: 60b, " OURS,
	  "\"outcome\":\"dropped\",\"lender\":null", "bytes, now it exceeds, and is dropped" },
	{ HOST "  - {name: t, parent: site, rate: 8kbit, burst: 60b, ceil: 1mbit, " OURS,
	  "\"outcome\":\"borrows\",\"lender\":\"site\"", "over its rate, and borrows from site" },
	{ HOST "  - {name: t, rate: 8kbit, burst: 60b, action: mark, remark: cs1, " OURS,
	  "\"verdict\":\"forward\"", "exceeds, and passes with DSCP cs1" },
	{ HOST "  - {name: t, rate: 8kbit, burst: 60b, action: mark, " OURS,
	  "\"outcome\":\"exceeds\"", "exceeds, which is only counted" },
	{ "  - {name: q, rate: 1gbit}\n"
	  "  - {name: t, parent: q, rate: 1mbit, action: shape, " OURS,
	  "\"outcome\":\"queued\",\"lender\":null,\"bytes\":",
	  "is left to IFB device ifb-q, class 1:" },
	{ "  - {name: t, rate: 1mbit, match: {dev: d, vlan: 9}}\n",
	  "\"shaper\":null", "decap" },
};

static void capture_write(void)
{
	FILE *f = capture_new(IN, CAPTURE_MAGIC, CAPTURE_ETHERNET);

	if (!f)
		tap_bail("cannot write %s", IN);
	capture_add(f, pkt_data(&gw.packet), gw.packet.len, gw.packet.len);
	fclose(f);
}

static void has(const char *line, const char *text)
{
	const char *out = gateway_output(line);

	tap_true(!!strstr(out, text), out);
}

static void row_check(const char *hook, unsigned int i)
{
	FILE *f = fopen(FILE_PATH, "w");

	if (!f)
		tap_bail("cannot write %s", FILE_PATH);
	fprintf(f, "penstock: 1\nports:\n  - {dev: d, hook: %s, ignore: [offload, sysctl]}\n"
		"shapers:\n%s", hook, rows[i].shapers);
	fclose(f);
	gateway_runs("apply" ON_FILE, 0, NULL);
	has(EXPLAIN " -j", rows[i].json);
	has(EXPLAIN, rows[i].text);
	has("stats shapers -j", "\"passed\":0,");
	tap_true(!strstr(gateway_output("stats shapers -j"), "\"dropped\":1"), "nothing counted");
}

static void explained(const char *hook)
{
	unsigned int i;

	tap_case("explain at %s names the shaper of a packet, and what becomes of it", hook);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		row_check(hook, i);
	gateway_runs("delete" ON_FILE, 0, NULL);
	tap_end();
}

int main(void)
{
	if (gateway_open(&gw))
		tap_bail("no gateway");
	capture_write();
	explained("tc");
	explained("xdp");
	unlink(IN);
	unlink(FILE_PATH);
	rmdir("/run/netns/pnt-explain-state");
	gateway_close(&gw);
	return tap_done();
}
