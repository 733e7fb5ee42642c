/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A mirror over maps of plain memory, and the kernel as its judge: what the
 * maps should hold is worked out here a second time, from the kernel's own
 * dump and by code that shares nothing with the mirror.
 */
#ifndef PN_TEST_MIRRORED_H
#define PN_TEST_MIRRORED_H

#include <stdbool.h>
#include <stdint.h>

#include "mirror/mirror.h"
#include "netns.h"

struct mirrored {
	struct pn_mirror_maps maps;
	struct pn_mirror *m;
	const struct netns *ns;
	uint32_t *devmap;	/* as the mirror filled it */
	unsigned int premature;	/* devices whose port was a target before it was in the devmap */
};

/*
 * A host to look at, both namespaces new: underlay d (10.0.0.1, fd00::1; p in
 * the peer), bridge br0, vxlan vx (id 5, learning) and vx6 (id 6, over IPv6).
 * False: told.
 */
bool mirrored_host(struct netns *host, struct netns *peer);

/* Maps with room for @fdb_max entries. 0 or -errno. */
int mirrored_alloc(struct mirrored *t, const struct netns *ns, uint32_t fdb_max);
/* Open a mirror of @ns on the maps as they are. @rcvbuf 0: its default. */
int mirrored_open(struct mirrored *t, int rcvbuf);
void mirrored_close(struct mirrored *t);
void mirrored_free(struct mirrored *t);

/* Attach one device at XDP, nothing ignored. */
int mirrored_attach(struct mirrored *t, const char *dev);

/* Let it work until @done says so; false after @ms. */
bool mirrored_await(struct mirrored *t, bool (*done)(struct mirrored *t, void *arg),
		    void *arg, int ms);

/* Entries of the kernel's FDBs that the map lacks, has otherwise, or has beyond them. */
int mirrored_diff(struct mirrored *t, bool say);
/* Until there is no difference, at most @ms. */
bool mirrored_same(struct mirrored *t, int ms);

/* What the map says of a MAC ("02:..."), or NULL; any bridge. */
const struct pn_slot *mirrored_slot(const struct mirrored *t, const char *mac);
/* The port entry of a device, or NULL. */
const struct pn_port *mirrored_port(const struct mirrored *t, const char *dev);
/* The endpoint of @dev, or NULL. */
const struct pn_endpoint *mirrored_endpoint(const struct mirrored *t, const char *dev,
					    const char *src, const char *dst);

/*
 * Add (or delete) static entries with MACs 02:00:00:00:00:00 + @first ... to
 * the bridge port @dev, many a message; @dst: to the vxlan device @dev itself,
 * towards that remote. 0 or -errno.
 */
struct storm {
	const char *dev;
	const char *dst;
	uint32_t first, count;
	bool del;
	bool dynamic;
};
int mirrored_storm(const struct netns *ns, const struct storm *s);

#endif
