// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A graph for Graphviz: masters above their ports, devices above what they stand on. */
#include "view/graph_text.h"

static const char *const looks[PN_NODE_FAMILIES] = {
	[PN_NODE_OTHER] = "fillcolor=\"#ffffff\"",
	[PN_NODE_HARDWARE] = "fillcolor=\"#e6e6e6\"",
	[PN_NODE_MASTER] = "fillcolor=\"#d9ead3\"",
	[PN_NODE_TUNNEL] = "fillcolor=\"#cfe2f3\"",
	[PN_NODE_PAIR] = "fillcolor=\"#fff2cc\"",
	[PN_NODE_FAR] = "shape=ellipse, style=dashed",
};

static const char *const tie_looks[PN_TIE_KINDS] = {
	[PN_TIE_MASTER] = "dir=back",
	[PN_TIE_LOWER] = "",
	[PN_TIE_PEER] = "dir=none, penwidth=2, color=\"#bf9000\"",
	[PN_TIE_LOCAL] = "style=dotted",
	[PN_TIE_REMOTE] = "style=dashed, color=\"#3d85c6\"",
};

static const char *dot_escape(char c)
{
	switch (c) {
	case '"':	return "\\\"";
	case '\\':	return "\\\\";
	case '&':	return "&amp;";
	case '<':	return "&lt;";
	case '>':	return "&gt;";
	}
	return NULL;
}

static void nodes_print(const struct pn_graph *g, const char *space, FILE *f)
{
	const char *tab = space ? "\t\t" : "\t";
	unsigned int i;

	for (i = 0; i < g->n_nodes; i++) {
		const struct pn_graph_node *n = &g->node[i];

		if (!pn_graph_is_in(n, space))
			continue;
		fprintf(f, "%sn%u [label=\"", tab, i);
		pn_graph_label(f, n, "\\n", dot_escape);
		fprintf(f, "\", %s%s];\n", looks[n->family],
			n->hook ? ", color=\"#cc4125\", penwidth=2" : "");
	}
}

void pn_graph_dot(const struct pn_graph *g, FILE *f)
{
	unsigned int i;

	fputs("digraph penstock {\n"
	      "\tgraph [rankdir=TB, fontname=\"Helvetica\", fontsize=11];\n"
	      "\tnode [shape=box, style=\"filled,rounded\", fontname=\"Helvetica\", fontsize=11];\n"
	      "\tedge [fontname=\"Helvetica\", fontsize=9, arrowsize=0.7];\n", f);
	nodes_print(g, NULL, f);
	for (i = 0; i < g->n_spaces; i++) {
		fprintf(f, "\tsubgraph cluster_%u {\n\t\tlabel=\"namespace ", i);
		pn_graph_escaped(f, g->space[i], dot_escape);
		fputs("\";\n\t\tstyle=\"rounded\";\n\t\tcolor=\"#999999\";\n", f);
		nodes_print(g, g->space[i], f);
		fputs("\t}\n", f);
	}
	for (i = 0; i < g->n_ties; i++) {
		const char *look = tie_looks[g->tie[i].kind];

		fprintf(f, "\tn%u -> n%u [label=\"%s\"%s%s];\n", g->tie[i].from, g->tie[i].to,
			pn_tie_words[g->tie[i].kind], *look ? ", " : "", look);
	}
	fputs("}\n", f);
}
