// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Every sample of docs/examples: applied, nothing left to do, deleted. */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "netns.h"
#include "state.h"
#include "tap.h"
#include "topo/apply.h"
#include "topo/file.h"

/* What the samples take for granted. */
#define BEFORE "link add eth1 address 02:00:00:00:00:01 type veth peer name wire\n"

static struct netns own;
static char dir[256];

static bool run(const char *path, bool apply, unsigned int *steps)
{
	struct pn_apply a = { 0 };
	struct pn_plan *plan = NULL;
	struct pn_topo *topo;
	struct pn_err err = { 0 };
	int rc;

	rc = pn_topo_read(path, &topo, &err);
	if (!rc && apply)
		rc = pn_topo_apply(topo, dir, &a, &err);
	else if (!rc)
		rc = pn_plan_make(topo, dir, &plan, &err);
	if (!rc)
		*steps = pn_plan_steps(apply ? a.plan : plan);
	pn_plan_free(plan);
	pn_apply_close(&a);
	pn_topo_free(topo);
	return tap_sys(rc, err.text);
}

static void example(const char *path)
{
	static const char *const spaces[] = { NULL, "web", "db" };
	struct pn_apply a = { 0 };
	struct pn_err err = { 0 };
	unsigned int steps = 0;
	char *before, *after;

	tap_case("%s", path);
	if (!tap_sys(netns_open(&own), "namespace") || !tap_sys(netns_ip(&own, BEFORE), "ip") ||
	    !tap_sys(netns_enter(&own), "enter"))
		goto out;
	before = state_dump(spaces, 3);
	tap_true(run(path, true, &steps) && steps, "applied");
	tap_true(run(path, false, &steps) && !steps, "nothing left to do");
	tap_sys(pn_topo_delete(path, dir, &a, &err), err.text);
	pn_apply_close(&a);
	/* Attributes of a device that was there are not a thing that was made. */
	netns_leave();
	tap_sys(netns_ip(&own, "link set eth1 down mtu 1500\n"), "ip");
	tap_sys(netns_enter(&own), "enter");
	after = state_dump(spaces, 3);
	state_same(before, after);
	free(before);
	free(after);
out:
	netns_leave();
	netns_close(&own);
	tap_end();
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	glob_t files;
	size_t i;

	snprintf(dir, sizeof(dir), "%s/pnt-examples-%d", tmp ? tmp : "/tmp", getpid());
	if (glob("docs/examples/*.yaml", 0, NULL, &files) || !files.gl_pathc)
		tap_bail("no samples: run from the top of the tree");
	for (i = 0; i < files.gl_pathc; i++)
		example(files.gl_pathv[i]);
	globfree(&files);
	return tap_done();
}
