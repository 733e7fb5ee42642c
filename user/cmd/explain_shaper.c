// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Shapers of explained packets; see explain_shaper.h. */
#include <net/if.h>
#include <stdio.h>

#include "cmd/explain_shaper.h"
#include "cmd/show.h"
#include "topo/shaper.h"
#include "util/names.h"

static const char *const outcomes[PN_SHAPER_OUTCOMES] = {
	[PN_SHAPER_PASSED] = "conforms",
	[PN_SHAPER_BORROWED] = "borrows",
	[PN_SHAPER_MARKED] = "marked",
	[PN_SHAPER_EXCEEDED] = "exceeds",
	[PN_SHAPER_DROPPED] = "dropped",
	[PN_SHAPER_QUEUED] = "queued",
};

/* A packet's shaper and its ancestors, from the shaper upwards. */
struct path {
	const struct pn_shaper_conf *conf[PN_SHAPER_DEPTH];
	unsigned int n;
};

static void path_read(struct path *path, const struct pn_view *v, uint32_t index)
{
	path->n = 0;
	while (index && index < v->maps.abi.shapers && path->n < PN_SHAPER_DEPTH) {
		path->conf[path->n++] = &v->maps.shaper_conf[index];
		index = v->maps.shapers[index].parent;
	}
}

/* The IFB device of what is queued, and where it waits there. */
static const char *queue_text(const struct pn_view *v, uint32_t index, char *text, size_t size)
{
	const struct pn_shaper_conf *c = &v->maps.shaper_conf[index];
	const struct pn_shaper *s = &v->maps.shapers[index];

	if (!s->ifb)
		snprintf(text, size, "%s, which is not there: it passes unshaped", c->ifb);
	else if (s->minor)
		snprintf(text, size, "%s, class %x:%x", c->ifb, s->minor >> 16,
			 s->minor & 0xffff);
	else
		snprintf(text, size, "%s, qdisc %s", c->ifb, pn_shaper_qdisc_words[c->qdisc]);
	return text;
}

static void queue_show(struct pn_out *o, const struct pn_view *v, const struct pn_twin_result *r)
{
	const struct pn_shaper *s = &v->maps.shapers[r->shaper];

	if (r->outcome != PN_SHAPER_QUEUED) {
		pn_out_null(o, "ifb");
		pn_out_null(o, "class");
		return;
	}
	pn_out_str(o, "ifb", v->maps.shaper_conf[r->shaper].ifb);
	if (s->minor)
		pn_out_fmt(o, "class", "%x:%x", s->minor >> 16, s->minor & 0xffff);
	else
		pn_out_null(o, "class");
}

/* What happens to it, after "shaper NAME: ". */
static const char *fate_text(const struct pn_view *v, const struct pn_twin_result *r,
			     const char *lender, char *text, size_t size)
{
	const struct pn_shaper_conf *c = &v->maps.shaper_conf[r->shaper];
	char word[PN_SHAPER_TEXT];

	switch (r->outcome) {
	case PN_SHAPER_PASSED:
		return "is within its rate";
	case PN_SHAPER_BORROWED:
		snprintf(text, size, "is over its rate, and borrows from %s", lender);
		return text;
	case PN_SHAPER_MARKED:
		snprintf(text, size, "passes with CE set%s%s", lender ? ", on the rate of " : "",
			 lender ? lender : "");
		return text;
	case PN_SHAPER_EXCEEDED:
		if (!(c->said & PN_SW(REMARK)))
			return "exceeds, which is only counted";
		snprintf(text, size, "exceeds, and passes with DSCP %s",
			 pn_shaper_text(c, PN_SW_REMARK, word, sizeof(word)));
		return text;
	case PN_SHAPER_QUEUED:
		snprintf(text, size, "is left to IFB device %s",
			 queue_text(v, r->shaper, word, sizeof(word)));
		return text;
	default:
		return "exceeds, and is dropped";
	}
}

static void path_show(struct pn_out *o, const struct path *path)
{
	unsigned int i;

	pn_out_array(o, "parents");
	for (i = 1; i < path->n; i++)
		pn_out_str(o, NULL, path->conf[i]->name);
	pn_out_end(o);
}

static void note_show(struct pn_out *o, const struct path *path, uint32_t bytes, const char *fate)
{
	char names[PN_SHAPER_DEPTH * (PN_SHAPER_NAME + 8)];
	unsigned int i;
	size_t at = 0;

	names[0] = '\0';
	for (i = 1; i < path->n; i++)
		at += snprintf(names + at, sizeof(names) - at, "%s%s", i > 1 ? ", " : " (below ",
			       path->conf[i]->name);
	pn_out_note(o, "shaper %s%s%s: %u bytes, now it %s", path->conf[0]->name, names,
		    path->n > 1 ? ")" : "", bytes, fate);
}

void pn_explain_shaper(struct pn_out *o, const struct pn_view *v,
		       const struct pn_twin_result *r)
{
	const char *lender = NULL;
	char text[PN_SHAPER_TEXT + 64];
	struct path path;

	path_read(&path, v, r->shaper);
	if (!path.n || r->outcome >= PN_SHAPER_OUTCOMES) {
		pn_out_null(o, "shaper");
		return;
	}
	if (r->lender && r->lender < path.n)
		lender = path.conf[r->lender]->name;
	pn_out_object(o, "shaper");
	pn_out_str(o, "name", path.conf[0]->name);
	path_show(o, &path);
	pn_out_str(o, "action", pn_shaper_action_words[path.conf[0]->action]);
	pn_out_str(o, "outcome", outcomes[r->outcome]);
	if (lender)
		pn_out_str(o, "lender", lender);
	else
		pn_out_null(o, "lender");
	pn_out_u64(o, "bytes", r->bytes);
	queue_show(o, v, r);
	pn_out_end(o);
	note_show(o, &path, r->bytes,
		  fate_text(v, r, lender ? lender : "its parents", text, sizeof(text)));
}
