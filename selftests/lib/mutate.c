// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Packets nobody would write down; see mutate.h. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "mutate.h"
#include "scene.h"

#define SEEDS_MAX 512
#define LEN_MAX	  1800

/* Where things are, guessed: the frame may be anything. */
struct layout {
	size_t l3, l4, inner;
	bool v6;
};

uint32_t mutate_rnd(struct mutate *m)
{
	m->state ^= m->state << 13;
	m->state ^= m->state >> 7;
	m->state ^= m->state << 17;
	return m->state >> 20;
}

static uint32_t below(struct mutate *m, uint32_t n)
{
	return mutate_rnd(m) % n;
}

int mutate_init(struct mutate *m, uint64_t seed)
{
	static const struct row_table *const tables[] = {
		&rows_outer4,
		&rows_outer6,
		&rows_vxlan,
		&rows_gpe,
		&rows_ecn,
	};

	m->state = seed ? seed : 1;
	m->seeds = 0;
	m->seed = calloc(SEEDS_MAX, sizeof(*m->seed));
	if (!m->seed)
		return -ENOMEM;
	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (int i = 0; i < tables[t]->n && m->seeds < SEEDS_MAX; i++)
			recipe_build(&tables[t]->row[i].pkt[0], SCENE_IN_DST,
				     &m->seed[m->seeds++]);
	return 0;
}

void mutate_fini(struct mutate *m)
{
	free(m->seed);
	m->seed = NULL;
}

static struct layout layout_of(const struct pkt *p)
{
	const uint8_t *d = pkt_cdata(p);
	struct layout l = { .l3 = 14 };
	uint16_t type;

	for (;;) {
		if (l.l3 + 40 > p->len)
			return (struct layout){ 14, 34, 50, false };
		type = pkt_get16(d + l.l3 - 2);
		if (type != 0x8100 && type != 0x88a8)
			break;
		l.l3 += 4;
	}
	l.v6 = type == 0x86dd;
	l.l4 = l.l3 + (l.v6 ? 40 : 20);
	l.inner = l.l4 + 16;
	return l;
}

static void put_mac(struct mutate *m, struct pkt *p, size_t at)
{
	static const char *const pool[] = {
		PKT_MAC_D,
		PKT_MAC_P,
		PKT_MAC_T,
		PKT_MAC_I,
		SCENE_IN_DST,
		WORLD_H1,
		WORLD_H2,
		WORLD_BR,
		"ff:ff:ff:ff:ff:ff",
		"00:00:00:00:00:00",
		"01:80:c2:00:00:0e",
		"01:00:5e:00:00:01",
		"02:aa:00:00:00:99",
	};

	if (at + 6 <= p->len)
		pkt_mac(pkt_data(p) + at, pool[below(m, sizeof(pool) / sizeof(pool[0]))]);
}

static void change_mac(struct mutate *m, struct pkt *p, const struct layout *l)
{
	put_mac(m, p, (below(m, 4) ? l->inner : 0) + 6 * below(m, 2));
}

static void change_addr(struct mutate *m, struct pkt *p, const struct layout *l)
{
	static const char *const pool[] = {
		"10.0.0.1",
		"10.0.0.2",
		"10.0.0.3",
		"10.0.0.9",
		"10.7.0.1",
		"10.7.0.2",
		"127.0.0.1",
		"0.0.0.0",
		"255.255.255.255",
		"224.0.0.1",
		"10.0.0.255",
	};
	const char *ip = pool[below(m, sizeof(pool) / sizeof(pool[0]))];
	struct pkt_addr a = pkt_addr(ip, ip);
	size_t at = l->l3 + 12 + 4 * below(m, 2);

	if (l->v6)
		pkt_data(p)[l->l3 + 8 + below(m, 32)] ^= 1u << below(m, 8);
	else if (at + 4 <= p->len)
		memcpy(pkt_data(p) + at, a.src, 4);
}

static void change_vni(struct mutate *m, struct pkt *p, const struct layout *l)
{
	if (l->inner <= p->len)
		pkt_put32(pkt_data(p) + l->inner - 4,
			  (MUTATE_VNI_FIRST + below(m, MUTATE_VNIS)) << 8);
}

static void change_type(struct mutate *m, struct pkt *p, const struct layout *l)
{
	static const uint16_t pool[] = { 0x0800, 0x86dd, 0x0806, 0x8100, 0x88a8,
					 0x8902, 0x88e3, 0x0030, 0x8847, 0x0000 };
	size_t at = (below(m, 4) ? l->inner : 0) + 12;

	if (at + 2 <= p->len)
		pkt_put16(pkt_data(p) + at, pool[below(m, sizeof(pool) / sizeof(pool[0]))]);
}

static void change_ecn(struct mutate *m, struct pkt *p, const struct layout *l)
{
	uint8_t *d = pkt_data(p);
	size_t in = l->inner + 14;

	if (l->v6)
		d[l->l3 + 1] ^= below(m, 4) << 4;
	else
		d[l->l3 + 1] ^= below(m, 4);
	if (in + 2 > p->len)
		return;
	if (d[in] >> 4 == 6)
		d[in + 1] ^= below(m, 4) << 4;
	else
		d[in + 1] ^= below(m, 4);
}

static void change_bit(struct mutate *m, struct pkt *p, const struct layout *l)
{
	size_t room = l->inner + 60 < p->len ? l->inner + 60 : p->len;

	pkt_data(p)[below(m, below(m, 4) ? room : p->len)] ^= 1u << below(m, 8);
}

static void change_byte(struct mutate *m, struct pkt *p, const struct layout *l)
{
	static const uint8_t pool[] = { 0, 1, 0x7f, 0x80, 0xff, 0x45, 0x46, 0x60, 17, 8 };

	pkt_data(p)[below(m, p->len)] = pool[below(m, sizeof(pool))];
}

/* A length or another 16-bit field a little off. */
static void change_word(struct mutate *m, struct pkt *p, const struct layout *l)
{
	const size_t pool[] = { l->l3 + 2, l->l3 + 4, l->l3 + 6, l->l4 + 4, l->l4 + 2,
				l->l4 + 6, l->inner + 12, l->inner + 16 };
	size_t at = pool[below(m, sizeof(pool) / sizeof(pool[0]))];
	uint8_t *f = pkt_data(p) + at;

	if (at + 2 > p->len)
		return;
	if (below(m, 4))
		pkt_put16(f, pkt_get16(f) + (int)below(m, 41) - 20);
	else
		pkt_put16(f, below(m, 2) ? 0 : mutate_rnd(m));
}

static void change_cut(struct mutate *m, struct pkt *p, const struct layout *l)
{
	if (p->len > 15)
		pkt_cut(p, below(m, p->len - 14));
}

static void change_grow(struct mutate *m, struct pkt *p, const struct layout *l)
{
	uint32_t n = below(m, 8) ? below(m, 32) : below(m, 1400);
	uint8_t bytes[1400];

	for (uint32_t i = 0; i < n; i++)
		bytes[i] = mutate_rnd(m);
	if (p->len + n <= LEN_MAX)
		pkt_append(p, bytes, n);
}

static void change_tag(struct mutate *m, struct pkt *p, const struct layout *l)
{
	uint16_t tpid = below(m, 3) ? 0x8100 : 0x88a8;
	uint16_t tci = below(m, 2) ? 7 : below(m, 16) << 12 | below(m, 9);
	uint8_t front[256];

	if (below(m, 2) || l->inner + 14 > p->len || l->inner > sizeof(front)) {
		pkt_tag(p, tpid, tci);
		return;
	}
	memcpy(front, pkt_cdata(p), l->inner);
	pkt_pull(p, l->inner);
	pkt_tag(p, tpid, tci);
	pkt_push(p, front, l->inner);
}

static void change_lengths(struct mutate *m, struct pkt *p, const struct layout *l)
{
	uint8_t *d = pkt_data(p);

	if (l->l4 + 8 > p->len)
		return;
	pkt_put16(d + l->l3 + (l->v6 ? 4 : 2), p->len - (l->v6 ? l->l4 : l->l3));
	pkt_put16(d + l->l4 + 4, p->len - l->l4);
}

/* IP and UDP checksums for what is there now; sometimes none. */
static void sums_mend(struct mutate *m, struct pkt *p)
{
	struct layout l = layout_of(p);
	struct pkt_addr a = { .v6 = l.v6 };
	uint8_t *d = pkt_data(p);
	struct pkt seg;
	uint16_t len;

	if (l.l4 + 8 > p->len)
		return;
	if (!l.v6) {
		pkt_put16(d + l.l3 + 10, 0);
		pkt_put16(d + l.l3 + 10, pkt_fold(pkt_sum(d + l.l3, 20, 0)));
	}
	memcpy(a.src, d + l.l3 + (l.v6 ? 8 : 12), l.v6 ? 16 : 4);
	memcpy(a.dst, d + l.l3 + (l.v6 ? 24 : 16), l.v6 ? 16 : 4);
	len = pkt_get16(d + l.l4 + 4);
	pkt_put16(d + l.l4 + 6, 0);
	if (len < 8 || l.l4 + len > p->len || !below(m, 6))
		return;
	pkt_init(&seg);
	pkt_append(&seg, d + l.l4, len);
	pkt_put16(d + l.l4 + 6, pkt_l4_sum(&seg, &a, IPPROTO_UDP, len));
}

typedef void (*change_fn)(struct mutate *m, struct pkt *p, const struct layout *l);

static const change_fn changes[] = {
	change_mac,
	change_mac,
	change_addr,
	change_vni,
	change_vni,
	change_type,
	change_ecn,
	change_ecn,
	change_bit,
	change_bit,
	change_byte,
	change_word,
	change_word,
	change_cut,
	change_grow,
	change_tag,
	change_lengths,
};

static void changes_do(struct mutate *m, struct pkt *p, int n)
{
	while (n--) {
		struct layout l = layout_of(p);

		changes[below(m, sizeof(changes) / sizeof(changes[0]))](m, p, &l);
	}
}

void mutate_next(struct mutate *m, struct pkt *p)
{
	*p = m->seed[below(m, m->seeds)];
	changes_do(m, p, below(m, 4));
	if (below(m, 4))
		sums_mend(m, p);
}

void mutate_frame(struct mutate *m, struct pkt *p)
{
	const struct pkt *seed = &m->seed[below(m, m->seeds)];

	*p = *seed;
	if (p->len > 64 && below(m, 2))
		pkt_pull(p, 50);
	if (below(m, 4))
		pkt_mac(pkt_data(p), WORLD_H2);
	if (below(m, 4))
		pkt_mac(pkt_data(p) + 6, WORLD_H1);
	changes_do(m, p, below(m, 3));
	put_mac(m, p, below(m, 4) ? p->len : 6 * below(m, 2));
}
