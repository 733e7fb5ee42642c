// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The `links` section of a topology file. Which keys a link may have follows
 * from the rows of its kind; only what is no attribute is spelt out here.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topo/read.h"
#include "util/words.h"

#define KNOWN_MAX	128

/* Keys that are no attribute rows; a peer has but the last three. */
static const char *const plain_keys[] = { "kind", "peer", "name", "netns", "addresses" };

#define N_PLAIN (sizeof(plain_keys) / sizeof(plain_keys[0]))

static unsigned int rows_names(const struct pn_rows *rows, const char **known,
			       unsigned int n)
{
	unsigned int i;

	for (i = 0; i < rows->n && n < KNOWN_MAX; i++)
		known[n++] = rows->row[i].name;
	return n;
}

static int key_unknown(struct pn_reader *r, const struct pn_yaml *node,
		       const struct pn_topo_link *link)
{
	const char *known[KNOWN_MAX + 1];
	unsigned int n = 0, i;

	if (pn_read_left(r, node, link->name, "") ||
	    (link->kind && pn_read_left(r, node, link->name, link->kind->name)))
		return -EINVAL;
	if (link->kind && !link->is_peer)
		n = rows_names(&link->kind->data, known, n);
	for (i = link->is_peer ? 2 : 0; i < N_PLAIN; i++)
		known[n++] = plain_keys[i];
	known[n++] = "bridge_slave";
	n = rows_names(&pn_common_rows, known, n);
	known[n] = NULL;
	pn_read_unknown(r, node, link->name, known);
	if (!link->kind)
		pn_err_hint(r->err, "without `kind` only attributes of every link are known");
	return -EINVAL;
}

/* "A B" of a list, so that a row sees one text. */
static const char *list_text(struct pn_reader *r, const struct pn_yaml *list)
{
	const struct pn_yaml *node;
	size_t len = 1, at = 0;
	char *text;

	for (node = list->child; node; node = node->next) {
		if (node->type != PN_YAML_SCALAR || !node->text[0])
			return NULL;
		len += strlen(node->text) + 1;
	}
	text = pn_read_alloc(r, 1, len);
	for (node = list->child; text && node; node = node->next)
		at += snprintf(text + at, len - at, "%s%s", at ? " " : "", node->text);
	return text;
}

int pn_read_row(struct pn_reader *r, const struct pn_yaml *node, const struct pn_row *row,
		struct pn_value *v, const struct pn_topo_link *link)
{
	const char *text = node->text;
	char why[300];
	int rc;

	if (v->set)
		return pn_read_fail_key(r, node, link->name,
					"%s: is the same as %s, given in line %u",
					node->key, row->name, v->line);
	if (node->type == PN_YAML_LIST && (row->type == PN_T_RANGE || pn_row_is_list(row)))
		text = list_text(r, node);
	else if (node->type != PN_YAML_SCALAR)
		text = NULL;
	v->line = node->line;
	v->column = node->column;
	if (!text)
		return pn_read_fail(r, node, link->name, "%s must be %s, not %s",
				    node->key, pn_row_accepts(row, why, sizeof(why)),
				    pn_yaml_type_text(node));
	rc = pn_row_parse(row, text, v, why, sizeof(why));
	if (rc)
		return pn_read_fail(r, node, link->name, "%s: \"%s\" %s%s", node->key, text,
				    rc == -ERANGE ? "is out of range: " : "", why);
	return 0;
}

/* A word for two rows is as if both were there. */
static int word_read(struct pn_reader *r, const struct pn_yaml *node,
		     const struct pn_rows *rows, struct pn_value *v,
		     const struct pn_topo_link *link)
{
	const struct pn_row *row = pn_row_find(rows, node->key), *half;
	static const char halves[] = "io";
	char name[32];
	int i, rc = 0;

	if (!(row->flags & PN_ROW_BOTH))
		return pn_read_row(r, node, row, &v[row - rows->row], link);
	for (i = 0; i < 2 && !rc; i++) {
		snprintf(name, sizeof(name), "%c%s", halves[i], row->name);
		half = pn_row_find(rows, name);
		rc = pn_read_row(r, node, half, &v[half - rows->row], link);
	}
	return rc;
}

static int slave_read(struct pn_reader *r, const struct pn_yaml *map,
		      struct pn_topo_link *link, const struct pn_kind *kind)
{
	const struct pn_yaml *node;
	const struct pn_row *row;
	const char *known[KNOWN_MAX + 1];
	int rc;

	rc = pn_read_type(r, map, PN_YAML_MAP, link->name);
	if (rc)
		return rc;
	link->slave_kind = kind;
	link->slave = pn_read_alloc(r, kind->slave.n, sizeof(*link->slave));
	if (!link->slave)
		return -ENOMEM;
	for (node = map->child; node; node = node->next) {
		row = pn_row_find(&kind->slave, node->key);
		if (!row) {
			if (pn_read_left(r, node, link->name, map->key))
				return -EINVAL;
			known[rows_names(&kind->slave, known, 0)] = NULL;
			return pn_read_unknown(r, node, link->name, known);
		}
		rc = pn_read_row(r, node, row, &link->slave[row - kind->slave.row], link);
		if (rc)
			return rc;
	}
	return 0;
}

/* "bridge_slave": the port options of a master of that kind. */
static const struct pn_kind *slave_kind(const char *key)
{
	const char *tail = strrchr(key, '_');
	char name[32];
	const struct pn_kind *kind;

	if (!tail || strcmp(tail, "_slave") || (size_t)(tail - key) >= sizeof(name))
		return NULL;
	snprintf(name, sizeof(name), "%.*s", (int)(tail - key), key);
	kind = pn_kind_find(name);
	return kind && kind->slave.n ? kind : NULL;
}

static int link_body_read(struct pn_reader *r, const struct pn_yaml *map,
			  struct pn_topo_link *link);

static int attribute_read(struct pn_reader *r, const struct pn_yaml *node,
			  struct pn_topo_link *link)
{
	const struct pn_kind *slave = slave_kind(node->key);
	const struct pn_row *row;

	if (slave)
		return slave_read(r, node, link, slave);
	row = pn_row_find(&pn_common_rows, node->key);
	if (row)
		return pn_read_row(r, node, row, &link->common[row - pn_common_rows.row], link);
	row = link->kind && !link->is_peer ? pn_row_find(&link->kind->data, node->key) : NULL;
	if (row)
		return word_read(r, node, &link->kind->data, link->data, link);
	return key_unknown(r, node, link);
}

static int key_read(struct pn_reader *r, const struct pn_yaml *node,
		    struct pn_topo_link *link)
{
	if (!strcmp(node->key, "name"))
		return 0;
	if (!strcmp(node->key, "kind") && !link->is_peer)
		return 0;
	if (!strcmp(node->key, "netns"))
		return pn_read_netns(r, node, &link->netns);
	if (!strcmp(node->key, "addresses"))
		return pn_read_addresses(r, node, link);
	if (strcmp(node->key, "peer") || link->is_peer || !link->kind ||
	    !(link->kind->flags & PN_KIND_PEER))
		return attribute_read(r, node, link);
	link->peer = pn_read_alloc(r, 1, sizeof(*link->peer));
	if (!link->peer)
		return -ENOMEM;
	link->peer->is_peer = true;
	link->peer->peer = link;
	link->peer->kind = link->kind;
	return link_body_read(r, node, link->peer);
}

static int id_make(struct pn_reader *r, const struct pn_yaml *map,
		   struct pn_topo_link *link)
{
	size_t len = (link->netns ? strlen(link->netns) + 1 : 0) + strlen(link->name) + 1;
	struct pn_topo_link *other;
	char *id = pn_read_alloc(r, 1, len);

	if (!id)
		return -ENOMEM;
	snprintf(id, len, "%s%s%s", link->netns ? link->netns : "", link->netns ? "/" : "",
		 link->name);
	link->id = id;
	HASH_FIND_STR(r->topo->links, id, other);
	if (other)
		return pn_read_fail(r, map, id, "is given twice, first in line %u",
				    other->line);
	HASH_ADD_KEYPTR(hh, r->topo->links, link->id, strlen(link->id), link);
	r->topo->n_links++;
	return 0;
}

/* What rows cannot say: all of it, once everything is read. */
static int link_check(struct pn_reader *r, const struct pn_yaml *map,
		      struct pn_topo_link *link)
{
	const struct pn_kind *kind = link->kind;
	char why[200];
	int row;

	if (!kind || link->is_peer)
		return 0;
	if ((kind->flags & PN_KIND_LOWER) &&
	    !pn_kind_value(&pn_common_rows, link->common, "link")->set)
		return pn_read_fail(r, map, link->name,
				    "link, the lower device, is required for kind %s",
				    kind->name);
	if ((kind->flags & PN_KIND_PEER) && !link->peer)
		return pn_read_fail(r, map, link->name,
				    "peer, the other end, is required for kind %s",
				    kind->name);
	if (kind->check && kind->check(link->data, &row, why, sizeof(why))) {
		if (row < 0)
			return pn_read_fail(r, map, link->name, "%s", why);
		pn_err_set(r->err, PN_EXIT_USAGE, EINVAL, link->name, "%s: %s",
			   kind->data.row[row].name, why);
		pn_err_place(r->err, pn_topo_file(r->topo), link->data[row].line,
			     link->data[row].column);
		return -EINVAL;
	}
	return 0;
}

static bool is_external(const struct pn_topo_link *link)
{
	const struct pn_value *v = pn_kind_value(&link->kind->data, link->data, "external");

	return v && v->num;
}

/* Defaults that are sent even when the file is silent; required rows. */
static int defaults_set(struct pn_reader *r, const struct pn_yaml *map,
			struct pn_topo_link *link)
{
	const struct pn_rows *rows = &link->kind->data;
	const struct pn_row *row;
	char why[200];
	unsigned int i;

	for (i = 0; i < rows->n; i++) {
		row = &rows->row[i];
		if (link->data[i].set)
			continue;
		if (row->flags & PN_ROW_REQUIRED)
			return pn_read_fail(r, map, link->name, "%s is required: %s",
					    row->name,
					    pn_row_accepts(row, why, sizeof(why)));
		if ((row->flags & PN_ROW_TUNNEL) && is_external(link))
			continue;
		if (row->flags & PN_ROW_EXPLICIT)
			pn_row_parse(row, row->def, &link->data[i], why, sizeof(why));
	}
	return 0;
}

static int kind_read(struct pn_reader *r, const struct pn_yaml *node,
		     struct pn_topo_link *link)
{
	const char *known[KNOWN_MAX + 1], *near;
	char list[400];
	unsigned int i;
	int rc = pn_read_type(r, node, PN_YAML_SCALAR, link->name);

	if (rc)
		return rc;
	link->kind = pn_kind_find(node->text);
	if (link->kind)
		return 0;
	for (i = 0; i < KNOWN_MAX && pn_kinds[i]; i++)
		known[i] = pn_kinds[i]->name;
	known[i] = NULL;
	near = pn_word_nearest(node->text, known);
	pn_read_fail(r, node, link->name, "kind \"%s\" is unknown", node->text);
	if (near)
		pn_err_hint(r->err, "did you mean \"%s\"?", near);
	else
		pn_err_hint(r->err, "known: %s", pn_word_join(known, list, sizeof(list)));
	return -EINVAL;
}

static int link_body_read(struct pn_reader *r, const struct pn_yaml *map,
			  struct pn_topo_link *link)
{
	const struct pn_yaml *name, *kind, *node;
	int rc;

	rc = pn_read_type(r, map, PN_YAML_MAP, "links");
	if (rc)
		return rc;
	name = pn_yaml_get(map, "name");
	if (!name)
		return pn_read_fail(r, map, link->is_peer ? "peer" : "links",
				    "name is required");
	rc = pn_read_ifname(r, name, "name");
	if (rc)
		return rc;
	link->name = name->text;
	link->line = map->line;
	link->column = map->column;
	kind = link->is_peer ? NULL : pn_yaml_get(map, "kind");
	rc = kind ? kind_read(r, kind, link) : 0;
	if (rc)
		return rc;
	link->common = pn_read_alloc(r, pn_common_rows.n, sizeof(*link->common));
	link->data = pn_read_alloc(r, link->kind ? link->kind->data.n : 0,
				   sizeof(*link->data));
	if (!link->common || !link->data)
		return -ENOMEM;
	for (node = map->child; node && !rc; node = node->next)
		rc = key_read(r, node, link);
	if (!rc && link->kind)
		rc = defaults_set(r, map, link);
	if (!rc)
		rc = link_check(r, map, link);
	return rc ? rc : id_make(r, map, link);
}

int pn_read_links(struct pn_reader *r, const struct pn_yaml *list)
{
	const struct pn_yaml *node;
	struct pn_topo_link *link;
	int rc;

	rc = pn_read_type(r, list, PN_YAML_LIST, "");
	for (node = list->child; node && !rc; node = node->next) {
		link = pn_read_alloc(r, 1, sizeof(*link));
		rc = link ? link_body_read(r, node, link) : -ENOMEM;
	}
	return rc;
}
