// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What each `checksum:` setting guarantees. A good packet of every size is
 * forwarded. A corrupt one - a byte changed anywhere, at every size - is never
 * forwarded by `full`; `inner` forwards it only if the receiver's own checksum
 * still refuses it; `pass` leaves every checksum to the kernel. What is right
 * is computed here, over every byte, from the RFCs.
 */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "fast.h"
#include "scene.h"
#include "tap.h"

#define SIZE_MIN  64 /* of the inner frame */
#define SIZE_MAX_ 1500
#define SAMPLES	  6 /* bytes corrupted at each size */

struct kind {
	const char *name;
	enum config_id config;
	struct recipe pkt;
	bool proof; /* `inner` has a proof that does not read the payload */
};

#define PKT(...) .pkt = { { __VA_ARGS__ } }

static const struct kind kinds[] = {
	{ "UDP in IPv4 over IPv4", C_VX, .proof = true },
	{ "TCP in IPv4 over IPv4", C_VX, PKT(V(IN_TCP, 1)), true },
	{ "ICMP in IPv4 over IPv4", C_VX, PKT(V(IN_ICMP, 1)), true },
	{ "UDP in IPv6 over IPv4", C_VX, PKT(V(IN_V6, 1)), true },
	{ "TCP in IPv6 over IPv6", C_VX6, PKT(V(V6, 1), V(IN_V6, 1), V(IN_TCP, 1)), true },
	{ "ICMPv6 over IPv6", C_VX6, PKT(V(V6, 1), V(IN_V6, 1), V(IN_ICMP, 1)), true },
	{ "TCP in IPv4 over IPv6", C_VX6, PKT(V(V6, 1), V(IN_TCP, 1)), true },
	{ "UDP without a checksum in IPv4", C_VX, PKT(V(IN_CSUM, 0)) },
	{ "TCP in IPv4, 13 bytes of padding", C_VX, PKT(V(IN_TCP, 1), V(IN_PAD, 13)), true },
	{ "UDP in IPv4, ECN rewritten", C_VX, PKT(V(IN_TOS, 2), V(IP_TOS, 3)), true },
	{ "a tagged frame", C_VX, PKT(V(IN_TAG1, 0x81000007), V(IN_TCP, 1)) },
	{ "padding before the datagram's end", C_VX, PKT(V(TRAIL, 7)), true },
};

static struct netns ns;
static int work_ifindex;
static struct fast fast;
static uint64_t seed = 0x70656e73746f636b;

static uint32_t rnd(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed >> 16;
}

/* Does the checksum of the UDP, TCP or ICMP packet at @ip hold? */
static bool l4_holds(const uint8_t *ip, size_t room)
{
	struct pkt_addr a = { .v6 = ip[0] >> 4 == 6 };
	size_t hlen = a.v6 ? 40 : 20, len;
	uint8_t proto = ip[a.v6 ? 6 : 9];
	uint32_t sum = 0;

	if (room < hlen)
		return false;
	len = a.v6 ? pkt_get16(ip + 4) : pkt_get16(ip + 2) - hlen;
	if (len > room - hlen || (!a.v6 && pkt_get16(ip + 2) < hlen))
		return false;
	if (proto == IPPROTO_UDP && !pkt_get16(ip + hlen + 6))
		return !a.v6;
	if (!a.v6 && pkt_fold(pkt_sum(ip, 20, 0)))
		return false;
	if (proto == IPPROTO_UDP)
		len = pkt_get16(ip + hlen + 4);
	if (len > room - hlen)
		return false;
	if (proto != IPPROTO_ICMP) {
		sum = pkt_sum(ip + (a.v6 ? 8 : 12), a.v6 ? 32 : 8, 0);
		sum += proto + len;
	}
	return !pkt_fold(pkt_sum(ip + hlen, len, sum));
}

/* Would the receiver of the inner frame believe it? Other protocols have no
 * say, so it would. */
static bool receiver_believes(const struct pkt *p)
{
	const uint8_t *d = pkt_cdata(p);
	size_t off = pkt_get16(d + 12) == 0x8100 ? 18 : 14;
	uint16_t type = pkt_get16(d + off - 2);

	if (type != 0x0800 && type != 0x86dd)
		return true;
	if (d[off] >> 4 != (type == 0x0800 ? 4 : 6))
		return true;
	return l4_holds(d + off, p->len - off);
}

static bool kernel_believes(const struct pkt *p)
{
	return l4_holds(pkt_cdata(p) + 14, p->len - 14);
}

static bool forwarded(const struct pkt *in, struct pkt *out)
{
	struct fast_result res;

	return tap_sys(fast_run(&fast, in, out, &res), "run") && res.verdict == PN_FORWARD;
}

/* One byte changed; what came of it must be allowed. */
static bool corrupt_check(const struct pkt *good, size_t at, uint8_t mask)
{
	struct pkt bad = *good, out;

	pkt_data(&bad)[at] ^= mask;
	if (!forwarded(&bad, &out) || kernel_believes(&bad))
		return true;
	if (fast.opts.checksum == PN_CSUM_INNER && !receiver_believes(&out))
		return true;
	return tap_fail("%u bytes, byte %zu ^ %02x: forwarded as good", good->len, at, mask);
}

static void good_build(const struct kind *k, int size, struct pkt *p)
{
	struct recipe r = k->pkt;
	struct pkt least;
	int n = 0;

	while (r.edit[n].field)
		n++;
	r.edit[n] = (struct edit)V(IN_DATA, 0);
	recipe_inner(&r, SCENE_IN_DST, -1, &least);
	if (size > least.len)
		r.edit[n].v = size - least.len;
	recipe_build(&r, SCENE_IN_DST, p);
}

/* Payload at random, since zeros hide a swap of bytes; both sums mended. */
static void payload_fill(struct pkt *p, bool v6, bool in_v6, bool inner_csum)
{
	size_t l4 = 14 + (v6 ? 40 : 20), in_ip = l4 + 8 + 8 + 14;
	size_t in_l4 = in_ip + (in_v6 ? 40 : 20), csum_at;
	uint8_t *d = pkt_data(p), proto = d[in_ip + (in_v6 ? 6 : 9)];
	size_t hlen = proto == IPPROTO_TCP ? 20 : 8;
	struct pkt seg, outer;
	struct pkt_addr a = { .v6 = in_v6 }, oa = { .v6 = v6 };
	uint16_t in_len = in_v6 ? pkt_get16(d + in_ip + 4) : pkt_get16(d + in_ip + 2) - 20;

	memcpy(a.src, d + in_ip + (in_v6 ? 8 : 12), in_v6 ? 16 : 4);
	memcpy(a.dst, d + in_ip + (in_v6 ? 24 : 16), in_v6 ? 16 : 4);
	for (size_t i = hlen; i < in_len; i++)
		d[in_l4 + i] = rnd();
	csum_at = in_l4 + (proto == IPPROTO_TCP ? 16 : proto == IPPROTO_UDP ? 6
									    : 2);
	if (inner_csum) {
		pkt_put16(d + csum_at, 0);
		pkt_init(&seg);
		pkt_append(&seg, d + in_l4, in_len);
		pkt_put16(d + csum_at, pkt_l4_sum(&seg, &a, proto, in_len));
	}
	memcpy(oa.src, d + 14 + (v6 ? 8 : 12), v6 ? 16 : 4);
	memcpy(oa.dst, d + 14 + (v6 ? 24 : 16), v6 ? 16 : 4);
	pkt_put16(d + l4 + 6, 0);
	pkt_init(&outer);
	pkt_append(&outer, d + l4, pkt_get16(d + l4 + 4));
	pkt_put16(d + l4 + 6, pkt_l4_sum(&outer, &oa, IPPROTO_UDP, outer.len));
}

static bool size_check(const struct kind *k, int size)
{
	struct pkt good, out;
	bool every = size < SIZE_MIN + 4 || size == 513 || size == SIZE_MAX_;
	size_t n;

	good_build(k, size, &good);
	if (!recipe_edit(&k->pkt, F_IN_TAG1))
		payload_fill(&good, recipe_edit(&k->pkt, F_V6), recipe_edit(&k->pkt, F_IN_V6),
			     !recipe_edit(&k->pkt, F_IN_CSUM));
	if (!kernel_believes(&good))
		tap_bail("the test's own packet is wrong");
	if (forwarded(&good, &out) != (fast.opts.checksum != PN_CSUM_LEAVE))
		return tap_fail("a good frame of %d bytes gets the wrong verdict", size);
	n = every ? good.len : SAMPLES;
	for (size_t i = 0; i < n; i++)
		if (!corrupt_check(&good, every ? i : rnd() % good.len, rnd() % 255 + 1))
			return false;
	return true;
}

/* The proof that does not read the payload does not see it corrupt either. */
static void proof_check(const struct kind *k)
{
	struct pkt p, out;

	good_build(k, 500, &p);
	pkt_data(&p)[200] ^= 0xff;
	tap_eq(forwarded(&p, &out), k->proof && fast.opts.checksum == PN_CSUM_INNER,
	       "corrupt payload is left to its receiver");
}

/* Every size where the checksums are computed; at tc the same code does it, and
 * `pass` computes none. */
static int size_step(void)
{
	if (fast.opts.checksum == PN_CSUM_LEAVE)
		return 47;
	return fast.opts.hook == FAST_XDP ? 1 : 7;
}

static void kind_run(const struct kind *k)
{
	struct world w;

	tap_case("%s, checksum %d: %s, inner frames of %d to %d bytes",
		 fast_hooks[fast.opts.hook], fast.opts.checksum, k->name, SIZE_MIN, SIZE_MAX_);
	world_of(k->config, true, &w);
	w.port[W_WORK].ifindex = work_ifindex;
	fast_world(&fast, &w);
	for (int size = SIZE_MIN; size <= SIZE_MAX_; size += size_step())
		if (!size_check(k, size))
			break;
	proof_check(k);
	tap_end();
}

int main(void)
{
	int ret = netns_open(&ns);

	ret = ret ? ret : netns_veth(&ns, "w", &ns, "e");
	work_ifindex = ret ? ret : netns_ifindex(&ns, "w");
	if (work_ifindex < 0 || netns_enter(&ns))
		tap_bail("a namespace with a veth");
	tap_diag("seed %#llx", (unsigned long long)seed);
	for (int hook = 0; hook < FAST_HOOKS; hook++) {
		for (int mode = PN_CSUM_FULL; mode <= PN_CSUM_LEAVE; mode++) {
			struct fast_opts opts = { .hook = hook, .checksum = mode, .explain = true };

			if (fast_open(&fast, &opts))
				tap_bail("%s does not load", fast_hooks[hook]);
			for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
				kind_run(&kinds[i]);
			fast_close(&fast);
		}
	}
	return tap_done();
}
