// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Shapers whose packets are all those of one before them: which, and which not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "topo/shaper_shadow.h"

/* @last: does the last shaper get no packet? */
static const struct {
	const char *first, *last;
	bool shadowed;
} rows[] = {
	{ "{}", "{vlan: 5}", true },
	{ "{vlan: 5}", "{}", false },
	{ "{vlan: 5}", "{vlan: 6}", false },
	{ "{vlan: 5}", "{vlan: 5, proto: tcp}", true },
	{ "{vlan: 5, proto: tcp}", "{vlan: 5}", false },
	{ "{src: 10.0.0.0/8}", "{src: 10.1.0.0/16}", true },
	{ "{src: 10.0.0.0/8}", "{src: 10.1.0.0/16, dst: 10.0.0.0/8}", true },
	{ "{src: 10.1.0.0/16}", "{src: 10.0.0.0/8}", false },
	{ "{src: 10.0.0.0/8}", "{src: 11.1.0.0/16}", false },
	{ "{src: 'fd00::/8'}", "{src: 10.0.0.0/8}", false },
	{ "{kind: vxlan}", "{kind: vxlan, vni: 7}", true },
	{ "{kind: vxlan}", "{kind: geneve, vni: 7}", false },
	{ "{proto: tcp}", "{proto: tcp, dport: 80}", true },
	{ "{dev: e0}", "{dev: e0, vlan: 1}", true },
	{ "{dev: [e0, e1]}", "{dev: [e1, e0], vlan: 1}", true },
	{ "{dev: e0}", "{dev: [e0, e1], vlan: 1}", false },
	{ "{dev: e0}", "{vlan: 1}", false },
	{ "{vlan: 1}", "{dev: e0, vlan: 1}", true },
};

int main(void)
{
	const struct pn_topo_shaper **by;
	struct pn_err err = { 0 };
	struct pn_topo *topo;
	char text[512];
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tap_case("%s, then %s", rows[i].first, rows[i].last);
		snprintf(text, sizeof(text), "penstock: 1\nshapers:\n"
			 "  - {name: up, rate: 10mbit}\n"
			 "  - {name: a, rate: 1mbit, match: %s}\n"
			 "  - {name: b, rate: 1mbit, parent: up, match: %s}\n",
			 rows[i].first, rows[i].last);
		if (pn_topo_parse("test.yaml", text, strlen(text), &topo, &err)) {
			tap_fail("%s", err.text);
			tap_end();
			continue;
		}
		by = pn_shapers_shadowed(topo);
		tap_true(by && !by[0] && !by[1], "the others");
		tap_eq(by && by[2], rows[i].shadowed, "the last");
		if (by && by[2])
			tap_str(by[2]->conf.name, "a", "by");
		free(by);
		pn_topo_free(topo);
		tap_end();
	}
	return tap_done();
}
