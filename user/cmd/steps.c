// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The steps of a plan as text and JSON; see steps.h. */
#include <stdio.h>
#include <string.h>

#include "cmd/steps.h"

const struct pn_topo_opts pn_topo_defaults = { .state = PN_LEDGER_DIR };

static const struct pn_col step_cols[] = {
	{ "sign", "", PN_LEFT }, { "object", "OBJECT", PN_LEFT },
	{ "detail", "WHAT", PN_LEFT }, { "reason", "WHY", PN_LEFT }, PN_COL_END,
};

static const struct pn_table steps_table = {
	.key = "steps",
	.none = "nothing to do",
	.cols = step_cols,
};

static const struct pn_col warning_cols[] = {
	{ "object", "SHAPER", PN_LEFT }, { "message", "WARNING", PN_LEFT }, PN_COL_END,
};

static const struct pn_table warnings_table = {
	.key = "warnings",
	.cols = warning_cols,
};

static const struct pn_col done_cols[] = {
	{ "writes", "writes", PN_RIGHT }, PN_COL_END,
};

static const struct pn_table done_table = {
	.key = "done",
	.record = true,
	.cols = done_cols,
};

static const struct pn_col mass_cols[] = {
	{ "needed", "needed", PN_LEFT }, { "removed", "removed", PN_RIGHT },
	{ "of", "of", PN_RIGHT }, PN_COL_END,
};

static const struct pn_table mass_table = {
	.key = "mass_delete",
	.record = true,
	.cols = mass_cols,
};

static void or_null(struct pn_out *out, const char *key, const char *value)
{
	if (value[0])
		pn_out_str(out, key, value);
	else if (pn_out_is_json(out))
		pn_out_null(out, key);
}

static void detail(const struct pn_step_text *t, char *buf, size_t len)
{
	const char *name = t->attribute[0] ? t->attribute : t->what;
	bool change = !strcmp(t->op, "change");

	if (change)
		snprintf(buf, len, "%s %s -> %s", name, t->old_value[0] ? t->old_value : "?",
			 t->new_value);
	else
		snprintf(buf, len, "%s%s%s", name,
			 t->new_value[0] || t->old_value[0] ? " " : "",
			 t->new_value[0] ? t->new_value : t->old_value);
}

static void step_print(struct pn_out *out, const struct pn_step_text *t)
{
	char sign[2] = { !strcmp(t->op, "create") ? '+' : !strcmp(t->op, "change") ? '~' : '-' };
	char text[700];

	detail(t, text, sizeof(text));
	pn_out_row(out);
	pn_out_text(out, "sign", "%s", sign);
	pn_out_str(out, "object", t->object);
	pn_out_text(out, "detail", "%s", text);
	if (pn_out_is_json(out)) {
		pn_out_str(out, "op", t->op);
		pn_out_str(out, "what", t->what);
		or_null(out, "attribute", t->attribute);
		or_null(out, "old", t->old_value);
		or_null(out, "new", t->new_value);
	}
	pn_out_str(out, "reason", t->reason);
	pn_out_row_end(out);
}

/* Of shapers. In text sentences of their own. */
static void warnings_print(struct pn_out *out, const struct pn_shaper_steps *shapers)
{
	const struct pn_shaper_warning *w = shapers->warning;
	char text[512];
	unsigned int i;

	if (pn_out_is_json(out))
		pn_out_table(out, &warnings_table);
	for (i = 0; i < shapers->n_warnings; i++, w++) {
		if (!pn_out_is_json(out)) {
			snprintf(text, sizeof(text), "warning: %s: %s (hint: %s)", w->object,
				 w->text, w->hint);
			pn_out_remark(out, text);
			continue;
		}
		pn_out_row(out);
		pn_out_str(out, "object", w->object);
		pn_out_u64(out, "line", w->line);
		pn_out_str(out, "message", w->text);
		pn_out_str(out, "hint", w->hint);
		pn_out_row_end(out);
	}
	if (pn_out_is_json(out))
		pn_out_table_end(out);
}

static void steps_print(struct pn_out *out, const struct pn_plan *plan,
			const struct pn_shaper_steps *shapers, uint64_t writes)
{
	unsigned int i, n = plan ? pn_plan_steps(plan) : 0;
	struct pn_step_text t;

	pn_out_table(out, &steps_table);
	for (i = 0; i < n; i++) {
		pn_plan_step(plan, i, &t);
		step_print(out, &t);
	}
	for (i = 0; shapers && i < shapers->n; i++) {
		pn_shaper_step_text(&shapers->step[i], &t);
		step_print(out, &t);
	}
	pn_out_table_end(out);
	if (shapers && shapers->asked)
		warnings_print(out, shapers);
	if (!pn_out_is_json(out))
		return;
	pn_out_table(out, &done_table);
	pn_out_row(out);
	pn_out_u64(out, "writes", writes);
	pn_out_row_end(out);
	pn_out_table_end(out);
}

void pn_cmd_steps(struct pn_out *out, const struct pn_plan *plan,
		  const struct pn_shaper_steps *shapers, uint64_t writes)
{
	pn_out_group(out);
	steps_print(out, plan, shapers, writes);
	pn_out_group_end(out);
}

void pn_cmd_plan_steps(struct pn_out *out, const struct pn_plan *plan,
		       const struct pn_shaper_steps *shapers)
{
	struct pn_plan_mass mass;
	char text[160];

	pn_plan_mass_count(plan, &mass);
	pn_out_group(out);
	steps_print(out, plan, shapers, 0);
	if (pn_out_is_json(out)) {
		pn_out_table(out, &mass_table);
		pn_out_row(out);
		pn_out_bool(out, "needed", mass.refused);
		pn_out_u64(out, "removed", mass.gone);
		pn_out_u64(out, "of", mass.of);
		pn_out_row_end(out);
		pn_out_table_end(out);
	} else if (mass.refused) {
		snprintf(text, sizeof(text), "apply needs --allow-mass-delete: it would remove %u "
			 "of the %u links that FILE made, more than half.", mass.gone, mass.of);
		pn_out_remark(out, text);
	}
	pn_out_group_end(out);
}
