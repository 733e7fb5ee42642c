/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The second table of `doctor`: one row per Ethernet device. */
#ifndef PN_CMD_DOCTOR_PORTS_H
#define PN_CMD_DOCTOR_PORTS_H

#include "cli/cmd.h"

/* The devices named, or all; 0 or -errno with ctx->err. */
int pn_doctor_ports(struct pn_run *ctx, int argc, char **argv);

#endif
