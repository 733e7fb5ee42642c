/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * pn_endpoints as user space writes it: proven (port, source, destination)
 * triples. One writer; readers beside it compare the generation before and
 * after, so it differs for every writing.
 */
#ifndef PN_MIRROR_PAIRS_H
#define PN_MIRROR_PAIRS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#include <penstock/abi.h>

struct pn_pairs {
	struct pn_endpoint_bucket *buckets;
	__u64 seed;
	__u64 used;
	__u32 mask;
	__u32 gen;		/* the last one given out */
};

struct pn_pair {
	struct in6_addr src;	/* v4-mapped for IPv4 */
	struct in6_addr dst;
	__u16 port;
	__u32 rpf;		/* enum pn_rpf; no part of the key */
};

/* Take over what @buckets hold. */
void pn_pairs_init(struct pn_pairs *t, struct pn_endpoint_bucket *buckets, __u32 mask,
		   __u64 seed);
/* -ENOSPC: no room, and the pair is not there. */
int pn_pairs_set(struct pn_pairs *t, const struct pn_pair *pair, __u32 vtep);
bool pn_pairs_del(struct pn_pairs *t, const struct pn_pair *pair);
/* Number of the VTEP, 0: not there. */
__u32 pn_pairs_get(const struct pn_pairs *t, const struct pn_pair *pair);

/* Slots by number; a free one has gen 0. */
static inline __u64 pn_pairs_slots(const struct pn_pairs *t)
{
	return ((__u64)t->mask + 1) * PN_BUCKET_SLOTS;
}

static inline struct pn_endpoint *pn_pairs_slot(const struct pn_pairs *t, __u64 n)
{
	return &t->buckets[n / PN_BUCKET_SLOTS].slot[n % PN_BUCKET_SLOTS];
}

#endif
