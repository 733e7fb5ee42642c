// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * show config: what ip(8) made is printed as a file that plan finds no
 * difference to, as YAML and as JSON; applied to an empty namespace the file
 * makes the same again.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "netns.h"
#include "nl/netns.h"
#include "run.h"
#include "tap.h"

/* Where nobody has pinned anything. */
#define PINS "--bpffs /sys/fs/bpf/pnt-config "

static char dir[256];

/* What a namespace holds, in ip's words; "" without a peer in another. */
static const struct {
	const char *what, *lines;
} worlds[] = {
	{ "nothing", "" },
	{ "a pair", "link add v0 type veth peer name v1\nlink set v0 up\n"
		    "addr add 192.0.2.1/24 dev v0\naddr add 2001:db8::1/64 dev v1\n" },
	{ "a pair with one end elsewhere",
	  "link add v0 address 02:00:00:00:00:01 type veth peer name eth0 netns pnt-web\n"
	  "link set v0 up mtu 1400 txqueuelen 5 group 7 promisc on\n" },
	{ "vxlan", "link add vx0 type vxlan id 5 dstport 4789 local 192.0.2.1 remote 192.0.2.2 "
		   "ttl 7 tos inherit srcport 4000 5000 nolearning\n" },
	{ "vxlan, external", "link add vx0 type vxlan external dstport 4790\n"
			     "link set vx0 alias \"a: 'b'\"\n" },
	{ "vxlan over a device", "link add v0 type veth peer name v1\n"
				 "link add vx0 type vxlan id 9 dev v0 group 239.1.1.1 dstport 0\n"
				 "link set vx0 arp off\n" },
	{ "macvlan", "link add v0 type veth peer name v1\n"
		     "link add m0 link v0 type macvlan mode bridge\n" },
	{ "a bridge with ports",
	  "link add br0 type bridge stp_state 1 ageing_time 1000 vlan_filtering 1\n"
	  "link add v0 type veth peer name v1\nlink set v0 master br0\nlink set v0 up\n"
	  "link set v1 up\nlink set br0 up\n"
	  "link set v0 type bridge_slave cost 77 isolated on learning off\n" },
	{ "dummy", "link add yes type dummy\nlink add 1e5 type dummy\n" },
};

static bool program(struct run *r, int want, const char *fmt, const char *a, const char *b)
{
	char line[800] = PINS;

	snprintf(line + strlen(PINS), sizeof(line) - strlen(PINS), fmt, a, b);
	if (!tap_sys(run_penstock(r, line), line))
		return false;
	return tap_eq(r->status, want, line) || (tap_fail("%s%s", r->out, r->err), false);
}

static void write_to(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) < 0 || fclose(f))
		tap_bail("cannot write %s", path);
}

static void json_check(const char *more)
{
	char file[300];
	struct run r;

	snprintf(file, sizeof(file), "%s/config.json", dir);
	if (!program(&r, 0, "-j show config%s%s", more, ""))
		return;
	write_to(file, r.out);
	run_free(&r);
	if (program(&r, 0, "plan --state %s/s %s", dir, file))
		tap_str(r.out, "nothing to do\n", "plan of the JSON");
	run_free(&r);
}

/* Delete what there is by its own file, make it again, and look. */
static void again_check(const char *file, const char *text, struct netns *fresh)
{
	struct run r;

	if (!tap_sys(netns_enter(fresh), "another namespace"))
		return;
	if (program(&r, 0, "apply --state %s/s %s", dir, file)) {
		run_free(&r);
		program(&r, 0, "show config%s%s", "", "");
		tap_str(r.out, text, "made again");
		run_free(&r);
		program(&r, 0, "delete --allow-mass-delete --state %s/s %s", dir,
			file);
	}
	run_free(&r);
}

static void world_test(unsigned int i, struct netns *ns, struct netns *fresh)
{
	char file[300];
	struct run r, plan;

	snprintf(file, sizeof(file), "%s/config.yaml", dir);
	tap_case("%s", worlds[i].what);
	if (worlds[i].lines[0] && netns_ip(ns, worlds[i].lines)) {
		tap_skip("this kernel has it not");
		return;
	}
	if (!tap_sys(netns_enter(ns), "enter"))
		return (void)tap_end();
	if (program(&r, 0, "show config%s%s", "", "")) {
		write_to(file, r.out);
		if (program(&plan, 0, "plan --state %s/s %s", dir, file))
			tap_str(plan.out, "nothing to do\n", "plan");
		run_free(&plan);
		json_check("");
		json_check(" --all");
		netns_leave();
		netns_close(ns);
		if (pn_netns_exists("pnt-web"))
			pn_netns_delete("pnt-web", NULL);
		again_check(file, r.out, fresh);
	}
	run_free(&r);
	tap_end();
}

/* Every end of pairs that reach into named namespaces, from each side. */
static void spaces_test(void)
{
	struct netns ns;
	struct run r;

	tap_case("--all prints named namespaces, each pair once");
	if (!tap_sys(pn_netns_create("pnt-web", NULL), "namespace") ||
	    !tap_sys(netns_open(&ns), "namespace"))
		return (void)tap_end();
	tap_sys(netns_ip(&ns, "link add v0 type veth peer name eth0 netns pnt-web\n"), "pair");
	tap_sys(netns_enter(&ns), "enter");
	program(&r, 0, "show config -a%s%s", "", "");
	tap_true(!!strstr(r.out, "\nnamespaces:\n  - pnt-web\n"), r.out);
	tap_true(!!strstr(r.out, "    peer:\n      name: eth0\n      netns: pnt-web\n"), r.out);
	tap_true(!!strstr(r.out, "  - name: lo\n    netns: pnt-web\n"), r.out);
	tap_true(!strstr(r.out, "  - name: eth0\n"), r.out);
	run_free(&r);
	tap_end();
	tap_case("-n: a peer in a namespace without a name is said, the link must be there");
	program(&r, 0, "-n pnt-web show config%s%s", "", "");
	tap_true(!!strstr(r.out, "  - name: eth0\n    # veth: its peer is in a network namespace "
			  "without a name\n"), r.out);
	run_free(&r);
	tap_end();
	tap_case("--all: our own name, and one that is no namespace any more, are left out");
	write_to(PN_NETNS_DIR "/pnt-stale", "");
	program(&r, 0, "-n pnt-web show config -a%s%s", "", "");
	tap_true(!strstr(r.out, "pnt-web") && !strstr(r.out, "pnt-stale"), r.out);
	run_free(&r);
	program(&r, 0, "-n pnt-web graph%s%s", "", "");
	run_free(&r);
	unlink(PN_NETNS_DIR "/pnt-stale");
	tap_end();
	netns_leave();
	netns_close(&ns);
	pn_netns_delete("pnt-web", NULL);
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	struct netns ns, fresh;
	unsigned int i;

	snprintf(dir, sizeof(dir), "%s", tmp ? tmp : "/tmp");
	for (i = 0; i < sizeof(worlds) / sizeof(worlds[0]); i++) {
		pn_netns_create("pnt-web", NULL);
		if (netns_open(&ns) || netns_open(&fresh))
			tap_bail("no namespaces");
		world_test(i, &ns, &fresh);
		netns_leave();
		netns_close(&ns);
		netns_close(&fresh);
		if (pn_netns_exists("pnt-web"))
			pn_netns_delete("pnt-web", NULL);
	}
	spaces_test();
	return tap_done();
}
