// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Rates of a pin directory under load; see rated.h. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "rated.h"
#include "tap.h"

#define EACH_US 1000

static void must(int ret, const struct pn_err *err)
{
	if (ret)
		tap_bail("%s: %s", err->object, err->text);
}

void rated_open(struct rated *r, const char *bpffs, const char *name, uint32_t ifindex)
{
	struct pn_err err = { 0 };

	memset(r, 0, sizeof(*r));
	must(pn_pins_open_to_change(&r->pins, bpffs, &err), &err);
	must(pn_maps_open(&r->maps, &r->pins, &err), &err);
	pn_pins_unlock(&r->pins);
	r->index = pn_shape_find(&r->maps, name);
	for (uint32_t i = 1; i < PN_MAX_PORTS; i++)
		if (r->maps.ports[i].ifindex == ifindex)
			r->port.index = i;
	if (!r->index || !r->port.index)
		tap_bail("no shaper %s at a port of ifindex %u", name, ifindex);
	r->port.mtu = 1500;
	snprintf(r->port.dev, sizeof(r->port.dev), "%s", r->maps.shaper_conf[r->index].dev[0]);
}

void rated_close(struct rated *r)
{
	free(r->sample);
	pn_maps_close(&r->maps);
	pn_pins_close(&r->pins);
}

uint64_t rated_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

void rated_stats(const struct rated *r, struct pn_shaper_stats *sum)
{
	int cpus = libbpf_num_possible_cpus();
	struct pn_shaper_stats each[cpus];

	memset(sum, 0, sizeof(*sum));
	if (bpf_map_lookup_elem(r->maps.fd[PN_MAP_SHAPER_STATS], &r->index, each))
		tap_bail("counters of shaper %u", r->index);
	for (int c = 0; c < cpus; c++)
		for (int i = 0; i < PN_SHAPER_OUTCOMES; i++) {
			sum->outcome[i].packets += each[c].outcome[i].packets;
			sum->outcome[i].bytes += each[c].outcome[i].bytes;
		}
}

uint64_t rated_met(const struct rated *r)
{
	struct pn_shaper_stats stats;
	uint64_t packets = 0;

	rated_stats(r, &stats);
	for (int i = 0; i < PN_SHAPER_OUTCOMES; i++)
		packets += stats.outcome[i].packets;
	return packets;
}

struct rated_moment rated_change(struct rated *r, uint64_t rate)
{
	struct rated_moment at;
	struct pn_err err = { 0 };

	must(pn_pins_lock(&r->pins, &err), &err);
	r->maps.shaper_conf[r->index].rate = rate;
	at.began = rated_clock();
	must(pn_shape_compile(&r->maps, &r->port, 1, &err), &err);
	at.ended = rated_clock();
	pn_pins_unlock(&r->pins);
	return at;
}

static void sample_take(const struct rated *r, struct rated_sample *s)
{
	struct pn_shaper_stats stats;

	s->before = rated_clock();
	s->generation = __atomic_load_n(&r->maps.shapers[r->index].generation, __ATOMIC_ACQUIRE);
	rated_stats(r, &stats);
	s->after = rated_clock();
	s->passed = stats.outcome[PN_SHAPER_PASSED].bytes;
	s->dropped = stats.outcome[PN_SHAPER_DROPPED].bytes;
}

static void *watch_run(void *arg)
{
	struct rated *r = arg;

	while (!r->stop) {
		if (r->n == r->room) {
			r->room = r->room ? 2 * r->room : 4096;
			r->sample = realloc(r->sample, r->room * sizeof(*r->sample));
			if (!r->sample)
				tap_bail("no memory");
		}
		sample_take(r, &r->sample[r->n++]);
		usleep(EACH_US);
	}
	return NULL;
}

void rated_watch(struct rated *r)
{
	r->n = 0;
	r->stop = false;
	if (pthread_create(&r->thread, NULL, watch_run, r))
		tap_bail("no thread");
}

void rated_watched(struct rated *r)
{
	r->stop = true;
	pthread_join(r->thread, NULL);
}

struct rated_moment rated_written(const struct rated *r)
{
	struct rated_moment at = { 0 };
	uint32_t first = r->n ? r->sample[0].generation : 0;

	for (uint32_t i = 1; i < r->n && !at.ended; i++) {
		if (r->sample[i].generation == first)
			continue;
		if (!at.began)
			at.began = r->sample[i - 1].before;
		if (r->sample[i].generation)
			at.ended = r->sample[i].after;
	}
	return at;
}

double rated_seconds(uint64_t from, uint64_t to)
{
	return to > from ? (to - from) / 1e9 : 0;
}

bool rated_ran_dry(const struct rated_sample *s)
{
	return s->dropped > s[-1].dropped;
}

/* No more can be in the bucket at the end of a sample that ran dry. */
static double holds_at_most(const struct rated_sample *s, const struct rated_want *want,
			    uint64_t rate)
{
	return want->len + want->kept + rate * rated_seconds(s[-1].before, s->after);
}

/* In between two samples; counters may lag behind the bucket by a packet for each CPU. */
static bool bytes_check(const struct rated_sample *from, const struct rated_sample *to,
			double least, double most)
{
	double passed = to->passed - from->passed;

	if (passed >= least && passed <= most)
		return true;
	return tap_fail("%.0f bytes in %.3f s, not %.0f to %.0f", passed,
			rated_seconds(from->before, to->after), least, most);
}

void rated_holds(const struct rated *r, const struct rated_want *want)
{
	const struct rated_sample *base = &r->sample[want->from], *dry = base, *i;
	double proven = 0, most, least, slack = 2 * want->len, time;

	most = holds_at_most(base, want, want->most) + slack;
	for (i = base + 1; i < r->sample + r->n; i++) {
		if (!bytes_check(base, i, 0, most + want->rate *
				 rated_seconds(base->before, i->after)))
			return;
		time = rated_seconds(i[-1].before, i->after);
		if (!rated_ran_dry(i) || time > (want->burst - want->kept) / 2.0 / want->rate) {
			dry = NULL;
			continue;
		}
		dry = dry ? dry : i;
		time = rated_seconds(dry->after, i->before);
		least = want->rate * time - holds_at_most(i, want, want->rate) - slack;
		if (!bytes_check(dry, i, least, 1e18))
			return;
		if (time > proven)
			proven = time;
	}
	tap_true(proven > 0, "enough is offered");
}
