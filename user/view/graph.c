// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* From a topology to nodes and ties; see graph.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "topo/model.h"
#include "util/words.h"
#include "view/graph.h"

#define ADDRESSES_SHOWN 4

const char *const pn_tie_words[PN_TIE_KINDS] = {
	[PN_TIE_MASTER] = "master", [PN_TIE_LOWER] = "lower", [PN_TIE_PEER] = "peer",
	[PN_TIE_LOCAL] = "local", [PN_TIE_REMOTE] = "remote",
};

const char *const pn_node_words[PN_NODE_FAMILIES] = {
	[PN_NODE_OTHER] = "device", [PN_NODE_HARDWARE] = "hardware", [PN_NODE_MASTER] = "master",
	[PN_NODE_TUNNEL] = "tunnel", [PN_NODE_PAIR] = "pair", [PN_NODE_FAR] = "far",
};

/* Attributes that tell devices of a kind apart, in the order in which they are shown. */
static const char *const telling[] = {
	"id", "vni", "mode", "protocol", "proto", "table", "dstport", "port",
	"encap", "encap-dport", "vlan_filtering", "external", "vnifilter", "erspan_ver", "encrypt",
	NULL,
};

/* Where a device stands on another one. */
static const char *const lowers[] = { "link", "dev", "physdev", NULL };

static const char *const masters[] = { "bridge", "bond", "team", "vrf", NULL };

static void *grown(void *array, unsigned int n, unsigned int *cap, size_t size)
{
	if (n < *cap)
		return array;
	*cap = *cap ? 2 * *cap : 64;
	return realloc(array, *cap * size);
}

static struct pn_graph_node *node_add(struct pn_graph *g)
{
	void *more = grown(g->node, g->n_nodes, &g->cap_nodes, sizeof(*g->node));

	if (!more)
		return NULL;
	g->node = more;
	memset(&g->node[g->n_nodes], 0, sizeof(*g->node));
	return &g->node[g->n_nodes++];
}

static int tie_add(struct pn_graph *g, enum pn_tie_kind kind, unsigned int from,
		   unsigned int to)
{
	void *more = grown(g->tie, g->n_ties, &g->cap_ties, sizeof(*g->tie));

	if (!more)
		return -ENOMEM;
	g->tie = more;
	g->tie[g->n_ties++] = (struct pn_graph_tie){ kind, from, to };
	return 0;
}

/* The node of a link, or -1. */
static int node_of(const struct pn_graph *g, const struct pn_topo_link *link)
{
	unsigned int i;

	for (i = 0; link && i < g->n_nodes; i++)
		if (g->node[i].link == link)
			return i;
	return -1;
}

static const struct pn_value *value_of(const struct pn_topo_link *link, const char *name,
				       const struct pn_row **row)
{
	*row = link->kind ? pn_row_find(&link->kind->data, name) : NULL;
	if (!*row)
		return NULL;
	return &link->data[*row - link->kind->data.row];
}

static enum pn_node_family family_of(const struct pn_topo_link *link)
{
	const struct pn_row *row;

	if (!link->kind)
		return PN_NODE_HARDWARE;
	if (link->kind->flags & PN_KIND_PEER)
		return PN_NODE_PAIR;
	if (pn_word_find(link->kind->name, masters) >= 0)
		return PN_NODE_MASTER;
	return value_of(link, "remote", &row) ? PN_NODE_TUNNEL : PN_NODE_OTHER;
}

static void address_print(FILE *f, const struct pn_topo_addr *a)
{
	char text[INET6_ADDRSTRLEN] = "";

	inet_ntop(a->family, a->bin, text, sizeof(text));
	fprintf(f, "%s/%u\n", text, a->prefixlen);
}

/* A switch says its name, and only where it is on. */
static void attribute_print(FILE *f, const struct pn_row *row, const struct pn_value *v)
{
	char text[200];

	if (!pn_row_is_bool(row))
		fprintf(f, "%s %s\n", row->name, pn_row_format(row, v, text, sizeof(text)));
	else if (v->num)
		fprintf(f, "%s\n", row->name);
}

/* What a tunnel receives and what it sends have the same key, most of the time. */
static void keys_print(FILE *f, const struct pn_topo_link *link)
{
	const struct pn_row *in, *out;
	const struct pn_value *i = value_of(link, "ikey", &in), *o = value_of(link, "okey", &out);

	if (i && o && i->set && o->set && i->num == o->num) {
		char text[32];

		fprintf(f, "key %s\n", pn_row_format(in, i, text, sizeof(text)));
		return;
	}
	if (i && i->set)
		attribute_print(f, in, i);
	if (o && o->set)
		attribute_print(f, out, o);
}

static int lines_make(struct pn_graph_node *n, const struct pn_topo_link *link)
{
	const struct pn_value *v;
	const struct pn_row *row;
	unsigned int i;
	size_t len;
	FILE *f = open_memstream(&n->lines, &len);

	if (!f)
		return -ENOMEM;
	for (i = 0; telling[i]; i++) {
		v = value_of(link, telling[i], &row);
		if (v && v->set && !strcmp(row->name, telling[i]))
			attribute_print(f, row, v);
	}
	keys_print(f, link);
	for (i = 0; i < link->n_addr && i < ADDRESSES_SHOWN; i++)
		address_print(f, &link->addr[i]);
	if (link->n_addr > ADDRESSES_SHOWN)
		fprintf(f, "and %u more\n", link->n_addr - ADDRESSES_SHOWN);
	return fclose(f) ? -ENOMEM : 0;
}

/* Loopbacks that are only switched on say nothing. */
static bool is_dull(const struct pn_topo_link *link)
{
	return !link->kind && !strcmp(link->name, "lo") && !link->n_addr;
}

static int nodes_add(struct pn_graph *g, const struct pn_topo *topo)
{
	const struct pn_topo_link *link, *tmp;
	struct pn_graph_node *n;
	int rc;

	HASH_ITER(hh, topo->links, link, tmp) {
		if (is_dull(link))
			continue;
		n = node_add(g);
		if (!n)
			return -ENOMEM;
		n->name = link->name;
		n->netns = link->netns;
		n->kind = link->kind ? link->kind->name : NULL;
		n->family = family_of(link);
		n->link = link;
		rc = lines_make(n, link);
		if (rc)
			return rc;
	}
	return 0;
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* The node that has the address: in namespace @netns, or (@anywhere) in any other. */
static int owner_find(const struct pn_graph *g, const struct pn_value *v, const char *netns,
		      bool anywhere)
{
	const struct pn_topo_link *link;
	unsigned int i, a;

	for (i = 0; i < g->n_nodes; i++) {
		link = g->node[i].link;
		if (!link || is_same(link->netns, netns) == anywhere)
			continue;
		for (a = 0; a < link->n_addr; a++)
			if (link->addr[a].len == v->len &&
			    !memcmp(link->addr[a].bin, v->bin, v->len))
				return i;
	}
	return -1;
}

static int far_find(struct pn_graph *g, const struct pn_value *v)
{
	char text[INET6_ADDRSTRLEN] = "";
	struct pn_graph_node *n;
	unsigned int i;

	inet_ntop(v->len == 4 ? AF_INET : AF_INET6, v->bin, text, sizeof(text));
	for (i = 0; i < g->n_nodes; i++)
		if (g->node[i].family == PN_NODE_FAR && !strcmp(g->node[i].lines, text))
			return i;
	n = node_add(g);
	if (!n)
		return -ENOMEM;
	n->family = PN_NODE_FAR;
	n->lines = strdup(text);
	n->name = n->lines;
	return n->lines ? (int)g->n_nodes - 1 : -ENOMEM;
}

static bool is_address(const struct pn_value *v)
{
	static const uint8_t any[16];

	return v && v->set && (v->len == 4 || v->len == 16) && memcmp(v->bin, any, v->len);
}

static int remote_tie(struct pn_graph *g, unsigned int from)
{
	const struct pn_topo_link *link = g->node[from].link;
	const struct pn_row *row;
	const struct pn_value *v = value_of(link, "remote", &row);
	int to;

	if (!is_address(v))
		return 0;
	to = owner_find(g, v, link->netns, true);
	if (to < 0)
		to = far_find(g, v);
	return to < 0 ? to : tie_add(g, PN_TIE_REMOTE, from, to);
}

/* By device where the file names one, else by the address that it sends from. */
static int lower_tie(struct pn_graph *g, const struct pn_topo *topo, unsigned int from)
{
	const struct pn_topo_link *link = g->node[from].link;
	const struct pn_value *v = pn_kind_value(&pn_common_rows, link->common, "link");
	const struct pn_row *row;
	unsigned int i;
	int to = -1;

	if (v && v->set)
		to = node_of(g, pn_topo_link_find(topo, link->netns, v->str));
	for (i = 0; to < 0 && lowers[i]; i++) {
		v = value_of(link, lowers[i], &row);
		if (v && v->set && row->type == PN_T_DEV)
			to = node_of(g, pn_topo_link_find(topo, link->netns, v->str));
	}
	if (to >= 0)
		return tie_add(g, PN_TIE_LOWER, from, to);
	v = value_of(link, "local", &row);
	to = is_address(v) ? owner_find(g, v, link->netns, false) : -1;
	return to < 0 || to == (int)from ? 0 : tie_add(g, PN_TIE_LOCAL, from, to);
}

/* A netdevsim may be wired to another one, "NAME" or "NETNS/NAME"; either end may say so. */
static int wire_tie(struct pn_graph *g, unsigned int from)
{
	const struct pn_topo_link *link = g->node[from].link, *to;
	const struct pn_row *row;
	const struct pn_value *v = value_of(link, "linked", &row);
	unsigned int i;

	for (i = 0; v && v->set && v->str && i < g->n_nodes; i++) {
		to = g->node[i].link;
		if (to && to != link && !strcmp(strchr(v->str, '/') ? to->id : to->name, v->str))
			return tie_add(g, PN_TIE_PEER, from, i);
	}
	return 0;
}

static int ties_add(struct pn_graph *g, const struct pn_topo *topo)
{
	unsigned int i, links = g->n_nodes;
	const struct pn_topo_link *link;
	const struct pn_value *v;
	int to, rc = 0;

	for (i = 0; i < links && !rc; i++) {
		link = g->node[i].link;
		v = pn_kind_value(&pn_common_rows, link->common, "master");
		to = v && v->set ? node_of(g, pn_topo_link_find(topo, link->netns, v->str)) : -1;
		if (to >= 0)
			rc = tie_add(g, PN_TIE_MASTER, to, i);
		to = link->is_peer ? -1 : node_of(g, link->peer);
		if (!rc && to >= 0)
			rc = tie_add(g, PN_TIE_PEER, i, to);
		if (!rc)
			rc = wire_tie(g, i);
		if (!rc)
			rc = lower_tie(g, topo, i);
		if (!rc)
			rc = remote_tie(g, i);
	}
	return rc;
}

static void space_add(struct pn_graph *g, const char *name)
{
	unsigned int i;

	for (i = 0; i < g->n_spaces; i++)
		if (!strcmp(g->space[i], name))
			return;
	for (i = 0; i < g->n_nodes; i++)
		if (is_same(g->node[i].netns, name))
			break;
	if (i < g->n_nodes)
		g->space[g->n_spaces++] = name;
}

/* Those that hold something: as the file lists them, then those that it takes for granted. */
static int spaces_add(struct pn_graph *g, const struct pn_topo *topo)
{
	unsigned int i;

	g->space = calloc(g->n_nodes + 1, sizeof(*g->space));
	if (!g->space)
		return -ENOMEM;
	for (i = 0; i < topo->n_netns; i++)
		space_add(g, topo->netns[i].name);
	for (i = 0; i < g->n_nodes; i++)
		if (g->node[i].netns)
			space_add(g, g->node[i].netns);
	return 0;
}

static void ports_mark(struct pn_graph *g, const struct pn_topo *topo)
{
	const struct pn_port_conf *port;
	unsigned int i, p, n;

	port = pn_topo_ports(topo, &n);
	for (p = 0; p < n; p++)
		for (i = 0; i < g->n_nodes; i++)
			if (!g->node[i].netns && !strcmp(g->node[i].name, port[p].dev))
				g->node[i].hook = pn_hook_words[port[p].hook];
}

int pn_graph_make(struct pn_graph *g, const struct pn_topo *topo, struct pn_err *err)
{
	int rc;

	memset(g, 0, sizeof(*g));
	g->title = pn_topo_file(topo);
	rc = nodes_add(g, topo);
	if (!rc)
		rc = ties_add(g, topo);
	if (!rc)
		rc = spaces_add(g, topo);
	if (rc)
		return pn_err_memory(err, "graph");
	ports_mark(g, topo);
	return 0;
}

void pn_graph_free(struct pn_graph *g)
{
	unsigned int i;

	for (i = 0; i < g->n_nodes; i++)
		free(g->node[i].lines);
	free(g->node);
	free(g->tie);
	free(g->space);
	memset(g, 0, sizeof(*g));
}
