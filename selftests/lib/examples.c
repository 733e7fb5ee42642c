// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The samples as others see them; see examples.h. */
#include <stddef.h>

#include "examples.h"

const struct example_fact example_facts[] = {
	{ "containers.yaml", "ip -d link show vx100",
	  "vxlan id 100 remote 10.0.0.2 local 10.0.0.1" },
	{ "containers.yaml", "ip -n db address show eth0", "inet 192.0.2.20/24" },
	{ "containers.yaml", "bridge -d link show dev db0", "isolated on" },
	{ "containers-netkit.yaml", "ip -d link show web0", "netkit" },
	{ "containers-netkit.yaml", "ip -n web address show eth0", "inet 192.0.2.10/32" },
	{ "can-lab.yaml", "ip -n ecu link show can0", "UP" },
	{ "can-lab.yaml", "ip -d link show car0", "vxcan" },
	{ "gre-hub.yaml", "ip -d link show paris",
	  "gre remote 203.0.113.10 local 198.51.100.1 ttl 64 ikey 0.0.0.10 okey 0.0.0.10" },
	{ "gre-hub.yaml", "ip -d link show oslo", "ip6gre remote 2001:db8:2::30" },
	{ "gre-hub.yaml", "ip -d link show lan0", "master br0" },
	{ "ipv6-underlay.yaml", "ip -d link show vx6", "vxlan id 600 remote 2001:db8::2" },
	{ "ipv6-underlay.yaml", "ip -d link show svc0", "macvlan mode bridge" },
	{ "macvlan-host.yaml", "ip -d link show host0", "macvlan mode bridge" },
	{ "macvlan-host.yaml", "ip -d link show guest0", "macvlan mode private" },
	{ "macvlan-host.yaml", "ip address show dns0", "inet6 2001:db8::53/64" },
	{ "mirror-feed.yaml", "ip -d link show feed1", "erspan_index 7 erspan_ver 1" },
	{ "mirror-feed.yaml", "ip -d link show feed2", "erspan_ver 2 erspan_dir ingress" },
	{ "mirror-feed.yaml", "bridge -d link show dev feed1", "learning off" },
	{ "team-uplink.yaml", "ip -d link show eth1", "master team0" },
	{ "team-uplink.yaml", "ip address show team0", "inet 10.0.0.1/24" },
	{ "vm-host.yaml", "ip -d link show vm1", "tun type tap" },
	{ "vm-host.yaml", "bridge -d link show dev vm2", "isolated on" },
	{ "vtep.yaml", "ip -d link show vx200", "vxlan id 200 local 10.0.0.1" },
	{ "vtep.yaml", "bridge -d link show dev vx100", "neigh_suppress on" },
	{ NULL },
};
