// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Shapers of topology files with real packets: planned, applied, counted, changed
 * while traffic flows, undone and deleted; without a daemon and beside one.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <time.h>
#include <unistd.h>

#include "gateway.h"
#include "tap.h"

#define FILE_PATH "/run/netns/pnt-shapers.yaml"
#define STATE_DIR "/run/netns/pnt-state"
#define STATE " --state " STATE_DIR " "
#define ON_FILE STATE FILE_PATH

#define HEAD "penstock: 1\n"
#define PORTS "ports:\n  - {dev: d, hook: xdp, ignore: [offload, sysctl]}\n"
#define SLOW "  - {name: slow, rate: 8kbit, burst: 2000b, match: {dev: d, kind: vxlan}}\n"
#define FAST "  - {name: slow, rate: 800mbit, burst: 200k, match: {dev: d, kind: vxlan}}\n"
#define HOST "  - {name: host, rate: 1gbit, match: {}}\n"

static struct gateway gw;

static void file_write(const char *text)
{
	FILE *f = fopen(FILE_PATH, "w");

	if (!f)
		tap_bail("cannot write %s", FILE_PATH);
	fputs(text, f);
	fclose(f);
}

/* A number of the shaper's row of what @line prints under -j. */
static uint64_t number_of(const char *line, const char *row, const char *shaper, const char *key)
{
	const char *out = gateway_output(line), *at;
	char want[64];

	snprintf(want, sizeof(want), "\"%s\":\"%s\"", row, shaper);
	at = strstr(out, want);
	snprintf(want, sizeof(want), "\"%s\":", key);
	at = at ? strstr(at, want) : NULL;
	if (!at) {
		tap_fail("no %s of %s in %s", key, shaper, out);
		return 0;
	}
	return strtoull(at + strlen(want), NULL, 10);
}

static uint64_t counted(const char *shaper, const char *key)
{
	return number_of("stats shapers -j", "shaper", shaper, key);
}

static uint64_t index_of(const char *shaper)
{
	return number_of("show shapers -j", "name", shaper, "index");
}

static bool shows(const char *line, const char *text)
{
	const char *out = gateway_output(line);

	return tap_true(!!strstr(out, text), out);
}

static void applied(void)
{
	uint64_t passed, dropped;

	tap_case("plan, apply, plan: packets above the rate are dropped and counted");
	file_write(HEAD PORTS "shapers:\n" SLOW HOST);
	gateway_runs("plan" ON_FILE, 3, NULL);
	gateway_runs("apply" ON_FILE, 0, NULL);
	if (!shows("plan" ON_FILE, "nothing to do"))
		goto out;
	gateway_send(&gw, 320);
	passed = counted("slow", "conforming");
	dropped = counted("slow", "dropped");
	tap_eq(passed + dropped, 320, "conforming + dropped");
	tap_true(passed >= 1 && passed < 100, "some pass");
	tap_eq(gateway_reason("d", "policed"), dropped, "reason policed");
	tap_true(counted("slow", "conforming_bytes") < 2000 + 1000 * 60, "bytes");
	shows("show shapers", "dev=d kind=vxlan");
out:
	tap_end();
}

/* The program stays, the index stays, and what was counted. */
static void changed(void)
{
	uint64_t program = number_of("show ports -j", "device", "d", "program");
	uint64_t index = index_of("slow"), passed = counted("slow", "conforming");
	uint64_t dropped = counted("slow", "dropped");

	tap_case("a rate changes without another program");
	file_write(HEAD PORTS "shapers:\n" FAST HOST);
	shows("apply" ON_FILE, "~  slow    rate 8kbit -> 800mbit");
	tap_eq(index_of("slow"), index, "index");
	tap_eq(number_of("show ports -j", "device", "d", "program"), program, "program");
	gateway_send(&gw, 320);
	tap_eq(counted("slow", "conforming"), passed + 320, "all pass");
	tap_eq(counted("slow", "dropped"), dropped, "none is dropped");
	tap_end();
}

static void refused(void)
{
	tap_case("what is wrong is said before anything is done, and what fails is undone");
	file_write(HEAD PORTS "shapers:\n  - {name: x, rate: 1mbit, match: {dev: nix}}\n");
	gateway_runs("apply" ON_FILE, 1, "x: dev: nix is no port");
	gateway_runs("plan" ON_FILE, 1, "penstock attach nix");
	file_write(HEAD "links:\n  - {name: brx, kind: bridge}\n" PORTS
		   "  - {dev: brx, hook: xdp, mode: native}\nshapers:\n" HOST);
	gateway_runs("apply" ON_FILE, 4, NULL);
	file_write(HEAD PORTS "shapers:\n" FAST HOST);
	shows("plan" ON_FILE, "nothing to do");
	tap_eq(index_of("slow"), 1, "still there");
	tap_end();
}

/* @says "": no warning at all. */
static void plan_warns(const char *hook, const char *shaper, const char *says)
{
	char text[512];
	const char *out;

	snprintf(text, sizeof(text), HEAD
		 "ports:\n  - {dev: d, hook: %s, ignore: [offload, sysctl]}\n"
		 "shapers:\n  - {name: x, match: {dev: d%s\n", hook, shaper);
	file_write(text);
	out = gateway_says("plan" ON_FILE, 3);
	if (says[0])
		tap_true(!!strstr(out, says), out);
	else
		tap_true(!strstr(out, "warning"), out);
}

static void warned(void)
{
	tap_case("plan warns of bursts that no packet, super-packet or TCP stream gets along with");
	plan_warns("xdp", "}, rate: 1mbit, burst: 1000b}",
		   "warning: x: burst: 1000b is less than a frame of 1518 bytes");
	plan_warns("tc", "}, rate: 1mbit, burst: 60000b}",
		   "burst: 60000b is less than a super-packet of 64 KiB, and d (tc)");
	plan_warns("xdp", "}, rate: 100mbit}", "lasts 10 ms at rate, and a TCP stream waits 200 ms "
		   "for what it lost: alone it gets some 5 % of the rate");
	plan_warns("xdp", ", proto: tcp}, rate: 100mbit, burst: 1m}", "some 41 % of the rate");
	plan_warns("xdp", "}, rate: 100mbit, burst: 3200k}", "");
	plan_warns("xdp", ", proto: udp}, rate: 100mbit}", "");
	plan_warns("xdp", ", proto: udp}, rate: 100mbit, ceil: 1gbit}", "no parent to borrow from");
	plan_warns("tc", "}, rate: 100mbit, action: shape, spread: true}", "spread: does nothing");
	plan_warns("xdp", ", proto: udp}, rate: 100mbit}\n"
		   "  - {name: y, rate: 1mbit, match: {dev: d, proto: udp, dport: 5}}",
		   "warning: y: match: gets no packet: x in line 5 stands before it");
	tap_end();
}

#define LONG "a-name-of-thirty-characters--o"

/* Is no line of @out longer than 80 characters, and does one begin with @text? */
static void narrow(const char *out, const char *text)
{
	const char *line = out, *end;
	char want[64];

	for (; (end = strchr(line, '\n')); line = end + 1)
		tap_true(end - line <= 80, line);
	snprintf(want, sizeof(want), "\n%s", text);
	tap_true(!!strstr(out, want), out);
}

static void shown(void)
{
	static const char *const lines[] = {
		"stats shapers", "stats shapers --watch 100ms --count 1",
	};
	unsigned int i;

	tap_case("stats shapers: a tree that fits 80 columns, with the longest names");
	file_write(HEAD PORTS "shapers:\n"
		   "  - {name: below, parent: " LONG "4, rate: 8kbit, burst: 2000b, ceil: 16kbit,"
		   " match: {dev: d, kind: vxlan}}\n"
		   "  - {name: " LONG "1, rate: 1234567891bit}\n"
		   "  - {name: " LONG "3, parent: " LONG "1, rate: 1234567891bit}\n"
		   "  - {name: " LONG "4, parent: " LONG "3, rate: 1234567891bit}\n"
		   "  - {name: mark, rate: 8kbit, action: mark, match: {vlan: 7}}\n");
	gateway_runs("apply" ON_FILE, 0, NULL);
	gateway_send(&gw, 96);
	for (i = 0; i < 2; i++) {
		narrow(gateway_output(lines[i]), LONG "1 ");
		narrow(gateway_output(lines[i]), "  " LONG "4 ");
		narrow(gateway_output(lines[i]), "   below ");
	}
	shows(lines[0], "1.23gbit");
	tap_true(counted(LONG "4", "rate_bytes") == 154320986, "JSON is exact");
	gateway_runs("delete" ON_FILE, 0, NULL);
	tap_end();
}

static void deleted(void)
{
	tap_case("delete takes the shapers of its file, and programs forget them");
	gateway_runs("delete" ON_FILE, 0, NULL);
	gateway_runs("attach d --hook xdp --ignore offload,sysctl", 0, NULL);
	file_write(HEAD "shapers:\n" SLOW);
	gateway_runs("apply" ON_FILE, 0, NULL);
	gateway_send(&gw, 96);
	tap_true(counted("slow", "dropped") > 0, "of a port that was attached before");
	gateway_runs("delete" ON_FILE, 0, NULL);
	shows("show shapers", "There are no shapers");
	shows("show ports", "attached");
	tap_eq(gateway_reason("d", "policed") > 0, 1, "the port's counters stay");
	gateway_send(&gw, 96);
	gateway_runs("detach d", 0, NULL);
	tap_end();
}

static void sized(void)
{
	char text[8192] = HEAD "shapers:\n" HOST;
	size_t at = strlen(text);
	unsigned int i;

	tap_case("a directory with room for other numbers of shapers is opened again");
	gateway_runs("attach d --hook xdp --ignore offload,sysctl --shaper-max 64", 0, NULL);
	gateway_runs("show pins", 0, NULL);
	for (i = 0; i < 63; i++) {
		if (i == 62) {
			file_write(text);
			gateway_runs("apply" ON_FILE, 0, NULL);
		}
		at += snprintf(text + at, sizeof(text) - at,
			       "  - {name: t%u, rate: 1mbit, match: {vni: %u}}\n", i, i);
	}
	file_write(text);
	gateway_runs("apply" ON_FILE, 2, "64 shapers are wanted, and there is room for 63");
	shows("show shapers", "\nt61 ");
	gateway_runs("delete" ON_FILE, 0, NULL);
	gateway_runs("detach d", 0, NULL);
	tap_end();
}

static void beside(void)
{
	pid_t daemon;
	uint64_t before;

	tap_case("beside a daemon, which exchanges the programs");
	file_write(HEAD "shapers:\n" SLOW);
	daemon = gateway_daemon("run d --hook xdp --ignore offload,sysctl");
	if (!tap_sys(daemon, "daemon"))
		goto out;
	gateway_runs("apply" ON_FILE, 0, NULL);
	gateway_send(&gw, 96);
	tap_true(counted("slow", "dropped") > 0, "it is at work when apply returns");
	file_write(HEAD "shapers:\n" FAST);
	gateway_runs("apply" ON_FILE, 0, NULL);
	before = counted("slow", "dropped");
	gateway_send(&gw, 96);
	tap_eq(counted("slow", "dropped"), before, "a new rate holds when apply returns");
	tap_eq(gateway_stop(daemon, SIGKILL), 128 + SIGKILL, "killed");
	gateway_send(&gw, 32);
	tap_eq(counted("slow", "conforming") > 0, 1, "shapers work on");
	daemon = gateway_daemon("run");
	tap_sys(daemon, "daemon again");
	tap_eq(index_of("slow"), 1, "and are taken over");
	gateway_stop(daemon, SIGTERM);
	gateway_runs("delete --all" STATE, 0, NULL);
	gateway_runs("detach d", 0, NULL);
out:
	tap_end();
}

static void run_of_file(void)
{
	pid_t daemon;

	tap_case("run FILE, and SIGHUP");
	file_write(HEAD PORTS "shapers:\n" SLOW);
	daemon = gateway_daemon("run" ON_FILE);
	if (!tap_sys(daemon, "daemon"))
		goto out;
	gateway_send(&gw, 96);
	tap_true(counted("slow", "dropped") > 0, "at work");
	gateway_stop(daemon, SIGTERM);
	shows("stats shapers --watch 100ms --count 1", "8kbit");
	gateway_runs("delete" ON_FILE, 0, NULL);
out:
	unlink(FILE_PATH);
	rmdir(STATE_DIR);
	tap_end();
}

int main(void)
{
	if (gateway_open(&gw))
		tap_bail("no gateway");
	applied();
	changed();
	refused();
	warned();
	deleted();
	sized();
	shown();
	beside();
	run_of_file();
	gateway_close(&gw);
	return tap_done();
}
