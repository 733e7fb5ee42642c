/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The pin directory: what outlives the daemon. Names and ownership only; what
 * the maps hold is maps.h's business, what a port is record.h's.
 *
 *	DIR/abi				who made these pins, for which namespace
 *	DIR/maps/NAME			the shared maps
 *	DIR/ports/IFINDEX/		info, stats, prog, link: one attached port
 *
 * The directory belongs to one user, nobody else may write, and everything is
 * reached through its descriptor, so that a name that changes under us cannot
 * lead elsewhere. Two locks: the directory's is held for each change, the one
 * of maps/ by whoever keeps the maps in step with the kernel.
 */
#ifndef PN_PLANE_PINS_H
#define PN_PLANE_PINS_H

#include <penstock/abi.h>
#include <stdbool.h>
#include <stdint.h>

#include "util/err.h"

#define PN_PINS_DEFAULT "/sys/fs/bpf/penstock"
#define PN_PINS_PATH	96	/* of one pin, as pn_pins_path() writes it */

/* Room asked for; 0: the default, or what the pins have already. */
struct pn_sizes {
	uint32_t fdb;		/* FDB entries */
	uint32_t endpoints;
	uint32_t demux;
	uint32_t tunnels;
	uint32_t shapers;
};

struct pn_pins {
	char dir[256];
	int fd;			/* the directory; -1: closed */
	int maps_fd;		/* DIR/maps; its lock is the follower's */
	bool writing;
	struct pn_abi abi;
};

/*
 * Open what is there to read it; -ENOENT when nothing is. @err has a sentence
 * in every case.
 */
int pn_pins_open(struct pn_pins *p, const char *dir, struct pn_err *err);
/* Open or create for writing, the directory locked. */
int pn_pins_create(struct pn_pins *p, const char *dir, const struct pn_sizes *sizes,
		   struct pn_err *err);
/* Open what is there to change it, the directory locked. */
int pn_pins_open_to_change(struct pn_pins *p, const char *dir, struct pn_err *err);
/*
 * The same, whatever version made the pins, so that they can be removed;
 * never those of another network namespace. -ENOENT when nothing is there.
 */
int pn_pins_open_any(struct pn_pins *p, const char *dir, struct pn_err *err);
void pn_pins_close(struct pn_pins *p);

int pn_pins_lock(struct pn_pins *p, struct pn_err *err);
void pn_pins_unlock(struct pn_pins *p);

/* Become the one who keeps the maps up to date; -EBUSY when somebody is. */
int pn_pins_follow(struct pn_pins *p);
bool pn_pins_followed(const struct pn_pins *p);

/* One pin, by name relative to the directory. All return 0, a descriptor, or -errno. */
void pn_pins_path(const struct pn_pins *p, const char *name, char path[PN_PINS_PATH]);
int pn_pins_get(const struct pn_pins *p, const char *name);
int pn_pins_put(const struct pn_pins *p, const char *name, int fd);
int pn_pins_replace(const struct pn_pins *p, const char *name, int fd);
int pn_pins_remove(const struct pn_pins *p, const char *name);
int pn_pins_mkdir(const struct pn_pins *p, const char *name);
int pn_pins_rmdir(const struct pn_pins *p, const char *name);
int pn_pins_rename(const struct pn_pins *p, const char *from, const char *to);

/* The names below a directory that are numbers, in no order; the count or -errno. */
int pn_pins_numbers(const struct pn_pins *p, const char *name, uint32_t *out, int max);

/* Remove what is left when no port is attached; -ENOTEMPTY if one is. */
int pn_pins_destroy(struct pn_pins *p, const char *const *map_names);

#endif
