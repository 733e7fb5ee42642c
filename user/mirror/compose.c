// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* From the model to the maps, in the order in which one thing needs another. */
#include "mirror/state.h"

int mirror_compose(struct pn_mirror *m)
{
	int rc;

	if (!m->links_changed)
		return 0;
	m->links_changed = false;
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
	return rc;
}
