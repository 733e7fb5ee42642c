// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Ports with shapers; see policed.h. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdlib.h>
#include <string.h>

#include "hook.h"
#include "policed.h"
#include "tap.h"
#include "tc_port.skel.h"
#include "xdp_port.skel.h"

#define BUCKETS_LEAST 64
#define SHAPERS_FEW   64

/* Maps that belong to shapers, and are shared where @with asks for it. */
static const char *const shaper_maps[] = {
	"pn_shapers", "pn_matches", "pn_shaper_stats", "pn_masks", "pn_match_keys",
	"pn_sources",
};
#define SHAPER_MAPS (sizeof(shaper_maps) / sizeof(shaper_maps[0]))
#define SIZED_MAPS  3 /* the first of them have an entry for each shaper */

static uint32_t buckets_for(uint32_t shapers)
{
	uint32_t n = BUCKETS_LEAST;

	while (n * 3 < shapers)
		n *= 2;
	return n;
}

static struct bpf_map *map_find(struct bpf_object *obj, const char *name)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, name);

	if (!map)
		tap_bail("no map %s", name);
	return map;
}

static void maps_prepare(struct bpf_object *obj, const struct policed_opts *o, uint32_t buckets)
{
	uint32_t shapers = o->shapers ? o->shapers : SHAPERS_FEW;

	for (size_t i = 0; i < SHAPER_MAPS; i++) {
		struct bpf_map *map = bpf_object__find_map_by_name(obj, shaper_maps[i]);

		if (!map)
			continue;
		if (o->with) {
			int fd = bpf_map__fd(map_find(o->with->obj, shaper_maps[i]));

			if (bpf_map__reuse_fd(map, fd))
				tap_bail("map %s cannot be shared", shaper_maps[i]);
		} else if (i < SIZED_MAPS) {
			bpf_map__set_max_entries(map, shapers);
		}
	}
	if (!o->with)
		bpf_map__set_max_entries(map_find(obj, "pn_match_keys"), buckets);
}

void policed_load(struct policed *p, const struct policed_opts *o)
{
	struct xdp_port_bpf *xdp = o->tc ? NULL : xdp_port_bpf__open();
	struct tc_port_bpf *tc = o->tc ? tc_port_bpf__open() : NULL;
	uint32_t buckets = buckets_for(o->shapers);
	struct frame_world world = o->world;
	struct pn_conf conf = {
		.port = FRAME_P_WIRE,
		.checksum = o->checksum,
		.match_mask = buckets - 1,
		.masks = o->masks,
		.parts = o->parts,
	};

	if (!xdp && !tc)
		tap_bail("no skeleton");
	p->obj = xdp ? xdp->obj : tc->obj;
	tables_size(p->obj, &conf, 2);
	memcpy(xdp ? (void *)&xdp->rodata->pn_conf : (void *)&tc->rodata->pn_conf, &conf,
	       sizeof(conf));
	maps_prepare(p->obj, o, buckets);
	if (bpf_object__load(p->obj))
		tap_bail("the kernel refuses the program");
	p->prog = bpf_program__fd(xdp ? xdp->progs.xdp_port : tc->progs.tc_port);
	tables_open(&p->tables, p->obj, &conf);
	world.macs = 1;
	world.tc = o->tc;
	frame_tables(&p->tables, &world);
	shaped_open(&p->shaped, p->obj, conf.seed);
}

void policed_close(struct policed *p)
{
	shaped_close(&p->shaped);
	bpf_object__close(p->obj);
}

static void must(int ret, const char *what)
{
	if (ret < 0)
		tap_bail("%s: %s", what, strerror(-ret));
}

void policed_lane(struct policed *xdp, struct policed *tc, struct offer *offer, struct netns *d)
{
	struct policed_opts opts = { .masks = 1 };
	struct hook hook = { 0 };

	offer_open(offer);
	must(netns_open(d), "namespace");
	netns_quiet(d);
	offer_wires(offer, d);
	opts.world = (struct frame_world){
		.wire = netns_ifindex(d, "d0"),
		.web = netns_ifindex(d, "d1"),
		.bridged = true,
	};
	hook.ifindex = opts.world.wire;
	must(netns_enter(d), "namespace");
	policed_load(xdp, &opts);
	opts.tc = true;
	opts.with = xdp;
	if (tc)
		policed_load(tc, &opts);
	must(hook_attach(&hook, xdp->prog), "attach");
	netns_leave();
}

void policed_all(struct policed *p, const struct pn_shaper *like, struct shaped_rate rate)
{
	struct pn_flow bits = { .port = 0xffff }, want = { .port = FRAME_P_WIRE };

	shaped_clear(&p->shaped);
	shaped_put(&p->shaped, 1, like, rate, (struct shaped_rate){ 0 });
	shaped_match(&p->shaped, 0, 1, &bits, &want, 1);
}

uint64_t policed_received(const struct policed *p)
{
	int fd = bpf_map__fd(map_find(p->obj, "pn_port_stats"));
	int cpus = libbpf_num_possible_cpus();
	struct pn_port_stats *each = calloc(cpus, sizeof(*each));
	uint64_t sum = 0;
	uint32_t key = 0;

	if (!each || bpf_map_lookup_elem(fd, &key, each))
		tap_bail("no counters of the port");
	for (int i = 0; i < cpus; i++)
		for (int r = 0; r < PN_MAX_REASONS; r++)
			sum += each[i].reason[r].packets;
	free(each);
	return sum;
}
