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

/* Of packets with VLAN tags 1, 2, 3...; a burst that is less than the packet never holds it. */
static const struct {
	const char *words;	/* of the shaper; NULL: none */
	const char *json, *text;
} rows[] = {
	{ "parent: site, rate: 1mbit, burst: 20k",
	  "\"parents\":[\"site\",\"host\"],\"action\":\"police\",\"outcome\":\"conforms\","
	  "\"lender\":null,\"bytes\":120,\"ifb\":null,\"class\":null}",
	  "shaper t1 (below site, host): 120 bytes, now it is within its rate" },
	{ "rate: 1mbit, burst: 20k",
	  "\"parents\":[],\"action\":\"police\",\"outcome\":\"conforms\"",
	  "shaper t2: 120 bytes, now it is within its rate" },
	{ "rate: 8kbit, burst: 60b",
	  "\"outcome\":\"dropped\"", "shaper t3: 120 bytes, now it exceeds, and is dropped" },
	{ "parent: site, rate: 8kbit, burst: 60b", "\"outcome\":\"dropped\",\"lender\":null",
	  "shaper t4 (below site, host): 120 bytes, now it exceeds, and is dropped" },
	{ "parent: site, rate: 8kbit, burst: 60b, ceil: 1mbit",
	  "\"outcome\":\"borrows\",\"lender\":\"site\"", "over its rate, and borrows from site" },
	{ "rate: 8kbit, burst: 60b, action: mark, remark: cs1",
	  "\"outcome\":\"exceeds\"", "shaper t6: 120 bytes, now it exceeds, and passes with DSCP "
	  "cs1" },
	{ "rate: 8kbit, burst: 60b, action: mark",
	  "\"outcome\":\"exceeds\"", "shaper t7: 120 bytes, now it exceeds, which is only "
	  "counted" },
	{ "parent: q, rate: 1mbit, action: shape",
	  "\"outcome\":\"queued\",\"lender\":null,\"bytes\":120,\"ifb\":\"ifb-q\",\"class\":\"1:",
	  "is left to IFB device ifb-q, class 1:" },
	{ NULL, "\"shaper\":null", "" },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static struct gateway gw;

static void capture_write(void)
{
	FILE *f = capture_new(IN, CAPTURE_MAGIC, CAPTURE_ETHERNET);
	uint8_t tagged[2048];
	unsigned int i;

	if (!f)
		tap_bail("cannot write %s", IN);
	for (i = 0; i < N_ROWS; i++) {
		memcpy(tagged, pkt_data(&gw.packet), 12);
		memcpy(tagged + 12, (uint8_t[4]){ 0x81, 0, 0, i + 1 }, 4);
		memcpy(tagged + 16, pkt_data(&gw.packet) + 12, gw.packet.len - 12);
		capture_add(f, tagged, gw.packet.len + 4, gw.packet.len + 4);
	}
	fclose(f);
}

static void file_write(const char *hook)
{
	FILE *f = fopen(FILE_PATH, "w");
	unsigned int i;

	if (!f)
		tap_bail("cannot write %s", FILE_PATH);
	fprintf(f, "penstock: 1\nports:\n  - {dev: d, hook: %s, ignore: [offload, sysctl]}\n"
		"shapers:\n  - {name: host, rate: 1gbit}\n  - {name: q, rate: 1gbit}\n"
		"  - {name: site, parent: host, rate: 500mbit}\n", hook);
	for (i = 0; i < N_ROWS; i++)
		if (rows[i].words)
			fprintf(f, "  - {name: t%u, %s, match: {dev: d, vlan: %u}}\n", i + 1,
				rows[i].words, i + 1);
	fclose(f);
}

static void explained(const char *hook)
{
	const char *out, *at;
	char packet[32];
	unsigned int i;

	tap_case("explain at %s names the shaper of a packet, and what becomes of it", hook);
	file_write(hook);
	gateway_runs("apply" ON_FILE, 0, NULL);
	at = out = gateway_output(EXPLAIN " -j");
	for (i = 0; i < N_ROWS && at; i++) {
		snprintf(packet, sizeof(packet), "\"packet\":%u,", i + 1);
		at = strstr(at, packet);
		if (!tap_true(at && strstr(at, rows[i].json), rows[i].json))
			tap_fail("%s", out);
	}
	out = gateway_output(EXPLAIN);
	for (i = 0; i < N_ROWS; i++)
		if (!tap_true(!!strstr(out, rows[i].text), rows[i].text))
			tap_fail("%s", out);
	out = gateway_output("stats shapers -j");
	tap_true(!strstr(out, "\"passed\":1") && !strstr(out, "\"dropped\":1"),
		 "nothing is counted");
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
