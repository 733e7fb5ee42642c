// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Tunnel devices of a kernel in the mirror: each kind's record and keys, why
 * some are left to the kernel, and that all of it goes with the device.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mirrored_keys.h"
#include "netns.h"
#include "scene.h"
#include "tap.h"

#define AWAIT_MS 20000

static struct netns host, peer;
static struct mirrored t;

#define V4 "local 10.0.0.1 remote 10.0.0.2"
#define V6 "local fd00::1 remote fd00::2"

/* Flags, in short. */
#define ETHER	PN_TUNNEL_F_ETHER
#define MAC	PN_TUNNEL_F_OWN_MAC
#define COUNT	PN_TUNNEL_F_COUNT_ETH
#define ICSUM	PN_TUNNEL_F_ICSUM
#define ZERO6	PN_TUNNEL_F_ZERO_CSUM6

static const struct kind_row {
	const char *type;	/* what follows "link add t0 type" */
	__u8 kind, flags, why;
	__u32 id;
	__u8 keys[3];		/* types of those with the remote, enum pn_demux_type */
	__u8 protocol;		/* outer, that tunnels are known of; 0: none */
	bool v6;
	bool down;
} rows[] = {
	{ "geneve id 7 remote 10.0.0.2", PN_TUNNEL_GENEVE, ETHER | MAC, 0, 7,
	  { PN_DEMUX_GENEVE } },
	{ "geneve id 8 remote fd00::2 udp6zerocsumrx", PN_TUNNEL_GENEVE, ETHER | MAC | ZERO6, 0, 8,
	  { PN_DEMUX_GENEVE }, 0, true },
	{ "geneve external", PN_TUNNEL_GENEVE, ETHER | MAC | ZERO6, PN_WHY_EXTERNAL },
	{ "gretap " V4, PN_TUNNEL_GRETAP, ETHER | COUNT, 0, 0, { PN_DEMUX_GRETAP }, 47 },
	{ "gretap key 9 " V4, PN_TUNNEL_GRETAP, ETHER | COUNT, 0, 9, { PN_DEMUX_GRETAP_KEY }, 47 },
	{ "gretap key 0 csum " V4, PN_TUNNEL_GRETAP, ETHER | COUNT | ICSUM, 0, 0,
	  { PN_DEMUX_GRETAP_KEY }, 47 },
	{ "gretap seq " V4, PN_TUNNEL_GRETAP, ETHER | COUNT, PN_WHY_SEQ, 0, { 0 }, 47 },
	{ "gretap external", PN_TUNNEL_GRETAP, ETHER | COUNT, PN_WHY_EXTERNAL, 0, { 0 }, 47 },
	{ "gretap key 1 remote 239.1.1.1 local 10.0.0.1 dev d", PN_TUNNEL_GRETAP, ETHER | COUNT,
	  PN_WHY_MULTICAST, 1, { 0 }, 47 },
	{ "erspan erspan_ver 0 " V4, PN_TUNNEL_ERSPAN, ETHER | COUNT, 0, 0,
	  { PN_DEMUX_ERSPAN1 }, 47 },
	{ "erspan seq key 7 erspan_ver 1 erspan 123 " V4, PN_TUNNEL_ERSPAN, ETHER | COUNT,
	  PN_WHY_ERSPAN, 7, { 0 }, 47 },
	{ "gre " V4, PN_TUNNEL_GRE, 0, 0, 0, { PN_DEMUX_GRE }, 47 },
	{ "gre key 5 " V4, PN_TUNNEL_GRE, 0, 0, 5, { PN_DEMUX_GRE_KEY }, 47 },
	{ "gre local 10.0.0.1", PN_TUNNEL_GRE, 0, PN_WHY_NO_REMOTE, 0, { 0 }, 47 },
	{ "gre local 10.0.0.1 remote 10.0.0.1", PN_TUNNEL_GRE, 0, PN_WHY_LOCAL_REMOTE, 0,
	  { 0 }, 47 },
	{ "gre dev v0 " V4, PN_TUNNEL_GRE, 0, PN_WHY_VRF, 0, { 0 }, 47 },
	{ "gre dev d " V4, PN_TUNNEL_GRE, 0, 0, 0, { PN_DEMUX_GRE }, 47 },
	{ "gre " V4, PN_TUNNEL_GRE, 0, PN_WHY_DOWN, 0, { 0 }, 0, false, true },
	{ "ip6gre " V6, PN_TUNNEL_IP6GRE, 0, 0, 0, { PN_DEMUX_GRE_KEY }, 47, true },
	{ "ip6gretap key 3 " V6, PN_TUNNEL_IP6GRETAP, ETHER, 0, 3, { PN_DEMUX_GRETAP_KEY }, 47,
	  true },
	{ "ip6gretap dscp inherit " V6, PN_TUNNEL_IP6GRETAP, ETHER, PN_WHY_DSCP, 0, { 0 }, 47,
	  true },
	{ "ip6erspan seq key 7 erspan_ver 1 erspan 123 " V6, PN_TUNNEL_IP6ERSPAN, ETHER,
	  PN_WHY_ERSPAN, 7, { 0 }, 47, true },
	{ "ipip " V4, PN_TUNNEL_IPIP, 0, 0, 0, { PN_DEMUX_IPV4 }, 4 },
	{ "ipip mode mplsip " V4, PN_TUNNEL_IPIP, 0, PN_WHY_MPLS, 0, { 0 }, 137 },
	{ "ipip external", PN_TUNNEL_IPIP, 0, PN_WHY_EXTERNAL, 0, { 0 }, 4 },
	{ "sit mode any " V4, PN_TUNNEL_SIT, 0, 0, 0, { PN_DEMUX_IPV4, PN_DEMUX_IPV6 }, 41 },
	{ "sit mode ip6ip " V4, PN_TUNNEL_SIT, 0, 0, 0, { PN_DEMUX_IPV6 }, 41 },
	{ "sit mode ip6ip local 10.0.0.1", PN_TUNNEL_SIT, 0, PN_WHY_NO_REMOTE, 0, { 0 }, 41 },
	{ "sit isatap local 10.0.0.1", PN_TUNNEL_SIT, 0, PN_WHY_ISATAP, 0, { 0 }, 41 },
	{ "sit dev w " V4, PN_TUNNEL_SIT, 0, PN_WHY_BOUND, 0, { 0 }, 41 },
	{ "ip6tnl mode any " V6, PN_TUNNEL_IP6TNL, 0, 0, 0, { PN_DEMUX_IPV4, PN_DEMUX_IPV6 }, 41,
	  true },
	{ "ip6tnl mode ipip6 " V6, PN_TUNNEL_IP6TNL, 0, 0, 0, { PN_DEMUX_IPV4 }, 4, true },
	{ "ip6tnl mode ip6ip6 dscp inherit " V6, PN_TUNNEL_IP6TNL, 0, PN_WHY_DSCP, 0, { 0 }, 41,
	  true },
	{ "ip6tnl mode any local fe80::1 remote fe80::2 dev d", PN_TUNNEL_IP6TNL, 0,
	  PN_WHY_LINK_LOCAL, 0, { 0 }, 41, true },
	{ "vti " V4, PN_TUNNEL_VTI, 0, PN_WHY_XFRM, 0, { PN_DEMUX_VTI }, 50 },
	{ "vti6 " V6, PN_TUNNEL_VTI, 0, PN_WHY_XFRM, 0, { PN_DEMUX_VTI }, 50, true },
	{ "vxlan external dstport 4789", PN_TUNNEL_VXLAN, ETHER | MAC, PN_WHY_EXTERNAL },
};

/* Number of the remote that the rows have, as endpoints tell it; 0: none. */
static uint32_t vtep_of(bool v6)
{
	const struct pn_endpoint *ep = v6 ? mirrored_endpoint(&t, "d", "fd00::2", "fd00::1") :
					    mirrored_endpoint(&t, "d", "10.0.0.2", "10.0.0.1");

	return ep ? ep->vtep : 0;
}

static bool record_why(struct mirrored *x, void *arg)
{
	const struct kind_row *row = arg;
	const struct pn_tunnel *r = mirrored_tunnel(&t, "t0");

	return r && r->why == row->why && (!row->keys[0] || vtep_of(row->v6));
}

static bool await(bool (*cond)(struct mirrored *, void *), void *arg, const char *what)
{
	return mirrored_await(&t, cond, arg, AWAIT_MS) ||
	       tap_fail("%s: not within %d ms", what, AWAIT_MS);
}

static int tunnel_add(const char *type, bool up)
{
	char line[256];

	snprintf(line, sizeof(line), "link add name t0 type %s\n%s", type,
		 up ? "link set t0 up\n" : "");
	return netns_ip(&host, line);
}

static uint64_t row_key(const struct kind_row *row, int n)
{
	return PN_DEMUX_KEY_VTEP(row->keys[n], vtep_of(row->v6), row->id);
}

static void keys_check(const struct kind_row *row, uint32_t tunnel)
{
	const struct pn_slot *slot;
	uint32_t n, keys = 0;
	int i;

	for (i = 0; row->keys[i]; i++) {
		slot = mirrored_key(&t, row_key(row, i));
		if (tap_true(slot != NULL, "key"))
			tap_eq(slot->tunnel, tunnel, "key leads to");
	}
	for (n = 0; n < (t.maps.demux_mask + 1) * PN_BUCKET_SLOTS; n++) {
		slot = &t.maps.demux->slot[n];
		keys += slot->key >> 56 >= PN_DEMUX_GENEVE && slot->key >> 56 <= PN_DEMUX_VTI;
	}
	tap_eq(keys, i, "keys of tunnels");
	if (row->protocol)
		tap_true(mirrored_key(&t, PN_DEMUX_KEY_UDP(PN_DEMUX_IP_PROTO, row->v6,
							   row->protocol, 0)), "outer protocol");
}

static void row_case(const struct kind_row *row)
{
	const struct pn_tunnel *r;
	uint64_t key = 0;

	tap_case("%s%s", row->type, row->down ? ", down" : "");
	if (tunnel_add(row->type, !row->down)) {
		netns_del(&host, "t0");
		tap_skip("no link type \"%s\" on this kernel", row->type);
		return;
	}
	if (!await(record_why, (void *)row, "record")) {
		r = mirrored_tunnel(&t, "t0");
		tap_diag("why %d", r ? r->why : -1);
	}
	r = mirrored_tunnel(&t, "t0");
	if (r) {
		tap_eq(r->kind, row->kind, "kind");
		tap_eq(r->flags, row->flags, "flags");
		tap_eq(r->id, row->id, "id");
		tap_eq(!!r->port, !!(row->flags & ETHER), "has a port");
		keys_check(row, r - t.maps.tunnels);
	}
	if (row->keys[0])
		key = row_key(row, 0);
	netns_del(&host, "t0");
	if (key)
		await(mirrored_key_gone, &key, "key after the device went");
	tap_end();
}

/* --- changes -------------------------------------------------------------- */

static void change_case(void)
{
	struct kind_row one = { .keys = { PN_DEMUX_GRE } };
	uint64_t key;

	tap_case("a device that gets another key, goes down, comes up, and goes");
	if (tunnel_add("gre " V4, true)) {
		tap_skip("no link type gre on this kernel");
		return;
	}
	await(record_why, &one, "record");
	key = row_key(&one, 0);
	await(mirrored_key_there, &key, "key");
	netns_ip(&host, "link change t0 type gre " V4 " key 4\n");
	await(mirrored_key_gone, &key, "the old key is gone");
	one.keys[0] = PN_DEMUX_GRE_KEY;
	one.id = 4;
	key = row_key(&one, 0);
	await(mirrored_key_there, &key, "the new key");
	netns_down(&host, "t0");
	await(mirrored_key_gone, &key, "gone while it is down");
	one.why = PN_WHY_DOWN;
	one.keys[0] = 0;
	await(record_why, &one, "and says so");
	netns_up(&host, "t0");
	one = (struct kind_row){ .keys = { PN_DEMUX_GRE_KEY }, .id = 4 };
	await(record_why, &one, "up again");
	key = row_key(&one, 0);
	await(mirrored_key_there, &key, "its key");
	netns_del(&host, "t0");
	await(mirrored_key_gone, &key, "gone");
	tap_true(!mirrored_tunnel(&t, "t0"), "no record");
	tap_end();
}

static bool chained(struct mirrored *x, void *arg)
{
	const struct pn_tunnel *a = mirrored_tunnel(&t, "t1"), *b = mirrored_tunnel(&t, "t2");

	return a && b && !a->why && !b->why &&
	       (&x->maps.tunnels[a->next] == b) != (&x->maps.tunnels[b->next] == a);
}

static bool ambiguous(struct mirrored *x, void *arg)
{
	const struct pn_tunnel *a = mirrored_tunnel(&t, "t1");

	return a && a->why == PN_WHY_AMBIGUOUS;
}

static void rivals_case(void)
{
	tap_case("two tunnels of one remote are chained; one that could win hides them");
	if (netns_ip(&host, "link add name t1 type ipip " V4 "\n"
			    "link add name t2 type ipip local 10.0.0.3 remote 10.0.0.2\n"
			    "link set t1 up\nlink set t2 up\n")) {
		tap_skip("no link type ipip on this kernel");
		return;
	}
	await(chained, NULL, "chain");
	netns_ip(&host, "link add name t3 type ipip local 10.0.0.1 dev d\nlink set t3 up\n");
	await(ambiguous, NULL, "bound to the port, it takes packets of any remote");
	netns_ip(&host, "link del t3\n");
	await(chained, NULL, "chain again");
	netns_ip(&host, "link del t1\nlink del t2\n");
	tap_end();
}

static void peers_case(void)
{
	struct pn_mirror_port port = { .xdp = true, .peers = PN_PEERS_ANY };
	uint64_t key = PN_DEMUX_KEY_VTEP(PN_DEMUX_IPV6, PN_VTEP_ANY, 0);
	struct kind_row want = { .why = PN_WHY_NO_REMOTE };
	const struct pn_tunnel *r;
	struct pn_err err;

	tap_case("6rd: a key where peers need not be known");
	if (netns_ip(&host, "link add name t0 type sit mode ip6ip local 10.0.0.1\n"
			    "tunnel 6rd dev t0 6rd-prefix 2001:db8::/32\nlink set t0 up\n")) {
		netns_del(&host, "t0");
		tap_skip("no link type sit on this kernel");
		return;
	}
	await(record_why, &want, "known peers only");
	tap_true(!mirrored_key(&t, key), "no key");
	port.ifindex = netns_ifindex(&host, "d");
	pn_mirror_set_ports(t.m, &port, 1, &err);
	await(mirrored_key_there, &key, "any peer");
	r = mirrored_tunnel(&t, "t0");
	if (tap_true(r != NULL, "record")) {
		tap_eq(r->why, 0, "eligible");
		tap_eq(r->rd_prefix_len, 32, "length of the prefix");
		tap_eq(ntohl(r->rd_prefix[0]), 0x20010db8, "prefix");
	}
	port.peers = PN_PEERS_KNOWN;
	pn_mirror_set_ports(t.m, &port, 1, &err);
	await(mirrored_key_gone, &key, "known peers again");
	netns_del(&host, "t0");
	tap_end();
}

static void fou_case(void)
{
	struct pn_slot fou = { .key = PN_DEMUX_KEY_UDP(PN_DEMUX_UDP_PORT, 0, 5555, 0),
			       .index = PN_UDP_INDEX(PN_UDP_FOU, 4) };
	struct pn_slot gue = { .key = PN_DEMUX_KEY_UDP(PN_DEMUX_UDP_PORT, 1, 6080, 0),
			       .index = PN_UDP_INDEX(PN_UDP_GUE, 0) };
	uint64_t tied = PN_DEMUX_KEY_UDP(PN_DEMUX_UDP_PORT, 0, 5556, 0);

	tap_case("FOU and GUE ports, which nobody tells of");
	if (tunnel_add("ipip " V4, true) ||
	    netns_ip(&host, "fou add port 5555 ipproto 4\nfou add port 6080 gue -6\n"
			    "fou add port 5556 ipproto 4 local 10.0.0.1\n")) {
		netns_del(&host, "t0");
		tap_skip("no FOU on this kernel");
		return;
	}
	await(mirrored_key_index, &fou, "FOU port");
	await(mirrored_key_index, &gue, "GUE port over IPv6");
	tap_true(!mirrored_key(&t, tied), "one that is bound to an address");
	netns_ip(&host, "fou del port 5555\n");
	await(mirrored_key_gone, &fou.key, "deleted");
	netns_del(&host, "t0");
	await(mirrored_key_gone, &gue.key, "no tunnel is left that could use it");
	netns_ip(&host, "fou del port 6080 -6\nfou del port 5556 local 10.0.0.1\n");
	tap_end();
}

static void foreign_case(void)
{
	struct kind_row want = { .why = PN_WHY_FOREIGN };
	char line[128];

	tap_case("a tunnel whose packets arrive in another namespace");
	if (netns_ip(&peer, "link add name t0 type gre local 10.0.0.2 remote 10.0.0.1\n")) {
		tap_skip("no link type gre on this kernel");
		return;
	}
	snprintf(line, sizeof(line), "link set t0 netns /proc/%d/fd/%d\n", getpid(), host.fd);
	tap_sys(netns_ip(&peer, line), "moved");
	netns_up(&host, "t0");
	await(record_why, &want, "record");
	netns_del(&host, "t0");
	tap_end();
}

/* --- the host ------------------------------------------------------------- */

static bool topology_make(void)
{
	return tap_sys(netns_open(&host), "namespace") &&
	       tap_sys(netns_open(&peer), "namespace") &&
	       tap_sys(netns_quiet(&host), "sysctls") &&
	       tap_sys(netns_veth(&host, "d", &peer, "p"), "underlay") &&
	       tap_sys(netns_veth(&host, "w", &peer, "x"), "another device") &&
	       tap_sys(netns_addr(&host, "d", "10.0.0.1/24"), "address") &&
	       tap_sys(netns_addr(&host, "d", "10.0.0.3/24"), "address") &&
	       tap_sys(netns_addr(&host, "d", "fd00::1/64"), "address") &&
	       tap_sys(netns_up(&host, "d"), "up") && tap_sys(netns_up(&host, "w"), "up") &&
	       tap_sys(netns_up(&peer, "p"), "up");
}

static bool sync_all(void)
{
	struct pn_err err = { 0 };

	/* A VRF is not on every kernel; what needs it is skipped then. */
	netns_ip(&host, "link add v0 type vrf table 9\n");
	if (!tap_sys(mirrored_open(&t, 0), "open") ||
	    !tap_sys(mirrored_attach(&t, "d"), "attach"))
		return false;
	return !pn_mirror_sync(t.m, &err) || tap_fail("%s: %s", err.object, err.text);
}

int main(void)
{
	size_t i;

	scene_modules();
	if (!topology_make() || !tap_sys(mirrored_alloc(&t, &host, 1000), "maps") || !sync_all())
		tap_bail("no topology");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		row_case(&rows[i]);
	change_case();
	rivals_case();
	peers_case();
	fou_case();
	foreign_case();
	mirrored_free(&t);
	netns_close(&host);
	netns_close(&peer);
	return tap_done();
}
