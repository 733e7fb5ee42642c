// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * VXLAN and GENEVE devices that collect metadata (`external`): what the header
 * says goes along with the packet. A bridge does not look at it, unless the
 * port turns VNIs into VLANs, and then that is all it looks at; so devices
 * that are bridge ports may have keys. What is routed or delivered could meet
 * somebody who does (ARP answers by it), and is left to the kernel.
 */
#include "mirror/tunnels.h"

#define VNI_LAST	0xffffffu

static bool is_external(const struct pn_dev *dev)
{
	if (dev->kind == PN_DEV_VXLAN)
		return dev->vxlan.external;
	return dev->tunnel.kind == PN_TUNNEL_GENEVE && dev->tunnel.external;
}

/* Learned entries are of a VNI as well, which the tunnel's FDB here does not tell apart. */
static bool learns(const struct pn_dev *dev)
{
	return dev->kind == PN_DEV_VXLAN && dev->vxlan.learning;
}

/* VNIs become VLANs, in a bridge that knows VLANs. */
static bool maps_vlans(const struct pn_dev *dev, const struct pn_dev *bridge)
{
	return dev->kind == PN_DEV_VXLAN && dev->brport.vlan_tunnel &&
	       bridge->bridge.vlan_filtering;
}

bool tunnel_metadata_hidden(const struct pn_mirror *m, const struct pn_dev *dev)
{
	const struct pn_dev *bridge = mirror_bridge_of(m, dev);

	return is_external(dev) && !learns(dev) && bridge &&
	       (!dev->brport.vlan_tunnel || maps_vlans(dev, bridge));
}

/* Both of its sockets. */
static void vni_key(struct tunnel_job *job, const struct pn_dev *dev, __u32 tunnel, __u32 vni,
		    __u16 vid)
{
	const union pn_value value = { .index = vid, .tunnel = tunnel };
	int v6;

	for (v6 = 0; v6 < 2; v6++)
		demux_add(job->list,
			  PN_DEMUX_KEY_UDP(PN_DEMUX_VXLAN, v6, dev->vxlan.dport, vni), value);
}

/*
 * VNIs that stand for VLANs; the others go to the port's own, in the kernel. It
 * takes 32 bits for a tunnel id: what is no VNI is never in a packet.
 */
static void vlan_keys(struct tunnel_job *job, const struct pn_dev *dev, __u32 tunnel)
{
	const struct pn_vlan *v = pn_vlans_of(&job->m->vlans, dev->ifindex);
	const struct pn_vlan *end = pn_vlans_end(&job->m->vlans);

	for (; v < end && PN_VLAN_IFINDEX(v->head.key) == dev->ifindex; v++)
		if (v->has_tunnel && v->tunnel <= VNI_LAST &&
		    (!dev->vxlan.vnifilter ||
		     pn_vnis_has(&job->m->vnis, dev->ifindex, v->tunnel)))
			vni_key(job, dev, tunnel, v->tunnel, PN_VLAN_VID(v->head.key));
}

static void filter_keys(struct tunnel_job *job, const struct pn_dev *dev, __u32 tunnel)
{
	const struct pn_vni *v = pn_vnis_of(&job->m->vnis, dev->ifindex);
	const struct pn_vni *end = pn_vnis_end(&job->m->vnis);

	for (; v < end && PN_VNI_IFINDEX(v->head.key) == dev->ifindex; v++)
		vni_key(job, dev, tunnel, PN_VNI_VNI(v->head.key), 0);
}

void tunnel_metadata_keys(struct tunnel_job *job, const struct pn_dev *dev, __u32 tunnel)
{
	__u16 port = dev->kind == PN_DEV_VXLAN ? dev->vxlan.dport : dev->tunnel.dport;

	if (!is_external(dev) || job->m->tunnel_state[tunnel].why)
		return;
	if (maps_vlans(dev, mirror_bridge_of(job->m, dev)))
		vlan_keys(job, dev, tunnel);
	else if (dev->kind == PN_DEV_VXLAN && dev->vxlan.vnifilter)
		filter_keys(job, dev, tunnel);
	else
		tunnel_ports_external(job, port, tunnel);
}
