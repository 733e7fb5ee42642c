/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Link kinds. A plain kind is an initialiser: a name and its rows. Common
 * rows belong to every link, slave rows to a link whose master is of the kind.
 */
#ifndef PN_LINK_KIND_H
#define PN_LINK_KIND_H

#include "link/row.h"

struct pn_kind_ops;

enum {
	PN_KIND_LOWER = 1 << 0,	/* needs `link`: a lower device */
	PN_KIND_PEER = 1 << 1,	/* comes as two links */
	PN_KIND_WHOLE = 1 << 2,	/* a change resets what it leaves out: all is said */
};

struct pn_kind {
	const char *name;
	const char *help;
	unsigned int flags;	/* PN_KIND_* */
	uint16_t peer_attr;	/* PN_KIND_PEER: the nest that describes the peer */
	struct pn_rows data;
	struct pn_rows slave;
	/*
	 * What rows cannot say one by one. Gets the values of `data`, by row;
	 * fills @why and returns -EINVAL. *@row: the row it is about, or -1.
	 */
	int (*check)(const struct pn_value *v, int *row, char *why, size_t why_len);
	const struct pn_kind_ops *ops;	/* what rtnetlink does not do; NULL: plain */
	/*
	 * Where several kinds share IFLA_INFO_KIND: that word, and which of
	 * them a link is. NULL: the name, and all of them. "": it has none.
	 */
	const char *info_kind;
	bool (*is)(const struct pn_link_view *view);
};

extern const struct pn_rows pn_common_rows;
/* Ended by NULL, in the order of the documentation. */
extern const struct pn_kind *const pn_kinds[];

const struct pn_kind *pn_kind_find(const char *name);
/* The kind of a running link; NULL: none of ours. */
const struct pn_kind *pn_kind_of(const struct pn_link_view *view);

/* The value of the row called @name among @v (the values of @rows). */
const struct pn_value *pn_kind_value(const struct pn_rows *rows,
				     const struct pn_value *v, const char *name);

#define PN_ROWS(where, array) \
	{ .place = (where), .n = sizeof(array) / sizeof((array)[0]), .row = (array) }

#endif
