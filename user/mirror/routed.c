// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Tunnel devices that no bridge has: their packets are routed, and what the
 * kernel would have them meet behind the device stands in pn_tunnels, of bridge
 * ports too: one that leaves its bridge is not open by mistake. What is of the
 * outer packet or of the tunnel header is none of this file's business.
 */
#include "mirror/state.h"

/* What is new stays closed until the gates have looked at it. */
static __u32 routed_gate(const struct pn_mirror *m, const struct pn_dev *dev,
			 const struct pn_tunnel *now, bool v6)
{
	if (!(dev->flags & IFF_UP) || (m->gates_behind && (now->ifindex != dev->ifindex ||
							   (now->gate[v6] & PN_GATE_RESYNC))))
		return PN_GATE_RESYNC;
	if (!m->gates)
		return 0;
	return pn_gate_word(m->gates, dev->ifindex, PN_PLACE_PORT) |
	       pn_gate_word(m->gates, dev->ifindex, v6 ? PN_PLACE_ROUTED6 : PN_PLACE_ROUTED4);
}

void mirror_routed_describe(const struct pn_mirror *m, const struct pn_dev *dev,
			    struct pn_tunnel *t)
{
	const struct pn_tunnel *now =
		&m->maps.tunnels[pn_ids_find(&m->tunnels, dev->ifindex)];
	__u32 ignored = mirror_ignored(m, dev->ifindex);
	int v6;

	if (m->gates)
		t->rpf = pn_gate_rpf(m->gates, dev->ifindex);
	for (v6 = 0; v6 < 2; v6++)
		t->gate[v6] = routed_gate(m, dev, now, v6) & ~ignored;
}
