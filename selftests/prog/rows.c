// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The conformance rows over BPF_PROG_TEST_RUN, both hooks: verdict, reason and
 * bytes, tables filled from a struct world. Then every row's packet cut at
 * every length: one counted verdict, and untouched bytes unless forwarded.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fast.h"
#include "scene.h"
#include "tap.h"

static const struct row_table *const tables[] = {
	&rows_outer4,
	&rows_outer6,
	&rows_vxlan,
	&rows_gpe,
	&rows_ecn,
};

static struct netns ns;
static int work_ifindex;
static struct fast fast;
static unsigned long hits[FAST_HOOKS][PN_MAX_REASONS];

static void world_place(struct world *w)
{
	w->port[W_WORK].ifindex = work_ifindex;
}

static void forwarded_check(const struct row *row, const struct pkt *out)
{
	struct pkt want;

	recipe_inner(&row->pkt[0], SCENE_IN_DST, row->k.tos - 1, &want);
	if (row->k.len && row->k.len < want.len)
		pkt_cut(&want, want.len - row->k.len);
	tap_bytes(pkt_cdata(out), out->len, pkt_cdata(&want), want.len, "frame forwarded");
}

static bool result_check(const struct row *row, const struct pkt *in, const struct pkt *out,
			 const struct fast_result *res)
{
	enum pn_reason want = fast_reason(row, fast.opts.hook);

	hits[fast.opts.hook][res->reason]++;
	tap_eq(res->verdict, reason_verdict(want), "verdict");
	if (want != PN_R_NONE)
		tap_str(reason_name(res->reason), reason_name(want), "reason");
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
		recipe_build(&row->pkt[i], SCENE_IN_DST, &in);
		if (tap_sys(fast_run(&fast, &in, &out, &res), "run"))
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

	recipe_build(&row->pkt[0], SCENE_IN_DST, &in);
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
	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (int i = 0; i < tables[t]->n; i++)
			if (tables[t]->row[i].config == id)
				fn(&tables[t]->row[i]);
}

static void configs_each(void (*fn)(const struct row *))
{
	struct world w;

	for (int id = 0; id < CONFIGS; id++) {
		world_of(id, true, &w);
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

int main(void)
{
	int ret = netns_open(&ns);

	ret = ret ? ret : netns_veth(&ns, "w", &ns, "e");
	work_ifindex = ret ? ret : netns_ifindex(&ns, "w");
	if (work_ifindex < 0 || netns_enter(&ns))
		tap_bail("a namespace with a veth");
	for (int hook = 0; hook < FAST_HOOKS; hook++)
		hook_run(hook);
	return tap_done();
}
