// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* All classes of objects, in the order in which they are made. */
#include "topo/class.h"

const struct pn_class *const pn_classes[] = {
	&pn_class_altnames,
	&pn_class_features,
	&pn_class_vfs,
	&pn_class_macsec_tx_sa,
	&pn_class_macsec_rx,
	&pn_class_macsec_rx_sa,
	&pn_class_fou,
	&pn_class_vlans,
	&pn_class_vlan_global,
	&pn_class_mst,
	&pn_class_vnis,
	&pn_class_fdb,
	&pn_class_mdb,
	&pn_class_neighbours,
	&pn_class_routes,
	&pn_class_rules,
	&pn_class_qdiscs,
	&pn_class_classes,
	NULL,
};
