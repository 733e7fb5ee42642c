// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What a shaper asks of a packet, as the data plane compares it; see shaper_conf.h. */
#include <string.h>

#include "util/shaper_conf.h"

#define BURST_HZ	100	/* a bucket holds what comes in 10 ms */
#define FAMILY_IP	4	/* the bit that 4 and 6 have in common */

const char *const pn_shaper_action_words[] = {
	[PN_SHAPER_NONE] = "none",
	[PN_SHAPER_POLICE] = "police",
	[PN_SHAPER_SHAPE] = "shape",
	[PN_SHAPER_MARK] = "mark",
	NULL,
};

const char *const pn_shaper_outcome_words[] = {
	[PN_SHAPER_PASSED] = "conforming",
	[PN_SHAPER_BORROWED] = "borrowed",
	[PN_SHAPER_MARKED] = "marked",
	[PN_SHAPER_EXCEEDED] = "exceeded",
	[PN_SHAPER_DROPPED] = "dropped",
	[PN_SHAPER_QUEUED] = "queued",
	NULL,
};

const char *const pn_shaper_per_words[] = {
	[PN_PER_NONE] = "none",
	[PN_PER_SRC] = "src",
	[PN_PER_MAC] = "mac",
	NULL,
};

const char *const pn_shaper_qdisc_words[] = {
	[PN_QDISC_HTB] = "htb",
	[PN_QDISC_TBF] = "tbf",
	[PN_QDISC_FQ] = "fq",
	[PN_QDISC_FQ_CODEL] = "fq_codel",
	[PN_QDISC_CAKE] = "cake",
	NULL,
};

const char *const pn_tunnel_kind_words[] = {
	[PN_TUNNEL_NONE] = "none",
#define PN_TUNNEL_KIND(id, number, name, ...) [number] = name,
#include <penstock/tunnels.def>
#undef PN_TUNNEL_KIND
	NULL,
};

static bool said(const struct pn_shaper_conf *c, uint64_t words)
{
	return c->said & words;
}

/* Every IPv4 address is v4-mapped, so that its prefix tells the family too. */
static void prefix_flow(const struct pn_prefix *p, __be32 bits[4], __be32 want[4])
{
	uint8_t *byte = (uint8_t *)bits;
	uint32_t i;

	for (i = 0; i < p->len; i++)
		byte[i / 8] |= 0x80 >> i % 8;
	memcpy(want, p->addr, sizeof(p->addr));
}

static void place_flow(const struct pn_shaper_conf *c, uint16_t port, struct pn_flow *bits,
		       struct pn_flow *want)
{
	if (port) {
		bits->port = 0xffff;
		want->port = port;
	}
	if (said(c, PN_SW(VLAN))) {
		bits->vid = 0xffff;
		want->vid = c->vlan;
	}
	if (said(c, PN_SW(MARK))) {
		bits->mark = ~0u;
		want->mark = c->mark;
	}
}

static void tunnel_flow(const struct pn_shaper_conf *c, struct pn_flow *bits,
			struct pn_flow *want)
{
	if (said(c, PN_SW(KIND))) {
		bits->kind = 0xff;
		want->kind = c->kind;
	}
	if (said(c, PN_SW(VNI) | PN_SW(KEY))) {
		bits->key = ~0u;
		want->key = c->key;
		bits->has |= PN_FLOW_HAS_KEY;
	}
	if (said(c, PN_SW(PEER)))
		prefix_flow(&c->peer, bits->peer, want->peer);
	if (said(c, PN_SW(LOCAL)))
		prefix_flow(&c->local, bits->local, want->local);
	if (said(c, PN_SW(PEER) | PN_SW(LOCAL)))
		bits->has |= PN_FLOW_HAS_TUNNEL;
	want->has |= bits->has;
}

/* A prefix of length 0 still says which family. */
static void family_flow(const struct pn_shaper_conf *c, struct pn_flow *bits,
			struct pn_flow *want)
{
	const struct pn_prefix *p = said(c, PN_SW(SRC)) ? &c->src : &c->dst;

	bits->family = want->family = FAMILY_IP;
	if (!said(c, PN_SW(SRC) | PN_SW(DST)))
		return;
	bits->family = 0xff;
	want->family = p->len >= 96 && p->addr[2] == (__be32)__builtin_bswap32(0xffff) &&
		       !p->addr[0] && !p->addr[1] ? 4 : 6;
}

static void inner_flow(const struct pn_shaper_conf *c, struct pn_flow *bits,
		       struct pn_flow *want)
{
	if (said(c, PN_SW(SRC)))
		prefix_flow(&c->src, bits->src, want->src);
	if (said(c, PN_SW(DST)))
		prefix_flow(&c->dst, bits->dst, want->dst);
	if (said(c, PN_SW(DSCP))) {
		bits->dscp = 0xff;
		want->dscp = c->dscp;
	}
	if (said(c, PN_SW(PROTO))) {
		bits->proto = 0xff;
		want->proto = c->proto;
	}
	if (said(c, PN_SW(SRC) | PN_SW(DST) | PN_SW(DSCP) | PN_SW(PROTO)))
		family_flow(c, bits, want);
	if (said(c, PN_SW(SPORT))) {
		bits->sport = 0xffff;
		want->sport = c->sport;
	}
	if (said(c, PN_SW(DPORT))) {
		bits->dport = 0xffff;
		want->dport = c->dport;
	}
	if (said(c, PN_SW(SPORT) | PN_SW(DPORT))) {
		bits->has |= PN_FLOW_HAS_PORTS;
		want->has |= PN_FLOW_HAS_PORTS;
	}
}

static uint32_t parts_of(const struct pn_shaper_conf *c)
{
	static const struct {
		uint64_t words;
		uint32_t parts;
	} rows[] = {
		{ PN_SW(VLAN), PN_PART_VLAN },
		{ PN_SW(KIND) | PN_SW(VNI) | PN_SW(KEY), PN_PART_TUNNEL },
		{ PN_SW(PEER) | PN_SW(LOCAL), PN_PART_TUNNEL | PN_PART_OUTER },
		{ PN_SW(SRC) | PN_SW(DST) | PN_SW(DSCP) | PN_SW(PROTO), PN_PART_INNER },
		{ PN_SW(SPORT) | PN_SW(DPORT), PN_PART_INNER | PN_PART_PORTS },
		{ PN_SW(MARK), PN_PART_MARK },
	};
	uint32_t parts = 0;
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (said(c, rows[i].words))
			parts |= rows[i].parts;
	return parts;
}

void pn_shaper_flow(const struct pn_shaper_conf *c, uint16_t port, struct pn_match_mask *mask,
		    struct pn_flow *want)
{
	memset(&mask->bits, 0, sizeof(mask->bits));
	memset(want, 0, sizeof(*want));
	place_flow(c, port, &mask->bits, want);
	tunnel_flow(c, &mask->bits, want);
	inner_flow(c, &mask->bits, want);
	mask->parts = parts_of(c);
	pn_match_plan(mask, want);
}

uint32_t pn_shaper_burst(uint64_t rate, uint32_t frame)
{
	uint64_t burst = rate / BURST_HZ;

	return burst < 2ull * frame ? 2 * frame : burst;
}

uint64_t pn_shaper_ceil(const struct pn_shaper_conf *c)
{
	return c->ceil ? c->ceil : c->rate;
}
