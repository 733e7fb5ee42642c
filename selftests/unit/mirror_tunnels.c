// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * From messages about tunnel links to records and keys, without a kernel: what
 * a lab would have to be built for (other namespaces, odd options), devices
 * that get in each other's way, and a hundred thousand of them.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include <linux/if_tunnel.h>

#include "mirror/state.h"
#include "nl/msg.h"
#include "nl/vlan.h"
#include "tap.h"

enum { UNDERLAY = 2, FIRST = 10 };

#define TUNNELS_MAX	131072
#define DEMUX_BUCKETS	65536

static struct pn_mirror *m;
static struct pn_mirror_maps maps;

struct attr {
	__u16 type, len;
	__u64 value;		/* as the kernel has it; an address is network order */
};

#define U8(t, v)	{ t, 1, v }
#define U16(t, v)	{ t, 2, v }
#define U32(t, v)	{ t, 4, v }
#define BE16(t, v)	{ t, 2, __builtin_bswap16(v) }
#define BE32(t, v)	{ t, 4, __builtin_bswap32(v) }
#define FLAG(t)		{ t, 0xffff, 0 }
/* fd00::N */
#define ADDR6(t, n)	{ t, 16, n }

#define REMOTE		0x0a000002
#define LOCAL		0x0a000001
#define ATTRS_MAX	9

struct tunnel {
	const char *kind;
	struct attr attr[ATTRS_MAX];
	bool other_netns;
};

static void attr_put(struct pn_msg *msg, const struct attr *a)
{
	__u8 addr[16] = { 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, a->value };

	if (a->len == 0xffff)
		pn_msg_put_flag(msg, a->type);
	else
		pn_msg_put(msg, a->type, a->len == 16 ? (void *)addr : (void *)&a->value, a->len);
}

static void link_feed(__u32 ifindex, const struct tunnel *t, bool deleted)
{
	struct ifinfomsg ifm = { .ifi_index = ifindex, .ifi_flags = IFF_UP | 1u << 16 };
	__u8 mac[6] = { 2, 0, 0, 0, 9, 1 };
	struct pn_msg msg;
	size_t nest, data;
	int i;

	pn_msg_init(&msg, deleted ? RTM_DELLINK : RTM_NEWLINK, 0);
	pn_msg_extra(&msg, &ifm, sizeof(ifm));
	pn_msg_put_str(&msg, IFLA_IFNAME, "t");
	pn_msg_put_u32(&msg, IFLA_MTU, 1400);
	pn_msg_put(&msg, IFLA_ADDRESS, mac, 6);
	if (t->other_netns)
		pn_msg_put_u32(&msg, IFLA_LINK_NETNSID, 0);
	nest = pn_msg_nest(&msg, IFLA_LINKINFO);
	pn_msg_put_str(&msg, IFLA_INFO_KIND, t->kind);
	data = pn_msg_nest(&msg, IFLA_INFO_DATA);
	for (i = 0; i < ATTRS_MAX && t->attr[i].len; i++)
		attr_put(&msg, &t->attr[i]);
	pn_msg_nest_end(&msg, data);
	pn_msg_nest_end(&msg, nest);
	if (msg.err || mirror_message(m, pn_msg_hdr(&msg), false))
		tap_fail("message refused");
	pn_msg_fini(&msg);
}

static void compose(void)
{
	m->links_changed = true;
	if (mirror_compose(m))
		tap_fail("no memory");
}

static bool host_open(void)
{
	const struct pn_mirror_port attached = { .ifindex = UNDERLAY };
	const struct tunnel veth = { .kind = "veth" };

	maps = (struct pn_mirror_maps){
		.ports = calloc(PN_MAX_PORTS, sizeof(*maps.ports)),
		.tunnels = calloc(TUNNELS_MAX, sizeof(*maps.tunnels)),
		.fdb = calloc(16, sizeof(*maps.fdb)),
		.demux = calloc(DEMUX_BUCKETS, sizeof(*maps.demux)),
		.endpoints = calloc(16, sizeof(*maps.endpoints)),
		.control = calloc(1, sizeof(*maps.control)),
		.tunnels_max = TUNNELS_MAX,
		.fdb_mask = 15, .demux_mask = DEMUX_BUCKETS - 1, .endpoint_mask = 15,
	};
	m = mirror_new(&maps, NULL, NULL);
	if (!m || pn_mirror_set_ports(m, &attached, 1, NULL))
		return false;
	link_feed(UNDERLAY, &veth, false);
	return true;
}

static void host_close(void)
{
	pn_mirror_close(m);
	free(maps.ports);
	free(maps.tunnels);
	free(maps.fdb);
	free(maps.demux);
	free(maps.endpoints);
	free(maps.control);
}

static const struct pn_tunnel *record(__u32 ifindex)
{
	return &maps.tunnels[pn_ids_find(&m->tunnels, ifindex)];
}

static __u32 remote_number(__u32 addr)
{
	struct in6_addr a = { .s6_addr16 = { [5] = 0xffff } };

	a.s6_addr32[3] = htonl(addr);
	return pn_vteps_find(&m->vteps, &a);
}

static bool has_key(__u64 key, union pn_value *v)
{
	return pn_table_get(&m->demux, key, v);
}

/* --- rows ----------------------------------------------------------------- */

#define GRE_ENDS BE32(IFLA_GRE_LOCAL, LOCAL), BE32(IFLA_GRE_REMOTE, REMOTE)
#define IP_ENDS	BE32(IFLA_IPTUN_LOCAL, LOCAL), BE32(IFLA_IPTUN_REMOTE, REMOTE)
#define IP6_ENDS ADDR6(IFLA_IPTUN_LOCAL, 1), ADDR6(IFLA_IPTUN_REMOTE, 2)

static const struct row {
	const char *name;
	struct tunnel tunnel;
	__u8 why, flags, type;	/* type: of the key; 0: none */
	__u32 id;
} rows[] = {
	{ "gre in another namespace", { "gre", { GRE_ENDS }, true }, PN_WHY_FOREIGN },
	{ "gre: flags of what it sends mean nothing here",
	  { "gre", { GRE_ENDS, U16(IFLA_GRE_OFLAGS, GRE_KEY | GRE_SEQ | GRE_CSUM) } },
	  0, 0, PN_DEMUX_GRE },
	{ "gre: key, checksum",
	  { "gre", { GRE_ENDS, U16(IFLA_GRE_IFLAGS, GRE_KEY | GRE_CSUM),
		     BE32(IFLA_GRE_IKEY, 0x01020304) } },
	  0, PN_TUNNEL_F_ICSUM, PN_DEMUX_GRE_KEY, 0x01020304 },
	{ "gre: sequence numbers", { "gre", { GRE_ENDS, U16(IFLA_GRE_IFLAGS, GRE_SEQ) } },
	  PN_WHY_SEQ },
	{ "gre: its remote is a loopback address",
	  { "gre", { BE32(IFLA_GRE_REMOTE, 0x7f000001) } }, PN_WHY_ROOM },
	{ "gretap that has a fallback's addresses, but not its name",
	  { "gretap" }, PN_WHY_NO_REMOTE, PN_TUNNEL_F_ETHER | PN_TUNNEL_F_COUNT_ETH },
	{ "geneve without Ethernet inside",
	  { "geneve", { U32(IFLA_GENEVE_ID, 7), BE32(IFLA_GENEVE_REMOTE, REMOTE),
			BE16(IFLA_GENEVE_PORT, 6081), FLAG(IFLA_GENEVE_INNER_PROTO_INHERIT) } },
	  PN_WHY_PROTO_INHERIT, PN_TUNNEL_F_OWN_MAC, 0, 7 },
	{ "sit, IPv4 only", { "sit", { IP_ENDS, U8(IFLA_IPTUN_PROTO, 4) } }, 0, 0,
	  PN_DEMUX_IPV4 },
	{ "ip6tnl without a mode", { "ip6tnl", { IP6_ENDS } }, 0 },
	{ "ip6tnl for MPLS", { "ip6tnl", { IP6_ENDS, U8(IFLA_IPTUN_PROTO, 137) } }, PN_WHY_MPLS },
	{ "vxlan that follows group policies, a packet without one is plain",
	  { "vxlan", { U32(IFLA_VXLAN_ID, 5), BE16(IFLA_VXLAN_PORT, 4789), FLAG(IFLA_VXLAN_GBP),
		       U8(IFLA_VXLAN_REMCSUM_RX, 1) } },
	  0, PN_TUNNEL_F_ETHER | PN_TUNNEL_F_OWN_MAC, PN_DEMUX_VXLAN, 5 },
	{ "vxlan for other protocols",
	  { "vxlan", { U32(IFLA_VXLAN_ID, 5), BE16(IFLA_VXLAN_PORT, 4790), FLAG(IFLA_VXLAN_GPE) } },
	  PN_WHY_GPE, PN_TUNNEL_F_ETHER | PN_TUNNEL_F_OWN_MAC, 0, 5 },
};

static void row_case(const struct row *row)
{
	__u64 key = row->type == PN_DEMUX_VXLAN ?
		    PN_DEMUX_KEY_UDP(PN_DEMUX_VXLAN, 0, 4789, row->id) : 0;
	const struct pn_tunnel *r;
	union pn_value v;

	tap_case("%s", row->name);
	link_feed(FIRST, &row->tunnel, false);
	compose();
	r = record(FIRST);
	if (row->type && !key)
		key = PN_DEMUX_KEY_VTEP(row->type, remote_number(REMOTE), row->id);
	tap_eq(r->ifindex, FIRST, "record");
	tap_eq(r->why, row->why, "why");
	tap_eq(r->flags, row->flags, "flags");
	tap_eq(r->id, row->id, "id");
	if (key)
		tap_true(has_key(key, &v) && &maps.tunnels[v.tunnel] == r, "key");
	link_feed(FIRST, &row->tunnel, true);
	if (key)
		tap_true(!has_key(key, &v), "no key when it is gone, at once");
	tap_eq(record(FIRST)->ifindex, 0, "no record");
	compose();
	tap_end();
}

/* --- several -------------------------------------------------------------- */

static void csum6_case(void)
{
	struct tunnel a = { "geneve", { U32(IFLA_GENEVE_ID, 1), ADDR6(IFLA_GENEVE_REMOTE6, 2),
					BE16(IFLA_GENEVE_PORT, 6081),
					U8(IFLA_GENEVE_UDP_ZERO_CSUM6_RX, 1) } };
	struct tunnel b = { "geneve", { U32(IFLA_GENEVE_ID, 2), ADDR6(IFLA_GENEVE_REMOTE6, 2),
					BE16(IFLA_GENEVE_PORT, 6081) } };

	tap_case("geneve over IPv6: devices of a port agree about zero checksums, or have no key");
	link_feed(FIRST, &a, false);
	compose();
	tap_eq(record(FIRST)->why, 0, "alone");
	tap_true(record(FIRST)->flags & PN_TUNNEL_F_ZERO_CSUM6, "takes them");
	link_feed(FIRST + 1, &b, false);
	compose();
	tap_eq(record(FIRST)->why, PN_WHY_CSUM6, "another one differs");
	tap_eq(record(FIRST + 1)->why, PN_WHY_CSUM6, "so does this");
	b.attr[2].value = __builtin_bswap16(6082);
	link_feed(FIRST + 1, &b, false);
	compose();
	tap_eq(record(FIRST)->why, 0, "on another port it does not matter");
	tap_eq(record(FIRST + 1)->why, 0, "nor to that");
	link_feed(FIRST, &a, true);
	link_feed(FIRST + 1, &b, true);
	compose();
	tap_end();
}

static void fallback_case(void)
{
	struct tunnel sit = { "sit", { IP_ENDS } };
	struct tunnel vti = { "vti", { BE32(IFLA_VTI_LOCAL, LOCAL),
				       BE32(IFLA_VTI_REMOTE, REMOTE) } };
	union pn_value v;
	__u64 key;

	tap_case("a vti with the same endpoints: a key that says so, and none for sit");
	link_feed(FIRST, &sit, false);
	compose();
	tap_eq(record(FIRST)->why, 0, "sit alone");
	link_feed(FIRST + 1, &vti, false);
	compose();
	tap_eq(record(FIRST)->why, PN_WHY_AMBIGUOUS, "vti takes its packets");
	tap_eq(record(FIRST + 1)->why, PN_WHY_XFRM, "vti");
	key = PN_DEMUX_KEY_VTEP(PN_DEMUX_VTI, remote_number(REMOTE), 0);
	tap_true(has_key(key, &v) && &maps.tunnels[v.tunnel] == record(FIRST + 1), "key of vti");
	tap_true(has_key(PN_DEMUX_KEY_UDP(PN_DEMUX_IP_PROTO, 0, 50, 0), &v), "ESP");
	tap_true(has_key(PN_DEMUX_KEY_UDP(PN_DEMUX_IP_PROTO, 0, 41, 0), &v), "IPv6 in IPv4");
	tap_true(!has_key(PN_DEMUX_KEY_UDP(PN_DEMUX_IP_PROTO, 0, 47, 0), &v), "GRE is nobody's");
	link_feed(FIRST, &sit, true);
	link_feed(FIRST + 1, &vti, true);
	compose();
	tap_true(!has_key(key, &v), "gone");
	tap_eq(m->vteps.used, 0, "remotes that are left");
	tap_end();
}

/* The kernel takes any 32 bits for the tunnel id of a VLAN. */
static void vlan_case(void)
{
	struct tunnel bridge = { "bridge", { U8(IFLA_BR_VLAN_FILTERING, 1) } };
	struct tunnel vxlan = { "vxlan", { BE16(IFLA_VXLAN_PORT, 4789),
					   U8(IFLA_VXLAN_COLLECT_METADATA, 1) } };
	struct pn_nl_vlan range = { .ifindex = FIRST, .first = 7, .last = 8, .has_tunnel = true,
				    .tunnel = 0xffffff };
	struct pn_dev *port;
	union pn_value v;

	tap_case("VLANs of an external vxlan: what is no VNI has no key");
	link_feed(FIRST + 1, &bridge, false);
	link_feed(FIRST, &vxlan, false);
	port = (struct pn_dev *)pn_model_dev(&m->model, FIRST);
	port->master = FIRST + 1;
	port->brport.vlan_tunnel = true;
	tap_eq(pn_vlans_take(&m->vlans, &range), 1, "VLANs 7 and 8");
	compose();
	tap_eq(record(FIRST)->why, 0, "why");
	tap_true(has_key(PN_DEMUX_KEY_UDP(PN_DEMUX_VXLAN, 0, 4789, 0xffffff), &v) && v.index == 7,
		 "the last VNI");
	tap_true(!has_key(PN_DEMUX_KEY_UDP(PN_DEMUX_VXLAN, 0, 4790, 0), &v) &&
		 !has_key(PN_DEMUX_KEY_UDP(PN_DEMUX_VXLAN, 0, 4789, 0x1000000), &v),
		 "not one of another port");
	pn_vlans_drop(&m->vlans, FIRST);
	link_feed(FIRST, &vxlan, true);
	link_feed(FIRST + 1, &bridge, true);
	compose();
	tap_end();
}

static void many_case(void)
{
	enum { MANY = 100000 };
	struct tunnel t = { "gre", { GRE_ENDS } };
	__u32 n, keys = 0;
	union pn_value v;

	tap_case("100,000 links one by one: made anew when the burst is over");
	for (n = 0; n < MANY; n++) {
		t.attr[1].value = htonl(0x0b000000 + n);
		link_feed(FIRST + n, &t, false);
		if (n % 10000 == 0 && mirror_compose_soon(m))
			tap_fail("no memory");
	}
	compose();
	for (n = 0; n < MANY; n++)
		keys += has_key(PN_DEMUX_KEY_VTEP(PN_DEMUX_GRE, remote_number(0x0b000000 + n), 0),
				&v) && maps.tunnels[v.tunnel].ifindex == FIRST + n;
	tap_eq(keys, MANY, "keys");
	tap_eq(m->tunnels.used, MANY, "records");
	tap_true(m->tunnel_work < 50ull * MANY, "steps");
	tap_true(m->ports.used < 10, "none of them takes a place among the ports");
	tap_true(m->compose_due > 0, "the next time is put off");
	m->compose_due = mirror_now() + (1ull << 40);
	m->links_changed = true;
	mirror_compose_soon(m);
	tap_true(m->links_changed, "nothing is made anew before");
	for (n = MANY; n--;)
		link_feed(FIRST + n, &t, true);
	tap_eq(m->tunnels.used, 0, "records that are left");
	compose();
	tap_eq(m->vteps.used, 0, "remotes that are left");
	tap_end();
}

static void ports_case(void)
{
	enum { MANY = PN_MAX_PORTS + 10 };
	struct tunnel t = { "gretap", { GRE_ENDS, U16(IFLA_GRE_IFLAGS, GRE_KEY),
					BE32(IFLA_GRE_IKEY, 0) } };
	__u32 n, room = 0;

	tap_case("more Ethernet tunnels than there are ports: the rest is left to the kernel");
	for (n = 0; n < MANY; n++) {
		t.attr[3].value = htonl(n);
		link_feed(FIRST + n, &t, false);
	}
	compose();
	for (n = 0; n < MANY; n++)
		room += record(FIRST + n)->why == PN_WHY_ROOM && !record(FIRST + n)->port;
	tap_eq(room, MANY - (PN_MAX_PORTS - 2), "tunnels without a port");
	for (n = MANY; n--;)
		link_feed(FIRST + n, &t, true);
	compose();
	tap_end();
}

int main(void)
{
	size_t i;

	if (!host_open())
		tap_bail("no mirror");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		row_case(&rows[i]);
	csum6_case();
	fallback_case();
	vlan_case();
	many_case();
	ports_case();
	host_close();
	return tap_done();
}
