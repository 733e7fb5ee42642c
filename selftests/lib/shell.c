// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Commands in namespaces; see shell.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"
#include "shell.h"
#include "tap.h"

static void must(int ret, const char *what)
{
	if (ret < 0)
		tap_bail("%s: %s", what, strerror(-ret));
}

void shell_in(const struct netns *ns, const char *command)
{
	must(netns_enter(ns), "namespace");
	if (system(command))
		tap_bail("refused: %s", command);
	netns_leave();
}

void shell_penstock(const struct netns *ns, const char *line)
{
	struct run r;

	must(netns_enter(ns), "namespace");
	must(run_penstock(&r, line), "penstock");
	netns_leave();
	if (r.status)
		tap_bail("penstock %s: %s", line, r.err);
	run_free(&r);
}

void shell_ifb_htb(const struct netns *ns, const char *dev, const char *ifb, const char *rate,
		   const char *burst)
{
	char text[1024];

	snprintf(text, sizeof(text),
		 "ip link add %s type ifb && ip link set %s txqueuelen 1000 up && "
		 "tc qdisc add dev %s root handle 1: htb default 1 && "
		 "tc class add dev %s parent 1: classid 1:1 htb rate %s ceil %s burst %s "
		 "cburst %s quantum 60000 && "
		 "{ tc qdisc del dev %s clsact 2>/dev/null || true; } && "
		 "tc qdisc add dev %s ingress && "
		 "tc filter add dev %s parent ffff: protocol all prio 1 u32 match u32 0 0 "
		 "action mirred egress redirect dev %s",
		 ifb, ifb, ifb, ifb, rate, rate, burst, burst, dev, dev, dev, ifb);
	shell_in(ns, text);
}
