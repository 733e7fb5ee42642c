// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reading and applying the file of `run`; see run_file.h. */
#include <errno.h>
#include <stdlib.h>

#include "cmd/run_file.h"
#include "topo/apply.h"

int pn_run_file_read(const char *path, struct pn_run_file *file, struct pn_err *err)
{
	int ret = pn_topo_read(path, &file->topo, err);

	if (!ret)
		file->port = pn_topo_ports(file->topo, &file->n);
	return ret;
}

int pn_run_file_apply(const char *state, struct pn_run_file *file, struct pn_err *err)
{
	static const struct pn_apply_opts opts = { .mass_delete = false };

	file->apply = calloc(1, sizeof(*file->apply));
	if (!file->apply)
		return pn_err_memory(err, NULL);
	return pn_topo_apply_as(file->topo, state ? state : PN_LEDGER_DIR, &opts, file->apply,
				err);
}

void pn_run_file_undo(struct pn_run_file *file, struct pn_err *why)
{
	struct pn_err err = { 0 };

	if (!file->apply || !file->apply->writes)
		return;
	if (pn_topo_undo(file->apply, &err))
		*why = err;
	else
		why->code = PN_EXIT_UNDONE;
}

void pn_run_file_free(struct pn_run_file *file)
{
	if (file->apply)
		pn_apply_close(file->apply);
	free(file->apply);
	pn_shaping_close(&file->shaping);
	if (file->topo)
		pn_topo_free(file->topo);
	*file = (struct pn_run_file){ 0 };
}
