// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What nobody sends or sees on a good day: more invented sources than their table
 * holds, buckets whose time a jump of the clock has put elsewhere, and marks
 * below each kind of outer checksum.
 */
#include <bpf/bpf.h>
#include <penstock/rate.h>
#include <stdio.h>
#include <time.h>

#include "shaped.h"
#include "tap.h"
#include "tunnelrun.h"

#define SLOW	PN_RATE_LEAST
#define SOURCES 1024 /* that the table holds */
#define FLOOD	5000
#define FULL	40 /* frames of a bucket */

static struct world world;
static struct fast f;
static struct shaped s;
static struct pkt in, out;

static const struct recipe plain = PKT(V(IP_TTL, 64));

/* All of the kind, in a bucket of @frames frames of @len bytes. */
static void shaper_set(const struct pn_shaper *like, enum pn_tunnel_kind kind, uint32_t frames,
		       uint32_t len)
{
	const struct pn_flow bits = { .kind = 0xff }, want = { .kind = kind };

	shaped_clear(&s);
	shaped_put(&s, 1, like, (struct shaped_rate){ SLOW, frames * len + 1 },
		   (struct shaped_rate){ 0 });
	shaped_match(&s, 0, 1, &bits, &want, 1);
}

static bool frame_run(const struct recipe *r)
{
	struct fast_result res = {};

	recipe_build(r, SCENE_IN_DST, &in);
	return tap_sys(fast_run(&f, &in, &out, &res), "run") && res.reason != PN_R_POLICED;
}

static uint32_t sources_count(void)
{
	struct pn_source_key key, *last = NULL;
	uint32_t n = 0;

	for (; !bpf_map_get_next_key(s.sources_fd, last, &key); last = &key)
		n++;
	return n;
}

static uint64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec * 1000000000ull + now.tv_nsec) << PN_CLOCK_SHIFT;
}

/* What has flowed in since @from may have passed as well: a frame in a tenth of a second. */
static void passed_check(uint32_t passed, uint32_t want, uint64_t from)
{
	double seconds = ((clock_now() - from) >> PN_CLOCK_SHIFT) / 1e9;

	if (passed < want || passed > want + seconds * SLOW / in.len + 1)
		tap_fail("%u frames have passed in %.3f s, not %u", passed, seconds, want);
}

/* One frame of each: nobody is above its share, and the shaper's rate holds all the same. */
static void sources_run(uint8_t flag)
{
	const struct pn_shaper fair = { .action = PN_SHAPER_POLICE, .flags = flag };
	struct recipe r = PKT(V(IP_TTL, 64), S(IN_IP_SRC, ""), S(IN_SRC, ""));
	char ip[20], mac[20];
	struct pn_shaper_stats sum;
	uint32_t passed = 0, n;
	uint64_t from;

	tap_case("%s: more invented sources than the table holds, flag %#x",
		 fast_hooks[f.opts.hook], flag);
	recipe_build(&plain, SCENE_IN_DST, &in);
	shaper_set(&fair, PN_TUNNEL_VXLAN, FULL, in.len);
	r.edit[1].s = ip;
	r.edit[2].s = mac;
	from = clock_now();
	for (uint32_t i = 0; i < FLOOD; i++) {
		snprintf(ip, sizeof(ip), "192.168.%u.%u", i >> 8, i & 0xff);
		snprintf(mac, sizeof(mac), "02:aa:bb:cc:%02x:%02x", i >> 8, i & 0xff);
		passed += frame_run(&r);
	}
	passed_check(passed, FULL, from);
	shaped_stats(&s, 1, &sum);
	tap_eq(sum.outcome[PN_SHAPER_PASSED].packets, passed, "packets counted as passed");
	tap_eq(sum.outcome[PN_SHAPER_DROPPED].packets, FLOOD - passed,
	       "packets counted as dropped");
	n = sources_count();
	tap_true(n <= SOURCES, "the table holds no more than it should");
	tap_true(n >= FULL, "and it holds some");
	tap_end();
}

/* Where the bucket's time stands beside the clock's, in bursts and in words. */
static const struct jump {
	const char *name;
	int64_t bursts;
	uint64_t words;
	uint32_t passes;
} jumps[] = {
	{ "at the clock: full", 0, 0, FULL },
	{ "long past: full", -100, 0, FULL },
	{ "half way round: full", 0, 1ull << 63, FULL },
	{ "just behind half way round: full", 0, (1ull << 63) - 1, FULL },
	{ "a burst ahead: empty", 1, 1 << 20, 0 },
	{ "four bursts ahead: empty, not less than that", 4, 0, 0 },
	{ "nine bursts ahead: that is no debt, so full", 9, 0, FULL },
};

static void jump_run(const struct jump *j)
{
	static const struct pn_shaper police = { .action = PN_SHAPER_POLICE };
	struct pn_shaper *shaper = &s.shapers[1];
	uint32_t passed = 0;
	uint64_t from;

	tap_case("%s: the bucket's time is %s", fast_hooks[f.opts.hook], j->name);
	recipe_build(&plain, SCENE_IN_DST, &in);
	shaper_set(&police, PN_TUNNEL_VXLAN, FULL, in.len);
	from = clock_now();
	shaper->tat = from + j->bursts * shaper->rate.burst + j->words;
	shaper->base = shaper->tat - shaper->rate.burst; /* nothing on credit */
	for (int i = 0; i < FULL + 20; i++)
		passed += frame_run(&plain);
	passed_check(passed, j->passes, from);
	tap_end();
}

/* Inside their tunnels, for the kernel: what the outer checksum must then say. */
static const struct cover {
	const char *name;
	struct recipe pkt;
	enum pn_tunnel_kind kind;
	uint32_t at, inner;	/* where the checksum begins to count; the inner header */
	bool none;		/* there is none, and none comes */
} covers[] = {
	{ "GRE, IPv4 inside", GRE(V(GRE_FLAGS, 0x8000), V(IN_TOS, 0x2a)), PN_TUNNEL_GRE, 34, 42 },
	{ "GRE, IPv6 inside", GRE(V(GRE_FLAGS, 0x8000), INNER6, V(IN_TOS, 0x2a)), PN_TUNNEL_GRE,
	  34, 42 },
	{ "GRE without one", GRE(V(GRE_FLAGS, 0), INNER6, V(IN_TOS, 0x2a)), PN_TUNNEL_GRE, 34, 38,
	  true },
	{ "UDP without one", PKT(V(UDP_CSUM, 0), INNER6, V(IN_TOS, 0x2a),
				 S(IN_DST, "02:aa:00:00:00:99")), PN_TUNNEL_VXLAN, 40, 64, true },
};

static uint8_t dscp_at(uint32_t off)
{
	const uint8_t *ip = pkt_cdata(&out) + off;

	return (ip[0] >> 4 == 4 ? ip[1] : pkt_get16(ip) >> 4 & 0xff) >> 2;
}

static void cover_run(const struct cover *c)
{
	static const struct pn_shaper mark = { .action = PN_SHAPER_MARK, .dscp = 8,
					       .flags = PN_SHAPER_F_REMARK };

	tap_case("%s: another DSCP below a checksum: %s", fast_hooks[f.opts.hook], c->name);
	shaper_set(&mark, c->kind, 0, 0);
	tap_true(frame_run(&c->pkt), "it passes");
	/* At tc what a tunnel device gets has lost its outer headers. */
	tap_eq(dscp_at(c->inner - (in.len - out.len)), 8, "DSCP");
	if (in.len != out.len)
		tap_true(c->none, "what has a checksum stays in its tunnel");
	else if (c->none)
		tap_eq(pkt_get16(pkt_cdata(&out) + c->at), pkt_get16(pkt_cdata(&in) + c->at),
		       "the word where a checksum would be");
	else
		tap_eq(pkt_fold(pkt_sum(pkt_cdata(&out) + c->at, out.len - c->at, 0)), 0,
		       "checksum");
	shaped_count(&s, 1, PN_SHAPER_EXCEEDED, 1);
	tap_end();
}

int main(void)
{
	shaped_world(&world);
	for (int hook = 0; hook < FAST_HOOKS; hook++) {
		struct fast_opts opts = { .hook = hook, .masks = 1, .parts = PN_PART_TUNNEL,
					  .sources = SOURCES };

		if (fast_open(&f, &opts))
			tap_bail("%s does not load", fast_hooks[hook]);
		fast_world(&f, &world);
		shaped_open(&s, f.obj, SHAPED_SEED);
		sources_run(PN_SHAPER_F_PER_SRC);
		sources_run(PN_SHAPER_F_PER_MAC);
		for (size_t i = 0; i < sizeof(jumps) / sizeof(jumps[0]); i++)
			jump_run(&jumps[i]);
		for (size_t i = 0; i < sizeof(covers) / sizeof(covers[0]); i++)
			cover_run(&covers[i]);
		shaped_close(&s);
		fast_close(&f);
	}
	return tap_done();
}
