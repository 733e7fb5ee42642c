// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the kernel refuses with a number alone, or cannot do at all: a file
 * that asks for it gets our sentence, the way out, and changes nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "applied.h"
#include "netns.h"
#include "state.h"
#include "tap.h"

#define HEAD "penstock: 1\n"

static struct netns own;
static const char *const spaces[] = { NULL };

struct refusal {
	const char *what;
	const char *before;	/* `ip -batch`: what is there already; fails: skipped */
	const char *text;	/* behind HEAD */
	int code;
	const char *says, *hint;
};

static const struct refusal refusals[] = {
	{ "a macvlan device on a port of a bridge",
	  "link add br0 type bridge\nlink add v0 type veth peer name v1\n"
	  "link set v0 master br0\nlink add mv9 link v1 type macvlan\n",
	  "links: [{name: mv0, kind: macvlan, link: v0}]\n", PN_EXIT_UNDONE,
	  "2:9 mv0: cannot create the macvlan: Device or resource busy",
	  "v0 is a port of br0, and no port carries macvlan devices: give link: br0" },
	{ "an ipvlan device where there is a macvlan device",
	  "link add v0 type veth peer name v1\nlink add mv9 link v0 type macvlan\n"
	  "link add iv9 link v1 type ipvlan\n",
	  "links: [{name: iv0, kind: ipvlan, link: v0}]\n", PN_EXIT_UNDONE,
	  "2:9 iv0: cannot create the ipvlan: Device or resource busy",
	  "v0 carries devices of another kind already, such as mv9, a macvlan device" },
	{ "a port that carries a macvlan device",
	  "link add br0 type bridge\nlink add v0 type veth peer name v1\n"
	  "link add mv9 link v0 type macvlan\n",
	  "links: [{name: v0, master: br0}]\n", PN_EXIT_UNDONE,
	  "2:28 v0: cannot set master to br0: Device or resource busy",
	  "v0 carries mv9, a macvlan device, and so can be no port: let that stand on br0" },
	{ "a lower device that is nowhere", "",
	  "links: [{name: mv0, kind: macvlan, link: eth9}]\n", PN_EXIT_USAGE,
	  "2:42 mv0: link: device eth9 neither exists nor is in the file",
	  "list it under `links` with its kind, to have it created" },
	{ "a route by a device that is nowhere", "",
	  "routes: [{dst: 192.0.2.0/24, dev: eth9}]\n", PN_EXIT_USAGE,
	  "2:35 192.0.2.0/24: dev: device eth9 neither exists nor is in the file",
	  "list it under `links` with its kind, to have it created" },
	{ "a route in a namespace that is nowhere", "",
	  "routes: [{netns: far, dst: 192.0.2.0/24, dev: lo}]\n", PN_EXIT_USAGE,
	  "2:10 far/192.0.2.0/24: network namespace far does not exist",
	  "list it under `namespaces` to have it created" },
};

/* Is @want how it begins? */
static void begins(char *got, const char *want, const char *what)
{
	if (strlen(got) > strlen(want))
		got[strlen(want)] = '\0';
	tap_str(got, want, what);
}

static void refused_check(const struct refusal *r)
{
	char text[512], got[800], *before = state_dump(spaces, 1), *now;
	struct pn_err err;

	snprintf(text, sizeof(text), HEAD "%s", r->text);
	tap_true(applied_apply(text, NULL, &err) < 0, "refused");
	snprintf(got, sizeof(got), "%u:%u %s: %s", err.line, err.column, err.object, err.text);
	begins(got, r->says, "sentence");
	begins(err.hint, r->hint, "hint");
	tap_eq(err.code, r->code, "exit status");
	now = state_dump(spaces, 1);
	state_same(before, now);
	free(before);
	free(now);
}

static void inside(const struct refusal *r, const char *needs)
{
	if (needs && system(needs)) {
		tap_skip("this kernel has it");
		return;
	}
	refused_check(r);
	tap_end();
}

/* @needs: a command that fails where this cannot be tried; or NULL. */
static void refused_test(const struct refusal *r, const char *needs)
{
	tap_case("%s", r->what);
	if (!netns_begin(&own))
		return;
	if (netns_ip(&own, r->before))
		tap_skip("this kernel refuses what it starts from");
	else
		inside(r, needs);
	netns_end(&own);
}

/* Of the kinds that this kernel was built without. */
static void qdisc_test(const char *kind)
{
	char what[80], needs[200], text[200], says[200], hint[200];
	const struct refusal r = { what, "", text, PN_EXIT_IMPOSSIBLE, says, hint };

	snprintf(what, sizeof(what), "a qdisc kind that the kernel lacks: %s", kind);
	snprintf(needs, sizeof(needs), "! tc qdisc add dev lo root %s >/dev/null 2>&1", kind);
	snprintf(text, sizeof(text), "qdiscs: [{dev: lo, kind: %s}]\n", kind);
	snprintf(says, sizeof(says), "2:10 lo: this kernel has no %s qdisc: kernel: ", kind);
	snprintf(hint, sizeof(hint), "modprobe sch_%s", kind);
	refused_test(&r, needs);
}

static void fou_test(void)
{
	static const struct refusal r = {
		"ports of FOU where the kernel has none",
		"", "fou: [{port: 5555, ipproto: 4}]\n", PN_EXIT_IMPOSSIBLE,
		"2:7 5555: this kernel has no FOU ports", "modprobe fou",
	};

	refused_test(&r, "exec >/dev/null 2>&1; modprobe -q fou; ! ip fou add port 5 ipproto 4");
}

int main(void)
{
	unsigned int i;

	applied_init("refused");
	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		refused_test(&refusals[i], NULL);
	qdisc_test("fq_codel");
	qdisc_test("cake");
	qdisc_test("sfq");
	qdisc_test("prio");
	fou_test();
	return tap_done();
}
