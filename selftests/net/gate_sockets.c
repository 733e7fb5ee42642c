// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Gates that are sockets of somebody: packet sockets with and without filters,
 * raw and UDP sockets, opened by the test itself; and the kernel's opinion of
 * sources. See lib/gate.h for the host.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gate.h"
#include "tap.h"

#define AT(place) PN_PLACE_##place
#define IS(gate) PN_GATE_##gate

struct sock_row {
	const char *name;
	unsigned int how;
	int domain, type;
	uint16_t protocol;	/* of a packet socket: ETH_P_*, host order */
	uint16_t port;		/* of a UDP socket on 10.0.0.1 */
	const char *on;		/* device a packet socket is bound to, NULL: none */
	const struct sock_fprog *filter;
	const char *dev;
	unsigned int place;	/* PN_PLACE_* */
	uint32_t gate;
	const char *text;
	const char *with;	/* a tunnel device tu that not every kernel has; NULL: none */
};

#define GRE "type gre local 10.0.0.1 remote 10.0.0.2"

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
	  0, "w", NULL, "w", AT(OUTER4), IS(TAP), "gate_sockets (pid " },
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
	{ "raw socket of GRE without GRE", NEAR, AF_INET, SOCK_RAW, IPPROTO_GRE, 0, NULL, NULL,
	  "w", AT(OUTER4), IS(SOCKET), NULL },
	{ "raw socket of GRE", POLLED, AF_INET, SOCK_RAW, IPPROTO_GRE, 0, NULL, NULL, "tu",
	  AT(PORT), IS(SOCKET), "raw socket of protocol 47 (raw)", GRE },
	{ "raw socket of GRE and vxlan", NEAR, AF_INET, SOCK_RAW, IPPROTO_GRE, 0, NULL, NULL,
	  "vx", AT(PORT), IS(SOCKET), NULL, GRE },
	{ "raw socket of protocol 4 and GRE", NEAR, AF_INET, SOCK_RAW, IPPROTO_IPIP, 0, NULL,
	  NULL, "tu", AT(PORT), IS(SOCKET), NULL, GRE },
	{ "raw socket of GRE over IPv6 and GRE over IPv4", NEAR, AF_INET6, SOCK_RAW, IPPROTO_GRE,
	  0, NULL, NULL, "tu", AT(PORT), IS(SOCKET), NULL, GRE },
	{ "tap on a routed tunnel device", POLLED, AF_PACKET, SOCK_RAW, ETH_P_ALL, 0, "six", NULL,
	  "six", AT(ROUTED4), IS(TAP), "on six" },
	{ "tap on every device and a routed tunnel", POLLED, AF_PACKET, SOCK_RAW, ETH_P_ALL, 0,
	  NULL, NULL, "six", AT(ROUTED6), IS(TAP), "on every device" },
	{ "tap on another device and a routed tunnel", NEAR, AF_PACKET, SOCK_RAW, ETH_P_ALL, 0,
	  "w", NULL, "six", AT(ROUTED4), IS(TAP), NULL },
	{ "socket of IPv6 only and routed IPv4", NEAR, AF_PACKET, SOCK_DGRAM, ETH_P_IPV6, 0,
	  "six", NULL, "six", AT(ROUTED4), IS(TAP), NULL },
	{ "LLDP daemon's filter on a routed tunnel", NEAR, AF_PACKET, SOCK_RAW, ETH_P_ALL, 0,
	  "six",
	  FILTER(LOAD(B, 0), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1, 0, 1), RET(0xffff), RET(0)),
	  "six", AT(ROUTED4), IS(TAP), NULL },
	{ "tap on a tunnel without Ethernet", POLLED, AF_PACKET, SOCK_RAW, ETH_P_ALL, 0, "tu",
	  FILTER(LOAD(B, 9), IF_NOT(IPPROTO_TCP, 1), RET(0xffff), RET(0)), "tu", AT(ROUTED4),
	  IS(TAP), "on tu", GRE },
	{ "UDP socket on the tunnel's port", POLLED, AF_INET, SOCK_DGRAM, 0, 4795, NULL,
	  NULL, "w", AT(OUTER4), IS(SOCKET), "UDP socket on 10.0.0.1 port 4795" },
	{ "UDP socket on another port", NEAR, AF_INET, SOCK_DGRAM, 0, 4790, NULL, NULL, "w",
	  AT(OUTER4), IS(SOCKET), NULL },
};

static int sock_open(const struct gate_host *h, const struct sock_row *s)
{
	struct sockaddr_ll ll = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(s->protocol) };
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(s->port),
				  .sin_addr.s_addr = htonl(0x0a000001) };
	bool packet = s->domain == AF_PACKET;
	int rc = 0;
	int fd;

	netns_enter(&h->ns);
	fd = socket(s->domain, s->type, packet ? 0 : s->protocol);
	netns_leave();
	if (fd < 0)
		return -errno;
	if (s->filter)
		rc = setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, s->filter,
				sizeof(*s->filter));
	ll.sll_ifindex = s->on ? netns_ifindex(&h->ns, s->on) : 0;
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

static void sock_run(struct gate_host *h, const struct sock_row *s)
{
	struct gate_case c = { s->name, s->how, s->dev, s->place, s->gate, s->text };
	char line[128];
	int fd;

	gate_begin(h, &c);
	snprintf(line, sizeof(line), "ip link add name tu %s && ip link set tu up",
		 s->with ? s->with : "");
	if (s->with && gate_sh(h, line)) {
		tap_skip("not on this kernel: %s", line);
		return;
	}
	pn_gates_update(h->gates, NULL);
	fd = sock_open(h, s);
	tap_sys(fd, "socket");
	if (s->how & NEAR)
		gate_stays_open(h, &c);
	else
		gate_closes(h, &c);
	if (fd >= 0)
		close(fd);
	if (!(s->how & NEAR))
		gate_opens(h, &c);
	if (s->with)
		gate_sh(h, "ip link del tu");
	gate_end(h, &c);
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

static int source_ask(const struct gate_host *h, const char *src)
{
	struct in_addr from, to = { htonl(0x0a000001) };

	inet_pton(AF_INET, src, &from);
	return pn_gate_rp_accepts(h->gates, netns_ifindex(&h->ns, "w"), AF_INET, &from,
				  &to);
}

static void sources_run(struct gate_host *h)
{
	size_t i;

	netns_addr(&h->ns, "br", "10.1.0.1/24");
	for (i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		tap_case("source: %s", sources[i].name);
		netns_sysctl(&h->ns, "net/ipv4/conf/all/rp_filter", "0");
		netns_sysctl(&h->ns, "net/ipv4/conf/w/rp_filter", sources[i].rp_filter);
		pn_gate_rp_forget(h->gates);
		tap_eq(source_ask(h, sources[i].src), sources[i].want, "answer");
		tap_end();
	}
}

/* IPv6 has no rp_filter: what counts is that the packet is for this host. */
static void sources6_run(struct gate_host *h)
{
	uint32_t w = netns_ifindex(&h->ns, "w");
	struct pollfd p = { .fd = pn_gates_fd(h->gates), .events = POLLIN };
	struct in6_addr src, dst, other;

	tap_case("sources over IPv6");
	gate_sh(h, "ip addr add fd00::1/64 dev w nodad");
	inet_pton(AF_INET6, "fd00::2", &src);
	inet_pton(AF_INET6, "fd00::1", &dst);
	inet_pton(AF_INET6, "fd00::9", &other);
	/* The address serves once the stack has been told of the carrier. */
	while (pn_gate_rp_accepts(h->gates, w, AF_INET6, &src, &dst) &&
	       poll(&p, 1, 20000) > 0)
		pn_gates_update(h->gates, NULL);
	tap_eq(pn_gate_rp_accepts(h->gates, w, AF_INET6, &src, &dst), 0, "to this host");
	tap_true(pn_gate_rp_accepts(h->gates, w, AF_INET6, &src, &other) < 0, "to another");
	tap_end();
}

static void refused_run(struct gate_host *h)
{
	const char *text = "peer 10.1.0.2: its route does not go back by w";
	uint32_t w = netns_ifindex(&h->ns, "w");
	char last[128];

	tap_case("a refused peer is told, closes no word, and is forgotten");
	netns_sysctl(&h->ns, "net/ipv4/conf/w/rp_filter", "1");
	source_ask(h, "10.1.0.2");
	tap_true(gate_told(h->gates, w, PN_GATE_RP_FILTER, text, last), last);
	tap_eq(pn_gate_word(h->gates, w, PN_PLACE_OUTER4), 0, "word");
	pn_gate_rp_forget(h->gates);
	tap_true(!gate_told(h->gates, 0, PN_GATE_RP_FILTER, NULL, last), "forgotten");
	tap_end();
}

int main(void)
{
	static struct gate_host host;
	size_t i;

	gate_host_open(&host);
	for (i = 0; i < sizeof(sock_rows) / sizeof(sock_rows[0]); i++)
		sock_run(&host, &sock_rows[i]);
	sources_run(&host);
	sources6_run(&host);
	refused_run(&host);
	gate_host_close(&host);
	return tap_done();
}
