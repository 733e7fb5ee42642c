/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * pn_match_keys as user space writes it: from the hash of a match, which is its
 * key, to its entry in pn_matches. One writer; readers run beside it.
 */
#ifndef PN_SHAPE_KEYS_H
#define PN_SHAPE_KEYS_H

#include <penstock/shaper.h>

struct pn_keys {
	struct pn_bucket *buckets;
	__u32 mask;		/* buckets - 1 */
};

/* The entry of @key; 0: none. */
__u32 pn_keys_get(const struct pn_keys *k, __u64 key);
/* 0 or -ENOSPC. @key must not be there. */
int pn_keys_add(struct pn_keys *k, __u64 key, __u32 entry);
void pn_keys_del(struct pn_keys *k, __u64 key);

#endif
