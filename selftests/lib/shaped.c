// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Shapers by hand; see shaped.h. */
#include <bpf/bpf.h>
#include <errno.h>
#include <penstock/rate.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "netns.h"
#include "shaped.h"
#include "tap.h"
#include "tunnelworld.h"

static struct bpf_map *map_find(struct bpf_object *obj, const char *name)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, name);

	if (!map)
		tap_bail("no map %s", name);
	return map;
}

static void *map_memory(struct shaped *s, int slot, struct bpf_object *obj, const char *name)
{
	struct bpf_map *map = map_find(obj, name);
	size_t page = sysconf(_SC_PAGESIZE), size;

	size = (size_t)bpf_map__max_entries(map) * bpf_map__value_size(map);
	s->mem_size[slot] = (size + page - 1) / page * page;
	s->mem[slot] = mmap(NULL, s->mem_size[slot], PROT_READ | PROT_WRITE, MAP_SHARED,
			    bpf_map__fd(map), 0);
	if (s->mem[slot] == MAP_FAILED)
		tap_bail("mmap of %s: %s", name, strerror(errno));
	return s->mem[slot];
}

static int map_fd(struct bpf_object *obj, const char *name)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, name);

	return map ? bpf_map__fd(map) : -1;
}

void shaped_world(struct world *world)
{
	static struct netns ns;
	int ret = netns_open(&ns);

	ret = ret ? ret : netns_veth(&ns, "w", &ns, "e");
	if (ret || netns_enter(&ns))
		tap_bail("a namespace with a veth");
	tunnelworld(world);
	world_bridge_add(world);
	world->port[W_WORK].ifindex = world->port[W_OTHER].ifindex = netns_ifindex(&ns, "w");
}

void shaped_open(struct shaped *s, struct bpf_object *obj, uint64_t seed)
{
	memset(s, 0, sizeof(*s));
	s->seed = seed;
	s->shapers = map_memory(s, 0, obj, "pn_shapers");
	s->masks = map_memory(s, 1, obj, "pn_masks");
	s->matches = map_memory(s, 2, obj, "pn_matches");
	s->keys = map_memory(s, 3, obj, "pn_match_keys");
	s->key_mask = bpf_map__max_entries(map_find(obj, "pn_match_keys")) - 1;
	s->shapers_max = bpf_map__max_entries(map_find(obj, "pn_shapers"));
	s->stats_fd = map_fd(obj, "pn_shaper_stats");
	s->sources_fd = map_fd(obj, "pn_sources");
	s->match_next = 1;
}

void shaped_close(struct shaped *s)
{
	for (int i = 0; i < 4; i++)
		if (s->mem[i])
			munmap(s->mem[i], s->mem_size[i]);
	memset(s, 0, sizeof(*s));
}

static void stats_clear(const struct shaped *s, uint32_t index)
{
	int cpus = libbpf_num_possible_cpus();
	struct pn_shaper_stats *zero = calloc(cpus, sizeof(*zero));

	bpf_map_update_elem(s->stats_fd, &index, zero, BPF_ANY);
	free(zero);
}

void shaped_clear(struct shaped *s)
{
	for (uint32_t i = 1; i < s->shapers_max && s->shapers[i].generation; i++)
		stats_clear(s, i);
	for (int i = 0; i < 4; i++)
		memset(s->mem[i], 0, s->mem_size[i]);
	s->match_next = 1;
}

static struct pn_rate rate_of(struct shaped_rate r)
{
	struct pn_rate rate = {};

	pn_rate_set(&rate, r.rate);
	rate.burst = r.rate ? pn_rate_cost_of(&rate, r.burst) : 0;
	return rate;
}

void shaped_put(struct shaped *s, uint32_t index, const struct pn_shaper *shaper,
		struct shaped_rate rate, struct shaped_rate ceil)
{
	struct pn_shaper *to = &s->shapers[index];

	*to = *shaper;
	to->rate = rate_of(rate);
	to->ceil = rate_of(ceil);
	to->generation = PN_SHAPER_AWAY + 1;
}

uint32_t shaped_parts(const struct pn_flow *b)
{
	uint32_t parts = 0;

	if (b->vid || b->has & PN_FLOW_HAS_VLAN)
		parts |= PN_PART_VLAN;
	if (b->kind || b->key || b->has & (PN_FLOW_HAS_TUNNEL | PN_FLOW_HAS_KEY))
		parts |= PN_PART_TUNNEL;
	for (int i = 0; i < 4; i++) {
		if (b->peer[i] || b->local[i])
			parts |= PN_PART_OUTER;
		if (b->src[i] || b->dst[i])
			parts |= PN_PART_INNER;
	}
	if (b->proto || b->dscp || b->family)
		parts |= PN_PART_INNER;
	if (b->sport || b->dport || b->has & PN_FLOW_HAS_PORTS)
		parts |= PN_PART_PORTS;
	return parts | (b->mark ? PN_PART_MARK : 0);
}

static struct pn_match_slot *slot_free(struct pn_match_bucket *b)
{
	for (int i = 0; i < PN_BUCKET_SLOTS; i++)
		if (!b->slot[i].key)
			return &b->slot[i];
	return NULL;
}

static void slot_put(struct shaped *s, struct pn_match_slot entry)
{
	for (int i = 0; i < 2000; i++) {
		struct pn_match_bucket *b[2] = {
			&s->keys[PN_MATCH_FIRST(entry.key) & s->key_mask],
			&s->keys[PN_MATCH_SECOND(entry.key) & s->key_mask],
		};
		struct pn_match_slot *slot = slot_free(b[0]), moved;

		slot = slot ? slot : slot_free(b[1]);
		if (slot) {
			*slot = entry;
			return;
		}
		slot = &b[rand() & 1]->slot[rand() % PN_BUCKET_SLOTS];
		moved = *slot;
		*slot = entry;
		entry = moved;
	}
	tap_bail("no room for a match in a table of %u buckets", s->key_mask + 1);
}

void shaped_match(struct shaped *s, uint32_t place, uint32_t order, const struct pn_flow *bits,
		  const struct pn_flow *want, uint32_t shaper)
{
	struct pn_match_mask *mask = &s->masks[place];
	uint32_t index = s->match_next++;

	if (!mask->parts || order < mask->order)
		mask->order = order;
	mask->bits = *bits;
	/* a mask of the port alone has no part, and is used all the same */
	mask->parts = shaped_parts(bits) | 1u << 31;
	pn_match_plan(mask, want);
	mask->exact = mask->exact && !s->compared;
	s->matches[index] = (struct pn_match){
		.want = *want,
		.mask = place,
		.shaper = shaper,
		.order = order,
		.generation = 1,
	};
	slot_put(s, (struct pn_match_slot){
		.key = mask->exact ? pn_match_key(mask, want, ~0u, place, s->seed) :
				     pn_hash_flow(want, ~0u, place, s->seed),
		.value = PN_MATCH_VALUE(index, shaper, order) |
			 (mask->exact ? PN_MATCH_EXACT : 0),
	});
}

void shaped_stats(const struct shaped *s, uint32_t index, struct pn_shaper_stats *sum)
{
	int cpus = libbpf_num_possible_cpus();
	struct pn_shaper_stats *each = calloc(cpus, sizeof(*each));
	uint64_t *to = (uint64_t *)sum;

	memset(sum, 0, sizeof(*sum));
	if (!each || bpf_map_lookup_elem(s->stats_fd, &index, each))
		tap_bail("counters of shaper %u", index);
	for (int c = 0; c < cpus; c++)
		for (size_t i = 0; i < sizeof(*sum) / sizeof(*to); i++)
			to[i] += ((uint64_t *)&each[c])[i];
	free(each);
}

void shaped_count(const struct shaped *s, uint32_t index, enum pn_shaper_outcome outcome,
		  uint64_t packets)
{
	struct pn_shaper_stats sum;

	shaped_stats(s, index, &sum);
	for (int i = 0; i < PN_SHAPER_OUTCOMES; i++)
		if (sum.outcome[i].packets != ((enum pn_shaper_outcome)i == outcome ? packets : 0))
			tap_fail("shaper %u: outcome %d: %llu packets", index, i,
				 (unsigned long long)sum.outcome[i].packets);
}
