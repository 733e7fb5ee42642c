// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One change to a packet, and its checksums mended; see mutate.h. */
#include <netinet/in.h>
#include <string.h>

#include "mutate.h"
#include "scene.h"

#define LEN_MAX 1800
#define ANY(m, pool) ((pool)[mutate_below(m, sizeof(pool) / sizeof((pool)[0]))])

/* Behind a UDP header: what the ports of the worlds mean. */
static void layout_udp(const struct pkt *p, struct mutate_layout *l)
{
	const uint8_t *d = pkt_cdata(p) + l->l4;
	uint16_t dport = pkt_get16(d + 2);

	l->udp = l->l4;
	l->head = l->l4 + 8;
	l->inner = l->head + 8;
	if (dport == 6081 || dport == 6082)
		l->inner += (d[8] & 0x3f) * 4;
	if (dport < 5555 || dport > 5559)
		return;
	l->proto = dport == 5555 ? 4 : dport == 5557 ? 47 : 41;
	l->inner = l->head;
	if (dport != 5556)
		return;
	if (d[8] >> 6) {
		l->proto = d[8] >> 4 == 4 ? 4 : 41;
		return;
	}
	l->proto = d[9];
	l->head = l->inner = l->head + 4;
}

static void layout_gre(const struct pkt *p, struct mutate_layout *l)
{
	const uint8_t *d = pkt_cdata(p) + l->head;
	uint16_t flags = pkt_get16(d);

	l->inner = l->head + 4 + (flags & 0x8000 ? 4 : 0) + (flags & 0x2000 ? 4 : 0) +
		(flags & 0x1000 ? 4 : 0);
	l->ip = l->inner + (pkt_get16(d + 2) == 0x0800 || pkt_get16(d + 2) == 0x86dd ? 0 : 14);
}

struct mutate_layout mutate_layout(const struct pkt *p)
{
	const uint8_t *d = pkt_cdata(p);
	struct mutate_layout l = { .l3 = 14 };
	uint16_t type = 0;

	for (; l.l3 + 52 <= p->len; l.l3 += 4) {
		type = pkt_get16(d + l.l3 - 2);
		if (!(type == 0x8100 || type == 0x88a8))
			break;
	}
	if (l.l3 + 52 > p->len)
		return (struct mutate_layout){ 14, 34, 0, 42, 50, 64, false, 0 };
	l.v6 = type == 0x86dd;
	l.l4 = l.l3 + (l.v6 ? 40 : 20);
	l.proto = d[l.l3 + (l.v6 ? 6 : 9)];
	if (l.proto == IPPROTO_DSTOPTS) {
		l.proto = d[l.l4];
		l.l4 += 8;
	}
	l.head = l.inner = l.l4;
	if (l.l4 + 12 > p->len)
		return l;
	if (l.proto == IPPROTO_UDP)
		layout_udp(p, &l);
	l.ip = l.inner + (l.proto == IPPROTO_UDP ? 14 : 0);
	if (l.proto == IPPROTO_GRE && l.head + 4 <= p->len)
		layout_gre(p, &l);
	return l;
}

static void change_mac(struct mutate *m, struct pkt *p, const struct mutate_layout *l)
{
	static const char *const pool[] = {
		PKT_MAC_D, PKT_MAC_P, PKT_MAC_T, PKT_MAC_I, SCENE_IN_DST, WORLD_H1, WORLD_H2,
		WORLD_BR, "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "01:80:c2:00:00:0e",
		"01:00:5e:00:00:01", "02:aa:00:00:00:99",
	};
	size_t at = (mutate_below(m, 4) ? l->inner : 0) + 6 * mutate_below(m, 2);

	if (at + 6 <= p->len)
		pkt_mac(pkt_data(p) + at, ANY(m, pool));
}

static void addr_put(struct mutate *m, struct pkt *p, size_t ip, bool v6)
{
	static const char *const four[] = {
		"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.9",
		"10.0.0.77", "10.7.0.1", "10.7.0.2", "127.0.0.1", "0.0.0.0", "255.255.255.255",
		"224.0.0.1", "10.0.0.255", "192.168.5.2", "172.20.0.2", "172.20.0.3",
		"172.21.0.2", "172.22.0.2", "172.23.0.2", "8.8.8.8", "240.0.0.1",
	};
	static const char *const six[] = {
		"fd00::1", "fd00::2", "fd00::3", "fd00::9", "fd00::77", "::", "::1", "ff02::1",
		"fe80::1", "fd05::2", "fd20::2", "fd20::3", "fd21::2", "fd22::2", "fd23::2",
		"2002:a00:2::1", "2002:a00:9::1", "2002:a00:1::1", "::ffff:10.0.0.2",
		"2001:db8:0:200::1", "2001:db8:0:900::1",
	};
	const char *text = v6 ? ANY(m, six) : ANY(m, four);
	struct pkt_addr a = pkt_addr(text, text);
	size_t n = v6 ? 16 : 4, at = ip + (v6 ? 8 : 12) + n * mutate_below(m, 2);

	if (at + n <= p->len)
		memcpy(pkt_data(p) + at, a.src, n);
}

static void change_outer_addr(struct mutate *m, struct pkt *p, const struct mutate_layout *l)
{
	if (l->v6 && !mutate_below(m, 4))
		pkt_data(p)[l->l3 + 8 + mutate_below(m, 32)] ^= 1u << mutate_below(m, 8);
	else
		addr_put(m, p, l->l3, l->v6);
}

static void inner_mend(struct pkt *p, size_t ip)
{
	uint8_t *h = pkt_data(p) + ip;

	if (ip + 20 > p->len || h[0] >> 4 != 4)
		return;
	pkt_put16(h + 10, 0);
	pkt_put16(h + 10, pkt_fold(pkt_sum(h, 20, 0)));
}

static void change_inner_addr(struct mutate *m, struct pkt *p, const struct mutate_layout *l)
{
	if (l->ip + 20 > p->len)
		return;
	addr_put(m, p, l->ip, pkt_cdata(p)[l->ip] >> 4 == 6);
	if (mutate_below(m, 8))
		inner_mend(p, l->ip);
}

/* A field of the inner IP header: version, lengths, TTL, protocol, fragments. */
static void change_inner_ip(struct mutate *m, struct pkt *p, const struct mutate_layout *l)
{
	static const uint8_t at[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	static const uint8_t values[] = { 0, 1, 2, 4, 6, 17, 0x20, 0x40, 0x45, 0x46, 0x60, 0xff };

	if (l->ip + 20 > p->len)
		return;
	pkt_data(p)[l->ip + ANY(m, at)] = ANY(m, values);
	if (mutate_below(m, 8))
		inner_mend(p, l->ip);
}

/* VNI or key, near those of the worlds. */
static void change_key(struct mutate *m, struct pkt *p, const struct mutate_layout *l)
{
	uint32_t key = mutate_below(m, 8) ? mutate_below(m, 24) : mutate_rnd(m);

	if (l->inner > p->len || l->inner < l->head + 4)
		return;
	if (l->udp && l->proto == IPPROTO_UDP && l->head + 8 <= p->len)
		pkt_put32(pkt_data(p) + l->head + 4, key << 8);
	else
		pkt_put32(pkt_data(p) + l->inner - 4, key);
}

/* Bits of the tunnel header's first words. */
static void change_head(struct mutate *m, struct pkt *p, const struct mutate_layout *l)
{
	static const uint16_t gre[] = { 0x8000, 0x4000, 0x2000, 0x1000, 0x0800, 0x0080,
					0x0040, 0x0008, 0x0001, 0x0007 };
	uint8_t *h = pkt_data(p) + l->head;

	if (l->head + 8 > p->len)
		return;
	if (l->proto == IPPROTO_GRE && mutate_below(m, 2))
		pkt_put16(h, pkt_get16(h) ^ ANY(m, gre));
	else
		h[mutate_below(m, 8)] ^= 1u << mutate_below(m, 8);
}

/* GRE options come and go with their bytes. */
static void change_gre(struct mutate *m, struct pkt *p, const struct mutate_layout *l)
{
	static const uint16_t bits[] = { 0x8000, 0x2000, 0x1000 };
	uint8_t front[256], word[4] = { 0 };
	uint16_t bit = ANY(m, bits), flags;

	if (l->proto != IPPROTO_GRE || l->inner > p->len || l->inner > sizeof(front))
		return;
	memcpy(front, pkt_cdata(p), l->inner);
	flags = pkt_get16(front + l->head);
	pkt_put16(front + l->head, flags ^ bit);
	pkt_pull(p, l->inner);
	if (!(flags & bit)) {
		pkt_put32(word, mutate_below(m, 16));
		pkt_push(p, word, 4);
		pkt_push(p, front, l->inner);
	} else {
		pkt_push(p, front, l->inner - 4);
	}
	pkt_put16(pkt_data(p) + l->l3 + (l->v6 ? 4 : 2), p->len - (l->v6 ? l->l4 : l->l3));
}

static void change_type(struct mutate *m, struct pkt *p, const struct mutate_layout *l)
{
	static const uint16_t pool[] = { 0x0800, 0x86dd, 0x0806, 0x8100, 0x88a8, 0x8902, 0x88e3,
					 0x0030, 0x8847, 0x0000, 0x6558, 0x88be, 0x22eb, 0x883e };
	size_t at = (mutate_below(m, 4) ? l->inner : 0) + 12;

	if (l->proto == IPPROTO_GRE && mutate_below(m, 2))
		at = l->head + 2;
	if (at + 2 <= p->len)
		pkt_put16(pkt_data(p) + at, ANY(m, pool));
}

static void change_proto(struct mutate *m, struct pkt *p, const struct mutate_layout *l)
{
	static const uint8_t pool[] = { 4, 41, 47, 17, 137, 50, 51, 108, 6, 0, 60, 44 };

	if (l->l3 + 10 <= p->len)
		pkt_data(p)[l->l3 + (l->v6 ? 6 : 9)] = ANY(m, pool);
}

static void change_port(struct mutate *m, struct pkt *p, const struct mutate_layout *l)
{
	static const uint16_t pool[] = { 4789, 6081, 6082, 5555, 5556, 5557, 5558, 4790 };

	if (l->udp && l->udp + 4 <= p->len)
		pkt_put16(pkt_data(p) + l->udp + 2, ANY(m, pool));
}

static void change_ecn(struct mutate *m, struct pkt *p, const struct mutate_layout *l)
{
	uint8_t *d = pkt_data(p);

	if (l->l3 + 2 > p->len)
		return;
	d[l->l3 + 1] ^= mutate_below(m, 4) << (l->v6 ? 4 : 0);
	if (l->ip + 2 > p->len)
		return;
	d[l->ip + 1] ^= mutate_below(m, 4) << (d[l->ip] >> 4 == 6 ? 4 : 0);
	if (mutate_below(m, 4))
		inner_mend(p, l->ip);
}

static void change_bit(struct mutate *m, struct pkt *p, const struct mutate_layout *l)
{
	size_t room = l->inner + 60 < p->len ? l->inner + 60 : p->len;
	size_t at = mutate_below(m, mutate_below(m, 4) ? room : p->len);

	pkt_data(p)[at] ^= 1u << mutate_below(m, 8);
}

static void change_byte(struct mutate *m, struct pkt *p, const struct mutate_layout *l)
{
	static const uint8_t pool[] = { 0, 1, 0x7f, 0x80, 0xff, 0x45, 0x46, 0x60, 17, 8 };

	pkt_data(p)[mutate_below(m, p->len)] = ANY(m, pool);
}

/* A length or another 16-bit field a little off. */
static void change_word(struct mutate *m, struct pkt *p, const struct mutate_layout *l)
{
	const size_t pool[] = { l->l3 + 2, l->l3 + 4, l->l3 + 6, l->l4 + 4, l->l4 + 2,
				l->l4 + 6, l->inner + 12, l->ip + 2, l->ip + 4, l->ip + 6 };
	size_t at = ANY(m, pool);
	uint8_t *f = pkt_data(p) + at;

	if (at + 2 > p->len)
		return;
	if (mutate_below(m, 4))
		pkt_put16(f, pkt_get16(f) + (int)mutate_below(m, 41) - 20);
	else
		pkt_put16(f, mutate_below(m, 2) ? 0 : mutate_rnd(m));
}

static void lengths_mend(struct pkt *p)
{
	struct mutate_layout l = mutate_layout(p);
	uint8_t *d = pkt_data(p);

	if (l.l3 + (l.v6 ? 40 : 20) > p->len)
		return;
	pkt_put16(d + l.l3 + (l.v6 ? 4 : 2), p->len - l.l3 - (l.v6 ? 40 : 0));
	if (l.udp && l.udp + 8 <= p->len)
		pkt_put16(d + l.udp + 4, p->len - l.udp);
}

static void change_cut(struct mutate *m, struct pkt *p, const struct mutate_layout *l)
{
	if (p->len > 15)
		pkt_cut(p, mutate_below(m, p->len - 14));
	if (mutate_below(m, 2))
		lengths_mend(p);
}

static void change_grow(struct mutate *m, struct pkt *p, const struct mutate_layout *l)
{
	uint32_t n = mutate_below(m, 8) ? mutate_below(m, 32) : mutate_below(m, 1400);
	uint8_t bytes[1400];

	for (uint32_t i = 0; i < n; i++)
		bytes[i] = mutate_rnd(m);
	if (p->len + n <= LEN_MAX)
		pkt_append(p, bytes, n);
	if (mutate_below(m, 2))
		lengths_mend(p);
}

static void change_tag(struct mutate *m, struct pkt *p, const struct mutate_layout *l)
{
	uint16_t tpid = mutate_below(m, 3) ? 0x8100 : 0x88a8;
	uint16_t tci = mutate_below(m, 2) ? 7 : mutate_below(m, 16) << 12 | mutate_below(m, 9);
	uint8_t front[256];

	if (mutate_below(m, 2) || l->inner + 14 > p->len || l->inner > sizeof(front)) {
		pkt_tag(p, tpid, tci);
		return;
	}
	memcpy(front, pkt_cdata(p), l->inner);
	pkt_pull(p, l->inner);
	pkt_tag(p, tpid, tci);
	pkt_push(p, front, l->inner);
}

/* The outside of one packet, the inside of another. */
static void change_splice(struct mutate *m, struct pkt *p, const struct mutate_layout *l)
{
	const struct pkt *other = &m->seed[mutate_below(m, m->seeds)];
	struct mutate_layout o = mutate_layout(other);
	size_t from = mutate_below(m, 2) ? o.inner : o.head;

	if (l->inner > p->len || from > other->len || l->inner + other->len > LEN_MAX)
		return;
	pkt_cut(p, p->len - l->inner);
	pkt_append(p, pkt_cdata(other) + from, other->len - from);
	if (mutate_below(m, 4))
		lengths_mend(p);
}

static uint16_t gre_sum(const uint8_t *gre, size_t len)
{
	return pkt_fold(pkt_sum(gre, len, 0));
}

/* Checksums inside out: GRE, UDP, IP. */
void mutate_mend(struct mutate *m, struct pkt *p)
{
	struct mutate_layout l = mutate_layout(p);
	struct pkt_addr a = { .v6 = l.v6 };
	uint8_t *d = pkt_data(p);
	size_t end = p->len, ip_end;
	uint32_t sum;
	uint16_t len;

	if (l.l4 + 8 > p->len)
		return;
	ip_end = l.l3 + pkt_get16(d + l.l3 + (l.v6 ? 4 : 2)) + (l.v6 ? 40 : 0);
	end = ip_end < end ? ip_end : end;
	if (l.udp && l.udp + pkt_get16(d + l.udp + 4) < end)
		end = l.udp + pkt_get16(d + l.udp + 4);
	if (l.proto == IPPROTO_GRE && l.head + 8 <= end && d[l.head] & 0x80) {
		pkt_put16(d + l.head + 4, 0);
		pkt_put16(d + l.head + 4, gre_sum(d + l.head, end - l.head));
	}
	if (!l.v6) {
		pkt_put16(d + l.l3 + 10, 0);
		pkt_put16(d + l.l3 + 10, pkt_fold(pkt_sum(d + l.l3, 20, 0)));
	}
	if (!l.udp || l.udp + 8 > p->len)
		return;
	memcpy(a.src, d + l.l3 + (l.v6 ? 8 : 12), l.v6 ? 16 : 4);
	memcpy(a.dst, d + l.l3 + (l.v6 ? 24 : 16), l.v6 ? 16 : 4);
	len = pkt_get16(d + l.udp + 4);
	pkt_put16(d + l.udp + 6, 0);
	if (len < 8 || l.udp + len > p->len || !mutate_below(m, 6))
		return;
	sum = pkt_sum(a.src, l.v6 ? 16 : 4, IPPROTO_UDP + len);
	sum = pkt_sum(a.dst, l.v6 ? 16 : 4, sum);
	len = pkt_fold(pkt_sum(d + l.udp, len, sum));
	pkt_put16(d + l.udp + 6, len ? len : 0xffff);
}

typedef void (*change_fn)(struct mutate *m, struct pkt *p, const struct mutate_layout *l);

static const change_fn changes[] = {
	change_mac,  change_outer_addr, change_outer_addr, change_inner_addr, change_inner_addr,
	change_key,  change_key,	change_head,	   change_gre,	      change_type,
	change_ecn,  change_ecn,	change_bit,	   change_bit,	      change_byte,
	change_word, change_word,	change_cut,	   change_grow,	      change_tag,
	change_port, change_proto,	change_splice,	   change_inner_ip,   change_inner_ip,
};

void mutate_change(struct mutate *m, struct pkt *p)
{
	struct mutate_layout l = mutate_layout(p);

	ANY(m, changes)(m, p, &l);
}
