// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Gates against the kernel: for each, something that closes it, with the word
 * and the sentence, followed within the notification where there is one and
 * within the poll interval elsewhere, and open again when it is gone; and
 * beside it the near miss that must not close it.
 *
 * The host of the tests: wire port w, bridge br with ports b and vx (vxlan,
 * port 4789, over IPv4), all in one namespace; the peers of w and b in another.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mirror/gate.h"
#include "netns.h"
#include "tap.h"

#define DEADLINE_MS 5000

static struct netns host, peer;
static struct pn_gates *gates;

enum how {
	EVENT = 1 << 0,	 /* closes and opens with the notification */
	POLLED = 1 << 1, /* closes and opens within the poll interval */
	NEAR = 1 << 2,	 /* must not close */
	BY_XDP = 1 << 3, /* with this engine attached to the device */
	BY_TC = 1 << 4,
};

struct row {
	const char *name;
	unsigned int how;
	const char *on;		/* shell, in the host's namespace */
	const char *off;
	const char *dev;
	enum pn_place place;
	uint32_t gate;
	const char *text;	/* part of the sentence */
};

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
	  "nft 'table inet t { chain in { type filter hook input priority 0; accept; }; }'",
	  "nft delete table inet t", "w", AT(OUTER4), IS(NETFILTER),
	  "table inet t chain in: 1 rule" },
	{ "the same closes IPv6", EVENT,
	  "nft 'table inet t { chain in { type filter hook input priority 0; accept; }; }'",
	  "nft delete table inet t", "w", AT(OUTER6), IS(NETFILTER), "table inet t" },
	{ "nft input policy drop without a rule", EVENT,
	  "nft 'table ip t { chain in { type filter hook input priority 0; policy drop; }; }'",
	  "nft delete table ip t", "w", AT(OUTER4), IS(NETFILTER), "policy drop" },
	{ "nft bridge forward rule", EVENT,
	  "nft 'table bridge t { chain f { type filter hook forward priority 0; accept; }; }'",
	  "nft delete table bridge t", "vx", AT(BRIDGE), IS(NETFILTER),
	  "table bridge t chain f" },
	{ "nft netdev ingress rule", EVENT,
	  "nft 'table netdev t { chain i { type filter hook ingress device w priority 0; accept; }; }'",
	  "nft delete table netdev t", "w", AT(PORT), IS(NETFILTER), "table netdev t" },
	{ "nft chain empty, policy accept", NEAR,
	  "nft 'table inet t { chain in { type filter hook input priority 0; }; }'",
	  "nft delete table inet t", "w", AT(OUTER4), IS(NETFILTER), NULL },
	{ "nft rule of the other family", NEAR,
	  "nft 'table ip6 t { chain in { type filter hook input priority 0; accept; }; }'",
	  "nft delete table ip6 t", "w", AT(OUTER4), IS(NETFILTER), NULL },
	{ "nft output rule", NEAR,
	  "nft 'table inet t { chain o { type filter hook output priority 0; accept; }; }'",
	  "nft delete table inet t", "w", AT(OUTER4), IS(NETFILTER), NULL },
	{ "nft forward rule and the bridge", NEAR,
	  "nft 'table inet t { chain f { type filter hook forward priority 0; accept; }; }'",
	  "nft delete table inet t", "b", AT(BRIDGE), IS(NETFILTER), NULL },
	{ "nft input rule and the bridge", NEAR,
	  "nft 'table inet t { chain in { type filter hook input priority 0; accept; }; }'",
	  "nft delete table inet t", "b", AT(BRIDGE), IS(NETFILTER), NULL },
	{ "nft ingress rule on another device", NEAR,
	  "nft 'table netdev t { chain i { type filter hook ingress device b priority 0; accept; }; }'",
	  "nft delete table netdev t", "w", AT(PORT), IS(NETFILTER), NULL },
	{ "nft rules of a dormant table", NEAR,
	  "nft 'table inet t { flags dormant; chain in { type filter hook input priority 0; accept; }; }'",
	  "nft delete table inet t", "w", AT(OUTER4), IS(NETFILTER), NULL },
	{ "nft regular chain with rules", NEAR,
	  "nft 'table inet t { chain c { accept; }; }'",
	  "nft delete table inet t", "w", AT(OUTER4), IS(NETFILTER), NULL },
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
	  "nft 'table ip t { chain f { type filter hook forward priority 0; accept; }; }' && "
	  "ip link set dev br type bridge nf_call_iptables 1",
	  "nft delete table ip t; ip link set dev br type bridge nf_call_iptables 0",
	  "b", AT(BRIDGE), IS(NETFILTER),
	  "br_netfilter hands it frames: table ip t chain f" },
	{ "br_netfilter of the namespace", POLLED,
	  "nft 'table ip t { chain f { type filter hook forward priority 0; accept; }; }' && "
	  "echo 1 >" NF_CALL,
	  "nft delete table ip t; echo 0 >" NF_CALL, "b", AT(BRIDGE), IS(NETFILTER),
	  "br_netfilter hands it frames: table ip t chain f" },
	{ "br_netfilter without rules", NEAR,
	  "ip link set dev br type bridge nf_call_iptables 1",
	  "ip link set dev br type bridge nf_call_iptables 0",
	  "b", AT(BRIDGE), IS(NETFILTER), NULL },

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
	{ "promiscuous port", NEAR, "ip link set dev b promisc on", "ip link set dev b promisc off",
	  "b", AT(BRIDGE), IS(PROMISC), NULL },
	{ "VLAN filtering", EVENT, "ip link set dev br type bridge vlan_filtering 1",
	  "ip link set dev br type bridge vlan_filtering 0", "b", AT(BRIDGE),
	  IS(VLAN_FILTERING), "filters by VLAN" },
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
	  "ip link set w nomaster; ip link del bo", "w", AT(PORT), IS(UPPER),
	  "bo takes its frames" },
	{ "disable_ipv6", POLLED, "echo 1 >/proc/sys/net/ipv6/conf/w/disable_ipv6",
	  "echo 0 >/proc/sys/net/ipv6/conf/w/disable_ipv6", "w", AT(OUTER6), IS(SYSCTL),
	  "disable_ipv6" },
	{ "disable_ipv6 and IPv4", NEAR, "echo 1 >/proc/sys/net/ipv6/conf/w/disable_ipv6",
	  "echo 0 >/proc/sys/net/ipv6/conf/w/disable_ipv6", "w", AT(OUTER4), IS(SYSCTL),
	  NULL },
	{ "vxlan with group policy", EVENT,
	  "ip link add vg type vxlan id 9 local 10.0.0.1 dstport 4790 gbp", "ip link del vg",
	  "vg", AT(PORT), IS(TUNNEL_CONFIG), "gbp" },
	{ "plain vxlan", NEAR, "true", "true", "vx", AT(PORT), IS(TUNNEL_CONFIG), NULL },
	{ "backup port", EVENT, "ip link set vx type bridge_slave backup_port b",
	  "ip link set vx type bridge_slave nobackup_port", "vx", AT(EGRESS),
	  IS(BRIDGE_CONFIG), "backup_port" },
};

/* Sockets that the test itself holds open. */
struct sock_row {
	const char *name;
	unsigned int how;
	int domain, type;
	uint16_t protocol;	/* of a packet socket: ETH_P_*, host order */
	uint16_t port;		/* of a UDP socket on 10.0.0.1 */
	const char *on;		/* device a packet socket is bound to, NULL: none */
	const struct sock_fprog *filter;
	const char *dev;
	enum pn_place place;
	uint32_t gate;
	const char *text;
};

#define INSN(...) ((struct sock_filter[]){ __VA_ARGS__ })
#define FILTER(...) &(const struct sock_fprog){ \
	sizeof(INSN(__VA_ARGS__)) / sizeof(struct sock_filter), INSN(__VA_ARGS__) }
#define LOAD(size, at) BPF_STMT(BPF_LD | BPF_##size | BPF_ABS, at)
#define IF_NOT(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)
#define RET(value) BPF_STMT(BPF_RET | BPF_K, value)
/* UDP over IPv4 to a port. */
#define UDP_TO(port) FILTER(LOAD(H, 12), IF_NOT(ETH_P_IP, 8), LOAD(B, 23), \
	IF_NOT(IPPROTO_UDP, 6), LOAD(H, 20), \
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 4, 0), \
	BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 14), \
	BPF_STMT(BPF_LD | BPF_H | BPF_IND, 16), IF_NOT(port, 1), RET(0xffff), RET(0))

static const struct sock_row sock_rows[] = {
	{ "tap on the wire port, hook xdp", POLLED | BY_XDP, AF_PACKET, SOCK_RAW, ETH_P_ALL,
	  0, "w", NULL, "w", AT(OUTER4), IS(TAP), "gates (pid " },
	{ "tap on the wire port, hook tc", NEAR | BY_TC, AF_PACKET, SOCK_RAW, ETH_P_ALL,
	  0, "w", NULL, "w", AT(OUTER4), IS(TAP), NULL },
	{ "tap on every device", POLLED | BY_XDP, AF_PACKET, SOCK_RAW, ETH_P_ALL, 0, NULL,
	  NULL, "b", AT(BRIDGE), IS(TAP), "on every device" },
	{ "tap on the tunnel device", POLLED, AF_PACKET, SOCK_RAW, ETH_P_ALL, 0, "vx", NULL,
	  "vx", AT(BRIDGE), IS(TAP), "on vx" },
	{ "tap on the egress, hook xdp", POLLED | BY_XDP, AF_PACKET, SOCK_RAW, ETH_P_ALL, 0,
	  "b", NULL, "b", AT(EGRESS), IS(TAP), "on b" },
	{ "tap on another device", NEAR | BY_XDP, AF_PACKET, SOCK_RAW, ETH_P_ALL, 0, "b",
	  NULL, "w", AT(OUTER4), IS(TAP), NULL },
	{ "DHCP client's filter", NEAR | BY_XDP, AF_PACKET, SOCK_RAW, ETH_P_ALL, 0, "w",
	  UDP_TO(68), "w", AT(OUTER4), IS(TAP), NULL },
	{ "capture of the tunnel's port", POLLED | BY_XDP, AF_PACKET, SOCK_RAW, ETH_P_ALL,
	  0, "w", UDP_TO(4789), "w", AT(OUTER4), IS(TAP), "on w" },
	{ "capture of the tunnel's port and IPv6", NEAR | BY_XDP, AF_PACKET, SOCK_RAW,
	  ETH_P_ALL, 0, "w", UDP_TO(4789), "w", AT(OUTER6), IS(TAP), NULL },
	{ "LLDP daemon's filter on a bridge port", NEAR | BY_XDP, AF_PACKET, SOCK_RAW,
	  ETH_P_ALL, 0, "b",
	  FILTER(LOAD(B, 0), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1, 0, 1), RET(0xffff), RET(0)),
	  "b", AT(BRIDGE), IS(TAP), NULL },
	{ "socket of IPv4 only, hook tc", POLLED | BY_TC, AF_PACKET, SOCK_DGRAM, ETH_P_IP, 0,
	  "w", NULL, "w", AT(OUTER4), IS(TAP), "on w" },
	{ "socket of ARP only", NEAR | BY_XDP, AF_PACKET, SOCK_DGRAM, ETH_P_ARP, 0, "w", NULL,
	  "w", AT(OUTER4), IS(TAP), NULL },
	{ "socket that only sends", NEAR | BY_XDP, AF_PACKET, SOCK_RAW, 0, 0, "w", NULL, "w",
	  AT(OUTER4), IS(TAP), NULL },
	{ "raw socket of UDP", POLLED, AF_INET, SOCK_RAW, IPPROTO_UDP, 0, NULL, NULL, "w",
	  AT(OUTER4), IS(SOCKET), "raw socket of protocol UDP (raw)" },
	{ "raw socket of UDP over IPv6", POLLED, AF_INET6, SOCK_RAW, IPPROTO_UDP, 0, NULL,
	  NULL, "w", AT(OUTER6), IS(SOCKET), "raw socket of protocol UDP (raw6)" },
	{ "raw socket of ICMP", NEAR, AF_INET, SOCK_RAW, IPPROTO_ICMP, 0, NULL, NULL, "w",
	  AT(OUTER4), IS(SOCKET), NULL },
	{ "UDP socket on the tunnel's port", POLLED, AF_INET, SOCK_DGRAM, 0, 4789, NULL,
	  NULL, "w", AT(OUTER4), IS(SOCKET), "UDP socket on 10.0.0.1 port 4789" },
	{ "UDP socket on another port", NEAR, AF_INET, SOCK_DGRAM, 0, 4790, NULL, NULL, "w",
	  AT(OUTER4), IS(SOCKET), NULL },
};

/* --- helpers ------------------------------------------------------------ */

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Exit status of a shell command in the host's namespace; its noise is kept back. */
static int sh(const char *command)
{
	char line[512];
	int status;

	snprintf(line, sizeof(line), "{ %s; } >/dev/null 2>&1", command);
	fflush(stdout);
	netns_enter(&host);
	status = system(line);
	netns_leave();
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct told {
	uint32_t gate;
	const char *text;
	bool found;
	char last[128];
};

static int finding_match(const struct pn_gate_finding *f, void *data)
{
	struct told *t = data;

	if (f->gate != t->gate)
		return 0;
	snprintf(t->last, sizeof(t->last), "%s", f->text);
	t->found |= !t->text || strstr(f->text, t->text);
	return 0;
}

static void told_check(const struct pn_gates *g, uint32_t ifindex, const struct row *r)
{
	struct told t = { .gate = r->gate, .text = r->text };

	pn_gate_findings(g, ifindex, finding_match, &t);
	if (!t.found)
		tap_fail("no finding says \"%s\", but \"%s\"", r->text, t.last);
}

/* Follow until the bit is as wanted; the events alone must do for EVENT. */
static bool word_becomes(const struct row *r, uint32_t ifindex, bool closed)
{
	int64_t end = now_ms() + DEADLINE_MS;
	struct pollfd p = { .fd = pn_gates_fd(gates), .events = POLLIN };
	uint32_t word;
	int wait;

	do {
		wait = r->how & EVENT ? end - now_ms() : pn_gates_timeout(gates);
		poll(&p, 1, wait > 0 ? wait : 0);
		if (!tap_sys(pn_gates_update(gates, NULL), "update"))
			return false;
		word = pn_gate_word(gates, ifindex, r->place);
		if (!!(word & r->gate) == closed)
			return true;
	} while (now_ms() < end);
	return false;
}

static unsigned int row_engine(const struct row *r)
{
	return (r->how & BY_XDP ? PN_GATE_XDP : 0) | (r->how & BY_TC ? PN_GATE_TC : 0);
}

/* false: the case is over, because the kernel lacks what the row needs. */
static bool row_on(const struct row *r)
{
	int status = sh(r->on);

	if (!status)
		return true;
	sh(r->off);
	if (status != 127) {
		tap_skip("not on this kernel: %s", r->on);
	} else {
		tap_fail("a tool is missing: %s", r->on);
		tap_end();
	}
	return false;
}

static void row_closes(const struct row *r, uint32_t ifindex)
{
	tap_true(!(pn_gate_word(gates, ifindex, r->place) & r->gate), "open before");
	if (!row_on(r))
		return;
	if (!ifindex)
		ifindex = netns_ifindex(&host, r->dev);
	if (tap_true(word_becomes(r, ifindex, true), "closes"))
		told_check(gates, ifindex, r);
	tap_eq(sh(r->off), 0, "taken back");
	tap_true(word_becomes(r, ifindex, false), "opens again");
	tap_end();
}

static void row_near(const struct row *r, uint32_t ifindex)
{
	struct told t = { .gate = r->gate };
	struct pn_gates *g;

	if (!row_on(r))
		return;
	/* A fresh pair of eyes looks at everything. */
	g = pn_gates_open(host.fd, NULL);
	pn_gates_set_engine(g, ifindex, row_engine(r));
	tap_sys(pn_gates_update(g, NULL), "update");
	if (!tap_eq(pn_gate_word(g, ifindex, r->place) & r->gate, 0, "stays open")) {
		pn_gate_findings(g, ifindex, finding_match, &t);
		tap_diag("it says: %s", t.last);
	}
	pn_gates_close(g);
	tap_eq(sh(r->off), 0, "taken back");
	tap_end();
}

static void row_run(const struct row *r)
{
	int ifindex = netns_ifindex(&host, r->dev);

	ifindex = ifindex < 0 ? 0 : ifindex;
	tap_case("%s%s", r->name, r->how & NEAR ? " is no gate" : "");
	pn_gates_set_engine(gates, ifindex, row_engine(r));
	/* Take in what the row before left behind. */
	tap_sys(pn_gates_update(gates, NULL), "update before");
	if (r->how & NEAR)
		row_near(r, ifindex);
	else
		row_closes(r, ifindex);
	pn_gates_set_engine(gates, ifindex, 0);
}

/* --- rows of sockets ----------------------------------------------------- */

static int sock_open(const struct sock_row *s)
{
	struct sockaddr_ll ll = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(s->protocol) };
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(s->port),
				  .sin_addr.s_addr = htonl(0x0a000001) };
	bool packet = s->domain == AF_PACKET;
	int rc = 0;
	int fd;

	netns_enter(&host);
	fd = socket(s->domain, s->type, packet ? 0 : s->protocol);
	netns_leave();
	if (fd < 0)
		return -errno;
	if (s->filter)
		rc = setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, s->filter,
				sizeof(*s->filter));
	ll.sll_ifindex = s->on ? netns_ifindex(&host, s->on) : 0;
	if (!rc && packet)
		rc = bind(fd, (struct sockaddr *)&ll, sizeof(ll));
	if (!rc && s->port)
		rc = bind(fd, (struct sockaddr *)&in, sizeof(in));
	if (!rc)
		return fd;
	rc = -errno;
	close(fd);
	return rc;
}

static void sock_run(const struct sock_row *s)
{
	struct row r = { .how = s->how, .place = s->place, .gate = s->gate,
			 .text = s->text, .on = "true", .off = "true" };
	int ifindex = netns_ifindex(&host, s->dev);
	int fd;

	tap_case("%s%s", s->name, s->how & NEAR ? " is no gate" : "");
	pn_gates_set_engine(gates, ifindex, row_engine(&r));
	tap_sys(pn_gates_update(gates, NULL), "update before");
	tap_true(!(pn_gate_word(gates, ifindex, r.place) & r.gate), "open before");
	fd = sock_open(s);
	tap_sys(fd, "socket");
	if (s->how & NEAR) {
		row_near(&r, ifindex);
	} else {
		if (tap_true(word_becomes(&r, ifindex, true), "closes"))
			told_check(gates, ifindex, &r);
		close(fd);
		fd = -1;
		tap_true(word_becomes(&r, ifindex, false), "opens again");
		tap_end();
	}
	if (fd >= 0)
		close(fd);
	pn_gates_set_engine(gates, ifindex, 0);
}

/* --- sources against the kernel ------------------------------------------ */

static const struct {
	const char *name;
	const char *rp_filter;
	const char *src;
	int want;
} sources[] = {
	{ "a peer on the link", "1", "10.0.0.2", 0 },
	{ "a peer routed elsewhere, strict", "1", "10.1.0.2", -EXDEV },
	{ "a peer routed elsewhere, loose", "2", "10.1.0.2", 0 },
	{ "a peer routed elsewhere, off", "0", "10.1.0.2", 0 },
	{ "a peer without a route, loose", "2", "10.2.0.2", -EXDEV },
	{ "a peer without a route, off", "0", "10.2.0.2", 0 },
	{ "our own address", "0", "10.0.0.1", -EINVAL },
	{ "loopback", "0", "127.0.0.9", -EINVAL },
	{ "multicast", "0", "224.0.0.9", -EINVAL },
};

static int source_ask(const char *src)
{
	struct in_addr from, to = { htonl(0x0a000001) };

	inet_pton(AF_INET, src, &from);
	return pn_gate_rp_accepts(gates, netns_ifindex(&host, "w"), AF_INET, &from, &to);
}

static void sources_run(void)
{
	struct told t = { .gate = PN_GATE_RP_FILTER,
			  .text = "peer 10.1.0.2: its route does not go back by w" };
	size_t i;

	netns_up(&peer, "w");
	netns_up(&peer, "b");
	netns_up(&host, "w");
	netns_up(&host, "b");
	netns_up(&host, "br");
	netns_addr(&host, "br", "10.1.0.1/24");
	for (i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		tap_case("source: %s", sources[i].name);
		netns_sysctl(&host, "net/ipv4/conf/all/rp_filter", "0");
		netns_sysctl(&host, "net/ipv4/conf/w/rp_filter", sources[i].rp_filter);
		pn_gate_rp_forget(gates);
		tap_eq(source_ask(sources[i].src), sources[i].want, "answer");
		tap_end();
	}
	tap_case("a refused peer is told, closes no word, and is forgotten");
	netns_sysctl(&host, "net/ipv4/conf/w/rp_filter", "1");
	source_ask("10.1.0.2");
	source_ask("10.1.0.2");
	pn_gate_findings(gates, netns_ifindex(&host, "w"), finding_match, &t);
	tap_true(t.found, t.last);
	tap_eq(pn_gate_word(gates, netns_ifindex(&host, "w"), PN_PLACE_OUTER4), 0, "word");
	pn_gate_rp_forget(gates);
	t.found = false;
	pn_gate_findings(gates, 0, finding_match, &t);
	tap_true(!t.found, "forgotten");
	tap_end();
}

static bool topology_make(void)
{
	struct netns_vxlan vx = { .id = 5, .dstport = 4789, .local = "10.0.0.1" };

	return tap_sys(netns_open(&host), "host") && tap_sys(netns_open(&peer), "peer") &&
	       tap_sys(netns_veth(&host, "w", &peer, "w"), "veth w") &&
	       tap_sys(netns_veth(&host, "b", &peer, "b"), "veth b") &&
	       tap_sys(netns_bridge(&host, "br"), "bridge") &&
	       tap_sys(netns_vxlan(&host, "vx", &vx), "vxlan") &&
	       tap_sys(netns_master(&host, "b", "br"), "port b") &&
	       tap_sys(netns_master(&host, "vx", "br"), "port vx") &&
	       tap_sys(netns_addr(&host, "w", "10.0.0.1/24"), "address");
}

int main(void)
{
	struct pn_err err = { 0 };
	size_t i;

	tap_case("bare devices have no gate");
	if (!topology_make())
		tap_bail("no topology");
	/* Where br_netfilter is there at all, it is on by default. */
	sh("modprobe br_netfilter; for f in /proc/sys/net/bridge/bridge-nf-call-*; do echo 0 >$f; done");
	gates = pn_gates_open(host.fd, &err);
	if (!gates)
		tap_bail("%s", err.text);
	tap_true(pn_gates_timeout(gates) == 0, "something to do at once");
	if (!tap_eq(pn_gates_update(gates, &err) & PN_GATES_WORDS, 0, "first update"))
		tap_diag("%s", err.text);
	tap_eq(pn_gate_word(gates, netns_ifindex(&host, "w"), PN_PLACE_PORT), 0, "w");
	tap_true(pn_gates_timeout(gates) > 500 && pn_gates_timeout(gates) <= 5000,
		 "polls once a second or, where that is dear, less");
	tap_end();
	pn_gates_set_poll(gates, 20);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		row_run(&rows[i]);
	for (i = 0; i < sizeof(sock_rows) / sizeof(sock_rows[0]); i++)
		sock_run(&sock_rows[i]);
	sources_run();
	pn_gates_close(gates);
	netns_close(&host);
	netns_close(&peer);
	return tap_done();
}
