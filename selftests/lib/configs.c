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
#define NAMED(name, kind, more) \
	"link add name " name " type " kind " " more "\nlink set " name " up\n"
#define L3(kind, more) NAMED("vx", kind, more)
#define L2(kind, more) \
	"link add name vx address 02:aa:00:00:00:01 type " kind " " more "\n" \
	"link set vx up\n"
#define ENDS	"local 10.0.0.1 remote 10.0.0.2 "
#define ENDS6	"local fd00::1 remote fd00::2 "
#define DUMMY	"link add name x0 type veth peer name x1\nlink set x0 up\n"
/* A fallback device under another name is still one. */
#define FALLBACK(name) "link set " name " name vx\nlink set vx up\n"
#define UP(name)       "link set " name " up\n"
#define XFRM_IN \
	"xfrm policy add dir in src 10.0.0.2/32 dst 10.0.0.1/32 tmpl src 10.0.0.2 " \
	"dst 10.0.0.1 proto esp mode tunnel\n"
#define FOU_PORTS \
	"fou add port 5555 ipproto 4\nfou add port 5556 gue\n" \
	"fou add port 5557 ipproto 47\nfou add port 5558 ipproto 41\n"
#define FOU_DEVICES(ipip, gre, sit) \
	NAMED(ipip, "ipip", ENDS) NAMED(gre, "gre", ENDS) NAMED(sit, "sit", ENDS)
#define NEEDS_GN   .needs = "geneve id 9 remote 10.0.0.2"
#define NEEDS_GRE  .needs = "gre remote 10.0.0.2"
#define NEEDS_TAP  .needs = "gretap remote 10.0.0.2"
#define NEEDS_SPAN .needs = "erspan seq key 9 remote 10.0.0.2"
#define NEEDS_GRE6 .needs = "ip6gre remote fd00::2"
#define NEEDS_IPIP .needs = "ipip remote 10.0.0.2"
#define NEEDS_SIT  .needs = "sit remote 10.0.0.2"
#define NEEDS_TNL6 .needs = "ip6tnl remote fd00::2"
#define NEEDS_VTI  .needs = "vti remote 10.0.0.2"
#define NEEDS_VTI6 .needs = "vti6 remote fd00::2"
#define NEEDS_FOU  .needs = "ipip remote 10.0.0.2 encap fou encap-dport 5555"

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

	[C_GN] = { "geneve", L2("geneve", "id 5 remote 10.0.0.2"), NEEDS_GN, .bridged = true },
	[C_GN6] = { "geneve over IPv6", L2("geneve", "id 5 remote fd00::2"), NEEDS_GN,
		    .bridged = true },
	[C_GN6Z] = { "geneve over IPv6, udp6zerocsumrx",
		     L2("geneve", "id 5 remote fd00::2 udp6zerocsumrx"), NEEDS_GN,
		     .bridged = true },
	[C_GNRULE] = { "geneve, a rule with tun_id",
		       L2("geneve", "id 5 remote 10.0.0.2") "rule add tun_id 7 table 100\n",
		       NEEDS_GN, .bridged = true },
	[C_GNINHERIT] = { "geneve innerprotoinherit",
			  L3("geneve", "id 5 remote 10.0.0.2 innerprotoinherit"), NEEDS_GN },
	[C_GNEXTERNAL] = { "geneve external", L2("geneve", "external"), NEEDS_GN,
			   .bridged = true },
	[C_GNDOWN] = { "geneve down", L2("geneve", "id 5 remote 10.0.0.2") "link set vx down\n",
		       NEEDS_GN },

	[C_GRE] = { "gre", L3("gre", ENDS), NEEDS_GRE, .routed = true, .whole = true },
	[C_GREKEY7] = { "gre key 7", L3("gre", ENDS "key 7"), NEEDS_GRE, .routed = true,
			.whole = true },
	[C_GREKEY0] = { "gre key 0", L3("gre", ENDS "key 0"), NEEDS_GRE, .routed = true,
			.whole = true },
	[C_GREICSUM] = { "gre icsum", L3("gre", ENDS "icsum"), NEEDS_GRE, .routed = true,
			 .whole = true },
	[C_GRESEQ] = { "gre iseq", L3("gre", ENDS "iseq"), NEEDS_GRE, .whole = true },
	[C_GRESEQ2] = { "gre iseq, another", L3("gre", ENDS "iseq"), NEEDS_GRE, .whole = true },
	[C_GREALL] = { "gre: exact, remote, local, external, gre0",
		       L3("gre", ENDS) NAMED("remote0", "gre", "remote 10.0.0.2")
			       NAMED("local0", "gre", "local 10.0.0.1")
				       NAMED("meta0", "gre", "external") UP("gre0"),
		       NEEDS_GRE, .routed = true, .whole = true },
	[C_GREREMOTE] = { "gre: remote, local, external, gre0",
			  L3("gre", "remote 10.0.0.2") NAMED("local0", "gre", "local 10.0.0.1")
				  NAMED("meta0", "gre", "external") UP("gre0"),
			  NEEDS_GRE, .routed = true, .whole = true },
	[C_GRELOCAL] = { "gre: local, external, gre0",
			 L3("gre", "local 10.0.0.1") NAMED("meta0", "gre", "external") UP("gre0"),
			 NEEDS_GRE, .routed = true, .whole = true },
	[C_GREEXTERNAL] = { "gre: external, gre0", L3("gre", "external") UP("gre0"), NEEDS_GRE,
			    .routed = true, .whole = true },
	[C_GRE0] = { "gre0", FALLBACK("gre0"), NEEDS_GRE, .routed = true, .whole = true },
	[C_GREBOUND] = { "gre: exact, and local dev d",
			 NAMED("exact0", "gre", ENDS) L3("gre", "local 10.0.0.1 dev d"), NEEDS_GRE,
			 .routed = true, .whole = true },
	[C_GREOTHER] = { "gre dev x0", DUMMY L3("gre", ENDS "dev x0"), NEEDS_GRE,
			 .routed = true, .whole = true },
	[C_GREOLDER] = { "gre dev x0, then a gre",
			 DUMMY L3("gre", ENDS "dev x0") NAMED("young0", "gre", ENDS), NEEDS_GRE,
			 .routed = true, .whole = true },
	[C_GREXFRM] = { "gre, IPsec required", L3("gre", ENDS) XFRM_IN, NEEDS_GRE,
			.routed = true, .whole = true },
	[C_GREGROUP] = { "gre to a group",
			 "route add 224.0.0.0/4 dev d\n" L3("gre", "remote 239.1.1.1 "
								   "local 10.0.0.1 key 7"),
			 NEEDS_GRE, .routed = true, .whole = true },
	[C_TAP] = { "gretap", L2("gretap", ENDS), NEEDS_TAP, .bridged = true, .whole = true },
	[C_TAPKEY] = { "gretap key 0x12345", L2("gretap", ENDS "key 0x12345"), NEEDS_TAP,
		       .bridged = true, .whole = true },
	[C_ERSPAN0] = { "erspan type I", L2("erspan", ENDS "erspan_ver 0"), NEEDS_SPAN,
			.bridged = true, .whole = true },
	[C_ERSPAN1] = { "erspan type II", L2("erspan", ENDS "seq key 5 erspan_ver 1 erspan 1"),
			NEEDS_SPAN, .whole = true },
	[C_ERSPAN2] = { "erspan type III",
			L2("erspan", ENDS "seq key 5 erspan_ver 2 erspan_dir ingress "
					  "erspan_hwid 1"),
			NEEDS_SPAN, .whole = true },

	[C_GRE6] = { "ip6gre", L3("ip6gre", ENDS6), NEEDS_GRE6, .routed = true, .whole = true },
	[C_GRE6KEY0] = { "ip6gre key 0", L3("ip6gre", ENDS6 "key 0"), NEEDS_GRE6,
			 .routed = true, .whole = true },
	[C_GRE6DSCP] = { "ip6gre dscp inherit", L3("ip6gre", ENDS6 "dscp inherit"), NEEDS_GRE6,
			 .routed = true, .whole = true },
	[C_GRE6BOUND] = { "ip6gre: exact, and local dev d",
			  NAMED("exact0", "ip6gre", ENDS6) L3("ip6gre", "local fd00::1 dev d"),
			  NEEDS_GRE6, .routed = true, .whole = true },
	[C_TAP6] = { "ip6gretap", L2("ip6gretap", ENDS6), NEEDS_GRE6, .bridged = true },
	[C_TAP6DSCP] = { "ip6gretap dscp inherit", L2("ip6gretap", ENDS6 "dscp inherit"),
			 NEEDS_GRE6, .bridged = true },
	[C_TAP6BOTH] = { "ip6gretap and ip6gre",
			 L2("ip6gretap", ENDS6) NAMED("plain0", "ip6gre", ENDS6), NEEDS_GRE6,
			 .bridged = true },
	[C_ERSPAN6] = { "ip6erspan", L2("ip6erspan", ENDS6 "seq key 5 erspan_ver 1 erspan 1"),
			NEEDS_GRE6 },

	[C_IPIP] = { "ipip", L3("ipip", ENDS), NEEDS_IPIP, .routed = true, .whole = true },
	[C_MPLSIP] = { "ipip mode mplsip", L3("ipip", ENDS "mode mplsip"), NEEDS_IPIP,
		       .routed = true, .whole = true },
	[C_TUNL0] = { "ipip, tunl0 up", NAMED("ipip0", "ipip", ENDS) FALLBACK("tunl0"), NEEDS_IPIP,
		      .routed = true, .whole = true },
	[C_IPIPVTI] = { "ipip and vti", NAMED("ipip0", "ipip", ENDS) L3("vti", ENDS), NEEDS_VTI,
			.routed = true, .whole = true },
	[C_IPIPXFRM] = { "ipip, IPsec required", L3("ipip", ENDS) XFRM_IN, NEEDS_IPIP,
			 .routed = true, .whole = true },
	[C_IPIPFOU] = { "ipip encap fou",
			L3("ipip", ENDS "encap fou encap-sport auto encap-dport 5555"),
			NEEDS_FOU, .routed = true, .whole = true },
	[C_SIT] = { "sit", L3("sit", ENDS), NEEDS_SIT, .routed = true, .whole = true },
	[C_SITIP6] = { "sit mode ip6ip", L3("sit", ENDS "mode ip6ip"), NEEDS_SIT,
		       .routed = true, .whole = true },
	[C_SITIP4] = { "sit mode ipip", L3("sit", ENDS "mode ipip"), NEEDS_SIT, .routed = true,
		       .whole = true },
	[C_SITBOUND] = { "sit dev x0", DUMMY L3("sit", ENDS "dev x0"), NEEDS_SIT,
			 .routed = true, .whole = true },
	[C_SITXFRM] = { "sit, IPsec required", L3("sit", ENDS) XFRM_IN, NEEDS_SIT,
			.routed = true, .whole = true },
	[C_6TO4] = { "sit without a remote", L3("sit", "local 10.0.0.1"), NEEDS_SIT,
		     .routed = true, .whole = true },
	[C_6TO4PREFIX] = { "sit without a remote, a prefix of its own",
			   L3("sit", "local 10.0.0.1") "addr add 2002:a00:9::5/48 dev vx\n",
			   NEEDS_SIT, .routed = true, .whole = true },
	[C_6RD] = { "sit, 6rd",
		    L3("sit", "local 10.0.0.1") "tunnel 6rd dev vx 6rd-prefix 2001:db8::/32 "
						"6rd-relay_prefix 10.0.0.0/8\n",
		    NEEDS_SIT, .routed = true, .whole = true },
	[C_ISATAP] = { "sit, isatap",
		       "tunnel add vx mode isatap local 10.0.0.1\nlink set vx up\n"
		       "addr add fe80::5efe:a00:1/64 dev vx\n",
		       NEEDS_SIT, .routed = true, .whole = true },
	[C_IP6TNL] = { "ip6tnl", L3("ip6tnl", ENDS6 "mode any"), NEEDS_TNL6, .routed = true,
		       .whole = true },
	[C_IP6TNLOWN] = { "ip6tnl, the remote is ours",
			  "addr add fd00::2/64 dev d\n" L3("ip6tnl", ENDS6 "mode any"),
			  NEEDS_TNL6, .routed = true, .whole = true },
	[C_IP6IP6] = { "ip6tnl mode ip6ip6", L3("ip6tnl", ENDS6 "mode ip6ip6"), NEEDS_TNL6,
		       .routed = true, .whole = true },
	[C_IP6TNLDSCP] = { "ip6tnl dscp inherit", L3("ip6tnl", ENDS6 "mode any dscp inherit"),
			   NEEDS_TNL6, .routed = true, .whole = true },
	[C_IP6TNLALL] = { "ip6tnl: exact, local, remote",
			  L3("ip6tnl", ENDS6 "mode any")
				  NAMED("local0", "ip6tnl", "local fd00::1 mode any")
					  NAMED("remote0", "ip6tnl", "remote fd00::2 mode any"),
			  NEEDS_TNL6, .routed = true, .whole = true },
	[C_IP6TNLLOCAL] = { "ip6tnl: local, remote",
			    L3("ip6tnl", "local fd00::1 mode any")
				    NAMED("remote0", "ip6tnl", "remote fd00::2 mode any"),
			    NEEDS_TNL6, .routed = true, .whole = true },

	[C_FOU4] = { "fou, gue: to the ipip", FOU_PORTS FOU_DEVICES("vx", "gre1", "sit1"),
		    NEEDS_FOU, .routed = true, .whole = true },
	[C_FOUGRE] = { "fou, gue: to the gre", FOU_PORTS FOU_DEVICES("ipip1", "vx", "sit1"),
		    NEEDS_FOU, .routed = true, .whole = true },
	[C_FOU6] = { "fou, gue: to the sit", FOU_PORTS FOU_DEVICES("ipip1", "gre1", "vx"),
		    NEEDS_FOU, .routed = true, .whole = true },
	[C_FOUPEER] = { "fou for another peer",
			"fou add port 5555 ipproto 4 peer 10.0.0.3 peer_port 5555\n" L3("ipip",
										       ENDS),
			NEEDS_FOU, .routed = true, .whole = true },
	[C_FOUOVER6] = { "fou, gue over IPv6",
			 "fou add port 5558 ipproto 41 -6\nfou add port 5556 gue -6\n" L3(
				 "ip6tnl", ENDS6 "mode any"),
			 NEEDS_FOU, .routed = true, .whole = true },
	[C_VTI] = { "vti", L3("vti", ENDS), NEEDS_VTI, .routed = true, .whole = true },
	[C_VTI6] = { "vti6", L3("vti6", ENDS6), NEEDS_VTI6, .routed = true, .whole = true },

	[C_GRERPF] = { "gre, rp_filter 1, some sources behind it",
		       L3("gre", ENDS) "route add 192.168.7.0/24 dev vx\n",
		       .sysctl = { "net/ipv4/conf/vx/rp_filter", "1" }, NEEDS_GRE,
		       .routed = true, .whole = true },
	[C_GREMTU] = { "gre, a route with an MTU",
		       L3("gre", ENDS) "route add 192.168.8.0/24 dev vx mtu 600\n", NEEDS_GRE,
		       .routed = true, .whole = true },
	[C_VXR] = { "vx, routed", VX4("nolearning"), .routed = true },
	[C_GNR] = { "geneve, routed", L2("geneve", "id 5 remote 10.0.0.2"), NEEDS_GN,
		    .routed = true },
	[C_TAPR] = { "gretap, routed", L2("gretap", ENDS), NEEDS_TAP, .routed = true,
		     .whole = true },
	[C_TAP6R] = { "ip6gretap, routed", L2("ip6gretap", ENDS6), NEEDS_GRE6, .routed = true },
};
