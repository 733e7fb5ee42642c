/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Classes of objects that a family of generic netlink has: found, dumped and
 * changed by a socket beside the one of links. Knows no family.
 */
#ifndef PN_TOPO_OBJECT_GENL_H
#define PN_TOPO_OBJECT_GENL_H

#include "nl/genl.h"
#include "topo/object.h"

struct pn_genl_class {
	const char *family;
	uint8_t version;
	bool load;	/* asking for it may load its module; but listing and removing never do */
};

/*
 * Start the request of a dump, to be sent by pn_lister_dump_by() and @nl.
 * -ENOENT: the family is not there, so there is nothing to tell.
 */
int pn_lister_genl(struct pn_lister *l, const struct pn_genl_class *g, uint8_t cmd,
		   struct pn_msg *m, struct pn_err *err);

/* Start a change that is to be sent by pn_object_genl_talk(). */
int pn_object_genl(struct pn_sys_ns *ns, const struct pn_genl_class *g, uint8_t cmd,
		   enum pn_object_op op, struct pn_msg *m);
/* Send it, and forget what it held. */
int pn_object_genl_talk(struct pn_sys_ns *ns, struct pn_msg *m);

/* Refused before the kernel was asked: @rc, with words as if it had been. */
int pn_object_refuse(struct pn_sys_ns *ns, int rc, const char *text);

#endif
