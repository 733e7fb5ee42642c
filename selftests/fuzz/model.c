// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * model [-n PACKETS] [-s SEED]: mutated packets through the data plane (both
 * hooks) and through the reference model; verdict, egress and bytes must be
 * the same. A disagreement is printed with its seed, number and bytes, and
 * belongs into a row.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fast.h"
#include "hex.h"
#include "model.h"
#include "mutate.h"
#include "tap.h"

#define PACKETS	 1000000
#define SHOW_MAX 5

struct run {
	struct fast fast;
	uint16_t port;
	uint64_t passed, forwarded, wrong, refused;
};

static struct netns ns;
static int work_ifindex;
static struct world world;

static void packet_show(const struct run *r, const struct pkt *in, uint64_t number,
			const char *what)
{
	char *text = hex_dump(pkt_cdata(in), in->len);

	tap_fail("%s, packet %llu (%u bytes): %s", fast_hooks[r->fast.opts.hook],
		 (unsigned long long)number, in->len, what);
	for (char *l = strtok(text, "\n"); l; l = strtok(NULL, "\n"))
		tap_diag("  %s", l);
	free(text);
}

/* tc leaves to the kernel what bpf_skb_adjust_room() cannot do. */
static bool tc_excused(const struct run *r, const struct fast_result *res)
{
	return r->fast.opts.hook == FAST_TC && res->verdict == PN_PASS &&
		(res->reason == PN_R_HELPER || res->reason == PN_R_INNER_PROTO);
}

static const char *packet_compare(const struct run *r, const struct pkt *in, const struct pkt *out,
				  const struct fast_result *res)
{
	uint32_t target = r->fast.opts.hook == FAST_XDP ? PN_PORT_XDP_TARGET : PN_PORT_TC_TARGET;
	struct model_result want;
	struct pkt model_out;

	want = model_run(&world, r->port, target, in, &model_out);
	if (res->verdict == PN_DROP)
		return "dropped";
	if (res->verdict == PN_PASS && !pkt_same(out, pkt_cdata(in), in->len))
		return "changed and passed";
	if (tc_excused(r, res))
		return NULL;
	if (want.forward != (res->verdict == PN_FORWARD))
		return want.forward ? "passed, the model forwards" : "forwarded, the model passes";
	if (!want.forward)
		return NULL;
	if (res->egress != want.egress)
		return "another egress";
	return pkt_same(out, pkt_cdata(&model_out), model_out.len) ? NULL : "other bytes";
}

static void packet_run(struct run *r, const struct pkt *in, uint64_t number)
{
	struct fast_result res;
	const char *wrong;
	struct pkt out;
	int ret = fast_run(&r->fast, in, &out, &res);

	/* BPF_PROG_TEST_RUN refuses an IP frame without an IP header at tc */
	if (ret == -EINVAL && r->fast.opts.hook == FAST_TC) {
		r->refused++;
		return;
	}
	wrong = ret ? strerror(-ret) : packet_compare(r, in, &out, &res);
	r->passed += res.verdict == PN_PASS;
	r->forwarded += res.verdict == PN_FORWARD;
	if (!wrong)
		return;
	if (r->wrong++ < SHOW_MAX) {
		tap_diag("reason %s", reason_name(res.reason));
		packet_show(r, in, number, wrong);
	}
}

static void hook_run(enum fast_hook hook, uint16_t port, uint64_t packets, uint64_t seed)
{
	struct fast_opts opts = { .hook = hook, .explain = true, .port = port };
	static struct run r;
	struct mutate m;
	struct pkt p;

	memset(&r, 0, sizeof(r));
	r.port = port;
	tap_case("%s, %s: %llu mutated packets", fast_hooks[hook],
		 port == W_WIRE ? "tunnels" : "bridge port", (unsigned long long)packets);
	if (fast_open(&r.fast, &opts) || mutate_init(&m, seed))
		tap_bail("cannot load or out of memory");
	fast_world(&r.fast, &world);
	for (uint64_t i = 0; i < packets; i++) {
		if (port == W_WIRE)
			mutate_next(&m, &p);
		else
			mutate_frame(&m, &p);
		packet_run(&r, &p, i);
	}
	tap_diag("%llu forwarded, %llu passed, %llu not accepted by the test run",
		 (unsigned long long)r.forwarded, (unsigned long long)r.passed,
		 (unsigned long long)r.refused);
	tap_eq(r.wrong, 0, "disagreements");
	tap_true(r.forwarded > packets / 50, "enough packets get through");
	tap_end();
	mutate_fini(&m);
	fast_close(&r.fast);
}

int main(int argc, char **argv)
{
	uint64_t packets = PACKETS, seed = 0x70656e73746f636b;
	int opt, ret;

	while ((opt = getopt(argc, argv, "n:s:")) != -1) {
		if (opt == 'n')
			packets = strtoull(optarg, NULL, 0);
		else if (opt == 's')
			seed = *optarg == 'r' ? (uint64_t)time(NULL) : strtoull(optarg, NULL, 0);
		else
			return TAP_EXIT_FAIL;
	}
	ret = netns_open(&ns);
	ret = ret ? ret : netns_veth(&ns, "w", &ns, "e");
	work_ifindex = ret ? ret : netns_ifindex(&ns, "w");
	if (work_ifindex < 0 || netns_enter(&ns))
		tap_bail("a namespace with a veth");
	mutate_world(&world, work_ifindex);
	tap_diag("seed %#llx", (unsigned long long)seed);
	hook_run(FAST_XDP, W_WIRE, packets * 6 / 10, seed);
	hook_run(FAST_TC, W_WIRE, packets * 2 / 10, seed + 1);
	hook_run(FAST_XDP, W_BRIDGE, packets / 10, seed + 2);
	hook_run(FAST_TC, W_BRIDGE, packets / 10, seed + 3);
	return tap_done();
}
