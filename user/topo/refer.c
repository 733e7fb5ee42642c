// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* References of a file; see refer.h. */
#include <errno.h>
#include <string.h>

#include "topo/refer.h"

static bool netns_is_listed(const struct pn_topo *topo, const char *name)
{
	unsigned int i;

	for (i = 0; i < topo->n_netns; i++) {
		if (!strcmp(topo->netns[i].name, name))
			return true;
	}
	return false;
}

int pn_refer_netns(const struct pn_plan *plan, const struct pn_sys_ns *ns, const char *id,
		   struct pn_err *err)
{
	if (ns->exists || netns_is_listed(plan->topo, ns->name))
		return 0;
	pn_err_set(err, PN_EXIT_USAGE, ENOENT, id, "network namespace %s does not exist",
		   ns->name);
	pn_err_hint(err, "list it under `namespaces` to have it created");
	return -EINVAL;
}

int pn_refer_dev(const struct pn_plan *plan, const struct pn_sys_ns *ns,
		 const struct pn_refer *r, struct pn_err *err)
{
	if (pn_sys_link(ns, r->dev) || pn_topo_link_find(plan->topo, ns->name, r->dev))
		return 0;
	pn_err_set(err, PN_EXIT_USAGE, ENODEV, r->id,
		   "%s: device %s neither exists nor is in the file%s%s", r->word, r->dev,
		   ns->name ? ", in namespace " : "", ns->name ? ns->name : "");
	pn_err_hint(err, "list it under `links` with its kind, to have it created");
	return -EINVAL;
}
