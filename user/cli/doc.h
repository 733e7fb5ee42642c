/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A document of maps, lists and values, written as it comes: as YAML in block
 * style, or as JSON. Nothing is kept but the nesting. Knows no contents.
 */
#ifndef PN_CLI_DOC_H
#define PN_CLI_DOC_H

#include "cli/json.h"

struct pn_doc {
	FILE *f;
	bool is_json;
	struct pn_json json;
	unsigned int depth;
	bool list[PN_JSON_DEPTH];	/* is this level a list? */
	bool dash;			/* the next key stands behind "- " */
};

/* Opens the outermost map; pn_doc_end() closes it. */
void pn_doc_start(struct pn_doc *d, FILE *f, bool json, bool pretty);
void pn_doc_map(struct pn_doc *d, const char *key);
void pn_doc_list(struct pn_doc *d, const char *key);
void pn_doc_end(struct pn_doc *d);
/* @plain: as it is, a number or a boolean; else a text, quoted where it must be. */
void pn_doc_value(struct pn_doc *d, const char *key, const char *text, bool plain);
/* A comment; JSON has none. */
void pn_doc_remark(struct pn_doc *d, const char *text);

#endif
