/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where a device sits: its bus, its PCI address (its own, or that of the
 * function that a virtio device is behind), its SR-IOV parent. From sysfs, but
 * only from its list of buses: what it says of classes depends on the network
 * namespace that it was mounted in.
 */
#ifndef PN_VIEW_BUS_H
#define PN_VIEW_BUS_H

#include <stdint.h>

#define PN_PCI_NAME 16	/* "0000:00:03.0" */

struct pn_bus {
	char bus[24];		/* "pci", "virtio"; empty: the device has no parent */
	char dev[64];		/* its name there */
	char pci[PN_PCI_NAME];	/* empty: none */
	char physfn[PN_PCI_NAME];	/* of a VF: its physical function */
	uint32_t total_vfs;	/* of a physical function: as many as it can have */
};

/* Fill in what follows from `bus` and `dev`. */
void pn_bus_read(struct pn_bus *b);

/* The last PCI address among the parts of @path into @out, or "". */
void pn_bus_pci(const char *path, char out[PN_PCI_NAME]);

#endif
