// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The reference model: which device the kernel gives a packet to (chapter 4).
 * A higher index is a newer device, and newer ones come first in its lists.
 */
#include <string.h>

#include "model_view.h"

/* Which of its addresses a device has for a pass. */
enum fit { BOTH, REMOTE_ONLY, LOCAL_ONLY, NEITHER };

static bool addresses_fit(const struct view *v, const struct model_tunnel *t, enum fit fit)
{
	bool remote = model_addr_is(&t->remote, v->addr.src, v->v6);
	bool local = model_addr_is(&t->local, v->addr.dst, v->v6);

	switch (fit) {
	case BOTH:
		return remote && local;
	case REMOTE_ONLY:
		return remote && !t->local.set;
	case LOCAL_ONLY:
		return local && !t->remote.set;
	default:
		return !t->remote.set && !t->local.set;
	}
}

static const struct model_tunnel *newest(const struct view *v, int *at)
{
	while (--*at > 0) {
		const struct model_tunnel *t = &v->m->tunnel[*at];

		if (t->kind && t->up)
			return t;
	}
	return NULL;
}

#define for_each_tunnel(v, t) \
	for (int at_ = WORLD_TUNNELS; (t = newest(v, &at_));)

static bool is_bound_here(const struct view *v, const struct model_tunnel *t)
{
	return t->w->bound == v->port;
}

const struct model_tunnel *model_vxlan(const struct view *v, uint16_t dport, uint32_t vni)
{
	const struct model_tunnel *t;

	for_each_tunnel(v, t)
		if (t->kind == PN_TUNNEL_VXLAN && t->over6 == v->v6 && t->w->dport == dport &&
		    t->w->id == vni)
			return t;
	return NULL;
}

const struct model_tunnel *model_geneve(const struct view *v, uint16_t dport, uint32_t vni)
{
	const struct model_tunnel *t;

	for_each_tunnel(v, t)
		if (t->kind == PN_TUNNEL_GENEVE && t->over6 == v->v6 && t->w->dport == dport &&
		    t->w->id == vni && model_addr_is(&t->remote, v->addr.src, v->v6))
			return t;
	return NULL;
}

/* ip_tunnel_key_match() */
static bool key_fits(const struct model_tunnel *t, enum fit fit, bool keyed, uint32_t key)
{
	if (fit == NEITHER)
		return t->w->id == (keyed ? key : 0);
	return t->w->keyed == keyed && (!keyed || t->w->id == key);
}

/* ip_tunnel_lookup() */
const struct model_tunnel *model_ip_tunnel(const struct view *v, enum pn_tunnel_kind kind,
					   bool keyed, uint32_t key)
{
	const struct model_tunnel *cand = NULL, *t;

	for (enum fit fit = BOTH; fit <= NEITHER; fit++)
		for_each_tunnel(v, t) {
			if (t->kind != kind || !addresses_fit(v, t, fit) ||
			    !key_fits(t, fit, keyed, key))
				continue;
			if (is_bound_here(v, t))
				return t;
			if (fit == BOTH || !cand)
				cand = t;
		}
	return cand;
}

static bool is_ip6gre_kind(enum pn_tunnel_kind kind)
{
	return kind == PN_TUNNEL_IP6GRE || kind == PN_TUNNEL_IP6GRETAP ||
	       kind == PN_TUNNEL_IP6ERSPAN;
}

/* ip6gre_tunnel_lookup(): all passes compete by a score, 0 wins at once. */
const struct model_tunnel *model_ip6gre(const struct view *v, uint16_t gre_proto, uint32_t key)
{
	bool ether = gre_proto == 0x6558 || gre_proto == 0x88be || gre_proto == 0x22eb;
	const struct model_tunnel *cand = NULL, *t;
	int best = 4;

	for (enum fit fit = BOTH; fit <= NEITHER; fit++)
		for_each_tunnel(v, t) {
			bool is_ether = t->kind != PN_TUNNEL_IP6GRE;
			int score = (is_bound_here(v, t) ? 0 : 1) + (is_ether != ether ? 2 : 0);

			if (!is_ip6gre_kind(t->kind) || !addresses_fit(v, t, fit) ||
			    t->w->id != key || (is_ether && !ether))
				continue;
			if (score == 0)
				return t;
			if (score < best) {
				best = score;
				cand = t;
			}
		}
	return cand;
}

/* ipip6_tunnel_lookup(): being bound elsewhere excludes. */
const struct model_tunnel *model_sit(const struct view *v)
{
	const struct model_tunnel *t;

	for (enum fit fit = BOTH; fit <= NEITHER; fit++)
		for_each_tunnel(v, t) {
			if (t->kind != PN_TUNNEL_SIT || !addresses_fit(v, t, fit))
				continue;
			if (fit == NEITHER || !t->w->bound || is_bound_here(v, t))
				return t;
		}
	return NULL;
}

/* ip6_tnl_lookup(): local before remote. */
const struct model_tunnel *model_ip6tnl(const struct view *v)
{
	static const enum fit order[] = { BOTH, LOCAL_ONLY, REMOTE_ONLY, NEITHER };
	const struct model_tunnel *cand = NULL, *t;

	for (int i = 0; i < 4; i++)
		for_each_tunnel(v, t) {
			if (t->kind != PN_TUNNEL_IP6TNL || !addresses_fit(v, t, order[i]))
				continue;
			if (is_bound_here(v, t))
				return t;
			if (order[i] == BOTH || !cand)
				cand = t;
		}
	return cand;
}
