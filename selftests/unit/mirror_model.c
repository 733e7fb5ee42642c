// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the mirror makes of messages, without a kernel: FDB entries under a
 * dump, numbers, and the maps composed of a made-up host.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/state.h"
#include "nl/msg.h"
#include "tap.h"

/* --- FDB entries and dumps ------------------------------------------------ */

static void gone_count(void *ctx, const struct pn_fdb_entry *e)
{
	++*(int *)ctx;
}

static void entry_set(struct pn_fdbs *f, __u64 key, __u32 value, bool from_dump)
{
	struct pn_fdb_entry *e;
	bool is_new;

	e = pn_fdbs_put(f, key, value, from_dump, &is_new);
	if (e)
		e->value = value;
}

static __u32 entry_value(const struct pn_fdbs *f, __u64 key)
{
	const struct pn_fdb_entry *e = pn_fdbs_find(f, key, 0);

	return e ? e->value : 0;
}

static void dump_case(void)
{
	struct pn_fdb_entry old;
	struct pn_fdbs f;
	int gone = 0;

	tap_case("a notification is newer than a dump that was under way before it");
	pn_fdbs_init(&f);
	entry_set(&f, 1 << 16, 1, false);
	entry_set(&f, 2 << 16, 1, false);
	entry_set(&f, 3 << 16, 1, false);
	pn_fdbs_dump_begin(&f);
	entry_set(&f, 1 << 16, 9, false);
	entry_set(&f, 1 << 16, 1, true);
	tap_eq(entry_value(&f, 1 << 16), 9, "moved while the dump ran");
	tap_true(pn_fdbs_del(&f, 2 << 16, 0, &old), "deleted");
	entry_set(&f, 2 << 16, 1, true);
	tap_eq(entry_value(&f, 2 << 16), 0, "deleted while the dump ran");
	pn_fdbs_del(&f, 4 << 16, 0, &old);
	entry_set(&f, 4 << 16, 1, true);
	tap_eq(entry_value(&f, 4 << 16), 0, "deleted before the dump had told of it");
	entry_set(&f, 5 << 16, 2, true);
	entry_set(&f, 6 << 16, 3, false);
	pn_fdbs_dump_end(&f, gone_count, &gone);
	tap_eq(gone, 1, "the dump did not have");
	tap_eq(entry_value(&f, 3 << 16), 0, "it is gone");
	tap_eq(entry_value(&f, 5 << 16), 2, "new in the dump");
	tap_eq(entry_value(&f, 6 << 16), 3, "new beside the dump");
	tap_eq(f.count, 3, "entries");
	tap_eq(f.used, 3, "no marks are left");
	pn_fdbs_dump_begin(&f);
	pn_fdbs_dump_abort(&f);
	tap_eq(f.count, 3, "a dump cut short removes nothing");
	pn_fdbs_fini(&f);
	tap_end();
}

static void many_case(void)
{
	enum { N = 50000 };
	struct pn_fdb_entry old;
	struct pn_fdbs f;
	int gone = 0, bad = 0;
	__u64 n;

	tap_case("50,000 entries: growth, group entries by remote, sweep");
	pn_fdbs_init(&f);
	for (n = 1; n <= N; n++)
		entry_set(&f, n << 16, n, false);
	for (n = 1; n <= 1000; n++)
		entry_set(&f, 7, n, false);
	for (n = 1; n <= N; n += 2)
		bad += !pn_fdbs_del(&f, n << 16, 0, &old) || old.value != n;
	for (n = 1; n <= 1000; n += 2)
		bad += !pn_fdbs_del(&f, 7, n, &old);
	for (n = 2; n <= N; n += 2)
		bad += entry_value(&f, n << 16) != n || entry_value(&f, (n - 1) << 16);
	for (n = 1; n <= 1000; n++)
		bad += (!pn_fdbs_find(&f, 7, n)) != (n & 1);
	tap_eq(f.count, N / 2 + 500, "entries");
	pn_fdbs_dump_begin(&f);
	for (n = 4; n <= N; n += 4)
		entry_set(&f, n << 16, n, true);
	pn_fdbs_dump_end(&f, gone_count, &gone);
	tap_eq(gone, N / 4 + 500, "gone");
	for (n = 1; n <= N; n++)
		bad += (!entry_value(&f, n << 16)) != (n % 4 != 0);
	tap_eq(bad, 0, "wrong");
	tap_true(pn_fdbs_memory(&f) / N <= 200, "bytes an entry");
	pn_fdbs_fini(&f);
	tap_end();
}

static void number_case(void)
{
	struct pn_vteps v;
	struct pn_ids ids;
	struct in6_addr a = { .s6_addr = { 0xfd, 1 } }, b = a;
	__u32 n, bad = 0;

	tap_case("numbers: kept, adopted, rested before they are used again");
	pn_ids_init(&ids, 100);
	pn_ids_adopt(&ids, 77, 5);
	tap_eq(pn_ids_get(&ids, 77), 5, "adopted");
	for (n = 1000; n < 1098; n++)
		bad += !pn_ids_get(&ids, n);
	tap_eq(pn_ids_get(&ids, 5000), 0, "all are in use");
	n = pn_ids_find(&ids, 1050);
	pn_ids_put(&ids, n);
	tap_eq(pn_ids_find(&ids, 1050), 0, "given back");
	for (n = 1000; n < 1098; n++)
		bad += (n != 1050) != !!pn_ids_find(&ids, n);
	pn_ids_fini(&ids);
	pn_vteps_init(&v);
	tap_eq(pn_vteps_adopt(&v, &a, 300), 0, "adopted");
	tap_eq(pn_vteps_get(&v, &a), 300, "found");
	b.s6_addr[15] = 1;
	n = pn_vteps_get(&v, &b);
	tap_eq(pn_vteps_put(&v, n), 0, "no more references");
	pn_vteps_free(&v, n);
	b.s6_addr[15] = 2;
	tap_true(pn_vteps_get(&v, &b) != n, "the number rests");
	for (n = 0; n < 5000; n++) {
		b.s6_addr32[3] = n + 1000;
		bad += !pn_vteps_get(&v, &b);
	}
	tap_eq(pn_vteps_find(&v, &a), 300, "still there");
	tap_eq(bad, 0, "wrong");
	pn_vteps_fini(&v);
	tap_end();
}

/* --- a made-up host ------------------------------------------------------- */

enum { UNDERLAY = 2, BRIDGE, WORK, TUNNEL, TUNNEL_TWIN };

static struct pn_mirror *m;
static __u32 devmap[PN_MAX_PORTS];

static int devmap_set(void *ctx, __u16 port, __u32 ifindex)
{
	devmap[port] = ifindex;
	return ifindex == WORK || !ifindex ? 0 : -EOPNOTSUPP;
}

static __u32 target(void *ctx, __u32 ifindex, const char *kind)
{
	return PN_PORT_TC_TARGET | PN_PORT_XDP_TARGET;
}

struct link {
	__u32 ifindex, flags, master;
	const char *name, *kind;
	__u8 state;		/* as a bridge port; 0: none */
};

static void feed(struct pn_msg *msg)
{
	if (msg->err || mirror_message(m, pn_msg_hdr(msg), false) || mirror_compose(m))
		tap_fail("message refused");
	pn_msg_fini(msg);
}

static void link_feed(const struct link *l, bool deleted, bool vxlan_ipv6)
{
	struct ifinfomsg ifm = { .ifi_index = l->ifindex, .ifi_flags = l->flags };
	__u8 mac[6] = { 2, 0, 0, 0, 9, l->ifindex };
	struct in6_addr local = { .s6_addr = { 0xfd } };
	struct pn_msg msg;
	size_t nest, data;

	pn_msg_init(&msg, deleted ? RTM_DELLINK : RTM_NEWLINK, 0);
	pn_msg_extra(&msg, &ifm, sizeof(ifm));
	pn_msg_put_str(&msg, IFLA_IFNAME, l->name);
	pn_msg_put_u32(&msg, IFLA_MTU, 1500);
	pn_msg_put(&msg, IFLA_ADDRESS, mac, 6);
	if (l->master)
		pn_msg_put_u32(&msg, IFLA_MASTER, l->master);
	nest = pn_msg_nest(&msg, IFLA_LINKINFO);
	pn_msg_put_str(&msg, IFLA_INFO_KIND, l->kind);
	data = pn_msg_nest(&msg, IFLA_INFO_DATA);
	if (!strcmp(l->kind, "vxlan")) {
		pn_msg_put_u32(&msg, IFLA_VXLAN_ID, 7);
		pn_msg_put_be16(&msg, IFLA_VXLAN_PORT, htons(4789));
		if (vxlan_ipv6)
			pn_msg_put(&msg, IFLA_VXLAN_LOCAL6, &local, 16);
	} else if (!strcmp(l->kind, "bridge")) {
		pn_msg_put_u32(&msg, IFLA_BR_AGEING_TIME, 30000);
	}
	pn_msg_nest_end(&msg, data);
	if (l->state) {
		pn_msg_put_str(&msg, IFLA_INFO_SLAVE_KIND, "bridge");
		data = pn_msg_nest(&msg, IFLA_INFO_SLAVE_DATA);
		pn_msg_put_u8(&msg, IFLA_BRPORT_STATE, l->state);
		pn_msg_nest_end(&msg, data);
	}
	pn_msg_nest_end(&msg, nest);
	feed(&msg);
}

static void fdb_feed(__u32 ifindex, __u32 master, __u16 vlan)
{
	struct ndmsg ndm = { .ndm_family = AF_BRIDGE, .ndm_ifindex = ifindex,
			     .ndm_state = NUD_NOARP };
	__u8 mac[6] = { 2, 0, 0, 0, 1, 1 };
	struct pn_msg msg;

	pn_msg_init(&msg, RTM_NEWNEIGH, 0);
	pn_msg_extra(&msg, &ndm, sizeof(ndm));
	pn_msg_put(&msg, NDA_LLADDR, mac, 6);
	pn_msg_put_u32(&msg, NDA_MASTER, master);
	if (vlan)
		pn_msg_put_u16(&msg, NDA_VLAN, vlan);
	feed(&msg);
}

static const struct pn_port *port(__u32 ifindex)
{
	return &m->maps.ports[pn_ids_find(&m->ports, ifindex)];
}

static bool host_make(struct pn_mirror_maps *maps)
{
	static const struct pn_mirror_opts opts = { .target = target };
	const struct pn_mirror_port attached = { .ifindex = UNDERLAY, .xdp = true,
						 .ignore = PN_GATE_TAP };

	*maps = (struct pn_mirror_maps){
		.ports = calloc(PN_MAX_PORTS, sizeof(*maps->ports)),
		.tunnels = calloc(PN_TUNNEL_MAX_DEFAULT, sizeof(*maps->tunnels)),
		.fdb = calloc(16, sizeof(*maps->fdb)),
		.demux = calloc(16, sizeof(*maps->demux)),
		.endpoints = calloc(16, sizeof(*maps->endpoints)),
		.control = calloc(1, sizeof(*maps->control)),
		.tunnels_max = PN_TUNNEL_MAX_DEFAULT,
		.fdb_mask = 15, .demux_mask = 15, .endpoint_mask = 15,
		.devmap_set = devmap_set,
	};
	m = mirror_new(maps, &opts, NULL);
	return m && !pn_mirror_set_ports(m, &attached, 1, NULL);
}

static void compose_case(void)
{
	const __u32 up = IFF_UP | 1u << 16;
	const struct link d = { UNDERLAY, up, 0, "d", "veth", 0 };
	const struct link br = { BRIDGE, up, 0, "br0", "bridge", 0 };
	struct link w = { WORK, up, BRIDGE, "w", "veth", 3 };
	struct link vx = { TUNNEL, up, BRIDGE, "vx", "vxlan", 3 };
	const struct link twin = { TUNNEL_TWIN, up, 0, "vy", "vxlan", 0 };
	__u64 key = PN_DEMUX_KEY_UDP(PN_DEMUX_VXLAN, 0, 4789, 7);
	__u64 mac = PN_FDB_KEY(0x020000000101ull, 1);
	struct pn_mirror_maps maps;
	union pn_value v;

	tap_case("a made-up host: ports, tunnels, keys, entries");
	if (!tap_true(host_make(&maps), "mirror"))
		goto out;
	link_feed(&d, false, false);
	fdb_feed(WORK, BRIDGE, 0);
	tap_true(!pn_table_get(&m->fdb, mac, &v), "an entry of a port nobody knows");
	link_feed(&br, false, false);
	link_feed(&w, false, false);
	link_feed(&vx, false, false);
	tap_true(pn_table_get(&m->fdb, mac, &v) && &maps.ports[v.index] == port(WORK),
		 "is there when the port is");
	tap_eq(port(WORK)->flags, PN_PORT_UP | PN_PORT_FORWARDING | PN_PORT_XDP_TARGET |
	       PN_PORT_TC_TARGET, "flags");
	tap_true(!(port(TUNNEL)->flags & PN_PORT_XDP_TARGET), "refused by the devmap");
	tap_eq(port(WORK)->ignored, PN_GATE_TAP, "ignored gates");
	tap_eq(maps.control->epoch_ns, 75000000000ll, "epoch");
	tap_true(pn_table_get(&m->demux, key, &v), "key");
	link_feed(&twin, false, true);
	tap_true(pn_table_get(&m->demux, key, &v), "IPv6 has sockets of its own");
	link_feed(&twin, false, false);
	tap_true(!pn_table_get(&m->demux, key, &v), "two devices of one VNI: none");
	link_feed(&twin, true, false);
	tap_true(pn_table_get(&m->demux, key, &v), "one of them went");
	fdb_feed(TUNNEL, BRIDGE, 9);
	pn_table_get(&m->fdb, mac, &v);
	tap_true(&maps.ports[v.index] == port(WORK), "an entry of a VLAN means nothing here");
	w.master = 0;
	w.state = 0;
	link_feed(&w, false, false);
	tap_eq(port(WORK)->ifindex, 0, "left the bridge, and is no port");
	link_feed(&w, true, false);
	tap_true(!pn_table_get(&m->fdb, mac, &v), "its entries went with it");
	pn_mirror_close(m);
	free(maps.ports);
	free(maps.tunnels);
	free(maps.fdb);
	free(maps.demux);
	free(maps.endpoints);
	free(maps.control);
out:
	tap_end();
}

int main(void)
{
	dump_case();
	many_case();
	number_case();
	compose_case();
	return tap_done();
}
