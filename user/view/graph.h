/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A topology as nodes and ties, and its two languages. Made from what a file
 * says; the running state is one too. Order is the file's, so the same file
 * gives the same text.
 */
#ifndef PN_VIEW_GRAPH_H
#define PN_VIEW_GRAPH_H

#include <stdbool.h>
#include <stdio.h>

#include "topo/file.h"
#include "util/err.h"

enum pn_node_family {
	PN_NODE_OTHER,
	PN_NODE_HARDWARE,	/* it must be there already */
	PN_NODE_MASTER,		/* bridge, bond ... */
	PN_NODE_TUNNEL,
	PN_NODE_PAIR,		/* veth and its like */
	PN_NODE_FAR,		/* the far end of a tunnel, known by address only */
	PN_NODE_FAMILIES,
};

struct pn_graph_node {
	const char *name;
	const char *netns;	/* NULL: the one that penstock runs in */
	const char *kind;	/* NULL: hardware, or a far end */
	enum pn_node_family family;
	const char *hook;	/* of a port: "auto", "xdp", "tc"; NULL: it is none */
	char *lines;		/* what else to say, one thing a line; "" for nothing */
	const void *link;	/* whose node it is, for those who make the graph */
};

enum pn_tie_kind {
	PN_TIE_MASTER,		/* from is the master, to its port */
	PN_TIE_LOWER,		/* from stands on to */
	PN_TIE_PEER,
	PN_TIE_LOCAL,		/* from sends from an address of to */
	PN_TIE_REMOTE,		/* from is a tunnel to to */
	PN_TIE_KINDS,
};

struct pn_graph_tie {
	enum pn_tie_kind kind;
	unsigned int from, to;	/* nodes */
};

struct pn_graph {
	const char *title;
	unsigned int n_nodes, n_ties, n_spaces;
	unsigned int cap_nodes, cap_ties;
	struct pn_graph_node *node;
	struct pn_graph_tie *tie;
	const char **space;	/* namespaces, but for the one that penstock runs in */
};

extern const char *const pn_tie_words[PN_TIE_KINDS];
extern const char *const pn_node_words[PN_NODE_FAMILIES];

/* Borrows strings of @topo, which must outlive it. 0 or -errno; free it either way. */
int pn_graph_make(struct pn_graph *g, const struct pn_topo *topo, struct pn_err *err);
void pn_graph_free(struct pn_graph *g);

void pn_graph_dot(const struct pn_graph *g, FILE *f);
void pn_graph_mermaid(const struct pn_graph *g, FILE *f);

#endif
