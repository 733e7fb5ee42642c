// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a shaper lets through, and what it writes. Rates are so low that nothing
 * flows back into a bucket while a case runs, so bursts count frames: own ones,
 * borrowed ones, those of one source, those before marks begin.
 */
#include <penstock/rate.h>
#include <string.h>

#include "shaped.h"
#include "tap.h"
#include "tunnelrun.h"

#define LEAF  1
#define ABOVE 2
#define SLOW  PN_RATE_LEAST
#define LOST  "02:aa:00:00:00:99" /* a destination that nobody has learned */

static struct world world;
static struct fast f;
static struct shaped s;
static struct pkt in, out;

static const struct recipe plain = PKT(V(IP_TTL, 64));

/* Bursts in frames of the plain packet. */
static struct shaped_rate frames(double n)
{
	recipe_build(&plain, SCENE_IN_DST, &in);
	return (struct shaped_rate){ n ? SLOW : 0, n * in.len + (n ? 1 : 0) };
}

static void leaf_set(const struct pn_shaper *like, double rate, double ceil)
{
	static const struct pn_flow bits = { .kind = 0xff }, want = { .kind = PN_TUNNEL_VXLAN };

	struct pn_shaper shaper = *like;

	shaped_clear(&s);
	shaper.action = shaper.action ? shaper.action : PN_SHAPER_POLICE;
	shaped_put(&s, LEAF, &shaper, frames(rate), frames(ceil));
	shaped_match(&s, 0, 1, &bits, &want, LEAF);
}

static void above_set(double rate)
{
	static const struct pn_shaper above = { .action = PN_SHAPER_NONE };

	shaped_put(&s, ABOVE, &above, frames(rate), frames(0));
}

/* How many of @n go on, whatever way. */
static int frames_run(const struct recipe *r, int n)
{
	struct fast_result res = {};
	int passed = 0;

	for (int i = 0; i < n; i++) {
		recipe_build(r, SCENE_IN_DST, &in);
		if (tap_sys(fast_run(&f, &in, &out, &res), "run"))
			passed += res.reason != PN_R_POLICED;
	}
	return passed;
}

static void outcomes(uint32_t index, const uint64_t *want)
{
	struct pn_shaper_stats sum;

	shaped_stats(&s, index, &sum);
	for (int i = 0; i < PN_SHAPER_OUTCOMES; i++)
		tap_eq(sum.outcome[i].packets, want[i], "packets of an outcome");
}

static void buckets_run(void)
{
	tap_case("%s: a burst, and no more", fast_hooks[f.opts.hook]);
	leaf_set(&(struct pn_shaper){}, 3, 0);
	tap_eq(frames_run(&plain, 9), 3, "frames");
	outcomes(LEAF, (uint64_t[]){ 3, 0, 0, 0, 6, 0 });
	tap_end();

	tap_case("%s: a burst of many frames, most of them on credit, and no more",
		 fast_hooks[f.opts.hook]);
	leaf_set(&(struct pn_shaper){}, 40, 0);
	tap_eq(frames_run(&plain, 60), 40, "frames");
	outcomes(LEAF, (uint64_t[]){ 40, 0, 0, 0, 20, 0 });
	tap_end();

	tap_case("%s: overhead counts", fast_hooks[f.opts.hook]);
	leaf_set(&(struct pn_shaper){ .overhead = in.len }, 6, 0);
	tap_eq(frames_run(&plain, 9), 3, "frames");
	tap_end();

	tap_case("%s: no frame counts less than mpu", fast_hooks[f.opts.hook]);
	leaf_set(&(struct pn_shaper){ .mpu = 2 * in.len }, 6, 0);
	tap_eq(frames_run(&plain, 9), 3, "frames");
	tap_end();

	tap_case("%s: cells of 53 bytes for 48", fast_hooks[f.opts.hook]);
	leaf_set(&(struct pn_shaper){ .flags = PN_SHAPER_F_ATM }, 9, 0);
	tap_eq(frames_run(&plain, 12), (9 * in.len + 1) / ((in.len + 47) / 48 * 53), "frames");
	tap_end();

	tap_case("%s: L3 length", fast_hooks[f.opts.hook]);
	leaf_set(&(struct pn_shaper){ .flags = PN_SHAPER_F_L3, .overhead = 14 }, 3, 0);
	tap_eq(frames_run(&plain, 9), 3, "frames");
	tap_end();

	tap_case("%s: what is queued is left to the kernel", fast_hooks[f.opts.hook]);
	leaf_set(&(struct pn_shaper){ .action = PN_SHAPER_SHAPE }, 3, 0);
	tap_eq(frames_run(&plain, 5), 5, "frames");
	outcomes(LEAF, (uint64_t[]){ 0, 0, 0, 0, 0, 5 });
	tap_bytes(pkt_cdata(&out), out.len, pkt_cdata(&in), in.len, "frame");
	tap_end();
}

static void trees_run(void)
{
	tap_case("%s: own rate, then the parent's", fast_hooks[f.opts.hook]);
	leaf_set(&(struct pn_shaper){ .parent = ABOVE }, 2, 10);
	above_set(3);
	tap_eq(frames_run(&plain, 9), 3, "frames");
	outcomes(LEAF, (uint64_t[]){ 2, 1, 0, 0, 6, 0 });
	outcomes(ABOVE, (uint64_t[]){ 2, 1, 0, 0, 6, 0 });
	tap_end();

	tap_case("%s: no more than the ceiling", fast_hooks[f.opts.hook]);
	leaf_set(&(struct pn_shaper){ .parent = ABOVE }, 1, 2);
	above_set(9);
	tap_eq(frames_run(&plain, 9), 2, "frames");
	outcomes(LEAF, (uint64_t[]){ 1, 1, 0, 0, 7, 0 });
	tap_end();

	tap_case("%s: a ceiling that is the rate borrows nothing", fast_hooks[f.opts.hook]);
	leaf_set(&(struct pn_shaper){ .parent = ABOVE }, 2, 0);
	above_set(9);
	tap_eq(frames_run(&plain, 9), 2, "frames");
	tap_end();
}

static uint8_t inner_tos(bool forwarded)
{
	return pkt_cdata(&out)[(forwarded ? 0 : 50) + 15];
}

static void ecn_run(void)
{
	/* from the first byte that the bucket lacks */
	static const struct pn_shaper ecn_at_once = { .flags = PN_SHAPER_F_ECN,
						      .mark_shift = 63 };
	static const struct recipe ect[] = { PKT(V(IN_TOS, 2)), PKT(V(IN_TOS, 1)),
					     PKT(V(IN_TOS, 3)) };

	for (int i = 0; i < 3; i++) {
		tap_case("%s: SH-09: CE from half a burst on, row %d", fast_hooks[f.opts.hook], i);
		leaf_set(&(struct pn_shaper){ .flags = PN_SHAPER_F_ECN }, 4, 0);
		s.shapers[LEAF].mark_shift = 1;
		tap_eq(frames_run(&ect[i], 2), 2, "frames");
		tap_eq(inner_tos(true), ect[i].edit[0].v, "TOS below");
		tap_eq(frames_run(&ect[i], 9), 2, "frames");
		leaf_set(&ecn_at_once, 9, 0);
		tap_eq(frames_run(&ect[i], 3), 3, "frames");
		tap_eq(inner_tos(true), 3, "TOS above");
		tap_eq(pkt_fold(pkt_sum(pkt_cdata(&out) + 14, 20, 0)), 0, "header checksum");
		tap_end();
	}
	tap_case("%s: SH-09: what is not capable is dropped there", fast_hooks[f.opts.hook]);
	leaf_set(&(struct pn_shaper){ .flags = PN_SHAPER_F_ECN }, 4, 0);
	s.shapers[LEAF].mark_shift = 2;
	tap_eq(frames_run(&plain, 9), 2, "frames");
	tap_end();
	tap_case("%s: what stays in its tunnel is marked outside", fast_hooks[f.opts.hook]);
	leaf_set(&ecn_at_once, 4, 0);
	tap_eq(frames_run(&(const struct recipe)PKT(V(IN_TOS, 2), S(IN_DST, LOST)), 2), 2,
	       "frames");
	tap_eq(pkt_cdata(&out)[15] & 3, 3, "outer TOS");
	tap_eq(inner_tos(false), 2, "inner TOS");
	tap_eq(pkt_fold(pkt_sum(pkt_cdata(&out) + 14, 20, 0)), 0, "outer header checksum");
	tap_end();
}

/* The outer datagram with its pseudo-header, over IPv4. */
static uint16_t outer_sum(void)
{
	const uint8_t *ip = pkt_cdata(&out) + 14;
	uint16_t len = pkt_get16(ip + 24);
	uint32_t sum = pkt_sum(ip + 12, 8, 17 + len);

	return pkt_fold(pkt_sum(ip + 20, len, sum));
}

static void remark_run(void)
{
	static const struct recipe kept[] = { PKT(V(IN_TOS, 0x2a), S(IN_DST, LOST)),
					      PKT(V(IN_V6, 1), V(IN_TOS, 0x2a),
						  S(IN_DST, LOST)) };

	tap_case("%s: another DSCP above the rate", fast_hooks[f.opts.hook]);
	leaf_set(&(struct pn_shaper){ .action = PN_SHAPER_MARK, .flags = PN_SHAPER_F_REMARK,
				     .dscp = 8 }, 1, 0);
	tap_eq(frames_run(&(const struct recipe)PKT(V(IN_TOS, 0x2a)), 2), 2, "frames");
	tap_eq(inner_tos(true), 0x22, "TOS");
	tap_eq(pkt_fold(pkt_sum(pkt_cdata(&out) + 14, 20, 0)), 0, "header checksum");
	outcomes(LEAF, (uint64_t[]){ 1, 0, 0, 1, 0, 0 });
	tap_end();
	for (int i = 0; i < 2; i++) {
		tap_case("%s: the same inside its tunnel, row %d", fast_hooks[f.opts.hook], i);
		leaf_set(&(struct pn_shaper){ .action = PN_SHAPER_MARK, .dscp = 8,
					     .flags = PN_SHAPER_F_REMARK }, 1.5, 0);
		tap_eq(frames_run(&kept[i], 2), 2, "frames");
		if (i)
			tap_eq(pkt_get16(pkt_cdata(&out) + 64) >> 4 & 0xff, 0x22, "class");
		else
			tap_eq(inner_tos(false), 0x22, "TOS");
		tap_eq(outer_sum(), 0, "outer checksum");
		tap_end();
	}
}

static void fair_run(uint8_t flag)
{
	static const struct recipe a = PKT(S(IN_IP_SRC, "192.168.5.9"),
					   S(IN_SRC, "02:aa:00:00:00:09"));

	tap_case("%s: a source has its share, flag %#x", fast_hooks[f.opts.hook], flag);
	leaf_set(&(struct pn_shaper){ .flags = flag }, 8, 0);
	tap_eq(frames_run(&plain, 1), 1, "one of the quiet source");
	tap_eq(frames_run(&a, 20), 4, "the other's share");
	tap_eq(frames_run(&plain, 20), 3, "what is left for the quiet one");
	tap_end();
}

int main(void)
{
	shaped_world(&world);
	for (int hook = 0; hook < FAST_HOOKS; hook++) {
		struct fast_opts opts = { .hook = hook, .masks = 1, .parts = PN_PART_TUNNEL };

		if (fast_open(&f, &opts))
			tap_bail("%s does not load", fast_hooks[hook]);
		fast_world(&f, &world);
		shaped_open(&s, f.obj, SHAPED_SEED);
		buckets_run();
		trees_run();
		ecn_run();
		remark_run();
		fair_run(PN_SHAPER_F_PER_SRC);
		fair_run(PN_SHAPER_F_PER_MAC);
		shaped_close(&s);
		fast_close(&f);
	}
	return tap_done();
}
