/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * FDB entries as the kernel has them, by the million: 16 bytes each in an open
 * addressing table. Used twice: a bridge's entries (value: the port's
 * ifindex) and a tunnel device's (value: the VTEP's number).
 *
 * While a dump runs, messages of the dump and notifications arrive in any
 * order. A notification is newer than what a dump that was started before it
 * may still say, so an entry that a notification touched is left alone by the
 * dump, and one that a notification deleted stays as a mark until the end.
 */
#ifndef PN_MIRROR_FDBS_H
#define PN_MIRROR_FDBS_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

struct pn_fdb_entry {
	__u64 key;		/* MAC in the upper 48 bits, fid or port below; 0: free */
	__u32 value;
	__u8 flags;		/* PN_FDB_* that the kernel's entry means */
	__u8 mark;		/* private */
	__u16 aux;		/* the owner's */
};

struct pn_fdbs {
	struct pn_fdb_entry *v;
	__u64 mask;
	__u64 used;		/* slots, deleted ones included */
	__u64 count;		/* entries */
	__u8 gen;
	bool dumping;
};

/* -ENOMEM. A zeroed pn_fdbs may be closed. */
int pn_fdbs_init(struct pn_fdbs *f);
void pn_fdbs_fini(struct pn_fdbs *f);
__u64 pn_fdbs_memory(const struct pn_fdbs *f);

/*
 * Group and all-zero MACs of a tunnel have one entry per remote; with them the
 * value is part of the key.
 */
static inline bool pn_fdbs_is_group(__u64 key)
{
	return (key >> 56 & 1) || !(key >> 16);
}

/* @key will be wanted soon: fetch its place into the cache. */
void pn_fdbs_prefetch(const struct pn_fdbs *f, __u64 key);

/* NULL: there is none. */
struct pn_fdb_entry *pn_fdbs_find(const struct pn_fdbs *f, __u64 key, __u32 value);

/*
 * The entry of @key, made if there is none (*@is_new; value and flags are then
 * 0), for the caller to fill. NULL with errno ENOMEM; NULL with errno ESTALE
 * if @from_dump and a notification knows better.
 */
struct pn_fdb_entry *pn_fdbs_put(struct pn_fdbs *f, __u64 key, __u32 value,
				 bool from_dump, bool *is_new);

/* A notification says that the entry is gone; *@old is what it was. False: unknown. */
bool pn_fdbs_del(struct pn_fdbs *f, __u64 key, __u32 value, struct pn_fdb_entry *old);

void pn_fdbs_dump_begin(struct pn_fdbs *f);
/* Removes what the dump did not have; @gone sees each of them after that. */
void pn_fdbs_dump_end(struct pn_fdbs *f,
		      void (*gone)(void *ctx, const struct pn_fdb_entry *e), void *ctx);
/* The dump failed half way: nothing is removed. */
void pn_fdbs_dump_abort(struct pn_fdbs *f);

/* Remove every entry whose key has @low in its lower 16 bits; @gone sees it after that. */
void pn_fdbs_drop(struct pn_fdbs *f, __u16 low,
		  void (*gone)(void *ctx, const struct pn_fdb_entry *e), void *ctx);

/* Calls @cb for every entry; it may change value, flags and aux. */
void pn_fdbs_each(struct pn_fdbs *f, void (*cb)(void *ctx, struct pn_fdb_entry *e),
		  void *ctx);

#endif
