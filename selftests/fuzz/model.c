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

/* A program: hook, port, whose packets it takes; its share of all packets in %. */
struct setting {
	const char *name;
	enum fast_hook hook;
	uint16_t port;
	uint8_t peers;
	bool strict;
	uint8_t nesting;
	uint8_t share;
};

static const struct setting settings[] = {
	{ "xdp, tunnels", FAST_XDP, W_WIRE, PN_PEERS_KNOWN, false, 1, 25 },
	{ "tc, tunnels", FAST_TC, W_WIRE, PN_PEERS_KNOWN, false, 1, 20 },
	{ "xdp, tunnels in tunnels", FAST_XDP, W_WIRE, PN_PEERS_KNOWN, false, 2, 10 },
	{ "tc, tunnels in tunnels, strict", FAST_TC, W_WIRE, PN_PEERS_KNOWN, true, 3, 7 },
	{ "xdp, any peer", FAST_XDP, W_WIRE, PN_PEERS_ANY, false, 1, 10 },
	{ "xdp, listed peers, strict", FAST_XDP, W_WIRE, PN_PEERS_LISTED, true, 1, 10 },
	{ "tc, known peers, strict", FAST_TC, W_WIRE, PN_PEERS_KNOWN, true, 1, 6 },
	{ "xdp, bridge port", FAST_XDP, W_BRIDGE, PN_PEERS_KNOWN, false, 1, 6 },
	{ "tc, bridge port", FAST_TC, W_BRIDGE, PN_PEERS_KNOWN, false, 1, 6 },
};

struct run {
	const struct setting *s;
	struct fast fast;
	struct model *model;
	uint64_t class[MODEL_CLASSES];
	uint64_t tunnel[WORLD_TUNNELS]; /* forwarded */
	uint64_t wrong, refused;
};

static struct netns ns;
static struct world world;

static void packet_show(const struct run *r, const struct pkt *in, uint64_t number,
			const char *what)
{
	char *text = hex_dump(pkt_cdata(in), in->len);

	tap_fail("%s, packet %llu (%u bytes): %s", r->s->name, (unsigned long long)number,
		 in->len, what);
	for (char *l = strtok(text, "\n"); l; l = strtok(NULL, "\n"))
		tap_diag("  %s", l);
	free(text);
}

static enum model_class class_of(const struct fast_result *res)
{
	if (res->verdict == PN_DROP)
		return res->reason == PN_R_PEER_REFUSED ? MODEL_REFUSED : MODEL_CLASSES;
	if (res->verdict == PN_PASS)
		return MODEL_PASS;
	switch (res->reason) {
	case PN_R_BRIDGED:
		return MODEL_BRIDGED;
	case PN_R_DECAP:
		return MODEL_DECAP;
	case PN_R_ROUTED:
		return MODEL_ROUTED;
	default:
		return MODEL_DELIVERED;
	}
}

/* tc leaves to the kernel what bpf_skb_adjust_room() cannot do, or all but its driver. */
static bool tc_excused(const struct run *r, const struct fast_result *res)
{
	if (res->reason == PN_R_DELIVERED)
		return true;
	return r->s->hook == FAST_TC && res->verdict == PN_PASS &&
		(res->reason == PN_R_HELPER || res->reason == PN_R_INNER_PROTO);
}

/* Behind a device without Ethernet the first 14 bytes are nobody's. */
static bool bytes_same(const struct pkt *got, const struct pkt *want, enum model_class class,
		       const struct world_tunnel *t)
{
	bool bare = class == MODEL_DELIVERED && !world_is_ether(t);
	size_t skip = bare ? 14 : 0;

	return got->len == want->len &&
	       !memcmp(pkt_cdata(got) + skip, pkt_cdata(want) + skip, got->len - skip);
}

static const char *packet_compare(struct run *r, const struct pkt *in, const struct pkt *out,
				  const struct fast_result *res)
{
	static char text[128];
	enum model_class class = class_of(res);
	struct model_result want;
	struct pkt model_out;

	want = model_run(r->model, r->s->port, in, &model_out);
	if (class == MODEL_CLASSES)
		return "dropped";
	r->class[class]++;
	if (class == MODEL_PASS && !pkt_same(out, pkt_cdata(in), in->len))
		return "changed and passed";
	if (tc_excused(r, res))
		return NULL;
	if (want.class != class) {
		snprintf(text, sizeof(text), "%s for %s, the model says %s (tunnel %u)",
			 model_class_name(class), reason_name(res->reason),
			 model_class_name(want.class), want.tunnel);
		return text;
	}
	if (class == MODEL_PASS || class == MODEL_REFUSED)
		return NULL;
	r->tunnel[want.tunnel]++;
	if (class != MODEL_DELIVERED && res->egress != want.egress)
		return "another egress";
	if (class != MODEL_BRIDGED && res->tunnel != want.tunnel)
		return "another tunnel";
	if (!bytes_same(out, &model_out, class, &world.tunnel[want.tunnel]))
		return "other bytes";
	return NULL;
}

static void packet_run(struct run *r, const struct pkt *in, uint64_t number)
{
	struct fast_result res;
	const char *wrong;
	struct pkt out;
	int ret = fast_run(&r->fast, in, &out, &res);

	/* BPF_PROG_TEST_RUN refuses an IP frame without an IP header at tc */
	if (ret == -EINVAL && r->s->hook == FAST_TC) {
		r->refused++;
		return;
	}
	wrong = ret ? strerror(-ret) : packet_compare(r, in, &out, &res);
	if (wrong && r->wrong++ < SHOW_MAX)
		packet_show(r, in, number, wrong);
}

/* Every eligible tunnel must have been met: a mutation that never arrives proves nothing. */
static void tunnels_check(const struct run *r)
{
	for (int i = 1; i < WORLD_TUNNELS && r->s->port == W_WIRE; i++) {
		const struct world_tunnel *t = &world.tunnel[i];

		if (!world_kind(t) || t->why || !t->remote)
			continue;
		if (!r->tunnel[i])
			tap_diag("tunnel %d (kind %d): nothing forwarded", i, world_kind(t));
	}
}

static void setting_run(const struct setting *s, uint64_t packets, uint64_t seed)
{
	struct fast_opts opts = { .hook = s->hook, .explain = true, .port = s->port,
				  .peers = s->peers, .strict = s->strict,
				  .nesting = s->nesting };
	struct model_opts mopts = { .tc = s->hook == FAST_TC, .peers = s->peers,
				    .strict = s->strict, .nesting = s->nesting };
	static struct run r;
	struct mutate m;
	struct pkt p;

	memset(&r, 0, sizeof(r));
	r.s = s;
	packets = packets * s->share / 100;
	tap_case("%s: %llu mutated packets", s->name, (unsigned long long)packets);
	r.model = model_open(&world, &mopts);
	if (!r.model || fast_open(&r.fast, &opts) || mutate_init(&m, seed, &world))
		tap_bail("cannot load or out of memory");
	fast_world(&r.fast, &world);
	for (uint64_t i = 0; i < packets; i++) {
		if (s->port == W_WIRE)
			mutate_next(&m, &p);
		else
			mutate_frame(&m, &p);
		packet_run(&r, &p, i);
	}
	for (int i = 0; i < MODEL_CLASSES; i++)
		if (r.class[i])
			tap_diag("%llu %s", (unsigned long long)r.class[i], model_class_name(i));
	tap_diag("%llu not accepted by the test run", (unsigned long long)r.refused);
	tap_eq(r.wrong, 0, "disagreements");
	tap_true(r.class[MODEL_PASS] < packets * 98 / 100, "enough packets get through");
	tunnels_check(&r);
	tap_end();
	mutate_fini(&m);
	model_close(r.model);
	fast_close(&r.fast);
}

int main(int argc, char **argv)
{
	uint64_t packets = PACKETS, seed = 0x70656e73746f636b;
	uint32_t ifindex[MUTATE_DEVS];
	int opt, ret;

	while ((opt = getopt(argc, argv, "n:s:")) != -1) {
		if (opt == 'n')
			packets = strtoull(optarg, NULL, 0);
		else if (opt == 's')
			seed = *optarg == 'r' ? (uint64_t)time(NULL) : strtoull(optarg, NULL, 0);
		else
			return TAP_EXIT_FAIL;
	}
	ret = mutate_net(&ns, ifindex);
	if (ret)
		tap_bail("a namespace with devices and routes: %s", strerror(-ret));
	mutate_world(&world, ifindex);
	tap_diag("seed %#llx", (unsigned long long)seed);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		setting_run(&settings[i], packets, seed + i);
	return tap_done();
}
