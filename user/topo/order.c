// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The order in which links are made: what a link names (its master, its lower
 * device, the device of its tunnel) before the link, otherwise as the file
 * has it. Names that are not in the file are left to the running system.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "topo/model.h"

enum { MARK_NEW, MARK_OPEN, MARK_DONE };

struct walk {
	struct pn_topo *topo;
	struct pn_err *err;
	unsigned int n;
};

struct pn_topo_link *pn_topo_link_find(const struct pn_topo *topo, const char *netns,
				       const char *name)
{
	struct pn_topo_link *link;
	char id[NAME_MAX + IFNAMSIZ + 2];

	snprintf(id, sizeof(id), "%s%s%s", netns ? netns : "", netns ? "/" : "", name);
	HASH_FIND_STR(topo->links, id, link);
	return link;
}

static int cycle_fail(struct walk *w, const struct pn_topo_link *link,
		      const struct pn_value *v, const char *key)
{
	pn_err_set(w->err, PN_EXIT_USAGE, ELOOP, link->id,
		   "%s %s: makes a circle, as %s itself needs %s", key, v->str, v->str,
		   link->name);
	pn_err_place(w->err, pn_topo_file(w->topo), v->line, v->column);
	return -ELOOP;
}

static int link_visit(struct walk *w, struct pn_topo_link *link, unsigned int depth);

static int rows_visit(struct walk *w, const struct pn_topo_link *link,
		      const struct pn_rows *rows, const struct pn_value *v,
		      unsigned int depth)
{
	struct pn_topo_link *need;
	unsigned int i;
	int rc = 0;

	for (i = 0; i < rows->n && !rc; i++) {
		if (rows->row[i].type != PN_T_DEV || !v[i].set ||
		    (rows->row[i].flags & PN_ROW_LAST))
			continue;
		need = pn_topo_link_find(w->topo, link->netns, v[i].str);
		if (!need || need->mark == MARK_DONE)
			continue;
		if (need->mark == MARK_OPEN || need == link)
			return cycle_fail(w, link, &v[i], rows->row[i].name);
		rc = link_visit(w, need, depth + 1);
	}
	return rc;
}

/* The kernel nests devices 8 deep; a long chain is refused before the stack ends. */
#define DEPTH_MAX	64

static int link_visit(struct walk *w, struct pn_topo_link *link, unsigned int depth)
{
	int rc;

	if (link->mark == MARK_DONE)
		return 0;
	if (depth > DEPTH_MAX) {
		pn_err_set(w->err, PN_EXIT_USAGE, ELOOP, link->id,
			   "more than %u links above each other", DEPTH_MAX);
		pn_err_place(w->err, pn_topo_file(w->topo), link->line, link->column);
		return -ELOOP;
	}
	link->mark = MARK_OPEN;
	rc = rows_visit(w, link, &pn_common_rows, link->common, depth);
	if (!rc && link->kind && !link->is_peer)
		rc = rows_visit(w, link, &link->kind->data, link->data, depth);
	if (!rc && link->is_peer && link->peer->mark == MARK_NEW)
		rc = link_visit(w, link->peer, depth + 1);
	if (rc)
		return rc;
	link->mark = MARK_DONE;
	w->topo->order[w->n++] = link;
	return 0;
}

int pn_topo_order(struct pn_topo *topo, struct pn_err *err)
{
	struct walk w = { .topo = topo, .err = err };
	struct pn_topo_link *link, *tmp;
	int rc = 0;

	topo->order = pn_yaml_alloc(topo->doc, topo->n_links * sizeof(*topo->order));
	if (!topo->order)
		return pn_err_memory(err, "");
	HASH_ITER(hh, topo->links, link, tmp) {
		rc = link_visit(&w, link, 0);
		if (rc)
			return rc;
	}
	return 0;
}
