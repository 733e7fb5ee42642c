// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * show config and shapers: all their words are printed so that plan finds no
 * difference, what follows from them (IFB devices, queues) is left out, and the
 * printed file applied alone makes the same again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway.h"
#include "tap.h"

#define FILE_PATH "/run/netns/pnt-shapers-config.yaml"
#define AGAIN_PATH "/run/netns/pnt-shapers-config-again.yaml"
#define STATE_DIR "/run/netns/pnt-config-state"
#define ON_FILE " --state " STATE_DIR " " FILE_PATH
#define ON_AGAIN " --state " STATE_DIR " " AGAIN_PATH

static const char text[] =
	"penstock: 1\n"
	"ports:\n  - {dev: d, hook: tc, ignore: [offload, sysctl]}\n"
	"shapers:\n"
	"  - {name: site, rate: 1gbit}\n"
	"  - {name: q1, parent: site, rate: 500mbit, ceil: 1gbit, cburst: 99k, action: shape,"
	" overhead: 24, mpu: 64, linklayer: atm, match: {dev: [d], vlan: 5}}\n"
	"  - {name: q2, parent: site, rate: 1234567bit, burst: 33k, action: shape, limit: 77,"
	" match: {dev: d, dscp: be, proto: tcp, dport: 80, sport: 1, src: 10.0.0.0/8}}\n"
	"  - {name: t, rate: 5mbit, burst: 10000b, action: shape, qdisc: tbf, limit: 40k,"
	" ifb: my-ifb, match: {kind: vxlan, vni: 7, peer: 'fd00::/64', local: 'fd01::1'}}\n"
	"  - {name: gre, rate: 5mbit, action: mark, remark: cs1, per: src, spread: [0, 3],"
	" overhead: -4, match: {kind: gre, key: 1.2.3.4, mark: 9, dst: 192.0.2.1}}\n"
	"  - {name: 'true', rate: 5mbit, ecn: true, spread: true, length: l3,"
	" match: {dscp: 13, proto: 99}}\n"
	"  - {name: '1e5', rate: 5mbit, per: mac, match: {}}\n";

static struct gateway gw;

static void write_to(const char *path, const char *content)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(content, f) < 0 || fclose(f))
		tap_bail("cannot write %s", path);
}

static void plans_nothing(const char *line)
{
	const char *out = gateway_says(line, 0);

	tap_true(!strncmp(out, "nothing to do", 13), out);
}

static void told(const char *line)
{
	static const char *const derived[] = { "ifb-site", "name: my-ifb", "\"name\":\"my-ifb\"",
					       "dev: my-ifb", "classid", "clsact" };
	const char *out = gateway_output(line);
	unsigned int i;

	tap_true(!!strstr(out, "shapers"), out);
	for (i = 0; i < sizeof(derived) / sizeof(derived[0]); i++)
		if (strstr(out, derived[i]))
			tap_fail("%s in %s", derived[i], out);
	write_to(AGAIN_PATH, out);
	plans_nothing("plan" ON_AGAIN);
}

static void round_trip(void)
{
	char *first;

	tap_case("show config prints shapers as a file that plan finds no difference to");
	write_to(FILE_PATH, text);
	gateway_runs("apply" ON_FILE, 0, NULL);
	told("show config -j");
	told("show config");
	first = strdup(gateway_output("show config"));
	tap_end();
	tap_case("applied, it leaves them to the file that they are of; alone, it makes the same");
	gateway_runs("apply" ON_AGAIN, 0, NULL);
	gateway_runs("delete" ON_FILE, 0, NULL);
	tap_true(!strstr(gateway_output("show config"), "shapers"), "they went with their file");
	gateway_runs("apply" ON_AGAIN, 0, NULL);
	if (first)
		tap_str(gateway_output("show config"), first, "the same again");
	write_to(FILE_PATH, "penstock: 1\nshapers:\n  - {name: site, rate: 2gbit}\n");
	gateway_runs("plan" ON_FILE, 1, "of another file");
	gateway_runs("delete" ON_AGAIN, 0, NULL);
	gateway_runs("detach --all", 0, NULL);
	free(first);
	tap_end();
}

int main(void)
{
	if (gateway_open(&gw))
		tap_bail("no gateway");
	round_trip();
	unlink(FILE_PATH);
	unlink(AGAIN_PATH);
	rmdir(STATE_DIR);
	gateway_close(&gw);
	return tap_done();
}
