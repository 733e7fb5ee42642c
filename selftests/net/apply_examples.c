// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Every sample of docs/examples: applied, seen by ip(8) and its like, nothing
 * left to do, a second apply writes nothing, deleted, and all is as before. A
 * sample with a kind that this kernel has not is skipped, and named. With words:
 * those samples only.
 */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "examples.h"
#include "netns.h"
#include "state.h"
#include "tap.h"
#include "topo/apply.h"
#include "topo/model.h"

/* What the samples take for granted. */
#define BEFORE \
	"link add eth1 address 02:00:00:00:00:01 type veth peer name wire1\n" \
	"link add eth2 address 02:00:00:00:00:02 type veth peer name wire2\n"

/* Attributes of a device that was there are not a thing that was made. */
#define AFTER \
	"link set eth1 down mtu 1500 promisc off nomaster\n" \
	"link set eth2 down mtu 1500 promisc off nomaster\n"

#define SPACES 16

static struct netns own;
static char dir[256];

/* Writes of an apply, steps of a plan, or -errno. */
static long run(const char *path, bool apply, struct pn_err *err)
{
	struct pn_apply a = { 0 };
	struct pn_plan *plan = NULL;
	struct pn_topo *topo;
	long rc;

	memset(err, 0, sizeof(*err));
	rc = pn_topo_read(path, &topo, err);
	if (!rc && apply)
		rc = pn_topo_apply(topo, dir, &a, err);
	else if (!rc)
		rc = pn_plan_make(topo, dir, &plan, err);
	if (!rc)
		rc = apply ? (long)a.writes : (long)pn_plan_steps(plan);
	pn_plan_free(plan);
	pn_apply_close(&a);
	pn_topo_free(topo);
	return rc;
}

/* The namespaces that the file names, behind our own. */
static unsigned int spaces_of(const char *path, char names[SPACES][64], const char *list[SPACES])
{
	struct pn_topo *topo = NULL;
	struct pn_err err = { 0 };
	unsigned int i, n = 1;

	list[0] = NULL;
	if (!tap_sys(pn_topo_read(path, &topo, &err), err.text))
		return 0;
	for (i = 0; i < topo->n_netns && n < SPACES; i++, n++) {
		snprintf(names[n], 64, "%s", topo->netns[i].name);
		list[n] = names[n];
	}
	pn_topo_free(topo);
	return n;
}

static void facts_check(const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	unsigned int i, n = 0;

	for (i = 0; example_facts[i].file; i++) {
		if (strcmp(example_facts[i].file, name))
			continue;
		shows(example_facts[i].command, example_facts[i].want);
		n++;
	}
	tap_true(n, "something to see of it (selftests/lib/examples.c)");
}

/* The kernel has not what the sample is about; all others are there. */
static bool is_missing(const struct pn_err *err)
{
	return err->code == PN_EXIT_IMPOSSIBLE || strstr(err->text, "this kernel ") ||
	       strstr(err->hint, "modprobe -a fou fou6") ||
	       (err->sys == EOPNOTSUPP && (strstr(err->text, "Unknown device type") ||
					   /* one that is built without VLANs says no more */
					   strstr(err->text, "cannot create the bridge")));
}

static void same_after(const char *before, const char *const *spaces, unsigned int n)
{
	char *after;

	tap_sys(netns_ip(&own, AFTER), "ip");
	after = state_dump(spaces, n);
	state_same(before, after);
	free(after);
}

static void example(const char *path)
{
	char names[SPACES][64], *before = NULL;
	struct pn_apply a = { 0 };
	const char *spaces[SPACES];
	struct pn_err err = { 0 };
	unsigned int n;
	long rc;

	tap_case("%s", path);
	if (!netns_begin(&own) || !tap_sys(netns_ip(&own, BEFORE), "ip"))
		goto out;
	n = spaces_of(path, names, spaces);
	before = state_dump(spaces, n);
	rc = run(path, true, &err);
	if (rc < 0 && is_missing(&err)) {
		same_after(before, spaces, n);
		tap_skip("%s", err.text);
		goto skipped;
	}
	if (!tap_true(rc > 0, err.text))
		goto out;
	facts_check(path);
	tap_eq(run(path, false, &err), 0, "steps left");
	tap_eq(run(path, true, &err), 0, "writes of the second apply");
	tap_sys(pn_topo_delete(path, dir, &a, &err), err.text);
	pn_apply_close(&a);
	same_after(before, spaces, n);
out:
	tap_end();
skipped:
	free(before);
	netns_end(&own);
}

int main(int argc, char **argv)
{
	const char *tmp = getenv("TMPDIR");
	glob_t files;
	size_t i;
	int arg;

	/* Nothing loads it for those who want it; netdevsim likewise. */
	if (system("modprobe -qa fou netdevsim >/dev/null 2>&1"))
		tap_diag("fou or netdevsim is no module of this kernel");
	snprintf(dir, sizeof(dir), "%s/pnt-examples-%d", tmp ? tmp : "/tmp", getpid());
	for (arg = 1; arg < argc; arg++)
		example(argv[arg]);
	if (argc > 1)
		return tap_done();
	if (glob("docs/examples/*.yaml", 0, NULL, &files) || files.gl_pathc < 3)
		tap_bail("no samples: run from the top of the tree");
	for (i = 0; i < files.gl_pathc; i++)
		example(files.gl_pathv[i]);
	globfree(&files);
	return tap_done();
}
