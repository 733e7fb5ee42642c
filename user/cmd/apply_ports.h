/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The `ports` section of a file, for `apply` and `delete`. */
#ifndef PN_CMD_APPLY_PORTS_H
#define PN_CMD_APPLY_PORTS_H

#include "topo/file.h"

/* Attach them, all or none. */
int pn_apply_ports(const char *bpffs, const struct pn_topo *topo, struct pn_err *err);
/* Detach those of @file; NULL: of every file. */
int pn_delete_ports(const char *bpffs, const char *file, struct pn_err *err);

#endif
