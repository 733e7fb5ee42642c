// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Tunnel packets of many sizes, marks and lifetimes out of a device in one
 * namespace, one after the other, and what becomes of each at a device in
 * another: bytes NETNS DEV NETNS DEV FILE [KIND]. FILE gets a line of
 * hexadecimal for each; exit 1 if one does not arrive.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "frames.h"
#include "kinds.h"
#include "netns.h"
#include "wire.h"

#define FRAMES	   64
#define PATIENCE   3000 /* ms */
#define PORTS_UDP  0x03e807d0 /* 1000 to 2000, as all test packets have it */

static int fail(const char *what, int ret)
{
	fprintf(stderr, "bytes: %s: %s\n", what, strerror(-ret));
	return 1;
}

/* The kind's packet with other sizes, TTLs, and congestion marked outside for every other. */
static void packet_nth(const struct kind *kind, uint32_t i, struct pkt *p)
{
	struct recipe r = { { V(IN_DATA, 16 + i * 20), V(IN_TOS, 2 | (i & 7) << 3),
			      V(IN_TTL, 2 + i), V(IP_TOS, 2 | (i & 1)) } };
	struct frame_spec vxlan = { .family = 4, .inner_len = 60 + i * 20 };
	int n = 4;

	if (!kind) {
		frame_build(p, &vxlan);
		return;
	}
	for (const struct edit *e = kind->recipe.edit; n < RECIPE_EDITS && e->field; e++)
		r.edit[n++] = *e;
	recipe_build(&r, NULL, p);
}

static bool is_ours(const struct pkt *p)
{
	const uint8_t *d = pkt_cdata(p);
	bool v6 = p->len > 14 && d[14] >> 4 == 6;
	int at = v6 ? 54 : 34;

	return p->len >= at + 4 && d[v6 ? 20 : 23] == 17 && pkt_get32(d + at) == PORTS_UDP;
}

static int frame_await(const struct wire *w, struct pkt *p)
{
	struct pollfd pfd = { .fd = w->fd, .events = POLLIN };
	struct wire_meta meta;

	while (poll(&pfd, 1, PATIENCE) > 0)
		while (wire_recv(w, p, &meta) > 0)
			if (is_ours(p))
				return 0;
	return -ETIME;
}

static int frames_pass(const struct wire *from, const struct wire *to, const struct kind *kind,
		       FILE *out)
{
	struct pkt p, got;
	int ret = 0;

	for (uint32_t i = 0; i < FRAMES && !ret; i++) {
		packet_nth(kind, i, &p);
		ret = wire_send(from, &p);
		ret = ret ? ret : frame_await(to, &got);
		for (int at = 0; at < got.len && !ret; at++)
			fprintf(out, "%02x", pkt_cdata(&got)[at]);
		fprintf(out, "\n");
	}
	return ret;
}

int main(int argc, char **argv)
{
	const struct kind *kind = argc == 7 ? kind_find(argv[6]) : NULL;
	struct wire from, to;
	struct netns a, b;
	FILE *out;
	int ret;

	if (argc != 6 && !kind) {
		fprintf(stderr, "usage: bytes NETNS DEV NETNS DEV FILE [KIND]\n");
		return 1;
	}
	ret = netns_named(&a, argv[1]);
	ret = ret ? ret : netns_named(&b, argv[3]);
	ret = ret ? ret : wire_open(&from, &a, argv[2]);
	ret = ret ? ret : wire_open(&to, &b, argv[4]);
	if (ret)
		return fail("sockets", ret);
	out = fopen(argv[5], "we");
	if (!out)
		return fail(argv[5], -errno);
	ret = frames_pass(&from, &to, kind, out);
	if (fclose(out) && !ret)
		ret = -errno;
	return ret ? fail("a frame", ret) : 0;
}
