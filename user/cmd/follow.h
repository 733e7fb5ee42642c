/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Glue between plane and mirror: the ports that the pins know, attached, and
 * the maps in step with the kernel. `attach` does it once, `run` goes on.
 */
#ifndef PN_CMD_FOLLOW_H
#define PN_CMD_FOLLOW_H

#include <stdbool.h>

#include "mirror/mirror.h"
#include "plane/attach.h"

/* Beyond so many devices for queues, every device may be one. */
#define PN_FOLLOW_IFBS	64

struct pn_follow {
	struct pn_plane plane;		/* open, its directory locked, before start */
	struct pn_mirror *mirror;
	bool xdp;			/* some port is attached at XDP */
	struct pn_record *record;	/* of the last reconciling */
	int n_records;
	char ifb[PN_FOLLOW_IFBS][IFNAMSIZ]; /* where shapers queue */
	unsigned int n_ifbs;
	bool dirty;			/* a device of ours came or went */
};

/* Take the lock of who follows and open the mirror. -EBUSY: somebody follows. */
int pn_follow_start(struct pn_follow *f, struct pn_err *err);
void pn_follow_stop(struct pn_follow *f);

/*
 * Bring every port of the pins to where its record wants it: fill the maps,
 * attach or adopt what is present, wait for what is not. @adopt: also exchange
 * programs of another version. A port that fails says so in its record. The
 * directory must be locked.
 */
int pn_follow_ports(struct pn_follow *f, bool adopt, struct pn_err *err);

/* Ask again which devices take XDP frames. */
void pn_follow_retarget(struct pn_follow *f);

#endif
