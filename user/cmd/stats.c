// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * penstock stats: the counters. Once as totals; with --watch in text what
 * happened per second, under -j the exact totals again and again.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/stats_show.h"
#include "stats/view.h"
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

static const char *const nouns[] = { "ports", "tunnels", "peers", "reasons", "shapers", NULL };

static pn_stats_show_fn *const shows[] = {
	pn_stats_show_ports, pn_stats_show_tunnels, pn_stats_show_peers, pn_stats_show_reasons,
	pn_stats_show_shapers,
};

static int noun_find(struct pn_run *ctx, int argc, char **argv, pn_stats_show_fn **show)
{
	const char *near;
	char all[64];
	int noun;

	*show = pn_stats_show_all;
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
static int watch(struct pn_run *ctx, pn_stats_show_fn *show)
{
	const struct stats_opts *opts = ctx->opts;
	bool json = pn_out_is_json(ctx->out);
	struct pn_stats before = { 0 }, now = { 0 };
	double then = clock_seconds();
	uint32_t left = opts->count;
	int ret = json ? 0 : stats_read(ctx, &before);

	while (!ret) {
		struct pn_stats_shown s = { .ctx = ctx, .now = &now, .all = opts->all,
					    .before = json ? NULL : &before };

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
	struct pn_stats_shown s = { .ctx = ctx, .all = opts->all };
	struct pn_stats stats;
	pn_stats_show_fn *show;
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
	.args = "[ports|tunnels|peers|reasons|shapers]",
	.brief = "show the counters: packets and bytes by verdict and reason",
	.help = "Shows counters straight from the pins. For each port, received = "
		"forwarded + passed + dropped, exactly; the sum over its reasons is what it "
		"received. Passed packets are the kernel's: it forwards, answers or drops "
		"them and counts that itself.\n\n"
		"ports: by verdict. tunnels: packets whose tunnel was found, by verdict. "
		"peers: the same by remote address, of those that are proven now; it counts "
		"from 0 for an address that the kernel had forgotten. reasons: why each packet "
		"went where it went. shapers: what became of the packets of each shaper, in "
		"bytes as the shaper counts them, what waits behind its IFB device, and for how "
		"long it has been over its limit; the rate is measured with --watch.\n\n"
		"With --watch under -j each reading is one line of exact totals.",
	.rows = rows,
	.opts_size = sizeof(struct stats_opts),
	.max_args = 1,
	.run = stats_run,
};
