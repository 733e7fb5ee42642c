/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The shapers of a topology file on their way into the maps, and back when
 * something else fails. Ports come and go: the tables are compiled anew then.
 */
#ifndef PN_CMD_SHAPING_H
#define PN_CMD_SHAPING_H

#include "shape/shape.h"
#include "topo/shaper.h"

struct pn_plane;

struct pn_shaping {
	struct pn_shape_wants wants, before;
	bool done;
};

/* What @topo asks for (NULL: nothing any more) as the file of this number. 0 or -ENOMEM. */
int pn_shaping_open(struct pn_shaping *s, const struct pn_topo *topo, uint64_t file,
		    struct pn_err *err);
/* The directory is locked. What was there is remembered. */
int pn_shaping_do(struct pn_shaping *s, struct pn_plane *plane, struct pn_err *err);
void pn_shaping_undo(struct pn_shaping *s, struct pn_plane *plane);
/* Done, it becomes the wish for what was before. */
void pn_shaping_turn(struct pn_shaping *s);
void pn_shaping_close(struct pn_shaping *s);

/* Does the file have shapers in the maps of this directory? */
bool pn_shaping_is_there(const char *bpffs, uint64_t file);

/*
 * The filters of ports whose shapers queue, once tables and programs are as they
 * should be. @anew: also those that are right.
 */
int pn_shaping_redirect(const struct pn_plane *plane, bool anew, struct pn_err *err);
/* pn_port_detach(), and the port's filters before. */
int pn_shaping_detach(struct pn_pins *pins, uint32_t ifindex, struct pn_err *err);

/*
 * Is every `dev` of the file's shapers a port: listed there, attached, or one of
 * the @n named? An error has its place.
 */
int pn_shaping_ports_check(const char *bpffs, const struct pn_topo *topo, char *const *dev,
			   int n, struct pn_err *err);

/*
 * A file is no more (0: none is): its shapers go, and ports whose programs knew
 * of them are attached anew. The directory is locked.
 */
int pn_shaping_remove(struct pn_pins *pins, uint64_t file, struct pn_err *err);

#endif
