/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Words that iproute2 (or teamnl) has and a topology file has not, and why:
 * for the sentence that refuses them, and for docs/kinds.md.
 */
#ifndef PN_LINK_LEFT_H
#define PN_LINK_LEFT_H

struct pn_left {
	const char *place;	/* a kind, its NAME_slave, or a section; "": every link */
	const char *word;
	const char *why;	/* behind "WORD " */
};

/* Ended by an entry without a word. */
extern const struct pn_left pn_left[];

/* NULL: it is none of them. */
const char *pn_left_why(const char *place, const char *word);

#endif
