// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Which tunnel device wins which packets; see rivals.h. First those that name
 * both addresses, then those that name the remote alone (for any local address
 * that another one names must be another one's), then those without a remote.
 */
#include <string.h>

#include "mirror/rivals.h"

#define ANY_MAX		256	/* devices without a remote that may win */

static bool is_meant(const struct rival *r, const struct rival_class *c)
{
	return r->able && rival_takes_part(r, c) && r->t->ether == c->ether &&
	       (r->t->kind == PN_TUNNEL_VTI) == (c->type == PN_DEMUX_VTI) &&
	       (!c->proto || !r->t->proto || r->t->proto == c->proto);
}

/* Those with this remote, or with none, whose packets could be the device's too. */
static bool locals_agree(struct rivals *s, struct rival *r, struct rival_packet *p, int class,
			 __u32 at)
{
	const struct rival *other;
	struct rival *winner;
	int steps = 0;

	for (; at; at = other->same_remote) {
		other = &s->v[at - 1];
		s->work++;
		if (++steps > RIVALS_WALK_MAX)
			return false;
		if (!rival_has(&other->t->local) || !rival_takes_part(other, p->class))
			continue;
		p->local = &other->t->local;
		winner = rivals_winner(s, p);
		if (winner != r && !(winner && (winner->won & 1u << class)))
			return false;
	}
	return true;
}

/* A device that names no local address: any of them could be named by another. */
static bool wins_everywhere(struct rivals *s, struct rival *r, struct rival_packet *p, int class)
{
	const struct pn_dev_tunnel nobody = { .ipv6 = r->t->ipv6 };
	struct rival like = *r, none = *r;
	int i, table;

	none.t = &nobody;
	for (i = 0; i < 3 && p->class->tables[i]; i++) {
		table = p->class->tables[i];
		if (!locals_agree(s, r, p, class, rivals_of_remote(s, table, &like)) ||
		    !locals_agree(s, r, p, class, rivals_of_remote(s, table, &none)))
			return false;
	}
	return true;
}

static void rival_judge(struct rivals *s, struct rival *r, int class)
{
	const struct rival_class *c = &rival_classes[class];
	struct rival_packet p = { .class = c, .key = r->key,
			    .remote = rival_has(&r->t->remote) ? &r->t->remote : NULL,
			    .local = rival_has(&r->t->local) ? &r->t->local : NULL };

	if (rivals_winner(s, &p) != r)
		return;
	if (p.local || wins_everywhere(s, r, &p, class))
		r->won |= 1u << class;
}

/* Every device that names a remote, with a local address or without. */
static void remotes_judge(struct rivals *s, bool with_local)
{
	size_t n;
	int c;

	for (n = 0; n < s->n; n++) {
		if (!rival_has(&s->v[n].t->remote) ||
		    rival_has(&s->v[n].t->local) != with_local)
			continue;
		for (c = 0; c < RIVAL_CLASSES; c++)
			if (is_meant(&s->v[n], &rival_classes[c]))
				rival_judge(s, &s->v[n], c);
	}
}

static void remotes_chain(struct rivals *s)
{
	size_t n;
	int c;

	for (n = 0; n < s->n; n++)
		for (c = 0; c < RIVAL_CLASSES; c++)
			if (s->v[n].won & ~s->v[n].heads & 1u << c)
				rival_chain(s, &s->v[n], c);
}

/* Classes in which a packet for a remote that a device names finds no key. */
static void lost_find(struct rivals *s)
{
	const struct rival *r;
	size_t n;
	int c;

	for (n = 0; n < s->n; n++) {
		r = &s->v[n];
		for (c = 0; c < RIVAL_CLASSES && rival_has(&r->t->remote); c++)
			if (rival_takes_part(r, &rival_classes[c]) && !(r->won & 1u << c))
				s->lost[c] = true;
	}
}

static size_t anys_find(struct rivals *s, int class, struct rival_link *any, size_t n_any)
{
	struct rival *r;
	size_t n;

	for (n = 0; n < s->n && !s->lost[class]; n++) {
		r = &s->v[n];
		if (n_any == ANY_MAX || rival_has(&r->t->remote) || !rival_has(&r->t->local) ||
		    !is_meant(r, &rival_classes[class]))
			continue;
		rival_judge(s, r, class);
		if (r->won & 1u << class)
			any[n_any++] = (struct rival_link){ r, class };
	}
	return n_any;
}

/*
 * What no device with that remote takes goes to those that name none. A device
 * that names one and has no key would be overlooked, so there must be no such.
 */
static void anys_judge(struct rivals *s)
{
	struct rival_link any[ANY_MAX];
	size_t n = 0;
	int c;

	for (c = 0; c < RIVAL_CLASSES; c++) {
		n = anys_find(s, c, any, n);
		if (c + 1 < RIVAL_CLASSES && rival_classes[c + 1].type == rival_classes[c].type)
			continue;
		rival_chain_any(any, n);
		n = 0;
	}
}

void rivals_judge(struct rivals *s)
{
	s->oom = s->oom || !rivals_index(s);
	if (s->oom)
		return;
	remotes_judge(s, true);
	remotes_judge(s, false);
	remotes_chain(s);
	lost_find(s);
	anys_judge(s);
}
