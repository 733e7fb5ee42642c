// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The bridge rows (conformance 9.11, a bridge that does not filter VLANs):
 * frames from host H1 into port p1, the kernel alone beside twins with the
 * data plane on p1, filled by the mirror. The kernel's outcome is asserted as
 * the row says; the twins must deliver the same frames to the same hosts, and
 * verdict and reason must be the row's. Within a configuration rows run in
 * order, and what one leaves in the forwarding table the next one finds.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "follow.h"
#include "scene.h"
#include "tap.h"

#define PORTS 3
#define H1    "02:cc:00:00:00:01"
#define H2    "02:cc:00:00:00:02"
#define H3    "02:cc:00:00:00:03"
#define HX    "02:cc:00:00:00:99" /* nowhere */
#define BR    "02:cc:00:00:00:ff"
#define P1    "02:cc:00:00:01:01" /* the ports' own */
#define P2    "02:cc:00:00:01:02"
#define BCAST "ff:ff:ff:ff:ff:ff"
#define MCAST "01:00:5e:00:00:07"

/* Who gets it: hosts behind the ports, and the bridge device. */
enum { TO_1 = 1,
       TO_2 = 2,
       TO_3 = 4,
       TO_BR = 8 };

struct bridge_row {
	const char *id;
	const char *name;
	const char *src, *dst;
	unsigned int to;
	enum pn_verdict fp;
	enum pn_reason reason;
	const char *fdb; /* MAC whose entry must be on `port` afterwards */
	int port;	 /* 1..3; 0: there must be none */
	uint32_t tag;	 /* TPID << 16 | TCI */
	uint16_t type;
	uint16_t payload;
};

struct bridge_config {
	const char *name;
	const char *ip; /* lines for ip -batch, bridge -batch */
	const char *bridge;
	const struct bridge_row *row;
	int n;
	const char *needs;
};

#define A(r)	PN_FORWARD, PN_R_##r
#define P(r)	PN_PASS, PN_R_##r
#define ROWS(r) (r), sizeof(r) / sizeof((r)[0])

static const struct bridge_row plain[] = {
	{ "BR-01", "unknown unicast", H1, HX, TO_2 | TO_3, P(DST_UNKNOWN), H1, 1 },
	{ "BR-02", "both known", H1, H2, TO_2, A(BRIDGED), H2, 2 },
	{ "BR-03a", "broadcast", H1, BCAST, TO_2 | TO_3 | TO_BR, P(MULTICAST) },
	{ "BR-03b", "multicast", H1, MCAST, TO_2 | TO_3 | TO_BR, P(MULTICAST) },
	{ "BR-04a", "to the bridge", H1, BR, TO_BR, P(DST_LOCAL) },
	{ "BR-04b", "to another port's MAC", H1, P2, TO_BR, P(DST_LOCAL) },
	{ "BR-05a", "source is the bridge", BR, H2, TO_2, P(SRC_MOVED) },
	{ "BR-05b", "source is the port", P1, H2, TO_2, P(SRC_MOVED) },
	{ "BR-06a", "multicast source", "03:cc:00:00:00:01", H2, 0, P(MAC_INVALID) },
	{ "BR-06b", "source zero", "00:00:00:00:00:00", H2, 0, P(MAC_INVALID) },
	{ "BR-07", "to the port it came from", H2, H1, 0, P(SAME_PORT), H2, 1 },
	{ "BR-08", "STP group, STP off", H1, "01:80:c2:00:00:00", TO_2 | TO_3 | TO_BR,
	  P(MULTICAST) },
	{ "BR-09a", "pause", H1, "01:80:c2:00:00:01", 0, P(MULTICAST) },
	{ "BR-09b", "link-local group", H1, "01:80:c2:00:00:03", 0, P(MULTICAST) },
	{ "BR-13", "a static source moves", H3, HX, TO_2 | TO_3, P(NONE), H3, 1 },
	{ "BR-24", "LLDP", H1, "01:80:c2:00:00:0e", 0, P(MULTICAST) },
};

static const struct bridge_row tags[] = {
	{ "BR-27a", "802.1Q", H1, H2, TO_2, A(BRIDGED), .tag = 0x81000007 },
	{ "BR-27b", "802.1ad", H1, H2, TO_2, A(BRIDGED), .tag = 0x88a80007 },
	{ "BR-27c", "priority tag", H1, H2, TO_2, A(BRIDGED), .tag = 0x8100e000 },
};

static const struct bridge_row dynamic[] = {
	{ "BR-12a", "new source is learned", H1, H2, TO_2, P(SRC_UNKNOWN), H1, 1 },
	{ "BR-12b", "known now: one frame keeps it young, or goes fast", H1, H2, TO_2,
	  PN_VERDICTS, PN_R_NONE, H1, 1 },
	{ "BR-12c", "and again", H1, H2, TO_2, A(BRIDGED), H1, 1 },
	{ "BR-12d", "a dynamic source moves", H3, H2, TO_2, P(SRC_MOVED), H3, 1 },
};

static const struct bridge_row hairpin[] = {
	{ "BR-07h", "back out of the port it came from", H1, HX, TO_1, A(BRIDGED) },
};

static const struct bridge_row sticky[] = {
	{ "BR-14", "a sticky source stays", H3, H2, TO_2, P(SRC_MOVED), H3, 3 },
};

static const struct bridge_row permanent[] = {
	{ "BR-15a", "a permanent entry as source", H3, H2, TO_2, P(SRC_MOVED), H3, 3 },
	{ "BR-15b", "and as destination", H1, H3, TO_BR, P(DST_LOCAL) },
};

static const struct bridge_row extern_learn[] = {
	{ "BR-16", "an extern_learn source moves", H3, H2, TO_2, P(SRC_MOVED), H3, 1 },
};

static const struct bridge_row noflood[] = {
	{ "BR-17a", "flood off on p2: unknown", H1, HX, TO_3, P(DST_UNKNOWN) },
	{ "BR-17b", "broadcast", H1, BCAST, TO_2 | TO_3 | TO_BR, P(MULTICAST) },
	{ "BR-17c", "known", H1, H2, TO_2, A(BRIDGED) },
};

static const struct bridge_row isolated[] = {
	{ "BR-18a", "isolated: broadcast", H1, BCAST, TO_3 | TO_BR, P(MULTICAST) },
	{ "BR-18b", "to an isolated port", H1, H2, 0, P(ISOLATED) },
	{ "BR-18c", "to one that is not", H1, H3, TO_3, A(BRIDGED) },
	{ "BR-18d", "to the bridge", H1, BR, TO_BR, P(DST_LOCAL) },
};

static const struct bridge_row nolearning[] = {
	{ "BR-19a", "learning off: new source", HX, H2, TO_2, A(BRIDGED), HX, 0 },
	{ "BR-19b", "source known elsewhere", H3, H2, TO_2, A(BRIDGED), H3, 3 },
};

static const struct bridge_row locked[] = {
	{ "BR-20a", "locked: known here", H1, H2, TO_2, A(BRIDGED) },
	{ "BR-20b", "unknown", HX, H2, 0, P(SRC_UNKNOWN), HX, 0 },
	{ "BR-20c", "known elsewhere", H3, H2, 0, P(SRC_MOVED), H3, 3 },
};

static const struct bridge_row disabled[] = {
	{ "BR-22a", "p1 disabled", H1, H2, 0, P(PORT_STATE) },
};

static const struct bridge_row learning_state[] = {
	{ "BR-22b", "p1 learning", HX, H2, 0, P(PORT_STATE), HX, 1 },
};

static const struct bridge_row egress_state[] = {
	{ "BR-22c", "p2 not forwarding", H1, H2, 0, P(EGRESS_STATE) },
};

static const struct bridge_row promisc[] = {
	{ "BR-25", "the bridge is promiscuous", H1, H2, TO_2 | TO_BR, P(GATE_BRIDGE) },
};

static const struct bridge_row no_ageing[] = {
	{ "BR-26", "ageing time 0: nothing learned", HX, "02:cc:00:00:00:98", TO_2 | TO_3,
	  P(NONE), HX, 0 },
};

static const struct bridge_row mtu[] = {
	{ "BR-28a", "1404 bytes to MTU 1400", H1, H2, TO_2, A(BRIDGED), .payload = 1404 },
	{ "BR-28b", "1405 bytes", H1, H2, 0, P(EGRESS_MTU), .payload = 1405 },
};

static const struct bridge_row down[] = {
	{ "BR-29", "p2 down: its dynamic entry is gone", H1, H2, TO_3, P(DST_UNKNOWN), H2, 0 },
};

static const struct bridge_row upper[] = {
	{ "BR-38a", "a VLAN device on p1 takes its tag", H1, H2, 0, P(GATE_TAGGED),
	  .tag = 0x81000007 },
	{ "BR-38b", "and leaves the others", H1, H2, TO_2, A(BRIDGED) },
};

/* group_fwd_mask 0x4008 lets :03 and :0e through, not :02 */
static const struct bridge_row group_mask[] = {
	{ "BR-10a", "group :03, masked", H1, "01:80:c2:00:00:03", TO_2 | TO_3 | TO_BR,
	  P(MULTICAST) },
	{ "BR-10b", "group :0e, masked", H1, "01:80:c2:00:00:0e", TO_2 | TO_3 | TO_BR,
	  P(MULTICAST) },
	{ "BR-10c", "group :02, not masked", H1, "01:80:c2:00:00:02", 0, P(MULTICAST) },
};

static const struct bridge_row port_mask[] = {
	{ "BR-11", "group :02, masked on p1", H1, "01:80:c2:00:00:02", TO_2 | TO_3 | TO_BR,
	  P(MULTICAST) },
};

static const struct bridge_row locked_learning[] = {
	{ "BR-21", "EAPOL on a locked port that learns", HX, "01:80:c2:00:00:03", 0,
	  P(MULTICAST), HX, 1, .type = 0x888e },
};

static const struct bridge_row snooping[] = {
	{ "BR-39", "snooping, no querier", H1, MCAST, TO_2 | TO_3 | TO_BR, P(MULTICAST) },
	{ "BR-39u", "unicast beside it", H1, H2, TO_2, A(BRIDGED) },
};

#define FDB(mac, port, more) "fdb replace " mac " dev " port " master " more "\n"
#define KNOWN		     FDB(H1, "p1", "static") FDB(H2, "p2", "static") FDB(H3, "p3", "static")
#define KNOWN_12	     FDB(H1, "p1", "static") FDB(H2, "p2", "static")
#define KNOWN_2		     FDB(H2, "p2", "static")

static const struct bridge_config bridge_configs[] = {
	{ "plain", NULL, KNOWN, ROWS(plain) },
	{ "tags", NULL, KNOWN, ROWS(tags) },
	{ "dynamic entries", NULL, KNOWN_2 FDB(H3, "p3", "dynamic"), ROWS(dynamic) },
	{ "hairpin on p1", NULL,
	  FDB(H1, "p1", "static") FDB(HX, "p1", "static") "link set dev p1 hairpin on\n",
	  ROWS(hairpin) },
	{ "sticky", NULL, KNOWN_12 FDB(H3, "p3", "static sticky"), ROWS(sticky) },
	{ "permanent", NULL, KNOWN_12 FDB(H3, "p3", "permanent"), ROWS(permanent) },
	{ "extern_learn", NULL, KNOWN_12 FDB(H3, "p3", "extern_learn"), ROWS(extern_learn) },
	{ "flood off", NULL, KNOWN "link set dev p2 flood off\n", ROWS(noflood) },
	{ "isolated", NULL, KNOWN "link set dev p1 isolated on\nlink set dev p2 isolated on\n",
	  ROWS(isolated) },
	{ "learning off", NULL, KNOWN "link set dev p1 learning off\n", ROWS(nolearning) },
	{ "locked", "link set dev p1 type bridge_slave locked on learning off\n", KNOWN,
	  ROWS(locked) },
	{ "p1 disabled", NULL, KNOWN "link set dev p1 state 0\n", ROWS(disabled) },
	{ "p1 learning", NULL, KNOWN "link set dev p1 state 2\n", ROWS(learning_state) },
	{ "p2 disabled", NULL, KNOWN "link set dev p2 state 0\n", ROWS(egress_state) },
	{ "promiscuous", "link set dev br0 promisc on\n", KNOWN, ROWS(promisc) },
	{ "ageing time 0", "link set dev br0 type bridge ageing_time 0\n", NULL, ROWS(no_ageing) },
	{ "p2 with MTU 1400", "link set dev p2 mtu 1400\n", KNOWN, ROWS(mtu) },
	{ "p2 down", NULL, FDB(H1, "p1", "static") FDB(H2, "p2", "dynamic"), ROWS(down) },
	{ "a VLAN device on p1", "link add link p1 name p1.7 type vlan id 7\nlink set p1.7 up\n",
	  KNOWN, ROWS(upper), "vlan id 7" },
	{ "group_fwd_mask", "link set dev br0 type bridge group_fwd_mask 0x4008\n", KNOWN,
	  ROWS(group_mask) },
	{ "group_fwd_mask of p1", "link set dev p1 type bridge_slave group_fwd_mask 4\n", KNOWN,
	  ROWS(port_mask) },
	{ "locked, learning", "link set dev p1 type bridge_slave locked on learning on\n", KNOWN,
	  ROWS(locked_learning) },
	{ "snooping", "link set dev br0 type bridge mcast_snooping 1\n", KNOWN, ROWS(snooping) },
};

enum { KERNEL = FAST_HOOKS,
       SCENES };

struct bridge_scene {
	struct netns d, hosts;
	struct wire wire[PORTS];
	struct counters before, after;
	struct pkt got[PORTS];
	unsigned int to;
};

static const char *const port_names[PORTS] = { "p1", "p2", "p3" };
static const char *const host_names[PORTS] = { "h1", "h2", "h3" };
static const char *const port_macs[PORTS] = { P1, P2, "02:cc:00:00:01:03" };

static struct settle marker;
static struct bridge_scene scene[SCENES];
static struct fast fast[FAST_HOOKS];
static struct follow follow[FAST_HOOKS];

static int port_make(struct bridge_scene *s, int i)
{
	const struct netns *d = &s->d, *h = &s->hosts;
	int ret = netns_veth(d, port_names[i], h, host_names[i]);

	ret = ret ? ret : netns_mac(d, port_names[i], port_macs[i]);
	ret = ret ? ret : netns_offloads_off(d, port_names[i]);
	ret = ret ? ret : netns_offloads_off(h, host_names[i]);
	/* a redirect at XDP needs NAPI at the peer, and GRO is what gives it */
	ret = ret ? ret : netns_gro(h, host_names[i], true);
	ret = ret ? ret : netns_up(h, host_names[i]);
	ret = ret ? ret : netns_up(d, port_names[i]);
	ret = ret ? ret : netns_wait_up(d, port_names[i]);
	ret = ret ? ret : netns_master(d, port_names[i], "br0");
	return ret ? ret : wire_open(&s->wire[i], h, host_names[i]);
}

static int scene_make(struct bridge_scene *s, const struct bridge_config *c)
{
	int ret = netns_open(&s->d);

	ret = ret ? ret : netns_open(&s->hosts);
	ret = ret ? ret : netns_quiet(&s->d);
	ret = ret ? ret : netns_quiet(&s->hosts);
	ret = ret ? ret : netns_bridge(&s->d, "br0");
	ret = ret ? ret : netns_mac(&s->d, "br0", BR);
	ret = ret ? ret : netns_up(&s->d, "br0");
	for (int i = 0; i < PORTS && !ret; i++)
		ret = port_make(s, i);
	if (!ret && c->ip && netns_ip(&s->d, c->ip))
		return c->needs ? -EOPNOTSUPP : -EIO;
	if (!ret && c->bridge)
		ret = netns_bridge_cmd(&s->d, c->bridge);
	if (!ret && c->row == down)
		ret = netns_down(&s->d, "p2");
	return ret;
}

static void scene_unmake(struct bridge_scene *s)
{
	for (int i = 0; i < PORTS; i++)
		wire_close(&s->wire[i]);
	netns_close(&s->hosts);
	netns_close(&s->d);
}

static void frame_build(const struct bridge_row *row, struct pkt *p)
{
	pkt_init(p);
	pkt_append(p, NULL, row->payload ? row->payload : 100);
	pkt_eth(p, row->dst, row->src, row->type ? row->type : 0x88b5);
	if (row->tag)
		pkt_tag(p, row->tag >> 16, row->tag);
}

/* A frame of ours, not what the bridge itself has to say (IGMP, MLD). */
static bool frame_take(const struct wire *w, struct pkt *got)
{
	while (wire_recv(w, got, NULL) > 0) {
		uint16_t type = pkt_get16(pkt_cdata(got) + 12);

		if (type != 0x0800 && type != 0x86dd)
			return true;
	}
	return false;
}

static int frame_send(struct bridge_scene *s, const struct pkt *p)
{
	int ret;

	for (int i = 0; i < PORTS; i++)
		wire_drain(&s->wire[i]);
	counters_read(&s->d, &s->before);
	ret = wire_send(&s->wire[0], p);
	ret = ret ? ret : settle(&marker);
	counters_read(&s->d, &s->after);
	s->to = 0;
	for (int i = 0; i < PORTS; i++)
		if (frame_take(&s->wire[i], &s->got[i]))
			s->to |= 1u << i;
	if (counters_get(&s->after, "br0.rx_packets") != counters_get(&s->before, "br0.rx_packets"))
		s->to |= TO_BR;
	return ret;
}

static void outcome_check(struct bridge_scene *s, const struct bridge_row *row,
			  const struct pkt *p)
{
	int port;

	tap_eq(s->to, row->to, "who got it (1, 2, 4: hosts, 8: bridge)");
	for (int i = 0; i < PORTS; i++)
		if (s->to & 1u << i)
			tap_bytes(pkt_cdata(&s->got[i]), s->got[i].len, pkt_cdata(p), p->len,
				  host_names[i]);
	if (!row->fdb)
		return;
	port = netns_fdb_port(&s->d, "br0", row->fdb);
	if (!row->port)
		tap_true(port < 0, "no entry for this MAC");
	else
		tap_eq(port, netns_ifindex(&s->d, port_names[row->port - 1]), "port of the entry");
}

static void row_hook(enum fast_hook hook, const struct bridge_row *row)
{
	struct pkt p;
	enum pn_reason reason;

	frame_build(row, &p);
	tap_case("%s: %s %s", fast_hooks[hook], row->id, row->name);
	if (!tap_sys(follow_sync(&follow[hook]), "mirror"))
		goto out;
	fast_stats(&fast[hook], &fast[hook].last);
	if (!tap_sys(frame_send(&scene[hook], &p), "send"))
		goto out;
	outcome_check(&scene[hook], row, &p);
	reason = fast_counted(&fast[hook]);
	tap_true(reason != PN_R_NONE, "one frame counted");
	if (row->fp != PN_VERDICTS)
		tap_eq(reason_verdict(reason), row->fp, "verdict");
	if (row->reason != PN_R_NONE)
		tap_str(reason_name(reason), reason_name(row->reason), "reason");
out:
	tap_end();
}

static void row_kernel(const struct bridge_row *row)
{
	struct pkt p;

	frame_build(row, &p);
	tap_case("kernel: %s %s", row->id, row->name);
	if (tap_sys(frame_send(&scene[KERNEL], &p), "send"))
		outcome_check(&scene[KERNEL], row, &p);
	tap_end();
}

static int scenes_open(const struct bridge_config *c)
{
	int ret = 0;

	for (int i = 0; i < SCENES && !ret; i++)
		ret = scene_make(&scene[i], c);
	for (int hook = 0; hook < FAST_HOOKS && !ret; hook++)
		ret = follow_open(&follow[hook], &fast[hook], &scene[hook].d, "p1",
				  PN_GATE_TC_INGRESS | PN_GATE_OFFLOAD);
	return ret;
}

static void config_run(const struct bridge_config *c)
{
	int ret = scenes_open(c);

	if (ret == -EOPNOTSUPP) {
		tap_case("rows of \"%s\"", c->name);
		tap_skip("no link type \"%s\" on this kernel; the lab kernels have it", c->needs);
	} else if (ret) {
		tap_bail("%s: %s", c->name, strerror(-ret));
	}
	for (int i = 0; i < c->n && !ret; i++) {
		row_kernel(&c->row[i]);
		for (int hook = 0; hook < FAST_HOOKS; hook++)
			row_hook(hook, &c->row[i]);
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
	for (size_t i = 0; i < sizeof(bridge_configs) / sizeof(bridge_configs[0]); i++)
		config_run(&bridge_configs[i]);
	for (int hook = 0; hook < FAST_HOOKS; hook++)
		fast_close(&fast[hook]);
	settle_close(&marker);
	return tap_done();
}
