/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * pn_match_keys as user space writes it: from the key of a match to what the data
 * plane has to know of it (PN_MATCH_VALUE, never 0). One writer; readers run beside it.
 */
#ifndef PN_SHAPE_KEYS_H
#define PN_SHAPE_KEYS_H

#include <penstock/shaper.h>

struct pn_keys {
	struct pn_match_bucket *buckets;
	__u32 mask;		/* buckets - 1 */
};

/* The value of @key; 0: it is not there. */
__u64 pn_keys_get(const struct pn_keys *k, __u64 key);
/* 0 or -ENOSPC. @key must not be there. */
int pn_keys_add(struct pn_keys *k, __u64 key, __u64 value);
/* @key is there. */
void pn_keys_set(struct pn_keys *k, __u64 key, __u64 value);
void pn_keys_del(struct pn_keys *k, __u64 key);

#endif
