/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A topology file, read and checked: what the operator wants, nothing about
 * what is there. All strings live as long as the pn_topo.
 */
#ifndef PN_TOPO_FILE_H
#define PN_TOPO_FILE_H

#include "util/err.h"
#include "util/port_conf.h"

struct pn_topo;

/* Read and check a file, or text that is called @name in errors. */
int pn_topo_read(const char *path, struct pn_topo **topo, struct pn_err *err);
int pn_topo_parse(const char *name, const char *text, size_t len,
		  struct pn_topo **topo, struct pn_err *err);
void pn_topo_free(struct pn_topo *topo);

/* The `ports` section. An error about one: pn_err_place(err, file, line, column). */
const struct pn_port_conf *pn_topo_ports(const struct pn_topo *topo, unsigned int *n);
const char *pn_topo_file(const struct pn_topo *topo);

#endif
