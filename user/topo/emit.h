/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A topology file on its way out: whoever prints one (YAML, JSON) hands in
 * these calls, and whoever knows a section makes them. Inside a map every
 * value has a key, inside a list none (NULL). Knows no format.
 */
#ifndef PN_TOPO_EMIT_H
#define PN_TOPO_EMIT_H

#include <stdbool.h>

struct pn_emit {
	void *out;
	void (*map)(void *out, const char *key);
	void (*list)(void *out, const char *key);
	void (*end)(void *out);		/* of the innermost map or list */
	/* @plain: a number or true or false, and no text that looks like one. */
	void (*value)(void *out, const char *key, const char *text, bool plain);
	/* For humans, where the format has room for it. */
	void (*remark)(void *out, const char *text);
};

static inline void pn_emit_map(const struct pn_emit *e, const char *key)
{
	e->map(e->out, key);
}

static inline void pn_emit_list(const struct pn_emit *e, const char *key)
{
	e->list(e->out, key);
}

static inline void pn_emit_end(const struct pn_emit *e)
{
	e->end(e->out);
}

static inline void pn_emit_text(const struct pn_emit *e, const char *key, const char *text)
{
	e->value(e->out, key, text, false);
}

static inline void pn_emit_plain(const struct pn_emit *e, const char *key, const char *text)
{
	e->value(e->out, key, text, true);
}

static inline void pn_emit_remark(const struct pn_emit *e, const char *text)
{
	e->remark(e->out, text);
}

#endif
