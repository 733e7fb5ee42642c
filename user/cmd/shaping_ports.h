/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Ports as shapers see them, from the records of the pins. */
#ifndef PN_CMD_SHAPING_PORTS_H
#define PN_CMD_SHAPING_PORTS_H

#include "plane/attach.h"
#include "shape/shape.h"

/* One more port into a list with room for it. */
void pn_shaping_port(struct pn_shape_port *port, const struct pn_record *r, uint16_t index);
/* Compile for the ports that are attached. */
int pn_shaping_compile(const struct pn_plane *plane, struct pn_err *err);

#endif
