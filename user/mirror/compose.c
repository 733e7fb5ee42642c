// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * From the model to the maps, in the order in which one thing needs another.
 * It is all made anew, which takes long where there are many devices; so where
 * it does, a burst of changes is let go by for a while first.
 */
#include "mirror/state.h"

#define CHEAP_NS	2000000ull	/* takes less: at once, every time */
#define WAIT_SHARE	4		/* times what it took */
#define WAIT_MAX_NS	250000000ull

static __u64 wait_after(__u64 took)
{
	__u64 wait = took * WAIT_SHARE;

	if (took < CHEAP_NS)
		return 0;
	return wait < WAIT_MAX_NS ? wait : WAIT_MAX_NS;
}

int mirror_compose(struct pn_mirror *m)
{
	__u64 begun = mirror_now(), end;
	int rc;

	if (!m->links_changed)
		return 0;
	m->links_changed = false;
	m->fdb_asked = 0;
	mirror_fou_ask(m);
	mirror_locals_mark(m);
	mirror_ports_compose(m);
	rc = mirror_endpoints_ports(m);
	if (!rc)
		rc = mirror_tunnels_compose(m);
	if (rc)
		m->links_changed = true;
	/* Entries that came before their port. */
	if (m->orphans)
		mirror_slots_rewrite(m);
	end = mirror_now();
	m->compose_due = end + wait_after(end - begun);
	return rc;
}

int mirror_compose_soon(struct pn_mirror *m)
{
	return m->links_changed && mirror_now() >= m->compose_due ? mirror_compose(m) : 0;
}
