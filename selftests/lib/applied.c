// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Topology texts applied in process; see applied.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "applied.h"
#include "state.h"
#include "tap.h"
#include "topo/apply.h"
#include "topo/file.h"

static char dir[256], file[300];

void applied_init(const char *name)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof(dir), "%s/pnt-%s-%d", tmp ? tmp : "/tmp", name, getpid());
	snprintf(file, sizeof(file), "%s.yaml", dir);
}

int applied_apply(const char *text, unsigned int *steps, struct pn_err *err)
{
	struct pn_apply a = { 0 };
	struct pn_topo *topo;
	int rc;

	memset(err, 0, sizeof(*err));
	rc = pn_topo_parse(file, text, strlen(text), &topo, err);
	if (!rc)
		rc = pn_topo_apply(topo, dir, &a, err);
	if (steps)
		*steps = a.plan ? pn_plan_steps(a.plan) : 0;
	if (!rc)
		rc = a.writes;
	pn_apply_close(&a);
	pn_topo_free(topo);
	return rc;
}

static void plan_say(const struct pn_plan *plan, char *say, unsigned int len)
{
	struct pn_step_text t;
	unsigned int i, at = 0;

	for (i = 0; i < pn_plan_steps(plan) && at < len; i++) {
		pn_plan_step(plan, i, &t);
		at += snprintf(say + at, len - at, "%s %s %s %s%s%s; ", t.op, t.object,
			       t.attribute[0] ? t.attribute : t.what, t.old_value,
			       t.old_value[0] ? " -> " : "", t.new_value);
	}
}

int applied_plan(const char *text, char *say, unsigned int say_len, struct pn_err *err)
{
	struct pn_plan *plan = NULL;
	struct pn_topo *topo;
	int rc;

	memset(err, 0, sizeof(*err));
	if (say)
		say[0] = '\0';
	rc = pn_topo_parse(file, text, strlen(text), &topo, err);
	if (!rc)
		rc = pn_plan_make(topo, dir, &plan, err);
	if (!rc)
		rc = pn_plan_steps(plan);
	if (rc > 0 && say)
		plan_say(plan, say, say_len);
	pn_plan_free(plan);
	pn_topo_free(topo);
	return rc;
}

int applied_delete(struct pn_err *err)
{
	struct pn_apply a;
	int rc;

	memset(err, 0, sizeof(*err));
	rc = pn_topo_delete(file, dir, &a, err);
	if (!rc)
		rc = a.writes;
	pn_apply_close(&a);
	return rc;
}

void applied_fail_each(const char *what, const char *text, const char *const *spaces,
		       unsigned int n)
{
	char *before = state_dump(spaces, n), *now, number[16];
	struct pn_err err;
	int i, rc = -1, total = applied_plan(text, NULL, 0, &err);

	tap_case("%s: failing at each of %d steps changes nothing", what, total);
	for (i = 1; i <= total && rc < 0; i++) {
		snprintf(number, sizeof(number), "%d", i);
		setenv("PN_FAULT_STEP", number, 1);
		rc = applied_apply(text, NULL, &err);
		if (!tap_true(rc < 0, "failed") || !tap_eq(err.code, PN_EXIT_UNDONE, err.text))
			tap_diag("at step %d", i);
		now = state_dump(spaces, n);
		if (!state_same(before, now))
			tap_diag("after failing at step %d", i);
		free(now);
	}
	unsetenv("PN_FAULT_STEP");
	tap_end();
	free(before);
}
