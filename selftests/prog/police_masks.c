// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Packets that several masks match: the first shaper of the file has them, wherever its mask is. */
#include <penstock/rate.h>

#include "shaped.h"
#include "tap.h"
#include "tunnelrun.h"


static struct world world;
static struct fast f;
static struct shaped s;
static struct pkt in, out;

/* All three masks match; the first in the file stands at each place once. */
static void masks_run(void)
{
	static const struct pn_flow bits[3] = {
		{ .kind = 0xff }, { .kind = 0xff, .key = ~0u }, { .port = 0xffff },
	};
	static const struct pn_flow want[3] = {
		{ .kind = PN_TUNNEL_VXLAN }, { .kind = PN_TUNNEL_VXLAN, .key = 5 },
		{ .port = W_WIRE },
	};
	static const struct pn_shaper closed = { .action = PN_SHAPER_POLICE };

	for (uint32_t i = 0; i < 6; i++) {
		uint32_t first = i % 3;
		struct fast_result res = {};

		s.compared = i / 3;
		tap_case("%s: of three masks the first of the file wins, at place %u%s",
			 fast_hooks[f.opts.hook], first, s.compared ? ", compared" : "");
		shaped_clear(&s);
		for (uint32_t k = 0; k < 3; k++) {
			shaped_put(&s, k + 1, &closed, (struct shaped_rate){ PN_RATE_LEAST, 1 },
				   (struct shaped_rate){ 0 });
			shaped_match(&s, k, 1 + (k + 3 - first) % 3, &bits[k], &want[k], k + 1);
		}
		recipe_build(&(struct recipe)PKT(V(IP_TTL, 64)), SCENE_IN_DST, &in);
		tap_sys(fast_run(&f, &in, &out, &res), "run");
		for (uint32_t k = 0; k < 3; k++)
			shaped_count(&s, k + 1, PN_SHAPER_DROPPED, k == first);
		tap_end();
	}
	s.compared = false;
}

static void hook_run(enum fast_hook hook)
{
	struct fast_opts opts = { .hook = hook, .masks = 7, .parts = PN_PART_TUNNEL };

	if (fast_open(&f, &opts))
		tap_bail("%s does not load", fast_hooks[hook]);
	fast_world(&f, &world);
	shaped_open(&s, f.obj, SHAPED_SEED);
	masks_run();
	shaped_close(&s);
	fast_close(&f);
}

int main(void)
{
	shaped_world(&world);
	for (int hook = 0; hook < FAST_HOOKS; hook++)
		hook_run(hook);
	return tap_done();
}
