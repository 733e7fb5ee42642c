// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reading shapers; see shapers.h. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <penstock/rate.h>

#include "stats/shapers.h"

static uint64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

uint64_t pn_stats_shaper_burst(const struct pn_rate *rate)
{
	return rate->mult ? ((unsigned __int128)rate->burst << rate->shift) / rate->mult : 0;
}

static void copies_add(struct pn_stats_shaper *to, const struct pn_shaper_stats *copies, int cpus)
{
	int cpu, i;

	for (cpu = 0; cpu < cpus; cpu++) {
		for (i = 0; i < PN_SHAPER_OUTCOMES; i++) {
			to->outcome[i].packets += copies[cpu].outcome[i].packets;
			to->outcome[i].bytes += copies[cpu].outcome[i].bytes;
		}
		to->over_ns += copies[cpu].over_ns;
	}
}

static int shaper_read(const struct pn_view *v, uint32_t index, struct pn_shaper_stats *copies,
		       int cpus, struct pn_stats_shaper *to)
{
	const struct pn_shaper *s = &v->maps.shapers[index];
	uint64_t since = s->over_since, now = clock_now();

	if (bpf_map_lookup_elem(v->maps.fd[PN_MAP_SHAPER_STATS], &index, copies))
		return -errno;
	*to = (struct pn_stats_shaper){ .index = index, .parent = s->parent,
					.over = since,
					.burst = pn_stats_shaper_burst(&s->rate) };
	copies_add(to, copies, cpus);
	if (since && since < now)
		to->over_ns += now - since;
	return 0;
}

static unsigned int shapers_count(const struct pn_view *v)
{
	unsigned int n = 0;
	uint32_t i;

	for (i = 1; i < v->maps.abi.shapers; i++)
		n += !!v->maps.shaper_conf[i].name[0];
	return n;
}

int pn_stats_shapers(const struct pn_view *v, struct pn_stats *stats)
{
	int cpus = libbpf_num_possible_cpus(), ret = 0;
	unsigned int n = shapers_count(v);
	struct pn_shaper_stats *copies;
	uint32_t i;

	_Static_assert(sizeof(*copies) % 8 == 0, "the kernel has no gaps between CPUs' copies");
	if (!n || cpus < 0)
		return cpus < 0 ? cpus : 0;
	copies = calloc(cpus, sizeof(*copies));
	stats->shaper = calloc(n, sizeof(*stats->shaper));
	stats->shaper_conf = calloc(n, sizeof(*stats->shaper_conf));
	if (!copies || !stats->shaper || !stats->shaper_conf)
		ret = -ENOMEM;
	for (i = 1; i < v->maps.abi.shapers && !ret && stats->n_shapers < n; i++) {
		if (!v->maps.shaper_conf[i].name[0])
			continue;
		ret = shaper_read(v, i, copies, cpus, &stats->shaper[stats->n_shapers]);
		stats->shaper_conf[stats->n_shapers] = v->maps.shaper_conf[i];
		stats->shaper[stats->n_shapers].conf = &stats->shaper_conf[stats->n_shapers];
		stats->n_shapers++;
	}
	free(copies);
	if (!ret)
		ret = pn_stats_queues(v, stats);
	return ret;
}

struct pn_count pn_stats_shaper_passed(const struct pn_stats_shaper *s)
{
	static const enum pn_shaper_outcome passed[] = {
		PN_SHAPER_PASSED, PN_SHAPER_BORROWED, PN_SHAPER_MARKED, PN_SHAPER_EXCEEDED,
		PN_SHAPER_QUEUED,
	};
	struct pn_count sum = { 0 };
	unsigned int i;

	for (i = 0; i < sizeof(passed) / sizeof(passed[0]); i++) {
		sum.packets += s->outcome[passed[i]].packets;
		sum.bytes += s->outcome[passed[i]].bytes;
	}
	return sum;
}
