/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * RTM_NEWADDR / RTM_DELADDR as a plain struct. Pointers are views into the
 * message and die with it.
 */
#ifndef PN_NL_ADDR_H
#define PN_NL_ADDR_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "nl/sock.h"

struct pn_nl_addr {
	bool deleted;		/* RTM_DELADDR */
	uint8_t family;		/* AF_INET or AF_INET6 */
	uint8_t prefixlen;
	uint8_t scope;
	uint8_t addr_len;	/* 4 or 16 */
	uint8_t proto;		/* IFAPROT_*: who made it; 0: not told */
	uint32_t flags;		/* IFA_F_* */
	uint32_t ifindex;
	const uint8_t *addr;	/* our own address, not the peer's */
	__be32 broadcast;	/* 0: none */
	const uint8_t *peer;	/* of a point to point link; NULL: none */
	const char *label;	/* or NULL */
	uint32_t metric;
	uint32_t valid, preferred;	/* seconds left; UINT32_MAX: forever */
};

/* -EBADMSG when it is no address message or holds no address. */
int pn_nl_addr_parse(const struct nlmsghdr *nlh, struct pn_nl_addr *a);

/* As pn_nl_dump; @family AF_UNSPEC, AF_INET or AF_INET6. */
int pn_nl_addr_dump(struct pn_nl *nl, uint8_t family, pn_nl_cb cb, void *data,
		    struct pn_err *err);

#endif
