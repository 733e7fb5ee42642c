// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Every sample of docs/examples fails at each of its steps, one after the
 * other, and each time all is as before. Then it is applied, and what show
 * config prints of it is planned to no change. With words: those samples only.
 */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "netns.h"
#include "run.h"
#include "state.h"
#include "tap.h"
#include "topo/apply.h"
#include "topo/model.h"

/* What the samples take for granted. */
#define BEFORE \
	"link add eth1 address 02:00:00:00:00:01 type veth peer name wire1\n" \
	"link add eth2 address 02:00:00:00:00:02 type veth peer name wire2\n"

#define SPACES 16

static struct netns own;
static char dir[256];
static char names[SPACES][64];
static const char *spaces[SPACES];
static unsigned int n_spaces;

static int apply(const char *path, unsigned int *steps, struct pn_err *err)
{
	struct pn_apply a = { 0 };
	struct pn_topo *topo;
	int rc;

	memset(err, 0, sizeof(*err));
	rc = pn_topo_read(path, &topo, err);
	if (!rc)
		rc = pn_topo_apply(topo, dir, &a, err);
	*steps = a.plan ? pn_plan_steps(a.plan) : 0;
	pn_apply_close(&a);
	pn_topo_free(topo);
	return rc;
}

/* The namespaces that the file makes, behind our own. */
static bool spaces_find(const char *path)
{
	struct pn_err err = { 0 };
	struct pn_topo *topo;
	unsigned int i;

	n_spaces = 1;
	if (!tap_sys(pn_topo_read(path, &topo, &err), err.text))
		return false;
	for (i = 0; i < topo->n_netns && n_spaces < SPACES; i++, n_spaces++) {
		snprintf(names[n_spaces], sizeof(names[0]), "%s", topo->netns[i].name);
		spaces[n_spaces] = names[n_spaces];
	}
	pn_topo_free(topo);
	return true;
}

static bool fault_run(const char *path, unsigned int step, const char *before)
{
	unsigned int steps;
	struct pn_err err;
	char text[16], *now;
	bool good;

	snprintf(text, sizeof(text), "%u", step);
	setenv("PN_FAULT_STEP", text, 1);
	good = tap_true(apply(path, &steps, &err) < 0, "it fails");
	unsetenv("PN_FAULT_STEP");
	good &= tap_eq(err.code, PN_EXIT_UNDONE, err.text);
	now = state_dump(spaces, n_spaces);
	good &= state_same(before, now);
	free(now);
	return good || (tap_fail("failing at step %u", step), false);
}

/* The running state, by the program, as a file. */
static void config_check(void)
{
	char file[300], line[800];
	struct run r;
	FILE *f;

	snprintf(file, sizeof(file), "%s/config.yaml", dir);
	if (!tap_sys(run_penstock(&r, "show config --all"), "show config"))
		return;
	f = fopen(file, "w");
	if (!f || fputs(r.out, f) < 0 || fclose(f))
		tap_bail("cannot write %s", file);
	run_free(&r);
	snprintf(line, sizeof(line), "plan --state %s/none %s", dir, file);
	tap_sys(run_penstock(&r, line), line);
	if (!tap_eq(r.status, 0, "plan of show config"))
		tap_fail("%s%s", r.out, r.err);
	run_free(&r);
}

static void sample(const char *path)
{
	struct pn_err err = { 0 };
	struct pn_apply a = { 0 };
	unsigned int steps = 0, i;
	char *before = NULL;

	tap_case("%s", path);
	if (!tap_sys(netns_open(&own), "namespace") || !tap_sys(netns_ip(&own, BEFORE), "ip") ||
	    !tap_sys(netns_enter(&own), "enter") || !spaces_find(path))
		goto out;
	before = state_dump(spaces, n_spaces);
	if (apply(path, &steps, &err)) {
		if (!tap_true(err.code != PN_EXIT_KERNEL, err.text))
			goto out;
		tap_skip("%s", err.text);
		goto skipped;
	}
	config_check();
	tap_sys(pn_topo_delete(path, dir, &a, &err), err.text);
	pn_apply_close(&a);
	netns_leave();
	netns_close(&own);
	/* Anew: what is changed on a device of others stays. */
	if (!tap_sys(netns_open(&own), "namespace") || !tap_sys(netns_ip(&own, BEFORE), "ip") ||
	    !tap_sys(netns_enter(&own), "enter"))
		goto out;
	free(before);
	before = state_dump(spaces, n_spaces);
	for (i = 1; i <= steps + 1 && fault_run(path, i, before); i++)
		;
out:
	tap_end();
skipped:
	free(before);
	netns_leave();
	netns_close(&own);
}

int main(int argc, char **argv)
{
	const char *tmp = getenv("TMPDIR");
	glob_t all = { 0 };
	size_t i;

	snprintf(dir, sizeof(dir), "%s/pnt-faults-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(dir))
		tap_bail("no directory: %s", strerror(errno));
	if (argc < 2 && glob("docs/examples/*.yaml", 0, NULL, &all))
		tap_bail("no samples in docs/examples");
	for (i = 1; i < (size_t)argc; i++)
		sample(argv[i]);
	for (i = 0; i < all.gl_pathc; i++)
		sample(all.gl_pathv[i]);
	globfree(&all);
	return tap_done();
}
