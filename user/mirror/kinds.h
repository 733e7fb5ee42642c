/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From the attributes of a link message to what the mirror needs of a kind:
 * bridge, vxlan, vlan and bridge ports (kinds.c), all other tunnels
 * (kind_tunnels.c). Private to the model.
 */
#ifndef PN_MIRROR_KINDS_H
#define PN_MIRROR_KINDS_H

#include "mirror/model.h"

struct nlattr;
struct pn_nl_link;

/* Sets kind, its attributes and, where the message has them, those of the port. */
void pn_kind_take(struct pn_dev *dev, const struct pn_nl_link *l);
/* @attrs: IFLA_PROTINFO or IFLA_INFO_SLAVE_DATA of a bridge port. */
void pn_kind_take_brport(struct pn_dev *dev, const struct nlattr *attrs);

/* A tunnel of another kind than vxlan, by its kind_name. False: it is none. */
bool pn_kind_take_tunnel(struct pn_dev *dev, const struct nlattr *data);

#endif
