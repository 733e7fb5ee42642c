// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pn_masks, pn_matches and pn_match_keys. What is wanted and there already stays
 * where it is; what is new is added before what is not wanted goes, unless it
 * needs that one's place.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shape/compile.h"
#include "shape/keys.h"

#define NO_PLACE	PN_MAX_MASKS

struct matcher {
	const struct pn_compile *c;
	struct pn_keys keys;
	uint8_t *kept;			/* by entry of pn_matches */
	uint32_t next;			/* entries below are used, or were passed over */
	uint32_t order[PN_MAX_MASKS];	/* the lowest wanted of each mask */
	uint32_t used;			/* masks with wanted matches, bits */
	uint32_t there;			/* masks with matches of whatever kind, bits */
	bool swept;
};

/* One match on its way into the tables. */
struct match {
	struct pn_match_mask mask;
	struct pn_flow want;
	uint32_t shaper, order;
};

/* The place of a mask that is in use; NO_PLACE: none. */
static uint32_t mask_find(const struct matcher *m, const struct pn_match_mask *mask)
{
	uint32_t i;

	for (i = 0; i < PN_MAX_MASKS; i++)
		if ((m->there >> i & 1) && pn_match_mask_is(&m->c->maps->masks[i], mask))
			return i;
	return NO_PLACE;
}

static uint32_t mask_add(struct matcher *m, const struct pn_match_mask *mask)
{
	struct pn_match_mask *to;
	uint32_t i;

	for (i = 0; i < PN_MAX_MASKS && (m->there >> i & 1); i++)
		;
	if (i == PN_MAX_MASKS)
		return NO_PLACE;
	to = &m->c->maps->masks[i];
	*to = *mask;
	to->order = 0;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	m->there |= 1u << i;
	return i;
}

static uint64_t match_key(const struct matcher *m, const struct pn_flow *want, uint32_t place)
{
	const struct pn_match_mask *mask = &m->c->maps->masks[place];
	uint64_t seed = m->c->maps->abi.seed;

	return mask->exact ? pn_match_key(mask, want, ~0u, place, seed) :
			     pn_hash_flow(want, ~0u, place, seed);
}

/* What stands at the key of the match in @entry. */
static uint64_t match_value(const struct matcher *m, uint32_t entry)
{
	const struct pn_match *match = &m->c->maps->matches[entry];
	uint64_t value = PN_MATCH_VALUE(entry, match->shaper, match->order);

	return m->c->maps->masks[match->mask].exact ? value | PN_MATCH_EXACT : value;
}

static void mask_use(struct matcher *m, uint32_t place, uint32_t order)
{
	if (!(m->used >> place & 1) || order < m->order[place])
		m->order[place] = order;
	m->used |= 1u << place;
}

static void u32_set(__u32 *to, uint32_t value)
{
	if (*to != value)
		__atomic_store_n(to, value, __ATOMIC_RELEASE);
}

/* Keep what is there of @match; false: nothing is. */
static bool match_keep(struct matcher *m, const struct match *match)
{
	struct pn_match *matches = m->c->maps->matches;
	uint32_t place = mask_find(m, &match->mask), entry;
	uint64_t key;

	if (place == NO_PLACE)
		return false;
	key = match_key(m, &match->want, place);
	entry = PN_MATCH_ENTRY(pn_keys_get(&m->keys, key));
	if (!entry || entry >= m->c->maps->abi.shapers || m->kept[entry] ||
	    !matches[entry].generation || matches[entry].mask != place ||
	    memcmp(&matches[entry].want, &match->want, sizeof(match->want)))
		return false;
	m->kept[entry] = 1;
	u32_set(&matches[entry].order, match->order);
	u32_set(&matches[entry].shaper, match->shaper);
	pn_keys_set(&m->keys, key, match_value(m, entry));
	mask_use(m, place, match->order);
	return true;
}

static void match_remove(struct matcher *m, uint32_t entry)
{
	struct pn_match *match = &m->c->maps->matches[entry];
	uint64_t key = match_key(m, &match->want, match->mask);

	if (PN_MATCH_ENTRY(pn_keys_get(&m->keys, key)) == entry)
		pn_keys_del(&m->keys, key);
	__atomic_store_n(&match->generation, 0, __ATOMIC_RELEASE);
}

/* What is not kept goes, and with it masks that nothing asks for. */
static void sweep(struct matcher *m)
{
	const struct pn_match *matches = m->c->maps->matches;
	uint32_t i;

	if (m->swept)
		return;
	m->swept = true;
	m->there = 0;
	for (i = 1; i < m->c->maps->abi.shapers; i++) {
		if (!matches[i].generation)
			continue;
		if (m->kept[i])
			m->there |= 1u << matches[i].mask;
		else
			match_remove(m, i);
	}
	m->next = 1;
}

static uint32_t entry_free(struct matcher *m)
{
	const struct pn_maps *maps = m->c->maps;

	while (m->next < maps->abi.shapers && maps->matches[m->next].generation)
		m->next++;
	return m->next < maps->abi.shapers ? m->next : 0;
}

/* -E2BIG: no place for its mask; -ENOSPC: none for itself. */
static int match_try(struct matcher *m, const struct match *match)
{
	uint32_t place = mask_find(m, &match->mask), entry = entry_free(m);
	struct pn_match *to;
	int ret;

	if (entry && place == NO_PLACE)
		place = mask_add(m, &match->mask);
	if (!entry || place == NO_PLACE)
		return entry ? -E2BIG : -ENOSPC;
	to = &m->c->maps->matches[entry];
	to->want = match->want;
	to->mask = place;
	to->shaper = match->shaper;
	to->order = match->order;
	__atomic_store_n(&to->generation, pn_compile_generation(), __ATOMIC_RELEASE);
	u32_set(&m->c->maps->masks[place].order, 0);
	ret = pn_keys_add(&m->keys, match_key(m, &match->want, place), match_value(m, entry));
	if (ret) {
		__atomic_store_n(&to->generation, 0, __ATOMIC_RELEASE);
		return ret;
	}
	m->kept[entry] = 1;
	mask_use(m, place, match->order);
	return 0;
}

/* First what is there is kept, then what is not is added. */
static int match_do(struct matcher *m, const struct match *match, bool add)
{
	uint32_t place;
	int ret;

	if (!add) {
		match_keep(m, match);
		return 0;
	}
	place = mask_find(m, &match->mask);
	if (place != NO_PLACE && pn_keys_get(&m->keys, match_key(m, &match->want, place)))
		return 0;
	ret = match_try(m, match);
	if (ret && !m->swept) {
		sweep(m);
		ret = match_try(m, match);
	}
	return ret;
}

/* Of several files the first that asks for a match has it. */
static int shaper_do(struct matcher *m, const struct pn_wanted *w, uint32_t order, bool add)
{
	const struct pn_shaper_conf *conf = w->conf;
	struct match match = { .shaper = w->index, .order = order };
	unsigned int i, k;
	int ret = 0;

	if (!(conf->said & PN_SW(MATCH)))
		return 0;
	if (!conf->n_dev) {
		pn_shaper_flow(conf, 0, &match.mask, &match.want);
		return match_do(m, &match, add);
	}
	for (i = 0; i < conf->n_dev && !ret; i++) {
		for (k = 0; k < m->c->n_ports; k++)
			if (!strcmp(m->c->port[k].dev, conf->dev[i]))
				break;
		if (k == m->c->n_ports)
			continue;
		pn_shaper_flow(conf, m->c->port[k].index, &match.mask, &match.want);
		ret = match_do(m, &match, add);
	}
	return ret;
}

static int room_fail(const struct matcher *m, const struct pn_shaper_conf *conf, int why,
		     struct pn_err *err)
{
	int ret;

	if (why == -E2BIG) {
		ret = pn_err_set(err, PN_EXIT_USAGE, ENOSPC, conf->name, "match: is one kind too "
				 "many: there may be %u different sets of words and prefix "
				 "lengths, of all files together", PN_MAX_MASKS);
		pn_err_hint(err, "ask for the same words, and prefixes of the same length, in "
			    "more shapers");
		return ret;
	}
	ret = pn_err_set(err, PN_EXIT_KERNEL, ENOSPC, conf->name, "there is no room for its "
			 "match: each port of `dev` takes one of %u", m->c->maps->abi.shapers - 1);
	pn_err_hint(err, "make more: penstock detach --all, then run with --shaper-max");
	return ret;
}

static int all_do(struct matcher *m, bool add, struct pn_err *err)
{
	uint32_t i;
	int ret;

	for (i = 0; i < m->c->n; i++) {
		ret = shaper_do(m, &m->c->want[i], i, add);
		if (ret)
			return room_fail(m, m->c->want[i].conf, ret, err);
	}
	return 0;
}

static void there_find(struct matcher *m)
{
	const struct pn_match *matches = m->c->maps->matches;
	uint32_t i;

	for (i = 1; i < m->c->maps->abi.shapers; i++)
		if (matches[i].generation && matches[i].mask < PN_MAX_MASKS)
			m->there |= 1u << matches[i].mask;
}

int pn_compile_matches(const struct pn_compile *c, struct pn_err *err)
{
	struct matcher m = { .c = c, .next = 1,
			     .keys = { c->maps->match_keys, c->maps->abi.match_buckets - 1 } };
	uint32_t i;
	int ret;

	m.kept = calloc(c->maps->abi.shapers, 1);
	if (!m.kept)
		return pn_err_memory(err, "shapers");
	there_find(&m);
	all_do(&m, false, err);
	ret = all_do(&m, true, err);
	sweep(&m);
	for (i = 0; i < PN_MAX_MASKS; i++)
		if (m.used >> i & 1)
			u32_set(&c->maps->masks[i].order, m.order[i]);
	free(m.kept);
	return ret;
}
