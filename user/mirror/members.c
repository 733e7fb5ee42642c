// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Which VLANs the ports of filtering bridges are members of, for pn_demux. */
#include <netinet/in.h>

#include <linux/if_bridge.h>

#include "mirror/state.h"

/* The bridge that filters what comes in and goes out by @dev, or NULL. */
static const struct pn_dev *filter_of(const struct pn_mirror *m, const struct pn_dev *dev)
{
	const struct pn_dev *bridge = dev ? mirror_bridge_of(m, dev) : NULL;

	return bridge && bridge->bridge.vlan_filtering ? bridge : NULL;
}

static __u8 member_flags(const struct pn_vlan *v)
{
	return (v->flags & BRIDGE_VLAN_INFO_UNTAGGED ? PN_BRVLAN_UNTAGGED : 0) |
	       (v->state == BR_STATE_FORWARDING ? PN_BRVLAN_FORWARDING : 0);
}

void mirror_members_demux(struct pn_mirror *m, struct demux_list *list)
{
	const struct pn_vlan *v, *end = pn_vlans_end(&m->vlans);
	const struct pn_dev *dev, *bridge;
	__u32 ifindex = 0;
	__u16 index = 0;

	for (v = pn_vlans_of(&m->vlans, 0); v < end; v++) {
		if (PN_VLAN_IFINDEX(v->head.key) != ifindex) {
			ifindex = PN_VLAN_IFINDEX(v->head.key);
			dev = pn_model_dev(&m->model, ifindex);
			bridge = filter_of(m, dev);
			index = bridge ? pn_ids_find(&m->ports, ifindex) : 0;
		}
		if (index)
			demux_add(list, PN_DEMUX_KEY_BRVLAN(index, PN_VLAN_VID(v->head.key)),
				  (union pn_value){
					  .index = mirror_fid_get(m, bridge->ifindex,
								  PN_VLAN_VID(v->head.key)),
					  .flags = member_flags(v),
				  });
	}
}
