// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Buses and PCI addresses; see bus.h. */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/bus.h"

#define BUSES "/sys/bus"

/* "0000:00:03.0": a domain of four digits or more, bus, device, function. */
static bool is_pci(const char *s, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	size_t domain = strspn(s, digits);
	const char *rest = s + domain;

	return domain >= 4 && domain + 8 == len && len < PN_PCI_NAME && rest[0] == ':' &&
	       strspn(rest + 1, digits) == 2 && rest[3] == ':' && strspn(rest + 4, digits) == 2 &&
	       rest[6] == '.' && strspn(rest + 7, digits) == 1;
}

void pn_bus_pci(const char *path, char out[PN_PCI_NAME])
{
	size_t len;

	out[0] = '\0';
	for (; *path; path += len + (path[len] == '/')) {
		len = strcspn(path, "/");
		if (is_pci(path, len))
			snprintf(out, PN_PCI_NAME, "%.*s", (int)len, path);
	}
}

/* @name: of the device among those of the bus, perhaps with a file of it. */
static bool real_path(const char *bus, const char *name, char out[PATH_MAX])
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), BUSES "/%s/devices/%s", bus, name);
	return realpath(path, out);
}

static void physfn_read(struct pn_bus *b)
{
	char name[sizeof(b->pci) + sizeof("/physfn")];
	char path[PATH_MAX];

	snprintf(name, sizeof(name), "%s/physfn", b->pci);
	if (real_path("pci", name, path))
		pn_bus_pci(path, b->physfn);
}

static void total_vfs_read(struct pn_bus *b)
{
	char path[PATH_MAX];
	FILE *f;

	snprintf(path, sizeof(path), BUSES "/%s/devices/%s/sriov_totalvfs", b->bus, b->dev);
	f = fopen(path, "re");
	if (!f)
		return;
	if (fscanf(f, "%u", &b->total_vfs) != 1)
		b->total_vfs = 0;
	fclose(f);
}

void pn_bus_read(struct pn_bus *b)
{
	char path[PATH_MAX];

	if (!b->bus[0] || strchr(b->bus, '/') || strchr(b->dev, '/'))
		return;
	if (real_path(b->bus, b->dev, path))
		pn_bus_pci(path, b->pci);
	if (!b->pci[0])
		return;
	physfn_read(b);
	total_vfs_read(b);
}
