// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Shapers as a tree, each behind its parent; see shapers.h. What is read while a
 * loader writes may name a parent that is not there: it is shown at the top.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "stats/shapers.h"

/* Links between places of pn_stats.shaper, counted from 1; 0: none. */
struct node {
	unsigned int parent, child, next;
	bool shown;
};

static int index_compare(const void *a, const void *b)
{
	const struct pn_stats_shaper *x = a, *y = b;

	return (x->index > y->index) - (x->index < y->index);
}

const struct pn_stats_shaper *pn_stats_shaper_find(const struct pn_stats *stats, uint32_t index)
{
	const struct pn_stats_shaper key = { .index = index };

	if (!index || !stats->n_shapers)
		return NULL;
	return bsearch(&key, stats->shaper, stats->n_shapers, sizeof(key), index_compare);
}

/* Backwards, so that children stand in their order. */
static void nodes_link(const struct pn_stats *stats, struct node *node)
{
	const struct pn_stats_shaper *parent;
	unsigned int i;

	for (i = stats->n_shapers; i; i--) {
		parent = pn_stats_shaper_find(stats, stats->shaper[i - 1].parent);
		node[i].parent = parent ? parent - stats->shaper + 1 : 0;
		node[i].next = node[node[i].parent].child;
		node[node[i].parent].child = i;
	}
}

/* The one behind @at in the tree; 0: that was the last. */
static unsigned int node_next(const struct node *node, unsigned int at, unsigned int *depth)
{
	if (node[at].child) {
		++*depth;
		return node[at].child;
	}
	while (at && !node[at].next) {
		at = node[at].parent;
		--*depth;
	}
	return node[at].next;
}

struct pn_stats_place *pn_stats_shaper_tree(const struct pn_stats *stats)
{
	struct node *node = calloc(stats->n_shapers + 1, sizeof(*node));
	struct pn_stats_place *place = calloc(stats->n_shapers + 1, sizeof(*place));
	unsigned int n = 0, i, depth = 0;

	if (!node || !place) {
		free(node);
		free(place);
		return NULL;
	}
	nodes_link(stats, node);
	for (i = node[0].child; i; i = node_next(node, i, &depth)) {
		place[n++] = (struct pn_stats_place){ .at = i - 1, .depth = depth };
		node[i].shown = true;
	}
	for (i = 1; i <= stats->n_shapers; i++)
		if (!node[i].shown)
			place[n++] = (struct pn_stats_place){ .at = i - 1 };
	free(node);
	return place;
}
