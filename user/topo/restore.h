/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A deleted link made again from what the kernel told of it. */
#ifndef PN_TOPO_RESTORE_H
#define PN_TOPO_RESTORE_H

#include "topo/step.h"

/*
 * Undo a PN_STEP_LINK_DEL: the link with its index, attributes, addresses and
 * ports, and its peer. What others had stacked on it, and what the kernel
 * learnt, is lost.
 */
int pn_link_restore(struct pn_step *step, struct pn_err *err);

/* Attributes of its kind that the change of another has moved. */
int pn_data_restore(struct pn_sys_ns *ns, struct pn_sys_link *was, const struct pn_kind *kind);
/* The options that a port had, after it came back to its master. */
int pn_port_restore(struct pn_sys_ns *ns, struct pn_sys_link *was);

#endif
