// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Keys for pn_demux; see demux.h. */
#include <stdlib.h>
#include <string.h>

#include "mirror/demux.h"

void demux_add(struct demux_list *list, __u64 key, union pn_value value)
{
	size_t cap = list->cap ? 2 * list->cap : 64;
	struct demux_entry *v;

	if (list->n == list->cap) {
		v = realloc(list->v, cap * sizeof(*v));
		if (!v) {
			list->oom = true;
			return;
		}
		list->v = v;
		list->cap = cap;
	}
	list->v[list->n++] = (struct demux_entry){ key, value };
}

static int demux_order(const void *a, const void *b)
{
	const struct demux_entry *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

/* One entry per key; none where several want different things. */
static void demux_unique(struct demux_list *list)
{
	size_t from, to = 0, same;
	bool differ;

	if (list->n)
		qsort(list->v, list->n, sizeof(*list->v), demux_order);
	for (from = 0; from < list->n; from += same) {
		differ = false;
		for (same = 1; from + same < list->n; same++) {
			if (list->v[from + same].key != list->v[from].key)
				break;
			differ |= list->v[from + same].value.word != list->v[from].value.word;
		}
		if (!differ)
			list->v[to++] = list->v[from];
	}
	list->n = to;
}

__u64 demux_write(struct pn_table *table, struct demux_list *list)
{
	struct demux_entry want = { 0 };
	__u64 n, full = 0;

	demux_unique(list);
	for (n = 0; n < pn_table_slots(table); n++) {
		want.key = pn_table_slot(table, n)->key;
		if (want.key && !(list->n && bsearch(&want, list->v, list->n, sizeof(want),
						     demux_order)))
			pn_table_del(table, want.key);
	}
	for (n = 0; n < list->n; n++)
		full += !!pn_table_set(table, list->v[n].key, list->v[n].value);
	return full;
}

void demux_free(struct demux_list *list)
{
	free(list->v);
	memset(list, 0, sizeof(*list));
}
