/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The inside of a plan, for this layer only: steps, done and undone. */
#ifndef PN_TOPO_STEP_H
#define PN_TOPO_STEP_H

#include <stdio.h>

#include "topo/model.h"
#include "topo/plan.h"
#include "topo/ledger.h"
#include "topo/sys.h"

enum pn_step_op {
	PN_STEP_NETNS_ADD,
	PN_STEP_LINK_ADD,
	PN_STEP_ATTR,
	PN_STEP_ADDR_ADD,
	PN_STEP_ADDR_SET,
	PN_STEP_OBJECT_ADD,
	PN_STEP_OBJECT_SET,
	PN_STEP_ADDR_DEL,		/* this and what follows removes */
	PN_STEP_OBJECT_DEL,
	PN_STEP_LINK_DEL,
	PN_STEP_NETNS_DEL,
};

struct pn_step {
	enum pn_step_op op;
	bool fresh;		/* of a link that the plan makes: its deletion undoes it */
	bool done;
	struct pn_sys_ns *ns;
	struct pn_sys_ns *peer_ns;		/* LINK_ADD and LINK_DEL of a pair */
	const char *id;				/* for humans */
	char *id_own;				/* the same, where nobody else holds it */
	const char *name;			/* of the link */
	const struct pn_topo_link *link;	/* as the file wants it; or NULL */
	const struct pn_kind *kind;		/* that the row belongs to */
	const struct pn_rows *rows;
	const struct pn_row *row;
	const struct pn_value *want;
	struct pn_value had;			/* had.set: the old value is known */
	struct pn_topo_addr addr;		/* as it becomes, or was recorded */
	const struct pn_sys_addr *addr_old;	/* as it is; or NULL */
	const struct pn_object *object;		/* OBJECT_*: as the file wants it; or NULL */
	const struct pn_object *object_old;	/* as it is; or NULL */
	const struct pn_object *object_new;	/* OBJECT_SET, done: as it became */
	bool was_there;				/* OBJECT_ADD: the kernel had made it */
	struct pn_sys_link *old, *old_peer;	/* LINK_DEL: what there was */
	struct pn_sys_link *was;		/* the link before; NULL: new */
	const char *reason;
};

struct pn_plan {
	const struct pn_topo *topo;
	struct pn_sys sys;
	struct pn_ledger record;		/* what was made before */
	struct pn_step *step;
	unsigned int n, cap;
	uint64_t other_writes;			/* that are no netlink messages */
	struct pn_pool pool;
	FILE *journal;				/* while it is carried out */
};

/* A new, zeroed step; NULL with an error: out of memory. */
struct pn_step *pn_step_add(struct pn_plan *plan, enum pn_step_op op,
			    struct pn_err *err);
int pn_step_do(struct pn_plan *plan, struct pn_step *step, struct pn_err *err);
int pn_step_undo(struct pn_plan *plan, struct pn_step *step, struct pn_err *err);

/* What is recorded of a step that has been done: none, one or two entries. */
int pn_step_record(struct pn_ledger *rec, const struct pn_step *step);

/* Load the record of what was made, and read the namespaces that it names. */
int pn_plan_record(struct pn_plan *plan, struct pn_err *err);
/*
 * Removal steps for what the record holds and the file no longer wants (no
 * file: wants nothing). Namespaces come last of all, hence apart.
 */
int pn_plan_removals(struct pn_plan *plan, struct pn_err *err);
/*
 * Refuse to remove more than half of the links that the file made, or, with no
 * file any more, that the namespaces hold.
 */
int pn_plan_mass(const struct pn_plan *plan, struct pn_err *err);
int pn_plan_netns_removals(struct pn_plan *plan, struct pn_err *err);

#endif
