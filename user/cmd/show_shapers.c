// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * penstock show shapers: what was asked for, whatever became of the file; children
 * behind their parents.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/show.h"
#include "stats/shapers.h"
#include "topo/shaper.h"

static const struct pn_col cols[] = {
	{ "name", "SHAPER", PN_LEFT },
	{ "rate", "RATE", PN_RIGHT },
	{ "ceil", "CEIL", PN_RIGHT },
	{ "burst", "BURST", PN_RIGHT },
	{ "action", "ACTION", PN_LEFT },
	{ "matches", "MATCH", PN_LEFT },
	PN_COL_END
};

static const struct pn_table table = {
	.key = "shapers",
	.none = "There are no shapers; `shapers` of a topology file make them.",
	.cols = cols,
};

/* A word of the file, or null where it was not said. */
static void word_show(struct pn_out *o, const struct pn_shaper_conf *c, enum pn_shaper_word word)
{
	char text[PN_SHAPER_TEXT];

	pn_show_str(o, pn_shaper_rows[word].key, pn_shaper_text(c, word, text, sizeof(text)));
}

static void words_show(struct pn_out *o, const struct pn_shaper_conf *c)
{
	static const enum pn_shaper_word words[] = {
		PN_SW_CBURST, PN_SW_ECN, PN_SW_REMARK, PN_SW_PER, PN_SW_OVERHEAD, PN_SW_MPU,
		PN_SW_LINKLAYER, PN_SW_LENGTH, PN_SW_QDISC, PN_SW_LIMIT, PN_SW_SPREAD,
	};
	char text[PN_SHAPER_TEXT];
	unsigned int i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		word_show(o, c, words[i]);
	pn_show_str(o, "ifb", c->ifb);
	pn_out_object(o, "match");
	for (i = PN_SW_MATCH + 1; i < PN_SHAPER_WORDS; i++)
		if (c->said >> i & 1)
			pn_out_str(o, pn_shaper_rows[i].key,
				   pn_shaper_text(c, i, text, sizeof(text)));
	pn_out_end(o);
	pn_shaper_match_text(c, text, sizeof(text));
	pn_out_text(o, "matches", "%s", text[0] ? text : "-");
}

/* Text has the parent as the row above that stands further left. */
static void shaper_show(struct pn_out *o, const struct pn_stats_shaper *s, unsigned int depth)
{
	const struct pn_shaper_conf *c = s->conf;

	pn_out_row(o);
	pn_out_str(o, "name", c->name);
	pn_out_text(o, "name", "%*s%s", depth, "", c->name);
	pn_out_u64(o, "index", s->index);
	pn_show_str(o, "parent", c->parent);
	word_show(o, c, PN_SW_RATE);
	pn_out_u64(o, "rate_bytes", c->rate);
	word_show(o, c, PN_SW_CEIL);
	pn_out_u64(o, "burst", s->burst);
	pn_out_str(o, "action", pn_shaper_action_words[c->action]);
	words_show(o, c);
	pn_out_row_end(o);
}

int pn_show_shapers(struct pn_run *ctx, const struct pn_view *v, const char *only)
{
	struct pn_stats_place *tree = NULL;
	struct pn_stats stats = { 0 };
	unsigned int i;
	int ret = v->pinned ? pn_stats_shapers(v, &stats) : 0;

	if (ret)
		return pn_err_set(&ctx->err, PN_EXIT_KERNEL, -ret, "shapers",
				  "cannot be read");
	tree = pn_stats_shaper_tree(&stats);
	if (!tree) {
		pn_stats_fini(&stats);
		return pn_err_memory(&ctx->err, "shapers");
	}
	pn_out_table(ctx->out, &table);
	for (i = 0; i < stats.n_shapers; i++)
		shaper_show(ctx->out, &stats.shaper[tree[i].at], tree[i].depth);
	pn_out_table_end(ctx->out);
	free(tree);
	pn_stats_fini(&stats);
	return 0;
}
