// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The namespace behind the world of mutworld.c: devices that frames leave by,
 * devices that stand for tunnels (the FIB is asked from them), and the routes
 * and neighbours that the world tells the model of.
 */
#include <errno.h>

#include "mutate.h"
#include "netns.h"

static const char *const devices[MUTATE_DEVS] = { "w", "out", "small", "t", "off" };

static int devices_add(const struct netns *ns)
{
	static const char *const peers[MUTATE_DEVS] = { "w1", "out1", "small1", "t1", "off1" };
	int ret = 0;

	for (int i = 0; i < MUTATE_DEVS && !ret; i++) {
		ret = netns_veth(ns, devices[i], ns, peers[i]);
		ret = ret ? ret : netns_up(ns, devices[i]);
		ret = ret ? ret : netns_up(ns, peers[i]);
	}
	ret = ret ? ret : netns_mac(ns, "out", MUTATE_MAC_OUT);
	ret = ret ? ret : netns_mac(ns, "small", MUTATE_MAC_SMALL);
	return ret ? ret : netns_mtu(ns, "small", 100);
}

static int sysctls_set(const struct netns *ns)
{
	static const char *const sysctls[][2] = {
		{ "net/ipv4/conf/all/forwarding", "1" }, { "net/ipv6/conf/all/forwarding", "1" },
		{ "net/ipv4/conf/off/forwarding", "0" }, { "net/ipv6/conf/off/forwarding", "0" },
		{ "net/ipv4/conf/all/rp_filter", "0" },
	};
	int ret = 0;

	for (size_t i = 0; i < sizeof(sysctls) / sizeof(sysctls[0]) && !ret; i++)
		ret = netns_sysctl(ns, sysctls[i][0], sysctls[i][1]);
	return ret;
}

static int routes_add(const struct netns *ns)
{
	return netns_ip(ns, "addr add 172.20.0.1/24 dev out\n"
			    "addr add 172.21.0.1/24 dev small\n"
			    "addr add 10.0.0.1/32 dev lo\n"
			    "addr add fd00::1/128 dev lo\n"
			    "addr add fd20::1/64 dev out nodad\n"
			    "addr add fd21::1/128 dev out nodad\n"
			    "neigh replace 172.20.0.2 lladdr 02:dd:00:00:00:02 dev out\n"
			    "neigh replace 172.20.0.3 lladdr 02:dd:00:00:00:03 dev out\n"
			    "neigh replace 172.21.0.2 lladdr 02:de:00:00:00:02 dev small\n"
			    "neigh replace fd20::2 lladdr 02:dd:00:00:06:02 dev out\n"
			    "neigh replace fd20::3 lladdr 02:dd:00:00:06:03 dev out\n"
			    "neigh replace fd21::2 lladdr 02:dd:00:00:06:12 dev out\n"
			    "route add 192.168.5.0/24 dev t\n"
			    "route add 172.22.0.0/16 via 172.20.0.2 dev out\n"
			    "route add 172.25.0.0/16 via inet6 fd20::2 dev out\n"
			    "route add blackhole 172.23.0.0/16\n"
			    "route add fd21::/64 dev out mtu 1300\n"
			    "route add fd22::/32 via fd20::2 dev out\n"
			    "route add unreachable fd23::/32\n"
			    "route add fd05::/64 dev t\n");
}

int mutate_net(struct netns *ns, uint32_t ifindex[MUTATE_DEVS])
{
	int ret = netns_open(ns);

	ret = ret ? ret : devices_add(ns);
	ret = ret ? ret : sysctls_set(ns);
	ret = ret ? ret : netns_wait_up(ns, "out");
	ret = ret ? ret : routes_add(ns);
	for (int i = 0; i < MUTATE_DEVS && !ret; i++) {
		int index = netns_ifindex(ns, devices[i]);

		ret = index < 0 ? index : 0;
		ifindex[i] = index;
	}
	return ret ? ret : netns_enter(ns);
}
