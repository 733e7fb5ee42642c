// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The matches of a file's shapers among each other: none twice, for the second
 * would never take a packet, and no more different masks than are searched.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "topo/read.h"
#include "topo/shaper.h"

/* What one shaper asks of packets of one port. */
struct match_key {
	struct pn_flow bits, want;
	char dev[IFNAMSIZ];
};

struct match {
	struct match_key key;
	const struct pn_topo_shaper *shaper;
	UT_hash_handle hh;
};

struct matches {
	struct match *by_key, *all;
	unsigned int n;
	struct pn_match_mask mask[PN_MAX_MASKS];
	unsigned int n_masks;
};

static int twice_fail(struct pn_reader *r, const struct pn_topo_shaper *s,
		      const struct match *m)
{
	char dev[IFNAMSIZ + 8] = "";

	if (m->key.dev[0])
		snprintf(dev, sizeof(dev), ", at %s", m->key.dev);
	return pn_shaper_fail(r, s, PN_SW_MATCH, "match: is the same as that of %s in line %u%s, "
			      "which is first and takes every packet", m->shaper->conf.name,
			      m->shaper->line, dev);
}

static int masks_fail(struct pn_reader *r, const struct pn_topo_shaper *s)
{
	int rc = pn_shaper_fail(r, s, PN_SW_MATCH, "match: is one kind too many: there may be %u "
				"different sets of words and prefix lengths", PN_MAX_MASKS);

	pn_err_hint(r->err, "ask for the same words, and prefixes of the same length, in more "
		    "shapers");
	return rc;
}

static int mask_add(struct pn_reader *r, struct matches *all, const struct pn_topo_shaper *s,
		    const struct pn_match_mask *mask)
{
	unsigned int i;

	for (i = 0; i < all->n_masks; i++)
		if (pn_match_mask_is(&all->mask[i], mask))
			return 0;
	if (all->n_masks == PN_MAX_MASKS)
		return masks_fail(r, s);
	all->mask[all->n_masks++] = *mask;
	return 0;
}

/* @dev: "" is every port. */
static int match_add(struct pn_reader *r, struct matches *all, const struct pn_topo_shaper *s,
		     const char *dev)
{
	struct match *m = &all->all[all->n], *first;
	struct pn_match_mask mask = { 0 };

	memset(m, 0, sizeof(*m));
	pn_shaper_flow(&s->conf, dev[0] ? 1 : 0, &mask, &m->key.want);
	m->key.bits = mask.bits;
	memcpy(m->key.dev, dev, strlen(dev) + 1);
	m->shaper = s;
	HASH_FIND(hh, all->by_key, &m->key, sizeof(m->key), first);
	if (first)
		return twice_fail(r, s, first);
	HASH_ADD(hh, all->by_key, key, sizeof(m->key), m);
	all->n++;
	return mask_add(r, all, s, &mask);
}

static int shaper_add(struct pn_reader *r, struct matches *all, const struct pn_topo_shaper *s)
{
	unsigned int i;
	int rc = 0;

	if (!(s->conf.said & PN_SW(MATCH)))
		return 0;
	if (!s->conf.n_dev)
		return match_add(r, all, s, "");
	for (i = 0; i < s->conf.n_dev && !rc; i++)
		rc = match_add(r, all, s, s->conf.dev[i]);
	return rc;
}

int pn_shaper_matches_check(struct pn_reader *r)
{
	const struct pn_topo *topo = r->topo;
	struct matches all = { .n = 0 };
	unsigned int i, n = 0;
	int rc = 0;

	for (i = 0; i < topo->n_shapers; i++)
		n += topo->shapers[i].conf.n_dev ? topo->shapers[i].conf.n_dev : 1;
	all.all = n ? calloc(n, sizeof(*all.all)) : NULL;
	if (n && !all.all)
		return pn_err_memory(r->err, pn_topo_file(topo));
	for (i = 0; i < topo->n_shapers && !rc; i++)
		rc = shaper_add(r, &all, &topo->shapers[i]);
	HASH_CLEAR(hh, all.by_key);
	free(all.all);
	return rc;
}
