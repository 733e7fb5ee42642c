// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Tunnels in the maps of a mirror; see mirrored_keys.h. */
#include "mirrored_keys.h"

const struct pn_tunnel *mirrored_tunnel(const struct mirrored *t, const char *dev)
{
	uint32_t i, ifindex = netns_ifindex(t->ns, dev);

	for (i = 1; i < t->maps.tunnels_max; i++)
		if (t->maps.tunnels[i].ifindex == ifindex)
			return &t->maps.tunnels[i];
	return NULL;
}

const struct pn_slot *mirrored_key(const struct mirrored *t, uint64_t key)
{
	const struct pn_slot *slot = t->maps.demux->slot;

	for (; slot < t->maps.demux[t->maps.demux_mask + 1].slot; slot++)
		if (slot->key == key)
			return slot;
	return NULL;
}

bool mirrored_key_there(struct mirrored *t, void *arg)
{
	return mirrored_key(t, *(uint64_t *)arg);
}

bool mirrored_key_gone(struct mirrored *t, void *arg)
{
	return !mirrored_key(t, *(uint64_t *)arg);
}

bool mirrored_key_index(struct mirrored *t, void *arg)
{
	const struct pn_slot *want = arg, *slot = mirrored_key(t, want->key);

	return slot && slot->index == want->index;
}
