// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The reference model: who may send tunnel packets to a port. */
#include <string.h>

#include "model_view.h"

bool model_is_local(const struct model *m, const uint8_t *addr, bool v6)
{
	for (int i = 0; i < WORLD_LOCALS && m->local[i].set; i++)
		if (model_addr_is(&m->local[i], addr, v6))
			return true;
	return false;
}

static bool is_listed(const struct view *v)
{
	for (int i = 0; i < WORLD_LISTED && v->m->listed[i].set; i++) {
		const struct model_addr *p = &v->m->listed[i];
		uint8_t len = v->m->w->listed[i].len, mask = 0xff00 >> len % 8;

		if (p->v6 != v->v6 || memcmp(p->a, v->addr.src, len / 8))
			continue;
		if (!(len % 8) || !((p->a[len / 8] ^ v->addr.src[len / 8]) & mask))
			return true;
	}
	return false;
}

/* 2.2, 2.3: sources that nobody has; what is below ::/64 is nobody's either. */
static bool source_is_sane(const struct view *v)
{
	static const uint8_t zero[8];
	const uint8_t *s = v->addr.src;

	if (model_is_local(v->m, s, v->v6))
		return false;
	if (v->v6)
		return s[0] != 0xff && memcmp(s, zero, 8);
	return s[0] && s[0] != 127 && (s[0] & 0xf0) != 0xe0 && pkt_get32(s) != 0xffffffff;
}

static bool wildcard_takes(const struct view *v)
{
	for (int i = 0; i < WORLD_LOCALS && v->m->local[i].set; i++)
		if (v->m->w->local[i].port == v->port &&
		    model_addr_is(&v->m->local[i], v->addr.dst, v->v6))
			return true;
	return false;
}

enum model_station model_peer(struct view *v)
{
	const struct model_opts *o = &v->m->opts;
	bool listed = o->peers != PN_PEERS_LISTED || is_listed(v);
	bool is_peer = false;

	v->vtep = 0;
	for (int i = 0; i < WORLD_PEERS && v->m->peer[i].src.set; i++) {
		const struct model_peer *p = &v->m->peer[i];

		if (!model_addr_is(&p->src, v->addr.src, v->v6))
			continue;
		is_peer = true;
		if (p->port == v->port && model_addr_is(&p->dst, v->addr.dst, v->v6))
			v->vtep = p->vtep;
	}
	if (v->vtep && listed)
		return MODEL_GO;
	if (o->peers == PN_PEERS_KNOWN && !o->strict)
		return MODEL_STOP;
	if (!wildcard_takes(v))
		return MODEL_STOP;
	/* One of the tunnels with this remote may be the packet's. */
	if (is_peer && o->peers != PN_PEERS_KNOWN && listed)
		return MODEL_STOP;
	v->vtep = PN_VTEP_ANY;
	if (o->peers != PN_PEERS_KNOWN && listed && source_is_sane(v))
		return MODEL_GO;
	return MODEL_STRANGER;
}
