// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What shapers that queue become: IFB devices, qdiscs and classes of the file. */
#include <stdio.h>
#include <string.h>

#include "tap.h"
#include "topo/model.h"
#include "topo/shaper.h"

#define HEAD	"penstock: 1\nshapers:\n"

/* Of a file of these shapers: `SECTION KEY NAME=VALUE ...`, or the error. */
static void derived(const char *text, char *buf, size_t len)
{
	const struct pn_topo_link *link;
	const struct pn_object *o;
	struct pn_err err = { 0 };
	struct pn_topo *topo;
	char value[300];
	unsigned int i;
	size_t at = 0;

	buf[0] = 0;
	if (pn_topo_parse("f", text, strlen(text), &topo, &err)) {
		snprintf(buf, len, "%u:%u: %s: %s", err.line, err.column, err.object, err.text);
		return;
	}
	for (link = topo->links; link; link = link->hh.next)
		at += snprintf(buf + at, len - at, "link %s %s\n", link->name, link->kind->name);
	for (o = topo->objects.by_key; o && at < len; o = o->hh.next) {
		at += snprintf(buf + at, len - at, "%s", o->cls->noun);
		for (i = 0; i < o->cls->n && at < len; i++) {
			if (pn_object_says(o, i))
				at += snprintf(buf + at, len - at, " %s=%s",
					       o->cls->field[i].row.name,
					       pn_field_format(&o->cls->field[i], &o->v[i], value,
							       sizeof(value)));
		}
		at += snprintf(buf + at, len - at, "\n");
	}
	pn_topo_free(topo);
}

static const struct {
	const char *text;
	const char *want;	/* how it begins */
} rows[] = {
	{ HEAD "  - {name: a, match: {}, rate: 10mbit}\n", "" },
	{ HEAD "  - {name: a, match: {}, action: shape, rate: 10mbit, ceil: 20mbit}\n",
	  "link ifb-a ifb\n"
	  "qdisc dev=ifb-a kind=htb handle=1:\n"
	  "class dev=ifb-a classid=1:292c rate=10mbit ceil=20mbit burst=12500b cburst=25000b\n"
	  "qdisc dev=ifb-a parent=1:292c kind=pfifo limit=1000\n" },
	{ HEAD "  - {name: b, parent: a, match: {}, action: shape, rate: 5mbit,\n"
	  "     qdisc: fq_codel, limit: 70, overhead: 24, mpu: 64, linklayer: atm}\n"
	  "  - {name: a, rate: 10mbit, ifb: up}\n",
	  "link up ifb\n"
	  "qdisc dev=up kind=htb handle=1:\n"
	  "class dev=up classid=1:292c rate=10mbit burst=12500b cburst=12500b\n"
	  "class dev=up parent=1:292c classid=1:2de5 rate=5mbit burst=6250b cburst=6250b "
	  "overhead=24 mpu=64 linklayer=atm\n"
	  "qdisc dev=up parent=1:2de5 kind=fq_codel limit=70\n" },
	{ HEAD "  - {name: a, match: {}, action: shape, rate: 8mbit, qdisc: tbf, burst: 8k}\n",
	  "link ifb-a ifb\n"
	  "qdisc dev=ifb-a kind=tbf handle=1: rate=8mbit burst=8k limit=58192\n" },
	{ HEAD "  - {name: a, match: {}, action: shape, rate: 8mbit, qdisc: fq, limit: 50}\n",
	  "link ifb-a ifb\n"
	  "qdisc dev=ifb-a kind=fq handle=1: limit=50 flow_limit=50\n" },
	{ HEAD "  - {name: a, match: {}, action: shape, rate: 8mbit, qdisc: cake, limit: 4m,\n"
	  "     overhead: -4, mpu: 64, linklayer: atm}\n",
	  "link ifb-a ifb\n"
	  "qdisc dev=ifb-a kind=cake handle=1: bandwidth=8mbit overhead=-4 mpu=64 atm=atm "
	  "memlimit=4m\n" },
	{ "penstock: 1\nlinks: [{name: ifb-a, kind: ifb}]\n"
	  "shapers: [{name: a, match: {}, action: shape, rate: 8mbit, qdisc: cake}]\n",
	  "link ifb-a ifb\nqdisc dev=ifb-a kind=cake handle=1: bandwidth=8mbit\n" },
	{ "penstock: 1\nlinks: [{name: ifb-a, kind: dummy}]\n"
	  "shapers: [{name: a, match: {}, action: shape, rate: 8mbit}]\n",
	  "3:11: a: ifb: is in the file as a link of another kind" },
	{ "penstock: 1\nqdiscs: [{dev: ifb-a, kind: prio}]\n"
	  "shapers: [{name: a, match: {}, action: shape, rate: 8mbit}]\n",
	  "3:11: qdiscs: qdisc ifb-a is given twice, first in line 2" },
	{ HEAD "  - {name: a, match: {vlan: 1}, action: shape, rate: 8mbit, qdisc: tbf, ifb: x}\n"
	  "  - {name: b, match: {vlan: 2}, action: shape, rate: 8mbit, qdisc: tbf, ifb: x}\n",
	  "4:68: b: qdisc: another shaper's qdisc is at this IFB device already" },
	{ HEAD "  - {name: a, match: {}, action: shape, rate: 8mbit, overhead: -4}\n",
	  "3:64: a: overhead: htb only adds bytes: take cake for less" },
	{ HEAD "  - {name: a, match: {}, action: shape, rate: 8mbit, qdisc: tbf, mpu: 64}\n",
	  "3:71: a: mpu: is not for qdisc tbf: take htb or cake" },
	{ HEAD "  - {name: a, match: {}, action: shape, rate: 8mbit, length: l3}\n",
	  "3:62: a: length: queues count whole frames: leave it out" },
};

int main(void)
{
	char got[2000];
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tap_case("file %u", i + 1);
		derived(rows[i].text, got, sizeof(got));
		if (rows[i].want[0] >= '0' && rows[i].want[0] <= '9')
			got[strlen(rows[i].want)] = 0;
		tap_str(got, rows[i].want, "derived");
		tap_end();
	}
	return tap_done();
}
