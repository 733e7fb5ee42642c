// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Two ports whose packets queue; see queued.h. */
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "netns.h"
#include "pkt.h"
#include "queued.h"
#include "run.h"
#include "tap.h"
#include "wire.h"

#define FILE_	"/tmp/pnt-queued.yaml"
#define WAIT_MS	5000

static struct netns own;
static struct wire wires[2];	/* the far ends of p0 and p1 */

/* --- running things ------------------------------------------------------------ */

bool queued_penstock(const char *line, int want, char *out)
{
	struct run r;
	bool ok;

	netns_enter(&own);
	if (!tap_sys(run_penstock(&r, line), line))
		return false;
	ok = tap_eq(r.status, want, r.err);
	if (out)
		snprintf(out, QUEUED_TEXT, "%s%s", r.out, r.err);
	run_free(&r);
	return ok;
}

bool queued_apply(const char *shapers)
{
	FILE *f = fopen(FILE_, "we");

	if (!f)
		tap_bail("no file " FILE_);
	fprintf(f, "penstock: 1\nports:\n  - {dev: p0}\n  - {dev: p1, hook: xdp, mode: generic}\n"
		"%s", shapers);
	fclose(f);
	return queued_penstock("apply " QUEUED_FILE " --allow-mass-delete", 0, NULL);
}

bool queued_delete(void)
{
	return queued_penstock("delete " QUEUED_FILE " --allow-mass-delete", 0, NULL);
}

bool queued_shell(const char *fmt, ...)
{
	char cmd[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(cmd, sizeof(cmd), fmt, ap);
	va_end(ap);
	netns_enter(&own);
	return !system(cmd);
}

void queued_output(const char *cmd, char *text)
{
	size_t n = 0;
	FILE *f;
	int c;

	netns_enter(&own);
	f = popen(cmd, "re");
	while (f && (c = getc(f)) != EOF && n < QUEUED_TEXT - 1) {
		if (c == '\n' || c == '\t')
			c = ' ';
		if (c != ' ' || (n && text[n - 1] != ' '))
			text[n++] = c;
	}
	text[n] = 0;
	if (f)
		pclose(f);
}

bool queued_has(const char *kind)
{
	return queued_shell("tc qdisc add dev q0 root %s >/dev/null 2>&1", kind) &&
	       queued_shell("tc qdisc del dev q0 root");
}

int64_t queued_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

bool queued_comes(const char *cmd, const char *want)
{
	int64_t end = queued_ms() + WAIT_MS;
	char text[QUEUED_TEXT], words[512], *word, *save;

	do {
		queued_output(cmd, text);
		snprintf(words, sizeof(words), "%s", want);
		word = strtok_r(words, "|", &save);
		while (word && strstr(text, word))
			word = strtok_r(NULL, "|", &save);
		if (!word)
			return true;
		poll(NULL, 0, 5);
	} while (queued_ms() < end);
	return tap_fail("%s: has no %s: %s", cmd, word, text);
}

/* --- frames ------------------------------------------------------------------------ */

void queued_frames(int port, int src, uint32_t len, int n, uint16_t vid)
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

static bool world_make(void)
{
	if (!tap_sys(wire_pin(), "pin") || !tap_sys(netns_open(&own), "namespace") ||
	    !tap_sys(netns_quiet(&own), "quiet") || !tap_sys(netns_enter(&own), "enter"))
		return false;
	if (!queued_shell("ip -batch - <<E\n"
		   "link add p0 type veth peer name q0\nlink add p1 type veth peer name q1\n"
		   "link set p0 address 02:00:00:00:00:10 up\n"
		   "link set p1 address 02:00:00:00:01:10 up\n"
		   "link set q0 address 02:00:00:00:00:11 up\n"
		   "link set q1 address 02:00:00:00:01:11 up\n"
		   "addr add 10.9.0.1/24 dev p0\nE"))
		return tap_fail("veths");
	rmdir(QUEUED_PINS);
	return tap_sys(netns_wait_up(&own, "p0"), "p0") &&
	       tap_sys(netns_wait_up(&own, "p1"), "p1") &&
	       tap_sys(wire_open(&wires[0], &own, "q0"), "q0") &&
	       tap_sys(wire_open(&wires[1], &own, "q1"), "q1");
}

bool queued_open(void)
{
	bool made;

	tap_case("world");
	made = world_make();
	tap_end();
	return made;
}

void queued_close(void)
{
	wire_close(&wires[0]);
	wire_close(&wires[1]);
	netns_leave();
	netns_close(&own);
	unlink(FILE_);
	rmdir("/tmp/pnt-queued-state");
}
