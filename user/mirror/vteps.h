/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Remote addresses of tunnels, numbered and counted by use: FDB slots hold the
 * number, endpoints hold number and address. A number that is given back rests
 * as long as possible before it means another address.
 */
#ifndef PN_MIRROR_VTEPS_H
#define PN_MIRROR_VTEPS_H

#include <linux/types.h>
#include <netinet/in.h>

struct pn_vtep {
	struct in6_addr addr;	/* v4-mapped for IPv4 */
	__u32 refs;
	__u32 round;		/* of endpoint checks that it has been through */
	__u32 nested;		/* ifindex of the tunnel its packets are taken out of; 0: none */
	__u32 next;		/* in its hash chain, or in the free list */
};

struct pn_vteps {
	struct pn_vtep *v;	/* by number; 0 is nobody */
	__u32 *chain;		/* by hash: first number */
	__u32 cap;		/* of v, and of chain */
	__u32 used, used6;	/* all, and of IPv6 */
	__u32 free_first, free_last;
};

/* -ENOMEM. A zeroed pn_vteps may be closed. */
int pn_vteps_init(struct pn_vteps *t);
void pn_vteps_fini(struct pn_vteps *t);

/* Number of @addr; 0: unknown. */
__u32 pn_vteps_find(const struct pn_vteps *t, const struct in6_addr *addr);
/* The same with one more reference; given now if need be; 0: no memory. */
__u32 pn_vteps_get(struct pn_vteps *t, const struct in6_addr *addr);
/* @addr has this number, without a reference. -EEXIST: it is another's; -ENOMEM. */
int pn_vteps_adopt(struct pn_vteps *t, const struct in6_addr *addr, __u32 number);
/*
 * One reference less; the number of those left. At 0 the caller takes the
 * number out of the maps and calls pn_vteps_free().
 */
__u32 pn_vteps_put(struct pn_vteps *t, __u32 number);
void pn_vteps_free(struct pn_vteps *t, __u32 number);

/* A number is in use if its entry's address is set. */
static inline int pn_vteps_known(const struct pn_vteps *t, __u32 number)
{
	return number && number < t->cap && !IN6_IS_ADDR_UNSPECIFIED(&t->v[number].addr);
}

#endif
