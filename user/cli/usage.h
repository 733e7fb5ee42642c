/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Help texts, made from the command and option rows; 80 columns. */
#ifndef PN_CLI_USAGE_H
#define PN_CLI_USAGE_H

#include <stdio.h>

#include "cli/cmd.h"

/* The program: synopsis, commands, global options. */
void pn_usage_program(FILE *f, const struct pn_cmd *const *cmds);

/* One command: synopsis, what it does, its options. */
void pn_usage_cmd(FILE *f, const struct pn_cmd *cmd);

#endif
