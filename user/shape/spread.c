// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Over which CPUs shapers are spread; see compile.h. What queues is not: it has one queue. */
#include "plane/spread.h"
#include "shape/compile.h"

/*
 * Those that are online: the queue of another would be emptied by whatever CPU the
 * kernel moves its thread to. `plan` has warned of those that this machine has not.
 */
static int cpus_of(const struct pn_shaper_conf *conf, uint16_t *cpus)
{
	uint16_t online[PN_SPREAD_CPUS];
	int i, there, n = 0;

	if (conf->action != PN_SHAPER_POLICE && conf->action != PN_SHAPER_MARK)
		return 0;
	there = pn_spread_online(online, PN_SPREAD_CPUS);
	for (i = 0; i < there; i++)
		if (conf->spread_all || (online[i] < PN_SHAPER_CPUS &&
					 conf->spread[online[i] / 64] >> online[i] % 64 & 1))
			cpus[n++] = online[i];
	return n;
}

/* One that cannot be spread, for want of room, stays where its packets arrive. */
static void shaper_spread(const struct pn_maps *m, const struct pn_wanted *w)
{
	struct pn_shaper *s = &m->shapers[w->index];
	uint16_t cpus[PN_SPREAD_CPUS];
	int n = cpus_of(w->conf, cpus);
	int at = n > 0 ? pn_spread_list(m, cpus, n) : 0;

	if (n <= 0 || at < 0)
		n = at = 0;
	if (s->spread == (uint32_t)n && s->spread_at == (uint32_t)at)
		return;
	__atomic_store_n(&s->spread, 0, __ATOMIC_SEQ_CST);
	__atomic_store_n(&s->spread_at, at, __ATOMIC_SEQ_CST);
	__atomic_store_n(&s->spread, n, __ATOMIC_SEQ_CST);
}

void pn_compile_spread(const struct pn_compile *c)
{
	uint32_t i;

	for (i = 0; i < c->n; i++)
		shaper_spread(c->maps, &c->want[i]);
	pn_spread_trim(c->maps);
}
