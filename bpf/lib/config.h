/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the loader fixed before this program was verified. The verifier knows
 * the values, so a branch on a setting costs nothing at run time.
 */
#ifndef PN_BPF_CONFIG_H
#define PN_BPF_CONFIG_H

#include <penstock/abi.h>

const volatile struct pn_conf pn_conf;

#endif
