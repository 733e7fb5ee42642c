// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Device configurations of the conformance rows, in iproute2's words, so that
 * each can be typed by hand. The wire `d` has 10.0.0.1/24, 10.0.0.9/24 and
 * fd00::1/64 in all of them.
 */
#include "rows.h"

#define VX(more) \
	"link add name vx address 02:aa:00:00:00:01 type vxlan " more "\n" \
	"link set vx up\n"
#define VX4(more) VX("id 5 dstport 4789 local 10.0.0.1 remote 10.0.0.2 " more)
#define VX6(more) VX("id 5 dstport 4789 local fd00::1 remote fd00::2 " more)
#define VRF \
	"link add name vrf0 type vrf table 10\n" \
	"link set vrf0 up\n" \
	"link set dev d master vrf0\n" \
	"neigh replace 10.0.0.2 lladdr 02:00:00:00:00:02 dev d nud permanent\n"

const struct config configs[CONFIGS] = {
	[C_VX] = { "vx", VX4("nolearning"), .bridged = true },
	[C_VX6] = { "vx6", VX6("nolearning"), .bridged = true },
	[C_VX6Z] = { "vx6 udp6zerocsumrx", VX6("nolearning udp6zerocsumrx"),
		     .bridged = true },
	[C_VXL] = { "vx learning", VX4("learning"), .bridged = true },
	[C_PERM] = { "vx learning, entry permanent", VX4("learning"),
		     "fdb add 02:aa:00:00:00:02 dev vx self permanent dst 10.0.0.2\n",
		     .bridged = true },
	[C_VNI0] = { "vx id 0", VX("id 0 dstport 4789 local 10.0.0.1 "
				   "remote 10.0.0.2 nolearning"),
		     .bridged = true },
	[C_VNIMAX] = { "vx id 16777215",
		       VX("id 16777215 dstport 4789 local 10.0.0.1 "
			  "remote 10.0.0.2 nolearning"),
		       .bridged = true },
	[C_GROUP] = { "vx group 239.1.1.1",
		      VX("id 5 dstport 4789 local 10.0.0.1 "
			 "group 239.1.1.1 dev d nolearning") },
	[C_OTHERDEV] = { "vx bound to another device",
			 "link add name x0 type veth peer name x1\n"
			 "link set x0 up\n" VX4("nolearning dev x0"),
			 .bridged = true },
	[C_DOWN] = { "vx down", VX4("nolearning") "link set vx down\n" },
	[C_DOWN6] = { "vx down, vxlan id 6 up on the port",
		      VX4("nolearning") "link set vx down\n"
					"link add name vy type vxlan id 6 dstport 4789 "
					"local 10.0.0.1 nolearning\n"
					"link set vy up\n" },
	[C_RPF] = { "vx, rp_filter 1", VX4("nolearning"),
		    .sysctl = { "net/ipv4/conf/d/rp_filter", "1" } },
	[C_XFRM] = { "vx, IPsec required",
		     VX4("nolearning") "xfrm policy add dir in src 10.0.0.2/32 "
				       "dst 10.0.0.1/32 tmpl src 10.0.0.2 "
				       "dst 10.0.0.1 proto esp mode tunnel\n" },
	[C_GBP] = { "vx gbp", VX4("nolearning gbp") },
	[C_GBPL] = { "vx gbp learning", VX4("learning gbp") },
	[C_REMCSUM] = { "vx remcsumrx", VX4("nolearning remcsumrx") },
	[C_VNIFILTER] = { "vx external vnifilter 10-12",
			  VX("external vnifilter dstport 4789 local 10.0.0.1 "
			     "nolearning"),
			  "vni add dev vx vni 10-12\n" },
	[C_GPE] = { "vx external gpe",
		    "link add name vx type vxlan external gpe dstport 4790\n"
		    "link set vx up\n" },
	[C_VLAN] = { "vx over a VLAN device",
		     "link add link d name v7 type vlan id 7\n"
		     "link set v7 up\naddr add 10.7.0.1/24 dev v7\n" VX4("nolearning"),
		     .needs = "vlan id 7", .bridged = true },
	[C_QINQ] = { "vx over stacked VLAN devices",
		     "link add link d name v5 type vlan proto 802.1ad id 5\n"
		     "link add link v5 name v7 type vlan id 7\n"
		     "link set v5 up\nlink set v7 up\n"
		     "addr add 10.7.0.1/24 dev v7\n" VX4("nolearning"),
		     .needs = "vlan id 7", .bridged = true },
	[C_VRF] = { "d in a VRF, vx not", VRF VX4("nolearning"),
		    .needs = "vrf table 9" },
	[C_VRFACCEPT] = { "the same, udp_l3mdev_accept", VRF VX4("nolearning"),
			  .sysctl = { "net/ipv4/udp_l3mdev_accept", "1" },
			  .needs = "vrf table 9" },
	[C_BRNF] = { "vx, br_netfilter without rules", VX4("nolearning"),
		     .sysctl = { "net/bridge/bridge-nf-call-iptables", "1" },
		     .bridged = true },
	[C_VRFDEV] = { "the same, vx bound to d", VRF VX4("nolearning dev d"),
		       .needs = "vrf table 9" },
};
