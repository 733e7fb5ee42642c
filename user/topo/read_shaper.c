// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The `shapers` section of a topology file: one shaper after the other. What
 * shapers are to each other is shaper_check.c's.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "topo/read.h"
#include "topo/shaper.h"

static const char *object_of(const struct pn_topo_shaper *s)
{
	return s->conf.name[0] ? s->conf.name : "shapers";
}

static int value_fail(struct pn_reader *r, const struct pn_yaml *node,
		      const struct pn_topo_shaper *s, const struct pn_shaper_row *row, int rc)
{
	struct pn_prefix prefix;
	char why[200];

	if (row->type == PN_ST_PREFIX &&
	    pn_prefix_parse(node->text, &prefix, why, sizeof(why)))
		return pn_read_fail(r, node, object_of(s), "%s: \"%s\" %s", row->key, node->text,
				    why);
	if (rc == -EEXIST)
		return pn_read_fail(r, node, object_of(s), "%s: \"%s\" is given twice", row->key,
				    node->text);
	if (rc == -E2BIG)
		return pn_read_fail(r, node, object_of(s), "%s: \"%s\" is one too many: at most "
				    "%u", row->key, node->text, PN_SHAPER_DEVS);
	return pn_read_fail(r, node, object_of(s), "%s: \"%s\" %s%s", row->key, node->text,
			    rc == -ERANGE ? "is out of range: " : "", row->accepts);
}

static int text_read(struct pn_reader *r, const struct pn_yaml *node,
		     struct pn_topo_shaper *s, const struct pn_shaper_row *row)
{
	int rc;

	if (node->type != PN_YAML_SCALAR)
		return pn_read_fail(r, node, object_of(s), "%s %s, not %s", row->key,
				    row->accepts, pn_yaml_type_text(node));
	rc = pn_shaper_types[row->type].read(row, node->text, &s->conf);
	return rc ? value_fail(r, node, s, row, rc) : 0;
}

/* A list of texts; true and false stand alone. */
static int list_read(struct pn_reader *r, const struct pn_yaml *list,
		     struct pn_topo_shaper *s, const struct pn_shaper_row *row)
{
	const struct pn_yaml *node;
	int rc = 0;

	if (!list->child)
		return pn_read_fail(r, list, object_of(s), "%s: the list is empty: leave it out",
				    row->key);
	for (node = list->child; node && !rc; node = node->next) {
		if (row->type == PN_ST_DEVS && s->conf.n_dev < PN_SHAPER_DEVS)
			s->dev[s->conf.n_dev] = (struct pn_shaper_place){ node->line,
									  node->column };
		if (row->type == PN_ST_CPUS && node->type == PN_YAML_SCALAR &&
		    (!strcmp(node->text, "true") || !strcmp(node->text, "false")))
			rc = value_fail(r, node, s, row, -EINVAL);
		else
			rc = text_read(r, node, s, row);
	}
	return rc;
}

static int row_read(struct pn_reader *r, const struct pn_yaml *node, struct pn_topo_shaper *s,
		    enum pn_shaper_word word)
{
	const struct pn_shaper_row *row = &pn_shaper_rows[word];

	s->conf.said |= 1ull << word;
	s->place[word] = (struct pn_shaper_place){ node->line, node->column };
	if (node->type == PN_YAML_LIST && (row->flags & PN_SR_LIST))
		return list_read(r, node, s, row);
	if (word == PN_SW_DEV)
		s->dev[0] = s->place[word];
	return text_read(r, node, s, row);
}

/* The words of one map: of a shaper, or of its match. */
static void words_known(unsigned int flags, const char *known[PN_SHAPER_WORDS + 1])
{
	unsigned int i, n = 0;

	for (i = 0; i < PN_SHAPER_WORDS; i++)
		if ((pn_shaper_rows[i].flags & PN_SR_MATCH) == flags)
			known[n++] = pn_shaper_rows[i].key;
	known[n] = NULL;
}

static int word_find(const char *key, unsigned int flags)
{
	int i;

	for (i = 0; i < PN_SHAPER_WORDS; i++)
		if ((pn_shaper_rows[i].flags & PN_SR_MATCH) == flags &&
		    !strcmp(pn_shaper_rows[i].key, key))
			return i;
	return -ENOENT;
}

static int map_read(struct pn_reader *r, const struct pn_yaml *map, struct pn_topo_shaper *s,
		    unsigned int flags)
{
	const char *known[PN_SHAPER_WORDS + 1];
	const struct pn_yaml *node;
	int rc = 0, word;

	for (node = map->child; node && !rc; node = node->next) {
		word = word_find(node->key, flags);
		if (word < 0) {
			words_known(flags, known);
			return pn_read_unknown(r, node, object_of(s), known);
		}
		if (word != PN_SW_MATCH) {
			rc = row_read(r, node, s, word);
			continue;
		}
		s->conf.said |= PN_SW(MATCH);
		s->place[word] = (struct pn_shaper_place){ node->line, node->column };
		rc = pn_read_type(r, node, PN_YAML_MAP, object_of(s));
		if (!rc)
			rc = map_read(r, node, s, PN_SR_MATCH);
	}
	return rc;
}

static int shaper_read(struct pn_reader *r, const struct pn_yaml *map,
		       struct pn_topo_shaper *s)
{
	const struct pn_yaml *name;
	int rc = pn_read_type(r, map, PN_YAML_MAP, "shapers");

	if (rc)
		return rc;
	s->line = map->line;
	s->column = map->column;
	name = pn_yaml_get(map, "name");
	if (!name)
		return pn_read_fail(r, map, "shapers", "name is required");
	rc = row_read(r, name, s, PN_SW_NAME);
	if (!rc)
		rc = map_read(r, map, s, 0);
	if (!rc && !(s->conf.said & PN_SW(RATE)))
		rc = pn_read_fail(r, map, object_of(s), "rate is required: %s",
				  pn_shaper_rows[PN_SW_RATE].accepts);
	return rc;
}

int pn_read_shapers(struct pn_reader *r, const struct pn_yaml *list)
{
	struct pn_topo *topo = r->topo;
	struct pn_topo_shaper *s, *first;
	const struct pn_yaml *node;
	int rc = pn_read_type(r, list, PN_YAML_LIST, "");

	if (rc)
		return rc;
	if (list->n > PN_SHAPER_MAX_LIMIT - 1)
		return pn_read_fail(r, list, "shapers", "%u shapers, at most %u", list->n,
				    PN_SHAPER_MAX_LIMIT - 1);
	topo->shapers = pn_read_alloc(r, list->n, sizeof(*topo->shapers));
	if (!topo->shapers)
		return -ENOMEM;
	for (node = list->child; node && !rc; node = node->next) {
		s = &topo->shapers[topo->n_shapers];
		rc = shaper_read(r, node, s);
		if (rc)
			return rc;
		HASH_FIND_STR(topo->shaper_by_name, s->conf.name, first);
		if (first)
			return pn_read_fail(r, node, s->conf.name,
					    "is given twice, first in line %u", first->line);
		HASH_ADD_STR(topo->shaper_by_name, conf.name, s);
		s->conf.order = topo->n_shapers++;
	}
	return pn_shapers_check(r);
}

const struct pn_topo_shaper *pn_topo_shapers(const struct pn_topo *topo, unsigned int *n)
{
	*n = topo->n_shapers;
	return topo->shapers;
}

const struct pn_topo_shaper *pn_topo_shaper_find(const struct pn_topo *topo, const char *name)
{
	struct pn_topo_shaper *s;

	HASH_FIND_STR(topo->shaper_by_name, name, s);
	return s;
}
