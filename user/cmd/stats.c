// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * penstock stats: the counters. Once as totals; with --watch in text what
 * happened per second, under -j the exact totals again and again.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/cmd.h"
#include "stats/view.h"
#include "util/names.h"
#include "util/words.h"

struct stats_opts {
	uint32_t watch_ms;
	uint32_t count;
	bool all;
};

#define AT(field) .offset = offsetof(struct stats_opts, field)

static const struct pn_opt rows[] = {
	{ "watch", 'w', PN_OPT_DURATION, "TIME", AT(watch_ms), .min = 100, .max = 86400000,
	  .help = "show it again each TIME, in text as packets and bytes per second" },
	{ "count", 0, PN_OPT_U32, "N", AT(count), .min = 1,
	  .help = "end after showing it N times" },
	{ "all", 'a', PN_OPT_FLAG, NULL, AT(all),
	  .help = "name reasons that have not happened as well" },
	PN_OPT_END
};

/* One showing: the counters, and what turns them into what is printed. */
struct shown {
	struct pn_run *ctx;
	const struct pn_stats *now;
	const struct pn_stats *before;	/* NULL: totals */
	double seconds;			/* between the two */
};

static const struct pn_col port_cols[] = {
	{ "device", "DEVICE", PN_LEFT },
	{ "hook", "HOOK", PN_LEFT },
	{ "received", "RECEIVED", PN_RIGHT },
	{ "forwarded", "= FORWARDED", PN_RIGHT },
	{ "passed", "+ PASSED", PN_RIGHT },
	{ "dropped", "+ DROPPED", PN_RIGHT },
	{ "bytes", "BYTES", PN_RIGHT },
	PN_COL_END
};

static const struct pn_table port_table = {
	.key = "ports", .none = "No port is attached.", .cols = port_cols,
};

static const struct pn_col tunnel_cols[] = {
	{ "tunnel", "TUNNEL", PN_LEFT },
	{ "kind", "KIND", PN_LEFT },
	{ "vni", "VNI", PN_RIGHT },
	{ "received", "RECEIVED", PN_RIGHT },
	{ "forwarded", "= FORWARDED", PN_RIGHT },
	{ "passed", "+ PASSED", PN_RIGHT },
	{ "dropped", "+ DROPPED", PN_RIGHT },
	{ "bytes", "BYTES", PN_RIGHT },
	PN_COL_END
};

static const struct pn_table tunnel_table = {
	.key = "tunnels", .none = "No tunnel is known to the data plane.", .cols = tunnel_cols,
};

static const struct pn_col reason_cols[] = {
	{ "device", "DEVICE", PN_LEFT },
	{ "reason", "REASON", PN_LEFT },
	{ "verdict", "VERDICT", PN_LEFT },
	{ "packets", "PACKETS", PN_RIGHT },
	{ "bytes", "BYTES", PN_RIGHT },
	{ "meaning", "MEANING", PN_LEFT },
	PN_COL_END
};

static const struct pn_table reason_table = {
	.key = "reasons", .none = "No packet yet.", .cols = reason_cols,
};

/* What the text shows of a counter: itself, or its growth per second. */
static unsigned long long rate(const struct shown *s, uint64_t now, uint64_t before)
{
	if (!s->before)
		return now;
	return now < before ? 0 : (now - before) / s->seconds + 0.5;
}

static void count_show(const struct shown *s, const char *key, const struct pn_count *now,
		       const struct pn_count *before)
{
	struct pn_out *o = s->ctx->out;

	pn_out_object(o, key);
	pn_out_u64(o, "packets", now->packets);
	pn_out_u64(o, "bytes", now->bytes);
	pn_out_end(o);
	pn_out_text(o, key, "%llu", rate(s, now->packets, before->packets));
}

/* received = forwarded + passed + dropped, and the bytes of the first. */
static void sum_show(const struct shown *s, const struct pn_count *received,
		     const struct pn_count *verdict, const struct pn_count *received_before,
		     const struct pn_count *verdict_before)
{
	unsigned int v;

	count_show(s, "received", received, received_before);
	for (v = 0; v < PN_VERDICTS; v++)
		count_show(s, pn_verdict_done[v], &verdict[v], &verdict_before[v]);
	pn_out_text(s->ctx->out, "bytes", "%llu",
		    rate(s, received->bytes, received_before->bytes));
}

static const struct pn_stats_port *port_before(const struct shown *s, uint32_t ifindex)
{
	static const struct pn_stats_port none;
	unsigned int i;

	for (i = 0; s->before && i < s->before->n_ports; i++)
		if (s->before->port[i].ifindex == ifindex)
			return &s->before->port[i];
	return &none;
}

static const struct pn_stats_tunnel *tunnel_before(const struct shown *s, uint32_t ifindex)
{
	static const struct pn_stats_tunnel none;
	unsigned int i;

	for (i = 0; s->before && i < s->before->n_tunnels; i++)
		if (s->before->tunnel[i].ifindex == ifindex)
			return &s->before->tunnel[i];
	return &none;
}

static void ports_show(const struct shown *s)
{
	struct pn_out *o = s->ctx->out;
	unsigned int i;

	pn_out_table(o, &port_table);
	for (i = 0; i < s->now->n_ports; i++) {
		const struct pn_stats_port *port = &s->now->port[i];
		const struct pn_stats_port *before = port_before(s, port->ifindex);

		pn_out_row(o);
		pn_out_str(o, "device", port->device);
		pn_out_u64(o, "ifindex", port->ifindex);
		pn_out_str(o, "hook", port->hook);
		sum_show(s, &port->received, port->verdict, &before->received,
			 before->verdict);
		pn_out_row_end(o);
	}
	pn_out_table_end(o);
}

static void tunnels_show(const struct shown *s)
{
	struct pn_out *o = s->ctx->out;
	unsigned int i;

	pn_out_table(o, &tunnel_table);
	for (i = 0; i < s->now->n_tunnels; i++) {
		const struct pn_stats_tunnel *t = &s->now->tunnel[i];
		const struct pn_stats_tunnel *before = tunnel_before(s, t->ifindex);

		pn_out_row(o);
		pn_out_str(o, "tunnel", t->device);
		pn_out_u64(o, "ifindex", t->ifindex);
		pn_out_str(o, "kind", t->kind);
		pn_out_u64(o, "vni", t->id);
		pn_out_u64(o, "port", t->dport);
		sum_show(s, &t->received, t->verdict, &before->received, before->verdict);
		pn_out_row_end(o);
	}
	pn_out_table_end(o);
}

static void reason_show(const struct shown *s, const struct pn_stats_port *port,
			const struct pn_stats_port *before, unsigned int number)
{
	static const enum pn_tone tones[PN_VERDICTS] = {
		[PN_FORWARD] = PN_TONE_GOOD, [PN_PASS] = PN_TONE_PLAIN,
		[PN_DROP] = PN_TONE_BAD,
	};
	const struct pn_reason_info *reason = &pn_reason_info[number];
	const struct pn_count *now = &port->reason[number];
	const struct pn_count *was = &before->reason[number];
	struct pn_out *o = s->ctx->out;

	pn_out_row(o);
	pn_out_str(o, "device", port->device);
	pn_out_str(o, "reason", reason->name);
	pn_out_u64(o, "number", number);
	pn_out_tone(o, tones[reason->verdict]);
	pn_out_str(o, "verdict", pn_verdict_names[reason->verdict]);
	pn_out_u64(o, "packets", rate(s, now->packets, was->packets));
	pn_out_u64(o, "bytes", rate(s, now->bytes, was->bytes));
	pn_out_str(o, "meaning", reason->text);
	pn_out_row_end(o);
}

static void reasons_show(const struct shown *s)
{
	const struct stats_opts *opts = s->ctx->opts;
	unsigned int i, r;

	pn_out_table(s->ctx->out, &reason_table);
	for (i = 0; i < s->now->n_ports; i++) {
		const struct pn_stats_port *port = &s->now->port[i];
		const struct pn_stats_port *before = port_before(s, port->ifindex);

		for (r = 0; r < PN_MAX_REASONS; r++)
			if (pn_reason_info[r].name && (opts->all || port->reason[r].packets))
				reason_show(s, port, before, r);
	}
	pn_out_table_end(s->ctx->out);
}

static void all_show(const struct shown *s)
{
	pn_out_group(s->ctx->out);
	ports_show(s);
	tunnels_show(s);
	reasons_show(s);
	pn_out_group_end(s->ctx->out);
}

static const char *const nouns[] = { "ports", "tunnels", "reasons", NULL };

typedef void show_fn(const struct shown *s);

static show_fn *const shows[] = { ports_show, tunnels_show, reasons_show };

static int noun_find(struct pn_run *ctx, int argc, char **argv, show_fn **show)
{
	const char *near;
	char all[64];
	int noun;

	*show = all_show;
	if (!argc)
		return 0;
	noun = pn_word_abbrev(argv[0], nouns);
	if (noun >= 0) {
		*show = shows[noun];
		return 0;
	}
	near = pn_word_nearest(argv[0], nouns);
	pn_err_set(&ctx->err, PN_EXIT_USAGE, EINVAL, "stats", "nothing counts '%s'%s%s%s",
		   argv[0], near ? "; did you mean '" : "", near ? near : "",
		   near ? "'?" : "");
	pn_err_hint(&ctx->err, "there are counters of %s",
		    pn_word_join(nouns, all, sizeof(all)));
	return -EINVAL;
}

static double clock_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* Opened anew each time, so that ports that come and go are seen. */
static int stats_read(struct pn_run *ctx, struct pn_stats *stats)
{
	struct pn_view v;
	int ret = pn_view_open(&v, ctx->global.bpffs, &ctx->err);

	memset(stats, 0, sizeof(*stats));
	if (ret)
		return ret;
	ret = pn_view_stats(&v, stats, &ctx->err);
	pn_view_close(&v);
	return ret;
}

static void interval_wait(uint32_t ms)
{
	struct timespec ts = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	nanosleep(&ts, NULL);
}

/* Text needs two readings for a rate, so it starts with a silent one. */
static int watch(struct pn_run *ctx, show_fn *show)
{
	const struct stats_opts *opts = ctx->opts;
	bool json = pn_out_is_json(ctx->out);
	struct pn_stats before = { 0 }, now = { 0 };
	double then = clock_seconds();
	uint32_t left = opts->count;
	int ret = json ? 0 : stats_read(ctx, &before);

	while (!ret) {
		struct shown s = { .ctx = ctx, .now = &now, .before = json ? NULL : &before };

		if (!json)
			interval_wait(opts->watch_ms);
		ret = stats_read(ctx, &now);
		if (ret)
			break;
		s.seconds = clock_seconds() - then;
		then += s.seconds;
		pn_out_page(ctx->out, "per second");
		show(&s);
		pn_stats_fini(&before);
		before = now;
		memset(&now, 0, sizeof(now));
		ret = pn_out_flush(ctx->out);
		if (ret || !--left)
			break;
		if (json)
			interval_wait(opts->watch_ms);
	}
	pn_stats_fini(&before);
	return ret == -EPIPE ? 0 : ret;
}

static int stats_run(struct pn_run *ctx, int argc, char **argv)
{
	const struct stats_opts *opts = ctx->opts;
	struct shown s = { .ctx = ctx };
	struct pn_stats stats;
	show_fn *show;
	int ret = noun_find(ctx, argc, argv, &show);

	if (ret)
		return ret;
	if (opts->count && !opts->watch_ms) {
		pn_err_set(&ctx->err, PN_EXIT_USAGE, EINVAL, "stats", "--count needs --watch");
		return -EINVAL;
	}
	if (opts->watch_ms)
		return watch(ctx, show);
	ret = stats_read(ctx, &stats);
	if (ret)
		return ret;
	s.now = &stats;
	show(&s);
	pn_stats_fini(&stats);
	return 0;
}

const struct pn_cmd pn_cmd_stats = {
	.name = "stats",
	.args = "[ports|tunnels|reasons]",
	.brief = "show the counters: packets and bytes by verdict and reason",
	.help = "Shows counters straight from the pins. For each port, received = "
		"forwarded + passed + dropped, exactly; the sum over its reasons is what it "
		"received. Passed packets are the kernel's: it forwards, answers or drops "
		"them and counts that itself.\n\n"
		"ports: by verdict. tunnels: packets whose tunnel was found, by verdict. "
		"reasons: why each packet went where it went.\n\n"
		"With --watch under -j each reading is one line of exact totals.",
	.rows = rows,
	.opts_size = sizeof(struct stats_opts),
	.max_args = 1,
	.run = stats_run,
};
