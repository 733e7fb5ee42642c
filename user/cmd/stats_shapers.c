// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * penstock stats shapers: what became of the packets of each shaper, children behind
 * their parents. Between two readings it is told per second, and the rate in bits.
 * The text keeps to the width of a terminal: it has the columns that say something,
 * in numbers of three digits; JSON has everything, exactly.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/show.h"
#include "cmd/stats_show.h"
#include "stats/shapers.h"
#include "topo/units.h"
#include "util/num.h"

#define TEXT_COLUMNS 80

/* @width: of what stands in it, @need: 0 always, or how soon it gives way. */
static const struct column {
	struct pn_col col;
	unsigned int width, need;
} columns[] = {
	{ { "shaper", "SHAPER", PN_LEFT }, 6, 0 },
	{ { "action", "ACTION", PN_LEFT }, 6, 6 },
	{ { "rate", "RATE", PN_RIGHT }, 8, 0 },
	{ { "measured", "BIT/S", PN_RIGHT }, 5, 0 },
	{ { "bytes", "BYTES", PN_RIGHT }, 5, 0 },
	{ { "passed", "PASSED", PN_RIGHT }, 6, 0 },
	{ { "borrowed", "BORROWED", PN_RIGHT }, 8, 5 },
	{ { "marked", "MARKED", PN_RIGHT }, 6, 3 },
	{ { "exceeded", "EXCEEDED", PN_RIGHT }, 8, 4 },
	{ { "dropped", "DROPPED", PN_RIGHT }, 7, 0 },
	{ { "backlog", "QUEUE", PN_RIGHT }, 5, 1 },
	{ { "over", "OVER", PN_RIGHT }, 5, 2 },
};
#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* Do these shapers have anything to say in the column of @key? */
static bool column_speaks(const struct pn_stats_shown *s, const char *key)
{
	bool queues = false;
	unsigned int i, k;

	if (!strcmp(key, s->before ? "bytes" : "measured"))
		return false;
	for (k = 0; k < PN_SHAPER_OUTCOMES; k++) {
		if (strcmp(key, pn_shaper_outcome_words[k]) || k == PN_SHAPER_DROPPED)
			continue;
		for (i = 0; i < s->now->n_shapers; i++)
			if (s->now->shaper[i].outcome[k].packets)
				return true;
		return false;
	}
	for (i = 0; i < s->now->n_shapers; i++)
		queues = queues || s->now->shaper[i].has_queue;
	return strcmp(key, "backlog") || queues;
}

/* Those that speak; while they are too wide together, without the one that gives way first. */
static void columns_choose(const struct pn_stats_shown *s, unsigned int name_width,
			   struct pn_col cols[N_COLUMNS + 1])
{
	unsigned int i, n, width, goes, most = ~0u;

	do {
		width = name_width > columns[0].width ? name_width - columns[0].width : 0;
		for (i = n = goes = 0; i < N_COLUMNS; i++) {
			const struct column *c = &columns[i];

			if (c->need >= most || !column_speaks(s, c->col.key))
				continue;
			cols[n++] = c->col;
			width += c->width + (i ? 2 : 0);
			goes = c->need > goes ? c->need : goes;
		}
		most = goes;
	} while (width > TEXT_COLUMNS && goes);
	cols[n] = (struct pn_col)PN_COL_END;
}

/* An index that has another name by now counts from nothing. */
static const struct pn_stats_shaper *before_of(const struct pn_stats_shown *s,
					       const struct pn_stats_shaper *now)
{
	static const struct pn_stats_shaper none;
	const struct pn_stats_shaper *was = NULL;

	if (s->before)
		was = pn_stats_shaper_find(s->before, now->index);
	return was && !strcmp(was->conf->name, now->conf->name) ? was : &none;
}

static uint64_t per_second(const struct pn_stats_shown *s, uint64_t now, uint64_t before)
{
	if (!s->before)
		return now;
	return s->seconds > 0 && now > before ? (now - before) / s->seconds + 0.5 : 0;
}

/* A number whose text is a short one. */
static void number_show(struct pn_out *o, const char *key, uint64_t n)
{
	char text[32];

	pn_out_u64(o, key, n);
	pn_out_text(o, key, "%s", pn_num_short(n, text, sizeof(text)));
}

/* As in the file; what is too long for the column, to three digits. */
static void rate_show(struct pn_out *o, uint64_t bytes_per_s)
{
	const struct pn_value v = { .num = bytes_per_s };
	char text[32], bits[32];
	size_t unit;

	pn_field_rate.format(&v, text, sizeof(text));
	pn_out_str(o, "rate", bytes_per_s ? text : "0bit");
	if (strlen(text) > 8) {
		unit = strlen(pn_num_short(bytes_per_s * 8, bits, sizeof(bits))) - 1;
		pn_out_text(o, "rate", "%.*s%cbit", (int)unit, bits, tolower(bits[unit]));
	}
	if (!bytes_per_s)
		pn_out_text(o, "rate", "-");
	pn_out_u64(o, "rate_bytes", bytes_per_s);
}

/* In bits a second: it moves. */
static void measured_show(const struct pn_stats_shown *s, uint64_t bytes)
{
	if (s->before)
		number_show(s->ctx->out, "measured", bytes * 8);
	else
		pn_out_null(s->ctx->out, "measured");
}

static void outcomes_show(const struct pn_stats_shown *s, const struct pn_stats_shaper *now,
			  const struct pn_stats_shaper *before)
{
	struct pn_out *o = s->ctx->out;
	char key[32];
	unsigned int i;

	for (i = 0; i < PN_SHAPER_OUTCOMES; i++) {
		const struct pn_count *n = &now->outcome[i], *b = &before->outcome[i];

		number_show(o, pn_shaper_outcome_words[i], per_second(s, n->packets, b->packets));
		snprintf(key, sizeof(key), "%s_bytes", pn_shaper_outcome_words[i]);
		pn_out_u64(o, key, per_second(s, n->bytes, b->bytes));
	}
}

/* What a full queue drops is dropped, too, for who looks at the text. */
static void queue_show(const struct pn_stats_shown *s, const struct pn_stats_shaper *now,
		       const struct pn_stats_shaper *before)
{
	struct pn_out *o = s->ctx->out;
	char text[32];

	if (!now->has_queue) {
		pn_out_null(o, "backlog");
		pn_out_null(o, "backlog_bytes");
		pn_out_null(o, "queue_sent");
		pn_out_null(o, "queue_sent_bytes");
		pn_out_null(o, "queue_drops");
		pn_out_null(o, "queue_overlimits");
		return;
	}
	number_show(o, "backlog", now->backlog.packets);
	pn_out_u64(o, "backlog_bytes", now->backlog.bytes);
	pn_out_u64(o, "queue_sent", now->queue_sent.packets);
	pn_out_u64(o, "queue_sent_bytes", now->queue_sent.bytes);
	pn_out_u64(o, "queue_drops", now->queue_drops);
	pn_out_u64(o, "queue_overlimits", now->queue_overlimits);
	if (now->conf->action == PN_SHAPER_SHAPE)
		pn_out_text(o, "dropped", "%s",
			    pn_num_short(per_second(s, now->queue_drops, before->queue_drops),
					 text, sizeof(text)));
}

/* Over its limit: for how long, and between two readings which part of the time. */
static void over_show(const struct pn_stats_shown *s, const struct pn_stats_shaper *now,
		      const struct pn_stats_shaper *before)
{
	double time = now->over_ns / 1e9, part;
	struct pn_out *o = s->ctx->out;

	pn_out_u64(o, "over_ns", now->over_ns);
	pn_out_bool(o, "over_now", now->over);
	if (now->over)
		pn_out_tone(o, PN_TONE_WARN);
	if (s->before) {
		part = now->over_ns > before->over_ns && s->seconds > 0 ?
		       (now->over_ns - before->over_ns) / s->seconds / 1e7 : 0;
		pn_out_text(o, "over", "%.0f%%", part < 100 ? part : 100);
	} else if (time < 1000) {
		pn_out_text(o, "over", "%.*fs", time < 99.95, time);
	} else {
		pn_out_text(o, "over", "%.*fh", time / 3600 < 99.95, time / 3600);
	}
}

static void shaper_show(const struct pn_stats_shown *s, const struct pn_stats_shaper *now,
			unsigned int depth)
{
	const struct pn_stats_shaper *before = before_of(s, now);
	struct pn_count passed = pn_stats_shaper_passed(now), was = pn_stats_shaper_passed(before);
	struct pn_out *o = s->ctx->out;

	pn_out_row(o);
	pn_out_str(o, "shaper", now->conf->name);
	pn_out_text(o, "shaper", "%*s%s", depth, "", now->conf->name);
	pn_out_u64(o, "index", now->index);
	pn_show_str(o, "parent", now->conf->parent);
	pn_out_str(o, "action", pn_shaper_action_words[now->conf->action]);
	rate_show(o, now->conf->rate);
	measured_show(s, per_second(s, passed.bytes, was.bytes));
	number_show(o, "passed", per_second(s, passed.packets, was.packets));
	number_show(o, "bytes", per_second(s, passed.bytes, was.bytes));
	outcomes_show(s, now, before);
	queue_show(s, now, before);
	over_show(s, now, before);
	pn_out_row_end(o);
}

/* Without memory for the tree: one after the other. */
static struct pn_stats_place place_of(const struct pn_stats_place *tree, unsigned int i)
{
	return tree ? tree[i] : (struct pn_stats_place){ .at = i };
}

static unsigned int names_width(const struct pn_stats *stats, const struct pn_stats_place *tree)
{
	unsigned int i, width, most = 0;

	for (i = 0; i < stats->n_shapers; i++) {
		struct pn_stats_place place = place_of(tree, i);

		width = strlen(stats->shaper[place.at].conf->name) + place.depth;
		most = width > most ? width : most;
	}
	return most;
}

void pn_stats_show_shapers(const struct pn_stats_shown *s)
{
	struct pn_stats_place *tree = pn_stats_shaper_tree(s->now), place;
	struct pn_col cols[N_COLUMNS + 1];
	const struct pn_table table = {
		.key = "shapers", .none = "There are no shapers.", .cols = cols,
	};
	unsigned int i;

	columns_choose(s, names_width(s->now, tree), cols);
	pn_out_table(s->ctx->out, &table);
	for (i = 0; i < s->now->n_shapers; i++) {
		place = place_of(tree, i);
		shaper_show(s, &s->now->shaper[place.at], place.depth);
	}
	pn_out_table_end(s->ctx->out);
	free(tree);
}
