// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What differs between a file's shapers and those in the maps; see shaper_steps.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "cmd/request.h"
#include "cmd/shaper_steps.h"

/* A shaper that is there, while it is compared. */
struct there {
	const struct pn_shaper_conf *conf;
	bool wanted;
	UT_hash_handle hh;
};

/* Without pins nothing is there; whoever may not read them is told by those who must. */
static int before_read(struct pn_shaper_steps *s, const char *bpffs, struct pn_err *err)
{
	struct pn_err ignored = { 0 };
	struct pn_maps maps;
	struct pn_pins pins;
	int ret = 0;

	if (pn_pins_open(&pins, bpffs, &ignored))
		return 0;
	if (!pn_maps_open(&maps, &pins, &ignored)) {
		ret = pn_shape_wanted(&maps, s->shaping.wants.file, &s->shaping.before);
		ret = ret ? pn_err_memory(err, "shapers") :
			    pn_shape_check(&maps, &s->shaping.wants, err);
		if (!ret && pn_shape_leave(&maps, &s->shaping.wants))
			ret = pn_err_memory(err, "shapers");
		pn_maps_close(&maps);
	}
	pn_pins_close(&pins);
	return ret;
}

static int step_add(struct pn_shaper_steps *s, const struct pn_shaper_conf *old,
		    const struct pn_shaper_conf *new, enum pn_shaper_word word)
{
	struct pn_shaper_step *more;

	if (!(s->n & (s->n - 1))) {
		more = realloc(s->step, (s->n ? 2 * s->n : 1) * sizeof(*more));
		if (!more)
			return -ENOMEM;
		s->step = more;
	}
	s->step[s->n++] = (struct pn_shaper_step){ old, new, word };
	return 0;
}

static void word_text(const struct pn_shaper_conf *c, enum pn_shaper_word word, char *buf,
		      size_t len)
{
	if (word == PN_SW_MATCH)
		pn_shaper_match_text(c, buf, len);
	else
		pn_shaper_text(c, word, buf, len);
}

static int changes_find(struct pn_shaper_steps *s, const struct pn_shaper_conf *old,
			const struct pn_shaper_conf *new)
{
	char was[PN_SHAPER_TEXT], is[PN_SHAPER_TEXT];
	int word, ret = 0;

	for (word = 0; word <= PN_SW_MATCH && !ret; word++) {
		word_text(old, word, was, sizeof(was));
		word_text(new, word, is, sizeof(is));
		if (strcmp(was, is))
			ret = step_add(s, old, new, word);
	}
	return ret;
}

static int steps_find(struct pn_shaper_steps *s)
{
	const struct pn_shape_wants *before = &s->shaping.before, *wants = &s->shaping.wants;
	struct there *all = calloc(before->n + 1, sizeof(*all)), *by_name = NULL, *t;
	unsigned int i;
	int ret = all ? 0 : -ENOMEM;

	for (i = 0; i < before->n && !ret; i++) {
		all[i].conf = &before->conf[i];
		HASH_ADD_KEYPTR(hh, by_name, all[i].conf->name, strlen(all[i].conf->name),
				&all[i]);
	}
	for (i = 0; i < wants->n && !ret; i++) {
		HASH_FIND_STR(by_name, wants->conf[i].name, t);
		if (t)
			t->wanted = true;
		ret = t ? changes_find(s, t->conf, &wants->conf[i]) :
			  step_add(s, NULL, &wants->conf[i], PN_SW_NAME);
	}
	for (i = 0; i < before->n && !ret; i++)
		if (!all[i].wanted)
			ret = step_add(s, all[i].conf, NULL, PN_SW_NAME);
	HASH_CLEAR(hh, by_name);
	free(all);
	return ret;
}

static void place_add(const struct pn_topo *topo, struct pn_err *err)
{
	const struct pn_topo_shaper *s = pn_topo_shaper_find(topo, err->object);

	if (s)
		pn_err_place(err, pn_topo_file(topo), s->line, s->column);
}

int pn_shaper_steps_make(struct pn_shaper_steps *s, const char *bpffs,
			 const struct pn_topo *topo, const char *file, struct pn_err *err)
{
	int ret;

	*s = (struct pn_shaper_steps){ 0 };
	if (topo) {
		ret = pn_shaping_ports_check(bpffs, topo, NULL, 0, err);
		if (ret)
			return ret;
	}
	ret = pn_shaping_open(&s->shaping, topo, pn_request_file(file), err);
	s->asked = s->shaping.wants.n;
	if (!ret)
		ret = before_read(s, bpffs, err);
	if (ret && topo)
		place_add(topo, err);
	if (!ret && (steps_find(s) || (topo && pn_shapers_warn(s, bpffs, topo))))
		ret = pn_err_memory(err, "shapers");
	if (ret)
		pn_shaper_steps_free(s);
	return ret;
}

void pn_shaper_steps_free(struct pn_shaper_steps *s)
{
	free(s->step);
	free(s->warning);
	pn_shaping_close(&s->shaping);
	*s = (struct pn_shaper_steps){ 0 };
}

/* A shaper in short: its rate and what it takes. */
static void conf_text(const struct pn_shaper_conf *c, char *buf, size_t len)
{
	char match[PN_SHAPER_TEXT], rate[64];

	pn_shaper_match_text(c, match, sizeof(match));
	pn_shaper_text(c, PN_SW_RATE, rate, sizeof(rate));
	snprintf(buf, len, "rate %s%s%.200s", rate, match[0] ? " match " : "", match);
}

void pn_shaper_step_text(const struct pn_shaper_step *step, struct pn_step_text *t)
{
	char text[PN_SHAPER_TEXT];

	*t = (struct pn_step_text){ .what = "shaper", .attribute = "" };
	t->object = step->new ? step->new->name : step->old->name;
	if (!step->old || !step->new) {
		t->op = step->new ? "create" : "remove";
		t->reason = step->new ? "not there" : "not wanted any more";
		if (step->new)
			conf_text(step->new, t->new_value, sizeof(t->new_value));
		else
			conf_text(step->old, t->old_value, sizeof(t->old_value));
		return;
	}
	t->op = "change";
	t->attribute = pn_shaper_rows[step->word].key;
	t->reason = "differs from the file";
	word_text(step->old, step->word, text, sizeof(text));
	snprintf(t->old_value, sizeof(t->old_value), "%.299s", text[0] ? text : "none");
	word_text(step->new, step->word, text, sizeof(text));
	snprintf(t->new_value, sizeof(t->new_value), "%.299s", text[0] ? text : "none");
}
