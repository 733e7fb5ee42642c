/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Link messages made of rows: create, change one attribute, delete. Knows
 * neither sockets nor files; and finds out which row the kernel objects to.
 */
#ifndef PN_LINK_ENCODE_H
#define PN_LINK_ENCODE_H

#include "link/kind.h"

/* One end of what is to be created. */
struct pn_link_make {
	const char *name;
	uint32_t ifindex;		/* 0: the kernel's choice */
	const struct pn_kind *kind;
	const struct pn_value *common;	/* by row of pn_common_rows */
	const struct pn_value *data;	/* by row of kind->data */
	const struct pn_devs *devs;
	int netns_fd;			/* PN_KIND_PEER: where the peer goes; -1: here */
	const struct pn_link_make *peer;
};

/*
 * RTM_NEWLINK that creates the link down and without a master: what else the
 * file wants is changed afterwards, step by step.
 */
int pn_link_create(struct pn_msg *m, const struct pn_link_make *make);

/* True for common rows that the creating message carries. */
bool pn_link_creates_with(const struct pn_row *row);

/* RTM_NEWLINK that changes one attribute; @kind: of the link, or of its master. */
int pn_link_change(struct pn_msg *m, uint32_t ifindex, const struct pn_kind *kind,
		   const struct pn_rows *rows, const struct pn_row *row,
		   const struct pn_value *v, const struct pn_devs *devs);

/* All of a link's data: as @want has it, and where that is silent, as @view. */
struct pn_link_whole {
	const struct pn_kind *kind;
	const struct pn_link_view *view;
	const struct pn_value *want;	/* by row of kind->data; or NULL */
	const struct pn_devs *devs;
	bool hold;			/* switches stay off unless @view has them on too */
};

/*
 * Is one switch of a link to go on while another goes off? The kernel looks
 * at the one before it takes the other, so they need a message with @hold first.
 */
bool pn_link_whole_needs_hold(const struct pn_link_whole *w);

/* The change of a PN_KIND_WHOLE link. */
int pn_link_change_whole(struct pn_msg *m, uint32_t ifindex, const struct pn_link_whole *w);

int pn_link_delete(struct pn_msg *m, uint32_t ifindex);

/* The row whose attribute starts at @offset of the message, or NULL. */
const struct pn_row *pn_link_blame(const struct pn_msg *m, const struct pn_kind *kind,
				   uint32_t offset);

#endif
