/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The topology file as `run` needs it: its links applied, its ports listed. */
#ifndef PN_CMD_RUN_FILE_H
#define PN_CMD_RUN_FILE_H

#include "cmd/shaping.h"
#include "topo/file.h"

struct pn_apply;

struct pn_run_file {
	struct pn_topo *topo;
	struct pn_apply *apply;		/* still open, so that it can be undone */
	struct pn_shaping shaping;	/* likewise */
	const struct pn_port_conf *port;
	unsigned int n;
};

int pn_run_file_read(const char *path, struct pn_run_file *file, struct pn_err *err);
/* @state: where it is recorded what files made; NULL: the usual place. */
int pn_run_file_apply(const char *state, struct pn_run_file *file, struct pn_err *err);
/* Take the links back, where any were made; @why becomes an error that was undone. */
void pn_run_file_undo(struct pn_run_file *file, struct pn_err *why);
void pn_run_file_free(struct pn_run_file *file);

#endif
