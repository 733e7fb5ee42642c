// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What was found, and what is told of it: reports of the detectors, words of
 * the devices, the sentences behind them. See gate.h for the contract.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mirror/gate_detect.h"
#include "util/port_conf.h"

#define MERGE_FAR	256	/* findings back */
#define PEERS_TOLD	256	/* refused by rp_filter */

/* --- reports ------------------------------------------------------------ */

static int list_add(struct gate_list *l, const struct pn_gate_finding *f)
{
	size_t cap = l->cap ? 2 * l->cap : 8;
	void *v;

	if (l->n == l->cap) {
		v = realloc(l->v, cap * sizeof(*l->v));
		if (!v)
			return -ENOMEM;
		l->v = v;
		l->cap = cap;
	}
	l->v[l->n++] = *f;
	return 0;
}

/*
 * The same said of another place is one finding: an inet chain stands at two.
 * What is far behind is something else, and hosts have many devices.
 */
static bool list_merge(struct gate_list *l, const struct pn_gate_finding *f)
{
	struct pn_gate_finding *have = l->v + (l->n > MERGE_FAR ? l->n - MERGE_FAR : 0);

	for (; have < l->v + l->n; have++) {
		if (have->ifindex != f->ifindex || have->gate != f->gate ||
		    have->engines != f->engines || have->proto != f->proto ||
		    have->v6 != f->v6 || strcmp(have->text, f->text))
			continue;
		have->places |= f->places;
		return true;
	}
	return false;
}

static void found_add(struct gate_run *run, const struct pn_gate_finding *f,
		      const char *fmt, va_list ap)
{
	struct pn_gate_finding one;

	/* Lists are compared as bytes: no stray ones behind the text. */
	memset(&one, 0, sizeof(one));
	one.ifindex = f->ifindex;
	one.gate = f->gate ? f->gate : run->gate;
	one.places = f->places;
	one.engines = f->engines ? f->engines : PN_GATE_BOTH;
	one.proto = f->proto;
	one.v6 = f->v6;
	vsnprintf(one.text, sizeof(one.text), fmt, ap);
	if (!list_merge(&run->found, &one) && list_add(&run->found, &one))
		run->oom = true;
}

void pn_gate_found(struct gate_run *run, uint32_t ifindex, unsigned int places,
		   const char *fmt, ...)
{
	struct pn_gate_finding f = { .ifindex = ifindex, .places = places };
	va_list ap;

	va_start(ap, fmt);
	found_add(run, &f, fmt, ap);
	va_end(ap);
}

void pn_gate_found_as(struct gate_run *run, const struct pn_gate_finding *f,
		      const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	found_add(run, f, fmt, ap);
	va_end(ap);
}

int pn_gate_peer_refused(struct pn_gates *g, uint32_t ifindex, const char *peer)
{
	struct pn_gate_finding f;

	if (g->peers.n >= PEERS_TOLD)
		return 0;
	memset(&f, 0, sizeof(f));
	f.ifindex = ifindex;
	f.gate = PN_GATE_RP_FILTER;
	f.engines = PN_GATE_BOTH;
	snprintf(f.text, sizeof(f.text), "peer %s: its route does not go back by %s",
		 peer, pn_gate_dev_name(g, ifindex));
	return list_merge(&g->peers, &f) ? 0 : list_add(&g->peers, &f);
}

void pn_gate_rp_forget(struct pn_gates *g)
{
	g->peers.n = 0;
}

/* --- engines, own programs ---------------------------------------------- */

unsigned int pn_gate_engine(const struct pn_gates *g, uint32_t ifindex)
{
	size_t i;

	for (i = 0; i < g->n_engines; i++)
		if (g->engines[i].ifindex == ifindex)
			return g->engines[i].engine;
	return 0;
}

int pn_gates_set_engine(struct pn_gates *g, uint32_t ifindex, unsigned int engine)
{
	struct gate_engine *e;
	size_t i;

	for (i = 0; i < g->n_engines; i++)
		if (g->engines[i].ifindex == ifindex)
			break;
	if (i < g->n_engines ? g->engines[i].engine == engine : !engine)
		return 0;
	g->dirty |= GATE_SRC_ENGINE;
	if (i < g->n_engines && engine) {
		g->engines[i].engine = engine;
		return 0;
	}
	if (!engine) {
		g->engines[i] = g->engines[--g->n_engines];
		return 0;
	}
	e = realloc(g->engines, (g->n_engines + 1) * sizeof(*e));
	if (!e)
		return -ENOMEM;
	g->engines = e;
	e[g->n_engines++] = (struct gate_engine){ .ifindex = ifindex, .engine = engine };
	return 0;
}

int pn_gates_set_ours(struct pn_gates *g, const uint32_t *prog_ids, size_t n)
{
	uint32_t *ids = NULL;

	if (n == g->n_ours && (!n || !memcmp(ids = g->ours, prog_ids, n * sizeof(*ids))))
		return 0;
	ids = calloc(n ? n : 1, sizeof(*ids));
	if (!ids)
		return -ENOMEM;
	if (n)
		memcpy(ids, prog_ids, n * sizeof(*ids));
	free(g->ours);
	g->ours = ids;
	g->n_ours = n;
	g->dirty |= GATE_SRC_TC;
	return 0;
}

bool pn_gate_is_ours(const struct pn_gates *g, uint32_t prog_id)
{
	size_t i;

	for (i = 0; i < g->n_ours; i++)
		if (g->ours[i] == prog_id)
			return true;
	return false;
}

/* --- words -------------------------------------------------------------- */

/* Engines that send to any device: of all that are attached. */
static unsigned int engines_sending(const struct pn_gates *g)
{
	unsigned int engines = 0;
	size_t i;

	for (i = 0; i < g->n_engines; i++)
		engines |= g->engines[i].engine;
	return engines ? engines : PN_GATE_BOTH;
}

/* Engines that jump over what stands at @place of @ifindex. */
static unsigned int engines_at(const struct pn_gates *g, uint32_t ifindex,
			       unsigned int place)
{
	unsigned int own;

	if (place == PN_PLACE_EGRESS)
		return engines_sending(g);
	own = pn_gate_engine(g, ifindex);
	return own ? own : PN_GATE_BOTH;
}

static int finding_order(const void *a, const void *b)
{
	const struct pn_gate_finding *x = a, *y = b;

	if (x->ifindex != y->ifindex)
		return x->ifindex < y->ifindex ? -1 : 1;
	return strcmp(x->text, y->text);
}

void pn_gate_list_sort(struct gate_list *l)
{
	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), finding_order);
}

/* First finding of a sorted list that is about @ifindex, or behind it. */
static size_t list_place(const struct gate_list *l, uint32_t ifindex)
{
	size_t low = 0, high = l->n, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (l->v[mid].ifindex < ifindex)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* What is said of tunnels of one protocol is said of no other device. */
static bool finding_concerns(const struct pn_gates *g, const struct pn_gate_finding *f,
			     uint32_t ifindex)
{
	const struct gate_dev *d = f->proto ? pn_gate_dev(g, ifindex) : NULL;

	return !f->proto || (d && pn_gate_dev_takes(d, f->proto, f->v6));
}

/* Of the findings that are about @about. */
static uint32_t list_word(const struct pn_gates *g, const struct gate_list *l,
			  uint32_t about, uint32_t ifindex, unsigned int place)
{
	unsigned int engines = engines_at(g, ifindex, place);
	const struct pn_gate_finding *f = l->v + list_place(l, about);
	uint32_t word = 0;

	for (; f < l->v + l->n && f->ifindex == about; f++)
		if (f->places & PN_GATE_AT(place) && f->engines & engines &&
		    finding_concerns(g, f, ifindex))
			word |= f->gate;
	return word;
}

uint32_t pn_gate_word(const struct pn_gates *g, uint32_t ifindex, unsigned int place)
{
	uint32_t word = 0;
	size_t i;

	for (i = 0; i < GATE_DETECTORS_MAX; i++) {
		if (!g->found[i].n)
			continue;
		word |= list_word(g, &g->found[i], 0, ifindex, place);
		if (ifindex)
			word |= list_word(g, &g->found[i], ifindex, ifindex, place);
	}
	return word;
}

/* The places where @f does close a word; @f->places 0 stays a finding. */
static bool finding_holds(const struct pn_gates *g, const struct pn_gate_finding *f,
			  uint32_t ifindex)
{
	unsigned int place;

	if (!f->places)
		return true;
	for (place = 0; place < PN_GATE_PLACES; place++)
		if (f->places & PN_GATE_AT(place) &&
		    f->engines & engines_at(g, ifindex, place))
			return true;
	return false;
}

static int list_tell(const struct pn_gates *g, const struct gate_list *l,
		     uint32_t ifindex, pn_gate_cb cb, void *data)
{
	const struct pn_gate_finding *f;
	int rc;

	for (f = l->v; f < l->v + l->n; f++) {
		if (ifindex && ((f->ifindex && f->ifindex != ifindex) ||
				!finding_concerns(g, f, ifindex)))
			continue;
		if (!finding_holds(g, f, ifindex ? ifindex : f->ifindex))
			continue;
		rc = cb(f, data);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int pn_gate_findings(const struct pn_gates *g, uint32_t ifindex, pn_gate_cb cb,
		     void *data)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < GATE_DETECTORS_MAX && !rc; i++)
		rc = list_tell(g, &g->found[i], ifindex, cb, data);
	return rc ? rc : list_tell(g, &g->peers, ifindex, cb, data);
}

const char *pn_gate_names(uint32_t word, char *buf, size_t size)
{
	size_t len = 0;
	int bit;

	buf[0] = 0;
	for (bit = 0; pn_gate_words[bit]; bit++)
		if (word & 1u << bit && len < size)
			len += snprintf(buf + len, size - len, "%s%s",
					len ? ", " : "", pn_gate_words[bit]);
	return buf;
}
