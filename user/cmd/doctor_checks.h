/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A row of the first table of `doctor`, and checks with a file of their own. */
#ifndef PN_CMD_DOCTOR_CHECKS_H
#define PN_CMD_DOCTOR_CHECKS_H

#include "cli/out.h"

enum pn_health { PN_GOOD, PN_NOTE, PN_BAD };

/* @cure may be NULL or empty. */
void pn_finding(struct pn_out *o, const char *check, enum pn_health health,
		const char *text, const char *cure);

/* Which kinds of tunnels the kernel has, or would load a module for. */
void pn_doctor_kinds(struct pn_out *o);

#endif
