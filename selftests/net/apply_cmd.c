// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* plan, apply and delete as programs: exit status, output, confirmation. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "netns.h"
#include "state.h"
#include "tap.h"

static struct netns own;
static char dir[256], file[300];

#define HEAD "penstock: 1\n"

static const char *const spaces[] = { NULL };

static bool same_state(char *before)
{
	char *now = state_dump(spaces, 1);
	bool same = state_same(before, now);

	free(now);
	return same;
}

static int run(const char *args, char *out, size_t len)
{
	const char *bin = getenv("PENSTOCK");
	char cmd[2048];
	size_t n;
	FILE *p;
	int rc;

	snprintf(cmd, sizeof(cmd), "%s %s 2>&1", bin ? bin : "build/penstock", args);
	p = popen(cmd, "r");
	if (!p)
		return -errno;
	n = fread(out, 1, len - 1, p);
	out[n] = 0;
	rc = pclose(p);
	return WIFEXITED(rc) ? WEXITSTATUS(rc) : -EINTR;
}

static void test_program(void)
{
	char out[8192], args[700], *before;
	FILE *f;

	if (!netns_begin(&own))
		return;
	before = state_dump(spaces, 1);
	tap_case("the program: plan 3, apply 0, plan 0, apply again, delete 0");
	f = fopen(file, "w");
	if (!f)
		tap_bail("cannot write %s", file);
	fputs(HEAD "links:\n  - {name: br0, kind: bridge, up: true}\n", f);
	fclose(f);
#define RUN(verb, more) \
	(snprintf(args, sizeof(args), verb " --state %s/s %s%s", dir, file, more), \
	 run(args, out, sizeof(out)))
	tap_eq(RUN("plan", ""), PN_EXIT_DIFF, out);
	tap_true(!!strstr(out, "+  br0     link bridge"), out);
	tap_eq(RUN("apply", ""), 0, out);
	tap_eq(RUN("plan", ""), 0, out);
	tap_str(out, "nothing to do\n", "plan");
	tap_eq(RUN("apply -j", ""), 0, out);
	tap_str(out, "{\"steps\":[],\"done\":{\"writes\":0}}\n", "apply -j");
	tap_eq(RUN("delete", ""), 0, out);
	same_state(before);
	tap_end();
	tap_case("the program: not confirmed in time");
	tap_eq(RUN("apply --confirm 1", ""), PN_EXIT_UNDONE, out);
	tap_true(!!strstr(out, "not confirmed within 1 s; everything done was undone"), out);
	same_state(before);
	tap_end();
	tap_case("the program: confirmed by SIGUSR1");
	snprintf(args, sizeof(args),
		 "apply --confirm 20 --state %s/s %s & p=$!; until grep -q br0 /proc/$p/net/dev; "
		 "do :; done; kill -USR1 $p; wait $p", dir, file);
	tap_eq(run(args, out, sizeof(out)), 0, out);
	tap_true(netns_ifindex(&own, "br0") > 0, "br0 stays");
	tap_end();
	tap_case("the program: delete needs a file or --all");
	snprintf(args, sizeof(args), "delete --state %s/s", dir);
	tap_eq(run(args, out, sizeof(out)), PN_EXIT_USAGE, out);
	snprintf(args, sizeof(args), "delete --state %s/s ''", dir);
	tap_eq(run(args, out, sizeof(out)), PN_EXIT_USAGE, out);
	tap_true(netns_ifindex(&own, "br0") > 0, "br0 stays");
	snprintf(args, sizeof(args), "delete --state %s/s --all", dir);
	tap_eq(run(args, out, sizeof(out)), 0, out);
	same_state(before);
	tap_end();
	free(before);
	netns_end(&own);
}

static void file_write(unsigned int links)
{
	FILE *f = fopen(file, "w");
	unsigned int i;

	if (!f)
		tap_bail("cannot write %s", file);
	fputs(HEAD "links:\n", f);
	for (i = 0; i < links; i++)
		fprintf(f, "  - {name: va%u, kind: veth, up: true, peer: {name: vb%u}}\n", i, i);
	if (!links)
		fputs("  - {name: lo, up: true}\n", f);
	fclose(f);
}

static void test_mass(void)
{
	char out[65536], args[700];

	if (!netns_begin(&own))
		return;
	tap_case("more than half is not removed unless that is allowed");
	file_write(8);
	tap_eq(RUN("apply", ""), 0, out);
	tap_eq(RUN("plan -j", ""), 0, out);
	tap_true(!!strstr(out, "\"mass_delete\":{\"needed\":false,\"removed\":0,\"of\":16}"), out);
	file_write(3);
	tap_eq(RUN("plan", ""), PN_EXIT_DIFF, out);
	tap_true(!!strstr(out, "apply needs --allow-mass-delete: it would remove 10 of the 16 "
			  "links that FILE made"), out);
	tap_eq(RUN("plan -j", ""), PN_EXIT_DIFF, out);
	tap_true(!!strstr(out, "\"mass_delete\":{\"needed\":true,\"removed\":10,\"of\":16}"), out);
	tap_eq(RUN("apply", ""), PN_EXIT_USAGE, out);
	tap_true(!!strstr(out, "if that is meant: penstock apply --allow-mass-delete"), out);
	tap_true(!!strstr(out, "would remove 10 of the 16 links that it made, more than half"),
		 out);
	tap_true(netns_ifindex(&own, "va7") > 0, "nothing was removed");
	tap_eq(RUN("delete", ""), PN_EXIT_USAGE, out);
	tap_true(!!strstr(out, "would remove 16 of the 16 links that exist there"), out);
	tap_true(!!strstr(out, "--allow-mass-delete"), out);
	tap_eq(RUN("delete", " --all"), PN_EXIT_USAGE, "either, not both");
	tap_true(netns_ifindex(&own, "va7") > 0, "nothing was removed");
	tap_eq(RUN("apply", " --allow-mass-delete"), 0, out);
	tap_true(netns_ifindex(&own, "va7") < 0 && netns_ifindex(&own, "va2") > 0,
		 "as the file says");
	tap_eq(RUN("delete", " --allow-mass-delete"), 0, out);
	tap_true(netns_ifindex(&own, "va2") < 0, "gone");
	tap_end();

	tap_case("what others made stays on delete, unless it is adopted");
	file_write(1);
	tap_sys(netns_veth(&own, "va0", &own, "vb0"), "pair");
	tap_eq(RUN("apply", ""), 0, out);
	tap_eq(RUN("delete", ""), 0, out);
	tap_true(netns_ifindex(&own, "va0") > 0, "stays");
	tap_eq(RUN("apply", " --adopt"), 0, out);
	tap_eq(RUN("delete", ""), 0, out);
	tap_true(netns_ifindex(&own, "va0") < 0, "gone");
	tap_end();
	netns_end(&own);
}

/* Ends of the program that it does not see coming. */
static void test_killed(void)
{
	char out[65536], args[1200], *before;

	if (!netns_begin(&own))
		return;
	before = state_dump(spaces, 1);
	tap_case("--confirm: undone as well when the program is killed");
	file_write(1);
	snprintf(args, sizeof(args),
		 "apply --confirm 60 --state %s/s %s & p=$!; until grep -q va0 /proc/$p/net/dev; "
		 "do :; done; kill -9 $p; wait $p; until ! grep -q va0 /proc/net/dev; do :; done; "
		 "until flock -n %s/s true; do :; done", dir, file, dir);
	tap_eq(run(args, out, sizeof(out)), 0, out);
	same_state(before);
	tap_end();

	tap_case("kill -9 in the middle of apply: delete knows all of it");
	file_write(300);
	snprintf(args, sizeof(args),
		 "apply --state %s/s %s & p=$!; until grep -q va50: /proc/$p/net/dev; do :; done; "
		 "kill -9 $p; wait $p", dir, file);
	run(args, out, sizeof(out));
	tap_true(netns_ifindex(&own, "va50") > 0 && netns_ifindex(&own, "va299") < 0,
		 "in the middle");
	tap_eq(RUN("delete", " --allow-mass-delete"), 0, out);
	same_state(before);
	tap_end();

	tap_case("kill -9 in the middle of apply: applied again, deleted");
	run(args, out, sizeof(out));
	snprintf(args, sizeof(args),
		 "apply --state %s/s %s & p=$!; until grep -q va50: /proc/$p/net/dev; do :; done; "
		 "kill -9 $p; wait $p", dir, file);
	run(args, out, sizeof(out));
	tap_eq(RUN("apply", ""), 0, "apply");
	tap_true(netns_ifindex(&own, "va299") > 0, "all of it");
	snprintf(args, sizeof(args), "delete --all --allow-mass-delete --state %s/s", dir);
	tap_eq(run(args, out, sizeof(out)), 0, "delete");
	same_state(before);
	tap_end();
	free(before);
	netns_end(&own);
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof(dir), "%s/pnt-apply-%d", tmp ? tmp : "/tmp", getpid());
	snprintf(file, sizeof(file), "%s.yaml", dir);
	test_program();
	test_mass();
	test_killed();
	return tap_done();
}
