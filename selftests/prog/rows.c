// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The conformance rows over BPF_PROG_TEST_RUN, both hooks: verdict, reason and
 * bytes, tables filled from a struct world. Then every row's packet cut at
 * every length: one counted verdict, and untouched bytes unless forwarded.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "expect.h"
#include "fast.h"
#include "scene.h"
#include "tap.h"

static struct netns ns;
static int work_ifindex, tunnel_ifindex;
static struct fast fast;
static unsigned long hits[FAST_HOOKS][PN_MAX_REASONS];

/* The workload's MAC address is inside where a bridge has to find it. */
static const char *in_dst(const struct row *row)
{
	return config_form(row->config) == FORM_ROUTED ? NULL : SCENE_IN_DST;
}

static void world_place(struct world *w)
{
	w->port[W_WORK].ifindex = work_ifindex;
	w->port[W_TUNNEL].ifindex = tunnel_ifindex;
	for (int i = 1; i < WORLD_TUNNELS; i++)
		w->tunnel[i].ifindex = tunnel_ifindex;
}

static void forwarded_check(const struct row *row, const struct pkt *out)
{
	struct pkt want;

	expect_out(row, &row->k, config_form(row->config), &want);
	tap_bytes(pkt_cdata(out), out->len, pkt_cdata(&want), want.len, "frame forwarded");
}

/* At tc: the packet as the tunnel device gets it, behind any Ethernet header. */
static void delivered_check(const struct row *row, const struct pkt *out)
{
	bool bare = row->k.raw || recipe_bare(&row->pkt[0]);
	struct pkt want;

	if (!row->k.to)
		tap_fail("delivered, which the kernel does not do");
	expect_inner(row, &row->k, in_dst(row), &want);
	if (bare && out->len >= 14)
		tap_bytes(pkt_cdata(out) + 14, out->len - 14, pkt_cdata(&want), want.len,
			  "packet delivered");
	else
		tap_bytes(pkt_cdata(out), out->len, pkt_cdata(&want), want.len,
			  "frame delivered");
}

static bool result_check(const struct row *row, const struct pkt *in, const struct pkt *out,
			 const struct fast_result *res)
{
	enum pn_reason want = fast_reason(row, fast.opts.hook);

	hits[fast.opts.hook][res->reason]++;
	if (res->reason == PN_R_DELIVERED && row->fp != PN_FORWARD) {
		delivered_check(row, out);
		return true;
	}
	if (!row->or_pass || res->verdict == PN_FORWARD) {
		tap_eq(res->verdict, reason_verdict(want), "verdict");
		tap_str(reason_name(res->reason), reason_name(want), "reason");
	}
	if (res->verdict != PN_FORWARD)
		return tap_bytes(pkt_cdata(out), out->len, pkt_cdata(in), in->len,
				 "frame passed");
	forwarded_check(row, out);
	return true;
}

static void row_run(const struct row *row)
{
	struct fast_result res;
	struct pkt in, out;

	tap_case("%s: %s %s", fast_hooks[fast.opts.hook], row->id, row->name);
	for (int i = 0; i < ROW_PACKETS && (!i || row->pkt[i].edit[0].field); i++) {
		recipe_build(&row->pkt[i], in_dst(row), &in);
		if (!tap_sys(fast_run(&fast, &in, &out, &res), "run"))
			break;
		/* a packet per neighbour is the kernel's; then it is the data plane's turn */
		if (fast_refreshed(row, res.reason)) {
			hits[fast.opts.hook][res.reason]++;
			tap_sys(fast_run(&fast, &in, &out, &res), "run");
		}
		result_check(row, &in, &out, &res);
	}
	tap_end();
}

/* Every prefix of the packet, its lengths as they were: never forwarded
 * unless what is missing is padding behind the IP packet. */
static void row_truncate(const struct row *row)
{
	struct pkt in, cut, out;
	struct fast_result res;
	size_t whole;

	recipe_build(&row->pkt[0], in_dst(row), &in);
	whole = in.len;
	if (recipe_edit(&row->pkt[0], F_TRAIL))
		whole -= recipe_edit(&row->pkt[0], F_TRAIL)->v;
	for (cut = in; cut.len >= 14; cut.len--) {
		int ret = fast_run(&fast, &cut, &out, &res);

		/* BPF_PROG_TEST_RUN itself may want a whole IP header at tc */
		if (ret == -EINVAL && fast.opts.hook == FAST_TC && cut.len < 54)
			return;
		hits[fast.opts.hook][res.reason]++;
		if (!tap_sys(ret, row->id))
			return;
		if (cut.len < whole && res.verdict == PN_FORWARD)
			tap_fail("%s: forwarded %u of %zu bytes", row->id, cut.len, whole);
		if (res.verdict != PN_FORWARD && !pkt_same(&out, pkt_cdata(&cut), cut.len))
			tap_fail("%s: changed a frame of %u bytes and passed it", row->id, cut.len);
	}
}

static void rows_each(enum config_id id, void (*fn)(const struct row *))
{
	for (int t = 0; t < ROW_TABLES; t++)
		for (int i = 0; i < row_tables[t]->n; i++)
			if (row_tables[t]->row[i].config == id)
				fn(&row_tables[t]->row[i]);
}

static void configs_each(void (*fn)(const struct row *))
{
	struct world w;

	for (int id = 0; id < CONFIGS; id++) {
		world_of(id, configs[id].routed ? FORM_ROUTED : FORM_BRIDGED, &w);
		world_place(&w);
		fast_world(&fast, &w);
		rows_each(id, fn);
	}
}

/* received = forwarded + passed + dropped, packets and bytes. */
static void sums_check(void)
{
	struct pn_port_stats stats;
	uint64_t total = 0, want = 0;

	tap_case("%s: every frame run was counted once", fast_hooks[fast.opts.hook]);
	fast_stats(&fast, &stats);
	for (int i = 0; i < PN_MAX_REASONS; i++) {
		total += stats.reason[i].packets;
		want += hits[fast.opts.hook][i];
		tap_eq(stats.reason[i].packets, hits[fast.opts.hook][i], reason_name(i));
	}
	tap_eq(total, want, "frames");
	tap_end();
}

static void hook_run(enum fast_hook hook)
{
	struct fast_opts opts = { .hook = hook };
	int ret = fast_open(&fast, &opts);

	if (ret)
		tap_bail("%s: %s", fast_hooks[hook], strerror(-ret));
	configs_each(row_run);
	tap_case("%s: every row's packet cut at every length", fast_hooks[hook]);
	configs_each(row_truncate);
	tap_end();
	sums_check();
	fast_close(&fast);
}

/* Where the FIB look-up finds the way: a tunnel device, and what is behind w. */
static int routes_make(void)
{
	static const char *const up[] = { "w", "e", "vx", "x" };
	int ret = netns_quiet(&ns);

	ret = ret ? ret : netns_sysctl(&ns, "net/ipv4/ip_forward", "1");
	ret = ret ? ret : netns_sysctl(&ns, "net/ipv6/conf/all/forwarding", "1");
	ret = ret ? ret : netns_veth(&ns, "w", &ns, "e");
	ret = ret ? ret : netns_veth(&ns, "vx", &ns, "x");
	for (size_t i = 0; i < sizeof(up) / sizeof(up[0]) && !ret; i++)
		ret = netns_up(&ns, up[i]);
	ret = ret ? ret : netns_wait_up(&ns, "w");
	ret = ret ? ret : scene_routes(&ns);
	/* as C_GRERPF has it */
	return ret ? ret : netns_ip(&ns, "route add 192.168.7.0/24 dev vx\n");
}

int main(void)
{
	int ret = netns_open(&ns);

	ret = ret ? ret : routes_make();
	work_ifindex = ret ? ret : netns_ifindex(&ns, "w");
	tunnel_ifindex = ret ? ret : netns_ifindex(&ns, "vx");
	if (work_ifindex < 0 || tunnel_ifindex < 0 || netns_enter(&ns))
		tap_bail("a namespace with routes: %s", strerror(-ret));
	for (int hook = 0; hook < FAST_HOOKS; hook++)
		hook_run(hook);
	return tap_done();
}
