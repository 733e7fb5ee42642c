// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* YAML text to a tree of nodes; see yaml.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "topo/yaml.h"

#define BLOCK_LEN	(64 * 1024)

struct block {
	struct block *next;
	size_t used, len;
	_Alignas(16) char mem[];
};

struct pn_yaml_doc {
	struct block *blocks;
	const char *name;
	struct pn_yaml *root;
	unsigned int nodes;
};

/* Where the parser is: the open containers, innermost last. */
struct builder {
	struct pn_yaml_doc *doc;
	struct pn_err *err;
	struct pn_yaml *open[PN_YAML_DEPTH_MAX];
	struct pn_yaml **tail[PN_YAML_DEPTH_MAX];
	unsigned int depth;
	const char *key;	/* waiting for its value */
	unsigned int key_line, key_column;
	unsigned int documents;
	bool done;
};

void *pn_yaml_alloc(struct pn_yaml_doc *doc, size_t len)
{
	struct block *b = doc->blocks;
	size_t want = (len + 15) & ~(size_t)15;
	size_t size;
	void *p;

	if (!b || b->len - b->used < want) {
		size = want > BLOCK_LEN ? want : BLOCK_LEN;
		b = calloc(1, sizeof(*b) + size);
		if (!b)
			return NULL;
		b->len = size;
		b->next = doc->blocks;
		doc->blocks = b;
	}
	p = b->mem + b->used;
	b->used += want;
	return p;
}

static const char *text_copy(struct pn_yaml_doc *doc, const void *text, size_t len)
{
	char *copy = pn_yaml_alloc(doc, len + 1);

	if (copy)
		memcpy(copy, text, len);
	return copy;
}

static int fail(struct builder *b, int sys, const yaml_mark_t *at, const char *text)
{
	const char *object = at ? "" : b->doc->name;	/* the place names the file */
	int rc = pn_err_set(b->err, PN_EXIT_USAGE, sys, object, "%s", text);

	if (at)
		pn_err_place(b->err, b->doc->name, at->line + 1, at->column + 1);
	return rc;
}

static int fail_memory(struct builder *b)
{
	return fail(b, ENOMEM, NULL, "out of memory");
}

static int key_take(struct builder *b, const yaml_event_t *ev)
{
	const struct pn_yaml *map = b->open[b->depth - 1];

	b->key = text_copy(b->doc, ev->data.scalar.value, ev->data.scalar.length);
	if (!b->key)
		return fail_memory(b);
	b->key_line = ev->start_mark.line + 1;
	b->key_column = ev->start_mark.column + 1;
	if (map->n >= PN_YAML_KEYS_MAX)
		return fail(b, E2BIG, &ev->start_mark, "more than 1024 keys in a map");
	if (!pn_yaml_get(map, b->key))
		return 0;
	pn_err_set(b->err, PN_EXIT_USAGE, EINVAL, b->key, "is given twice");
	pn_err_place(b->err, b->doc->name, b->key_line, b->key_column);
	return -EINVAL;
}

static struct pn_yaml *node_add(struct builder *b, enum pn_yaml_type type,
				const yaml_event_t *ev)
{
	struct pn_yaml *node;

	if (++b->doc->nodes > PN_YAML_NODES_MAX) {
		fail(b, E2BIG, &ev->start_mark, "more than 1000000 nodes");
		return NULL;
	}
	node = pn_yaml_alloc(b->doc, sizeof(*node));
	if (!node) {
		fail_memory(b);
		return NULL;
	}
	node->type = type;
	node->line = ev->start_mark.line + 1;
	node->column = ev->start_mark.column + 1;
	node->key = b->key;
	node->key_line = b->key_line;
	node->key_column = b->key_column;
	b->key = NULL;
	if (b->depth) {
		b->open[b->depth - 1]->n++;
		*b->tail[b->depth - 1] = node;
		b->tail[b->depth - 1] = &node->next;
	} else {
		b->doc->root = node;
	}
	return node;
}

static bool key_is_due(const struct builder *b)
{
	return b->depth && b->open[b->depth - 1]->type == PN_YAML_MAP && !b->key;
}

static int container_open(struct builder *b, enum pn_yaml_type type,
			  const yaml_event_t *ev)
{
	struct pn_yaml *node;

	if (key_is_due(b))
		return fail(b, EINVAL, &ev->start_mark, "a key must be a plain text");
	if (b->depth == PN_YAML_DEPTH_MAX)
		return fail(b, E2BIG, &ev->start_mark, "nested deeper than 16 levels");
	node = node_add(b, type, ev);
	if (!node)
		return b->doc->nodes > PN_YAML_NODES_MAX ? -E2BIG : -ENOMEM;
	b->open[b->depth] = node;
	b->tail[b->depth++] = &node->child;
	return 0;
}

static int scalar_take(struct builder *b, const yaml_event_t *ev)
{
	struct pn_yaml *node;

	if (memchr(ev->data.scalar.value, 0, ev->data.scalar.length))
		return fail(b, EINVAL, &ev->start_mark, "a NUL byte in a text");
	if (key_is_due(b))
		return key_take(b, ev);
	node = node_add(b, PN_YAML_SCALAR, ev);
	if (!node)
		return b->doc->nodes > PN_YAML_NODES_MAX ? -E2BIG : -ENOMEM;
	node->quoted = ev->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	node->text = text_copy(b->doc, ev->data.scalar.value, ev->data.scalar.length);
	return node->text ? 0 : fail_memory(b);
}

/* Anchors and tags hang on any of the three kinds of node. */
static const char *event_forbidden(const yaml_event_t *ev)
{
	const void *anchor = NULL, *tag = NULL;

	switch (ev->type) {
	case YAML_ALIAS_EVENT:
		return "aliases (*name) are not supported: write it out";
	case YAML_SCALAR_EVENT:
		anchor = ev->data.scalar.anchor;
		tag = ev->data.scalar.tag;
		break;
	case YAML_SEQUENCE_START_EVENT:
		anchor = ev->data.sequence_start.anchor;
		tag = ev->data.sequence_start.tag;
		break;
	case YAML_MAPPING_START_EVENT:
		anchor = ev->data.mapping_start.anchor;
		tag = ev->data.mapping_start.tag;
		break;
	default:
		break;
	}
	if (anchor)
		return "anchors (&name) are not supported: write it out";
	return tag ? "tags (!name) are not supported" : NULL;
}

static int event_take(struct builder *b, const yaml_event_t *ev)
{
	const char *forbidden = event_forbidden(ev);

	if (forbidden)
		return fail(b, EINVAL, &ev->start_mark, forbidden);
	switch (ev->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (b->documents++)
			return fail(b, EINVAL, &ev->start_mark,
				    "a second document: one file is one topology");
		return 0;
	case YAML_SCALAR_EVENT:
		return scalar_take(b, ev);
	case YAML_SEQUENCE_START_EVENT:
		return container_open(b, PN_YAML_LIST, ev);
	case YAML_MAPPING_START_EVENT:
		return container_open(b, PN_YAML_MAP, ev);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		b->depth--;
		return 0;
	case YAML_STREAM_END_EVENT:
		b->done = true;
		return 0;
	default:
		return 0;
	}
}

static int parser_fail(struct builder *b, const yaml_parser_t *p)
{
	const yaml_mark_t *at = &p->problem_mark;

	if (p->error == YAML_MEMORY_ERROR)
		return fail_memory(b);
	pn_err_set(b->err, PN_EXIT_USAGE, EINVAL, "", "not YAML: %s%s%s",
		   p->context ? p->context : "", p->context ? ", " : "",
		   p->problem ? p->problem : "unreadable");
	pn_err_place(b->err, b->doc->name, at->line + 1, at->column + 1);
	return -EINVAL;
}

static int events_read(struct builder *b, yaml_parser_t *p)
{
	yaml_event_t ev;
	int rc = 0;

	while (!rc && !b->done) {
		if (!yaml_parser_parse(p, &ev))
			return parser_fail(b, p);
		rc = event_take(b, &ev);
		yaml_event_delete(&ev);
	}
	return rc;
}

int pn_yaml_parse(const char *name, const char *text, size_t len,
		  struct pn_yaml_doc **out, struct pn_err *err)
{
	static struct pn_yaml empty = { .type = PN_YAML_MAP, .line = 1, .column = 1 };
	struct pn_yaml_doc *doc = calloc(1, sizeof(*doc));
	struct builder b = { .doc = doc, .err = err };
	yaml_parser_t parser;
	int rc;

	*out = NULL;
	if (!doc)
		return pn_err_memory(err, name);
	doc->root = &empty;
	doc->name = text_copy(doc, name, strlen(name));
	if (!doc->name || !yaml_parser_initialize(&parser)) {
		pn_yaml_free(doc);
		return pn_err_memory(err, name);
	}
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	if (len > PN_YAML_BYTES_MAX)
		rc = fail(&b, E2BIG, NULL, "the file is larger than 16 MiB");
	else
		rc = events_read(&b, &parser);
	yaml_parser_delete(&parser);
	if (rc)
		pn_yaml_free(doc);
	else
		*out = doc;
	return rc;
}

void pn_yaml_free(struct pn_yaml_doc *doc)
{
	struct block *b, *next;

	if (!doc)
		return;
	for (b = doc->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	free(doc);
}

const char *pn_yaml_name(const struct pn_yaml_doc *doc)
{
	return doc->name;
}

const struct pn_yaml *pn_yaml_root(const struct pn_yaml_doc *doc)
{
	return doc->root;
}

const struct pn_yaml *pn_yaml_get(const struct pn_yaml *map, const char *key)
{
	const struct pn_yaml *node;

	for (node = map->child; node; node = node->next) {
		if (node->key && !strcmp(node->key, key))
			return node;
	}
	return NULL;
}

const char *pn_yaml_type_text(const struct pn_yaml *node)
{
	switch (node->type) {
	case PN_YAML_LIST:
		return "a list";
	case PN_YAML_MAP:
		return "a map";
	default:
		/* What is only a type, without a place in a file, has no text. */
		return node->text && !node->text[0] ? "nothing" : "a text";
	}
}
