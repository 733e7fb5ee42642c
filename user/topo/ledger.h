/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What applying a file has made, so that deleting it removes that and nothing
 * else: one small text file per topology file, replaced by rename. An entry
 * holds what tells ours from a later namesake (ifindex, inode).
 */
#ifndef PN_TOPO_LEDGER_H
#define PN_TOPO_LEDGER_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "topo/model.h"
#include "util/err.h"

#define PN_LEDGER_DIR "/run/penstock/topology"

enum pn_made {
	PN_MADE_NETNS,
	PN_MADE_LINK,
	PN_MADE_ADDR,
	PN_MADE_OBJECT,
};

struct pn_ledger_entry {
	enum pn_made made;
	char netns[256];	/* "": the one that penstock runs in */
	char name[IFNAMSIZ];	/* of the link */
	char kind[32];		/* of the link */
	uint64_t id;		/* ifindex, or inode of the namespace */
	struct pn_topo_addr addr;
	char *key;		/* of the object, see object.h; owned */
};

struct pn_ledger {
	char path[512];		/* of the ledger itself */
	char file[512];		/* of the topology */
	uint64_t home;		/* inode of the namespace that penstock ran in */
	struct pn_ledger_entry *entry;
	unsigned int n, cap;
};

/* Where the record of @file lives below @dir. */
int pn_ledger_locate(struct pn_ledger *rec, const char *dir, const char *file,
		     struct pn_err *err);
/*
 * No record is an empty one. One made in another network namespace (-n) is an
 * error: its names mean other links here.
 */
int pn_ledger_load(struct pn_ledger *rec, struct pn_err *err);
/*
 * The journal of a run that was killed, if there is one, is read as well: an
 * entry without an id is what it was about to make.
 */
FILE *pn_ledger_journal(const struct pn_ledger *rec, struct pn_err *err);
void pn_ledger_journal_end(const struct pn_ledger *rec);
void pn_ledger_entry_write(FILE *f, const struct pn_ledger_entry *entry);
/* An empty record is removed. */
int pn_ledger_save(const struct pn_ledger *rec, struct pn_err *err);
void pn_ledger_fini(struct pn_ledger *rec);

/* The next record below @dir, in any order: rec->path is set. 0 at the end. */
int pn_ledger_each(const char *dir, int (*cb)(const char *path, void *data), void *data,
		   struct pn_err *err);

/* A new, zeroed entry; NULL: out of memory. */
struct pn_ledger_entry *pn_ledger_add(struct pn_ledger *rec);
const struct pn_ledger_entry *pn_ledger_link(const struct pn_ledger *rec,
					     const char *netns, const char *name);

/* Only one at a time works on a record directory: a descriptor, or -errno. */
int pn_ledger_lock(const char *dir, struct pn_err *err);

/* Inode of a named namespace, or with NULL of the own one; 0: there is none. */
uint64_t pn_ledger_netns_id(const char *netns);

#endif
