// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Whose packets are all another's; see shaper_shadow.h. As in the data plane, there
 * are few kinds of matches (masks): a shaper is looked up once in each that asks for
 * less than its own.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topo/shaper_shadow.h"

#define MASKS_MOST	64	/* beyond it, which no data plane takes, nothing is told */

/* What some shaper asks for, by its kind. */
struct ask {
	struct key {
		struct pn_flow want;
		uint64_t mask;
	} key;
	const struct pn_topo_shaper *shaper;
	UT_hash_handle hh;
};

/* Ports have no numbers yet. */
struct device {
	char name[IFNAMSIZ];
	uint16_t number;
	UT_hash_handle hh;
};

struct shadows {
	struct pn_match_mask mask[MASKS_MOST];
	unsigned int n_masks;
	struct ask *asks;
	struct device *devices;
};

static uint16_t device_number(struct shadows *s, const char *name)
{
	struct device *d;

	HASH_FIND_STR(s->devices, name, d);
	if (d)
		return d->number;
	d = calloc(1, sizeof(*d));
	if (!d)
		return 0;
	snprintf(d->name, sizeof(d->name), "%s", name);
	d->number = HASH_COUNT(s->devices) + 1;
	HASH_ADD_STR(s->devices, name, d);
	return d->number;
}

/* @from as @mask sees it; false: @of asks for less than that somewhere. */
static bool key_make(const struct shadows *s, unsigned int i, const struct pn_match_mask *of,
		     const struct pn_flow *from, struct key *key)
{
	const uint64_t *bits = (const uint64_t *)&s->mask[i].bits;
	const uint64_t *has = (const uint64_t *)&of->bits, *want = (const uint64_t *)from;
	uint64_t *to = (uint64_t *)&key->want;
	unsigned int w;

	key->mask = i;
	for (w = 0; w < PN_FLOW_WORDS; w++) {
		if (bits[w] & ~has[w])
			return false;
		to[w] = want[w] & bits[w];
	}
	return true;
}

static const struct pn_topo_shaper *ask_find(const struct shadows *s,
					     const struct pn_match_mask *mask,
					     const struct pn_flow *want)
{
	struct ask *ask;
	struct key key;
	unsigned int i;

	for (i = 0; i < s->n_masks; i++) {
		if (!key_make(s, i, mask, want, &key))
			continue;
		HASH_FIND(hh, s->asks, &key, sizeof(key), ask);
		if (ask)
			return ask->shaper;
	}
	return NULL;
}

static int ask_add(struct shadows *s, const struct pn_match_mask *mask,
		   const struct pn_flow *want, const struct pn_topo_shaper *shaper)
{
	unsigned int i;
	struct ask *ask;

	for (i = 0; i < s->n_masks; i++)
		if (!memcmp(&s->mask[i].bits, &mask->bits, sizeof(mask->bits)))
			break;
	if (i == MASKS_MOST)
		return 0;
	if (i == s->n_masks)
		s->mask[s->n_masks++] = *mask;
	ask = calloc(1, sizeof(*ask));
	if (!ask)
		return -ENOMEM;
	ask->key.want = *want;
	ask->key.mask = i;
	ask->shaper = shaper;
	HASH_ADD(hh, s->asks, key, sizeof(ask->key), ask);
	return 0;
}

/* At each of its ports somebody else's: the last of those. */
static int shaper_look(struct shadows *s, const struct pn_topo_shaper *shaper,
		       const struct pn_topo_shaper **by)
{
	unsigned int i, n = shaper->conf.n_dev ? shaper->conf.n_dev : 1;
	const struct pn_topo_shaper *found = shaper;
	struct pn_match_mask mask;
	struct pn_flow want;
	int rc = 0;

	for (i = 0; i < n && found; i++) {
		pn_shaper_flow(&shaper->conf, shaper->conf.n_dev ?
			       device_number(s, shaper->conf.dev[i]) : 0, &mask, &want);
		found = ask_find(s, &mask, &want);
	}
	*by = found;
	for (i = 0; i < n && !found && !rc; i++) {
		pn_shaper_flow(&shaper->conf, shaper->conf.n_dev ?
			       device_number(s, shaper->conf.dev[i]) : 0, &mask, &want);
		rc = ask_add(s, &mask, &want, shaper);
	}
	return rc;
}

static void shadows_free(struct shadows *s)
{
	struct device *d, *next_d;
	struct ask *a, *next_a;

	HASH_ITER(hh, s->asks, a, next_a) {
		HASH_DEL(s->asks, a);
		free(a);
	}
	HASH_ITER(hh, s->devices, d, next_d) {
		HASH_DEL(s->devices, d);
		free(d);
	}
	free(s);
}

const struct pn_topo_shaper **pn_shapers_shadowed(const struct pn_topo *topo)
{
	const struct pn_topo_shaper **by, *all;
	struct shadows *s = calloc(1, sizeof(*s));
	unsigned int i, n;
	int rc = 0;

	all = pn_topo_shapers(topo, &n);
	by = calloc(n + 1, sizeof(*by));
	for (i = 0; i < n && s && by && !rc; i++)
		if (all[i].conf.said & PN_SW(MATCH))
			rc = shaper_look(s, &all[i], &by[i]);
	if (s)
		shadows_free(s);
	if (s && by && !rc)
		return by;
	free(by);
	return NULL;
}
