// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Gates of tunnels that are routed, and of tunnels of every kind: what inner
 * packets meet behind the device, and what outer packets of another protocol
 * than UDP meet before it; beside each the near miss. See lib/gate.h for the
 * host; a row may want a device more, which not every kernel has.
 */
#include <stdio.h>

#include "gate.h"
#include "tap.h"

#define POLICY6 "ip xfrm policy add src fd00::/64 dst fd00::1/128 "
#define IPIP "type ipip local 10.0.0.1 remote 10.0.0.2"
#define GRE "type gre local 10.0.0.1 remote 10.0.0.2"
#define SIT "type sit mode ip6ip local 10.0.0.1 remote 10.0.0.2"
#define GENEVE "type geneve id 9 remote 10.0.0.2 dstport 6099"
#define IP6TNL "type ip6tnl local fd00::1 remote fd00::2"
#define VXLAN "type vxlan id 9 local 10.0.0.1 dstport 4799"
#define CONF6 "/proc/sys/net/ipv6/conf/"

#define ROW(name, how, with, ...) { name, how, __VA_ARGS__, with }

static const struct gate_row rows[] = {
	/* behind a routed device */
	ROW("nft forward rule", EVENT, VXLAN, CHAIN("ip", "f", "forward", "accept;"),
	  "nft delete table ip t", "tu", AT(ROUTED4), IS(NETFILTER), "table ip t chain f"),
	ROW("nft forward rule and IPv6", NEAR, VXLAN, CHAIN("ip", "f", "forward", "accept;"),
	  "nft delete table ip t", "tu", AT(ROUTED6), IS(NETFILTER), NULL),
	ROW("nft prerouting rule, inet", EVENT, VXLAN, CHAIN("inet", "p", "prerouting", "accept;"),
	  "nft delete table inet t", "tu", AT(ROUTED6), IS(NETFILTER), "table inet t chain p"),
	ROW("nft postrouting rule", EVENT, VXLAN, CHAIN("ip6", "p", "postrouting", "accept;"),
	  "nft delete table ip6 t", "tu", AT(ROUTED6), IS(NETFILTER), "table ip6 t chain p"),
	ROW("nft input rule and routing", NEAR, VXLAN, CHAIN("inet", "i", "input", "accept;"),
	  "nft delete table inet t", "tu", AT(ROUTED4), IS(NETFILTER), NULL),
	ROW("nft output rule and routing", NEAR, VXLAN, CHAIN("inet", "o", "output", "accept;"),
	  "nft delete table inet t", "tu", AT(ROUTED4), IS(NETFILTER), NULL),
	ROW("nft forward rule and outer packets", NEAR, VXLAN,
	  CHAIN("inet", "f", "forward", "accept;"), "nft delete table inet t", "w",
	  AT(OUTER4), IS(NETFILTER), NULL),
	ROW("nft netdev ingress of the tunnel device", EVENT, VXLAN,
	  CHAIN("netdev", "i", "ingress device tu", "accept;"), "nft delete table netdev t",
	  "tu", AT(PORT), IS(NETFILTER), "table netdev t"),
	ROW("iptables-legacy forward rule", POLLED, VXLAN, "iptables-legacy -A FORWARD -j ACCEPT",
	  "iptables-legacy -F FORWARD", "tu", AT(ROUTED4), IS(NETFILTER),
	  "iptables-legacy table filter, hook ip forward: rules"),
	ROW("forward policy", EVENT, VXLAN, POLICY "dir fwd" TMPL, NO_POLICY, "tu", AT(ROUTED4),
	  IS(XFRM), "policy fwd src 10.0.0.0/24"),
	ROW("forward policy and IPv6", NEAR, VXLAN, POLICY "dir fwd" TMPL, NO_POLICY, "tu",
	  AT(ROUTED6), IS(XFRM), NULL),
	ROW("outbound policy", EVENT, VXLAN, POLICY "dir out" TMPL, NO_POLICY, "tu", AT(ROUTED4),
	  IS(XFRM), "policy out"),
	ROW("inbound policy and routing", NEAR, VXLAN, POLICY "dir in" TMPL, NO_POLICY, "tu",
	  AT(ROUTED4), IS(XFRM), NULL),
	ROW("a tunnel device in a VRF", EVENT, VXLAN,
	  "ip link add vr type vrf table 77 && ip link set tu master vr",
	  "ip link del vr", "tu", AT(ROUTED4), IS(VRF), "it belongs to VRF vr"),
	ROW("disable_ipv6 of the tunnel device", POLLED, VXLAN, "echo 1 >" CONF6 "tu/disable_ipv6",
	  "echo 0 >" CONF6 "tu/disable_ipv6", "tu", AT(ROUTED6), IS(SYSCTL), "disable_ipv6"),
	ROW("disable_ipv6 of another device", NEAR, VXLAN, "echo 1 >" CONF6 "w/disable_ipv6",
	  "echo 0 >" CONF6 "w/disable_ipv6", "tu", AT(ROUTED6), IS(SYSCTL), NULL),
	ROW("IPv6 forwarding of the device alone", EVENT, VXLAN,
	  "echo 0 >" CONF6 "all/forwarding; echo 1 >" CONF6 "tu/forwarding",
	  "echo 0 >" CONF6 "tu/forwarding", "tu", AT(ROUTED6), IS(SYSCTL),
	  "net.ipv6.conf.all.forwarding is off"),
	ROW("IPv6 forwarding of nobody", NEAR, VXLAN, "echo 0 >" CONF6 "all/forwarding", "true",
	  "tu", AT(ROUTED6), IS(SYSCTL), NULL),
	/* routes and rules */
	ROW("a route with an mtu", EVENT, VXLAN, "ip route add 10.9.0.0/16 dev w mtu 1400",
	  "ip route del 10.9.0.0/16", "tu", AT(ROUTED4), IS(ROUTING),
	  "the route to 10.9.0.0/16 has an mtu"),
	ROW("a route with a locked mtu", NEAR, VXLAN,
	  "ip route add 10.9.0.0/16 dev w mtu lock 1400", "ip route del 10.9.0.0/16", "tu",
	  AT(ROUTED4), IS(ROUTING), NULL),
	ROW("a route with an mtu and IPv6", NEAR, VXLAN, "ip route add 10.9.0.0/16 dev w mtu 1400",
	  "ip route del 10.9.0.0/16", "tu", AT(ROUTED6), IS(ROUTING), NULL),
	ROW("next hops chosen by ports", POLLED, VXLAN,
	  "ip route add 10.9.0.0/16 nexthop via 10.0.0.8 nexthop via 10.0.0.9 && "
	  "echo 1 >/proc/sys/net/ipv4/fib_multipath_hash_policy",
	  "echo 0 >/proc/sys/net/ipv4/fib_multipath_hash_policy; ip route del 10.9.0.0/16",
	  "tu", AT(ROUTED4), IS(MULTIPATH), "the route to 10.9.0.0/16 may have several"),
	ROW("next hops chosen by addresses", NEAR, VXLAN,
	  "ip route add 10.9.0.0/16 nexthop via 10.0.0.8 nexthop via 10.0.0.9",
	  "ip route del 10.9.0.0/16", "tu", AT(ROUTED4), IS(MULTIPATH), NULL),
	ROW("a hash policy and no route of several next hops", NEAR, VXLAN,
	  "echo 1 >/proc/sys/net/ipv4/fib_multipath_hash_policy",
	  "echo 0 >/proc/sys/net/ipv4/fib_multipath_hash_policy", "tu", AT(ROUTED4),
	  IS(MULTIPATH), NULL),
	ROW("a rule by user", EVENT, VXLAN, "ip rule add uidrange 7-9 table 99",
	  "ip rule del uidrange 7-9 table 99", "tu", AT(ROUTED4), IS(ROUTING),
	  "selects by uidrange"),
	ROW("a rule by user and another device", NEAR, VXLAN,
	  "ip rule add iif w uidrange 7-9 table 99",
	  "ip rule del iif w uidrange 7-9 table 99", "tu", AT(ROUTED4), IS(ROUTING), NULL),
	ROW("a rule by user and IPv6", NEAR, VXLAN, "ip rule add uidrange 7-9 table 99",
	  "ip rule del uidrange 7-9 table 99", "tu", AT(ROUTED6), IS(ROUTING), NULL),
	ROW("a rule by ports", NEAR, VXLAN, "ip rule add ipproto tcp dport 80 table 99",
	  "ip rule del ipproto tcp dport 80 table 99", "tu", AT(ROUTED4), IS(ROUTING), NULL),
	ROW("a rule by ports and IPv6", NEAR, VXLAN, "ip -6 rule add sport 80 table 99",
	  "ip -6 rule del sport 80 table 99", "tu", AT(ROUTED6), IS(ROUTING), NULL),
	ROW("a rule by source", NEAR, VXLAN, "ip rule add from 10.8.0.0/16 table 99",
	  "ip rule del from 10.8.0.0/16 table 99", "tu", AT(ROUTED4), IS(ROUTING), NULL),
	ROW("a rule with a tunnel id and GRE", EVENT, GRE, "ip rule add tun_id 5 table 99",
	  "ip rule del tun_id 5 table 99", "tu", AT(PORT), IS(TUNNEL_CONFIG), "tun_id"),
	ROW("a rule with a tunnel id and what is no tunnel", NEAR, NULL,
	  "ip rule add tun_id 5 table 99", "ip rule del tun_id 5 table 99", "w", AT(PORT),
	  IS(TUNNEL_CONFIG), NULL),
	/* outer packets of other protocols */
	ROW("inbound policy of a FOU port", POLLED, IPIP,
	  "modprobe fou; ip fou add port 5999 ipproto 4 && "
	  POLICY "proto udp dport 5999 dir in" TMPL,
	  NO_POLICY "; ip fou del port 5999", "w", AT(OUTER4), IS(XFRM), "policy in"),
	ROW("inbound policy of GRE", EVENT, GRE, POLICY "proto gre dir in" TMPL, NO_POLICY, "tu",
	  AT(PORT), IS(XFRM), "policy in"),
	ROW("inbound policy of GRE and vxlan", NEAR, GRE, POLICY "proto gre dir in" TMPL,
	  NO_POLICY, "w", AT(OUTER4), IS(XFRM), NULL),
	ROW("inbound policy of GRE and ipip", NEAR, IPIP, POLICY "proto gre dir in" TMPL,
	  NO_POLICY, "tu", AT(PORT), IS(XFRM), NULL),
	ROW("inbound policy of protocol 4", EVENT, IPIP, POLICY "proto 4 dir in" TMPL, NO_POLICY,
	  "tu", AT(PORT), IS(XFRM), "policy in"),
	ROW("inbound policy of anything", EVENT, IPIP, POLICY "dir in" TMPL, NO_POLICY, "tu",
	  AT(PORT), IS(XFRM), "policy in"),
	ROW("inbound policy of protocol 41 and sit", NEAR, SIT, POLICY "proto 41 dir in" TMPL,
	  NO_POLICY, "tu", AT(PORT), IS(XFRM), NULL),
	ROW("inbound policy of protocol 41 and ip6tnl", EVENT, IP6TNL,
	  POLICY6 "proto 41 dir in tmpl src fd00::2 dst fd00::1 proto esp mode transport",
	  NO_POLICY, "tu", AT(PORT), IS(XFRM), "policy in"),
	ROW("inbound policy of a GENEVE port", EVENT, GENEVE,
	  POLICY "proto udp dport 6099 dir in" TMPL, NO_POLICY, "w", AT(OUTER4), IS(XFRM),
	  "policy in"),
	ROW("inbound policy of a GENEVE port without GENEVE", NEAR, NULL,
	  POLICY "proto udp dport 6099 dir in" TMPL, NO_POLICY, "w", AT(OUTER4), IS(XFRM),
	  NULL),
};

/* --- rp_filter of a tunnel device ---------------------------------------- */

static const struct {
	const char *all, *own;
	const char *on, *off;	/* shell */
	enum pn_rpf want;
} rpfs[] = {
	{ "0", "0", "true", "true", PN_RPF_OFF },
	{ "0", "1", "true", "true", PN_RPF_STRICT },
	{ "1", "0", "true", "true", PN_RPF_STRICT },
	{ "1", "2", "true", "true", PN_RPF_LOOSE },
	{ "2", "1", "true", "true", PN_RPF_LOOSE },
	{ "0", "0", "ip rule add from 10.8.0.0/16 table 99",
	  "ip rule del from 10.8.0.0/16 table 99", PN_RPF_LOOSE },
	{ "0", "0", "ip route add local 10.8.0.0/16 dev lo",
	  "ip route del local 10.8.0.0/16 dev lo", PN_RPF_LOOSE },
};

static void rpf_run(struct gate_host *h)
{
	uint32_t t;
	size_t i;

	tap_case("what is asked of the source of a tunnel's packet");
	gate_sh(h, "ip link add name tu " VXLAN " && ip link set tu up");
	t = netns_ifindex(&h->ns, "tu");
	/* The first VRF of a namespace leaves a rule behind. */
	gate_sh(h, "ip rule del pref 1000");
	for (i = 0; i < sizeof(rpfs) / sizeof(rpfs[0]); i++) {
		netns_sysctl(&h->ns, "net/ipv4/conf/all/rp_filter", rpfs[i].all);
		netns_sysctl(&h->ns, "net/ipv4/conf/tu/rp_filter", rpfs[i].own);
		tap_eq(gate_sh(h, rpfs[i].on), 0, rpfs[i].on);
		tap_sys(pn_gates_update(h->gates, NULL), "update");
		tap_eq(pn_gate_rpf(h->gates, t), rpfs[i].want, rpfs[i].on);
		gate_sh(h, rpfs[i].off);
	}
	netns_sysctl(&h->ns, "net/ipv4/conf/all/rp_filter", "0");
	gate_sh(h, "ip link del tu");
	tap_end();
}

int main(void)
{
	static struct gate_host host;
	size_t i;

	gate_host_open(&host);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		gate_row_run(&host, &rows[i]);
	rpf_run(&host);
	gate_host_close(&host);
	return tap_done();
}
