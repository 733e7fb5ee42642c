// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* penstock show config: what is there, as a file that applies to no change. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/doc.h"
#include "cmd/config.h"
#include "cmd/show.h"
#include "topo/running.h"
#include "topo/shaper_emit.h"

static void doc_map(void *out, const char *key)
{
	pn_doc_map(out, key);
}

static void doc_list(void *out, const char *key)
{
	pn_doc_list(out, key);
}

static void doc_end(void *out)
{
	pn_doc_end(out);
}

static void doc_value(void *out, const char *key, const char *text, bool plain)
{
	pn_doc_value(out, key, text, plain);
}

static void doc_remark(void *out, const char *text)
{
	pn_doc_remark(out, text);
}

static void ignore_emit(const struct pn_emit *e, uint32_t ignore)
{
	unsigned int i;

	if (!ignore)
		return;
	pn_emit_list(e, "ignore");
	for (i = 0; pn_gate_words[i]; i++) {
		if (ignore & 1u << i)
			pn_emit_text(e, NULL, pn_gate_words[i]);
	}
	pn_emit_end(e);
}

static void peers_emit(const struct pn_emit *e, const struct pn_port_peers *peers)
{
	char text[PN_PREFIX_TEXT];
	unsigned int i;

	if (peers->mode == PN_PEERS_LISTED) {
		pn_emit_list(e, "peers");
		for (i = 0; i < peers->n; i++)
			pn_emit_text(e, NULL, pn_prefix_text(&peers->prefix[i], text));
		pn_emit_end(e);
	} else if (peers->mode) {
		pn_emit_text(e, "peers", pn_peers_words[peers->mode]);
	}
	if (peers->strict)
		pn_emit_plain(e, "strict", "true");
}

static void port_emit(const struct pn_emit *e, const struct pn_port_conf *p)
{
	char text[16];

	pn_emit_map(e, NULL);
	pn_emit_text(e, "dev", p->dev);
	if (p->hook)
		pn_emit_text(e, "hook", pn_hook_words[p->hook]);
	if (p->mode)
		pn_emit_text(e, "mode", pn_mode_words[p->mode]);
	if (p->checksum)
		pn_emit_text(e, "checksum", pn_checksum_words[p->checksum]);
	ignore_emit(e, p->ignore);
	if (p->shared)
		pn_emit_plain(e, "shared", "true");
	peers_emit(e, &p->peers);
	snprintf(text, sizeof(text), "%u", p->nesting);
	if (p->nesting > 1)
		pn_emit_plain(e, "nesting", text);
	pn_emit_end(e);
}

static void ports_emit(const struct pn_emit *e, const struct pn_view *v)
{
	struct pn_port_conf conf;
	unsigned int i;

	if (!v->n_records)
		return;
	pn_emit_list(e, "ports");
	for (i = 0; i < v->n_records; i++) {
		pn_record_conf(&v->record[i], &conf);
		port_emit(e, &conf);
	}
	pn_emit_end(e);
}

/* --- shapers ------------------------------------------------------------------- */

/* All that files ask for, in the order in which a packet meets them. */
struct shapers {
	const struct pn_shaper_conf **conf;
	const char **derived;	/* devices that follow from them; ended by NULL */
	const char **placed;	/* ports whose clsact qdisc we made; ended by NULL */
	unsigned int n, n_derived;
};

static int shaper_compare(const void *a, const void *b)
{
	const struct pn_shaper_conf *x = *(const struct pn_shaper_conf *const *)a;
	const struct pn_shaper_conf *y = *(const struct pn_shaper_conf *const *)b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static void derived_add(struct shapers *s, const struct pn_shaper_conf *c)
{
	unsigned int i;

	for (i = 0; i < s->n_derived && strcmp(s->derived[i], c->ifb); i++)
		continue;
	if (c->action == PN_SHAPER_SHAPE && i == s->n_derived)
		s->derived[s->n_derived++] = c->ifb;
}

static int shapers_read(struct shapers *s, const struct pn_view *v)
{
	uint32_t i, n = v->pinned ? v->maps.abi.shapers : 0;

	*s = (struct shapers){ 0 };
	for (i = 1; i < n; i++)
		s->n += !!v->maps.shaper_conf[i].name[0];
	s->conf = calloc(s->n + 1, sizeof(*s->conf));
	s->derived = calloc(s->n + 1, sizeof(*s->derived));
	s->placed = calloc(v->n_records + 1, sizeof(*s->placed));
	if (!s->conf || !s->derived || !s->placed)
		return -ENOMEM;
	n = s->n;
	for (i = 1, s->n = 0; s->n < n && i < v->maps.abi.shapers; i++) {
		if (v->maps.shaper_conf[i].name[0])
			s->conf[s->n++] = &v->maps.shaper_conf[i];
	}
	qsort(s->conf, s->n, sizeof(*s->conf), shaper_compare);
	for (i = 0; i < s->n; i++)
		derived_add(s, s->conf[i]);
	for (i = 0, n = 0; i < v->n_records; i++)
		if (v->record[i].placed)
			s->placed[n++] = v->record[i].dev;
	return 0;
}

static void shapers_emit(const struct pn_emit *e, const struct shapers *s)
{
	unsigned int i;

	if (!s->n)
		return;
	pn_emit_list(e, "shapers");
	for (i = 0; i < s->n; i++)
		pn_shaper_emit(e, s->conf[i]);
	pn_emit_end(e);
}

static int config_emit(struct pn_doc *doc, const struct pn_view *v, bool all, struct pn_err *err)
{
	const struct pn_emit e = {
		.out = doc, .map = doc_map, .list = doc_list, .end = doc_end,
		.value = doc_value, .remark = doc_remark,
	};
	struct pn_running_opts opts = { .all = all };
	struct shapers shapers;
	int ret = shapers_read(&shapers, v);

	opts.derived = (struct pn_derived){ shapers.derived, shapers.placed };
	if (ret)
		pn_err_memory(err, "config");
	else
		ret = pn_topo_running(&e, &opts, err);
	if (!ret) {
		ports_emit(&e, v);
		shapers_emit(&e, &shapers);
	}
	pn_doc_end(doc);
	free(shapers.conf);
	free(shapers.derived);
	free(shapers.placed);
	return ret;
}

int pn_config_write(FILE *f, const struct pn_view *v, struct pn_err *err)
{
	struct pn_doc doc;

	pn_doc_start(&doc, f, false, false);
	return config_emit(&doc, v, true, err);
}

int pn_show_config(struct pn_run *ctx, const struct pn_view *v, const char *only)
{
	const struct pn_show_opts *opts = ctx->opts;
	struct pn_doc doc;

	pn_doc_start(&doc, pn_out_file(ctx->out), ctx->global.json, ctx->global.pretty);
	return config_emit(&doc, v, opts->all, &ctx->err);
}
