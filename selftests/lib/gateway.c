// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A gateway under penstock; see gateway.h. */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "gateway.h"
#include "tap.h"

#define BURST	 32
#define READY_MS 20000
#define AWAIT_S	 30

static const struct netns *here;

void gateway_enter(const struct netns *ns)
{
	here = ns;
	netns_enter(ns);
}

/* The library's own calls come back to where the program started. */
static int penstock(struct run *r, const char *line)
{
	netns_enter(here);
	return run_penstock(r, line);
}

int gateway_open(struct gateway *g)
{
	struct pkt *p = &g->packet;
	int ret;

	memset(g, 0, sizeof(*g));
	ret = wire_pin();
	ret = ret ? ret : settle_open(&g->settle);
	ret = ret ? ret : scene_open(&g->scene, C_VX, true);
	if (ret)
		return ret;
	pkt_I4(p);
	pkt_eth(p, SCENE_IN_DST, PKT_MAC_I, 0x0800);
	pkt_vxlan(p, 5);
	pkt_U(p, 4789);
	pkt_O4(p, 17);
	gateway_enter(&g->scene.d);
	return 0;
}

void gateway_close(struct gateway *g)
{
	netns_leave();
	scene_close(&g->scene);
	settle_close(&g->settle);
}

bool gateway_send(struct gateway *g, unsigned int n)
{
	unsigned int i;

	for (i = 1; i <= n; i++) {
		if (!tap_sys(wire_send(&g->scene.wire_p, &g->packet), "send"))
			return false;
		if (i % BURST == 0 && !tap_sys(settle(&g->settle), "settle"))
			return false;
	}
	g->sent += n;
	return tap_sys(settle(&g->settle), "settle");
}

uint64_t gateway_received(const struct gateway *g)
{
	static struct counters c;

	return counters_read(&g->scene.e, &c) ? 0 : counters_get(&c, "e.rx_packets");
}

bool gateway_runs(const char *line, int status, const char *says)
{
	struct run r;
	bool ok = tap_sys(penstock(&r, line), line);

	if (ok) {
		ok = tap_eq(r.status, status, line);
		if (says && !strstr(r.err, says))
			ok = tap_fail("%s: stderr does not say \"%s\": %s", line, says, r.err);
		else if (!ok)
			tap_diag("%s", r.err);
	}
	run_free(&r);
	return ok;
}

const char *gateway_says(const char *line, int status)
{
	static char text[16384];
	struct run r;

	text[0] = '\0';
	if (tap_sys(penstock(&r, line), line) && tap_eq(r.status, status, line))
		snprintf(text, sizeof(text), "%s", r.out);
	run_free(&r);
	return text;
}

const char *gateway_output(const char *line)
{
	return gateway_says(line, 0);
}

pid_t gateway_daemon(const char *line)
{
	struct pollfd p = { .events = POLLIN };
	char text[4096];
	ssize_t n = 0;
	pid_t pid;

	netns_enter(here);
	pid = run_start(line, &p.fd);
	if (pid < 0)
		return pid;
	if (poll(&p, 1, READY_MS) == 1)
		n = read(p.fd, text, sizeof(text));
	close(p.fd);
	if (n > 0)
		return pid;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return -EIO;
}

int gateway_stop(pid_t daemon, int signal)
{
	int status = 0;

	kill(daemon, signal);
	if (waitpid(daemon, &status, 0) != daemon)
		return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static bool in_time(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec < start->tv_sec + AWAIT_S;
}

bool gateway_awaits(const char *word)
{
	struct timespec start;
	struct run r;
	bool there;

	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		if (penstock(&r, "show ports -j"))
			return tap_fail("show ports");
		there = strstr(r.out, word);
		if (!there && !in_time(&start))
			return tap_fail("no %s within %d s in %s", word, AWAIT_S, r.out);
		run_free(&r);
	} while (!there);
	return true;
}

bool gateway_frees(const char *line)
{
	struct timespec start;
	struct run r;
	int status;

	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		if (penstock(&r, line))
			return false;
		status = r.status;
		run_free(&r);
	} while (status && in_time(&start));
	return !status;
}

static void value_is(struct json_object *row, const char *key, const char *want)
{
	struct json_object *v = NULL;

	json_object_object_get_ex(row, key, &v);
	tap_str(v ? json_object_get_string(v) : "null", want, key);
}

void gateway_explains(const char *line, const struct gateway_met *want, int n)
{
	struct json_object *rows = json_tokener_parse(gateway_output(line));
	char nth[12];

	if (tap_true(rows && (int)json_object_array_length(rows) == n, line))
		for (int i = 0; i < n; i++) {
			struct json_object *row = json_object_array_get_idx(rows, i);

			snprintf(nth, sizeof(nth), "%d", i + 1);
			value_is(row, "packet", nth);
			value_is(row, "verdict", want[i].verdict);
			value_is(row, "reason", want[i].reason);
			value_is(row, "tunnel", want[i].tunnel);
			value_is(row, "egress", want[i].egress);
		}
	json_object_put(rows);
}

/* Value of @key in @o if @match_key is @match there. */
static bool row_is(struct json_object *o, const char *key, const char *want)
{
	struct json_object *v;

	return json_object_object_get_ex(o, key, &v) && !strcmp(json_object_get_string(v), want);
}

uint64_t gateway_reason(const char *dev, const char *reason)
{
	struct json_object *rows = NULL, *row, *v;
	uint64_t packets = 0;
	struct run r;
	size_t i;

	if (penstock(&r, "stats reasons -j"))
		return 0;
	rows = json_tokener_parse(r.out);
	for (i = 0; rows && i < json_object_array_length(rows); i++) {
		row = json_object_array_get_idx(rows, i);
		if (row_is(row, "device", dev) && row_is(row, "reason", reason) &&
		    json_object_object_get_ex(row, "packets", &v))
			packets += json_object_get_int64(v);
	}
	json_object_put(rows);
	run_free(&r);
	return packets;
}
