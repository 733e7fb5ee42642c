/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The classes of objects, one file each, and the types of values that several
 * of them have. A class knows its messages and nothing of files or plans.
 */
#ifndef PN_TOPO_CLASS_H
#define PN_TOPO_CLASS_H

#include <sys/socket.h>

#include "topo/object.h"
#include "topo/sys.h"

extern const struct pn_class pn_class_altnames;
extern const struct pn_class pn_class_features;
extern const struct pn_class pn_class_macsec_rx;
extern const struct pn_class pn_class_macsec_rx_sa;
extern const struct pn_class pn_class_macsec_tx_sa;
extern const struct pn_class pn_class_routes;
extern const struct pn_class pn_class_vfs;
extern const struct pn_class pn_class_fou, pn_class_vlans, pn_class_vnis, pn_class_fdb;
extern const struct pn_class pn_class_mdb, pn_class_mst, pn_class_vlan_global;
extern const struct pn_class pn_class_neighbours, pn_class_rules, pn_class_qdiscs;
extern const struct pn_class pn_class_classes;

/* An address with the length of its prefix in `num`, or `default`. */
extern const struct pn_field_type pn_field_prefix;
/* An address, or "none". */
extern const struct pn_field_type pn_field_via;

/* A byte or more of the header. */
#define PN_HEAD(type_, member) \
	PN_F_HEAD, offsetof(struct type_, member), sizeof(((struct type_ *)0)->member)

/* The fields of a class. */
#define PN_FIELDS(array) \
	.field = (array), .n = sizeof(array) / sizeof((array)[0])

/* The family of an address by its length; AF_UNSPEC: none. */
static inline uint8_t pn_family_of(const struct pn_value *v)
{
	if (!v->set || !v->len)
		return AF_UNSPEC;
	return v->len == 4 ? AF_INET : AF_INET6;
}

#endif
