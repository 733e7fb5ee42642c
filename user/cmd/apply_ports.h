/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The `ports` section of a file, for `apply` and `delete`. */
#ifndef PN_CMD_APPLY_PORTS_H
#define PN_CMD_APPLY_PORTS_H

#include "cmd/request.h"
#include "topo/file.h"

/* What was asked for, and what was before. */
struct pn_applied_ports {
	struct pn_requests all;
	struct pn_shaping shaping;
	struct pn_sizes sizes;
	bool done;
	bool changed;	/* a port; of shapers see shaper_steps.h */
};

/* Attach them, with the file's shapers: all or none. @a is to be closed in any case. */
int pn_apply_ports(struct pn_applied_ports *a, const char *bpffs, const struct pn_topo *topo,
		   struct pn_err *err);
/* Ports and shapers as they were before. */
int pn_apply_ports_undo(struct pn_applied_ports *a, const char *bpffs, struct pn_err *err);
void pn_apply_ports_close(struct pn_applied_ports *a);
/* Detach those of @file; NULL: of every file. */
int pn_delete_ports(const char *bpffs, const char *file, struct pn_err *err);

#endif
