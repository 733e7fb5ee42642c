// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* penstock graph [FILE]: a topology for Graphviz or Mermaid, or as JSON. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/config.h"
#include "cmd/show.h"
#include "view/graph.h"

struct graph_opts {
	bool dot, mermaid;
};

static const struct pn_col node_cols[] = { PN_COL_END };
static const struct pn_table nodes_table = { .key = "nodes", .cols = node_cols };
static const struct pn_table ties_table = { .key = "edges", .cols = node_cols };

static void node_show(struct pn_out *o, unsigned int id, const struct pn_graph_node *n)
{
	const char *line, *end;
	char text[256];

	pn_out_row(o);
	pn_out_u64(o, "id", id);
	pn_out_str(o, "name", n->name);
	pn_show_str(o, "netns", n->netns);
	pn_show_str(o, "kind", n->kind);
	pn_out_str(o, "family", pn_node_words[n->family]);
	pn_show_str(o, "hook", n->hook);
	pn_out_array(o, "details");
	for (line = n->lines; n->family != PN_NODE_FAR && *line; line = *end ? end + 1 : end) {
		end = line + strcspn(line, "\n");
		snprintf(text, sizeof(text), "%.*s", (int)(end - line), line);
		pn_out_str(o, NULL, text);
	}
	pn_out_end(o);
	pn_out_row_end(o);
}

static void json_show(struct pn_out *o, const struct pn_graph *g)
{
	unsigned int i;

	pn_out_group(o);
	pn_out_table(o, &nodes_table);
	for (i = 0; i < g->n_nodes; i++)
		node_show(o, i, &g->node[i]);
	pn_out_table_end(o);
	pn_out_table(o, &ties_table);
	for (i = 0; i < g->n_ties; i++) {
		pn_out_row(o);
		pn_out_u64(o, "from", g->tie[i].from);
		pn_out_u64(o, "to", g->tie[i].to);
		pn_out_str(o, "kind", pn_tie_words[g->tie[i].kind]);
		pn_out_row_end(o);
	}
	pn_out_table_end(o);
	pn_out_group_end(o);
}

/* What is there is a file too: written down, and read like any other. */
static int running_read(struct pn_run *ctx, struct pn_topo **topo)
{
	struct pn_view v;
	char *text = NULL;
	size_t len = 0;
	FILE *f;
	int ret = pn_view_open(&v, ctx->global.bpffs, &ctx->err);

	if (ret)
		return ret;
	f = open_memstream(&text, &len);
	ret = f ? pn_config_write(f, &v, &ctx->err) : -ENOMEM;
	if (f && fclose(f) && !ret)
		ret = -ENOMEM;
	pn_view_close(&v);
	if (ret)
		pn_err_set(&ctx->err, PN_EXIT_KERNEL, -ret, "graph", "%s", strerror(-ret));
	else
		ret = pn_topo_parse("what is there", text, len, topo, &ctx->err);
	free(text);
	return ret;
}

static int graph_run(struct pn_run *ctx, int argc, char **argv)
{
	const struct graph_opts *opts = ctx->opts;
	struct pn_topo *topo = NULL;
	struct pn_graph g = { 0 };
	int ret;

	if (opts->dot && opts->mermaid) {
		pn_err_set(&ctx->err, PN_EXIT_USAGE, EINVAL, "graph",
			   "--dot and --mermaid exclude each other");
		pn_err_hint(&ctx->err, "leave one of them out");
		return -EINVAL;
	}
	ret = argc ? pn_topo_read(argv[0], &topo, &ctx->err) : running_read(ctx, &topo);
	if (!ret)
		ret = pn_graph_make(&g, topo, &ctx->err);
	if (!ret && pn_out_is_json(ctx->out))
		json_show(ctx->out, &g);
	else if (!ret && opts->mermaid)
		pn_graph_mermaid(&g, pn_out_file(ctx->out));
	else if (!ret)
		pn_graph_dot(&g, pn_out_file(ctx->out));
	pn_graph_free(&g);
	pn_topo_free(topo);
	return ret;
}

static const struct pn_opt graph_rows[] = {
	{ .name = "dot", .type = PN_OPT_FLAG, .offset = offsetof(struct graph_opts, dot),
	  .help = "for Graphviz, as is done without a word: graph | dot -Tsvg >x.svg" },
	{ .name = "mermaid", .type = PN_OPT_FLAG, .offset = offsetof(struct graph_opts, mermaid),
	  .help = "for Mermaid, which many web pages draw by themselves" },
	PN_OPT_END
};

const struct pn_cmd pn_cmd_graph = {
	.name = "graph",
	.args = "[FILE]",
	.brief = "draw a topology: a file's, or what is there",
	.help = "Writes the topology of FILE, or without one what is there in this and the named "
		"network namespaces, as text that Graphviz or Mermaid draws: namespaces as "
		"boxes, masters above their ports, devices above what they stand on, peers, "
		"tunnels with their ends, ports with their hooks. Under -j the nodes and edges.",
	.rows = graph_rows,
	.opts_size = sizeof(struct graph_opts),
	.max_args = 1,
	.run = graph_run,
};
