/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Ports asked for by a command: written down, then attached by the daemon that
 * follows the kernel or, without one, here and once. All of them, or none.
 */
#ifndef PN_CMD_REQUEST_H
#define PN_CMD_REQUEST_H

#include <stdbool.h>

#include "plane/record.h"

struct pn_request {
	struct pn_port_conf conf;	/* what is wanted */
	uint64_t file;			/* pn_request_file() of what lists it; 0: nothing */
	bool known;			/* it was attached, or wanted, before */
	struct pn_record before;
	struct pn_record record;	/* what became of it */
};

/*
 * Attach them. @followed: did a daemon do it? An error about a port of a file
 * has its place in conf.line; the caller knows the file.
 */
int pn_requests_attach(const char *bpffs, const struct pn_sizes *sizes,
		       struct pn_request *req, int n, bool *followed, struct pn_err *err);

/* Detach what the file of this number listed; 0: what any file did. */
int pn_requests_detach(const char *bpffs, uint64_t file, struct pn_err *err);

/* A number for a topology file, the same however its path is written; never 0. */
uint64_t pn_request_file(const char *path);

#endif
