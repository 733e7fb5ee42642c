/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Qdiscs and classes as the tree that they are: a class is made after its
 * qdisc and its parent, a qdisc after the class that it queues for. Where one
 * can only be made anew, what was below it comes back.
 */
#ifndef PN_TOPO_TC_TREE_H
#define PN_TOPO_TC_TREE_H

#include "topo/object.h"

bool pn_tc_is(const struct pn_object *o);

/* Puts the qdiscs and classes of the list last, each behind its parent. 0 or -ENOMEM. */
int pn_tc_order(struct pn_objects *list);
/* The ranks of those that a namespace had when it was read: parents have lower ones. */
int pn_tc_ranks(struct pn_sys_ns *ns, struct pn_err *err);

/*
 * @o, also in place of @has (NULL: of nothing). On refusal it is as it was. What
 * was not read from a file is being restored: with what was below it when its
 * namespace was read first.
 */
int pn_tc_make(struct pn_sys_ns *ns, const struct pn_object *o, const struct pn_object *has);
/* Remove it, and remember before what is below it. */
int pn_tc_remove(struct pn_sys_ns *ns, const struct pn_object *o);

#endif
