// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The conformance rows through real devices twice: the kernel alone beside a
 * twin with the data plane attached to the wire. The same frames must come out
 * of the same devices, a passed packet must move the same kernel counters, and
 * verdict and reason must be the row's.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "follow.h"
#include "scene.h"
#include "tap.h"

static const struct row_table *const tables[] = {
	&rows_outer4,
	&rows_outer6,
	&rows_vxlan,
	&rows_gpe,
	&rows_ecn,
};

enum { KERNEL = FAST_HOOKS,
       SCENES };

static struct settle marker;
static struct scene scene[SCENES]; /* by hook, and the kernel's own */
static struct seen seen[SCENES];
static struct counters before[SCENES], after[SCENES];
static struct fast fast[FAST_HOOKS];
static struct follow follow[FAST_HOOKS];

static int packets_send(struct scene *s, const struct row *row)
{
	const char *in_dst = s->bridged ? SCENE_IN_DST : NULL;
	struct pkt p;
	int n = 0, ret = 0;

	for (; n < ROW_PACKETS && (!n || row->pkt[n].edit[0].field) && !ret; n++) {
		recipe_build(&row->pkt[n], in_dst, &p);
		ret = wire_send(&s->wire_p, &p);
	}
	return ret ? ret : n;
}

static int scene_run(int which, const struct row *row)
{
	struct scene *s = &scene[which];
	int n, ret;

	wire_drain(&s->wire_out);
	wire_drain(&s->wire_p);
	counters_read(&s->d, &before[which]);
	n = packets_send(s, row);
	ret = n < 0 ? n : settle(&marker);
	counters_read(&s->d, &after[which]);
	scene_see(s, &seen[which]);
	return ret ? ret : n;
}

static uint64_t delivered(enum fast_hook hook, const struct pn_port_stats *was)
{
	struct pn_port_stats now;

	if (!tap_sys(fast_stats(&fast[hook], &now), "counters"))
		return 0;
	return now.reason[PN_R_DELIVERED].packets - was->reason[PN_R_DELIVERED].packets;
}

/*
 * All packets of a row leave with one verdict, and all of them are counted. In
 * the plain form tc may hand to the device what the kernel would.
 */
static void verdict_check(enum fast_hook hook, const struct row *row,
			  const struct pn_port_stats *was, int packets)
{
	enum pn_reason reason = fast_reason(row, hook);
	bool bridged = scene[hook].bridged;
	enum pn_verdict want = bridged ? reason_verdict(reason) : PN_PASS;
	struct pn_port_stats now;
	uint64_t total = 0;

	if (!tap_sys(fast_stats(&fast[hook], &now), "counters"))
		return;
	for (int i = 0; i < PN_MAX_REASONS; i++) {
		uint64_t n = now.reason[i].packets - was->reason[i].packets;

		total += n;
		if (!n)
			continue;
		if (bridged || i != PN_R_DELIVERED || hook != FAST_TC)
			tap_eq(reason_verdict(i), want, "verdict");
		if (bridged && reason != PN_R_NONE)
			tap_str(reason_name(i), reason_name(reason), "reason");
	}
	tap_eq(total, packets, "packets counted");
}

static void row_hook(enum fast_hook hook, const struct row *row, int packets)
{
	struct pn_port_stats was;

	follow_sync(&follow[hook]);
	tap_case("%s%s: %s %s", fast_hooks[hook], scene[hook].bridged ? ", bridged" : "", row->id,
		 row->name);
	fast_stats(&fast[hook], &was);
	if (tap_sys(packets, "the kernel alone") && tap_sys(scene_run(hook, row), "send")) {
		verdict_check(hook, row, &was, packets);
		seen_same(&seen[hook], &seen[KERNEL]);
		/* what goes fast is not counted by the kernel on its way */
		if (scene[hook].bridged ? row->fp != PN_FORWARD : !delivered(hook, &was))
			counts_same(&before[hook], &after[hook], &before[KERNEL], &after[KERNEL]);
	}
	tap_end();
}

static void row_run(const struct row *row)
{
	int n = scene_run(KERNEL, row);

	for (int hook = 0; hook < FAST_HOOKS; hook++)
		row_hook(hook, row, n);
}

/*
 * Gates that are the test's own doing: the program at tc is nobody's, the
 * wire's peer is in another namespace, and in the plain form vx is watched.
 */
static int fast_place(enum fast_hook hook)
{
	struct scene *s = &scene[hook];

	uint32_t own = PN_GATE_TC_INGRESS | PN_GATE_OFFLOAD | (s->bridged ? 0 : PN_GATE_TAP);

	return follow_open(&follow[hook], &fast[hook], &s->d, "d", own);
}

static int scenes_open(enum config_id id, bool bridged)
{
	int ret = 0;

	for (int i = 0; i < SCENES && !ret; i++)
		ret = scene_open(&scene[i], id, bridged);
	for (int hook = 0; hook < FAST_HOOKS && !ret; hook++)
		ret = fast_place(hook);
	return ret;
}

static void scenes_close(void)
{
	for (int hook = 0; hook < FAST_HOOKS; hook++)
		if (follow[hook].m)
			follow_close(&follow[hook]);
	for (int i = 0; i < SCENES; i++)
		scene_close(&scene[i]);
}

static void config_run(enum config_id id, bool bridged)
{
	int ret = scenes_open(id, bridged);

	if (ret == -EOPNOTSUPP) {
		tap_case("rows of \"%s\"", configs[id].name);
		tap_skip("no link type \"%s\" on this kernel; the lab kernels have it",
			 configs[id].needs);
		return;
	}
	if (ret)
		tap_bail("%s: %s", configs[id].name, strerror(-ret));
	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (int i = 0; i < tables[t]->n; i++)
			if (tables[t]->row[i].config == id)
				row_run(&tables[t]->row[i]);
	scenes_close();
}

int main(void)
{
	int ret = wire_pin();

	ret = ret ? ret : settle_open(&marker);
	for (int hook = 0; hook < FAST_HOOKS && !ret; hook++)
		ret = fast_open(&fast[hook], &(struct fast_opts){ .hook = hook });
	if (ret)
		tap_bail("marker pair or program: %s", strerror(-ret));
	for (int id = 0; id < CONFIGS; id++) {
		config_run(id, false);
		if (configs[id].bridged)
			config_run(id, true);
	}
	for (int hook = 0; hook < FAST_HOOKS; hook++)
		fast_close(&fast[hook]);
	settle_close(&marker);
	return tap_done();
}
