// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Graphs of files: every node and tie, names that would break out of the
 * language they are written in, the same text each time.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "view/graph.h"

static const char two_hosts[] =
	"penstock: 1\n"
	"namespaces: [a, b]\n"
	"links:\n"
	"  - {name: lo, netns: a, up: true}\n"
	"  - name: wire\n"
	"    kind: veth\n"
	"    netns: a\n"
	"    addresses: [10.0.0.1/24]\n"
	"    peer: {name: wire, netns: b, addresses: [10.0.0.2/24]}\n"
	"  - {name: br0, kind: bridge, netns: a}\n"
	"  - {name: vx, kind: vxlan, netns: a, id: 7, local: 10.0.0.1, remote: 10.0.0.2, "
	"master: br0}\n"
	"  - {name: vx, kind: vxlan, netns: b, id: 7, local: 10.0.0.2, remote: 10.0.0.1}\n"
	"  - {name: vx9, kind: vxlan, netns: b, id: 9, dev: wire, remote: 10.9.9.9}\n"
	"  - {name: eth1}\n"
	"  - {name: mac0, kind: macvlan, link: eth1, mode: bridge}\n"
	"ports:\n"
	"  - {dev: eth1, hook: xdp}\n";

static const char two_hosts_dot[] =
	"\tn6 [label=\"eth1\\nport, hook xdp\", fillcolor=\"#e6e6e6\", "
	"color=\"#cc4125\", penwidth=2];\n"
	"\tn7 [label=\"mac0\\nmacvlan\\nmode bridge\", fillcolor=\"#ffffff\"];\n"
	"\tn8 [label=\"10.9.9.9\", shape=ellipse, style=dashed];\n"
	"\tsubgraph cluster_0 {\n"
	"\t\tlabel=\"namespace a\";\n"
	"\t\tstyle=\"rounded\";\n"
	"\t\tcolor=\"#999999\";\n"
	"\t\tn1 [label=\"wire\\nveth\\n10.0.0.1/24\", fillcolor=\"#fff2cc\"];\n"
	"\t\tn2 [label=\"br0\\nbridge\", fillcolor=\"#d9ead3\"];\n"
	"\t\tn3 [label=\"vx\\nvxlan\\nid 7\\ndstport 4789\", fillcolor=\"#cfe2f3\"];\n"
	"\t}\n"
	"\tsubgraph cluster_1 {\n"
	"\t\tlabel=\"namespace b\";\n"
	"\t\tstyle=\"rounded\";\n"
	"\t\tcolor=\"#999999\";\n"
	"\t\tn0 [label=\"wire\\nveth\\n10.0.0.2/24\", fillcolor=\"#fff2cc\"];\n"
	"\t\tn4 [label=\"vx\\nvxlan\\nid 7\\ndstport 4789\", fillcolor=\"#cfe2f3\"];\n"
	"\t\tn5 [label=\"vx9\\nvxlan\\nid 9\\ndstport 4789\", fillcolor=\"#cfe2f3\"];\n"
	"\t}\n"
	"\tn1 -> n0 [label=\"peer\", dir=none, penwidth=2, color=\"#bf9000\"];\n"
	"\tn2 -> n3 [label=\"master\", dir=back];\n"
	"\tn3 -> n1 [label=\"local\", style=dotted];\n"
	"\tn3 -> n0 [label=\"remote\", style=dashed, color=\"#3d85c6\"];\n"
	"\tn4 -> n0 [label=\"local\", style=dotted];\n"
	"\tn4 -> n1 [label=\"remote\", style=dashed, color=\"#3d85c6\"];\n"
	"\tn5 -> n0 [label=\"lower\"];\n"
	"\tn5 -> n8 [label=\"remote\", style=dashed, color=\"#3d85c6\"];\n"
	"\tn7 -> n6 [label=\"lower\"];\n"
	"}\n";

static char *drawn(const char *file, void (*draw)(const struct pn_graph *g, FILE *f))
{
	struct pn_topo *topo = NULL;
	struct pn_err err = { 0 };
	struct pn_graph g = { 0 };
	char *text = NULL;
	size_t len = 0;
	FILE *f;

	if (!tap_sys(pn_topo_parse("test", file, strlen(file), &topo, &err), err.text) ||
	    !tap_sys(pn_graph_make(&g, topo, &err), err.text))
		goto out;
	f = open_memstream(&text, &len);
	draw(&g, f);
	fclose(f);
out:
	pn_graph_free(&g);
	pn_topo_free(topo);
	return text ? text : strdup("");
}

static void dot_test(void)
{
	char *text = drawn(two_hosts, pn_graph_dot), *again = drawn(two_hosts, pn_graph_dot);
	const char *body = strstr(text, "\tn6 ");

	tap_case("Graphviz: two hosts in namespaces, a tunnel between them");
	tap_str(body ? body : text, two_hosts_dot, "dot");
	tap_str(text, again, "the same again");
	tap_end();
	free(text);
	free(again);
}

static void mermaid_test(void)
{
	static const char *const lines[] = {
		"flowchart TB\n",
		"    n6[\"eth1<br/>port, hook xdp\"]:::hardware\n",
		"    subgraph s1[\"namespace b\"]\n"
		"        n0[\"wire<br/>veth<br/>10.0.0.2/24\"]:::pair\n",
		"    n8([\"10.9.9.9\"]):::far\n",
		"    n2 ---|port| n3\n",
		"    n1 ===|peer| n0\n",
		"    n7 -->|lower| n6\n",
		"    n3 -.->|remote| n0\n",
		"    style n6 stroke:#cc4125,stroke-width:3px\n",
	};
	char *text = drawn(two_hosts, pn_graph_mermaid);
	unsigned int i;

	tap_case("Mermaid: the same");
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (!strstr(text, lines[i]))
			tap_fail("no %s in:\n%s", lines[i], text);
	tap_end();
	free(text);
}

static void escape_test(void)
{
	static const char file[] =
		"penstock: 1\n"
		"links:\n"
		"  - {name: 'a\"];x', kind: dummy}\n"
		"  - {name: 'b\\n<b>&`#', kind: dummy}\n"
		"  - {name: \"c\\xe9\", kind: dummy}\n";
	char *dot = drawn(file, pn_graph_dot), *mermaid = drawn(file, pn_graph_mermaid);

	tap_case("names do not break out");
	tap_true(strstr(dot, "label=\"a\\\"];x\\ndummy\""), "a quote in dot");
	tap_true(strstr(dot, "label=\"b\\\\n&lt;b&gt;&amp;`#\\ndummy\""), "markup in dot");
	tap_true(strstr(mermaid, "n0[\"a#quot;];x<br/>dummy\"]"), "a quote in Mermaid");
	tap_true(strstr(mermaid, "n1[\"b#92;n#lt;b#gt;#amp;#96;#35;<br/>dummy\"]"),
		 "markup in Mermaid");
	tap_end();
	free(dot);
	free(mermaid);
}

static void wire_test(void)
{
	static const char file[] =
		"penstock: 1\n"
		"namespaces: [a]\n"
		"links:\n"
		"  - {name: s1, kind: netdevsim, id: 1, linked: a/s1}\n"
		"  - {name: s1, kind: netdevsim, id: 2, netns: a}\n"
		"  - {name: t1, kind: gre, remote: 10.0.0.1, key: 5}\n"
		"  - {name: t2, kind: gre, remote: 10.0.0.1, ikey: 5, okey: 6}\n";
	char *dot = drawn(file, pn_graph_dot);

	tap_case("simulated devices with a wire, keys of tunnels");
	tap_true(strstr(dot, "n0 -> n1 [label=\"peer\""), dot);
	tap_true(strstr(dot, "t1\\ngre\\nkey 5\""), dot);
	tap_true(strstr(dot, "t2\\ngre\\nikey 5\\nokey 6\""), dot);
	tap_end();
	free(dot);
}

static void empty_test(void)
{
	char *dot = drawn("penstock: 1\n", pn_graph_dot);

	tap_case("nothing at all");
	tap_true(strstr(dot, "digraph penstock {") && strstr(dot, "}\n"), "dot");
	tap_end();
	free(dot);
}

static bool is_drawn(const char *path)
{
	struct pn_topo *topo = NULL;
	struct pn_graph g = { 0 };
	struct pn_err err = { 0 };
	bool good;

	good = tap_sys(pn_topo_read(path, &topo, &err), err.text) &&
	       tap_sys(pn_graph_make(&g, topo, &err), err.text) &&
	       tap_true(g.n_nodes > 1, path);
	pn_graph_free(&g);
	pn_topo_free(topo);
	return good;
}

static void samples_test(void)
{
	char index[16384];
	glob_t files;
	size_t i, n = 0;
	FILE *f = fopen("docs/examples/README.md", "re");

	tap_case("every sample has devices, and is in the list of samples");
	if (f) {
		n = fread(index, 1, sizeof(index) - 1, f);
		fclose(f);
	}
	index[n] = '\0';
	if (glob("docs/examples/*.yaml", 0, NULL, &files) || !files.gl_pathc)
		tap_bail("no samples: run from the top of the tree");
	for (i = 0; i < files.gl_pathc; i++) {
		is_drawn(files.gl_pathv[i]);
		if (!strstr(index, strrchr(files.gl_pathv[i], '/') + 1))
			tap_fail("docs/examples/README.md lacks %s", files.gl_pathv[i]);
	}
	globfree(&files);
	tap_end();
}

int main(void)
{
	dot_test();
	mermaid_test();
	escape_test();
	wire_test();
	empty_test();
	samples_test();
	return tap_done();
}
