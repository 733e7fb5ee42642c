/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The third table of `doctor`: one row per tunnel device. */
#ifndef PN_CMD_DOCTOR_TUNNELS_H
#define PN_CMD_DOCTOR_TUNNELS_H

#include "cli/cmd.h"

/*
 * All tunnel devices, or those among the devices named. Where nothing is
 * attached, as they would be if all other Ethernet devices were ports. 0 or
 * -errno with ctx->err.
 */
int pn_doctor_tunnels(struct pn_run *ctx, int argc, char **argv);

#endif
