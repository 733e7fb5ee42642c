/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Shapers in a plan: what differs from the maps, and what is wrong with what is wanted. */
#ifndef PN_CMD_SHAPER_STEPS_H
#define PN_CMD_SHAPER_STEPS_H

#include "cmd/shaping.h"
#include "topo/plan.h"

struct pn_shaper_step {
	const struct pn_shaper_conf *old, *new;	/* NULL: there is none */
	enum pn_shaper_word word;		/* of a change */
};

/* What works, but hardly as it was meant. */
struct pn_shaper_warning {
	const char *object;
	unsigned int line;
	char text[256];
	char hint[160];
};

struct pn_shaper_steps {
	struct pn_shaper_step *step;
	unsigned int n;
	struct pn_shaper_warning *warning;
	unsigned int n_warnings;
	struct pn_shaping shaping;	/* owns what the steps point to */
	bool asked;			/* the file has shapers */
};

/*
 * From what the maps of the directory have of the file to what @topo wants (NULL:
 * nothing any more). @topo must outlive it.
 */
int pn_shaper_steps_make(struct pn_shaper_steps *s, const char *bpffs,
			 const struct pn_topo *topo, const char *file, struct pn_err *err);
void pn_shaper_steps_free(struct pn_shaper_steps *s);
void pn_shaper_step_text(const struct pn_shaper_step *step, struct pn_step_text *text);

/* Adds to the warnings. 0 or -ENOMEM. */
int pn_shapers_warn(struct pn_shaper_steps *s, const char *bpffs, const struct pn_topo *topo);

#endif
