/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Text of others inside a graph's language: what would end or change it is escaped. */
#ifndef PN_VIEW_GRAPH_TEXT_H
#define PN_VIEW_GRAPH_TEXT_H

#include "view/graph.h"

/* How a language says a byte that means something to it; NULL: as it is. */
typedef const char *pn_escape_fn(char c);

/* What is no UTF-8, and control characters, become U+FFFD. */
void pn_graph_escaped(FILE *f, const char *text, pn_escape_fn *escape);
/* Name, kind, hook and the other lines of a node, with @newline between them. */
void pn_graph_label(FILE *f, const struct pn_graph_node *n, const char *newline,
		    pn_escape_fn *escape);
/* Of a namespace, by its position; the own one has none: nodes without one. */
bool pn_graph_is_in(const struct pn_graph_node *n, const char *space);

#endif
