/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Ports asked for by a command: written down, then attached by the daemon that
 * follows the kernel or, without one, here and once. All of them, or none.
 */
#ifndef PN_CMD_REQUEST_H
#define PN_CMD_REQUEST_H

#include <stdbool.h>

#include "cmd/shaping.h"
#include "plane/record.h"

struct pn_request {
	struct pn_port_conf conf;	/* what is wanted */
	uint64_t file;			/* pn_request_file() of what lists it; 0: nothing */
	bool known;			/* it was attached, or wanted, before */
	bool changed;			/* not as it is wanted now */
	struct pn_record before;
	struct pn_record record;	/* what became of it */
};

struct pn_requests {
	const struct pn_sizes *sizes;	/* NULL: the usual ones */
	struct pn_request *req;
	int n;
	struct pn_shaping *shaping;	/* shapers that come with them; NULL: none */
	bool back;			/* as they were: also by which file */
	bool followed;			/* out: a daemon did it */
};

/*
 * Attach them. An error about a port of a file has its place in conf.line; the
 * caller knows the file.
 */
int pn_requests_attach(const char *bpffs, struct pn_requests *all, struct pn_err *err);

/*
 * What pn_requests_attach() did is not to be: ports and shapers become what they were
 * before. Goes on past what cannot be undone; the first error.
 */
int pn_requests_undo(const char *bpffs, struct pn_requests *all, struct pn_err *err);

/* Detach what the file of this number listed, with its shapers; 0: what any file did. */
int pn_requests_detach(const char *bpffs, uint64_t file, struct pn_err *err);

/* A number for a topology file, the same however its path is written; never 0. */
uint64_t pn_request_file(const char *path);

#endif
