/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * IP prefixes as people write them: 10.0.0.0/24, fd00::/64, or an address
 * alone. Kept as the maps have addresses: IPv4 is v4-mapped. Two prefixes
 * that mean the same are the same bytes.
 */
#ifndef PN_UTIL_PREFIX_H
#define PN_UTIL_PREFIX_H

#include <linux/types.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#define PN_PREFIX_TEXT	(INET6_ADDRSTRLEN + 4)

struct pn_prefix {
	__be32	addr[4];
	__u32	len;		/* of 128; IPv4 counts the 96 bits in front of it too */
};

/*
 * 0 or -EINVAL with the rest of a sentence about @text in @why: "must be ...".
 */
int pn_prefix_parse(const char *text, struct pn_prefix *p, char *why, size_t size);

/* As it is written; returns @buf, of PN_PREFIX_TEXT bytes. */
char *pn_prefix_text(const struct pn_prefix *p, char *buf);

bool pn_prefix_same(const struct pn_prefix *a, const struct pn_prefix *b);

#endif
