// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * explain where tunnels route: a packet that leaves, one for this host, and
 * tunnels inside tunnels, as far as `nesting` allows and one further. What is
 * written is what would leave, or go up.
 */
#include <stdio.h>
#include <string.h>

#include "capture.h"
#include "gateway.h"
#include "tap.h"

#define IN	"/run/netns/in.pcap"
#define OUT	"/run/netns/out.pcap"
#define EXPLAIN "explain " IN " --dev d -w " OUT " -j"
#define ATTACH	"attach d --ignore offload,sysctl --hook "
#define DEEPEST 5  /* tunnels around a packet: more than may be taken off */
#define LAYER	50 /* bytes of one: Ethernet, IPv4, UDP, VXLAN */

static struct gateway gw;
static const char *const devices[DEEPEST] = { "vx", "v1", "v2", "v3", "v4" };

/* Inside the innermost tunnel: a packet to @to. */
static void packet_start(struct pkt *p, const char *to)
{
	struct pkt_ip ip = { .addr = pkt_addr("192.168.5.2", to), .proto = 17, .ttl = 64 };

	pkt_init(p);
	pkt_append(p, NULL, 24);
	pkt_udp(p, 1000, 2000);
	pkt_ip(p, &ip);
}

/* Around it: the frame to tunnel device @nth, and the packet that this one is in. */
static void packet_wrap(struct pkt *p, int nth)
{
	struct pkt_ip ip = { .proto = 17, .ttl = 64 };
	char mac[18], ours[16], theirs[16];

	snprintf(mac, sizeof(mac), "02:aa:00:00:0%d:01", nth);
	snprintf(ours, sizeof(ours), "10.%d.0.1", nth);
	snprintf(theirs, sizeof(theirs), "10.%d.0.2", nth);
	ip.addr = pkt_addr(theirs, ours);
	pkt_eth(p, mac, PKT_MAC_I, 0x0800);
	pkt_vxlan(p, 5 + nth);
	pkt_udp(p, 1234, 4789);
	pkt_ip(p, &ip);
}

/* As it arrives at d, inside @levels tunnels. */
static void packet_make(struct pkt *p, const char *to, int levels)
{
	packet_start(p, to);
	while (levels--)
		packet_wrap(p, levels);
	pkt_eth(p, PKT_MAC_D, PKT_MAC_P, 0x0800);
}

/* The frame that leaves w: another Ethernet header, one hop less. */
static void packet_routed(struct pkt *p, const char *to)
{
	uint8_t *ip;

	packet_start(p, to);
	ip = pkt_data(p);
	ip[8]--;
	pkt_put16(ip + 10, 0);
	pkt_put16(ip + 10, pkt_fold(pkt_sum(ip, 20, 0)));
	pkt_eth(p, SCENE_IN_DST, SCENE_OUT_MAC, 0x0800);
}

static void next_is(FILE *f, const struct pkt *want)
{
	struct capture_packet h;
	uint8_t data[2048];

	if (capture_next(f, &h, data, sizeof(data)))
		tap_bytes(data, h.caplen, pkt_cdata(want), want->len, "written packet");
}

static void attached(const char *hook, int nesting)
{
	char line[96];

	snprintf(line, sizeof(line), ATTACH "%s --nesting %d", hook, nesting);
	gateway_runs(line, 0, NULL);
}

/* To the workload's network, and to this host itself. */
static void routed(const char *hook)
{
	static const char *const to[] = { "192.168.5.1", "192.168.5.254" };
	static const struct gateway_met want[2][2] = {
		{ { "forward", "routed", "vx", "w" }, { "pass", "route-local", "vx", "null" } },
		{ { "forward", "routed", "vx", "w" }, { "forward", "delivered", "vx", "null" } },
	};
	bool tc = !strcmp(hook, "tc");
	FILE *f = capture_new(IN, CAPTURE_MAGIC, CAPTURE_ETHERNET);
	struct pkt p;

	tap_case("explain at %s: a packet that is routed, and one for this host", hook);
	for (int i = 0; f && i < 2; i++) {
		packet_make(&p, to[i], 1);
		capture_add(f, pkt_data(&p), p.len, p.len);
	}
	if (f)
		fclose(f);
	attached(hook, 1);
	gateway_explains(EXPLAIN, want[tc], 2);
	f = capture_open(OUT);
	if (f) {
		packet_routed(&p, to[0]);
		next_is(f, &p);
		packet_make(&p, to[1], 1);
		if (tc)
			pkt_pull(&p, LAYER);
		next_is(f, &p);
		fclose(f);
	}
	tap_eq(gateway_reason("d", "routed") + gateway_reason("d", "refresh"), 0, "counted");
	gateway_runs("detach --all", 0, NULL);
	tap_end();
}

static void nested_output(bool tc, int nesting)
{
	FILE *f = capture_open(OUT);
	struct pkt p;

	for (int levels = 1; f && levels <= DEEPEST; levels++) {
		if (levels <= nesting) {
			packet_routed(&p, "192.168.5.1");
		} else {
			packet_make(&p, "192.168.5.1", levels);
			if (tc)
				pkt_pull(&p, nesting * LAYER);
		}
		next_is(f, &p);
	}
	if (f)
		fclose(f);
}

/* Packets inside one to five tunnels: the innermost that is reached is named. */
static void nested(const char *hook, int nesting)
{
	bool tc = !strcmp(hook, "tc");
	struct gateway_met want[DEEPEST];
	FILE *f = capture_new(IN, CAPTURE_MAGIC, CAPTURE_ETHERNET);
	struct pkt p;
	int i;

	tap_case("explain at %s: tunnels inside tunnels, nesting %d", hook, nesting);
	for (i = 0; f && i < DEEPEST; i++) {
		packet_make(&p, "192.168.5.1", i + 1);
		capture_add(f, pkt_data(&p), p.len, p.len);
		if (i < nesting)
			want[i] = (struct gateway_met){ "forward", "routed", devices[i], "w" };
		else if (tc)
			want[i] = (struct gateway_met){ "forward", "delivered",
							devices[nesting - 1], "null" };
		else
			want[i] = (struct gateway_met){ "pass",
							nesting > 1 ? "nested" : "route-local",
							devices[nesting - 1], "null" };
	}
	if (f)
		fclose(f);
	attached(hook, nesting);
	gateway_explains(EXPLAIN, want, DEEPEST);
	nested_output(tc, nesting);
	tap_eq(gateway_reason("d", "routed") + gateway_reason("d", "refresh") +
	       gateway_reason("d", "nested"), 0, "counted");
	gateway_runs("detach --all", 0, NULL);
	tap_end();
}

/* Each tunnel's address is on the device of the one around it. */
static bool tunnels_make(struct netns *d)
{
	char lines[512];

	for (int i = 1; i < DEEPEST; i++) {
		snprintf(lines, sizeof(lines),
			 "addr add 10.%d.0.1/24 dev %s\n"
			 "link add %s address 02:aa:00:00:0%d:01 type vxlan id %d dstport 4789 "
			 "local 10.%d.0.1 remote 10.%d.0.2 nolearning\n"
			 "link set %s up\n", i, devices[i - 1], devices[i], i, 5 + i, i, i,
			 devices[i]);
		if (!tap_sys(netns_ip(d, lines), lines))
			return false;
	}
	return true;
}

/* The tunnel leaves the bridge, and so does the way to the workload. */
static void route_instead(void)
{
	struct netns *d = &gw.scene.d;

	tap_case("the tunnel is no bridge port any more, and has others inside");
	tap_sys(netns_ip(d, "link set vx nomaster\n"
			    "link set w nomaster\n"), "no bridge");
	tap_sys(netns_sysctl(d, "net/ipv4/ip_forward", "1"), "forwarding");
	tap_sys(scene_routes(d), "addresses and neighbours");
	tunnels_make(d);
	tap_end();
}

int main(void)
{
	static const char *const hooks[] = { "tc", "xdp" };

	if (gateway_open(&gw))
		tap_bail("no gateway");
	netns_name(&gw.scene.e, "workload");
	route_instead();
	for (int h = 0; h < 2; h++) {
		routed(hooks[h]);
		for (int nesting = 1; nesting <= PN_MAX_NESTING; nesting++)
			nested(hooks[h], nesting);
	}
	gateway_close(&gw);
	return tap_done();
}
