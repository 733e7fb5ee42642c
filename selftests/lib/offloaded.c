// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Commands on a device; see offloaded.h. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "offloaded.h"
#include "run.h"
#include "tap.h"

#define PINS	"/sys/fs/bpf/penstock-offload-test"
#define WAIT_MS 20000

static const char *line_of(const char *fmt, const char *dev)
{
	const char *at = strstr(fmt, "%s");
	static char line[256];

	if (at)
		snprintf(line, sizeof(line), "--bpffs " PINS " %.*s%s%s", (int)(at - fmt), fmt, dev,
			 at + 2);
	else
		snprintf(line, sizeof(line), "--bpffs " PINS " %s", fmt);
	return line;
}

/* "penstock: OBJECT: what failed: why", once. */
static bool is_one_sentence(const char *err)
{
	const char *first = strstr(err, "penstock: ");

	while (first && !strncmp(first, "penstock: warning: ", 19))
		first = strstr(first + 1, "penstock: ");
	return first && !strstr(first + 1, "penstock: ");
}

void offload_taken_or_bail(const char *dev)
{
	struct run r;

	if (run_penstock(&r, line_of("attach %s --mode offload", dev)))
		tap_bail("cannot run penstock");
	if (r.status) {
		tap_diag("%s", r.err);
		tap_bail("DEV=%s: the suite is for a driver that takes the program", dev);
	}
	run_free(&r);
	if (run_penstock(&r, line_of("detach %s", dev)))
		tap_bail("cannot run penstock");
	run_free(&r);
}

bool offload_runs(const char *fmt, const char *dev, int status, const char *says)
{
	const char *line = line_of(fmt, dev), *text;
	struct run r;
	bool ok = tap_sys(run_penstock(&r, line), line), sentence;

	if (!ok)
		return false;
	sentence = status && status != 3;	/* a plan with a difference is a result */
	text = sentence ? r.err : r.out;
	ok = tap_eq(r.status, status, line);
	if (ok && says && !strstr(text, says))
		ok = tap_fail("%s: does not say \"%s\": %s", line, says, text);
	else if (ok && sentence && !is_one_sentence(r.err))
		ok = tap_fail("%s: not one sentence: %s", line, r.err);
	else if (!ok)
		tap_diag("%s", r.err);
	run_free(&r);
	return ok;
}

/*
 * The kernel frees a program a moment after its last user, and its maps after
 * that (RCU, then a worker): wait for the counts, no longer than WAIT_MS.
 */
static struct bpf_counts counts_await(const struct bpf_mark *since, const struct bpf_counts *want,
				      size_t size)
{
	const struct timespec step = { .tv_nsec = 5000000 };
	struct bpf_counts now = bpf_counts(since);
	int left = WAIT_MS / 5;

	while (memcmp(&now, want, size) && left--) {
		nanosleep(&step, NULL);
		now = bpf_counts(since);
	}
	return now;
}

bool offload_bound(const struct bpf_mark *since, int progs, int maps, const char *what)
{
	struct bpf_counts want = { .bound_progs = progs, .bound_maps = maps }, now;

	now = counts_await(since, &want, offsetof(struct bpf_counts, progs));
	return tap_eq(now.bound_progs, progs, "programs in devices") &
	       tap_eq(now.bound_maps, maps, what);
}

bool offload_nothing_left(const struct bpf_mark *since)
{
	struct bpf_counts none = { 0 }, now = counts_await(since, &none, sizeof(none));

	return tap_true(access(PINS, F_OK) && errno == ENOENT, "no pins are left") &
	       tap_eq(now.bound_progs, 0, "programs in devices") &
	       tap_eq(now.bound_maps, 0, "maps in devices") &
	       tap_eq(now.progs, 0, "programs") &
	       tap_eq(now.maps, 0, "maps");
}

uint32_t offload_maps(const char *name, uint32_t *ids, uint32_t max)
{
	uint32_t id = 0, n = 0;

	while (n < max && !bpf_map_get_next_id(id, &id)) {
		struct bpf_map_info info = { 0 };
		uint32_t len = sizeof(info);
		int fd = bpf_map_get_fd_by_id(id);

		if (fd < 0)
			continue;
		if (!bpf_obj_get_info_by_fd(fd, &info, &len) && info.ifindex &&
		    !strcmp(info.name, name))
			ids[n++] = id;
		close(fd);
	}
	return n;
}
