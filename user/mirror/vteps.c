// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Numbered remote addresses; see vteps.h. Chained hash, first in first out free list. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <penstock/abi.h>

#include "mirror/vteps.h"

#define CAP_MIN		64
#define CAP_MAX		(1u << 24)

static __u32 chain_of(const struct pn_vteps *t, const struct in6_addr *addr)
{
	__u64 key = (__u64)addr->s6_addr32[0] << 32 | addr->s6_addr32[1];

	key = pn_hash64(key, 1) ^ ((__u64)addr->s6_addr32[2] << 32 | addr->s6_addr32[3]);
	return (pn_hash64(key ^ key >> 32, 2) >> 32) & (t->cap - 1);
}

static void free_append(struct pn_vteps *t, __u32 number)
{
	t->v[number].next = 0;
	if (t->free_last)
		t->v[t->free_last].next = number;
	else
		t->free_first = number;
	t->free_last = number;
}

static void chain_add(struct pn_vteps *t, __u32 number)
{
	__u32 c = chain_of(t, &t->v[number].addr);

	t->v[number].next = t->chain[c];
	t->chain[c] = number;
}

/* Room for @cap numbers, a power of two. The free list keeps its order. */
static int vteps_grow(struct pn_vteps *t, __u32 cap)
{
	__u32 *chain = calloc(cap, sizeof(*chain));
	struct pn_vtep *v = realloc(t->v, cap * sizeof(*v));
	__u32 old = t->cap, n;

	if (v)
		t->v = v;
	if (!v || !chain) {
		free(chain);
		return -ENOMEM;
	}
	free(t->chain);
	t->chain = chain;
	t->cap = cap;
	memset(&v[old], 0, (cap - old) * sizeof(*v));
	for (n = 1; n < old; n++)
		if (pn_vteps_known(t, n))
			chain_add(t, n);
	for (n = old ? old : 1; n < cap; n++)
		free_append(t, n);
	return 0;
}

int pn_vteps_init(struct pn_vteps *t)
{
	memset(t, 0, sizeof(*t));
	return vteps_grow(t, CAP_MIN);
}

void pn_vteps_fini(struct pn_vteps *t)
{
	free(t->v);
	free(t->chain);
	memset(t, 0, sizeof(*t));
}

__u32 pn_vteps_find(const struct pn_vteps *t, const struct in6_addr *addr)
{
	__u32 n;

	for (n = t->chain[chain_of(t, addr)]; n; n = t->v[n].next)
		if (!memcmp(&t->v[n].addr, addr, sizeof(*addr)))
			return n;
	return 0;
}

static void number_give(struct pn_vteps *t, const struct in6_addr *addr, __u32 number)
{
	t->v[number] = (struct pn_vtep){ .addr = *addr };
	chain_add(t, number);
	t->used++;
	t->used6 += !IN6_IS_ADDR_V4MAPPED(addr);
}

__u32 pn_vteps_get(struct pn_vteps *t, const struct in6_addr *addr)
{
	__u32 n = pn_vteps_find(t, addr);

	if (n) {
		t->v[n].refs++;
		return n;
	}
	if (IN6_IS_ADDR_UNSPECIFIED(addr))
		return 0;
	if (!t->free_first && (t->cap >= CAP_MAX || vteps_grow(t, 2 * t->cap)))
		return 0;
	n = t->free_first;
	t->free_first = t->v[n].next;
	if (!t->free_first)
		t->free_last = 0;
	number_give(t, addr, n);
	t->v[n].refs = 1;
	return n;
}

static void free_remove(struct pn_vteps *t, __u32 number)
{
	__u32 *link = &t->free_first, last = 0;

	while (*link && *link != number) {
		last = *link;
		link = &t->v[*link].next;
	}
	if (!*link)
		return;
	*link = t->v[number].next;
	if (t->free_last == number)
		t->free_last = last;
}

int pn_vteps_adopt(struct pn_vteps *t, const struct in6_addr *addr, __u32 number)
{
	__u32 cap = t->cap;

	if (!number || number >= CAP_MAX || IN6_IS_ADDR_UNSPECIFIED(addr))
		return -EEXIST;
	if (pn_vteps_find(t, addr))
		return pn_vteps_find(t, addr) == number ? 0 : -EEXIST;
	while (cap <= number)
		cap *= 2;
	if (cap > t->cap && vteps_grow(t, cap))
		return -ENOMEM;
	if (pn_vteps_known(t, number))
		return -EEXIST;
	free_remove(t, number);
	number_give(t, addr, number);
	return 0;
}

__u32 pn_vteps_put(struct pn_vteps *t, __u32 number)
{
	return --t->v[number].refs;
}

void pn_vteps_free(struct pn_vteps *t, __u32 number)
{
	__u32 *link = &t->chain[chain_of(t, &t->v[number].addr)];

	while (*link != number)
		link = &t->v[*link].next;
	*link = t->v[number].next;
	t->used6 -= !IN6_IS_ADDR_V4MAPPED(&t->v[number].addr);
	memset(&t->v[number], 0, sizeof(t->v[number]));
	t->used--;
	free_append(t, number);
}
