// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The kernel's look-ups of tunnel devices, played through; see rivals.h. Each
 * is a row: the order in which it tries (remote and local, one of them, none),
 * and what being bound to a device means. Devices are found by hashes, and a
 * walk that takes too long ends in doubt, so the work stays linear.
 */
#include <stdlib.h>
#include <string.h>

#include "mirror/rivals.h"

#define LINKS_MAX	8	/* ingress ports that rivals are bound to, told apart */

/* Classes of one type are neighbours. */
const struct rival_class rival_classes[RIVAL_CLASSES] = {
	{ PN_DEMUX_GRETAP, false, false, true, 0, { RIVAL_GRETAP4 } },
	{ PN_DEMUX_GRETAP_KEY, false, true, true, 0, { RIVAL_GRETAP4 } },
	{ PN_DEMUX_GRETAP_KEY, true, false, true, 0, { RIVAL_GRE6 } },
	{ PN_DEMUX_GRE, false, false, false, 0, { RIVAL_GRE4 } },
	{ PN_DEMUX_GRE_KEY, false, true, false, 0, { RIVAL_GRE4 } },
	{ PN_DEMUX_GRE_KEY, true, false, false, 0, { RIVAL_GRE6 } },
	{ PN_DEMUX_ERSPAN1, false, false, true, 0, { RIVAL_ERSPAN4 } },
	{ PN_DEMUX_IPV4, false, false, false, 4, { RIVAL_VTI4, RIVAL_IPIP, RIVAL_SIT } },
	{ PN_DEMUX_IPV4, true, false, false, 4, { RIVAL_VTI6, RIVAL_IP6TNL } },
	{ PN_DEMUX_IPV6, false, false, false, 41, { RIVAL_VTI4, RIVAL_SIT } },
	{ PN_DEMUX_IPV6, true, false, false, 41, { RIVAL_VTI6, RIVAL_IP6TNL } },
	{ PN_DEMUX_VTI, false, false, false, 0, { RIVAL_VTI4 } },
	{ PN_DEMUX_VTI, true, false, false, 0, { RIVAL_VTI6 } },
	{ PN_DEMUX_GENEVE, false, false, true, 0, { RIVAL_GENEVE } },
};

/* What a device names. */
enum shape { SHAPE_BOTH, SHAPE_REMOTE, SHAPE_LOCAL, SHAPE_NONE, SHAPES };

enum binding {
	BIND_PREFERS,		/* bound to the ingress device beats everything else */
	BIND_FILTERS,		/* bound elsewhere is no match */
	BIND_IGNORED,
};

enum keying { KEY_NONE, KEY_FLAGGED, KEY_VALUE };

static const struct table_row {
	__u8 pass[SHAPES];	/* smaller first */
	__u8 binding, keying;
} table_rows[RIVAL_TABLES] = {
	[RIVAL_GRE4]	= { { 0, 1, 2, 3 }, BIND_PREFERS, KEY_FLAGGED },
	[RIVAL_GRETAP4]	= { { 0, 1, 2, 3 }, BIND_PREFERS, KEY_FLAGGED },
	[RIVAL_ERSPAN4]	= { { 0, 1, 2, 3 }, BIND_PREFERS, KEY_FLAGGED },
	[RIVAL_IPIP]	= { { 0, 1, 2, 3 }, BIND_PREFERS, KEY_NONE },
	[RIVAL_SIT]	= { { 0, 1, 2, 3 }, BIND_FILTERS, KEY_NONE },
	[RIVAL_VTI4]	= { { 0, 1, 2, 3 }, BIND_PREFERS, KEY_NONE },
	[RIVAL_GRE6]	= { { 0, 1, 2, 3 }, BIND_PREFERS, KEY_VALUE },
	[RIVAL_IP6TNL]	= { { 0, 2, 1, 3 }, BIND_PREFERS, KEY_NONE },
	[RIVAL_VTI6]	= { { 0, 2, 1, 3 }, BIND_IGNORED, KEY_NONE },
	[RIVAL_GENEVE]	= { { 0, 1, 2, 3 }, BIND_IGNORED, KEY_VALUE },
};

enum rival_table rival_table_of(const struct pn_dev_tunnel *t)
{
	static const __u8 of[PN_TUNNEL_KINDS] = {
		[PN_TUNNEL_GRETAP] = RIVAL_GRETAP4, [PN_TUNNEL_ERSPAN] = RIVAL_ERSPAN4,
		[PN_TUNNEL_IP6GRETAP] = RIVAL_GRE6, [PN_TUNNEL_GRE] = RIVAL_GRE4,
		[PN_TUNNEL_IP6GRE] = RIVAL_GRE6, [PN_TUNNEL_IPIP] = RIVAL_IPIP,
		[PN_TUNNEL_SIT] = RIVAL_SIT, [PN_TUNNEL_IP6TNL] = RIVAL_IP6TNL,
		[PN_TUNNEL_VTI] = RIVAL_VTI4, [PN_TUNNEL_IP6ERSPAN] = RIVAL_GRE6,
		[PN_TUNNEL_GENEVE] = RIVAL_GENEVE,
	};

	return t->kind == PN_TUNNEL_VTI && t->ipv6 ? RIVAL_VTI6 : of[t->kind];
}

/* --- the devices ---------------------------------------------------------- */

static int number_order(const void *a, const void *b)
{
	const __u32 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

void rivals_init(struct rivals *s, const __u32 *ingress, size_t n)
{
	memset(s, 0, sizeof(*s));
	s->ingress = calloc(n + 1, sizeof(*s->ingress));
	s->oom = !s->ingress;
	if (s->oom || !n)
		return;
	memcpy(s->ingress, ingress, n * sizeof(*ingress));
	s->n_ingress = n;
	qsort(s->ingress, n, sizeof(*s->ingress), number_order);
}

void rivals_fini(struct rivals *s)
{
	free(s->v);
	free(s->pairs);
	free(s->remotes);
	free(s->ingress);
	memset(s, 0, sizeof(*s));
}

static bool is_ingress(const struct rivals *s, __u32 ifindex)
{
	return s->n_ingress && bsearch(&ifindex, s->ingress, s->n_ingress,
				       sizeof(*s->ingress), number_order);
}

static enum shape shape_of(const struct pn_dev_tunnel *t)
{
	if (rival_has(&t->remote))
		return rival_has(&t->local) ? SHAPE_BOTH : SHAPE_REMOTE;
	return rival_has(&t->local) ? SHAPE_LOCAL : SHAPE_NONE;
}

static bool has_no_address(const struct pn_dev_tunnel *t)
{
	return shape_of(t) == SHAPE_NONE;
}

/*
 * The key as its table compares it. Without addresses the value alone counts;
 * ERSPAN type I, the only one asked for here, finds such devices by no key.
 */
static void key_take(struct rival *r)
{
	const struct pn_dev_tunnel *t = r->t;
	const struct table_row *row = &table_rows[r->table];

	r->keyed = row->keying == KEY_FLAGGED && t->keyed && !has_no_address(t);
	r->key = row->keying == KEY_NONE ? 0 : t->key;
	if (r->table == RIVAL_ERSPAN4 && has_no_address(t))
		r->key = 0;
}

void rivals_add(struct rivals *s, const struct pn_dev_tunnel *t, __u32 tunnel, bool able)
{
	size_t cap = s->cap ? 2 * s->cap : 64;
	struct rival *r;

	if (t->external) {
		s->external[rival_table_of(t)] = true;
		return;
	}
	/* Packets that are looked at here go to no group. */
	if (s->oom || IN6_IS_ADDR_MULTICAST(&t->remote) ||
	    (!t->ipv6 && rival_has(&t->remote) && t->remote.s6_addr[12] >> 4 == 0xe))
		return;
	if (s->n == s->cap) {
		r = realloc(s->v, cap * sizeof(*r));
		s->oom = !r;
		if (!r)
			return;
		s->v = r;
		s->cap = cap;
	}
	r = &s->v[s->n++];
	*r = (struct rival){ .t = t, .tunnel = tunnel, .able = able,
			     .table = rival_table_of(t) };
	s->shapes[r->table] |= 1u << shape_of(t);
	key_take(r);
}

/* --- finding them --------------------------------------------------------- */

static __u64 addr_hash(const struct in6_addr *a, __u64 seed)
{
	__u64 h = pn_hash64((__u64)a->s6_addr32[0] << 32 | a->s6_addr32[1], seed);

	return pn_hash64(h ^ ((__u64)a->s6_addr32[2] << 32 | a->s6_addr32[3]), seed + 1);
}

static __u64 key_hash(const struct rival *r)
{
	return pn_hash64((__u64)r->key << 16 | r->table << 1 | r->keyed, 5);
}

static __u32 place_remote(const struct rivals *s, const struct rival *r,
			  const struct in6_addr *remote)
{
	return (key_hash(r) ^ addr_hash(remote, 11)) >> 24 & s->mask;
}

static __u32 place_pair(const struct rivals *s, const struct rival *r,
			const struct in6_addr *remote, const struct in6_addr *local)
{
	return (key_hash(r) ^ addr_hash(remote, 11) ^ addr_hash(local, 23)) >> 24 & s->mask;
}

bool rivals_index(struct rivals *s)
{
	struct rival *r;
	__u32 n, *head;

	for (s->mask = 1; s->mask < 2 * s->n; s->mask *= 2)
		;
	s->pairs = calloc(s->mask, sizeof(*s->pairs));
	s->remotes = calloc(s->mask, sizeof(*s->remotes));
	s->mask--;
	if (!s->pairs || !s->remotes)
		return false;
	for (n = 0; n < s->n; n++) {
		r = &s->v[n];
		head = &s->pairs[place_pair(s, r, &r->t->remote, &r->t->local)];
		r->same_pair = *head;
		*head = n + 1;
		if (has_no_address(r->t))
			continue;
		head = &s->remotes[place_remote(s, r, &r->t->remote)];
		r->same_remote = *head;
		*head = n + 1;
	}
	return true;
}

static bool same_addr(const struct in6_addr *a, const struct in6_addr *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static bool same_key(const struct rival *a, const struct rival *b)
{
	return a->table == b->table && a->keyed == b->keyed && a->key == b->key;
}

bool rival_same_remote(const struct rival *a, const struct rival *b)
{
	return same_key(a, b) && same_addr(&a->t->remote, &b->t->remote);
}

__u32 rivals_of_remote(struct rivals *s, int table, const struct rival *like)
{
	struct rival probe = *like;

	probe.table = table;
	s->work++;
	return s->remotes[place_remote(s, &probe, &like->t->remote)];
}

/* --- one look-up ---------------------------------------------------------- */

static const struct in6_addr unset;

/* First of the hash chain of those that match the packet in this way; 0: none. */
static __u32 chain_of(struct rivals *s, const struct rival_packet *p, int table, enum shape shape,
		      struct rival *probe)
{
	const struct table_row *row = &table_rows[table];

	*probe = (struct rival){ .table = table };
	if (row->keying != KEY_NONE)
		probe->key = p->key;
	probe->keyed = row->keying == KEY_FLAGGED && shape != SHAPE_NONE && p->class->keyed;
	s->work++;
	return s->pairs[place_pair(s, probe,
				   shape == SHAPE_BOTH || shape == SHAPE_REMOTE ?
					   p->remote : &unset,
				   shape == SHAPE_BOTH || shape == SHAPE_LOCAL ?
					   p->local : &unset)];
}

static bool matches(const struct rival *r, const struct rival *probe, const struct rival_packet *p,
		    enum shape shape)
{
	const struct in6_addr *remote = shape == SHAPE_BOTH || shape == SHAPE_REMOTE ?
					p->remote : &unset;
	const struct in6_addr *local = shape == SHAPE_BOTH || shape == SHAPE_LOCAL ?
				       p->local : &unset;

	/* In the table that they share, a tap takes Ethernet only. */
	if (r->table == RIVAL_GRE6 && r->t->ether && !p->class->ether)
		return false;
	return same_key(r, probe) && same_addr(&r->t->remote, remote) &&
	       same_addr(&r->t->local, local);
}

/* Rivals for a packet, one after the other. */
struct walk {
	struct rivals *s;
	const struct rival_packet *p;
	int table, shape;
	__u32 at;
	int steps;
	bool doubt;		/* it was too long */
	struct rival probe;
};

/* Whether devices that name this could match the packet, and there are such. */
static bool shape_fits(const struct walk *w, enum shape shape)
{
	return (w->s->shapes[w->table] & 1u << shape) &&
	       (w->p->remote || shape == SHAPE_LOCAL || shape == SHAPE_NONE) &&
	       (w->p->local || shape == SHAPE_REMOTE || shape == SHAPE_NONE);
}

static struct rival *walk_next(struct walk *w)
{
	struct rival *r;

	for (;;) {
		while (w->at) {
			r = &w->s->v[w->at - 1];
			w->at = r->same_pair;
			w->s->work++;
			if (++w->steps > RIVALS_WALK_MAX) {
				w->doubt = true;
				return NULL;
			}
			if (matches(r, &w->probe, w->p, w->shape))
				return r;
		}
		do {
			if (++w->shape >= SHAPES)
				return NULL;
		} while (!shape_fits(w, w->shape));
		w->at = chain_of(w->s, w->p, w->table, w->shape, &w->probe);
	}
}

static struct walk walk_table(struct rivals *s, const struct rival_packet *p, int table)
{
	return (struct walk){ .s = s, .p = p, .table = table, .shape = -1 };
}

/* What the kernel would prefer is smaller; negative: no match after all. */
static int rank_of(const struct rival *r, const struct rival_packet *p, enum shape shape,
		   __u32 link)
{
	const struct table_row *row = &table_rows[r->table];
	int score = 0;

	if (row->binding == BIND_FILTERS && r->t->lower && r->t->lower != link)
		return -1;
	if (row->binding == BIND_PREFERS && r->t->lower != link)
		score = 1;
	if (r->table == RIVAL_GRE6 && r->t->ether != p->class->ether)
		score |= 2;
	return score * SHAPES + row->pass[shape];
}

enum outcome { OUT_NOBODY, OUT_CERTAIN, OUT_OTHER };

static enum outcome table_ask(struct rivals *s, const struct rival_packet *p, int table, __u32 link,
			      struct rival **winner)
{
	struct walk w = walk_table(s, p, table);
	int rank, best = -1;
	bool tie = false;
	struct rival *r;

	while ((r = walk_next(&w))) {
		rank = rank_of(r, p, w.shape, link);
		if (rank < 0 || (best >= 0 && rank > best))
			continue;
		tie = rank == best;
		best = rank;
		*winner = r;
	}
	if (w.doubt || tie)
		return OUT_OTHER;
	if (best >= 0)
		return OUT_CERTAIN;
	return s->external[table] ? OUT_OTHER : OUT_NOBODY;
}

/* Who gets it on the ingress device @link; NULL: somebody else, nobody, or doubt. */
static struct rival *packet_ask(struct rivals *s, const struct rival_packet *p, __u32 link)
{
	struct rival *winner = NULL;
	enum outcome out;
	int i;

	for (i = 0; i < 3 && p->class->tables[i]; i++) {
		out = table_ask(s, p, p->class->tables[i], link, &winner);
		if (out != OUT_NOBODY)
			return out == OUT_CERTAIN ? winner : NULL;
	}
	return NULL;
}

/* Ingress ports that make a difference to a packet. */
struct links {
	__u32 v[LINKS_MAX + 1];
	size_t n;
};

static bool links_note(struct links *l, __u32 link)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (l->v[i] == link)
			return true;
	if (l->n == LINKS_MAX)
		return false;
	l->v[l->n++] = link;
	return true;
}

static bool links_collect(struct rivals *s, const struct rival_packet *p, struct links *l)
{
	struct rival *r;
	struct walk w;
	int i;

	l->n = 0;
	for (i = 0; i < 3 && p->class->tables[i]; i++) {
		w = walk_table(s, p, p->class->tables[i]);
		while ((r = walk_next(&w)))
			if (r->t->lower && is_ingress(s, r->t->lower) &&
			    !links_note(l, r->t->lower))
				return false;
		if (w.doubt)
			return false;
	}
	/* And one that nobody is bound to. */
	if (l->n < s->n_ingress || !l->n)
		l->v[l->n++] = ~0u;
	return true;
}

struct rival *rivals_winner(struct rivals *s, const struct rival_packet *p)
{
	struct rival *winner, *first = NULL;
	struct links links;
	size_t i;

	if (!links_collect(s, p, &links))
		return NULL;
	for (i = 0; i < links.n; i++) {
		winner = packet_ask(s, p, links.v[i]);
		if (!winner || (first && winner != first))
			return NULL;
		first = winner;
	}
	return first;
}

static bool table_in(const struct rival_class *c, int table)
{
	return c->tables[0] == table || c->tables[1] == table || c->tables[2] == table;
}

bool rival_takes_part(const struct rival *r, const struct rival_class *c)
{
	if (!table_in(c, r->table))
		return false;
	return table_rows[r->table].keying != KEY_FLAGGED || r->keyed == c->keyed;
}
