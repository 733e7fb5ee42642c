// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The objects that a namespace has, read when first asked for. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "topo/object.h"
#include "topo/sys.h"

/* One class of one namespace. */
struct pn_sys_objects {
	struct pn_sys_objects *next;
	const struct pn_class *cls;
	struct pn_objects list;
};

int pn_objects_read(struct pn_sys_ns *ns, const struct pn_class *cls,
		    struct pn_objects *to, struct pn_err *err)
{
	struct pn_lister l = { .cls = cls, .ns = ns, .to = to };
	int tries = PN_NL_DUMP_TRIES;
	int rc;

	do {
		pn_objects_fini(to);
		rc = ns->exists ? cls->list(&l, err) : 0;
	} while (rc == -EINTR && --tries);
	if (rc == -EINTR)
		pn_err_set(err, PN_EXIT_KERNEL, -rc, cls->section,
			   "cannot be read: they change all the time");
	return rc;
}

const struct pn_objects *pn_objects_running(struct pn_sys_ns *ns,
					    const struct pn_class *cls,
					    struct pn_err *err)
{
	struct pn_sys_objects *so;

	for (so = ns->objects; so; so = so->next) {
		if (so->cls == cls)
			return &so->list;
	}
	so = calloc(1, sizeof(*so));
	if (!so) {
		pn_err_memory(err, cls->section);
		return NULL;
	}
	so->cls = cls;
	so->next = ns->objects;
	ns->objects = so;
	return pn_objects_read(ns, cls, &so->list, err) ? NULL : &so->list;
}

void pn_objects_forget(struct pn_sys_ns *ns)
{
	struct pn_sys_objects *so;

	while ((so = ns->objects)) {
		ns->objects = so->next;
		pn_objects_fini(&so->list);
		free(so);
	}
}
