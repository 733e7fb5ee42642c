// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* PCI addresses in paths of sysfs, and the words of device types. */
#include <string.h>

#include "tap.h"
#include "view/bus.h"
#include "view/words.h"

static const struct {
	const char *path, *pci;
} rows[] = {
	{ "/sys/devices/pci0000:00/0000:00:03.0/virtio2", "0000:00:03.0" },
	{ "/sys/devices/pci0000:3a/0000:3a:00.0/0000:3b:00.1", "0000:3b:00.1" },
	{ "/sys/devices/LNXSYSTM:00/LNRO0005:00/virtio1", "" },
	{ "/sys/devices/10000:e0:01.7", "10000:e0:01.7" },
	{ "/sys/devices/0000:00:03.", "" },
	{ "/sys/devices/000:00:03.0", "" },
	{ "/sys/devices/0000:00:03.00", "" },
	{ "/sys/devices/0000:00:03.0a/net", "" },
	{ "", "" },
	{ "/", "" },
};

int main(void)
{
	char pci[PN_PCI_NAME];
	unsigned int i;

	tap_case("PCI addresses in paths");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		pn_bus_pci(rows[i].path, pci);
		tap_str(pci, rows[i].pci, rows[i].path);
	}
	tap_end();
	tap_case("types of devices");
	tap_str(pn_arphrd_word(1), "ether", "1");
	tap_str(pn_arphrd_word(778), "gre", "778");
	tap_str(pn_arphrd_word(0xffff), "void", "65535");
	tap_true(!pn_arphrd_word(9999), "unknown");
	tap_str(pn_operstate_word(200), "UNKNOWN", "operational state");
	tap_end();
	return tap_done();
}
