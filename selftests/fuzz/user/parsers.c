// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * libFuzzer's entry: bytes, through the data plane in user space and through
 * the reference model. Aborts on a read beside the packet, on undefined
 * behaviour, on a packet that is changed and passed, and on every decision or
 * byte that the model does not share. The first byte of an input chooses the
 * setting, the rest is the frame.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "model.h"
#include "mutate.h"
#include "plane.h"

static const struct setting {
	uint16_t port;
	uint8_t peers;
	bool strict;
	uint8_t nesting;
} settings[] = {
	{ W_WIRE, PN_PEERS_KNOWN, false, 1 },
	{ W_WIRE, PN_PEERS_ANY, false, 2 },
	{ W_WIRE, PN_PEERS_LISTED, true, 4 },
	{ W_BRIDGE, PN_PEERS_KNOWN, false, 1 },
};
#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

static struct world world;
static struct model *models[SETTINGS];
static struct mutate mutate;

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	uint32_t ifindex[MUTATE_DEVS] = { 101, 102, 103, 104, 105 };

	mutate_world(&world, ifindex);
	if (!plane_open() || mutate_init(&mutate, 1, &world))
		abort();
	for (size_t i = 0; i < SETTINGS; i++) {
		struct model_opts opts = {
			.tc = pipe_is_tc,
			.peers = settings[i].peers,
			.strict = settings[i].strict,
			.nesting = settings[i].nesting,
		};

		models[i] = model_open(&world, &opts);
		if (!models[i])
			abort();
	}
	plane_world(&world);
	return 0;
}

static void setting_use(unsigned int n)
{
	struct fast_opts opts = {
		.port = settings[n].port,
		.peers = settings[n].peers,
		.strict = settings[n].strict,
		.nesting = settings[n].nesting,
	};

	plane_configure(&opts);
}

static void complain(const char *what, const struct pkt *in, const struct fast_result *res,
		     const struct model_result *want)
{
	fprintf(stderr, "%s: reason %s, the model says %s (tunnel %u)\n%s\n", what,
		reason_name(res->reason), model_class_name(want->class), want->tunnel,
		hex_dump(pkt_cdata(in), in->len));
	abort();
}

static enum model_class class_of(const struct fast_result *res)
{
	switch (res->reason) {
	case PN_R_BRIDGED:
		return MODEL_BRIDGED;
	case PN_R_DECAP:
		return MODEL_DECAP;
	case PN_R_ROUTED:
		return MODEL_ROUTED;
	case PN_R_DELIVERED:
		return MODEL_DELIVERED;
	case PN_R_PEER_REFUSED:
		return MODEL_REFUSED;
	default:
		return MODEL_PASS;
	}
}

/* What tc cannot do it leaves to the kernel, or all but the tunnel's driver. */
static bool is_excused(const struct fast_result *res)
{
	if (res->reason == PN_R_DELIVERED)
		return true;
	return pipe_is_tc && (res->reason == PN_R_HELPER || res->reason == PN_R_INNER_PROTO);
}

static void packet_check(const struct pkt *in, const struct pkt *out,
			 const struct fast_result *res, unsigned int n)
{
	enum model_class class = class_of(res);
	struct model_result want;
	static struct pkt model_out;
	size_t skip = 0;

	want = model_run(models[n], settings[n].port, in, &model_out);
	if (class == MODEL_PASS && !pkt_same(out, pkt_cdata(in), in->len))
		complain("changed and passed", in, res, &want);
	if (is_excused(res))
		return;
	if (class != want.class || res->verdict != reason_verdict(res->reason))
		complain("another decision", in, res, &want);
	if (class == MODEL_PASS || class == MODEL_REFUSED)
		return;
	if (class != MODEL_DELIVERED && res->egress != want.egress)
		complain("another egress", in, res, &want);
	/* behind a device without Ethernet the first 14 bytes are nobody's */
	if (class == MODEL_DELIVERED && !world_is_ether(&world.tunnel[want.tunnel]))
		skip = 14;
	if (out->len != model_out.len ||
	    memcmp(pkt_cdata(out) + skip, pkt_cdata(&model_out) + skip, out->len - skip))
		complain("other bytes", in, res, &want);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pkt in, out;
	struct fast_result res;
	unsigned int n;

	if (size < 1 + PLANE_LEAST || size > 1 + PLANE_MOST)
		return 0;
	n = data[0] % SETTINGS;
	setting_use(n);
	pkt_init(&in);
	pkt_append(&in, data + 1, size - 1);
	plane_run(&in, &out, &res);
	packet_check(&in, &out, &res, n);
	return 0;
}

/* Good packets now and then, changes that know headers, and checksums mended. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	static struct pkt p;

	mutate.state ^= (uint64_t)seed << 20 | 1;
	if (size <= 1 + PLANE_LEAST || !mutate_below(&mutate, 16)) {
		mutate_next(&mutate, &p);
		data[0] = mutate_rnd(&mutate);
	} else if (mutate_below(&mutate, 2)) {
		size = LLVMFuzzerMutate(data, size, max);
		if (size <= 1 + PLANE_LEAST)
			return size;
		pkt_init(&p);
		pkt_append(&p, data + 1, size - 1);
	} else {
		pkt_init(&p);
		pkt_append(&p, data + 1, size - 1);
		mutate_change(&mutate, &p);
	}
	if (mutate_below(&mutate, 4))
		mutate_mend(&mutate, &p);
	if (p.len + 1u > max)
		return size;
	memcpy(data + 1, pkt_cdata(&p), p.len);
	return p.len + 1;
}
