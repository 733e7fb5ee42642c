/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * pn_fdb and pn_demux as user space writes them (abi.h: 64-bit keys and
 * values). One writer; readers run beside it without a lock and either find a
 * value that belongs to the key or miss.
 */
#ifndef PN_MIRROR_TABLE_H
#define PN_MIRROR_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include <penstock/abi.h>

union pn_value {
	struct {
		__u16 index;
		__u8 flags;
		__u8 stamp;	/* taken over for new keys only */
		union {
			__u32 vtep;
			__u32 tunnel;
		};
	};
	__u64 word;
};

struct pn_table {
	struct pn_bucket *buckets;
	__u64 seed;
	__u64 used;		/* slots in use */
	__u32 mask;
};

/* Take over what @buckets hold. */
void pn_table_init(struct pn_table *t, struct pn_bucket *buckets, __u32 mask,
		   __u64 seed);

/*
 * The value of @key from now on. An existing slot keeps its stamp and loses
 * PN_FDB_MOVED; one that is right already is not written. -ENOSPC: no room,
 * and @key is not in the table.
 */
int pn_table_set(struct pn_table *t, __u64 key, union pn_value value);
/* False: was not there. */
bool pn_table_del(struct pn_table *t, __u64 key);
/* @key will be wanted soon: fetch its buckets into the cache. */
void pn_table_prefetch(const struct pn_table *t, __u64 key);
/* As the data plane reads; false: not there. */
bool pn_table_get(const struct pn_table *t, __u64 key, union pn_value *value);

/* Slots by number, for walks over everything; a deletion moves none. */
static inline __u64 pn_table_slots(const struct pn_table *t)
{
	return ((__u64)t->mask + 1) * PN_BUCKET_SLOTS;
}

static inline struct pn_slot *pn_table_slot(const struct pn_table *t, __u64 n)
{
	return &t->buckets[n / PN_BUCKET_SLOTS].slot[n % PN_BUCKET_SLOTS];
}

#endif
