// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Ports of a topology file; see apply_ports.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/apply_ports.h"
#include "cmd/request.h"
#include "util/log.h"

static void err_place(struct pn_err *err, const struct pn_topo *topo)
{
	const struct pn_topo_shaper *shaper;
	const struct pn_port_conf *port;
	unsigned int i, n;

	shaper = pn_topo_shaper_find(topo, err->object);
	if (shaper)
		pn_err_place(err, pn_topo_file(topo), shaper->line, shaper->column);
	port = pn_topo_ports(topo, &n);
	for (i = 0; i < n; i++)
		if (!strcmp(port[i].dev, err->object))
			pn_err_place(err, pn_topo_file(topo), port[i].line, port[i].column);
}

/*
 * A directory that is made for them has room for all of them, for as many matches, and
 * for a quarter more: it does not grow later.
 */
static void sizes_fill(struct pn_sizes *sizes, const char *bpffs,
		       const struct pn_shape_wants *wants)
{
	struct pn_err ignored = { 0 };
	struct pn_pins pins;
	uint32_t need = 1;
	unsigned int i;

	for (i = 0; i < wants->n; i++)
		need += wants->conf[i].n_dev > 1 ? wants->conf[i].n_dev : 1;
	if (need <= PN_SHAPER_MAX_DEFAULT)
		return;
	need += need / 4;
	if (!pn_pins_open(&pins, bpffs, &ignored))
		pn_pins_close(&pins);
	else
		sizes->shapers = need < PN_SHAPER_MAX_LIMIT ? need : PN_SHAPER_MAX_LIMIT;
}

int pn_apply_ports(struct pn_applied_ports *a, const char *bpffs, const struct pn_topo *topo,
		   struct pn_err *err)
{
	uint64_t file = pn_request_file(pn_topo_file(topo));
	const struct pn_port_conf *port;
	unsigned int i, n;
	int ret;

	memset(a, 0, sizeof(*a));
	port = pn_topo_ports(topo, &n);
	ret = pn_shaping_open(&a->shaping, topo, file, err);
	if (ret || (!n && !a->shaping.wants.n && !pn_shaping_is_there(bpffs, file)))
		return ret;
	a->all.req = calloc(n + 1, sizeof(*a->all.req));
	if (!a->all.req)
		return pn_err_memory(err, NULL);
	for (i = 0; i < n; i++) {
		a->all.req[i].conf = port[i];
		a->all.req[i].file = file;
	}
	sizes_fill(&a->sizes, bpffs, &a->shaping.wants);
	a->all.shaping = &a->shaping;
	a->all.sizes = &a->sizes;
	a->all.n = n;
	ret = pn_requests_attach(bpffs, &a->all, err);
	a->done = !ret;
	for (i = 0; i < n; i++)
		a->changed = a->changed || a->all.req[i].changed;
	if (ret)
		err_place(err, topo);
	else if (!a->all.followed)
		pn_log(PN_LOG_WARN, "the maps hold what the kernel knows now; "
		       "nothing follows it until `penstock run`");
	return ret;
}

int pn_apply_ports_undo(struct pn_applied_ports *a, const char *bpffs, struct pn_err *err)
{
	if (!a->done)
		return 0;
	a->done = false;
	return pn_requests_undo(bpffs, &a->all, err);
}

void pn_apply_ports_close(struct pn_applied_ports *a)
{
	free(a->all.req);
	pn_shaping_close(&a->shaping);
}

int pn_delete_ports(const char *bpffs, const char *file, struct pn_err *err)
{
	return pn_requests_detach(bpffs, file ? pn_request_file(file) : 0, err);
}
