// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Shapers compiled into tables in plain memory: what is where, what stays where
 * it was, and buckets that keep their bytes when a rate changes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <penstock/rate.h>

#include "plane/shapers.h"
#include "shape/keys.h"
#include "shape/shape.h"
#include "tap.h"
#include "topo/shaper.h"

#define SHAPERS	64
#define BUCKETS	64

static struct pn_maps maps;
static struct pn_shape_port ports[] = {
	{ .dev = "e0", .index = 3, .mtu = 1500 }, { .dev = "e1", .index = 4, .mtu = 9000 },
};

static void *room(size_t n, size_t size)
{
	void *mem = aligned_alloc(64, (n * size + 63) / 64 * 64);

	if (!mem)
		tap_bail("no memory");
	return memset(mem, 0, n * size);
}

static void maps_make(void)
{
	int i;

	for (i = 0; i < PN_MAPS; i++)
		maps.fd[i] = -1;
	maps.abi.shapers = SHAPERS;
	maps.abi.match_buckets = BUCKETS;
	maps.abi.seed = 0x1234567890abcdefull;
	maps.shapers = room(SHAPERS, sizeof(*maps.shapers));
	maps.masks = room(PN_MAX_MASKS, sizeof(*maps.masks));
	maps.matches = room(SHAPERS, sizeof(*maps.matches));
	maps.match_keys = room(BUCKETS, sizeof(*maps.match_keys));
	maps.shaper_conf = room(SHAPERS, sizeof(*maps.shaper_conf));
	maps.spread = room(PN_SPREAD_MAX, sizeof(*maps.spread));
}

static void maps_free(void)
{
	free(maps.shapers);
	free(maps.masks);
	free(maps.matches);
	free(maps.match_keys);
	free(maps.shaper_conf);
	free(maps.spread);
}

/* The shapers of a text become those of file @number. */
static int want(uint64_t number, const char *text, struct pn_err *err)
{
	char whole[4096];
	const struct pn_topo_shaper *s;
	struct pn_shape_wants wants = { .file = number };
	struct pn_shaper_conf conf[SHAPERS];
	struct pn_topo *topo;
	unsigned int i;
	int ret;

	snprintf(whole, sizeof(whole), "penstock: 1\nshapers:\n%s", text);
	ret = pn_topo_parse("test.yaml", whole, strlen(whole), &topo, err);
	if (ret)
		return ret;
	s = pn_topo_shapers(topo, &wants.n);
	for (i = 0; i < wants.n; i++)
		conf[i] = s[i].conf;
	wants.conf = conf;
	ret = pn_shape_want(&maps, &wants, err);
	if (!ret)
		ret = pn_shape_compile(&maps, ports, 2, err);
	pn_topo_free(topo);
	return ret;
}

static bool wanted(uint64_t number, const char *text)
{
	struct pn_err err = { 0 };
	int ret = want(number, text, &err);

	return tap_eq(ret, 0, err.text);
}

static struct pn_shaper *shaper(const char *name)
{
	return &maps.shapers[pn_shape_find(&maps, name)];
}

/* The shaper that takes such a packet, by every mask, as the data plane looks. */
static const char *taken(const struct pn_flow *flow)
{
	const struct pn_keys keys = { maps.match_keys, BUCKETS - 1 };
	const char *name = "none";
	uint32_t order = ~0u, place, entry;
	unsigned int i;

	for (place = 0; place < PN_MAX_MASKS; place++) {
		const struct pn_match_mask *mask = &maps.masks[place];
		const __u64 *bits = (const __u64 *)&mask->bits;
		const __u64 *word = (const __u64 *)flow;
		__u64 masked[PN_FLOW_WORDS], key, value;

		for (i = 0; i < PN_FLOW_WORDS; i++)
			masked[i] = word[i] & bits[i];
		key = mask->exact ? pn_match_key(mask, (void *)masked, mask->parts, place,
						 maps.abi.seed) :
				    pn_hash_flow((void *)masked, mask->parts, place, maps.abi.seed);
		value = pn_keys_get(&keys, key);
		entry = PN_MATCH_ENTRY(value);
		if (!key || !entry || !maps.matches[entry].generation ||
		    maps.matches[entry].mask != place || maps.matches[entry].order >= order)
			continue;
		tap_true(!memcmp(&maps.matches[entry].want, masked, sizeof(masked)),
			 "the match is that of the packet");
		tap_eq(PN_MATCH_SHAPER(value), maps.matches[entry].shaper, "the key's shaper");
		tap_eq(PN_MATCH_ORDER(value), maps.matches[entry].order, "the key's order");
		tap_eq(value >> 63, mask->exact, "exact");
		order = maps.matches[entry].order;
		name = maps.shaper_conf[maps.matches[entry].shaper].name;
	}
	return name;
}

static uint64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec * 1000000000ull + now.tv_nsec) << PN_CLOCK_SHIFT;
}

static const char first[] =
	"  - {name: site, rate: 100mbit}\n"
	"  - {name: red, parent: site, rate: 8mbit, ceil: 16mbit, burst: 10k,\n"
	"     match: {dev: e0, vni: 100}}\n"
	"  - {name: rest, rate: 80kbit, match: {dev: [e0, e1]}}\n"
	"  - {name: host, rate: 1gbit, match: {}}\n";

static void tables(void)
{
	struct pn_flow flow = { .port = 3, .key = 100,
				.has = PN_FLOW_HAS_TUNNEL | PN_FLOW_HAS_KEY };
	struct pn_conf conf = { .port = 3 };

	tap_case("each packet is the first shaper's that takes it");
	if (!wanted(1, first))
		goto out;
	tap_str(taken(&flow), "red", "VNI 100 at e0");
	flow.key = 101;
	tap_str(taken(&flow), "rest", "VNI 101 at e0");
	flow.port = 4;
	tap_str(taken(&flow), "rest", "at e1");
	flow.port = 5;
	tap_str(taken(&flow), "host", "at another port");
	tap_eq(shaper("red")->parent, pn_shape_find(&maps, "site"), "parent");
	tap_true(shaper("site")->flags & PN_SHAPER_F_LENDS, "a parent lends");
	tap_true(!(shaper("red")->flags & PN_SHAPER_F_LENDS), "a child does not");
	tap_eq(shaper("site")->action, PN_SHAPER_NONE, "a parent alone");
	tap_eq(shaper("host")->ceil.mult, 0, "no ceiling");
	tap_eq(shaper("red")->rate.burst, pn_rate_cost_of(&shaper("red")->rate, 10240), "burst");
	tap_eq(shaper("rest")->rate.burst, pn_rate_cost_of(&shaper("rest")->rate, 2 * 9018),
	       "two frames of the greatest MTU");
	pn_shapers_conf(&conf, &maps);
	tap_eq(conf.masks, 7, "masks of e0");
	tap_eq(conf.parts, PN_PART_TUNNEL, "parts of e0");
	conf.port = 5;
	tap_true(pn_shapers_changed(&conf, &maps), "another port has other masks");
	pn_shapers_conf(&conf, &maps);
	tap_eq(conf.masks, 4, "masks of a port that no shaper names");
	tap_eq(conf.parts, 0, "and parts");
out:
	tap_end();
}

static void kept(void)
{
	uint32_t red, generation;
	uint64_t lacks;

	tap_case("a rate that changes keeps index and bytes, and the others as they are");
	red = pn_shape_find(&maps, "red");
	generation = shaper("host")->generation;
	/* Half of its 10 KiB are gone. */
	shaper("red")->tat = clock_now() + pn_rate_cost_of(&shaper("red")->rate, 5120);
	if (!wanted(1, "  - {name: new, rate: 8kbit, match: {dev: e1, vlan: 7}}\n"
		    "  - {name: red, rate: 800mbit, burst: 10k, match: {dev: e0, vni: 100}}\n"
		    "  - {name: host, rate: 1gbit, match: {}}\n"))
		goto out;
	tap_eq(pn_shape_find(&maps, "red"), red, "index");
	tap_eq(shaper("host")->generation, generation, "what is right is not written");
	lacks = shaper("red")->tat - clock_now();
	tap_true(lacks <= pn_rate_cost_of(&shaper("red")->rate, 5121) ||
		 (int64_t)lacks < 0, "no more is lacking than before");
	tap_eq(shaper("red")->parent, 0, "no parent any more");
	tap_eq(pn_shape_find(&maps, "site"), 0, "what is not wanted has gone");
	tap_true(pn_shape_find(&maps, "new"), "what is new has come");
out:
	tap_end();
}

/* Whoever wrote a shaper was killed when it was away: half written, and entry 0 in its place. */
static void away(void)
{
	struct pn_shaper *slow = shaper("new"), *stand_in = &maps.shapers[0];
	uint64_t lacks;

	tap_case("a shaper that is away comes back with what its stand-in lacks");
	*stand_in = *slow;
	stand_in->generation = PN_SHAPER_AWAY;
	stand_in->tat = clock_now() + pn_rate_cost_of(&slow->rate, 9000);
	stand_in->base = stand_in->tat;
	slow->generation = PN_SHAPER_AWAY;
	slow->rate.shift = 0;
	slow->rate.burst = 1;
	if (!wanted(1, "  - {name: new, rate: 8kbit, match: {dev: e1, vlan: 7}}\n"
		    "  - {name: red, rate: 800mbit, burst: 10k, match: {dev: e0, vni: 100}}\n"
		    "  - {name: host, rate: 1gbit, match: {}}\n"))
		goto out;
	tap_true(slow->generation > PN_SHAPER_AWAY, "back");
	tap_eq(slow->rate.burst, stand_in->rate.burst, "burst");
	tap_eq(slow->rate.shift, stand_in->rate.shift, "rate");
	lacks = slow->tat - clock_now();
	tap_true(lacks <= pn_rate_cost_of(&slow->rate, 9001) &&
		 lacks >= pn_rate_cost_of(&slow->rate, 4000), "what the bucket lacks");
out:
	tap_end();
}

static void files(void)
{
	struct pn_err err = { 0 };
	struct pn_flow flow = { .port = 9 };

	tap_case("two files have shapers of their own");
	tap_eq(want(2, "  - {name: red, rate: 1mbit, match: {vlan: 9}}\n", &err), -EEXIST,
	       "another file's name");
	tap_str(err.text, "there is a shaper of this name already, of another file", "why");
	if (!wanted(2, "  - {name: blue, rate: 1mbit, match: {vlan: 9}}\n"))
		goto out;
	wanted(1, "  []\n");
	tap_eq(pn_shape_find(&maps, "red"), 0, "one file's have gone");
	flow.vid = 9;
	tap_str(taken(&flow), "blue", "the other's are there");
	wanted(2, "  []\n");
	tap_str(taken(&flow), "none", "and gone");
out:
	tap_end();
}

/* All sixteen masks exchanged for others at once. */
static void masks(void)
{
	char text[4096] = "";
	struct pn_flow flow = { .port = 3, .family = 4 };
	struct pn_err err = { 0 };
	unsigned int i, round;

	tap_case("every mask has a place, and those that go make room");
	for (round = 0; round < 2; round++) {
		text[0] = 0;
		for (i = 0; i < PN_MAX_MASKS; i++)
			snprintf(text + strlen(text), sizeof(text) - strlen(text),
				 "  - {name: s%u, rate: 1mbit, match: {%s: 0.0.0.0/%u}}\n",
				 PN_MAX_MASKS - i, round ? "src" : "dst", PN_MAX_MASKS - i);
		if (!wanted(1, text))
			break;
		tap_str(taken(&flow), "none", "not IPv4-mapped");
		flow.src[2] = flow.dst[2] = (__be32)__builtin_bswap32(0xffff);
		tap_str(taken(&flow), "s16", "the longest prefix is first in the file");
		flow.src[2] = flow.dst[2] = 0;
	}
	tap_eq(want(2, "  - {name: x, rate: 1mbit, match: {vlan: 1}}\n", &err), -ENOSPC,
	       "one more, of another file");
	wanted(2, "  []\n");
	wanted(1, "  []\n");
	tap_end();
}

int main(void)
{
	maps_make();
	tables();
	kept();
	away();
	files();
	masks();
	maps_free();
	return tap_done();
}
