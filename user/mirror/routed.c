// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Tunnel devices that no bridge has: their packets are routed, and what the
 * kernel would have them meet behind the device stands in pn_tunnels, of bridge
 * ports too: one that leaves its bridge is not open by mistake. What is of the
 * outer packet or of the tunnel header is none of this file's business.
 */
#include "mirror/state.h"

static bool has_address4(const struct pn_mirror *m, __u32 ifindex)
{
	const struct pn_local *l = m->model.locals;
	size_t i;

	for (i = 0; i < m->model.nlocals; i++)
		if (l[i].ifindex == ifindex && IN6_IS_ADDR_V4MAPPED(&l[i].addr))
			return true;
	return false;
}

/*
 * On a device without an address rp_filter takes loose for strict. Where it is
 * off, and sources are looked up for rules' sake, the way back is not asked for.
 */
enum pn_rpf mirror_rpf(const struct pn_mirror *m, __u32 ifindex)
{
	enum pn_rpf rpf = m->gates ? pn_gate_rpf(m->gates, ifindex) : PN_RPF_OFF;

	if (rpf == PN_RPF_LOOSE && pn_gate_rp_filters(m->gates, ifindex) &&
	    !has_address4(m, ifindex))
		return PN_RPF_STRICT;
	return rpf;
}

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

	t->rpf = mirror_rpf(m, dev->ifindex);
	for (v6 = 0; v6 < 2; v6++)
		t->gate[v6] = routed_gate(m, dev, now, v6) & ~ignored;
}
