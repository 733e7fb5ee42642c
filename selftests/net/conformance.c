// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The conformance rows against the kernel alone: each row's packet is sent
 * through real devices and its outcome asserted as the row says - device,
 * bytes, counters, ICMP, forwarding entries. This is what makes the rows an
 * oracle on the kernel that runs them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "scene.h"
#include "tap.h"
#include "wire.h"

static struct settle marker;
static struct counters before, after;
static int kernel; /* major * 1000 + minor */

static bool frame_check(const struct row *row, const struct outcome *o,
			const struct seen *seen)
{
	const struct pkt *got = &seen->f[0].p;
	struct pkt want;
	bool ok = true;

	if (!tap_str(seen->f[0].dev, o->to, "device"))
		return false;
	expect_inner(row, o, NULL, &want);
	if (o->partial)
		ok = tap_eq(seen->f[0].meta.csum_partial, 1, "partial checksum");
	else
		ok = tap_bytes(pkt_cdata(got), got->len, pkt_cdata(&want),
			       want.len, "frame delivered");
	if (o->mark && seen->f[0].meta.mark)
		ok &= tap_eq(seen->f[0].meta.mark, o->mark, "mark");
	return ok;
}

/* "type/code[/pointer]" */
static bool icmp_check(const char *want, const struct seen *seen)
{
	const uint8_t *ip = pkt_cdata(&seen->f[0].p) + 14;
	bool v6 = ip[0] >> 4 == 6;
	const uint8_t *icmp = ip + (v6 ? 40 : 20);
	int type, code, ptr = -1;
	bool ok;

	sscanf(want, "%d/%d/%d", &type, &code, &ptr);
	ok = tap_str(seen->f[0].dev, "p", "device of the answer") &&
		tap_eq(icmp[0], type, "ICMP type") &&
		tap_eq(icmp[1], code, "ICMP code");
	if (ok && ptr >= 0)
		ok = tap_eq(v6 ? pkt_get32(icmp + 4) : icmp[4], ptr, "ICMP pointer");
	return ok;
}

static bool fdb_check(const struct scene *s, const char *want)
{
	char mac[18], vtep[16], got[16] = "";

	sscanf(want, "%17s %15s", mac, vtep);
	return tap_sys(netns_fdb_get(&s->d, "vx", mac, got), "entry of vx") &&
		tap_str(got, vtep, "VTEP of the entry");
}

static void counts_expect(const struct row *row, const struct outcome *o,
			  char *out, size_t size)
{
	const char *udp = expect_udp(row) == 6 ? "Udp6InDatagrams+1 " : "UdpInDatagrams+1 ";
	const char *count = o->count ? o->count : "";
	int bare = o->raw || configs[row->config].whole ? 0 : 14;
	struct pkt p;

	if (!expect_udp(row) || strstr(count, "InDatagrams"))
		udp = "";
	expect_inner(row, o, NULL, &p);
	if (o->to)
		snprintf(out, size, "%svx.rx_packets+%d vx.rx_bytes+%d %s", udp, 1 + !!o->then,
			 p.len - bare + o->then, count);
	else
		snprintf(out, size, "%s", count);
}

static bool row_send(struct scene *s, const struct row *row, struct seen *seen)
{
	const char *in_dst = s->bridged ? SCENE_IN_DST : NULL;
	struct pkt p;

	wire_drain(&s->wire_out);
	wire_drain(&s->wire_p);
	counters_read(&s->d, &before);
	for (int i = 0; i < expect_packets(row); i++) {
		recipe_build(&row->pkt[i], in_dst, &p);
		if (!tap_sys(wire_send(&s->wire_p, &p), "send"))
			return false;
	}
	if (!tap_sys(settle(&marker), "settle"))
		return false;
	counters_read(&s->d, &after);
	scene_see(s, seen);
	return true;
}

/* How many frames come out; an answer may be optional. */
static bool frames_check(const struct outcome *o, const struct seen *seen)
{
	if (o->icmp && !seen->n && strchr(o->icmp, '?'))
		return true;
	return tap_eq(seen->n, !!o->to + !!o->then + !!o->icmp, "frames that came out");
}

static void row_oracle(struct scene *s, const struct row *row)
{
	const struct outcome *o = expect_outcome(row, kernel);
	static struct seen seen;
	char counts[512];

	tap_case("kernel: %s %s", row->id, row->name);
	if (!row_send(s, row, &seen))
		goto out;
	frames_check(o, &seen);
	if (o->to && seen.n)
		frame_check(row, o, &seen);
	else if (o->icmp && seen.n)
		icmp_check(o->icmp, &seen);
	if (o->then && seen.n == 2)
		tap_eq(seen.f[1].p.len, o->then, "length of the second frame");
	counts_expect(row, o, counts, sizeof(counts));
	counts_check(&before, &after, counts);
	if (o->fdb)
		fdb_check(s, o->fdb);
out:
	tap_end();
}

/* With somewhere to go: what may be accelerated must come out at the workload
 * as the data plane has to reproduce it. */
static void row_oracle_out(struct scene *s, const struct row *row)
{
	const struct outcome *o = expect_outcome(row, kernel);
	static struct seen seen;
	struct pkt want;

	if (row->fp != PN_FORWARD)
		return;
	tap_case("kernel, %s: %s %s", s->bridged ? "bridged" : "routed", row->id, row->name);
	if (row_send(s, row, &seen) &&
	    tap_eq(seen.n, 1, "frames that came out") &&
	    tap_str(seen.f[0].dev, "e", "device")) {
		expect_out(row, o, s->form, &want);
		tap_bytes(pkt_cdata(&seen.f[0].p), seen.f[0].p.len,
			  pkt_cdata(&want), want.len, "frame at the workload");
	}
	tap_end();
}

static void rows_each(struct scene *s, enum config_id id,
		      void (*fn)(struct scene *, const struct row *))
{
	for (int t = 0; t < ROW_TABLES; t++)
		for (int i = 0; i < row_tables[t]->n; i++)
			if (row_tables[t]->row[i].config == id)
				fn(s, &row_tables[t]->row[i]);
}

static void row_skip(struct scene *s, const struct row *row)
{
	tap_case("kernel: %s %s", row->id, row->name);
	tap_skip("no link type \"%s\" on this kernel; the lab kernels have it",
		 configs[row->config].needs);
}

static void config_run(enum config_id id)
{
	struct scene s;
	int ret = scene_open(&s, id, FORM_PLAIN);

	if (ret == -EOPNOTSUPP) {
		rows_each(NULL, id, row_skip);
		return;
	}
	if (ret)
		tap_bail("configuration %s: %s", configs[id].name,
			 strerror(-ret));
	rows_each(&s, id, row_oracle);
	scene_close(&s);
	if (config_form(id) == FORM_PLAIN)
		return;
	ret = scene_open(&s, id, config_form(id));
	if (ret)
		tap_bail("%s with a workload: %s", configs[id].name, strerror(-ret));
	rows_each(&s, id, row_oracle_out);
	scene_close(&s);
}

int main(void)
{
	int ret = wire_pin();

	kernel = expect_kernel();
	scene_modules();
	ret = ret ? ret : settle_open(&marker);
	if (ret)
		tap_bail("marker pair: %s", strerror(-ret));
	for (int id = 0; id < CONFIGS; id++)
		config_run(id);
	settle_close(&marker);
	return tap_done();
}
