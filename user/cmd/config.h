/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is there as a topology file, for commands that go on working with it. */
#ifndef PN_CMD_CONFIG_H
#define PN_CMD_CONFIG_H

#include <stdio.h>

#include "stats/view.h"
#include "util/err.h"

/* YAML, with the named namespaces and the attached ports. */
int pn_config_write(FILE *f, const struct pn_view *v, struct pn_err *err);

#endif
