// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Addresses of this host, and those of them that tunnels name as their local one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/tunnels.h"

static int addr_order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct in6_addr));
}

static bool addr_in(const struct in6_addr *addr, const struct in6_addr *v, size_t n)
{
	return n && bsearch(addr, v, n, sizeof(*v), addr_order);
}

int tunnel_locals_init(struct tunnel_job *job)
{
	const struct pn_model *model = &job->m->model;
	size_t i;

	job->locals = calloc(model->nlocals + 1, sizeof(*job->locals));
	job->named = calloc(model->ndevs + 1, sizeof(*job->named));
	if (!job->locals || !job->named)
		return -ENOMEM;
	for (i = 0; i < model->nlocals; i++)
		job->locals[i] = model->locals[i].addr;
	job->n_locals = model->nlocals;
	qsort(job->locals, job->n_locals, sizeof(*job->locals), addr_order);
	return 0;
}

void tunnel_locals_fini(struct tunnel_job *job)
{
	free(job->locals);
	free(job->named);
}

bool tunnel_is_local(const struct tunnel_job *job, const struct in6_addr *addr)
{
	return addr_in(addr, job->locals, job->n_locals);
}

void tunnel_locals_note(struct tunnel_job *job, const struct pn_dev *dev)
{
	const struct in6_addr *local = dev->kind == PN_DEV_VXLAN ? &dev->vxlan.local :
								   &dev->tunnel.local;

	if (rival_has(local) && (dev->kind != PN_DEV_VXLAN || dev->vxlan.has_local))
		job->named[job->n_named++] = *local;
}

void tunnel_locals_keep(struct tunnel_job *job)
{
	struct pn_mirror *m = job->m;
	size_t i, n = 0;

	qsort(job->named, job->n_named, sizeof(*job->named), addr_order);
	for (i = 0; i < job->n_named; i++)
		if (!n || addr_order(&job->named[n - 1], &job->named[i]))
			job->named[n++] = job->named[i];
	/* Where not all addresses have room, these are what is left. */
	if (m->endpoints.crowded &&
	    (n != m->n_named || memcmp(job->named, m->named, n * sizeof(*m->named))))
		mirror_endpoints_changed(m);
	free(m->named);
	m->named = job->named;
	m->n_named = n;
	job->named = NULL;
}

bool mirror_tunnels_name(const struct pn_mirror *m, const struct in6_addr *addr)
{
	return addr_in(addr, m->named, m->n_named);
}
