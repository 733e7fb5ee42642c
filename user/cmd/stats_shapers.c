// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * penstock stats shapers: what became of the packets of each shaper. Between two
 * readings it is told per second, and the rate in bits.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/show.h"
#include "cmd/stats_show.h"
#include "stats/shapers.h"
#include "topo/units.h"

static const struct pn_col cols[] = {
	{ "shaper", "SHAPER", PN_LEFT },
	{ "action", "ACTION", PN_LEFT },
	{ "rate", "RATE", PN_RIGHT },
	{ "measured", "MEASURED", PN_RIGHT },
	{ "passed", "PASSED", PN_RIGHT },
	{ "bytes", "BYTES", PN_RIGHT },
	{ "borrowed", "BORROWED", PN_RIGHT },
	{ "marked", "MARKED", PN_RIGHT },
	{ "exceeded", "EXCEEDED", PN_RIGHT },
	{ "dropped", "DROPPED", PN_RIGHT },
	{ "queued", "QUEUED", PN_RIGHT },
	{ "backlog", "BACKLOG", PN_RIGHT },
	{ "over", "OVER", PN_RIGHT },
	PN_COL_END
};

static const struct pn_table table = {
	.key = "shapers",
	.none = "There are no shapers.",
	.cols = cols,
};

static const char *const outcomes[PN_SHAPER_OUTCOMES] = {
	[PN_SHAPER_PASSED] = "conforming",
	[PN_SHAPER_BORROWED] = "borrowed",
	[PN_SHAPER_MARKED] = "marked",
	[PN_SHAPER_EXCEEDED] = "exceeded",
	[PN_SHAPER_DROPPED] = "dropped",
	[PN_SHAPER_QUEUED] = "queued",
};

/* An index that has another name by now counts from nothing. */
static const struct pn_stats_shaper *before_of(const struct pn_stats_shown *s,
					       const struct pn_stats_shaper *now)
{
	static const struct pn_stats_shaper none;
	unsigned int i;

	for (i = 0; s->before && i < s->before->n_shapers; i++)
		if (s->before->shaper[i].index == now->index &&
		    !strcmp(s->before->shaper[i].conf->name, now->conf->name))
			return &s->before->shaper[i];
	return &none;
}

static uint64_t per_second(const struct pn_stats_shown *s, uint64_t now, uint64_t before)
{
	if (!s->before)
		return now;
	return s->seconds > 0 && now > before ? (now - before) / s->seconds + 0.5 : 0;
}

static void rate_show(struct pn_out *o, const char *key, uint64_t bytes_per_s)
{
	const struct pn_value v = { .num = bytes_per_s };
	char text[32];

	pn_field_rate.format(&v, text, sizeof(text));
	pn_out_str(o, key, bytes_per_s ? text : "0bit");
}

/* In bits a second, to three digits: it moves. */
static void measured_show(const struct pn_stats_shown *s, uint64_t bytes)
{
	struct pn_out *o = s->ctx->out;
	double bits = bytes * 8.0;

	if (!s->before) {
		pn_out_null(o, "measured");
		return;
	}
	if (bits >= 1e9)
		pn_out_fmt(o, "measured", "%.3fgbit", bits / 1e9);
	else if (bits >= 1e6)
		pn_out_fmt(o, "measured", "%.3fmbit", bits / 1e6);
	else
		pn_out_fmt(o, "measured", "%.1fkbit", bits / 1e3);
}

static void outcomes_show(const struct pn_stats_shown *s, const struct pn_stats_shaper *now,
			  const struct pn_stats_shaper *before)
{
	struct pn_out *o = s->ctx->out;
	char key[32];
	unsigned int i;

	for (i = 0; i < PN_SHAPER_OUTCOMES; i++) {
		const struct pn_count *n = &now->outcome[i], *b = &before->outcome[i];

		pn_out_u64(o, outcomes[i], per_second(s, n->packets, b->packets));
		snprintf(key, sizeof(key), "%s_bytes", outcomes[i]);
		pn_out_u64(o, key, per_second(s, n->bytes, b->bytes));
	}
}

static void queue_show(struct pn_out *o, const struct pn_stats_shaper *now)
{
	if (!now->has_queue) {
		pn_out_null(o, "backlog");
		pn_out_null(o, "backlog_bytes");
		pn_out_null(o, "queue_drops");
		return;
	}
	pn_out_u64(o, "backlog", now->backlog.packets);
	pn_out_u64(o, "backlog_bytes", now->backlog.bytes);
	pn_out_u64(o, "queue_drops", now->queue_drops);
}

static void shaper_show(const struct pn_stats_shown *s, const struct pn_stats_shaper *now)
{
	const struct pn_stats_shaper *before = before_of(s, now);
	struct pn_count passed = pn_stats_shaper_passed(now), was = pn_stats_shaper_passed(before);
	struct pn_out *o = s->ctx->out;

	pn_out_row(o);
	pn_out_str(o, "shaper", now->conf->name);
	pn_out_u64(o, "index", now->index);
	pn_show_str(o, "parent", now->conf->parent);
	pn_out_str(o, "action", pn_shaper_action_words[now->conf->action]);
	rate_show(o, "rate", now->conf->rate);
	pn_out_u64(o, "rate_bytes", now->conf->rate);
	measured_show(s, per_second(s, passed.bytes, was.bytes));
	pn_out_u64(o, "passed", per_second(s, passed.packets, was.packets));
	pn_out_u64(o, "bytes", per_second(s, passed.bytes, was.bytes));
	outcomes_show(s, now, before);
	queue_show(o, now);
	if (now->over)
		pn_out_tone(o, PN_TONE_WARN);
	pn_out_text(o, "over", "%.1fs", now->over_ns / 1e9);
	pn_out_u64(o, "over_ns", now->over_ns);
	pn_out_bool(o, "over_now", now->over);
	pn_out_row_end(o);
}

void pn_stats_show_shapers(const struct pn_stats_shown *s)
{
	unsigned int i;

	pn_out_table(s->ctx->out, &table);
	for (i = 0; i < s->now->n_shapers; i++)
		shaper_show(s, &s->now->shaper[i]);
	pn_out_table_end(s->ctx->out);
}
