// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Addresses of this host, and what follows from them: sources that nobody else may
 * have, and devices that routed packets may leave by.
 */
#include <net/if_arp.h>

#include "mirror/state.h"

/* Packets that come out of it may be routed: no bridge has it. */
static bool is_routed(const struct pn_mirror *m, const struct pn_dev *dev)
{
	return pn_dev_is_tunnel(dev) && (dev->flags & IFF_UP) && !mirror_bridge_of(m, dev);
}

void mirror_locals_mark(struct pn_mirror *m)
{
	struct pn_dev *dev;
	size_t i;

	m->routing = false;
	for (i = 0; i < m->model.ndevs; i++) {
		dev = m->model.devs[i];
		dev->numbered = false;
		m->routing |= is_routed(m, dev);
	}
	for (i = 0; i < m->model.nlocals; i++) {
		dev = pn_model_dev(&m->model, m->model.locals[i].ifindex);
		if (dev)
			dev->numbered = true;
	}
}

bool mirror_is_egress(const struct pn_mirror *m, const struct pn_dev *dev)
{
	return m->routing && dev->numbered && dev->type == ARPHRD_ETHER &&
	       (dev->flags & IFF_UP) && !mirror_bridge_of(m, dev);
}

static void local4_add(struct demux_list *list, __be32 addr)
{
	demux_add_index(list, PN_DEMUX_KEY_WORD(PN_DEMUX_LOCAL4, addr), 1);
}

void mirror_locals_demux(const struct pn_mirror *m, struct demux_list *list)
{
	const struct pn_local *local;
	const struct pn_dev *dev;
	__u16 index;
	size_t i, n;

	for (i = 0; i < m->model.nlocals; i++) {
		local = &m->model.locals[i];
		if (IN6_IS_ADDR_V4MAPPED(&local->addr))
			local4_add(list, local->addr.s6_addr32[3]);
		for (n = 0; n < 2; n++)
			if (local->broadcast[n])
				local4_add(list, local->broadcast[n]);
	}
	for (i = 0; i < m->model.ndevs; i++) {
		dev = m->model.devs[i];
		index = mirror_is_egress(m, dev) ? pn_ids_find(&m->ports, dev->ifindex) : 0;
		if (index)
			demux_add_index(list, PN_DEMUX_KEY_WORD(PN_DEMUX_IFINDEX,
								dev->ifindex), index);
	}
}
