// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Lists of CPUs and the cpumap of a port; see spread.h. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plane/spread.h"

/* Is @n entries from @at on this list? */
static bool list_is(const uint64_t *list, const uint16_t *cpus, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (list[i] != cpus[i] + 1u)
			return false;
	return true;
}

static bool list_is_free(const uint64_t *list, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (list[i])
			return false;
	return true;
}

int pn_spread_list(const struct pn_maps *maps, const uint16_t *cpus, unsigned int n)
{
	int possible = libbpf_num_possible_cpus();
	unsigned int at, i;

	if (!n || n > PN_SPREAD_CPUS)
		return -EINVAL;
	for (i = 0; i < n; i++)
		if (cpus[i] >= possible)
			return -EINVAL;
	for (at = 0; at + n <= PN_SPREAD_MAX; at++)
		if (list_is(maps->spread + at, cpus, n))
			return at;
	for (at = 0; at + n <= PN_SPREAD_MAX; at++) {
		if (!list_is_free(maps->spread + at, n))
			continue;
		for (i = 0; i < n; i++)
			maps->spread[at + i] = cpus[i] + 1u;
		return at;
	}
	return -ENOSPC;
}

void pn_spread_trim(const struct pn_maps *maps)
{
	bool *used = calloc(PN_SPREAD_MAX, sizeof(*used));
	const struct pn_shaper *s;
	uint32_t i, at;

	if (!used)
		return;
	for (i = 1; i < maps->abi.shapers; i++) {
		s = &maps->shapers[i];
		for (at = 0; s->generation && at < s->spread; at++)
			if (s->spread_at + at < PN_SPREAD_MAX)
				used[s->spread_at + at] = true;
	}
	for (at = 0; at < PN_SPREAD_MAX; at++)
		if (!used[at] && maps->spread[at])
			maps->spread[at] = 0;
	free(used);
}

/* "0-3,8": what the kernel says, as numbers. */
static int ranges_read(FILE *f, uint16_t *cpus, unsigned int max)
{
	unsigned int first, last, n = 0;
	int sep = ',';

	while (sep == ',' && fscanf(f, "%u", &first) == 1) {
		last = first;
		sep = fgetc(f);
		if (sep == '-' && fscanf(f, "%u", &last) == 1)
			sep = fgetc(f);
		for (; first <= last && n < max; first++)
			cpus[n++] = first;
	}
	return n ? (int)n : -EIO;
}

int pn_spread_online(uint16_t *cpus, unsigned int max)
{
	FILE *f = fopen("/sys/devices/system/cpu/online", "re");
	int ret = f ? ranges_read(f, cpus, max) : -errno;

	if (f)
		fclose(f);
	return ret;
}

/* Each CPU of the lists once: the entries of a cpumap. Their number; *there is the caller's. */
static int cpus_collect(const struct pn_maps *maps, uint8_t **there)
{
	int possible = libbpf_num_possible_cpus(), n = 0;
	uint32_t at;

	*there = possible > 0 ? calloc(possible, 1) : NULL;
	if (!*there)
		return -ENOMEM;
	for (at = 0; at < PN_SPREAD_MAX; at++) {
		if (!maps->spread[at] || maps->spread[at] > (uint64_t)possible ||
		    (*there)[maps->spread[at] - 1])
			continue;
		(*there)[maps->spread[at] - 1] = 1;
		n++;
	}
	return n;
}

void pn_spread_conf(struct pn_conf *conf, const struct pn_maps *maps)
{
	uint8_t *there = NULL;
	uint64_t hash = 0;
	int i, n;

	conf->cpus = 0;
	if (!conf->spread)
		return;
	n = cpus_collect(maps, &there);
	for (i = 0; n > 0 && i < libbpf_num_possible_cpus(); i++)
		if (there[i])
			hash = pn_hash64(hash + i + 1, maps->abi.seed);
	free(there);
	conf->spread = n > 0;
	conf->cpus = n > 0 ? hash | 1 : 0;
	if (conf->spread)
		conf->parts |= PN_PART_INNER | PN_PART_PORTS;
}

int pn_spread_open(struct pn_program *prog, const struct pn_conf *conf)
{
	struct bpf_map *cpumap = bpf_object__find_map_by_name(prog->obj, "pn_cpumap");
	struct bpf_map *queues = bpf_object__find_map_by_name(prog->obj, "pn_queues");
	int possible = libbpf_num_possible_cpus(), ret;
	bool spread = conf->spread && prog->hook == PN_HOOK_XDP;

	if (!cpumap || !queues)
		return 0;
	if (!spread)
		ret = bpf_map__set_autocreate(cpumap, false);
	else
		ret = bpf_map__set_max_entries(cpumap, possible);
	if (!ret && !spread && conf->stage != PN_STAGE_SPREAD)
		ret = bpf_map__set_autocreate(queues, false);
	else if (!ret)
		ret = bpf_map__set_max_entries(queues, possible);
	return ret;
}

/* The same program behind the shapers: it has none, and counts on with the port's counters. */
static int other_load(struct pn_program *other, const struct pn_program *prog,
		      const struct pn_program_spec *spec, const struct pn_maps *maps,
		      int stats_fd, struct pn_err *err)
{
	struct pn_program_spec behind = *spec;
	struct bpf_map *queues;
	int ret;

	behind.conf.stage = PN_STAGE_SPREAD;
	behind.conf.masks = behind.conf.spread = 0;
	behind.conf.parts = behind.conf.cpus = 0;
	ret = pn_program_open(other, &behind, maps, stats_fd, err);
	if (ret)
		return ret;
	queues = bpf_object__find_map_by_name(prog->obj, "pn_queues");
	ret = bpf_map__reuse_fd(bpf_object__find_map_by_name(other->obj, "pn_queues"),
				bpf_map__fd(queues));
	if (!ret)
		return pn_program_finish(other, spec->dev, err);
	pn_program_close(other);
	return pn_err_set(err, PN_EXIT_KERNEL, -ret, spec->dev,
			  "the program for other CPUs does not take the queues: %s",
			  strerror(-ret));
}

static int cpumap_set(int map_fd, uint32_t cpu, int prog_fd, const char *dev, struct pn_err *err)
{
	struct bpf_cpumap_val val = { .qsize = PN_SPREAD_QUEUE, .bpf_prog.fd = prog_fd };
	int ret;

	if (!bpf_map_update_elem(map_fd, &cpu, &val, BPF_ANY))
		return 0;
	ret = pn_err_set(err, PN_EXIT_KERNEL, errno, dev,
			 "its shapers cannot be spread to CPU %u: %s", cpu, strerror(errno));
	pn_err_hint(err, "name other CPUs in `spread`, or leave it out");
	return ret;
}

int pn_spread_fill(struct pn_program *prog, const struct pn_program_spec *spec,
		   const struct pn_maps *maps, int stats_fd, struct pn_err *err)
{
	struct bpf_map *cpumap = bpf_object__find_map_by_name(prog->obj, "pn_cpumap");
	struct pn_program other;
	uint8_t *there = NULL;
	int i, n, ret = 0;

	if (!cpumap || !spec->conf.spread || spec->hook != PN_HOOK_XDP)
		return 0;
	ret = other_load(&other, prog, spec, maps, stats_fd, err);
	if (ret)
		return ret;
	n = cpus_collect(maps, &there);
	for (i = 0; n > 0 && !ret && i < libbpf_num_possible_cpus(); i++)
		if (there[i])
			ret = cpumap_set(bpf_map__fd(cpumap), i, other.fd, spec->dev, err);
	free(there);
	pn_program_close(&other);
	return ret;
}
