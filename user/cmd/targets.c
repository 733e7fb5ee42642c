// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Finding out about redirect targets; see targets.h. */
#include <linux/if_link.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

#include <penstock/abi.h>

#include "cmd/targets.h"
#include "nl/netdev.h"
#include "nl/netns.h"
#include "nl/nsid.h"
#include "plane/device.h"
#include "plane/target.h"
#include "util/log.h"

/* In the namespace of the peer. */
static enum pn_peer peer_look(uint32_t ifindex, bool cure)
{
	struct pn_device peer;

	if (pn_device_by_index(ifindex, &peer))
		return PN_PEER_UNREACHABLE;
	if (peer.xdp_prog && peer.xdp_mode != XDP_ATTACHED_SKB)
		return PN_PEER_NAPI;
	if (pn_device_gro(peer.name) == 1)
		return PN_PEER_NAPI;
	if (!cure)
		return PN_PEER_NO_NAPI;
	if (pn_device_set_gro(peer.name, true) || pn_device_gro(peer.name) != 1)
		return PN_PEER_NO_NAPI;
	pn_log(PN_LOG_INFO, "%s: GRO switched on, so that XDP may send to its peer", peer.name);
	return PN_PEER_NAPI;
}

static enum pn_peer peer_of(const struct pn_target_dev *dev)
{
	enum pn_peer peer;
	int fd, home;

	if (!dev->link)
		return PN_PEER_UNREACHABLE;
	if (dev->netnsid < 0)
		return peer_look(dev->link, dev->cure);
	fd = pn_netns_by_id(dev->netnsid);
	if (fd < 0)
		return PN_PEER_UNREACHABLE;
	if (pn_netns_enter(fd, &home)) {
		close(fd);
		return PN_PEER_UNREACHABLE;
	}
	close(fd);
	peer = peer_look(dev->link, dev->cure);
	pn_netns_leave(home);
	return peer;
}

bool pn_targets_xdp(const struct pn_target_dev *dev, const char **why)
{
	struct pn_target_facts facts = { .peer = PN_PEER_UNREACHABLE };
	struct pn_device device;
	uint64_t features = 0;

	*why = "the device is gone";
	if (pn_device_look(dev->ifindex, &device))
		return false;
	if (pn_target_needs_program(device.driver))
		pn_device_xdp(&device);
	facts.driver = device.driver;
	facts.native_xdp = device.xdp_prog && device.xdp_mode != XDP_ATTACHED_SKB;
	if (!strcmp(device.driver, "veth"))
		facts.peer = peer_of(dev);
	facts.told = !pn_netdev_features(dev->ifindex, &features);
	facts.ndo_xmit = features & PN_XDP_F_NDO_XMIT;
	return pn_target_takes_xdp(&facts, why);
}

__u32 pn_targets_tc(__u32 ifindex)
{
	struct pn_device device;

	if (pn_device_look(ifindex, &device))
		return 0;
	return PN_PORT_TC_TARGET | (strcmp(device.driver, "veth") ? 0 : PN_PORT_SETS_PROTO);
}
