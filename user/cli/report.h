/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The one place that prints an error. Text goes to stderr; under -j the
 * object {"error": {...}} goes to stdout, where the caller's parser reads,
 * unless results were printed there already: then to stderr.
 */
#ifndef PN_CLI_REPORT_H
#define PN_CLI_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "util/err.h"

/* Print @err to @f; the exit status that belongs to it. */
int pn_report(FILE *f, bool json, bool pretty, const struct pn_err *err);

#endif
