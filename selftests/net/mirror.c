// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The mirror against a kernel: what it writes is compared with what the
 * kernel says when asked directly.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "mirrored.h"
#include "netns.h"
#include "pkt.h"
#include "tap.h"
#include "wire.h"

#define AWAIT_MS 20000

static struct netns host, peer;
static struct mirrored t;

#define H1 "02:00:00:00:01:01"
#define H2 "02:00:00:00:01:02"
#define H3 "02:00:00:00:01:03"

static bool topology_make(void)
{
	static const char *const pairs[][2] = { { "w1", "x1" }, { "w2", "x2" } };

	if (!mirrored_host(&host, &peer) || !tap_sys(netns_master(&host, "vx", "br0"), "master"))
		return false;
	for (int i = 0; i < 2; i++)
		if (!tap_sys(netns_veth(&host, pairs[i][0], &peer, pairs[i][1]), "workload") ||
		    !tap_sys(netns_master(&host, pairs[i][0], "br0"), "master") ||
		    !tap_sys(netns_up(&host, pairs[i][0]), "up") ||
		    !tap_sys(netns_up(&peer, pairs[i][1]), "up"))
			return false;
	return true;
}

/* Open a mirror, attach d, read everything. */
static bool sync_from(int rcvbuf)
{
	struct pn_err err = { 0 };

	if (!tap_sys(mirrored_open(&t, rcvbuf), "open") ||
	    !tap_sys(mirrored_attach(&t, "d"), "attach"))
		return false;
	return !pn_mirror_sync(t.m, &err) || tap_fail("%s: %s", err.object, err.text);
}

/* --- conditions to wait for ---------------------------------------------- */

struct want {
	const char *dev, *mac, *src, *dst;
	__u32 flags, off;
};

static bool slot_on(struct mirrored *x, void *arg)
{
	const struct want *w = arg;
	const struct pn_slot *s = mirrored_slot(x, w->mac);
	const struct pn_port *p = w->dev ? mirrored_port(x, w->dev) : NULL;

	if (!w->dev)
		return !s;
	return s && p && &x->maps.ports[s->index] == p;
}

static bool port_flags(struct mirrored *x, void *arg)
{
	const struct want *w = arg;
	const struct pn_port *p = mirrored_port(x, w->dev);

	return p && (p->flags & w->flags) == w->flags && !(p->flags & w->off);
}

static bool endpoint_is(struct mirrored *x, void *arg)
{
	const struct want *w = arg;

	return mirrored_endpoint(x, w->dev, w->src, w->dst);
}

static bool endpoint_not(struct mirrored *x, void *arg)
{
	return !endpoint_is(x, arg);
}

static void await(bool (*cond)(struct mirrored *, void *), struct want w, const char *what)
{
	if (!mirrored_await(&t, cond, &w, AWAIT_MS))
		tap_fail("%s: not within %d ms", what, AWAIT_MS);
}

/* --- cases ---------------------------------------------------------------- */

static void start_case(void)
{
	const struct pn_port *p;

	tap_case("first reading: ports, tunnels, own addresses");
	if (!sync_from(0))
		goto out;
	tap_true(mirrored_same(&t, AWAIT_MS), "as the kernel is");
	p = mirrored_port(&t, "w1");
	if (!tap_true(p != NULL, "port w1"))
		goto out;
	tap_eq(p->flags & (PN_PORT_UP | PN_PORT_FORWARDING | PN_PORT_LEARNING | PN_PORT_XDP_TARGET),
	       PN_PORT_UP | PN_PORT_FORWARDING | PN_PORT_LEARNING | PN_PORT_XDP_TARGET, "flags");
	tap_eq(p->max_len, 1518, "longest frame");
	tap_true(p->fid != 0, "fid");
	tap_eq(p->fid, mirrored_port(&t, "vx")->fid, "fid of the tunnel's port");
	tap_eq(mirrored_port(&t, "d")->fid, 0, "fid of the underlay");
	tap_eq(t.devmap[p - t.maps.ports], p->ifindex, "devmap");
	tap_eq(t.premature, 0, "targets before their place in the devmap");
	/* the bridge's default ageing time is 300 s */
	tap_eq(t.maps.control->epoch_ns, 75000000000ll, "epoch");
out:
	tap_end();
}

static uint32_t demux_index(uint64_t key)
{
	const struct pn_slot *slot = t.maps.demux->slot;

	for (; slot < t.maps.demux[t.maps.demux_mask + 1].slot; slot++)
		if (slot->key == key)
			return slot->index | slot->tunnel;
	return 0;
}

static bool demux_gone(struct mirrored *x, void *arg)
{
	return !demux_index(*(uint64_t *)arg);
}

static bool demux_there(struct mirrored *x, void *arg)
{
	return demux_index(*(uint64_t *)arg);
}

static void fdb_case(void)
{
	const struct pn_slot *s;

	tap_case("FDB: added, moved, deleted; what stays, what ages, what is local");
	netns_fdb(&host, "w1", H1, NULL);
	await(slot_on, (struct want){ .dev = "w1", .mac = H1 }, "added");
	netns_bridge_cmd(&host, "fdb replace " H1 " dev w2 master static\n");
	await(slot_on, (struct want){ .dev = "w2", .mac = H1 }, "moved");
	s = mirrored_slot(&t, H1);
	tap_eq(s ? s->flags : -1, 0, "a static entry does not age and may move");
	netns_bridge_cmd(&host, "fdb replace " H2 " dev w1 master static sticky\n"
				"fdb add " H3 " dev w1 master dynamic\n");
	await(slot_on, (struct want){ .dev = "w1", .mac = H3 }, "dynamic");
	s = mirrored_slot(&t, H3);
	tap_eq(s ? s->flags : -1, PN_FDB_REFRESH, "a dynamic entry ages");
	s = mirrored_slot(&t, H2);
	tap_eq(s ? s->flags : -1, PN_FDB_STAYS, "a sticky entry stays");
	netns_bridge_cmd(&host, "fdb del " H1 " dev w2 master\nfdb del " H2 " dev w1 master\n");
	await(slot_on, (struct want){ .mac = H2 }, "deleted");
	tap_true(mirrored_same(&t, AWAIT_MS), "as the kernel is");
	tap_end();
}

static void port_case(void)
{
	struct want w;

	tap_case("ports: state, options, length, down");
	netns_bridge_cmd(&host, "link set dev w1 isolated on\nlink set dev w1 hairpin on\n"
				"link set dev w1 learning off\n");
	w = (struct want){ .dev = "w1", .flags = PN_PORT_ISOLATED | PN_PORT_HAIRPIN,
			   .off = PN_PORT_LEARNING };
	await(port_flags, w, "options");
	netns_bridge_cmd(&host, "link set dev w1 isolated off\nlink set dev w1 hairpin off\n"
				"link set dev w1 learning on\nlink set dev w1 state 0\n");
	w = (struct want){ .dev = "w1", .off = PN_PORT_FORWARDING };
	await(port_flags, w, "disabled");
	netns_bridge_cmd(&host, "link set dev w1 state 3\n");
	w = (struct want){ .dev = "w1", .flags = PN_PORT_FORWARDING | PN_PORT_UP };
	await(port_flags, w, "forwarding");
	netns_mtu(&host, "w1", 1400);
	netns_down(&host, "w1");
	await(port_flags, (struct want){ .dev = "w1", .off = PN_PORT_UP }, "down");
	tap_eq(mirrored_port(&t, "w1")->max_len, 1418, "longest frame");
	tap_true(mirrored_same(&t, AWAIT_MS), "the kernel flushed its dynamic entries");
	netns_up(&host, "w1");
	await(port_flags, w, "up again");
	netns_down(&peer, "x1");
	await(port_flags, (struct want){ .dev = "w1", .off = PN_PORT_UP }, "no carrier");
	netns_up(&peer, "x1");
	await(port_flags, w, "carrier");
	netns_down(&host, "br0");
	await(port_flags, (struct want){ .dev = "w1", .off = PN_PORT_UP }, "bridge down");
	netns_up(&host, "br0");
	await(port_flags, w, "bridge up");
	tap_end();
}

static void vtep_case(void)
{
	struct want a = { .dev = "d", .src = "10.0.0.2", .dst = "10.0.0.1" };
	struct want b = { .dev = "d", .src = "10.0.0.3", .dst = "10.0.0.1" };
	const struct pn_slot *s;

	tap_case("a tunnel's FDB: VTEP of the MAC, endpoints for the peer");
	await(endpoint_is, (struct want){ .dev = "d", .src = "fd00::2", .dst = "fd00::1" },
	      "the link's own remote is a peer");
	netns_fdb(&host, "vx", H1, "10.0.0.2");
	netns_fdb(&host, "vx", H1, NULL);
	await(endpoint_is, a, "peer");
	await(slot_on, (struct want){ .dev = "vx", .mac = H1 }, "on the tunnel's port");
	s = mirrored_slot(&t, H1);
	tap_true(s && s->vtep && s->vtep == mirrored_endpoint(&t, "d", a.src, a.dst)->vtep, "VTEP");
	netns_bridge_cmd(&host, "fdb replace " H1 " dev vx self dst 10.0.0.3\n");
	await(endpoint_is, b, "another VTEP");
	await(endpoint_not, a, "nobody refers to the first one");
	tap_true(mirrored_same(&t, AWAIT_MS), "as the kernel is");
	netns_bridge_cmd(&host, "fdb append 00:00:00:00:00:00 dev vx self dst 10.0.0.2\n"
				"fdb append 00:00:00:00:00:00 dev vx self dst 10.0.0.9\n");
	await(endpoint_is, a, "a flooding remote is a peer");
	netns_bridge_cmd(&host, "fdb del 00:00:00:00:00:00 dev vx self dst 10.0.0.2\n");
	await(endpoint_not, a, "no more");
	tap_true(mirrored_endpoint(&t, "d", "10.0.0.9", "10.0.0.1") != NULL, "the other one stays");
	netns_bridge_cmd(&host, "fdb del " H1 " dev vx self\n");
	await(endpoint_not, b, "no more");
	s = mirrored_slot(&t, H1);
	tap_true(s && !s->vtep, "no VTEP");
	tap_true(mirrored_same(&t, AWAIT_MS), "as the kernel is");
	tap_end();
}

static void address_case(void)
{
	struct want a = { .dev = "d", .src = "10.0.0.2", .dst = "10.0.0.7" };
	struct want own = { .dev = "d", .src = "10.0.0.9", .dst = "10.0.0.7" };

	tap_case("own addresses: any of them is a destination, none of them a source");
	netns_fdb(&host, "vx", H2, "10.0.0.2");
	netns_addr(&host, "w2", "10.0.0.7/32");
	await(endpoint_is, a, "an address of another device");
	await(endpoint_is, own, "10.0.0.9 is a peer");
	netns_addr(&host, "w2", "10.0.0.9/32");
	await(endpoint_not, own, "a peer that is ourselves");
	netns_ip(&host, "addr del 10.0.0.9/32 dev w2\naddr del 10.0.0.7/32 dev w2\n");
	await(endpoint_not, a, "the address is gone");
	own.dst = "10.0.0.1";
	await(endpoint_is, own, "a peer again");
	tap_end();
}

static void rp_filter_case(void)
{
	struct want a = { .dev = "d", .src = "10.9.0.2", .dst = "10.0.0.1" };

	tap_case("a peer whose route goes elsewhere is none under rp_filter");
	netns_ip(&host, "route add 10.9.0.0/24 via 10.0.0.77 dev d\n");
	netns_fdb(&host, "vx", H3, "10.9.0.2");
	await(endpoint_is, a, "no rp_filter");
	netns_sysctl(&host, "net/ipv4/conf/d/rp_filter", "1");
	netns_addr(&host, "w2", "10.8.0.1/24");
	netns_ip(&host, "route replace 10.9.0.0/24 via 10.8.0.77 dev w2\n");
	await(endpoint_not, a, "refused by rp_filter");
	netns_ip(&host, "route replace 10.9.0.0/24 via 10.0.0.77 dev d\n");
	await(endpoint_is, a, "the route comes back");
	netns_sysctl(&host, "net/ipv4/conf/d/rp_filter", "0");
	tap_end();
}

static void learning_case(void)
{
	static struct settle marker;
	struct wire wire;
	struct pkt pkt;

	tap_case("what the bridge learns is in the map; what ages out is not");
	pkt_I4(&pkt);
	pkt_E(&pkt);
	if (!tap_sys(settle_open(&marker), "marker") ||
	    !tap_sys(wire_open(&wire, &peer, "x2"), "socket") ||
	    !tap_sys(wire_send(&wire, &pkt), "send") || !tap_sys(settle(&marker), "settle"))
		goto out;
	tap_true(mirrored_same(&t, AWAIT_MS), "learned");
	netns_ip(&host, "link set br0 type bridge ageing_time 100\n");
	await(slot_on, (struct want){ .mac = H3 }, "aged out");
	tap_eq(t.maps.control->epoch_ns, 250000000, "epoch");
	netns_ip(&host, "link set br0 type bridge ageing_time 30000\n");
	tap_true(mirrored_same(&t, AWAIT_MS), "as the kernel is");
	wire_close(&wire);
out:
	tap_end();
}

static bool port_gone(struct mirrored *x, void *arg)
{
	uint32_t i;

	for (i = 1; i < PN_MAX_PORTS; i++)
		if (x->maps.ports[i].ifindex == *(uint32_t *)arg)
			return false;
	return true;
}

static void recreate_case(void)
{
	uint32_t ifindex = netns_ifindex(&host, "w1");
	char line[128];

	tap_case("a device that is deleted and made again, with the same name and index");
	netns_fdb(&host, "w1", H1, NULL);
	await(slot_on, (struct want){ .dev = "w1", .mac = H1 }, "entry");
	netns_del(&host, "w1");
	if (!mirrored_await(&t, port_gone, &ifindex, AWAIT_MS))
		tap_fail("the port is still there");
	tap_true(!mirrored_slot(&t, H1), "its entries are gone");
	snprintf(line, sizeof(line), "link add w1 index %u type veth peer name x1\n"
		 "link set w1 mtu 1300 master br0 up\nlink set x1 up\n", ifindex);
	tap_sys(netns_ip(&host, line), "made again");
	await(port_flags, (struct want){ .dev = "w1", .flags = PN_PORT_UP | PN_PORT_XDP_TARGET },
	      "up");
	tap_eq(mirrored_port(&t, "w1")->max_len, 1318, "the new one's length");
	tap_eq(t.devmap[mirrored_port(&t, "w1") - t.maps.ports], ifindex, "devmap");
	/* both at once: the mirror sees the end of it only */
	netns_ip(&host, "link del w1\n");
	snprintf(line, sizeof(line), "link add w1 index %u mtu 1200 type veth peer name x1\n"
		 "link set w1 master br0 up\nlink set x1 up\n", ifindex);
	tap_sys(netns_ip(&host, line), "made again");
	await(port_flags, (struct want){ .dev = "w1", .flags = PN_PORT_UP | PN_PORT_XDP_TARGET },
	      "up");
	tap_eq(mirrored_port(&t, "w1")->max_len, 1218, "the new one's length");
	tap_eq(t.devmap[mirrored_port(&t, "w1") - t.maps.ports], ifindex, "devmap");
	tap_true(mirrored_same(&t, AWAIT_MS), "as the kernel is");
	tap_eq(t.premature, 0, "targets before their place in the devmap");
	tap_end();
}

static void vlan_case(void)
{
	uint64_t key;
	uint32_t d = mirrored_port(&t, "d") - t.maps.ports;

	tap_case("a VLAN device of an attached port: key, endpoints");
	if (netns_ip(&host, "link add link d name d7 type vlan id 7\n")) {
		tap_skip("this kernel has no VLAN devices");
		return;
	}
	netns_addr(&host, "d7", "10.7.0.1/24");
	netns_up(&host, "d7");
	netns_fdb(&host, "vx", H2, "10.7.0.2");
	key = PN_DEMUX_KEY_VLAN(d, 0, 7);
	if (!mirrored_await(&t, demux_there, &key, AWAIT_MS))
		tap_fail("no key");
	tap_true(&t.maps.ports[demux_index(key)] == mirrored_port(&t, "d7"), "leads to its port");
	await(endpoint_is, (struct want){ .dev = "d7", .src = "10.7.0.2", .dst = "10.7.0.1" },
	      "peer");
	netns_del(&host, "d7");
	if (!mirrored_await(&t, demux_gone, &key, AWAIT_MS))
		tap_fail("the key outlives the device");
	tap_end();
}

static bool counted_resync(struct mirrored *x, void *arg)
{
	struct pn_mirror_counts c;

	pn_mirror_counts(x->m, &c);
	return c.resyncs > *(__u64 *)arg && !mirrored_diff(x, false);
}

static void overrun_case(void)
{
	struct storm s = { .dev = "w2", .first = 1 << 20, .count = 20000 };
	struct pn_mirror_counts c;
	__u64 before;
	int round;

	mirrored_close(&t);
	tap_case("notifications lost in a 4 KiB buffer: read anew, no difference");
	if (!sync_from(4096))
		goto out;
	tap_eq(mirrored_diff(&t, true), 0, "what was in the maps is taken over");
	for (round = 0; round < 4; round++) {
		pn_mirror_counts(t.m, &c);
		before = c.resyncs;
		s.del = round & 1;
		tap_sys(mirrored_storm(&host, &s), "storm");
		if (!mirrored_await(&t, counted_resync, &before, 2 * AWAIT_MS)) {
			mirrored_diff(&t, true);
			tap_fail("not read anew");
		}
	}
	pn_mirror_counts(t.m, &c);
	tap_true(c.overruns > 0, "overruns");
	tap_diag("%llu overruns, %llu re-dumps, the last took %llu us", c.overruns, c.resyncs,
		 c.resync_ns / 1000);
out:
	tap_end();
}

static void full_case(void)
{
	struct storm s = { .dev = "w2", .first = 1 << 20, .count = 3000 };
	struct pn_mirror_counts c;

	tap_case("a map that is too small: counted, filled when there is room");
	mirrored_free(&t);
	if (!tap_sys(mirrored_alloc(&t, &host, 900), "maps") ||
	    !tap_sys(mirrored_storm(&host, &s), "storm") || !sync_from(0))
		goto out;
	pn_mirror_counts(t.m, &c);
	tap_true(c.fdb_full > 1000, "entries without room");
	tap_eq(c.fdb_full + c.fdb_used, c.fdb_entries, "all accounted for");
	s.count = 2500;
	s.del = true;
	tap_sys(mirrored_storm(&host, &s), "storm");
	tap_true(mirrored_same(&t, AWAIT_MS), "as the kernel is");
	pn_mirror_counts(t.m, &c);
	tap_eq(c.fdb_full, 0, "entries without room");
out:
	tap_end();
}

int main(void)
{
	if (!topology_make() || !tap_sys(mirrored_alloc(&t, &host, 100000), "maps"))
		tap_bail("no topology");
	start_case();
	if (t.m) {
		fdb_case();
		port_case();
		vtep_case();
		address_case();
		rp_filter_case();
		learning_case();
		vlan_case();
		recreate_case();
		overrun_case();
		full_case();
	}
	mirrored_free(&t);
	netns_close(&host);
	netns_close(&peer);
	return tap_done();
}
