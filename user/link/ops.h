/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What rtnetlink does not do for a kind: making it, removing it, and the rows
 * with PN_ROW_HOOK. A hook runs inside the network namespace of its link and
 * may use any system call; it knows no topology. Whoever calls it plans,
 * verifies and undoes: a hook does one thing and says whether it was done.
 */
#ifndef PN_LINK_OPS_H
#define PN_LINK_OPS_H

#include "link/encode.h"
#include "nl/sock.h"
#include "util/err.h"

/* The link that a hook works on. */
struct pn_kind_ctx {
	const char *id;			/* for humans: NETNS/NAME or NAME */
	const char *name;
	uint32_t ifindex;		/* 0: not made yet */
	uint32_t master;		/* of a port, for rows of its master's kind; or 0 */
	const struct pn_kind *kind;	/* that the rows belong to */
	const struct pn_devs *devs;
	struct pn_nl *nl;		/* rtnetlink, in the namespace */
	/* Generic netlink, in the namespace; NULL with an error. */
	struct pn_nl *(*genl)(struct pn_kind_ctx *h, struct pn_err *err);
	/* A copy that lives as long as what is known of the link; NULL: out of memory. */
	char *(*keep)(struct pn_kind_ctx *h, const void *data, size_t len);
	void *data;			/* the caller's */
};

/*
 * Each of them may be NULL: rtnetlink does it. 0 or -errno; an error that is
 * left empty gets the sentence of the step.
 */
struct pn_kind_ops {
	/*
	 * Make the link down and without a master, with the name, and where the
	 * kernel can also the index, of @make, and the values of @make->data
	 * whose rows have no PN_ROW_HOOK, or have PN_ROW_FIXED too. Values of
	 * @make->common are set later by rtnetlink, whatever they are.
	 */
	int (*create)(struct pn_kind_ctx *h, const struct pn_link_make *make,
		      struct pn_err *err);
	int (*remove)(struct pn_kind_ctx *h, struct pn_err *err);
	/*
	 * Fill the values of all rows of @rows (data or slave) with
	 * PN_ROW_HOOK; those that stay !set are not told. Without this, they
	 * are decoded from the link's message.
	 */
	int (*read)(struct pn_kind_ctx *h, const struct pn_rows *rows, struct pn_value *v);
	int (*set)(struct pn_kind_ctx *h, const struct pn_rows *rows, const struct pn_row *row,
		   const struct pn_value *v, struct pn_err *err);
};

#endif
