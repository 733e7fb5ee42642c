// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The layout that EVPN routers make: one external vxlan device for many VNIs,
 * each of which stands for a VLAN of the bridge. The kernel alone beside twins
 * with the data plane on the wire, filled by the mirror: the same frames, with
 * the same tags, at the same hosts. p2 has VLAN 10 untagged, p3 has 10 and 20
 * tagged; VNI 10010 is VLAN 10, 10020 is 20, and 10040 passes the filter, but
 * has no VLAN of its own.
 */
#include <errno.h>
#include <string.h>

#include "follow.h"
#include "scene.h"
#include "tap.h"

#define HOSTS	2
#define H2	"02:cc:00:00:00:02"
#define H3	"02:cc:00:00:00:03"
#define REMOTE	"02:cc:00:00:00:aa" /* behind the VTEP */
#define Q(vid)	(0x81000000u | (vid))

struct evpn_row {
	const char *name;
	const char *dst;
	uint32_t vni;
	unsigned int to; /* 1: H2, 2: H3 */
	uint32_t out[HOSTS]; /* tag that it arrives with; 0: as it was inside */
	enum pn_verdict fp;
	enum pn_reason reason;
	uint32_t tag; /* of the inner frame */
};

#define A(r) PN_FORWARD, PN_R_##r
#define P(r) PN_PASS, PN_R_##r

static const struct evpn_row rows[] = {
	{ "VNI to an untagged member", H2, 10010, 1, { 0 }, A(DECAP) },
	{ "VNI to a tagged member", H3, 10010, 2, { 0, Q(10) }, A(DECAP) },
	{ "another VNI, another VLAN", H3, 10020, 2, { 0, Q(20) }, A(DECAP) },
	{ "a MAC of another VLAN: flooded within its own", H2, 10020, 2, { 0, Q(20) },
	  P(DST_UNKNOWN) },
	{ "a VNI that the filter does not let in", H2, 10030, 0, { 0 }, P(TUNNEL_UNKNOWN) },
	{ "a VNI without a VLAN: the port has none for it", H2, 10040, 0, { 0 },
	  P(TUNNEL_UNKNOWN) },
	{ "a tag inside goes before the VNI", H3, 10010, 2, { 0 }, A(DECAP), Q(20) },
	{ "a tag inside that is no VLAN of the port", H3, 10010, 0, { 0 }, P(VLAN_INGRESS),
	  Q(30) },
	{ "broadcast", "ff:ff:ff:ff:ff:ff", 10010, 3, { 0, Q(10) }, P(MULTICAST) },
};

static const char vxlan_make[] =
	"link add name vx type vxlan external vnifilter dstport 4789 local 10.0.0.1 nolearning\n"
	"link set dev br0 type bridge vlan_filtering 1 vlan_default_pvid 0\n"
	"link set vx up\nlink set vx master br0\n"
	"link set dev vx type bridge_slave vlan_tunnel on learning off\n";

static const char vlans_make[] =
	"vlan add dev p2 vid 10 pvid untagged\n"
	"vlan add dev p3 vid 10\nvlan add dev p3 vid 20\n"
	"vlan add dev vx vid 10\nvlan add dev vx vid 20\n"
	"vni add dev vx vni 10010\nvni add dev vx vni 10020\nvni add dev vx vni 10040\n"
	"vlan add dev vx vid 10 tunnel_info id 10010\n"
	"vlan add dev vx vid 20 tunnel_info id 10020\n"
	"fdb replace " H2 " dev p2 master static vlan 10\n"
	"fdb replace " H3 " dev p3 master static vlan 10\n"
	"fdb replace " H3 " dev p3 master static vlan 20\n"
	"fdb replace " REMOTE " dev vx master extern_learn vlan 10\n"
	"fdb replace " REMOTE " dev vx master extern_learn vlan 20\n"
	"fdb add " REMOTE " dev vx self extern_learn dst 10.0.0.2 src_vni 10010\n"
	"fdb add " REMOTE " dev vx self extern_learn dst 10.0.0.2 src_vni 10020\n";

enum { KERNEL = FAST_HOOKS,
       SCENES };

struct evpn_scene {
	struct netns d, p, hosts;
	struct wire wire, host[HOSTS];
	struct pkt got[HOSTS];
	unsigned int to;
};

static const char *const port_names[HOSTS] = { "p2", "p3" };
static const char *const host_names[HOSTS] = { "h2", "h3" };

static struct settle marker;
static struct evpn_scene scene[SCENES];
static struct fast fast[FAST_HOOKS];
static struct follow follow[FAST_HOOKS];

static int pair_make(const struct netns *d, const char *port, const struct netns *h,
		     const char *host)
{
	int ret = netns_veth(d, port, h, host);

	ret = ret ? ret : netns_offloads_off(d, port);
	ret = ret ? ret : netns_offloads_off(h, host);
	/* a redirect at XDP needs NAPI at the peer, and GRO is what gives it */
	ret = ret ? ret : netns_gro(h, host, true);
	ret = ret ? ret : netns_up(h, host);
	ret = ret ? ret : netns_up(d, port);
	return ret ? ret : netns_wait_up(d, port);
}

static int wire_make(struct evpn_scene *s)
{
	int ret = pair_make(&s->d, "d", &s->p, "p");

	ret = ret ? ret : netns_mac(&s->d, "d", PKT_MAC_D);
	ret = ret ? ret : netns_addr(&s->d, "d", "10.0.0.1/24");
	ret = ret ? ret : netns_neigh(&s->d, "d", "10.0.0.2", PKT_MAC_P);
	return ret ? ret : wire_open(&s->wire, &s->p, "p");
}

static int scene_make(struct evpn_scene *s)
{
	int ret = netns_open(&s->d);

	ret = ret ? ret : netns_open(&s->p);
	ret = ret ? ret : netns_open(&s->hosts);
	ret = ret ? ret : netns_quiet(&s->d);
	ret = ret ? ret : netns_quiet(&s->p);
	ret = ret ? ret : netns_quiet(&s->hosts);
	ret = ret ? ret : wire_make(s);
	ret = ret ? ret : netns_bridge(&s->d, "br0");
	ret = ret ? ret : netns_up(&s->d, "br0");
	if (!ret && netns_ip(&s->d, vxlan_make))
		return -EOPNOTSUPP;
	for (int i = 0; i < HOSTS && !ret; i++) {
		ret = pair_make(&s->d, port_names[i], &s->hosts, host_names[i]);
		ret = ret ? ret : netns_master(&s->d, port_names[i], "br0");
		ret = ret ? ret : wire_open(&s->host[i], &s->hosts, host_names[i]);
	}
	return ret ? ret : netns_bridge_cmd(&s->d, vlans_make);
}

static void scene_unmake(struct evpn_scene *s)
{
	wire_close(&s->wire);
	for (int i = 0; i < HOSTS; i++)
		wire_close(&s->host[i]);
	netns_close(&s->hosts);
	netns_close(&s->p);
	netns_close(&s->d);
}

static void inner_build(const struct evpn_row *row, uint32_t tag, struct pkt *p)
{
	pkt_init(p);
	pkt_append(p, NULL, 100);
	pkt_eth(p, row->dst, REMOTE, 0x88b5);
	if (tag)
		pkt_tag(p, tag >> 16, tag);
}

static void packet_build(const struct evpn_row *row, struct pkt *p)
{
	inner_build(row, row->tag, p);
	pkt_vxlan(p, row->vni);
	pkt_U(p, 4789);
	pkt_O4(p, 17);
}

/* A frame of ours, not what a bridge itself has to say. */
static bool frame_take(const struct wire *w, struct pkt *got)
{
	while (wire_recv(w, got, NULL) > 0)
		if (!memcmp(pkt_cdata(got) + 6, "\x02\xcc\x00\x00\x00\xaa", 6))
			return true;
	return false;
}

static int packet_send(struct evpn_scene *s, const struct evpn_row *row)
{
	struct pkt p;
	int ret;

	packet_build(row, &p);
	for (int i = 0; i < HOSTS; i++)
		wire_drain(&s->host[i]);
	ret = wire_send(&s->wire, &p);
	ret = ret ? ret : settle(&marker);
	s->to = 0;
	for (int i = 0; i < HOSTS; i++)
		if (frame_take(&s->host[i], &s->got[i]))
			s->to |= 1u << i;
	return ret;
}

static void outcome_check(const struct evpn_scene *s, const struct evpn_row *row)
{
	struct pkt want;

	tap_eq(s->to, row->to, "who got it (1: H2, 2: H3)");
	for (int i = 0; i < HOSTS; i++) {
		if (!(s->to & 1u << i))
			continue;
		inner_build(row, row->out[i] ? row->out[i] : row->tag, &want);
		tap_bytes(pkt_cdata(&s->got[i]), s->got[i].len, pkt_cdata(&want), want.len,
			  host_names[i]);
	}
}

static void row_hook(enum fast_hook hook, const struct evpn_row *row)
{
	enum pn_reason reason;

	tap_case("%s: %s", fast_hooks[hook], row->name);
	fast_stats(&fast[hook], &fast[hook].last);
	if (tap_sys(packet_send(&scene[hook], row), "send")) {
		outcome_check(&scene[hook], row);
		reason = fast_counted(&fast[hook]);
		tap_eq(reason_verdict(reason), row->fp, "verdict");
		tap_str(reason_name(reason), reason_name(row->reason), "reason");
	}
	tap_end();
}

static void row_kernel(const struct evpn_row *row)
{
	tap_case("kernel: %s", row->name);
	if (tap_sys(packet_send(&scene[KERNEL], row), "send"))
		outcome_check(&scene[KERNEL], row);
	tap_end();
}

static void rows_run(void)
{
	int ret = 0;

	for (int i = 0; i < SCENES && !ret; i++)
		ret = scene_make(&scene[i]);
	for (int hook = 0; hook < FAST_HOOKS && !ret; hook++)
		ret = follow_open(&follow[hook], &fast[hook], &scene[hook].d, "d",
				  PN_GATE_TC_INGRESS | PN_GATE_OFFLOAD);
	if (ret == -EOPNOTSUPP) {
		tap_case("rows");
		tap_skip("no bridge VLAN filtering on this kernel; the lab kernels have it");
	} else if (ret) {
		tap_bail("scenes: %s", strerror(-ret));
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && !ret; i++) {
		row_kernel(&rows[i]);
		for (int hook = 0; hook < FAST_HOOKS; hook++)
			row_hook(hook, &rows[i]);
	}
	for (int hook = 0; hook < FAST_HOOKS && !ret; hook++)
		follow_close(&follow[hook]);
	for (int i = 0; i < SCENES; i++)
		scene_unmake(&scene[i]);
}

int main(void)
{
	int ret = wire_pin();

	ret = ret ? ret : settle_open(&marker);
	for (int hook = 0; hook < FAST_HOOKS && !ret; hook++)
		ret = fast_open(&fast[hook], &(struct fast_opts){ .hook = hook });
	if (ret)
		tap_bail("marker pair or program: %s", strerror(-ret));
	rows_run();
	for (int hook = 0; hook < FAST_HOOKS; hook++)
		fast_close(&fast[hook]);
	settle_close(&marker);
	return tap_done();
}
