// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A graph for Mermaid, which web pages of code hosts draw by themselves. */
#include "view/graph_text.h"

static const char *const class_looks[PN_NODE_FAMILIES] = {
	[PN_NODE_OTHER] = "fill:#ffffff,stroke:#333333",
	[PN_NODE_HARDWARE] = "fill:#e6e6e6,stroke:#333333",
	[PN_NODE_MASTER] = "fill:#d9ead3,stroke:#333333",
	[PN_NODE_TUNNEL] = "fill:#cfe2f3,stroke:#333333",
	[PN_NODE_PAIR] = "fill:#fff2cc,stroke:#333333",
	[PN_NODE_FAR] = "fill:none,stroke:#333333,stroke-dasharray:4",
};

/* What stands between two nodes. */
static const char *const tie_looks[PN_TIE_KINDS] = {
	[PN_TIE_MASTER] = "---|port|",
	[PN_TIE_LOWER] = "-->|lower|",
	[PN_TIE_PEER] = "===|peer|",
	[PN_TIE_LOCAL] = "-.->|local|",
	[PN_TIE_REMOTE] = "-.->|remote|",
};

/* Inside quotes; the language's own entities, and no markup. */
static const char *mermaid_escape(char c)
{
	switch (c) {
	case '"':	return "#quot;";
	case '#':	return "#35;";
	case '&':	return "#amp;";
	case '<':	return "#lt;";
	case '>':	return "#gt;";
	case '`':	return "#96;";
	case '\\':	return "#92;";
	}
	return NULL;
}

static void nodes_print(const struct pn_graph *g, const char *space, FILE *f)
{
	const char *tab = space ? "        " : "    ";
	unsigned int i;

	for (i = 0; i < g->n_nodes; i++) {
		const struct pn_graph_node *n = &g->node[i];

		if (!pn_graph_is_in(n, space))
			continue;
		fprintf(f, "%sn%u%s", tab, i, n->family == PN_NODE_FAR ? "([\"" : "[\"");
		pn_graph_label(f, n, "<br/>", mermaid_escape);
		fprintf(f, "%s:::%s\n", n->family == PN_NODE_FAR ? "\"])" : "\"]",
			pn_node_words[n->family]);
	}
}

void pn_graph_mermaid(const struct pn_graph *g, FILE *f)
{
	unsigned int i;

	fputs("flowchart TB\n", f);
	nodes_print(g, NULL, f);
	for (i = 0; i < g->n_spaces; i++) {
		fprintf(f, "    subgraph s%u[\"namespace ", i);
		pn_graph_escaped(f, g->space[i], mermaid_escape);
		fputs("\"]\n", f);
		nodes_print(g, g->space[i], f);
		fputs("    end\n", f);
	}
	for (i = 0; i < g->n_ties; i++)
		fprintf(f, "    n%u %s n%u\n", g->tie[i].from, tie_looks[g->tie[i].kind],
			g->tie[i].to);
	for (i = 0; i < PN_NODE_FAMILIES; i++)
		fprintf(f, "    classDef %s %s\n", pn_node_words[i], class_looks[i]);
	for (i = 0; i < g->n_nodes; i++)
		if (g->node[i].hook)
			fprintf(f, "    style n%u stroke:#cc4125,stroke-width:3px\n", i);
}
