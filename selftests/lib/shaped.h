/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Shapers by hand in the maps of one loaded data-plane object, for programs
 * that want to see it alone. Shares shaper.h with the loader and no code. The
 * object was opened with the masks and parts that its shapers ask for
 * (fast_opts); a mask's place is said with each match.
 */
#ifndef PN_TEST_SHAPED_H
#define PN_TEST_SHAPED_H

#include <bpf/libbpf.h>
#include <penstock/shaper.h>
#include <stdbool.h>
#include <stdint.h>

#include "world.h"

#define SHAPED_SEED 0x5eed5eed5eed5eedull /* of programs that fast.h opens */

/*
 * The world of tunnelworld.h and a bridge, in a namespace of its own that is entered,
 * with a device that packets can leave by. Bails out.
 */
void shaped_world(struct world *world);

struct shaped {
	struct pn_shaper *shapers;
	struct pn_match_mask *masks;
	struct pn_match *matches;
	struct pn_match_bucket *keys;
	uint32_t key_mask;
	uint64_t seed;
	uint32_t shapers_max;
	int stats_fd, sources_fd;
	uint32_t match_next;
	bool compared; /* no mask is exact */
	void *mem[4];
	size_t mem_size[4];
};

/* @obj is loaded; @seed is its pn_conf's. Bails out. */
void shaped_open(struct shaped *s, struct bpf_object *obj, uint64_t seed);
void shaped_close(struct shaped *s);
/* No shaper, no match, no counts. */
void shaped_clear(struct shaped *s);

/* A bucket of @burst bytes at @rate bytes per second; ceil the same where it is not 0. */
struct shaped_rate {
	uint64_t rate, burst;
};

/* @shaper's rate and ceil are set from these; its bucket is full. */
void shaped_put(struct shaped *s, uint32_t index, const struct pn_shaper *shaper,
		struct shaped_rate rate, struct shaped_rate ceil);

/* What @bits of a flow have the values of @want belongs to @shaper. */
void shaped_match(struct shaped *s, uint32_t place, uint32_t order, const struct pn_flow *bits,
		  const struct pn_flow *want, uint32_t shaper);

/* PN_PART_*: where there are bits. */
uint32_t shaped_parts(const struct pn_flow *bits);

void shaped_stats(const struct shaped *s, uint32_t index, struct pn_shaper_stats *sum);
/* Packets by outcome, and no others; inside an open case. */
void shaped_count(const struct shaped *s, uint32_t index, enum pn_shaper_outcome outcome,
		  uint64_t packets);

#endif
