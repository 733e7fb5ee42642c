/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The ports that `run` was told of: by its file, by its words, by earlier runs. */
#ifndef PN_CMD_RUN_PORTS_H
#define PN_CMD_RUN_PORTS_H

#include "cmd/follow.h"
#include "cmd/port_opts.h"

struct pn_run_wants {
	const struct pn_port_opts *opts;
	const char *file;	/* NULL: none */
	char **dev;
	int n_dev;
};

/* Apply the file, attach all; on failure all is as it was. The directory is locked. */
int pn_run_ports_start(struct pn_follow *f, const struct pn_run_wants *w, struct pn_err *err);
/* The file may have changed. A port that fails says so in its record. */
int pn_run_ports_again(struct pn_follow *f, const struct pn_run_wants *w, struct pn_err *err);

#endif
