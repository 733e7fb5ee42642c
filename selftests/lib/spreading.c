// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A second program in a cpumap; see spreading.h. */
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "spreading.h"
#include "tap.h"
#include "xdp_port.skel.h"

#define LIST_SIZE (PN_SPREAD_MAX * sizeof(uint64_t))

/* Each program has its own of these. */
static const char *const own[] = { "pn_cpumap", "pn_packet", "pn_levels", "pn_neigh_stamps",
				   "pn_explain" };

static struct bpf_map *map_find(struct bpf_object *obj, const char *name)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, name);

	if (!map)
		tap_bail("no map %s", name);
	return map;
}

static int map_fd(struct bpf_object *obj, const char *name)
{
	return bpf_map__fd(map_find(obj, name));
}

int spreading_size(struct bpf_object *obj)
{
	int cpus = libbpf_num_possible_cpus();
	int ret = bpf_map__set_max_entries(map_find(obj, "pn_cpumap"), cpus);

	return ret ? ret : bpf_map__set_max_entries(map_find(obj, "pn_queues"), cpus);
}

static bool map_is_shared(const struct bpf_map *map)
{
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (!strcmp(bpf_map__name(map), own[i]))
			return false;
	return !bpf_map__is_internal(map);
}

static struct bpf_object *other_load(struct bpf_object *obj)
{
	struct xdp_port_bpf *skel = xdp_port_bpf__open();
	struct bpf_map *map, *rodata;
	struct pn_conf conf;
	int ret = 0;
	size_t size;

	if (!skel)
		tap_bail("xdp_port: %s", strerror(errno));
	bpf_object__for_each_map(rodata, obj)
		if (bpf_map__is_internal(rodata) && strstr(bpf_map__name(rodata), ".rodata"))
			memcpy(&conf, bpf_map__initial_value(rodata, &size), sizeof(conf));
	conf.masks = conf.spread = 0;
	conf.parts = 0;
	conf.stage = PN_STAGE_SPREAD;
	memcpy((void *)&skel->rodata->pn_conf, &conf, sizeof(conf));
	bpf_program__set_expected_attach_type(skel->progs.xdp_port, BPF_XDP_CPUMAP);
	bpf_map__set_autocreate(skel->maps.pn_cpumap, false);
	bpf_object__for_each_map(map, skel->obj)
		if (!ret && map_is_shared(map))
			ret = bpf_map__reuse_fd(map, map_fd(obj, bpf_map__name(map)));
	ret = ret ? ret : xdp_port_bpf__load(skel);
	if (ret)
		tap_bail("the program for other CPUs: %s", strerror(-ret));
	return skel->obj;
}

void spreading_open(struct spreading *s, struct bpf_object *obj)
{
	struct bpf_cpumap_val val = { .qsize = PN_SPREAD_QUEUE };

	s->cpus = libbpf_num_possible_cpus();
	s->queues_fd = map_fd(obj, "pn_queues");
	s->list = mmap(NULL, LIST_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
		       map_fd(obj, "pn_spread"), 0);
	if (s->list == MAP_FAILED)
		tap_bail("pn_spread: %s", strerror(errno));
	s->other = other_load(obj);
	val.bpf_prog.fd = bpf_program__fd(bpf_object__next_program(s->other, NULL));
	for (uint32_t cpu = 0; cpu < (uint32_t)s->cpus; cpu++)
		if (bpf_map_update_elem(map_fd(obj, "pn_cpumap"), &cpu, &val, 0))
			tap_bail("cpumap entry %u: %s", cpu, strerror(errno));
}

void spreading_close(struct spreading *s)
{
	munmap(s->list, LIST_SIZE);
	bpf_object__close(s->other);
}

void spreading_list(struct spreading *s, uint32_t at, const uint16_t *cpus, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		s->list[at + i] = cpus[i] + 1u;
}

void spreading_queue(struct spreading *s, uint32_t cpu, struct pn_queue *queue)
{
	if (bpf_map_lookup_elem(s->queues_fd, &cpu, queue))
		tap_bail("queue of CPU %u: %s", cpu, strerror(errno));
}

void spreading_set(struct spreading *s, uint32_t cpu, const struct pn_queue *queue)
{
	if (bpf_map_update_elem(s->queues_fd, &cpu, queue, 0))
		tap_bail("queue of CPU %u: %s", cpu, strerror(errno));
}
