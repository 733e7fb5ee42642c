/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The namespaces of a running state: those that have names, and which of them
 * the number beside a link means. Knows no format and no attributes.
 */
#ifndef PN_TOPO_RUNNING_NS_H
#define PN_TOPO_RUNNING_NS_H

#include "topo/sys.h"

struct pn_running_ns;

struct pn_running_spaces {
	struct pn_sys sys;
	char **names;			/* of others in /run/netns, ended by NULL */
	struct pn_running_ns *known;	/* numbers, as far as anybody asked */
};

int pn_running_spaces_open(struct pn_running_spaces *s, struct pn_err *err);
void pn_running_spaces_close(struct pn_running_spaces *s);

/* The namespace that @ns has given the number @nsid, or NULL: it has no name. */
struct pn_sys_ns *pn_running_by_id(struct pn_running_spaces *s, struct pn_sys_ns *ns,
				   int32_t nsid);

#endif
