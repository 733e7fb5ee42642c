/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Plans carried out: all of it or nothing. What a file made is recorded below
 * a state directory, so that delete removes that and nothing else.
 */
#ifndef PN_TOPO_APPLY_H
#define PN_TOPO_APPLY_H

#include <stdint.h>

#include "topo/plan.h"
#include "topo/ledger.h"

/* One run of apply or delete. */
struct pn_apply {
	struct pn_plan *plan;	/* what was done; for its text */
	uint64_t writes;	/* messages that asked the kernel for a change */
	int lock;
};

/* What is not done without being told. */
struct pn_apply_opts {
	bool mass_delete;	/* remove more than half of what is there */
	bool adopt;		/* what was there before counts as made by the file */
};

/*
 * Make the running system what @topo says. When a step fails, everything done
 * is undone, @err has PN_EXIT_UNDONE, and its sentence says so.
 */
int pn_topo_apply(const struct pn_topo *topo, const char *state_dir,
		  struct pn_apply *apply, struct pn_err *err);
int pn_topo_apply_as(const struct pn_topo *topo, const char *state_dir,
		     const struct pn_apply_opts *opts, struct pn_apply *apply,
		     struct pn_err *err);
/* Take back a successful pn_topo_apply() that is still open. */
int pn_topo_undo(struct pn_apply *apply, struct pn_err *err);
/* Remove what @file made. Nothing recorded: nothing to do. */
int pn_topo_delete(const char *file, const char *state_dir, struct pn_apply *apply,
		   struct pn_err *err);
int pn_topo_delete_as(const char *file, const char *state_dir,
		      const struct pn_apply_opts *opts, struct pn_apply *apply,
		      struct pn_err *err);
/* Would it be refused, as too much? @path: of the record; NULL: that of @file. */
int pn_topo_delete_check(const char *file, const char *state_dir, const char *path,
			 struct pn_err *err);
/* The same by the record at @path (see pn_ledger_each). */
int pn_topo_delete_record(const char *path, const struct pn_apply_opts *opts,
			  struct pn_apply *apply, struct pn_err *err);
/* End the run: sockets, lock, plan. A zeroed struct may be closed. */
void pn_apply_close(struct pn_apply *apply);

#endif
