/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A YAML document as a tree of nodes with their places, by libyaml's event
 * API. Refuses what a configuration file does not need and an attacker might
 * want: anchors, aliases, tags, several documents, deep nesting, huge files,
 * a key twice. Knows nothing of what the document means.
 */
#ifndef PN_TOPO_YAML_H
#define PN_TOPO_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

#define PN_YAML_BYTES_MAX	(16 * 1024 * 1024)
#define PN_YAML_DEPTH_MAX	16
#define PN_YAML_NODES_MAX	1000000
#define PN_YAML_KEYS_MAX	1024	/* in one map */

enum pn_yaml_type {
	PN_YAML_SCALAR,
	PN_YAML_LIST,
	PN_YAML_MAP,
};

struct pn_yaml {
	enum pn_yaml_type type;
	unsigned int line, column;	/* of the value, from 1 */
	unsigned int key_line, key_column;
	const char *key;		/* in a map, else NULL */
	const char *text;		/* of a scalar */
	bool quoted;
	unsigned int n;			/* children */
	struct pn_yaml *child, *next;
};

struct pn_yaml_doc;

/* @name is what errors call the text. */
int pn_yaml_parse(const char *name, const char *text, size_t len,
		  struct pn_yaml_doc **doc, struct pn_err *err);
void pn_yaml_free(struct pn_yaml_doc *doc);
const char *pn_yaml_name(const struct pn_yaml_doc *doc);
/* Never NULL; an empty document is an empty map. */
const struct pn_yaml *pn_yaml_root(const struct pn_yaml_doc *doc);
const struct pn_yaml *pn_yaml_get(const struct pn_yaml *map, const char *key);
/* Memory that lives as long as the document, zeroed; NULL when there is none. */
void *pn_yaml_alloc(struct pn_yaml_doc *doc, size_t len);
/* "a text", "a list", "a map": what the node is, for errors. */
const char *pn_yaml_type_text(const struct pn_yaml *node);

#endif
