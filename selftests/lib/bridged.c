// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The bridge with three ports, in three copies; see bridged.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bridged.h"
#include "scene.h"
#include "tap.h"

enum { KERNEL = FAST_HOOKS,
       SCENES };

struct bridge_scene {
	struct netns d, hosts;
	struct wire wire[BRIDGED_PORTS];
	struct counters before, after;
	struct pkt got[BRIDGED_PORTS];
	unsigned int to;
};

static const char *const port_names[BRIDGED_PORTS] = { "p1", "p2", "p3" };
static const char *const host_names[BRIDGED_PORTS] = { "h1", "h2", "h3" };
static const char *const port_macs[BRIDGED_PORTS] = { P1, P2, "02:cc:00:00:01:03" };

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
	for (int i = 0; i < BRIDGED_PORTS && !ret; i++)
		ret = port_make(s, i);
	if (!ret && c->ip && netns_ip(&s->d, c->ip))
		return c->needs ? -EOPNOTSUPP : -EIO;
	if (!ret && c->bridge)
		ret = netns_bridge_cmd(&s->d, c->bridge);
	if (!ret && c->p2_down)
		ret = netns_down(&s->d, "p2");
	return ret;
}

static void scene_unmake(struct bridge_scene *s)
{
	for (int i = 0; i < BRIDGED_PORTS; i++)
		wire_close(&s->wire[i]);
	netns_close(&s->hosts);
	netns_close(&s->d);
}

static void frame_build(const struct bridge_row *row, struct pkt *p)
{
	pkt_init(p);
	pkt_append(p, NULL, row->payload ? row->payload : 100);
	pkt_eth(p, row->dst, row->src, row->type ? row->type : 0x88b5);
	if (row->tag2)
		pkt_tag(p, row->tag2 >> 16, row->tag2);
	if (row->tag)
		pkt_tag(p, row->tag >> 16, row->tag);
}

/* The same as a host gets it. */
static void frame_expect(const struct bridge_row *row, int host, struct pkt *p)
{
	struct bridge_row out = *row;

	if (row->out[host][0]) {
		out.tag = row->out[host][0] == UNTAGGED ? 0 : row->out[host][0];
		out.tag2 = row->out[host][1];
	}
	frame_build(&out, p);
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

	for (int i = 0; i < BRIDGED_PORTS; i++)
		wire_drain(&s->wire[i]);
	counters_read(&s->d, &s->before);
	ret = wire_send(&s->wire[0], p);
	ret = ret ? ret : settle(&marker);
	counters_read(&s->d, &s->after);
	s->to = 0;
	for (int i = 0; i < BRIDGED_PORTS; i++)
		if (frame_take(&s->wire[i], &s->got[i]))
			s->to |= 1u << i;
	if (counters_get(&s->after, "br0.rx_packets") != counters_get(&s->before, "br0.rx_packets"))
		s->to |= TO_BR;
	return ret;
}

static void outcome_check(struct bridge_scene *s, const struct bridge_row *row)
{
	struct pkt want;
	int port;

	tap_eq(s->to, row->to, "who got it (1, 2, 4: hosts, 8: bridge)");
	for (int i = 0; i < BRIDGED_PORTS; i++)
		if (s->to & 1u << i) {
			frame_expect(row, i, &want);
			tap_bytes(pkt_cdata(&s->got[i]), s->got[i].len, pkt_cdata(&want), want.len,
				  host_names[i]);
		}
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
	outcome_check(&scene[hook], row);
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
		outcome_check(&scene[KERNEL], row);
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

int bridged_run(const struct bridge_config *config, int n)
{
	int ret = wire_pin();

	ret = ret ? ret : settle_open(&marker);
	for (int hook = 0; hook < FAST_HOOKS && !ret; hook++)
		ret = fast_open(&fast[hook], &(struct fast_opts){ .hook = hook });
	if (ret)
		tap_bail("marker pair or program: %s", strerror(-ret));
	for (int i = 0; i < n; i++)
		config_run(&config[i]);
	for (int hook = 0; hook < FAST_HOOKS; hook++)
		fast_close(&fast[hook]);
	settle_close(&marker);
	return tap_done();
}
