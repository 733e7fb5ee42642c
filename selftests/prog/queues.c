// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The program of a filter to an IFB device: which packets it takes, in which
 * class they wait there, and until when where departure times say so.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>

#include "pkt.h"
#include "shaped.h"
#include "tap.h"
#include "tc_shape.skel.h"

#define PORT	3
#define IFB	7
#define SEED	0x1234567
#define MATCH	0xffffffffu	/* of the filter's return values */
#define MSEC	1000000ull

static struct tc_shape_bpf *skel;
static struct shaped shaped;

/* A program that knows these parts of a flow, in one mask. */
static bool world_open(const struct pn_flow *bits)
{
	struct pn_conf *conf;

	skel = tc_shape_bpf__open();
	if (!tap_true(skel, "open"))
		return false;
	conf = (struct pn_conf *)&skel->rodata->pn_conf;
	*conf = (struct pn_conf){ .seed = SEED, .port = PORT, .masks = 1, .match_mask = 7,
				  .parts = shaped_parts(bits), .families = PN_FAMILY_ALL,
				  .nesting = 1 };
	skel->rodata->pn_shape_ifb = IFB;
	bpf_map__set_max_entries(skel->maps.pn_match_keys, 8);
	if (!tap_sys(tc_shape_bpf__load(skel), "load"))
		return false;
	shaped_open(&shaped, skel->obj, SEED);
	return true;
}

static void world_close(void)
{
	shaped_close(&shaped);
	tc_shape_bpf__destroy(skel);
}

static void frame(struct pkt *p, const char *dst, size_t payload)
{
	const struct pkt_ip ip = { .addr = pkt_addr("192.0.2.1", dst), .proto = IPPROTO_UDP,
				   .ttl = 64 };

	pkt_init(p);
	pkt_append(p, NULL, payload);
	pkt_udp(p, 1000, 2000);
	pkt_ip(p, &ip);
	pkt_eth(p, "02:00:00:00:00:01", "02:00:00:00:00:02", ETH_P_IP);
}

static uint32_t run(struct pkt *p, struct __sk_buff *ctx)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = pkt_data(p), .data_size_in = p->len,
		    .ctx_in = ctx, .ctx_size_in = sizeof(*ctx), .ctx_out = ctx,
		    .ctx_size_out = sizeof(*ctx));

	tap_sys(bpf_prog_test_run_opts(bpf_program__fd(skel->progs.tc_shape), &opts), "run");
	return opts.retval;
}

static void to_dst(struct pn_flow *flow, const char *dst)
{
	const struct pkt_addr a = pkt_addr("192.0.2.1", dst);

	*flow = (struct pn_flow){ .dst[2] = htonl(0xffff) };
	memcpy(&flow->dst[3], a.dst, 4);
}

static const struct {
	const char *name;
	struct pn_shaper shaper;
	const char *dst;	/* of the packet; the shaper's is 10.0.0.1 */
	uint32_t retval, priority;
} rows[] = {
	{ "its class", { .action = PN_SHAPER_SHAPE, .ifb = IFB, .minor = 0x10020 },
	  "10.0.0.1", MATCH, 0x10020 },
	{ "a device without classes", { .action = PN_SHAPER_SHAPE, .ifb = IFB },
	  "10.0.0.1", MATCH, 0 },
	{ "another device", { .action = PN_SHAPER_SHAPE, .ifb = IFB + 1, .minor = 0x10020 },
	  "10.0.0.1", 0, 0 },
	{ "what is policed", { .action = PN_SHAPER_POLICE, .ifb = IFB, .minor = 0x10020 },
	  "10.0.0.1", 0, 0 },
	{ "what is marked", { .action = PN_SHAPER_MARK, .ifb = IFB }, "10.0.0.1", 0, 0 },
	{ "no shaper's", { .action = PN_SHAPER_SHAPE, .ifb = IFB, .minor = 0x10020 },
	  "10.0.0.2", 0, 0 },
};

static void rows_test(const struct pn_flow *bits, const struct pn_flow *want)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct __sk_buff ctx = {};
		struct pkt p;

		tap_case("%s", rows[i].name);
		shaped_clear(&shaped);
		shaped_put(&shaped, 1, &rows[i].shaper, (struct shaped_rate){ 125000, 3000 },
			   (struct shaped_rate){});
		shaped_match(&shaped, 0, 0, bits, want, 1);
		frame(&p, rows[i].dst, 100);
		tap_eq(run(&p, &ctx), rows[i].retval, "result");
		tap_eq(ctx.priority, rows[i].priority, "priority");
		tap_end();
	}
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/*
 * The packet leaves @ms behind the first, which is sent with 0, or at once where
 * the machine took longer to send it.
 */
static void leaves(struct pkt *p, uint32_t segments, uint64_t ms)
{
	static uint64_t first, first_after;
	struct __sk_buff ctx = { .gso_segs = segments, .gso_size = segments ? 100 : 0 };
	uint64_t before = now(), after, least;

	if (!tap_eq(run(p, &ctx), MATCH, "result"))
		return;
	after = now();
	if (!ms) {
		first = before;
		first_after = after;
	}
	least = first + ms * MSEC;
	if (ctx.tstamp + MSEC < (least > before ? least : before))
		tap_fail("leaves %lld us before %llu ms", (long long)(least - ctx.tstamp) / 1000,
			 (unsigned long long)ms);
	if (ctx.tstamp > after + MSEC && ctx.tstamp > first_after + (ms + 1) * MSEC &&
	    after - first < MSEC * 8)
		tap_fail("leaves %lld us after %llu ms",
			 (long long)(ctx.tstamp - least) / 1000, (unsigned long long)ms);
}

/* So much waits already that the next one is away for good. */
static void away(struct pkt *p)
{
	struct __sk_buff ctx = {};
	uint64_t tat = (now() + 400 * MSEC) << PN_CLOCK_SHIFT;

	shaped.shapers[1].tat = tat;
	tap_eq(run(p, &ctx), MATCH, "result");
	tap_true(ctx.tstamp > now() + 50000 * MSEC, "far beyond the horizon of fq");
	tap_true(shaped.shapers[1].tat == tat, "and takes nothing");
}

/* 125 bytes a millisecond, 2000 at once. */
static void edt_put(uint32_t index, uint32_t parent, uint64_t rate)
{
	const struct pn_shaper shaper = { .action = PN_SHAPER_SHAPE, .ifb = IFB,
					  .flags = PN_SHAPER_F_EDT, .parent = parent };

	shaped_put(&shaped, index, &shaper, (struct shaped_rate){ rate, 2000 },
		   (struct shaped_rate){});
}

static void edt_test(const struct pn_flow *bits, const struct pn_flow *want)
{
	struct pkt p;

	tap_case("departure times");
	shaped_clear(&shaped);
	edt_put(1, 0, 125000);
	shaped_match(&shaped, 0, 0, bits, want, 1);
	frame(&p, "10.0.0.1", 1000 - 42);
	leaves(&p, 0, 0);
	leaves(&p, 0, 0);
	leaves(&p, 0, 8);
	leaves(&p, 0, 16);
	/* 1000 bytes and nine more headers of 54 */
	leaves(&p, 10, 28);
	leaves(&p, 0, 36);
	away(&p);
	tap_end();

	tap_case("departure times of a tree");
	shaped_clear(&shaped);
	edt_put(1, 2, 125000);
	edt_put(2, 0, 62500);
	shaped_match(&shaped, 0, 0, bits, want, 1);
	leaves(&p, 0, 0);
	leaves(&p, 0, 0);
	leaves(&p, 0, 16);
	leaves(&p, 0, 32);
	tap_end();
}

int main(void)
{
	struct pn_flow bits, want;

	to_dst(&want, "10.0.0.1");
	to_dst(&bits, "255.255.255.255");
	memset(bits.dst, 0xff, sizeof(bits.dst));
	tap_case("loads");
	if (!world_open(&bits)) {
		tap_end();
		return tap_done();
	}
	tap_end();
	rows_test(&bits, &want);
	edt_test(&bits, &want);
	world_close();
	return tap_done();
}
