/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What rtnetlink does not do for a kind (link/ops.h), done inside the network
 * namespace of the link. Everybody who reads an attribute of a running link
 * asks pn_value_read(), and need not know which way it comes.
 */
#ifndef PN_TOPO_HOOK_H
#define PN_TOPO_HOOK_H

#include "link/ops.h"
#include "topo/sys.h"

/*
 * The value of @row of the running @link: from its message (@view), or from the
 * hook of @kind, asked once for each link. False: it is not told.
 */
bool pn_value_read(struct pn_sys_ns *ns, struct pn_sys_link *link,
		   const struct pn_link_view *view, const struct pn_kind *kind,
		   const struct pn_rows *rows, const struct pn_row *row, struct pn_value *v);

/* Read what only hooks tell of a link and of its ports, before it is deleted. */
void pn_hook_snapshot(struct pn_sys_ns *ns, struct pn_sys_link *link);

bool pn_hook_creates(const struct pn_kind *kind);
bool pn_hook_removes(const struct pn_kind *kind);
int pn_hook_create(struct pn_sys_ns *ns, const struct pn_link_make *make, const char *id,
		   struct pn_err *err);
int pn_hook_remove(struct pn_sys_ns *ns, const struct pn_sys_link *link,
		   const struct pn_kind *kind, struct pn_err *err);

/* One attribute of a link that is there. */
struct pn_hook_set {
	const char *id;
	const struct pn_sys_link *link;
	const struct pn_kind *kind;	/* of the link, or of its master */
	const struct pn_rows *rows;
	const struct pn_row *row;
	const struct pn_value *value;
};

int pn_hook_set(struct pn_sys_ns *ns, const struct pn_hook_set *set, struct pn_err *err);

void pn_hook_values_free(struct pn_hook_values *values);

#endif
