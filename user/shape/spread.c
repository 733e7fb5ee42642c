// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Over which CPUs shapers are spread; see compile.h. What queues is not: it has one queue. */
#include "plane/spread.h"
#include "shape/compile.h"

/*
 * Those that are online: the queue of another would be emptied by whatever CPU the
 * kernel moves its thread to. `plan` has warned of those that this machine has not.
 */
struct online {
	uint16_t cpu[PN_SPREAD_CPUS];
	int n;
};

static int cpus_of(const struct pn_shaper_conf *conf, const struct online *online, uint16_t *cpus)
{
	int i, n = 0;

	if (conf->action != PN_SHAPER_POLICE && conf->action != PN_SHAPER_MARK)
		return 0;
	for (i = 0; i < online->n; i++) {
		uint16_t cpu = online->cpu[i];

		if (conf->spread_all ||
		    (cpu < PN_SHAPER_CPUS && conf->spread[cpu / 64] >> cpu % 64 & 1))
			cpus[n++] = cpu;
	}
	return n;
}

/* One that cannot be spread, for want of room, stays where its packets arrive. */
static void shaper_spread(const struct pn_maps *m, const struct pn_wanted *w,
			  const struct online *online)
{
	struct pn_shaper *s = &m->shapers[w->index];
	uint16_t cpus[PN_SPREAD_CPUS];
	int n = cpus_of(w->conf, online, cpus);
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
	struct online online;
	uint32_t i;

	online.n = c->n ? pn_spread_online(online.cpu, PN_SPREAD_CPUS) : 0;
	for (i = 0; i < c->n; i++)
		shaper_spread(c->maps, &c->want[i], &online);
	pn_spread_trim(c->maps);
}
