// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Gates against the kernel: for each, something that closes it, with the word
 * and the sentence, followed within the notification where there is one and
 * within the poll interval elsewhere, and open again when it is gone; and
 * beside it the near miss that must not close it. See lib/gate.h for the host.
 */
#include "gate.h"
#include "tap.h"

struct row {
	const char *name;
	unsigned int how;
	const char *on;	 /* shell, in the host's namespace */
	const char *off;
	const char *dev;
	enum pn_place place;
	uint32_t gate;
	const char *text;
};

#define CHAIN(family, name, hook, rest) \
	"nft 'table " family " t { chain " name " { type filter hook " hook \
	" priority 0; " rest " }; }'"
#define U32(where) "tc filter add dev " where " protocol ip u32 match u32 0 0" FLOW
#define FLOW " flowid 1:1"
#define POLICY "ip xfrm policy add src 10.0.0.0/24 dst 10.0.0.1/32 "
#define TMPL " tmpl src 10.0.0.2 dst 10.0.0.1 proto esp mode transport"
#define NO_POLICY "ip xfrm policy flush"
#define NF_CALL "/proc/sys/net/bridge/bridge-nf-call-iptables"
#define AT(place) PN_PLACE_##place
#define IS(gate) PN_GATE_##gate

static const struct row rows[] = {
	/* netfilter */
	{ "nft inet input rule", EVENT,
	  CHAIN("inet", "in", "input", "accept;"),
	  "nft delete table inet t", "w", AT(OUTER4), IS(NETFILTER),
	  "table inet t chain in: 1 rule" },
	{ "the same closes IPv6", EVENT,
	  CHAIN("inet", "in", "input", "accept;"),
	  "nft delete table inet t", "w", AT(OUTER6), IS(NETFILTER), "table inet t" },
	{ "nft input policy drop without a rule", EVENT,
	  CHAIN("ip", "in", "input", "policy drop;"),
	  "nft delete table ip t", "w", AT(OUTER4), IS(NETFILTER), "policy drop" },
	{ "nft bridge forward rule", EVENT,
	  CHAIN("bridge", "f", "forward", "accept;"),
	  "nft delete table bridge t", "vx", AT(BRIDGE), IS(NETFILTER),
	  "table bridge t chain f" },
	{ "nft netdev ingress rule", EVENT,
	  CHAIN("netdev", "i", "ingress device w", "accept;"),
	  "nft delete table netdev t", "w", AT(PORT), IS(NETFILTER), "table netdev t" },
	{ "nft chain empty, policy accept", NEAR,
	  CHAIN("inet", "in", "input", ""),
	  "nft delete table inet t", "w", AT(OUTER4), IS(NETFILTER), NULL },
	{ "nft rule of the other family", NEAR,
	  CHAIN("ip6", "in", "input", "accept;"),
	  "nft delete table ip6 t", "w", AT(OUTER4), IS(NETFILTER), NULL },
	{ "nft output rule", NEAR,
	  CHAIN("inet", "o", "output", "accept;"),
	  "nft delete table inet t", "w", AT(OUTER4), IS(NETFILTER), NULL },
	{ "nft forward rule and the bridge", NEAR,
	  CHAIN("inet", "f", "forward", "accept;"),
	  "nft delete table inet t", "b", AT(BRIDGE), IS(NETFILTER), NULL },
	{ "nft input rule and the bridge", NEAR,
	  CHAIN("inet", "in", "input", "accept;"),
	  "nft delete table inet t", "b", AT(BRIDGE), IS(NETFILTER), NULL },
	{ "nft ingress rule on another device", NEAR,
	  CHAIN("netdev", "i", "ingress device b", "accept;"),
	  "nft delete table netdev t", "w", AT(PORT), IS(NETFILTER), NULL },
	{ "nft rules of a dormant table", NEAR,
	  "nft 'table inet t { flags dormant; "
	  "chain in { type filter hook input priority 0; accept; }; }'",
	  "nft delete table inet t", "w", AT(OUTER4), IS(NETFILTER), NULL },
	{ "nft regular chain with rules", NEAR,
	  "nft 'table inet t { chain c { accept; }; }'",
	  "nft delete table inet t", "w", AT(OUTER4), IS(NETFILTER), NULL },
	/* What registers tracking does not show by rules on the way in. */
	{ "connection tracking", EVENT,
	  CHAIN("ip", "o", "output", "ct state new;") " && "
	  "nft list hooks ip | grep -q conntrack",
	  "nft delete table ip t", "w", AT(OUTER4), IS(NETFILTER),
	  "ipv4_conntrack_in [nf_conntrack] on hook ip prerouting" },
	{ "connection tracking and IPv6", NEAR,
	  CHAIN("ip", "o", "output", "ct state new;") " && "
	  "nft list hooks ip | grep -q conntrack",
	  "nft delete table ip t", "w", AT(OUTER6), IS(NETFILTER), NULL },
	{ "iptables-legacy rule", POLLED,
	  "iptables-legacy -A INPUT -p udp -j ACCEPT", "iptables-legacy -F INPUT",
	  "w", AT(OUTER4), IS(NETFILTER), "iptables-legacy table filter, hook ip input: rules" },
	{ "iptables-legacy policy", POLLED,
	  "iptables-legacy -P INPUT DROP", "iptables-legacy -P INPUT ACCEPT",
	  "w", AT(OUTER4), IS(NETFILTER), "policy drop" },
	{ "iptables-legacy empty table", NEAR, "iptables-legacy -L -n", "true",
	  "w", AT(OUTER4), IS(NETFILTER), NULL },
	{ "iptables-legacy output rule", NEAR,
	  "iptables-legacy -A OUTPUT -p udp -j ACCEPT", "iptables-legacy -F OUTPUT",
	  "w", AT(OUTER4), IS(NETFILTER), NULL },
	{ "ip6tables-legacy rule", POLLED,
	  "ip6tables-legacy -A INPUT -p udp -j ACCEPT", "ip6tables-legacy -F INPUT",
	  "w", AT(OUTER6), IS(NETFILTER), "ip6tables-legacy table filter" },
	{ "ip6tables-legacy rule and IPv4", NEAR,
	  "ip6tables-legacy -A INPUT -p udp -j ACCEPT", "ip6tables-legacy -F INPUT",
	  "w", AT(OUTER4), IS(NETFILTER), NULL },
	{ "the bridge's own br_netfilter switch", EVENT,
	  CHAIN("ip", "f", "forward", "accept;") " && "
	  "ip link set dev br type bridge nf_call_iptables 1",
	  "nft delete table ip t; ip link set dev br type bridge nf_call_iptables 0",
	  "b", AT(BRIDGE), IS(NETFILTER),
	  "br_netfilter hands it frames: table ip t chain f" },
	{ "br_netfilter of the namespace", POLLED,
	  CHAIN("ip", "f", "forward", "accept;") " && "
	  "echo 1 >" NF_CALL,
	  "nft delete table ip t; echo 0 >" NF_CALL, "b", AT(BRIDGE), IS(NETFILTER),
	  "br_netfilter hands it frames: table ip t chain f" },
	{ "br_netfilter without rules", NEAR,
	  "ip link set dev br type bridge nf_call_iptables 1",
	  "ip link set dev br type bridge nf_call_iptables 0",
	  "b", AT(BRIDGE), IS(NETFILTER), NULL },
	{ "br_netfilter without rules checks IP packets", EVENT,
	  "ip link set dev br type bridge nf_call_iptables 1",
	  "ip link set dev br type bridge nf_call_iptables 0",
	  "b", AT(BRIDGE), IS(BR_NETFILTER), "bridge br checks IP packets" },
	{ "br_netfilter of the namespace, IPv6", POLLED,
	  "echo 1 >/proc/sys/net/bridge/bridge-nf-call-ip6tables",
	  "echo 0 >/proc/sys/net/bridge/bridge-nf-call-ip6tables",
	  "b", AT(BRIDGE), IS(BR_NETFILTER), "bridge br checks IP packets" },

	{ "ebtables-legacy rule", POLLED, "ebtables-legacy -A FORWARD -j DROP",
	  "ebtables-legacy -F FORWARD", "b", AT(BRIDGE), IS(NETFILTER),
	  "ebtables-legacy table filter chain FORWARD: rules" },
	{ "ebtables-legacy policy", POLLED, "ebtables-legacy -P FORWARD DROP",
	  "ebtables-legacy -P FORWARD ACCEPT", "b", AT(BRIDGE), IS(NETFILTER),
	  "ebtables-legacy table filter chain FORWARD: policy drop" },
	{ "ebtables-legacy nat rule", POLLED,
	  "ebtables-legacy -t nat -A PREROUTING -j ACCEPT",
	  "ebtables-legacy -t nat -F PREROUTING", "b", AT(BRIDGE), IS(NETFILTER),
	  "ebtables-legacy table nat chain PREROUTING: rules" },
	{ "ebtables-legacy input rule", NEAR, "ebtables-legacy -A INPUT -j DROP",
	  "ebtables-legacy -F INPUT", "b", AT(BRIDGE), IS(NETFILTER), NULL },

	/* traffic control */
	{ "tc ingress filter", EVENT, "tc qdisc add dev w clsact && " U32("w ingress"),
	  "tc qdisc del dev w clsact", "w", AT(PORT), IS(TC_INGRESS),
	  "tc ingress filter on w: u32" },
	{ "tc ingress qdisc with a filter", EVENT,
	  "tc qdisc add dev w ingress && tc filter add dev w parent ffff: protocol ip "
	  "u32 match u32 0 0" FLOW, "tc qdisc del dev w ingress", "w", AT(PORT),
	  IS(TC_INGRESS), "u32" },
	{ "tc ingress filter, hook tc", EVENT | BY_TC,
	  "tc qdisc add dev w clsact && " U32("w ingress"),
	  "tc qdisc del dev w clsact", "w", AT(PORT), IS(TC_INGRESS), "u32" },
	{ "clsact without filters", NEAR, "tc qdisc add dev w clsact",
	  "tc qdisc del dev w clsact", "w", AT(PORT), IS(TC_INGRESS), NULL },
	{ "tc filter on another device", NEAR,
	  "tc qdisc add dev b clsact && " U32("b ingress"),
	  "tc qdisc del dev b clsact", "w", AT(PORT), IS(TC_INGRESS), NULL },
	{ "tc egress filter and ingress", NEAR,
	  "tc qdisc add dev w clsact && " U32("w egress"),
	  "tc qdisc del dev w clsact", "w", AT(PORT), IS(TC_INGRESS), NULL },
	{ "tc egress filter, hook xdp", EVENT | BY_XDP,
	  "tc qdisc add dev b clsact && " U32("b egress"),
	  "tc qdisc del dev b clsact", "b", AT(EGRESS), IS(TC_EGRESS), "egress filter" },
	{ "tc egress filter, hook tc", NEAR | BY_TC,
	  "tc qdisc add dev b clsact && " U32("b egress"),
	  "tc qdisc del dev b clsact", "b", AT(EGRESS), IS(TC_EGRESS), NULL },
	{ "shaping qdisc", EVENT | BY_XDP,
	  "tc qdisc add dev b root tbf rate 1mbit burst 10k latency 10ms",
	  "tc qdisc del dev b root", "b", AT(EGRESS), IS(TC_EGRESS), "qdisc tbf on b" },
	{ "plain queue", NEAR | BY_XDP, "tc qdisc add dev b root pfifo",
	  "tc qdisc del dev b root", "b", AT(EGRESS), IS(TC_EGRESS), NULL },

	/* xfrm */
	{ "inbound policy", EVENT, POLICY "proto udp dir in" TMPL, NO_POLICY, "w",
	  AT(OUTER4), IS(XFRM), "policy in src 10.0.0.0/24 dst 10.0.0.1/32" },
	{ "inbound policy and IPv6", NEAR, POLICY "dir in" TMPL, NO_POLICY, "w",
	  AT(OUTER6), IS(XFRM), NULL },
	{ "outbound policy", NEAR, POLICY "dir out" TMPL, NO_POLICY, "w", AT(OUTER4),
	  IS(XFRM), NULL },
	{ "forward policy", NEAR, POLICY "dir fwd" TMPL, NO_POLICY, "w", AT(OUTER4),
	  IS(XFRM), NULL },
	{ "inbound policy of another port", NEAR, POLICY "proto udp dport 500 dir in" TMPL,
	  NO_POLICY, "w", AT(OUTER4), IS(XFRM), NULL },
	{ "inbound policy of TCP", NEAR, POLICY "proto tcp dir in" TMPL, NO_POLICY, "w",
	  AT(OUTER4), IS(XFRM), NULL },
	{ "inbound policy that allows", NEAR, POLICY "dir in action allow", NO_POLICY,
	  "w", AT(OUTER4), IS(XFRM), NULL },
	{ "inbound policy that blocks", EVENT, POLICY "dir in action block", NO_POLICY,
	  "w", AT(OUTER4), IS(XFRM), "policy in" },

	/* rules */
	{ "rule with a tunnel id", EVENT, "ip rule add tun_id 5 table 99",
	  "ip rule del tun_id 5 table 99", "vx", AT(PORT), IS(TUNNEL_CONFIG), "tun_id" },
	{ "rule without", NEAR, "ip rule add from 10.9.9.9 table 99",
	  "ip rule del from 10.9.9.9 table 99", "vx", AT(PORT), IS(TUNNEL_CONFIG), NULL },

	/* topology */
	{ "promiscuous bridge", EVENT, "ip link set dev br promisc on",
	  "ip link set dev br promisc off", "b", AT(BRIDGE), IS(PROMISC), "br is promiscuous" },
	{ "promiscuous port", NEAR, "ip link set dev b promisc on",
	  "ip link set dev b promisc off", "b", AT(BRIDGE), IS(PROMISC), NULL },
	{ "VLAN filtering", NEAR, "ip link set dev br type bridge vlan_filtering 1",
	  "ip link set dev br type bridge vlan_filtering 0", "b", AT(BRIDGE),
	  IS(VLAN_FILTERING), NULL },
	{ "counters per VLAN", EVENT,
	  "ip link set dev br type bridge vlan_filtering 1 vlan_stats_enabled 1",
	  "ip link set dev br type bridge vlan_filtering 0", "b", AT(BRIDGE),
	  IS(VLAN_FILTERING), "counts per VLAN" },
	{ "VLAN device on a bridge port", EVENT, "ip link add b.7 link b type vlan id 7",
	  "ip link del b.7", "b", AT(TAGGED), IS(VLAN_UPPER), "b.7" },
	{ "VLAN device on the wire port", NEAR, "ip link add w.7 link w type vlan id 7",
	  "ip link del w.7", "w", AT(TAGGED), IS(VLAN_UPPER), NULL },
	{ "VLAN device on the bridge", NEAR, "ip link add br.7 link br type vlan id 7",
	  "ip link del br.7", "b", AT(TAGGED), IS(VLAN_UPPER), NULL },
	{ "VRF", EVENT, "ip link add vr type vrf table 77 && ip link set w master vr",
	  "ip link set w nomaster; ip link del vr", "w", AT(OUTER4), IS(VRF), "vr" },
	{ "another port's VRF", NEAR, "ip link add vr type vrf table 77",
	  "ip link del vr", "w", AT(OUTER4), IS(VRF), NULL },
	{ "macvlan in passthru mode", EVENT,
	  "ip link add mv link w type macvlan mode passthru", "ip link del mv",
	  "w", AT(PORT), IS(UPPER), "mv takes its frames" },
	{ "macvlan in bridge mode", NEAR, "ip link add mv link w type macvlan mode bridge",
	  "ip link del mv", "w", AT(PORT), IS(UPPER), NULL },
	{ "ipvlan", EVENT, "ip link add iv link w type ipvlan mode l2", "ip link del iv",
	  "w", AT(PORT), IS(UPPER), "iv takes its frames" },
	{ "bond", EVENT,
	  "ip link add bo type bond mode 1 && ip link set w down && ip link set w master bo",
	  "ip link set w nomaster; ip link del bo; ip link set w up", "w", AT(PORT), IS(UPPER),
	  "bo takes its frames" },
	{ "disable_ipv6", POLLED, "echo 1 >/proc/sys/net/ipv6/conf/w/disable_ipv6",
	  "echo 0 >/proc/sys/net/ipv6/conf/w/disable_ipv6", "w", AT(OUTER6), IS(SYSCTL),
	  "disable_ipv6" },
	{ "disable_ipv6 and IPv4", NEAR, "echo 1 >/proc/sys/net/ipv6/conf/w/disable_ipv6",
	  "echo 0 >/proc/sys/net/ipv6/conf/w/disable_ipv6", "w", AT(OUTER4), IS(SYSCTL),
	  NULL },
	{ "vxlan for other protocols", EVENT,
	  "ip link add vg type vxlan external gpe dstport 4790", "ip link del vg",
	  "vg", AT(PORT), IS(TUNNEL_CONFIG), "gpe" },
	{ "plain vxlan", NEAR, "true", "true", "vx", AT(PORT), IS(TUNNEL_CONFIG), NULL },
	{ "backup port", EVENT, "ip link set vx type bridge_slave backup_port b",
	  "ip link set vx type bridge_slave nobackup_port", "vx", AT(EGRESS),
	  IS(BRIDGE_CONFIG), "backup_port" },
};

/* false: the case is over, because the kernel lacks what the row needs. */
static bool row_on(const struct gate_host *h, const struct row *r)
{
	int status = gate_sh(h, r->on);

	if (!status)
		return true;
	gate_sh(h, r->off);
	if (status == 127)
		return !tap_fail("a tool is missing: %s", r->on);
	tap_skip("not on this kernel: %s", r->on);
	return false;
}

static void row_run(struct gate_host *h, const struct row *r)
{
	struct gate_case c = { r->name, r->how, r->dev, r->place, r->gate, r->text };

	gate_begin(h, &c);
	if (!row_on(h, r))
		return;
	if (r->how & NEAR)
		gate_stays_open(h, &c);
	else
		gate_closes(h, &c);
	tap_eq(gate_sh(h, r->off), 0, "taken back");
	if (!(r->how & NEAR))
		gate_opens(h, &c);
	gate_end(h, &c);
}

int main(void)
{
	static struct gate_host host;
	size_t i;

	gate_host_open(&host);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		row_run(&host, &rows[i]);
	gate_host_close(&host);
	return tap_done();
}
