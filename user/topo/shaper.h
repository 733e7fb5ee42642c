/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The `shapers` section of a topology file: its words as rows, each read and
 * written by the same row, and what the file says of each shaper.
 */
#ifndef PN_TOPO_SHAPER_H
#define PN_TOPO_SHAPER_H

#include <uthash.h>

#include "link/row.h"
#include "topo/file.h"
#include "util/shaper_conf.h"

#define PN_SHAPER_TEXT	512	/* of one word's value */

enum {
	PN_SR_MATCH = 1 << 0,	/* below `match` */
	PN_SR_LIST = 1 << 1,	/* one text or a list of them */
	PN_SR_BOOL = 1 << 2,
	PN_SR_SIGNED = 1 << 3,	/* min and max are */
};

enum pn_shaper_typed {
	PN_ST_NONE,
	PN_ST_NUMBER,
	PN_ST_NAMED,	/* a number, or a name for one */
	PN_ST_WORD,	/* one of `words` */
	PN_ST_NAME,
	PN_ST_RATE,
	PN_ST_SIZE,
	PN_ST_COUNT,	/* read as a size */
	PN_ST_PREFIX,
	PN_ST_OVERHEAD,
	PN_ST_KEY,	/* a number, or a dotted quad */
	PN_ST_IFNAME,
	PN_ST_DEVS,
	PN_ST_CPUS,
};

struct pn_shaper_row {
	const char *key;
	enum pn_shaper_typed type;
	unsigned int flags;		/* PN_SR_* */
	size_t at, size;		/* of the field in struct pn_shaper_conf */
	uint64_t min, max;
	const char *const *words;
	const struct pn_named *named;
	const char *accepts;		/* "must be ..." */
	const char *def;		/* what holds where nothing is said; NULL: nothing */
	const char *help;
};

struct pn_shaper_type {
	/* One text of it. 0, -EINVAL, -ERANGE; -EEXIST: given twice, -E2BIG: one too many. */
	int (*read)(const struct pn_shaper_row *row, const char *text,
		    struct pn_shaper_conf *c);
	/* Item @i of a list, else the value; false: no such item. */
	bool (*write)(const struct pn_shaper_row *row, const struct pn_shaper_conf *c,
		      unsigned int i, char *buf, size_t len);
};

extern const struct pn_shaper_type pn_shaper_types[];
/* By enum pn_shaper_word. PN_SW_MATCH has no type: it is the map of the others. */
extern const struct pn_shaper_row pn_shaper_rows[PN_SHAPER_WORDS];

/* The whole value; "" where the word was not said. Returns @buf. */
char *pn_shaper_text(const struct pn_shaper_conf *c, enum pn_shaper_word word, char *buf,
		     size_t len);
/* The match in one line: "dev=eth1 vni=100"; "all" for one without words. */
char *pn_shaper_match_text(const struct pn_shaper_conf *c, char *buf, size_t len);

struct pn_shaper_place {
	unsigned int line, column;
};

struct pn_topo_shaper {
	struct pn_shaper_conf conf;
	struct pn_topo_shaper *parent;	/* NULL: none */
	unsigned int n_children;
	unsigned int depth;		/* ancestors */
	uint64_t guaranteed;		/* rates of its children together */
	struct pn_shaper_place place[PN_SHAPER_WORDS];	/* of the values; line 0: not said */
	struct pn_shaper_place dev[PN_SHAPER_DEVS];
	unsigned int line, column;
	UT_hash_handle hh;		/* by name */
};

struct pn_reader;

/* An error about a word; its place is that of the shaper where the word was not said. */
int pn_shaper_fail(struct pn_reader *r, const struct pn_topo_shaper *s,
		   enum pn_shaper_word word, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* In the order of the file. */
const struct pn_topo_shaper *pn_topo_shapers(const struct pn_topo *topo, unsigned int *n);
const struct pn_topo_shaper *pn_topo_shaper_find(const struct pn_topo *topo, const char *name);

#endif
