// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Rows through the kernel and through the data plane; see parity.h. */
#include <errno.h>
#include <string.h>

#include "expect.h"
#include "parity.h"
#include "tap.h"
#include "twins.h"

static struct twins twins;

/* May this row's packet leave for @reason? */
static bool reason_holds(enum fast_hook hook, const struct row *row, enum pn_reason reason)
{
	enum pn_reason want = row->live ? row->live : fast_reason(row, hook);
	/* a row that is about what follows has nowhere to go in the plain form */
	bool judged = twins.form == config_form(row->config);

	if (reason == PN_R_DELIVERED && (!judged || row->fp != PN_FORWARD))
		return tap_true(hook == FAST_TC && row->k.to, "delivered as the kernel does");
	if (!judged || (row->or_pass && reason_verdict(reason) == PN_PASS))
		return tap_eq(reason_verdict(reason), PN_PASS, "verdict");
	return tap_str(reason_name(reason), reason_name(want), "reason");
}

/* All packets of a row leave alike, and all of them are counted; true: all of them passed. */
static bool verdict_check(enum fast_hook hook, const struct row *row)
{
	uint64_t reasons[PN_MAX_REASONS], total = 0, passed = 0;

	if (!tap_sys(twins_reasons(&twins, hook, reasons), "counters"))
		return false;
	for (int i = 0; i < PN_MAX_REASONS; i++) {
		total += reasons[i];
		passed += reason_verdict(i) == PN_PASS ? reasons[i] : 0;
		if (reasons[i])
			reason_holds(hook, row, i);
	}
	tap_eq(total, expect_packets(row), "packets counted");
	return passed == total;
}

static void row_hook(enum fast_hook hook, const struct row *row, int sent)
{
	static const char *const forms[] = { "", ", bridged", ", routed" };
	struct twins *t = &twins;

	tap_case("%s%s: %s %s", fast_hooks[hook], forms[t->form], row->id, row->name);
	if (tap_sys(sent, "send")) {
		bool passed = verdict_check(hook, row);

		seen_same(&t->seen[hook], &t->seen[TWIN_KERNEL]);
		if (passed)
			counts_same(&t->before[hook], &t->after[hook], &t->before[TWIN_KERNEL],
				    &t->after[TWIN_KERNEL]);
	}
	tap_end();
}

static bool refreshed(const struct row *row)
{
	uint64_t reasons[PN_MAX_REASONS];

	for (int hook = twins.first; hook < FAST_HOOKS && twins.form == FORM_ROUTED; hook++) {
		if (twins_reasons(&twins, hook, reasons))
			return false;
		for (int i = 0; i < PN_MAX_REASONS; i++)
			if (reasons[i] && fast_refreshed(row, i))
				return true;
	}
	return false;
}

static void row_run(const struct row *row)
{
	const char *in_dst = twins.form == FORM_BRIDGED ? SCENE_IN_DST : NULL;
	static struct pkt p[ROW_PACKETS];
	int n = expect_packets(row), ret;

	for (int i = 0; i < n; i++)
		recipe_build(&row->pkt[i], in_dst, &p[i]);
	/* devices that learn; bridges that learn know what they need already */
	for (int hook = twins.first; row->config < C_GN && hook < FAST_HOOKS; hook++)
		follow_sync(&twins.follow[hook]);
	ret = twins_send(&twins, p, n);
	/* a packet per neighbour is the kernel's; then it is the data plane's turn */
	if (!ret && refreshed(row))
		ret = twins_send(&twins, p, n);
	for (int hook = twins.first; hook < FAST_HOOKS; hook++)
		row_hook(hook, row, ret);
}

/* Without anywhere to go one configuration of a kind says it all: opening one is dear. */
static bool plain_wanted(enum config_id id)
{
	static const enum config_id ids[] = { C_GN, C_GRE, C_TAP, C_GRE6, C_TAP6, C_IPIP, C_SIT,
					      C_IP6TNL, C_FOU4 };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (ids[i] == id)
			return true;
	return id < C_GN || config_form(id) == FORM_PLAIN;
}

static void config_run(enum config_id id, enum form form)
{
	int ret = twins_open(&twins, id, form);

	if (ret == -EOPNOTSUPP) {
		tap_case("rows of \"%s\"", configs[id].name);
		tap_skip("no link type \"%s\" on this kernel; the lab kernels have it",
			 configs[id].needs);
		return;
	}
	if (ret)
		tap_bail("%s: %s", configs[id].name, strerror(-ret));
	for (int t = 0; t < ROW_TABLES; t++)
		for (int i = 0; i < row_tables[t]->n; i++)
			if (row_tables[t]->row[i].config == id)
				row_run(&row_tables[t]->row[i]);
	twins_close(&twins);
}

int parity_run(enum config_id first, enum config_id end)
{
	twins_init(&twins);
	for (int id = first; id < (int)end; id++) {
		if (plain_wanted(id))
			config_run(id, FORM_PLAIN);
		if (config_form(id) != FORM_PLAIN)
			config_run(id, config_form(id));
	}
	twins_exit(&twins);
	return tap_done();
}
