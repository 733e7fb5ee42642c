// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The reference model: what drivers do with the inner packet (chapter 3, 5.7). */
#include <string.h>

#include "model_view.h"

/* 3.3: result of the table, or -1 where the kernel logs or drops. */
static int ecn_result(uint8_t inner, uint8_t outer)
{
	static const int8_t table[4][4] = {
		/* outer: Not-ECT, ECT(1), ECT(0), CE */
		{ 0, -1, -1, -1 },
		{ 1, 1, 1, 3 },
		{ 2, 1, 2, 3 },
		{ 3, 3, 3, 3 },
	};

	return table[inner][outer];
}

/* Bits of the IPv4 address that an IPv6 address of the prefix carries (5.7). */
static bool embedded_is(const struct model_tunnel *t, const uint8_t *ip6, const uint8_t *ip4)
{
	uint8_t bits = t->w->rd_prefix_len, relay = t->w->rd_relay_len;
	uint32_t want = pkt_get32(ip4), got = pkt_get32(t->rd_relay.a);

	for (int i = 0; i < bits; i++)
		if ((ip6[i / 8] ^ t->rd_prefix.a[i / 8]) & (0x80 >> i % 8))
			return true;
	for (int i = relay; i < 32; i++) {
		int from = bits + i - relay;

		if (ip6[from / 8] & (0x80 >> from % 8))
			got |= 1u << (31 - i);
	}
	return want == got;
}

static bool is_spoofed(const struct view *v, const uint8_t *ip6)
{
	if (v->tunnel->kind != PN_TUNNEL_SIT || v->type != 0x86dd || !v->tunnel->rd_prefix.set)
		return false;
	return !embedded_is(v->tunnel, ip6 + 8, v->addr.src) ||
	       !embedded_is(v->tunnel, ip6 + 24, v->addr.dst);
}

/* 3.2, 3.3: without an Ethernet header. */
static int packet_take(const struct view *v, uint32_t at)
{
	const uint8_t *ip = v->d + at;
	uint32_t len = v->end - at;

	if (v->type == 0x0800)
		return len < 20 ? -1 : ecn_result(ip[1] & 3, v->ecn);
	if (v->type == 0x86dd)
		return len < 40 ? -1 : ecn_result(pkt_get16(ip) >> 4 & 3, v->ecn);
	return 0;
}

/* 3.2 to 3.4 */
int model_inner(struct view *v)
{
	const uint8_t *d = v->d + v->inner;

	if (!model_is_ether(v->tunnel)) {
		if (v->type != 0x0800 && v->type != 0x86dd)
			return -1;
		if (v->end >= v->inner + 40 && is_spoofed(v, d))
			return -1;
		return packet_take(v, v->inner);
	}
	if (v->end < v->inner + 14)
		return -1;
	if (v->tunnel->kind == PN_TUNNEL_VXLAN || v->tunnel->kind == PN_TUNNEL_GENEVE)
		if (!memcmp(d + 6, v->m->mac[v->tunnel->w->port], 6))
			return -1;
	v->type = pkt_get16(d + 12);
	if (model_is_tag(v->type))
		return v->end < v->inner + 20 || v->ecn ? -1 : 0;
	return packet_take(v, v->inner + 14);
}

static uint16_t ones_add(uint16_t a, uint16_t b)
{
	uint32_t sum = (uint32_t)a + b;

	return sum + (sum >> 16);
}

/*
 * The IPv4 checksum is changed as the kernel does, not computed anew: a sum of
 * ones' complement has two zeros, and a wrong one must stay as wrong as it was.
 */
void model_ecn_write(uint8_t *ip, uint16_t type, int ecn)
{
	int up;

	if (type == 0x86dd)
		pkt_put16(ip, (pkt_get16(ip) & ~0x30) | ecn << 4);
	if (type != 0x0800 || (ip[1] & 3) == ecn)
		return;
	up = ecn - (ip[1] & 3);
	ip[1] += up;
	pkt_put16(ip + 10, ones_add(pkt_get16(ip + 10), up > 0 ? 0xffff - up : -up));
}
