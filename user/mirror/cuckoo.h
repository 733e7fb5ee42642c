/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Making room in a bucketed cuckoo table: which entries to move to their other
 * bucket so that one of two given buckets gets a free slot. Knows neither keys
 * nor values; a slot is a number (bucket * PN_BUCKET_SLOTS + place).
 */
#ifndef PN_MIRROR_CUCKOO_H
#define PN_MIRROR_CUCKOO_H

#include <linux/types.h>
#include <stdbool.h>

struct pn_cuckoo_ops {
	bool (*used)(const void *table, __u32 slot);
	/* The other bucket of the entry in @slot. */
	__u32 (*other)(const void *table, __u32 slot);
	/*
	 * Move an entry to the free slot @to, so that a reader beside us finds
	 * it at one of its places at any time, or nowhere, but never half.
	 */
	void (*move)(void *table, __u32 from, __u32 to);
};

/* A free slot of one of both buckets, after moving what had to; -ENOSPC. */
__s64 pn_cuckoo_room(const struct pn_cuckoo_ops *ops, void *table, __u32 first,
		     __u32 second);

#endif
