/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Inside the netfilter detector: who can hang on a hook (nf_tables, legacy
 * tables, functions of modules), and which place a hook stands at. Private to
 * gate_nf*.c and gate_xt.c.
 */
#ifndef PN_MIRROR_GATE_NETFILTER_H
#define PN_MIRROR_GATE_NETFILTER_H

#include <stdint.h>

#include "mirror/gate_detect.h"

/* Something is behind hook @hooknum of @proto (NFPROTO_*): report where it matters. */
void pn_gate_nf_found(struct gate_run *run, uint8_t proto, unsigned int hooknum,
		      const char *what);
/* NULL: no tunnel packet and no bridged frame gets there. */
const char *pn_gate_nf_hook_name(uint8_t proto, unsigned int hooknum);

/* nf_tables: chains with rules or another policy than accept, flow tables. */
int pn_gate_nf_chains(struct gate_run *run);

/* Legacy ebtables: tables that exist, as bits. */
#define GATE_EBT_BROUTE	(1u << 0)
#define GATE_EBT_NAT	(1u << 1)
#define GATE_EBT_FILTER	(1u << 2)
#define GATE_EBT_ALL	7u

/*
 * Functions of modules on the hooks. -EOPNOTSUPP: the kernel cannot list them.
 * *@ebt: tables of legacy ebtables among them.
 */
int pn_gate_nf_functions(struct gate_run *run, unsigned int *ebt);

/* Legacy tables, one protocol's after the other. */
int pn_gate_xt_tables(struct gate_run *run, unsigned int ebt);

#endif
