// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * apply --confirm with ports and shapers: at work while it waits for an answer, and
 * all as before when none comes, or when the program is killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway.h"
#include "tap.h"

#define FILE_PATH "/run/netns/pnt-confirm.yaml"
#define STATE_DIR "/run/netns/pnt-confirm-state"
#define ON_FILE " --state " STATE_DIR " " FILE_PATH
#define STEPS 1500	/* of 20 ms */

#define IGNORE "ignore: [offload, sysctl]"
#define BEFORE "penstock: 1\nports:\n  - {dev: d, hook: xdp, " IGNORE "}\nshapers:\n" \
	"  - {name: slow, rate: 8kbit, burst: 2000b, match: {dev: d, kind: vxlan}}\n" \
	"  - {name: goes, rate: 1mbit, match: {vlan: 7}}\n"
#define AFTER "penstock: 1\nports:\n  - {dev: d, hook: tc, checksum: inner, " IGNORE "}\n" \
	"shapers:\n" \
	"  - {name: slow, rate: 800mbit, burst: 200k, match: {dev: d, kind: vxlan}}\n" \
	"  - {name: q, rate: 1gbit, action: shape, match: {vlan: 9}}\n"
/* Only shapers differ: no link, no port. */
#define RATE "penstock: 1\nports:\n  - {dev: d, hook: xdp, " IGNORE "}\nshapers:\n" \
	"  - {name: slow, rate: 16kbit, burst: 4000b, match: {dev: d, kind: vxlan}}\n" \
	"  - {name: goes, rate: 1mbit, match: {vlan: 7}}\n"

static struct gateway gw;

static void file_write(const char *text)
{
	FILE *f = fopen(FILE_PATH, "w");

	if (!f || fputs(text, f) < 0 || fclose(f))
		tap_bail("cannot write %s", FILE_PATH);
}

/* Everything that can be told of links, ports and shapers, but for counters. */
static char *all_told(void)
{
	const char *config = gateway_output("show config");
	char *told = NULL, *first = strdup(config);

	if (!first || asprintf(&told, "%s%s", first, gateway_output("show shapers")) < 0)
		tap_bail("no memory");
	free(first);
	return told;
}

static void is_as_before(char *before)
{
	char *now = all_told();

	tap_str(now, before, "what there is");
	free(now);
	free(before);
}

static bool shows(const char *word, bool wanted)
{
	return !strstr(gateway_output("show shapers"), word) == !wanted;
}

static bool awaits(const char *word, bool wanted)
{
	int left = STEPS;

	while (!shows(word, wanted) && --left)
		poll(NULL, 0, 20);
	return tap_true(left > 0, word);
}

/* The one that undoes holds the lock of the records until it has. */
static void undoing_awaits(void)
{
	int fd = open(STATE_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && !flock(fd, LOCK_EX))
		close(fd);
}

static void refused(const char *what, const char *text)
{
	char *before = all_told();

	tap_case("not confirmed in time: %s", what);
	file_write(text);
	gateway_runs("apply --confirm 1" ON_FILE, 4, "not confirmed within 1 s; everything done "
		     "was undone");
	is_as_before(before);
	tap_end();
}

static pid_t apply_start(const char *line)
{
	int out;
	pid_t pid = run_start(line, &out);

	if (pid > 0)
		close(out);
	tap_sys(pid, line);
	return pid;
}

static void killed(const char *text, const char *word)
{
	char *before = all_told();
	pid_t pid;

	tap_case("kill -9 while it waits: undone as well");
	file_write(text);
	pid = apply_start("apply --confirm 60" ON_FILE);
	if (awaits(word, true)) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		awaits(word, false);
	}
	undoing_awaits();
	is_as_before(before);
	tap_end();
}

static void confirmed(void)
{
	int status = 0;
	pid_t pid;

	tap_case("confirmed by SIGUSR1: it stays, and traffic meets it before");
	file_write(RATE);
	pid = apply_start("apply --confirm 60" ON_FILE);
	awaits("16kbit", true);
	kill(pid, SIGUSR1);
	waitpid(pid, &status, 0);
	tap_eq(status, 0, "status");
	shows("16kbit", true);
	tap_end();
}

static void fresh(void)
{
	char *before = all_told();

	tap_case("where there was neither port nor shaper there is none again");
	file_write(AFTER);
	gateway_runs("apply --confirm 1" ON_FILE, 4, "not confirmed");
	tap_true(!!strstr(gateway_output("show ports"), "No port"), "no port");
	is_as_before(before);
	tap_end();
}

static void beside(void)
{
	pid_t daemon;

	file_write(BEFORE);
	daemon = gateway_daemon("run" ON_FILE);
	if (tap_sys(daemon, "daemon"))
		refused("beside a daemon", AFTER);
	gateway_stop(daemon, SIGTERM);
	gateway_runs("delete" ON_FILE, 0, NULL);
}

int main(void)
{
	if (gateway_open(&gw))
		tap_bail("no gateway");
	fresh();
	file_write(BEFORE);
	gateway_runs("apply" ON_FILE, 0, NULL);
	refused("port, shapers and what queues", AFTER);
	refused("only a rate", RATE);
	killed(AFTER, "800mbit");
	confirmed();
	file_write(BEFORE);
	gateway_runs("delete" ON_FILE, 0, NULL);
	beside();
	unlink(FILE_PATH);
	rmdir(STATE_DIR);
	gateway_close(&gw);
	return tap_done();
}
