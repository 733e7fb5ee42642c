// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Labels; see graph_text.h. */
#include <string.h>

#include "util/utf8.h"
#include "view/graph_text.h"

void pn_graph_escaped(FILE *f, const char *text, pn_escape_fn *escape)
{
	const char *special;
	int n;

	for (; *text; text += n) {
		n = pn_utf8_length(text);
		special = escape(*text);
		if (n < 1 || (unsigned char)*text < 0x20 || *text == 0x7f) {
			fputs(PN_UTF8_REPLACEMENT, f);
			n = 1;
		} else if (special) {
			fputs(special, f);
		} else {
			fwrite(text, n, 1, f);
		}
	}
}

void pn_graph_label(FILE *f, const struct pn_graph_node *n, const char *newline,
		    pn_escape_fn *escape)
{
	const char *line = n->lines, *end;
	char text[256];

	pn_graph_escaped(f, n->name, escape);
	if (n->kind) {
		fputs(newline, f);
		pn_graph_escaped(f, n->kind, escape);
	}
	for (; n->family != PN_NODE_FAR && *line; line = *end ? end + 1 : end) {
		end = line + strcspn(line, "\n");
		snprintf(text, sizeof(text), "%.*s", (int)(end - line), line);
		fputs(newline, f);
		pn_graph_escaped(f, text, escape);
	}
	if (n->hook)
		fprintf(f, "%sport, hook %s", newline, n->hook);
}

bool pn_graph_is_in(const struct pn_graph_node *n, const char *space)
{
	return n->netns && space ? !strcmp(n->netns, space) : n->netns == space;
}
