// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* All classes of objects, in the order in which they are made. */
#include "topo/class.h"

const struct pn_class *const pn_classes[] = {
	&pn_class_features,
	&pn_class_vfs,
	&pn_class_macsec_tx_sa,
	&pn_class_macsec_rx,
	&pn_class_macsec_rx_sa,
	&pn_class_routes,
	NULL,
};
